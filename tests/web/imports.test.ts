import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultImportSettings } from '../../src/platform/import-settings.js';
import { startApp, type TestServer } from '../support/app.js';
import { Client, newKey, type Page } from './client.js';
import { faultsOf } from './html.js';

const folder = mkdtempSync(join(tmpdir(), 'signpost-imports-'));
afterAll(() => rmSync(folder, { recursive: true }));

let server: TestServer;
let cookie: string;
let page: Client;

beforeAll(async () => {
  const imports = { ...defaultImportSettings, mostBytes: 2_000_000, from: { SCHOOLS: [folder], PROVIDERS: [], TERM_DATES: [] } };
  server = await startApp(undefined, { imports });
  cookie = await server.cookieOf(await server.world.person('SYSTEM_ADMIN'));
  page = new Client(server.url, cookie);
});

const HEAD = 'URN,LA (code),EstablishmentName,EstablishmentStatus (name)\n';
const schools = (first: number, count: number) => HEAD + Array.from({ length: count }, (_, i) => `${first + i},971,School ${first + i},Open\n`).join('');
const there = (urn: number) => server.app.db.query('SELECT FROM school WHERE urn = $1', [urn]).then((rows) => rows.length > 0);

interface Sent {
  status: number;
  location: string | null;
  html: string;
}

/** Sends the form of the page, as a browser does. */
async function send(fields: Record<string, string>, file: { name: string; content: string | Buffer } | null, { as = cookie, headers = {} }: { as?: string | null; headers?: Record<string, string> } = {}): Promise<Sent> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([file ? new Uint8Array(Buffer.from(file.content)) : '']), file?.name ?? '');
  const response = await fetch(`${server.url}/service/imports`, { method: 'POST', body: form, redirect: 'manual', headers: { Origin: server.url, ...(as ? { Cookie: as } : {}), ...headers } });
  return { status: response.status, location: response.headers.get('location'), html: await response.text() };
}

