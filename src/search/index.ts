import type { Clock } from '../platform/clock.js';
import type { Database, Queryable } from '../platform/database.js';
import type { Jobs } from '../platform/jobs.js';
import { rebuildDocuments, rebuildDocumentsIn, refreshDocuments } from './document.js';
import { packBitmaps } from './postgres/bitmap.js';
import { PostgresSearch } from './postgres/engine.js';
import { forgetWords } from './postgres/entry.js';
import { SearchResolver } from './search.resolver.js';

export { rebuildDocuments, refreshDocuments, refreshProviders } from './document.js';
export { packBitmaps } from './postgres/bitmap.js';
export { PostgresSearch } from './postgres/engine.js';
export type * from './port.js';

export interface Search {
  /** Makes the documents of these listings true, in the transaction of whoever changed them. */
  refresh(tx: Queryable, listingIds: readonly string[]): Promise<void>;
  /** Makes all documents true, after what they are drawn from changed as a whole. */
  rebuild(): Promise<void>;
  /** The same in one transaction. */
  rebuildIn(tx: Queryable): Promise<void>;
  resolvers: object[];
  jobs: Jobs;
}

export function createSearch(db: Database, clock: Clock): Search {
  return {
    refresh: refreshDocuments,
    rebuild: () => rebuildDocuments(db),
    rebuildIn: rebuildDocumentsIn,
    resolvers: [new SearchResolver(new PostgresSearch(db, clock))],
    jobs: {
      tasks: {
        'pack-search': () => db.transaction(packBitmaps),
        'forget-search-words': () => db.transaction(forgetWords),
      },
      schedule: [
        { task: 'pack-search', pattern: '* * * * *' },
        { task: 'forget-search-words', pattern: '30 2 * * *' },
      ],
    },
  };
}
