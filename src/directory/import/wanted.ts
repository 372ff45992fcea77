import { fold } from '../../schools/index.js';
import { type Category, categories, deliveries, type EcmOutcome, ecmOutcomes, supportPhases } from '../vocabulary.js';
import type { Areas, Coverage, Gazetteer } from './areas.js';
import { type Outline, summaryOf, titleOf } from './describe.js';
import type { Price } from './price.js';
import type { Complaints, OfferSaid, ProviderSaid, SpreadsheetRow } from './row.js';

/** Columns of a listing that an import writes. */
export interface ListingColumns extends Price {
  title: string;
  summary: string;
  categories: Category[];
  ecm_outcomes: EcmOutcome[];
  phases: OfferSaid['phases'];
  keywords: string[];
  delivery: OfferSaid['delivery'];
  national: boolean;
  la_codes: string[];
}

/** A listing as the whole spreadsheet has it. */
export interface WantedListing {
  line: number;
  /** What makes it one listing of its provider: its title, else how and for whom. */
  base: string;
  /** Folded and sorted; tells apart the listings of one base, which are offered in different places. */
  subjects: string[];
  said: Partial<ListingColumns> & Pick<ListingColumns, 'title'>;
  /** What a new one has where the spreadsheet says nothing. */
  otherwise: Partial<ListingColumns>;
}

export interface WantedProvider {
  line: number;
  key: string;
  said: ProviderSaid;
  listings: WantedListing[];
}

type OfferRow = { line: number; offer: OfferSaid };

const MOST_KEYWORDS = 20;
const OF_SUBJECTS: Partial<ListingColumns> = { categories: ['CURRICULUM_AND_SUBJECTS'], ecm_outcomes: ['ENJOY_AND_ACHIEVE'] };

/**
 * Gathers the rows of each provider, and its listings from them: one for each title; without a title, one for each
 * way of delivery and phase, with all subjects that are offered in the same places. What the rows say of one thing is
 * put together; where two say different things, the first is kept and the other complained of.
 */
export function gather(rows: readonly SpreadsheetRow[], noun: Outline['noun'], gazetteer: Gazetteer, complaints: Complaints): WantedProvider[] {
  return [...groupBy(rows, ({ key }) => key)].map(([key, own]) => {
    const offers = own.flatMap(({ line, offer }) => (offer ? [{ line, offer }] : []));
    const listings = [...groupBy(offers, ({ offer }) => baseOf(offer))].flatMap(([base, some]) => listingsOf(base, some, noun, gazetteer, complaints));
    return { line: own[0]!.line, key, said: firstSaid(own, ({ provider }) => provider, complaints), listings };
  });
}

function baseOf({ title, delivery, phases }: OfferSaid): string {
  return title === '' ? [...inOrder(deliveries, delivery), ...inOrder(supportPhases, phases)].join('+') : `=${fold(title)}`;
}

function listingsOf(base: string, rows: OfferRow[], noun: Outline['noun'], gazetteer: Gazetteer, complaints: Complaints): WantedListing[] {
  if (base.startsWith('=')) return [listingOf(base, rows, subjectsOf(rows), gazetteer.coverage(areasOf(rows)), noun, complaints)];
  const bySubject = subjectsOf(rows).map((subject) => {
    const own = rows.filter(({ offer }) => offer.subjects.some((each) => fold(each) === fold(subject)));
    return { subject, coverage: gazetteer.coverage(areasOf(own)) };
  });
  const general = rows.filter(({ offer }) => offer.subjects.length === 0);
  const alike = [...groupBy(bySubject, ({ coverage }) => JSON.stringify(coverage)).values()];
  return [
    ...alike.map((some) => {
      const subjects = some.map(({ subject }) => subject);
      const own = rows.filter(({ offer }) => offer.subjects.some((each) => subjects.some((subject) => fold(each) === fold(subject))));
      return listingOf(base, own, subjects, some[0]!.coverage, noun, complaints);
    }),
    ...(general.length > 0 ? [listingOf(base, general, [], gazetteer.coverage(areasOf(general)), noun, complaints)] : []),
  ];
}

