import { LRUCache } from 'lru-cache';
import type { Counted, Query } from './query.js';

const MOST = 1000;
/** Filters may be long: some tens of megabytes at most. */
const MOST_CHARACTERS = 10_000_000;

const limited = <Value extends {}>() => new LRUCache<string, Value>({ max: MOST, maxSize: MOST_CHARACTERS, sizeCalculation: (_value, key) => key.length });

/** What is known of the index as it is. */
export class Known {
  private readonly counted = limited<Counted>();
  private readonly confirmed = limited<true>();

  /** What Meilisearch has counted for a query. @returns undefined if it is not known. For how many there are, a query that counted more will do */
  counts(query: Query): Counted | undefined {
    return this.counted.get(keyOf(query)) ?? (query.facets ? undefined : this.counted.get(keyOf({ ...query, facets: ['facets'] })));
  }

  keep(query: Query, counted: Counted): Counted {
    this.counted.set(keyOf(query), counted);
    return counted;
  }

  /** Whether PostgreSQL, asked for these words, found no more than so many either. */
  isConfirmed(words: string, query: Query, total: number): boolean {
    return this.confirmed.has(`${total} ${words} ${keyOf(query)}`);
  }

  confirm(words: string, query: Query, total: number): void {
    this.confirmed.set(`${total} ${words} ${keyOf(query)}`, true);
  }
}

const keyOf = ({ q, filter, facets }: Query): string => JSON.stringify([q, filter, facets]);

/**
 * Keeps what is known of the index as long as it stays as it is. Counting is most of what a search costs Meilisearch, and
 * who narrows a search step by step, pages or goes back needs at each step what was counted just before.
 * @returns a function that takes when the index was last changed, as read before Meilisearch is asked (null: it is being
 * changed, and nothing is kept), and gives what is known since
 */
export function knownSince(): (changedAt: string | null) => Known {
  let kept = { since: null as string | null, known: new Known() };
  return (changedAt) => {
    if (changedAt === null || changedAt !== kept.since) kept = { since: changedAt, known: new Known() };
    return kept.known;
  };
}
