import type { Actor, Role } from '../../src/platform/actor.js';
import { Attacker, type Person } from '../directory/attacks/attacker.js';

/** Somebody comes to a role, or keeps one, by a word that is worth nothing, or that is their own. */

let a: Attacker;
beforeAll(async () => {
  a = await Attacker.begin();
});

const memberships = () => a.server.app.identity.memberships;
const id = async (person: Person, role: Role) =>
  (await a.db.query<{ id: string }>('SELECT id FROM membership WHERE person_id = $1 AND role = $2 AND ended_at IS NULL ORDER BY created_at DESC LIMIT 1', [person.personId, role]))[0]!.id;
const end = (actor: Actor, role: string) => a.as(actor, 'mutation ($id: UUID!) { result: endMembership(id: $id, acceptLeftWithout: true) { ... on Problem { code } } }', { id: role });
const rolesOf = async (person: Actor) => (await a.world.refresh(person)).memberships.map(({ role }) => role);
const told = async ({ personId }: { personId: string }) => (await a.db.query<{ subject: string }>('SELECT subject FROM notice WHERE person_id = $1 ORDER BY created_at, subject', [personId])).map(({ subject }) => subject);
const asks = (person: Actor, role: Role, schoolUrn: number) => memberships().request(person, { role, schoolUrn, title: 'Governor' });
const person = () => a.world.person() as Promise<Person>;
const sameMailbox = async (of: Person): Promise<Person> => {
  const other = await person();
  const email = of.email.replace('@', '+other@');
  await a.db.query('UPDATE person SET email = $2 WHERE id = $1', [other.personId, email]);
  return { ...other, email };
};

