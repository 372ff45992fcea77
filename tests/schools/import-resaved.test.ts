import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { OperatorError } from '../../src/platform/config.js';
import { exitCodeFor } from '../../src/platform/csv/verdict.js';
import type { Database } from '../../src/platform/database/index.js';
import { formatSummary, importSchools } from '../../src/schools/index.js';
import { freshDatabase } from '../support/database.js';
import { mangled } from '../support/mangled.js';
import { type Kinds, resaved, ways } from '../support/resaved.js';
import { runs } from '../support/runs.js';
import { contentOf, csvOf, emptySchools, fileOf, fixture } from './support.js';

let db: Database;
beforeAll(async () => {
  ({ db } = await freshDatabase());
});
beforeEach(() => emptySchools(db));

const imported = (file: string | Buffer) => importSchools(db, { file: typeof file === 'string' ? file : fileOf(file) });
const school = async (urn: number) => (await db.query<Record<string, unknown>>('SELECT * FROM school WHERE urn = $1', [urn]))[0];
/** With the local authorities that schools were under before; 999 stands for none. */
const table = (parse(readFileSync(fixture('schools.csv'))) as string[][]).map((row, i) => [...row.slice(0, 3), i === 0 ? 'PreviousLA (code)' : i % 3 === 0 ? '999' : String(800 + (i % 5)), ...row.slice(3)]);
const whole = fileOf(csvOf(table));
const KINDS: Kinds = {
  numbers: ['URN', 'LA (code)', 'PreviousLA (code)', 'EstablishmentNumber', 'StatutoryLowAge', 'StatutoryHighAge', 'Easting', 'Northing', 'Trusts (code)', 'Federations (code)'],
  days: ['OpenDate', 'CloseDate'],
};
const ORDINARY = {
  URN: '900999', 'LA (code)': '971', EstablishmentName: 'Example School', 'EstablishmentStatus (name)': 'Open', OpenDate: '01-09-2012',
  StatutoryLowAge: '4', StatutoryHighAge: '11', Town: 'Melsham', Postcode: 'ZZ13 1AB', SchoolWebsite: 'http://www.example.org', Easting: '476200', Northing: '319900',
  'Trusts (code)': '16001', 'Trusts (name)': 'Wolds Trust', UKPRN: '10012345', 'PhaseOfEducation (name)': 'Primary',
};
const fileOfOne = (facts: Record<string, string>, but: readonly string[] = []) => {
  const one = Object.entries({ ...ORDINARY, ...facts }).filter(([column]) => !but.includes(column));
  return fileOf(csvOf([one.map(([column]) => column), one.map(([, cell]) => cell)]));
};

test('an extract that was saved again in any way imports to the same, and to no change where it is known', async () => {
  await imported(whole);
  const original = await contentOf(db);
  await fc.assert(
    fc.asyncProperty(ways, fc.boolean(), async (way, anew) => {
      if (anew) await emptySchools(db);
      const summary = await imported(resaved(table, KINDS, way));
      expect(summary).toMatchObject({ rows: 24, rejected: [], unreadable: 0, warnings: [] });
      if (!anew) expect(summary.schools).toMatchObject({ added: 0, changed: 0, unchanged: 24 });
      expect(await contentOf(db)).toEqual(original);
    }),
    { numRuns: runs(1000) },
  );
});

