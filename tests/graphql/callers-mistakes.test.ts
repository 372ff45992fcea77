import { createHash } from 'node:crypto';
import { isRequiredArgument } from 'graphql';
import { startApp, type TestServer } from '../support/app.js';
import { Client } from '../web/client.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
  await server.world.la('990');
});

const cookieOf = async (...args: Parameters<TestServer['world']['person']>) => server.cookieOf(await server.world.person(...args));
const code = async (query: string, variables: Record<string, unknown> = {}, cookie: string | null = null) =>
  (await server.graphql(query, variables, cookie)).errors?.[0]?.extensions.code;

const REGISTER = 'mutation ($input: RegisterProviderInput!, $key: String) { result: registerProvider(input: $input, idempotencyKey: $key) { __typename ... on Provider { id } ... on ValidationProblem { fields { field message } } } }';
const NEW = { name: 'Reading', kind: 'COMPANY', assuringLa: '990' };
const cursor = (...key: unknown[]) => Buffer.from(JSON.stringify(key)).toString('base64url');
const ID = '0190a5a0-0000-7000-8000-000000000000';

describe('what is no text', () => {
  const SEND = 'mutation ($email: String!) { sendSignInCode(email: $email) { __typename } }';

  test.each(['\0', 'a\0@b.co', '\uD800', 'a\uDC00', '\u0003', 'a\u007f', '\u0085', '\x1b[31m', 'a\bc'])('is refused in a variable, wherever it stands (%j)', async (text) => {
    const cookie = await cookieOf();
    expect(await code(SEND, { email: text })).toBe('BAD_USER_INPUT');
    expect(await code('query ($laCode: String) { schools(laCode: $laCode) { totalCount } }', { laCode: text })).toBe('BAD_USER_INPUT');
    expect(await code(REGISTER, { input: NEW, key: text }, cookie)).toBe('BAD_USER_INPUT');
    const { errors } = await server.graphql(REGISTER, { input: { ...NEW, name: `Reading ${text}` } }, cookie);
    expect(errors![0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringContaining('`$input.name` has a character that no text can have') });
    expect(await code('query ($codes: [String!]) { search(input: { laCodes: $codes }) { totalCount } }', { codes: ['990', text] })).toBe('BAD_USER_INPUT');
  });

  test('is refused in the document, also when it is asked again', async () => {
    for (let i = 0; i < 6; i++) {
      expect(await code('{ schools(laCode: "9\\u0000") { totalCount } }')).toBe('BAD_USER_INPUT');
      expect(await code('query ($laCode: String = "\\u0000") { schools(laCode: $laCode) { totalCount } }')).toBe('BAD_USER_INPUT');
    }
  });

  test('is refused as an argument of whatever mutation, and line breaks and tabs are not', async () => {
    const cookie = await cookieOf();
    const CHANGE = 'mutation ($name: String!) { result: changeMyName(name: $name) { __typename ... on Viewer { name } } }';
    expect(await code('mutation { changeMyName(name: "\\u0003") { __typename } }', {}, cookie)).toBe('BAD_USER_INPUT');
    expect(await code(CHANGE, { name: '\u0003' }, cookie)).toBe('BAD_USER_INPUT');
    expect((await server.graphql(CHANGE, { name: ' Ann\r\n\tHead ' }, cookie)).data).toEqual({ result: { __typename: 'Viewer', name: 'Ann Head' } }); // a name is one line
    const { id, admin } = await server.world.provider();
    const create = 'mutation ($id: UUID!, $input: ListingInput!) { result: createListing(providerId: $id, input: $input) { ... on Listing { title description } } }';
    const { data } = await server.graphql(create, { id, input: { title: 'Early\nphonics', description: 'One\n\n\tTwo' } }, await server.cookieOf(admin));
    expect(data).toEqual({ result: { title: 'Early phonics', description: 'One\n\n\tTwo' } });
  });

  test('is refused in a cursor', async () => {
    expect(await code('query ($after: String) { providers(after: $after) { totalCount } }', { after: cursor('a\0', ID) })).toBe('BAD_USER_INPUT');
  });

  test('is no fault of pages: what a form or an address has of it is left out', async () => {
    const client = new Client(server.url);
    const sent = await client.post('/sign-in', { email: 'a\0nn\x07@example.org' });
    expect([sent.status, sent.location]).toEqual([303, '/sign-in/code']);
    await server.deliver();
    expect(server.outbox.at(-1)!.to).toBe('ann@example.org');
    expect((await client.get('/?q=rea%00ding&near=%00LE13')).status).toBe(200);
    expect((await client.get('/?after=%00')).status).toBe(200);
    expect((await new Client(server.url, 'signpost-sign-in=%00').post('/sign-in/code', { code: '123456' })).status).toBe(404);

    const officer = new Client(server.url, await server.cookieOf(await server.world.officer('990')));
    const registered = await officer.post('/providers/new', { name: 'Read\0ing\nnow', kind: 'COMPANY', assuringLa: '990\0', key: 'k\0' });
    expect(registered.status).toBe(303);
    const listed = await server.world.listed();
    expect((await officer.post(`/providers/${listed.id}/actions/suspend`, { reason: 'In\0surance' })).status).toBe(303);
    expect((await officer.get(`/providers/${listed.id}`)).html).toContain('Reason: Insurance');
  });

  test('an address that is cut does not lose half a letter', async () => {
    const { status } = await new Client(server.url).get(`/?q=${encodeURIComponent('x'.repeat(199) + '😀')}`);
    expect(status).toBe(200);
  });
});

