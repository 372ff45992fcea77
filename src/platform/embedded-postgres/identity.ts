import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EmbeddedPostgresError } from './error.js';

/** As whom PostgreSQL runs: `uid` and `gid` own its files as seen from here. */
export interface Identity {
  uid: number;
  gid: number;
  /** Needs the switch to `uid` and `gid` when started. */
  change: boolean;
  /** Goes before the command: the user namespace in which root appears as somebody else. */
  prefix: string[];
}

/** Starts a program as `identity`, in the root folder, without this process's variables: they may hold secrets. */
export function spawnAs(identity: Identity, file: string, args: string[], options: SpawnOptions): ChildProcess {
  const [command, ...rest] = [...identity.prefix, file, ...args];
  const env = { PATH: process.env.PATH, LC_ALL: 'C' };
  const user = identity.change ? { uid: identity.uid, gid: identity.gid } : {};
  return spawn(command!, rest, { cwd: '/', env, ...user, ...options });
}

/** Runs a program as `identity` to its end; `ok` when its exit code was 0, `output` has both streams. */
export function runAs(identity: Identity, file: string, args: string[]): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const child = spawnAs(identity, file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout?.on('data', (chunk) => (output += chunk));
    child.stderr?.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output: output.trim() }));
  });
}

/** Whether `identity` works here, has a name (initdb looks it up) and may enter `dir`. */
export async function canEnter(identity: Identity, dir: string): Promise<boolean> {
  return (await runAs(identity, '/bin/sh', ['-c', 'id -un && cd "$1"', 'sh', dir])).ok;
}

/**
 * Finds who can run PostgreSQL with its files in the folder `data`, which need not exist yet.
 * PostgreSQL refuses root, so root becomes the owner of existing data, or somebody else by a user
 * namespace (which sees root's own files as its own), or an owner of a folder above, or nobody.
 * Throws EmbeddedPostgresError when none of them can.
 */
export async function chooseIdentity(data: string): Promise<Identity> {
  const self: Identity = { uid: process.getuid!(), gid: process.getgid!(), change: false, prefix: [] };
  const candidates = self.uid === 0 ? await insteadOfRoot(self, data) : [self, ...(await namespaced(self))];
  for (const candidate of candidates) if (await canEnter(candidate, dirname(data))) return candidate;
  throw new EmbeddedPostgresError(
    self.uid === 0
      ? `PostgreSQL refuses to run as root and no other user can enter ${dirname(data)}: start Signpost as an ordinary user, or set DATABASE_URL to a PostgreSQL server.`
      : `PostgreSQL needs a user with a name, and ${self.uid} has none in /etc/passwd: add one, or set DATABASE_URL to a PostgreSQL server.`,
  );
}

async function insteadOfRoot(self: Identity, data: string): Promise<Identity[]> {
  const as = (uid: number, gid: number): Identity => ({ uid, gid, change: true, prefix: [] });
  const owners: Identity[] = [];
  for (let path = data; path !== dirname(path); path = dirname(path)) {
    const found = await stat(path).catch(() => undefined);
    if (found && found.uid !== 0) owners.push(as(found.uid, found.gid));
  }
  const ofData = (await stat(data).catch(() => undefined))?.uid ? owners.slice(0, 1) : [];
  const nobody = (await users()).filter(({ name }) => name === 'nobody').map(({ uid, gid }) => as(uid, gid));
  return [...ofData, ...(await namespaced(self)), ...owners, ...nobody];
}

async function namespaced(self: Identity): Promise<Identity[]> {
  const inside = (await users()).find(({ uid }) => uid > 0);
  if (!inside) return [];
  return [{ ...self, prefix: ['unshare', '--user', `--map-user=${inside.uid}`, `--map-group=${inside.gid}`, '--'] }];
}

async function users(): Promise<{ name: string; uid: number; gid: number }[]> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'));
  return lines.filter((line) => line.length > 3).map(([name, , uid, gid]) => ({ name: name!, uid: Number(uid), gid: Number(gid) }));
}
