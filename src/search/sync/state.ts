import type { Database, Queryable } from '../../platform/database/index.js';

/** What is known of the index that is kept, for all processes: the row of search_index. */
export interface IndexState {
  name: string;
  settingsHash: string | null;
  madeAt: string | null;
  changedAt: string | null;
  builds: number;
  buildAsked: boolean;
  built: number;
  toBuild: number;
}

const LOCK_PATIENCE = '3s';

export async function readState(db: Queryable): Promise<IndexState | null> {
  const [row] = await db.query<IndexState>(
    `SELECT name, settings_hash AS "settingsHash", made_at AS "madeAt", changed_at AS "changedAt", builds, build_asked AS "buildAsked", built, to_build AS "toBuild" FROM search_index`,
  );
  return row ?? null;
}

/**
 * From here on an index is kept: every change of a document is noted for it. Writers under way have not noted theirs,
 * so this waits for them to end (and fails when that takes too long).
 */
export async function keepIndex(db: Database, name: string): Promise<void> {
  const known = await readState(db);
  if (known?.name === name) return;
  await db.transaction(async (tx) => {
    await tx.query(`SET LOCAL lock_timeout = '${LOCK_PATIENCE}'`);
    await tx.query('LOCK TABLE search_document IN SHARE ROW EXCLUSIVE MODE');
    await tx.query(
      `INSERT INTO search_index (name, tended_at) VALUES ($1, $2)
       ON CONFLICT (one) DO UPDATE SET name = excluded.name, settings_hash = NULL, made_at = NULL, changed_at = NULL, build_asked = true WHERE search_index.name <> excluded.name`,
      [name, tx.now],
    );
  });
}

/** Asks for the index to be built anew. What there is goes on being used, unless it is said to be wrong. */
export async function askForBuild(db: Queryable, { wrong = false } = {}): Promise<void> {
  await db.query('UPDATE search_index SET build_asked = true, settings_hash = CASE WHEN $1 THEN NULL ELSE settings_hash END', [wrong]);
  await db.query(`SELECT pg_notify('search_outbox', '')`);
}
