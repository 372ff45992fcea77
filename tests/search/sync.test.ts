import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ManualClock } from '../../src/platform/clock.js';
import { OperatorError } from '../../src/platform/config.js';
import type { Database } from '../../src/platform/database/index.js';
import { createSearch, type KeptIndex } from '../../src/search/index.js';
import { SearchHealthResolver } from '../../src/search/health.resolver.js';
import { MeiliServer } from '../../src/search/meilisearch/client.js';
import type { RequestContext } from '../../src/platform/request.js';
import { readState } from '../../src/search/sync/state.js';
import { stopKeepingUntended } from '../../src/search/sync/untended.js';
import { freshDatabase } from '../support/database.js';
import { describeWithMeilisearch, startMeilisearch, type TestMeilisearch } from '../support/meilisearch.js';
import { start } from '../support/process.js';
import { asMaster, change, compare, eventually, indexName, settled } from './kept.js';
import { aListing, aProvider, prepare, write } from './world.js';

const providers = Array.from({ length: 7 }, (_, i) => aProvider({ name: `Orchard ${i}` }));
const listings = Array.from({ length: 60 }, (_, i) => aListing({ title: `Coaching ${i}`, description: `for leaders ${i}`, provider: providers[i % 7]! }));

describe('without an index', () => {
  test('nothing is noted for it', async () => {
    const { db } = await freshDatabase();
    await prepare(db);
    await write(db, { listings });
    expect(await db.query('SELECT FROM search_outbox')).toEqual([]);
  });
});

