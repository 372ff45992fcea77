import { inBulk } from '../../src/platform/bulk.js';
import type { Database, Queryable } from '../../src/platform/database/index.js';
import { freshDatabase } from '../support/database.js';

let db: Database;

beforeAll(async () => {
  ({ db } = await freshDatabase());
});

/** Every index and constraint, as SQL. */
const definitions = (on: Queryable) =>
  on.query(`
    SELECT indexdef AS definition FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0
    ORDER BY 1`);

const addArea = (tx: Queryable) => tx.query(`INSERT INTO local_authority (code, name) VALUES ('990', 'Fernshire')`);
const addProvider = (tx: Queryable, area: string) =>
  tx.query(
    `INSERT INTO provider (id, kind, assurance, state, name, assuring_la, created_at, updated_at)
     VALUES (gen_random_uuid(), 'COMPANY', 'RECOMMENDED', 'DRAFT', 'Ash', $1, now(), now())`,
    [area],
  );

test('afterwards everything is as it was, whatever the order of the rows', async () => {
  const before = await definitions(db);
  await db.transaction((tx) =>
    inBulk(tx, ['local_authority', 'provider', 'history'], async () => {
      expect((await definitions(tx)).length).toBeLessThan(before.length);
      await addProvider(tx, '990');
      await addArea(tx);
    }),
  );
  expect(await definitions(db)).toEqual(before);
  expect(await db.query('SELECT name FROM provider')).toEqual([{ name: 'Ash' }]);
});

test('a row that refers to nothing is refused', async () => {
  const before = await definitions(db);
  const loading = db.transaction((tx) => inBulk(tx, ['provider'], () => addProvider(tx, 'nowhere')));
  await expect(loading).rejects.toThrow('provider_assuring_la_fkey');
  expect(await definitions(db)).toEqual(before);
});

test('what is checked at the commit is checked', async () => {
  const list = `UPDATE provider SET state = 'LISTED'`;
  const publish = `INSERT INTO listing (id, provider_id, state, title, price_kind, created_at, updated_at, published_at) SELECT gen_random_uuid(), id, 'PUBLISHED', 'Reading', 'BESPOKE', now(), now(), now() FROM provider`;
  const loading = (...statements: string[]) => db.transaction((tx) => inBulk(tx, ['provider'], () => tx.query(statements.join(';'))));
  await expect(loading(list)).rejects.toThrow('LISTED without a published listing');
  await expect(loading(list, publish)).rejects.toThrow('LISTED with fewer than 2');
});
