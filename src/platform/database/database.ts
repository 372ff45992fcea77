import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, type EntityManager, type EntityTarget, type MixedList, type ObjectLiteral } from 'typeorm';
import { migrations } from '../../../migrations/index.js';
import type { Clock } from '../clock.js';
import { gathering } from './gathered.js';
import type { Logger } from '../log.js';
import { metrics } from '../metrics.js';
import { type Problem, refuse } from '../problem.js';
import { currentTrace } from '../trace.js';
import { type DatabaseLimits, defaultLimits, newClient, newPool, patienceFor, poolOptions } from './limits.js';
import { Session } from './session.js';
import { LOCKS } from './locks.js';
import { StatementNames } from './statement-names.js';
import { DatabaseUnavailable, isConnectionLost, isUnavailable } from './unavailable.js';

pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text); // a date is a day, not a moment
pg.types.setTypeParser(pg.types.builtins.INT8, Number); // counts and history ids stay far below 2^53

/** Something that runs SQL and gives the rows: the database itself or a unit of work. */
export interface Queryable {
  query<Row = Record<string, unknown>>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
}

/** A step of a process, as it has just been written into the history. */
export interface Recorded {
  historyId: number;
  process: string;
  transition: string;
  objectId: string;
  /** Who did it; null for what the product did by itself. */
  personId: string | null;
  /** For whom: PROVIDER, SCHOOL, LOCAL_AUTHORITY or SIGNPOST; null for the product. */
  onBehalfKind: string | null;
  reason: string | null;
}

/** Told, in the unit of work that recorded them and at its end, of all its steps: how notices are written. */
export type OnHistory = (tx: UnitOfWork, steps: readonly Recorded[]) => Promise<void>;

/** One transaction. All that must happen together is written through it, its jobs included. */
export interface UnitOfWork extends Queryable {
  /** The moment of this unit of work, by the product's clock. */
  readonly now: Date;
  /** TypeORM's manager in the same transaction, for entities. */
  readonly manager: EntityManager;
  /** Adds a job that runs only if this commits. The payload carries ids, never content. @param options.priority the lowest runs first; 0 where it is not said @param options.queue of whose jobs no two run at once */
  addJob(task: string, payload: Record<string, unknown>, options?: { runAt?: Date; priority?: number; queue?: string }): Promise<void>;
  /** The same for many jobs of a task, in one statement. */
  addJobs(task: string, payloads: readonly Record<string, unknown>[]): Promise<void>;
  /** Sends text, in COPY's own format, to a `COPY … FROM STDIN`. */
  copy(sql: string, text: string): Promise<void>;
  /** Has `onHistory` told of these steps before this commits. */
  recorded(steps: readonly Recorded[]): void;
}

/** The ways to read and write that whoever stands in for a database has to have. */
export type Transactions = Pick<Database, 'query' | 'transaction' | 'longTransaction'>;

/** What the person is told when a constraint of the database refuses what the service let through (a race). */
export type ConstraintProblems = Record<string, () => Problem>;

export interface DatabaseOptions {
  url: string;
  clock: Clock;
  entities?: MixedList<EntityTarget<ObjectLiteral> & Function>;
  constraints?: ConstraintProblems;
  limits?: DatabaseLimits;
  /** Told of slow statements. */
  log?: Logger;
  /** Told every statement before it is sent: tests count them. */
  onStatement?: (sql: string) => void;
}

/** Under this key a job's payload has the id of the request, or the job, that added it. */
export const TRACE_KEY = 'trace';
const MOST_SQL = 1000;
const RETRIES = 5;
const DEADLOCK_OR_SERIALIZATION = new Set(['40P01', '40001']);
/** Idle connections are replaced together once in so many ms at most. */
const REPLACE_EVERY_MS = 1000;
const NOTE_EVERY_MS = 1000;

export class Database implements Queryable {
  readonly pool: pg.Pool;
  onStatement: ((sql: string) => void) | undefined;
  onHistory: OnHistory | undefined;
  private readonly names = new StatementNames();
  private readonly gather = gathering<unknown, unknown[]>();
  private readonly limits: DatabaseLimits;
  private replacedAt = -Infinity;
  private lastTrouble: { at: number; message: string } | null = null;

  private constructor(
    readonly dataSource: DataSource,
    private readonly options: DatabaseOptions,
  ) {
    this.pool = (dataSource.driver as unknown as { master: pg.Pool }).master;
    this.limits = options.limits ?? defaultLimits;
    this.onStatement = options.onStatement;
  }