describeWithMeilisearch('the index', () => {
  let db: Database;
  let clock: ManualClock;
  let meilisearch: TestMeilisearch;
  let index: KeptIndex;
  const publishers: { stop(): Promise<void> }[] = [];
  const publish = () => publishers.push(index.startPublisher());
  const stopPublishing = async () => {
    for (const each of publishers.splice(0)) await each.stop();
  };
  const search = (query = {}) => index.engine.search({ offset: 0, limit: 100, ...query });
  /** Changes the words of a document as somebody with the master key could. */
  const tamper = async (id: string, word: string) => {
    const raw = asMaster(meilisearch).index(indexName(meilisearch));
    await raw.updateDocuments([{ id, names: [word, word, word, word] }]).waitTask();
  };
  const expectTrue = async () => {
    await settled(db);
    const { indexed, stored } = await compare(db, meilisearch);
    expect(indexed).toEqual(stored);
  };

  beforeAll(async () => {
    ({ db, clock } = await freshDatabase());
    await prepare(db);
    await write(db, { listings });
    meilisearch = await startMeilisearch();
    index = createSearch(db, clock, meilisearch).index!;
  });
  afterAll(stopPublishing);
  beforeEach(async () => {
    if (publishers.length === 0) publish();
    await settled(db);
  });

  test('is built by itself, with all that is there', async () => {
    await expectTrue();
    expect(await search()).toMatchObject({ total: 60, engine: 'MEILISEARCH', degraded: null });
  });

  test('has only what searching needs', async () => {
    const { results } = await asMaster(meilisearch).index(indexName(meilisearch)).getDocuments({ limit: 1 });
    const own = ['id', 'version', 'names', 'terms', 'summary', 'description', 'place', 'publishedAt', 'chance0', 'chance1', 'chance2', 'facets', 'schoolUrn'];
    expect(Object.keys(results[0]!).sort()).toEqual(own.sort());
  });

  test('is worked on by keys that can do nothing else', async () => {
    const { results } = await asMaster(meilisearch).getKeys();
    const own = results.filter(({ name }) => name?.startsWith('Signpost'));
    expect(own.map(({ actions, indexes }) => ({ indexes, search: actions.includes('search'), all: actions.includes('*') }))).toEqual(
      expect.arrayContaining([{ indexes: [`${meilisearch.prefix}_*`], search: true, all: false }, { indexes: [`${meilisearch.prefix}_*`], search: false, all: false }]),
    );
    expect(own).toHaveLength(2);
    for (const { key, actions } of own) {
      if (!actions.includes('search')) continue;
      expect(await createSearch(db, clock, { ...meilisearch, key }).index!.engine.search({ offset: 0, limit: 1 })).toMatchObject({ engine: 'MEILISEARCH' });
    }
  });

  test('with a key that is none, the operator gets a line that says so, and searches an answer', async () => {
    const other = createSearch(db, clock, { ...meilisearch, key: 'no key of this server' }).index!;
    await expect(other.reconcile()).rejects.toThrow(OperatorError);
    await expect(other.reconcile()).rejects.toThrow(/^Meilisearch at \S+ does not accept MEILI_KEY\. It must be the master key, or a key for \S+ with the actions .+\.$/);
    expect(await other.engine.search({ offset: 0, limit: 100 })).toMatchObject({ total: 60, engine: 'POSTGRES', degraded: expect.any(String) });
  });

  test('follows every change', async () => {
    await change(db, listings[0]!.id, { title: 'Bassoon lessons' });
    await change(db, listings[1]!.id, { state: 'DRAFT' });
    await expectTrue();
    expect((await search({ words: 'bassoon' })).hits).toMatchObject([{ listingId: listings[0]!.id }]);
    await change(db, listings[0]!.id, { title: 'Coaching 0' });
    await change(db, listings[1]!.id, { state: 'PUBLISHED' });
    await expectTrue();
    expect(await search({ words: 'bassoon' })).toMatchObject({ total: 0 });
  });

  test('shows what a listing says now, whatever was shown before', async () => {
    await stopPublishing();
    const shown = async () => (await search()).hits.find(({ listingId }) => listingId === listings[3]!.id)!.content;
    expect(await shown()).toMatchObject({ title: 'Coaching 3' });
    await change(db, listings[3]!.id, { title: 'Oboe lessons' });
    expect(await shown()).toMatchObject({ title: 'Oboe lessons' });
    await change(db, listings[3]!.id, { title: 'Coaching 3' });
    expect(await shown()).toMatchObject({ title: 'Coaching 3' });
  });

  test('what is marked is what was asked for, also where several words are written as one, and no more than ten of them', async () => {
    const trees = ['alder', 'birch', 'cedar', 'elder', 'filbert', 'hazel', 'juniper', 'larch', 'maple', 'oak', 'poplar'];
    await change(db, listings[4]!.id, { title: 'Homeschooling network' });
    await change(db, listings[5]!.id, { title: trees.join(' ') });
    await settled(db);
    expect(await search({ words: 'home schooling' })).toMatchObject({ total: 1, engine: 'MEILISEARCH', matched: [{ word: 'homeschooling', begins: false }] });
    expect((await search({ words: trees.join(' ') })).matched.map(({ word }) => word)).toEqual(trees.slice(0, 10));
    await change(db, listings[4]!.id, { title: 'Coaching 4' });
    await change(db, listings[5]!.id, { title: 'Coaching 5' });
  });

  test('waiting for it leaves nothing behind on what may end the waiting', async () => {
    const server = new MeiliServer(meilisearch);
    const ending = new AbortController();
    const { taskUid } = await asMaster(meilisearch).createIndex(`${meilisearch.prefix}_other`);
    await server.done(taskUid, ending.signal);
    expect(getEventListeners(ending.signal, 'abort')).toEqual([]);
    ending.abort(new Error('Enough.'));
    await expect(server.done(taskUid, ending.signal)).rejects.toThrow('Enough.');
  });

  test('shows nothing hidden, and counts nothing hidden, while nobody publishes', async () => {
    await stopPublishing();
    await change(db, listings[2]!.id, { state: 'DRAFT' });
    const answer = await search();
    expect(answer).toMatchObject({ total: 59, engine: 'MEILISEARCH' });
    expect(answer.facets.kinds).toEqual([{ value: 'COMPANY', count: 59 }]);
    await change(db, listings[2]!.id, { state: 'PUBLISHED' });
    expect((await search()).total).toBe(60);
  });

  test('shows nothing hidden, whatever it says', async () => {
    await stopPublishing();
    const strange = { id: 'whatever', names: ['coaching'], publishedAt: 1 };
    const draft = aListing({ title: 'Secret', state: 'DRAFT', provider: providers[0]! });
    await write(db, { listings: [draft] });
    const raw = asMaster(meilisearch).index(indexName(meilisearch));
    await raw.addDocuments([strange, { ...strange, id: draft.id }]).waitTask();
    const answer = await search();
    expect(answer).toMatchObject({ total: 60, engine: 'POSTGRES', degraded: expect.any(String) });
    expect(answer.hits.map(({ listingId }) => listingId)).not.toContain(draft.id);
    publish();
    await eventually('it is built anew', async () => (await raw.getStats()).numberOfDocuments === 60);
    await eventually('it answers again', async () => (await search()).degraded === null);
    await expectTrue();
  });

  test.each([
    ['emptied,', (raw: ReturnType<typeof asMaster>) => raw.index(indexName(meilisearch)).deleteAllDocuments().waitTask()],
    ['removed,', (raw: ReturnType<typeof asMaster>) => raw.deleteIndex(indexName(meilisearch)).waitTask()],
    ['given other settings,', (raw: ReturnType<typeof asMaster>) => raw.index(indexName(meilisearch)).resetSettings().waitTask()],
    ['robbed of one document,', (raw: ReturnType<typeof asMaster>) => raw.index(indexName(meilisearch)).deleteDocument(listings[5]!.id).waitTask()],
    ['on a server that has lost all, keys included,', () => meilisearch.wipe()],
  ])('%s it is built anew by itself', async (_how, harm) => {
    const { builds } = (await readState(db))!;
    await harm(asMaster(meilisearch));
    await eventually('it is built anew', async () => (await readState(db))!.builds > builds, 20);
    await eventually('it answers', async () => (await search()).engine === 'MEILISEARCH');
    await expectTrue();
    expect((await search()).total).toBe(60);
  });

  test('is built anew while it is searched and changed, and no search fails', async () => {
    const { builds } = (await readState(db))!;
    const seen = new Set<unknown>();
    let done = false;
    const searching = (async () => {
      while (!done) seen.add((await search()).degraded);
    })();
    const changing = (async () => {
      for (let i = 0; !done; i = (i + 1) % 60) await change(db, listings[i]!.id, { title: `Coaching ${i}${done}` });
    })();
    const progress: number[] = [];
    expect(await index.reindex((built) => progress.push(built))).toBe(60);
    done = true;
    await Promise.all([searching, changing]);
    expect((await readState(db))!.builds).toBe(builds + 1);
    expect([...seen].filter((reason) => reason !== null && reason !== 'What was found changed at this moment.')).toEqual([]);
    await expectTrue();
    expect((await asMaster(meilisearch).getRawIndexes()).results.map(({ uid }) => uid)).toEqual([indexName(meilisearch)]);
  });

  test('is built to the end by the next one, when a build is interrupted', async () => {
    await stopPublishing();
    const { builds } = (await readState(db))!;
    for (const ms of [5, 30, 60, 120, 250]) {
      await db.query('UPDATE search_index SET build_asked = true');
      const interrupted = index.startPublisher();
      await sleep(ms);
      await interrupted.stop();
    }
    publish();
    await eventually('it is built', async () => (await readState(db))!.builds > builds && !(await readState(db))!.buildAsked);
    await expectTrue();
  });

  test('what drifted is found and put right by comparing', async () => {
    await stopPublishing();
    const raw = asMaster(meilisearch).index(indexName(meilisearch));
    const { results } = await raw.getDocuments({ limit: 1, filter: `id = "${listings[7]!.id}"` });
    await raw.deleteDocuments([listings[6]!.id]).waitTask();
    await raw.addDocuments([{ ...results[0]!, version: 1 }, { id: 'whatever' }, { id: '00000000-0000-7000-8000-000000000000' }]).waitTask();
    expect(await index.reconcile()).toEqual({ compared: 61, missing: 1, stale: 1, extra: 2 });
    publish();
    await expectTrue();
    expect(await index.reconcile()).toEqual({ compared: 60, missing: 0, stale: 0, extra: 0 });
  });

  test('what was changed in a document is found by comparing, though its version is the same', async () => {
    await stopPublishing();
    await tamper(listings[8]!.id, 'sousaphone');
    expect(await index.reconcile()).toEqual({ compared: 60, missing: 0, stale: 1, extra: 0 });
    await tamper(listings[8]!.id, 'sousaphone');
    await db.query('DELETE FROM search_outbox');
    expect(await index.reconcile()).toMatchObject({ stale: 1 });
    publish();
    await expectTrue();
  });

  test('what somebody changes while nobody looks after it, or just before a change of ours, is noticed', async () => {
    await stopPublishing();
    await tamper(listings[8]!.id, 'sousaphone');
    publish();
    await eventually('the word is gone', async () => (await search({ words: 'sousaphone' })).total === 0 && (await search()).engine === 'MEILISEARCH');
    await expectTrue();
    for (let i = 0; i < 3; i++) {
      await tamper(listings[8]!.id, 'ophicleide');
      await change(db, listings[9]!.id, { title: `Changed ${i}` });
      await eventually('the word is gone', async () => (await search({ words: 'ophicleide' })).total === 0 && (await search()).engine === 'MEILISEARCH');
      await expectTrue();
    }
  });

  test('what a publisher that died halfway has left is compared by the next one, not built anew', async () => {
    await stopPublishing();
    const { builds } = (await readState(db))!;
    await tamper(listings[8]!.id, 'sousaphone');
    await db.query('UPDATE search_index SET changed_at = NULL');
    publish();
    await eventually('the word is gone', async () => (await search({ words: 'sousaphone' })).total === 0);
    await expectTrue();
    expect((await readState(db))!.builds).toBe(builds);
  });

  test('is not relied upon once a change has waited too long', async () => {
    await stopPublishing();
    await change(db, listings[9]!.id, { title: 'Bombardon' });
    expect(await search()).toMatchObject({ engine: 'MEILISEARCH', degraded: null });
    await db.query(`UPDATE search_outbox SET at = at - interval '11 seconds'`);
    expect(await search()).toMatchObject({ engine: 'POSTGRES', degraded: expect.stringMatching(/waited too long/) });
    publish();
    await expectTrue();
    expect(await search()).toMatchObject({ engine: 'MEILISEARCH', degraded: null });
  });

  test('what waits to be published is found meanwhile, and is no fault of the index', async () => {
    await stopPublishing();
    await change(db, listings[9]!.id, { title: 'Bombardon' });
    for (let i = 0; i < 5; i++) expect(await index.engine.search({ words: 'bombardon', offset: 0, limit: 10 })).toMatchObject({ total: 1, degraded: null });
    expect(index.engine.degraded).toBeNull();
    publish();
    await expectTrue();
    expect(await index.engine.search({ words: 'bombardon', offset: 0, limit: 10 })).toMatchObject({ total: 1, engine: 'MEILISEARCH' });
  });

  test('and an index that is not there is built', async () => {
    await stopPublishing();
    await asMaster(meilisearch).deleteIndex(indexName(meilisearch)).waitTask();
    expect(await index.reconcile()).toEqual({ compared: 0, missing: 60, stale: 0, extra: 0 });
    expect((await readState(db))!.buildAsked).toBe(true);
    publish();
    await expectTrue();
  });

  test('an administrator sees how it fares', async () => {
    const { index: healthy, resolvers } = createSearch(db, clock, meilisearch);
    const health = () => resolvers.find((each) => each instanceof SearchHealthResolver)!.searchHealth({ db } as RequestContext);
    await healthy!.engine.search({ offset: 0, limit: 1 });
    expect(await health()).toEqual({ engine: 'MEILISEARCH', degraded: null, waiting: 0, oldestWaitingSeconds: null, buildPercent: null, refused: [] });
    await stopPublishing();
    await change(db, listings[3]!.id, { title: 'Waiting' });
    expect(await health()).toMatchObject({ engine: 'MEILISEARCH', waiting: 1, oldestWaitingSeconds: expect.any(Number) });
    await db.query('UPDATE search_index SET settings_hash = NULL, build_asked = true, built = 20, to_build = 60');
    expect(await health()).toMatchObject({ engine: 'POSTGRES', degraded: expect.any(String), buildPercent: 33 });
    publish();
    await expectTrue();
  });

  test('is not kept for ever when nobody looks after it', async () => {
    await stopPublishing();
    await stopKeepingUntended(db);
    expect(await readState(db)).not.toBeNull();
    await change(db, listings[0]!.id, { title: 'Waiting' });
    await stopKeepingUntended(db);
    expect([await readState(db), await db.query('SELECT FROM search_outbox')]).toEqual([null, []]);
    publish();
    await expectTrue();
  });
});