test('an idempotency key has up to 200 characters', async () => {
  const cookie = await cookieOf();
  const result = async (key: string) => (await server.graphql<{ result: object }>(REGISTER, { input: NEW, key }, cookie)).data?.result;
  expect(await result('😀'.repeat(200))).toMatchObject({ __typename: 'Provider' });
  expect(await result('k'.repeat(201))).toMatchObject({ fields: [{ field: 'idempotencyKey', message: 'An idempotency key must have 200 characters or fewer.' }] });
});

test('ids are taken in either case, also with an idempotency key', async () => {
  const { id, admin } = await server.world.provider();
  const cookie = await server.cookieOf(admin);
  const create = 'mutation ($id: UUID!, $key: String!) { result: createListing(providerId: $id, input: { title: "Phonics" }, idempotencyKey: $key) { __typename ... on Listing { id } } }';
  const [lower, upper] = [await server.graphql(create, { id, key: 'one' }, cookie), await server.graphql(create, { id: id.toUpperCase(), key: 'one' }, cookie)];
  expect(lower.data).toMatchObject({ result: { __typename: 'Listing' } });
  expect(upper.data).toEqual(lower.data);
  for (let i = 0; i < 6; i++) {
    expect((await server.graphql(`{ provider(id: "${id.toUpperCase()}") { id } }`, {}, cookie)).data).toEqual({ provider: { id } });
  }
  expect((await new Client(server.url, cookie).get(`/providers/${id.toUpperCase()}`)).status).toBe(200);
  expect(await code('query ($id: UUID!) { provider(id: $id) { id } }', { id: `${id}}` })).toBe('BAD_USER_INPUT');
});

describe('a cursor that is none of the list', () => {
  /** A query for each list that can be asked for without more than a role, going on after `$after`. */
  function lists(): string[] {
    return Object.values(server.app.schema.getQueryType()!.getFields())
      .filter(({ args }) => args.some(({ name }) => name === 'after') && !args.some(isRequiredArgument))
      .map(({ name }) => `query ($after: String) { ${name}(after: $after) { totalCount nodes { __typename } } }`);
  }

  /** What lists answer to somebody of every role, by their queries. */
  async function answers(after: string): Promise<Set<string | undefined>> {
    const { personId } = await server.world.person('SYSTEM_ADMIN');
    const urn = await server.world.school();
    await server.world.give(personId, 'SCHOOL_LEAD', { schoolUrn: urn });
    await server.world.give(personId, 'LA_OFFICER', { laCode: '990' });
    await server.world.give(personId, 'SIP', { laCode: '990' });
    await server.world.give(personId, 'PROVIDER_ADMIN', { providerId: (await server.world.provider()).id });
    const cookie = await server.cookieOf({ personId });
    return new Set(await Promise.all(lists().map((list) => code(list, { after }, cookie))));
  }

  const times = ['x 1', '2020', '0000-01-01', '0000-01-01T00:00:00.000Z', '+275760-01-01', '2020-02-30', '2020-02-30T00:00:00.000Z', '2020-01-01T24:00:00.000Z', '2020-1-1', '1 BC'];
  test.each(times)('of any list in order of time (%s)', async (time) => {
    const codes = await answers(cursor(time, ID));
    codes.delete(undefined); // in order of names
    expect([...codes]).toEqual(['BAD_USER_INPUT']);
  });

  test.each([4e9, 1.5, -4e9, '1', null, 'x\0'])('of any list in order of numbers (%j)', async (number) => {
    for (const key of [[number], [number, ID], [number, number], [1, number]]) {
      const codes = await answers(cursor(...key));
      codes.delete(undefined);
      expect([...codes]).toEqual(['BAD_USER_INPUT']);
    }
  });

  test('while one that is goes on', async () => {
    const cookie = await cookieOf();
    for (const time of ['2020-02-29T23:59:59.999Z', '2020-02-29', '0001-01-01', '9999-12-31']) {
      expect(await code('query ($after: String) { myNotices(after: $after) { totalCount } }', { after: cursor(time, ID) }, cookie)).toBeUndefined();
    }
  });
});

