import type pg from 'pg';
import type { Waves } from './statements.js';

/** What the mutation is not about: who asks, and how often. */
const LEFT_OUT = ['session', 'rate_limit'];

interface Table {
  name: string;
  columns: string[];
  key: string[];
  /** It has a trigger that refuses every UPDATE. */
  appendOnly: boolean;
}

/** The tables that hold something, those that others refer to first. */
export async function tablesOf(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table & { oid: number; parents: number[] }>(`
    SELECT c.oid::int, c.oid::regclass::text AS name,
           ARRAY(SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum) AS columns,
           ARRAY(SELECT quote_ident(a.attname) FROM pg_index i JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey) WHERE i.indrelid = c.oid AND i.indisprimary) AS key,
           EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid AND tgfoid::regproc::text LIKE 'refuse_change%') AS "appendOnly",
           ARRAY(SELECT confrelid::int FROM pg_constraint WHERE conrelid = c.oid AND contype = 'f' AND confrelid <> c.oid) AS parents
    FROM pg_class c
    WHERE c.relkind = 'r' AND (c.relnamespace = 'public'::regnamespace OR c.oid = 'graphile_worker._private_jobs'::regclass) AND NOT c.relname = ANY($1)`, [LEFT_OUT]);
  const there = new Set(rows.map(({ oid }) => oid));
  const inOrder: typeof rows = [];
  const waiting = new Set(rows);
  while (waiting.size > 0) {
    const placed = new Set(inOrder.map(({ oid }) => oid));
    const free = [...waiting].filter(({ parents }) => parents.every((parent) => placed.has(parent) || !there.has(parent)));
    const next = free.length > 0 ? free : [[...waiting][0]!]; // in a circle one must begin
    for (const table of next) waiting.delete(table);
    inOrder.push(...next);
  }
  return inOrder;
}

/**
 * What has been written since a transaction, as plain pg would write the same rows: for each transaction since, one
 * statement for each table, new rows and changed ones alike. Rows that were removed, or changed once more since, are
 * not among them.
 */
export async function writtenSince(client: pg.Client, tables: readonly Table[], since: number): Promise<Waves[]> {
  const transactions = new Map<string, Waves>();
  for (const { name, columns, key, appendOnly } of tables) {
    const { rows } = await client.query<{ xmin: string; rows: string }>(`SELECT t.xmin::text, json_agg(t)::text AS rows FROM ${name} t WHERE t.xmin::text::bigint >= $1 GROUP BY 1`, [since]);
    const changes = columns.filter((column) => !key.includes(column)).map((column) => `${column} = excluded.${column}`);
    const conflict = key.length === 0 || appendOnly ? '' : `ON CONFLICT (${key.join(', ')}) DO ${changes.length > 0 ? `UPDATE SET ${changes.join(', ')}` : 'NOTHING'}`;
    const text = `INSERT INTO ${name} (${columns.join(', ')}) OVERRIDING SYSTEM VALUE SELECT ${columns.join(', ')} FROM json_populate_recordset(NULL::${name}, $1) ${conflict}`;
    for (const each of rows) {
      const waves = transactions.get(each.xmin) ?? [];
      waves.push([{ name: `write ${name}`, text, values: [each.rows] }]);
      transactions.set(each.xmin, waves);
    }
  }
  const only = (sql: string) => [[{ text: sql, values: [] }]];
  return [...transactions.values()].map((waves) => [...only('BEGIN'), ...waves, ...only('COMMIT')]);
}

/** The transaction that would begin now. */
export async function transactionNow(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ xid: string }>('SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS xid');
  return Number(rows[0]!.xid);
}
