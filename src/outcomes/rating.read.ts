import type { Actor } from '../platform/actor.js';
import type { Database } from '../platform/database/index.js';
import { groupsInOrder, inOrder, type LoaderDefinition, type RequestContext } from '../platform/request.js';
import { factsOfNewRating, ratingProcess } from './rating.process.js';
import type { RatedObjective, Rating, RatingForm } from './rating.type.js';
import { mayConcern, ratesEngagement, ratingValues, seesRating } from './visibility.js';

const COLUMNS = `
  r.id, r.state, r.helpfulness, r.would_recommend AS "wouldRecommend", r.words, r.words_hidden AS "wordsHidden", r.given_at AS "givenAt", r.changeable_until AS "changeableUntil",
  r.reply, r.replied_at AS "repliedAt", r.version, r.created_at AS "createdAt", r.engagement_id AS "engagementId", r.provider_id AS "providerId", r.school_urn AS "schoolUrn",
  ${ratesEngagement('e')} AS "ofSchool", CASE WHEN ${ratesEngagement('e')} THEN r.contact_id IS NOT NULL END AS "mayBeAsked",
  CASE WHEN ${ratesEngagement('e')} THEN r.given_by END AS "givenById",
  r.asked_again > 0 AND r.state = 'GIVEN' AND r.asked_again > (SELECT max(asked) FROM rating_answer WHERE rating_id = r.id) AS "followUpDue"`;
const TABLES = 'rating r JOIN engagement e ON e.id = r.engagement_id';

