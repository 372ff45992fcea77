import { readdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError, hasCode } from './error.js';
import { processMark } from './processes.js';

// The lock is the symbolic link of the highest number, and its target names the holder: made and
// filled in one step. Numbers only grow and the highest is never removed, so of several processes
// that find a dead holder only one can make the next number, however they interleave.
const NAME = /^postgres\.lock-(\d+)$/;
const FREE = 'free';

/**
 * Takes the folder `dir` for this process; resolves to the function that gives it back.
 * The lock also ends with the process. Throws EmbeddedPostgresError while a live process has it.
 */
export async function lockFolder(dir: string): Promise<() => Promise<void>> {
  for (;;) {
    const { last, pid } = await holderOf(dir);
    if (pid !== null) {
      throw new EmbeddedPostgresError(`Another Signpost (process ${pid}) is already using ${dir}. Stop it first, or set DATA_DIR to another folder.`);
    }

    const mine = last + 1;
    try {
      await symlink(`${process.pid} ${processMark(process.pid)}`, link(dir, mine));
    } catch (error) {
      if (hasCode(error, 'EEXIST')) continue;
      throw error;
    }
    if ((await newest(dir)) > mine) {
      // We were slow: this number had been used and removed before.
      await rm(link(dir, mine), { force: true });
      continue;
    }
    await removeBelow(dir, mine);
    return async () => {
      await symlink(FREE, link(dir, mine + 1));
      await removeBelow(dir, mine + 1);
    };
  }
}

/** The live process that has taken the folder, if there is one, and the number of the last lock. */
export async function holderOf(dir: string): Promise<{ last: number; pid: number | null }> {
  for (;;) {
    const last = await newest(dir);
    const holder = last === 0 ? FREE : await readlink(link(dir, last)).catch(() => undefined);
    if (holder === undefined) continue; // replaced between listing and reading
    const [, pid, mark] = /^(\d+) (.*)$/.exec(holder) ?? [];
    return { last, pid: pid !== undefined && processMark(Number(pid)) === mark ? Number(pid) : null };
  }
}

const link = (dir: string, number: number) => join(dir, `postgres.lock-${number}`);

async function numbers(dir: string): Promise<number[]> {
  return (await readdir(dir)).flatMap((name) => NAME.exec(name)?.[1] ?? []).map(Number);
}

const newest = async (dir: string) => Math.max(0, ...(await numbers(dir)));

async function removeBelow(dir: string, limit: number): Promise<void> {
  for (const number of await numbers(dir)) if (number < limit) await rm(link(dir, number), { force: true });
}
