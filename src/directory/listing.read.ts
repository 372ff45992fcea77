import { readingById } from '../platform/columns.js';
import { inOrder, type LoaderDefinition } from '../platform/request.js';
import { listingColumns, listingPages } from './columns.js';
import type { Listing } from './listing.type.js';
import { nestedPages } from './nested-pages.js';
import { seesListing, visibilityValues } from './visibility.js';

const byId = readingById<string, Listing>(
  listingColumns,
  'listing-by-id',
  (select) => `SELECT ${select} FROM listing l JOIN provider p ON p.id = l.provider_id WHERE l.id = ANY($5::uuid[]) AND ${seesListing('l', 'p')}`,
);

/** A listing that the actor may see, by its id. */
export const listingById: LoaderDefinition<string, Listing | null> = (context, ids) => byId(context, visibilityValues(context.actor), ids);

/** The listings of a provider that the actor may see, by title. Removed ones are left out. */
export const listingsOfProvider = nestedPages<Listing>(listingPages);

export const countListings: LoaderDefinition<string, number> = async ({ db, actor }, providerIds) => {
  const rows = await db.prepared<{ id: string; count: number }>(
    'listing-count',
    `SELECT p.id, count(*) FROM listing l JOIN provider p ON p.id = l.provider_id
     WHERE p.id = ANY($5::uuid[]) AND l.state <> 'REMOVED' AND ${seesListing('l', 'p')} GROUP BY p.id`,
    [...visibilityValues(actor), providerIds],
  );
  return inOrder(providerIds, rows, (row) => row.id).map((row) => row?.count ?? 0);
};