/** A rating that the actor may see, by its id. */
export const ratingById: LoaderDefinition<string, Rating | null> = async ({ db, actor }, ids) => {
  const rows = await db.prepared<Rating>('rating-by-id', `SELECT ${COLUMNS} FROM ${TABLES} WHERE r.id = ANY($6::uuid[]) AND ${seesRating('e')}`, [...ratingValues(actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

/** The ratings of engagements, where the actor may see them. */
export const ratingOfEngagement: LoaderDefinition<string, Rating | null> = async ({ db, actor }, ids) => {
  const sql = `SELECT ${COLUMNS} FROM ${TABLES} WHERE r.engagement_id = ANY($6::uuid[]) AND ${seesRating('e')}`;
  return inOrder(ids, await db.prepared<Rating>('rating-of-engagement', sql, [...ratingValues(actor), ids]), (row) => row.engagementId);
};

export interface RatingChoice {
  schoolUrn?: number | null;
  providerId?: string | null;
  followUpDue?: boolean | null;
}

const CHOSEN = `
  ${mayConcern('r')} AND ${seesRating('e')} AND ($6::int IS NULL OR r.school_urn = $6) AND ($7::uuid IS NULL OR r.provider_id = $7)
  AND ($8::boolean IS NULL OR $8 = (r.asked_again > 0 AND r.state = 'GIVEN' AND r.asked_again > (SELECT max(asked) FROM rating_answer WHERE rating_id = r.id)))`;

const chosen = (actor: Actor, { schoolUrn, providerId, followUpDue }: RatingChoice) => [...ratingValues(actor), schoolUrn ?? null, providerId ?? null, followUpDue ?? null];

/** The ratings that the actor may see, newest first. */
export function listRatings(db: Database, actor: Actor, choice: RatingChoice, limit: number, after: [string, string] | null): Promise<Rating[]> {
  return db.query<Rating>(
    `SELECT ${COLUMNS} FROM ${TABLES} WHERE ${CHOSEN} AND ($9::timestamptz IS NULL OR (r.created_at, r.id) < ($9, $10::uuid)) ORDER BY r.created_at DESC, r.id DESC LIMIT $11`,
    [...chosen(actor, choice), after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function countRatings(db: Database, actor: Actor, choice: RatingChoice): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM ${TABLES} WHERE ${CHOSEN}`, chosen(actor, choice));
  return row!.count;
}

/** The objectives of ratings that the actor has been found to see, with all answers. */
export const objectivesOfRating: LoaderDefinition<string, RatedObjective[]> = async ({ db }, ids) => {
  const rows = await db.prepared<RatedObjective & { ratingId: string }>(
    'objectives-of-rating',
    `SELECT a.rating_id AS "ratingId", o.id, o.text, (array_agg(a.category))[1] AS category, (array_agg(a.phase))[1] AS phase,
            json_agg(json_build_object('asked', a.asked, 'result', a.result, 'baseline', a.baseline, 'after', a.after, 'cohort', a.cohort, 'answeredAt', a.answered_at)
                     ORDER BY a.asked) AS answers
     FROM rating_answer a JOIN engagement_objective o ON o.id = a.objective_id WHERE a.rating_id = ANY($1::uuid[]) GROUP BY a.rating_id, o.id ORDER BY o.nth`,
    [ids],
  );
  const read = rows.map((row) => ({ ...row, answers: row.answers.map((each) => ({ ...each, answeredAt: new Date(each.answeredAt) })) }));
  return groupsInOrder(ids, read, (row) => row.ratingId);
};

/** Replies as they are read by somebody whom they are for: from now on they are not mended any more. */
export const readReply: LoaderDefinition<string, string | null> = async ({ db, clock }, ids) => {
  // First the mark, then the words: a mending under way is waited for, and what is given out is what stays.
  await db.query('UPDATE rating SET reply_read_at = $2 WHERE id = ANY($1::uuid[]) AND reply IS NOT NULL AND reply_read_at IS NULL', [ids, clock.now()]);
  const rows = await db.query<{ id: string; reply: string | null }>('SELECT id, reply FROM rating WHERE id = ANY($1::uuid[])', [ids]);
  return inOrder(ids, rows, (row) => row.id).map((row) => row?.reply ?? null);
};

/** What to know before rating; null for whoever is not of the school, or may not see the engagement. */
export async function readRatingForm({ db, actor, clock }: RequestContext, engagementId: string): Promise<RatingForm | null> {
  const [row] = await db.query<{ shared: boolean; allLeads: boolean; free: boolean; rated: boolean; provider: string }>(
    `SELECT e.shared_with_sip AS shared, e.all_leads AS "allLeads", e.origin = 'FREE_RESOURCE' AS free, p.name AS provider,
            EXISTS (SELECT FROM rating WHERE engagement_id = e.id) AS rated
     FROM engagement e JOIN provider p ON p.id = e.provider_id WHERE e.id = $6 AND ${ratesEngagement('e')}`,
    [...ratingValues(actor), engagementId],
  );
  if (!row) return null;
  const facts = (await factsOfNewRating(db, actor, engagementId, engagementId))!;
  const { message } = row.rated ? { message: 'It has been rated already.' } : (ratingProcess.transitions['give']!.guard!(facts, actor, clock.now()) ?? { message: null });
  return { engagementId, allowed: message === null, message, whoWillSee: whoWillSee(row), whatNotToWrite: WHAT_NOT_TO_WRITE };
}

const whoWillSee = ({ shared, allLeads, free, provider }: { shared: boolean; allLeads: boolean; free: boolean; provider: string }): string =>
  [
    free ? `${provider} is not told of it.` : `${provider} will see it with the school’s name and will recognise it.`,
    allLeads ? 'The leads of your school, and whom they have named, will see it.' : 'Of your school, only the people named for this engagement will see it.',
    shared ? 'Your School Improvement Partner will see it.' : 'Your School Improvement Partner will not see it.',
    'Everybody else sees counts, and words without the school’s name, and these only once three different schools have rated the same.',
    'Your local authority sees no more than that; an officer may hide words from the public.',
  ].join(' ');

const WHAT_NOT_TO_WRITE =
  'Do not name pupils or staff, or anything by which they can be told. A safeguarding concern goes to your designated safeguarding lead or your local authority’s team, not here.';
