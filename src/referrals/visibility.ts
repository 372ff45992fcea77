import { type Actor, reach } from '../platform/actor.js';
import type { Queryable } from '../platform/database/index.js';

/**
 * Row access of visits, shortlists, referrals and suggestions, as SQL conditions. Every statement that uses one takes
 * `ownValues(actor)` as its first four parameters, and its own from $5 on:
 * $1 the person, $2 the schools whose SIP they are, $3 the schools they lead, $4 the LAs whose SIP they are.
 * All of it is between a SIP and the school: officers, trust leads and system administrators are not among those who
 * see it, and what a SIP sees ends with the assignment.
 */
export function ownValues(actor: Actor): [string | null, readonly number[], number[], string[]] {
  return [actor.personId, actor.sipSchools, reach(actor).leadUrns, sipLasOf(actor)];
}

/** Codes of the LAs of which the actor is a SIP. */
export const sipLasOf = (actor: Actor): string[] => actor.memberships.flatMap((each) => (each.role === 'SIP' ? each.laCode! : []));

/** Whether the actor is that SIP, and still the school's. */
export const isSipOf = (actor: Actor, { sipId, schoolUrn }: { sipId: string; schoolUrn: number }): boolean =>
  actor.personId === sipId && actor.sipSchools.includes(schoolUrn);

// PostgreSQL must be able to tell the type of each of the four, also in a statement that needs fewer.
const TYPED = 'num_nulls($1::uuid, $2::int[], $3::int[], $4::text[]) >= 0';

/** The SIP whose row it is, while assigned to the school. */
export const isItsSip = (row: string, sip = `${row}.sip_id`) => `(${sip} = $1::uuid AND ${row}.school_urn = ANY($2::int[]) AND ${TYPED})`;

/** The SIP who gets the answer to the referral `r`: who sent it, or who has taken over. */
export const isSipOfReferral = (r: string) => isItsSip(r, `coalesce(${r}.handed_to, ${r}.sip_id)`);

/** A visit: its SIP and the school's leads. */
export const isBetweenThem = (row: string, sip = isItsSip(row)) => `(${sip} OR ${row}.school_urn = ANY($3::int[]))`;

export const seesReferral = (r: string) => isBetweenThem(r, isSipOfReferral(r));

/** `q` is the alias of the question to other SIPs. */
export const isAsker = (q: string) => `(${q}.asked_by = $1::uuid AND ${q}.la_code = ANY($4::text[]) AND ${TYPED})`;

/** Whoever asks, and the SIPs of the LAs that are asked. */
export const seesSuggestionRequest = (q: string) =>
  `(${isAsker(q)} OR EXISTS (SELECT FROM suggestion_request_la asked WHERE asked.request_id = ${q}.id AND asked.la_code = ANY($4::text[])))`;

/** Suggestions are between whoever asks and whoever suggests; `s` is the suggestion, `q` its question. */
export const seesSuggestion = (s: string, q: string) => `(${isAsker(q)} OR (${s}.suggested_by = $1::uuid AND ${seesSuggestionRequest(q)}))`;

const isThere = async (db: Queryable, actor: Actor, sql: string, id: string) => (await db.query(sql, [...ownValues(actor), id])).length > 0;

export const visitIsVisible = (db: Queryable, actor: Actor, id: string) => isThere(db, actor, `SELECT 1 FROM visit v WHERE v.id = $5 AND ${isBetweenThem('v')}`, id);

export const referralIsVisible = (db: Queryable, actor: Actor, id: string) => isThere(db, actor, `SELECT 1 FROM referral r WHERE r.id = $5 AND ${seesReferral('r')}`, id);

export const suggestionRequestIsVisible = (db: Queryable, actor: Actor, id: string) =>
  isThere(db, actor, `SELECT 1 FROM suggestion_request q WHERE q.id = $5 AND ${seesSuggestionRequest('q')}`, id);
