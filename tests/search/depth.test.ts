import fc from 'fast-check';
import { startApp, type TestServer } from '../support/app.js';
import { runs } from '../support/runs.js';
import { aListing, aProvider, clear, prepare, type SchoolFacts, write } from './world.js';

let server: TestServer;

interface Marked {
  text: string;
  marked: boolean;
}
interface Found {
  totalCount: number;
  nodes: { listing: { id: string }; title: Marked[]; excerpt: Marked[]; why: string[]; distanceKm: number | null; ring: string | null }[];
  facets: { group: string; values: { value: string; label: string; count: number }[] }[];
  looser: { without: string; also: string[]; word: string | null; label: string; count: number }[];
  awaiting: number;
}

const SEARCH = `query ($input: SearchInput) {
  search(input: $input) {
    totalCount looser { without also word label count } awaiting facets { group values { value label count } }
    nodes { listing { id } title { text marked } excerpt { text marked } why distanceKm ring }
  }
}`;
const ask = (input: object) => server.graphql<{ search: Found }>(SEARCH, { input });
const search = async (input: object) => {
  const { data, errors } = await ask(input);
  expect(errors).toBeUndefined();
  return data.search;
};
const refusal = async (input: object) => (await ask(input)).errors?.map(({ message, extensions }) => [extensions.code, message]);
const marked = (pieces: Marked[]) => pieces.map(({ text, marked: is }) => (is ? `[${text}]` : text)).join('');

const school = (urn: number, la: string, easting: number): SchoolFacts => ({ urn, la, status: 'OPEN', easting, northing: 300_000 });
const own = school(100001, '301', 400_000);
const partner = school(100002, '301', 403_000);
const neighbour = school(100003, '301', 408_000);
const far = school(100004, '302', 460_000);
const secondary = school(100005, '301', 402_000);

const of = ({ urn, easting, northing }: SchoolFacts) => aProvider({ name: `School ${urn}`, kind: 'SCHOOL', schoolUrn: urn, base: { easting, northing } });
const listings = {
  own: aListing({ title: 'Ours', provider: of(own) }),
  partner: aListing({ title: 'Partner’s phonics', provider: of(partner), categories: ['TEACHING_AND_LEARNING'] }),
  neighbour: aListing({ title: 'Neighbour’s phonics', provider: of(neighbour), categories: ['TEACHING_AND_LEARNING'] }),
  secondary: aListing({ title: 'Sixth form visits', provider: of(secondary) }),
  far: aListing({ title: 'Far phonics', provider: of(far), laCodes: ['302'], categories: ['EARLY_YEARS'], priceKind: 'PRICED', pricePence: 10_000, capacity: 'FULL' }),
  council: aListing({ title: 'Council service', provider: aProvider({ kind: 'COUNCIL_SERVICE', assurance: 'COUNCIL', assuringLa: '301' }), national: true }),
  online: aListing({ title: 'Reading online', summary: 'Every day.', description: 'A long text about other things. Then early reading for reception. And more.', keywords: ['SSP'], national: true }),
};
const nameOf = (id: string) => Object.entries(listings).find(([, listing]) => listing.id === id)?.[0];
const names = async (input: object) => (await search(input)).nodes.map(({ listing }) => nameOf(listing.id));

beforeAll(async () => {
  server = await startApp();
  const { db } = server.app;
  await prepare(db);
  await clear(db);
  await write(db, { las: ['301', '302'], schools: [own, partner, neighbour, far, secondary], listings: Object.values(listings) });
  await db.query(`UPDATE school SET phase = 'SECONDARY' WHERE urn = $1`, [secondary.urn]);
  await db.query(`INSERT INTO partnership VALUES ('11111111-1111-7111-8111-111111111111', 'Family', '301')`);
  await db.query(`INSERT INTO partnership_school SELECT '11111111-1111-7111-8111-111111111111', urn FROM unnest($1::int[]) AS urn`, [[own.urn, partner.urn]]);
});

