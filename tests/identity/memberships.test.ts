import { startApp, type TestServer } from '../support/app.js';
import type { Actor } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
});

const codeOf = (result: unknown) => (result instanceof Problem ? result.code : 'done');
const memberships = () => server.app.identity.memberships;
const grant = async (actor: Actor, input: object) => codeOf(await attempt(() => memberships().grant(actor, { email: `new-${Math.random()}@example.org`, title: '', ...input } as never)));

test('a lead is made by the school’s LA or by another lead, and by nobody else', async () => {
  const { world } = server;
  const [urn, sameLa] = [await world.school({ la: '990' }), await world.school({ la: '990' })];
  const input = { role: 'SCHOOL_LEAD', schoolUrn: urn };
  expect(await grant(await world.officer('990'), input)).toBe('done');
  expect(await grant(await world.lead(urn), input)).toBe('done');
  expect(await grant(await world.officer('991'), input)).toBe('NOT_ALLOWED');
  expect(await grant(await world.lead(sameLa), input)).toBe('NOT_ALLOWED');
  expect(await grant(await world.person('SCHOOL_STAFF', { schoolUrn: urn }), input)).toBe('NOT_ALLOWED');
  expect(await grant(await world.person('SYSTEM_ADMIN'), input)).toBe('NOT_ALLOWED');
  expect(await grant((await world.provider()).admin, input)).toBe('NOT_ALLOWED');
});

test('officers and system administrators are made by system administrators', async () => {
  const { world } = server;
  const admin = await world.person('SYSTEM_ADMIN');
  await world.la('990');
  for (const input of [{ role: 'LA_OFFICER', laCode: '990' }, { role: 'SYSTEM_ADMIN' }]) {
    expect(await grant(admin, input)).toBe('done');
    expect(await grant(await world.officer('990'), input)).toBe('NOT_ALLOWED');
  }
});

test('a role names the one thing that it is held in', async () => {
  const officer = await server.world.officer('990');
  const urn = await server.world.school();
  expect(await grant(officer, { role: 'SCHOOL_LEAD' })).toBe('VALIDATION');
  expect(await grant(officer, { role: 'SCHOOL_LEAD', schoolUrn: urn, laCode: '990' })).toBe('VALIDATION');
  expect(await grant(officer, { role: 'SCHOOL_LEAD', schoolUrn: 1 })).toBe('NOT_FOUND');
});

test('a role that was asked for is worth nothing until somebody else confirms it', async () => {
  const { world } = server;
  const urn = await world.school();
  const asker = await world.person();
  const cookie = await server.cookieOf(asker);
  const request = 'mutation ($urn: Int!, $role: Role!) { result: requestMembership(schoolUrn: $urn, role: $role, title: "Headteacher") { ... on Membership { id confirmed } ... on Problem { code } } }';
  const { data } = await server.graphql<{ result: { id: string; confirmed: boolean } }>(request, { urn, role: 'SCHOOL_LEAD' }, cookie);
  expect(data.result.confirmed).toBe(false);
  expect((await world.refresh(asker)).memberships).toEqual([]);
  expect((await server.graphql<{ result: { code: string } }>(request, { urn, role: 'LA_OFFICER' }, cookie)).data.result.code).toBe('VALIDATION');
  expect((await server.graphql<{ result: { code: string } }>(request, { urn, role: 'SCHOOL_LEAD' }, cookie)).data.result.code).toBe('ALREADY_MEMBER');

  const { id } = data.result;
  const confirm = (actor: Actor) => attempt(() => memberships().confirm(actor, id));
  expect(codeOf(await confirm(await world.officer('991')))).toBe('NOT_FOUND');
  expect(codeOf(await confirm(await world.person('SCHOOL_STAFF', { schoolUrn: urn })))).toBe('NOT_FOUND');
  await world.give(asker.personId, 'LA_OFFICER', { laCode: '990' });
  expect(codeOf(await confirm(await world.refresh(asker)))).toBe('NOT_ALLOWED'); // not one's own
  expect(codeOf(await confirm(await world.officer('990')))).toBe('done');
  expect((await world.refresh(asker)).memberships).toContainEqual(expect.objectContaining({ role: 'SCHOOL_LEAD', schoolUrn: urn }));
});

test('those who run something see who has a role in it, and nobody else’s', async () => {
  const { world } = server;
  const [urn, other] = [await world.school({ la: '992' }), await world.school({ la: '993' })];
  const [lead, elsewhere] = [await world.lead(urn), await world.lead(other)];
  const list = async (person: Actor) => {
    const { data } = await server.graphql<{ memberships: { totalCount: number; nodes: { email: string }[] } }>('{ memberships { totalCount nodes { email } } }', {}, await server.cookieOf(person));
    expect(data.memberships.totalCount).toBe(data.memberships.nodes.length);
    return data.memberships.nodes.map((each) => each.email);
  };
  const officer = await world.officer('992');
  expect(await list(officer)).toEqual(expect.arrayContaining([lead.email]));
  expect(await list(officer)).not.toContain(elsewhere.email);
  expect(await list(lead)).toEqual([lead.email]);
});

test('a SIP’s assignment ends with the SIP’s role', async () => {
  const { world } = server;
  const officer = await world.officer('990');
  const [urn, abroad] = [await world.school(), await world.school({ la: '991' })];
  const sip = await world.person('SIP', { laCode: '990' });
  const assign = (schoolUrn: number, personId = sip.personId) => attempt(() => memberships().assignSip(officer, { personId, schoolUrn }));
  expect(codeOf(await assign(urn))).toBe('done');
  expect(codeOf(await assign(urn))).toBe('ALREADY_MEMBER');
  expect(codeOf(await assign(abroad))).toBe('NOT_ALLOWED');
  expect(codeOf(await assign(urn, (await world.person()).personId))).toBe('NOT_A_SIP');
  expect((await world.refresh(sip)).sipSchools).toEqual([urn]);
  const [role] = await server.app.db.query<{ id: string }>(`SELECT id FROM membership WHERE person_id = $1`, [sip.personId]);
  await memberships().end(officer, role!.id);
  expect((await world.refresh(sip)).sipSchools).toEqual([]);
  expect(await server.app.db.query('SELECT FROM sip_assignment WHERE person_id = $1 AND ended_at IS NULL', [sip.personId])).toEqual([]);
});

test('the last administrator of a provider stays, also when two want to leave at once', async () => {
  const { world } = server;
  const { id, admin } = await world.provider();
  const second = await world.person('PROVIDER_ADMIN', { providerId: id });
  const roles = await server.app.db.query<{ id: string; person: string }>(`SELECT id, person_id AS person FROM membership WHERE provider_id = $1`, [id]);
  const leave = (person: Actor) => attempt(() => memberships().end(person, roles.find((role) => role.person === person.personId)!.id));
  const results = await Promise.all([leave(admin), leave(second)]);
  expect(results.map(codeOf).sort()).toEqual(['LAST_ADMINISTRATOR', 'done']);
});
