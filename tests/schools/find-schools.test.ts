import fc from 'fast-check';
import type { Database } from '../../src/platform/database/index.js';
import { findSchools, importSchools, type SchoolSearch } from '../../src/schools/index.js';
import { wordsOf } from '../../src/schools/names.js';
import { freshDatabase } from '../support/database.js';
import { runs } from '../support/runs.js';
import { csvOf, fileOf, fixture, statementsOf } from './support.js';

interface Stored {
  urn: number;
  name: string;
  status: string;
  la_code: string;
  search_text: string;
  easting: number | null;
  northing: number | null;
}

let db: Database;
let stored: Stored[];
beforeAll(async () => {
  ({ db } = await freshDatabase());
  await importSchools(db, { file: fixture('schools.csv') });
  stored = await db.query<Stored>('SELECT urn, name, status, la_code, search_text, easting, northing FROM school');
});

const found = async (search: SchoolSearch) => (await findSchools(db, { first: 100, ...search })).nodes;
const names = async (text: string) => (await found({ text })).map(({ name }) => name);

describe('by name as people type them', () => {
  test.each([
    ['st marys', ["St. Mary's Catholic Primary School", "St Mary's CofE Primary School"]],
    ['Saint Mary', ["St. Mary's Catholic Primary School", "St Mary's CofE Primary School"]],
    ['st marys rc', ["St. Mary's Catholic Primary School"]],
    ['church of england st marys', ["St Mary's CofE Primary School"]],
    ['coe primary melsham', ['Asfordon Hill CEVC Primary School', "St Mary's CofE Primary School"]],
    ['melsham inf', ['Melsham Infant School']],
    ['melsham jnr', ['Melsham Junior School']],
    ['all saints', ["All Saints' Church of England (VC) Primary School"]],
    ['st peter and st paul catholic', ['Sts Peter & Paul RC Primary School']],
    ['burton on the wolds', ["All Saints' Church of England (VC) Primary School", 'Sts Peter & Paul RC Primary School']],
    ['burton-on-the-wolds rc', ['Sts Peter & Paul RC Primary School']],
    ['king edward', ['King Edward VI High School']],
    ['wolds pru', ['The Wolds Pupil Referral Unit']],
    ['barton utc', ['Barton University Technical College']],
    ['6th form college', ['Barton Sixth Form College']],
    ['obrien', ["O'Brien Primary Academy"]],
    ["o'brien school", ["O'Brien Primary Academy"]],
    ['ZZ13 0UL', ["St Mary's CofE Primary School"]],
    ['zz130ul', ["St Mary's CofE Primary School"]],
    ['thorpe end', ['Holly Bank School']],
    ['industrial estate', ['Barton Fields Primary School']],
    ['holly bank scho', ['Holly Bank School']],
  ])('%j', async (text, expected) => expect(await names(text)).toEqual(expected));

  test.each([
    ['st joesphs', "St Joseph's Catholic Primary School"],
    ['holy trinty', 'Holy Trinity School'],
    ['assfordon hill', 'Asfordon Hill CEVC Primary School'],
    ['king edwrd melsam', 'King Edward VI High School'],
    ['stapleham preparitory', 'Stapleham Preparatory School'],
    ['hloly bank', 'Holly Bank School'],
  ])('%j is understood', async (text, expected) => expect((await names(text))[0]).toBe(expected));

  test('a school that has every s as typed comes before one that has the word without it', async () => {
    const head = ['URN', 'LA (code)', 'LA (name)', 'EstablishmentName', 'EstablishmentStatus (name)', 'Town'];
    const school = (urn: number, name: string, town = 'Ludbury') => [String(urn), '979', 'Ludshire', name, 'Open', town];
    const { db: own } = await freshDatabase();
    const rows = [school(900_101, 'St Mary Abbots CofE Primary School'), school(900_102, "Saint Mary's Infant School"), school(900_103, 'St. Mary’s Junior School'), school(900_104, 'Chapel School', 'St Marys')];
    await importSchools(own, { file: fileOf(csvOf([head, ...rows])) });
    const order = async (text: string) => (await findSchools(own, { text })).nodes.map(({ urn }) => urn);
    for (const text of ['st marys', "St Mary's", 'saint mary’s']) expect([text, await order(text)]).toEqual([text, [900_102, 900_103, 900_104, 900_101]]);
    expect(await order('st mary')).toEqual([900_101, 900_102, 900_103, 900_104]); // nothing tells them apart
    expect(await order("abbot's")).toEqual([900_101]);
  });

  test('a slip is looked for only where nobody has the words as they are', async () => {
    expect(await names('melsham')).not.toContain('Barton Fields Primary School');
    expect(await names('zzzzzz')).toEqual([]);
    expect(await names('melsham zzzzzz')).toEqual([]);
  });

  test('the very name comes first, then names that begin so, then words in the name before words in the town', async () => {
    expect((await names('melsham junior'))[0]).toBe('Melsham Junior School');
    expect((await names('melsham')).slice(0, 2)).toEqual(['Melsham Infant School', 'Melsham Junior School']);
    expect((await names('barton')).slice(0, 4).every((name) => name.startsWith('Barton'))).toBe(true);
    expect((await names('primary')).indexOf('Holly Bank School')).toBeGreaterThan((await names('primary')).indexOf("O'Brien Primary Academy"));
  });

  test('no words, or only words that say nothing, is everything that is open, by name', async () => {
    const open = stored.filter(({ status }) => status === 'OPEN');
    expect((await names('')).sort()).toEqual(open.map(({ name }) => name).sort());
    expect(await names('the school')).toHaveLength(open.length);
  });
});

