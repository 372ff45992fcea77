import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';

let server: TestServer;
let providers: Awaited<ReturnType<World['listed']>>[];

beforeAll(async () => {
  server = await startApp();
  providers = [];
  for (let i = 0; i < 4; i++) providers.push(...(await Promise.all(Array.from({ length: 5 }, () => server.world.listed()))));
});

/** What there is to see of a request, in parts in which no loader serves two levels: what it then batches depends on who answers first. */
const parts = [
  `need state school { name } people { name } partners { school { name } joinedAt } listings { title } questions { text answer } buyingRecord { reasons } availableActions { action allowed } history { label person { name } }`,
  `invitations { state provider { name } listing { title } brief { need school { name } } questions { text } proposal { pricePence } availableActions { action } history { label person { name } } }`,
  `proposals { summary pricePence provider { name } invitation { sentAt } choiceNeeds(coverPence: 1000) { wholeCostPence moreQuotesNeeded } engagement { state } availableActions { action allowed } history { label person { name } } }`,
];

/** The statements of one operation, in no order. */
async function statementsOf(query: string, cookie: string, check: (data: never) => void): Promise<string[]> {
  const statements: string[] = [];
  server.app.db.onStatement = (sql) => statements.push(sql.replace(/\s+/g, ' ').trim());
  const { data, errors } = await server.graphql(query, {}, cookie);
  server.app.db.onStatement = undefined;
  expect(errors).toBeUndefined();
  check(data as never);
  return statements.sort();
}

/** A request with so many proposals. @returns its id and a cookie of the school's */
async function withProposals(proposals: number): Promise<{ id: string; cookie: string }> {
  const { world, app } = server;
  const urn = await world.school();
  const head = await world.lead(urn);
  const id = await world.openRequest(head, urn, { listingIds: providers.slice(0, proposals).map(({ listing }) => listing) });
  for (const provider of providers.slice(0, proposals)) {
    const { invitation } = await world.proposed(head, id, provider);
    await app.db.query(`INSERT INTO question (id, request_id, invitation_id, text, asked_by, asked_at) VALUES (gen_random_uuid(), $1, $2, 'How many?', $3, now())`, [id, invitation, head.personId]);
  }
  await app.brokerage.requests.act(id, 'read', { actor: head });
  return { id, cookie: await server.cookieOf(head) };
}

test('a request with 20 proposals takes the same statements as one with two', async () => {
  const [two, twenty] = [await withProposals(2), await withProposals(20)];
  let length = 0;
  for (const part of parts) {
    const statements = ({ id, cookie }: typeof two, count: number) =>
      statementsOf(`{ supportRequest(id: "${id}") { proposalCount ${part} } }`, cookie, ({ supportRequest }: { supportRequest: { proposalCount: number; invitations?: unknown[]; proposals?: unknown[] } }) => {
        expect([supportRequest.proposalCount, (supportRequest.invitations ?? supportRequest.proposals)?.length ?? count]).toEqual([count, count]);
      });
    const [few, many] = [await statements(two, 2), await statements(twenty, 20)];
    expect(many).toEqual(few);
    length += many.length;
  }
  expect(length).toBeLessThan(35);
});

test('a provider’s list of invitations takes the same statements for 20 as for one', async () => {
  const provider = providers[0]!;
  const cookie = await server.cookieOf(provider.admin);
  const list = (first: number) =>
    statementsOf(
      `{ myInvitations(first: ${first}) { totalCount nodes { state brief { need school { name } } provider { name } listing { title } request { id } proposal { pricePence } questions { text } availableActions { action } history { label person { name } } } } }`,
      cookie,
      ({ myInvitations }: { myInvitations: { nodes: unknown[] } }) => expect(myInvitations.nodes).toHaveLength(first),
    );
  const urn = await server.world.school();
  const head = await server.world.lead(urn);
  for (let i = 0; i < 20; i++) await server.world.proposed(head, await server.world.openRequest(head, urn), provider);
  expect(await list(20)).toEqual(await list(1));
});
