import { setTimeout as sleep } from 'node:timers/promises';
import { type Jobs, runDueJobs, startWorker } from '../../src/platform/jobs/index.js';
import { PermanentFailure } from '../../src/platform/jobs/permanent-failure.js';
import { createLog } from '../../src/platform/log.js';
import { newTrace, traced } from '../../src/platform/trace.js';
import { startApp, type TestServer } from '../support/app.js';
import { failJob } from '../support/jobs.js';

let server: TestServer;
let cookie: string;

beforeAll(async () => {
  server = await startApp();
  cookie = await server.cookieOf(await server.world.person('SYSTEM_ADMIN'));
});

beforeEach(() => sql('DELETE FROM graphile_worker._private_jobs'));

interface Health {
  due: number;
  oldestDueSeconds: number | null;
  failedCount: number;
  failed: { id: string; task: string; attempts: number; error: string | null; failedAt: string; requestId: string | null }[];
}

const HEALTH = '{ due oldestDueSeconds failedCount failed { id task attempts error failedAt requestId } }';
type Answer = { count?: number; health?: Health; code?: string; fields?: { field: string }[] };

const sql = <Row>(text: string, parameters: unknown[] = []) => server.app.db.query<Row>(text, parameters);
const health = async () => (await server.graphql<{ jobHealth: Health }>(`{ jobHealth ${HEALTH} }`, {}, cookie)).data.jobHealth;

async function deal(mutation: 'retryFailedJobs' | 'removeFailedJobs', ids: string[]): Promise<Answer> {
  const success = mutation === 'retryFailedJobs' ? 'FailedJobsRetried' : 'FailedJobsRemoved';
  const problems = '... on Problem { code } ... on ValidationProblem { fields { field } }';
  const text = `mutation ($ids: [ID!]!) { result: ${mutation}(ids: $ids) { ... on ${success} { count health ${HEALTH} } ${problems} } }`;
  const { data, errors } = await server.graphql<{ result: Answer }>(text, { ids }, cookie);
  expect(errors).toBeUndefined();
  return data.result;
}
const both = ['retryFailedJobs', 'removeFailedJobs'] as const;

/** Jobs of a single task, which does as it is told at each try. */
const jobsThat = (work: () => Promise<void>): Jobs => ({ tasks: { 'try-it': work }, schedule: [] });
const addJob = () => traced(newTrace('request-7'), () => server.app.db.transaction((tx) => tx.addJob('try-it', { id: 'of somebody' })));

async function runTimes(times: number, work: () => Promise<void>): Promise<void> {
  for (let i = 0; i < times; i++) {
    await sql('UPDATE graphile_worker._private_jobs SET run_at = now()');
    await runDueJobs(server.app.db, jobsThat(work));
  }
}

test('where nothing waits and nothing failed', async () => {
  expect(await health()).toEqual({ due: 0, oldestDueSeconds: null, failedCount: 0, failed: [] });
});

test('what is due is counted, with how long the oldest has been; what is put off is not, nor what is under way', async () => {
  for (let i = 0; i < 4; i++) await addJob();
  const ids = (await sql<{ id: number }>('SELECT id FROM graphile_worker._private_jobs ORDER BY id')).map(({ id }) => id);
  await sql(`UPDATE graphile_worker._private_jobs SET run_at = now() - interval '90 seconds' WHERE id = $1`, [ids[0]]);
  await sql(`UPDATE graphile_worker._private_jobs SET run_at = now() + interval '1 hour', attempts = 1 WHERE id = $1`, [ids[1]]);
  await sql(
    `UPDATE graphile_worker._private_jobs SET run_at = now() - interval '1 hour', attempts = 1, locked_at = now(), locked_by = 'w' WHERE id = $1`,
    [ids[2]],
  );
  const { due, oldestDueSeconds, failedCount } = await health();
  expect([due, failedCount]).toEqual([2, 0]);
  expect(oldestDueSeconds).toBeGreaterThanOrEqual(90);
  expect(oldestDueSeconds).toBeLessThan(300);
});