describe('around a school', () => {
  const near = { schoolUrn: own.urn };

  test('each hit says in which ring it is, and how far', async () => {
    const { nodes, facets } = await search({ near, order: 'DISTANCE' });
    expect(nodes.map(({ listing, ring, distanceKm }) => [nameOf(listing.id), ring, distanceKm])).toEqual(
      [
        ['own', 'OWN_SCHOOL', 0],
        ['secondary', 'LA', 2],
        ['partner', 'PARTNERSHIP', 3],
        ['neighbour', 'LA', 8],
        ['far', 'WIDER', 60],
        ...[['council', 'LA', null] as const, ['online', 'WIDER', null] as const].sort(([a], [b]) => (listings[a].id < listings[b].id ? -1 : 1)),
      ],
    );
    expect(facets.find(({ group }) => group === 'rings')!.values.map(({ value, count }) => [value, count])).toEqual(
      expect.arrayContaining([['OWN_SCHOOL', 1], ['PARTNERSHIP', 1], ['LA', 3], ['WIDER', 2]]),
    );
  });

  test('a ring narrows, and so does a distance', async () => {
    expect(await names({ near, rings: ['PARTNERSHIP', 'OWN_SCHOOL'], order: 'DISTANCE' })).toEqual(['own', 'partner']);
    expect(await names({ near, withinKm: 8, order: 'DISTANCE' })).toEqual(['own', 'secondary', 'partner', 'neighbour']);
    expect(await names({ near, withinKm: 7, order: 'DISTANCE' })).toEqual(['own', 'secondary', 'partner']);
  });

  test('schools of the same phase nearby can be left out', async () => {
    expect((await names({ near, notFromSchoolsWithinKm: 10, order: 'DISTANCE' })).slice(0, 3)).toEqual(['own', 'secondary', 'far']);
    expect((await names({ near, notFromSchoolsWithinKm: 5, order: 'DISTANCE' })).slice(0, 4)).toEqual(['own', 'secondary', 'neighbour', 'far']);
  });

  test('without a place there is neither ring nor distance', async () => {
    const { nodes, facets } = await search({});
    expect(new Set(nodes.map(({ ring, distanceKm }) => [ring, distanceKm].join()))).toEqual(new Set([',']));
    expect(facets.find(({ group }) => group === 'rings')!.values).toEqual([]);
  });

  test.each([
    ['a ring', { rings: ['LA'] }, '`rings` needs `near.schoolUrn`.'],
    ['a distance', { withinKm: 5 }, '`withinKm` needs `near`.'],
    ['the order by distance', { order: 'DISTANCE' }, 'The order DISTANCE needs `near`.'],
    ['leaving schools out', { notFromSchoolsWithinKm: 5 }, '`notFromSchoolsWithinKm` needs `near.schoolUrn`.'],
    ['an unknown school', { near: { schoolUrn: 999 } }, 'There is no school with URN 999.'],
    ['an unknown postcode', { near: { postcode: 'ZZ1 1ZZ' } }, 'We do not know where ZZ1 1ZZ is: no school has a postcode like it.'],
    ['two places', { near: { postcode: 'LE1 1AA', schoolUrn: own.urn } }, '`near` needs one of `schoolUrn` and `postcode`.'],
    ['no place', { near: {} }, '`near` needs one of `schoolUrn` and `postcode`.'],
    ['too far', { near: { schoolUrn: own.urn }, withinKm: 501 }, '`withinKm` must be from 1 to 500.'],
  ])('%s asked for without what it needs is refused', async (_what, input, message) => {
    expect(await refusal(input)).toEqual([['BAD_USER_INPUT', message]]);
  });
});

test('prices and room are groups like others', async () => {
  expect(await names({ priceBands: ['UP_TO_100'] })).toEqual(['far']);
  expect(await names({ hasCapacity: [false] })).toEqual(['far']);
  expect((await search({ hasCapacity: [true] })).totalCount).toBe(6);
});

describe('a hit', () => {
  const hit = async (name: keyof typeof listings, input: object) => (await search(input)).nodes.find(({ listing }) => listing.id === listings[name].id)!;

  test('marks what was searched for, also what it stands for', async () => {
    expect(marked((await hit('partner', { words: 'phonic' })).title)).toBe('Partner’s [phonics]');
    expect(marked((await hit('partner', { words: 'partners phonixs' })).title)).toBe('[Partner’s] [phonics]');
    const { title, excerpt } = await hit('online', { words: 'phonics' });
    expect([marked(title), marked(excerpt)]).toEqual(['[Reading] online', '… Then [early] [reading] for reception. And more.']);
  });

  test('marks initials, whether they have points or not', async () => {
    const initials = aListing({ title: 'P.E. for a SEND co-ordinator', description: 'Not I.T.' });
    await write(server.app.db, { listings: [initials] });
    const { title } = (await search({ words: 'PE coordinators' })).nodes.find(({ listing }) => listing.id === initials.id)!;
    expect(marked(title)).toBe('[P.E]. for a SEND [co-ordinator]');
    await write(server.app.db, { listings: [{ ...initials, state: 'DRAFT' }] });
  });

  test('shows its summary where that has the words, or nothing was searched for', async () => {
    expect(marked((await hit('online', { words: 'every' })).excerpt)).toBe('[Every] day.');
    expect(marked((await hit('online', {})).excerpt)).toBe('Every day.');
  });

  test('says why it was found', async () => {
    expect((await hit('partner', { words: 'phonics', near: { schoolUrn: own.urn } })).why).toEqual(['Its title has “phonics”.', 'It comes from your partnership.']);
    expect((await hit('online', { words: 'ssp', laCodes: ['301'] })).why).toEqual(['Its title has “reading”.', 'Its keywords have “ssp”.', 'It works throughout England.']);
    expect((await hit('far', { laCodes: ['302'] })).why).toEqual(['It covers Shire 302.']);
    expect((await hit('far', {})).why).toEqual([]);
  });

  test('names schools nearby that recommend it', async () => {
    const { world } = server;
    const { listing, recommenders } = await world.listed();
    const [first, second] = recommenders.map(({ urn }) => urn);
    await server.app.db.query(`INSERT INTO partnership_school SELECT '11111111-1111-7111-8111-111111111111', $1`, [first]);
    const { nodes } = await search({ near: { schoolUrn: own.urn } });
    const { why } = nodes.find((each) => each.listing.id === listing)!;
    expect(why).toContain('One school in your partnership recommends it.');
    expect(second).not.toBe(first);
  });
});

