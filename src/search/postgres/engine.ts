import { type Clock, londonDay } from '../../platform/clock.js';
import type { Database } from '../../platform/database.js';
import { type FacetCount, type FacetGroup, facetGroups, type SearchAnswer, type SearchEngine, type SearchQuery } from '../port.js';
import { searchStatement } from './statement.js';

interface Row {
  hits: string[];
  total: number;
  /** By term. */
  counts: Record<string, number>;
}

/** Searches in PostgreSQL: one statement, and so one moment, for hits, total and counts. */
export class PostgresSearch implements SearchEngine {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async search(query: SearchQuery): Promise<SearchAnswer> {
    const words = /[\p{L}\p{N}]/u.test(query.words ?? '');
    const newest = query.order === 'NEWEST';
    const groups = facetGroups.filter((group) => query[group]?.length);
    const terms = groups.flatMap((group) => query[group]!.map((value) => `${group}:${value}`));
    const [row] = await this.db.prepared<Row>(
      `search${words ? '-words' : ''}${newest ? '-newest' : ''}`,
      searchStatement({ words, newest }),
      [terms, groups, query.laCodes ?? [], query.offset, query.limit, ...(words ? [query.words] : []), ...(newest ? [] : [startOf(this.clock.now())])],
    );
    const { hits, total, counts } = row!;
    return { hits: hits.map((listingId) => ({ listingId })), total, facets: facetsOf(counts, terms), engine: 'POSTGRES', degraded: null };
  }
}

/** Where the order by `shuffle` begins today: another place each day, so that nobody is always first. */
const startOf = (now: Date) => Math.imul(Date.parse(londonDay(now)) / 86_400_000, 0x9e3779b1) >>> 1;

/** Every value that counts, and the chosen ones also at none. */
function facetsOf(counts: Record<string, number>, chosen: string[]): Record<FacetGroup, FacetCount[]> {
  const facets = Object.fromEntries(facetGroups.map((group) => [group, [] as FacetCount[]])) as Record<FacetGroup, FacetCount[]>;
  for (const term of new Set([...Object.keys(counts), ...chosen])) {
    const [group, value] = term.split(':', 2) as [FacetGroup, string];
    facets[group].push({ value, count: counts[term] ?? 0 });
  }
  return facets;
}
