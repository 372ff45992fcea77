import { groupsInOrder, type LoaderDefinition } from '../../platform/request.js';
import { reach } from '../../platform/actor.js';
import type { ChangedSince, VouchedListing } from './vouched.type.js';

/** What each recommendation vouches for, as it was when it was given, by title. */
export const vouchedFor: LoaderDefinition<string, VouchedListing[]> = async ({ db }, ids) => {
  const rows = await db.query<VouchedListing & { id: string }>(
    `SELECT recommendation_id AS id, listing_id AS "listingId", title, categories, phases, delivery, changed_at AS "changedAt", affirmed_at AS "affirmedAt"
     FROM recommendation_listing WHERE recommendation_id = ANY($1) ORDER BY title, listing_id`,
    [ids],
  );
  return groupsInOrder(ids, rows, (row) => row.id);
};

/** What schools vouched for that each listing no longer is, of recommendations that nobody is looking into, oldest first. */
export const changedSince: LoaderDefinition<string, ChangedSince[]> = async ({ db }, ids) => {
  const rows = await db.query<ChangedSince>(
    `SELECT n.listing_id AS "listingId", count(*) AS schools, n.title, min(n.changed_at) AS "changedAt"
     FROM recommendation_listing n JOIN recommendation r ON r.id = n.recommendation_id
     WHERE n.listing_id = ANY($1) AND n.changed_at IS NOT NULL AND r.state = 'GIVEN' AND r.independence = 'INDEPENDENT'
       AND array_remove(r.obstacles, 'NOT_OFFERED') <@ (r.accepted || r.excused)
     GROUP BY n.listing_id, n.title ORDER BY min(n.changed_at), n.title`,
    [ids],
  );
  return groupsInOrder(ids, rows, (row) => row.listingId);
};

/** Whether the actor belongs to the provider of each listing. */
export const isOwnListing: LoaderDefinition<string, boolean> = async ({ db, actor }, ids) => {
  const { providerIds } = reach(actor);
  if (providerIds.length === 0) return ids.map(() => false);
  const rows = await db.query<{ id: string }>('SELECT id FROM listing WHERE id = ANY($1) AND provider_id = ANY($2::uuid[])', [ids, providerIds]);
  const own = new Set(rows.map((row) => row.id));
  return ids.map((id) => own.has(id));
};
