import type { Clock } from '../platform/clock.js';
import type { Database, Queryable } from '../platform/database/index.js';
import type { Jobs } from '../platform/jobs/index.js';
import { rebuildDocuments, rebuildDocumentsIn, refreshDocuments } from './document.js';
import { packBitmaps } from './postgres/bitmap.js';
import { PostgresSearch } from './postgres/engine.js';
import { forgetWords } from './postgres/entry.js';
import type { MeiliOptions } from './meilisearch/client.js';
import { SearchHealthResolver } from './health.resolver.js';
import { KeptIndex } from './kept-index.js';
import { SearchHitResolver, SearchResultResolver } from './result.resolver.js';
import { SearchResolver } from './search.resolver.js';
import { stopKeepingUntended } from './sync/untended.js';

export { rebuildDocuments, refreshDocuments, refreshProviders, upgradeDocuments } from './document.js';
export { packBitmaps } from './postgres/bitmap.js';
export type { KeptIndex } from './kept-index.js';
export type { MeiliOptions } from './meilisearch/client.js';
export { PostgresSearch } from './postgres/engine.js';
export * from './port.js';

export interface Search {
  /** Makes the documents of these listings true, in the transaction of whoever changed them. */
  refresh(tx: Queryable, listingIds: readonly string[]): Promise<void>;
  /** Makes all documents true, after what they are drawn from changed as a whole. */
  rebuild(): Promise<void>;
  /** The same in one transaction. */
  rebuildIn(tx: Queryable): Promise<void>;
  /** The index in Meilisearch; null: PostgreSQL alone searches. */
  index: KeptIndex | null;
  resolvers: object[];
  jobs: Jobs;
}

/** @param meili null: PostgreSQL alone searches */
export function createSearch(db: Database, clock: Clock, meili: MeiliOptions | null = null): Search {
  const postgres = new PostgresSearch(db, clock);
  const index = meili && new KeptIndex(db, clock, meili, postgres);
  const engine = index?.engine ?? postgres;
  return {
    refresh: refreshDocuments,
    rebuild: () => rebuildDocuments(db),
    rebuildIn: rebuildDocumentsIn,
    index,
    resolvers: [new SearchResolver(engine), new SearchHealthResolver(index), new SearchHitResolver(), new SearchResultResolver(engine)],
    jobs: {
      tasks: {
        'pack-search': () => db.longTransaction(packBitmaps),
        'forget-search-words': () => db.longTransaction(forgetWords),
        'reconcile-search': async (_payload, signal) => void (await index?.reconcile(signal)),
        'stop-keeping-search': async () => (index ? undefined : stopKeepingUntended(db)),
      },
      schedule: [
        { task: 'pack-search', pattern: '* * * * *' },
        { task: 'forget-search-words', pattern: '30 2 * * *' },
        { task: 'reconcile-search', pattern: '10 3 * * *' },
        { task: 'stop-keeping-search', pattern: '* * * * *' },
      ],
    },
  };
}