function listingOf(base: string, rows: OfferRow[], subjects: string[], coverage: Coverage, noun: Outline['noun'], complaints: Complaints): WantedListing {
  const { line, offer } = rows[0]!;
  const all = <Value>(of: (offer: OfferSaid) => readonly Value[]) => rows.flatMap((row) => of(row.offer));
  const delivery = inOrder(deliveries, all(({ delivery }) => delivery));
  const phases = inOrder(supportPhases, all(({ phases }) => phases));
  const chosen = inOrder(categories, all((offer) => offer.categories));
  const outcomes = inOrder(ecmOutcomes, all((offer) => offer.ecmOutcomes));
  const keywords = distinct([...subjects, ...all((offer) => offer.keywords)]);
  if (keywords.length > MOST_KEYWORDS) complaints.leftOut(line, `Only ${MOST_KEYWORDS} keywords are kept of one listing`);
  const somewhere = coverage.national || coverage.la_codes.length > 0;
  const places = somewhere ? { national: coverage.national, la_codes: coverage.la_codes } : {};
  const allKnown = rows.every((row) => row.offer.allAreasKnown); // else a slip of the pen would take places from a listing
  const { price, summary } = firstSaid(rows, ({ offer: { price, summary } }) => ({ price, summary }), complaints);

  const outline: Outline = { noun, delivery, phases, subjects, where: somewhere ? coverage : null };
  const saysSomething = delivery.length + phases.length + subjects.length > 0;
  const generated = saysSomething ? { summary: summaryOf(outline) } : {};
  return {
    line,
    base,
    subjects: base.startsWith('=') ? [] : subjects.map(fold),
    said: {
      title: offer.title || titleOf(outline),
      ...(offer.title === '' ? generated : {}),
      ...(summary !== undefined && { summary }),
      ...(chosen.length > 0 && { categories: chosen }),
      ...(outcomes.length > 0 && { ecm_outcomes: outcomes }),
      ...(phases.length > 0 && { phases }),
      ...(delivery.length > 0 && { delivery }),
      ...(keywords.length > 0 && { keywords: keywords.slice(0, MOST_KEYWORDS) }),
      ...(allKnown && places),
      ...price,
    },
    otherwise: { ...places, ...generated, ...(subjects.length > 0 && OF_SUBJECTS) },
  };
}

/** Of each thing what the first row says that says it. */
function firstSaid<R extends { line: number }, Said extends object>(rows: readonly R[], saidIn: (row: R) => Said, complaints: Complaints): Said {
  const first = new Map<string, { line: number; values: Set<string>; value: unknown }>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(saidIn(row))) {
      if (value === undefined) continue;
      const before = first.get(name);
      const text = JSON.stringify(value);
      if (!before) {
        first.set(name, { line: row.line, values: new Set([text]), value });
      } else if (!before.values.has(text)) {
        before.values.add(text);
        complaints.leftOut(row.line, `The ${name.replace('_', ' ')} is not that of line ${before.line}, which is kept`);
      }
    }
  }
  return Object.fromEntries([...first].map(([name, { value }]) => [name, value])) as Said;
}

const areasOf = (rows: readonly OfferRow[]): Areas => new Set(rows.flatMap(({ offer }) => [...offer.areas]));
const subjectsOf = (rows: readonly OfferRow[]) => distinct(rows.flatMap(({ offer }) => offer.subjects));
const inOrder = <Value extends string>(words: Record<Value, string>, values: readonly Value[]) =>
  (Object.keys(words) as Value[]).filter((value) => values.includes(value));

/** Each word once, whatever its case, in the order of the alphabet. */
function distinct(words: readonly string[]): string[] {
  const sorted = [...words].sort((a, b) => compare(fold(a), fold(b)) || compare(a, b));
  return sorted.filter((word, i) => i === 0 || fold(word) !== fold(sorted[i - 1]!));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (found.has(key)) found.get(key)!.push(item);
    else found.set(key, [item]);
  }
  return found;
}
