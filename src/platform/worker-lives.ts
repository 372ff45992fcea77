import { EventEmitter } from 'node:events';
import type { WorkerEvents } from 'graphile-worker';
import pg from 'pg';

const LOOK_EVERY_MS = 5000;
const lockOf = (id: string) => `hashtextextended('worker ' || ${id}, 0)`;

/** Gives back what workers held whose lock nobody holds any more; a lock of one's own transaction alone tells. */
const FREE = `
  SELECT graphile_worker.force_unlock_workers(array_agg(id)) FROM (
    SELECT id FROM (SELECT DISTINCT locked_by AS id FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL) AS holding
    WHERE pg_try_advisory_xact_lock(${lockOf('id')})
  ) AS dead HAVING count(*) > 0`;

/**
 * Lets workers know of each other whether they live: each holds an advisory lock as long as its process does. The jobs
 * of one that was killed are taken over within seconds; graphile-worker by itself waits for four hours.
 */
export class WorkerLives {
  /** For the runner: tells of its pool of workers. */
  readonly events = new EventEmitter() as WorkerEvents;
  private readonly ids = new Set<string>();
  private client: pg.Client | null = null;
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly databaseUrl: string,
    private readonly pool: pg.Pool,
  ) {
    this.events.on('pool:create', ({ workerPool }) => {
      this.ids.add(workerPool.id); // by which jobs are locked
      void this.hold(workerPool.id);
    });
  }

  async start(): Promise<void> {
    await this.look();
    this.timer = setInterval(() => void this.look(), LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.client?.end().catch(() => {});
  }

  /** Without a database there is nothing to look after; the next look finds it again. */
  private async look(): Promise<void> {
    try {
      await this.connect();
      await this.pool.query(FREE); // another session than the one that holds our own
    } catch {
      this.client = null;
    }
  }

  private async connect(): Promise<void> {
    if (this.client) return;
    const client = new pg.Client({ connectionString: this.databaseUrl });
    const lost = () => {
      if (this.client === client) this.client = null;
    };
    client.on('error', lost);
    client.on('end', lost);
    await client.connect();
    this.client = client;
    for (const id of this.ids) await this.hold(id);
  }

  private async hold(id: string): Promise<void> {
    await this.client?.query(`SELECT pg_advisory_lock(${lockOf('$1::text')})`, [id]).catch(() => {});
  }
}
