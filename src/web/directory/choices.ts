import { assurances, categories, deliveries, ecmOutcomes, providerKinds, supportPhases } from '../../directory/index.js';
import { all, first } from '../forms.js';

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
  { param: 'free', group: 'free', title: 'Price', labels: { true: 'Free' } },
  { param: 'outcome', group: 'ecmOutcomes', title: 'Every Child Matters outcome', labels: ecmOutcomes },
  { param: 'kind', group: 'kinds', title: 'Kind of provider', labels: providerKinds },
  { param: 'assurance', group: 'assurances', title: 'Assured by', labels: assurances },
];

/** What the address asks for: words, the chosen values by parameter, and where in the list. */
export interface Choices {
  words: string;
  chosen: Record<string, string[]>;
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
  const words = first(query['q']).trim().slice(0, MOST_WORDS);
  return { words, chosen, after: first(query['after']) || null, before: before > 0 && before < 1e6 ? before : 0 };
}

/** The variables of the search. */
export function searchInput({ words, chosen }: Choices): Record<string, unknown> {
  const values: Record<string, unknown> = { words, order: 'RELEVANCE' };
  for (const { group, param } of groups) {
    if (chosen[param]!.length > 0) values[group] = param === 'free' ? [true] : chosen[param];
  }
  return values;
}

/** The address of a state of the page. */
export function addressOf({ words, chosen }: Pick<Choices, 'words' | 'chosen'>, extra: Record<string, string> = {}): string {
  const query = new URLSearchParams(words ? { q: words } : {});
  for (const { param } of groups) for (const value of chosen[param] ?? []) query.append(param, value);
  for (const [name, value] of Object.entries(extra)) query.append(name, value);
  return query.size > 0 ? `/?${query}` : '/';
}

/** The address without one of the choices. */
export function withoutChoice(choices: Choices, param: string, value: string): string {
  const chosen = { ...choices.chosen, [param]: choices.chosen[param]!.filter((each) => each !== value) };
  return addressOf({ ...choices, chosen });
}
