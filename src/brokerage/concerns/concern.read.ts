import type { Actor } from '../../platform/actor.js';
import type { Database } from '../../platform/database/index.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../../platform/request.js';
import type { Concern } from './concern.type.js';
import { engagementValues, isOfOfficer, isOfTheSchool, seesConcern } from '../engagements/engagement.visibility.js';
import type { ConcernState } from '../engagements/engagement.vocabulary.js';

const COLUMNS = `
  c.id, c.state, c.raised_by_party AS "raisedBy", c.text, c.created_at AS "raisedAt", c.answer, c.answered_at AS "answeredAt",
  CASE WHEN ${isOfTheSchool('e')} OR ${isOfOfficer('c', 'e')} THEN c.statement END AS statement, c.passed_on_at AS "passedOnAt", c.resolved_at AS "resolvedAt", c.version,
  c.engagement_id AS "engagementId", p.name AS "providerName", e.school_urn AS "schoolUrn"`;
const TABLES = 'concern c JOIN engagement e ON e.id = c.engagement_id JOIN provider p ON p.id = e.provider_id';

/** A concern that the actor may see, by its id. */
export const concernById: LoaderDefinition<string, Concern | null> = async ({ db, actor }, ids) => {
  const rows = await db.prepared<Concern>('concern-by-id', `SELECT ${COLUMNS} FROM ${TABLES} WHERE c.id = ANY($8::uuid[]) AND ${seesConcern('c', 'e')}`, [...engagementValues(actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

/** The concerns of engagements that the actor may see, oldest first. */
export const concernsOf: LoaderDefinition<string, Concern[]> = async ({ db, actor }, ids) => {
  const rows = await db.prepared<Concern>(
    'concerns-of-engagement',
    `SELECT ${COLUMNS} FROM ${TABLES} WHERE c.engagement_id = ANY($8::uuid[]) AND ${seesConcern('c', 'e')} ORDER BY c.created_at, c.id`,
    [...engagementValues(actor), ids],
  );
  return groupsInOrder(ids, rows, (row) => row.engagementId);
};

const PASSED_ON = `${isOfOfficer('c', 'e')} AND ${seesConcern('c', 'e')} AND ($8::text[] IS NULL OR c.state = ANY($8))`;

/** Concerns that schools have passed on to the actor as an officer, newest first. */
export const listPassedOn = (db: Database, actor: Actor, states: ConcernState[] | null, limit: number, after: [string, string] | null): Promise<Concern[]> =>
  db.query<Concern>(
    `SELECT ${COLUMNS} FROM ${TABLES} WHERE ${PASSED_ON} AND ($9::timestamptz IS NULL OR (c.passed_on_at, c.id) < ($9, $10::uuid)) ORDER BY c.passed_on_at DESC, c.id DESC LIMIT $11`,
    [...engagementValues(actor), states, after?.[0] ?? null, after?.[1] ?? null, limit],
  );

export async function countPassedOn(db: Database, actor: Actor, states: ConcernState[] | null): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM ${TABLES} WHERE ${PASSED_ON}`, [...engagementValues(actor), states]);
  return row!.count;
}
