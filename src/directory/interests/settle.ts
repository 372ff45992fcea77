import type { Queryable, UnitOfWork } from '../../platform/database/index.js';
import { ACCEPTABLE } from './obstacles.js';

/** How long a recommendation goes on counting whose school an import has brought too near. */
export const EXCUSED_DAYS = 60;

/** What brings new obstacles about: an import, which excuses them for a time, or what people did, which does not. */
export type Cause = 'IMPORT' | 'PEOPLE';

/** What an import of schools can bring about by itself, without anybody's doing. */
const BY_IMPORT = ['OWN_SCHOOL', 'OWN_TRUST', 'OWN_FEDERATION', 'PEOPLES_SCHOOL', 'RECIPROCAL', 'ITS_LEAD', 'SAME_BODY'];

/**
 * What others can bring about later for a recommendation that has long been given. Where the provider is listed it is
 * overlooked for a time then, too, so that nobody is de-listed overnight; nobody is listed by it.
 */
const BY_OTHERS = ['CIRCLE', 'JUDGED_BEFORE'];

export interface Kept {
  /** The providers of which something changed. */
  providers: string[];
  /** The recommendations of which something is overlooked for a time from now on. */
  excused: string[];
  /** Those that were given before, and that wait for an officer from now on because of what has come about since. */
  waiting: string[];
}

/** Circles are made of what counts: they come to rest after two or three rounds, and the check at the commit holds in any case. */
const MOST_ROUNDS = 5;

/**
 * Brings what is kept of the recommendations' obstacles up to date: of these providers, or of all where that is null.
 * What people can bring about is overlooked once for a school's word for a provider: where it goes and comes back, only
 * for what is left of that time. The caller holds the locks on the providers, or looks after that the check at the commit does.
 */
export async function keepObstacles(tx: UnitOfWork, providerIds: readonly string[] | null, cause: Cause = 'PEOPLE'): Promise<Kept> {
  const kept: Kept = { providers: [], excused: [], waiting: [] };
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const more = await keepOnce(tx, providerIds, cause);
    if (more.providers.length === 0) break;
    for (const what of ['providers', 'excused', 'waiting'] as const) kept[what] = [...new Set([...kept[what], ...more[what]])];
  }
  return kept;
}

/** One round: what one recommendation's obstacles are may depend on whether another counts, as it did before. */
async function keepOnce(tx: UnitOfWork, providerIds: readonly string[] | null, cause: Cause): Promise<Kept> {
  const until = new Date(tx.now.getTime() + EXCUSED_DAYS * 86_400_000);
  const changed = await tx.query<{ id: string; providerId: string; isExcused: boolean; waits: boolean }>(
    `WITH due AS (
       SELECT r.id, now.obstacles, ARRAY(SELECT unnest(r.accepted) INTERSECT SELECT unnest(now.obstacles)) AS accepted, excuse.*,
              r.given_at < $6 AND r.state = 'GIVEN' AND EXISTS (
                SELECT FROM unnest(now.obstacles) new WHERE new = ANY($7::text[]) AND NOT new = ANY(r.obstacles) AND NOT excuse.ends ? new) AS waits
       FROM present_obstacles($1) now JOIN recommendation r USING (id) JOIN provider p ON p.id = r.provider_id
       CROSS JOIN LATERAL (
         SELECT coalesce(jsonb_object_agg(found.obstacle, found.ends), '{}') AS ends, coalesce(array_agg(found.obstacle), '{}') AS excused, min(found.ends) AS until,
                coalesce(bool_or(NOT found.goes_on AND found.ends = $4), false) AS begins
         FROM (
           SELECT obstacle, obstacle = ANY(r.excused) AS goes_on, CASE
             WHEN obstacle = ANY(r.excused) THEN coalesce((r.excuses ->> obstacle)::timestamptz, r.excused_until)
             WHEN obstacle = ANY(r.obstacles) THEN NULL
             WHEN $2 AND obstacle = ANY($3::text[]) THEN $4
             WHEN obstacle = ANY($5::text[]) AND r.given_at < $6 AND p.state = 'LISTED' THEN coalesce((
               SELECT max((word.excuses ->> obstacle)::timestamptz) FROM recommendation word WHERE word.provider_id = r.provider_id AND word.school_urn = r.school_urn), $4)
           END AS ends
           FROM unnest(now.obstacles) obstacle) found
         WHERE found.goes_on OR found.ends > $6) excuse)
     UPDATE recommendation r SET version = r.version + 1, obstacles = due.obstacles, accepted = due.accepted,
            excused = due.excused, excused_until = due.until, excuses = r.excuses || due.ends
     FROM due WHERE due.id = r.id
       AND NOT (${same('obstacles')} AND ${same('accepted')} AND ${same('excused')})
     RETURNING r.id, r.provider_id AS "providerId", due.begins AS "isExcused", due.waits`,
    [providerIds, cause === 'IMPORT', BY_IMPORT, until, BY_OTHERS, tx.now, ACCEPTABLE],
  );
  return {
    providers: [...new Set(changed.map((each) => each.providerId))],
    excused: changed.filter((each) => each.isExcused).map((each) => each.id),
    waiting: changed.filter((each) => each.waits && !each.isExcused).map((each) => each.id),
  };
}

const same = (column: string) => `r.${column} @> due.${column} AND r.${column} <@ due.${column}`;

/** Ends the excuses whose time is over, under the locks of their providers. @returns the providers concerned */
export async function endExcuses(tx: UnitOfWork): Promise<string[]> {
  await tx.query('SELECT id FROM provider WHERE id IN (SELECT provider_id FROM recommendation WHERE excused_until <= $1) ORDER BY id FOR NO KEY UPDATE', [tx.now]);
  const ended = await tx.query<{ providerId: string }>(
    `UPDATE recommendation r SET (excused, excused_until) = (
       SELECT coalesce(array_agg(left_over.obstacle), '{}'), min(left_over.ends)
       FROM (SELECT obstacle, coalesce((r.excuses ->> obstacle)::timestamptz, r.excused_until) AS ends FROM unnest(r.excused) obstacle) left_over
       WHERE left_over.ends > $1)
     WHERE r.excused_until <= $1 RETURNING r.provider_id AS "providerId"`,
    [tx.now],
  );
  return [...new Set(ended.map((each) => each.providerId))];
}

/** The providers for whose recommendations it may matter who this person is and what they lead. */
export async function providersConcernedBy(db: Queryable, personId: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>('SELECT providers_concerned AS id FROM providers_concerned(mailboxes_of($1))', [personId]);
  return rows.map((row) => row.id);
}

/** The other providers that are vouched for from what this one is, or what its people lead: a recommendation of it that stands again may be against theirs. */
export async function providersVouchedFrom(db: Queryable, providerId: string): Promise<string[]> {
  return (await db.query<{ id: string }>('SELECT providers_vouched_from AS id FROM providers_vouched_from($1)', [providerId])).map((row) => row.id);
}
