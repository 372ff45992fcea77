import { assurances, categories, deliveries, ecmOutcomes, providerKinds, supportPhases } from '../../directory/index.js';
import { priceBands, rings } from '../../search/index.js';
import { kmOf } from '../format.js';
import { all, beginning, first } from '../forms.js';

/** A group of the search by which the page narrows, under its parameter in the address. */
export interface Group {
  param: string;
  /** Its name in the search's input and facets. */
  group: string;
  title: string;
  /** Labels by value; null where the values are data (local authorities). */
  labels: Record<string, string> | null;
}

export const groups: Group[] = [
  { param: 'category', group: 'categories', title: 'What it is about', labels: categories },
  { param: 'phase', group: 'phases', title: 'Phase', labels: supportPhases },
  { param: 'la', group: 'laCodes', title: 'Where you are', labels: null },
  { param: 'delivery', group: 'deliveries', title: 'How it is delivered', labels: deliveries },
  { param: 'price', group: 'priceBands', title: 'Price, as stated', labels: priceBands },
  { param: 'room', group: 'hasCapacity', title: 'Room', labels: { true: 'Has room now' } },
  { param: 'outcome', group: 'ecmOutcomes', title: 'Every Child Matters outcome', labels: ecmOutcomes },
  { param: 'kind', group: 'kinds', title: 'Kind of provider', labels: providerKinds },
  { param: 'assurance', group: 'assurances', title: 'Assured by', labels: assurances },
  { param: 'ring', group: 'rings', title: 'How near to the school', labels: rings },
];

export const distances = [3, 5, 10, 20, 30];
export const orders = { RELEVANCE: 'Best fit first', NEWEST: 'Newest first', DISTANCE: 'Nearest first' };
export type Order = keyof typeof orders;

/** Where the search starts, and what of it counts. */
export interface Place {
  /** A postcode, or the URN or name of a school, as typed. */
  near: string;
  /** Miles, as text; empty: however far. */
  within: string;
  /** Miles inside which schools of the same phase are left out; empty: none is. */
  apart: string;
  order: Order;
}

export const isUrn = (near: string): boolean => /^\d{5,7}$/.test(near);

/** What the address asks for: words, the chosen values by parameter, the place, and where in the list. */
export interface Choices {
  words: string;
  chosen: Record<string, string[]>;
  place: Place;
  after: string | null;
  /** How many hits come before this page; only for the words above the list. */
  before: number;
}

const MOST_WORDS = 200;

/** Reads the address. Values that no checkbox has are left out, so that an old link still works. */
export function readChoices(query: Record<string, unknown>): Choices {
  const chosen = Object.fromEntries(
    groups.map(({ param, labels }) => {
      const known = (value: string) => (labels ? Object.hasOwn(labels, value) : /^\d{3}$/.test(value));
      const values = [...new Set(all(query[param]).filter(known))];
      return [param, labels ? values : values.slice(0, 1)]; // one place, in a select
    }),
  );
  const before = Number.parseInt(first(query['before']), 10);
  const words = beginning(first(query['q']).trim(), MOST_WORDS);
  return { words, chosen, place: readPlace(query), after: first(query['after']) || null, before: before > 0 && before < 1e6 ? before : 0 };
}

const LONGEST_PLACE = 100;

function readPlace(query: Record<string, unknown>): Place {
  const near = beginning(first(query['near']).trim(), LONGEST_PLACE);
  const miles = (name: string) => (near && distances.map(String).includes(first(query[name])) ? first(query[name]) : '');
  const order = first(query['order']);
  return {
    near,
    within: miles('within'),
    apart: isUrn(near) ? miles('apart') : '',
    order: Object.hasOwn(orders, order) && (near || order !== 'DISTANCE') ? (order as Order) : 'RELEVANCE',
  };
}

/** The variables of the search. */
export function searchInput({ words, chosen, place: { near, within, apart, order } }: Choices): Record<string, unknown> {
  const values: Record<string, unknown> = { words, order };
  for (const { group, param } of groups) {
    if (chosen[param]!.length > 0 && (param !== 'ring' || isUrn(near))) values[group] = param === 'room' ? [true] : chosen[param];
  }
  if (near) values['near'] = isUrn(near) ? { schoolUrn: Number(near) } : { postcode: near };
  if (within) values['withinKm'] = kmOf(Number(within));
  if (apart) values['notFromSchoolsWithinKm'] = kmOf(Number(apart));
  return values;
}

export const nowhere: Place = { near: '', within: '', apart: '', order: 'RELEVANCE' };

/** The address of a state of the page. */
export function addressOf({ words, chosen, place = nowhere }: Pick<Choices, 'words' | 'chosen'> & { place?: Place }, extra: Record<string, string> = {}): string {
  const query = new URLSearchParams(words ? { q: words } : {});
  for (const [name, value] of Object.entries(place)) if (value && value !== 'RELEVANCE') query.append(name, value);
  for (const { param } of groups) for (const value of chosen[param] ?? []) query.append(param, value);
  for (const [name, value] of Object.entries(extra)) query.append(name, value);
  return query.size > 0 ? `/?${query}` : '/';
}

/** The address without one of the choices. */
export function withoutChoice(choices: Choices, param: string, value: string): string {
  const chosen = { ...choices.chosen, [param]: choices.chosen[param]!.filter((each) => each !== value) };
  return addressOf({ ...choices, chosen });
}
