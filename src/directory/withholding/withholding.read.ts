import { type Actor, reach } from '../../platform/actor.js';
import type { Database, Queryable } from '../../platform/database/index.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../../platform/request.js';
import type { ListingWithholding } from './withholding.type.js';
import type { WithholdingState } from './withholding.process.js';

const COLUMNS = `w.id, w.listing_id AS "listingId", l.title, w.la_code AS "laCode", w.state, w.reason, w.withheld_at AS "withheldAt", w.ended_at AS "endedAt", w.version`;
const TABLES = 'listing_withholding w JOIN listing l ON l.id = w.listing_id';

/** $1 the actor's providers, $2 the LAs that they are an officer of; null: they see everything. */
const values = (actor: Actor) => {
  const { providerIds, officerLas, everything } = reach(actor);
  return [providerIds, everything ? null : officerLas];
};
const SEES = '(l.provider_id = ANY($1::uuid[]) OR $2::text[] IS NULL OR w.la_code = ANY($2))';

export const withholdingById: LoaderDefinition<string, ListingWithholding | null> = async ({ db, actor }, ids) => {
  const rows = await db.prepared<ListingWithholding>('withholding-by-id', `SELECT ${COLUMNS} FROM ${TABLES} WHERE w.id = ANY($3::uuid[]) AND ${SEES}`, [...values(actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

export const withholdingIsVisible = async (db: Queryable, actor: Actor, id: string): Promise<boolean> =>
  (await db.query(`SELECT FROM ${TABLES} WHERE w.id = $3 AND ${SEES}`, [...values(actor), id])).length > 0;

const CHOSEN = `${SEES} AND ($3::text[] IS NULL OR w.state = ANY($3))`;

/** Those that the actor may see, newest first. */
export const listWithholdings = (db: Database, actor: Actor, states: WithholdingState[] | null, limit: number, after: [string, string] | null): Promise<ListingWithholding[]> =>
  db.query<ListingWithholding>(
    `SELECT ${COLUMNS} FROM ${TABLES} WHERE ${CHOSEN} AND ($4::timestamptz IS NULL OR (w.withheld_at, w.id) < ($4, $5::uuid)) ORDER BY w.withheld_at DESC, w.id DESC LIMIT $6`,
    [...values(actor), states, after?.[0] ?? null, after?.[1] ?? null, limit],
  );

export async function countWithholdings(db: Database, actor: Actor, states: WithholdingState[] | null): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM ${TABLES} WHERE ${CHOSEN}`, [...values(actor), states]);
  return row!.count;
}

/** Codes of the LAs that withhold each listing from their area. */
export const withheldFrom: LoaderDefinition<string, { id: string; laCode: string }[]> = async ({ db }, ids) => {
  const rows = await db.prepared<{ id: string; laCode: string }>(
    'listings withheld from',
    `SELECT listing_id AS id, la_code AS "laCode" FROM listing_withholding WHERE listing_id = ANY($1::uuid[]) AND state = 'WITHHELD' ORDER BY la_code`,
    [ids],
  );
  return groupsInOrder(ids, rows, (row) => row.id);
};

/** Ids of the listings withheld from the area of a school: nobody names them to it. */
export async function listingsWithheldFromSchool(db: Queryable, urn: number): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `SELECT w.listing_id AS id FROM listing_withholding w JOIN school s ON s.la_code = w.la_code WHERE s.urn = $1 AND w.state = 'WITHHELD'`,
    [urn],
  );
  return rows.map(({ id }) => id);
}

/**
 * Ids of the listings that a search must not find: those withheld from that LA, or, where somebody of a school searches
 * around none in particular, those withheld from the LA of each school that they work in or for.
 */
export async function listingsWithheld(db: Database, from: string | Actor): Promise<string[]> {
  const urns = typeof from === 'string' ? [] : [...from.memberships.flatMap(({ schoolUrn }) => schoolUrn ?? []), ...from.sipSchools];
  if (typeof from !== 'string' && urns.length === 0) return [];
  const rows = await db.prepared<{ id: string }>(
    'listings withheld',
    `WITH area AS (SELECT DISTINCT la_code FROM school WHERE urn = ANY($2::int[]) UNION SELECT $1::text WHERE $1 IS NOT NULL)
     SELECT listing_id AS id FROM listing_withholding WHERE state = 'WITHHELD' AND la_code IN (SELECT la_code FROM area)
     GROUP BY listing_id HAVING count(*) = (SELECT count(*) FROM area)`,
    [typeof from === 'string' ? from : null, urns],
  );
  return rows.map(({ id }) => id);
}
