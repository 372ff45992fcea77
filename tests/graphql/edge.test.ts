import { request as httpRequest } from 'node:http';
import { getNamedType, getNullableType, GraphQLNonNull, type GraphQLArgument, type GraphQLInputField, type GraphQLInputType, isEnumType, isInputObjectType, isListType, isRequiredArgument, isRequiredInputField } from 'graphql';
import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});

interface Answer {
  status: number;
  code: string | undefined;
}

/** Sends a body as it is. */
async function send(body: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body });
  const { errors } = JSON.parse(await response.text()) as { errors?: { extensions: { code: string } }[] };
  return { status: response.status, code: errors?.[0]!.extensions.code };
}

const ask = (query: unknown, more: object = {}) => send(JSON.stringify({ query, ...more }));
const get = async (query: Record<string, string>): Promise<Answer> => {
  const response = await fetch(`${server.url}/graphql?${new URLSearchParams(query)}`, { headers: { 'Apollo-Require-Preflight': 'true' } });
  const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] };
  return { status: response.status, code: errors?.[0]!.extensions.code };
};

const TEXT = 'query ($t: String) { schools(first: 1, text: $t) { totalCount } }';
const nested = (open: string, close: string, levels: number) => `${open.repeat(levels)}${close.repeat(levels)}`;

