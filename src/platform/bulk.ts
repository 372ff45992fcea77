import type { Queryable } from './database/index.js';

/** How to drop what is checked or sorted anew for each row that is written, and how to make it again: indexes before foreign keys, which use them. */
const SLOW = `
  SELECT 1 AS step, format('DROP INDEX %s', indexrelid::regclass) AS drop, pg_get_indexdef(indexrelid) AS make
  FROM pg_index WHERE indrelid = ANY($1::regclass[]) AND NOT indisunique AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    AND NOT indexrelid = ANY($2::text[]::regclass[])
  UNION ALL
  SELECT 2, format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY($1::regclass[])
  ORDER BY step`;

/**
 * Fills tables without their foreign keys and plain indexes, which are made again when the work is done, in the same
 * transaction: nothing is left unchecked. For tables that were empty, or nearly; nobody else can use them, or what
 * they refer to, until the transaction ends.
 * @param kept indexes that what is checked at the end needs
 */
export async function inBulk<T>(tx: Queryable, tables: readonly string[], work: () => Promise<T>, kept: readonly string[] = []): Promise<T> {
  const slow = await tx.query<{ drop: string; make: string }>(SLOW, [tables, kept]);
  await tx.query(slow.map((each) => each.drop).join(';'));
  const result = await work();
  await checkDeferred(tx); // what waits to be checked at the commit stands in the way of new indexes
  await tx.query(`SET LOCAL maintenance_work_mem = '256MB'`);
  for (const { make } of slow) await tx.query(make);
  await tx.query('SET CONSTRAINTS ALL DEFERRED');
  return result;
}

/**
 * Checks now what waits to be checked at the commit, until it is deferred again. An unlogged table notes once what is to
 * be checked, however many rows ask for that: it comes last, as at the commit. All at once would check it for each row.
 */
export async function checkDeferred(tx: Queryable): Promise<void> {
  const [waiting] = await tx.query<{ names: string | null }>(
    `SELECT string_agg(quote_ident(conname), ', ') AS names FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
     WHERE condeferred AND connamespace = 'public'::regnamespace AND relpersistence <> 'u'`,
  );
  if (waiting?.names) await tx.query(`SET CONSTRAINTS ${waiting.names} IMMEDIATE`);
  await tx.query('SET CONSTRAINTS ALL IMMEDIATE');
}
