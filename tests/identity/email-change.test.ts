import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
});
beforeEach(() => server.clock.advance({ minutes: 16 }));

const REQUEST = 'mutation ($email: String!) { result: requestEmailChange(email: $email) { __typename ... on EmailChangeRequested { email } ... on Problem { code } } }';
const CONFIRM = 'mutation ($old: String!, $new: String!) { result: confirmEmailChange(oldCode: $old, newCode: $new) { ... on Viewer { email } ... on Problem { code } } }';
interface Result {
  result: { code?: string; email?: string };
}
const request = async (cookie: string, email: string) => (await server.graphql<Result>(REQUEST, { email }, cookie)).data.result;
const confirm = async (cookie: string, old: string, next: string) => (await server.graphql<Result>(CONFIRM, { old, new: next }, cookie)).data.result;
const codeOf = async (email: string) => {
  await server.deliver();
  return /^\d{6}/.exec(server.outbox.filter(({ to }) => to === email).at(-1)!.text)![0];
};
const signedIn = async (cookie: string) => (await server.graphql<{ viewer: object | null }>('{ viewer { id } }', {}, cookie)).data.viewer !== null;
const other = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');

test('an address changes with the codes of both; sessions elsewhere end, and the old address is told', async () => {
  const [here, elsewhere] = [await server.signIn('ada@old.example'), await server.signIn('ada@old.example')];
  const stranger = await server.signIn('stranger@example.org');
  const email = 'ada@xn--schle-mva.example';
  expect(await request(here, 'ADA@schu\u0308le.example')).toMatchObject({ email });
  const [old, next] = [await codeOf('ada@old.example'), await codeOf(email)];
  for (const [a, b] of [[other(old), next], [old, other(next)], [next, old]]) expect(await confirm(here, a!, b!)).toEqual({ code: 'CODE_NOT_ACCEPTED' });
  expect(await confirm(stranger, old, next)).toEqual({ code: 'CODE_NOT_ACCEPTED' });
  expect(await confirm(here, old, next)).toEqual({ email });
  expect([await signedIn(here), await signedIn(elsewhere)]).toEqual([true, false]);
  await server.deliver();
  expect(server.outbox.at(-1)).toMatchObject({ to: 'ada@old.example', subject: 'Your e-mail address in Signpost has changed' });
  expect(await confirm(here, old, next)).toEqual({ code: 'CODE_NOT_ACCEPTED' });
});

test('five tries and ten minutes, as for sign-in codes; a new request ends the one before', async () => {
  const cookie = await server.signIn('bo@old.example');
  await request(cookie, 'bo@new.example');
  const codes = [await codeOf('bo@old.example'), await codeOf('bo@new.example')] as const;
  for (let i = 0; i < 5; i++) await confirm(cookie, other(codes[0]), codes[1]);
  expect(await confirm(cookie, ...codes)).toEqual({ code: 'CODE_NOT_ACCEPTED' });
  await request(cookie, 'bo@new.example');
  const late = [await codeOf('bo@old.example'), await codeOf('bo@new.example')] as const;
  server.clock.advance({ minutes: 10 });
  expect(await confirm(cookie, ...late)).toEqual({ code: 'CODE_NOT_ACCEPTED' });
  server.clock.advance({ minutes: 16 });
  const answers = [];
  for (let i = 0; i < 9; i++) answers.push((await request(cookie, `bo${i}@new.example`)).code);
  expect(answers).toEqual([...Array<undefined>(8).fill(undefined), 'TOO_MANY_ATTEMPTS']); // ten in a day, with the two before
});

test('nobody gets more than three such codes a day from one person, and what others ask for keeps nobody from changing', async () => {
  const [cookie, other] = [await server.signIn('di@old.example'), await server.signIn('eve@old.example')];
  const answers = [];
  for (let i = 0; i < 4; i++) answers.push((await request(other, 'di@new.example')).code);
  expect(answers).toEqual([undefined, undefined, undefined, 'TOO_MANY_ATTEMPTS']);
  const codes = 'mutation ($email: String!) { result: sendSignInCode(email: $email) { __typename } }';
  for (let i = 0; i < 10; i++) await server.graphql(codes, { email: i % 2 ? 'di@old.example' : 'di@new.example' });
  expect(await request(cookie, 'di@new.example')).toMatchObject({ email: 'di@new.example' });
});

test('whether an address is somebody’s is not said before it is shown to be one’s own', async () => {
  await server.signIn('known@example.org');
  const cookie = await server.signIn('cy@old.example');
  expect(await request(cookie, 'known@example.org')).toEqual({ __typename: 'EmailChangeRequested', email: 'known@example.org' });
  expect(await confirm(cookie, await codeOf('cy@old.example'), await codeOf('known@example.org'))).toEqual({ code: 'CONFLICT' });
  expect((await request(cookie, 'cy@old.example')).code).toBe('VALIDATION');
  expect((await server.graphql(REQUEST, { email: 'a@b.example' })).errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
});
