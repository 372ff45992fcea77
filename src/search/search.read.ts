import type { Queryable } from '../platform/database/index.js';
import { inOrder, type LoaderDefinition } from '../platform/request.js';
import type { Choices, Neighbours } from './port.js';

export interface Vouching {
  partnership: number;
  la: number;
}

/** How many schools around a school recommend each listing: of its partnership, and of its LA without those. */
export const vouchingNearby: LoaderDefinition<{ listingId: string; neighbours: Neighbours }, Vouching> = async ({ db }, keys) => {
  const { partnership, laCode } = keys[0]!.neighbours; // one search, so one school
  const ids = keys.map(({ listingId }) => listingId);
  const rows = await db.prepared<Vouching & { id: string }>(
    'vouching nearby',
    `SELECT named.listing_id AS id, count(*) FILTER (WHERE r.school_urn = ANY($2)) AS partnership,
       count(*) FILTER (WHERE s.la_code = $3 AND r.school_urn <> ALL($2)) AS la
     FROM recommendation_listing named JOIN counting_recommendation r ON r.id = named.recommendation_id JOIN school s ON s.urn = r.school_urn
     WHERE named.listing_id = ANY($1) AND named.changed_at IS NULL GROUP BY named.listing_id`,
    [ids, partnership, laCode],
  );
  return inOrder(ids, rows, (row) => row.id).map((row) => row ?? { partnership: 0, la: 0 });
};

/** How many providers that fit the choices wait for recommendations: those with a listing of the categories and phases, for one of the LAs. */
export async function countAwaiting(db: Queryable, { categories = [], phases = [], laCodes = [] }: Partial<Choices>): Promise<number> {
  const [row] = await db.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM provider p
     WHERE p.state = 'AWAITING_RECOMMENDATIONS' AND EXISTS (
       SELECT FROM listing l WHERE l.provider_id = p.id AND l.state = 'PUBLISHED'
         AND ($1::text[] = '{}' OR l.categories && $1) AND ($2::text[] = '{}' OR l.phases && $2)
         AND ($3::text[] = '{}' OR l.national OR l.la_codes && $3 OR l.radius_km IS NOT NULL AND p.base_easting IS NOT NULL AND EXISTS (
           SELECT FROM school s WHERE s.la_code = ANY($3) AND s.status = 'OPEN'
             AND (s.easting - p.base_easting)::bigint ^ 2 + (s.northing - p.base_northing)::bigint ^ 2 <= (l.radius_km * 1000::bigint) ^ 2)))`,
    [categories, phases, laCodes],
  );
  return row!.n;
}
