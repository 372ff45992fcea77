import type { Assurance, Capacity, Category, Delivery, EcmOutcome, ListingState, PriceKind, ProviderKind, ProviderState, SupportPhase } from '../../src/directory/index.js';
import type { Database } from '../../src/platform/database/index.js';
import { newId } from '../../src/platform/id.js';
import { refreshDocuments } from '../../src/search/index.js';

export interface SchoolFacts {
  urn: number;
  la: string;
  status: 'OPEN' | 'CLOSED' | 'PROPOSED_TO_OPEN';
  /** Metres on the grid. */
  easting: number;
  northing: number;
}

export interface ProviderFacts {
  id: string;
  name: string;
  kind: ProviderKind;
  assurance: Assurance;
  state: ProviderState;
  base: { easting: number; northing: number } | null;
  /** Of the schools; only, and always, for a provider that is a school. */
  schoolUrn: number | null;
  assuringLa: string | null;
}

export interface ListingFacts {
  id: string;
  provider: ProviderFacts;
  state: ListingState;
  title: string;
  summary: string;
  description: string;
  keywords: string[];
  categories: Category[];
  ecmOutcomes: EcmOutcome[];
  phases: SupportPhase[];
  deliveries: Delivery[];
  national: boolean;
  laCodes: string[];
  radiusKm: number | null;
  priceKind: PriceKind;
  /** Only, and always, for what is PRICED. */
  pricePence: number | null;
  capacity: Capacity;
  publishedAt: Date;
}

/** What is in the directory: the naive oracle reads it, `write` puts it into the database as it is. */
export interface Facts {
  las: string[];
  schools: SchoolFacts[];
  listings: ListingFacts[];
}

export const aProvider = (facts: Partial<ProviderFacts> = {}): ProviderFacts => ({
  id: newId(),
  name: 'Orchard Partners',
  kind: 'COMPANY',
  assurance: 'RECOMMENDED',
  state: 'LISTED',
  base: null,
  schoolUrn: null,
  assuringLa: null,
  ...facts,
});

export const aListing = (facts: Partial<ListingFacts> = {}): ListingFacts => ({
  id: newId(),
  provider: facts.provider ?? aProvider(),
  state: 'PUBLISHED',
  title: 'Support',
  summary: '',
  description: '',
  keywords: [],
  categories: [],
  ecmOutcomes: [],
  phases: [],
  deliveries: [],
  national: false,
  laCodes: [],
  radiusKm: null,
  priceKind: 'BESPOKE',
  pricePence: null,
  capacity: 'AVAILABLE',
  publishedAt: new Date('2026-05-01T12:00:00Z'),
  ...facts,
});

/** Another listing of each of their providers, which stays listed by it whatever becomes of these. */
export const beside = (listings: ListingFacts[]): ListingFacts[] => listings.map(({ provider }) => aListing({ title: 'Something else', provider }));

/**
 * A database for tests of the search: a provider is listed in it because a test says so, without recommendations. Every
 * check of their minimum is one of `minimum_due`. That a listed provider has something published stays a rule.
 */
export async function prepare(db: Database): Promise<void> {
  await db.query('ALTER TABLE minimum_due DISABLE TRIGGER minimum_due');
}

/** Empties the directory, the search with it. */
export async function clear(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    for (const table of ['listing', 'provider', 'school', 'local_authority']) await tx.query(`DELETE FROM ${table}`);
  });
}

/** Writes these facts over what is there, and makes the documents true in the same transaction. Of a provider that would be listed with nothing published it writes that it has lapsed. */
export async function write(db: Database, { las = [], schools = [], listings = [] }: Partial<Facts>): Promise<void> {
  const rows = (values: object[]) => JSON.stringify(values);
  await db.transaction(async (tx) => {
    await tx.query(`INSERT INTO local_authority (code, name) SELECT code, 'Shire ' || code FROM unnest($1::text[]) AS code ON CONFLICT DO NOTHING`, [las]);
    await tx.query(
      `INSERT INTO school (urn, la_code, name, type, status, phase, easting, northing, latitude, longitude, search_text, imported_at)
       SELECT urn, la, 'A school', 'Community school', status, 'PRIMARY', easting, northing, 52, -1, 'a school', now()
       FROM jsonb_to_recordset($1) AS s (urn int, la text, status text, easting int, northing int)`,
      [rows(schools)],
    );
    await tx.query(
      `INSERT INTO provider AS p (id, kind, assurance, state, name, base_easting, base_northing, school_urn, assuring_la, created_at, updated_at)
       SELECT id, kind, assurance, state, name, (base ->> 'easting')::int, (base ->> 'northing')::int, "schoolUrn", "assuringLa", $2, $2
       FROM jsonb_to_recordset($1) AS r (id uuid, kind text, assurance text, state text, name text, base jsonb, "schoolUrn" int, "assuringLa" text) ORDER BY id
       ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, assurance = excluded.assurance, state = excluded.state, name = excluded.name,
         base_easting = excluded.base_easting, base_northing = excluded.base_northing,
         school_urn = excluded.school_urn, assuring_la = excluded.assuring_la`,
      [rows([...new Map(listings.map(({ provider }) => [provider.id, provider])).values()]), tx.now],
    );
    await tx.query(
      `INSERT INTO listing AS l (id, provider_id, state, title, summary, description, keywords, categories, ecm_outcomes, phases, delivery,
         national, la_codes, radius_km, price_kind, price_pence, price_unit, vat, capacity, created_at, updated_at, published_at)
       SELECT id, (provider ->> 'id')::uuid, state, title, summary, description, keywords, categories, "ecmOutcomes", phases, deliveries,
         national, "laCodes", "radiusKm", "priceKind", "pricePence", CASE WHEN "priceKind" = 'PRICED' THEN 'DAY' END, CASE WHEN "priceKind" = 'PRICED' THEN 'ADDED' END,
         capacity, $2, $2, "publishedAt"
       FROM jsonb_to_recordset($1) AS r (id uuid, provider jsonb, state text, title text, summary text, description text, keywords text[], categories text[],
         "ecmOutcomes" text[], phases text[], deliveries text[], national boolean, "laCodes" text[], "radiusKm" int, "priceKind" text, "pricePence" int, capacity text, "publishedAt" timestamptz)
       ON CONFLICT (id) DO UPDATE SET state = excluded.state, title = excluded.title, summary = excluded.summary, description = excluded.description,
         keywords = excluded.keywords, categories = excluded.categories, ecm_outcomes = excluded.ecm_outcomes, phases = excluded.phases,
         delivery = excluded.delivery, national = excluded.national, la_codes = excluded.la_codes, radius_km = excluded.radius_km,
         price_kind = excluded.price_kind, price_pence = excluded.price_pence, price_unit = excluded.price_unit, vat = excluded.vat,
         capacity = excluded.capacity, published_at = excluded.published_at`,
      [rows(listings), tx.now],
    );
    await tx.query(
      `UPDATE provider p SET state = 'LAPSED' WHERE id = ANY($1) AND state = 'LISTED' AND NOT EXISTS (SELECT FROM listing WHERE provider_id = p.id AND state = 'PUBLISHED')`,
      [listings.map(({ provider }) => provider.id)],
    );
    await refreshDocuments(tx, listings.map(({ id }) => id));
  });
}
