import { migrations } from '../../migrations/index.js';
import { anonymous } from '../../src/platform/actor.js';
import { connect } from '../../src/app.js';
import { ManualClock } from '../../src/platform/clock.js';
import { Database } from '../../src/platform/database/index.js';
import { newId } from '../../src/platform/id.js';
import { once } from '../../src/platform/idempotency.js';
import { runDueJobs, startWorker } from '../../src/platform/jobs/index.js';
import { createLog } from '../../src/platform/log.js';
import { mailJobs, type Message } from '../../src/platform/mail/index.js';
import { sendMail } from '../../src/platform/mail/mail.js';
import { attempt, NotFound, Problem, problemType, refuse } from '../../src/platform/problem.js';
import { withinRate } from '../../src/platform/rate-limit.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';

let fresh: FreshDatabase;
let db: Database;

beforeAll(async () => {
  fresh = await freshDatabase();
  db = fresh.db;
  await db.query(`CREATE TABLE note (id int PRIMARY KEY, text text, CONSTRAINT note_short CHECK (length(text) < 10))`);
});

const notes = async () => (await db.query<{ id: number }>('SELECT id FROM note ORDER BY id')).map((row) => row.id);

describe('a unit of work', () => {
  test('writes all or nothing, its jobs included', async () => {
    const jobs = async () => (await db.query<{ count: number }>('SELECT count(*) FROM graphile_worker.jobs'))[0]!.count;
    const before = await jobs();
    const result = await attempt(() =>
      db.transaction(async (tx) => {
        await tx.query(`INSERT INTO note VALUES (1, 'a')`);
        await tx.addJob('send-mail', { id: newId() });
        refuse(new NotFound('It is not there.'));
      }),
    );
    expect(result).toMatchObject({ code: 'NOT_FOUND' });
    expect([await notes(), await jobs()]).toEqual([[], before]);
  });

  test('tells the time of the product’s clock', async () => {
    fresh.clock.advance({ days: 3 });
    expect(await db.transaction(async (tx) => tx.now)).toEqual(fresh.clock.now());
  });

  test('is made again after a deadlock, so that both writers get what they asked for', async () => {
    await db.query(`INSERT INTO note VALUES (10, ''), (11, '')`);
    let tries = 0;
    const both: (() => void)[] = [];
    const meet = () => new Promise<void>((resolve) => (both.push(resolve) === 2 ? both.forEach((go) => go()) : undefined));
    const write = (first: number, second: number) =>
      db.transaction(async (tx) => {
        await tx.query(`UPDATE note SET text = text || 'x' WHERE id = $1`, [first]);
        if (++tries <= 2) await meet();
        await tx.query(`UPDATE note SET text = text || 'x' WHERE id = $1`, [second]);
      });
    await Promise.all([write(10, 11), write(11, 10)]);
    expect(tries).toBe(3);
    expect(await db.query('SELECT text FROM note WHERE id IN (10, 11)')).toEqual([{ text: 'xx' }, { text: 'xx' }]);
  });

  test('turns a constraint into the problem that the room gave it, also one that speaks at COMMIT', async () => {
    const TooLong = problemType('TooLong', 'The note is too long.');
    const own = await Database.connect({
      url: fresh.url,
      clock: new ManualClock(),
      constraints: { note_short: () => new TooLong('Shorten it.'), note_later: () => new TooLong('Later.') },
    });
    await own.query(`CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '23514', CONSTRAINT = 'note_later'; END $$`);
    await own.query(`CREATE CONSTRAINT TRIGGER note_later AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.id = 21) EXECUTE FUNCTION later()`);
    const insert = (id: number, text: string) => attempt(() => own.transaction((tx) => tx.query('INSERT INTO note VALUES ($1, $2)', [id, text])));
    expect(await insert(20, 'much too long')).toMatchObject({ code: 'TOO_LONG', message: 'Shorten it.' });
    expect(await insert(21, 'ok')).toMatchObject({ code: 'TOO_LONG', message: 'Later.' });
    expect(await insert(22, 'ok')).toEqual([]);
    await own.close();
  });
});

