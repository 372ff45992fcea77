import fc from 'fast-check';
import type { ManualClock } from '../../src/platform/clock.js';
import type { Database } from '../../src/platform/database/index.js';
import { createSearch, packBitmaps, PostgresSearch, refreshDocuments, type SearchQuery } from '../../src/search/index.js';
import { forgetWords } from '../../src/search/postgres/entry.js';
import { freshDatabase } from '../support/database.js';
import { runs } from '../support/runs.js';
import { facts as anyFacts, listingFacts, query as anyQuery } from './arbitraries.js';
import { searchContract } from './contract.js';
import { expected } from './oracle.js';
import { aListing, aProvider, beside, clear, prepare, write } from './world.js';

const pack = (db: Database) => db.transaction(packBitmaps);

searchContract('PostgreSQL, its bitmaps not made yet', async (db, clock) => ({ engine: new PostgresSearch(db, clock), settle: async () => {} }));
searchContract('PostgreSQL, its bitmaps made', async (db, clock) => ({ engine: new PostgresSearch(db, clock), settle: () => pack(db) }));

describe('the PostgreSQL engine', () => {
  let db: Database;
  let clock: ManualClock;
  let engine: PostgresSearch;
  const search = (query: Partial<SearchQuery> = {}) => engine.search({ offset: 0, limit: 100, ...query });
  const ids = async (query: Partial<SearchQuery> = {}) => (await search(query)).hits.map(({ listingId }) => listingId);

  beforeAll(async () => {
    ({ db, clock } = await freshDatabase());
    await prepare(db);
    engine = new PostgresSearch(db, clock);
  });
  beforeEach(() => clear(db));

  test('answers the same whichever changes its bitmaps have, also while they are being made', async () => {
    const changes = fc.array(fc.record({ which: fc.nat(), to: listingFacts, pack: fc.constantFrom('no', 'before', 'meanwhile') }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(anyFacts, changes, anyQuery, async (facts, steps, query) => {
        await clear(db);
        await write(db, facts);
        for (const step of steps) {
          if (step.pack === 'before') await pack(db);
          const i = step.which % facts.listings.length;
          facts.listings[i] = { ...facts.listings[i]!, ...step.to };
          await Promise.all([write(db, { listings: [facts.listings[i]!] }), step.pack === 'meanwhile' ? pack(db) : null]);
          const { newest, counts } = expected(facts, query);
          const answer = await search({ ...query, order: 'NEWEST' });
          const counted = Object.fromEntries(Object.entries(answer.facets).map(([group, values]) => [group, Object.fromEntries(values.map((each) => [each.value, each.count]))]));
          expect({ hits: answer.hits.map((hit) => hit.listingId), total: answer.total, counted }).toEqual({ hits: newest, total: newest.length, counted: counts });
        }
      }),
      { numRuns: runs(60) },
    );
  });

  test('takes one statement, whatever is asked', async () => {
    await write(db, { las: ['301'], listings: Array.from({ length: 30 }, () => aListing({ title: 'Coaching', national: true })) });
    const statements: string[] = [];
    db.onStatement = (sql) => statements.push(sql);
    for (const query of [{}, { words: 'coachign' }, { laCodes: ['301'], words: 'coach' }, { order: 'NEWEST' as const, free: [true] }]) await search(query);
    db.onStatement = undefined;
    expect(statements).toHaveLength(4);
  });

  test('begins its order elsewhere each day, and keeps it for the day', async () => {
    await write(db, { listings: Array.from({ length: 40 }, () => aListing({ title: 'Coaching' })) });
    const days = [];
    for (let day = 0; day < 5; day++) {
      const order = await ids();
      clock.advance({ hours: 1 });
      expect(await ids()).toEqual(order);
      expect(await ids({ words: 'coaching' })).toEqual(order);
      days.push(order);
      clock.advance({ hours: 23 });
    }
    expect(new Set(days.map(([first]) => first)).size).toBeGreaterThan(1);
    for (const order of days) {
      const turn = days[0]!.indexOf(order[0]!);
      expect(order).toEqual([...days[0]!.slice(turn), ...days[0]!.slice(0, turn)]);
    }
  });

  test('packs nothing when nothing changed', async () => {
    await write(db, { listings: [aListing()] });
    await pack(db);
    const statements: string[] = [];
    db.onStatement = (sql) => statements.push(sql);
    await pack(db);
    db.onStatement = undefined;
    expect(statements.filter((sql) => /DELETE FROM search_bitmap/.test(sql))).toEqual([]);
  });

  test('is kept fast by a job', async () => {
    const { jobs } = createSearch(db, clock);
    const listing = aListing({ title: 'Coaching' });
    await write(db, { listings: [listing] });
    expect(jobs.schedule.map(({ task }) => task).sort()).toEqual(Object.keys(jobs.tasks).sort());
    for (const task of Object.values(jobs.tasks)) await task({});
    expect(await db.query('SELECT FROM search_change')).toEqual([]);
    expect(await ids({ words: 'coaching' })).toEqual([listing.id]);
  });

  test('is made whole in one transaction, unseen until it commits', async () => {
    const listings = [aListing({ title: 'Coaching' }), aListing({ title: 'Coaching' })];
    await write(db, { listings });
    await db.query('DELETE FROM search_document');
    await db.transaction(async (tx) => {
      await createSearch(db, clock).rebuildIn(tx);
      expect(await ids()).toEqual([]);
    });
    expect(await db.query('SELECT FROM search_change')).toEqual([]);
    expect((await ids()).sort()).toEqual(listings.map(({ id }) => id).sort());
  });

  test('reaches past the first chunk of slots', async () => {
    const [before, after] = [aListing(), aListing()];
    await write(db, { listings: [before] });
    await db.query(`SELECT setval('search_slot', (SELECT slot FROM search_entry) + 9000)`);
    await write(db, { listings: [after] });
    for (const packed of [false, true]) {
      if (packed) await pack(db);
      expect((await ids()).sort()).toEqual([before.id, after.id].sort());
      expect(await search({ free: [false] })).toMatchObject({ total: 2, facets: { free: [{ value: 'false', count: 2 }] } });
    }
  });

  describe('its words', () => {
    const known = async () => (await db.query<{ word: string }>('SELECT DISTINCT word FROM search_word ORDER BY word')).map(({ word }) => word);

    test('are known from the commit on, and forgotten when no entry has them', async () => {
      const provider = aProvider();
      const [listing, other] = [aListing({ title: 'Oboe lessons', provider }), aListing({ title: 'Piano lessons', provider })];
      await write(db, { listings: [listing, other] });
      expect(await known()).toEqual(expect.arrayContaining(['lessons', 'oboe', 'piano']));
      await write(db, { listings: [{ ...listing, state: 'DRAFT' }] });
      await db.transaction(forgetWords);
      const words = await known();
      expect(words).toEqual(expect.arrayContaining(['lessons', 'piano']));
      expect(words).not.toContain('oboe');
    });

    test('stay while somebody writes an entry that has them', async () => {
      const listing = aListing({ title: 'Bassoon' });
      await write(db, { listings: [listing, ...beside([listing])] });
      await write(db, { listings: [{ ...listing, state: 'DRAFT' }] });
      let forgetting: Promise<void> | undefined;
      await db.transaction(async (tx) => {
        await tx.query(`UPDATE listing SET state = 'PUBLISHED' WHERE id = $1`, [listing.id]);
        await refreshDocuments(tx, [listing.id]); // adds no word: it is known
        forgetting = db.transaction(forgetWords);
        await Promise.race([forgetting, somebodyWaits()]);
      });
      await forgetting;
      expect(await known()).toContain('bassoon');
      expect(await ids({ words: 'basson' })).toEqual([listing.id]);
    });

    const somebodyWaits = async () => {
      for (;;) if ((await db.query('SELECT FROM pg_locks JOIN pg_database d ON d.oid = database WHERE NOT granted AND datname = current_database()')).length > 0) return;
    };

    test('let nobody wait who adds the same ones', async () => {
      const [one, two] = [aListing({ title: 'Contrabassoon' }), aListing({ title: 'Contrabassoon' })];
      await write(db, { listings: [{ ...one, state: 'DRAFT' }, { ...two, state: 'DRAFT' }, ...beside([one, two])] });
      const publish = `UPDATE listing SET state = 'PUBLISHED' WHERE id = $1`;
      await db.transaction(async (first) => {
        await first.query(publish, [one.id]);
        await refreshDocuments(first, [one.id]);
        await db.transaction(async (second) => {
          await second.query(publish, [two.id]);
          await refreshDocuments(second, [two.id]); // would wait for ever, as the first goes on only afterwards
        });
        expect(await ids({ words: 'contrabassoon' })).toEqual([two.id]);
      });
      expect((await ids({ words: 'contrabasson' })).sort()).toEqual([one.id, two.id].sort());
    });
  });
});
