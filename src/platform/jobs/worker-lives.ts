import type pg from 'pg';
import type { Database, Session } from '../database/index.js';

const LOOK_EVERY_MS = 1500;
/** A worker whose lock is free at so many looks in a row is dead. One that lost its connection has taken it again by then. */
const LOOKS = 3;
/** One that stands still for longer, with no process that answers, is dead too: its jobs are done by others. */
const SILENT_MS = 60_000;
const lockOf = (id: string) => `hashtextextended('worker ' || ${id}, 0)`;

/** Workers that hold jobs and whose lock nobody has; a lock of one's own transaction alone tells. */
const WITHOUT_LOCK = `
  SELECT id FROM (SELECT DISTINCT locked_by AS id FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL) AS holding
  WHERE pg_try_advisory_xact_lock(${lockOf('id')})`;

/** With the queue that such a job is in, of whose jobs no two run at once. */
const GIVE_BACK = `
  WITH given AS (
    UPDATE graphile_worker._private_jobs SET locked_at = NULL, locked_by = NULL WHERE id = ANY($1::bigint[]) AND locked_by = ANY($2) RETURNING job_queue_id)
  UPDATE graphile_worker._private_job_queues q SET locked_at = NULL, locked_by = NULL FROM given WHERE q.id = given.job_queue_id AND q.locked_by = ANY($2)`;

/**
 * Lets workers know of each other whether they live: each holds an advisory lock as long as its process does. The jobs
 * of one that was killed are taken over within seconds; graphile-worker by itself waits for four hours. No clock is
 * compared with another one's.
 */
export class WorkerLives {
  /** Those that live here, and whether this session has their lock. */
  private readonly ours = new Map<string, boolean>();
  /** The jobs under way of each of them. */
  private readonly jobs = new Map<string, ReadonlySet<string>>();
  /** How often in a row a job was seen locked by one of ours that does not do it. */
  private readonly strays = new Map<string, number>();
  private session: Session | null = null;
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;
  /** How often in a row each was seen without its lock. */
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly db: Database,
    private readonly pool: pg.Pool,
  ) {}

  start(): void {
    this.lookAgain(0);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.looking;
    await this.session?.close();
  }

  /** Says that this worker, by whose id jobs are locked, lives, and which jobs are under way. */
  hold(id: string, underWay: ReadonlySet<string>): void {
    this.jobs.set(id, underWay);
    this.ours.set(id, false);
    void this.lock().catch(() => {}); // the next look does it again
  }

  /** Says that it has ended: what it has not given back may be taken over. */
  release(id: string): void {
    this.ours.delete(id);
    this.jobs.delete(id);
    void this.session?.query(`SELECT pg_advisory_unlock(${lockOf('$1::text')})`, [id]).catch(() => {}); // then the lock went with the session
  }

  private lookAgain(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.looking = this.look().finally(() => this.lookAgain(LOOK_EVERY_MS));
    }, ms);
  }

  private async look(): Promise<void> {
    try {
      this.session ??= await this.db.openSession('worker', SILENT_MS, () => this.forget());
      await this.lock();
      const { rows } = await this.pool.query<{ id: string }>(WITHOUT_LOCK); // another session than the one that holds our own
      const dead = this.deadAmong(rows.map(({ id }) => id));
      if (dead.length > 0) await this.pool.query('SELECT graphile_worker.force_unlock_workers($1)', [dead]);
      await this.giveBackStrays();
    } catch {
      this.seen.clear(); // without a database there is nothing to look after; the next look finds it again
    }
  }

  /**
   * A worker may be given a job and never hear of it, where the database answered too late: nobody else takes it then,
   * since the worker lives.
   */
  private async giveBackStrays(): Promise<void> {
    const { rows } = await this.pool.query<{ id: string; worker: string }>('SELECT id::text AS id, locked_by AS worker FROM graphile_worker._private_jobs WHERE locked_by = ANY($1)', [
      [...this.ours.keys()],
    ]);
    const idle = rows.flatMap(({ id, worker }) => (this.jobs.get(worker)?.has(id) ? [] : [id]));
    const strays = countedUp(this.strays, idle);
    if (strays.length === 0) return;
    await this.pool.query(GIVE_BACK, [strays, [...this.ours.keys()]]);
  }

  /** Takes the locks that are not held. Those that a lost session still has are had as soon as PostgreSQL has noticed. */
  private async lock(): Promise<void> {
    for (const [id, held] of this.ours) {
      if (held || !this.session) continue;
      this.ours.set(id, true); // nobody else takes it meanwhile: locks are counted
      const [row] = await this.session.query<{ held: boolean }>(`SELECT pg_try_advisory_lock(${lockOf('$1::text')}) AS held`, [id]);
      if (this.ours.has(id)) this.ours.set(id, row!.held);
    }
  }

  private deadAmong(ids: readonly string[]): string[] {
    return countedUp(this.seen, ids.filter((id) => !this.ours.has(id)));
  }

  /** Whoever was seen without its lock may have lost it by what we lost ours: they are all given their time again. */
  private forget(): void {
    this.session = null;
    for (const id of this.ours.keys()) this.ours.set(id, false);
    this.seen.clear();
  }
}

/** Counts how often in a row each was seen. @returns those that were seen at so many looks */
function countedUp(seen: Map<string, number>, now: readonly string[]): string[] {
  for (const id of seen.keys()) if (!now.includes(id)) seen.delete(id);
  for (const id of now) seen.set(id, (seen.get(id) ?? 0) + 1);
  return now.filter((id) => seen.get(id)! >= LOOKS);
}
