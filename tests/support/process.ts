import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { atEnd } from './endings.js';

export const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url));

export interface Started {
  child: ChildProcess;
  out: () => string;
  err: () => string;
  /** Resolves when stdout has the text; rejects when the process ends before. */
  says(text: string): Promise<void>;
  ended: Promise<number | null>;
}

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-run-'));
  atEnd(async () => {
    await noPostgresIn(folder);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Starts the command line as a process of its own, with only the settings given. */
export function start(args: string[], settings: Record<string, string>): Started {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  const child = spawn(MAIN, args, { env: { PATH, HOME, ...(TMPDIR ? { TMPDIR } : {}), ...settings }, stdio: ['ignore', 'pipe', 'pipe'] });
  atEnd(() => child.kill('SIGKILL')); // which does nothing to one that has ended
  let [out, err] = ['', ''];
  child.stdout!.on('data', (data) => (out += data));
  child.stderr!.on('data', (data) => (err += data));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => out.includes(text) && resolve();
      child.stdout!.on('data', look);
      look();
      void ended.then((code) => reject(new Error(`ended with ${code} before it said ${text}: ${out}${err}`)));
    });
  return { child, out: () => out, err: () => err, says, ended };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Process ids of PostgreSQL servers on a data folder. */
export function postgresIn(folder: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(`-D ${folder}/postgres`)).map((line) => Number.parseInt(line, 10));
}

export async function noPostgresIn(folder: string, seconds = 15): Promise<void> {
  for (const until = Date.now() + seconds * 1000; postgresIn(folder).length > 0; ) {
    if (Date.now() > until) throw new Error(`PostgreSQL still runs in ${folder}`);
    await sleep(50);
  }
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
