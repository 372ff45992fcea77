import type { Queryable, UnitOfWork } from '../../platform/database/index.js';

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
}

/**
 * Brings what is kept of the recommendations' obstacles up to date: of these providers, or of all where that is null.
 * The caller holds the locks on the providers, or looks after that the check at the commit does.
 */
export async function keepObstacles(tx: UnitOfWork, providerIds: readonly string[] | null, cause: Cause = 'PEOPLE'): Promise<Kept> {
  const until = new Date(tx.now.getTime() + EXCUSED_DAYS * 86_400_000);
  const changed = await tx.query<{ id: string; providerId: string; isExcused: boolean }>(
    `WITH due AS (
       SELECT r.id, now.obstacles, ARRAY(SELECT unnest(r.accepted) INTERSECT SELECT unnest(now.obstacles)) AS accepted,
              ARRAY(SELECT unnest(r.excused) INTERSECT SELECT unnest(now.obstacles)
                    UNION SELECT new FROM unnest(now.obstacles) new WHERE ($2 AND new = ANY($3::text[]) OR new = ANY($5::text[]) AND r.given_at < $6 AND p.state = 'LISTED') AND NOT new = ANY(r.obstacles)) AS excused, r.excused AS before
       FROM present_obstacles($1) now JOIN recommendation r USING (id) JOIN provider p ON p.id = r.provider_id)
     UPDATE recommendation r SET version = r.version + 1, obstacles = due.obstacles, accepted = due.accepted, excused = due.excused,
            excused_until = CASE WHEN due.excused = '{}' THEN NULL WHEN due.excused <@ due.before THEN r.excused_until ELSE $4 END
     FROM due WHERE due.id = r.id
       AND (NOT (r.obstacles @> due.obstacles AND r.obstacles <@ due.obstacles) OR cardinality(r.accepted) <> cardinality(due.accepted) OR cardinality(r.excused) <> cardinality(due.excused))
     RETURNING r.id, r.provider_id AS "providerId", NOT due.excused <@ due.before AS "isExcused"`,
    [providerIds, cause === 'IMPORT', BY_IMPORT, until, BY_OTHERS, tx.now],
  );
  return { providers: [...new Set(changed.map((each) => each.providerId))], excused: changed.filter((each) => each.isExcused).map((each) => each.id) };
}

/** Ends the excuses whose time is over, under the locks of their providers. @returns the providers concerned */
export async function endExcuses(tx: UnitOfWork): Promise<string[]> {
  await tx.query('SELECT id FROM provider WHERE id IN (SELECT provider_id FROM recommendation WHERE excused_until <= $1) ORDER BY id FOR NO KEY UPDATE', [tx.now]);
  const ended = await tx.query<{ providerId: string }>(
    `UPDATE recommendation SET excused = '{}', excused_until = NULL WHERE excused_until <= $1 RETURNING provider_id AS "providerId"`,
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
