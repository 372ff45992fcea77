import type { Actor } from '../../platform/actor.js';
import type { Database } from '../../platform/database/index.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../../platform/request.js';
import type { BuyingRecord, PartnerSchool, PurchaseLimit, RequestQuestion, RequestToJoin, SupportRequest } from './request.type.js';
import type { RequestState } from '../vocabulary.js';
import { bids, isOfPartner, isOfSchool, requestValues, seesInvitation, seesRequest } from '../visibility.js';

const columns = `
  r.id, r.state, r.version, r.school_urn AS "schoolUrn", r.need, r.objectives, r.categories, r.phases, r.wanted_from AS "wantedFrom", r.wanted_to AS "wantedTo",
  r.budget_pence AS "budgetPence", r.tried_in_school AS "triedInSchool", r.tried_in_partnership AS "triedInPartnership", r.confidential,
  r.shared_with_sip AS "sharedWithSip", r.all_leads AS "allLeads", r.closes_at AS "closesAt", r.questions_until AS "questionsUntil", r.created_at AS "createdAt",
  r.opened_at AS "openedAt", r.closed_at AS "closedAt", r.drafted_by_sip AS "draftedBySipId", r.proposals_read_at IS NOT NULL AS "proposalsRead",
  CASE WHEN ${bids('r')} THEN 0 ELSE (SELECT count(*) FROM proposal q WHERE q.request_id = r.id AND q.state <> 'WITHDRAWN') END AS "proposalCount",
  (SELECT b.engagement_id FROM buying_record b WHERE b.request_id = r.id) AS "engagementId",
  ${isOfSchool('r')} AS "isOfSchool", (${isOfSchool('r')} OR ${isOfPartner('r')}) AS "isOfSchools"`;

