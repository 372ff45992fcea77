import { startApp, type TestServer } from '../support/app.js';
import type { Actor } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { Client } from '../web/client.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
});

const GRANT = `mutation ($input: GrantInput!) { result: grantMembership(input: $input) {
  ... on Membership { id confirmed offered email person { id name } offeredBy { name } } ... on Problem { code } } }`;
const MINE = '{ viewer { memberships { id role of confirmed offered offeredBy { name } } } }';
interface Shown {
  id: string;
  code?: string;
  confirmed: boolean;
  offered: boolean;
  email: string;
  person: { id: string; name: string };
}

const codeOf = (result: unknown) => (result instanceof Problem ? result.code : 'done');
const memberships = () => server.app.identity.memberships;
const act = async (name: 'accept' | 'decline' | 'confirm' | 'end', actor: Actor, id: string) => codeOf(await attempt(() => memberships()[name](actor, id)));
const grant = async (by: Actor, input: object): Promise<Shown> =>
  (await server.graphql<{ result: Shown }>(GRANT, { input: { title: '', ...input } }, await server.cookieOf(by))).data.result;
const rolesOf = async (person: Actor) => (await server.world.refresh(person)).memberships.map(({ role }) => role);

test('a role given by e-mail begins when its person accepts it, and shows nothing of them before', async () => {
  const { world } = server;
  const urn = await world.school({ name: 'Oak Lane School' });
  const [lead, person, other] = [await world.lead(urn), await world.person(), await world.person()];
  const given = await grant(lead, { email: person.email.toUpperCase(), role: 'SCHOOL_LEAD', schoolUrn: urn });
  expect(given).toMatchObject({ confirmed: false, offered: true, email: person.email, person: { id: given.id, name: '' } });
  const list = '{ memberships { nodes { id person { id name } email } } }';
  const seen = JSON.stringify((await server.graphql(list, {}, await server.cookieOf(lead))).data);
  expect(seen).toContain(given.id);
  expect(seen).not.toContain(person.personId);
  expect(await rolesOf(person)).toEqual([]);
  await server.deliver();
  expect(server.outbox.at(-1)).toMatchObject({ to: person.email, subject: 'A role in Signpost is offered to you', text: expect.stringContaining('/account') });

  expect(await act('accept', other, given.id)).toBe('NOT_FOUND');
  expect(await act('accept', lead, given.id)).toBe('NOT_FOUND');
  expect(await act('confirm', await world.officer('990'), given.id)).toBe('NOT_ALLOWED_IN_THIS_STATE');
  expect(await rolesOf(person)).toEqual([]);

  const { data } = await server.graphql<{ viewer: { memberships: object[] } }>(MINE, {}, await server.cookieOf(person));
  expect(data.viewer.memberships).toEqual([expect.objectContaining({ of: 'Oak Lane School', offered: true, confirmed: false, offeredBy: { name: expect.stringMatching(/^Person/) } })]);
  expect([await act('accept', person, given.id), await act('accept', person, given.id)]).toEqual(['done', 'done']);
  expect(await rolesOf(person)).toEqual(['SCHOOL_LEAD']);
  const after = await server.graphql<{ memberships: { nodes: Shown[] } }>(list, {}, await server.cookieOf(lead));
  expect(after.data.memberships.nodes.find(({ id }) => id === given.id)?.person.id).toBe(person.personId);
});

