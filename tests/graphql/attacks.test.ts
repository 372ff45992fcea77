import { createLog } from '../../src/platform/log.js';
import { startApp, type TestServer } from '../support/app.js';

// What graphql-cop tries, and the next thing that somebody would who has read it, on the service as it is in production.

let server: TestServer;
beforeAll(async () => {
  server = await startApp(createLog('silent'), { production: true });
});

interface Body {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions: Record<string, unknown> }[];
  extensions?: object;
}

async function send(body: unknown, init: RequestInit = {}): Promise<{ status: number; body: Body; text: string }> {
  const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), ...init });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text) as Body, text };
}
const bare = (query: string) => fetch(`${server.url}/graphql?query=${encodeURIComponent(query)}`);
const form = (body: string, type = 'application/x-www-form-urlencoded') => send(null, { headers: { 'Content-Type': type }, body });

const times = (count: number, part: (i: number) => string) => Array.from({ length: count }, (_, i) => part(i)).join(' ');

describe('asked for more than is good', () => {
  test.each([
    ['aliases', `{ ${times(101, (i) => `alias${i}: __typename`)} }`],
    ['aliases in fragments', `{ ...A } fragment A on Query { ${times(101, (i) => `alias${i}: __typename`)} }`],
    ['aliases of a search', `{ ${times(40, (i) => `a${i}: providers(first: 1) { totalCount }`)} }`],
    ['one field', `{ ${'__typename '.repeat(500)} }`],
    ['one field with what it has', `{ ${'viewer { id } '.repeat(200)} }`],
    ['one field by one alias', `{ ${'a: __typename '.repeat(20)} }`],
    ['one fragment', `{ ${'...A '.repeat(500)} } fragment A on Query { viewer { id } }`],
    ['directives that there are', `{ __typename ${'@include(if: true) '.repeat(10)} }`],
    ['depth', `{ providers { nodes { ${'listings { nodes { provider { '.repeat(6)}id${' } } }'.repeat(6)} } } }`],
    ['pages of pages', '{ providers(first: 100) { nodes { listings(first: 100) { nodes { recommendations { nodes { id } } } } } } }'],
  ])('%s', async (_what, query) => {
    const { status, body } = await send({ query });
    expect([status, body.data ?? null]).toEqual([400, null]);
  });

  test.each(['@aa'.repeat(10), '@aa '.repeat(500), '@include(if: true) @aa @bb @cc @dd @ee @ff @gg'])('directives that there are not are not told one by one (%#)', async (directives) => {
    const { status, body } = await send({ query: `{ __typename ${directives} }` });
    expect(status).toBe(400);
    expect(body.errors!.length).toBeLessThan(10);
  });

  test('a batch', async () => {
    for (const batch of [Array.from({ length: 10 }, () => ({ query: '{ __typename }' })), [{ query: '{ __typename }' }], []]) {
      const { status, body } = await send(batch);
      expect([status, Array.isArray(body), body.data]).toEqual([400, false, undefined]);
    }
  });
});

