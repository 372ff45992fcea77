import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { importsRetention } from '../../src/imports/index.js';
import { ManualClock } from '../../src/platform/clock.js';
import { defaultImportSettings } from '../../src/platform/import-settings.js';
import { applyRetention } from '../../src/platform/retention.js';
import { createLog } from '../../src/platform/log.js';
import { HealthMonitor } from '../../src/server/health.js';
import { startServices, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';

const folder = mkdtempSync(join(tmpdir(), 'signpost-fetch-'));
const HEAD = 'URN,LA (code),EstablishmentName,EstablishmentStatus (name)\n';
const schools = (name: string, count = 20) => HEAD + Array.from({ length: count }, (_, i) => `${930001 + i},971,${name} ${i},Open\n`).join('');

/** What the address answers, by path; and what it was asked. */
let answers: Record<string, { status?: number; headers?: Record<string, string>; body?: string | Buffer; hangs?: boolean }> = {};
let asked: { path: string; headers: NodeJS.Dict<string | string[]> }[] = [];
let http: Server;
let url: string;

let services: TestApp;
let place: string[] = [];
const settings = { ...defaultImportSettings, mostBytes: 100_000, fetchMs: 1500, from: { SCHOOLS: place, PROVIDERS: [], TERM_DATES: [] } };

beforeAll(async () => {
  http = createServer((request, response) => {
    asked.push({ path: request.url!, headers: request.headers });
    const { status = 200, headers = {}, body = '', hangs = false } = answers[request.url!] ?? { status: 404 };
    if (headers['ETag'] && request.headers['if-none-match'] === headers['ETag']) return void response.writeHead(304).end();
    response.writeHead(status, headers);
    response.write(body);
    if (!hangs) response.end();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  services = await startServices({ imports: settings });
});
afterAll(() => {
  http.closeAllConnections();
  http.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  answers = {};
  asked = [];
  await services.app.db.query('DELETE FROM import_run; DELETE FROM setting; DELETE FROM notice; DELETE FROM school');
});

interface Told {
  state: string;
  report: string;
  fileName: string | null;
}

/** Fetches from there. @returns what became of it */
async function fetched(from: string): Promise<Told> {
  place.splice(0, place.length, from);
  const [id] = await services.app.imports.fetchNow(await admin());
  await services.deliver();
  services.clock.advance({ seconds: 1 });
  return (await services.app.db.query<Told>('SELECT state, report, file_name AS "fileName" FROM import_run WHERE id = $1', [id]))[0]!;
}
let someAdmin: Awaited<ReturnType<TestApp['world']['person']>> | undefined;
const admin = async () => (someAdmin ??= await services.world.person('SYSTEM_ADMIN'));

let folders = 0;
/** A folder with these files, older ones first where nothing else is said. */
function folderOf(files: Record<string, string>): string {
  const path = join(folder, `f${folders++}`);
  mkdirSync(path);
  Object.entries(files).forEach(([name, content], i) => {
    writeFileSync(join(path, name), content);
    utimesSync(join(path, name), 1_700_000_000 + i, 1_700_000_000 + i);
  });
  return path;
}

describe('from a folder', () => {
  test('the newest file goes in once, by the day in its name, else by its time', async () => {
    const path = folderOf({ 'schools20260905.csv': schools('Newest'), 'schools20260101.csv': schools('Old'), '.schools20270101.csv': schools('Hidden'), 'notes.pdf': 'x' });
    expect(await fetched(path)).toMatchObject({ state: 'DONE', fileName: 'schools20260905.csv' });
    expect(await fetched(path)).toMatchObject({ state: 'UNCHANGED', report: expect.stringContaining('nothing was done') });
    writeFileSync(join(path, 'schools20260906.csv'), schools('Newer still'));
    expect(await fetched(path)).toMatchObject({ state: 'DONE', fileName: 'schools20260906.csv', report: expect.stringContaining('20 changed') });
    expect(await fetched(folderOf({ 'b.csv': schools('B'), 'a.csv': schools('A') }))).toMatchObject({ state: 'DONE', fileName: 'a.csv' });
  });

  test('of whatever files, it is the newest that is named so', async () => {
    const days = fc.uniqueArray(fc.date({ min: new Date('2001-01-01'), max: new Date('2029-12-31'), noInvalidDate: true }).map((day) => day.toISOString().slice(0, 10)), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(days, fc.constantFrom('', '-', '_'), async (all, between) => {
        const name = (day: string) => `extract_${day.replaceAll('-', between)}.csv`;
        const newest = [...all].sort().at(-1)!;
        expect((await fetched(folderOf(Object.fromEntries(all.map((day) => [name(day), `${HEAD}${day}`]))))).fileName).toBe(name(newest));
      }),
      { numRuns: runs(100) },
    );
  });

  test('a pattern, and the day of today or yesterday, tell which', async () => {
    const path = folderOf({ 'links20260907.csv': 'URN,LinkURN,LinkType\n1,2,x\n', 'schools20260906.csv': schools('Yesterday') });
    expect(await fetched(`${path}/schools*`)).toMatchObject({ state: 'DONE', fileName: 'schools20260906.csv' });
    expect(await fetched(`${path}/links{yyyyMMdd}.csv`)).toMatchObject({ fileName: 'links20260907.csv' });
    expect(await fetched(`${path}/schools{yyyyMMdd}.csv`)).toMatchObject({ fileName: 'schools20260906.csv' });
  });

  test('none there, or no folder, is told', async () => {
    expect(await fetched(folderOf({}))).toMatchObject({ state: 'REFUSED', report: expect.stringMatching(/^There is no CSV file/) });
    expect(await fetched('/nonexistent/schools')).toMatchObject({ state: 'REFUSED', report: 'There is no file or folder /nonexistent/schools.' });
  });
});

describe('from an address', () => {
  test('what is there goes in, and not again while the server says it is the same, or it has the same content', async () => {
    answers['/schools.csv'] = { headers: { ETag: '"one"' }, body: schools('One') };
    expect(await fetched(`${url}/schools.csv`)).toMatchObject({ state: 'DONE', fileName: 'schools.csv' });
    expect(await fetched(`${url}/schools.csv`)).toMatchObject({ state: 'UNCHANGED', fileName: 'schools.csv' });
    expect(asked.at(-1)!.headers['if-none-match']).toBe('"one"');
    expect(await fetched(`${url}/schools.csv`)).toMatchObject({ state: 'UNCHANGED' }); // that it was the same is kept too
    answers['/schools.csv'] = { headers: { ETag: '"two"' }, body: schools('One') };
    expect(await fetched(`${url}/schools.csv`)).toMatchObject({ state: 'UNCHANGED' });
    answers['/schools.csv'] = { headers: { ETag: '"three"', 'Content-Disposition': 'attachment; filename="../../new.csv"' }, body: schools('Three') };
    expect(await fetched(`${url}/schools.csv`)).toMatchObject({ state: 'DONE', fileName: 'new.csv' });
  });

  test('the day in it is today’s, else yesterday’s', async () => {
    answers['/edubasealldata20260906.csv'] = { body: schools('Yesterday') };
    const today = new ManualClock().now().toISOString().slice(0, 10);
    expect(today).toBe('2026-09-07');
    expect(await fetched(`${url}/edubasealldata{yyyyMMdd}.csv`)).toMatchObject({ state: 'DONE', fileName: 'edubasealldata20260906.csv' });
    expect(asked.map(({ path }) => path)).toEqual(['/edubasealldata20260907.csv', '/edubasealldata20260906.csv']);
  });

  test('redirects are followed, a few of them, and a password goes to its own origin alone', async () => {
    const other = createServer((request, response) => {
      asked.push({ path: `other ${request.url}`, headers: request.headers });
      response.end(schools('Elsewhere'));
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    answers['/a'] = { status: 302, headers: { Location: '/b' } };
    answers['/b'] = { status: 307, headers: { Location: `http://127.0.0.1:${(other.address() as AddressInfo).port}/c.csv` } };
    expect(await fetched(url.replace('//', '//ann:s%20crt@') + '/a?key=1')).toMatchObject({ state: 'REFUSED', report: `${url}/a answers that there is no such file (404).` });
    expect(await fetched(url.replace('//', '//ann:s%20crt@') + '/a')).toMatchObject({ state: 'DONE' });
    other.close();
    expect(asked.slice(-3).map(({ path, headers }) => [path, headers.authorization ?? null])).toEqual([
      ['/a', `Basic ${Buffer.from('ann:s crt').toString('base64')}`], ['/b', `Basic ${Buffer.from('ann:s crt').toString('base64')}`], ['other /c.csv', null],
    ]);
    answers['/a'] = { status: 302, headers: { Location: '/a' } };
    expect((await fetched(`${url}/a`)).report).toContain('more than 5 redirects');
    answers['/a'] = { status: 302, headers: { Location: 'file:///etc/passwd' } };
    expect((await fetched(`${url}/a`)).report).toContain('leads to file://');
  });

  test.each<[string, (typeof answers)[string], RegExp]>([
    ['an error', { status: 503 }, /answers 503 Service Unavailable\.$/],
    ['too much', { body: Buffer.alloc(200_000, 'x') }, /gives more than 0\.1 MB/],
    ['half of it, and then nothing', { body: HEAD, hangs: true }, /did not give the file within 2 seconds\.$/],
    ['a page to sign in', { headers: { 'Content-Type': 'text/html' }, body: '<html><body>Sign in</body></html>' }, /./],
  ])('that answers %s is told', async (_what, answer, said) => {
    answers['/x.csv'] = answer;
    expect(await fetched(`${url}/x.csv`)).toMatchObject({ state: 'REFUSED', report: expect.stringMatching(said) });
  });

  test('that nobody answers at is told', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    expect(await fetched(`http://127.0.0.1:${port}/x.csv`)).toMatchObject({ state: 'REFUSED', report: `http://127.0.0.1:${port}/x.csv cannot be reached: ECONNREFUSED.` });
  });
});

describe('each night', () => {
  const all = () => services.app.db.query<{ state: string }>('SELECT state FROM import_run');

  test('from the time that is set, once a day, however often it is looked', async () => {
    place.splice(0, place.length, folderOf({ 'a.csv': schools('A') }));
    const times = ['2026-10-01T02:29:00Z', '2026-10-01T02:30:00Z', '2026-10-01T09:00:00Z', '2026-12-01T03:29:00Z', '2026-12-01T03:30:00Z']; // in summer it is an hour later in London
    const counts: number[] = [];
    for (const time of times) {
      services.clock.advance({ seconds: (Date.parse(time) - services.clock.now().getTime()) / 1000 });
      await services.app.imports.seeTo();
      counts.push((await all()).length);
      await services.deliver();
    }
    expect(counts).toEqual([0, 1, 1, 1, 2]);
  });

  test('what goes wrong tells the administrators and health, until it goes well', async () => {
    const { db } = services.app;
    const { personId } = await admin();
    const monitor = new HealthMonitor(db, createLog('silent'));
    monitor.start();
    const health = async () => {
      const before = monitor.figures;
      while (monitor.figures === before) await new Promise((resolve) => setTimeout(resolve, 50));
      return monitor.health().parts['imports'];
    };
    try {
      const path = folderOf({ 'a.csv': `${schools('A', 5)}x,971,Wrong,Open\n` });
      expect(await fetched(path)).toMatchObject({ state: 'MANY_REJECTED' });
      const notices = await db.query<{ personId: string; text: string; link: string }>('SELECT person_id AS "personId", text, link FROM notice');
      expect(notices).toEqual([{ personId, text: expect.stringContaining('More than a tenth'), link: expect.stringMatching(/^\/service\/imports\//) }]);
      expect(await health()).toMatchObject({ status: 'degraded', why: expect.stringContaining('/service/imports') });
      writeFileSync(join(path, 'b.csv'), schools('B'));
      expect(await fetched(path)).toMatchObject({ state: 'DONE' });
      expect(await health()).toMatchObject({ status: 'ok' });
    } finally {
      await monitor.stop();
    }
  });
});

test('one that was broken off is told so, and not begun again', async () => {
  const { db } = services.app;
  place.splice(0, place.length, folderOf({ 'a.csv': schools('A') }));
  const [id] = await services.app.imports.fetchNow(await admin());
  await db.query(`UPDATE import_run SET state = 'RUNNING', begun_at = asked_at WHERE id = $1`, [id]); // by a process that was killed
  await services.deliver();
  const state = async () => (await db.query<Told>('SELECT state, report FROM import_run'))[0];
  expect(await state()).toMatchObject({ state: 'FAILED', report: expect.stringContaining('broken off') });
  expect(await db.query('SELECT FROM school')).toEqual([]);

  await db.query(`UPDATE import_run SET state = 'RUNNING', ended_at = NULL`); // of a command there is no job
  await services.app.imports.seeTo();
  expect(await state()).toMatchObject({ state: 'FAILED' });
});

test('a command is written down, also one that is refused, and forgotten after its time', async () => {
  const { app, clock } = services;
  const run = (file: string, check: boolean) => app.imports.run('SCHOOLS', file, { check, onProgress: () => {} });
  const path = folderOf({ 'a.csv': schools('A'), 'b.txt': 'no,table\n1,2\n' });
  expect(await run(join(path, 'a.csv'), true)).toMatchObject({ exitCode: 0, rows: 20 });
  await expect(run(join(path, 'b.txt'), false)).rejects.toThrow('is not a GIAS extract');
  await expect(run(join(path, 'c.csv'), false)).rejects.toThrow('There is no file');
  const rows = () => app.db.query(`SELECT state, only_check AS check, started_by AS by, file_name AS file, rows, hash IS NOT NULL AS hashed FROM import_run ORDER BY id`);
  expect(await rows()).toEqual([
    { state: 'DONE', check: true, by: 'COMMAND', file: 'a.csv', rows: 20, hashed: true },
    { state: 'REFUSED', check: false, by: 'COMMAND', file: 'b.txt', rows: null, hashed: true },
    { state: 'REFUSED', check: false, by: 'COMMAND', file: 'c.csv', rows: null, hashed: false },
  ]);
  expect(readFileSync(join(path, 'a.csv'), 'utf8')).toBe(schools('A'));
  clock.advance({ days: 364 });
  await applyRetention(app.db, importsRetention);
  expect(await rows()).toHaveLength(3);
  clock.advance({ days: 2 });
  await applyRetention(app.db, importsRetention);
  expect(await rows()).toEqual([]);
});