/** A request that the actor may see, by its id. */
export const requestById: LoaderDefinition<string, SupportRequest | null> = async ({ db, actor }, ids) => {
  const rows = await db.prepared<SupportRequest>('request-by-id', `SELECT ${columns} FROM request r WHERE r.id = ANY($6::uuid[]) AND ${seesRequest('r')}`, [...requestValues(actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

export interface RequestFilter {
  states?: RequestState[] | null;
  schoolUrn?: number | null;
}

// Each part has an index: what a person can see is little, of all that there is.
const MINE = `(r.school_urn = ANY($3::int[]) OR r.school_urn = ANY($4::int[]) OR r.id = ANY(ARRAY(SELECT request_id FROM request_school WHERE school_urn = ANY($2::int[]))))
  AND ${seesRequest('r')} AND ($6::text[] IS NULL OR r.state = ANY($6)) AND ($7::int IS NULL OR r.school_urn = $7)`;

const valuesOf = (actor: Actor, { states, schoolUrn }: RequestFilter) => [...requestValues(actor), states ?? null, schoolUrn ?? null];

/** The requests that the actor may see, newest first. */
export function listRequests(db: Database, actor: Actor, filter: RequestFilter, limit: number, after: [string, string] | null): Promise<SupportRequest[]> {
  return db.query<SupportRequest>(
    `SELECT ${columns} FROM request r WHERE ${MINE} AND ($8::timestamptz IS NULL OR (r.created_at, r.id) < ($8, $9::uuid)) ORDER BY r.created_at DESC, r.id DESC LIMIT $10`,
    [...valuesOf(actor, filter), after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function countRequests(db: Database, actor: Actor, filter: RequestFilter): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM request r WHERE ${MINE}`, valuesOf(actor, filter));
  return row!.count;
}

const TO_JOIN = `FROM request r JOIN request_school j ON j.request_id = r.id AND j.joined_at IS NULL WHERE j.school_urn = ANY($1::int[]) AND r.state = 'OPEN'`;

/** Open requests that schools which the actor leads are asked to join, newest first. */
export function listRequestsToJoin(db: Database, actor: Actor, limit: number, after: [string, string] | null): Promise<RequestToJoin[]> {
  return db.query<RequestToJoin>(
    `SELECT r.id, r.need, r.opened_at AS "openedAt", r.school_urn AS "schoolUrn", array_agg(j.school_urn ORDER BY j.school_urn) AS "askedUrns" ${TO_JOIN}
       AND ($2::timestamptz IS NULL OR (r.opened_at, r.id) < ($2, $3::uuid)) GROUP BY r.id ORDER BY r.opened_at DESC, r.id DESC LIMIT $4`,
    [requestValues(actor)[1], after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function countRequestsToJoin(db: Database, actor: Actor): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(DISTINCT r.id) ${TO_JOIN}`, [requestValues(actor)[1]]);
  return row!.count;
}

/** Partner schools of requests, in the order in which they joined. */
export const partnersOfRequest: LoaderDefinition<string, PartnerSchool[]> = async ({ db }, ids) => {
  const rows = await db.query<PartnerSchool & { id: string }>(
    'SELECT request_id AS id, school_urn AS "schoolUrn", joined_at AS "joinedAt" FROM request_school WHERE request_id = ANY($1) ORDER BY joined_at NULLS LAST, school_urn',
    [ids],
  );
  return groupsInOrder(ids, rows, (row) => row.id);
};

/** Ids of the people whom requests name. */
export const peopleOfRequest: LoaderDefinition<string, string[]> = async ({ db }, ids) => {
  const rows = await db.query<{ id: string; personId: string }>(
    'SELECT n.request_id AS id, n.person_id AS "personId" FROM request_person n JOIN person p ON p.id = n.person_id WHERE n.request_id = ANY($1) ORDER BY p.name, p.id',
    [ids],
  );
  return groupsInOrder(ids, rows, (row) => row.id).map((group) => group.map((row) => row.personId));
};

/** Ids of the listings that requests keep ready to invite. */
export const listingsOfRequest: LoaderDefinition<string, string[]> = async ({ db }, ids) => {
  const rows = await db.query<{ id: string; listingId: string }>(
    'SELECT n.request_id AS id, n.listing_id AS "listingId" FROM request_listing n JOIN listing l ON l.id = n.listing_id WHERE n.request_id = ANY($1) ORDER BY l.title, l.id',
    [ids],
  );
  return groupsInOrder(ids, rows, (row) => row.id).map((group) => group.map((row) => row.listingId));
};

const question = (yours: string) => `n.id, n.text, n.asked_at AS "askedAt", n.answer, n.answered_at AS "answeredAt", ${yours} AS yours`;

/** All questions about requests, for those who see the requests. */
export const questionsOfRequest: LoaderDefinition<string, RequestQuestion[]> = async ({ db }, ids) => {
  const rows = await db.query<RequestQuestion & { requestId: string }>(
    `SELECT ${question('false')}, n.request_id AS "requestId" FROM question n WHERE n.request_id = ANY($1) ORDER BY n.asked_at, n.id`,
    [ids],
  );
  return groupsInOrder(ids, rows, (row) => row.requestId);
};

/** What is asked and answered beside invitations: a provider sees its own questions, and of the others those that are answered. */
export const questionsOfInvitation: LoaderDefinition<string, RequestQuestion[]> = async ({ db, actor }, ids) => {
  const rows = await db.query<RequestQuestion & { invitationId: string }>(
    `SELECT ${question('n.invitation_id = i.id AND i.provider_id = ANY($5::uuid[])')}, i.id AS "invitationId"
     FROM invitation i JOIN request r ON r.id = i.request_id JOIN question n ON n.request_id = r.id
     WHERE i.id = ANY($6::uuid[]) AND ${seesInvitation('i', 'r')} AND (n.invitation_id = i.id OR n.answer IS NOT NULL) ORDER BY n.asked_at, n.id`,
    [...requestValues(actor), ids],
  );
  return groupsInOrder(ids, rows, (row) => row.invitationId);
};

/** The record of the purchase that a request led to, for its schools. */
export const buyingRecordOfRequest: LoaderDefinition<string, BuyingRecord | null> = async ({ db, actor }, ids) => {
  const rows = await db.query<BuyingRecord & { requestId: string }>(
    `SELECT b.request_id AS "requestId", b.whole_cost_pence AS "wholeCostPence", b.price_pence AS "pricePence", b.vat, b.travel_pence AS "travelPence",
            b.cover_pence AS "coverPence", b.reasons, b.interests, b.approver_name AS "approverName", b.approver_role AS "approverRole",
            b.governors_approval AS "governorsApproval", b.quotes, b.quotes_needed AS "quotesNeeded", b.fewer_quotes_reason AS "fewerQuotesReason",
            b.invited, b.made_at AS "madeAt"
     FROM buying_record b JOIN request r ON r.id = b.request_id WHERE r.id = ANY($6::uuid[]) AND (${isOfSchool('r')} OR ${isOfPartner('r')}) AND num_nulls($4::int[], $5::uuid[]) >= 0`,
    [...requestValues(actor), ids],
  );
  return inOrder(ids, rows, (row) => row.requestId);
};

/** The limits of an LA's scheme or a trust's policy, lowest first. */
export function readLimits(db: Database, laCode: string | null, trustId: string | null): Promise<PurchaseLimit[]> {
  return db.query<PurchaseLimit>(
    `SELECT over_pence AS "overPence", quotes, governors_approval AS "governorsApproval" FROM purchase_limit WHERE la_code = $1 OR trust_id = $2 ORDER BY over_pence`,
    [laCode, trustId],
  );
}