describe('what the service is made of is not told', () => {
  test.each([
    ['the schema', '{ __schema { types { name } } }'],
    ['the schema in circles', '{ __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } }'],
    ['one type', '{ __type(name: "Query") { fields { name } } }'],
    ['the schema in a fragment', '{ ...A } fragment A on Query { __schema { queryType { name } } }'],
  ])('%s', async (_what, query) => {
    const { status, body } = await send({ query });
    expect([status, body.data]).toEqual([400, undefined]);
  });

  test.each(['{ __schema { directive } }', '{ viewr { id } }', '{ viewer { idd } }', '{ providers(frist: 1) { totalCount } }', '{ viewer { ... on Viewr { id } } }', 'mutation { signOutt { sessions } }', '{ search(input: { laCode: "1" }) { totalCount } }', '{ search(input: { order: NAEM }) { totalCount } }'])(
    'what else there might be (%s)',
    async (query) => {
      const { status, body, text } = await send({ query });
      expect(status).toBe(400);
      expect(body.errors!.length).toBeGreaterThan(0);
      expect(text).not.toMatch(/did you mean/i);
    },
  );

  test('nor in variables', async () => {
    const { text } = await send({ query: 'query ($i: SearchInput!) { search(input: $i) { totalCount } }', variables: { i: { laCode: 'x' } } });
    expect(text).not.toMatch(/did you mean/i);
  });

  test.each(['abc', '{', '', '{ providers(first: "x") { totalCount } }', 'query ($a: Nonsense) { viewer { id } }'])('nor a stack, nor what was thrown (%s)', async (query) => {
    const { status, body, text } = await send({ query });
    expect([status >= 400, status < 500]).toEqual([true, true]);
    expect(body.errors!.every(({ extensions }) => Object.keys(extensions).join() === 'code')).toBe(true);
    expect(text).not.toMatch(/exception|stacktrace|node_modules|\.js:/i);
  });

  test('no tracing, not to whoever asks for it either', async () => {
    const asked: Record<string, string>[] = [{}, { 'X-Apollo-Tracing': '1' }, { 'apollo-federation-include-trace': 'ftv1' }, { 'X-Debug': '1' }, { 'X-Graphql-Debug': 'true' }];
    for (const headers of asked) {
      const { body } = await send({ query: '{ __typename }' }, { headers: { 'Content-Type': 'application/json', ...headers } });
      expect(body).toEqual({ data: { __typename: 'Query' } });
    }
  });

  test.each(['/', '/graphql', '/graphiql', '/playground', '/console', '/altair', '/explorer', '/explorer/', '/voyager', '/graphql/console', '/v1/graphql', '/api/graphql', '/dev/mail', '/metrics'])('no explorer and no mail at %s', async (path) => {
    const response = await fetch(server.url + path, { headers: { Accept: 'text/html' } });
    const text = await response.text();
    expect(text).not.toMatch(/graphiql\.min|GraphQL Playground|graphql-playground|<title>[^<]*(altair|voyager|apollo|sandbox|mail)|<script/i);
    if (path !== '/') expect(response.status).toBeGreaterThanOrEqual(400);
  });
});

describe('forged from another site', () => {
  const MAY_ASK: Record<string, string>[] = [{}, { 'Apollo-Require-Preflight': 'true' }, { 'Content-Type': 'application/json' }];
  test('a mutation by GET, also from a client that may ask', async () => {
    for (const query of ['mutation { __typename }', 'mutation { signOut { sessions } }', 'mutation A { signOut { sessions } } query B { viewer { id } }&operationName=A']) {
      for (const headers of MAY_ASK) {
        const [document, ...rest] = query.split('&');
        const response = await fetch(`${server.url}/graphql?query=${encodeURIComponent(document!)}${rest.map((each) => `&${each}`).join('')}`, { headers });
        expect(response.status).toBe(Object.keys(headers).length > 0 ? 405 : 400);
        expect(await response.json()).not.toHaveProperty('data');
      }
    }
  });

  test('a query by GET that a page could have sent', async () => {
    const response = await bare('{ __typename }');
    expect([response.status, await response.json()]).toEqual([400, expect.not.objectContaining({ data: expect.anything() })]);
  });

  test.each([
    ['a form', 'query=%7B__typename%7D', undefined],
    ['a form with a mutation', 'query=mutation%7BsignOut%7Bsessions%7D%7D', undefined],
    ['a text that is JSON', '{"query":"{ __typename }"}', 'text/plain'],
    ['a text that says it is JSON too', '{"query":"{ __typename }"}', 'text/plain; application/json'],
    ['a form in parts', '--x\r\nContent-Disposition: form-data; name="query"\r\n\r\n{__typename}\r\n--x--', 'multipart/form-data; boundary=x'],
  ])('%s', async (_what, body, type) => {
    const { status, body: answer } = await form(body, type);
    expect([status, answer.data]).toEqual([400, undefined]);
  });

  test('no other site is let read an answer', async () => {
    const response = await fetch(`${server.url}/graphql`, { method: 'OPTIONS', headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'POST' } });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });
});
