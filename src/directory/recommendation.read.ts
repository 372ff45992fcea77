import type { Actor } from '../platform/actor.js';
import { type Columns, selecting } from '../platform/columns.js';
import type { Database } from '../platform/database.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../platform/request.js';
import { nestedPages } from './nested-pages.js';
import type { Recommendation } from './recommendation.type.js';
import type { RecommendationState } from './vocabulary.js';
import { isParty, seesRecommendation, visibilityValues } from './visibility.js';

const columns: Columns = {
  type: 'Recommendation',
  fields: ['id', 'provider', 'school', 'listings', 'whatWasDone', 'whenDone', 'whatChanged', 'givenAt'],
  brief: `
    r.id, r.provider_id AS "providerId", r.school_urn AS "schoolUrn", r.what_was_done AS "whatWasDone", r.when_done AS "whenDone", r.what_changed AS "whatChanged",
    r.given_at AS "givenAt", r.created_at AS "createdAt"`,
  rest: `
    r.state, r.state = 'GIVEN' AND r.independence = 'INDEPENDENT' AS counts, r.independence = 'UNCONFIRMED' AS "awaitsConfirmation", r.lapses_at AS "lapsesAt", r.version,
    ${isParty('r', 'p')} AS "isParty", CASE WHEN ${isParty('r', 'p')} THEN r.given_by END AS "givenById", CASE WHEN ${isParty('r', 'p')} THEN r.message END AS "invitationMessage",
    CASE WHEN ${isParty('r', 'p')} THEN r.invited_at END AS "invitedAt", CASE WHEN ${isParty('r', 'p')} THEN r.expires_at END AS "expiresAt"`,
};

const byId = selecting(
  columns,
  'recommendation-by-id',
  (list) => `SELECT ${list} FROM recommendation r JOIN provider p ON p.id = r.provider_id WHERE r.id = ANY($5::uuid[]) AND ${seesRecommendation('r', 'p')}`,
);

/** A recommendation that the actor may see, by its id. */
export const recommendationById: LoaderDefinition<string, Recommendation | null> = async (context, ids) => {
  const rows = await context.db.prepared<Recommendation>(...byId(context), [...visibilityValues(context.actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

const AFTER = '(key.after_value IS NULL OR (r.created_at, r.id) < (key.after_value, key.after_id)) ORDER BY r.created_at DESC, r.id DESC';

/** The recommendations of a provider that the actor may see, newest first. */
export const recommendationsOfProvider = nestedPages<Recommendation>({
  name: 'recommendations-of-provider',
  columns,
  orderedBy: 'timestamptz',
  joins: 'JOIN provider p ON p.id = key.parent',
  children: (list) => `SELECT ${list} FROM recommendation r WHERE r.provider_id = key.parent AND ${seesRecommendation('r', 'p')} AND ${AFTER}`,
});

/** The recommendations that count and name a listing, newest first. */
export const recommendationsOfListing = nestedPages<Recommendation>({
  name: 'recommendations-of-listing',
  columns,
  orderedBy: 'timestamptz',
  children: (list) => `
    SELECT ${list} FROM recommendation_listing n JOIN counting_recommendation r ON r.id = n.recommendation_id JOIN provider p ON p.id = r.provider_id
    WHERE n.listing_id = key.parent AND ${seesRecommendation('r', 'p')} AND ${AFTER}`,
});

export const countRecommendationsOfListing: LoaderDefinition<string, number> = async ({ db, actor }, listingIds) => {
  const rows = await db.prepared<{ id: string; count: number }>(
    'recommendation-count-of-listing',
    `SELECT n.listing_id AS id, count(*) FROM recommendation_listing n JOIN counting_recommendation r ON r.id = n.recommendation_id JOIN provider p ON p.id = r.provider_id
     WHERE n.listing_id = ANY($5::uuid[]) AND ${seesRecommendation('r', 'p')} GROUP BY n.listing_id`,
    [...visibilityValues(actor), listingIds],
  );
  return inOrder(listingIds, rows, (row) => row.id).map((row) => row?.count ?? 0);
};

export const countRecommendations: LoaderDefinition<string, number> = async ({ db, actor }, providerIds) => {
  const rows = await db.prepared<{ id: string; count: number }>(
    'recommendation-count',
    `SELECT p.id, count(*) FROM recommendation r JOIN provider p ON p.id = r.provider_id WHERE p.id = ANY($5::uuid[]) AND ${seesRecommendation('r', 'p')} GROUP BY p.id`,
    [...visibilityValues(actor), providerIds],
  );
  return inOrder(providerIds, rows, (row) => row.id).map((row) => row?.count ?? 0);
};

/** The ids of the listings that a recommendation names. */
export const listingIdsOfRecommendation: LoaderDefinition<string, string[]> = async ({ db }, ids) => {
  const rows = await db.query<{ id: string; listingId: string }>(
    'SELECT recommendation_id AS id, listing_id AS "listingId" FROM recommendation_listing WHERE recommendation_id = ANY($1) ORDER BY listing_id',
    [ids],
  );
  return groupsInOrder(ids, rows, (row) => row.id).map((group) => group.map((row) => row.listingId));
};

/** Recommendations asked of, or given by, the schools that the actor leads, newest first. */
export async function listOwnRecommendations(db: Database, actor: Actor, states: RecommendationState[] | null, limit: number, after: [string, string] | null) {
  return db.query<Recommendation>(
    `SELECT ${columns.brief}, ${columns.rest} FROM recommendation r JOIN provider p ON p.id = r.provider_id
     WHERE r.school_urn = ANY($3::int[]) AND ($5::text[] IS NULL OR r.state = ANY($5)) AND ($6::timestamptz IS NULL OR (r.created_at, r.id) < ($6, $7::uuid))
       AND ${seesRecommendation('r', 'p')}
     ORDER BY r.created_at DESC, r.id DESC LIMIT $8`,
    [...visibilityValues(actor), states, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function countOwnRecommendations(db: Database, actor: Actor, states: RecommendationState[] | null): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `SELECT count(*) FROM recommendation r JOIN provider p ON p.id = r.provider_id
     WHERE r.school_urn = ANY($3::int[]) AND ($5::text[] IS NULL OR r.state = ANY($5)) AND ${seesRecommendation('r', 'p')}`,
    [...visibilityValues(actor), states],
  );
  return row!.count;
}