test('a file of links that was saved again in any way says the same, and drops nothing', async () => {
  const links = [
    ['URN', 'LinkURN', 'LinkType', 'LinkEstablishedDate'],
    ['900001', '900002', 'Successor', '01-09-2020'], ['900002', '900001', 'Predecessor', '01-09-2020'], ['900003', '900004', 'Merged - change in age range', ''],
    ['900005', '900006', 'Result of Amalgamation', '13-04-2019'], ['900007', '900008', 'Closure', ''], ['900001', '899001', 'Predecessor', '02-01-2011'],
  ];
  const said = async () => [await db.query('SELECT urn, other_urn, kind, since FROM school_link ORDER BY 1, 2, 3'), await db.query('SELECT * FROM school_successor ORDER BY 1, 2')];
  await imported(whole);
  await imported(fileOf(csvOf(links)));
  const original = await said();
  await fc.assert(
    fc.asyncProperty(ways, fc.boolean(), async (way, anew) => {
      if (anew) await db.query('DELETE FROM school_link; DELETE FROM school_successor');
      expect(await imported(resaved(links, { numbers: ['URN', 'LinkURN'], days: ['LinkEstablishedDate'] }, way))).toMatchObject({ rows: 6, rejected: [] });
      expect(await said()).toEqual(original);
    }),
    { numRuns: runs(300) },
  );
  // a row that may be of any school: nothing that the file seems to lack is dropped
  await imported(fileOf(csvOf(links.slice(0, 3)) + '"900001" x,899001,Predecessor,\n'));
  expect(await said()).toEqual(original);
  await imported(fileOf(csvOf(links.slice(0, 3))));
  expect((await said())[0]).not.toEqual(original[0]);
});

describe('what cannot be read', () => {
  const UNREADABLE: Record<string, fc.Arbitrary<string>> = {
    OpenDate: fc.constantFrom('31/02/2012', 'soon', '2012', '1/2/3', 'Tuesday 1 September 2027'),
    StatutoryLowAge: fc.constantFrom('four', '4-11', '4.5', '-1'),
    StatutoryHighAge: fc.constantFrom('eleven', '999', '1e1'),
    Postcode: fc.constantFrom('ZZ13', 'unclear', '12345'),
    SchoolWebsite: fc.constantFrom('N.A', 'head@example.org', 'a.example.org b.example.org', 'https://user:pw@example.org', 'www,example.org'),
    Easting: fc.constantFrom('-1.1397', 'TF 12 34', '47.62.00'),
    UKPRN: fc.constantFrom('1001', 'UK10012345'),
    'PhaseOfEducation (name)': fc.constantFrom('Prim.', 'Years 1-6'),
  };

  test('leaves what is known, and is told with line and column', async () => {
    await imported(fileOfOne({}));
    const known = await school(900999);
    await fc.assert(
      fc.asyncProperty(fc.record(UNREADABLE, { requiredKeys: [] }), async (facts) => {
        const summary = await imported(fileOfOne(facts as Record<string, string>));
        expect(await school(900999)).toEqual(known);
        expect(summary.schools).toMatchObject({ changed: 0, unchanged: 1 });
        expect(summary.unread.map(({ line, column, value }) => [line, column, value]).sort()).toEqual(Object.entries(facts).map(([column, value]) => [2, column, value]).sort());
        for (const [column, value] of Object.entries(facts)) expect(formatSummary(summary)).toContain(`, line 2: ${column} “${value}” cannot be read.`);
      }),
      { numRuns: runs(300) },
    );
  });

  test.each(['', '-', '–', 'NULL', 'null', 'nan', 'NaN', 'N/A', 'n/a', '#N/A', 'None', 'Not applicable'])('%j is nothing in every column that may be empty', async (nothing) => {
    await imported(fileOfOne({ Town: nothing, 'Trusts (code)': nothing, 'Trusts (name)': nothing, OpenDate: nothing, StatutoryLowAge: nothing, SchoolWebsite: nothing, UKPRN: nothing }));
    expect(await school(900999)).toMatchObject({ town: null, trust_id: null, opened_on: null, low_age: null, website: null, ukprn: null });
    expect(await db.query('SELECT FROM trust')).toEqual([]);
  });

  test('0 is nothing where no number is meant, and no place', async () => {
    await imported(fileOfOne({ Town: '0', 'Trusts (code)': '0', StatutoryLowAge: '0', Easting: '0', Northing: '0' }));
    expect(await school(900999)).toMatchObject({ town: null, trust_id: null, low_age: 0, easting: null });
  });

  test('a school stays where it is without a grid reference, until its postcode is another', async () => {
    await imported(fileOfOne({}));
    await imported(fileOfOne({ Easting: '', Northing: '' }));
    expect(await school(900999)).toMatchObject({ easting: 476200, northing: 319900 });
    await imported(fileOfOne({ Easting: '0', Northing: '0', Postcode: 'ZZ99 9ZZ' }));
    expect(await school(900999)).toMatchObject({ easting: null, latitude: null });
  });

  test('a row that a line break splits changes nothing of the school', async () => {
    await imported(fileOfOne({}));
    const known = await school(900999);
    const [header, row] = parse(readFileSync(fileOfOne({}))) as string[][];
    for (let at = 6; at < row!.length - 2; at++) {
      const [first, second] = [row!.slice(0, at), ['rest', ...row!.slice(at + 1)]];
      const summary = await imported(fileOf(`${[header!, first, second].map((cells) => cells.join(',')).join('\r\n')}\r\n`));
      expect(summary.rejected.map(({ line }) => line)).toEqual([2, 3]);
      expect(await school(900999)).toEqual(known);
    }
  });

  test('a row in which the file breaks off changes nothing', async () => {
    await imported(fileOfOne({}));
    const known = await school(900999);
    const text = readFileSync(fileOfOne({ Town: 'Elsewhere' }), 'utf8').trimEnd();
    for (let to = text.indexOf('\n') + 2; to < text.lastIndexOf(','); to++) {
      const summary = await imported(fileOf(text.slice(0, to)));
      expect(summary.rejected).toEqual([{ line: 2, reason: expect.any(String) }]);
      expect(await school(900999)).toEqual(known);
    }
  });
});

