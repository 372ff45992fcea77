import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import iconv from 'iconv-lite';
import { linesOf as linesOfText, textIn } from '../../src/platform/csv/lines.js';
import { recordsOf as recordsOfLines, type TableRecord } from '../../src/platform/csv/records.js';
import { sourceOf } from '../../src/platform/csv/source.js';
import { runs } from '../support/runs.js';
import { csvOf, fileOf } from '../schools/support.js';

const recordsOf = (lines: AsyncIterable<string>) => recordsOfLines(lines, { delimiter: ',' });

async function* linesOf(file: string): AsyncGenerator<string, undefined> {
  const source = await sourceOf(file);
  if (source.kind === 'xlsx') throw new Error('a workbook');
  yield* linesOfText(await textIn(source.chunks, basename(file)));
}

async function* each(lines: string[]): AsyncGenerator<string, undefined> {
  yield* lines;
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function recordsIn(text: string): Promise<TableRecord[]> {
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
    { line: 5, cells: ['3', ''], given: 1 },
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

test('lines end as on old Macs too, where cells may have line feeds in them', async () => {
  for (const text of ['a\rb', 'a\rb\r']) expect(await all(linesOf(fileOf(text)))).toEqual(['a', 'b']);
  expect(await all(recordsOf(linesOf(fileOf('a,b\r"1\n1",2\r3,4\r'))))).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['1\n1', '2'] },
    { line: 3, cells: ['3', '4'] },
  ]);
  expect(await all(linesOf(fileOf('a\r\r\nb\r\r\n')))).toEqual(['a\r', 'b\r']); // a cell is trimmed by whoever reads it
});

describe('odd bytes', () => {
  const bytes = (...parts: (string | number[])[]) => fileOf(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)))));

  test('of Windows-1252 in a file that is UTF-8 leave its other letters as they are, also on their own line', async () => {
    const file = bytes('name\nCafé\nMéxico and Caf', [0xe9], ' and St Mary', [0x92], 's, É', [0x92], ', €\nÉcole\n');
    expect(await all(linesOf(file))).toEqual(['name', 'Café', 'México and Café and St Mary’s, É’, €', 'École']);
  });

  test('that look like UTF-8 by chance do not make a file UTF-8 that is Windows-1252', async () => {
    const text = 'CAFÉ’S\nCafé\nÉcole\nNaïve';
    expect(await all(linesOf(fileOf(iconv.encode(text, 'win1252'))))).toEqual(text.split('\n'));
  });

  test('and their neighbours are told apart wherever the file is cut in reading', async () => {
    for (let shift = 0; shift < 4; shift++) {
      const before = 'x'.repeat(64 * 1024 - 4 + shift);
      expect(await all(linesOf(bytes(`${before}é€`, [0x92])))).toEqual([`${before}é€’`]);
    }
  });

  test('a text of any letters is read as it was written, with an odd byte or without', async () => {
    const word = fc.string({ unit: fc.constantFrom('a', ',', 'é', '’', '€', '😀', '\uFFFD', 'ÿ'), minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 2, maxLength: 20 }), fc.boolean(), async (words, odd) => {
        const lines = ['é€😀', ...words];
        const file = odd ? bytes(`${lines.join('\n')}\nx`, [0x80], 'x') : bytes(lines.join('\n'));
        expect(await all(linesOf(file))).toEqual(odd ? [...lines, 'x€x'] : lines);
      }),
      { numRuns: runs(1000) },
    );
  });

  test('U+0000 costs its own record', async () => {
    expect(await all(recordsOf(linesOf(fileOf('a,b\n1,\0\n2,2\n"3\n\0",3\n4,4'))))).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, wrong: 'it has a character that no text has (U+0000)' },
      { line: 3, cells: ['2', '2'] },
      { line: 4, wrong: 'it has a character that no text has (U+0000)' },
      { line: 6, cells: ['4', '4'] },
    ]);
  });

  test.each([
    ['xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0, 0])],
    ['gz', Buffer.from([0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0])],
  ])('of a file that is no table at all (%s) are told in one line', async (_kind, content) => {
    await expect(all(linesOf(fileOf(content)))).rejects.toThrow(
      /^extract\.csv is neither a CSV file nor an Excel workbook\. Save it as CSV or as an Excel workbook \(\.xlsx\), then import that\.$/,
    );
  });

  test.each([
    ['of nothing but its beginning', Buffer.from('PK\x03\x04\x14\0\x06\0')],
    ['of another program', Buffer.from('PK\x03\x04\n\0\0\0')],
  ])('an archive %s is told to be damaged', async (_kind, content) => {
    await expect(all(linesOf(fileOf(content)))).rejects.toThrow(/^extract\.csv is a damaged archive: it cannot be unpacked\.$/);
  });

  test('a workbook that would take more memory than there is is refused, whatever it says of its size', async () => {
    const bomb = Buffer.from(zipSync({ 'xl/workbook.xml': new Uint8Array(1), 'xl/worksheets/sheet1.xml': new Uint8Array(140_000_000) }, { level: 1 }));
    expect(bomb.length).toBeLessThan(2_000_000);
    const said = Buffer.alloc(4);
    said.writeUInt32LE(140_000_000);
    const lying = Buffer.from(bomb);
    for (let at = lying.indexOf(said); at >= 0; at = lying.indexOf(said)) lying.writeUInt32LE(100, at);
    for (const file of [bomb, lying]) await expect(sourceOf(fileOf(file))).rejects.toThrow(/^extract\.csv is too large for a workbook: save it as CSV\.$/);
  });

  test('a workbook with something far beside its table is refused, since each row would be as wide', async () => {
    const far = zipSync({ 'xl/workbook.xml': new Uint8Array(1), 'xl/worksheets/sheet1.xml': Buffer.from('<worksheet><sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData></worksheet>') });
    await expect(sourceOf(fileOf(Buffer.from(far)))).rejects.toThrow(/beyond column ZZ/);
  });

  test.each(['utf16le', 'utf16-be'])('%s is text, with its mark or without', async (encoding) => {
    const lines = ['URN,Name', ...Array.from({ length: 20_000 }, (_, i) => `${i},École € ${i}`)];
    for (const addBOM of [true, false]) {
      expect(await all(linesOf(fileOf(iconv.encode(`${lines.join('\r\n')}\r\n`, encoding, { addBOM }))))).toEqual(lines);
    }
  });
});
