import { type Actor, leadsSchool } from '../platform/actor.js';
import { londonDay } from '../platform/clock.js';
import type { Queryable } from '../platform/database/index.js';
import { NotAllowedInThisState, type Problem } from '../platform/problem.js';
import { byReader, type Facts, type ProcessDefinition } from '../platform/process/index.js';
import { isSipOf } from './visibility.js';
import type { VisitState } from './vocabulary.js';

export interface VisitFacts extends Facts<VisitState> {
  sipId: string;
  schoolUrn: number;
  schoolName: string;
  laCode: string;
  laName: string;
  /** The day of the visit, `2026-11-22`. */
  visitOn: string;
}

const beforehand = ({ visitOn }: VisitFacts, _actor: Actor, now: Date): Problem | null =>
  visitOn < londonDay(now) ? new NotAllowedInThisState('The day of the visit is over, so its agenda stays as it is.') : null;

export const visitProcess: ProcessDefinition<VisitState, VisitFacts> = {
  name: 'Visit',
  says: 'A SIP’s visit to a school. Its note is for that SIP and the leads of the school; nobody else sees it, nor that there was a visit.',
  table: 'visit',
  states: {
    PLANNED: { says: 'it is going to be', why: 'The visit is still to come.' },
    HELD: { says: 'the SIP has written what came of it', end: true, why: byReader({ sip: 'You have written what came of this visit.' }, 'The visit has taken place.') },
    CANCELLED: { says: 'it was called off', end: true, why: 'The visit has been called off.' },
  },
  who: {
    sip: {
      says: 'the SIP assigned to the school who keeps the visit',
      party: (facts, actor) => (isSipOf(actor, facts) ? { kind: 'LOCAL_AUTHORITY', id: facts.laCode, name: facts.laName } : null),
    },
    lead: {
      says: 'a lead of the school (head, chair of governors or business manager)',
      party: ({ schoolUrn, schoolName }, actor) => (leadsSchool(actor, schoolUrn) ? { kind: 'SCHOOL', id: String(schoolUrn), name: schoolName } : null),
    },
  },
  transitions: {
    plan: { from: [null], to: 'PLANNED', by: ['sip'], label: 'Plan a visit', says: 'The school’s leads see the day and the focus.' },
    change: { from: ['PLANNED'], to: 'PLANNED', by: ['sip'], label: 'Change the visit', says: 'Another day, or another focus.' },
    addAgendaPoint: { from: ['PLANNED'], to: 'PLANNED', by: ['lead'], label: 'Put a point on the agenda', says: 'The school says what it wants to talk about.', guard: beforehand },
    removeAgendaPoint: { from: ['PLANNED'], to: 'PLANNED', by: ['lead'], label: 'Take a point off the agenda', says: 'The school thinks better of it.', guard: beforehand },
    writeNote: {
      from: ['PLANNED', 'HELD'],
      to: 'HELD',
      by: ['sip'],
      label: 'Write the note of the visit',
      says: 'From then on the school’s leads read what the SIP has written.',
      guard: ({ visitOn }, _actor, now) => (visitOn > londonDay(now) ? new NotAllowedInThisState('The visit is still to come. Write its note from that day on.') : null),
    },
    handOver: { from: ['PLANNED'], to: null, by: [], label: 'Pass it on', says: 'The SIP who planned it has left, and another one of the school keeps it.' },
    cancel: { from: ['PLANNED'], to: 'CANCELLED', by: ['sip'], label: 'Call the visit off', says: 'It does not take place.' },
  },
  lock: 'SELECT id FROM visit WHERE id = $1 FOR NO KEY UPDATE',
  facts: (db, ids) => readFacts(db, 'SELECT id, state, sip_id, school_urn, visit_on FROM visit WHERE id = ANY($1)', [ids]),
};

/** The facts of a visit that is yet to be planned; null where there is no such school. */
export async function factsForNewVisit(db: Queryable, id: string, actor: Actor, schoolUrn: number, visitOn: string): Promise<VisitFacts | null> {
  const subject = 'SELECT $1::uuid AS id, NULL AS state, $2::uuid AS sip_id, $3::int AS school_urn, $4::date AS visit_on';
  return (await readFacts(db, subject, [id, actor.personId, schoolUrn, visitOn]))[0] ?? null;
}

const readFacts = (db: Queryable, subject: string, parameters: unknown[]): Promise<VisitFacts[]> =>
  db.query<VisitFacts>(
    `SELECT v.id, v.state, v.sip_id AS "sipId", v.school_urn AS "schoolUrn", s.name AS "schoolName", la.code AS "laCode", la.name AS "laName", v.visit_on AS "visitOn"
     FROM (${subject}) v JOIN school s ON s.urn = v.school_urn JOIN local_authority la ON la.code = s.la_code`,
    parameters,
  );