describe('days', () => {
  test('that have the month first in one row have it in all, which is told', async () => {
    const header = ['URN', 'LA (code)', 'EstablishmentName', 'EstablishmentStatus (name)', 'OpenDate', 'CloseDate'];
    const summary = await imported(fileOf(csvOf([header, ['900001', '971', 'A', 'Closed', '9/1/2012', '8/31/2020'], ['900002', '971', 'B', 'Open', '1/2/2015', '']])));
    expect(await school(900001)).toMatchObject({ opened_on: '2012-09-01', closed_on: '2020-08-31' });
    expect(await school(900002)).toMatchObject({ opened_on: '2015-01-02' });
    expect(formatSummary(summary)).toContain('Its dates have the month first, as “8/31/2020” on line 2 shows: all of them are read so.');
  });

  test('of both orders in one file are left out where they may be either', async () => {
    const header = ['URN', 'LA (code)', 'EstablishmentName', 'EstablishmentStatus (name)', 'OpenDate'];
    const rows = [['900001', '9/1/2012'], ['900002', '8/31/2020'], ['900003', '31/8/2020']].map(([urn, day]) => [urn!, '971', 'A', 'Open', day!]);
    const summary = await imported(fileOf(csvOf([header, ...rows])));
    expect(await school(900001)).toMatchObject({ opened_on: null });
    expect(await school(900002)).toMatchObject({ opened_on: '2020-08-31' });
    expect(await school(900003)).toMatchObject({ opened_on: '2020-08-31' });
    expect(summary.unread).toEqual([{ line: 2, column: 'OpenDate', value: '9/1/2012' }]);
    expect(summary.warnings).toHaveLength(1);
  });
});

