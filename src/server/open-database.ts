import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, OperatorError } from '../platform/config.js';
import { isUnavailable } from '../platform/database/index.js';
import { newClient } from '../platform/database/limits.js';
import { EmbeddedPostgresError, runningEmbeddedPostgres, startEmbeddedPostgres } from '../platform/embedded-postgres/index.js';
import type { Logger } from '../platform/log.js';

export interface OpenDatabase {
  url: string;
  embedded: boolean;
  stop(): Promise<void>;
}

/**
 * Finds the database: the one that DATABASE_URL names, else the embedded one, started here.
 * @param beside that of a running service will do: for commands
 */
export async function openDatabase(config: Config, { beside = false } = {}): Promise<OpenDatabase> {
  const running = config.databaseUrl ?? (beside ? await runningEmbeddedPostgres(config.dataDir) : null);
  if (running) return { url: running, embedded: false, stop: async () => {} };
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: config.dataDir, restart: true });
    return { url: postgres.url, embedded: true, stop: () => postgres.stop() };
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw new OperatorError(error.message);
    throw error;
  }
}

const TRY_EVERY_MS = 500;

/**
 * Waits for a database that is not there yet, as when all of a service is started at once, and says so.
 * @throws OperatorError where it is not there in time; whatever PostgreSQL refuses a connection with
 */
export async function waitForDatabase(url: string, config: Config, log: Logger, signal?: AbortSignal): Promise<void> {
  const until = performance.now() + config.databaseWaitMs;
  for (let told = false; ; told = true) {
    try {
      await tryOnce(url, config);
      if (told) log.info('the database is there');
      return;
    } catch (error) {
      if (!isUnavailable(error)) throw error;
      const { message, code } = error as { message: string; code?: string };
      const why = message || code;
      signal?.throwIfAborted();
      if (performance.now() > until) throw new OperatorError(`The database cannot be reached: ${why}.`);
      if (!told) log.warn({ error: why, seconds: config.databaseWaitMs / 1000 }, 'waiting for the database');
    }
    await sleep(TRY_EVERY_MS, undefined, { signal });
  }
}

async function tryOnce(url: string, { database }: Config): Promise<void> {
  const client = newClient(url, database);
  client.on('error', () => {}); // the statement reports
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    void client.end().catch(() => {});
  }
}
