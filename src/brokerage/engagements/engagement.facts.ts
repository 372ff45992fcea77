import { type Interest, interestInDeciding, interestOf } from '../../directory/index.js';
import type { Actor } from '../../platform/actor.js';
import type { Queryable } from '../../platform/database/index.js';
import type { Facts } from '../../platform/process/index.js';
import type { EngagementOrigin, EngagementState } from './engagement.vocabulary.js';
import { engagementValues, standsInFor } from './engagement.visibility.js';

export interface EngagementFacts extends Facts<EngagementState> {
  origin: EngagementOrigin;
  providerId: string;
  providerName: string;
  schoolUrn: number;
  schoolName: string;
  laCode: string;
  laName: string;
  allLeads: boolean;
  /** Whether this actor is among the people of the school who are named to see it. */
  named: boolean;
  sharedWithSip: boolean;
  /** Of this actor in the provider: as somebody of the school, and as somebody who signs for it. */
  interest: Interest | null;
  signingInterest: Interest | null;
  /** Whether this actor, by whatever address, has a role in the school. */
  worksInSchool: boolean;
  /** Whether this actor signs for the school, which has no SIP who may. */
  standsIn: boolean;
  /** Whether it is signed, and whether it has to be signed again, since its price has changed. */
  signedOff: boolean;
  signAgain: boolean;
  /** Whether the provider has confirmed that a recorded one was agreed. */
  confirmed: boolean;
  pupilsConcerned: boolean;
  checksConfirmed: boolean;
  visitors: number;
  /** Its first day, like `2026-11-22`. */
  startsOn: string | null;
  startedAt: Date | null;
  /** Which side has proposed a change that waits for the other’s answer. */
  changeBy: 'SCHOOL' | 'PROVIDER' | null;
  rated: boolean;
  finishedAt: Date | null;
}

const SUBJECT = `
  SELECT id, state, origin, provider_id, school_urn, all_leads, shared_with_sip, confirmed_at IS NOT NULL AS confirmed, pupils_concerned,
         safeguarding_confirmed_at IS NOT NULL AS checks_confirmed, starts_on, started_at, finished_at, signed_off_at IS NOT NULL AS signed_off, sign_again
  FROM engagement WHERE id = ANY($3::uuid[])`;

/** The facts of engagements, and what matters of this actor. */
export const factsOfEngagements = (db: Queryable, ids: readonly string[], actor: Actor): Promise<EngagementFacts[]> => readFacts(db, actor, SUBJECT, [ids]);

export interface NewEngagement {
  id: string;
  origin: EngagementOrigin;
  providerId: string;
  schoolUrn: number;
  allLeads: boolean;
  /** Ids of the people of the school who see it. */
  people: readonly string[];
  pupilsConcerned: boolean;
  startsOn: string | null;
}

/** The facts of an engagement that does not exist yet; null when provider or school are not there. */
export async function factsOfNew(db: Queryable, actor: Actor, it: NewEngagement): Promise<EngagementFacts | null> {
  const subject = `
    SELECT $3::uuid AS id, NULL::text AS state, $4::text AS origin, $5::uuid AS provider_id, $6::int AS school_urn, $7::boolean AS all_leads, false AS shared_with_sip,
           false AS confirmed, $8::boolean AS pupils_concerned, false AS checks_confirmed, $9::date AS starts_on,
           NULL::timestamptz AS started_at, NULL::timestamptz AS finished_at, false AS signed_off, false AS sign_again`;
  const [facts] = await readFacts(db, actor, subject, [it.id, it.origin, it.providerId, it.schoolUrn, it.allLeads, it.pupilsConcerned, it.startsOn]);
  return facts ? { ...facts, named: actor.personId !== null && it.people.includes(actor.personId) } : null;
}

function readFacts(db: Queryable, actor: Actor, subject: string, parameters: unknown[]): Promise<EngagementFacts[]> {
  const [personId, , , , , signsIn] = engagementValues(actor);
  return db.query<EngagementFacts>(
    `SELECT e.id, e.state, e.origin, e.provider_id AS "providerId", p.name AS "providerName", e.school_urn AS "schoolUrn", s.name AS "schoolName",
            s.la_code AS "laCode", la.name AS "laName", e.all_leads AS "allLeads", e.shared_with_sip AS "sharedWithSip", e.confirmed,
            e.pupils_concerned AS "pupilsConcerned", e.checks_confirmed AS "checksConfirmed", e.starts_on AS "startsOn", e.started_at AS "startedAt", e.finished_at AS "finishedAt",
            e.signed_off AS "signedOff", e.sign_again AS "signAgain",
            (SELECT c.proposed_by_party FROM engagement_change c WHERE c.engagement_id = e.id AND c.answer IS NULL) AS "changeBy",
            EXISTS (SELECT FROM rating r WHERE r.engagement_id = e.id) AS rated,
            EXISTS (SELECT FROM engagement_person n WHERE n.engagement_id = e.id AND n.person_id = $1::uuid) AS named,
            CASE WHEN $1::uuid IS NOT NULL THEN ${interestOf('$1::uuid', 'p.id')} END AS interest, ${interestInDeciding('$1::uuid', 'p.id', 's.urn')} AS "signingInterest",
            works_in((SELECT mailboxes_of($1::uuid)), s.urn) AS "worksInSchool",
            ${standsInFor('s', 'p.id', '$1', '$2')} AS "standsIn",
            (SELECT count(*) FROM engagement_visitor v WHERE v.engagement_id = e.id) AS visitors
     FROM (${subject}) e JOIN provider p ON p.id = e.provider_id JOIN school s ON s.urn = e.school_urn JOIN local_authority la ON la.code = s.la_code`,
    [personId, signsIn, ...parameters],
  );
}
