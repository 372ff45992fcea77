import { type Actor, reach } from '../../platform/actor.js';
import type { Database, Queryable } from '../../platform/database/index.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../../platform/request.js';
import type { Partnership, PartnershipPlace } from './partnership.type.js';

/** $1 the schools that the actor leads, $2 the LAs that they are an officer of; null: they see everything. */
const values = (actor: Actor) => {
  const { leadUrns, officerLas, everything } = reach(actor);
  return [leadUrns, everything ? null : officerLas];
};

/** Which schools belong to a partnership is public; who has been asked, and has answered what, is between the schools and the LA. */
const SEES_PLACE = `(ps.state = 'MEMBER' OR ps.school_urn = ANY($1::int[]) OR $2::text[] IS NULL OR p.la_code = ANY($2)
  OR EXISTS (SELECT FROM partnership_school own WHERE own.partnership_id = p.id AND own.state = 'MEMBER' AND own.school_urn = ANY($1)))`;
const PLACES = 'partnership_school ps JOIN partnership p ON p.id = ps.partnership_id';
const SEES = `EXISTS (SELECT FROM partnership_school ps WHERE ps.partnership_id = p.id AND ${SEES_PLACE})`;
const COLUMNS = 'p.id, p.name, p.la_code AS "laCode"';

export const partnershipById: LoaderDefinition<string, Partnership | null> = async ({ db, actor }, ids) => {
  const rows = await db.prepared<Partnership>('partnership-by-id', `SELECT ${COLUMNS} FROM partnership p WHERE p.id = ANY($3::uuid[]) AND ${SEES}`, [...values(actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

export const partnershipIsVisible = async (db: Queryable, actor: Actor, id: string): Promise<boolean> =>
  (await db.query(`SELECT FROM partnership p WHERE p.id = $3 AND ${SEES}`, [...values(actor), id])).length > 0;

export const placeIsVisible = async (db: Queryable, actor: Actor, id: string): Promise<boolean> =>
  (await db.query(`SELECT FROM ${PLACES} WHERE ps.id = $3 AND ${SEES_PLACE}`, [...values(actor), id])).length > 0;

/** The places of each partnership that the actor may see, by the schools' names. */
export const placesOf: LoaderDefinition<string, PartnershipPlace[]> = async ({ db, actor }, ids) => {
  const rows = await db.prepared<PartnershipPlace & { partnershipId: string }>(
    'places-of-partnership',
    `SELECT ps.id, ps.state, ps.since, ps.school_urn AS "schoolUrn", ps.partnership_id AS "partnershipId" FROM ${PLACES} JOIN school s ON s.urn = ps.school_urn
     WHERE ps.partnership_id = ANY($3::uuid[]) AND ${SEES_PLACE} ORDER BY s.name, ps.id`,
    [...values(actor), ids],
  );
  return groupsInOrder(ids, rows, (row) => row.partnershipId);
};

export interface PartnershipChoice {
  laCode?: string | null;
  schoolUrn?: number | null;
}

const CHOSEN = `${SEES} AND ($3::text IS NULL OR p.la_code = $3)
  AND ($4::int IS NULL OR EXISTS (SELECT FROM partnership_school ps WHERE ps.partnership_id = p.id AND ps.school_urn = $4 AND ps.state IN ('PROPOSED', 'MEMBER') AND ${SEES_PLACE}))`;
const chosen = (actor: Actor, { laCode, schoolUrn }: PartnershipChoice) => [...values(actor), laCode ?? null, schoolUrn ?? null];

export const listPartnerships = (db: Database, actor: Actor, choice: PartnershipChoice, limit: number, after: [string, string] | null): Promise<Partnership[]> =>
  db.query<Partnership>(
    `SELECT ${COLUMNS} FROM partnership p WHERE ${CHOSEN} AND ($5::text IS NULL OR (p.name, p.id) > ($5, $6::uuid)) ORDER BY p.name, p.id LIMIT $7`,
    [...chosen(actor, choice), after?.[0] ?? null, after?.[1] ?? null, limit],
  );

export async function countPartnerships(db: Database, actor: Actor, choice: PartnershipChoice): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM partnership p WHERE ${CHOSEN}`, chosen(actor, choice));
  return row!.count;
}
