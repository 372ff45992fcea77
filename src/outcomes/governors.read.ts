import { isOfSchool, type Price, wholeCost } from '../brokerage/index.js';
import type { Actor } from '../platform/actor.js';
import type { Queryable } from '../platform/database/index.js';
import { ratesEngagement, ratingValues } from './visibility.js';

/** A school's time, in days like `2026-09-01`, both within. */
export interface SchoolTime {
  schoolUrn: number;
  from: string;
  to: string;
}

export interface InTime {
  id: string;
  at: Date;
}

const BEGINS = `($7::date::timestamp AT TIME ZONE 'Europe/London')`;
const ENDS = `(($8::date + 1)::timestamp AT TIME ZONE 'Europe/London')`;

const OF_REQUESTS = `FROM request r WHERE r.school_urn = $6 AND ${isOfSchool('r')} AND num_nulls($4::int[], $5::uuid[]) >= 0 AND r.opened_at >= ${BEGINS} AND r.opened_at < ${ENDS}`;
const OF_ENGAGEMENTS = `
  FROM engagement e LEFT JOIN buying_record b ON b.engagement_id = e.id
  WHERE e.school_urn = $6 AND ${ratesEngagement('e')} AND e.created_at < ${ENDS} AND (e.finished_at IS NULL OR e.finished_at >= ${BEGINS})`;

const values = (actor: Actor, { schoolUrn, from, to }: SchoolTime) => [...ratingValues(actor), schoolUrn, from, to];

/** What the school opened in that time, oldest first. */
export const listSought = (db: Queryable, actor: Actor, time: SchoolTime, limit: number, after: [string, string] | null): Promise<InTime[]> =>
  db.query<InTime>(
    `SELECT r.id, r.opened_at AS at ${OF_REQUESTS} AND ($9::timestamptz IS NULL OR (r.opened_at, r.id) > ($9, $10::uuid)) ORDER BY r.opened_at, r.id LIMIT $11`,
    [...values(actor, time), after?.[0] ?? null, after?.[1] ?? null, limit],
  );

/** What was agreed and under way in that time, oldest first. */
export const listAgreed = (db: Queryable, actor: Actor, time: SchoolTime, limit: number, after: [string, string] | null): Promise<InTime[]> =>
  db.query<InTime>(
    `SELECT e.id, e.created_at AS at ${OF_ENGAGEMENTS} AND ($9::timestamptz IS NULL OR (e.created_at, e.id) > ($9, $10::uuid)) ORDER BY e.created_at, e.id LIMIT $11`,
    [...values(actor, time), after?.[0] ?? null, after?.[1] ?? null, limit],
  );

const count = async (db: Queryable, of: string, actor: Actor, time: SchoolTime) => (await db.query<{ count: number }>(`SELECT count(*) ${of}`, values(actor, time)))[0]!.count;
export const countSought = (db: Queryable, actor: Actor, time: SchoolTime) => count(db, OF_REQUESTS, actor, time);
export const countAgreed = (db: Queryable, actor: Actor, time: SchoolTime) => count(db, OF_ENGAGEMENTS, actor, time);

/** What was agreed to be spent in that time, in pence. */
export async function readSpent(db: Queryable, actor: Actor, time: SchoolTime): Promise<number> {
  const rows = await db.query<Price & { coverPence: number }>(
    `SELECT coalesce(e.price_pence, 0) AS "pricePence", coalesce(e.vat, 'NOT_CHARGED') AS vat, coalesce(b.travel_pence, 0) AS "travelPence", coalesce(b.cover_pence, 0) AS "coverPence"
     ${OF_ENGAGEMENTS} AND e.created_at >= ${BEGINS}`,
    values(actor, time),
  );
  return rows.reduce((sum, { coverPence, ...price }) => sum + wholeCost(price, coverPence), 0);
}