describe('where little is found', () => {
  test('it says what to give up, with what that would find', async () => {
    const { totalCount, looser } = await search({ words: 'phonics far', categories: ['TEACHING_AND_LEARNING'], near: { schoolUrn: own.urn }, withinKm: 5 });
    expect(totalCount).toBe(0);
    expect(looser).toEqual([{ without: 'words', also: [], word: 'far', label: 'Without “far”', count: 1 }]);
    expect((await search({ words: 'phonics', categories: ['EARLY_YEARS'], hasCapacity: [true] })).looser).toEqual([
      { without: 'categories', also: [], word: null, label: 'Look in every category', count: 3 },
      { without: 'hasCapacity', also: [], word: null, label: 'Also those that are full at present', count: 1 },
    ]);
  });

  test('whatever is asked for, it says something that helps, and following it finds as many as it says', async () => {
    const { totalCount: all } = await search({});
    const some = <T>(...values: T[]) => fc.option(fc.subarray(values, { minLength: 1, maxLength: 1 }), { nil: undefined });
    const inputs = fc
      .record({
        words: fc.constantFrom(undefined, 'phonics', 'reading zzzz', 'zzzz', 'sixth far reading'),
        categories: some('GOVERNANCE', 'EARLY_YEARS', 'TEACHING_AND_LEARNING'),
        phases: some('SECONDARY'),
        free: some(true),
        hasCapacity: some(true, false),
        laCodes: some('301', '999'),
        near: fc.constant({ schoolUrn: own.urn }),
        withinKm: fc.constantFrom(undefined, 2),
        notFromSchoolsWithinKm: fc.constantFrom(undefined, 20),
      })
      .map((input) => Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as Record<string, unknown>);
    let helped = 0;
    await fc.assert(
      fc.asyncProperty(inputs, async (input) => {
        const { totalCount, looser } = await search(input);
        if (totalCount >= 5) return expect(looser).toEqual([]);
        expect([input, looser.length > 0]).toEqual([input, totalCount < all]);
        for (const { without, also, word, count } of looser) {
          const given = Object.fromEntries(Object.entries(input).filter(([field]) => ![without, ...also].includes(field)));
          const words = word === null ? {} : { words: String(input['words']).replace(word, '') };
          expect([input, without, also, (await search({ ...given, ...words })).totalCount]).toEqual([input, without, also, count]);
          expect(count).toBeGreaterThan(totalCount);
          if (also.length > 0) helped++;
        }
      }),
      { numRuns: runs(300) },
    );
    expect(helped).toBeGreaterThan(0);
  });

  test('and how many providers wait for recommendations', async () => {
    const waiting = aListing({ provider: aProvider({ state: 'AWAITING_RECOMMENDATIONS' }), categories: ['GOVERNANCE'], laCodes: ['302'] });
    await write(server.app.db, { listings: [waiting] });
    expect((await search({ categories: ['GOVERNANCE'] })).awaiting).toBe(1);
    expect((await search({ categories: ['GOVERNANCE'], laCodes: ['302'] })).awaiting).toBe(1);
    expect((await search({ categories: ['GOVERNANCE'], laCodes: ['301'] })).awaiting).toBe(0);
    expect((await search({ phases: ['PRIMARY'] })).awaiting).toBe(0);
  });

  test('nothing is said where there is enough', async () => {
    expect((await search({})).looser).toEqual([]);
  });
});

