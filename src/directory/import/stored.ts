import type { UnitOfWork } from '../../platform/database/index.js';
import type { ListingState, ProviderKind, ProviderState } from '../vocabulary.js';
import { providerKey } from './row.js';
import type { ListingColumns } from './wanted.js';

/** Columns of a provider that an import writes. */
export interface ProviderColumns {
  name: string;
  kind: ProviderKind;
  summary: string;
  website: string | null;
  contact_name: string;
  contact_email: string | null;
  contact_phone: string | null;
  base_postcode: string | null;
  base_easting: number | null;
  base_northing: number | null;
  assuring_la: string | null;
}

export interface StoredProvider extends ProviderColumns {
  id: string;
  import_key: string;
  state: ProviderState;
  /** Whether anybody has, or has had, a role in it: only they can have changed what an import wrote. */
  own_people: boolean;
}

export interface StoredListing extends ListingColumns {
  id: string;
  provider_id: string;
  import_key: string;
  state: ListingState;
}

export interface Stored {
  providers: Map<string, StoredProvider>;
  /** By the id of the provider. */
  listings: Map<string, StoredListing[]>;
  /** Keys of providers that came by another way than an import. */
  others: Set<string>;
}

export const NEW_PROVIDER: Omit<ProviderColumns, 'name'> = {
  kind: 'COMPANY',
  summary: '',
  website: null,
  contact_name: '',
  contact_email: null,
  contact_phone: null,
  base_postcode: null,
  base_easting: null,
  base_northing: null,
  assuring_la: null,
};

export const NEW_LISTING: Omit<ListingColumns, 'title'> = {
  summary: '',
  categories: [],
  ecm_outcomes: [],
  phases: [],
  keywords: [],
  delivery: [],
  national: false,
  la_codes: [],
  price_kind: 'BESPOKE',
  price_pence: null,
  price_unit: null,
  vat: null,
  free_link: null,
};

export const PROVIDER_COLUMNS = ['name', ...Object.keys(NEW_PROVIDER)] as (keyof ProviderColumns)[];
export const LISTING_COLUMNS = ['title', ...Object.keys(NEW_LISTING)] as (keyof ListingColumns)[];

/** Locks the providers that a spreadsheet names, and reads what is stored of them. */
export async function readStored(tx: UnitOfWork, keys: readonly string[]): Promise<Stored> {
  await tx.query('SELECT id FROM provider WHERE import_key = ANY($1) ORDER BY id FOR NO KEY UPDATE', [keys]);
  const providers = await tx.query<StoredProvider>(
    `SELECT id, import_key, state, ${PROVIDER_COLUMNS.join(', ')}, EXISTS (SELECT FROM membership WHERE provider_id = provider.id AND confirmed_at IS NOT NULL) AS own_people
     FROM provider WHERE import_key = ANY($1)`,
    [keys],
  );
  const rows = await tx.query<StoredListing>(
    `SELECT id, provider_id, import_key, state, ${LISTING_COLUMNS.join(', ')}
     FROM listing WHERE provider_id = ANY($1) AND import_key IS NOT NULL ORDER BY import_key`,
    [providers.map(({ id }) => id)],
  );
  const others = await tx.query<{ name: string }>('SELECT name FROM provider WHERE import_key IS NULL');

  const listings = new Map<string, StoredListing[]>(providers.map(({ id }) => [id, []]));
  for (const row of rows) listings.get(row.provider_id)!.push(row);
  return {
    providers: new Map(providers.map((each) => [each.import_key, each])),
    listings,
    others: new Set(others.map(({ name }) => providerKey(name))),
  };
}
