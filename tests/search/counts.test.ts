import fc from 'fast-check';
import type { Database } from '../../src/platform/database/index.js';
import { createSearch, PostgresSearch, type SearchQuery } from '../../src/search/index.js';
import type { SearchAnswer, SearchEngine } from '../../src/search/port.js';
import { freshDatabase } from '../support/database.js';
import { describeWithAnyMeilisearch, someMeilisearch } from '../support/meilisearch.js';
import { type Between, listenBetween } from '../support/meilisearch-between.js';
import { runs } from '../support/runs.js';
import { change, settled } from './kept.js';
import { aListing, aProvider, prepare, write } from './world.js';

const phases = ['PRIMARY', 'SECONDARY'] as const;
const categories = ['TEACHING_AND_LEARNING', 'GOVERNANCE'] as const;
const provider = aProvider(); // one, so that it always has something published
const listings = Array.from({ length: 60 }, (_, i) =>
  aListing({ title: `Coaching ${i}`, phases: [phases[i % 2]!], categories: [categories[i % 3 ? 0 : 1]!], laCodes: [i % 5 ? '301' : '302'], provider }),
);

describeWithAnyMeilisearch('what Meilisearch has counted', () => {
  let db: Database;
  let engine: SearchEngine;
  let postgres: SearchEngine;
  let between: Between;
  let publisher: { stop(): Promise<void> };

  beforeAll(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await prepare(db);
    await write(db, { listings });
    const meilisearch = await someMeilisearch();
    between = await listenBetween(meilisearch.host);
    const index = createSearch(db, fresh.clock, { ...meilisearch, host: between.host }).index!;
    publisher = index.startPublisher();
    engine = index.engine;
    postgres = new PostgresSearch(db, fresh.clock);
    await settled(db);
  });
  afterAll(async () => {
    await publisher.stop();
    between.stop();
  });

  /** For each of the queries that a search asks of Meilisearch, whether it counts, and how many hits it wants. Where it asks again, as what it assumed had changed, of the last time. */
  async function asks(query: Partial<SearchQuery>): Promise<[counts: boolean, limit: number][]> {
    between.searches.length = 0;
    await engine.search({ offset: 0, limit: 10, ...query });
    return between.searches.slice(-1).flatMap(({ body }) => (JSON.parse(body) as { queries: { facets?: string[]; limit: number }[] }).queries.map(({ facets, limit }) => [!!facets, limit] as [boolean, number]));
  }

  test('is not counted again, step by step and page by page, until the index changes; the hits are asked for each time', async () => {
    const page = [false, 10];
    const chosen: Partial<SearchQuery> = { phases: ['PRIMARY'] };
    const more: Partial<SearchQuery> = { ...chosen, categories: ['GOVERNANCE'] };
    await settledWhole();
    expect(await asks({})).toEqual([[true, 10]]);
    expect(await asks({})).toEqual([page]);
    expect(await asks(chosen)).toEqual([[true, 10]]); // without the choice is what was asked first
    expect(await asks({ ...chosen, offset: 10 })).toEqual([page]);
    expect(await asks(more)).toEqual([[true, 10], [true, 0]]);
    expect(await asks({ ...more, facets: false, limit: 0 })).toEqual([]);
    await change(db, listings[0]!.id, { title: 'Choir' });
    await settledWhole();
    expect(await asks(more)).toEqual([[true, 10], [true, 0], [true, 0]]);
    await db.query('UPDATE search_index SET changed_at = NULL'); // as while it is being changed
    for (const _ of [1, 2]) expect(await asks(chosen)).toEqual([[true, 10], [true, 0]]);
    await change(db, listings[0]!.id, { title: 'Coaching' });
  });

  test('of searches at the same time each gets what it gets alone, in fewer requests', async () => {
    await settledWhole();
    const queries = phases.flatMap((phase) => categories.flatMap((category) => ['', 'coaching', '3', 'nothing like it'].map((words) => ({ words, phases: [phase], categories: [category], offset: 0, limit: 5 }))));
    const alone = [];
    for (const query of queries) alone.push(await engine.search(query));
    between.searches.length = 0;
    expect(await Promise.all(queries.map((query) => engine.search(query)))).toEqual(alone);
    expect(between.searches.length).toBeLessThan(queries.length);
  });

  test('that there is nothing is confirmed by PostgreSQL, once until the index changes; nothing new is missed', async () => {
    const nothing: Partial<SearchQuery> = { phases: ['PRIMARY'], categories: ['GOVERNANCE'], laCodes: ['302'], words: 'bassoon' };
    const confirmations = async (query: Partial<SearchQuery>, total: number) => {
      let count = 0;
      db.onStatement = (sql) => void (sql.includes('passing AS MATERIALIZED') && count++);
      expect(await engine.search({ offset: 0, limit: 10, ...query })).toMatchObject({ total });
      db.onStatement = undefined;
      return count;
    };
    await settledWhole();
    expect([await confirmations(nothing, 0), await confirmations(nothing, 0)]).toEqual([1, 0]);
    expect([await confirmations({ laCodes: ['303'] }, 0), await confirmations({ laCodes: ['303'] }, 0)]).toEqual([1, 0]);
    const made = aListing({ title: 'Bassoon', phases: ['PRIMARY'], categories: ['GOVERNANCE'], laCodes: ['302'], provider });
    await write(db, { listings: [made] });
    await confirmations(nothing, 1); // whether it has been published or not
    await settledWhole();
    await confirmations(nothing, 1);
    await change(db, made.id, { state: 'DRAFT' });
    await settledWhole();
    expect([await confirmations(nothing, 0), await confirmations(nothing, 0)]).toEqual([1, 0]);
  });

  test(`is what PostgreSQL counts, through ${runs(300)} changes`, async () => {
    const some = fc.record({ phases: fc.subarray([...phases]), categories: fc.subarray([...categories]), laCodes: fc.subarray(['301', '302']), words: fc.constantFrom('', 'coaching', 'choir') });
    const step = fc.record({ nth: fc.nat(listings.length - 1), state: fc.constantFrom('PUBLISHED' as const, 'DRAFT' as const), title: fc.constantFrom('Coaching', 'Choir'), meanwhile: fc.array(some, { maxLength: 3 }), after: fc.array(some, { minLength: 1, maxLength: 3 }) });
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(step, async ({ nth, state, title, meanwhile, after }) => {
        await change(db, listings[nth]!.id, { state, title });
        for (const query of meanwhile) await engine.search({ ...query, offset: 0, limit: 5 });
        await settled(db);
        for (const query of after) {
          const answer = await engine.search({ ...query, offset: 0, limit: 5 });
          expect(counted(answer)).toEqual(counted(await postgres.search({ ...query, offset: 0, limit: 5 })));
          if (answer.engine === 'MEILISEARCH') compared++;
        }
      }),
      { numRuns: runs(300) },
    );
    expect(compared).toBeGreaterThan(runs(300));
  });

  /** Also what the publisher notes after a change. */
  async function settledWhole(): Promise<void> {
    await settled(db);
    while ((await db.query<{ changed: string | null }>('SELECT changed_at AS changed FROM search_index'))[0]!.changed === null) await new Promise((resolve) => setTimeout(resolve, 10));
  }
});

const counted = ({ total, facets }: SearchAnswer) => [total, Object.fromEntries(Object.entries(facets).map(([group, values]) => [group, Object.fromEntries(values.map(({ value, count }) => [value, count]))]))];