describeWithMeilisearch('what Meilisearch refuses', () => {
  test('is set aside with its error, and holds nothing up', async () => {
    const { db, clock } = await freshDatabase();
    await prepare(db);
    const meilisearch = await startMeilisearch({ payloadLimit: '200kB' });
    const { index } = createSearch(db, clock, meilisearch);
    const { stop } = index!.startPublisher();
    await settled(db);
    const huge = aListing({ title: 'Huge', description: 'word '.repeat(40_000) });
    await write(db, { listings: [...listings.slice(0, 20), huge, ...listings.slice(20)] });
    await settled(db);
    expect(await db.query('SELECT listing_id, error FROM search_refused')).toEqual([{ listing_id: huge.id, error: expect.stringMatching(/payload/i) }]);
    const { indexed, stored } = await compare(db, meilisearch);
    expect(indexed).toEqual(stored.filter(([id]) => id !== huge.id));
    await sleep(2500); // it is not taken for drift
    expect(await readState(db)).toMatchObject({ builds: 1 });

    await db.query(`UPDATE listing SET description = 'short' WHERE id = $1`, [huge.id]);
    await change(db, huge.id, {});
    await settled(db);
    expect(await db.query('SELECT FROM search_refused')).toEqual([]);
    expect((await compare(db, meilisearch)).indexed).toHaveLength(61);
    await stop();
  });
});

