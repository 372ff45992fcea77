import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, parseCronItems, run, type Runner, type WorkerEvents } from 'graphile-worker';
import type pg from 'pg';
import type { Database } from '../database/index.js';
import type { Logger } from '../log.js';
import { metrics } from '../metrics.js';
import { givesUp, type Jobs, type Lane, laneOf, taskListOf, traceIdOf, workerLog, WRITTEN_IN_BATCHES } from './jobs.js';
import { WorkerLives } from './worker-lives.js';

export interface Worker {
  /** Takes no more jobs and waits for those under way. */
  stop(): Promise<void>;
}

/** How many jobs of a lane run at the same time in one process. */
const SLOTS: Record<Lane, number> = { CODES: 2, MAIL: 4, WORK: 2 };
/** Connections of all lanes together: each listens on one and fetches jobs on others. */
const CONNECTIONS = 6;
const POLL_MS = 2000;
/** Jobs under way when the process ends have so long until they are asked to give up. */
const HURRY_MS = 1500;
/** How long a lane that broke down is left alone; longer if it goes on breaking down. */
const BACK_OFF_MS = { first: 250, most: 4000 };
/** A lane that ran so long has recovered. */
const RECOVERED_MS = 30_000;

/** Runs jobs until stopped. Any number of processes may do so at once. A fault of the database stops nothing for good. */
export function startWorker(db: Database, jobs: Jobs, log: Logger): Worker {
  const pgPool = db.newPool(CONNECTIONS);
  pgPool.on('error', () => {}); // an idle connection lost is replaced at the next use
  pgPool.on('connect', (client) => client.on('error', () => {}));
  const lives = new WorkerLives(db, pgPool);
  lives.start();
  const lanes = (Object.keys(SLOTS) as Lane[]).map((lane) => new LaneOfJobs(lane, jobs, pgPool, lives, log));
  return {
    stop: async () => {
      await Promise.all(lanes.map((lane) => lane.stop()));
      await lives.stop();
      await pgPool.end();
    },
  };
}

/** One lane: a runner of graphile-worker, and another one as soon as it breaks down. */
class LaneOfJobs {
  private readonly ending = new AbortController();
  /** Given to tasks: the process waits for them no longer. */
  private readonly hurry = new AbortController();
  private readonly running: Promise<void>;
  /** Those that still have jobs under way, the last of them the one that takes new ones. */
  private readonly runners = new Set<Runner>();

  constructor(
    private readonly lane: Lane,
    private readonly jobs: Jobs,
    private readonly pgPool: pg.Pool,
    private readonly lives: WorkerLives,
    private readonly log: Logger,
  ) {
    this.running = this.keepRunning();
  }

  async stop(): Promise<void> {
    this.ending.abort();
    setTimeout(() => this.hurry.abort(), HURRY_MS).unref();
    await Promise.all([...this.runners].map((runner) => runner.stop().catch(() => {}))); // one that broke down is stopping already
    await this.running;
    await Promise.all([...this.runners].map((runner) => runner.promise.catch(() => {})));
  }

  private async keepRunning(): Promise<void> {
    for (let pause = BACK_OFF_MS.first; !this.ending.signal.aborted; pause = Math.min(pause * 2, BACK_OFF_MS.most)) {
      const begun = performance.now();
      try {
        await this.runUntilItStops();
        if (!this.ending.signal.aborted) this.log.warn({ lane: this.lane }, 'jobs stopped, and are started again');
      } catch (error) {
        this.log.warn({ lane: this.lane, error: (error as Error).message }, 'jobs cannot be started yet');
      }
      if (performance.now() - begun > RECOVERED_MS) pause = BACK_OFF_MS.first;
      await sleep(pause, undefined, { signal: this.ending.signal }).catch(() => {});
    }
  }

  /** Resolves as soon as the runner takes no more jobs; those under way may go on. */
  private async runUntilItStops(): Promise<void> {
    const events = new EventEmitter() as WorkerEvents;
    const stopped = new Promise<void>((resolve) => {
      events.on('stop', () => resolve());
      events.on('pool:gracefulShutdown', () => resolve());
    });
    const life = this.lifeOf(events);
    this.tellOfJobs(events);
    const isOurs = (task: string) => laneOf(this.jobs, task) === this.lane;
    const runner = await run({
      preset: WRITTEN_IN_BATCHES,
      pgPool: this.pgPool,
      events,
      taskList: taskListOf(this.jobs, isOurs, this.hurry.signal),
      parsedCronItems: parseCronItems(this.jobs.schedule.filter(({ task }) => isOurs(task)).map(({ task, pattern }) => ({ task, match: pattern }))),
      concurrency: SLOTS[this.lane],
      pollInterval: POLL_MS,
      noHandleSignals: true,
      logger: workerLog(this.log),
    });
    this.runners.add(runner);
    void runner.promise.catch(() => {}).finally(() => this.runners.delete(runner));
    if (this.ending.signal.aborted) await runner.stop().catch(() => {});
    await stopped;
    life.over();
  }

  /**
   * Says that the runner lives until it has stopped and none of its jobs is under way: it may then try for long to write
   * down what became of them, and others need not wait for that.
   */
  private lifeOf(events: WorkerEvents): { over(): void } {
    const ids: string[] = [];
    const underWay = new Set<string>();
    let stopped = false;
    const look = () => {
      if (stopped && underWay.size === 0) for (const id of ids.splice(0)) this.lives.release(id);
    };
    events.on('pool:create', ({ workerPool }) => {
      ids.push(workerPool.id);
      this.lives.hold(workerPool.id, underWay);
    });
    events.on('job:start', ({ job }) => underWay.add(String(job.id))); // a number, as this product reads bigint
    events.on('job:complete', ({ job }) => {
      underWay.delete(String(job.id));
      look();
    });
    return {
      over: () => {
        stopped = true;
        look();
      },
    };
  }

  private tellOfJobs(events: WorkerEvents): void {
    const begun = new Map<string, number>();
    const about = (job: Job) => ({ id: traceIdOf(job), job: job.task_identifier, attempt: job.attempts, ms: Math.round(performance.now() - (begun.get(job.id) ?? NaN)) });
    events.on('job:start', ({ job }) => begun.set(job.id, performance.now()));
    events.on('job:success', ({ job }) => {
      metrics.jobs.inc({ task: job.task_identifier, outcome: 'done' });
      this.log.info(about(job), 'job');
    });
    events.on('job:error', ({ job, error }) => {
      const isLast = job.attempts >= job.max_attempts || givesUp(error, job.attempts);
      metrics.jobs.inc({ task: job.task_identifier, outcome: isLast ? 'given up' : 'failed' });
      const said = { ...about(job), error: (error as Error).message };
      if (isLast) this.log.error(said, 'a job failed and is not tried again');
      else this.log.warn(said, 'a job failed');
    });
    events.on('job:complete', ({ job }) => begun.delete(job.id));
  }
}
