import { LRUCache } from 'lru-cache';
import type { Counted, Query } from './query.js';

/** Some megabytes. */
const MOST = 1000;

/** What Meilisearch has counted for queries while the index was as it is, and what PostgreSQL has confirmed. */
export class Counts {
  private readonly counted = new LRUCache<string, Counted>({ max: MOST });
  private readonly confirmed = new LRUCache<string, true>({ max: MOST });

  /** @returns undefined if it is not known. For how many there are, a query that counted more will do */
  of(query: Query): Counted | undefined {
    return this.counted.get(keyOf(query)) ?? (query.facets ? undefined : this.counted.get(keyOf({ ...query, facets: ['facets'] })));
  }

  keep(query: Query, counted: Counted): Counted {
    this.counted.set(keyOf(query), counted);
    return counted;
  }

  /** Whether PostgreSQL, asked the same where this was all that Meilisearch found, has found no more. */
  isConfirmed(words: string, filter: readonly string[], total: number): boolean {
    return this.confirmed.has(JSON.stringify([words, filter, total]));
  }

  confirm(words: string, filter: readonly string[], total: number): void {
    this.confirmed.set(JSON.stringify([words, filter, total]), true);
  }
}

const keyOf = ({ q, filter, facets }: Query): string => JSON.stringify([q, filter, facets]);

/**
 * Keeps what is counted as long as the index stays as it is. Counting is most of what a search costs Meilisearch, and who
 * narrows a search step by step, pages or goes back needs at each step what was counted just before.
 * @returns a function that takes when the index was last changed, as read before Meilisearch is asked (null: it is being
 * changed, and nothing is kept), and gives what was counted since
 */
export function keptCounts(): (changedAt: string | null) => Counts {
  let kept = { since: null as string | null, counts: new Counts() };
  return (changedAt) => {
    if (changedAt === null || changedAt !== kept.since) kept = { since: changedAt, counts: new Counts() };
    return kept.counts;
  };
}
