import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
});

const nested = (depth: number): string => (depth === 0 ? 'id' : `provider { listings(first: 1) { nodes { ${nested(depth - 1)} } } }`);

test('a page is at most 100 long', async () => {
  for (const first of [0, -1, 101, 2_000_000]) {
    const { errors } = await server.graphql(`{ providers(first: ${first}) { nodes { id } } }`);
    expect([first, errors![0]!.extensions.code]).toEqual([first, first > 10_000 ? 'OPERATION_TOO_LARGE' : 'BAD_USER_INPUT']);
  }
});

test('page sizes that multiply to too much are refused before anything is read', async () => {
  const statements: string[] = [];
  server.app.db.onStatement = (sql) => statements.push(sql);
  const { errors, status } = await server.graphql('{ providers(first: 100) { nodes { listings(first: 100) { nodes { recommendations { nodes { id } } } } } } }');
  server.app.db.onStatement = undefined;
  expect([status, errors![0]!.extensions.code]).toEqual([400, 'OPERATION_TOO_LARGE']);
  expect(statements).toEqual([]);
});

test('page sizes in variables and defaults count as well', async () => {
  const query = 'query ($n: Int!) { providers(first: $n) { nodes { listings(first: $n) { nodes { recommendations { nodes { id } } } } } } }';
  expect((await server.graphql(query, { n: 100 })).errors![0]!.extensions.code).toBe('OPERATION_TOO_LARGE');
  expect((await server.graphql(query, { n: 5 })).errors).toBeUndefined();
});

test('a document that is too deep, too long, or full of aliases or directives is refused', async () => {
  const refused = async (query: string) => (await server.graphql(query)).errors?.[0]?.extensions.code;
  expect(await refused(`{ listing(id: "0190a5a0-0000-7000-8000-000000000000") { ${nested(6)} } }`)).toBe('GRAPHQL_VALIDATION_FAILED');
  expect(await refused(`{ ${Array.from({ length: 40 }, (_, i) => `a${i}: viewer { id }`).join(' ')} }`)).toBe('GRAPHQL_VALIDATION_FAILED');
  expect(await refused(`{ viewer { ${'id '.repeat(4000)} } }`)).toMatch(/GRAPHQL_(PARSE|VALIDATION)_FAILED/);
  expect(await refused(`{ viewer { id ${'@include(if: true) '.repeat(10)} } }`)).toBe('GRAPHQL_VALIDATION_FAILED');
});

test('a body is at most 200 kB, and JSON', async () => {
  const post = async (body: string) => {
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body });
    return [response.status, ((await response.json()) as { errors: [{ extensions: { code: string } }] }).errors[0].extensions.code];
  };
  expect(await post(JSON.stringify({ query: '{ viewer { id } }', variables: { x: 'x'.repeat(210_000) } }))).toEqual([413, 'BAD_REQUEST']);
  expect(await post('{')).toEqual([400, 'BAD_REQUEST']);
});

test('a form on another site cannot send an operation', async () => {
  const response = await fetch(`${server.url}/graphql?query=${encodeURIComponent('mutation { signOut { sessions } }')}`, { headers: { 'Content-Type': 'text/plain' } });
  expect(response.status).toBe(400);
});

test('a fault is told with a reference and without what went wrong', async () => {
  const { db } = server.app;
  const query = db.prepared.bind(db);
  db.prepared = async () => {
    throw new Error('password=secret');
  };
  const { errors } = await server.graphql('{ providers { nodes { id } } }');
  db.prepared = query;
  expect(errors![0]!.message).toMatch(/^Something went wrong on our side \(reference [0-9a-f-]{36}\)\.$/);
  expect(JSON.stringify(errors)).not.toContain('secret');
});

test('a cursor of another list, or none at all, is refused as bad input', async () => {
  for (const after of ['', 'x', Buffer.from('[1,2]').toString('base64url'), Buffer.from('["a","b"]').toString('base64url'), Buffer.from('{}').toString('base64url')]) {
    const { errors } = await server.graphql('query ($after: String) { providers(after: $after) { nodes { id } } }', { after });
    expect([after, errors?.[0]!.extensions.code]).toEqual([after, 'BAD_USER_INPUT']);
  }
});
