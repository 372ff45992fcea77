import type { Clock } from '../platform/clock.js';
import type { Database, Queryable } from '../platform/database.js';
import { refreshDocuments } from './document.js';
import { PostgresSearch } from './postgres/engine.js';
import { SearchResolver } from './search.resolver.js';

export { refreshDocuments } from './document.js';
export type * from './port.js';
export { PostgresSearch } from './postgres/engine.js';

export interface Search {
  /** Makes the documents of these listings true, in the transaction of whoever changed them. */
  refresh(tx: Queryable, listingIds: readonly string[]): Promise<void>;
  /** Makes all documents anew, after what they are drawn from changed as a whole. */
  rebuild(): Promise<void>;
  rebuildIn(tx: Queryable): Promise<void>;
  resolvers: object[];
}

export function createSearch(db: Database, clock: Clock): Search {
  return {
    refresh: refreshDocuments,
    rebuild: () => db.transaction(rebuildDocuments),
    rebuildIn: rebuildDocuments,
    resolvers: [new SearchResolver(new PostgresSearch(db, clock))],
  };
}

/** Makes all documents true again. */
async function rebuildDocuments(tx: Queryable): Promise<void> {
  const listings = await tx.query<{ id: string }>('SELECT id FROM listing');
  await refreshDocuments(tx, listings.map(({ id }) => id));
}
