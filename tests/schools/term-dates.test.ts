import fc from 'fast-check';
import { londonDay } from '../../src/platform/clock.js';
import { OperatorError } from '../../src/platform/config.js';
import { deadlineIn, importTermDates } from '../../src/schools/index.js';
import { afterSchoolDays, type TermDays } from '../../src/schools/term-dates/school-days.js';
import { startApp, type TestServer } from '../support/app.js';
import { mangled } from '../support/mangled.js';
import { resaved, ways } from '../support/resaved.js';
import { runs } from '../support/runs.js';
import { csvOf, fileOf } from './support.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
  await server.world.la('990', 'Fernshire');
  await server.world.la('991', 'Mossborough');
});

const terms = (schoolYear: number) => [
  { name: 'Autumn term', startsOn: `${schoolYear}-08-27`, endsOn: `${schoolYear}-12-18` },
  { name: 'Spring term', startsOn: `${schoolYear + 1}-01-05`, endsOn: `${schoolYear + 1}-03-26` },
  { name: 'Summer term', startsOn: `${schoolYear + 1}-04-13`, endsOn: `${schoolYear + 1}-07-16` },
];
const days = (schoolYear: number): TermDays[] => terms(schoolYear).map((term) => ({ ...term, schoolYear }));

const plus = (day: string, count: number) => new Date(Date.parse(day) + count * 86_400_000).toISOString().slice(0, 10);
const london = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', timeStyle: 'medium' });
const clockInLondon = (at: Date) => london.format(at);

/** The day on which a count of days is up, found by looking at one day after the other. */
function dayByDay(known: readonly TermDays[], from: string, count: number): string {
  let day = from;
  for (let left = count; left > 0; ) {
    day = plus(day, 1);
    const year = Number(day.slice(0, 4)) - (Number(day.slice(5, 7)) >= 9 ? 0 : 1);
    const isTerm = known.some((term) => term.startsOn <= day && day <= term.endsOn);
    if (isTerm || !known.some((term) => term.schoolYear === year)) left--;
  }
  return day;
}

describe('days that do not count in school holidays', () => {
  /** Terms of some school years: a walk from the end of August, of terms and times between them. */
  const calendar = fc
    .array(fc.record({ schoolYear: fc.integer({ min: 2024, max: 2029 }), lengths: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 6, maxLength: 12 }) }), { maxLength: 4 })
    .map((years) =>
      [...new Map(years.map((each) => [each.schoolYear, each])).values()].flatMap(({ schoolYear, lengths }) => {
        const found: TermDays[] = [];
        let next = `${schoolYear}-08-20`;
        for (let i = 0; i + 1 < lengths.length; i += 2) {
          const startsOn = plus(next, lengths[i]!);
          const endsOn = plus(startsOn, lengths[i + 1]!);
          if (endsOn > `${schoolYear + 1}-08-19`) break;
          found.push({ schoolYear, startsOn, endsOn });
          next = plus(endsOn, 1);
        }
        return found;
      }),
    );
  const moment = fc.date({ min: new Date('2024-06-01'), max: new Date('2030-01-01'), noInvalidDate: true });

  test('are passed over as by somebody who crosses off one day after the other', () => {
    fc.assert(
      fc.property(calendar, moment, fc.integer({ min: 1, max: 90 }), (known, from, count) => {
        const after = afterSchoolDays(known, from, count);
        expect(londonDay(after)).toBe(dayByDay(known, londonDay(from), count));
        // There is no 01:30 on the day on which the clocks go forward.
        if (!clockInLondon(from).startsWith('01')) expect(clockInLondon(after)).toBe(clockInLondon(from));
      }),
      { numRuns: runs(10_000) },
    );
  });

  test.each([
    ['in term', '2026-09-07T09:00:00Z', 30, '2026-10-07T09:00:00.000Z'],
    ['over the end of summer time, at the same time of day', '2026-10-10T09:00:00Z', 30, '2026-11-09T10:00:00.000Z'],
    ['over Christmas', '2026-12-11T10:00:00Z', 30, '2027-01-27T10:00:00.000Z'],
    ['from within a holiday', '2026-12-25T10:00:00Z', 2, '2027-01-06T10:00:00.000Z'],
    ['over the summer into a year whose terms begin in August', '2027-07-15T09:00:00Z', 3, '2027-08-28T09:00:00.000Z'],
    ['into a year whose terms nobody knows, where every day counts', '2028-07-15T09:00:00Z', 3, '2028-09-02T09:00:00.000Z'],
    ['before the first year that is known', '2025-08-01T09:00:00Z', 30, '2025-08-31T09:00:00.000Z'],
  ])('%s', (_when, from, count, after) => {
    expect(afterSchoolDays([...days(2026), ...days(2027)], new Date(from), count).toISOString()).toBe(after);
  });
});

