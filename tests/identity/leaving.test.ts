import type { Actor, Role } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
});

const codeOf = async (work: Promise<unknown>) => {
  const result = await attempt(() => work);
  return result instanceof Problem ? result.code : 'done';
};
const memberships = () => server.app.identity.memberships;
const roleOf = async ({ personId }: Actor, role: Role) => (await server.app.db.query<{ id: string }>('SELECT id FROM membership WHERE person_id = $1 AND role = $2 AND ended_at IS NULL', [personId, role]))[0]!.id;
const told = async ({ personId }: { personId: string | null }, kind: string) =>
  server.app.db.query<{ subject: string; text: string; digest: boolean }>('SELECT subject, text, digest FROM notice WHERE person_id = $1 AND kind = $2', [personId, kind]);

const HANGS = '{ whatHangsOnRole(id: $id) { work { kind count says canBeHandedOn } successors { id name } } }';
interface Hanging {
  whatHangsOnRole: { work: { kind: string; count: number | null; says: string; canBeHandedOn: boolean }[]; successors: { id: string }[] } | null;
}
const hangs = async (who: Actor, id: string) => (await server.graphql<Hanging>(`query ($id: UUID!) ${HANGS}`, { id }, await server.cookieOf(who))).data.whatHangsOnRole;
const END = `mutation ($id: UUID!, $to: UUID, $accept: Boolean!) { result: endMembership(id: $id, successorId: $to, acceptLeftWithout: $accept) {
  __typename ... on Problem { code message } ... on LeavesWithout { work { kind count } } ... on RoleEnded { id } } }`;
const ending = async (who: Actor, id: string, to: string | null = null, accept = false) =>
  (await server.graphql<{ result: { __typename: string; code?: string; message?: string; work?: { kind: string; count: number | null }[] } }>(END, { id, to, accept }, await server.cookieOf(who))).data.result;

describe('a lead who leaves a school', () => {
  test('as its last is told so first, and then the officer is', async () => {
    const urn = await world.school({ la: '981', name: 'Oak School' });
    const [lead, officer] = [await world.lead(urn), await world.officer('981')];
    const id = await roleOf(lead, 'SCHOOL_LEAD');
    expect(await hangs(lead, id)).toMatchObject({ work: [{ kind: 'SCHOOL_LEADERSHIP', count: 1, canBeHandedOn: false }] });
    expect(await ending(lead, id)).toMatchObject({ __typename: 'LeavesWithout', code: 'LEAVES_WITHOUT', work: [{ kind: 'SCHOOL_LEADERSHIP' }] });
    expect((await world.refresh(lead)).memberships).toHaveLength(1);
    expect(await ending(lead, id, null, true)).toMatchObject({ __typename: 'RoleEnded' });
    expect(await told(officer, 'Role.end')).toMatchObject([{ subject: 'Oak School has no lead here any more', digest: false }]);
    await server.deliver();
    expect(server.outbox.filter(({ to }) => to === officer.email).map(({ subject }) => subject)).toEqual(['Oak School has no lead here any more']);
  });

  test('is not let go by two at once', async () => {
    const urn = await world.school();
    const both = [await world.lead(urn), await world.lead(urn)];
    const results = await Promise.all(both.map(async (lead) => codeOf(memberships().end(lead, await roleOf(lead, 'SCHOOL_LEAD')))));
    expect(results.sort()).toEqual(['LEAVES_WITHOUT', 'done']);
  });

  test('hands on what only they saw, to whom they name, and that one is told', async () => {
    const urn = await world.school();
    const [lead, other, stranger] = [await world.lead(urn), await world.lead(urn), await world.lead(await world.school())];
    const request = await world.openRequest(lead, urn, { allLeads: false });
    const engagement = await server.app.brokerage.recordings.record(lead, { ...world.recording((await world.awaiting()).listing, urn), allLeads: false });
    const id = await roleOf(lead, 'SCHOOL_LEAD');
    const work = [{ kind: 'REQUESTS', count: 1 }, { kind: 'ENGAGEMENTS', count: 1 }];
    expect(await hangs(lead, id)).toMatchObject({ work, successors: [{ id: other.personId }] });
    expect(await ending(lead, id)).toMatchObject({ code: 'LEAVES_WITHOUT', work });
    expect(await ending(lead, id, stranger.personId)).toMatchObject({ code: 'VALIDATION' });
    expect(await ending(lead, id, other.personId)).toMatchObject({ __typename: 'RoleEnded' });
    const sees = async (query: string) => (await server.graphql<{ it: { id: string } | null }>(query, {}, await server.cookieOf(other))).data.it?.id;
    expect(await sees(`{ it: supportRequest(id: "${request}") { id } }`)).toBe(request);
    expect(await sees(`{ it: engagement(id: "${engagement}") { id } }`)).toBe(engagement);
    const notices = await told(other, 'Role.end');
    expect(notices).toHaveLength(1);
    expect(notices[0]!.text).toMatch(/1 request for support .* and 1 agreement/);
  });

  test('keeps it from whoever ends the role: nobody gets to see by their own hand what only a colleague saw', async () => {
    const urn = await world.school({ la: '982' });
    const [lead, other, third, officer] = [await world.lead(urn), await world.lead(urn), await world.lead(urn), await world.officer('982')];
    await world.openRequest(lead, urn, { allLeads: false });
    const id = await roleOf(lead, 'SCHOOL_LEAD');
    expect(await hangs(other, id)).toMatchObject({ work: [{ kind: 'OWN_WORK', count: null }], successors: [{ id: third.personId }] });
    expect(await ending(other, id)).toMatchObject({ code: 'LEAVES_WITHOUT', work: [{ kind: 'OWN_WORK', count: null }] });
    expect(await ending(other, id, other.personId)).toMatchObject({ code: 'VALIDATION' });
    expect(await hangs(await world.officer('983'), id)).toBeNull();
    expect(await ending(officer, id, other.personId)).toMatchObject({ __typename: 'RoleEnded' });
    expect(await told(lead, 'Role.end')).toHaveLength(1);
  });
});

