import type { Category, SupportPhase } from '../directory/index.js';
import type { Database, Queryable } from '../platform/database/index.js';
import type { Actor } from '../platform/actor.js';
import { groupsInOrder, type LoaderDefinition, type RequestContext } from '../platform/request.js';
import type { ChangeInWords, EvidenceKey, EvidenceOfOutcomes, ObjectiveCounts, RatingWords } from './evidence.type.js';
import { EVIDENCE_SCHOOLS } from './evidence.release.js';
import { lineOf } from './place.js';
import { helpfulness } from './vocabulary.js';
import { moderates, officerValues } from './visibility.js';

/** Of each kind of words the public sees so many, those released last first. */
const MOST_WORDS = 20;
/** Figures of fewer pupils could tell of one of them. */
const LEAST_COHORT = 10;

/** Evidence `e` of what is asked for, `key`: of a listing what is told of it alone, of a provider everything. */
const ASKED = `
  FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[]) WITH ORDINALITY AS key (of, id, category, phase, nth)
  JOIN evidence e ON CASE key.of WHEN 'LISTING' THEN e.listing_id = key.id ELSE e.provider_id = key.id END
    AND (e.listing_id = key.id OR e.provider_id = key.id)
    AND (key.category IS NULL OR e.category = key.category) AND (key.phase IS NULL OR e.phase = key.phase)`;

const values = (keys: readonly EvidenceKey[]) => [keys.map((key) => key.of), keys.map((key) => key.id), keys.map((key) => key.category), keys.map((key) => key.phase)];

interface Sums extends ObjectiveCounts {
  nth: number;
  schools: number;
  results: boolean;
  helpful: number[];
}

/** Everything in it is a sum over whole rows of `evidence`, each of three schools or more. */
export const evidenceFor: LoaderDefinition<EvidenceKey, EvidenceOfOutcomes> = async ({ db }, keys) => {
  const rows = await db.prepared<Sums>(
    'evidence',
    `WITH asked AS MATERIALIZED (SELECT key.nth, e.* ${ASKED})
     SELECT sums.*, (SELECT count(DISTINCT ${lineOf('told.urn')}) FROM asked, unnest(asked.school_urns) AS told (urn) WHERE asked.nth = sums.nth) AS schools
     FROM (SELECT nth, bool_or(kind = 'RESULT') AS results, sum(met) AS met, sum(partly) AS partly, sum(not_met) AS "notMet", sum(too_early) AS "tooEarly",
                  ARRAY[sum(helpful_1), sum(helpful_2), sum(helpful_3), sum(helpful_4)]::int[] AS helpful
           FROM asked GROUP BY nth) sums`,
    values(keys),
  );
  const found = new Map(rows.map((row) => [row.nth, row]));
  return keys.map((key, i) => evidenceOf(key, found.get(i + 1) ?? null));
};

const TOO_FEW = 'Too few schools have said yet what came of this. It is shown once three different schools have.';

function evidenceOf(key: EvidenceKey, sums: Sums | null): EvidenceOfOutcomes {
  // also where schools have become one since it was released
  if (!sums || sums.schools < EVIDENCE_SCHOOLS) return { key, tooFewYet: true, says: TOO_FEW, schools: null, objectives: null, helpfulness: null };
  const { schools, results, met, partly, notMet, tooEarly, helpful } = sums;
  const levels = Object.entries(helpfulness).map(([level, label], i) => ({ level: Number(level), label, count: helpful[i]! }));
  return {
    key,
    tooFewYet: false,
    says: `${schools} schools have said what came of this.`,
    schools,
    objectives: results ? { met, partly, notMet, tooEarly } : null,
    helpfulness: helpful.some((count) => count > 0) ? levels : null,
  };
}