test('a role of every kind waits for its person, who can decline it; who offered it can take it back', async () => {
  const { world } = server;
  const admin = await world.person('SYSTEM_ADMIN');
  const officer = await world.officer('990');
  const provider = await world.provider();
  const urn = await world.school();
  await server.app.db.query(`INSERT INTO trust VALUES ('TR9', 'Trust') ON CONFLICT DO NOTHING`);
  for (const [by, scope] of [
    [officer, { role: 'SCHOOL_LEAD', schoolUrn: urn }],
    [officer, { role: 'SCHOOL_STAFF', schoolUrn: urn }],
    [admin, { role: 'TRUST_LEAD', trustId: 'TR9' }],
    [officer, { role: 'SIP', laCode: '990' }],
    [admin, { role: 'LA_OFFICER', laCode: '990' }],
    [provider.admin, { role: 'PROVIDER_ADMIN', providerId: provider.id }],
    [provider.admin, { role: 'PROVIDER_EDITOR', providerId: provider.id }],
    [admin, { role: 'SYSTEM_ADMIN' }],
  ] as const) {
    const person = await world.person();
    const declined = await grant(by, { ...scope, email: person.email });
    expect([scope.role, await rolesOf(person)]).toEqual([scope.role, []]);
    expect(await act('decline', person, declined.id)).toBe('done');
    expect(await act('accept', person, declined.id)).toBe('NOT_FOUND');
    const takenBack = await grant(by, { ...scope, email: person.email });
    expect(await act('end', by, takenBack.id)).toBe('done');
    expect(await act('accept', person, takenBack.id)).toBe('NOT_FOUND');
    const accepted = await grant(by, { ...scope, email: person.email });
    expect(await act('accept', person, accepted.id)).toBe('done');
    expect(await rolesOf(person)).toEqual([scope.role]);
    expect(await act('decline', person, accepted.id)).toBe('NOT_ALLOWED_IN_THIS_STATE');
  }
});

test('the database itself puts no offer in force that was not accepted', async () => {
  const { world } = server;
  const urn = await world.school();
  const person = await world.person();
  const { id } = await grant(await world.lead(urn), { email: person.email, role: 'SCHOOL_STAFF', schoolUrn: urn });
  await expect(server.app.db.query('UPDATE membership SET confirmed_at = now() WHERE id = $1', [id])).rejects.toMatchObject({ constraint: 'membership_accepted' });
});

test('only officers of a council belong to its own service, while they are officers', async () => {
  const { world } = server;
  const officer = await world.officer('990');
  const colleague = await world.officer('990');
  const [stranger, abroad] = [await world.person(), await world.officer('991')];
  const id = await server.app.directory.providers.register(officer, { name: 'School Meals Team', kind: 'COUNCIL_SERVICE', assurance: 'COUNCIL', assuringLa: '990' });
  const admin = await world.refresh(officer);
  const offered = async (person: { email: string }) => (await grant(admin, { email: person.email, role: 'PROVIDER_EDITOR', providerId: id })).id;
  expect(await act('accept', stranger, await offered(stranger))).toBe('NOT_ALLOWED');
  expect(await act('accept', abroad, await offered(abroad))).toBe('NOT_ALLOWED');
  expect(await act('accept', colleague, await offered(colleague))).toBe('done');
  const [office] = await server.app.db.query<{ id: string }>(`SELECT id FROM membership WHERE person_id = $1 AND role = 'LA_OFFICER'`, [colleague.personId]);
  expect(await act('end', await world.person('SYSTEM_ADMIN'), office!.id)).toBe('done');
  expect(await rolesOf(colleague)).toEqual([]);
});

test('the account shows what is offered, by whom, with two buttons', async () => {
  const { world } = server;
  const urn = await world.school({ name: 'Elm Road School' });
  const [lead, person] = [await world.lead(urn), await world.person()];
  const client = new Client(server.url, await server.cookieOf(person));
  for (const [answer, said] of [['decline', 'You have declined the role.'], ['accept', 'The role is yours from now on.']]) {
    const { id } = await grant(lead, { email: person.email, role: 'SCHOOL_STAFF', schoolUrn: urn, title: 'Teacher' });
    const page = (await client.get('/account')).html;
    expect(page).toMatch(/Elm Road School, as Teacher, offered by Person/);
    expect(page).toContain(`/account/roles/${id}/accept`);
    expect(page).toContain(`/account/roles/${id}/decline`);
    const { location } = await client.post(`/account/roles/${id}/${answer}`, {});
    expect((await client.get(location!)).html).toContain(said);
  }
  expect(await rolesOf(person)).toEqual(['SCHOOL_STAFF']);
  expect((await client.get('/account')).html).not.toContain('offered to you');
});
