import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgresError } from './error.js';

const hasProc = existsSync('/proc/self/stat');

/**
 * What tells the live process `pid` from every other that ever has that number;
 * undefined when there is none (a zombie counts as none).
 */
export function processMark(pid: number): string | undefined {
  if (!hasProc) {
    const [state, ...started] = ps(pid, 'stat=', 'lstart=').split(/\s+/);
    return !state || state.startsWith('Z') ? undefined : started.join(' ');
  }
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the program's name in brackets and may hold anything, brackets too.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!fields || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  // Field 22 counts from boot, so it could repeat after the next one.
  const boot = attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  return `${boot} ${fields[19]}`;
}

/** Whether process `pid` is a PostgreSQL running on the data folder `data` (a real path). */
export function isPostgresOn(pid: number, data: string): boolean {
  if (!hasProc) {
    const command = ps(pid, 'command=');
    return /(^|\/)postgres /.test(command) && command.includes(`-D ${data} `);
  }
  const argv = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')) ?? [];
  if (basename(argv[0] ?? '') !== 'postgres') return false;
  // Not readable for another user's process without CAP_SYS_PTRACE, which containers lack.
  const cwd = attempt(() => readlinkSync(`/proc/${pid}/cwd`));
  return cwd === undefined ? argv[argv.indexOf('-D') + 1] === data : cwd === data;
}

/** Whether any process, even a zombie or another user's, has the number `pid`. */
export function numberIsTaken(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Shuts a postmaster down: fast, then immediately, then by force, ten seconds for each.
 * Throws EmbeddedPostgresError if it outlives all three.
 */
export async function stopPostmaster(
  pid: number,
  isGone: () => boolean,
  send: (signal: NodeJS.Signals) => unknown = (signal) => process.kill(pid, signal),
): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (isGone()) return;
    try {
      send(signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPERM') {
        throw new EmbeddedPostgresError(`PostgreSQL (process ${pid}) belongs to another user and is still running: stop it first.`);
      }
    }
    for (const until = Date.now() + 10_000; Date.now() < until; await sleep(10)) if (isGone()) return;
  }
  throw new EmbeddedPostgresError(`PostgreSQL (process ${pid}) does not stop.`);
}

function ps(pid: number, ...columns: string[]): string {
  const options = columns.flatMap((column) => ['-o', column]);
  const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
  return (
    attempt(() => execFileSync('ps', ['-ww', ...options, '-p', String(pid)], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'ignore'] }).trim()) ?? ''
  );
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
