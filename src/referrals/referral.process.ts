import { type Actor, leadsSchool } from '../platform/actor.js';
import type { Queryable } from '../platform/database/index.js';
import { NotAllowedInThisState, problemType } from '../platform/problem.js';
import { byReader, type Facts, type ProcessDefinition } from '../platform/process/index.js';
import { isSipOf } from './visibility.js';
import type { ReferralState } from './vocabulary.js';

export const AlreadyReferred = problemType('AlreadyReferred', 'The school has not answered yet to a referral of the same listings by the same SIP.');

export interface ReferralFacts extends Facts<ReferralState> {
  /** Who sent it, or who has taken it over. */
  sipId: string;
  schoolUrn: number;
  schoolName: string;
  schoolClosed: boolean;
  /** Whether anybody leads it here, who could read what is sent. */
  schoolHasLead: boolean;
  laCode: string;
  laName: string;
  expiresAt: Date | null;
}

const schoolIsThere = ({ schoolName, schoolClosed }: ReferralFacts) => (schoolClosed ? new NotAllowedInThisState(`${schoolName} is closed.`) : null);

const somebodyReads = (facts: ReferralFacts) =>
  schoolIsThere(facts) ??
  (facts.schoolHasLead ? null : new NotAllowedInThisState(`Nobody leads ${facts.schoolName} here yet, so nobody could read it. Ask an officer of ${facts.laName} to confirm who leads the school, then refer it.`));

export const referralProcess: ProcessDefinition<ReferralState, ReferralFacts> = {
  name: 'Referral',
  says: 'A SIP points a school to up to five listings. Nothing reaches a provider or the local authority by it: the school decides, and a reason for saying no is for the SIP alone.',
  table: 'referral',
  states: {
    SENT: { says: 'the school has not answered yet', why: byReader({ lead: 'Your school has not answered this referral yet.' }, 'The school has not answered this referral yet.') },
    ACCEPTED: { says: 'the school has accepted it, and has a draft request with the listings', end: true, why: byReader({ lead: 'Your school has accepted this referral.' }, 'The school has accepted this referral.') },
    DECLINED: { says: 'the school has said no', end: true, why: byReader({ lead: 'Your school has said no to this referral.' }, 'The school has said no to this referral.') },
    EXPIRED: { says: 'the school did not answer in time', end: true, why: byReader({ lead: 'The time in which your school could answer this referral is over.' }, 'The school did not answer this referral in time.') },
    WITHDRAWN: { says: 'the SIP has taken it back', end: true, why: byReader({ sip: 'You have taken this referral back.' }, 'Your School Improvement Partner has taken this referral back.') },
  },
  who: {
    sip: {
      says: 'the SIP assigned to the school who sends it',
      party: (facts, actor) => (isSipOf(actor, facts) ? { kind: 'LOCAL_AUTHORITY', id: facts.laCode, name: facts.laName } : null),
    },
    lead: {
      says: 'a lead of the school (head, chair of governors or business manager)',
      party: ({ schoolUrn, schoolName }, actor) => (leadsSchool(actor, schoolUrn) ? { kind: 'SCHOOL', id: String(schoolUrn), name: schoolName } : null),
    },
  },
  transitions: {
    send: { from: [null], to: 'SENT', by: ['sip'], label: 'Refer the school', says: 'The school’s leads see the listings, why, and any interest of the SIP in a provider. The school has to have a lead here.', guard: somebodyReads },
    accept: { from: ['SENT'], to: 'ACCEPTED', by: ['lead'], label: 'Accept the referral', says: 'It becomes a draft request of the school, with the listings ready to invite.', guard: schoolIsThere },
    decline: { from: ['SENT'], to: 'DECLINED', by: ['lead'], label: 'Say no', says: 'The school need not say why; if it does, only the SIP reads it.' },
    expire: {
      from: ['SENT'],
      to: 'EXPIRED',
      by: [],
      label: 'Expire',
      says: 'Thirty days have passed without an answer, those in school holidays not counted.',
      guard: (facts, _actor, now) => (facts.expiresAt! > now ? new NotAllowedInThisState('The school still has time to answer.') : null),
    },
    handOver: { from: ['SENT'], to: null, by: [], label: 'Pass it on', says: 'The SIP who sent it has left, and another one of the school gets the answer.' },
    passOn: { from: ['SENT'], to: null, by: [], label: 'Pass it on with the school', says: 'The school has become another, which answers in its place.' },
    endWithSchool: {
      from: ['SENT'],
      to: 'EXPIRED',
      by: [],
      label: 'End with the school',
      says: 'The school has become several, or one to which the same was referred. The SIP can refer whichever is meant.',
    },
    withdraw: { from: ['SENT'], to: 'WITHDRAWN', by: ['sip'], label: 'Take the referral back', says: 'The school can no longer accept it.' },
  },
  lock: 'SELECT id FROM referral WHERE id = $1 FOR NO KEY UPDATE',
  facts: (db, ids) => readFacts(db, 'SELECT id, state, coalesce(handed_to, sip_id) AS sip_id, school_urn, expires_at FROM referral WHERE id = ANY($1)', [ids]),
};

/** The facts of a referral that is yet to be sent; null where there is no such school. */
export async function factsForNewReferral(db: Queryable, id: string, actor: Actor, schoolUrn: number): Promise<ReferralFacts | null> {
  const subject = 'SELECT $1::uuid AS id, NULL AS state, $2::uuid AS sip_id, $3::int AS school_urn, NULL::timestamptz AS expires_at';
  return (await readFacts(db, subject, [id, actor.personId, schoolUrn]))[0] ?? null;
}

const readFacts = (db: Queryable, subject: string, parameters: unknown[]): Promise<ReferralFacts[]> =>
  db.query<ReferralFacts>(
    `SELECT r.id, r.state, r.sip_id AS "sipId", r.school_urn AS "schoolUrn", s.name AS "schoolName", s.status = 'CLOSED' AS "schoolClosed",
            EXISTS (SELECT FROM membership m WHERE m.school_urn = s.urn AND m.role = 'SCHOOL_LEAD' AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL) AS "schoolHasLead",
            la.code AS "laCode", la.name AS "laName", r.expires_at AS "expiresAt"
     FROM (${subject}) r JOIN school s ON s.urn = r.school_urn JOIN local_authority la ON la.code = s.la_code`,
    parameters,
  );