test('a day of a year that PostgreSQL does not have is refused, in a variable and in the document', async () => {
  const { id, admin } = await server.world.provider();
  const cookie = await server.cookieOf(admin);
  const create = 'mutation ($id: UUID!, $day: LocalDate) { result: createListing(providerId: $id, input: { title: "Phonics", availableFrom: $day }) { __typename } }';
  for (let i = 0; i < 6; i++) expect(await code(create, { id, day: '0000-01-01' }, cookie)).toBe('BAD_USER_INPUT');
  expect((await server.graphql(create, { id, day: '0001-01-01' }, cookie)).data).toMatchObject({ result: { __typename: 'ValidationProblem' } }); // one that it has is far from today
  expect(await code(create.replace('$day }', '"0000-02-28" }'), { id }, cookie)).toBe('GRAPHQL_VALIDATION_FAILED');
});

test('there are no subscriptions', async () => {
  const { errors, status } = await server.graphql('subscription { x }');
  expect([status, errors]).toMatchObject([400, [{ message: 'There are no subscriptions here.', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]]);
});

test('a persisted query whose hash is another query’s is a bad request', async () => {
  const send = async (persistedQuery: unknown) => {
    const body = JSON.stringify({ query: '{ viewer { id } }', extensions: { persistedQuery } });
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
    return [response.status, errors?.[0]!.extensions.code];
  };
  expect(await send({ version: 1, sha256Hash: 'a'.repeat(64) })).toEqual([400, 'BAD_REQUEST']);
  expect(await send({ version: 2, sha256Hash: 'a'.repeat(64) })).toEqual([400, 'BAD_REQUEST']);
  expect(await send({ version: 1, sha256Hash: createHash('sha256').update('{ viewer { id } }').digest('hex') })).toEqual([200, undefined]);
});

describe('what is wrong with an input is said in words for people', () => {
  const create = 'mutation ($id: UUID!, $input: ListingInput!) { result: createListing(providerId: $id, input: $input) { __typename ... on ValidationProblem { message fields { field message } } } }';
  const said = async (input: object) => {
    const { id, admin } = await server.world.provider();
    const { data } = await server.graphql<{ result: { fields: { field: string; message: string }[] } }>(create, { id, input }, await server.cookieOf(admin));
    return data.result.fields.map(({ field, message }) => `${field}: ${message}`);
  };

  test('what is missing', async () => {
    expect(await said({})).toEqual(['title: Enter a title.']);
  });

  test('null for what may be left out', async () => {
    expect(await said({ title: 'Phonics', categories: null, keywords: null, capacity: null, laCodes: null, price: null })).toEqual([
      'categories: Enter something for “categories”, or leave it out.',
      'keywords: Enter something for “keywords”, or leave it out.',
      'laCodes: Enter something for “la codes”, or leave it out.',
      'price: Enter something for “price”, or leave it out.',
      'capacity: Enter something for “capacity”, or leave it out.',
    ]);
  });

  test('a local authority left empty is none, and a version that nothing has yet is another’s', async () => {
    const cookie = await cookieOf();
    const { data } = await server.graphql<{ result: { id: string } }>(REGISTER, { input: { ...NEW, assuringLa: '' } }, cookie);
    expect(data).toMatchObject({ result: { __typename: 'Provider' } });
    const update = 'mutation ($id: UUID!, $version: Int!, $input: ProfileInput!) { result: updateProvider(id: $id, version: $version, input: $input) { __typename } }';
    const outcome = async (version: number, input: object) => (await server.graphql(update, { id: data.result.id, version, input }, cookie)).data;
    expect(await outcome(2_147_483_647, { summary: 'Reading.' })).toEqual({ result: { __typename: 'Conflict' } });
    expect(await outcome(1, { assuringLa: ' ' })).toEqual({ result: { __typename: 'Provider' } });
  });
});

test('the code of an action that is not allowed is what its mutation answers, but for those of no role that it is for', async () => {
  const { id, admin } = await server.world.listed();
  const suspend = 'mutation ($id: UUID!) { result: suspendProvider(id: $id, reason: "Insurance") { ... on Problem { code } } }';
  const asked = async (cookie: string | null) => {
    const { data } = await server.graphql<{ provider: { availableActions: { action: string; code: string }[] } }>('query ($id: UUID!) { provider(id: $id) { availableActions { action code } } }', { id }, cookie);
    return data.provider.availableActions.find((each) => each.action === 'suspend')!.code;
  };
  const elsewhere = await server.cookieOf(await server.world.officer('991'));
  expect(await asked(elsewhere)).toBe('NOT_ALLOWED');
  expect((await server.graphql(suspend, { id }, elsewhere)).data).toEqual({ result: { code: 'NOT_ALLOWED' } });
  expect([await asked(await server.cookieOf(admin)), await code(suspend, { id }, await server.cookieOf(admin))]).toEqual(['NOT_ALLOWED', 'FORBIDDEN']);
  expect([await asked(null), await code(suspend, { id })]).toEqual(['NOT_ALLOWED', 'UNAUTHENTICATED']);
});
