import type { Database, Queryable } from '../platform/database/index.js';
import { inOrder, type LoaderDefinition } from '../platform/request.js';
import type { Notice } from './notice.type.js';
import { holdsStill } from './roles.js';

/** What was told in a role is gone with the role, as all else is that was seen in it. `n` is the notice's alias. */
const MINE = `n.person_id = $1 AND n.withheld_at IS NULL AND ${holdsStill('n')}`;

const COLUMNS = 'n.id, n.kind, n.object_id AS "objectId", n.subject, n.text, n.expected, n.due_at AS "dueAt", n.link, n.created_at AS "createdAt", n.read_at AS "readAt"';

/** A person's notices, newest first. */
export function listNotices(db: Database, personId: string, unreadOnly: boolean, limit: number, after: [string, string] | null): Promise<Notice[]> {
  return db.query<Notice>(
    `SELECT ${COLUMNS} FROM notice n WHERE ${MINE} AND (NOT $2::boolean OR n.read_at IS NULL) AND ($3::timestamptz IS NULL OR (n.created_at, n.id) < ($3, $4::uuid))
     ORDER BY n.created_at DESC, n.id DESC LIMIT $5`,
    [personId, unreadOnly, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function countNotices(db: Queryable, personId: string, unreadOnly: boolean): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM notice n WHERE ${MINE} AND (NOT $2::boolean OR n.read_at IS NULL)`, [personId, unreadOnly]);
  return row!.count;
}

export async function readNotice(db: Queryable, personId: string, id: string): Promise<Notice | null> {
  const [row] = await db.query<Notice>(`SELECT ${COLUMNS} FROM notice n WHERE ${MINE} AND n.id = $2`, [personId, id]);
  return row ?? null;
}

/** How many notices each person has not read. */
export const unreadOf: LoaderDefinition<string, number> = async ({ db }, personIds) => {
  const rows = await db.query<{ id: string; count: number }>(
    `SELECT n.person_id AS id, count(*) FROM notice n WHERE n.person_id = ANY($1) AND n.read_at IS NULL AND n.withheld_at IS NULL AND ${holdsStill('n')} GROUP BY n.person_id`,
    [personIds],
  );
  return inOrder(personIds, rows, (row) => row.id).map((row) => row?.count ?? 0);
};

/** @returns whether there is such a notice of this person; one read before stays as it was */
export async function markRead(tx: Queryable & { now: Date }, personId: string, id: string): Promise<boolean> {
  return (await tx.query(`UPDATE notice n SET read_at = coalesce(n.read_at, $3) WHERE ${MINE} AND n.id = $2 RETURNING n.id`, [personId, id, tx.now])).length > 0;
}

/** @returns how many were unread */
export async function markAllRead(tx: Queryable & { now: Date }, personId: string): Promise<number> {
  return (await tx.query(`UPDATE notice n SET read_at = $2 WHERE ${MINE} AND n.read_at IS NULL RETURNING n.id`, [personId, tx.now])).length;
}
