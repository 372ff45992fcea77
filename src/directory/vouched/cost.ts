import { system } from '../../platform/actor.js';
import type { Queryable } from '../../platform/database/index.js';
import { problemType } from '../../platform/problem.js';
import { listingProcess } from '../listing.process.js';
import { inWords } from '../provider.process.js';
import { costsOfChange } from './keep.js';
import type { Difference, Substance } from './substance.js';

export const CostsRecommendations = problemType('CostsRecommendations', 'The change would cost the listing recommendations (costOfListingChange says which), and that was not accepted.');

/** What a step with a listing costs its provider. */
export interface Costs {
  /** Those that would stop counting for the listing. */
  recommendationIds: string[];
  /** Whether the provider, listed now, would not be any more. */
  delists: boolean;
  /** What this means, in sentences for the provider's people; null where it costs nothing. */
  message: string | null;
}

const words: Record<Difference, string> = {
  TITLE: 'the title speaks of something else',
  CATEGORIES: 'it is about something else',
  PHASES: 'it is for other pupils',
  DELIVERY: 'it reaches schools in another way',
};

const DELISTED = 'Too little would be left that schools vouch for, so you would not be listed until that is mended.';

/** What it would cost the provider if the listing were to become this. */
export async function costsOf(db: Queryable, listingId: string, after: Substance): Promise<Costs> {
  const costs = await costsOfChange(db, listingId, after);
  if (costs.length === 0) return { recommendationIds: [], delists: false, message: null };
  const schools = costs.map((each) => each.schoolName);
  const why = [...new Set(costs.flatMap((each) => each.differences))].map((each) => words[each]);
  const lost = costs.map((each) => each.recommendationId);
  const delists = await wouldDelist(db, listingId, lost);
  const message = [
    `${inWords(schools)} ${schools.length === 1 ? 'vouches' : 'vouch'} for this listing as it was: ${inWords(why)}.`,
    `After this change ${schools.length === 1 ? 'its recommendation does' : 'their recommendations do'} not count for it until ${schools.length === 1 ? 'the school says' : 'they say'} that it still is what ${schools.length === 1 ? 'it' : 'they'} used.`,
    ...(delists ? [DELISTED] : []),
    'You may instead leave it as it is and make a new listing.',
  ].join(' ');
  return { recommendationIds: lost, delists, message };
}

/** The same for taking the listing down or removing it. */
export async function costsOfTakingDown(db: Queryable, listingId: string): Promise<Costs> {
  const nothing = { recommendationIds: [], delists: false, message: null };
  const [facts] = await listingProcess.facts(db, [listingId], system);
  if (facts?.state !== 'PUBLISHED' || facts.providerState !== 'LISTED') return nothing;
  const lost = await db.query<{ id: string; school: string }>(
    `SELECT r.id, s.name AS school FROM counting_recommendation r JOIN recommendation_listing n ON n.recommendation_id = r.id JOIN school s ON s.urn = r.school_urn
     WHERE n.listing_id = $1 AND n.changed_at IS NULL ORDER BY s.name, r.id`,
    [listingId],
  );
  const [others] = await db.query<{ count: number }>(`SELECT count(*) FROM listing WHERE provider_id = $1 AND state = 'PUBLISHED' AND id <> $2`, [facts.providerId, listingId]);
  const last = others!.count === 0;
  const delists = last || (await wouldDelist(db, listingId, lost.map((each) => each.id)));
  const message = last
    ? 'This is your last published listing: without one you are not listed, and schools do not find you until one is published again.'
    : delists
      ? `${inWords(lost.map((each) => each.school))} ${lost.length === 1 ? 'vouches' : 'vouch'} for this listing. ${DELISTED}`
      : null;
  return { recommendationIds: lost.map((each) => each.id), delists, message };
}

/** Whether the listed provider would fall below its minimum once these vouch for nothing but its other listings. */
async function wouldDelist(db: Queryable, listingId: string, lost: readonly string[]): Promise<boolean> {
  const [row] = await db.query<{ delists: boolean }>(
    `SELECT p.state = 'LISTED' AND p.assurance = 'RECOMMENDED' AND (
       SELECT count(*) FROM counting_recommendation r WHERE r.provider_id = p.id AND (r.id <> ALL($2) OR EXISTS (
         SELECT FROM recommendation_listing n JOIN listing other ON other.id = n.listing_id
         WHERE n.recommendation_id = r.id AND other.id <> l.id AND n.changed_at IS NULL AND other.state = 'PUBLISHED'))
     ) < coalesce(la.minimum_recommendations, 2) AS delists
     FROM listing l JOIN provider p ON p.id = l.provider_id LEFT JOIN local_authority la ON la.code = p.assuring_la WHERE l.id = $1`,
    [listingId, lost],
  );
  return row?.delists ?? false;
}