describe('an idempotency key', () => {
  const ann = { ...anonymous, kind: 'person' as const, personId: newId() };
  const create = (key: string | null, id: number, input: unknown = { id }, actor = ann, fail = false) =>
    attempt(() =>
      db.transaction((tx) =>
        once(tx, actor, key, input, async () => {
          await tx.query('INSERT INTO note VALUES ($1, $2)', [id, 'made']);
          if (fail) refuse(new NotFound('no'));
          return { type: 'Note', id: String(id) };
        }),
      ),
    );

  test('makes one effect of many that come at once, and gives all of them its result', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => create('one', 30)));
    expect(results).toEqual(Array.from({ length: 20 }, () => ({ type: 'Note', id: '30' })));
  });

  test('is refused for another input, and does not mind the order of fields or an absent one', async () => {
    await create('two', 31, { a: 1, b: { c: 2, d: null } });
    expect(await create('two', 31, { b: { c: 2 }, a: 1 })).toEqual({ type: 'Note', id: '31' });
    expect(((await create('two', 31, { a: 1, b: { c: 3 } })) as unknown as Problem).code).toBe('CONFLICT');
    expect(((await create('two', 31, { a: 2, b: { c: 2 } })) as unknown as Problem).code).toBe('CONFLICT');
  });

  test('is not used up by a refusal, and is each person’s own', async () => {
    expect(await create('three', 32, {}, ann, true)).toBeInstanceOf(NotFound);
    expect(await create('three', 32, {})).toEqual({ type: 'Note', id: '32' });
    expect(await create('three', 33, {}, { ...ann, personId: newId() })).toEqual({ type: 'Note', id: '33' });
  });
});

describe('a message', () => {
  test('is sent once its unit of work has committed, and its text is then forgotten', async () => {
    const sent: Message[] = [];
    const jobs = mailJobs(db, { send: async (message) => void sent.push(message) });
    await db.transaction((tx) => sendMail(tx, { to: 'a@example.org', subject: 'Hello', text: 'the code is 123456' }));
    expect(sent).toEqual([]);
    await runDueJobs(db, jobs);
    await runDueJobs(db, jobs);
    expect(sent).toMatchObject([{ to: 'a@example.org', text: 'the code is 123456' }]);
    expect(await db.query('SELECT text, sent_at IS NOT NULL AS sent FROM mail')).toEqual([{ text: '', sent: true }]);
  });

  test('is sent again, under the same id, when the transport failed', async () => {
    const sent: Message[] = [];
    let working = false;
    const jobs = mailJobs(db, {
      send: async (message) => {
        sent.push(message);
        if (!working) throw new Error('the mail server is away');
      },
    });
    await db.transaction((tx) => sendMail(tx, { to: 'b@example.org', subject: 'Hello', text: 'x' }));
    // That it failed is written down late, as by a busy PostgreSQL.
    await db.query(`CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END $$`);
    await db.query(`CREATE TRIGGER slowly BEFORE UPDATE OF last_error ON graphile_worker._private_jobs EXECUTE FUNCTION slowly()`);
    await runDueJobs(db, jobs);
    working = true;
    await db.query('UPDATE graphile_worker._private_jobs SET run_at = now()');
    await runDueJobs(db, jobs);
    expect(sent).toHaveLength(2);
    expect(sent[0]!.id).toBe(sent[1]!.id);
  });
});

describe('the worker', () => {
  test('runs a job soon after it was added, and stops when told', async () => {
    const ran: unknown[] = [];
    const worker = startWorker(fresh.db, { tasks: { remember: async (payload) => void ran.push(payload) }, schedule: [] }, createLog('silent'));
    await db.transaction((tx) => tx.addJob('remember', { id: 7 }));
    while (ran.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await worker.stop();
    expect(ran).toEqual([{ id: 7 }]);
  });
});

describe('a rate limit', () => {
  test('allows so many in a window and begins anew after it', async () => {
    const start = new Date('2026-09-07T09:00:00Z');
    const at = (seconds: number) => withinRate(db, 'k', 3, 60, new Date(start.getTime() + seconds * 1000));
    expect([await at(0), await at(10), await at(20), await at(59)]).toEqual([true, true, true, false]);
    expect([await at(60), await at(61)]).toEqual([true, true]);
  });

  test('is not shut for longer by a clock that was wrong for a while', async () => {
    const start = new Date('2026-09-07T09:00:00Z');
    const at = (seconds: number) => withinRate(db, 'jumped', 1, 60, new Date(start.getTime() + seconds * 1000));
    const day = 86_400;
    expect([await at(day), await at(day + 1)]).toEqual([true, false]); // the clock is a day ahead
    expect([await at(0), await at(1)]).toEqual([true, false]);
    expect([await at(-day), await at(-day + 1)]).toEqual([true, false]); // and a day behind
    expect(await at(30)).toBe(true);
  });

  test('counts simultaneous uses one by one', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => withinRate(db, 'many', 5, 60, new Date())));
    expect(results.filter(Boolean)).toHaveLength(5);
  });
});

describe('two migrations at once', () => {
  test('leave one migrated database', async () => {
    const { url } = await freshDatabase();
    const [a, b] = await Promise.all([connect(url, new ManualClock()), connect(url, new ManualClock())]);
    await a.query('DROP TABLE IF EXISTS migrations; DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    const done = await Promise.all([a.migrate(), b.migrate()]);
    expect(done.map((names) => names.length).sort()).toEqual([0, migrations.length]);
    await Promise.all([a.close(), b.close()]);
  });
});
