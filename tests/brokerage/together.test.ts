import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';

const CHOICES = 50;

let server: TestServer;
let world: World;
let providers: Awaited<ReturnType<World['listed']>>[];

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
  providers = await Promise.all(Array.from({ length: 5 }, () => world.listed()));
});

const count = async (table: string, where: string, values: unknown[]) => (await server.app.db.query<{ count: number }>(`SELECT count(*) FROM ${table} WHERE ${where}`, values))[0]!.count;

/** An open request with a proposal of each provider, read. */
async function withProposals() {
  const urn = await world.school();
  const head = await world.lead(urn);
  const id = await world.openRequest(head, urn);
  const proposals: string[] = [];
  for (const provider of providers) proposals.push((await world.proposed(head, id, provider)).proposal);
  await server.app.brokerage.requests.act(id, 'read', { actor: head });
  return { urn, head, id, proposals };
}

const CHOOSE = `mutation ($input: ChoiceInput!, $key: String) { result: chooseProposal(input: $input, idempotencyKey: $key) { __typename ... on Problem { code message } ... on Proposal { id state } } }`;
interface Answer {
  result: { __typename: string; id?: string; code?: string; state?: string };
}

test(`of ${CHOICES} simultaneous choices among five proposals one is made, and one engagement`, async () => {
  const { urn, id, proposals } = await withProposals();
  const leads = await Promise.all(Array.from({ length: 5 }, () => world.lead(urn)));
  const cookies = await Promise.all(leads.map((lead) => server.cookieOf(lead)));
  const answers = await Promise.all(
    Array.from({ length: CHOICES }, (_, i) => server.graphql<Answer>(CHOOSE, { input: { proposalId: proposals[i % 5], version: 1, reasons: 'It fits.' }, key: null }, cookies[(i * 3) % 5])),
  );
  const results = answers.map(({ data }) => data.result);
  expect(results.filter((each) => each.state === 'CHOSEN')).toHaveLength(1);
  expect(results.filter((each) => each.code === 'NOT_ALLOWED_IN_THIS_STATE')).toHaveLength(CHOICES - 1);

  expect(await count('engagement', 'request_id = $1', [id])).toBe(1);
  expect(await count('buying_record', 'request_id = $1', [id])).toBe(1);
  const states = await server.app.db.query('SELECT state, count(*) FROM proposal WHERE request_id = $1 GROUP BY state ORDER BY state', [id]);
  expect(states).toEqual([{ state: 'CHOSEN', count: 1 }, { state: 'NOT_CHOSEN', count: 4 }]);
  expect(await count('history', `object_id = $1 AND transition = 'choose'`, [id])).toBe(1);
});

test('a choice, withdrawals of the proposal and of the request, revisions and closings at the same moment leave one whole state', async () => {
  const { requests, proposals: service, choices } = server.app.brokerage;
  for (let round = 0; round < 5; round++) {
    const { id, head, proposals } = await withProposals();
    await Promise.allSettled([
      ...proposals.map((proposalId) => choices.choose(head, { proposalId, version: 1, reasons: 'It fits.' })),
      requests.act(id, round % 2 ? 'withdraw' : 'closeUnmet', { actor: head, reason: 'No time.' }),
      ...providers.map(({ admin }, i) => service.withdraw(admin, proposals[i]!)),
      ...providers.map(({ admin }, i) => service.revise(admin, proposals[i]!, 1, { pricePence: 1 })),
    ]);
    const [row] = await server.app.db.query<{ state: string; chosen: number; submitted: number; engagements: number; records: number }>(
      `SELECT state, (SELECT count(*) FROM proposal WHERE request_id = r.id AND state = 'CHOSEN') AS chosen, (SELECT count(*) FROM proposal WHERE request_id = r.id AND state = 'SUBMITTED') AS submitted,
              (SELECT count(*) FROM engagement WHERE request_id = r.id) AS engagements, (SELECT count(*) FROM buying_record WHERE request_id = r.id) AS records
       FROM request r WHERE id = $1`,
      [id],
    );
    const one = row!.state === 'AGREED' ? 1 : 0;
    expect(['AGREED', 'WITHDRAWN', 'CLOSED_UNMET']).toContain(row!.state);
    expect(row).toMatchObject({ chosen: one, submitted: 0, engagements: one, records: one });
  }
});

