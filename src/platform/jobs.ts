import { Logger as WorkerLogger, type Runner, type TaskList, parseCronItems, run, runMigrations, runOnce } from 'graphile-worker';
import pg from 'pg';
import type { Database } from './database.js';
import type { Logger } from './log.js';
import { WorkerLives } from './worker-lives.js';

/** What a job does. It runs at least once, perhaps twice: it must find its work done already and do nothing. */
export type Task = (payload: Record<string, unknown>) => Promise<void>;

export interface Jobs {
  tasks: Record<string, Task>;
  /** Tasks that run by themselves, by a crontab pattern in UTC. */
  schedule: { task: string; pattern: string }[];
}

export async function migrateJobs(databaseUrl: string): Promise<void> {
  await withPool(databaseUrl, (pgPool) => runMigrations({ pgPool, logger: workerLog(null) }));
}

/** Runs jobs until stopped. Any number of processes may do so at once. */
export async function startWorker(databaseUrl: string, jobs: Jobs, log: Logger): Promise<{ stop(): Promise<void> }> {
  const pgPool = newPool(databaseUrl, 4, (error) => log.warn({ error: error.message }, 'the worker lost a database connection'));
  const lives = new WorkerLives(databaseUrl, pgPool);
  await lives.start();
  const runner: Runner = await run({
    pgPool,
    events: lives.events,
    taskList: taskList(jobs),
    parsedCronItems: parseCronItems(jobs.schedule.map(({ task, pattern }) => ({ task, match: pattern }))),
    concurrency: 2,
    pollInterval: 2000,
    noHandleSignals: true,
    logger: workerLog(log),
  });
  return {
    stop: async () => {
      await runner.stop();
      await lives.stop();
      await pgPool.end();
    },
  };
}

/** Runs every job that is due, and returns once it is written down how each went: what tests use in place of a worker. */
export async function runDueJobs(db: Database, jobs: Jobs): Promise<void> {
  // Only outcomes that are written in batches are waited for; a batch of 0 ms is one job's.
  const preset = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } };
  await runOnce({ preset, pgPool: db.pool, taskList: taskList(jobs), noHandleSignals: true, logger: workerLog(null) });
}

const taskList = ({ tasks }: Jobs): TaskList =>
  Object.fromEntries(Object.entries(tasks).map(([name, task]) => [name, (payload) => task(payload as Record<string, unknown>)]));

function workerLog(log: Logger | null): WorkerLogger {
  return new WorkerLogger(() => (level, message) => {
    if (level === 'error') log?.error(message);
    else if (level === 'warning') log?.warn(message);
    else log?.debug(message);
  });
}

function newPool(connectionString: string, max: number, onLost: (error: Error) => void): pg.Pool {
  const pool = new pg.Pool({ connectionString, max });
  // `end` does not wait until PostgreSQL has let go: one that stops right after it would seem to break them.
  const lost = (error: Error) => void (pool.ending || onLost(error));
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}

async function withPool<T>(connectionString: string, work: (pool: pg.Pool) => Promise<T>): Promise<T> {
  const pool = newPool(connectionString, 2, () => {}); // the statement that needed the connection reports
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}
