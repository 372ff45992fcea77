import { loadDemo } from '../../src/demo/index.js';
import type { ManualClock } from '../../src/platform/clock.js';
import type { Database } from '../../src/platform/database/index.js';
import { refreshDocuments, type SearchEngine } from '../../src/search/index.js';
import { judgedListings, type ListingName } from './judged-listings.js';
import type { JudgedSearch } from './judged-searches.js';

export const FIRST = 10;
const JUST_MEANT = 2;
const HELPS = 1;

/** How well one search was answered. */
export interface Measured {
  search: JudgedSearch;
  /** How much of what should come up, or of ten where it is more, is among the first ten: 0 to 1. */
  recall: number;
  /** Normalised discounted cumulative gain of the first ten, the gain of a grade being 2^grade - 1: 0 to 1. */
  ndcg: number;
  /** The first ten of the first day, by their short names. */
  found: ListingName[];
  total: number;
}

/** The demo's listings by id. */
export class Demo {
  readonly nameOf: ReadonlyMap<string, ListingName>;

  private constructor(ids: [ListingName, string][]) {
    this.nameOf = new Map(ids.map(([name, id]) => [id, name]));
  }

  /** Loads the demo. @throws when what a search of it can find is not what has been judged */
  static async load(db: Database): Promise<Demo> {
    await loadDemo(db, { afterListings: refreshDocuments });
    const rows = await db.query<{ id: string; provider: string; title: string }>(
      'SELECT l.id, p.name AS provider, l.title FROM search_document d JOIN listing l ON l.id = d.listing_id JOIN provider p ON p.id = l.provider_id',
    );
    const idByTitle = new Map(rows.map(({ id, provider, title }) => [`${provider}: ${title}`, id]));
    const ids = Object.entries(judgedListings).map(([name, { provider, title }]): [ListingName, string] => {
      const id = idByTitle.get(`${provider}: ${title}`);
      if (!id) throw new Error(`The demo lists no “${title}” of ${provider}`);
      return [name as ListingName, id];
    });
    if (ids.length !== rows.length) throw new Error(`The demo lists ${rows.length} listings, of which ${ids.length} have a name to be judged by`);
    return new Demo(ids);
  }
}

/** Measures one search as the mean over a few days, because the order of what fits equally well changes daily. */
export async function measure(engine: SearchEngine, demo: Demo, clock: ManualClock, searches: readonly JudgedSearch[]): Promise<Measured[]> {
  const days: Measured[][] = [];
  for (let day = 0; day < 5; day++) {
    days.push(await Promise.all(searches.map((search) => measureOnce(engine, demo, search))));
    clock.advance({ hours: 24 });
  }
  return days[0]!.map((first, i) => ({ ...first, recall: mean(days.map((day) => day[i]!.recall)), ndcg: mean(days.map((day) => day[i]!.ndcg)) }));
}

async function measureOnce(engine: SearchEngine, { nameOf }: Demo, search: JudgedSearch): Promise<Measured> {
  const { hits, total } = await engine.search({ words: search.words, ...search.facets, offset: 0, limit: FIRST });
  const found = hits.map(({ listingId }) => nameOf.get(listingId)!);
  const grades = judgementOf(search);
  const ideal = [...grades.values()].sort((a, b) => b - a).slice(0, FIRST);
  const recall = found.filter((name) => grades.has(name)).length / ideal.length;
  return { search, recall, ndcg: gain(found.map((name) => grades.get(name) ?? 0)) / gain(ideal), found, total };
}

/** The grades of the listings that should come up. */
export const judgementOf = ({ best, helps }: JudgedSearch): Map<ListingName, number> =>
  new Map([...helps.map((name) => [name, HELPS] as const), ...best.map((name) => [name, JUST_MEANT] as const)]);

const gain = (grades: number[]) => grades.reduce((sum, grade, i) => sum + (2 ** grade - 1) / Math.log2(i + 2), 0);

export const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The searches from the worst answered on, then the means. */
export function report(name: string, measured: readonly Measured[]): string {
  const line = (recall: number, ndcg: number, what: string) => `${recall.toFixed(2).padStart(6)} ${ndcg.toFixed(2).padStart(6)}  ${what}`;
  const each = [...measured].sort((a, b) => a.ndcg - b.ndcg).map(({ search, recall, ndcg, found, total }) => {
    const facets = Object.entries(search.facets).map(([group, values]) => ` ${group}=${values}`).join('');
    const missing = [...search.best, ...search.helps].filter((listing) => !found.includes(listing));
    return line(recall, ndcg, `${search.words}${facets} (${total})${missing.length ? `: without ${missing.join(', ')}` : ''}`);
  });
  return [`${name}: ${measured.length} searches`, 'recall   nDCG', ...each, line(meanOf(measured, 'recall'), meanOf(measured, 'ndcg'), 'mean')].join('\n');
}

export const meanOf = (measured: readonly Measured[], figure: 'recall' | 'ndcg') => mean(measured.map((each) => each[figure]));
