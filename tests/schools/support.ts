import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Database } from '../../src/platform/database/index.js';
import { atEnd } from '../support/endings.js';

/** Path of a file beside these tests, seen from where they are compiled to. */
export const fixture = (name: string) => fileURLToPath(new URL(`../../../tests/schools/fixtures/${name}`, import.meta.url));

/** A file of that content, gone after the tests. */
export function fileOf(content: string | Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'schools-'));
  atEnd(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'extract.csv');
  writeFileSync(path, content);
  return path;
}

export const csvOf = (rows: readonly (readonly string[])[], newline = '\r\n') => rows.map((row) => row.map(quoted).join(',') + newline).join('');
const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

/** All that an import writes, but for when it was written. */
export async function contentOf(db: Database): Promise<Record<string, unknown[]>> {
  const content: Record<string, unknown[]> = {};
  for (const table of ['local_authority', 'trust', 'federation', 'school', 'school_successor']) {
    content[table] = (await db.query<{ row: unknown }>(`SELECT to_jsonb(t) - 'imported_at' AS row FROM ${table} t ORDER BY 1`)).map(({ row }) => row);
  }
  return content;
}

export async function emptySchools(db: Database): Promise<void> {
  await db.query('DELETE FROM school_link; DELETE FROM school_successor; DELETE FROM school; DELETE FROM local_authority; DELETE FROM trust; DELETE FROM federation');
}

/** Counts the statements that the work sends. */
export async function statementsOf(db: Database, work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const before = db.onStatement;
  db.onStatement = (sql) => statements.push(sql);
  try {
    await work();
  } finally {
    db.onStatement = before;
  }
  return statements;
}
