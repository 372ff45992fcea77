import { type Job, Logger as WorkerLogger, type Task as WorkerTask, type TaskList, runMigrations, runOnce } from 'graphile-worker';
import { type Database, TRACE_KEY } from '../database/index.js';
import type { Logger } from '../log.js';
import { newTrace, traced } from '../trace.js';
import { PermanentFailure } from './permanent-failure.js';

/**
 * What a job does. It runs at least once, perhaps twice: it must find its work done already and do nothing.
 * @param signal aborted when the process is about to end and waits no longer
 */
export type Task = (payload: Record<string, unknown>, signal?: AbortSignal) => Promise<void>;

/** Jobs of one lane do not wait for those of another: a slow mail server holds up mail, and not even sign-in codes. */
export type Lane = 'CODES' | 'MAIL' | 'WORK';

export interface Jobs {
  tasks: Record<string, Task>;
  /** The lane of a task; WORK where it is not named. */
  lanes?: Record<string, Lane>;
  /** Tasks that run by themselves, by a crontab pattern in UTC. */
  schedule: { task: string; pattern: string }[];
}

export const laneOf = ({ lanes = {} }: Jobs, task: string): Lane => lanes[task] ?? 'WORK';

export function joinJobs(...parts: Jobs[]): Jobs {
  return {
    tasks: Object.assign({}, ...parts.map((part) => part.tasks)) as Jobs['tasks'],
    lanes: Object.assign({}, ...parts.map((part) => part.lanes ?? {})) as Record<string, Lane>,
    schedule: parts.flatMap((part) => part.schedule),
  };
}

export async function migrateJobs(db: Database): Promise<void> {
  await runMigrations({ pgPool: db.pool, logger: workerLog(null) });
}

/** Runs every job that is due, and returns once it is written down how each went: what tests use in place of a worker. */
export async function runDueJobs(db: Database, jobs: Jobs): Promise<void> {
  await runOnce({ preset: WRITTEN_IN_BATCHES, pgPool: db.pool, taskList: taskListOf(jobs), noHandleSignals: true, logger: workerLog(null) });
}

/**
 * How a job went is written by graphile-worker's batches, of no delay: they are waited for, and a batch that cannot be
 * written stops the runner. Without them a failed write is a rejection that nobody handles, which ends the process.
 */
export const WRITTEN_IN_BATCHES = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };

/** @param among which tasks; all where it is not said @param signal that they are given */
export const taskListOf = ({ tasks }: Jobs, among: (name: string) => boolean = () => true, signal?: AbortSignal): TaskList =>
  Object.fromEntries(Object.entries(tasks).flatMap(([name, task]) => (among(name) ? [[name, asWorkerTask(task, signal)]] : [])));

/** The id of the request that a job comes of; one of its own for a job by schedule. */
export function traceIdOf({ id, payload }: Pick<Job, 'id' | 'payload'>): string {
  const given = (payload as Record<string, unknown> | null)?.[TRACE_KEY];
  return typeof given === 'string' ? given : `job-${id}`;
}

/** A permanent failure may still be a mistake of whoever reported it, such as a mail server that starts. Four tries take half a minute. */
const PERMANENT_TRIES = 4;

export const givesUp = (error: unknown, attempts: number): boolean => error instanceof PermanentFailure && attempts >= PERMANENT_TRIES;

/** Runs a task under the id of the request that its job comes of. */
function asWorkerTask(task: Task, signal?: AbortSignal): WorkerTask {
  return async (payload, helpers) => {
    try {
      await traced(newTrace(traceIdOf(helpers.job)), () => task((payload ?? {}) as Record<string, unknown>, signal));
    } catch (error) {
      if (givesUp(error, helpers.job.attempts)) {
        await helpers.query('UPDATE graphile_worker._private_jobs SET max_attempts = attempts WHERE id = $1', [helpers.job.id]);
      }
      throw error;
    }
  };
}

/** Leaves out how single jobs failed: the worker's events tell that, in our own words. */
export function workerLog(log: Logger | null): WorkerLogger {
  return new WorkerLogger(() => (level, message, meta) => {
    if (meta?.['failure']) return;
    if (level === 'error') log?.error(message);
    else if (level === 'warning') log?.warn(message);
    else log?.debug(message);
  });
}
