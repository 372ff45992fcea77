import { z } from 'zod';
import { type Recommendations, renewableFrom } from '../directory/index.js';
import type { Actor } from '../platform/actor.js';
import type { Database, Queryable } from '../platform/database/index.js';
import { once } from '../platform/idempotency.js';
import { NotAllowedInThisState, refuse, whatIsMissing } from '../platform/problem.js';
import { inOrder, type LoaderDefinition } from '../platform/request.js';
import { name, validate, words } from '../platform/validate.js';
import type { RecommendationDraft } from './rating.type.js';
import { ratesEngagement, ratingValues } from './visibility.js';

const confirmed = z.object({
  listingIds: z.array(z.string()).nullish(),
  whatWasDone: words('What was done', 2000),
  whenDone: name('When it was done', 200),
  whatChanged: words('What changed', 2000),
  noInterest: z.boolean(),
});
export type Confirming = z.input<typeof confirmed>;

interface Draft extends RecommendationDraft {
  id: string;
  wouldRecommend: boolean;
  providerId: string;
  schoolUrn: number;
  listingId: string | null;
  /** The school's recommendation of the provider that nears its end. */
  renewable: string | null;
}

async function readDrafts(db: Queryable, actor: Actor, ids: readonly string[], now: Date): Promise<Draft[]> {
  const rows = await db.query<Omit<Draft, 'renews'> & { lapsesAt: Date | null }>(
    `SELECT r.id, r.would_recommend AS "wouldRecommend", r.provider_id AS "providerId", r.school_urn AS "schoolUrn", r.listing_id AS "listingId",
            e.title AS "whatWasDone", concat_ws(' to ', time.first, nullif(time.last, time.first)) AS "whenDone",
            left(CASE WHEN r.words <> '' THEN r.words ELSE coalesce(changed.texts, '') END, 2000) AS "whatChanged", near.id AS renewable, near.lapses_at AS "lapsesAt"
     FROM rating r JOIN engagement e ON e.id = r.engagement_id
     CROSS JOIN LATERAL (SELECT (e.finished_at AT TIME ZONE 'Europe/London')::date AS day) ended
     CROSS JOIN LATERAL (SELECT to_char(least(e.starts_on, ended.day), 'FMMonth YYYY') AS first, to_char(least(e.ends_on, ended.day), 'FMMonth YYYY') AS last) time
     LEFT JOIN recommendation near ON near.provider_id = r.provider_id AND near.school_urn = r.school_urn AND near.state = 'GIVEN'
     CROSS JOIN LATERAL (
       SELECT string_agg(CASE WHEN last.after = '' THEN o.text ELSE rtrim(o.text, '.') || ': ' || last.after END, E'\n' ORDER BY o.nth) AS texts
       FROM (SELECT DISTINCT ON (a.objective_id) a.* FROM rating_answer a WHERE a.rating_id = r.id ORDER BY a.objective_id, a.asked DESC) last
       JOIN engagement_objective o ON o.id = last.objective_id WHERE last.result IN ('MET', 'PARTLY')) changed
     WHERE r.id = ANY($6::uuid[]) AND ${ratesEngagement('e')}`,
    [...ratingValues(actor), ids],
  );
  return rows.map((row) => {
    const renewable = row.lapsesAt && renewableFrom(row.lapsesAt) <= now ? row.renewable : null;
    return { ...row, renewable, renews: renewable !== null };
  });
}

/** What a recommendation would say that is made of a rating; for the school's people. */
export const draftOf: LoaderDefinition<string, RecommendationDraft | null> = async ({ db, actor, clock }, ids) =>
  inOrder(ids, await readDrafts(db, actor, ids, clock.now()), (row) => row.id);

/**
 * Makes a rating that would recommend into a recommendation, or renews the one that nears its end, by the directory's
 * rules. What is left empty is taken from the rating.
 * @returns the recommendation's id @throws Refused
 */
export async function recommendFromRating(db: Database, recommendations: Recommendations, actor: Actor, ratingId: string, input: Confirming, key?: string | null): Promise<string> {
  return db.transaction(async (tx) => {
    const made = await once(tx, actor, key, { ratingId, input }, async () => {
      const { listingIds, noInterest, ...typed } = validate(confirmed, input);
      const draft = (await readDrafts(tx, actor, [ratingId], tx.now))[0] ?? refuse(whatIsMissing('rating'));
      const { providerId, schoolUrn, listingId, renewable } = draft;
      if (!draft.wouldRecommend) refuse(new NotAllowedInThisState('The rating says that the school would not recommend the provider.'));
      const said = {
        whatWasDone: typed.whatWasDone || draft.whatWasDone,
        whenDone: typed.whenDone || draft.whenDone,
        whatChanged: typed.whatChanged || draft.whatChanged,
        listingIds: listingIds ?? (listingId === null ? [] : [listingId]),
      };
      const id = renewable ? await recommendations.renewIn(tx, actor, renewable, noInterest) : await recommendations.giveIn(tx, actor, { ...said, providerId, schoolUrn, noInterest });
      return { type: 'Recommendation', id };
    });
    return made.id;
  });
}
