import { startApp, type TestServer } from '../support/app.js';
import { Client } from './client.js';
import { faultsOf } from './html.js';

const HOSTILE = `"><script>alert('x')</script><img src=x onerror=alert(1)>{{ 7 * 7 }}`;

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});

test('hostile text stays text on every page that shows it', async () => {
  const provider = await server.world.listed({ name: `Provider ${HOSTILE}` });
  const { db } = server.app;
  await db.query(`UPDATE provider SET summary = $1, description = $1, interests = $1, safeguarding = $1, contact_name = $1, contact_role = $1, assured_by = $1`, [HOSTILE]);
  await db.transaction(async (tx) => {
    await tx.query(`UPDATE listing SET title = $1, summary = $1, description = $1, evidence = $1, keywords = ARRAY[$1]`, [HOSTILE]);
    await tx.query('UPDATE recommendation_listing n SET judged = listing_substance(l.title, l.categories, l.phases, l.delivery) FROM listing l WHERE l.id = n.listing_id');
  });
  await db.query(`UPDATE recommendation SET what_was_done = $1, when_done = $1, what_changed = $1`, [HOSTILE]);
  await db.query(`UPDATE school SET name = $1`, [HOSTILE]);
  await db.query(`UPDATE person SET name = $1`, [HOSTILE]);
  await db.query(`UPDATE local_authority SET name = $1`, [HOSTILE]);
  await db.query(`UPDATE notice SET subject = $1, text = $1, expected = $1`, [HOSTILE]);

  const admin = new Client(server.url, await server.cookieOf(provider.admin));
  const lead = new Client(server.url, await server.cookieOf(provider.recommenders[0]!.lead));
  const officer = new Client(server.url, await server.cookieOf(provider.officer));
  const of = `/providers/${provider.id}`;
  const paths = ['/', `/?q=${encodeURIComponent(HOSTILE)}`, of, `/listings/${provider.listing}`, `${of}/way-to-being-listed`, `${of}/edit`, `${of}/listings/new`, `/listings/${provider.listing}/edit`];
  const pages = [
    ...(await Promise.all(paths.map((path) => admin.get(path)))),
    await admin.get(`${of}/invite?school=${encodeURIComponent(HOSTILE)}`),
    await admin.get('/account'),
    await lead.get(`/recommendations/${provider.recommenders[0]!.recommendation}`),
    await lead.get(`${of}/recommend`),
    await lead.get('/account'),
    await officer.get('/account'),
    await admin.get('/notices'),
    await officer.get(`${of}/checks`),
    await officer.get(`${of}/actions/suspend`),
    await admin.post(`${of}/edit`, { name: HOSTILE, website: HOSTILE, version: '1' }),
    await new Client(server.url).get(`/sign-in?next=${encodeURIComponent(`/${HOSTILE}`)}`),
  ];
  for (const { title, html, status } of pages) {
    expect([title, status < 500]).toEqual([title, true]);
    expect([title, /<script|<img|onerror=alert\(1\)>/i.test(html)]).toEqual([title, false]);
    expect([title, html.includes('49')]).toEqual([title, html.includes('49') && /[0-9a-f]49|49[0-9a-f]/.test(html)]); // no template ran
  }
  expect(pages.filter(({ html }) => html.includes('&lt;script&gt;')).length).toBe(pages.length - 1); // the sign-in page drops the address
  for (const page of pages) expect([page.title, await faultsOf(page.html)]).toEqual([page.title, []]);
});