test('what failed for good four times is seen, is put back, and is done', async () => {
  await addJob();
  const refuse = () => Promise.reject(new PermanentFailure('The mail server will not have it.'));
  await runTimes(3, refuse);
  expect((await health()).failedCount).toBe(0);
  const before = Date.now();
  await runTimes(3, refuse);
  const { failed, ...counts } = await health();
  expect(counts).toEqual({ due: 0, oldestDueSeconds: null, failedCount: 1 });
  const [id, failedAt] = [expect.stringMatching(/^\d+$/), expect.any(String)];
  expect(failed).toEqual([{ id, task: 'try-it', attempts: 4, error: 'The mail server will not have it.', failedAt, requestId: 'request-7' }]);
  expect(Math.abs(Date.parse(failed[0]!.failedAt) - before)).toBeLessThan(30_000);

  const after = { due: 1, oldestDueSeconds: expect.any(Number), failedCount: 0, failed: [] };
  expect(await deal('retryFailedJobs', [failed[0]!.id, failed[0]!.id])).toEqual({ count: 1, health: after });
  expect(await sql('SELECT attempts, max_attempts AS most FROM graphile_worker._private_jobs')).toEqual([{ attempts: 0, most: 25 }]);
  await runDueJobs(server.app.db, jobsThat(async () => {}));
  expect(await sql('SELECT FROM graphile_worker._private_jobs')).toEqual([]);
});

test('what failed twenty-five times is seen, and is removed', async () => {
  await addJob();
  await sql('UPDATE graphile_worker._private_jobs SET attempts = 23');
  await runTimes(1, () => Promise.reject(new Error('Not yet.')));
  expect((await health()).failedCount).toBe(0);
  await runTimes(1, () => Promise.reject(new Error('Not now either.')));
  const { failed } = await health();
  expect(failed).toMatchObject([{ attempts: 25, error: 'Not now either.' }]);
  expect(Math.abs(Date.parse(failed[0]!.failedAt) - Date.now())).toBeLessThan(30_000);
  expect(await deal('removeFailedJobs', [failed[0]!.id])).toMatchObject({ count: 1, health: { failedCount: 0, failed: [] } });
  expect(await sql('SELECT FROM graphile_worker._private_jobs')).toEqual([]);
});

test('a job whose process was killed in its last try is seen, though it has no error', async () => {
  await addJob();
  await sql('UPDATE graphile_worker._private_jobs SET attempts = max_attempts');
  const { failed } = await health();
  expect(failed).toMatchObject([{ attempts: 25, error: null }]);
  expect(Date.parse(failed[0]!.failedAt)).toBeLessThanOrEqual(Date.now() + 30_000);
});

test('a job that waits, or is put off, is neither put back nor removed', async () => {
  await addJob();
  const [job] = await sql<{ id: string }>('SELECT id::text AS id FROM graphile_worker._private_jobs');
  for (const mutation of both) expect(await deal(mutation, [job!.id])).toEqual({ code: 'NOT_FOUND' });
  await runTimes(1, () => Promise.reject(new Error('Not yet.')));
  const row = await sql('SELECT * FROM graphile_worker._private_jobs');
  for (const mutation of both) expect(await deal(mutation, [job!.id])).toEqual({ code: 'NOT_FOUND' });
  expect(await sql('SELECT * FROM graphile_worker._private_jobs')).toEqual(row);
});