test('every school that has each word, and no other, is found: against a plain search of all', async () => {
  const pieces = [...new Set(stored.flatMap(({ search_text }) => search_text.split(' ').filter((word) => word !== '|')))];
  const piece = fc.tuple(fc.constantFrom(...pieces), fc.integer({ min: 1, max: 12 })).map(([word, length]) => word.slice(0, length));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 3 }), fc.constantFrom('971', '972', null), async (typed, laCode) => {
      const words = wordsOf(typed.join(' '));
      const expected = stored.filter(
        (school) =>
          school.status === 'OPEN' &&
          (laCode === null || school.la_code === laCode) &&
          words.every((word) => school.search_text.split(' ').some((each) => each.startsWith(word))),
      );
      fc.pre(expected.length > 0);
      const page = await findSchools(db, { text: typed.join(' '), laCode, first: 100 });
      expect(new Set(page.nodes.map(({ urn }) => urn))).toEqual(new Set(expected.map(({ urn }) => urn)));
      expect(await (page.totalCount as () => Promise<number>)()).toBe(expected.length);
    }),
    { numRuns: runs(1000) },
  );
});

describe('by URN', () => {
  test.each([{ text: '900023' }, { text: ' URN 900023 ' }, { urn: 900023 }])('%j finds a closed school too', async (search) => {
    expect((await found(search)).map(({ name, status }) => [name, status])).toEqual([["O'Brien Primary School", 'CLOSED']]);
  });

  test('a URN that no school has finds none', async () => expect(await found({ text: '899999' })).toEqual([]));

  test('other searches find closed or proposed schools only when asked to', async () => {
    expect((await found({ text: 'obrien', status: ['OPEN', 'CLOSED'] })).map(({ urn }) => urn)).toEqual([900023, 900016].sort((a, b) => b - a));
    expect((await found({ status: ['PROPOSED_TO_OPEN'] })).map(({ name }) => name)).toEqual(['New Parks Primary School']);
  });
});

