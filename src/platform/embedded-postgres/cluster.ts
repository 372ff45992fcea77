import { chown, lchown, mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './error.js';
import { type Identity, runAs } from './identity.js';
import { isPostgresOn, numberIsTaken, stopPostmaster } from './processes.js';

/** Removes what a start that was killed half-way left in `dataDir`. */
export async function removeHalfMade(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!/^postgres.*\.new-\d+$/.test(name)) continue;
    // An orphaned initdb may be writing there still.
    await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/**
 * Sees that the folder `data` holds a cluster that `identity` owns, made by initdb in a folder
 * beside it and renamed, so that it is there whole or not at all. `durable: false` skips syncing.
 */
export async function ensureCluster(data: string, bin: string, identity: Identity, durable: boolean): Promise<void> {
  if (await stat(join(data, 'PG_VERSION')).catch(() => undefined)) return giveTo(identity, data);
  const half = `${data}.new-${process.pid}`;
  await mkdir(half, { mode: 0o700 });
  if (identity.change) await chown(half, identity.uid, identity.gid);
  const flags = '--username=signpost --encoding=UTF8 --no-locale --locale-provider=builtin --builtin-locale=C.UTF-8 --auth-local=trust --auth-host=reject --no-instructions';
  const args = ['-D', half, ...flags.split(' '), ...(durable ? [] : ['--no-sync'])];
  const { ok, output } = await runAs(identity, join(bin, 'initdb'), args);
  if (!ok) {
    await rm(half, { recursive: true, force: true });
    const reason = output.split('\n').find((line) => /error|fatal/i.test(line)) ?? output.split('\n').at(-1);
    throw new EmbeddedPostgresError(`PostgreSQL could not set up its folder ${data}: ${reason}`);
  }
  await rename(half, data);
  const parent = await open(dirname(data));
  await parent.sync().finally(() => parent.close());
}

/** Root may have run it as somebody else before. */
async function giveTo(identity: Identity, data: string): Promise<void> {
  if ((await stat(data)).uid === identity.uid) return;
  for (const name of await readdir(data, { recursive: true })) await lchown(join(data, name), identity.uid, identity.gid);
  await chown(data, identity.uid, identity.gid);
}

/**
 * Stops the server that a killed process left on `data`. Where `postmaster.pid` is so old that its
 * number now belongs to another process, that process is left alone and the file removed, for
 * PostgreSQL would take it for a running server.
 */
export async function stopLeftover(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const pid = Number.parseInt(lines[0]!, 10);
  if (!(pid > 0)) return;
  if (isPostgresOn(pid, data)) {
    await stopPostmaster(pid, () => !isPostgresOn(pid, data));
    const socketFolder = lines[4];
    if (socketFolder) await rmdir(socketFolder).catch(() => undefined);
  } else if (numberIsTaken(pid)) {
    await rm(file, { force: true });
  }
}
