import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../src/platform/database/index.js';
import { SearchWithFallback } from '../../src/search/fallback.js';
import { createSearch, type KeptIndex, type SearchAnswer, type SearchQuery } from '../../src/search/index.js';
import { Unavailable } from '../../src/search/meilisearch/unavailable.js';
import { freshDatabase } from '../support/database.js';
import { describeWithMeilisearch, startMeilisearch, type TestMeilisearch } from '../support/meilisearch.js';
import { asMaster, eventually, indexName, settled } from './kept.js';
import { aListing, prepare, write } from './world.js';

const answer = (engine: SearchAnswer['engine']) => ({ hits: [], total: 0, facets: {}, matched: [], engine, degraded: null }) as unknown as SearchAnswer;

describe('an engine that may be away', () => {
  let trouble: Error | null;
  let asked: number;
  let probed: number;
  let engine: SearchWithFallback;
  const search = () => engine.search({ offset: 0, limit: 1 });

  beforeEach(() => {
    [trouble, asked, probed] = [null, 0, 0];
    const fail = () => {
      if (trouble) throw trouble;
    };
    const remote = {
      search: async () => {
        asked++;
        fail();
        return answer('MEILISEARCH');
      },
      probe: async () => {
        probed++;
        fail();
      },
    };
    engine = new SearchWithFallback(remote, { search: async () => answer('POSTGRES') });
  });

  test('answers while it can', async () => {
    expect(await search()).toMatchObject({ engine: 'MEILISEARCH', degraded: null });
  });

  test('is asked no more after three faults, and each answer says why', async () => {
    trouble = new Unavailable('It is away.', true);
    for (let i = 0; i < 10; i++) expect(await search()).toMatchObject({ engine: 'POSTGRES', degraded: 'It is away.' });
    expect(asked).toBe(3);
    expect(probed).toBe(1); // once a second
    expect(engine.degraded).toBe('It is away.');
  });

  test('is told of a fault once where several searches went in one request', async () => {
    const cause = new Error('too slow');
    const fail = async (request: Error) => {
      trouble = new Unavailable('It is away.', true, { cause: request });
      await search();
    };
    for (let i = 0; i < 4; i++) await fail(cause);
    expect(engine.degraded).toBe(null);
    await fail(new Error('too slow again'));
    await fail(new Error('and again'));
    expect(engine.degraded).toBe('It is away.');
  });

  test('is asked again once it answers, without anybody waiting for it', async () => {
    trouble = new Unavailable('It is away.', true);
    for (let i = 0; i < 4; i++) await search();
    trouble = null;
    await eventually('it is asked again', async () => (await search()).engine === 'MEILISEARCH', 5);
    expect(asked).toBe(4);
  });

  test('is asked on where it is not at fault', async () => {
    trouble = new Unavailable('It is being built.', false);
    for (let i = 0; i < 10; i++) expect(await search()).toMatchObject({ engine: 'POSTGRES', degraded: 'It is being built.' });
    expect(asked).toBe(10);
  });

  test('has errors of its own that are not hidden', async () => {
    trouble = new Error('a mistake');
    await expect(search()).rejects.toThrow('a mistake');
  });
});

describeWithMeilisearch('ten clients searching', () => {
  const listings = Array.from({ length: 200 }, (_, i) => aListing({ title: `Coaching ${i}`, description: i % 2 ? 'for leaders' : 'for teachers' }));
  const queries: [Partial<SearchQuery>, number][] = [[{}, 200], [{ words: 'leaders' }, 100], [{ kinds: ['COMPANY'] }, 200], [{ words: 'coaching', order: 'NEWEST' }, 200]];
  let db: Database;
  let meilisearch: TestMeilisearch;
  let index: KeptIndex;
  let publisher: { stop(): Promise<void> };
  const wrong: unknown[] = [];
  const answers: SearchAnswer[] = [];
  let done = false;
  let clients: Promise<void>[];

  const client = async (number: number) => {
    for (let i = number; !done; i++) {
      const [query, total] = queries[i % queries.length]!;
      try {
        const found = await index.engine.search({ offset: 0, limit: 20, ...query });
        if (found.total !== total) wrong.push({ query, total: found.total, engine: found.engine });
        answers.push(found);
      } catch (error) {
        wrong.push(error);
      }
      await sleep(5);
    }
  };
  const answering = (engine: SearchAnswer['engine'], seconds = 20) => eventually(`${engine} answers`, async () => answers.splice(0).length > 0 && (await sleep(100), answers.length > 0 && answers.every((each) => each.engine === engine)), seconds);

  beforeAll(async () => {
    const fresh = await freshDatabase();
    db = fresh.db;
    await prepare(db);
    await write(db, { listings });
    meilisearch = await startMeilisearch();
    index = createSearch(db, fresh.clock, meilisearch).index!;
    publisher = index.startPublisher();
    await settled(db);
    clients = Array.from({ length: 10 }, (_, i) => client(i));
    await answering('MEILISEARCH');
  });
  afterAll(async () => {
    done = true;
    await Promise.all(clients);
    await publisher.stop();
  });
  beforeEach(() => wrong.splice(0));

  test('get right answers while Meilisearch is stopped, and its own again afterwards', async () => {
    await meilisearch.kill();
    await answering('POSTGRES');
    expect(answers.every(({ degraded }) => degraded !== null)).toBe(true);
    await meilisearch.start();
    await answering('MEILISEARCH');
    expect(wrong).toEqual([]);
  });

  test('get right answers while it is paused', async () => {
    process.kill(meilisearch.pid(), 'SIGSTOP');
    await answering('POSTGRES');
    process.kill(meilisearch.pid(), 'SIGCONT');
    await answering('MEILISEARCH');
    expect(wrong).toEqual([]);
  });

  test('get right answers while it is emptied, and until it is built anew', async () => {
    await asMaster(meilisearch).index(indexName(meilisearch)).deleteAllDocuments().waitTask();
    await answering('POSTGRES');
    await answering('MEILISEARCH');
    expect(wrong).toEqual([]);
  });
});
