import type { Queryable, UnitOfWork } from '../../platform/database/index.js';
import { system } from '../../platform/actor.js';
import { move } from '../../platform/process/index.js';
import { recommendationProcess } from '../recommendation.process.js';
import { type Difference, differencesInSubstance, type Substance } from './substance.js';

/** What a recommendation that stands vouches for, beside the listing as it is. */
interface Vouched extends Substance {
  recommendationId: string;
  /** As it was when the school last said that it still is what it used; null: it never had to. */
  affirmed: Substance | null;
  changedAt: Date | null;
  schoolName: string;
}

const VOUCHED = `
  n.recommendation_id AS "recommendationId", n.title, n.categories, n.phases, n.delivery, n.affirmed, n.changed_at AS "changedAt", s.name AS "schoolName"
  FROM recommendation_listing n JOIN recommendation r ON r.id = n.recommendation_id JOIN school s ON s.urn = r.school_urn
  WHERE r.state IN ('GIVEN', 'FLAGGED')`;

/** What differs from what was vouched for at first; or from what was affirmed later, where it is that which it still is like. */
function differences({ affirmed, ...given }: Pick<Vouched, 'affirmed' | keyof Substance>, now: Substance): Difference[] {
  const found = differencesInSubstance(given, now);
  return found.length > 0 && affirmed && differencesInSubstance(affirmed, now).length === 0 ? [] : found;
}

/** What a change of a listing would cost: a recommendation that stops counting for it, and why. */
export interface Cost {
  recommendationId: string;
  schoolName: string;
  differences: Difference[];
}

/** The recommendations that vouch for the listing now, and would not if it were to become this. */
export async function costsOfChange(db: Queryable, listingId: string, after: Substance): Promise<Cost[]> {
  const vouched = await db.query<Vouched>(`SELECT ${VOUCHED} AND n.listing_id = $1 AND n.changed_at IS NULL ORDER BY s.name, n.recommendation_id`, [listingId]);
  return vouched
    .map((each) => ({ recommendationId: each.recommendationId, schoolName: each.schoolName, differences: differences(each, after) }))
    .filter((each) => each.differences.length > 0);
}

/**
 * Judges anew, after a change of these listings, under the locks on their providers, which recommendations still vouch for
 * them. The schools of those that do not any more are told; the caller settles the providers afterwards.
 */
export async function keepVouched(tx: UnitOfWork, listingIds: readonly string[]): Promise<void> {
  const due = await tx.query<Vouched & { listingId: string; now: Substance; standing: boolean }>(
    `SELECT n.listing_id AS "listingId", n.recommendation_id AS "recommendationId", n.title, n.categories, n.phases, n.delivery, n.affirmed, n.changed_at AS "changedAt",
            r.state IN ('GIVEN', 'FLAGGED') AS standing,
            jsonb_build_object('title', l.title, 'categories', l.categories, 'phases', l.phases, 'delivery', l.delivery) AS now
     FROM recommendation_listing n JOIN listing l ON l.id = n.listing_id JOIN recommendation r ON r.id = n.recommendation_id
     WHERE n.listing_id = ANY($1) AND n.judged <> listing_substance(l.title, l.categories, l.phases, l.delivery)`,
    [listingIds],
  );
  const judged = due.map((each) => ({ ...each, changes: differences(each, each.now).length > 0 }));
  await tx.query(
    `UPDATE recommendation_listing n SET judged = listing_substance(l.title, l.categories, l.phases, l.delivery),
            changed_at = CASE WHEN said.changes THEN coalesce(n.changed_at, $2) END
     FROM jsonb_to_recordset($1) AS said ("recommendationId" uuid, "listingId" uuid, changes boolean) JOIN listing l ON l.id = said."listingId"
     WHERE n.recommendation_id = said."recommendationId" AND n.listing_id = said."listingId"`,
    [JSON.stringify(judged.map(({ recommendationId, listingId, changes }) => ({ recommendationId, listingId, changes }))), tx.now],
  );
  const changed = judged.filter((each) => each.changes && each.standing);
  const isNew = (id: string) => changed.some((each) => each.recommendationId === id && each.changedAt === null);
  for (const id of new Set(changed.map((each) => each.recommendationId))) {
    if (isNew(id)) await move(tx, recommendationProcess, id, 'change', { actor: system });
    // Whoever looks at it has to look again before saying that it still is what was used.
    else await tx.query('UPDATE recommendation SET version = version + 1 WHERE id = $1', [id]);
  }
}

/**
 * Keeps as vouched for, in each listing that the recommendation names, what was nominated: one that is another in substance
 * has changed since, so that a lead of the school looks at it first.
 */
export async function vouchForNominated(tx: UnitOfWork, recommendationId: string, { title, categories, phases, delivery }: Substance): Promise<void> {
  const nominated = { title, categories, phases, delivery };
  const listings = await tx.query<Substance & { id: string }>(
    'SELECT l.id, l.title, l.categories, l.phases, l.delivery FROM recommendation_listing n JOIN listing l ON l.id = n.listing_id WHERE n.recommendation_id = $1',
    [recommendationId],
  );
  const others = listings.filter((listing) => differencesInSubstance(nominated, listing).length > 0).map(({ id }) => id);
  await tx.query(
    `UPDATE recommendation_listing SET title = $2, categories = $3, phases = $4, delivery = $5, changed_at = CASE WHEN listing_id = ANY($6::uuid[]) THEN $7::timestamptz END
     WHERE recommendation_id = $1`,
    [recommendationId, title, categories, phases, delivery, others, tx.now],
  );
}

/** What a school vouches for stands as the listings are now, those that had changed. @returns their ids */
export async function affirmListings(tx: UnitOfWork, recommendationId: string, personId: string | null): Promise<string[]> {
  const affirmed = await tx.query<{ id: string }>(
    `UPDATE recommendation_listing n SET changed_at = NULL, judged = listing_substance(l.title, l.categories, l.phases, l.delivery), affirmed_at = $2, affirmed_by = $3,
            affirmed = jsonb_build_object('title', l.title, 'categories', l.categories, 'phases', l.phases, 'delivery', l.delivery)
     FROM listing l WHERE l.id = n.listing_id AND n.recommendation_id = $1 AND n.changed_at IS NOT NULL AND l.state <> 'REMOVED' RETURNING l.id`,
    [recommendationId, tx.now, personId],
  );
  return affirmed.map((each) => each.id);
}

/** SQL: whether the recommendation that names a listing by `n` vouches for it as it is. */
export const stillVouches = (n: string) => `${n}.changed_at IS NULL`;
