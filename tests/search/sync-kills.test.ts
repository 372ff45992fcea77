import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { connect, migrate } from '../../src/app.js';
import { systemClock } from '../../src/platform/clock.js';
import type { Database } from '../../src/platform/database/index.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js';
import { createSearch, type KeptIndex } from '../../src/search/index.js';
import { describeWithMeilisearch, startMeilisearch, type TestMeilisearch } from '../support/meilisearch.js';
import { newFolder, start, type Started } from '../support/process.js';
import { runs } from '../support/runs.js';
import { change, compare, eventually, settled } from './kept.js';
import { aListing, aProvider, prepare, write } from './world.js';

const CHANGES = runs(500);

describeWithMeilisearch('with two workers', () => {
  let postgres: EmbeddedPostgres;
  let db: Database;
  let meilisearch: TestMeilisearch;
  let index: KeptIndex;
  const workers: Started[] = [];
  const provider = aProvider(); // one, so that it always has something published
  const listings = Array.from({ length: 40 }, (_, i) => aListing({ title: `Coaching ${i}`, provider }));

  const startWorker = async () => {
    const worker = start(['worker'], { DATABASE_URL: postgres.url, MEILI_HOST: meilisearch.host, MEILI_KEY: meilisearch.key, MEILI_INDEX_PREFIX: meilisearch.prefix, LOG_LEVEL: 'silent', SESSION_SECRET: 'a secret for tests, long enough to be one' });
    workers.push(worker);
    await worker.says('The worker runs.');
  };
  /** The worker that publishes, as its connection says. */
  const publisher = async () => {
    const rows = await db.query<{ pid: number }>(
      `SELECT split_part(application_name, ' ', 3)::int AS pid FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid AND l.locktype = 'advisory' AND l.granted WHERE application_name LIKE 'signpost publisher %'`,
    );
    return workers.find(({ child }) => child.pid === rows[0]?.pid);
  };
  const killWorker = async (worker: Started) => {
    worker.child.kill('SIGKILL');
    await worker.ended;
    workers.splice(workers.indexOf(worker), 1);
  };
  const whileUp = (work: () => Promise<unknown>) => eventually('the database answers', () => work().then(() => true));

  beforeAll(async () => {
    postgres = await startEmbeddedPostgres({ dataDir: newFolder(), settings: { fsync: 'off' } });
    await migrate(postgres.url, systemClock);
    db = await connect(postgres.url, systemClock);
    await prepare(db);
    await write(db, { listings });
    meilisearch = await startMeilisearch();
    index = createSearch(db, systemClock, meilisearch).index!;
    await Promise.all([startWorker(), startWorker()]);
    await settled(db);
  });
  afterAll(async () => {
    for (const worker of workers) worker.child.kill('SIGTERM');
    await Promise.all(workers.map(({ ended }) => ended));
    await db.close();
    await postgres.stop();
  });

  test(`the publisher is killed, ${runs(30)} times: the other one publishes within 5 seconds`, async () => {
    for (let round = 0; round < runs(30); round++) {
      await eventually('somebody publishes', async () => (await publisher()) !== undefined);
      const victim = (await publisher())!;
      const word = `bassoon${'abcdefghijklmnopqrstuvwxyzabcd'[round]}${round}`;
      await Promise.all([change(db, listings[round % 40]!.id, { title: word }), sleep(round * 7).then(() => killWorker(victim))]);
      await eventually(`${word} is found`, async () => {
        const { hits, engine } = await index.engine.search({ words: word, offset: 0, limit: 5 });
        return engine === 'MEILISEARCH' && hits.length === 1;
      }, 5);
      await startWorker();
    }
    await settled(db);
    const { indexed, stored } = await compare(db, meilisearch);
    expect(indexed).toEqual(stored);
  });

  test(`worker, Meilisearch and PostgreSQL are killed at any moment of ${CHANGES} changes: nothing hidden is found, and in the end the index is true`, async () => {
    // What each listing is, and was a moment ago: while a change commits either may be found.
    const shown = new Map(listings.map(({ id }) => [id, { now: true, changing: false }]));
    const wrong: string[] = [];
    const answers: Record<string, number> = {};
    let done = false;
    const searching = async () => {
      while (!done) {
        const before = new Set([...shown].filter(([, { now, changing }]) => !now && !changing).map(([id]) => id));
        const answer = await index.engine.search({ offset: 0, limit: 100 }).catch(() => null); // PostgreSQL is away
        for (const { listingId } of answer?.hits ?? []) {
          const { now, changing } = shown.get(listingId)!;
          if (before.has(listingId) && !now && !changing) wrong.push(listingId);
        }
        answers[answer?.engine ?? 'NONE'] = (answers[answer?.engine ?? 'NONE'] ?? 0) + 1;
        await sleep(answer ? 1 : 20);
      }
    };
    const kills = {
      worker: async () => {
        await killWorker(workers[0]!);
        await startWorker();
      },
      meilisearch: async () => {
        await meilisearch.kill();
        await meilisearch.start();
      },
      // One of its processes: PostgreSQL then ends all and recovers from its log.
      postgres: async () => {
        const client = new pg.Client(postgres.url);
        client.on('error', () => {});
        await client.connect();
        const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        process.kill(rows[0]!.pid, 'SIGKILL');
        await client.end().catch(() => {});
      },
    };
    const steps = fc.sample(
      fc.record({ which: fc.nat(listings.length - 1), title: fc.nat(1000), hide: fc.boolean(), kill: fc.option(fc.constantFrom(...(Object.keys(kills) as (keyof typeof kills)[])), { freq: 9, nil: null }) }).map((step) => step),
      CHANGES,
    );
    const searches = [searching(), searching()];
    let killing: Promise<unknown> = Promise.resolve();
    const killed: Record<string, number> = {};
    for (const [i, { which, title, hide, kill: drawn }] of steps.entries()) {
      const { id } = listings[which]!;
      const kill = i % 10 === 5 ? (Object.keys(kills) as (keyof typeof kills)[])[((i - 5) / 10) % 3]! : CHANGES > 100 && i % 10 === 0 ? drawn : null;
      if (kill) {
        killed[kill] = (killed[kill] ?? 0) + 1;
        killing = killing.then(kills[kill]).catch(() => {}); // a worker does not start while PostgreSQL is away: the next kill finds fewer
      }
      shown.get(id)!.changing = true;
      await whileUp(() => change(db, id, { title: `Coaching ${title}`, state: hide ? 'DRAFT' : 'PUBLISHED' }));
      shown.set(id, { now: !hide, changing: false });
      await sleep(20);
    }
    await killing;
    done = true;
    await Promise.all(searches);
    while (workers.length < 2) await startWorker();
    await settled(db);
    const { indexed, stored } = await compare(db, meilisearch);
    expect(indexed).toEqual(stored);
    expect(stored.map(([id]) => id)).toEqual([...shown].filter(([, { now }]) => now).map(([id]) => id).sort());
    expect(wrong).toEqual([]);
    expect(Object.keys(killed).sort()).toEqual(['meilisearch', 'postgres', 'worker']);
    expect(answers['MEILISEARCH']).toBeGreaterThan(0);
  });
});
