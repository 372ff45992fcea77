import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import type { ManualClock } from '../../src/platform/clock.js';
import { OperatorError } from '../../src/platform/config.js';
import type { Database } from '../../src/platform/database/index.js';
import { importSchools } from '../../src/schools/index.js';
import { freshDatabase } from '../support/database.js';
import { runs } from '../support/runs.js';
import { contentOf, csvOf, emptySchools, fileOf, fixture, statementsOf } from './support.js';

let db: Database;
let clock: ManualClock;
beforeAll(async () => {
  ({ db, clock } = await freshDatabase());
});
beforeEach(() => emptySchools(db));

const imported = (file: string) => importSchools(db, { file });
const school = async (urn: number) => (await db.query<Record<string, unknown>>('SELECT * FROM school WHERE urn = $1', [urn]))[0];
const NEEDED = ['URN', 'LA (code)', 'EstablishmentName', 'EstablishmentStatus (name)'];
const [header, ...rows] = parse(readFileSync(fixture('schools.csv'))) as [string[], ...string[][]];
const OPTIONAL = header.filter((column) => !NEEDED.includes(column));

/** The small extract with only these columns, in this order. */
const extractOf = (columns: readonly string[], of: readonly string[][] = rows) =>
  fileOf(csvOf([columns, ...of.map((row) => columns.map((column) => row[header.indexOf(column)]!))] as string[][]));
/** One school as a file, with what is to differ from an ordinary one. */
const fileOfOne = (facts: Record<string, string>) => {
  const ordinary = { URN: '900999', 'LA (code)': '971', EstablishmentName: 'Example School', 'EstablishmentStatus (name)': 'Open' };
  const one: Record<string, string> = { ...ordinary, ...facts };
  return fileOf(csvOf([Object.keys(one), Object.values(one)]));
};

describe('a small extract', () => {
  test('is imported whole, with its authorities, trusts and federations', async () => {
    expect(await imported(fixture('schools.csv'))).toEqual({
      file: 'schools.csv',
      rows: 24,
      schools: { added: 24, changed: 0, unchanged: 0, closed: 0, withoutPlace: 1, repeated: 0, elsewhere: 0 },
      links: { added: 0, changed: 0, unchanged: 0, removed: 0, waiting: 0, leftOut: 0, unclear: [] },
      unreadable: 0,
      unread: [],
      warnings: [],
      missing: { count: 0, some: [] },
      rejected: [],
    });
    const { local_authority, trust, federation } = await contentOf(db);
    expect(local_authority).toEqual([
      { code: '971', name: 'Wolds and Vale', region: 'East Midlands', minimum_recommendations: 2 },
      { code: '972', name: 'Barton, City of', region: 'East Midlands', minimum_recommendations: 2 },
    ]);
    expect(trust).toEqual([{ id: '5001', name: 'Wolds Learning Trust' }, { id: '5002', name: 'Barton Academies' }]);
    expect(federation).toEqual([{ id: '2001', name: 'The Melsham Federation' }]);
  });

  test('gives each school what the row says, in the form that the product has it', async () => {
    await imported(fixture('schools.csv'));
    expect(await school(900002)).toMatchObject({
      la_code: '971',
      establishment_number: 2002,
      name: "St. Mary's Catholic Primary School",
      type: 'Academy converter',
      status: 'OPEN',
      phase: 'PRIMARY',
      academy: true,
      low_age: 4,
      high_age: 11,
      gender: 'Mixed',
      religious_character: 'Roman Catholic',
      street: 'Abbey Road',
      locality: null,
      town: 'Melsham',
      county: 'Woldshire',
      postcode: 'ZZ13 1AB',
      website: 'http://stmarysrc.example.org',
      easting: 476200,
      northing: 319900,
      trust_id: '5001',
      federation_id: null,
      opened_on: '2012-04-01',
      closed_on: null,
      imported_at: clock.now(),
    });
    const { latitude, longitude } = (await school(900002)) as { latitude: number; longitude: number };
    expect([latitude.toFixed(2), longitude.toFixed(2)]).toEqual(['52.77', '-0.87']);
    expect(await school(900013)).toMatchObject({ status: 'OPEN', closed_on: null }); // proposed to close, with a date
    expect(await school(900003)).toMatchObject({ religious_character: null, website: null });
    expect(await school(900014)).toMatchObject({ locality: 'Eastgate', address3: 'Industrial Estate' });
    expect(await school(900024)).toMatchObject({ easting: null, northing: null, latitude: null, longitude: null });
  });

  test('says who is open, and of what phase', async () => {
    await imported(fixture('schools.csv'));
    const found = await db.query<{ urn: number; is: unknown[] }>('SELECT urn, json_build_array(status, phase, academy) AS is FROM school');
    const at = (urn: number) => found.find((each) => each.urn === urn)!.is;
    expect(at(900006)).toEqual(['OPEN', 'ALL_THROUGH', false]); // special, 2 to 19
    expect(at(900007)).toEqual(['OPEN', 'SECONDARY', false]); // PRU, 11 to 16
    expect(at(900008)).toEqual(['OPEN', 'ALL_THROUGH', false]); // independent, 7 to 18
    expect(at(900009)).toEqual(['OPEN', 'PRIMARY', false]); // independent, 3 to 13
    expect(at(900013)).toEqual(['OPEN', 'PRIMARY', false]); // proposed to close
    expect(at(900017)).toEqual(['OPEN', 'SECONDARY', true]); // UTC
    expect(at(900019)).toEqual(['OPEN', 'SECONDARY', false]); // CTC
    expect(at(900021)).toEqual(['OPEN', 'MIDDLE_DEEMED_SECONDARY', false]);
    expect(at(900022)).toEqual(['PROPOSED_TO_OPEN', 'PRIMARY', true]);
    expect(at(900023)).toEqual(['CLOSED', 'PRIMARY', false]);
  });

  test('tells how far it is', async () => {
    const told: number[] = [];
    await importSchools(db, { file: manySchools(2500), onProgress: (rows) => told.push(rows) });
    expect(told).toEqual([1000, 2000, 2500]);
  });
});

