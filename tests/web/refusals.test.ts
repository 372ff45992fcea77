import { startApp, type TestServer } from '../support/app.js';
import { Client } from './client.js';
import { faultsOf } from './html.js';

let server: TestServer;
let client: Client;
/** Who has no role yet is led to where one can be asked for. */
let lead: Client;
beforeAll(async () => {
  server = await startApp();
  const { world } = server;
  client = new Client(server.url, await server.cookieOf(await world.person()));
  lead = new Client(server.url, await server.cookieOf(await world.lead(await world.school())));
});

const NOBODY = '/00000000-0000-7000-8000-000000000000';

test.each(['/nowhere', '/listings/1', `/listings${NOBODY}`, `/providers${NOBODY}`, `/recommendations${NOBODY}`, `/providers${NOBODY}/edit`, `/listings${NOBODY}/actions/publish`, `/listings${NOBODY}/actions/constructor`, '/?after=nonsense'])(
  '%s is not found',
  async (path) => {
    const page = await lead.get(path);
    expect([page.status, page.title]).toEqual([404, 'Page not found – Signpost']);
    expect(await faultsOf(page.html)).toEqual([]);
  },
);

test('whoever is signed out is told that signing in may help, and taken back afterwards', async () => {
  const page = await new Client(server.url).get(`/providers${NOBODY}`);
  expect(page.status).toBe(404);
  expect(page.html).toContain(`/sign-in?next=${encodeURIComponent(`/providers${NOBODY}`)}`);
  expect((await client.get(`/providers${NOBODY}`)).html).not.toContain('/sign-in?next');
});

test.each(['/account', '/service', '/account/school', '/providers/new', `/recommendations${NOBODY}`, `/providers${NOBODY}/recommend`, `/providers${NOBODY}/invite`, `/listings${NOBODY}/edit`, `/providers${NOBODY}/actions/withdraw`])(
  '%s asks to sign in first',
  async (path) => {
    const page = await new Client(server.url).get(path);
    expect([page.status, page.location]).toEqual([303, `/sign-in?next=${encodeURIComponent(path)}`]);
  },
);

test('what one may see but not do is refused in words', async () => {
  const { id, listing } = await server.world.listed();
  for (const path of [`/providers/${id}/edit`, `/providers/${id}/invite`, `/providers/${id}/recommend`, `/providers/${id}/checks`, `/providers/${id}/way-to-being-listed`, `/providers/${id}/actions/withdraw`, `/listings/${listing}/edit`]) {
    const page = await client.get(path);
    expect([path, page.status, page.title]).toEqual([path, 403, 'You cannot do this – Signpost']);
  }
  const posted = await client.post(`/providers/${id}/edit`, { name: 'Mine now', version: '1' });
  expect(posted.status).toBe(403);
  expect((await client.get(`/providers/${id}`)).html).not.toContain('Mine now');
});

describe('a form from elsewhere does nothing', () => {
  test.each([
    ['no word of where it comes from', {}],
    ['another site', { Origin: 'https://evil.example' }],
    ['a hidden origin', { Origin: 'null' }],
    ['another site by Sec-Fetch-Site, whatever the origin says', { 'Sec-Fetch-Site': 'cross-site', Origin: 'http://localhost' }],
    ['a sister site', { 'Sec-Fetch-Site': 'same-site' }],
    ['another scheme', { Origin: 'https://localhost' }],
    ['another port', { Origin: 'http://localhost:8080' }],
    ['another origin, whatever Sec-Fetch-Site says', { 'Sec-Fetch-Site': 'same-origin', Origin: 'https://localhost' }],
    ['an origin that is none', { Origin: 'localhost' }],
  ])('%s', async (_what, headers) => {
    const signedIn = new Client(server.url, await server.cookieOf(await server.world.person()));
    const page = await signedIn.post('/account', { name: 'Somebody Else' }, headers);
    expect([page.status, page.title]).toEqual([403, 'You cannot do this – Signpost']);
    expect((await signedIn.get('/account')).html).not.toContain('Somebody Else');
  });

  test.each([
    ['our own page', { 'Sec-Fetch-Site': 'same-origin' }],
    ['the public address', { Origin: 'http://localhost' }],
  ])('%s does', async (_what, headers) => {
    const signedIn = new Client(server.url, await server.cookieOf(await server.world.person()));
    expect((await signedIn.post('/account', { name: 'Ada Head' }, headers)).location).toBe('/account?done=name');
    expect((await signedIn.get('/account')).html).toContain('<strong>Ada Head</strong>');
  });
});

test('a fault is told without its inside', async () => {
  await server.app.db.query('ALTER TABLE listing RENAME TO listing_away');
  try {
    const page = await client.get(`/listings${NOBODY}`);
    expect([page.status, page.title]).toEqual([500, 'Sorry, there is a problem – Signpost']);
    expect(page.html).toMatch(/reference [0-9a-f-]{36}/);
    expect(page.html).not.toContain('relation');
  } finally {
    await server.app.db.query('ALTER TABLE listing_away RENAME TO listing');
  }
});

test('a form that is too long is refused in words', async () => {
  const page = await client.post('/account', { name: 'x'.repeat(300_000) });
  expect([page.status, page.title]).toEqual([400, 'We could not read that – Signpost']);
});

test.each(['/cookies', '/accessibility', '/privacy'])('%s is there for everybody', async (path) => {
  const page = await new Client(server.url).get(path);
  expect(page.status).toBe(200);
  expect(await faultsOf(page.html)).toEqual([]);
});

test('the style sheet is kept for good and has none of GOV.UK’s typeface', async () => {
  const { html } = await client.get('/cookies');
  const path = /href="(\/assets\/[^"]+\.css)"/.exec(html)![1]!;
  const css = await client.get(path);
  expect(css.status).toBe(200);
  expect(css.headers.get('cache-control')).toContain('immutable');
  expect(css.html).not.toMatch(/GDS Transport|@font-face/);
  expect(css.html).toContain('.govuk-button');
});
