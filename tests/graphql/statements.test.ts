import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
  const { world } = server;
  for (let i = 0; i < 100; i += 10) await Promise.all(Array.from({ length: 10 }, (_, j) => world.listed({ name: `Provider ${i + j}` })));
});

/** The statements of one operation, whatever they return. */
async function statementsOf(query: string, cookie: string | null = null): Promise<string[]> {
  const statements: string[] = [];
  server.app.db.onStatement = (sql) => statements.push(sql.replace(/\s+/g, ' ').trim());
  const { errors } = await server.graphql(query, {}, cookie);
  server.app.db.onStatement = undefined;
  expect(errors).toBeUndefined();
  return statements;
}

const nestedList = (first: number) =>
  `{ providers(first: ${first}) { nodes { name summary listings(first: 4) { nodes { title price { kind pence } } } recommendations(first: 6) { nodes { whatChanged school { name } listings { title } } } } } }`;

const searchPage = (first: number) =>
  `{ search(input: { words: "reading" }, first: ${first}) { totalCount facets { group values { value label count } } nodes { listing { title provider { name recommendations(first: 3) { totalCount nodes { school { name } } } } localAuthorities { name } } } } }`;

test.each([
  ['a nested list of providers, listings and recommendations', nestedList],
  ['a page of search', searchPage],
])('%s takes the same statements for 10 rows as for 100', async (_what, query) => {
  await statementsOf(query(100)); // the names of local authorities are known from then on
  const [few, many] = [await statementsOf(query(10)), await statementsOf(query(100))];
  expect(many).toEqual(few);
  expect(many).toMatchSnapshot();
});

test('actions and histories of a list take one statement each', async () => {
  const admin = await server.world.person('SYSTEM_ADMIN');
  const query = (first: number) => `{ providers(first: ${first}) { nodes { availableActions { action } history { label person { name } } wayToBeingListed { needed } listings(first: 2) { nodes { availableActions { action } } } } } }`;
  const cookie = await server.cookieOf(admin);
  const [few, many] = [await statementsOf(query(1), cookie), await statementsOf(query(20), cookie)];
  expect(many.length).toBe(few.length);
});
