import type { Actor } from '../../platform/actor.js';
import type { Database } from '../../platform/database/index.js';
import { engagementValues } from '../engagements/engagement.visibility.js';
import type { SignOffPlan, SignOffStandIn } from './sign-off.type.js';

/** For the school's people and its SIP; null for others. */
export async function readPlan(db: Database, actor: Actor, schoolUrn: number): Promise<SignOffPlan | null> {
  const [, , ownUrns, sipSchools] = engagementValues(actor);
  const [row] = await db.query<SignOffPlan>(
    `SELECT s.urn AS "schoolUrn", coalesce(plan.sign_off_needed, false) AS needed, plan.set_at AS "setAt"
     FROM school s LEFT JOIN school_plan plan ON plan.school_urn = s.urn WHERE s.urn = $1 AND (s.urn = ANY($2::int[]) OR s.urn = ANY($3::int[]))`,
    [schoolUrn, ownUrns, sipSchools],
  );
  return row ?? null;
}

/** For the LA's officers and SIPs; null for others. */
export async function readStandIn(db: Database, actor: Actor, laCode: string): Promise<SignOffStandIn | null> {
  const [, , , , , las] = engagementValues(actor);
  const [row] = await db.query<SignOffStandIn>(
    `SELECT la.code AS "laCode", CASE WHEN p.id IS NOT NULL THEN json_build_object('id', p.id, 'name', p.name) END AS person
     FROM local_authority la LEFT JOIN sign_off_stand_in stand_in ON stand_in.la_code = la.code LEFT JOIN person p ON p.id = stand_in.person_id
     WHERE la.code = $1 AND la.code = ANY($2::text[])`,
    [laCode, las],
  );
  return row ?? null;
}
