import type { Actor } from '../../src/platform/actor.js';
import { longDay } from '../../src/platform/days.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import type { World } from '../support/world.js';

let services: TestApp;
let world: World;
let brokerage: TestApp['app']['brokerage'];

beforeAll(async () => {
  services = await startServices();
  ({ world } = services);
  brokerage = services.app.brokerage;
});

const problemOf = async (work: Promise<unknown>) => {
  const result = await attempt(() => work);
  return result instanceof Problem ? result : null;
};
const codeOf = async (work: Promise<unknown>) => (await problemOf(work))?.code ?? 'done';
const act = (id: string, step: Parameters<typeof brokerage.engagements.act>[1], actor: Actor) => codeOf(brokerage.engagements.act(id, step, { actor, reason: 'It has to be.' }));
const read = async (id: string) =>
  (await services.app.db.query<{ state: string; again: boolean; signedBy: string | null; version: number }>(
    'SELECT state, sign_again AS again, signed_off_by AS "signedBy", version FROM engagement WHERE id = $1', [id]))[0]!;
const told = async (id: string, personId: string | null) =>
  (await services.app.db.query<{ kind: string }>('SELECT kind FROM notice WHERE object_id = $1 AND person_id = $2 ORDER BY created_at, kind', [id, personId])).map(({ kind }) => kind);
async function changed(id: string, by: Actor, other: Actor, input: object): Promise<string> {
  await brokerage.changes.propose(by, id, (await read(id)).version, input);
  const [change] = await services.app.db.query<{ id: string }>('SELECT id FROM engagement_change WHERE engagement_id = $1 AND answer IS NULL', [id]);
  await brokerage.changes.answer(other, change!.id, 'ACCEPTED');
  return change!.id;
}
/** Support by a plan that needs a signature, which it has. */
async function signed(startsOn = world.dayIn(0)) {
  const urn = await world.school();
  const head = await world.lead(urn);
  await brokerage.signOffs.setPlan(head, urn, true);
  const sip = await world.assignedSip(urn);
  const it = await world.recorded({ schoolUrn: urn, startsOn });
  expect(await act(it.id, 'signOff', sip)).toBe('done');
  return { ...it, sip, head };
}