describe('term dates', () => {
  const SET = `mutation ($la: String!, $year: Int!, $terms: [TermInput!]!) { setTermDates(laCode: $la, schoolYear: $year, terms: $terms) {
    __typename ... on SchoolYear { year localAuthority { code } terms { name startsOn endsOn } } ... on Problem { code message } } }`;
  const set = async (cookie: string | null, la: string, year: number, given: object[]) => {
    const { data, errors } = await server.graphql<{ setTermDates: { code?: string; terms?: object[] } }>(SET, { la, year, terms: given }, cookie);
    return errors ? { code: errors[0]!.extensions.code } : data.setTermDates;
  };
  const read = async (la: string) =>
    (await server.graphql<{ termDates: { year: number; terms: { startsOn: string }[] }[] }>(`{ termDates(laCode: "${la}") { year terms { startsOn } } }`)).data.termDates;
  const cookieOfOfficer = async (la: string) => server.cookieOf(await server.world.officer(la));

  test('are set by an officer of the local authority, a school year at a time, and read by anyone', async () => {
    const officer = await cookieOfOfficer('990');
    expect(await set(officer, '990', 2026, [...terms(2026)].reverse())).toMatchObject({ year: 2026, localAuthority: { code: '990' }, terms: terms(2026) });
    expect(await set(officer, '990', 2027, terms(2027))).toMatchObject({ year: 2027 });
    const moved = terms(2026).map((term, i) => (i === 1 ? { ...term, startsOn: '2027-01-06' } : term));
    await set(officer, '990', 2026, moved);
    expect((await read('990')).map(({ year, terms: found }) => [year, found.map((term) => term.startsOn)])).toEqual([
      [2027, terms(2027).map((term) => term.startsOn)],
      [2026, moved.map((term) => term.startsOn)],
    ]);
    expect(await read('991')).toEqual([]);
  });

  test('are refused to everybody else', async () => {
    expect(await set(await cookieOfOfficer('991'), '990', 2026, terms(2026))).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await set(await server.cookieOf(await server.world.person('SYSTEM_ADMIN')), '990', 2026, terms(2026))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await set(null, '990', 2026, terms(2026))).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await set(await cookieOfOfficer('990'), '999', 2026, terms(2026))).toMatchObject({ code: 'NOT_FOUND' });
  });

  test.each([
    ['fewer than three terms', terms(2030).slice(1), /3 to 8 terms/],
    ['a term that ends before it starts', [...terms(2030).slice(1), { name: 'Autumn term', startsOn: '2030-09-02', endsOn: '2030-09-01' }], /ends before it starts/],
    ['terms that overlap', terms(2030).map((term, i) => (i === 1 ? { ...term, startsOn: '2030-12-18' } : term)), /starts before the one before it ends/],
    ['terms of another year', terms(2029), /1 August 2030 and 31 August 2031/],
    ['a term without a name', terms(2030).map((term) => ({ ...term, name: ' ' })), /Enter the name of the term/],
  ])('are refused for %s', async (_what, given, message) => {
    expect(await set(await cookieOfOfficer('990'), '990', 2030, given)).toMatchObject({ code: 'VALIDATION', message: expect.stringMatching(message) });
  });

  test('of one school year cannot overlap with those of the next', async () => {
    const officer = await cookieOfOfficer('991');
    await set(officer, '991', 2040, terms(2040));
    const long = terms(2039).map((term, i) => (i === 2 ? { ...term, endsOn: '2040-08-28' } : term));
    expect(await set(officer, '991', 2039, long)).toMatchObject({ code: 'VALIDATION', message: expect.stringContaining('overlaps') });
    expect((await read('991')).map((each) => each.year)).toEqual([2040]);
  });

  test('stop the clock of the schools of that local authority only', async () => {
    await set(await cookieOfOfficer('990'), '990', 2026, terms(2026));
    const after = async (la: string) => (await deadlineIn(server.app.db, la, new Date('2026-12-11T10:00:00Z'), 30)).toISOString();
    expect([await after('990'), await after('992')]).toEqual(['2027-01-28T00:00:00.000Z', '2027-01-12T00:00:00.000Z']);
  });

  test('stop the clock of an invitation to recommend a provider', async () => {
    const { world, clock, app } = server;
    await set(await cookieOfOfficer('990'), '990', 2026, terms(2026));
    const provider = await world.checked({ la: '993' });
    clock.advance({ days: (Date.parse('2026-12-11T09:00:00Z') - clock.now().getTime()) / 86_400_000 });
    const invite = async (la: string) => app.directory.recommendations.invite(provider.admin, { providerId: provider.id, schoolUrn: await world.school({ la }) });
    const ids = [await invite('990'), await invite('993')];
    const expired = async () => {
      await app.directory.recommendations.passTime();
      const rows = await app.db.query<{ id: string }>(`SELECT id FROM recommendation WHERE state = 'EXPIRED' AND id = ANY($1)`, [ids]);
      return rows.map((row) => row.id);
    };
    clock.advance({ days: 31 });
    expect(await expired()).toEqual([]); // the thirtieth day is a Sunday
    clock.advance({ days: 1 });
    expect(await expired()).toEqual([ids[1]]);
    clock.advance({ days: 15 });
    expect(await expired()).toEqual([ids[1]]);
    clock.advance({ days: 1 });
    expect((await expired()).sort()).toEqual([...ids].sort());
  });
});

