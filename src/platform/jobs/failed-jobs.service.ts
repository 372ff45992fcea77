import type { UnitOfWork } from '../database/index.js';
import { NotFound, refuse } from '../problem.js';
import { FAILED } from './failed-jobs.read.js';

/** As many as graphile-worker gives a new job. */
const TRIES = 25;

const NOT_ALL_FAILED = 'Not all of these are jobs that failed. Somebody may have dealt with some of them meanwhile. Look at the list again.';

/**
 * Puts failed jobs back, to be tried at once and as often as new ones.
 * @throws Refused with NotFound, where not all of them have failed
 */
export async function retryFailed(tx: UnitOfWork, ids: readonly string[]): Promise<void> {
  await lockFailed(tx, ids);
  await tx.query('SELECT FROM graphile_worker.reschedule_jobs($1::bigint[], run_at := now(), attempts := 0, max_attempts := $2)', [
    ids,
    TRIES,
  ]);
}

/** Removes failed jobs: what they were to do is not done. @throws Refused with NotFound, where not all of them have failed */
export async function removeFailed(tx: UnitOfWork, ids: readonly string[]): Promise<void> {
  await lockFailed(tx, ids);
  await tx.query('SELECT FROM graphile_worker.complete_jobs($1::bigint[])', [ids]);
}

/** The rows stay as they are until this unit of work is over: of two administrators the second finds them dealt with. */
async function lockFailed(tx: UnitOfWork, ids: readonly string[]): Promise<void> {
  const failed = await tx.query(
    `SELECT j.id FROM graphile_worker._private_jobs j WHERE j.id = ANY($1::bigint[]) AND ${FAILED} ORDER BY j.id FOR UPDATE`,
    [ids],
  );
  if (failed.length < ids.length) refuse(new NotFound(NOT_ALL_FAILED));
}