describe('an offer is accepted whose giver could not make it any more', () => {
  test('since an officer has ended the lead who made it', async () => {
    const urn = await a.world.school({ name: 'Oak School' });
    const [officer, dodgy, accomplice] = [await a.world.officer('990'), await a.world.lead(urn), await person()];
    await a.world.lead(urn);
    const offered = await a.offer(dodgy, { email: accomplice.email, role: 'SCHOOL_LEAD', schoolUrn: urn });
    expect(await end(officer, await id(dodgy, 'SCHOOL_LEAD'))).toBe('done');
    expect(await a.accept(accomplice, offered)).toBe('NOT_FOUND');
    expect(await rolesOf(accomplice)).toEqual([]);
    expect(await told(accomplice)).toEqual(['The offer of a role in Oak School has ended']);
  });

  test('since a system administrator, or a provider’s administrator, has been dismissed', async () => {
    const [admin, dismissed, friend] = [(await a.world.person('SYSTEM_ADMIN')) as Person, (await a.world.person('SYSTEM_ADMIN')) as Person, await person()];
    const offered = await a.offer(dismissed, { email: friend.email, role: 'SYSTEM_ADMIN' });
    const provider = await a.world.provider();
    const colleague = (await a.world.person('PROVIDER_ADMIN', { providerId: provider.id })) as Person;
    const place = await a.offer(colleague, { email: friend.email, role: 'PROVIDER_EDITOR', providerId: provider.id });
    expect([await end(admin, await id(dismissed, 'SYSTEM_ADMIN')), await end(provider.admin, await id(colleague, 'PROVIDER_ADMIN'))]).toEqual(['done', 'done']);
    expect([await a.accept(friend, offered), await a.accept(friend, place)]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    expect(await rolesOf(friend)).toEqual([]);
  });

  const changes: [string, string, number | string][] = [['has closed', `UPDATE school SET status = 'CLOSED' WHERE urn = $1`, 0], ['has another local authority', `UPDATE school SET la_code = '931' WHERE urn = $1`, 0]];
  test.each(changes)('since the school %s', async (_what, change) => {
    await a.world.la('931');
    const urn = await a.world.school();
    const [officer, first, second] = [await a.world.officer('990'), await person(), await person()];
    const offers = [await a.offer(officer, { email: first.email, role: 'SCHOOL_LEAD', schoolUrn: urn }), await a.offer(officer, { email: second.email, role: 'SCHOOL_STAFF', schoolUrn: urn })];
    await a.db.query(change, [urn]);
    expect(await a.accept(first, offers[0]!)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await a.accept(first, offers[0]!)).toBe('NOT_FOUND'); // it has ended, and the person is told
    await a.db.transaction((tx) => memberships().schoolsChanged(tx)); // as an import does it, which ends the other one
    expect(await a.accept(second, offers[1]!)).toBe('NOT_FOUND');
    for (const each of [first, second]) expect((await told(each)).filter((subject) => subject.startsWith('The offer of a role'))).toHaveLength(1);
    expect([await rolesOf(first), await rolesOf(second)]).toEqual([[], []]);
  });

  test('since the officer who made it has come to have an interest in what the school vouches for', async () => {
    const provider = await a.world.listed();
    const { urn } = provider.recommenders[0]!;
    const [officer, friend] = [await a.world.officer('990'), await person()];
    const offered = await a.offer(officer, { email: friend.email, role: 'SCHOOL_LEAD', schoolUrn: urn });
    await a.world.give(officer.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
    expect(await a.accept(friend, offered)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await rolesOf(friend)).toEqual([]);
  });
});

describe('an accomplice ends the head’s role in the same breath', () => {
  test('as a lead by a lead’s offer; officers and the head are told of both', async () => {
    const urn = await a.world.school({ la: '932', name: 'Elm School' });
    const [officer, head, lead] = [await a.world.officer('932'), await a.world.lead(urn), await a.world.lead(urn)];
    a.server.clock.advance({ minutes: 1 });
    const accomplice = await person();
    await a.grant(lead, accomplice, { role: 'SCHOOL_LEAD', schoolUrn: urn });
    expect(await told(officer)).toEqual(['Elm School has another lead here']);
    expect((await told(head))[0]).toMatch(/has a role in Elm School now$/);
    expect(await end(accomplice, await id(head, 'SCHOOL_LEAD'))).toBe('NOT_ALLOWED');
    a.server.clock.advance({ days: 13 });
    expect(await end(accomplice, await id(head, 'SCHOOL_LEAD'))).toBe('NOT_ALLOWED');
    a.server.clock.advance({ days: 1, minutes: 1 });
    expect(await end(accomplice, await id(head, 'SCHOOL_LEAD'))).toBe('done');
    expect(await told(officer)).toContain('A lead of Elm School has ended the role of another');
  });

  test('as a lead whose request a lead has confirmed; an officer may end the head, and whoever an officer has confirmed', async () => {
    const urn = await a.world.school({ la: '933' });
    const [officer, head] = [await a.world.officer('933'), await a.world.lead(urn)];
    a.server.clock.advance({ minutes: 1 });
    const [accomplice, next] = [await person(), await person()];
    await memberships().confirm(head, await asks(accomplice, 'SCHOOL_LEAD', urn));
    expect(await end(accomplice, await id(head, 'SCHOOL_LEAD'))).toBe('NOT_ALLOWED');
    await memberships().confirm(officer, await asks(next, 'SCHOOL_LEAD', urn));
    expect(await end(next, await id(head, 'SCHOOL_LEAD'))).toBe('done');
    expect(await told(officer)).toContain(`A lead of School ${urn} has ended the role of another`);
    expect(await end(officer, await id(accomplice, 'SCHOOL_LEAD'))).toBe('done');
  });

  test('as an administrator of a provider; the owner is told', async () => {
    const provider = await a.world.provider({ name: 'Heather Coaching' });
    a.server.clock.advance({ minutes: 1 });
    const accomplice = await person();
    await a.grant(provider.admin, accomplice, { role: 'PROVIDER_ADMIN', providerId: provider.id });
    const owner = provider.admin as Person;
    expect((await told(owner))[0]).toMatch(/has a role in Heather Coaching now$/);
    expect(await end(accomplice, await id(owner, 'PROVIDER_ADMIN'))).toBe('NOT_ALLOWED');
    expect(await end(owner, await id(accomplice, 'PROVIDER_ADMIN'))).toBe('done');
  });
});

describe('a mailbox gives itself a role under another address', () => {
  test('an officer confirms it, or offers it', async () => {
    const urn = await a.world.school();
    const officer = await a.world.officer('990');
    const self = await sameMailbox(officer);
    expect(await a.step(officer, 'confirmMembership', await asks(self, 'SCHOOL_LEAD', urn))).toBe('NOT_ALLOWED');
    expect(await a.offer(officer, { email: officer.email.replace('@', '+more@'), role: 'SCHOOL_STAFF', schoolUrn: urn })).toBe('NOT_ALLOWED');
    expect((await told(officer)).filter((subject) => subject.includes('asks to lead'))).toEqual([]);
  });

  test('a lead accepts, under the address of whoever offered it, what was offered to another', async () => {
    const urn = await a.world.school();
    const [lead, other] = [await a.world.lead(urn), await person()];
    const offered = await a.offer(lead, { email: other.email, role: 'SCHOOL_STAFF', schoolUrn: urn });
    await a.changeAddress(other, lead.email.replace('@', '+staff@'));
    expect(await a.accept(other, offered)).toBe('NOT_ALLOWED_IN_THIS_STATE');
  });
});

describe('a School Improvement Partner comes to lead their own school', () => {
  const trust = 'word-1';
  const academy = () => a.world.school({ la: '934', academy: true, trust });
  const assign = (officer: Actor, sip: Person, schoolUrn: number) =>
    a.as(officer, 'mutation ($sip: UUID!, $urn: Int!) { result: assignSip(personId: $sip, schoolUrn: $urn) { ... on Problem { code } } }', { sip: sip.personId, urn: schoolUrn });
  const works = async (sip: Person) => (await a.world.refresh(sip)).sipSchools;

  test('as lead of its trust, or staff of another academy of it', async () => {
    const admin = (await a.world.person('SYSTEM_ADMIN')) as Person;
    const sip = (await a.world.assignedSip(await academy())) as Person;
    const officer = await a.world.officer('934');
    expect(await a.accept(sip, await a.offer(admin, { email: sip.email, role: 'TRUST_LEAD', trustId: trust }))).toBe('NOT_ALLOWED');
    expect(await a.accept(sip, await a.offer(officer, { email: sip.email, role: 'SCHOOL_STAFF', schoolUrn: await academy() }))).toBe('NOT_ALLOWED');
    const staff = (await a.world.sip('934')) as Person;
    await a.world.give(staff.personId, 'SCHOOL_STAFF', { schoolUrn: await academy() });
    expect(await assign(officer, staff, await academy())).toBe('NOT_ALLOWED');
  });

  test('as lead of a federated school, under a plus address', async () => {
    const federation = 'word-2';
    const sip = (await a.world.assignedSip(await a.world.school({ la: '934', federation }))) as Person;
    const officer = await a.world.officer('934');
    const sister = await a.world.school({ la: '934', federation });
    expect(await a.step(officer, 'confirmMembership', await asks(await sameMailbox(sip), 'SCHOOL_LEAD', sister))).toBe('NOT_ALLOWED');
    const lead = await a.world.lead(sister);
    const other = (await a.world.sip('934')) as Person;
    await a.db.query('UPDATE person SET email = $2 WHERE id = $1', [other.personId, lead.email.replace('@', '+sip@')]);
    expect(await assign(officer, other, sister)).toBe('NOT_ALLOWED');
  });

  test('at the same moment as they become its SIP', async () => {
    const urn = await a.world.school({ la: '934' });
    const officer = await a.world.officer('934');
    for (let round = 0; round < 5; round++) {
      const sip = { ...(await a.world.sip('934')), email: '' } as Person;
      const asked = await asks(sip, 'SCHOOL_LEAD', urn);
      const outcomes = await Promise.all([assign(officer, sip, urn), a.step(officer, 'confirmMembership', asked)]);
      expect(outcomes.sort()).toEqual(['NOT_ALLOWED', 'done']);
    }
  });

  test('by an appeal against the refusal of the role; what is overturned is in the history', async () => {
    const urn = await a.world.school({ la: '935' });
    const [refuser, judge, asker] = [await a.world.officer('935'), await a.world.officer('935'), await person()];
    const asked = await asks(asker, 'SCHOOL_LEAD', urn);
    expect(await a.step(refuser, 'endMembership', asked, 'We do not know you.')).toBe('done');
    const { appeals } = a.server.app.directory;
    const appeal = await appeals.appeal(asker, 'ROLE_REFUSED', asked, 'I am the head.');
    await a.world.give(asker.personId, 'SIP', { laCode: '935' });
    expect(await assign(judge, asker, urn)).toBe('done');
    expect(await a.step(judge, 'overturnDecision', appeal, 'They are the head.')).toBe('NOT_ALLOWED');
    expect(await rolesOf(asker)).toEqual(['SIP']);
    await a.world.unassigned(asker);
    expect(await a.step(judge, 'overturnDecision', appeal, 'They are the head.')).toBe('done');
    expect((await rolesOf(asker)).sort()).toEqual(['SCHOOL_LEAD', 'SIP']);
    const steps = await a.db.query<{ step: string; by: string }>(`SELECT transition AS step, person_id AS by FROM history WHERE object_id = $1 AND process = 'Role' ORDER BY id`, [asked]);
    expect(steps.at(-1)).toEqual({ step: 'confirm', by: judge.personId });
  });

  test('by a change of trusts, or of their address: they are its SIP no longer, and the officer is told', async () => {
    const [urn, led] = [await a.world.school({ la: '936', academy: true }), await a.world.school({ la: '936', academy: true, trust: 'word-3' })];
    const officer = await a.world.officer('936');
    const sip = (await a.world.assignedSip(urn)) as Person;
    await a.world.give(sip.personId, 'SCHOOL_LEAD', { schoolUrn: led });
    expect(await works(sip)).toEqual([urn]);
    await a.db.transaction(async (tx) => {
      await tx.query(`UPDATE school SET trust_id = 'word-3' WHERE urn = $1`, [urn]);
      await memberships().schoolsChanged(tx);
    });
    expect(await works(sip)).toEqual([]);
    expect(await told(officer)).toEqual([`School ${urn} needs another School Improvement Partner`]);

    const third = await a.world.school({ la: '936' });
    const [visitor, head] = [(await a.world.assignedSip(third)) as Person, await a.world.lead(third)];
    await a.changeAddress(visitor, head.email.replace('@', '+visits@'));
    expect(await works(visitor)).toEqual([]);
  });
});
