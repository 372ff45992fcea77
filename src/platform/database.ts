import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, type EntityManager, type EntityTarget, type MixedList, type ObjectLiteral } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import type { Clock } from './clock.js';
import { gathering } from './gathered.js';
import { type Problem, refuse } from './problem.js';
import { StatementNames } from './statement-names.js';

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
  /** Adds a job that runs only if this commits. The payload carries ids, never content. */
  addJob(task: string, payload: Record<string, unknown>, options?: { runAt?: Date }): Promise<void>;
  /** The same for many jobs of a task, in one statement. */
  addJobs(task: string, payloads: readonly Record<string, unknown>[]): Promise<void>;
  /** Sends text, in COPY's own format, to a `COPY … FROM STDIN`. */
  copy(sql: string, text: string): Promise<void>;
  /** Has `onHistory` told of these steps before this commits. */
  recorded(steps: readonly Recorded[]): void;
}

/** What the person is told when a constraint of the database refuses what the service let through (a race). */
export type ConstraintProblems = Record<string, () => Problem>;

export interface DatabaseOptions {
  url: string;
  clock: Clock;
  entities?: MixedList<EntityTarget<ObjectLiteral> & Function>;
  constraints?: ConstraintProblems;
  poolSize?: number;
  /** Told every statement before it is sent: tests count them, the log shows slow ones. */
  onStatement?: (sql: string) => void;
}

const RETRIES = 5;
const MIGRATION_LOCK = 7_466_767;
const DEADLOCK_OR_SERIALIZATION = new Set(['40P01', '40001']);

export class Database implements Queryable {
  readonly pool: pg.Pool;
  onStatement: ((sql: string) => void) | undefined;
  onHistory: OnHistory | undefined;
  private readonly names = new StatementNames();
  private readonly gather = gathering<unknown, unknown[]>();

  private constructor(
    readonly dataSource: DataSource,
    private readonly options: DatabaseOptions,
  ) {
    this.pool = (dataSource.driver as unknown as { master: pg.Pool }).master;
    this.onStatement = options.onStatement;
  }

  static async connect(options: DatabaseOptions): Promise<Database> {
    const dataSource = new DataSource({
      type: 'postgres',
      url: options.url,
      entities: options.entities ?? [],
      migrations: [...migrations],
      migrationsTransactionMode: 'each',
      poolSize: options.poolSize ?? 20,
      installExtensions: false,
      poolErrorHandler: () => {}, // an idle connection lost is replaced at the next use; the use itself reports
    });
    await dataSource.initialize();
    const db = new Database(dataSource, options);
    db.pool.on('connect', (client) => client.on('error', () => {}));
    return db;
  }

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    this.onStatement?.(sql);
    return (await this.pool.query({ name: this.names.of(sql, parameters), text: sql, values: parameters as unknown[] })).rows as Row[];
  }

  /** Like query, prepared once per connection under a name: for the hot reads, whose planning costs more than their run. */
  async prepared<Row>(name: string, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    this.onStatement?.(sql);
    return (await this.pool.query({ name, text: sql, values: parameters as unknown[] })).rows as Row[];
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
   */
  async transaction<T>(work: (tx: UnitOfWork) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(work);
      } catch (error) {
        const { code, constraint } = databaseError(error);
        if (code && DEADLOCK_OR_SERIALIZATION.has(code) && attempt < RETRIES) continue;
        const problem = constraint && this.options.constraints?.[constraint];
        if (problem) refuse(problem());
        throw error;
      }
    }
  }

  private async once<T>(work: (tx: UnitOfWork) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const client: pg.PoolClient = await runner.connect();
    try {
      await runner.startTransaction('READ COMMITTED');
      const query = async <Row>(sql: string, parameters: readonly unknown[] = []) => {
        this.onStatement?.(sql);
        return (await client.query({ name: this.names.of(sql, parameters), text: sql, values: parameters as unknown[] })).rows as Row[];
      };
      const steps: Recorded[] = [];
      const tx: UnitOfWork = {
        now: this.options.clock.now(),
        manager: runner.manager,
        query,
        addJob: async (task, payload, { runAt } = {}) => {
          await query('SELECT graphile_worker.add_job($1, payload := $2::json, run_at := $3)', [task, JSON.stringify(payload), runAt ?? null]);
        },
        addJobs: async (task, payloads) => {
          if (payloads.length === 0) return;
          const jobs = payloads.map((payload) => ({ identifier: task, payload }));
          await query('SELECT FROM graphile_worker.add_jobs(ARRAY(SELECT job FROM json_populate_recordset(NULL::graphile_worker.job_spec, $1) AS job))', [JSON.stringify(jobs)]);
        },
        copy: async (sql, text) => {
          this.onStatement?.(sql);
          await pipeline([text], client.query(copyFrom(sql)));
        },
        recorded: (each) => each.forEach((step) => steps.push(step)),
      };
      const result = await work(tx);
      if (steps.length > 0) await this.onHistory?.(tx, steps);
      await runner.commitTransaction();
      return result;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => {});
      throw error;
    } finally {
      await runner.release();
    }
  }

  /** Applies the migrations that are missing, under a lock: of two at once the second finds nothing to do. @returns their names */
  async migrate(): Promise<string[]> {
    const runner = this.dataSource.createQueryRunner();
    try {
      await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      const done = await this.dataSource.runMigrations();
      return done.map((migration) => migration.name);
    } finally {
      await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => {});
      await runner.release();
    }
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
  }
}

function databaseError(error: unknown): { code?: string; constraint?: string } {
  const found = (error as { driverError?: unknown })?.driverError ?? error;
  return found && typeof found === 'object' ? found : {};
}
