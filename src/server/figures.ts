import type { Session } from '../platform/database/index.js';
import { FAILED } from '../platform/jobs/index.js';
import { FETCHES_FAILING } from '../imports/index.js';

/** Counts that tell how far the service is behind. Seconds are of the database's clock; null where nothing waits. */
export interface Figures {
  jobs: { due: number; oldestSeconds: number | null };
  failedJobs: number;
  mail: { waiting: number; oldestSeconds: number | null };
  /** Changes that wait to be published to the search index. */
  outbox: { indexed: boolean; waiting: number; oldestSeconds: number | null };
  /** What the last comparison of the index with the database found to differ; null: none was made. */
  drift: number | null;
  /** Folders and addresses whose last fetch went wrong, and nothing of that kind has been imported by hand since; null: nothing was ever fetched. */
  importsFailing: number | null;
}

/** Counting stops there: more is as bad, and the count is made every few seconds. */
const MOST_COUNTED = 100_000;

/** @param mailTasks tasks that send mail */
export async function readFigures(session: Session, mailTasks: readonly string[]): Promise<Figures> {
  const [row] = await session.query<Record<string, number | boolean | null>>(
    `WITH waiting AS (
       SELECT t.identifier = ANY($1) AS mail, j.created_at, j.run_at, j.locked_at IS NOT NULL AS locked, ${FAILED} AS over
       FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
       WHERE j.attempts >= j.max_attempts OR j.run_at <= now() OR j.attempts > 0
       LIMIT $2)
     SELECT count(*) FILTER (WHERE NOT over AND NOT locked AND run_at <= now())::int AS due,
       extract(epoch FROM now() - min(run_at) FILTER (WHERE NOT over AND NOT locked AND run_at <= now()))::int AS due_seconds,
       count(*) FILTER (WHERE over)::int AS over,
       count(*) FILTER (WHERE mail AND NOT over)::int AS mail,
       extract(epoch FROM now() - min(created_at) FILTER (WHERE mail AND NOT over))::int AS mail_seconds,
       EXISTS (SELECT FROM search_index) AS indexed,
       (SELECT count(*) FROM (SELECT FROM search_outbox LIMIT $2) o)::int AS outbox,
       (SELECT extract(epoch FROM clock_timestamp() - at) FROM search_outbox ORDER BY id LIMIT 1)::int AS outbox_seconds,
       (SELECT (value ->> 'drift')::int FROM setting WHERE name = 'search-drift') AS drift,
       (${FETCHES_FAILING}) AS imports_failing
     FROM waiting`,
    [mailTasks, MOST_COUNTED],
  );
  return {
    jobs: { due: row!['due'] as number, oldestSeconds: row!['due_seconds'] as number | null },
    failedJobs: row!['over'] as number,
    mail: { waiting: row!['mail'] as number, oldestSeconds: row!['mail_seconds'] as number | null },
    outbox: { indexed: row!['indexed'] as boolean, waiting: row!['outbox'] as number, oldestSeconds: row!['outbox_seconds'] as number | null },
    drift: row!['drift'] as number | null,
    importsFailing: row!['imports_failing'] as number | null,
  };
}
