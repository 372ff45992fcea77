import { startApp, type TestServer } from '../support/app.js';
import { Client } from './client.js';
import { faultsOf } from './html.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
});

test('somebody reads what they were told, goes where it leads, and marks it as read', async () => {
  const { world, app } = server;
  const provider = await world.listed({ name: 'Sums and More' });
  const urn = await world.school({ name: 'Larch Road Primary' });
  const head = await world.lead(urn);
  await app.directory.recommendations.invite(provider.admin, { providerId: provider.id, schoolUrn: urn, message: '' });
  const requestId = await world.openRequest(head, urn, {});
  await world.proposed(head, requestId, provider);

  const page = new Client(server.url, await server.cookieOf(head));
  expect((await page.get('/account')).html).toContain('You have 2 new notices');
  const unread = await page.get('/notices');
  expect(unread.html).toContain('There is a proposal for your request');
  expect(unread.html).toMatch(/href="\/recommendations\/[0-9a-f-]{36}">Go to the page/);
  expect(unread.html.match(/Go to the page/g)).toHaveLength(1); // a request has no page
  expect(unread.html).toContain('Mark all as read');
  expect(await faultsOf(unread.html)).toEqual([]);

  const answer = await page.post('/notices');
  expect([answer.status, answer.location]).toEqual([303, '/notices?done=read']);
  const read = await page.get('/notices');
  expect(read.html).toContain('There is a proposal for your request');
  expect(read.html).not.toContain('Mark all as read');
  expect((await page.get('/account')).html).not.toContain('new notice');
});

test('older ones are on further pages, each once', async () => {
  const { world, app } = server;
  const head = await world.lead(await world.school());
  for (let i = 0; i < 45; i++) {
    await app.db.query(
      `INSERT INTO notice (id, person_id, reminder, kind, object_id, audience, as_kind, as_id, subject, text, link, digest, created_at)
       SELECT gen_random_uuid(), $1, $2, 'Reminder.test', gen_random_uuid(), 'leads of the school', 'SCHOOL', m.school_urn::text, $2, 'Told.', '/notices', true, now() + $3 * interval '1 second' FROM membership m WHERE m.person_id = $1`,
      [head.personId, `Notice number ${i}.`, i],
    );
  }
  const page = new Client(server.url, await server.cookieOf(head));
  const found: string[] = [];
  for (let path: string | undefined = '/notices'; path; ) {
    const { html } = await page.get(path);
    found.push(...[...html.matchAll(/Notice number (\d+)\./g)].map(([, nth]) => nth!));
    path = /href="(\/notices\?after=[^"]+)">Older/.exec(html)?.[1]?.replaceAll('&amp;', '&');
  }
  expect(found).toEqual(Array.from({ length: 45 }, (_, i) => String(44 - i)));
});

test('who has not signed in does so first, and comes back', async () => {
  const { status, location } = await new Client(server.url).get('/notices');
  expect([status, location]).toEqual([303, '/sign-in?next=%2Fnotices']);
});
