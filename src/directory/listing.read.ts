import { type Columns, selecting } from '../platform/columns.js';
import { inOrder, type LoaderDefinition } from '../platform/request.js';
import type { Listing } from './listing.type.js';
import { nestedPages, type PageKey } from './nested-pages.js';
import { seesListing, visibilityValues } from './visibility.js';

const columns: Columns = {
  type: 'Listing',
  fields: ['id', 'title', 'summary', 'delivery', 'national', 'radiusKm', 'localAuthorities', 'price', 'capacity', 'availableFrom', 'provider', 'recommendations'],
  brief: `
    l.id, l.provider_id AS "providerId", l.title, l.summary, l.delivery, l.national, l.la_codes AS "laCodes", l.radius_km AS "radiusKm", l.price_kind AS "priceKind",
    l.price_pence AS "pricePence", l.price_unit AS "priceUnit", l.vat, l.free_link AS "freeLink", l.capacity, l.available_from AS "availableFrom"`,
  rest: `
    l.state, l.description, l.categories, l.ecm_outcomes AS "ecmOutcomes", l.phases, l.keywords, l.evidence, l.version, l.published_at AS "publishedAt",
    coalesce(l.contact_name, p.contact_name) AS "contactName", CASE WHEN l.contact_name IS NULL THEN p.contact_role ELSE '' END AS "contactRole",
    CASE WHEN num_nonnulls(l.contact_email, l.contact_phone) = 0 THEN p.contact_email ELSE l.contact_email END AS "contactEmail",
    CASE WHEN num_nonnulls(l.contact_email, l.contact_phone) = 0 THEN p.contact_phone ELSE l.contact_phone END AS "contactPhone"`,
};

interface Row extends Omit<Listing, 'contact' | 'price'> {
  priceKind: Listing['price']['kind'];
  pricePence: Listing['price']['pence'];
  priceUnit: Listing['price']['unit'];
  vat: Listing['price']['vat'];
  freeLink: Listing['price']['link'];
  contactName: string;
  contactRole: string;
  contactEmail: string | null;
  contactPhone: string | null;
}

const listingOf = (row: Row): Listing =>
  Object.assign(row, {
    contact: { name: row.contactName, role: row.contactRole, email: row.contactEmail, phone: row.contactPhone },
    price: { kind: row.priceKind, pence: row.pricePence, unit: row.priceUnit, vat: row.vat, link: row.freeLink },
  });

const byId = selecting(
  columns,
  'listing-by-id',
  (list) => `SELECT ${list} FROM listing l JOIN provider p ON p.id = l.provider_id WHERE l.id = ANY($5::uuid[]) AND ${seesListing('l', 'p')}`,
);

/** A listing that the actor may see, by its id. */
export const listingById: LoaderDefinition<string, Listing | null> = async (context, ids) => {
  const rows = await context.db.prepared<Row>(...byId(context), [...visibilityValues(context.actor), ids]);
  return inOrder(ids, rows.map(listingOf), (row) => row.id);
};

const pagesOfProvider = nestedPages<Row>({
  name: 'listings-of-provider',
  columns,
  orderedBy: 'text',
  joins: 'JOIN provider p ON p.id = key.parent',
  children: (list) => `
    SELECT ${list} FROM listing l
    WHERE l.provider_id = key.parent AND l.state <> 'REMOVED' AND ${seesListing('l', 'p')}
      AND (key.after_value IS NULL OR (l.title, l.id) > (key.after_value, key.after_id)) ORDER BY l.title, l.id`,
});

/** The listings of a provider that the actor may see, by title. Removed ones are left out. */
export const listingsOfProvider: LoaderDefinition<PageKey, Listing[]> = async (context, keys) =>
  (await pagesOfProvider(context, keys)).map((page) => page.map(listingOf));

export const countListings: LoaderDefinition<string, number> = async ({ db, actor }, providerIds) => {
  const rows = await db.prepared<{ id: string; count: number }>(
    'listing-count',
    `SELECT p.id, count(*) FROM listing l JOIN provider p ON p.id = l.provider_id
     WHERE p.id = ANY($5::uuid[]) AND l.state <> 'REMOVED' AND ${seesListing('l', 'p')} GROUP BY p.id`,
    [...visibilityValues(actor), providerIds],
  );
  return inOrder(providerIds, rows, (row) => row.id).map((row) => row?.count ?? 0);
};
