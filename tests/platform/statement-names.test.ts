import type { Database, UnitOfWork } from '../../src/platform/database/index.js';
import { freshDatabase } from '../support/database.js';

let db: Database;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

/** How often the connection of this unit of work has run a statement as a prepared one. */
async function prepared(tx: UnitOfWork, sql: string): Promise<number> {
  const [found] = await tx.query<{ runs: number }>('SELECT generic_plans + custom_plans AS runs FROM pg_prepared_statements WHERE statement = $1', [sql]);
  return found?.runs ?? 0;
}

test('a statement that comes again and again is prepared', async () => {
  const sql = 'SELECT name FROM setting WHERE name = $1';
  await db.transaction(async (tx) => {
    for (let i = 0; i < 20; i++) await tx.query(sql, ['none']);
    expect(await prepared(tx, sql)).toBe(15);
  });
});

test('but not for many at once, whose plan depends on how many', async () => {
  const sql = 'SELECT name FROM setting WHERE name = ANY($1)';
  await db.transaction(async (tx) => {
    for (let i = 0; i < 20; i++) await tx.query(sql, [Array.from({ length: 101 }, String)]);
    expect(await prepared(tx, sql)).toBe(0);
  });
});

test('and not without parameters: such a text may be several statements', async () => {
  await db.transaction(async (tx) => {
    for (let i = 0; i < 20; i++) await tx.query('SELECT 1; SELECT 2');
  });
});
