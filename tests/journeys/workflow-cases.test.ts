import type { Actor } from '../../src/platform/actor.js';
import { londonDay } from '../../src/platform/clock.js';
import { longDay } from '../../src/platform/days.js';
import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';

// What people met who tried the product from outside, as they sent it.

let server: TestServer;
let world: World;
beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
});

interface Answer {
  __typename: string;
  id?: string;
  code?: string;
  message?: string;
  [field: string]: unknown;
}
async function send(who: Actor, call: string, variables: Record<string, unknown> = {}): Promise<Answer> {
  const { data, errors } = await server.graphql<{ result: Answer }>(call, variables, await server.cookieOf(who));
  if (errors) throw new Error(JSON.stringify(errors));
  return data.result;
}
const PROBLEM = '... on Problem { code message }';

test('01: support is neither recorded for 2090 or 1999, nor started, completed or rated before its first day', async () => {
  const provider = await world.awaiting();
  const schoolUrn = await world.school();
  const lead = await world.lead(schoolUrn);
  const RECORD = `mutation ($input: RecordInput!) { result: recordEngagement(input: $input) { __typename ... on Engagement { id } ${PROBLEM} } }`;
  const input = { listingId: provider.listing, schoolUrn, pricePence: 1, vat: 'ADDED', pupilsConcerned: false, objective: { text: 'o' } };
  for (const startsOn of ['2090-01-01', '1999-01-01']) {
    expect(await send(lead, RECORD, { input: { ...input, startsOn } })).toMatchObject({ code: 'VALIDATION', message: expect.stringMatching(/^The first day must be from .* to /) });
  }
  const { id } = await send(lead, RECORD, { input: { ...input, startsOn: world.dayIn(30) } });
  const step = (who: Actor, name: string) => send(who, `mutation ($id: UUID!) { result: ${name}(id: $id) { __typename ${PROBLEM} } }`, { id });
  expect(await step(provider.admin, 'confirmEngagement')).toMatchObject({ __typename: 'Engagement' });
  expect((await step(lead, 'startEngagement')).message).toContain(longDay(world.dayIn(30)));
  expect((await step(lead, 'completeEngagement')).code).toBe('NOT_ALLOWED_IN_THIS_STATE');
});

test('02: once the school reads, nobody submits, revises or is invited, until it reopens the round for all', async () => {
  const [a, b, c] = [await world.listed(), await world.listed(), await world.listed()];
  const urn = await world.school();
  const lead = await world.lead(urn);
  const id = await world.openRequest(lead, urn);
  const { proposal } = await world.proposed(lead, id, a, { pricePence: 100_000 });
  const invitation = await server.app.brokerage.invitations.send(lead, { requestId: id, providerId: b.id, listingId: b.listing });
  expect((await send(lead, `mutation ($id: UUID!) { result: readProposals(id: $id) { __typename ${PROBLEM} } }`, { id })).__typename).toBe('SupportRequest');
  const SUBMIT = `mutation ($id: UUID!) { result: submitProposal(invitationId: $id, input: { summary: "x", pricePence: 99900, vat: NOT_CHARGED }) { __typename ${PROBLEM} } }`;
  const REVISE = `mutation ($id: UUID!, $version: Int!) { result: reviseProposal(id: $id, version: $version, input: { pricePence: 99800 }) { __typename ${PROBLEM} } }`;
  expect((await send(b.admin, SUBMIT, { id: invitation })).code).toBe('PROPOSALS_READ');
  expect((await send(a.admin, REVISE, { id: proposal, version: 1 })).code).toBe('PROPOSALS_READ');
  expect(await server.app.brokerage.invitations.send(lead, { requestId: id, providerId: c.id, listingId: c.listing }).catch((error: Error) => error.message)).toContain('Reopen the round');
});

