import type { Database, Session } from '../../platform/database/index.js';
import type { MeiliServer } from '../meilisearch/client.js';
import { publish, type Refusal } from './publish.js';

/** More changes at once would keep the next one waiting. */
const AT_ONCE = 500;

export async function somethingWaits(db: Database): Promise<boolean> {
  return (await db.query('SELECT FROM search_outbox LIMIT 1')).length > 0;
}

/**
 * Publishes the oldest changes that wait. Their rows go only when Meilisearch has done its part, so whatever ends this
 * halfway, they are published again.
 * @param lead the connection that holds the publisher's lock: reading through it proves that it still does
 * @returns how many there were
 */
export async function drain(db: Database, lead: Session, server: MeiliServer, indexes: readonly string[], signal: AbortSignal): Promise<number> {
  const rows = await lead.query<{ id: number; listing_id: string }>('SELECT id, listing_id FROM search_outbox ORDER BY id LIMIT $1', [AT_ONCE]);
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  const listingIds = [...new Set(rows.map(({ listing_id }) => listing_id))];
  const refused = await publish(db, server, listingIds, indexes, signal);
  await db.transaction(async (tx) => {
    const done = await tx.query('DELETE FROM search_outbox WHERE id = ANY($1) RETURNING id', [ids]);
    await noteRefusals(tx, listingIds, refused);
    // Somebody else published these meanwhile, so what was sent here may have come after something newer.
    if (done.length < ids.length) await tx.query('INSERT INTO search_outbox (listing_id, gone, at) SELECT id, false, $2 FROM unnest($1::uuid[]) AS id', [listingIds, tx.now]);
  });
  return rows.length;
}

/** Sets aside what was refused of these; the others are no longer. */
export async function noteRefusals(tx: { query: Database['query']; now: Date }, listingIds: readonly string[], refused: readonly Refusal[]): Promise<void> {
  await tx.query('DELETE FROM search_refused WHERE listing_id = ANY($1)', [listingIds]);
  await tx.query(
    `INSERT INTO search_refused (listing_id, version, error, at)
     SELECT "listingId", version, error, $2 FROM jsonb_to_recordset($1) AS r ("listingId" uuid, version bigint, error text) ON CONFLICT DO NOTHING`,
    [JSON.stringify(refused), tx.now],
  );
}
