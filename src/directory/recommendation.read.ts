import type { Actor } from '../platform/actor.js';
import { reading, readingById } from '../platform/columns.js';
import type { Database } from '../platform/database/index.js';
import { groupsInOrder, inOrder, type LoaderDefinition, type RequestContext } from '../platform/request.js';
import { recommendationColumns, recommendationPages, recommendationPagesOfListing } from './columns.js';
import { nestedPages } from './nested-pages.js';
import type { Recommendation } from './recommendation.type.js';
import type { RecommendationState } from './vocabulary.js';
import { stillVouches } from './vouched/keep.js';
import { seesRecommendation, visibilityValues } from './visibility.js';

const byId = readingById<string, Recommendation>(
  recommendationColumns,
  'recommendation-by-id',
  (select) => `SELECT ${select} FROM recommendation r JOIN provider p ON p.id = r.provider_id WHERE r.id = ANY($5::uuid[]) AND ${seesRecommendation('r', 'p')}`,
);

/** A recommendation that the actor may see, by its id. */
export const recommendationById: LoaderDefinition<string, Recommendation | null> = (context, ids) => byId(context, visibilityValues(context.actor), ids);

/** The recommendations of a provider that the actor may see, newest first. */
export const recommendationsOfProvider = nestedPages<Recommendation>(recommendationPages);

/** The recommendations that count and name a listing, newest first. */
export const recommendationsOfListing = nestedPages<Recommendation>(recommendationPagesOfListing);

export const countRecommendationsOfListing: LoaderDefinition<string, number> = async ({ db, actor }, listingIds) => {
  const rows = await db.prepared<{ id: string; count: number }>(
    'recommendation-count-of-listing',
    `SELECT n.listing_id AS id, count(*) FROM recommendation_listing n JOIN counting_recommendation r ON r.id = n.recommendation_id JOIN provider p ON p.id = r.provider_id
     WHERE n.listing_id = ANY($5::uuid[]) AND ${stillVouches('n')} AND ${seesRecommendation('r', 'p')} GROUP BY n.listing_id`,
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

const own = reading<Recommendation>(
  recommendationColumns,
  'own-recommendations',
  (select) => `
    SELECT ${select} FROM recommendation r JOIN provider p ON p.id = r.provider_id
    WHERE r.school_urn = ANY($3::int[]) AND ($5::text[] IS NULL OR r.state = ANY($5)) AND ($6::timestamptz IS NULL OR (r.created_at, r.id) < ($6, $7::uuid))
      AND ${seesRecommendation('r', 'p')}
    ORDER BY r.created_at DESC, r.id DESC LIMIT $8`,
);

/** Recommendations asked of, or given by, the schools that the actor leads, newest first. */
export function listOwnRecommendations(
  context: RequestContext,
  states: RecommendationState[] | null,
  limit: number,
  after: [string, string] | null,
): Promise<Recommendation[]> {
  return own(context, [...visibilityValues(context.actor), states, after?.[0] ?? null, after?.[1] ?? null, limit]);
}

export async function countOwnRecommendations(db: Database, actor: Actor, states: RecommendationState[] | null): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `SELECT count(*) FROM recommendation r JOIN provider p ON p.id = r.provider_id
     WHERE r.school_urn = ANY($3::int[]) AND ($5::text[] IS NULL OR r.state = ANY($5)) AND ${seesRecommendation('r', 'p')}`,
    [...visibilityValues(actor), states],
  );
  return row!.count;
}