describe('a School Improvement Partner who leaves', () => {
  /** A SIP with a visit, a draft, a referral and a question, in a school whose plan needs a signature. */
  async function atWork(la: string) {
    const urn = await world.school({ la });
    const head = await world.lead(urn);
    const sip = await world.assignedSip(urn);
    const { referrals, brokerage } = server.app;
    const { listing, id: providerId } = await world.listed({ la });
    await brokerage.signOffs.setPlan(head, urn, true);
    return {
      urn, head, sip, providerId,
      officer: await world.officer(la),
      visit: await referrals.visits.plan(sip, { schoolUrn: urn, date: world.dayIn(10), focus: 'Reading' }),
      draft: await brokerage.requests.draft(sip, urn, { need: 'Reading.' }),
      referral: await referrals.referrals.send(sip, { schoolUrn: urn, message: 'Look at this.', listings: [{ listingId: listing, reason: '' }] }),
      question: await referrals.suggestions.ask(sip, { question: 'Who helps with reading?' }),
      toSign: await brokerage.recordings.record(head, world.recording(listing, urn)),
    };
  }
  const WORK = ['DRAFTS', 'SIGN_OFFS', 'VISITS', 'REFERRALS'];
  const assignmentOf = async (sip: Actor) => (await server.app.db.query<{ id: string }>('SELECT id FROM sip_assignment WHERE person_id = $1 AND ended_at IS NULL', [sip.personId]))[0]!.id;

  test('hands it all to whom the officer names, who is assigned; the school is told once', async () => {
    const it = await atWork('984');
    const next = await world.sip('984');
    const id = await roleOf(it.sip, 'SIP');
    expect((await hangs(it.sip, id))!.work.map(({ kind }) => kind)).toEqual(WORK);
    expect((await hangs(it.officer, id))!.work).toMatchObject([{ kind: 'OWN_WORK', count: null }]);
    expect((await hangs(it.sip, id))!.successors).toEqual([]); // only an officer assigns
    expect(await ending(it.officer, id)).toMatchObject({ code: 'LEAVES_WITHOUT' });
    expect(await ending(it.officer, id, next.personId)).toMatchObject({ __typename: 'RoleEnded' });
    const successor = await world.refresh(next);
    expect(successor.sipSchools).toEqual([it.urn]);
    const { referrals, brokerage } = server.app;
    expect(await codeOf(referrals.visits.change(it.visit, { date: world.dayIn(12), focus: 'Reading' }, { actor: successor }))).toBe('done');
    expect(await codeOf(brokerage.requests.act(it.draft, 'submit', { actor: successor }))).toBe('done');
    expect(await codeOf(brokerage.engagements.act(it.toSign, 'signOff', { actor: successor }))).toBe('done');
    await referrals.referrals.decline(it.head, it.referral, { reason: 'Not now.' });
    expect(await told(next, 'Referral.decline')).toHaveLength(1);
    expect(await told(it.head, 'SIP assignment.end')).toMatchObject([{ text: expect.stringContaining('Planned visits and answers to referrals go to Person') }]);
    expect(await told(next, 'Role.end')).toMatchObject([{ text: expect.stringMatching(/1 request drafted for a school, 1 planned visit and 1 referral/) }]);
    expect((await server.app.db.query('SELECT state FROM suggestion_request WHERE id = $1', [it.question]))[0]).toEqual({ state: 'CLOSED' });
  });

  test('one school says the same first', async () => {
    const it = await atWork('985');
    const id = await assignmentOf(it.sip);
    const end = (how: object) => codeOf(memberships().endSipAssignment(it.officer, id, how));
    expect(await end({})).toBe('LEAVES_WITHOUT');
    const colleague = await world.assignedSip(it.urn);
    expect((await hangs(it.officer, id))!.successors).toEqual([{ id: colleague.personId, name: expect.any(String) }]);
    expect(await end({ successorId: colleague.personId })).toBe('done');
    expect(await told(colleague, 'SIP assignment.end')).toHaveLength(1);
    expect(await told(it.sip, 'SIP assignment.end')).toHaveLength(1);
  });

  test('or it is accepted that nobody takes over', async () => {
    const it = await atWork('986');
    expect(await ending(it.sip, await roleOf(it.sip, 'SIP'), null, true)).toMatchObject({ __typename: 'RoleEnded' });
  });

  test('who stands in for others is followed by somebody too', async () => {
    const officer = await world.officer('987');
    const [standIn, other] = [await world.sip('987'), await world.sip('987')];
    await server.app.brokerage.signOffs.setStandIn(officer, '987', standIn.personId);
    const id = await roleOf(standIn, 'SIP');
    expect(await ending(officer, id)).toMatchObject({ code: 'LEAVES_WITHOUT', work: [{ kind: 'STAND_IN', count: 1 }] });
    expect(await ending(officer, id, other.personId)).toMatchObject({ __typename: 'RoleEnded' });
    expect(await server.app.db.query('SELECT person_id AS "personId" FROM sign_off_stand_in WHERE la_code = $1', ['987'])).toEqual([{ personId: other.personId }]);
    expect(await ending(officer, await roleOf(other, 'SIP'), null, true)).toMatchObject({ __typename: 'RoleEnded' });
    expect(await server.app.db.query('SELECT FROM sign_off_stand_in WHERE la_code = $1', ['987'])).toEqual([]);
  });
});