describe('the commands that look after it', () => {
  test('say in one line that what answers is no Meilisearch', async () => {
    const { url } = await freshDatabase();
    const other = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end('<html>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const host = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const started = start(['reconcile'], { DATABASE_URL: url, SESSION_SECRET: 'a secret for tests, long enough to be one', MEILI_HOST: host, MEILI_KEY: 'x' });
    expect([await started.ended, started.err().trim()]).toEqual([1, `What answers at ${host} is no Meilisearch.`]);
    other.close();
  });

  test.each([
    [{}, /^MEILI_HOST is not set: PostgreSQL searches, and there is no index to look after\.$/],
    [{ MEILI_HOST: 'http://127.0.0.1:1' }, /^Meilisearch cannot be reached at http:\/\/127\.0\.0\.1:1: .*\.$/],
    [{ MEILI_HOST: 'http://127.0.0.1:1', MEILI_INDEX_PREFIX: 'an index' }, /MEILI_INDEX_PREFIX may have up to 100 letters, digits, - and _ only/],
  ])('say what is missing in one line (%j)', async (settings: Record<string, string>, line) => {
    const { url } = await freshDatabase();
    for (const command of ['reindex', 'reconcile']) {
      const started = start([command], { DATABASE_URL: url, SESSION_SECRET: 'a secret for tests, long enough to be one', ...settings });
      expect([await started.ended, started.out(), started.err().trim().split('\n')]).toEqual([1, '', [expect.stringMatching(line)]]);
    }
  });
});
