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
  private readonly statements = new Map<string, string>();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async search(query: SearchQuery): Promise<SearchAnswer> {
    const words = query.words?.replaceAll('\0', ' ') ?? '';
    const shape = { words: /[\p{L}\p{N}]/u.test(words), newest: query.order === 'NEWEST' };
    const groups = facetGroups.filter((group) => query[group]?.length);
    const terms = groups.flatMap((group) => query[group]!.map(String).filter(isValue).map((value) => `${group}:${value}`));
    const { name, sql } = this.statement(shape);
    const [row] = await this.db.prepared<Row>(name, sql, [
      terms,
      groups,
      query.laCodes?.filter(isValue) ?? [],
      query.offset,
      query.limit,
      ...(shape.words ? [words] : []),
      ...(shape.newest ? [] : [startOf(this.clock.now())]),
    ]);
    const { hits, total, counts } = row!;
    return { hits: hits.map((listingId) => ({ listingId })), total, facets: facetsOf(counts, query), engine: 'POSTGRES', degraded: null };
  }

  private statement(shape: { words: boolean; newest: boolean }) {
    const name = `search${shape.words ? ' by words' : ''}${shape.newest ? ', newest first' : ''}`;
    const sql = this.statements.get(name) ?? searchStatement(shape);
    this.statements.set(name, sql);
    return { name, sql };
  }
}

/** What can be the value of a term; anything else that is asked for is found nowhere. */
const isValue = (value: string) => /^\w+$/.test(value);

/** Where the order by `shuffle` begins today: elsewhere each day, so that nobody is always first. */
const startOf = (now: Date) => Math.imul(Date.parse(londonDay(now)) / 86_400_000, 0x9e3779b1) >>> 1;

/** Every value that counts, and the chosen ones also at none. */
function facetsOf(counts: Record<string, number>, chosen: SearchQuery): Record<FacetGroup, FacetCount[]> {
  const found = new Map(facetGroups.map((group) => [group, new Map((chosen[group] ?? []).map((value) => [String(value), 0]))]));
  for (const [term, count] of Object.entries(counts)) {
    const [group, value] = term.split(':') as [FacetGroup, string];
    found.get(group)!.set(value, count);
  }
  return Object.fromEntries([...found].map(([group, values]) => [group, [...values].map(([value, count]) => ({ value, count }))])) as Record<FacetGroup, FacetCount[]>;
}
