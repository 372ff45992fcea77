import { Waste } from '../../src/graphql/waste.js';
import { startApp, type TestServer } from '../support/app.js';

const at = (seconds: number) => new Date(1_800_000_000_000 + seconds * 1000);

test('a caller who has wasted too much waits, and others do not', () => {
  const waste = new Waste();
  waste.add('a', 300_000, at(0));
  expect(waste.wait('a', at(0))).toBe(0);
  waste.add('a', 1000, at(0));
  expect([waste.wait('a', at(0)), waste.wait('a', at(1)), waste.wait('a', at(2)), waste.wait('b', at(0))]).toEqual([2, 1, 0, 0]);
});

test('what is wasted slowly is forgotten, and a clock that goes back makes nobody wait longer', () => {
  const waste = new Waste();
  for (let i = 0; i < 10_000; i++) waste.add('a', 500, at(i));
  expect(waste.wait('a', at(10_000))).toBe(0);
  waste.add('b', 300_500, at(100));
  expect(waste.wait('b', at(0))).toBe(1);
});

describe('over HTTP', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startApp();
  });
  beforeEach(() => server.clock.advance({ days: 1 }));

  const introspect = (cookie: string | null = null) => server.graphql('{ __schema { types { name fields { name type { name } } } } }', {}, cookie);
  /** How many of `most` are answered before the first that is not. */
  async function answered(most: number, ask: () => Promise<{ status: number }>): Promise<number> {
    for (let i = 0; i < most; i++) if ((await ask()).status === 429) return i;
    return most;
  }

  test('the schema can be read again, but not again and again', async () => {
    expect(await answered(70, introspect)).toBe(61);
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"query":"{"}' });
    expect([response.status, Number(response.headers.get('retry-after'))]).toEqual([429, 10]);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'TOO_MANY_ATTEMPTS' }, message: expect.stringContaining('You can go on in 10 seconds.') }] });
    const signedIn = await server.cookieOf(await server.world.person());
    expect((await introspect(signedIn)).status).toBe(200); // somebody signed in is not held up by who shares their address
    expect(await server.signIn('held-up@example.org')).toMatch(/^signpost=/); // and may sign in
    server.clock.advance({ seconds: 10 });
    expect((await introspect()).status).toBe(200);
  });

  test('lists of one’s own that are empty cost nothing, however often they are read', async () => {
    const cookie = await server.cookieOf(await server.world.person());
    const mine = () => server.graphql('{ providers(first: 100, mine: true) { totalCount nodes { id listings(first: 100) { nodes { id } } } } }', {}, cookie);
    for (let i = 0; i < 59; i++) await introspect(cookie); // all but five thousand
    expect(await answered(60, mine)).toBe(60);
  });

  test('searches without a result and mistakes count, what finds something does not', async () => {
    const cookie = await server.cookieOf(await server.world.person());
    await server.world.listed();
    const finds = () => server.graphql('{ a: providers(first: 100) { totalCount nodes { id } } viewer { id } }', {}, cookie);
    for (let i = 0; i < 20; i++) await introspect(cookie); // a third
    expect(await answered(30, finds)).toBe(30);
    for (let i = 0; i < 39; i++) await introspect(cookie); // all but two thousand
    const vain = () => server.graphql('{ a: search(input: { words: "qqqqqqqq" }) { totalCount nodes { listing { id } } } }', {}, cookie);
    const mistaken = () => server.graphql('{ nothing }', {}, cookie);
    for (let i = 0; i < 20; i++) await mistaken();
    expect(await answered(60, vain)).toBeLessThan(40);
    const page = await fetch(`${server.url}/?q=reading`, { headers: { Cookie: cookie } });
    expect([page.status, await page.text()]).toEqual([429, expect.stringContaining('You can go on in')]);
  });
});