describe('near a place', () => {
  test('nearest first, with distances, against a plain computation', async () => {
    const place = fc.record({ easting: fc.integer({ min: 450_000, max: 490_000 }), northing: fc.integer({ min: 300_000, max: 325_000 }) });
    await fc.assert(
      fc.asyncProperty(place, fc.option(fc.double({ min: 0.5, max: 40, noNaN: true })), async (grid, withinKm) => {
        const expected = stored
          .filter(({ status, easting }) => status === 'OPEN' && easting !== null)
          .map(({ urn, easting, northing }) => ({ urn, km: Math.hypot(easting! - grid.easting, northing! - grid.northing) / 1000 }))
          .filter(({ km }) => withinKm === null || km <= withinKm)
          .sort((a, b) => a.km - b.km);
        const schools = await found({ near: { grid }, withinKm });
        expect(schools.map(({ distanceKm }) => distanceKm)).toEqual(expected.map(({ km }) => expect.closeTo(km, 1)));
        expect(new Set(schools.map(({ urn }) => urn))).toEqual(new Set(expected.map(({ urn }) => urn)));
      }),
      { numRuns: runs(1000) },
    );
  });

  test('a school, with itself at no distance', async () => {
    const [first, second] = await found({ near: { urn: 900003 } });
    expect([first!.urn, first!.distanceKm, second!.urn, second!.distanceKm]).toEqual([900003, 0, 900004, 0]);
  });

  test('a postcode: of its schools, else of its sector, else of its district', async () => {
    const nearest = async (postcode: string) => (await found({ near: { postcode }, first: 1 }))[0]!.urn;
    expect(await nearest('zz130ul')).toBe(900001);
    expect(await nearest('ZZ13 2AA')).toBe(900005);
    expect([900011, 900012]).toContain(await nearest('ZZ12 9AA'));
    expect(await nearest('ZZ5')).toBe(900015);
  });

  test('together with words and an authority', async () => {
    const schools = await found({ near: { urn: 900015 }, text: 'catholic primary', laCode: '971' });
    expect(schools.map(({ urn }) => urn)).toEqual([900012, 900002]);
  });

  test('without a place there is no distance', async () => {
    expect((await found({ text: 'melsham' })).map(({ distanceKm }) => distanceKm).filter((km) => km !== null)).toEqual([]);
  });

  test.each([
    [{ near: { postcode: 'QQ1 1QQ' } }, /do not know where QQ1 1QQ is/],
    [{ near: { postcode: "' OR 1=1" } }, /do not know where/],
    [{ near: { urn: 900024 } }, /do not know where a school with URN 900024 is/],
    [{ near: {} }, /needs one of/],
    [{ near: { urn: 900001, postcode: 'ZZ13 0UL' } }, /needs one of/],
    [{ withinKm: 5 }, /needs a place/],
    [{ near: { urn: 900001 }, withinKm: 0 }, /more than 0/],
    [{ first: 0 }, /from 1 to 100/],
    [{ first: 101 }, /from 1 to 100/],
    [{ after: 'nonsense' }, /not a cursor/],
    [{ after: Buffer.from('[0,-1]').toString('base64url') }, /not a cursor/],
    [{ after: Buffer.from('[0,1e300]').toString('base64url') }, /not a cursor/],
  ] as [SchoolSearch, RegExp][])('%j is refused', async (search, message) => {
    const refusal = { message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } };
    await expect(findSchools(db, search)).rejects.toMatchObject(refusal);
  });
});

const searches: SchoolSearch[] = [{ text: 'primary' }, { text: 'primry melsam' }, { near: { urn: 900001 } }, {}];
test.each(searches)('pages of %j make up the whole', async (search) => {
  const whole = await found(search);
  expect(whole.length).toBeGreaterThan(4);
  const paged: number[] = [];
  for (let after: string | null = null; ; ) {
    const page = await findSchools(db, { ...search, first: 3, after });
    paged.push(...page.nodes.map(({ urn }) => urn));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(paged).toEqual(whole.map(({ urn }) => urn));
});

test('a page is one statement, a slip of the pen costs two more, a count one', async () => {
  const sent = async (search: SchoolSearch) => (await statementsOf(db, () => findSchools(db, search))).length;
  expect([await sent({ text: 'melsham', first: 1 }), await sent({ text: 'melsham', first: 100 })]).toEqual([1, 1]);
  expect(await sent({ text: 'melsam' })).toBe(3);
  expect(await sent({ near: { postcode: 'ZZ13' } })).toBe(2);
});

test('what people type never breaks the search', async () => {
  const anything = fc.string({ unit: 'binary', maxLength: 30 });
  const operators = fc.string({ unit: fc.constantFrom(...`'"&|!:*()\\%_ a`), maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.oneof(anything, operators), async (text) => {
      expect((await findSchools(db, { text })).nodes.length).toBeLessThanOrEqual(20);
    }),
    { numRuns: runs(2000) },
  );
});