describe('a file of term dates', () => {
  const imported = async (lines: string[][]) => (await importTermDates(server.app.db, fileOf(csvOf(lines)))).text;
  const rows = (la: string, year: number) => terms(year).map(({ startsOn, endsOn }) => [la, startsOn, endsOn]);
  const known = () => server.app.db.query<{ la: string; name: string; startsOn: string }>(
    `SELECT la_code AS la, name, starts_on AS "startsOn" FROM term_date WHERE school_year = 2050 ORDER BY la_code, starts_on`,
  );
  const HEAD = ['LA', 'Start', 'End'];

  test('sets whole school years, of authorities by code or name, with dates as people write them', async () => {
    const british = terms(2050).map(({ startsOn, endsOn }) => ['Mossborough Council', ...[startsOn, endsOn].map((day) => day.split('-').reverse().join('/'))]);
    expect(await imported([HEAD, ...rows('990', 2050), ...british])).toMatch(/: the terms of 2 school years in 2 local authorities are set\.$/);
    const first = await known();
    expect(first.map(({ la, name, startsOn }) => [la, name, startsOn])).toEqual(['990', '991'].flatMap((la) => terms(2050).map((term) => [la, term.name, term.startsOn])));
    await imported([HEAD, ...rows('990', 2050), ...british]);
    expect(await known()).toEqual(first);
  });

  test.each([
    ['no column for the end', [['la', 'start'], ['990', '2050-09-01']], /has no column end\./],
    ['no rows', [HEAD], /has no rows\. Nothing was imported\.$/],
    ['an authority that there is not', [HEAD, ...rows('990', 2050), ['Nowhere', '2050-09-01', '2050-12-18']], /, line 5: no local authority is called “Nowhere”\. Nothing was imported\.$/],
    ['a date that there is not', [HEAD, ['990', '30/02/2051', '2051-03-01']], /, line 2: “30\/02\/2051” is not a date\./],
    ['a year of which a term is missing', [HEAD, ...rows('990', 2050).slice(1)], /line 2, the local authority 990: A school year has 3 to 8 terms/],
  ])('with %s is not imported at all', async (_what, lines, message) => {
    const before = await known();
    await expect(imported(lines)).rejects.toThrow(message);
    expect(await known()).toEqual(before);
  });

  test('that was saved again in any way sets the same', async () => {
    const table = [['LA', 'Start', 'End', 'Name'], ...terms(2050).map(({ startsOn, endsOn, name }) => ['990', startsOn, endsOn, name])];
    await imported(table);
    const first = await known();
    await fc.assert(
      fc.asyncProperty(ways, async (way) => {
        const { text: said } = await importTermDates(server.app.db, fileOf(resaved(table, { numbers: ['LA'], days: ['Start', 'End'] }, way)));
        expect(said).toMatch(/^extract\.csv: the terms of 1 school year in 1 local authority are set\.$/);
        expect(await known()).toEqual(first);
      }),
      { numRuns: runs(300) },
    );
  });

  test.each([
    [['Local authority', 'Term', 'Start date', 'End date']], [['Council', 'Half term', 'First day', 'Last day']], [['LA (code)', 'Name', 'From', 'To']], [['LA name', 'Term name', 'Starts on', 'Ends on']],
  ])('has the headings that councils give it: %j', async (heading) => {
    await imported([heading, ...terms(2050).map(({ startsOn, endsOn, name }) => ['990', name, startsOn, endsOn])]);
    expect((await known()).filter(({ la }) => la === '990').map(({ startsOn }) => startsOn)).toEqual(terms(2050).map(({ startsOn }) => startsOn));
  });

  test('is checked without anything written', async () => {
    const { db } = server.app;
    await imported([HEAD, ...rows('990', 2050)]);
    const before = await known();
    const later = rows('990', 2050).map(([la, start, end], i) => (i === 2 ? [la!, start!, start!] : [la!, start!, end!]));
    const { text: said } = await importTermDates(db, fileOf(csvOf([HEAD, ...later, ...rows('990', 2051)])), { check: true });
    expect(said.split('\n').slice(0, 2)).toEqual(['Local authority 990: the 3 terms of 2050/51 would be changed.', 'Local authority 990: the 3 terms of 2051/52 would be added.']);
    expect(said).toMatch(/would be set\. This was a check: nothing was written\.$/);
    expect(await known()).toEqual(before);
    expect(await db.query('SELECT FROM term_date WHERE school_year = 2051')).toEqual([]);
  });

  test('is set whole or not at all, however it is mangled', async () => {
    const table = [HEAD, ...rows('990', 2050), ...rows('991', 2050)];
    await fc.assert(
      fc.asyncProperty(ways.chain((way) => mangled(resaved(table, { numbers: ['LA'], days: ['Start', 'End'] }, way))), async (bytes) => {
        await imported([HEAD, ...rows('990', 2050), ...rows('991', 2050)]);
        const before = await server.app.db.query('SELECT * FROM term_date ORDER BY la_code, starts_on');
        const done = await importTermDates(server.app.db, fileOf(bytes)).catch((error: unknown) => error);
        if (!(done instanceof Error)) return;
        expect(done).toBeInstanceOf(OperatorError);
        expect(await server.app.db.query('SELECT * FROM term_date ORDER BY la_code, starts_on')).toEqual(before);
      }),
      { numRuns: runs(2000) },
    );
  });
});
