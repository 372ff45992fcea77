import { createHash } from 'node:crypto';
import { categories, deliveries, ecmOutcomes, providerKinds, supportPhases } from '../directory/index.js';
import { inBulk } from '../platform/bulk.js';
import type { Database, Queryable } from '../platform/database/index.js';
import { packBitmaps } from './postgres/bitmap.js';
import { ENTRY_SHAPE, renewStems, writeEntries } from './postgres/entry.js';

/** The words that people read for the codes of a listing, so that a search for them finds it; the names of LAs that it names are added. */
const labels = { ...categories, ...ecmOutcomes, ...supportPhases, ...deliveries, ...providerKinds, FREE: 'Free' };

const priceBand = (l: string) => `CASE WHEN ${l}.price_kind = 'FREE' THEN 'FREE' WHEN ${l}.price_kind = 'BESPOKE' THEN 'ON_AGREEMENT'
        WHEN ${l}.price_pence <= 10000 THEN 'UP_TO_100' WHEN ${l}.price_pence <= 50000 THEN 'UP_TO_500' WHEN ${l}.price_pence <= 200000 THEN 'UP_TO_2000' ELSE 'OVER_2000' END`;

/** Locks the providers as every writer does. Without it a rebuild could write what it read before a change, after it. */
const LOCK = `
  SELECT count(*) FROM (
    SELECT id FROM provider WHERE id IN (SELECT provider_id FROM listing WHERE id = ANY($1)) ORDER BY id FOR NO KEY UPDATE
  ) AS locked`;

/**
 * Listings $1 become documents if they are to be found, else are removed; $2 are the labels by code. Inside `content`
 * the facets carry the names of the port's groups; `laCodes` are all LAs covered, unless `national`; easting and
 * northing are the provider's base; `publishedAt` is in milliseconds since 1970. One that stays the same is not
 * written, and only the ids of those that are come back.
 */
const WRITE = `
  WITH found AS MATERIALIZED (
    SELECT l.*, p.name AS provider_name, p.kind, p.assurance, p.school_urn, p.assuring_la, p.base_easting::bigint AS easting, p.base_northing::bigint AS northing,
      l.radius_km * 1000::bigint AS radius
    FROM listing l JOIN provider p ON p.id = l.provider_id
    WHERE l.id = ANY($1) AND l.state = 'PUBLISHED' AND p.state = 'LISTED'
  ),
  box AS MATERIALIZED (
    SELECT la_code, min(easting) AS west, max(easting) AS east, min(northing) AS south, max(northing) AS north
    FROM school WHERE status = 'OPEN' AND easting IS NOT NULL GROUP BY la_code
  ),
  circle AS (
    SELECT c.easting, c.northing, c.radius, array_agg(box.la_code) AS la_codes
    FROM (SELECT DISTINCT easting, northing, radius FROM found WHERE NOT national AND radius IS NOT NULL AND easting IS NOT NULL) AS c
    JOIN box ON box.east >= c.easting - c.radius AND box.west <= c.easting + c.radius AND box.north >= c.northing - c.radius AND box.south <= c.northing + c.radius
    WHERE EXISTS (
      SELECT FROM school s
      WHERE s.la_code = box.la_code AND s.status = 'OPEN'
        AND (s.easting - c.easting) * (s.easting - c.easting) + (s.northing - c.northing) * (s.northing - c.northing) <= c.radius * c.radius
    )
    GROUP BY c.easting, c.northing, c.radius
  ),
  -- LAs that withhold it from their area: it covers them no more, and what covers the whole country covers all others.
  withheld AS (
    SELECT listing_id, array_agg(la_code) AS codes FROM listing_withholding WHERE listing_id = ANY($1) AND state = 'WITHHELD' GROUP BY 1
  ),
  document AS (
    SELECT f.id, jsonb_build_object(
      'title', f.title,
      'summary', f.summary,
      'description', f.description,
      'keywords', f.keywords,
      'labels', (SELECT coalesce(jsonb_agg($2::jsonb ->> code), '[]') FROM unnest(f.categories || f.ecm_outcomes || f.phases || f.delivery || f.kind || CASE WHEN f.price_kind = 'FREE' THEN 'FREE' END) AS code WHERE code IS NOT NULL)
        || (SELECT coalesce(jsonb_agg(name), '[]') FROM local_authority WHERE code = ANY(f.la_codes)),
      'providerId', f.provider_id,
      'providerName', f.provider_name,
      'categories', f.categories,
      'ecmOutcomes', f.ecm_outcomes,
      'phases', f.phases,
      'deliveries', f.delivery,
      'kinds', ARRAY[f.kind],
      'assurances', ARRAY[f.assurance],
      'free', ARRAY[f.price_kind = 'FREE'],
      'priceBands', ARRAY[${priceBand('f')}],
      'hasCapacity', ARRAY[f.capacity <> 'FULL'],
      'schoolUrn', f.school_urn,
      'homeLa', coalesce((SELECT la_code FROM school WHERE urn = f.school_urn), f.assuring_la),
      'national', f.national AND w.codes IS NULL,
      'laCodes', CASE WHEN f.national AND w.codes IS NULL THEN '[]'
        WHEN f.national THEN (SELECT coalesce(jsonb_agg(code ORDER BY code), '[]') FROM living_authority WHERE code <> ALL(w.codes))
        ELSE (SELECT coalesce(jsonb_agg(DISTINCT code), '[]') FROM unnest(f.la_codes || c.la_codes) AS code WHERE code <> ALL(coalesce(w.codes, '{}'))) END,
      'priceKind', f.price_kind,
      'pricePence', f.price_pence,
      'priceUnit', f.price_unit,
      'capacity', f.capacity,
      'easting', f.easting,
      'northing', f.northing,
      'publishedAt', floor(extract(epoch FROM coalesce(f.published_at, f.created_at)) * 1000)::bigint
    ) AS content
    FROM found f LEFT JOIN circle c USING (easting, northing, radius) LEFT JOIN withheld w ON w.listing_id = f.id
  ),
  removed AS (
    DELETE FROM search_document d WHERE d.listing_id = ANY($1) AND NOT EXISTS (SELECT FROM found f WHERE f.id = d.listing_id)
  )
  INSERT INTO search_document AS d (listing_id, version, content)
  SELECT id, nextval('search_version'), content FROM document ORDER BY id
  ON CONFLICT (listing_id) DO UPDATE SET version = nextval('search_version'), content = excluded.content
    WHERE d.content IS DISTINCT FROM excluded.content
  RETURNING d.listing_id AS id`;

