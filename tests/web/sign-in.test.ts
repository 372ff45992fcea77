import { startApp, type TestServer } from '../support/app.js';
import { Client, hidden } from './client.js';
import { faultsOf } from './html.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});
beforeEach(() => server.clock.advance({ minutes: 16 })); // past the rate limits of the test before

async function codeFor(email: string): Promise<string> {
  await server.deliver();
  return /^\d{6}/.exec(server.outbox.filter((message) => message.to === email).at(-1)!.text)![0];
}

test('from a page that needs a person, by e-mail and code, back to that page', async () => {
  const client = new Client(server.url);
  const needed = await client.get('/account');
  expect([needed.status, needed.location]).toEqual([303, '/sign-in?next=%2Faccount']);

  const ask = await client.get(needed.location!);
  expect(ask.title).toBe('Sign in – Signpost');
  const sent = await client.post('/sign-in', { email: ' Head@School.example ', next: hidden(ask.html, 'next') });
  expect([sent.status, sent.location]).toEqual([303, '/sign-in/code?next=%2Faccount']);

  const enter = await client.get(sent.location!);
  expect(enter.html).toContain('head@school.example');
  const code = await codeFor('head@school.example');
  const signedIn = await client.post('/sign-in/code', { code: `${code.slice(0, 3)} ${code.slice(3)}`, next: hidden(enter.html, 'next') });
  expect([signedIn.status, signedIn.location]).toEqual([303, '/account']);
  expect(signedIn.headers.getSetCookie().join()).toMatch(/signpost=[^;]+;.*HttpOnly.*SameSite=Lax/);

  const account = await client.get('/account');
  expect(account.status).toBe(200);
  expect(account.headers.get('cache-control')).toBe('no-store');
  expect([ask, enter, account].map((page) => page.status)).toEqual([200, 200, 200]);
  expect(await Promise.all([ask, enter, account].map((page) => faultsOf(page.html)))).toEqual([[], [], []]);

  const out = await client.post('/sign-out');
  expect([out.status, out.location]).toEqual([303, '/']);
  expect((await client.get('/account')).status).toBe(303);
});

test('what is wrong is said above the form and beside the field, and in the title', async () => {
  const client = new Client(server.url);
  const noAddress = await client.post('/sign-in', { email: 'nobody' });
  expect(noAddress.status).toBe(422);
  expect(noAddress.title).toBe('Error: Sign in – Signpost');
  expect(noAddress.html).toContain('<a href="#email">Enter an e-mail address, like name@school.sch.uk.</a>');
  expect(noAddress.html).toContain('id="email-error"');
  expect(noAddress.html).toContain('value="nobody"');

  await client.post('/sign-in', { email: 'a@example.org' });
  await codeFor('a@example.org');
  for (const [code, message] of [['12', 'six digits'], ['000000', 'does not work']] as const) {
    const refused = await client.post('/sign-in/code', { code });
    expect([refused.status, refused.title]).toEqual([422, 'Error: Enter your code – Signpost']);
    expect(refused.html).toContain(message);
    expect(await faultsOf(refused.html)).toEqual([]);
  }
});

test('nobody is led to another site', async () => {
  for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '/\t/evil.example']) {
    const client = new Client(server.url);
    const page = await client.get(`/sign-in?next=${encodeURIComponent(next)}`);
    expect(hidden(page.html, 'next')).toBe('');
    await client.post('/sign-in', { email: 'b@example.org', next });
    const signedIn = await client.post('/sign-in/code', { code: await codeFor('b@example.org'), next });
    expect([signedIn.status, signedIn.location]).toEqual([303, '/account']);
    expect((await client.get(`/sign-in?next=${encodeURIComponent(next)}`)).location).toBe('/account');
    server.clock.advance({ minutes: 16 });
  }
});

test('a code without an address asks for the address', async () => {
  const client = new Client(server.url);
  expect((await client.get('/sign-in/code?next=/account')).location).toBe('/sign-in?next=%2Faccount');
  expect((await client.post('/sign-in/code', { code: '123456' })).location).toBe('/sign-in');
});
