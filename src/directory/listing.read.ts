import { type Columns, reading } from '../platform/columns.js';
import { inOrder, type LoaderDefinition } from '../platform/request.js';
import type { Listing } from './listing.type.js';
import { firstPage, type NestedPages, nestedPages } from './nested-pages.js';
import { pagesOfListing } from './recommendation.read.js';
import { seesListing, visibilityValues } from './visibility.js';

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

const columns: Columns = {
  type: 'Listing',
  sql: {
    id: 'l.id',
    providerId: 'l.provider_id',
    state: 'l.state',
    title: 'l.title',
    summary: 'l.summary',
    description: 'l.description',
    categories: 'l.categories',
    ecmOutcomes: 'l.ecm_outcomes',
    phases: 'l.phases',
    keywords: 'l.keywords',
    delivery: 'l.delivery',
    national: 'l.national',
    laCodes: 'l.la_codes',
    radiusKm: 'l.radius_km',
    priceKind: 'l.price_kind',
    pricePence: 'l.price_pence',
    priceUnit: 'l.price_unit',
    vat: 'l.vat',
    freeLink: 'l.free_link',
    capacity: 'l.capacity',
    availableFrom: 'l.available_from',
    contactName: 'coalesce(l.contact_name, p.contact_name)',
    contactRole: `CASE WHEN l.contact_name IS NULL THEN p.contact_role ELSE '' END`,
    contactEmail: 'CASE WHEN num_nonnulls(l.contact_email, l.contact_phone) = 0 THEN p.contact_email ELSE l.contact_email END',
    contactPhone: 'CASE WHEN num_nonnulls(l.contact_email, l.contact_phone) = 0 THEN p.contact_phone ELSE l.contact_phone END',
    evidence: 'l.evidence',
    version: 'l.version',
    publishedAt: 'l.published_at',
  },
  always: ['id'],
  cursor: ['title'],
  needs: {
    provider: ['providerId'],
    recommendations: [],
    evidenceOfOutcomes: [],
    availableActions: [],
    history: ['providerId'],
    localAuthorities: ['laCodes'],
    price: ['priceKind', 'pricePence', 'priceUnit', 'vat', 'freeLink'],
    contact: ['contactName', 'contactRole', 'contactEmail', 'contactPhone'],
  },
  moments: ['publishedAt'],
  finish: (row: Row & Listing) => {
    row.price = { kind: row.priceKind, pence: row.pricePence, unit: row.priceUnit, vat: row.vat, link: row.freeLink };
    row.contact = { name: row.contactName, role: row.contactRole, email: row.contactEmail, phone: row.contactPhone };
  },
  along: { recommendations: firstPage(pagesOfListing, 'l.id') },
};

const byId = reading<Listing>(
  columns,
  'listing-by-id',
  (select) => `SELECT ${select} FROM listing l JOIN provider p ON p.id = l.provider_id WHERE l.id = ANY($5::uuid[]) AND ${seesListing('l', 'p')}`,
);

/** A listing that the actor may see, by its id. */
export const listingById: LoaderDefinition<string, Listing | null> = async (context, ids) => {
  const rows = await byId(context, [...visibilityValues(context.actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

/** The listings of a provider that the actor may see, by title. Removed ones are left out. */
export const pagesOfProvider: NestedPages = {
  name: 'listings-of-provider',
  columns,
  order: { value: 'l.title', type: 'text', id: 'l.id', direction: 'ASC' },
  joins: 'JOIN provider p ON p.id = key.parent',
  children: (select, parent) => `SELECT ${select} FROM listing l WHERE l.provider_id = ${parent} AND l.state <> 'REMOVED' AND ${seesListing('l', 'p')}`,
};
export const listingsOfProvider = nestedPages<Listing>(pagesOfProvider);

export const countListings: LoaderDefinition<string, number> = async ({ db, actor }, providerIds) => {
  const rows = await db.prepared<{ id: string; count: number }>(
    'listing-count',
    `SELECT p.id, count(*) FROM listing l JOIN provider p ON p.id = l.provider_id
     WHERE p.id = ANY($5::uuid[]) AND l.state <> 'REMOVED' AND ${seesListing('l', 'p')} GROUP BY p.id`,
    [...visibilityValues(actor), providerIds],
  );
  return inOrder(providerIds, rows, (row) => row.id).map((row) => row?.count ?? 0);
};