/**
 * Makes the documents of these listings true: called by whoever changed the listings or their provider, in the same
 * transaction, so that the change and what search finds are one. Three statements for any number of listings.
 */
export async function refreshDocuments(tx: Queryable, listingIds: readonly string[]): Promise<void> {
  await tx.query(LOCK, [listingIds]);
  const written = await tx.query<{ id: string }>(WRITE, [listingIds, labels]);
  await writeEntries(tx, written.map(({ id }) => id));
}

/** Refreshes all listings of these providers. */
export async function refreshProviders(tx: Queryable, providerIds: readonly string[]): Promise<void> {
  const listings = await tx.query<{ id: string }>('SELECT id FROM listing WHERE provider_id = ANY($1)', [providerIds]);
  await refreshDocuments(tx, listings.map(({ id }) => id));
}

const PROVIDERS_AT_ONCE = 500;
/** From so many listings on new documents are written in bulk. */
const MANY = 2000;

/**
 * Refreshes every listing, after what documents are drawn from changed as a whole: an import of schools moves the
 * LAs that a distance covers. A transaction for some providers at a time, so that nobody waits long.
 */
export async function rebuildDocuments(db: Database): Promise<void> {
  const parts = providersInParts(db);
  const worker = async () => {
    for await (const providers of parts) await db.longTransaction((tx) => refreshProviders(tx, providers));
  };
  await Promise.all([worker(), worker()]);
  await db.longTransaction(finishRebuild);
}

const SHAPE = createHash('sha256').update(JSON.stringify([WRITE, labels, ENTRY_SHAPE])).digest('hex');

/** Makes all documents anew if this version of the product makes them otherwise than the one that made them. */
export async function upgradeDocuments(db: Database): Promise<void> {
  const [made] = await db.query<{ shape: string }>(`SELECT value ->> 0 AS shape FROM setting WHERE name = 'search-documents'`);
  if (made?.shape === SHAPE) return;
  await db.longTransaction(renewStems);
  for await (const providers of providersInParts(db)) {
    await db.longTransaction(async (tx) => {
      await refreshProviders(tx, providers);
      const kept = await tx.query<{ id: string }>('SELECT d.listing_id AS id FROM search_document d JOIN listing l ON l.id = d.listing_id WHERE l.provider_id = ANY($1)', [providers]);
      await writeEntries(tx, kept.map(({ id }) => id));
    });
  }
  await db.longTransaction(async (tx) => {
    await finishRebuild(tx);
    await tx.query(`INSERT INTO setting (name, value) VALUES ('search-documents', jsonb_build_array($1::text)) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [SHAPE]);
  });
}

/** The same in the caller's transaction, which nobody should be waiting for. */
export async function rebuildDocumentsIn(tx: Queryable): Promise<void> {
  const rebuild = async () => {
    for await (const providers of providersInParts(tx)) await refreshProviders(tx, providers);
  };
  const [{ isNew }] = (await tx.query<{ isNew: boolean }>('SELECT count(*) > $1 AND NOT EXISTS (SELECT FROM search_document) AS "isNew" FROM listing', [MANY])) as [{ isNew: boolean }];
  await (isNew ? inBulk(tx, ['search_document', 'search_entry', 'search_name'], rebuild) : rebuild());
  await finishRebuild(tx);
}

async function finishRebuild(tx: Queryable): Promise<void> {
  await packBitmaps(tx);
  await tx.query('ANALYZE search_document, search_entry, search_name, search_bitmap, search_word');
}

async function* providersInParts(db: Queryable): AsyncGenerator<string[]> {
  for (let after: string | null = null; ; ) {
    const rows: { id: string }[] = await db.query('SELECT id FROM provider WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2', [after, PROVIDERS_AT_ONCE]);
    if (rows.length === 0) return;
    yield rows.map(({ id }) => id);
    after = rows.at(-1)!.id;
  }
}
