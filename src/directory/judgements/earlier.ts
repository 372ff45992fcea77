import { reach } from '../../platform/actor.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../../platform/request.js';
import { awaitsOfficer, interestInDeciding, type Obstacle, whyItWaits } from '../interests/index.js';
import type { EarlierJudgement } from './judgement.type.js';

type Context = Parameters<LoaderDefinition<string, unknown>>[0];

/** Which of these recommendations the actor decides about: as an officer of the assuring LA or a system administrator, without an interest. */
export async function decidedBy({ db, actor }: Context, ids: readonly string[]): Promise<Set<string>> {
  const { officerLas, everything } = reach(actor);
  const rows = await db.query<{ id: string }>(
    `SELECT r.id FROM recommendation r JOIN provider p ON p.id = r.provider_id
     WHERE r.id = ANY($1::uuid[]) AND (p.assuring_la = ANY($2::text[]) OR $3::boolean) AND ${interestInDeciding('$4::uuid', 'p.id', 'r.school_urn')} IS NULL`,
    [ids, officerLas, everything, actor.personId],
  );
  return new Set(rows.map(({ id }) => id));
}

/** The earlier recommendations that were rejected or looked into; null for whoever does not decide. */
export const earlierJudgementsOf: LoaderDefinition<string, EarlierJudgement[] | null> = async (context, ids) => {
  const may = await decidedBy(context, ids);
  const rows = await context.db.query<EarlierJudgement & { of: string }>(
    `SELECT r.id AS of, earlier.id AS "recommendationId", theirs.name AS "providerName", s.name AS "schoolName", earlier.state, why.reason, why.at
     FROM recommendation r
     CROSS JOIN LATERAL judged_before(r.id, r.provider_id, r.school_urn, r.bodies, mailboxes_of(r.given_by), r.given_at) AS judged (id)
     JOIN recommendation earlier ON earlier.id = judged.id JOIN provider theirs ON theirs.id = earlier.provider_id JOIN school s ON s.urn = earlier.school_urn
     LEFT JOIN LATERAL (
       SELECT h.reason, h.at FROM history h WHERE h.object_id = earlier.id AND h.process = 'Recommendation' AND h.transition IN ('flag', 'reject') ORDER BY h.id DESC LIMIT 1) why ON true
     WHERE r.id = ANY($1::uuid[]) AND r.given_at IS NOT NULL ORDER BY earlier.given_at, earlier.id`,
    [[...may]],
  );
  const groups = groupsInOrder(ids, rows, (row) => row.of);
  return ids.map((id, i) => (may.has(id) ? groups[i]! : null));
};

/** Why a recommendation waits for the officer, in sentences, none where it does not wait; null for whoever does not decide. */
export const whyWaitingOf: LoaderDefinition<string, string[] | null> = async (context, ids) => {
  const may = await decidedBy(context, ids);
  const rows = await context.db.query<{ id: string; trustUnknown: boolean; found: Obstacle[]; excused: Obstacle[]; schoolName: string; providerName: string }>(
    `SELECT r.id, r.independence = 'UNCONFIRMED' AS "trustUnknown", ARRAY(SELECT unnest(r.obstacles) EXCEPT SELECT unnest(r.accepted)) AS found,
            ARRAY(SELECT unnest(r.excused) EXCEPT SELECT unnest(r.accepted)) AS excused, s.name AS "schoolName", p.name AS "providerName"
     FROM recommendation r JOIN provider p ON p.id = r.provider_id JOIN school s ON s.urn = r.school_urn WHERE r.id = ANY($1::uuid[]) AND r.state IN ('GIVEN', 'FLAGGED') AND ${awaitsOfficer('r')}`,
    [[...may]],
  );
  const known = inOrder(ids, rows, (row) => row.id);
  return ids.map((id, i) => (may.has(id) ? (known[i] ? whyItWaits(known[i].trustUnknown, known[i].found, known[i].excused, known[i]) : []) : null));
};
