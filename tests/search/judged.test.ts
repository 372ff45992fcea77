import { setTimeout as sleep } from 'node:timers/promises';
import type { ManualClock } from '../../src/platform/clock.js';
import type { Database } from '../../src/platform/database/index.js';
import { SearchWithFallback } from '../../src/search/fallback.js';
import { PostgresSearch, type SearchEngine } from '../../src/search/index.js';
import { MeiliServer } from '../../src/search/meilisearch/client.js';
import { MeilisearchSearch } from '../../src/search/meilisearch/engine.js';
import { indexSettings } from '../../src/search/meilisearch/settings.js';
import { Publisher } from '../../src/search/sync/publisher.js';
import { readState } from '../../src/search/sync/state.js';
import { freshDatabase } from '../support/database.js';
import { describeWithAnyMeilisearch, someMeilisearch } from '../support/meilisearch.js';
import { Demo, judgementOf, type Measured, measure, meanOf, report } from './judged.js';
import { judgedSearches } from './judged-searches.js';

const stopping: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stopping) await stop();
});

interface Floors {
  recall: number;
  ndcg: number;
  /** Words of the searches that find nothing of what was judged. */
  misses: string[];
}

function searchesOfTheDemo(name: string, floors: Floors, start: (db: Database, clock: ManualClock, url: string) => Promise<SearchEngine>): void {
  describe(`searches of the demo, judged, in ${name}`, () => {
    let demo: Demo;
    let engine: SearchEngine;
    let measured: Measured[];

    beforeAll(async () => {
      const { db, clock, url } = await freshDatabase();
      demo = await Demo.load(db);
      engine = await start(db, clock, url);
      measured = await measure(engine, demo, clock, judgedSearches);
      if (process.env['JUDGED'] === '1') process.stdout.write(`${report(name, measured)}\n`);
    });

    test('find what should come up among the first ten, the best first', () => {
      expect(meanOf(measured, 'recall')).toBeGreaterThan(floors.recall);
      expect(meanOf(measured, 'ndcg')).toBeGreaterThan(floors.ndcg);
    });

    test('find something of it each, the known misses aside', () => {
      expect(measured.filter(({ recall }) => recall === 0).map(({ search }) => search.words)).toEqual(floors.misses);
    });

    test('are judged by listings that their facets let through, each judged once', async () => {
      for (const search of judgedSearches) {
        const { hits } = await engine.search({ ...search.facets, offset: 0, limit: 1000 });
        const passing = hits.map(({ listingId }) => demo.nameOf.get(listingId)!);
        const judged = [...search.best, ...search.helps];
        expect(passing).toEqual(expect.arrayContaining(judged));
        expect(judgementOf(search).size).toBe(judged.length);
      }
    });
  });
}

searchesOfTheDemo('PostgreSQL', { recall: 0.87, ndcg: 0.9, misses: ['positive handling'] }, async (db, clock) => new PostgresSearch(db, clock));

describeWithAnyMeilisearch('with a Meilisearch server', () => {
  searchesOfTheDemo('Meilisearch', { recall: 0.87, ndcg: 0.89, misses: ['positive handling'] }, async (db, clock) => {
    const server = new MeiliServer(await someMeilisearch());
    const publisher = new Publisher(db, server).start();
    stopping.push(() => publisher.stop());
    while (!(await readState(db))?.settingsHash) await sleep(10);
    const postgres = new PostgresSearch(db, clock);
    const { hash } = await indexSettings(db);
    return new SearchWithFallback(new MeilisearchSearch(db, clock, server, async () => hash, postgres), postgres);
  });
});
