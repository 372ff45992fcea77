import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, isUnavailable, type Queryable, type UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { metrics } from '../platform/metrics.js';
import { recordSteps } from '../platform/process/index.js';
import { asText } from '../platform/text.js';
import type { ImportKind, ImportStart, ImportState } from './vocabulary.js';

/** What a server told of the state of a file that it gave. */
export interface Served {
  /** Which address it was, as a hash: it may have a secret in it. */
  address: string;
  etag: string | null;
  lastModified: string | null;
}

export interface NewRun {
  kind: ImportKind;
  startedBy: ImportStart;
  check: boolean;
  fileName?: string | null;
  fileId?: string | null;
  place?: number | null;
  personId?: string | null;
}

export interface Run extends Required<NewRun> {
  id: string;
  state: ImportState;
}

export interface Ended {
  state: Exclude<ImportState, 'WAITING' | 'RUNNING'>;
  report: string;
  rows?: number | null;
  rejected?: number | null;
  served?: Served | null;
}

export const RUN_IMPORT = 'run-import';
/** Of its jobs no two run at once, in however many processes. */
const QUEUE = 'imports';
/** What went wrong with these, of files that are fetched, somebody has to see to. */
export const BAD = ['MANY_REJECTED', 'NOTHING', 'REFUSED', 'FAILED'] as const satisfies readonly ImportState[];
/** Characters of a report that are kept. The longest lists in one are bounded far below. */
const MOST_REPORT = 1_000_000;
export const BROKEN_OFF = 'It was broken off: the process that did it ended, or lost the database. Either all of the file went in or nothing of it; it can be imported again without harm.';