describe('importing again', () => {
  test('what has not changed is not written', async () => {
    await imported(fixture('schools.csv'));
    const before = await contentOf(db);
    clock.advance({ days: 30 });
    expect((await imported(fixture('schools.csv'))).schools).toMatchObject({ added: 0, changed: 0, unchanged: 24 });
    expect(await contentOf(db)).toEqual(before);
    expect(await db.query('SELECT DISTINCT imported_at FROM school')).toHaveLength(1);
  });

  test('what has changed is written, what has closed is closed, what is absent stays', async () => {
    await imported(fixture('schools.csv'));
    const changed = rows.slice(0, 2).map((row) => [...row]);
    changed[0]![header.indexOf('EstablishmentName')] = "St Mary's Primary School";
    changed[1]![header.indexOf('EstablishmentStatus (name)')] = 'Closed';
    changed[1]![header.indexOf('CloseDate')] = '31/08/2026';
    expect((await imported(extractOf(header, changed))).schools).toMatchObject({ added: 0, changed: 2, unchanged: 0, closed: 1 });
    expect(await school(900001)).toMatchObject({ name: "St Mary's Primary School", search_text: expect.stringMatching(/^st mary primary \|/) });
    expect(await school(900002)).toMatchObject({ status: 'CLOSED', closed_on: '2026-08-31' });
    expect(await db.query('SELECT FROM school')).toHaveLength(24);
    expect((await imported(extractOf(header, changed))).schools).toMatchObject({ changed: 0, closed: 0 });
  });

  test('an empty cell empties, a missing column keeps', async () => {
    await imported(fileOfOne({ Town: 'Melsham', 'Gender (name)': 'Girls', StatutoryLowAge: '11', StatutoryHighAge: '16' }));
    await imported(fileOfOne({ Town: '' }));
    expect(await school(900999)).toMatchObject({ town: null, gender: 'Girls', phase: 'SECONDARY' });
  });

  test('any of the optional columns, in any order, leave known schools as they are', async () => {
    await imported(fixture('schools.csv'));
    const before = await contentOf(db);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(OPTIONAL), async (optional) => {
        expect((await imported(extractOf([...optional, ...NEEDED]))).schools).toMatchObject({ added: 0, changed: 0, unchanged: 24 });
        expect(await contentOf(db)).toEqual(before);
      }),
      { numRuns: runs(200) },
    );
  });

  test('what came before a whole extract leaves no trace', async () => {
    await imported(fixture('schools.csv'));
    const whole = await contentOf(db);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(OPTIONAL), fc.shuffledSubarray(rows), async (optional, some) => {
        await emptySchools(db);
        await imported(extractOf([...NEEDED, ...optional], some));
        await imported(fixture('schools.csv'));
        expect(await contentOf(db)).toEqual(whole);
      }),
      { numRuns: runs(200) },
    );
  });
});