describe('codes', () => {
  const one = (facts: Record<string, string>) => fileOf(csvOf([Object.keys(facts), Object.values(facts)]));
  const base = { URN: '900999', 'LA (code)': '971', EstablishmentName: 'Coded' };

  test.each([['1', 'OPEN'], ['01', 'OPEN'], ['2.0', 'CLOSED'], ['03', 'OPEN'], ['4', 'PROPOSED_TO_OPEN']])('of a status (%s) stand in for its name', async (code, status) => {
    await imported(one({ ...base, 'EstablishmentStatus (code)': code }));
    expect(await school(900999)).toMatchObject({ status });
    await imported(one({ ...base, EstablishmentStatus: code }));
    expect(await school(900999)).toMatchObject({ status });
  });

  test('of type, phase, gender and region stand in for their names', async () => {
    const facts = { 'TypeOfEstablishment (code)': '34', 'PhaseOfEducation (code)': '4.0', 'Gender (code)': '2', 'GOR (code)': 'E', 'EstablishmentStatus (code)': '1' };
    await imported(one({ ...base, ...facts }));
    expect(await school(900999)).toMatchObject({ type: 'Academy converter', phase: 'SECONDARY', gender: 'Girls', academy: true });
    expect((await contentOf(db))['local_authority']).toMatchObject([{ region: 'East Midlands' }]);
  });

  test.each([
    [{ 'TypeOfEstablishment (code)': '30' }], [{ 'TypeOfEstablishment (code)': '47.0' }], [{ 'TypeOfEstablishment (name)': 'Childrens centre' }],
    [{ 'TypeOfEstablishment (name)': 'Online provider' }], [{ 'LA (code)': '660' }], [{ 'LA (code)': '708' }], [{ 'LA (code)': '000' }], [{ 'LA (code)': '0' }],
    [{ 'GOR (name)': 'Wales (pseudo)' }], [{ 'GOR (code)': 'W' }],
  ])('and names that are of no school in England (%j) leave a row out', async (facts) => {
    const summary = await imported(one({ ...base, 'EstablishmentStatus (name)': 'Open', ...facts }));
    expect(summary).toMatchObject({ rejected: [], schools: { added: 0, elsewhere: 1 } });
  });

  test('an authority is known by its name alone where there is no code', async () => {
    await imported(fileOfOne({ 'LA (name)': 'Wolds and Vale' }));
    const { URN, EstablishmentName } = ORDINARY;
    const summary = await imported(one({ URN, EstablishmentName, 'LA (name)': 'Wolds & Vale Council', 'EstablishmentStatus (name)': 'Closed' }));
    expect(summary.rejected).toEqual([]);
    expect(await school(900999)).toMatchObject({ la_code: '971', status: 'CLOSED' });
  });

  test('of authorities of one name the one that there is now is meant; one of today need not be known', async () => {
    await db.query(`INSERT INTO local_authority (code, name) VALUES ('835', 'Dorset'), ('838', 'Dorset'), ('928', 'Northamptonshire')`);
    await db.query(`INSERT INTO local_authority_successor (code, successor_code, since) VALUES ('835', '838', now())`);
    const { URN, EstablishmentName } = ORDINARY;
    for (const [name, code] of [['Dorset', '838'], ['Northamptonshire', '928'], ['Camden', '202']] as const) {
      expect((await imported(one({ URN, EstablishmentName, 'LA (name)': name, 'EstablishmentStatus (name)': 'Open' }))).rejected).toEqual([]);
      expect(await school(900999)).toMatchObject({ la_code: code });
    }
    await db.query('DELETE FROM local_authority_successor');
  });

  test('latitude and longitude make a place where there is no grid reference', async () => {
    await imported(fileOfOne({}));
    const { latitude, longitude } = (await school(900999)) as { latitude: number; longitude: number };
    await emptySchools(db);
    await imported(fileOfOne({ Latitude: String(latitude), Longitude: String(longitude) }, ['Easting', 'Northing']));
    const { easting, northing } = (await school(900999)) as { easting: number; northing: number };
    expect(Math.hypot(easting - 476200, northing - 319900)).toBeLessThanOrEqual(1);
  });
});