const INSERT = `
  INSERT INTO import_run (id, kind, started_by, only_check, file_name, file_id, place, person_id, state, asked_at, begun_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;

async function insert(tx: UnitOfWork, id: string, state: 'WAITING' | 'RUNNING', run: NewRun): Promise<void> {
  const { kind, startedBy, check, fileName = null, fileId = null, place = null, personId = null } = run;
  await tx.query(INSERT, [id, kind, startedBy, check, fileName, fileId, place, personId, state, tx.now, state === 'RUNNING' ? tx.now : null]);
}

/** Has an import done by a worker, after those that wait already. @returns its id */
export async function addRun(tx: UnitOfWork, run: NewRun): Promise<string> {
  const id = newId();
  await insert(tx, id, 'WAITING', run);
  await tx.addJob(RUN_IMPORT, { id }, { queue: QUEUE });
  return id;
}

/** Writes down an import that begins in this process, which says already that it is under way. */
export const beginHere = (db: Database, id: string, run: NewRun): Promise<void> => db.transaction((tx) => insert(tx, id, 'RUNNING', run));

/** Begins one that waits. @returns null: it has been begun before, by a process that did not end it; or there is none */
export async function claim(db: Database, id: string): Promise<Run | null> {
  return db.transaction(async (tx) => {
    const [run] = await tx.query<Run>(
      `WITH begun AS (UPDATE import_run SET state = 'RUNNING', begun_at = $2 WHERE id = $1 AND state = 'WAITING' RETURNING *)
       SELECT id, kind, started_by AS "startedBy", only_check AS check, file_name AS "fileName", file_id AS "fileId", place, person_id AS "personId", state FROM begun`,
      [id, tx.now],
    );
    return run ?? null;
  });
}

/** Notes what the file is, once that is known. */
export const noteFile = (db: Queryable, id: string, fileName: string, hash: string | null) =>
  db.query('UPDATE import_run SET file_name = $2, hash = $3 WHERE id = $1', [id, asText(fileName).replaceAll('\0', ''), hash]);

/**
 * Ends an import, in a unit of work of its own: what became of the import's makes no difference to it. The file that was
 * sent goes, unless it was only checked; system administrators are told of a fetch that went wrong.
 * @param only ends it only where it has not ended
 */
export async function endRun(tx: UnitOfWork, id: string, { state, report, rows = null, rejected = null, served = null }: Ended, only = false): Promise<void> {
  const [run] = await tx.query<{ kind: ImportKind; startedBy: ImportStart; check: boolean; fileId: string | null }>(
    `UPDATE import_run SET state = $2, report = $3, rows = $4, rejected = $5, served = $6, ended_at = $7 WHERE id = $1 AND (NOT $8 OR ended_at IS NULL)
     RETURNING kind, started_by AS "startedBy", only_check AS check, file_id AS "fileId"`,
    [id, state, asText(report).replaceAll('\0', '').slice(0, MOST_REPORT), rows, rejected, served && JSON.stringify(served), tx.now, only],
  );
  if (!run) return;
  metrics.imports.inc({ kind: run.kind, started_by: run.startedBy, outcome: state });
  if (run.fileId && !run.check) await tx.query('DELETE FROM import_file WHERE id = $1', [run.fileId]);
  const isBad = (BAD as readonly string[]).includes(state);
  if (run.startedBy === 'FETCH' && isBad) await recordSteps(tx, 'Import', 'fail', [id], { from: 'RUNNING', to: state });
}

const PATIENCE = { tries: 20, ms: 3000 };

/** The same, also where the database is away for a minute. */
export async function endPatiently(db: Database, id: string, ended: Ended): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await db.transaction((tx) => endRun(tx, id, ended));
    } catch (error) {
      if (!isUnavailable(error) || tries === PATIENCE.tries) throw error;
    }
    await sleep(PATIENCE.ms);
  }
}

/** By which it is known that the import with the id in `id` is under way. */
const lockOf = (id: string) => `hashtextextended('import ' || ${id}, 0)`;
const SILENT_MS = 600_000;
const AGAIN_MS = 1000;

/** Does the work of an import, and lets all processes know meanwhile that it is under way. @throws Error where it is already */
export async function underWay<T>(db: Database, id: string, work: () => Promise<T>): Promise<T> {
  let over = false;
  const open = async (): Promise<Awaited<ReturnType<Database['openSession']>>> => {
    const session = await db.openSession('import', SILENT_MS, () => void again());
    const [row] = await session.query<{ held: boolean }>(`SELECT pg_try_advisory_lock(${lockOf('$1::text')}) AS held`, [id]);
    if (row!.held) return session;
    await session.close();
    throw new Error('This import is under way in another process.');
  };
  const again = async () => {
    while (!over) {
      await sleep(AGAIN_MS);
      const found = over ? null : await open().catch(() => null);
      if (!found) continue;
      session = found;
      if (over) await found.close();
      return;
    }
  };
  let session = await open();
  try {
    return await work();
  } finally {
    over = true;
    await session.close();
  }
}

/** Imports that are said to be under way and are in no process, and those whose job is gone. */
const LOST = `
  SELECT id FROM import_run WHERE state = 'RUNNING' AND pg_try_advisory_xact_lock(${lockOf('id::text')})
  UNION ALL
  SELECT i.id FROM import_run i WHERE i.state = 'WAITING' AND NOT EXISTS (
    SELECT FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
    WHERE t.identifier = '${RUN_IMPORT}' AND j.payload ->> 'id' = i.id::text AND j.attempts < j.max_attempts)`;

/** Ends those that were broken off. */
export async function endLost(tx: UnitOfWork): Promise<void> {
  for (const { id } of await tx.query<{ id: string }>(LOST)) await endRun(tx, id, { state: 'FAILED', report: BROKEN_OFF }, true);
}

/** What was fetched last from a place, where it went in or was the same as what had; null: whatever is there now is to be imported. */
export async function lastFetched(db: Queryable, kind: ImportKind, place: number): Promise<{ hash: string; served: Served | null } | null> {
  const [last] = await db.query<{ state: ImportState; hash: string | null; served: Served | null }>(
    `SELECT state, hash, served FROM import_run WHERE started_by = 'FETCH' AND kind = $1 AND place = $2 AND ended_at IS NOT NULL ORDER BY ended_at DESC, id DESC LIMIT 1`,
    [kind, place],
  );
  if (!last?.hash || (last.state !== 'DONE' && last.state !== 'UNCHANGED')) return null;
  return { hash: last.hash, served: last.served };
}