test('the last officer and the last system administrator are told that they are', async () => {
  const admin = await world.person('SYSTEM_ADMIN');
  const officer = await world.officer('988');
  expect(await ending(admin, await roleOf(officer, 'LA_OFFICER'))).toMatchObject({ code: 'LEAVES_WITHOUT', work: [{ kind: 'LOCAL_AUTHORITY' }] });
  expect(await ending(admin, await roleOf(admin, 'SYSTEM_ADMIN'))).toMatchObject({ code: 'LEAVES_WITHOUT', work: [{ kind: 'SERVICE' }] });
  await world.officer('988');
  expect(await ending(admin, await roleOf(officer, 'LA_OFFICER'))).toMatchObject({ __typename: 'RoleEnded' });
});

test('the administrator of a provider that has left the directory can leave too', async () => {
  const { id, admin } = await world.provider();
  const role = await roleOf(admin, 'PROVIDER_ADMIN');
  expect(await ending(admin, role)).toMatchObject({ code: 'LAST_ADMINISTRATOR' });
  await server.app.directory.providers.act(id, 'withdraw', { actor: admin });
  expect(await ending(admin, role)).toMatchObject({ __typename: 'RoleEnded' });
});

describe('nobody is the School Improvement Partner of their own school', () => {
  const assign = (officer: Actor, personId: string, schoolUrn: number) => codeOf(memberships().assignSip(officer, { personId, schoolUrn }));

  test('whether they work in it, lead it, or lead one in its trust or federation', async () => {
    const officer = await world.officer('989');
    const urn = await world.school({ la: '989', trust: 'TR989', academy: true });
    const sister = await world.school({ la: '989', trust: 'TR989', academy: true });
    const cases: [Role, object][] = [['SCHOOL_LEAD', { schoolUrn: urn }], ['SCHOOL_STAFF', { schoolUrn: urn }], ['SCHOOL_LEAD', { schoolUrn: sister }], ['TRUST_LEAD', { trustId: 'TR989' }]];
    for (const [role, scope] of cases) {
      const sip = await world.sip('989');
      await world.give(sip.personId, role, scope);
      expect([role, await assign(officer, sip.personId, urn)]).toEqual([role, 'NOT_ALLOWED']);
    }
    expect(await assign(officer, (await world.sip('989')).personId, urn)).toBe('done');
  });

  test('nor becomes somebody of the school whose SIP they are', async () => {
    const urn = await world.school({ la: '989' });
    const [officer, sip] = [await world.officer('989'), await world.assignedSip(urn)];
    const asked = await memberships().request(sip, { role: 'SCHOOL_LEAD', schoolUrn: urn, title: 'Chair' });
    expect(await codeOf(memberships().confirm(officer, asked))).toBe('NOT_ALLOWED');
    const offered = await memberships().grant(officer, { role: 'SCHOOL_STAFF', schoolUrn: urn, email: sip.email, title: '' });
    expect(await codeOf(memberships().accept(sip, offered))).toBe('NOT_ALLOWED');
  });
});

