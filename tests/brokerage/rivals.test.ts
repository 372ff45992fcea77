import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';

/** Somebody of an invited provider, who leads the asking school or a partner, tries to read what rivals propose. */

let server: TestServer;
let world: World;
beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
});

type Person = Actor & { personId: string; email: string };
const as = async (actor: Actor, query: string, variables: Record<string, unknown>) => {
  const { data, errors } = await server.graphql<{ result: { code?: string; message?: string } | null }>(query, variables, await server.cookieOf(actor as Person));
  return { outcome: errors?.[0]?.extensions.code ?? data.result?.code ?? 'done', message: data?.result?.message ?? '' };
};
const read = (actor: Actor, id: string) => as(actor, 'mutation ($id: UUID!) { result: readProposals(id: $id) { ... on Problem { code message } } }', { id });
const reopen = (actor: Actor, id: string) => as(actor, 'mutation ($id: UUID!, $day: LocalDate!) { result: reopenRound(id: $id, closesOn: $day) { ... on Problem { code message } } }', { id, day: world.dayIn(20) });
const choose = (actor: Actor, proposalId: string) =>
  as(actor, 'mutation ($input: ChoiceInput!) { result: chooseProposal(input: $input) { ... on Problem { code message } } }', {
    input: { proposalId, version: 1, reasons: 'It fits.', fewerQuotesReason: 'Few offer it.', approverName: 'Ann', approverRole: 'Chair' },
  });
interface Seen {
  proposalCount: number;
  proposals: { id: string; pricePence: number }[];
  invitations: { id: string; state: string }[];
}
async function seen(actor: Actor, id: string): Promise<Seen | null> {
  const query = 'query ($id: UUID!) { supportRequest(id: $id) { proposalCount proposals { id pricePence } invitations { id state } } }';
  return (await server.graphql<{ supportRequest: Seen | null }>(query, { id }, await server.cookieOf(actor as Person))).data.supportRequest;
}

/** A round of two providers, one of which the person is of. */
async function round(owner: Person, lead: Person, urn: number, input = {}) {
  const [own, rival] = [await world.listed(), await world.listed()];
  await world.give(owner.personId, 'PROVIDER_EDITOR', { providerId: own.id });
  const id = await world.openRequest(lead, urn, input);
  const [theirs, other] = [await world.proposed(lead, id, own), await world.proposed(lead, id, rival, { pricePence: 45_000 })];
  return { id, own: theirs, rival: other };
}

describe('a lead of the asking school who is of an invited provider', () => {
  let urn: number;
  let owner: Person;
  let head: Person;
  beforeEach(async () => {
    urn = await world.school();
    [owner, head] = [(await world.lead(urn)) as Person, (await world.lead(urn)) as Person];
  });
  const sealed = async (id: string, own: string) =>
    expect(await seen(owner, id)).toMatchObject({ proposalCount: 0, invitations: [{ id: own }], proposals: expect.not.arrayContaining([expect.objectContaining({ pricePence: 45_000 })]) });

  test('unseals, reopens and chooses: another lead does', async () => {
    const it = await round(owner, head, urn);
    await sealed(it.id, it.own.invitation);
    const refused = await read(owner, it.id);
    expect(refused.outcome).toBe('HAS_INTEREST');
    expect(refused.message).toContain('Another lead of the school');
    expect((await read(head, it.id)).outcome).toBe('done');
    await sealed(it.id, it.own.invitation);
    expect((await choose(owner, it.rival.proposal)).outcome).toBe('NOT_FOUND');
    expect((await choose(owner, it.own.proposal)).outcome).toBe('HAS_INTEREST');
    expect((await reopen(owner, it.id)).outcome).toBe('HAS_INTEREST');
    expect((await reopen(head, it.id)).outcome).toBe('done');
    expect((await read(head, it.id)).outcome).toBe('done');
    expect((await seen(head, it.id))!.proposals.map(({ pricePence }) => pricePence).sort()).toEqual([45_000, 90_000]);
    expect((await choose(head, it.rival.proposal)).outcome).toBe('done');
    expect((await seen(owner, it.id))!.proposalCount).toBe(2);
  });
  test('is told of what rivals propose', async () => {
    const it = await round(owner, head, urn);
    const told = async (person: Person) =>
      (await server.app.db.query('SELECT FROM notice WHERE object_id = $1 AND person_id = $2 AND as_kind = $3', [it.rival.proposal, person.personId, 'SCHOOL'])).length;
    expect([await told(owner), await told(head)]).toEqual([0, 1]);
  });
  test('is the only one: the school reads what to do', async () => {
    const it = await round(owner, head, urn);
    await server.app.db.query('UPDATE membership SET ended_at = $2 WHERE person_id = $1', [head.personId, server.clock.now()]);
    const { outcome, message } = await read(owner, it.id);
    expect(outcome).toBe('HAS_INTEREST');
    expect(message).toContain('chair of governors');
  });
});

test('a lead of a partner school who is of an invited provider reads what is open to the partners', async () => {
  const [urn, partner] = [await world.school(), await world.school()];
  const [head, owner, colleague] = [(await world.lead(urn)) as Person, (await world.lead(partner)) as Person, (await world.lead(partner)) as Person];
  const it = await round(owner, head, urn, { partnerUrns: [partner] });
  await server.app.brokerage.requests.join(colleague, it.id);
  expect((await read(head, it.id)).outcome).toBe('done');
  expect((await seen(colleague, it.id))!.proposals.length).toBe(2);
  expect(await seen(owner, it.id)).toMatchObject({ proposalCount: 0, invitations: [{ id: it.own.invitation }], proposals: [{ id: it.own.proposal }] });
});
