import pg from 'pg';
import { isConnectionLost } from './unavailable.js';

/** Times in ms. */
export interface DatabaseLimits {
  /** The most connections that requests and jobs share. */
  poolSize: number;
  /** How long work waits for a connection, a new one or one of the pool. */
  acquireMs: number;
  /** The most that a statement may take. */
  statementMs: number;
  /** The same for imports, migrations, index builds and nightly work. */
  longStatementMs: number;
  /** How long a transaction may stay open while nothing is asked of it. */
  idleTransactionMs: number;
  /** A statement that took longer is logged. */
  slowMs: number;
}

export const defaultLimits: DatabaseLimits = {
  poolSize: 20,
  acquireMs: 3000,
  statementMs: 4000,
  longStatementMs: 900_000,
  idleTransactionMs: 10_000,
  slowMs: 500,
};

/** For processes that do nothing else: commands, migrations. */
export const longLimits = (limits: DatabaseLimits): DatabaseLimits => ({ ...limits, statementMs: limits.longStatementMs, idleTransactionMs: limits.longStatementMs });

/** PostgreSQL cancels a slow statement itself; if it has not by then, nobody answers on that connection any more. */
export const patienceFor = (statementMs: number): number => statementMs + 500;

const KEEP_ALIVE_MS = 10_000;

/**
 * Ends itself once an answer has not come: a pool takes it for a good one otherwise, and gives it to the next who asks.
 * Queries by callback are the pool's own, which does so itself.
 */
class Client extends pg.Client {
  override query(...asked: never[]): never {
    const answer = (super.query as (...given: never[]) => unknown)(...asked);
    if (answer instanceof Promise) {
      answer.catch((error: unknown) => {
        if (isConnectionLost(error)) void this.end().catch(() => {});
      });
    }
    return answer as never;
  }
}

/** What every connection of the product has in common. */
export function connectionOptions(limits: DatabaseLimits, name?: string) {
  return {
    application_name: ['signpost', name, process.pid].filter(Boolean).join(' '),
    connectionTimeoutMillis: limits.acquireMs,
    statement_timeout: limits.statementMs,
    query_timeout: patienceFor(limits.statementMs),
    idle_in_transaction_session_timeout: limits.idleTransactionMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
  } satisfies pg.ClientConfig;
}

/** A connection of its own, which is not of a pool: for locks and notifications that live as long as it does. */
export const newClient = (connectionString: string, limits: DatabaseLimits, name?: string): pg.Client => new pg.Client({ connectionString, ...connectionOptions(limits, name) });

export const poolOptions = (limits: DatabaseLimits) => ({ ...connectionOptions(limits), Client: Client as unknown as new () => pg.Client });

export const newPool = (connectionString: string, limits: DatabaseLimits, max: number): pg.Pool =>
  new pg.Pool({ connectionString, max, ...poolOptions(limits) } as pg.PoolConfig);