test('a provider invited by two people at the same moment is invited once', async () => {
  const urn = await world.school();
  const [head, chair] = [await world.lead(urn), await world.lead(urn)];
  const requestId = await world.openRequest(head, urn);
  const results = await Promise.allSettled([head, chair, head, chair].map((actor) => server.app.brokerage.invitations.send(actor, { requestId, providerId: providers[0]!.id })));
  expect(results.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
  expect(await count('invitation', 'request_id = $1', [requestId])).toBe(1);
});

test('a suspension and invitations at the same moment: none is sent after it', async () => {
  const provider = await world.listed();
  const schools = await Promise.all(
    Array.from({ length: 10 }, async () => {
      const urn = await world.school();
      const head = await world.lead(urn);
      return { head, requestId: await world.openRequest(head, urn) };
    }),
  );
  await Promise.allSettled([
    ...schools.map(({ head, requestId }) => server.app.brokerage.invitations.send(head, { requestId, providerId: provider.id })),
    server.app.directory.providers.act(provider.id, 'suspend', { actor: provider.officer, reason: 'A complaint.' }),
  ]);
  const after = await server.app.db.query(
    `SELECT h.id FROM history h JOIN invitation i ON i.id = h.object_id
     WHERE i.provider_id = $1 AND h.id > (SELECT id FROM history WHERE object_id = $1 AND transition = 'suspend')`,
    [provider.id],
  );
  expect(after).toEqual([]);
});

describe('each mutation that creates, sent again with its key', () => {
  interface Repeat {
    mutation: string;
    variables: Record<string, unknown>;
    another: Record<string, unknown>;
    cookie: string;
    effects: () => Promise<number>;
  }

  const mutations: Record<string, () => Promise<Repeat>> = {
    draftSupportRequest: async () => {
      const urn = await world.school();
      return {
        mutation: 'mutation ($urn: Int!, $input: SupportRequestInput!, $key: String) { result: draftSupportRequest(schoolUrn: $urn, input: $input, idempotencyKey: $key) { ... on SupportRequest { id } ... on Problem { code } } }',
        variables: { urn, input: { need: 'Reading.' } },
        another: { urn, input: { need: 'Writing.' } },
        cookie: await server.cookieOf(await world.lead(urn)),
        effects: () => count('request', 'school_urn = $1', [urn]),
      };
    },
    inviteProvider: async () => {
      const urn = await world.school();
      const head = await world.lead(urn);
      const request = await world.openRequest(head, urn);
      return {
        mutation: 'mutation ($request: UUID!, $provider: UUID!, $key: String) { result: inviteProvider(requestId: $request, providerId: $provider, idempotencyKey: $key) { ... on ProposalInvitation { id } ... on Problem { code } } }',
        variables: { request, provider: providers[0]!.id },
        another: { request, provider: providers[1]!.id },
        cookie: await server.cookieOf(head),
        effects: () => count('invitation', 'request_id = $1', [request]),
      };
    },
    askQuestion: async () => {
      const urn = await world.school();
      const head = await world.lead(urn);
      const invitation = await server.app.brokerage.invitations.send(head, { requestId: await world.openRequest(head, urn), providerId: providers[0]!.id });
      return {
        mutation: 'mutation ($invitation: UUID!, $text: String!, $key: String) { result: askQuestion(invitationId: $invitation, text: $text, idempotencyKey: $key) { ... on ProposalInvitation { id } ... on Problem { code } } }',
        variables: { invitation, text: 'How many?' },
        another: { invitation, text: 'How old?' },
        cookie: await server.cookieOf(providers[0]!.admin),
        effects: () => count('question', 'invitation_id = $1', [invitation]),
      };
    },
    submitProposal: async () => {
      const urn = await world.school();
      const head = await world.lead(urn);
      const invitation = await server.app.brokerage.invitations.send(head, { requestId: await world.openRequest(head, urn), providerId: providers[0]!.id });
      const input = { summary: 'Coaching.', pricePence: 100, vat: 'ADDED' };
      return {
        mutation: 'mutation ($invitation: UUID!, $input: ProposalInput!, $key: String) { result: submitProposal(invitationId: $invitation, input: $input, idempotencyKey: $key) { ... on Proposal { id } ... on Problem { code } } }',
        variables: { invitation, input },
        another: { invitation, input: { ...input, pricePence: 200 } },
        cookie: await server.cookieOf(providers[0]!.admin),
        effects: () => count('proposal', 'invitation_id = $1', [invitation]),
      };
    },
    chooseProposal: async () => {
      const { id, head, proposals } = await withProposals();
      const input = { proposalId: proposals[0], version: 1, reasons: 'It fits.' };
      return {
        mutation: CHOOSE,
        variables: { input },
        another: { input: { ...input, reasons: 'It is cheap.' } },
        cookie: await server.cookieOf(head),
        effects: () => count('engagement', 'request_id = $1', [id]),
      };
    },
  };

  test.each(Object.keys(mutations))('%s has one effect, twice and in parallel', async (name) => {
    const { mutation, variables, another, cookie, effects } = await mutations[name]!();
    const key = `key of ${name}`;
    const send = async (input: Record<string, unknown>) => (await server.graphql<Answer>(mutation, { ...input, key }, cookie)).data.result;
    const parallel = await Promise.all(Array.from({ length: 8 }, () => send(variables)));
    expect(parallel[0]!.id).toBeTruthy();
    expect(new Set(parallel.map((each) => each.id)).size).toBe(1);
    expect((await send(variables)).id).toBe(parallel[0]!.id);
    expect((await send(another)).code).toBe('CONFLICT');
    expect(await effects()).toBe(1);
  });
});
