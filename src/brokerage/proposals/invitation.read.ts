import type { Actor } from '../../platform/actor.js';
import type { Database } from '../../platform/database/index.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../../platform/request.js';
import type { ChoiceNeeds, Invitation, Proposal } from './invitation.type.js';
import { type Limit, limitsOf, needsOf, type Price } from './limits.js';
import type { InvitationState } from '../vocabulary.js';
import { isOfPartner, isOfSchool, isRevealed, knowsSchool, requestValues, seesInvitation, seesProposal } from '../visibility.js';

const knows = knowsSchool('i', 'r');
const invitations = `
  SELECT i.id, i.state, i.version, i.request_id AS "requestId", i.provider_id AS "providerId", i.listing_id AS "listingId", i.sent_at AS "sentAt", i.opened_at AS "openedAt",
         i.expires_at AS "expiresAt", r.questions_until AS "questionsUntil", ${knows} AS "knowsSchool", (i.provider_id = ANY($5::uuid[]) OR ${isOfSchool('r')}) AS "isParty",
         jsonb_build_object(
           'need', r.need, 'objectives', r.objectives, 'categories', r.categories, 'phases', r.phases, 'wantedFrom', r.wanted_from, 'wantedTo', r.wanted_to,
           'budgetPence', r.budget_pence, 'region', la.region, 'confidential', r.confidential,
           'triedInSchool', CASE WHEN ${knows} THEN r.tried_in_school END, 'triedInPartnership', CASE WHEN ${knows} THEN r.tried_in_partnership END,
           'schoolUrn', CASE WHEN ${knows} THEN r.school_urn END) AS brief
  FROM invitation i JOIN request r ON r.id = i.request_id JOIN school s ON s.urn = r.school_urn JOIN local_authority la ON la.code = s.la_code`;

/** An invitation that the actor may see, by its id. */
export const invitationById: LoaderDefinition<string, Invitation | null> = async ({ db, actor }, ids) => {
  const rows = await db.prepared<Invitation>('invitation-by-id', `${invitations} WHERE i.id = ANY($6::uuid[]) AND ${seesInvitation('i', 'r')}`, [...requestValues(actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

/** The invitations of requests, in the order in which they were sent. */
export const invitationsOfRequest: LoaderDefinition<string, Invitation[]> = async ({ db, actor }, requestIds) => {
  const rows = await db.query<Invitation>(`${invitations} WHERE r.id = ANY($6::uuid[]) AND ${seesInvitation('i', 'r')} ORDER BY i.sent_at, i.id`, [...requestValues(actor), requestIds]);
  return groupsInOrder(requestIds, rows, (row) => row.requestId);
};

const OF_PROVIDERS = `i.provider_id = ANY($5::uuid[]) AND ($6::text[] IS NULL OR i.state = ANY($6)) AND num_nulls($1::uuid, $2::int[], $3::int[], $4::int[]) >= 0`;

/** Invitations of the actor's providers, newest first. */
export function listInvitations(db: Database, actor: Actor, states: InvitationState[] | null, limit: number, after: [string, string] | null): Promise<Invitation[]> {
  return db.query<Invitation>(
    `${invitations} WHERE ${OF_PROVIDERS} AND ($7::timestamptz IS NULL OR (i.sent_at, i.id) < ($7, $8::uuid)) ORDER BY i.sent_at DESC, i.id DESC LIMIT $9`,
    [...requestValues(actor), states, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function countInvitations(db: Database, actor: Actor, states: InvitationState[] | null): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM invitation i WHERE ${OF_PROVIDERS}`, [...requestValues(actor), states]);
  return row!.count;
}

const ofSchools = `(${isOfSchool('r')} OR ${isOfPartner('r')})`;
const proposals = `
  SELECT q.id, q.state, q.version, q.request_id AS "requestId", q.invitation_id AS "invitationId", q.provider_id AS "providerId", q.summary, q.outcome, q.who_comes AS "whoComes",
         q.starts_on AS "startsOn", q.ends_on AS "endsOn", q.price_pence AS "pricePence", q.vat, q.travel_pence AS "travelPence", q.works_with_pupils AS "worksWithPupils",
         q.created_at AS "submittedAt", q.updated_at AS "updatedAt",
         (SELECT b.engagement_id FROM buying_record b WHERE b.chosen_proposal_id = q.id) AS "engagementId", ${ofSchools} AS "isOfSchools", (q.provider_id = ANY($5::uuid[]) OR ${isOfSchool('r')}) AS "isParty",
         (${ofSchools} OR ${isRevealed('i', 'r')}) AS "knowsSchool"
  FROM proposal q JOIN request r ON r.id = q.request_id JOIN invitation i ON i.id = q.invitation_id`;

/** A proposal that the actor may see, by its id. */
export const proposalById: LoaderDefinition<string, Proposal | null> = async ({ db, actor }, ids) => {
  const rows = await db.prepared<Proposal>('proposal-by-id', `${proposals} WHERE q.id = ANY($6::uuid[]) AND ${seesProposal('q', 'r')}`, [...requestValues(actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

/** The proposals for requests that the actor may see, in the order in which they were made. */
export const proposalsOfRequest: LoaderDefinition<string, Proposal[]> = async ({ db, actor }, requestIds) => {
  const rows = await db.query<Proposal>(`${proposals} WHERE r.id = ANY($6::uuid[]) AND ${seesProposal('q', 'r')} ORDER BY q.created_at, q.id`, [...requestValues(actor), requestIds]);
  return groupsInOrder(requestIds, rows, (row) => row.requestId);
};

/** The proposal that stands for an invitation, where the actor may see it; else the last that was withdrawn. */
export const proposalOfInvitation: LoaderDefinition<string, Proposal | null> = async ({ db, actor }, invitationIds) => {
  const rows = await db.query<Proposal>(
    `SELECT DISTINCT ON ("invitationId") * FROM (${proposals} WHERE i.id = ANY($6::uuid[]) AND ${seesProposal('q', 'r')}) seen
     ORDER BY "invitationId", (state <> 'WITHDRAWN') DESC, "submittedAt" DESC`,
    [...requestValues(actor), invitationIds],
  );
  return inOrder(invitationIds, rows, (row) => row.invitationId);
};

export interface NeedsKey {
  proposalId: string;
  coverPence: number;
}

/** What choosing proposals would need, with so much for cover. The caller has checked that the actor sees them for a school. */
export const needsOfChoice: LoaderDefinition<NeedsKey, ChoiceNeeds | null> = async ({ db }, keys) => {
  const rows = await db.query<Price & { id: string; limits: Limit[]; quotes: number }>(
    `SELECT q.id, q.price_pence AS "pricePence", q.vat, q.travel_pence AS "travelPence", ${limitsOf('s')} AS limits,
            (SELECT count(*) FROM proposal o WHERE o.request_id = q.request_id AND o.state <> 'WITHDRAWN') AS quotes
     FROM proposal q JOIN request r ON r.id = q.request_id JOIN school s ON s.urn = r.school_urn WHERE q.id = ANY($1)`,
    [[...new Set(keys.map(({ proposalId }) => proposalId))]],
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  return keys.map(({ proposalId, coverPence }) => {
    const row = found.get(proposalId);
    if (!row) return null;
    const needs = needsOf(row.limits, row, coverPence, row.quotes);
    return { ...needs, moreQuotesNeeded: needs.quotes < needs.quotesNeeded };
  });
};
