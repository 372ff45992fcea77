import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedPostgresError, hasCode } from './error.js';
import { type Identity, spawnAs } from './identity.js';
import { stopPostmaster } from './processes.js';

const LOG_LIMIT = 10 * 1024 * 1024;
const READY_WITHIN = 60_000;

/** How to run one server: its program and arguments, as whom, its log file, its socket's folder, and a URL for each database. */
export interface ServerPlan {
  identity: Identity;
  postgres: string;
  args: string[];
  logFile: string;
  socketFolder: string;
  url(database: string): string;
}

/**
 * Starts the server and waits until it takes connections to its database `signpost`, made if
 * missing. It stops by itself when this process ends without stopping it.
 * Throws EmbeddedPostgresError with PostgreSQL's own reason when it does not start.
 */
export async function startServer(plan: ServerPlan): Promise<ChildProcess> {
  const log = await open(plan.logFile, 'a', 0o600);
  if ((await log.stat()).size > LOG_LIMIT) await log.truncate();
  const logStart = (await log.stat()).size;
  // A session of its own, so that Ctrl-C reaches only this process, which then stops it in order.
  const server = spawnAs(plan.identity, plan.postgres, plan.args, { detached: true, stdio: ['ignore', log.fd, log.fd] });
  server.on('error', () => undefined);
  server.unref();
  if (server.pid) stopWhenOrphaned(server, server.pid, plan.socketFolder);
  await log.close();
  try {
    await waitUntilReady(server, plan);
    return server;
  } catch (error) {
    await stopServer(server);
    const said = (await readFile(plan.logFile)).subarray(logStart).toString().split('\n');
    // The queries of a killed server that outlived it write there too.
    const reason = said.reverse().find((line) => /FATAL|PANIC/.test(line) && !line.includes('unexpected postmaster exit'))?.replace(/^.*(FATAL|PANIC): +/, '');
    throw new EmbeddedPostgresError(`PostgreSQL did not start: ${reason ?? (error as Error).message} (see ${plan.logFile}).`, { cause: error });
  }
}

/** Shuts the server down; resolves when it is gone, at once if it already is. */
export async function stopServer(server: ChildProcess): Promise<void> {
  if (server.pid) await stopPostmaster(server.pid, () => hasEnded(server), (signal) => server.kill(signal));
}

/**
 * Has a shell wait for the end of a pipe that only this process holds: its death, even by SIGKILL,
 * stops the server. A line instead of the end says that the server is gone already, and that its
 * number may soon be another's.
 */
function stopWhenOrphaned(server: ChildProcess, pid: number, socketFolder: string): void {
  const script = 'read -r _ || { kill -INT "$1"; for _ in 1 2 3 4 5 6 7 8 9; do sleep 1; rmdir "$2" && break; done; }';
  const args = ['-c', script, 'sh', String(pid), socketFolder];
  const watch = spawn('/bin/sh', args, { cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  watch.on('error', () => undefined);
  watch.stdin.on('error', () => undefined);
  watch.unref();
  (watch.stdin as Socket).unref();
  server.once('exit', () => watch.stdin.end('\n'));
}

async function waitUntilReady(server: ChildProcess, { url }: ServerPlan): Promise<void> {
  for (let giveUp = Date.now() + READY_WITHIN; ; await sleep(10)) {
    try {
      return await query(url('signpost'), 'SELECT');
    } catch (error) {
      if (hasEnded(server) || Date.now() > giveUp) throw error;
      if (hasCode(error, '3D000')) await query(url('postgres'), 'CREATE DATABASE signpost');
      // Starting up or recovering from a crash, which takes what it takes.
      else if (hasCode(error, '57P03')) giveUp = Date.now() + READY_WITHIN;
      else if (error instanceof pg.DatabaseError) throw error;
    }
  }
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString, ssl: false, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function hasEnded(server: ChildProcess): boolean {
  return !server.pid || server.exitCode !== null || server.signalCode !== null;
}
