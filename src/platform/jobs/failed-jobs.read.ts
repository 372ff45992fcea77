import { type Queryable, TRACE_KEY } from '../database/index.js';
import { type FailedJob, type JobHealth, MOST_FAILED } from './failed-jobs.type.js';

/** Tasks put no address of a person into an error; what a library or a server says might. */
const ADDRESS = /[^\s<>()"',;:=]+@[^\s<>()"',;:]+/;
/** Characters of an error. */
const MOST_OF_ERROR = 1000;

/** One that is in the middle of its last try has used up its tries too, but is locked. */
export const FAILED = 'j.attempts >= j.max_attempts AND j.locked_at IS NULL';

/**
 * graphile-worker keeps no moment of a failure, but puts `run_at` off from then, after the last try too. The last try of
 * a worker that was killed put nothing off: it counts as tried that much earlier.
 */
const TRIED_AT = `greatest(j.created_at, j.run_at - exp(least(j.attempts, 10)) * interval '1 second')`;

/** How jobs fare, by the database's clock. */
export async function readJobHealth(db: Queryable): Promise<JobHealth> {
  const [[counts], failed] = await Promise.all([
    db.query<Omit<JobHealth, 'failed'>>(
      `SELECT count(*) FILTER (WHERE j.is_available AND j.run_at <= now())::int AS due,
         extract(epoch FROM now() - min(j.run_at) FILTER (WHERE j.is_available AND j.run_at <= now()))::int AS "oldestDueSeconds",
         count(*) FILTER (WHERE ${FAILED})::int AS "failedCount"
       FROM graphile_worker._private_jobs j`,
    ),
    db.query<FailedJob>(
      `SELECT j.id::text AS id, t.identifier AS task, j.attempts,
         left(regexp_replace(j.last_error, $1, '(an address)', 'g'), ${MOST_OF_ERROR}) AS error,
         ${TRIED_AT} AS "failedAt", j.payload ->> '${TRACE_KEY}' AS "requestId"
       FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
       WHERE ${FAILED} ORDER BY 5 DESC, j.id DESC LIMIT ${MOST_FAILED}`,
      [ADDRESS.source],
    ),
  ]);
  return { ...counts!, failed };
}