test('a job in the middle of its last try has not failed', async () => {
  await addJob();
  await sql('UPDATE graphile_worker._private_jobs SET attempts = 24');
  let end = () => {};
  const middle = new Promise<void>((resolve) => (end = resolve));
  let begun = false;
  const worker = startWorker(server.app.db, jobsThat(() => ((begun = true), middle)), createLog('silent'));
  while (!begun) await sleep(10);
  const [job] = await sql<{ id: string; attempts: number }>('SELECT id::text AS id, attempts FROM graphile_worker._private_jobs');
  expect(job!.attempts).toBe(25);
  expect(await health()).toEqual({ due: 0, oldestDueSeconds: null, failedCount: 0, failed: [] });
  for (const mutation of both) expect(await deal(mutation, [job!.id])).toEqual({ code: 'NOT_FOUND' });
  end();
  await worker.stop();
  expect(await sql('SELECT FROM graphile_worker._private_jobs')).toEqual([]);
});

test('one that has not failed keeps the others from being dealt with', async () => {
  const id = await failJob(server.app.db, 'try-it');
  await addJob();
  const [waiting] = await sql<{ id: string }>('SELECT id::text AS id FROM graphile_worker._private_jobs WHERE attempts = 0');
  for (const mutation of both) expect(await deal(mutation, [id, waiting!.id])).toEqual({ code: 'NOT_FOUND' });
  expect((await health()).failed).toMatchObject([{ id }]);
});

test('of two who deal with a job at the same time, one does', async () => {
  for (let i = 0; i < 5; i++) {
    const id = await failJob(server.app.db, 'try-it');
    const codes = (await Promise.all([deal('retryFailedJobs', [id]), deal('removeFailedJobs', [id])])).map(({ code = 'done' }) => code);
    expect(codes.sort()).toEqual(['NOT_FOUND', 'done']);
  }
});

test.each([
  ['none', []],
  ['too many', Array.from({ length: 101 }, (_, i) => String(i + 1))],
  ['no digits', ['1', 'x']],
  ['an address of rows', ["1'; --"]],
  ['a sign', ['-1']],
  ['a number beyond what the database counts to', ['9'.repeat(30)]],
])('ids that cannot be used are refused: %s', async (_what, ids) => {
  const refusal = { code: 'VALIDATION', fields: [{ field: expect.stringMatching(/^ids/) }] };
  for (const mutation of both) expect(await deal(mutation, ids)).toMatchObject(refusal);
});

test('of many the latest hundred are shown, and all are counted', async () => {
  const ids: string[] = [];
  for (let i = 0; i < 103; i++) ids.push(await failJob(server.app.db, 'try-it'));
  const earlier = `created_at = now() - interval '1 day', run_at = run_at - interval '1 hour'`;
  await sql(`UPDATE graphile_worker._private_jobs SET ${earlier} WHERE id = $1`, [ids.at(-1)]);
  const { failed, failedCount } = await health();
  expect(failedCount).toBe(103);
  expect(failed.map(({ id }) => id)).toEqual(ids.slice(2, -1).reverse());
  expect((await deal('retryFailedJobs', ids.slice(0, 100))).count).toBe(100);
});

test('an error is shown without addresses, and not at any length', async () => {
  const addresses = `550 <ada.head+x@school.example.org>: unknown, also 'b@c.uk' and to=d@e.org; `;
  await failJob(server.app.db, 'send-mail', { error: addresses + 'x'.repeat(5000) });
  const { error } = (await health()).failed[0]!;
  expect(error).toMatch(/^550 <\(an address\)>: unknown, also '\(an address\)' and to=\(an address\); x+$/);
  expect(error).toHaveLength(1000);
});

test('it is for system administrators alone', async () => {
  const id = await failJob(server.app.db, 'try-it');
  const officer = await server.cookieOf(await server.world.officer('990'));
  const asked = ['{ jobHealth { failedCount } }', ...both.map((mutation) => `mutation { ${mutation}(ids: ["${id}"]) { __typename } }`)];
  for (const [who, code] of [[officer, 'FORBIDDEN'], [null, 'UNAUTHENTICATED']] as const) {
    for (const query of asked) {
      const { errors } = await server.graphql(query, {}, who);
      expect(errors?.map(({ extensions }) => extensions.code)).toEqual([code]);
    }
  }
  expect((await health()).failed).toMatchObject([{ id }]);
});
