import { spawn } from 'node:child_process';
import { cloneTemplate } from '../support/database.js';
import { freePort, MAIN, sleep, start, type Started } from '../support/process.js';

const production = async (database: string) => ({
  NODE_ENV: 'production',
  DATABASE_URL: database,
  SESSION_SECRET: 'a secret for tests, long enough to be one',
  PUBLIC_URL: 'http://localhost',
  SMTP_URL: 'smtp://127.0.0.1:1',
  HOST: '127.0.0.1',
  PORT: String(await freePort()),
  METRICS_PORT: String(await freePort()),
  SHUTDOWN_DELAY_SECONDS: '0.2',
});

/** Every line, each of which must be JSON. */
const linesOf = (service: Started) =>
  `${service.out()}${service.err()}`
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const logged = async (service: Started, msg: string): Promise<void> => {
  while (!linesOf(service).some((line) => line['msg'] === msg)) await sleep(20);
};

const statusOf = (port: string, path: string) => fetch(`http://127.0.0.1:${port}${path}`).then(({ status }) => status);

test('a service in production writes nothing but lines of JSON, tells how it is, and ends in order', async () => {
  const { url } = await cloneTemplate();
  const settings = await production(url);
  const service = start(['serve'], settings);
  await logged(service, 'serving');
  while ((await statusOf(settings.PORT, '/ready')) !== 200) await sleep(20);
  expect(await statusOf(settings.PORT, '/')).toBe(200);
  expect(await statusOf(settings.PORT, '/listings/7e000000-0000-4000-8000-000000000000?secret=word')).toBe(404);
  expect(await statusOf(settings.PORT, '/metrics')).toBe(404);
  expect(await statusOf(settings.METRICS_PORT, '/')).toBe(404);
  expect(await statusOf(settings.METRICS_PORT, '/ready')).toBe(200);
  const metrics = await (await fetch(`http://127.0.0.1:${settings.METRICS_PORT}/metrics`)).text();
  expect(metrics).toMatch(/signpost_http_request_seconds_count\{method="GET",route="\/",status="200"\} 1\n/);
  for (const name of ['signpost_database_connections', 'signpost_jobs_due', 'signpost_mail_oldest_seconds', 'signpost_ready', 'nodejs_eventloop_lag_seconds']) expect(metrics).toMatch(new RegExp(`^${name} `, 'm'));

  service.child.kill('SIGTERM');
  while ((await statusOf(settings.METRICS_PORT, '/ready').catch(() => 503)) === 200) await sleep(5);
  expect(await service.ended).toBe(0);
  const requests = linesOf(service).filter(({ msg }) => msg === 'request');
  expect(requests.map(({ route, status, actor }) => [route, status, actor])).toEqual([
    ['/', 200, 'anonymous'],
    ['/listings/:id', 404, 'anonymous'],
    ['none', 404, 'anonymous'],
  ]);
  expect(requests.every(({ id }) => typeof id === 'string')).toBe(true);
  expect(`${service.out()}${service.err()}`).not.toContain('word');
});

test('a worker tells how it is, and ends in order', async () => {
  const { url } = await cloneTemplate();
  const settings = await production(url);
  const worker = start(['worker'], settings);
  await logged(worker, 'working');
  while ((await statusOf(settings.METRICS_PORT, '/ready')) !== 200) await sleep(20);
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toBe(0);
  expect(linesOf(worker).length).toBeGreaterThan(0);
});

test('a start waits for a database that is not there, says so, and gives up in one line', async () => {
  const settings = { ...(await production('postgres://nobody@127.0.0.1:1/none')), DATABASE_WAIT_SECONDS: '1' };
  const service = start(['serve'], settings);
  await logged(service, 'waiting for the database');
  expect(await Promise.all(['/ping', '/ready', '/health', '/'].map((path) => statusOf(settings.PORT, path)))).toEqual([200, 503, 503, 503]);
  expect(await service.ended).toBe(1);
  expect(linesOf(service).at(-1)).toMatchObject({ msg: expect.stringMatching(/^The database cannot be reached: /) });
});

test('what is asked to end during its start ends', async () => {
  const settings = await production('postgres://nobody@127.0.0.1:1/none');
  const service = start(['serve'], settings);
  await logged(service, 'waiting for the database');
  service.child.kill('SIGTERM');
  expect(await service.ended).toBe(0);
});

test('whoever reads the log may stand still: the service answers, and ends when it is asked to', async () => {
  const { url } = await cloneTemplate();
  const settings = await production(url);
  const child = spawn(MAIN, ['serve'], { env: { PATH: process.env['PATH'], ...settings }, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  while ((await statusOf(settings.PORT, '/ready').catch(() => 503)) !== 200) await sleep(20);
  for (let i = 0; i < 400; i++) expect(await statusOf(settings.PORT, `/nothing-${i}`)).toBe(404); // some 100 kB of lines
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

test('the demo is loaded neither in production nor beside schools or people', async () => {
  const { url } = await cloneTemplate();
  const inProduction = start(['demo'], await production(url));
  expect([await inProduction.ended, linesOf(inProduction).map(({ msg }) => msg)]).toEqual([1, [expect.stringContaining('it is not loaded in production')]]);

  const admin = start(['add-admin', 'it@council.example'], { DATABASE_URL: url, SESSION_SECRET: 'a secret for tests, long enough to be one' });
  expect(await admin.ended).toBe(0);
  const beside = start(['demo'], { DATABASE_URL: url, SESSION_SECRET: 'a secret for tests, long enough to be one' });
  expect([await beside.ended, beside.err().trim()]).toEqual([1, 'There are schools, providers or people in this database. The demo is only for an empty one: use another DATA_DIR or DATABASE_URL.']);
});
