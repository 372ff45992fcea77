import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { loadDemo } from '../../src/demo/index.js';
import { PostgresSearch, refreshDocuments, type SearchEngine } from '../../src/search/index.js';
import { MeiliServer } from '../../src/search/meilisearch/client.js';
import { MeilisearchSearch } from '../../src/search/meilisearch/engine.js';
import { indexSettings } from '../../src/search/meilisearch/settings.js';
import { schoolWords } from '../../src/search/school-words.js';
import { Publisher } from '../../src/search/sync/publisher.js';
import { readState } from '../../src/search/sync/state.js';
import { freshDatabase } from '../support/database.js';
import { describeWithAnyMeilisearch, someMeilisearch } from '../support/meilisearch.js';
import { runs } from '../support/runs.js';
import { judgedSearches } from './judged-searches.js';

describeWithAnyMeilisearch('both engines, on the demo', () => {
  let engines: Record<'postgres' | 'meilisearch', SearchEngine>;
  let publisher: { stop(): Promise<void> };

  beforeAll(async () => {
    const { db, clock } = await freshDatabase();
    await loadDemo(db, { afterListings: refreshDocuments });
    const server = new MeiliServer(await someMeilisearch());
    publisher = new Publisher(db, server).start();
    while (!(await readState(db))?.settingsHash) await sleep(10);
    const postgres = new PostgresSearch(db, clock);
    const { hash } = await indexSettings(db);
    engines = { postgres, meilisearch: new MeilisearchSearch(db, clock, server, async () => hash, postgres) };
  });
  afterAll(() => publisher.stop());

  test('find the same listings for what school people say', async () => {
    const said = fc.constantFrom(...schoolWords, ...judgedSearches.map(({ words }) => words));
    const slip = fc.tuple(said, fc.nat(), fc.boolean()).map(([words, at, lost]) => withSlip(words, at % words.length, lost));
    const found = { MEILISEARCH: 0, POSTGRES: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof({ weight: 4, arbitrary: said }, slip), { minLength: 1, maxLength: 3 }), async (parts) => {
        const query = { words: `${parts.join(' ')} `, offset: 0, limit: 1000 };
        const [one, other] = await Promise.all([engines.meilisearch.search(query), engines.postgres.search(query)]);
        found[one.engine] += one.total > 0 ? 1 : 0;
        const of = ({ hits, total, partly }: typeof one) => ({ total, partly, ids: hits.map(({ listingId }) => listingId).sort() });
        expect(of(one)).toEqual(of(other));
      }),
      { numRuns: runs(1000) },
    );
    expect(found.MEILISEARCH).toBeGreaterThan(runs(1000) * 0.1);
  });
});

/** A letter that is lost, or exchanged with the next. */
const withSlip = (words: string, at: number, lost: boolean) => words.slice(0, at) + (lost ? '' : (words[at + 1] ?? '') + words[at]) + words.slice(at + (lost ? 1 : 2));
