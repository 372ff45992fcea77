import { setTimeout as sleep } from 'node:timers/promises';
import { Database, DatabaseUnavailable, defaultLimits, isUnavailable } from '../../src/platform/database/index.js';
import { isConnectionLost } from '../../src/platform/database/unavailable.js';
import { ManualClock } from '../../src/platform/clock.js';
import { Proxy } from '../faults/proxy.js';
import { cloneTemplate } from '../support/database.js';

const coded = (code: string, rest: object = {}) => Object.assign(new Error('x'), { code, ...rest });

describe('an error', () => {
  test.each([
    [coded('ECONNREFUSED'), true, true],
    [coded('ENOENT', { syscall: 'connect' }), true, true],
    [coded('57P01'), true, true],
    [coded('57P03'), true, true],
    [coded('53300'), true, true],
    [coded('08006'), true, true],
    [coded('25006'), true, true],
    [new Error('Query read timeout'), true, true],
    [new Error('Connection terminated unexpectedly'), true, true],
    [new Error('Query runner already released. Cannot run queries anymore.'), true, true],
    [new Error('timeout exceeded when trying to connect'), true, true],
    [coded('57014'), true, false],
    [coded('55P03'), true, false],
    [coded('53100'), true, false],
    [coded('40P01'), true, false],
    [{ driverError: coded('57P01') }, true, true],
    [new DatabaseUnavailable(coded('57014')), true, false],
    [new DatabaseUnavailable(coded('57P01')), true, true],
    [coded('08P01'), false, false],
    [coded('23505'), false, false],
    [coded('42P01'), false, false],
    [coded('ENOENT', { syscall: 'open' }), false, false],
    [new Error('something else'), false, false],
    [null, false, false],
    [undefined, false, false],
  ])('%p: the database cannot answer %s, the connection is lost %s', (error, unavailable, lost) => {
    expect([isUnavailable(error), isConnectionLost(error)]).toEqual([unavailable, lost]);
  });
});

describe('a database behind a line that fails', () => {
  let proxy: Proxy;
  let db: Database;

  beforeAll(async () => {
    const { url, name } = await cloneTemplate();
    const [, folder] = /@([^:]+):/.exec(url)!;
    proxy = await Proxy.start(`${decodeURIComponent(folder!)}/.s.PGSQL.5432`);
    const limits = { ...defaultLimits, acquireMs: 500, statementMs: 500, poolSize: 5 };
    db = await Database.connect({ url: `postgres://signpost@127.0.0.1:${proxy.port}/${name}`, clock: new ManualClock(), limits });
  });

  afterAll(async () => {
    await db.close();
    await proxy.close();
  });

  const works = () => db.query('SELECT 1 AS one');
  const many = <T>(ask: () => Promise<T>) => Promise.allSettled(Array.from({ length: 5 }, ask));

  test('cancels a statement that takes too long, and a transaction with it', async () => {
    await expect(db.query('SELECT pg_sleep(60)')).rejects.toThrow(DatabaseUnavailable);
    await expect(db.transaction((tx) => tx.query('SELECT pg_sleep(60)'))).rejects.toThrow(DatabaseUnavailable);
    expect(await db.longTransaction((tx) => tx.query<{ slept: string }>('SELECT pg_sleep(1) AS slept'))).toHaveLength(1);
    expect(await works()).toEqual([{ one: 1 }]);
  });

  test('ends a transaction in which nothing is asked', async () => {
    const limits = { ...defaultLimits, idleTransactionMs: 200 };
    const { url } = await cloneTemplate();
    const other = await Database.connect({ url, clock: new ManualClock(), limits });
    await expect(
      other.transaction(async (tx) => {
        await sleep(600);
        await tx.query('SELECT 1');
      }),
    ).rejects.toThrow(DatabaseUnavailable);
    await other.close();
  });

  test('gives up on connections that carry nothing any more, and has new ones as soon as the line works', async () => {
    await many(works);
    proxy.swallow();
    const answers = await many(works);
    expect(answers.every((each) => each.status === 'rejected' && each.reason instanceof DatabaseUnavailable)).toBe(true);
    await proxy.pass();
    expect((await many(works)).map(({ status }) => status)).toEqual(Array.from({ length: 5 }, () => 'fulfilled'));
  });

  test('is told from one that refuses what was asked', async () => {
    await expect(db.query('SELECT FROM no_such_table')).rejects.not.toThrow(DatabaseUnavailable);
  });

  test('loses a session with its locks when the line fails, and says so', async () => {
    let lost = 0;
    const session = await db.openSession('test', 60_000, () => lost++);
    await session.query('SELECT pg_advisory_lock(1)');
    await proxy.refuse();
    while (lost === 0) await sleep(10);
    await expect(session.query('SELECT 1')).rejects.toThrow(/not queryable|terminated|closed/);
    await proxy.pass();
    const next = await db.openSession('test', 60_000, () => {});
    expect(await next.query('SELECT pg_try_advisory_lock(1) AS mine')).toEqual([{ mine: true }]);
    await next.close();
    expect(lost).toBe(1);
  });
});