test('08: nothing is referred to a school in which nobody could read it', async () => {
  const provider = await world.listed({ la: '951' });
  const urn = await world.school({ la: '951', name: 'Quiet School' });
  const [lead, officer, sip] = [await world.lead(urn), await world.officer('951'), await world.assignedSip(urn)];
  const [role] = await server.app.db.query<{ id: string }>('SELECT id FROM membership WHERE person_id = $1', [lead.personId]);
  const end = (accept: boolean) => send(officer, `mutation ($id: UUID!, $accept: Boolean!) { result: endMembership(id: $id, acceptLeftWithout: $accept) { __typename ${PROBLEM} } }`, { id: role!.id, accept });
  expect((await end(false)).code).toBe('LEAVES_WITHOUT');
  expect((await end(true)).__typename).toBe('RoleEnded');
  const REFER = `mutation ($input: ReferralInput!) { result: sendReferral(input: $input) { __typename ${PROBLEM} } }`;
  const refer = () => send(sip, REFER, { input: { schoolUrn: urn, message: 'nobody home', listings: [{ listingId: provider.listing }] } });
  expect(await refer()).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE', message: expect.stringContaining('Nobody leads Quiet School here yet') });
  const draft = await server.app.brokerage.requests.draft(sip, urn, { need: 'Reading.' });
  expect(await send(sip, `mutation ($id: UUID!) { result: submitSupportRequest(id: $id, version: 1) { __typename ${PROBLEM} } }`, { id: draft })).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE', message: expect.stringContaining('nobody could read it') });
  await world.lead(urn);
  expect((await refer()).__typename).toBe('Referral');
});

test('10: a closing date far away is refused when it is typed', async () => {
  const urn = await world.school();
  const lead = await world.lead(urn);
  const DRAFT = `mutation ($urn: Int!, $day: LocalDate!) { result: draftSupportRequest(schoolUrn: $urn, input: { need: "v", closesOn: $day }) { __typename ... on SupportRequest { id } ${PROBLEM} } }`;
  const today = londonDay(server.clock.now());
  expect(await send(lead, DRAFT, { urn, day: '9999-12-31' })).toMatchObject({ code: 'VALIDATION', message: expect.stringContaining(`must be from ${longDay(today)} to `) });
  const { id } = await send(lead, DRAFT, { urn, day: world.dayIn(360) });
  expect((await send(lead, `mutation ($id: UUID!) { result: openSupportRequest(id: $id, version: 1) { __typename ${PROBLEM} } }`, { id })).__typename).toBe('SupportRequest');
});

test('12: two forms of an address are one person, and a name shows something and rewrites nothing', async () => {
  const urn = await world.school();
  const lead = await world.lead(urn);
  const GRANT = `mutation ($email: String!, $urn: Int!) { result: grantMembership(input: { email: $email, name: "x", role: SCHOOL_STAFF, schoolUrn: $urn }) { __typename ${PROBLEM} } }`;
  for (const pair of [['head@schüle.example', 'head@xn--schle-mva.example'], ['zoe\u0308@otterholme.example', 'zo\u00eb@otterholme.example']]) {
    expect((await send(lead, GRANT, { email: pair[0], urn })).__typename).toBe('Membership');
    expect((await send(lead, GRANT, { email: pair[1], urn })).code).toBe('ALREADY_MEMBER'); // the same person holds it already
  }
  for (const name of ['\u200b', '\u202eeno', ' ']) {
    expect([name, (await send(lead, `mutation ($name: String!) { result: changeMyName(name: $name) { __typename ${PROBLEM} } }`, { name })).code]).toEqual([name, 'VALIDATION']);
  }
});

test('13: who chooses what is not chosen reads the reason from their side', async () => {
  const [a, b] = [await world.listed(), await world.listed()];
  const urn = await world.school();
  const lead = await world.lead(urn);
  const id = await world.openRequest(lead, urn);
  const [chosen, other] = [await world.proposed(lead, id, a), await world.proposed(lead, id, b)];
  await server.app.brokerage.requests.act(id, 'read', { actor: lead });
  const CHOOSE = `mutation ($id: UUID!) { result: chooseProposal(input: { proposalId: $id, version: 1, reasons: "r" }) { __typename ${PROBLEM} } }`;
  expect((await send(lead, CHOOSE, { id: chosen.proposal })).code).toBeUndefined();
  expect((await send(lead, CHOOSE, { id: other.proposal })).message).toBe('Your school has chosen another proposal.');
});