describe('suggestions', () => {
  const suggest = async (prefix: string) =>
    (await server.graphql<{ suggestListings: { kind: string; text: string; value: string | null }[] }>('query ($prefix: String!) { suggestListings(prefix: $prefix) { kind text value } }', { prefix })).data.suggestListings;

  test('are categories, school words, providers and titles that begin so', async () => {
    expect(await suggest('pho')).toEqual([
      { kind: 'WORDS', text: 'phonics', value: null },
      { kind: 'LISTING', text: 'Far phonics', value: null },
      { kind: 'LISTING', text: 'Partner’s phonics', value: null },
      { kind: 'LISTING', text: 'Neighbour’s phonics', value: null },
    ]);
    expect(await suggest('early y')).toEqual(expect.arrayContaining([{ kind: 'CATEGORY', text: 'Early years', value: 'EARLY_YEARS' }]));
    expect(await suggest('school 100002')).toEqual([{ kind: 'PROVIDER', text: 'School 100002', value: listings.partner.provider.id }]);
    expect(await suggest("partner's ph")).toEqual([{ kind: 'LISTING', text: 'Partner’s phonics', value: null }]);
    expect(await suggest("partner's partner's")).toContainEqual({ kind: 'LISTING', text: 'Partner’s phonics', value: null });
  });

  describe('know words however they are written', () => {
    beforeAll(() => write(server.app.db, { listings: ['Counselling and behaviour', 'Design and technology days', 'Every SENCO', 'After year 6', 'Day and time'].map((title) => aListing({ title })) }));

    test.each([
      ['counseling', ['counselling', 'Counselling and behaviour']],
      ['counseling beh', ['Counselling and behaviour']],
      ['behavior', ['Behaviour and attendance', 'Counselling and behaviour']],
      ['D&T', ['design and technology', 'Design and technology days']],
      ['D. and T.', ['design and technology', 'Design and technology days']],
      ['DT', ['design and technology', 'Design and technology days']],
      ['P.E.', ['PE']],
      ['SEND co-ordinator', ['SENCO', 'Every SENCO']],
      ['yr6', ['year 6', 'After year 6']],
      ['Year six', ['year 6', 'After year 6']],
    ])('%s', async (typed, expected) => {
      const found = (await suggest(typed)).map(({ text }) => text);
      expect(found).toEqual(expect.arrayContaining(expected));
      expect(found).not.toContain('Day and time');
    });
  });

  test('are none of what may not be found, and none for nothing', async () => {
    await write(server.app.db, { listings: [aListing({ title: 'Zither', state: 'DRAFT', provider: listings.online.provider }), aListing({ title: 'Zither lessons', provider: aProvider({ state: 'SUSPENDED', name: 'Zither house' }) })] });
    expect(await suggest('zith')).toEqual([]);
    expect(await suggest(' ’ ')).toEqual([]);
    expect(await suggest(`it's "x" & 'y':* | ( \\`)).toEqual([]);
  });
});

describe('evidence from a school like this', () => {
  const evidenceOf = (name: keyof typeof listings, category: string | null, phase: string | null) =>
    server.app.db.query('INSERT INTO listing_evidence (listing_id, category, phase, schools) VALUES ($1, $2, $3, 3)', [listings[name].id, category, phase]);

  test('narrows to listings that have it', async () => {
    await evidenceOf('partner', 'TEACHING_AND_LEARNING', 'PRIMARY');
    await evidenceOf('online', null, null);
    expect(await names({ evidenceFrom: { category: 'TEACHING_AND_LEARNING', phase: 'PRIMARY' } })).toEqual(['partner']);
    expect(await names({ evidenceFrom: {} })).toEqual(['online']);
    const none = await search({ evidenceFrom: { category: 'GOVERNANCE' } });
    expect([none.totalCount, none.looser.map(({ without }) => without)]).toEqual([0, ['evidenceFrom']]);
  });
});

test('a search of a school person that finds nothing is counted, without its words', async () => {
  const urn = await server.world.school();
  const cookie = await server.cookieOf(await server.world.lead(urn));
  await server.graphql(SEARCH, { input: { words: 'zzzqqq', categories: ['GOVERNANCE'] } }, cookie);
  await server.graphql(SEARCH, { input: { words: 'zzzqqq' } });
  const misses = await server.app.db.query('SELECT * FROM search_miss');
  expect(misses).toEqual([expect.objectContaining({ school_urn: urn, category: 'GOVERNANCE' })]);
  expect(JSON.stringify(misses)).not.toContain('zzz');
});
