import { getNamedType, type GraphQLObjectType, isLeafType, isObjectType, parse } from 'graphql';
import { askedBy } from '../../src/graphql/asked.js';
import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
});

/** Every field of a type as a selection of its own; of an object in it, what is at hand. */
function selections(typeName: string): string[] {
  const { schema } = server.app;
  const leaves = (type: GraphQLObjectType) => Object.values(type.getFields()).filter((field) => isLeafType(getNamedType(field.type))).map((field) => field.name);
  return Object.values((schema.getType(typeName) as GraphQLObjectType).getFields()).map(({ name, type }) => {
    const named = getNamedType(type);
    if (!isObjectType(named)) return name;
    return `${name} { ${named.name.endsWith('Connection') ? 'totalCount' : leaves(named).join(' ')} }`;
  });
}

test('a field asked for alone is what it is among all others', async () => {
  const { id, listing, recommenders } = await server.world.listed();
  const cookie = await server.cookieOf(await server.world.person('SYSTEM_ADMIN'));
  const read = async (query: string) => {
    const { data, errors } = await server.graphql<Record<string, unknown>>(query, {}, cookie);
    expect([query, errors]).toEqual([query, undefined]);
    return data;
  };
  const ways: [type: string, ask: (fields: string) => string][] = [
    ['Provider', (fields) => `{ found: provider(id: "${id}") { ${fields} } }`],
    ['Provider', (fields) => `{ providers { nodes { ${fields} } } }`],
    ['Listing', (fields) => `{ found: listing(id: "${listing}") { ${fields} } }`],
    ['Listing', (fields) => `{ provider(id: "${id}") { listings { nodes { ${fields} } } } }`],
    ['Recommendation', (fields) => `{ found: recommendation(id: "${recommenders[0]!.recommendation}") { ${fields} } }`],
    ['Recommendation', (fields) => `{ provider(id: "${id}") { recommendations { nodes { ${fields} } } } }`],
    ['Recommendation', (fields) => `{ listing(id: "${listing}") { recommendations { nodes { ${fields} } } } }`],
  ];
  for (const [type, ask] of ways) {
    const fields = selections(type);
    const whole = JSON.stringify(await read(ask(fields.join(' '))));
    expect(whole).not.toContain('"nodes":[]');
    for (const field of fields) {
      const among = JSON.parse(whole, (_key, value: unknown) => (isRow(value, fields) ? pick(value, field) : value)) as unknown;
      expect([field, await read(ask(field))]).toEqual([field, among]);
    }
  }
});

test('a first page that comes along with its parent is the page that is loaded by itself', async () => {
  for (let i = 0; i < 3; i++) await server.world.listed({ name: `Along ${i}` });
  const page = '{ totalCount pageInfo { hasNextPage endCursor } edges { cursor } nodes { id } }';
  const providers = (listings: string, recommendations: string) => `{ providers { nodes { listings${listings} ${page} recommendations${recommendations} ${page} } } }`;
  const cookie = await server.cookieOf(await server.world.person('SYSTEM_ADMIN'));
  const read = async (query: string, variables = {}) => {
    const statements: string[] = [];
    server.app.db.onStatement = (sql) => statements.push(sql);
    const { data, errors } = await server.graphql<unknown>(query, variables, cookie);
    server.app.db.onStatement = undefined;
    expect([query, errors]).toEqual([query, undefined]);
    return { data, pages: statements.filter((sql) => sql.includes('key.page')).length };
  };
  for (const n of [1, 2, 30]) {
    const loaded = await read(providers(`(first: ${n}, after: null)`, `(first: ${n}, after: null)`));
    expect(loaded.pages).toBe(2);
    expect(await read(providers(`(first: ${n})`, `(first: ${n})`))).toEqual({ data: loaded.data, pages: 0 });
    expect(await read(`query ($n: Int!) ${providers('(first: $n)', '(first: $n)')}`, { n })).toEqual({ data: loaded.data, pages: 0 });
    expect(await read(`query ($n: Int = ${n}) ${providers('(first: $n)', '(first: $n)')}`)).toEqual({ data: loaded.data, pages: 0 });
  }
  const { data } = await read('{ providers { nodes { one: recommendations(first: 1) { nodes { id } } two: recommendations(first: 2) { nodes { id } } } } }');
  for (const { one, two } of (data as { providers: { nodes: Record<'one' | 'two', { nodes: unknown[] }>[] } }).providers.nodes) expect(one.nodes).toEqual(two.nodes.slice(0, 1));
});

test('what comes along may have in it what it comes along with', async () => {
  const name = 'Round and round';
  const { id, listing } = await server.world.listed({ name });
  const query = `{
    provider(id: "${id}") { listings { totalCount nodes { id provider { id name listings { totalCount nodes { id provider { name } } } } } } }
    listing(id: "${listing}") { provider { name listings { nodes { id } } } }
  }`;
  const { data, errors } = await server.graphql<unknown>(query);
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    provider: { listings: { totalCount: 1, nodes: [{ id: listing, provider: { id, name, listings: { totalCount: 1, nodes: [{ id: listing, provider: { name } }] } } }] } },
    listing: { provider: { name, listings: { nodes: [{ id: listing }] } } },
  });
});

test('a page size out of bounds is refused, also where the page would come along', async () => {
  for (const first of [0, 101]) {
    const { errors } = await server.graphql('query ($first: Int) { providers(first: 1) { nodes { listings(first: $first) { nodes { id } } } } }', { first });
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
  }
});

const nameOf = (selection: string) => selection.split(' ')[0]!;
const isRow = (value: unknown, fields: string[]): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && fields.every((field) => nameOf(field) in value);
const pick = (row: Record<string, unknown>, field: string) => ({ [nameOf(field)]: row[nameOf(field)] });

test('fragments, aliases and what is under a condition count; fields of an interface count for all that have them', () => {
  const { fields: asked } = askedBy(
    server.app.schema,
    parse(`
      query ($yes: Boolean!) { p: provider(id: "x") { other: name ...more @include(if: $yes) } }
      fragment more on Provider { listings { nodes { __typename title } } }
      mutation { signIn(email: "a", code: "b") { ... on Problem { code } } }`),
  );
  expect(asked.get('Provider')).toEqual(new Set(['name', 'listings']));
  expect(asked.get('Listing')).toEqual(new Set(['title']));
  expect(asked.get('NotFound')).toEqual(new Set(['code']));
});
