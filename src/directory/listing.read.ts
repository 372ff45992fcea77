import { groupsInOrder, inOrder, type LoaderDefinition } from '../platform/request.js';
import type { Listing } from './listing.type.js';
import type { PageKey } from './page-key.js';
import { seesListing, visibilityValues } from './visibility.js';

const COLUMNS = `
  l.id, l.provider_id AS "providerId", l.state, l.title, l.summary, l.description, l.categories, l.ecm_outcomes AS "ecmOutcomes", l.phases, l.keywords, l.delivery,
  l.national, l.la_codes AS "laCodes", l.radius_km AS "radiusKm", l.price_kind AS "priceKind", l.price_pence AS "pricePence", l.price_unit AS "priceUnit", l.vat,
  l.free_link AS "freeLink", l.capacity, l.available_from AS "availableFrom", l.evidence, l.version, l.published_at AS "publishedAt",
  coalesce(l.contact_name, p.contact_name) AS "contactName", CASE WHEN l.contact_name IS NULL THEN p.contact_role ELSE '' END AS "contactRole",
  CASE WHEN num_nonnulls(l.contact_email, l.contact_phone) = 0 THEN p.contact_email ELSE l.contact_email END AS "contactEmail",
  CASE WHEN num_nonnulls(l.contact_email, l.contact_phone) = 0 THEN p.contact_phone ELSE l.contact_phone END AS "contactPhone"`;

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

const listingOf = ({ contactName, contactRole, contactEmail, contactPhone, priceKind, pricePence, priceUnit, vat, freeLink, ...row }: Row): Listing => ({
  ...row,
  contact: { name: contactName, role: contactRole, email: contactEmail, phone: contactPhone },
  price: { kind: priceKind, pence: pricePence, unit: priceUnit, vat, link: freeLink },
});

/** A listing that the actor may see, by its id. */
export const listingById: LoaderDefinition<string, Listing | null> = async ({ db, actor }, ids) => {
  const rows = await db.prepared<Row>(
    'listing-by-id',
    `SELECT ${COLUMNS} FROM listing l JOIN provider p ON p.id = l.provider_id WHERE l.id = ANY($5::uuid[]) AND ${seesListing('l', 'p')}`,
    [...visibilityValues(actor), ids],
  );
  return inOrder(ids, rows.map(listingOf), (row) => row.id);
};

/** The listings of a provider that the actor may see, by title: a page and one more. Removed ones are left out. */
export const listingsOfProvider: LoaderDefinition<PageKey, Listing[]> = async ({ db, actor }, keys) => {
  const rows = await db.prepared<Row & { page: number }>(
    'listings-of-provider',
    `SELECT k.page, l.* FROM unnest($5::uuid[], $6::int[], $7::text[], $8::uuid[]) WITH ORDINALITY AS k (provider_id, first, after_title, after_id, page)
     CROSS JOIN LATERAL (
       SELECT ${COLUMNS} FROM listing l JOIN provider p ON p.id = l.provider_id
       WHERE l.provider_id = k.provider_id AND l.state <> 'REMOVED' AND ${seesListing('l', 'p')}
         AND (k.after_title IS NULL OR (l.title, l.id) > (k.after_title, k.after_id))
       ORDER BY l.title, l.id LIMIT k.first + 1
     ) l ORDER BY k.page, l.title, l.id`,
    [...visibilityValues(actor), keys.map((key) => key.of), keys.map((key) => key.first), keys.map((key) => key.after?.[0] ?? null), keys.map((key) => key.after?.[1] ?? null)],
  );
  return groupsInOrder(
    keys.map((_, i) => i + 1),
    rows,
    (row) => row.page,
  ).map((page) => page.map(listingOf));
};

export const countListings: LoaderDefinition<string, number> = async ({ db, actor }, providerIds) => {
  const rows = await db.prepared<{ id: string; count: number }>(
    'listing-count',
    `SELECT p.id, count(*) FROM listing l JOIN provider p ON p.id = l.provider_id
     WHERE p.id = ANY($5::uuid[]) AND l.state <> 'REMOVED' AND ${seesListing('l', 'p')} GROUP BY p.id`,
    [...visibilityValues(actor), providerIds],
  );
  return inOrder(providerIds, rows, (row) => row.id).map((row) => row?.count ?? 0);
};
