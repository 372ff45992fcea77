import type { Actor } from '../platform/actor.js';
import type { Queryable } from '../platform/database/index.js';

/**
 * Row access of requests, invitations and proposals, as SQL conditions. Every statement that uses one takes
 * `requestValues(actor)` as its first five parameters, and its own from $6 on:
 * $1 the person, $2 the schools they lead, $3 the schools they work in (lead or staff), $4 the schools whose SIP they
 * are, $5 the providers they belong to.
 * Officers, trust leads and system administrators are not among those who see a school's private business.
 */
export function requestValues(actor: Actor): [string | null, number[], number[], number[], string[]] {
  const urnsOf = (...roles: string[]) => actor.memberships.filter((each) => roles.includes(each.role)).flatMap((each) => each.schoolUrn ?? []);
  return [
    actor.personId,
    urnsOf('SCHOOL_LEAD'),
    urnsOf('SCHOOL_LEAD', 'SCHOOL_STAFF'),
    [...actor.sipSchools],
    actor.memberships.flatMap((each) => each.providerId ?? []),
  ];
}

// PostgreSQL must be able to tell the type of each of the five, also in a statement that needs fewer.
const TYPED = 'num_nulls($1::uuid, $2::int[], $3::int[], $4::int[], $5::uuid[]) >= 0';

/** The school's own people, of those whom it lets see the request `r`. A SIP's draft is not the school's before it has been submitted. */
export const isOfSchool = (r: string) => `(
  (${r}.drafted_by_sip IS NULL OR ${r}.submitted_at IS NOT NULL)
  AND ((${r}.all_leads AND ${r}.school_urn = ANY($2::int[]))
    OR (${r}.school_urn = ANY($3::int[]) AND EXISTS (SELECT FROM request_person named WHERE named.request_id = ${r}.id AND named.person_id = $1::uuid))))`;

/** Leads of a partner school that has joined the request `r`. */
export const isOfPartner = (r: string) =>
  `EXISTS (SELECT FROM request_school joint WHERE joint.request_id = ${r}.id AND joint.joined_at IS NOT NULL AND joint.school_urn = ANY($2::int[]))`;

/** The school's SIP: their own draft until they submit it, then what the school shares. */
const isOfSip = (r: string) => `(${r}.school_urn = ANY($4::int[]) AND (
  (${r}.drafted_by_sip = $1::uuid AND ${r}.submitted_at IS NULL)
  OR (${r}.shared_with_sip AND (${r}.opened_at IS NOT NULL OR ${r}.drafted_by_sip = $1::uuid))))`;

/**
 * Somebody of a provider that is invited to the request `r`, whatever else they are in the school: until it has chosen,
 * they see nothing of what others propose. The same for reads and for the guards of the steps that open proposals.
 */
export const bids = (r: string) => `EXISTS (SELECT FROM bids_of(${r}.id, (SELECT mailboxes_of($1::uuid))))`;

/** `r` is the request's alias. Providers see invitations, never requests. */
export const seesRequest = (r: string) => `((${isOfSchool(r)} OR ${isOfPartner(r)} OR ${isOfSip(r)}) AND ${TYPED})`;

/** `i` is the invitation's alias, `r` its request's. */
export const seesInvitation = (i: string, r: string) =>
  `(${i}.provider_id = ANY($5::uuid[]) OR (${seesRequest(r)} AND (NOT ${bids(r)} OR person_interest((SELECT mailboxes_of($1::uuid)), ${i}.provider_id) IS NOT NULL)))`;

/** Proposals are between the provider and the schools, which see them once they have begun to read; `q` is the proposal's alias. */
export const seesProposal = (q: string, r: string) =>
  `((${q}.provider_id = ANY($5::uuid[]) OR (${r}.proposals_read_at IS NOT NULL AND ${q}.state <> 'WITHDRAWN' AND (${isOfSchool(r)} OR ${isOfPartner(r)}) AND NOT ${bids(r)})) AND ${TYPED})`;

/** Whether a provider that was invited by `i` may know which school asks. */
export const isRevealed = (i: string, r: string) =>
  `(NOT ${r}.confidential OR EXISTS (SELECT FROM proposal chosen WHERE chosen.invitation_id = ${i}.id AND chosen.state = 'CHOSEN'))`;

/** Whether the actor may know which school stands behind the invitation `i`. */
export const knowsSchool = (i: string, r: string) => `(${isRevealed(i, r)} OR ${seesRequest(r)})`;

const isThere = async (db: Queryable, actor: Actor, sql: string, id: string) => (await db.query(sql, [...requestValues(actor), id])).length > 0;

export const requestIsVisible = (db: Queryable, actor: Actor, id: string) => isThere(db, actor, `SELECT 1 FROM request r WHERE r.id = $6 AND ${seesRequest('r')}`, id);

export const invitationIsVisible = (db: Queryable, actor: Actor, id: string) =>
  isThere(db, actor, `SELECT 1 FROM invitation i JOIN request r ON r.id = i.request_id WHERE i.id = $6 AND ${seesInvitation('i', 'r')}`, id);

export const proposalIsVisible = (db: Queryable, actor: Actor, id: string) =>
  isThere(db, actor, `SELECT 1 FROM proposal q JOIN request r ON r.id = q.request_id WHERE q.id = $6 AND ${seesProposal('q', 'r')}`, id);
