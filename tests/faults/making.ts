import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { sleep } from '../support/process.js';
import type { Stage } from './stage.js';

/** Process ids of PostgreSQL, the first one last. */
export function postgresProcesses(stage: Stage): number[] {
  const first = stage.postmaster();
  const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(first)], { encoding: 'utf8' });
  return [...children.trim().split(/\s+/).map(Number), first];
}

export async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(20);
  }
}

/** Takes every connection that PostgreSQL can have, and gives them back when called again. */
export async function takeAllConnections(stage: Stage): Promise<() => Promise<void>> {
  await stage.proxy.refuse(); // those that the services have would last
  const taken: pg.Client[] = [];
  for (let failed = 0; failed < 5; ) {
    await stage.connect().then((client) => taken.push(client), () => failed++);
  }
  await stage.proxy.pass();
  return async () => {
    await Promise.all(taken.map((client) => client.end().catch(() => {})));
  };
}

/** Waits until a mail is just being sent, so that what follows comes while its job ends. */
export async function whileMailIsSent(stage: Stage, takes: number): Promise<void> {
  stage.sink.become(takes);
  for (const until = Date.now() + 30_000; stage.sink.underWay === 0; await sleep(20)) {
    if (Date.now() > until) throw new Error('No mail is sent at all.');
  }
  await sleep(takes / 2);
}

/** Whether a small disk may be mounted here. */
export function mayMount(): boolean {
  try {
    smallDisk(1).remove();
    return true;
  } catch {
    return false;
  }
}

/** A folder on a disk of its own that can be full. @throws Error where it may not be mounted */
export function smallDisk(megabytes: number): { folder: string; fill(): void; empty(): void; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0755`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch (error) {
    rmSync(folder, { recursive: true });
    throw error;
  }
  const file = join(folder, 'all-the-rest');
  const fill = () => {
    const to = openSync(file, 'w');
    try {
      for (let size = 1 << 20; size >= 512; ) {
        try {
          writeSync(to, Buffer.alloc(size));
        } catch {
          size >>= 1; // a smaller piece may still go in
        }
      }
    } finally {
      closeSync(to);
    }
  };
  const remove = () => {
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, fill, empty: () => rmSync(file, { force: true }), remove };
}

const LIBRARY = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((file) => existsSync(file));

export const clockCanBeSet = LIBRARY !== undefined;

/** A clock of the services that can be set while they run, by Debian's libfaketime. */
export function settableClock(): { settings: Record<string, string>; set(by: string): void; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-clock-'));
  const file = join(folder, 'time');
  const set = (by: string) => writeFileSync(file, `${by}\n`);
  set('+0');
  const settings = {
    LD_PRELOAD: LIBRARY!,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1', // read at each look at the clock
    FAKETIME_DONT_FAKE_MONOTONIC: '1', // as with a real clock, timers do not jump
  };
  return { settings, set, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** `test`, or a loud word about what is not tested and why. */
export function testWhere(possible: boolean, why: string): (name: string, work: () => Promise<void>) => void {
  if (possible) return test;
  return (name) => {
    process.stderr.write(`SKIPPED, for ${why}: ${name}\n`);
    test.skip(`${name} (SKIPPED: ${why})`, () => {});
  };
}
