import { packBitmaps } from '../../src/search/index.js';
import { startApp, type TestServer } from '../support/app.js';
import { aListing, aProvider, prepare, write } from './world.js';

let server: TestServer;

interface Found {
  totalCount: number;
  nodes: { listing: { id: string; title: string } }[];
  edges: { cursor: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  facets: { group: string; values: { value: string; label: string; count: number; chosen: boolean }[] }[];
  engine: string;
  degraded: string | null;
}

const SEARCH = `query ($input: SearchInput, $first: Int! = 20, $after: String) {
  search(input: $input, first: $first, after: $after) {
    totalCount nodes { listing { id title } } edges { cursor } pageInfo { hasNextPage endCursor } facets { group values { value label count chosen } } engine degraded
  }
}`;
const ask = (variables: object = {}) => server.graphql<{ search: Found }>(SEARCH, variables as Record<string, unknown>);
const search = async (variables: object = {}) => (await ask(variables)).data.search;
const refusal = async (variables: object) => (await ask(variables)).errors?.map(({ message, extensions }) => [extensions.code, message]);

const many = Array.from({ length: 1010 }, (_, i) => aListing({ title: `Coaching ${i}` }));
const phonics = aListing({ title: 'Phonics', categories: ['EARLY_YEARS'], laCodes: ['301'], priceKind: 'FREE' });

beforeAll(async () => {
  server = await startApp();
  await prepare(server.app.db);
  const provider = aProvider();
  await write(server.app.db, { las: ['301', '302'], listings: [...many.map((each) => ({ ...each, provider })), { ...phonics, provider }] });
  await server.app.db.transaction(packBitmaps);
});

test('anyone may search, and reads labels', async () => {
  const { totalCount, nodes, facets, engine, degraded } = await search({ input: { words: 'phonic', categories: ['GOVERNANCE', 'EARLY_YEARS'] } });
  expect({ totalCount, nodes, engine, degraded }).toEqual({ totalCount: 1, nodes: [{ listing: { id: phonics.id, title: 'Phonics' } }], engine: 'POSTGRES', degraded: null });
  const values = Object.fromEntries(facets.map((facet) => [facet.group, facet.values]));
  expect(values).toMatchObject({
    categories: [
      { value: 'EARLY_YEARS', label: 'Early years', count: 1, chosen: true },
      { value: 'GOVERNANCE', label: 'Governance', count: 0, chosen: true },
    ],
    laCodes: [{ value: '301', label: 'Shire 301', count: 1, chosen: false }],
    free: [{ value: 'true', label: 'Free', count: 1, chosen: false }],
    kinds: [{ value: 'COMPANY', label: 'Company', count: 1, chosen: false }],
    phases: [],
  });
});

test('without an input it finds everything', async () => {
  expect((await search()).totalCount).toBe(1011);
});

test('pages follow each other by cursor', async () => {
  const seen = [];
  let after: string | null = null;
  for (let page = 0; page < 3; page++) {
    const found: Found = await search({ input: { words: 'coaching' }, first: 50, after });
    expect(found.pageInfo.hasNextPage).toBe(true);
    seen.push(...found.nodes.map(({ listing }) => listing.id));
    after = found.pageInfo.endCursor;
  }
  expect(new Set(seen).size).toBe(150);
  const second = await search({ input: { words: 'coaching' }, first: 1, after: (await search({ input: { words: 'coaching' }, first: 2 })).edges[0]!.cursor });
  expect(second.nodes[0]!.listing.id).toBe(seen[1]);
});

test('the last page of a thousand says so, and there is no further one', async () => {
  const cursor = (offset: number) => Buffer.from(JSON.stringify([offset])).toString('base64url');
  const last = await search({ first: 20, after: cursor(990) });
  expect([last.nodes.length, last.pageInfo.hasNextPage]).toEqual([10, false]);
  expect(await refusal({ after: last.pageInfo.endCursor })).toEqual([['BAD_USER_INPUT', expect.stringContaining('first 1000')]]);
});

test.each([
  ['more words than anybody types', { input: { words: 'a'.repeat(201) } }],
  ['too many values', { input: { laCodes: Array.from({ length: 51 }, (_, i) => String(i)) } }],
  ['what is no code', { input: { laCodes: ['30\u00001'] } }],
  ['too many at once', { first: 101 }],
  ['none at once', { first: 0 }],
  ['a cursor of something else', { after: 'bm8' }],
  ['a cursor from before the beginning', { after: Buffer.from('[-1]').toString('base64url') }],
  ['a cursor between two hits', { after: Buffer.from('[1.5]').toString('base64url') }],
])('%s: refused', async (_what, variables) => {
  expect(await refusal(variables)).toEqual([['BAD_USER_INPUT', expect.any(String)]]);
});

test('a stale hit is not shown, and the next page is reached past it', async () => {
  const [hidden] = (await search({ first: 1 })).nodes;
  const { db } = server.app;
  await db.query(`UPDATE listing SET state = 'DRAFT' WHERE id = $1`, [hidden!.listing.id]);
  const page = await search({ first: 1 });
  expect([page.nodes, page.pageInfo.hasNextPage]).toEqual([[], true]);
  expect((await search({ first: 1, after: page.pageInfo.endCursor })).nodes).toHaveLength(1);
  await db.query(`UPDATE listing SET state = 'PUBLISHED' WHERE id = $1`, [hidden!.listing.id]);
});