describe('the real forms of an extract', () => {
  test('all columns of GIAS, quoted throughout; what is no school in England is left out', async () => {
    const summary = await imported(fixture('schools-all-columns.csv'));
    expect(summary).toMatchObject({ rows: 3, rejected: [], schools: { added: 2, elsewhere: 1 } });
    expect(await school(900301)).toMatchObject({ name: 'Ridgeway Academy', trust_id: '5001', academy: true, opened_on: '2013-09-01' });
    expect(await school(900302)).toMatchObject({ status: 'CLOSED', closed_on: '2013-08-31', academy: false });
  });

  test('Windows-1252', async () => {
    await imported(fixture('schools-windows-1252.csv'));
    expect((await db.query<{ name: string }>('SELECT name FROM school ORDER BY urn')).map(({ name }) => name)).toEqual([
      'St Mary’s CofE Primary School',
      'École Française – Melsham',
      'Brontë Infant School',
      'The £100 Foundation School',
    ]);
  });

  test('a file is the same in UTF-8, with or without BOM, and in Windows-1252', async () => {
    const name = fc.string({ unit: fc.constantFrom(...'aZ ’‘“”–éÉüñ€™Œ£½'), minLength: 3, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 8 }), async (names) => {
        const text = csvOf([NEEDED, ...names.map((name, i) => [String(900_400 + i), '971', `x${name}`, 'Open'])]);
        const ansi = iconv.encode(text, 'win1252');
        fc.pre(!isUtf8(ansi));
        await emptySchools(db);
        await imported(fileOf(text));
        for (const other of [ansi, `\uFEFF${text}`]) {
          expect((await imported(fileOf(other))).schools).toMatchObject({ added: 0, changed: 0, unchanged: names.length });
        }
      }),
      { numRuns: runs(300) },
    );
  });

  test('only what is needed, and status as a code', async () => {
    const lines = ['EstablishmentName,EstablishmentStatus (code),URN,LA (code)', 'Ashgate Junior School,4,900501,71'];
    expect(await imported(fileOf(lines.join('\n')))).toMatchObject({ schools: { added: 1 }, rejected: [] });
    expect(await school(900501)).toMatchObject({ la_code: '071', status: 'PROPOSED_TO_OPEN', type: null, phase: 'PRIMARY' });
    expect((await contentOf(db))['local_authority']).toMatchObject([{ code: '071', name: 'Local authority 071', region: null }]);
  });

  test.each([
    ['SchoolWebsite', 'www.example.org', { website: 'http://www.example.org' }],
    ['SchoolWebsite', 'http//example.org/school', { website: 'http://example.org/school' }],
    ['SchoolWebsite', 'javascript:alert(1)', { website: null }],
    ['SchoolWebsite', 'to follow', { website: null }],
    ['Postcode', 'le130ul', { postcode: 'LE13 0UL' }],
    ['Postcode', 'unclear', { postcode: null }],
    ['OpenDate', '29-02-2023', { opened_on: null }],
    ['OpenDate', '29/02/2024', { opened_on: '2024-02-29' }],
    ['StatutoryLowAge', 'four', { low_age: null }],
    ['PhaseOfEducation (name)', 'Prim.', { phase: 'ALL_THROUGH' }],
    ['Gender (name)', 'Not applicable', { gender: null }],
    ['Street', ' 1  High Street\nRear building ', { street: '1 High Street Rear building' }],
  ])('%s %j', async (column, text, expected) => {
    await imported(fileOfOne({ [column]: text }));
    expect(await school(900999)).toMatchObject(expected);
  });

  test('what could not be read is counted, what is not there is not', async () => {
    const missing = { StatutoryLowAge: '', 'Gender (name)': 'Not applicable' };
    const facts = { Postcode: 'unclear', OpenDate: '29-02-2023', 'PhaseOfEducation (name)': 'Prim.', ...missing };
    expect((await imported(fileOfOne(facts))).unreadable).toBe(3);
  });

  test('of two names for one authority in a file the first stays', async () => {
    const file = fileOf(csvOf([[...NEEDED, 'LA (name)'], ['900601', '971', 'A', 'Open', 'Wolds'], ['900602', '971', 'B', 'Open', 'Vale']]));
    await imported(file);
    expect((await contentOf(db))['local_authority']).toMatchObject([{ name: 'Wolds' }]);
    expect((await imported(file)).schools).toMatchObject({ unchanged: 2 });
  });
});