/** What schools wrote, by chance within each release: the order tells nothing of who wrote when. */
export const wordsFor: LoaderDefinition<EvidenceKey, RatingWords[]> = async ({ db }, keys) => {
  const rows = await db.prepared<RatingWords & { nth: number }>(
    'evidence-words',
    `SELECT nth, id, words, false AS hidden, version, provider_id AS "providerId"
     FROM (SELECT key.nth, r.words_id AS id, r.words, r.version, r.provider_id, row_number() OVER (PARTITION BY key.nth ORDER BY e.released_on DESC, r.words_id) AS place
           ${ASKED} JOIN rating r ON r.evidence_id = e.id WHERE r.words <> '' AND NOT r.words_hidden) found
     WHERE place <= ${MOST_WORDS} ORDER BY nth, place`,
    values(keys),
  );
  return groupsInOrder(keys.map((_, i) => i + 1), rows, (row) => row.nth);
};

/** From where to where, in words; figures only of ten pupils or more. */
export const changesFor: LoaderDefinition<EvidenceKey, ChangeInWords[]> = async ({ db }, keys) => {
  const rows = await db.prepared<ChangeInWords & { nth: number }>(
    'evidence-changes',
    `SELECT nth, baseline, after
     FROM (SELECT key.nth, a.baseline, a.after, row_number() OVER (PARTITION BY key.nth ORDER BY e.released_on DESC, md5(a.id::text)) AS place
           ${ASKED} JOIN rating_answer a ON a.evidence_id = e.id JOIN rating r ON r.id = a.rating_id
           WHERE a.after <> '' AND a.result <> 'TOO_EARLY' AND NOT r.words_hidden AND (a.cohort >= ${LEAST_COHORT} OR a.baseline || a.after !~ '[[:digit:]%]')) found
     WHERE place <= ${MOST_WORDS} ORDER BY nth, place`,
    values(keys),
  );
  return groupsInOrder(keys.map((_, i) => i + 1), rows, (row) => row.nth);
};

/** Ids of the listings that have evidence from schools like this; for the filter of the search. */
export async function listingsWithEvidence(db: Queryable, { category, phase }: { category?: Category | null; phase?: SupportPhase | null }): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'SELECT listing_id AS id FROM listing_evidence WHERE category IS NOT DISTINCT FROM $1::text AND phase IS NOT DISTINCT FROM $2::text ORDER BY listing_id',
    [category ?? null, phase ?? null],
  );
  return rows.map(({ id }) => id);
}

const TO_MODERATE = `
  FROM rating r JOIN evidence e ON e.id = r.evidence_id JOIN provider p ON p.id = r.provider_id JOIN school s ON s.urn = r.school_urn
  WHERE ${moderates('r', 'p', 's')} AND r.words <> '' AND ($4::boolean IS NULL OR r.words_hidden = $4)`;

/** Words that the public sees, or saw, which the actor may hide as an officer: by chance. */
export function listWords({ db, actor }: RequestContext, hidden: boolean | null, limit: number, after: string | null): Promise<RatingWords[]> {
  return db.query<RatingWords>(
    `SELECT r.words_id AS id, r.words, r.words_hidden AS hidden, r.version, r.provider_id AS "providerId" ${TO_MODERATE} AND ($5::uuid IS NULL OR r.words_id > $5) ORDER BY r.words_id LIMIT $6`,
    [...officerValues(actor), hidden, after, limit],
  );
}

export async function countWords(db: Database, actor: Actor, hidden: boolean | null): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) ${TO_MODERATE}`, [...officerValues(actor), hidden]);
  return row!.count;
}

/** Words by their name, for the officer who has just dealt with them. */
export async function wordsById({ db, actor }: RequestContext, id: string): Promise<RatingWords | null> {
  const [row] = await db.query<RatingWords>(
    `SELECT r.words_id AS id, r.words, r.words_hidden AS hidden, r.version, r.provider_id AS "providerId" ${TO_MODERATE} AND r.words_id = $5`,
    [...officerValues(actor), null, id],
  );
  return row ?? null;
}
