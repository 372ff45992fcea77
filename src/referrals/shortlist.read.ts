import type { Actor } from '../platform/actor.js';
import type { Database } from '../platform/database/index.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../platform/request.js';
import { namedListing } from './named-listing.js';
import type { Shortlist, ShortlistItem } from './shortlist.type.js';
import { isItsSip, ownValues } from './visibility.js';

const COLUMNS = 's.id, s.created_at AS "createdAt", s.school_urn AS "schoolUrn", s.visit_id AS "visitId"';

/** A shortlist of the actor's own, by its id. */
export const shortlistById: LoaderDefinition<string, Shortlist | null> = async ({ db, actor }, ids) => {
  const rows = await db.query<Shortlist>(`SELECT ${COLUMNS} FROM shortlist s WHERE s.id = ANY($5::uuid[]) AND ${isItsSip('s')}`, [...ownValues(actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

/** What is on a shortlist, in the order in which it was put there. */
export const itemsOfShortlist: LoaderDefinition<string, ShortlistItem[]> = async ({ db, clock }, ids) => {
  const rows = await db.query<ShortlistItem & { shortlistId: string }>(
    `SELECT i.id, i.shortlist_id AS "shortlistId", i.reason, i.added_at AS "addedAt", ${namedListing('i', { by: 's.sip_id', at: '$2::timestamptz' })}
     FROM shortlist_item i JOIN shortlist s ON s.id = i.shortlist_id JOIN listing l ON l.id = i.listing_id JOIN provider p ON p.id = l.provider_id
     WHERE i.shortlist_id = ANY($1::uuid[]) ORDER BY i.id`,
    [ids, clock.now()],
  );
  return groupsInOrder(ids, rows, (row) => row.shortlistId);
};

const CHOSEN = `${isItsSip('s')} AND ($5::int IS NULL OR s.school_urn = $5)`;

/** The actor's own shortlists, the latest first. */
export function listShortlists(db: Database, actor: Actor, schoolUrn: number | null, limit: number, after: [string, string] | null): Promise<Shortlist[]> {
  return db.query<Shortlist>(
    `SELECT ${COLUMNS} FROM shortlist s WHERE ${CHOSEN} AND ($6::timestamptz IS NULL OR (s.created_at, s.id) < ($6, $7::uuid)) ORDER BY s.created_at DESC, s.id DESC LIMIT $8`,
    [...ownValues(actor), schoolUrn, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function countShortlists(db: Database, actor: Actor, schoolUrn: number | null): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM shortlist s WHERE ${CHOSEN}`, [...ownValues(actor), schoolUrn]);
  return row!.count;
}