describe('rows that cannot be used', () => {
  test('are reported by line and reason, and the rest goes in', async () => {
    const summary = await imported(fixture('schools-broken.csv'));
    expect(summary.rejected.map(({ line, reason }) => `${line} ${reason}`)).toEqual([
      '5 URN “90203” is not a number of six digits',
      '6 URN “Total” is not a number of six digits',
      '7 it has no name',
      '8 it has no LA code',
      '9 status “Dormant” is not one that GIAS uses',
      '10 a quotation mark is missing or out of place',
      '12 a quotation mark is missing or out of place',
      '13 it has no status',
      '15 URN 900201 is on line 2 too, and says something else',
      '18 it has no status',
      '20 LA code “Wolds” is not the number of a local authority',
    ]);
    expect(summary).toMatchObject({ rows: 17, schools: { added: 5, repeated: 1, withoutPlace: 5 }, unreadable: 1 });
    const names = (await db.query<{ name: string }>('SELECT name FROM school ORDER BY urn')).map(({ name }) => name);
    expect(names).toEqual(['Ashgate School', 'The "Old" School', 'After The Quote School', 'Bad Date School', 'Last School']);
  });

  test('a cell too long to be one is no reason to stop', async () => {
    const { rejected } = await imported(fileOfOne({ Town: 'x'.repeat(5000) }));
    expect(rejected).toEqual([{ line: 2, reason: 'a cell is longer than 500 characters' }]);
  });
});

describe('a file that cannot be used gets one clear line', () => {
  test.each([
    ['missing columns', () => fileOf('URN,Town\n900001,X\n'), / has no column EstablishmentName, nor LA \(code\), nor EstablishmentStatus \(name\)\.$/],
    ['links without the schools they are of', () => fileOf('LinkURN,LinkType\n900001,Successor\n'), / has no column URN\.$/],
    ['no file', () => '/nowhere/extract.csv', /^There is no file \/nowhere\/extract\.csv\.$/],
    ['a folder', () => '/', /^\/ is not a file\.$/],
    ['an empty file', () => fileOf(''), / is empty\.$/],
    ['blank lines only', () => fileOf('\n\n  \n'), / is empty\.$/],
    ['a spreadsheet', () => fileOf(Buffer.from('504b030414000600080000002100', 'hex')), / is a damaged archive: it cannot be unpacked\.$/],
    ['some other text', () => fileOf('Dear all,\nplease find enclosed\n'), / is not a GIAS extract: /],
  ])('%s', async (_, file, line) => {
    const refusal = await imported(file()).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(OperatorError);
    expect((refusal as OperatorError).message).toMatch(line);
  });
});

/** Many schools in one authority, each in a trust of its own. */
function manySchools(count: number): string {
  const schools = Array.from({ length: count }, (_, i) => [String(200_000 + i), '971', `School ${i}`, 'Open', String(i), `Trust ${i}`]);
  return fileOf(csvOf([[...NEEDED, 'Trusts (code)', 'Trusts (name)'], ...schools]));
}

test('the number of statements grows by the batch, not by the row', async () => {
  const sent = async (count: number) => {
    await emptySchools(db);
    return (await statementsOf(db, () => imported(manySchools(count)))).length;
  };
  const [one, two, three] = [await sent(1000), await sent(2000), await sent(3000)];
  expect(three - two).toBe(two - one);
  expect(two - one).toBeLessThanOrEqual(4);
});

describe('an extract that was saved oddly', () => {
  const plain = readFileSync(fixture('schools.csv'));

  test('with the line ends of old Macs is imported whole', async () => {
    const summary = await imported(fileOf(plain.toString().replaceAll(/\r?\n/g, '\r')));
    expect(summary).toMatchObject({ rows: 24, schools: { added: 24 }, rejected: [] });
  });

  test('with U+0000 in a row lacks that row only, and says so', async () => {
    const lines = plain.toString().split(/\r?\n/);
    const broken = [...lines.slice(0, 5), lines[5]!.replace(/,/, ',\0'), ...lines.slice(6)];
    const summary = await imported(fileOf(broken.join('\n')));
    expect(summary).toMatchObject({ rows: 24, schools: { added: 23 }, rejected: [{ line: 6, reason: 'it has a character that no text has (U+0000)' }] });
  });

  test('with one row of Windows-1252 in UTF-8 has every name right', async () => {
    const row = (urn: number, name: Buffer | string) => Buffer.concat([Buffer.from(`${urn},971,`), Buffer.from(name as string), Buffer.from(',Open\n')]);
    const head = Buffer.from(`${['URN', 'LA (code)', 'EstablishmentName', 'EstablishmentStatus (name)'].join(',')}\n`);
    const file = fileOf(Buffer.concat([head, row(900_001, 'Café School'), row(900_002, iconv.encode('Sainte Thérèse’s', 'win1252')), row(900_003, 'École Brontë')]));
    await imported(file);
    const names = await db.query<{ name: string }>('SELECT name FROM school ORDER BY urn');
    expect(names.map(({ name }) => name)).toEqual(['Café School', 'Sainte Thérèse’s', 'École Brontë']);
  });
});