const filesKept = async () => (await server.app.db.query<{ name: string }>('SELECT name FROM import_file ORDER BY created_at, id')).map(({ name }) => name);
const button = (html: string) => html.includes('Import this file');
const hidden = (html: string, name: string) => new RegExp(`<input type="hidden" name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? '';

async function whenDone(location: string): Promise<Page> {
  await server.deliver();
  return page.get(location);
}

test('the administrator is led to the imports, and to the form', async () => {
  expect((await page.get('/service')).html).toContain('href="/service/imports"');
  const list = await page.get('/service/imports');
  expect([list.status, list.title]).toEqual([200, 'Imports – Signpost']);
  expect(list.html).toContain('Nothing has been imported yet.');
  expect(await faultsOf(list.html)).toEqual([]);
  const form = await page.get('/service/imports/new');
  expect(form.html).toMatch(/name="check" type="checkbox" value="yes" checked/);
  expect(form.html).toContain('enctype="multipart/form-data"');
  expect(await faultsOf(form.html)).toEqual([]);
});

test('a file is checked, then imported without being sent again, and then removed', async () => {
  const name = 'Schöne “schools”.csv';
  const sent = await send({ kind: 'SCHOOLS', check: 'yes', key: newKey() }, { name, content: `${schools(910001, 12)}x,971,Wrong,Open\n` });
  expect([sent.status, sent.location]).toEqual([303, expect.stringMatching(/^\/service\/imports\/[\w-]{36}$/)]);
  expect((await page.get(sent.location!)).html).toContain('Waits for its turn');

  const checked = await whenDone(sent.location!);
  expect(checked.html).toContain('Checked');
  expect(checked.html).toContain('13 rows, 1 rejected');
  expect(checked.html).toContain('Would be added: School 910001 (910001).');
  expect(checked.html.indexOf('line 14: ')).toBeLessThan(checked.html.indexOf('Would be added'));
  expect(checked.title).toContain('Check of schools: Schöne “schools”.csv');
  expect(await faultsOf(checked.html)).toEqual([]);
  expect([await there(910001), button(checked.html), await filesKept()]).toEqual([false, true, [name]]);

  const again = await page.post(sent.location!, { key: hidden(checked.html, 'key') });
  expect(again.status).toBe(303);
  const imported = await whenDone(again.location!);
  expect(imported.html).toContain('Imported');
  expect(imported.html).toContain('12 added');
  expect(button(imported.html)).toBe(false);
  expect([await there(910001), await filesKept()]).toEqual([true, []]);
  expect((await page.post(sent.location!, { key: newKey() })).status).toBe(422); // its file is gone

  const list = await page.get('/service/imports');
  for (const told of ['2 imports, newest first', 'Schöne “schools”.csv</a> (check)', '13 rows, 1 rejected']) expect(list.html).toContain(told);
  expect(await faultsOf(list.html)).toEqual([]);
});

test('what is missing is said, and a file that has arrived is not sent again', async () => {
  const none = await send({ check: 'yes' }, null);
  expect(none.status).toBe(422);
  for (const message of ['#kind">Choose what is in the file.', '#file">Choose the file.']) expect(none.html).toContain(message);
  expect(await faultsOf(none.html)).toEqual([]);
  const noKind = await send({ check: 'yes' }, { name: 'some.csv', content: schools(910001, 1) });
  expect(noKind.status).toBe(422);
  expect(noKind.html).toContain('some.csv has arrived.');
  expect(await faultsOf(noKind.html)).toEqual([]);
  const now = await send({ kind: 'SCHOOLS', check: 'yes', key: newKey(), fileId: hidden(noKind.html, 'fileId'), fileName: 'some.csv' }, null);
  expect((await whenDone(now.location!)).html).toContain('1 row, none rejected');
});

test('a file that is empty, too large, or of another kind is refused in words', async () => {
  const before = await filesKept();
  expect((await send({ kind: 'SCHOOLS' }, { name: 'empty.csv', content: '' })).html).toContain('#file">empty.csv is empty.');
  const large = await send({ kind: 'SCHOOLS' }, { name: 'large.csv', content: Buffer.alloc(2_500_000, 'x') });
  expect([large.status, large.html]).toEqual([422, expect.stringContaining('The file is larger than 2 MB.')]);
  const other = await send({ kind: 'TERM_DATES' }, { name: 'schools.csv', content: schools(910001, 1) });
  expect((await whenDone(other.location!)).html).toContain('schools.csv has no column');
  expect(await filesKept()).toEqual(before);
  expect(await server.app.db.query('SELECT FROM import_file_piece p WHERE NOT EXISTS (SELECT FROM import_file f WHERE f.id = p.file_id AND f.hash IS NOT NULL)')).toEqual([]);
});

test('a form from elsewhere, and whoever is no administrator, sends nothing', async () => {
  const count = async () => (await server.app.db.query('SELECT FROM import_run UNION ALL SELECT FROM import_file')).length;
  const before = await count();
  const file = { name: 'schools.csv', content: schools(910101, 1) };
  expect((await send({ kind: 'SCHOOLS' }, file, { headers: { Origin: 'https://elsewhere.example' } })).status).toBe(403);
  expect(await send({ kind: 'SCHOOLS' }, file, { as: null })).toMatchObject({ status: 303, location: '/sign-in?next=%2Faccount' });
  const officer = await server.cookieOf(await server.world.officer('990'));
  expect((await send({ kind: 'SCHOOLS' }, file, { as: officer })).status).toBe(403);
  expect((await send({}, file, { as: officer, headers: { Accept: 'application/json' } })).status).toBe(403);
  expect((await send({}, file, { as: null, headers: { Accept: 'application/json' } })).status).toBe(401);
  for (const path of ['', '/new', `/${newKey()}`]) {
    expect((await new Client(server.url, officer).get(`/service/imports${path}`)).status).toBe(403);
    expect((await new Client(server.url).get(`/service/imports${path}`)).location).toContain('/sign-in');
  }
  expect((await new Client(server.url, officer).post('/service/imports/fetch')).status).toBe(403);
  expect(await count()).toBe(before);
});

test('a client of the API sends a file and starts its import', async () => {
  const sent = await send({}, { name: 'api.csv', content: schools(910201, 3) }, { headers: { Accept: 'application/json' } });
  expect(sent.status).toBe(201);
  const { fileId, name, bytes } = JSON.parse(sent.html) as { fileId: string; name: string; bytes: number };
  expect([name, bytes]).toEqual(['api.csv', schools(910201, 3).length]);
  const start = 'mutation ($input: StartImportInput!, $key: String) { startImport(input: $input, idempotencyKey: $key) { ... on ImportRun { id state fileName check } ... on Problem { code } } }';
  const input = { kind: 'SCHOOLS', fileId, check: false };
  const { data } = await server.graphql<{ startImport: { id: string } }>(start, { input, key: 'one' }, cookie);
  expect(data.startImport).toMatchObject({ state: 'WAITING', fileName: 'api.csv', check: false });
  expect((await server.graphql<{ startImport: object }>(start, { input, key: 'one' }, cookie)).data.startImport).toMatchObject({ id: data.startImport.id });
  expect((await server.graphql<{ startImport: object }>(start, { input }, cookie)).data.startImport).toEqual({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
  await server.deliver();
  expect(await there(910203)).toBe(true);
  const query = '{ importRuns(first: 1) { totalCount nodes { id kind startedBy person fileName check state rows rejected report contentHash fileId } } }';
  const [run] = (await server.graphql<{ importRuns: { nodes: object[] } }>(query, {}, cookie)).data.importRuns.nodes;
  expect(run).toMatchObject({ id: data.startImport.id, kind: 'SCHOOLS', startedBy: 'UPLOAD', state: 'DONE', rows: 3, rejected: 0, contentHash: expect.stringMatching(/^[0-9a-f]{64}$/), fileId: null });
  expect((await server.graphql<{ startImport: object }>(start, { input }, cookie)).data.startImport).toEqual({ code: 'NOT_FOUND' });
});

test('what the settings name is fetched by a button, and a long report comes in parts', async () => {
  writeFileSync(join(folder, 'edubasealldata20260906.csv'), HEAD + Array.from({ length: 60 }, (_, i) => `x${i},971,Wrong,Open\n`).join('') + Array.from({ length: 700 }, (_, i) => `${920000 + i},971,School,Open\n`).join(''));
  const answer = await page.post('/service/imports/fetch');
  expect(answer.location).toBe('/service/imports?done=fetch');
  await server.deliver();
  const list = await page.get('/service/imports?done=fetch');
  expect(list.html).toContain('is being fetched');
  expect(list.html).toContain('edubasealldata20260906.csv');
  const [, path] = /href="(\/service\/imports\/[\w-]{36})"/.exec(list.html)!;
  await server.app.db.query(`UPDATE import_run SET report = (SELECT string_agg('Line ' || n, E'\\n' ORDER BY n) FROM generate_series(1, 450) n) WHERE id = $1`, [path!.split('/').at(-1)]);
  const first = await page.get(path!);
  expect(first.html).toContain('Lines 1 to 200 of 450');
  const last = await page.get(`${path}?from=401`);
  expect([last.html.includes('>Line 450<'), last.html.includes('>Line 400<')]).toEqual([true, false]);
  for (const { html } of [first, last]) expect(await faultsOf(html)).toEqual([]);
  for (const from of ['0', '-5', 'x', '99999']) expect((await page.get(`${path}?from=${from}`)).status).toBe(200);
});

test('one that there is not is not found', async () => {
  for (const id of [newKey(), 'nonsense']) expect((await page.get(`/service/imports/${id}`)).status).toBe(404);
});

test('a file is imported whatever the length of its name', async () => {
  const sent = await send({ kind: 'SCHOOLS' }, { name: `${'😀'.repeat(150)}.csv`, content: schools(880_001, 1) });
  const done = await whenDone(sent.location!);
  expect(done.html).toContain('😀.csv');
  expect(await there(880_001)).toBe(true);
});
