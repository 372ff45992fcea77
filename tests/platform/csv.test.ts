import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { linesOf } from '../../src/platform/csv/lines.js';
import { type CsvRecord, recordsOf } from '../../src/platform/csv/records.js';
import { runs } from '../support/runs.js';
import { csvOf, fileOf } from '../schools/support.js';

async function* each(lines: string[]): AsyncGenerator<string, undefined> {
  yield* lines;
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function recordsIn(text: string): Promise<CsvRecord[]> {
  return all(recordsOf(each(text.split('\n'))));
}

/** Letters that mean something in CSV, more often than chance has them. */
const cell = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '"', ',', '\n', 'é'), maxLength: 6 });
const row = (width: number) => fc.array(cell, { minLength: width, maxLength: width });
const table = fc.integer({ min: 2, max: 5 }).chain((width) => fc.array(row(width), { minLength: 1, maxLength: 8 }));

test('what is well-formed is read as the CSV parser reads it', async () => {
  await fc.assert(
    fc.asyncProperty(table, async (rows) => {
      const text = csvOf(rows, '\n');
      const expected = parse(text, { skip_empty_lines: true }) as string[][];
      expect((await recordsIn(text)).map(({ cells }) => cells)).toEqual(expected.filter((cells) => cells.join(',').trim() !== ''));
    }),
    { numRuns: runs(3000) },
  );
});

test('a quotation mark left open costs its own line and no other', async () => {
  const plain = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(plain, { minLength: 2, maxLength: 40 }), fc.nat(), async (rows, where) => {
      const broken = 1 + (where % (rows.length - 1));
      const lines = rows.map((row, i) => (i === broken ? `"${row.join(',')}` : row.join(',')));
      const found = await recordsIn(lines.join('\n'));
      const blank = (row: string[]) => row.join(',').trim() === '';
      expect(found.filter(({ wrong }) => wrong)).toEqual([{ line: broken + 1, wrong: 'a quotation mark is missing or out of place' }]);
      expect(found.filter(({ wrong }) => !wrong).map(({ cells }) => cells)).toEqual(rows.filter((row, i) => i !== broken && !blank(row)));
    }),
    { numRuns: runs(1000) },
  );
});

test('lines are counted as an editor counts them, also after a cell of several lines', async () => {
  const found = await recordsIn('a,b\n1,"two\nlines"\n\n3\n4,5');
  expect(found).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['1', 'two\nlines'] },
    { line: 5, wrong: 'it has 1 columns where the first line has 2' },
    { line: 6, cells: ['4', '5'] },
  ]);
});

test('lines end as on Windows or Unix, the last with or without an end', async () => {
  for (const text of ['a\r\nb', 'a\nb\n', 'a\r\nb\r\n']) expect(await all(linesOf(fileOf(text)))).toEqual(['a', 'b']);
});

test('a byte order mark is no part of the first line', async () => {
  expect(await all(linesOf(fileOf('\uFEFFURN,é')))).toEqual(['URN,é']);
});

test.each(['utf8', 'win1252'])('%s is recognised by a letter at the very end of a long file', async (encoding) => {
  const lines = [...Array.from({ length: 5000 }, (_, i) => `line ${i} of plain letters and nothing else`), '’ and € and é'];
  expect(await all(linesOf(fileOf(iconv.encode(lines.join('\n'), encoding))))).toEqual(lines);
});

test('a letter of several bytes that lies across two reads of the file stays whole', async () => {
  const text = 'x'.repeat(64 * 1024 - 1) + '€';
  expect(await all(linesOf(fileOf(text)))).toEqual([text]);
});
