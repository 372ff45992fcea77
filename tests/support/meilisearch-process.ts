import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newId } from '../../src/platform/id.js';

const MASTER_KEY = 'a-master-key-for-tests-only';

export interface TestMeilisearch {
  host: string;
  key: string;
  /** A prefix that nobody else uses on this server. */
  prefix: string;
  pid(): number;
  /** kill -9 */
  kill(): Promise<void>;
  /** On the same port with the same data. */
  start(): Promise<void>;
  /** Killed, and started with nothing. */
  wipe(): Promise<void>;
  /** Killed, and its folder removed. */
  stop(): Promise<void>;
}

/** A server of its own, of the program on the PATH, in a folder of its own. */
export async function spawnMeilisearch({ payloadLimit = '100MB', memory = '256MB' } = {}): Promise<TestMeilisearch> {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-meilisearch-'));
  const port = await freePort();
  const host = `http://127.0.0.1:${port}`;
  let child: ChildProcess;
  const start = async () => {
    child = spawn('meilisearch', ['--http-addr', `127.0.0.1:${port}`, '--db-path', join(folder, 'data'), '--dump-dir', join(folder, 'dumps'), '--snapshot-dir', join(folder, 'snapshots'), '--no-analytics', '--max-indexing-memory', memory, '--log-level', 'ERROR', '--http-payload-size-limit', payloadLimit], {
      env: { PATH: process.env['PATH'], MEILI_MASTER_KEY: MASTER_KEY },
      stdio: 'ignore',
    });
    for (;;) {
      if (child.exitCode !== null) throw new Error(`meilisearch ended with ${child.exitCode}`);
      const healthy = await fetch(`${host}/health`).then((response) => response.ok, () => false);
      if (healthy) return;
      await sleep(20);
    }
  };
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  const wipe = async () => {
    await kill();
    rmSync(join(folder, 'data'), { recursive: true, force: true });
    await start();
  };
  const stop = async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  };
  await start();
  return { host, key: MASTER_KEY, prefix: `test${newId().slice(-8)}`, pid: () => child.pid!, kill, start, wipe, stop };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