describe('a signature is asked for again when the price changes by agreement', () => {
  test('before the support has begun it waits for it as before', async () => {
    const { id, lead, provider, sip } = await signed();
    await act(id, 'confirm', provider.admin);
    await act(id, 'stopSharing', lead);
    services.clock.advance({ minutes: 1 });
    await changed(id, provider.admin, lead, { pricePence: 45_000 });
    expect(await read(id)).toMatchObject({ state: 'AWAITING_SIGN_OFF', signedBy: null });
    expect(await told(id, sip.personId)).toContain('Engagement.acceptChangeToSign');
    expect(await act(id, 'start', lead)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await act(id, 'signOff', sip)).toBe('done');
    expect(await act(id, 'start', lead)).toBe('done');
  });

  test('what is under way goes on, and is completed once the new price is signed', async () => {
    const { id, lead, provider, sip } = await signed();
    await act(id, 'confirm', provider.admin);
    await act(id, 'start', lead);
    expect(await act(id, 'signOff', sip)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    await changed(id, lead, provider.admin, { pricePence: 45_000 });
    expect(await read(id)).toMatchObject({ state: 'IN_PROGRESS', again: true });
    for (const step of ['complete', 'stopSharing'] as const) expect((await problemOf(brokerage.engagements.act(id, step, { actor: lead })))!.message).toContain('waits for the signature');
    expect(await act(id, 'signOff', await world.lead(await world.school()))).toBe('NOT_FOUND');
    expect(await act(id, 'signOff', sip)).toBe('done');
    expect(await read(id)).toMatchObject({ state: 'IN_PROGRESS', again: false, signedBy: sip.personId });
    expect(await act(id, 'complete', lead)).toBe('done');
  });

  test('a mistyped price that is put back to the signed one needs none, under way or before', async () => {
    for (const start of [false, true]) {
      const { id, lead, provider, sip } = await signed();
      await act(id, 'confirm', provider.admin);
      if (start) await act(id, 'start', lead);
      for (const pricePence of [300_000, 310_000]) await changed(id, lead, provider.admin, { pricePence });
      expect(await read(id)).toMatchObject(start ? { state: 'IN_PROGRESS', again: true } : { state: 'AWAITING_SIGN_OFF', signedBy: null });
      await changed(id, lead, provider.admin, { pricePence: 30_000 });
      expect(await read(id)).toMatchObject({ state: start ? 'IN_PROGRESS' : 'AGREED', again: false, signedBy: sip.personId });
    }
  });

  test('what was signed is the last price that was', async () => {
    const { id, lead, provider, sip } = await signed();
    await act(id, 'confirm', provider.admin);
    await changed(id, lead, provider.admin, { pricePence: 45_000 });
    expect(await act(id, 'signOff', sip)).toBe('done');
    await changed(id, lead, provider.admin, { pricePence: 30_000 });
    expect(await read(id)).toMatchObject({ state: 'AWAITING_SIGN_OFF', signedBy: null });
    await changed(id, lead, provider.admin, { pricePence: 45_000 });
    expect(await read(id)).toMatchObject({ state: 'AGREED', signedBy: sip.personId });
  });

  test('other dates at the same price need no new signature', async () => {
    const { id, lead, provider } = await signed();
    await changed(id, lead, provider.admin, { endsOn: world.dayIn(120) });
    expect(await read(id)).toMatchObject({ state: 'AGREED', again: false });
  });
});

test('what nobody has answered ends with the support, and does not come back with it', async () => {
  const { id, lead, provider } = await world.underWay();
  await brokerage.changes.propose(provider.admin, id, (await read(id)).version, { pricePence: 99_000 });
  expect(await act(id, 'complete', lead)).toBe('done');
  const pending = () => services.app.db.query<{ answer: string | null }>('SELECT answer FROM engagement_change WHERE engagement_id = $1', [id]);
  expect(await pending()).toEqual([{ answer: 'LAPSED' }]);
  expect(await act(id, 'takeBackCompletion', lead)).toBe('done');
  expect(await codeOf(brokerage.changes.propose(lead, id, (await read(id)).version, { pricePence: 31_000 }))).toBe('done');
  expect(await act(id, 'endEarly', provider.admin)).toBe('done');
  expect((await pending()).map(({ answer }) => answer)).toEqual(['LAPSED', 'LAPSED']);
});

test('what somebody can see to is named before the day that only has to come', async () => {
  const first = world.dayIn(20);
  const { id, lead, provider } = await world.recorded({ startsOn: first, pupilsConcerned: true });
  expect(await act(id, 'start', lead)).toBe('NOT_CONFIRMED');
  await act(id, 'confirm', provider.admin);
  expect(await act(id, 'start', lead)).toBe('CHECKS_NOT_CONFIRMED');
  await brokerage.engagements.setVisitors(provider.admin, id, (await read(id)).version, [{ name: 'Ada Example', role: '' }]);
  await brokerage.engagements.confirmSafeguarding(provider.admin, id, (await read(id)).version, 'She is checked.');
  expect((await problemOf(brokerage.engagements.act(id, 'start', { actor: lead })))!.message).toContain(longDay(first));
});

test('where the only SIP has an interest, whoever stands in signs, and the SIP is not asked to', async () => {
  const urn = await world.school({ la: '994' });
  const head = await world.lead(urn);
  await brokerage.signOffs.setPlan(head, urn, true);
  const provider = await world.awaiting({ la: '994' });
  const sip = await world.assignedSip(urn);
  await world.give(sip.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
  const officer = await world.officer('994');
  await brokerage.signOffs.setStandIn(officer, '994', officer.personId);
  const id = await brokerage.recordings.record(head, world.recording(provider.listing, urn));
  expect(await told(id, sip.personId)).not.toContain('Engagement.signOff');
  const [asked] = await services.app.db.query<{ expected: string | null }>(`SELECT expected FROM notice WHERE object_id = $1 AND person_id = $2 AND as_kind <> 'PROVIDER'`, [id, sip.personId]);
  expect(asked?.expected ?? null).toBeNull();
  expect(await told(id, officer.personId)).toEqual(['Engagement.recordForSignOff']);
  expect(await act(id, 'signOff', await world.refresh(sip))).toBe('HAS_INTEREST');
  // What somebody else does stays with the SIP.
  const other = await brokerage.recordings.record(head, world.recording((await world.awaiting({ la: '994' })).listing, urn));
  expect(await told(other, officer.personId)).toEqual([]);
  expect(await act(other, 'signOff', officer)).toBe('NOT_FOUND');
  expect(await act(id, 'signOff', officer)).toBe('done');
});

describe('nobody is left who may sign', () => {
  /** Support that waits, of a school whose only SIP has left. */
  async function unsigned() {
    const la = `9${Math.floor(Math.random() * 90) + 10}`;
    await world.la(la);
    const urn = await world.school({ la });
    const head = await world.lead(urn);
    await brokerage.signOffs.setPlan(head, urn, true);
    const sip = await world.assignedSip(urn);
    const it = await world.recorded({ schoolUrn: urn });
    await world.unassigned(sip);
    return { ...it, la, head, sip, officer: await world.officer(la) };
  }
  const remind = () => services.app.jobs.tasks['begin-the-day']!({});

  test('the school and the officers are told, and an officer without an interest signs', async () => {
    const { id, lead, la, officer, provider } = await unsigned();
    const interested = await world.officer(la);
    await world.give(interested.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
    await remind();
    for (const person of [lead, officer]) expect(await told(id, person.personId)).toContain('Reminder.nobody-signs');
    expect(await told(id, interested.personId)).not.toContain('Reminder.nobody-signs');
    expect(await act(id, 'signOff', await world.refresh(interested))).toBe('NOT_ALLOWED');
    expect(await act(id, 'signOff', await world.officer('990'))).toBe('NOT_FOUND');
    expect(await act(id, 'signOff', officer)).toBe('done');
    expect(await read(id)).toMatchObject({ state: 'AGREED', signedBy: officer.personId });
  });

  test('they are told once each time that it comes to this, and not again while it lasts', async () => {
    const { id, la, lead, officer } = await unsigned();
    const times = async () => (await told(id, lead.personId)).filter((kind) => kind === 'Reminder.nobody-signs').length;
    const days = async (count: number) => {
      for (let i = 0; i < count; i++) {
        services.clock.advance({ days: 1 });
        await remind();
      }
    };
    await days(2);
    expect(await times()).toBe(1);
    const standIn = await world.officer(la);
    await brokerage.signOffs.setStandIn(officer, la, standIn.personId);
    await days(2);
    await services.app.db.query('UPDATE membership SET ended_at = $2 WHERE person_id = $1', [standIn.personId, services.clock.now()]);
    await days(2);
    expect(await times()).toBe(2);
  });

  test('while somebody stands in, no other officer signs', async () => {
    const { id, la, officer } = await unsigned();
    const standIn = await world.officer(la);
    await brokerage.signOffs.setStandIn(officer, la, standIn.personId);
    expect(await act(id, 'signOff', officer)).toBe('NOT_FOUND');
    await remind();
    expect(await told(id, officer.personId)).not.toContain('Reminder.nobody-signs');
    expect(await act(id, 'signOff', standIn)).toBe('done');
  });
});

test('a provider takes back a concern that it raised by mistake; what the school has passed on, or raised, it does not', async () => {
  const { id, lead, provider } = await world.underWay();
  const { concerns } = brokerage;
  const raised = await concerns.raise(provider.admin, id, 'Nobody opened the door.');
  expect(await codeOf(concerns.resolve(provider.admin, raised, 'It was the wrong school.'))).toBe('done');
  const passedOn = await concerns.raise(provider.admin, id, 'Nobody opened the door again.');
  await concerns.passOn(lead, passedOn, 'Please look at it.');
  expect(await codeOf(concerns.resolve(provider.admin, passedOn, 'It was the wrong school.'))).toBe('NOT_ALLOWED_IN_THIS_STATE');
  const schools = await concerns.raise(lead, id, 'Nobody came.');
  expect(await codeOf(concerns.resolve(provider.admin, schools, 'We did.'))).toBe('NOT_ALLOWED');
});