describe('a mistake of the caller’s is a 4xx with a code', () => {
  const mistakes: [string, object, string][] = [
    ['a syntax error', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    ['a character that is none of the language', { query: '{ viewer { id } } \u0001' }, 'GRAPHQL_PARSE_FAILED'],
    ['too many tokens', { query: `{ viewer { ${'id '.repeat(3000)} } }` }, 'GRAPHQL_PARSE_FAILED'],
    ['a field that there is not', { query: '{ viewers { id } }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['fragments in a circle', { query: '{ viewer { ...A } } fragment A on Viewer { ...B } fragment B on Viewer { ...A }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['an operation that the document does not have', { query: 'query A { viewer { id } }', operationName: 'B' }, 'OPERATION_RESOLUTION_FAILURE'],
    ['an operation without a name', { query: 'query { viewer { id } }', operationName: '' }, 'OPERATION_RESOLUTION_FAILURE'],
    ['none of several operations', { query: 'query A { viewer { id } } query B { viewer { id } }' }, 'OPERATION_RESOLUTION_FAILURE'],
    ['a document without an operation', { query: 'fragment A on Viewer { id }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['U+0000 in a variable', { query: TEXT, variables: { t: '\0' } }, 'BAD_USER_INPUT'],
    ['half a pair of surrogates', { query: TEXT, variables: { t: '\ud800' } }, 'BAD_USER_INPUT'],
    ['null for a number that has a default', { query: 'query ($n: Int) { providers(first: $n) { totalCount } }', variables: { n: null } }, 'BAD_USER_INPUT'],
    ['null for the default of a number', { query: 'query ($n: Int = null) { providers(first: $n) { totalCount } }' }, 'BAD_USER_INPUT'],
    ['null for a condition', { query: 'query ($b: Boolean = true) { viewer { id @include(if: $b) } }', variables: { b: null } }, 'BAD_USER_INPUT'],
    ['null in an input', { query: 'query ($n: [Int!]) { search(input: { laCodes: [$n] }) { totalCount } }', variables: { n: null } }, 'GRAPHQL_VALIDATION_FAILED'],
    ['no query', {}, 'BAD_REQUEST'],
    ['an empty query', { query: '' }, 'BAD_REQUEST'],
    ['a query that is no text', { query: { kind: 'Document' } }, 'BAD_REQUEST'],
    ['a query that is a number', { query: 7 }, 'BAD_REQUEST'],
    ['variables that are a list', { query: '{ viewer { id } }', variables: [1] }, 'BAD_REQUEST'],
    ['variables that are a text', { query: '{ viewer { id } }', variables: '{}' }, 'BAD_REQUEST'],
    ['extensions that are a number', { query: '{ viewer { id } }', extensions: 7 }, 'BAD_REQUEST'],
    ['a name of the operation that is a list', { query: '{ viewer { id } }', operationName: ['A'] }, 'BAD_REQUEST'],
    ['a persisted query that is a text', { extensions: { persistedQuery: 'x' } }, 'BAD_REQUEST'],
  ];
  test.each(mistakes)('%s', async (_what, body, code) => {
    for (let i = 0; i < 6; i++) {
      const answer = await send(JSON.stringify(body));
      expect(answer.code).toBe(code);
      expect([answer.status >= 400, answer.status < 500]).toEqual([true, true]);
    }
  });

  test('by GET likewise', async () => {
    expect(await get({ query: '{' })).toEqual({ status: 400, code: 'GRAPHQL_PARSE_FAILED' });
    expect(await get({ query: 'query A { viewer { id } }', operationName: 'B' })).toEqual({ status: 400, code: 'OPERATION_RESOLUTION_FAILURE' });
    expect(await get({ query: 'query A { viewer { id } }', operationName: '' })).toEqual({ status: 400, code: 'OPERATION_RESOLUTION_FAILURE' });
    expect(await get({ query: TEXT, variables: '{"t":"\\u0000"}' })).toEqual({ status: 400, code: 'BAD_USER_INPUT' });
    expect(await get({ query: TEXT, variables: '[' })).toEqual({ status: 400, code: 'BAD_REQUEST' });
    expect(await get({ query: TEXT, variables: nested('[', ']', 500) })).toEqual({ status: 400, code: 'BAD_REQUEST' });
    expect(await get({ query: TEXT, extensions: '7' })).toEqual({ status: 400, code: 'BAD_REQUEST' });
  });

  test.each([
    ['a batch', '[{"query":"{ viewer { id } }"}]', {}],
    ['an empty list', '[]', {}],
    ['a text', '"{ viewer { id } }"', {}],
    ['a number', '7', {}],
    ['null', 'null', {}],
    ['nothing', '', {}],
    ['half of it', '{"query":"{ viewer', {}],
    ['bytes that are no UTF-8', 'not json \u0001', {}],
    ['a form', 'query=%7Bviewer%7Bid%7D%7D', { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['a text of no type', '{ viewer { id } }', { 'Content-Type': 'text/plain' }],
    ['a document', '{ viewer { id } }', { 'Content-Type': 'application/graphql' }],
    ['a form in parts', '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--', { 'Content-Type': 'multipart/form-data; boundary=x', 'Apollo-Require-Preflight': 'true' }],
    ['a character set that there is not', '{"query":"{ viewer { id } }"}', { 'Content-Type': 'application/json; charset=nonsense' }],
    ['an encoding that there is not', '{"query":"{ viewer { id } }"}', { 'Content-Encoding': 'nonsense' }],
    ['what is not compressed as it says', '{"query":"{ viewer { id } }"}', { 'Content-Encoding': 'gzip' }],
    ['a type that is none', '{"query":"{ viewer { id } }"}', { 'Content-Type': 'nonsense/' }],
  ])('a body that is %s', async (_what, body, headers) => {
    const { status, code } = await send(body, headers);
    expect([status >= 400 && status < 500, code]).toEqual([true, 'BAD_REQUEST']);
  });

  test('a client that takes application/json alone is told of mistakes in the document with status 200, of others not', async () => {
    const json = { Accept: 'application/json' };
    expect(await send('{"query":"{"}', json)).toEqual({ status: 200, code: 'GRAPHQL_PARSE_FAILED' });
    expect(await send('{"query":"{ viewers { id } }"}', json)).toEqual({ status: 200, code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(await send('{"query":"query A { viewer { id } }","operationName":"B"}', json)).toEqual({ status: 400, code: 'OPERATION_RESOLUTION_FAILURE' });
    expect(await send('{', json)).toEqual({ status: 400, code: 'BAD_REQUEST' });
    for (const accept of ['*/*', 'application/json, */*', 'application/graphql-response+json, application/json;q=0.9']) {
      expect(await send('{"query":"{"}', { Accept: accept })).toEqual({ status: 400, code: 'GRAPHQL_PARSE_FAILED' });
    }
  });

  test('a method that is not taken', async () => {
    const response = await fetch(`${server.url}/graphql`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: '{}' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST']);
  });
});

describe('no answer is kept anywhere', () => {
  const keeps = async (path: string, init: RequestInit = {}) => (await fetch(server.url + path, init)).headers.get('cache-control');
  const query = (text: string) => `/graphql?query=${encodeURIComponent(text)}`;

  test('of the API, by GET and POST, to whoever asks, also where it went wrong', async () => {
    const callers: Record<string, string>[] = [{}, { Cookie: await server.cookieOf(await server.world.person()) }];
    for (const cookie of callers) {
      const headers: Record<string, string> = { 'Apollo-Require-Preflight': 'true', 'Content-Type': 'application/json', ...cookie };
      for (const path of [query('{ viewer { id } }'), query('{'), query('{ providers(first: 0) { totalCount } }'), query('mutation { signOut { sessions } }'), '/graphql']) {
        expect([path, await keeps(path, { headers })]).toEqual([path, 'no-store']);
      }
      for (const body of ['{"query":"{ viewer { id } }"}', '{', 'x'.repeat(300_000)]) expect(await keeps('/graphql', { method: 'POST', headers, body })).toBe('no-store');
    }
  });

  test('of pages to somebody signed in, also where there is none or it leads on', async () => {
    const headers = { Cookie: await server.cookieOf(await server.world.person()) };
    for (const path of ['/', '/account', '/nowhere', '/sign-in', '/providers/1', '/service']) expect([path, await keeps(path, { headers, redirect: 'manual' })]).toEqual([path, 'no-store']);
    expect(await keeps('/account', { method: 'POST', headers })).toBe('no-store');
    expect(await keeps('/')).toBe('private, no-cache');
  });

  test('of a fault', async () => {
    const { sessions } = server.app.identity;
    const actor = sessions.actor.bind(sessions);
    sessions.actor = async () => {
      throw new Error('away');
    };
    const answers = [await keeps('/'), await keeps(query('{ viewer { id } }'), { headers: { 'Apollo-Require-Preflight': 'true' } })];
    sessions.actor = actor;
    expect(answers).toEqual(['no-store', 'no-store']);
  });
});

describe('input of any depth or size is no fault of ours', () => {
  test.each([20, 1000, 90_000])('variables nested %i deep', async (levels) => {
    for (const variables of [`{"t":${nested('[', ']', levels)}}`, `{"t":${'{"a":'.repeat(levels / 3)}1${'}'.repeat(levels / 3)}}`, `{"unused":${nested('[', ']', levels)}}`]) {
      const { status, code } = await send(`{"query":${JSON.stringify(TEXT)},"variables":${variables}}`);
      if (!(variables.startsWith('{"unused"') && levels === 20)) expect([status, code]).toEqual([400, 'BAD_USER_INPUT']);
    }
  });

  test.each([
    ['lists', nested('[', ']', 1400)],
    ['objects', `${'{ a: '.repeat(900)}1${' }'.repeat(900)}`],
  ])('%s deep in the document', async (_what, value) => {
    for (const query of [`{ schools(text: ${value}) { totalCount } }`, `query ($t: String = ${value}) { schools(text: $t) { totalCount } }`]) {
      expect(await ask(query)).toEqual({ status: 400, code: expect.stringMatching(/^GRAPHQL_(VALIDATION|PARSE)_FAILED$/) });
    }
  });

  test.each([
    ['a field in a field', `${'{ viewer '.repeat(1400)}{ id }${' }'.repeat(1400)}`],
    ['a fragment in a fragment', `{ viewer { ${'... on Viewer { '.repeat(700)}id${' }'.repeat(700)} } }`],
    ['a type in a list of lists', `query ($t: ${nested('[', ']', 1400).replace('][', 'String][').replace('[]', '[String]')}) { viewer { id } }`],
    ['a chain of fragments', `{ viewer { ...F0 } } ${Array.from({ length: 400 }, (_, i) => `fragment F${i} on Viewer { ...F${i + 1} }`).join(' ')} fragment F400 on Viewer { id }`],
  ])('%s', async (_what, query) => {
    const { status, code } = await ask(query);
    expect([status, code]).toEqual([400, expect.stringMatching(/^GRAPHQL_(VALIDATION|PARSE)_FAILED$/)]);
  });

  test('introspection that asks itself', async () => {
    const { status, code } = await ask(`{ __schema { types { ${'fields { type { '.repeat(100)}name${' } }'.repeat(100)} } } }`);
    expect([status, code]).toEqual([400, expect.stringMatching(/FAILED|TOO_LARGE/)]);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then'])('the name %s, as an alias, a variable, a key', async (name) => {
    for (let i = 0; i < 6; i++) {
      const alias = await server.graphql<Record<string, unknown>>(`{ ${name}: providers(first: 1) { totalCount } }`);
      expect([alias.status, alias.errors]).toEqual([200, undefined]);
      expect((await ask(`query ($${name}: String) { schools(first: 1, text: $${name}) { totalCount } }`, { variables: JSON.parse(`{"${name}":"Melton"}`) })).code).toBeUndefined();
      expect((await send(`{"query":"{ viewer { id } }","${name}":{"a":1}}`)).code).toBeUndefined();
      const keyed = await send(`{"query":"query ($i: SearchInput!) { search(input: $i) { totalCount } }","variables":{"i":{"${name}":{"a":1}}}}`);
      expect([keyed.status, keyed.code]).toEqual([400, 'BAD_USER_INPUT']);
      expect((await send(`{"query":"{ viewer { id } }","operationName":"${name}"}`)).code).toBe('OPERATION_RESOLUTION_FAILURE');
    }
  });

  test('numbers beyond any', async () => {
    for (const number of ['1e400', '-1e400', '9'.repeat(5000), '2147483648', '1.5', '-0', '1e21']) {
      const { status, code } = await send(`{"query":"query ($n: Int!) { schools(first: $n) { totalCount } }","variables":{"n":${number}}}`);
      expect([number.slice(0, 9), status < 500, code]).toEqual([number.slice(0, 9), true, 'BAD_USER_INPUT']);
      expect((await ask(`{ schools(first: ${number}) { totalCount } }`)).code).toMatch(/BAD_USER_INPUT|GRAPHQL_(VALIDATION|PARSE)_FAILED/);
    }
  });

  test('an address longer than a server reads', async () => {
    const status = await new Promise((resolve, reject) => {
      httpRequest(`${server.url}/graphql?query=${'x'.repeat(100_000)}`, (response) => resolve(response.statusCode)).on('error', reject).end();
    });
    expect(status).toBe(431);
  });
});

/** Every value that an input may have, of those that have led to faults: by type, one after another. */
const nasty: Record<string, unknown[]> = {
  String: ['', ' ', '%', '_', '\\', '%_\\', "'", '"; --', ':* & |', '!', '(', '\u202e', '😀'.repeat(300), 'x'.repeat(60_000), '\t\n', '９９０', '0'],
  Int: [0, -1, 1, 2_147_483_647, -2_147_483_648],
  Float: [0, -1, 1e-300, 1e300, 1e15],
  Boolean: [true, false],
  ID: ['', '0', 'x'.repeat(5000)],
  UUID: ['0190a5a0-0000-7000-8000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'],
  LocalDate: ['0001-01-01', '9999-12-31', '2024-02-29'],
  DateTimeISO: ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'],
};

/** A value of the type; `turn` chooses among the nasty ones, null where `none` says so and the type takes it. */
function valueOf(type: GraphQLInputType, turn: number, none: boolean, depth = 0): unknown {
  const nullable = getNullableType(type);
  if (none && type === nullable) return null;
  if (isListType(nullable)) return turn % 3 === 0 ? [] : [valueOf(nullable.ofType as GraphQLInputType, turn, false, depth)];
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields()).filter((field) => isRequiredInputField(field) || depth < 3);
    return Object.fromEntries(fields.map((field, i) => [field.name, valueOf(field.type, turn + i, none, depth + 1)]));
  }
  if (isEnumType(nullable)) return nullable.getValues()[turn % nullable.getValues().length]!.name;
  const values = nasty[getNamedType(type).name] ?? ['x'];
  return values[turn % values.length];
}

const placeable = (arg: GraphQLArgument | GraphQLInputField) => `$${arg.name}: ${String(arg.type)}`;

/** Whoever may ask everything that a role opens. */
async function everybody(): Promise<string> {
  const { world } = server;
  await world.la('990');
  const { personId } = await world.person('SYSTEM_ADMIN');
  await world.give(personId, 'SCHOOL_LEAD', { schoolUrn: await world.school() });
  await world.give(personId, 'LA_OFFICER', { laCode: '990' });
  await world.give(personId, 'SIP', { laCode: '990' });
  await world.give(personId, 'PROVIDER_ADMIN', { providerId: (await world.provider()).id });
  return server.cookieOf({ personId });
}

test('no operation answers any input with a fault, null for whatever may be null included', async () => {
  const cookie = await everybody();
  const { schema } = server.app;
  const faults: string[] = [];
  for (const [kind, type] of [['query', schema.getQueryType()!], ['mutation', schema.getMutationType()!]] as const) {
    for (const field of Object.values(type.getFields())) {
      if (field.name === 'signOut') continue;
      const head = field.args.length > 0 ? `(${field.args.map(placeable).join(', ')})` : '';
      const args = field.args.length > 0 ? `(${field.args.map(({ name }) => `${name}: $${name}`).join(', ')})` : '';
      const leaf = !('getFields' in getNamedType(field.type)) && !('getTypes' in getNamedType(field.type));
      const query = `${kind} ${head} { ${field.name}${args}${leaf ? '' : ' { __typename }'} }`;
      for (let turn = 0; turn < 10; turn++) {
        const variables = Object.fromEntries(
          field.args.map((arg, i) => [arg.name, arg.name === 'first' ? 1 : valueOf(arg.type, turn * 7 + i, turn < 2 && !isRequiredArgument(arg))]),
        );
        if (turn === 1) for (const { name, type: given } of field.args) if (isInputObjectType(getNullableType(given))) variables[name] = valueOf(new GraphQLNonNull(getNullableType(given)), 1, true);
        const { status, errors } = await server.graphql(query, variables, cookie);
        const fault = errors?.find(({ extensions }) => extensions.code === 'INTERNAL_SERVER_ERROR');
        if (status >= 500 || fault) faults.push(`${field.name} ${JSON.stringify(variables).slice(0, 300)}`);
      }
    }
  }
  expect(faults).toEqual([]);
});
