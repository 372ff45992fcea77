import type { Database } from '../../platform/database.js';
import type { MeiliServer } from '../meilisearch/client.js';

/** What was found to differ, and is being put right. */
export interface Drift {
  compared: number;
  /** Listings that the index lacks. */
  missing: number;
  /** It has an older, or another, version. */
  stale: number;
  /** It has what should not be there. */
  extra: number;
}

const AT_ONCE = 5000;

/**
 * Compares the ids and versions of what the index has and what it should have, both ways. What differs goes through the
 * outbox again; what waits there already is not counted.
 */
export async function reconcile(db: Database, server: MeiliServer): Promise<Drift> {
  const client = await server.forWork();
  const index = client.index<{ id: string; version: number }>(server.index);
  const found = new Map<string, number>();
  for (let offset = 0; ; offset += AT_ONCE) {
    const { results } = await index.getDocuments({ fields: ['id', 'version'], limit: AT_ONCE, offset });
    for (const { id, version } of results) found.set(id, version);
    if (results.length < AT_ONCE) break;
  }
  const rows = await db.query<{ id: string; version: number; excused: boolean }>(
    `SELECT d.listing_id AS id, d.version, EXISTS (SELECT FROM search_outbox o WHERE o.listing_id = d.listing_id)
       OR EXISTS (SELECT FROM search_refused r WHERE r.listing_id = d.listing_id AND r.version = d.version) AS excused
     FROM search_document d`,
  );
  const waiting = new Set((await db.query<{ id: string }>('SELECT DISTINCT listing_id AS id FROM search_outbox')).map(({ id }) => id));
  const wanted = new Map(rows.map(({ id, version }) => [id, version]));
  const checked = rows.filter(({ excused }) => !excused);
  const missing = checked.filter(({ id }) => !found.has(id)).map(({ id }) => id);
  const stale = checked.filter(({ id, version }) => found.has(id) && found.get(id) !== version).map(({ id }) => id);
  const extra = [...found.keys()].filter((id) => !wanted.has(id) && !waiting.has(id));

  const isListing = (id: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id);
  const again = [...missing, ...stale, ...extra.filter(isListing)];
  if (again.length > 0) {
    await db.transaction(async (tx) => {
      await tx.query('INSERT INTO search_outbox (listing_id, gone, at) SELECT id, NOT EXISTS (SELECT FROM search_document d WHERE d.listing_id = id), $2 FROM unnest($1::uuid[]) AS id', [again, tx.now]);
      await tx.query(`SELECT pg_notify('search_outbox', '')`);
    });
  }
  const strange = extra.filter((id) => !isListing(id));
  if (strange.length > 0) await server.done((await index.deleteDocuments(strange)).taskUid);
  return { compared: found.size, missing: missing.length, stale: stale.length, extra: extra.length };
}
