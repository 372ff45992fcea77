import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
});
beforeEach(() => server.clock.advance({ minutes: 16 })); // each test begins outside the rate limits of the one before

const SEND = 'mutation ($email: String!) { result: sendSignInCode(email: $email) { __typename ... on SignInCodeSent { email minutes } ... on Problem { code message } } }';
const SIGN_IN = 'mutation ($email: String!, $code: String!) { result: signIn(email: $email, code: $code) { __typename ... on SignedIn { viewer { email name } } ... on Problem { code message } } }';
const VIEWER = '{ viewer { email memberships { role } } }';
interface Result {
  result: { __typename: string; code?: string; email?: string };
}

const send = async (email: string) => (await server.graphql<Result>(SEND, { email })).data.result;
const lastCode = async (email: string) => {
  await server.deliver();
  return /^\S+/.exec(server.outbox.filter((message) => message.to === email).at(-1)!.text)![0];
};
const signIn = async (email: string, code: string, cookie?: string) => server.graphql<Result>(SIGN_IN, { email, code }, cookie);
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

test('a code from the mail signs in, in a cookie that scripts cannot read', async () => {
  await send('Ann@Example.ORG ');
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: SIGN_IN, variables: { email: 'ann@example.org', code: await lastCode('ann@example.org') } }),
  });
  expect(await response.json()).toMatchObject({ data: { result: { __typename: 'SignedIn', viewer: { email: 'ann@example.org' } } } });
  const cookie = response.headers.get('set-cookie')!;
  expect(cookie).toMatch(/HttpOnly/);
  expect(cookie).toMatch(/SameSite=Lax/);
  expect((await server.graphql(VIEWER, {}, cookie.split(';')[0])).data).toEqual({ viewer: { email: 'ann@example.org', memberships: [] } });
});

test('the answer and the mail are the same for an address that is known and one that is not', async () => {
  await server.signIn('known@example.org');
  const [known, unknown] = [await send('known@example.org'), await send('unknown@example.org')];
  expect({ ...known, email: '' }).toEqual({ ...unknown, email: '' });
  await server.deliver();
  const text = (email: string) => server.outbox.filter((message) => message.to === email).at(-1)!.text.replace(/\d{6}/, '');
  expect(text('known@example.org')).toBe(text('unknown@example.org'));
});

test('a code works once, for ten minutes, for five tries, and a newer one does not end it', async () => {
  const email = 'bob@example.org';
  const codeOf = async (code: string) => (await signIn(email, code)).data.result.code ?? 'signed in';

  await send(email);
  const used = await lastCode(email);
  expect([await codeOf(used), await codeOf(used)]).toEqual(['signed in', 'CODE_NOT_ACCEPTED']);

  await send(email);
  const late = await lastCode(email);
  server.clock.advance({ minutes: 10 });
  expect(await codeOf(late)).toBe('CODE_NOT_ACCEPTED');

  server.clock.advance({ minutes: 16 });
  await send(email);
  const older = await lastCode(email);
  await send(email);
  const newer = await lastCode(email);
  expect([await codeOf(older), await codeOf(newer)]).toEqual(['signed in', 'signed in']);

  await send(email);
  const guessed = await lastCode(email);
  for (let i = 0; i < 5; i++) expect(await codeOf(other(guessed))).toBe('CODE_NOT_ACCEPTED');
  expect(await codeOf(guessed)).toBe('CODE_NOT_ACCEPTED');
});

test('fifty tries at the same moment are five tries', async () => {
  const email = 'race@example.org';
  await send(email);
  const code = await lastCode(email);
  await Promise.all(Array.from({ length: 50 }, () => signIn(email, other(code))));
  expect((await signIn(email, code)).data.result.code).toBe('CODE_NOT_ACCEPTED');
  const [row] = await server.app.db.query<{ tries: number }>('SELECT tries_left AS tries FROM sign_in_code WHERE email = $1', [email]);
  expect(row!.tries).toBe(0);
});

test('codes and tries are limited in number', async () => {
  const codes = [];
  for (let i = 0; i < 7; i++) codes.push((await send('often@example.org')).__typename);
  expect(codes).toEqual([...Array(6).fill('SignInCodeSent'), 'TooManyAttempts']); // three short ones, then three long ones
  server.clock.advance({ minutes: 15 });
  expect((await send('often@example.org')).__typename).toBe('SignInCodeSent');

  const tries = [];
  for (let i = 0; i < 61; i++) tries.push((await signIn(`someone${i}@example.org`, '000000')).data.result.code);
  expect(tries.at(59)).toBe('CODE_NOT_ACCEPTED');
  expect(tries.at(60)).toBe('TOO_MANY_ATTEMPTS');
});

test('what is no address is said to be none', async () => {
  for (const email of ['', 'ann', 'ann@', 'a b@example.org', 'ann@example', `${'a'.repeat(250)}@example.org`, 'ann@example.org, bob@example.org']) {
    expect([email, (await send(email)).code]).toEqual([email, 'VALIDATION']);
  }
});

test('signing in again gives a new session and ends the old one', async () => {
  const first = await server.signIn('rotate@example.org');
  await send('rotate@example.org');
  const { cookie } = await signIn('rotate@example.org', await lastCode('rotate@example.org'), first);
  expect(cookie).not.toBe(first);
  expect((await server.graphql(VIEWER, {}, first)).data).toEqual({ viewer: null });
  expect((await server.graphql<{ viewer: object }>(VIEWER, {}, cookie)).data.viewer).not.toBeNull();
});

test('sessions end by signing out, here or everywhere, and after thirty days', async () => {
  const email = 'sessions@example.org';
  const [a, b, c] = [await server.signIn(email), await server.signIn(email), await server.signIn(email)];
  const alive = async (cookie: string) => (await server.graphql<{ viewer: object | null }>(VIEWER, {}, cookie)).data.viewer !== null;
  await server.graphql('mutation { signOut { sessions } }', {}, a);
  expect([await alive(a), await alive(b), await alive(c)]).toEqual([false, true, true]);
  await server.graphql('mutation { signOut(everywhere: true) { sessions } }', {}, b);
  expect([await alive(b), await alive(c)]).toEqual([false, false]);
  const d = await server.signIn(email);
  server.clock.advance({ days: 29 });
  expect(await alive(d)).toBe(true);
  server.clock.advance({ days: 1 });
  expect(await alive(d)).toBe(false);
});

test('neither codes nor tokens are in the database', async () => {
  await send('secret@example.org');
  const [{ text }] = (await server.app.db.query<{ text: string }>(`SELECT text FROM mail WHERE recipient = 'secret@example.org'`)) as [{ text: string }];
  const code = /^\d{6}/.exec(text)![0];
  const { cookie } = await (async () => {
    await server.deliver();
    return signIn('secret@example.org', code);
  })();
  const everything = JSON.stringify(await server.app.db.query('SELECT (SELECT json_agg(s) FROM session s) AS s, (SELECT json_agg(c) FROM sign_in_code c) AS c, (SELECT json_agg(m) FROM mail m) AS m'));
  expect(everything).not.toContain(cookie!.split('=')[1]);
  expect(everything).not.toContain(code);
});