test('files of groups set trusts, sponsors and federations of schools that are known', async () => {
  await imported(fileOfOne({}));
  const header = ['URN', 'Group UID', 'Group Name', 'Group Type', 'Group Status', 'Closed Date'];
  const rows = [
    ['900999', '9044', 'Example Academies Trust', 'Multi-academy trust', 'Open', ''],
    ['900999', '9045', 'Example Federation', 'Federation', 'Open', ''],
    ['900999', '9046', 'Example Sponsor', 'School sponsor', 'Open', ''],
    ['900999', '9047', 'Gone Trust', 'Multi-academy trust', 'Closed', '01/01/2015'],
    ['900999', '9048', 'Example Centres', "Children's centres group", 'Open', ''],
    ['900998', '9044', 'Example Academies Trust', 'Multi-academy trust', 'Open', ''],
    ['900999', 'UID', 'Broken', 'Multi-academy trust', 'Open', ''],
  ];
  const file = fileOf(csvOf([header, ...rows]));
  const summary = await imported(file);
  expect(summary).toMatchObject({ rows: 7, groups: { changed: 3, leftOut: 3 }, rejected: [{ line: 8 }] });
  expect(await school(900999)).toMatchObject({ trust_id: '9044', federation_id: '9045', sponsor: 'Example Sponsor' });
  expect((await imported(file)).groups).toMatchObject({ changed: 0 });
  const names = fileOf(csvOf([['Group UID', 'Group Name', 'Group Type (code)'], ['9044', 'Renamed Trust', '06'], ['9999', 'Nobody’s Trust', '06']]));
  await imported(names);
  expect(await db.query(`SELECT id, name FROM trust WHERE id LIKE '9%'`)).toEqual([{ id: '9044', name: 'Renamed Trust' }]);
});

describe('a check', () => {
  test('tells what would come of an import, and writes nothing', async () => {
    await imported(whole);
    const before = await contentOf(db);
    const at = (column: string) => table[0]!.indexOf(column);
    const rows = table.slice(1, 4).map((row) => [...row]);
    rows[0]![at('Town')] = 'Otherham';
    rows[1]![at('EstablishmentStatus (name)')] = 'Closed';
    rows[2]![at('URN')] = '900777';
    const file = fileOf(csvOf([table[0]!, ...rows]));
    const openWork = async (_tx: unknown, urns: readonly number[]) => new Map(urns.map((urn) => [urn, 'a request for support']));
    const summary = await importSchools(db, { file, check: true, openWork });
    expect(await contentOf(db)).toEqual(before);
    expect(summary.schools).toMatchObject({ added: 1, changed: 2, closed: 1 });
    expect(formatSummary(summary).split('\n')).toEqual(expect.arrayContaining([
      expect.stringMatching(/^Would be added: .* \(900777\)\.$/),
      expect.stringMatching(/^Would be changed: .*: town\.$/),
      expect.stringMatching(/^Would be closed: .*, where there is a request for support\.$/),
      expect.stringMatching(/open schools known here are not in this file and stay as they are: .*\(900003\)/),
      'This was a check: nothing was written.',
    ]));
    expect((await imported(file)).schools).toEqual(summary.schools);
  });
});

test('of mangled files none stops the import in any other way than by refusing it whole', async () => {
  await imported(whole);
  const few = fileOf(csvOf(table.slice(0, 7)));
  await imported(few);
  const original = await contentOf(db);
  const same = () => db.query('SELECT * FROM school WHERE urn <= 900024 ORDER BY urn');
  const known = await same();
  let [refused, none, many] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(ways.chain((way) => mangled(resaved(table.slice(0, 7), KINDS, way))), async (bytes) => {
      const summary = await imported(bytes).catch((error: unknown) => error);
      if (summary instanceof Error) {
        expect(summary).toBeInstanceOf(OperatorError);
        refused++;
        return;
      }
      const { rows, rejected, schools } = summary as Awaited<ReturnType<typeof imported>>;
      const code = exitCodeFor(rows, rejected.length);
      const went = schools.added + schools.changed + schools.unchanged + schools.repeated + schools.elsewhere;
      expect(went + rejected.length).toBe(rows);
      expect(code).toBe(went === 0 ? 1 : rejected.length > rows / 10 ? 2 : 0);
      if (code === 1) none++;
      if (code === 2) many++;
      await imported(whole);
      expect(await same()).toEqual(known.map((row) => ({ ...(row as object), imported_at: expect.anything() })));
    }),
    { numRuns: runs(6000) },
  );
  expect(Math.min(refused, none, many)).toBeGreaterThan(0);
  await db.query('DELETE FROM school WHERE urn > 900024 OR urn < 900001');
  expect((await contentOf(db))['school']).toEqual(original['school']);
});
