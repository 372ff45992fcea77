import fc from 'fast-check';
import { copyRows } from '../../src/platform/copy.js';
import type { Database } from '../../src/platform/database/index.js';
import { freshDatabase } from '../support/database.js';
import { runs } from '../support/runs.js';

let db: Database;

beforeAll(async () => {
  ({ db } = await freshDatabase());
  await db.query('CREATE TABLE copied (nth integer PRIMARY KEY, words text, many text[], at timestamptz, yes boolean, facts jsonb)');
});

const text = fc.string({ unit: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('\\', '\n', '\r', '\t', '"', '{', '}', ',', '\\N', 'NULL', "'", ' ', '.') }, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })) }).filter((each) => !each.includes('\0'));
const row = fc.record({
  words: fc.option(text),
  many: fc.option(fc.array(fc.option(text))),
  at: fc.option(fc.date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2100-01-01') })),
  yes: fc.option(fc.boolean()),
  facts: fc.option(fc.record({ said: text })),
});

test('what is copied is what is read, whatever the texts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (made) => {
      const rows = made.map((each, nth) => ({ nth, ...each }));
      await db.query('DELETE FROM copied');
      await db.transaction((tx) => copyRows(tx, 'copied', rows));
      expect(await db.query('SELECT * FROM copied ORDER BY nth')).toEqual(rows);
    }),
    { numRuns: runs(1000) },
  );
});

test('what the database refuses leaves nothing behind', async () => {
  await db.query('DELETE FROM copied');
  const twice = [{ nth: 1, words: 'one' }, { nth: 1, words: 'another' }];
  await expect(db.transaction((tx) => copyRows(tx, 'copied', twice))).rejects.toMatchObject({ code: '23505' });
  expect(await db.query('SELECT FROM copied')).toEqual([]);
});
