import type { Queryable } from '../platform/database/index.js';
import type { ImportRun } from './import.type.js';

const COLUMNS = `
  i.id, i.kind, i.started_by AS "startedBy", coalesce(nullif(p.name, ''), p.email) AS person, i.file_name AS "fileName", i.only_check AS check, i.state,
  i.asked_at AS "askedAt", i.begun_at AS "begunAt", i.ended_at AS "endedAt", i.rows, i.rejected, i.report, i.hash AS "contentHash", i.file_id AS "fileId"`;
const FROM = 'import_run i LEFT JOIN person p ON p.id = i.person_id';

/** Imports, newest first. */
export const listImportRuns = (db: Queryable, limit: number, after: [string, string] | null): Promise<ImportRun[]> =>
  db.query<ImportRun>(
    `SELECT ${COLUMNS} FROM ${FROM} WHERE $1::timestamptz IS NULL OR (i.asked_at, i.id) < ($1, $2::uuid) ORDER BY i.asked_at DESC, i.id DESC LIMIT $3`,
    [after?.[0] ?? null, after?.[1] ?? null, limit],
  );

export async function countImportRuns(db: Queryable): Promise<number> {
  return (await db.query<{ count: number }>('SELECT count(*) FROM import_run'))[0]!.count;
}

/** In the order of the ids; those that there are not are left out. */
export const importRunsById = (db: Queryable, ids: readonly string[]): Promise<ImportRun[]> =>
  db.query<ImportRun>(`SELECT ${COLUMNS} FROM ${FROM} WHERE i.id = ANY($1::uuid[]) ORDER BY array_position($1::uuid[], i.id)`, [ids]);

/**
 * How many folders and addresses went wrong at their last fetch, and nothing of that kind has gone well since that was
 * imported by hand; null where nothing was ever fetched. An expression of one value.
 */
export const FETCHES_FAILING = `
  SELECT CASE WHEN count(*) > 0 THEN count(*) FILTER (WHERE last.state IN ('MANY_REJECTED', 'NOTHING', 'REFUSED', 'FAILED') AND NOT EXISTS (
    SELECT FROM import_run since WHERE since.kind = last.kind AND since.started_by <> 'FETCH' AND since.state = 'DONE' AND NOT since.only_check AND since.ended_at > last.ended_at)) END::int
  FROM (SELECT DISTINCT ON (kind, place) kind, state, ended_at FROM import_run
        WHERE started_by = 'FETCH' AND ended_at IS NOT NULL ORDER BY kind, place, ended_at DESC, id DESC) last`;