describe('who asks for a role', () => {
  test('reaches the officer as a notice and a mail, and gets the answer', async () => {
    const urn = await world.school({ la: '971', name: 'Elm School' });
    const [officer, interested] = [await world.officer('971'), await world.officer('971')];
    const { id: providerId } = await world.listed();
    await world.give(interested.personId, 'PROVIDER_EDITOR', { providerId });
    await server.app.db.query(`UPDATE recommendation SET school_urn = $2 WHERE id = (SELECT id FROM recommendation WHERE provider_id = $1 ORDER BY id LIMIT 1)`, [providerId, urn]);
    const [asker, refused] = [await world.person(), await world.person()];
    const asked = await memberships().request(asker, { role: 'SCHOOL_LEAD', schoolUrn: urn, title: 'Headteacher' });
    expect(await told(officer, 'Role.ask')).toMatchObject([{ subject: expect.stringContaining('asks to lead Elm School'), digest: false }]);
    expect(await told(interested, 'Role.ask')).toEqual([]); // may not say who leads it
    await server.deliver();
    expect(server.outbox.some(({ to, subject }) => to === officer.email && subject.includes('asks to lead'))).toBe(true);
    await memberships().confirm(officer, asked);
    const no = await memberships().request(refused, { role: 'SCHOOL_STAFF', schoolUrn: urn, title: 'Teacher' });
    expect(await told(asker, 'Role.ask')).toHaveLength(1); // the new lead, of the school's own staff
    expect(await told(officer, 'Role.ask')).toHaveLength(1);
    await memberships().end(await world.refresh(asker), no, { reason: 'We do not know them.' });
    await server.deliver();
    for (const [person, kind, subject] of [[asker, 'Role.confirm', 'Your role in Elm School is confirmed'], [refused, 'Role.refuse', 'Your role in Elm School is not confirmed']] as const) {
      expect(await told(person, kind)).toMatchObject([{ subject }]);
      expect(server.outbox.some((mail) => mail.to === person.email && mail.subject === subject)).toBe(true);
      const { data } = await server.graphql<{ myNotices: { nodes: { subject: string }[] } }>('{ myNotices { nodes { subject } } }', {}, await server.cookieOf(person));
      expect(data.myNotices.nodes.map((each) => each.subject)).toContain(subject);
    }
  });

  test('reaches who can give the local authority an officer, where it has none', async () => {
    const urn = await world.school({ la: '972', name: 'Fir School' });
    const admin = await world.person('SYSTEM_ADMIN');
    await memberships().request(await world.person(), { role: 'SCHOOL_LEAD', schoolUrn: urn, title: 'Headteacher' });
    expect(await told(admin, 'Role.ask')).toMatchObject([{ subject: expect.stringMatching(/^Nobody can say whether .* may lead Fir School$/) }]);
  });
});