  /** @throws DatabaseUnavailable; whatever else PostgreSQL refuses a connection with */
  static async connect(options: DatabaseOptions): Promise<Database> {
    const limits = options.limits ?? defaultLimits;
    const dataSource = new DataSource({
      type: 'postgres',
      url: options.url,
      entities: options.entities ?? [],
      migrations: [...migrations],
      migrationsTransactionMode: 'each',
      poolSize: limits.poolSize,
      extra: poolOptions(limits),
      installExtensions: false,
      poolErrorHandler: () => {}, // an idle connection lost is replaced at the next use; the use itself reports
    });
    await dataSource.initialize();
    const db = new Database(dataSource, options);
    db.pool.on('connect', (client) => client.on('error', () => {}));
    return db;
  }

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.send(this.names.of(sql, parameters), sql, parameters);
  }

  /** Like query, prepared once per connection under a name: for the hot reads, whose planning costs more than their run. */
  async prepared<Row>(name: string, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.send(name, sql, parameters);
  }

  private async send<Row>(name: string | undefined, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    try {
      return (await this.timed(sql, () => this.pool.query({ name, text: sql, values: parameters as unknown[] }))).rows as Row[];
    } catch (error) {
      throw this.translated(error);
    }
  }

  /** Like prepared, sent once for all who ask the same at the same time: many open the same page. The rows are theirs together, not to be changed. */
  shared<Row>(name: string, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return this.gather(`${name} ${JSON.stringify(parameters)}`, () => this.prepared(name, sql, parameters)) as Promise<Row[]>;
  }

  /** Like shared, for a statement that takes a list of keys: they need not be the same, and the rows are those of all keys. @param keysAt which parameter they are, from 0 */
  sharedByKeys<Row>(name: string, sql: string, parameters: readonly unknown[], keysAt: number): Promise<Row[]> {
    const all = (keys: readonly unknown[]) => this.prepared<unknown>(name, sql, parameters.with(keysAt, keys));
    return this.gather(`${name} ${JSON.stringify(parameters.with(keysAt, null))}`, all, parameters[keysAt] as unknown[]) as Promise<Row[]>;
  }

  /**
   * Runs the work in one transaction and commits it. A Refused, or any error, rolls everything back; a deadlock or a
   * serialization failure runs the work again. A constraint that has a problem of its own becomes that problem,
   * also when it is a deferred one and speaks at COMMIT.
   * @throws DatabaseUnavailable: it is not known whether it was committed
   */
  transaction<T>(work: (tx: UnitOfWork) => Promise<T>): Promise<T> {
    return this.committed(work, false);
  }

  /** The same, whose statements may take as long as those of imports, index builds and nightly work do. */
  longTransaction<T>(work: (tx: UnitOfWork) => Promise<T>): Promise<T> {
    return this.committed(work, true);
  }

  private async committed<T>(work: (tx: UnitOfWork) => Promise<T>, long: boolean): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(work, long);
      } catch (error) {
        const { code, constraint } = databaseError(error);
        if (code && DEADLOCK_OR_SERIALIZATION.has(code) && attempt < RETRIES) continue;
        const problem = constraint && this.options.constraints?.[constraint];
        if (problem) refuse(problem());
        throw this.translated(error);
      }
    }
  }

  private async once<T>(work: (tx: UnitOfWork) => Promise<T>, long: boolean): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const client: pg.PoolClient = await runner.connect();
    const patience = long ? { query_timeout: patienceFor(this.limits.longStatementMs) } : {};
    try {
      await runner.startTransaction('READ COMMITTED');
      const query = async <Row>(sql: string, parameters: readonly unknown[] = []) => {
        const statement = { name: this.names.of(sql, parameters), text: sql, values: parameters as unknown[], ...patience };
        return (await this.timed(sql, () => client.query(statement))).rows as Row[];
      };
      if (long) await query(`SET LOCAL statement_timeout = ${this.limits.longStatementMs}`);
      const steps: Recorded[] = [];
      const tx: UnitOfWork = {
        now: this.options.clock.now(),
        manager: runner.manager,
        query,
        addJob: async (task, payload, { runAt, priority = 0, queue } = {}) => {
          await query('SELECT graphile_worker.add_job($1, payload := $2::json, run_at := $3, priority := $4, queue_name := $5)', [task, JSON.stringify(withTrace(payload)), runAt ?? null, priority, queue ?? null]);
        },
        addJobs: async (task, payloads) => {
          if (payloads.length === 0) return;
          const jobs = payloads.map((payload) => ({ identifier: task, payload: withTrace(payload) }));
          await query('SELECT FROM graphile_worker.add_jobs(ARRAY(SELECT job FROM json_populate_recordset(NULL::graphile_worker.job_spec, $1) AS job))', [JSON.stringify(jobs)]);
        },
        copy: async (sql, text) => {
          this.onStatement?.(sql);
          await pipeline([text], client.query(Object.assign(copyFrom(sql), patience)));
        },
        recorded: (each) => each.forEach((step) => steps.push(step)),
      };
      const result = await work(tx);
      if (steps.length > 0) await this.onHistory?.(tx, steps);
      if (long) await query('COMMIT'); // what is deferred is checked now: TypeORM's own COMMIT, which has nothing left to do, has the short limit
      await runner.commitTransaction();
      for (const { process, transition } of steps) metrics.transitions.inc({ process, transition });
      return result;
    } catch (error) {
      // Where the connection is lost it has ended itself, and PostgreSQL rolls back when it notices.
      if (!isConnectionLost(error) && runner.isTransactionActive) await runner.rollbackTransaction().catch(() => {});
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** Runs a statement, and notes how long it took. */
  private async timed<T>(sql: string, run: () => Promise<T>): Promise<T> {
    this.onStatement?.(sql);
    const begun = performance.now();
    try {
      return await run();
    } finally {
      const ms = performance.now() - begun;
      const trace = currentTrace();
      if (trace) {
        trace.databaseMs += ms;
        trace.statements++;
      }
      if (ms >= this.limits.slowMs) this.options.log?.warn({ ms: Math.round(ms), sql: sql.replace(/\s+/g, ' ').trim().slice(0, MOST_SQL) }, 'slow statement');
    }
  }

  /** What the error is for whoever asked. After a connection that was lost, the idle ones are not trusted either. */
  private translated(error: unknown): unknown {
    if (!isUnavailable(error) || error instanceof DatabaseUnavailable) return error;
    if (isConnectionLost(error)) this.replaceIdle();
    const unavailable = new DatabaseUnavailable(error);
    this.note(unavailable.message);
    return unavailable;
  }

  /** Says why the database could not answer, once a second at most: it may answer the watch and nobody else. */
  private note(message: string): void {
    const now = performance.now();
    if (now - (this.lastTrouble?.at ?? -Infinity) >= NOTE_EVERY_MS) this.options.log?.warn({ error: message }, 'the database did not answer a statement');
    this.lastTrouble = { at: now, message };
  }

  /** When, by performance.now(), it last could not answer, and why. */
  get trouble(): { at: number; message: string } | null {
    return this.lastTrouble;
  }

  /** A failover or a firewall that drops packets leaves all connections dead, and each would be found out only by a statement that waits in vain. */
  private replaceIdle(): void {
    const now = performance.now();
    if (this.pool.ending || now - this.replacedAt < REPLACE_EVERY_MS) return;
    this.replacedAt = now;
    for (let idle = this.pool.idleCount; idle > 0; idle--) this.pool.connect((_error, _client, release) => release?.(true));
  }

  /**
   * A connection of its own, with the same limits, for locks and notifications.
   * @param name what it is for, told by pg_stat_activity @param silentMs after which PostgreSQL ends it if nothing is asked
   */
  openSession(name: string, silentMs: number, onLost: () => void): Promise<Session> {
    return Session.open(newClient(this.options.url, this.limits, name), silentMs, onLost);
  }

  /** A pool of its own, with the same limits; its owner ends it. */
  newPool(max: number): pg.Pool {
    return newPool(this.options.url, this.limits, max);
  }

  /** Applies the migrations that are missing, under a lock: of two at once the second finds nothing to do. @returns their names */
  async migrate(): Promise<string[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.query('SELECT pg_advisory_lock($1)', [LOCKS.migrations]);
      const done = await this.dataSource.runMigrations();
      return done.map((migration) => migration.name);
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [LOCKS.migrations]).catch(() => {});
      await runner.release();
    }
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
  }
}

/** Has a job say which request it comes of. */
function withTrace(payload: Record<string, unknown>): Record<string, unknown> {
  const trace = currentTrace();
  return trace ? { ...payload, [TRACE_KEY]: trace.id } : payload;
}

function databaseError(error: unknown): { code?: string; constraint?: string } {
  const found = (error as { driverError?: unknown })?.driverError ?? error;
  return found && typeof found === 'object' ? found : {};
}
