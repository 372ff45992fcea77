import fc from 'fast-check';
import type { Clock } from '../../src/platform/clock.js';
import type { Database } from '../../src/platform/database/index.js';
import { noFacets, rebuildDocuments, refreshDocuments, type SearchAnswer, type SearchEngine, type SearchQuery } from '../../src/search/index.js';
import { freshDatabase } from '../support/database.js';
import { runs } from '../support/runs.js';
import { facts as anyFacts, query as anyQuery } from './arbitraries.js';
import { expected, metresFrom } from './oracle.js';
import { aListing, aProvider, clear, type Facts, type ListingFacts, prepare, write } from './world.js';

export interface EngineUnderTest {
  engine: SearchEngine;
  /** Waits until it finds what has been committed. What is hidden must not wait for this. */
  settle(): Promise<void>;
}

const QUERIES_PER_WORLD = 50;

/** What every engine has to do. */
export function searchContract(name: string, start: (db: Database, clock: Clock, url: string) => Promise<EngineUnderTest>): void {
  describe(name, () => {
    let db: Database;
    let engine: SearchEngine;
    let settle: () => Promise<void>;

    const search = (query: Partial<SearchQuery>): Promise<SearchAnswer> => engine.search({ offset: 0, limit: 100, ...query });
    const idsOf = (answer: SearchAnswer) => answer.hits.map(({ listingId }) => listingId);
    const countsOf = (answer: SearchAnswer) =>
      Object.fromEntries(Object.entries(answer.facets).map(([group, values]) => [group, Object.fromEntries(values.map(({ value, count }) => [value, count]))]));
    const has = async (facts: Partial<Facts>) => {
      await clear(db);
      await write(db, facts);
      await settle();
    };
    /** The titles found by the words. */
    const titles = async (words: string, listings: ListingFacts[]) => {
      const found = idsOf(await search({ words }));
      return found.map((id) => listings.find((listing) => listing.id === id)!.title);
    };

    beforeAll(async () => {
      const fresh = await freshDatabase();
      db = fresh.db;
      await prepare(db);
      ({ engine, settle } = await start(db, fresh.clock, fresh.url));
    });

    describe('facets and filters', () => {
      test('agree with a naive reading of the directory', async () => {
        const seen = { hits: 0, chosen: 0 };
        await fc.assert(
          fc.asyncProperty(anyFacts, fc.array(anyQuery, { minLength: QUERIES_PER_WORLD, maxLength: QUERIES_PER_WORLD }), async (facts, queries) => {
            await has(facts);
            for (const [n, plain] of queries.entries()) {
              const query = n % 3 === 0 && facts.listings[0] ? { ...plain, withheld: [facts.listings[0].id] } : plain;
              const { newest, counts } = expected(facts, query);
              const answer = await search({ ...query, order: 'NEWEST' });
              expect({ query, hits: idsOf(answer), total: answer.total, counts: countsOf(answer) }).toEqual({ query, hits: newest, total: newest.length, counts });
              const byRelevance = await search({ ...query, order: 'RELEVANCE' });
              expect(idsOf(byRelevance).sort()).toEqual([...newest].sort());
              const from = query.from ?? { easting: 430_000, northing: 330_000 };
              const byDistance = (await search({ ...query, from, order: 'DISTANCE' })).hits.map(({ listingId }) => metresFrom(facts.listings.find(({ id }) => id === listingId)!, from));
              expect(byDistance).toHaveLength(newest.length);
              for (const [i, metres] of byDistance.entries()) expect(metres).toBeGreaterThanOrEqual((byDistance[i - 1] ?? 0) - 25);
              seen.hits += Math.min(1, newest.length);
              seen.chosen += Object.values(query).some((chosen) => Array.isArray(chosen) && chosen.length > 0) ? 1 : 0;
            }
          }),
          { numRuns: runs(20) },
        );
        expect(Math.min(seen.hits, seen.chosen)).toBeGreaterThan(runs(20) * QUERIES_PER_WORLD * 0.25);
      });

      test('go together with words', async () => {
        const phonics = aListing({ title: 'Phonics', categories: ['EARLY_YEARS'], laCodes: ['301'] });
        const forAll = aListing({ title: 'Phonics everywhere', categories: ['TEACHING_AND_LEARNING'], national: true });
        const other = aListing({ title: 'Governance', categories: ['EARLY_YEARS'], laCodes: ['301'] });
        await has({ las: ['301', '302'], listings: [phonics, forAll, other] });
        const answer = await search({ words: 'phonics', categories: ['EARLY_YEARS'], laCodes: ['301'] });
        expect(idsOf(answer)).toEqual([phonics.id]);
        expect(answer.total).toBe(1);
        expect(countsOf(answer)).toMatchObject({
          categories: { EARLY_YEARS: 1, TEACHING_AND_LEARNING: 1 },
          laCodes: { 301: 1 },
          kinds: { COMPANY: 1 },
          free: { false: 1 },
        });
      });

      test('hold only what is allowed, where that is said', async () => {
        const [one, other, third] = [aListing({ title: 'Phonics', categories: ['EARLY_YEARS'] }), aListing({ title: 'Phonics' }), aListing({ title: 'Phonics' })];
        await has({ listings: [one, other, third] });
        for (const words of ['', 'phonics']) {
          const answer = await search({ words, among: [one.id, third.id] });
          expect([idsOf(answer).sort(), answer.total, countsOf(answer)['categories']]).toEqual([[one.id, third.id].sort(), 2, { EARLY_YEARS: 1 }]);
          expect((await search({ words, among: [] })).total).toBe(0);
        }
      });

      test('come empty where nobody asks for them, with the same total', async () => {
        await fc.assert(
          fc.asyncProperty(anyFacts, fc.array(anyQuery, { minLength: 5, maxLength: 5 }), async (facts, queries) => {
            await has(facts);
            for (const query of queries) {
              const { total, hits } = await search(query);
              expect(await search({ ...query, facets: false })).toMatchObject({ total, hits, facets: noFacets });
            }
          }),
          { numRuns: runs(20) },
        );
      });

      test('list a chosen value also where nothing has it', async () => {
        await has({ las: ['301'], listings: [] });
        const answer = await search({ categories: ['GOVERNANCE'], laCodes: ['999'], free: [true] });
        expect(answer.total).toBe(0);
        expect(countsOf(answer)).toEqual({ categories: { GOVERNANCE: 0 }, ecmOutcomes: {}, phases: {}, kinds: {}, assurances: {}, deliveries: {}, laCodes: { 999: 0 }, free: { true: 0 }, priceBands: {}, hasCapacity: {}, rings: {} });
      });
    });

    describe('pages', () => {
      test.each(['RELEVANCE', 'NEWEST', 'DISTANCE'] as const)('in order of %s hold every hit once, whatever their size', async (order) => {
        const listings = Array.from({ length: 47 }, (_, i) => aListing({ title: `Coaching ${i % 5}`, description: 'for leaders', publishedAt: new Date(Date.UTC(2026, 0, 1 + (i % 9))), provider: aProvider({ base: i % 4 ? { easting: 400_000 + 1000 * (i % 9), northing: 300_000 } : null }) }));
        const from = { easting: 400_000, northing: 290_000 };
        await has({ listings });
        for (const words of ['', 'leaders']) {
          const whole = idsOf(await search({ words, order, from }));
          expect([...whole].sort()).toEqual(listings.map(({ id }) => id).sort());
          const pages = [];
          for (let offset = 0; offset < 50; offset += 7) pages.push(...idsOf(await search({ words, order, from, offset, limit: 7 })));
          expect(pages).toEqual(whole);
        }
      });

      test('past the end are empty, with the same total', async () => {
        await has({ listings: [aListing(), aListing()] });
        const answer = await search({ offset: 20, limit: 20 });
        expect([idsOf(answer), answer.total]).toEqual([[], 2]);
      });
    });

    describe('words', () => {
      const listings = [
        aListing({ title: 'Phonics for reception', summary: 'Systematic synthetic phonics.' }),
        aListing({ title: 'Behaviour review', description: 'Restorative practice across the whole school, with governors.' }),
        aListing({ title: 'Governors’ finance training', categories: ['GOVERNANCE', 'FINANCE_AND_OPERATIONS'] }),
        aListing({ title: 'A day on dyslexia', keywords: ['SpLD', 'KS2', 'specific learning difficulties'], categories: ['SEND_AND_INCLUSION'] }),
        aListing({ title: 'Reading café', provider: aProvider({ name: 'St Mary’s C.E. Primary' }) }),
        aListing({ title: 'Maths mastery', keywords: ['numeracy'] }),
        aListing({ title: 'Children’s mental health: year-6 transition/moving on', description: 'Assessments of need.' }),
      ];
      const all = listings.map(({ title }) => title);

      beforeAll(() => has({ listings }));

      test.each([
        ['a word of the title', 'phonics', [0]],
        ['capitals', 'PHONICS', [0]],
        ['a word of the description', 'restorative', [1]],
        ['a keyword', 'spld', [3]],
        ['a keyword of letters and figures, and the phase it is part of', 'ks2', [3, 4]],
        ['the provider’s name', 'st mary’s', [4]],
        ['without the apostrophe', 'st marys', [4]],
        ['with another apostrophe', "st mary's", [4]],
        ['initials with stops', 'c.e. primary', [4]],
        ['an accent', 'café', [4]],
        ['no accent', 'cafe', [4]],
        ['the label of a category', 'SEND', [3]],
        ['words joined by a hyphen', 'year-6', [6, 3]],
        ['a year of a key stage', 'year 6', [6, 3]],
        ['a key stage in words', 'key stage two', [3, 4]],
        ['in other words', 'mathematics', [5]],
        ['in school words', 'SpLD', [3]],
        ['what letters stand for', 'special educational needs', [3]],
        ['an American spelling', 'behavior review', [1]],
        ['a hyphen where there is none', 'day-on', [3]],
        ['words joined by a stroke', 'moving', [6]],
        ['the beginning of the last word', 'governors fin', [2]],
        ['the beginning of a word that has an ending', 'readin', [4]],
        ['another ending', 'assess need', [6]],
        ['another ending the other way', 'reviews of behaviours', [1]],
        ['words in another order', 'reception phonics', [0]],
        ['words from different fields', 'behaviour restorative', [1]],
        ['words that say nothing beside ones that do', 'a day of the dyslexia', [3]],
        ['words around a need', 'we need someone to help us with dyslexia please', [3]],
        ['more than ten words of which few say anything', 'we are looking for someone who can help us with our phonics', [0]],
        ['a known phrase in the plural', 'SpLDs', [3]],
      ])('%s: %s', async (_what, words, found) => {
        expect(new Set(await titles(words, listings))).toEqual(new Set(found.map((i) => all[i])));
      });

      test.each([
        ['a letter wrong', 'phonixs', 0],
        ['a letter too few', 'behavour', 1],
        ['a letter too many', 'dysllexia', 3],
        ['two letters exchanged', 'phoncis', 0],
        ['two letters exchanged in a short word', 'mahts', 5],
        ['two letters wrong in a long word', 'restoratyv', 1],
        ['in the beginning', 'fonics', 0],
        ['in a word that is not finished', 'behvaio', 1],
        ['in one word of several', 'childrens mentle health', 6],
        ['in a word with another ending', 'govenor', 2],
      ])('with a slip of the pen, %s: %s', async (_what, words, found) => {
        expect(await titles(words, listings)).toContain(all[found]);
      });

      test('with a slip of the pen in what school people know by other words find these too', async () => {
        const others = ['Phonics', 'Early reading', 'Speech and language', 'SLCN in class', 'Speaking clearly'].map((title) => aListing({ title }));
        await has({ listings: others });
        for (const [slip, meant] of [['fonics', 'phonics'], ['speach and langage', 'speech and language']] as const) {
          expect(await titles(meant, others)).toHaveLength(2);
          expect(new Set(await titles(slip, others))).toEqual(new Set(await titles(meant, others)));
        }
        await has({ listings });
      });

      test('that others stand for must follow one another, with what says nothing between them', async () => {
        const others = [
          aListing({ title: 'Early reading' }),
          aListing({ title: 'Letters, and sounds' }),
          aListing({ title: 'What we read in the early years' }),
          aListing({ title: 'Reading', description: 'Not too early.' }),
          aListing({ title: 'Sounds before letters' }),
        ];
        await has({ listings: others });
        for (const words of ['phonics', 'early reading', 'fonics']) expect(new Set(await titles(words, others))).toEqual(new Set(['Early reading', 'Letters, and sounds']));
        await has({ listings });
      });

      test('that nothing has find nothing', async () => {
        expect(await titles('zzzzqqq', listings)).toEqual([]);
      });

      describe('that are the same, however written', () => {
        const ways = [
          aListing({ title: 'Moving on from Year 6' }),
          aListing({ title: 'Booster classes', summary: 'Each Y6 pupil has two.' }),
          aListing({ title: 'Key Stage 2 writing' }),
          aListing({ title: 'Nests and burrows', summary: 'For primary classes.' }),
          aListing({ title: 'Six weeks of the school year' }),
          aListing({ title: 'Baseline in Reception' }),
          aListing({ title: 'A sixth form library' }),
          aListing({ title: 'The form, and who fills it in' }),
          aListing({ title: 'A new SENCO' }),
          aListing({ title: 'Coordinator of languages' }),
          aListing({ title: 'Gymnastics', keywords: ['P.E.'] }),
          aListing({ title: 'Workshop safety', keywords: ['D&T'] }),
          aListing({ title: 'Counselling for staff', description: 'By a counsellor at our centre.' }),
          aListing({ title: 'An organised behaviour programme' }),
          aListing({ title: 'Pediatric license' }),
          aListing({ title: 'Mental health lead' }),
          aListing({ title: 'Payroll', ecmOutcomes: ['ECONOMIC_WELLBEING'] }),
          aListing({ title: 'INSET on oracy' }),
          aListing({ title: 'Cookery in set groups' }),
          aListing({ title: 'Worship in C of E schools' }),
          aListing({ title: 'Home schooling and the law' }),
        ];
        beforeAll(() => has({ listings: ways }));
        afterAll(() => has({ listings }));

        const yearSix = ['Moving on from Year 6', 'Booster classes', 'Key Stage 2 writing'];
        test.each([
          [['Y6', 'y 6', 'yr6', 'Yr 6', 'year six', 'Year-6', 'YEAR 6'], yearSix],
          [['KS2', 'KS 2', 'key stage 2', 'Key Stage Two', 'K.S.2'], ['Key Stage 2 writing', 'Nests and burrows']],
          [['reception', 'Year R', 'YR'], ['Baseline in Reception']],
          [['sixth form', '6th form', '6th-form'], ['A sixth form library']],
          [['SENCO', 'SENDCo', 'SEN coordinator', 'SEND co-ordinator', 'special educational needs coordinator'], ['A new SENCO']],
          [['P.E.', 'PE', 'P.E', 'physical education'], ['Gymnastics']],
          [['D&T', 'D and T', 'D & T', 'DT', 'design and technology'], ['Workshop safety']],
          [['counselling', 'counseling'], ['Counselling for staff']],
          [['counsellor', 'counselor', 'counselors'], ['Counselling for staff']],
          [['centre', 'center', 'centers'], ['Counselling for staff']],
          [['organised behaviour', 'organized behavior', 'organizing behaviors'], ['An organised behaviour programme']],
          [['programme', 'programmes', 'programs'], ['An organised behaviour programme']],
          [['paediatric licence', 'pediatric license'], ['Pediatric license']],
          [['wellbeing', 'well-being', 'well being'], ['Mental health lead', 'Payroll']],
          [['INSET', 'inset ', 'INSET day', 'training days'], ['INSET on oracy']],
          [['CofE', 'C of E', 'C.of E.', 'Church of England'], ['Worship in C of E schools']],
          [['home schooling', 'homeschooling', 'home-schooling'], ['Home schooling and the law']],
        ])('%j', async (written, found) => {
          for (const words of written) expect([words, await titles(words, ways)]).toEqual([words, found]);
        });
      });

      test('that are spelt as they should be but that nothing has are not taken for others', async () => {
        const others = ['First steps', 'Application forms', 'A forecast', 'Finishing touches'].map((title) => aListing({ title }));
        await has({ listings: [...others, aListing({ title: 'Phonics' })] });
        expect(await titles('forest', others)).toEqual([]);
        expect((await search({ words: 'fonics' })).hits.map(({ content }) => content.title)).toEqual(['Phonics']);
        await has({ listings });
      });

      test('of other languages are found in the letters of English', async () => {
        const others = ['Łódź choir', 'Þorbjörg’s stories'].map((title) => aListing({ title }));
        await has({ listings: others });
        expect([await titles('lodz', others), await titles('thorbjorgs', others)]).toEqual([['Łódź choir'], ['Þorbjörg’s stories']]);
        await has({ listings });
      });

      test('that are not finished find nothing but what begins so', async () => {
        const others = ['Widening participation', 'Key Stage 2 writing', 'A wider choir', 'Quality of thought'].map((title) => aListing({ title }));
        await has({ listings: others });
        expect(await titles('q', others)).toEqual(['Quality of thought']);
        expect(new Set(await titles('wide', others))).toEqual(new Set(['Widening participation', 'A wider choir']));
        await has({ listings });
      });

      test('are all needed where three listings have them', async () => {
        const [three, others] = [['Oboe for beginners', 'Oboe beginners’ day', 'For beginners: oboe'], ['Oboe repairs', 'Piano for beginners']];
        const instruments = [...three, ...others].map((title) => aListing({ title }));
        await has({ listings: instruments });
        expect(new Set(await titles('oboe beginners', instruments))).toEqual(new Set(three));
        expect(await search({ words: 'oboe beginners' })).toMatchObject({ total: 3, partly: false });
        await has({ listings });
      });

      test('that next to none has all of find also what has most of them, after it', async () => {
        const oboe = aListing({ title: 'Oboe for beginners', publishedAt: new Date('2025-01-01'), categories: ['GOVERNANCE'] });
        const half = [aListing({ title: 'Oboe repairs', categories: ['EARLY_YEARS'] }), aListing({ title: 'Piano for beginners' })];
        const instruments = [oboe, ...half, aListing({ title: 'Trombone' })];
        await has({ listings: instruments });
        for (const order of ['RELEVANCE', 'NEWEST'] as const) {
          const answer = await search({ words: 'oboe beginners', order });
          expect(answer).toMatchObject({ total: 3, partly: true });
          expect(countsOf(answer)).toMatchObject({ categories: { GOVERNANCE: 1, EARLY_YEARS: 1 }, kinds: { COMPANY: 3 } });
          expect(idsOf(answer)[0]).toBe(oboe.id);
          expect(idsOf(answer).slice(1).sort()).toEqual(half.map(({ id }) => id).sort());
        }
        expect(idsOf(await search({ words: 'oboe beginners', categories: ['EARLY_YEARS'] }))).toEqual([half[0]!.id]);
        expect(await titles('oboe zzzzqqq', instruments)).toEqual(expect.arrayContaining(['Oboe for beginners', 'Oboe repairs']));
        await has({ listings });
      });

      test('that are none ask for everything', async () => {
        expect(await titles(' – !? ', listings)).toHaveLength(all.length);
      });

      test('come first where they are in the title', async () => {
        const places = [
          aListing({ title: 'Other', description: 'About attendance.' }),
          aListing({ title: 'Attendance' }),
          aListing({ title: 'Another', summary: 'About attendance.' }),
          aListing({ title: 'A third', keywords: ['attendance'] }),
        ];
        await has({ listings: places });
        expect(await titles('attendance', places)).toEqual(['Attendance', 'A third', 'Another', 'Other']);
        await has({ listings });
      });

      test('may be anything that can be typed', async () => {
        await fc.assert(
          fc.asyncProperty(fc.oneof(fc.string({ maxLength: 200, unit: 'binary' }), fc.stringMatching(/^[ a-z0-9'"\\&|!():*<>@?%\0-]{0,60}$/)), async (words) => {
            const answer = await search({ words });
            expect(answer.total).toBe(answer.hits.length);
          }),
          { numRuns: runs(300) },
        );
      });
    });

    describe('what may not be found', () => {
      const hidden: [what: string, all: boolean, sql: string][] = [
        ['a draft again', false, `UPDATE listing SET state = 'DRAFT' WHERE id = $1`],
        ['removed', false, `UPDATE listing SET state = 'REMOVED' WHERE id = $1`],
        ...(['DRAFT', 'AWAITING_RECOMMENDATIONS', 'SUSPENDED', 'LAPSED', 'WITHDRAWN'] as const).map((state): [string, boolean, string] => [
          `of a provider that is ${state}`,
          true,
          `UPDATE provider SET state = '${state}' WHERE id = (SELECT provider_id FROM listing WHERE id = $1)`,
        ]),
      ];

      test.each(hidden)('%s: is not found from the commit on, and is until then', async (_what, all, sql) => {
        const listing = aListing({ title: 'Secret garden', national: true });
        const other = aListing({ title: 'Open garden', provider: all ? aProvider() : listing.provider });
        await has({ las: ['301'], listings: [listing, other] });
        await db.transaction(async (tx) => {
          await tx.query(sql, [listing.id]);
          await refreshDocuments(tx, [listing.id]);
          expect((await search({})).total).toBe(2);
        });
        for (const query of [{}, { words: 'garden' }, { laCodes: ['301'] }]) {
          const answer = await search(query);
          expect(idsOf(answer)).not.toContain(listing.id);
          expect(answer.total).toBe(answer.hits.length);
          expect(countsOf(answer).laCodes?.['301'] ?? 0).toBe(0);
        }
      });

      test('stays found when the change is rolled back', async () => {
        const listing = aListing();
        await has({ listings: [listing] });
        const rolledBack = db.transaction(async (tx) => {
          await tx.query(`UPDATE listing SET state = 'DRAFT' WHERE id = $1`, [listing.id]);
          await refreshDocuments(tx, [listing.id]);
          throw new Error('changed my mind');
        });
        await expect(rolledBack).rejects.toThrow('changed my mind');
        expect(idsOf(await search({}))).toEqual([listing.id]);
      });

      test('is never among the hits, even where a document was forgotten', async () => {
        const [listing, other] = [aListing(), aListing()];
        await has({ listings: [listing, other] });
        await db.query(`UPDATE provider SET state = 'SUSPENDED' WHERE id = $1`, [listing.provider.id]);
        expect(idsOf(await search({}))).toEqual([other.id]);
        await rebuildDocuments(db);
        expect((await search({})).total).toBe(1);
      });
    });
  });
}
