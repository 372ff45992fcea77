import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Bench } from './bench.js';
import { median } from './load.js';
import { rounded, say, table } from './report.js';

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const SEARCH = JSON.stringify({ query: '{ search(input: { words: "phonics" }) { totalCount nodes { listing { title } } } }' });
const PATIENCE_MS = 60_000;

/** From the start of the process to the first search answered: with a new data folder, and with the same again. */
export async function start({ options: { repeat } }: Bench): Promise<void> {
  const [first, later]: [number[], number[]] = [[], []];
  for (let i = 0; i < repeat; i++) {
    const folder = mkdtempSync(join(tmpdir(), 'signpost-bench-'));
    try {
      first.push(await secondsToFirstSearch(folder));
      later.push(await secondsToFirstSearch(folder));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  say('## Start: `serve` on a compiled tree, embedded PostgreSQL, seconds to the first search answered');
  const row = (what: string, seconds: number[]) => [what, rounded(median(seconds)), `${rounded(Math.min(...seconds))}-${rounded(Math.max(...seconds))}`];
  table(['', 'seconds', 'fastest-slowest'], [row('first run, with the demo', first), row('later run', later)]);
}

async function secondsToFirstSearch(dataDir: string): Promise<number> {
  const port = await freePort();
  const begun = performance.now();
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(MAIN, ['serve'], { env: { PATH, HOME, TMPDIR, DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'warn' }, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    while (!(await answered(port))) {
      if (child.exitCode !== null || performance.now() - begun > PATIENCE_MS) throw new Error('`serve` did not come to answer a search.');
      await sleep(10);
    }
    return (performance.now() - begun) / 1000;
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

async function answered(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: SEARCH }).catch(() => null);
  if (!response?.ok) return false;
  return ((await response.json()) as { data?: { search: { totalCount: number } } }).data!.search.totalCount > 0;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
