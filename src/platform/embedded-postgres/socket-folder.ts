import { lchown, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './error.js';
import { canEnter, type Identity } from './identity.js';

/** The longest socket address that every supported system takes, its closing zero included. */
const LONGEST = 104;

/**
 * Makes a folder for the server's socket that only `identity` (and root) can enter, on a path short
 * enough for a socket, with a name that nobody can hold before.
 */
export async function makeSocketFolder(identity: Identity): Promise<string> {
  for (const base of new Set([tmpdir(), '/tmp'])) {
    if (Buffer.byteLength(join(base, 'signpost-XXXXXX', '.s.PGSQL.5432')) >= LONGEST || !(await canEnter(identity, base))) continue;
    const folder = await mkdtemp(join(base, 'signpost-'));
    if (identity.change) await lchown(folder, identity.uid, identity.gid);
    return folder;
  }
  throw new EmbeddedPostgresError(`No folder fits PostgreSQL's socket: set TMPDIR to a short path that uid ${identity.uid} can use.`);
}
