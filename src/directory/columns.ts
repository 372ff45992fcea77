import type { Along, Columns } from '../platform/columns.js';
import { schoolColumns } from '../schools/index.js';
import { awaitsOfficer, counts } from './interests/index.js';
import type { Listing } from './listing.type.js';
import { firstPage, type NestedPages } from './nested-pages.js';
import type { Provider } from './provider.type.js';
import { stillVouches } from './vouched/keep.js';
import { isParty, seesListing, seesProvider, seesRecommendation } from './visibility.js';

const ofParty = (column: string) => `CASE WHEN ${isParty('r', 'p')} THEN ${column} END`;

/** What is read of recommendations `r` and their providers `p`. */
export const recommendationColumns: Columns = {
  type: 'Recommendation',
  sql: {
    id: 'r.id',
    providerId: 'r.provider_id',
    schoolUrn: 'r.school_urn',
    createdAt: 'r.created_at',
    state: 'r.state',
    counts: counts('r'),
    awaitsConfirmation: awaitsOfficer('r'),
    whatWasDone: 'r.what_was_done',
    whenDone: 'r.when_done',
    whatChanged: 'r.what_changed',
    givenAt: 'r.given_at',
    lapsesAt: 'r.lapses_at',
    version: 'r.version',
    isParty: isParty('r', 'p'),
    givenById: ofParty('r.given_by'),
    invitationMessage: ofParty('r.message'),
    invitedAt: ofParty('r.invited_at'),
    expiresAt: ofParty('r.expires_at'),
  },
  always: ['id'],
  cursor: ['createdAt'],
  needs: {
    provider: ['providerId'],
    school: [],
    listings: [],
    givenBy: ['givenById', 'givenAt'],
    availableActions: [],
    whyWaiting: [],
    earlierJudgements: [],
    circle: [],
    history: ['isParty'],
    vouchedFor: [],
  },
  moments: ['createdAt', 'givenAt', 'lapsesAt', 'invitedAt', 'expiresAt'],
  along: { school: { columns: schoolColumns, sql: (select) => `SELECT ${select} FROM school s WHERE s.urn = r.school_urn`, isPage: false } },
};

const newestFirst: NestedPages['order'] = { value: 'r.created_at', type: 'timestamptz', id: 'r.id', direction: 'DESC' };

/** The recommendations of a provider that the actor may see, newest first. */
export const recommendationPages: NestedPages = {
  name: 'recommendations-of-provider',
  columns: recommendationColumns,
  order: newestFirst,
  joins: 'JOIN provider p ON p.id = key.parent',
  children: (select, parent) => `SELECT ${select} FROM recommendation r WHERE r.provider_id = ${parent} AND ${seesRecommendation('r', 'p')}`,
};

/** The recommendations that count and name a listing, newest first. */
export const recommendationPagesOfListing: NestedPages = {
  name: 'recommendations-of-listing',
  columns: recommendationColumns,
  order: newestFirst,
  children: (select, parent) => `
    SELECT ${select} FROM recommendation_listing n JOIN counting_recommendation r ON r.id = n.recommendation_id JOIN provider p ON p.id = r.provider_id
    WHERE n.listing_id = ${parent} AND ${stillVouches('n')} AND ${seesRecommendation('r', 'p')}`,
};

interface ListingRow extends Omit<Listing, 'contact' | 'price'> {
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

/** What is read of listings `l` and their providers `p`. */
export const listingColumns: Columns = {
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
    changes: [],
    changedSince: [],
    costOfTakingDown: [],
    localAuthorities: ['laCodes'],
    withheldFrom: [],
    price: ['priceKind', 'pricePence', 'priceUnit', 'vat', 'freeLink'],
    contact: ['contactName', 'contactRole', 'contactEmail', 'contactPhone'],
  },
  moments: ['publishedAt'],
  finish: (row: ListingRow & Listing) => {
    row.price = { kind: row.priceKind, pence: row.pricePence, unit: row.priceUnit, vat: row.vat, link: row.freeLink };
    row.contact = { name: row.contactName, role: row.contactRole, email: row.contactEmail, phone: row.contactPhone };
  },
  along: {
    recommendations: firstPage(recommendationPagesOfListing, 'l.id'),
    get provider(): Along {
      return { columns: providerColumns, sql: (select) => `SELECT ${select} WHERE ${seesProvider('p')}`, isPage: false };
    },
  },
};

/** The listings of a provider that the actor may see, by title. Removed ones are left out. */
export const listingPages: NestedPages = {
  name: 'listings-of-provider',
  columns: listingColumns,
  order: { value: 'l.title', type: 'text', id: 'l.id', direction: 'ASC' },
  joins: 'JOIN provider p ON p.id = key.parent',
  children: (select, parent) => `SELECT ${select} FROM listing l WHERE l.provider_id = ${parent} AND l.state <> 'REMOVED' AND ${seesListing('l', 'p')}`,
};

type ProviderRow = Omit<Provider, 'contact'> & { contactName: string; contactRole: string; contactEmail: string | null; contactPhone: string | null };

/** What is read of providers `p`. */
export const providerColumns: Columns = {
  type: 'Provider',
  sql: {
    id: 'p.id',
    kind: 'p.kind',
    assurance: 'p.assurance',
    state: 'p.state',
    name: 'p.name',
    summary: 'p.summary',
    description: 'p.description',
    website: 'p.website',
    contactName: 'p.contact_name',
    contactRole: 'p.contact_role',
    contactEmail: 'p.contact_email',
    contactPhone: 'p.contact_phone',
    basePostcode: 'p.base_postcode',
    baseEasting: 'p.base_easting',
    baseNorthing: 'p.base_northing',
    schoolUrn: 'p.school_urn',
    interests: 'p.interests',
    safeguarding: 'p.safeguarding',
    assuringLaCode: 'p.assuring_la',
    assuredBy: 'p.assured_by',
    assuredLink: 'p.assured_link',
    version: 'p.version',
    listedAt: 'p.listed_at',
  },
  always: ['id'],
  cursor: ['name'],
  needs: {
    listings: [],
    recommendations: [],
    evidenceOfOutcomes: [],
    availableActions: [],
    school: [],
    contact: ['contactName', 'contactRole', 'contactEmail', 'contactPhone'],
    assuringLa: ['assuringLaCode'],
    suspendedBefore: [],
    wayToBeingListed: ['assuringLaCode'],
    history: ['assuringLaCode'],
    changes: [],
    waitingChanges: [],
  },
  moments: ['listedAt'],
  finish: (row: ProviderRow & Provider) => {
    row.contact = { name: row.contactName, role: row.contactRole, email: row.contactEmail, phone: row.contactPhone };
  },
  along: {
    listings: firstPage(listingPages, 'p.id'),
    recommendations: firstPage(recommendationPages, 'p.id'),
    school: { columns: schoolColumns, sql: (select) => `SELECT ${select} FROM school s WHERE s.urn = p.school_urn`, isPage: false },
  },
};
