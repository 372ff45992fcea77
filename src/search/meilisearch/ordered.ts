import type { Database } from '../../platform/database/index.js';
import type { Point } from '../../schools/index.js';
import type { SearchQuery } from '../port.js';
import { placeName, placeOfName } from './document.js';
import type { Ask, FacetedQuery } from './query.js';
import { DEEPEST } from './settings.js';
import { Deferred } from './unavailable.js';

/** So few are read whole; of more, PostgreSQL says first which can be on the page. */
const FEW = 200;
/** Beyond so many listings, whose bases make a long list, PostgreSQL is the faster one. */
const FARTHEST = 2000;

interface Found {
  id: string;
  place: string | null;
  publishedAt: number;
}

/**
 * The page in an explicit order that Meilisearch cannot sort by: by distance (its `_geo` makes each update some four
 * times as slow), or newest first among words (it sorts either before or after it ranks, for all searches). Read is what
 * fits and lies within a horizon, the nearest or newest listings there are, wide enough for the page; it is put in order here.
 */
export async function orderedHits(ask: Ask, db: Database, query: SearchQuery, faceted: FacetedQuery, total: number): Promise<Found[]> {
  const needed = Math.min(query.offset + query.limit, total);
  if (query.offset >= total || query.limit === 0) return [];
  const { q } = faceted.queries[0]!;
  const compare = query.order === 'DISTANCE' ? byDistance(query.from!) : byNewest;
  let share: number | null = null;
  for (let wide = 0; ; ) {
    if (total > FEW) {
      if (wide >= FARTHEST) throw new Deferred();
      share ??= total / (await countDocuments(db));
      wide = Math.min(Math.ceil(wide ? wide * 4 : (needed * 1.5) / share + 20), FARTHEST);
    }
    const horizon = total > FEW ? [await horizonOf(db, query, wide)] : [];
    const [answer] = await ask([{ q: q ?? '', matchingStrategy: 'all', filter: [...faceted.filter, ...horizon], limit: DEEPEST, attributesToRetrieve: ['id', 'place', 'publishedAt'] }]);
    const hits = answer!.hits as Found[];
    if ((answer!.estimatedTotalHits ?? 0) > hits.length) throw new Deferred(); // too much at the same place
    if (hits.length >= needed || horizon.length === 0) return hits.sort(compare).slice(query.offset, needed);
  }
}

/** A filter that the first `wide` listings in this order pass, and with them all that are as near or as new as the last. */
async function horizonOf(db: Database, { order, from }: SearchQuery, wide: number): Promise<string> {
  if (order === 'NEWEST') {
    const [row] = await db.query<{ oldest: number }>('SELECT published_at AS oldest FROM search_entry ORDER BY published_at DESC OFFSET $1 LIMIT 1', [wide - 1]);
    return `publishedAt >= ${row?.oldest ?? 0}`;
  }
  const rows = await db.query<{ place: string }>(
    `SELECT DISTINCT ${placeName('place')} AS place FROM (SELECT place FROM search_entry WHERE place IS NOT NULL ORDER BY place <-> point($1, $2) LIMIT $3) AS nearest`,
    [from!.easting, from!.northing, wide],
  );
  return `place IN [${rows.map(({ place }) => JSON.stringify(place)).join()}]`;
}

async function countDocuments(db: Database): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT greatest(reltuples, 1)::int AS count FROM pg_class WHERE oid = 'search_entry'::regclass`);
  return row!.count;
}

const byId = (a: Found, b: Found) => (a.id < b.id ? -1 : 1);
const byNewest = (a: Found, b: Found) => b.publishedAt - a.publishedAt || byId(a, b);

function byDistance(from: Point): (a: Found, b: Found) => number {
  const squared = ({ place }: Found) => {
    if (place === null || place === undefined) return Infinity;
    const { easting, northing } = placeOfName(place);
    return (easting - from.easting) ** 2 + (northing - from.northing) ** 2;
  };
  return (a, b) => {
    const [one, other] = [squared(a), squared(b)];
    return one === other ? byId(a, b) : one - other;
  };
}
