import { startApp, type TestServer } from '../support/app.js';
import { failJob } from '../support/jobs.js';
import { taskInWords } from '../../src/web/service/tasks.js';
import { Client } from './client.js';
import { faultsOf } from './html.js';

let server: TestServer;
let page: Client;

beforeAll(async () => {
  server = await startApp();
  page = new Client(server.url, await server.cookieOf(await server.world.person('SYSTEM_ADMIN')));
});

beforeEach(() => server.app.db.query('DELETE FROM graphile_worker._private_jobs'));

const BOX = /name="ids" type="checkbox" value="(\d+)"( checked)?/g;
const boxes = (html: string) => [...html.matchAll(BOX)].map(([, id, checked]) => ({ id, checked: !!checked }));

test('the administrator is led there, and reads that all is well', async () => {
  expect((await page.get('/account')).html).toContain('href="/service"');
  const { status, html, title } = await page.get('/service');
  expect([status, title]).toEqual([200, 'How the service is doing – Signpost']);
  expect(html).toContain('No job waits.');
  expect(html).toContain('PostgreSQL');
  expect(html).toContain('None. All that was tried either succeeded');
  expect(html).not.toContain('<table');
  expect(await faultsOf(html)).toEqual([]);
});

test('jobs that failed are seen in plain words, and tried again', async () => {
  const { db } = server.app;
  const mail = await failJob(db, 'send-mail', { error: 'The mail server did not take a message: <550>', trace: 'request-9' });
  const other = await failJob(db, 'a-task-of-tomorrow', { error: '' });
  await db.query(`UPDATE graphile_worker._private_jobs SET payload = payload::jsonb || '{"to": "ada@example.org"}' WHERE id = $1`, [mail]);
  await db.transaction((tx) => tx.addJob('send-mail', {}, { runAt: new Date(Date.now() - 7_300_000) }));

  const { html } = await page.get('/service');
  expect(html).toContain('1 job waits. The oldest has been due for 2 hours.');
  expect(html).toContain('2 jobs failed so often');
  const told = ['Send a message', 'a-task-of-tomorrow', 'The mail server did not take a message: &lt;550&gt;', 'request-9', 'Not known'];
  for (const text of told) expect(html).toContain(text);
  expect(html).not.toContain('ada@example.org');
  expect(boxes(html)).toEqual([{ id: other, checked: false }, { id: mail, checked: false }]);
  expect(await faultsOf(html)).toEqual([]);
  expect(boxes((await page.get('/service?tick=all')).html).map(({ checked }) => checked)).toEqual([true, true]);

  const answer = await page.post('/service', { ids: [mail], what: 'retry' });
  expect([answer.status, answer.location]).toEqual([303, '/service?done=retry']);
  const after = await page.get('/service?done=retry');
  expect(after.html).toContain('The jobs that you ticked are put back, and are tried again in a moment.');
  expect(after.html).toContain('2 jobs wait.');
  expect(boxes(after.html).map(({ id }) => id)).toEqual([other]);
  expect(await faultsOf(after.html)).toEqual([]);
});

test('jobs that failed are removed, several at once', async () => {
  const ids = [await failJob(server.app.db, 'send-code'), await failJob(server.app.db, 'send-digest')];
  const answer = await page.post('/service', { ids, what: 'remove' });
  expect([answer.status, answer.location]).toEqual([303, '/service?done=remove']);
  expect((await page.get('/service?done=remove')).html).toContain('The jobs that you ticked are removed.');
  expect(await server.app.db.query('SELECT FROM graphile_worker._private_jobs')).toEqual([]);
});

test('none ticked, or one that somebody else has dealt with, is said', async () => {
  const id = await failJob(server.app.db, 'send-mail');
  const none = await page.post('/service', { what: 'remove' });
  expect([none.status, none.title]).toEqual([422, 'Error: How the service is doing – Signpost']);
  expect(none.html).toContain('href="#ids">Choose at least one job.');
  expect(none.html).toContain('id="ids"');
  expect(await faultsOf(none.html)).toEqual([]);
  const gone = await page.post('/service', { ids: [id, '999999'], what: 'retry' });
  expect(gone.status).toBe(422);
  expect(gone.html).toContain('Not all of these are jobs that failed.');
  expect(boxes(gone.html)).toEqual([{ id, checked: true }]);
  expect(await faultsOf(gone.html)).toEqual([]);
});

test('it is for system administrators alone', async () => {
  const id = await failJob(server.app.db, 'send-mail');
  const officer = new Client(server.url, await server.cookieOf(await server.world.officer('990')));
  expect((await officer.get('/account')).html).not.toContain('/service');
  for (const what of ['retry', 'remove']) expect((await officer.post('/service', { ids: [id], what })).status).toBe(403);
  expect((await officer.get('/service')).status).toBe(403);
  const nobody = new Client(server.url);
  expect((await nobody.get('/service')).location).toBe('/sign-in?next=%2Fservice');
  expect((await nobody.post('/service', { ids: [id], what: 'remove' })).location).toBe('/sign-in?next=%2Faccount');
  expect(boxes((await page.get('/service')).html)).toEqual([{ id, checked: false }]);
});

test('every task has words', () => {
  expect(Object.keys(server.app.jobs.tasks).filter((task) => taskInWords(task) === task)).toEqual([]);
  expect(taskInWords('constructor')).toBe('constructor');
});
