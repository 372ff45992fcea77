import { type Actor, reach } from '../../platform/actor.js';
import type { Database, Queryable } from '../../platform/database/index.js';
import { inOrder, type LoaderDefinition } from '../../platform/request.js';
import { officerLasOf, type AppealState } from './appeal.process.js';
import type { Appeal } from './appeal.type.js';

const COLUMNS = `
  a.id, a.against, a.object_id AS "objectId", a.title, a.decided_at AS "decidedAt", a.decision_reason AS "decisionReason", a.by_name AS "appealedBy", a.appealed_at AS "appealedAt",
  a.grounds, a.state, a.judged_at AS "judgedAt", a.judged_for AS "judgedFor", a.outcome_reason AS "outcomeReason", a.version`;

/** $1 the person, $2 their providers, $3 the schools that they lead, $4 the LAs that they are officers of, $5 whether they are a system administrator. */
const values = (actor: Actor) => {
  const { personId, providerIds, leadUrns, everything } = reach(actor);
  return [personId, providerIds, leadUrns.map(String), officerLasOf(actor), everything];
};

const TYPED = 'num_nulls($1::uuid, $2::uuid[], $3::text[], $4::text[], $5::boolean) >= 0';
const BY_THEIRS = `CASE a.by_kind WHEN 'PROVIDER' THEN a.by_id::uuid = ANY($2::uuid[]) WHEN 'SCHOOL' THEN a.by_id = ANY($3) ELSE a.appealed_by = $1 END`;
/** Officers of the LA that decided, or where none of these may judge every officer; never those with an interest. */
const BEFORE_OFFICERS = `(cardinality($4) > 0 AND coalesce(appeal_bar(a, $1) = 'DECIDED', true) AND (a.la_code = ANY($4) OR NOT appeal_has_judge_at_home(a)))`;
const SEES = `(${TYPED} AND (${BY_THEIRS} OR $5 OR ${BEFORE_OFFICERS}))`;
const JUDGES = `(${TYPED} AND appeal_bar(a, $1) IS NULL AND (a.la_code = ANY($4) OR (cardinality($4) > 0 OR $5) AND NOT appeal_has_judge_at_home(a)))`;

export const appealById: LoaderDefinition<string, Appeal | null> = async ({ db, actor }, ids) => {
  const rows = await db.prepared<Appeal>('appeal-by-id', `SELECT ${COLUMNS} FROM appeal a WHERE a.id = ANY($6::uuid[]) AND ${SEES}`, [...values(actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

export const appealIsVisible = async (db: Queryable, actor: Actor, id: string): Promise<boolean> =>
  (await db.query(`SELECT FROM appeal a WHERE a.id = $6 AND ${SEES}`, [...values(actor), id])).length > 0;

const WHOSE = { mine: `${TYPED} AND ${BY_THEIRS}`, toJudge: JUDGES };

/** Appeals of those whom the actor speaks for, or that the actor may judge, newest first. */
export const listAppeals = (db: Database, actor: Actor, whose: keyof typeof WHOSE, states: AppealState[] | null, limit: number, after: [string, string] | null): Promise<Appeal[]> =>
  db.query<Appeal>(
    `SELECT ${COLUMNS} FROM appeal a WHERE ${WHOSE[whose]} AND ($6::text[] IS NULL OR a.state = ANY($6)) AND ($7::timestamptz IS NULL OR (a.appealed_at, a.id) < ($7, $8::uuid))
     ORDER BY a.appealed_at DESC, a.id DESC LIMIT $9`,
    [...values(actor), states, after?.[0] ?? null, after?.[1] ?? null, limit],
  );

export async function countAppeals(db: Database, actor: Actor, whose: keyof typeof WHOSE, states: AppealState[] | null): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM appeal a WHERE ${WHOSE[whose]} AND ($6::text[] IS NULL OR a.state = ANY($6))`, [...values(actor), states]);
  return row!.count;
}
