import { SearchWithFallback } from '../../src/search/fallback.js';
import { PostgresSearch, type SearchQuery } from '../../src/search/index.js';
import { MeiliServer } from '../../src/search/meilisearch/client.js';
import { MeilisearchSearch } from '../../src/search/meilisearch/engine.js';
import { indexSettings } from '../../src/search/meilisearch/settings.js';
import { Publisher } from '../../src/search/sync/publisher.js';
import type { ManualClock } from '../../src/platform/clock.js';
import { freshDatabase } from '../support/database.js';
import { describeWithAnyMeilisearch, someMeilisearch } from '../support/meilisearch.js';
import { searchContract } from './contract.js';
import { settled } from './kept.js';
import { aListing, aProvider, prepare, write } from './world.js';

const stopping: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stopping) await stop();
});

describeWithAnyMeilisearch('with a Meilisearch server', () => {
  const answeredBy: Record<string, number> = {};

  searchContract('Meilisearch', async (db, clock) => {
    const server = new MeiliServer(await someMeilisearch());
    const publisher = new Publisher(db, server).start();
    stopping.push(() => publisher.stop());
    const postgres = new PostgresSearch(db, clock);
    const hash = indexSettings(db).then((each) => each.hash);
    const fallback = new SearchWithFallback(new MeilisearchSearch(db, clock, server, () => hash, postgres), postgres);
    const engine = {
      search: async (query: SearchQuery) => {
        const answer = await fallback.search(query);
        answeredBy[answer.degraded ?? answer.engine] = (answeredBy[answer.degraded ?? answer.engine] ?? 0) + 1;
        return answer;
      },
    };
    const settle = () => settled(db);
    await settle();
    return { engine, settle };
  });

  describe('among many', () => {
    const from = { easting: 430_000, northing: 330_000 };
    const listings = Array.from({ length: 900 }, (_, i) =>
      aListing({
        title: `Coaching ${i}`,
        summary: i % 3 ? 'for leaders' : 'for teachers',
        publishedAt: new Date(Date.UTC(2026, 0, 1 + ((i * 7) % 211))),
        provider: aProvider({ base: i % 9 ? { easting: 400_000 + ((i * 7919) % 60_000), northing: 300_000 + ((i * 104_729) % 60_000) } : null }),
      }),
    );
    let engine: MeilisearchSearch;
    let postgres: PostgresSearch;
    let clock: ManualClock;
    let deferred: number;

    beforeAll(async () => {
      const fresh = await freshDatabase();
      const { db } = fresh;
      clock = fresh.clock;
      await prepare(db);
      await write(db, { listings });
      await db.query('ANALYZE search_entry');
      const server = new MeiliServer(await someMeilisearch());
      const publisher = new Publisher(db, server).start();
      stopping.push(() => publisher.stop());
      await settled(db);
      postgres = new PostgresSearch(db, clock);
      const counted = { search: (query: SearchQuery) => (deferred++, postgres.search(query)) };
      engine = new MeilisearchSearch(db, clock, server, async () => (await indexSettings(db)).hash, counted);
    });
    beforeEach(() => void (deferred = 0));

    test.each<[string, Partial<SearchQuery>]>([
      ['by distance', { order: 'DISTANCE', from }],
      ['by distance, with words', { order: 'DISTANCE', from, words: 'leaders' }],
      ['by distance, within some', { order: 'DISTANCE', from, within: 20_000 }],
      ['newest first, with words', { order: 'NEWEST', words: 'coaching' }],
    ])('explicit orders are PostgreSQL’s: %s', async (_order, query) => {
      for (const offset of [0, 20, 180, 560, 590, 800, 890, 1000]) {
        const asked = { ...query, offset, limit: 20 };
        const [own, other] = [await engine.search(asked), await postgres.search(asked)];
        expect({ offset, hits: own.hits, total: own.total }).toEqual({ offset, hits: other.hits, total: other.total });
      }
      expect(deferred).toBeLessThan(4);
    });

    test('an order by chance is another one each day, the same all day, and its pages have every hit once', async () => {
      const first = [];
      for (let day = 0; day < 6; day++) {
        const pages = [];
        for (let offset = 0; offset < 900; offset += 90) {
          pages.push(...(await engine.search({ offset, limit: 90 })).hits);
          clock.advance({ hours: 1 });
        }
        expect(new Set(pages.map(({ listingId }) => listingId)).size).toBe(900);
        first.push(pages[0]!.listingId);
        clock.advance({ hours: 14 });
      }
      expect(new Set(first).size).toBeGreaterThan(4);
    });

    test('says which words were found, as they are written', async () => {
      expect((await engine.search({ words: 'leader', offset: 0, limit: 5 })).matched).toEqual([{ word: 'leaders', begins: false }]);
      expect((await engine.search({ words: 'teechers', offset: 0, limit: 5 })).matched).toEqual([{ word: 'teachers', begins: false }]);
      expect((await engine.search({ words: 'coaching teach', order: 'NEWEST', offset: 0, limit: 5 })).matched.map(({ word }) => word).sort()).toEqual(['coaching', 'teachers']);
    });
  });

  // The contract also holds where PostgreSQL answers, so that it would say little if it did.
  test('it answered nearly everything itself', () => {
    const all = Object.values(answeredBy).reduce((sum, each) => sum + each, 0);
    expect(answeredBy['MEILISEARCH']! / all).toBeGreaterThan(0.95);
  });
});
