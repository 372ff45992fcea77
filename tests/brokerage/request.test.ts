import type { Choosing } from '../../src/brokerage/proposals/choice.service.js';
import type { Actor } from '../../src/platform/actor.js';
import { londonDay } from '../../src/platform/clock.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import type { World } from '../support/world.js';

let services: TestApp;
let world: World;
let rooms: TestApp['app']['brokerage'];
type Provider = Awaited<ReturnType<World['listed']>>;
let providers: Provider[];

beforeAll(async () => {
  services = await startServices();
  ({ world } = services);
  rooms = services.app.brokerage;
  providers = [await world.listed(), await world.listed(), await world.listed()];
});

const codeOf = async (work: Promise<unknown>) => {
  const result = await attempt(() => work);
  return result instanceof Problem ? result.code : 'done';
};
const stateOf = async (table: 'request' | 'invitation' | 'proposal', id: string) =>
  (await services.app.db.query<{ state: string }>(`SELECT state FROM ${table} WHERE id = $1`, [id]))[0]!.state;
const versionOf = async (table: 'request' | 'proposal', id: string) =>
  (await services.app.db.query<{ version: number }>(`SELECT version FROM ${table} WHERE id = $1`, [id]))[0]!.version;
const aDayIn = (days: number) => londonDay(new Date(services.clock.now().getTime() + days * 86_400_000));

/** A school with two leads, a member of staff and a SIP. */
async function school() {
  const urn = await world.school();
  const sip = await world.person('SIP', { laCode: '990' });
  await services.app.identity.memberships.assignSip(await world.officer('990'), { personId: sip.personId, schoolUrn: urn });
  return { urn, head: await world.lead(urn), chair: await world.lead(urn), staff: await world.person('SCHOOL_STAFF', { schoolUrn: urn }), sip: await world.refresh(sip) };
}

const choose = async (actor: Actor, proposalId: string, more: Partial<Choosing> = {}) =>
  rooms.choices.choose(actor, { proposalId, version: await versionOf('proposal', proposalId), reasons: 'It fits what we need.', ...more });

const act = (id: string, step: Parameters<typeof rooms.requests.act>[1], actor: Actor, reason?: string) => codeOf(rooms.requests.act(id, step, { actor, reason }));
const update = async (actor: Actor, id: string, input: object) => codeOf(rooms.requests.update(actor, id, await versionOf('request', id), input));

describe('a request', () => {
  test('is begun with nothing but the need, by a lead or by staff, and opened by a lead', async () => {
    const { urn, head, staff } = await school();
    for (const actor of [head, staff]) {
      const id = await rooms.requests.draft(actor, urn, { need: 'We cannot read.' });
      expect(await stateOf('request', id)).toBe('DRAFT');
      expect(await act(id, 'open', head)).toBe('done');
      expect(await stateOf('request', id)).toBe('OPEN');
    }
  });

  test('is not begun by those who do not work in the school, nor for a school that is not open', async () => {
    const { urn } = await school();
    const need = { need: 'We cannot read.' };
    for (const actor of [await world.lead(await world.school()), await world.officer('990'), await world.person('SIP', { laCode: '990' }), providers[0]!.admin]) {
      expect(await codeOf(rooms.requests.draft(actor, urn, need))).toBe('NOT_ALLOWED');
    }
    const closed = await world.school({ status: 'CLOSED' });
    expect(await codeOf(rooms.requests.draft(await world.lead(closed), closed, need))).toBe('NOT_ALLOWED_IN_THIS_STATE');
  });

  test('says in which field what was typed cannot be used', async () => {
    const { urn, head } = await school();
    const fields = async (input: object) => {
      const problem = (await attempt(() => rooms.requests.draft(head, urn, { need: 'Reading.', ...input }))) as unknown as { fields: { field: string }[] };
      return problem.fields.map((each) => each.field);
    };
    expect(await fields({ need: ' ' })).toEqual(['need']);
    expect(await fields({ budgetPence: -1, closesOn: 'soon' })).toEqual(['budgetPence', 'closesOn']);
    expect(await fields({ wantedFrom: '2026-10-02', wantedTo: '2026-10-01' })).toEqual(['wantedTo']);
    expect(await fields({ personIds: [(await school()).head.personId] })).toEqual(['personIds']);
    expect(await fields({ partnerUrns: [urn] })).toEqual(['partnerUrns']);
    expect(await fields({ listingIds: [(await world.provider()).listing] })).toEqual(['listingIds']);
  });

  test('is changed until it is opened, from the version that was looked at', async () => {
    const { urn, head, chair } = await school();
    const id = await rooms.requests.draft(head, urn, { need: 'Reading.' });
    expect(await codeOf(rooms.requests.update(head, id, 1, { need: 'Reading in year 2.' }))).toBe('done');
    expect(await codeOf(rooms.requests.update(chair, id, 1, { need: 'Writing.' }))).toBe('CONFLICT');
    expect(await codeOf(rooms.requests.act(id, 'open', { actor: head, version: 1 }))).toBe('CONFLICT');
    await rooms.requests.act(id, 'open', { actor: head, version: 2 });
    expect(await update(head, id, { need: 'Reading in Year 3.' })).toBe('done'); // nobody has answered
    expect(await update(head, id, { need: 'Writing.', closesOn: aDayIn(9) })).toBe('VALIDATION');
    const { proposal } = await world.proposed(head, id, providers[0]!);
    await rooms.proposals.withdraw(providers[0]!.admin, proposal);
    expect(await update(head, id, { need: 'Writing.' })).toBe('NOT_ALLOWED_IN_THIS_STATE');
  });

  test('can be held by a chair of governors without the head', async () => {
    const { urn, head, chair, staff } = await school();
    const id = await rooms.requests.draft(chair, urn, { need: 'We are to review the leadership.', allLeads: false });
    expect(await act(id, 'open', head)).toBe('NOT_FOUND');
    expect(await act(id, 'open', staff)).toBe('NOT_FOUND');
    await rooms.requests.setPeople(chair, id, 1, false, [staff.personId]);
    expect(await act(id, 'open', head)).toBe('NOT_FOUND');
    expect(await act(id, 'open', staff)).toBe('done');
    expect(await act(id, 'withdraw', chair)).toBe('done');
  });

  test('is no longer seen by somebody named whose role in the school has ended', async () => {
    const { urn, head, staff } = await school();
    const id = await rooms.requests.draft(staff, urn, { need: 'Reading.', allLeads: false, personIds: [head.personId] });
    await services.app.db.query('UPDATE membership SET ended_at = now() WHERE person_id = $1', [staff.personId]);
    expect(await act(id, 'open', await world.refresh(staff))).toBe('NOT_FOUND');
    expect(await act(id, 'open', head)).toBe('done');
  });

  test('closes at the end of the day that was chosen, in England, or three weeks after the opening', async () => {
    const { urn, head } = await school();
    const closesAt = async (input: object) => {
      const id = await world.openRequest(head, urn, input);
      const [row] = await services.app.db.query<{ closes: Date; questions: Date }>('SELECT closes_at AS closes, questions_until AS questions FROM request WHERE id = $1', [id]);
      return [row!.closes.toISOString(), row!.questions.toISOString()];
    };
    expect(services.clock.now().toISOString()).toBe('2026-09-07T09:00:00.000Z');
    expect(await closesAt({ closesOn: '2026-09-30' })).toEqual(['2026-09-30T23:00:00.000Z', '2026-09-19T23:00:00.000Z']);
    expect((await closesAt({ closesOn: '2026-12-01' }))[0]).toBe('2026-12-02T00:00:00.000Z');
    expect((await closesAt({}))[0]).toBe('2026-09-28T23:00:00.000Z');
    expect(await codeOf(rooms.requests.draft(head, urn, { need: 'Reading.', closesOn: '2026-09-06' }))).toBe('VALIDATION');
    const past = await rooms.requests.draft(head, urn, { need: 'Reading.', closesOn: '2026-09-07' });
    services.clock.advance({ days: 1 });
    expect(await act(past, 'open', head)).toBe('NOT_ALLOWED_IN_THIS_STATE');
  });

  test('is closed as unmet only for a reason, and withdrawn with or without one', async () => {
    const { urn, head } = await school();
    const [first, second] = [await world.openRequest(head, urn), await world.openRequest(head, urn)];
    expect(await act(first, 'closeUnmet', head)).toBe('VALIDATION');
    expect(await act(first, 'closeUnmet', head, 'Nobody could come before the summer.')).toBe('done');
    expect(await act(second, 'withdraw', head)).toBe('done');
    expect([await stateOf('request', first), await stateOf('request', second)]).toEqual(['CLOSED_UNMET', 'WITHDRAWN']);
  });
});

describe('a SIP', () => {
  test('drafts for a school of theirs, which sees nothing of it before it is submitted and then decides', async () => {
    const { urn, head, sip } = await school();
    const id = await rooms.requests.draft(sip, urn, { need: 'Reading, as we discussed.' });
    expect(await update(head, id, { need: 'x' })).toBe('NOT_FOUND');
    expect(await update(sip, id, { objectives: ['All read by summer.'] })).toBe('done');
    expect(await act(id, 'open', sip)).toBe('NOT_ALLOWED');
    expect(await act(id, 'submit', sip)).toBe('done');
    expect(await update(sip, id, { need: 'x' })).toBe('NOT_ALLOWED');
    expect(await update(head, id, { need: 'Reading in year 2.', sharedWithSip: false })).toBe('done');
    expect(await act(id, 'withdraw', sip)).toBe('NOT_FOUND'); // the school has stopped sharing it
    expect(await act(id, 'open', head)).toBe('done');
  });

  test('cannot say who in the school sees it', async () => {
    const { urn, sip, head } = await school();
    expect(await codeOf(rooms.requests.draft(sip, urn, { need: 'Reading.', personIds: [head.personId] }))).toBe('VALIDATION');
    expect(await codeOf(rooms.requests.draft(sip, urn, { need: 'Reading.', allLeads: false }))).toBe('VALIDATION');
  });

  test('takes a draft of their own back; the school never learns of it', async () => {
    const { urn, head, sip } = await school();
    const id = await rooms.requests.draft(sip, urn, { need: 'Reading.' });
    expect(await act(id, 'withdraw', sip)).toBe('done');
    expect(await act(id, 'open', head)).toBe('NOT_FOUND');
  });

  test('loses a draft with the assignment', async () => {
    const { urn, sip } = await school();
    const id = await rooms.requests.draft(sip, urn, { need: 'Reading.' });
    await services.app.db.query('UPDATE sip_assignment SET ended_at = now() WHERE person_id = $1', [sip.personId]);
    expect(await act(id, 'submit', await world.refresh(sip))).toBe('NOT_FOUND');
  });

  test('sees a request of the school while it is shared and open, and may do nothing with it', async () => {
    const { urn, head, sip } = await school();
    const id = await rooms.requests.draft(head, urn, { need: 'Reading.', sharedWithSip: true });
    expect(await act(id, 'withdraw', sip)).toBe('NOT_FOUND');
    await rooms.requests.act(id, 'open', { actor: head });
    expect(await act(id, 'withdraw', sip)).toBe('NOT_ALLOWED');
    expect(await act(id, 'unshare', head)).toBe('done');
    expect(await act(id, 'withdraw', sip)).toBe('NOT_FOUND');
    expect(await act(id, 'share', head)).toBe('done');
    expect(await codeOf(rooms.invitations.send(sip, { requestId: id, providerId: providers[0]!.id }))).toBe('NOT_ALLOWED');
  });
});

describe('a partner school', () => {
  test('is asked once the request is open, and sees it when it has joined', async () => {
    const [{ urn, head }, partner] = [await school(), await school()];
    const id = await rooms.requests.draft(head, urn, { need: 'Reading.', partnerUrns: [partner.urn] });
    expect(await codeOf(rooms.requests.join(partner.head, id))).toBe('NOT_FOUND');
    await rooms.requests.act(id, 'open', { actor: head });
    expect(await act(id, 'read', partner.head)).toBe('NOT_FOUND');
    expect(await codeOf(rooms.requests.join(partner.staff, id))).toBe('NOT_FOUND');
    expect(await codeOf(rooms.requests.join(partner.head, id))).toBe('done');
    expect(await codeOf(rooms.requests.join(partner.chair, id))).toBe('NOT_ALLOWED');
    expect(await act(id, 'read', partner.head)).toBe('NOT_ALLOWED');
    expect(await codeOf(rooms.requests.join((await school()).head, id))).toBe('NOT_FOUND');
  });
});

describe('the draft that a referral leads to', () => {
  test('is the school’s own, with the listings ready to invite, and shared with the SIP once it is open', async () => {
    const { urn, head, sip } = await school();
    const referralId = '0190a5a0-0000-7000-8000-000000000001';
    const draft = (actor: Actor) =>
      services.app.db.transaction((tx) => rooms.requests.draftFromReferral(tx, { actor, schoolUrn: urn, need: 'Reading.', listingIds: [providers[0]!.listing], referralId, confidential: true }));
    expect(await codeOf(draft(sip))).toBe('NOT_ALLOWED');
    const id = await draft(head);
    expect(await act(id, 'withdraw', sip)).toBe('NOT_FOUND');
    expect(await act(id, 'open', head)).toBe('done');
    expect(await act(id, 'withdraw', sip)).toBe('NOT_ALLOWED');
    const [row] = await services.app.db.query('SELECT confidential, referral_id, (SELECT array_agg(listing_id) FROM request_listing) AS listings FROM request WHERE id = $1', [id]);
    expect(row).toEqual({ confidential: true, referral_id: referralId, listings: [providers[0]!.listing] });
  });
});

describe('an invitation', () => {
  const invite = (actor: Actor, requestId: string, providerId: string, listingId?: string) => codeOf(rooms.invitations.send(actor, { requestId, providerId, listingId }));

  test('goes once to a provider that is listed, from an open request, until it closes', async () => {
    const { urn, head } = await school();
    const draft = await rooms.requests.draft(head, urn, { need: 'Reading.' });
    expect(await invite(head, draft, providers[0]!.id)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    await rooms.requests.act(draft, 'open', { actor: head });
    expect(await invite(head, draft, providers[0]!.id, providers[0]!.listing)).toBe('done');
    expect(await invite(head, draft, providers[0]!.id)).toBe('ALREADY_INVITED');
    expect(await invite(head, draft, providers[1]!.id, providers[0]!.listing)).toBe('PROVIDER_NOT_AVAILABLE');
    expect(await invite(head, draft, (await world.checked()).id)).toBe('PROVIDER_NOT_AVAILABLE');
    expect(await invite((await school()).head, draft, providers[1]!.id)).toBe('NOT_FOUND');
  });

  test('can be sent again after it was declined', async () => {
    const { urn, head } = await school();
    const id = await world.openRequest(head, urn);
    const first = await rooms.invitations.send(head, { requestId: id, providerId: providers[0]!.id });
    await rooms.invitations.act(first, 'decline', { actor: providers[0]!.admin });
    expect(await invite(head, id, providers[0]!.id)).toBe('done');
  });

  test('is opened, declined and answered by the provider alone', async () => {
    const { urn, head } = await school();
    const id = await rooms.invitations.send(head, { requestId: await world.openRequest(head, urn), providerId: providers[0]!.id });
    const proposal = { summary: 'Coaching.', pricePence: 0, vat: 'NOT_CHARGED' as const };
    for (const [actor, code] of [[head, 'NOT_ALLOWED'], [providers[1]!.admin, 'NOT_FOUND']] as const) {
      expect(await codeOf(rooms.invitations.act(id, 'open', { actor }))).toBe(code);
      expect(await codeOf(rooms.invitations.act(id, 'decline', { actor }))).toBe(code);
      expect(await codeOf(rooms.proposals.submit(actor, id, proposal))).toBe(code);
    }
    expect(await codeOf(rooms.invitations.act(id, 'open', { actor: providers[0]!.admin }))).toBe('done');
    expect(await codeOf(rooms.invitations.act(id, 'open', { actor: providers[0]!.admin }))).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await codeOf(rooms.proposals.submit(providers[0]!.admin, id, proposal))).toBe('done');
    expect(await stateOf('invitation', id)).toBe('RESPONDED');
  });

  test('leaves half of the time for questions, whose answers all invited read', async () => {
    const { urn, head } = await school();
    const request = await world.openRequest(head, urn, { closesOn: aDayIn(20) });
    const id = await rooms.invitations.send(head, { requestId: request, providerId: providers[0]!.id });
    const ask = () => codeOf(rooms.invitations.ask(providers[0]!.admin, id, 'How many pupils?'));
    expect(await ask()).toBe('done');
    expect(await stateOf('invitation', id)).toBe('OPENED');
    expect(await codeOf(rooms.invitations.ask(head, id, 'Who?'))).toBe('NOT_ALLOWED');
    const [question] = await services.app.db.query<{ id: string }>('SELECT id FROM question WHERE request_id = $1', [request]);
    expect(await codeOf(rooms.invitations.answer(providers[0]!.admin, question!.id, 'Six.'))).toBe('NOT_FOUND');
    expect(await codeOf(rooms.invitations.answer(head, question!.id, 'Six.'))).toBe('done');
    expect(await codeOf(rooms.invitations.answer(head, question!.id, 'Seven.'))).toBe('NOT_ALLOWED_IN_THIS_STATE');
    for (const code of ['done', 'done', 'done', 'done', 'NOT_ALLOWED_IN_THIS_STATE']) expect(await ask()).toBe(code);
    const other = await rooms.invitations.send(head, { requestId: request, providerId: providers[1]!.id });
    services.clock.advance({ days: 11 });
    expect(await codeOf(rooms.invitations.ask(providers[1]!.admin, other, 'How many pupils?'))).toBe('NOT_ALLOWED_IN_THIS_STATE');
  });
});

describe('a provider that is suspended', () => {
  test('is neither invited nor chosen, at once; one that has lapsed goes on with what is open', async () => {
    const { urn, head } = await school();
    const [suspended, lapsed] = [await world.listed(), await world.listed()];
    const [request, other] = [await world.openRequest(head, urn), await world.openRequest(head, urn)];
    const { proposal } = await world.proposed(head, request, suspended);
    const invitation = await rooms.invitations.send(head, { requestId: request, providerId: lapsed.id });

    await services.app.directory.providers.act(suspended.id, 'suspend', { actor: suspended.officer, reason: 'A complaint.' });
    await services.app.directory.recommendations.act(lapsed.recommenders[0]!.recommendation, 'withdraw', { actor: lapsed.recommenders[0]!.lead });
    expect(await codeOf(rooms.proposals.revise(suspended.admin, proposal, 1, { pricePence: 1 }))).toBe('PROVIDER_NOT_AVAILABLE');
    for (const { id } of [suspended, lapsed]) expect(await codeOf(rooms.invitations.send(head, { requestId: other, providerId: id }))).toBe('PROVIDER_NOT_AVAILABLE');
    const late = await rooms.proposals.submit(lapsed.admin, invitation, { summary: 'Coaching.', pricePence: 100, vat: 'ADDED' });
    await rooms.requests.act(request, 'read', { actor: head });
    expect(await codeOf(choose(head, proposal))).toBe('PROVIDER_NOT_AVAILABLE');
    expect(await codeOf(choose(head, late))).toBe('done');
  });
});

describe('proposals', () => {
  test('are sealed until the school begins to read; then the closing date stands', async () => {
    const { urn, head } = await school();
    const id = await world.openRequest(head, urn, { closesOn: aDayIn(10) });
    expect(await act(id, 'read', head)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    const { proposal } = await world.proposed(head, id, providers[0]!);
    expect(await codeOf(choose(head, proposal))).toBe('NOT_FOUND');
    expect(await codeOf(rooms.requests.extend(head, id, aDayIn(9)))).toBe('VALIDATION');
    expect(await codeOf(rooms.requests.extend(head, id, aDayIn(20)))).toBe('done');
    expect(await act(id, 'read', head)).toBe('done');
    expect(await codeOf(rooms.requests.extend(head, id, aDayIn(30)))).toBe('PROPOSALS_READ');
    expect(await codeOf(rooms.proposals.revise(providers[0]!.admin, proposal, 1, { pricePence: 80_000 }))).toBe('PROPOSALS_READ');
  });

  test('that have been read are joined, revised and asked for by nobody, until the school reopens the round for all', async () => {
    const { urn, head } = await school();
    const id = await world.openRequest(head, urn, { closesOn: aDayIn(10) });
    const [first, second, third] = [providers[0]!, providers[1]!, providers[2]!];
    const { proposal } = await world.proposed(head, id, first);
    const waiting = await rooms.invitations.send(head, { requestId: id, providerId: second.id });
    const propose = () => rooms.proposals.submit(second.admin, waiting, { summary: 'Another way.', pricePence: 79_999, vat: 'ADDED' });
    const revise = (version: number) => codeOf(rooms.proposals.revise(first.admin, proposal, version, { pricePence: 79_998 }));
    expect(await codeOf(rooms.requests.reopen(head, id, aDayIn(20)))).toBe('NOT_ALLOWED_IN_THIS_STATE');
    await rooms.requests.act(id, 'read', { actor: head });
    expect(await codeOf(propose())).toBe('PROPOSALS_READ');
    expect(await revise(1)).toBe('PROPOSALS_READ');
    expect(await codeOf(rooms.invitations.send(head, { requestId: id, providerId: third.id }))).toBe('PROPOSALS_READ');
    expect(await codeOf(rooms.invitations.ask(second.admin, waiting, 'Why?'))).toBe('PROPOSALS_READ');

    services.clock.advance({ days: 11 });
    await rooms.requests.passTime();
    expect(await stateOf('invitation', waiting)).toBe('EXPIRED');
    expect(await codeOf(rooms.requests.reopen(second.admin, id, aDayIn(9)))).toBe('NOT_FOUND');
    await rooms.requests.reopen(head, id, aDayIn(9));
    const told = await services.app.db.query<{ as: string }>(`SELECT as_id AS as FROM notice WHERE object_id = $1 AND kind = 'Request.reopenRound' ORDER BY created_at`, [id]);
    expect(told.map((row) => row.as).sort()).toEqual([first.id, second.id].sort());
    expect(await codeOf(choose(head, proposal))).toBe('NOT_FOUND'); // sealed again
    expect(await revise(1)).toBe('done');
    expect(await codeOf(propose())).toBe('done');
    expect(await codeOf(rooms.invitations.send(head, { requestId: id, providerId: third.id }))).toBe('done');
    await rooms.requests.act(id, 'read', { actor: head });
    expect(await revise(2)).toBe('PROPOSALS_READ');
    expect(await codeOf(choose(head, proposal))).toBe('done');
  });

  test('are revised until the closing date, withdrawn and made again', async () => {
    const { urn, head } = await school();
    const { admin } = providers[0]!;
    const { invitation, proposal } = await world.proposed(head, await world.openRequest(head, urn, { closesOn: aDayIn(10) }), providers[0]!);
    const again = () => rooms.proposals.submit(admin, invitation, { summary: 'Another way.', pricePence: 70_000, vat: 'INCLUDED' });
    expect(await codeOf(again())).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await codeOf(rooms.proposals.revise(admin, proposal, 2, { pricePence: 1 }))).toBe('CONFLICT');
    expect(await codeOf(rooms.proposals.withdraw(head, proposal))).toBe('NOT_FOUND');
    await rooms.proposals.withdraw(admin, proposal);
    const second = await again();
    services.clock.advance({ days: 11 });
    expect(await codeOf(rooms.proposals.revise(admin, second, 1, { pricePence: 1 }))).toBe('NOT_ALLOWED_IN_THIS_STATE');
  });
});

describe('choosing', () => {
  async function twoProposals(input: object = {}) {
    const people = await school();
    const id = await world.openRequest(people.head, people.urn, input);
    const [first, second] = [await world.proposed(people.head, id, providers[0]!), await world.proposed(people.head, id, providers[1]!, { pricePence: 120_000, vat: 'INCLUDED', travelPence: 5_000 })];
    const third = await rooms.invitations.send(people.head, { requestId: id, providerId: providers[2]!.id });
    await rooms.requests.act(id, 'read', { actor: people.head });
    return { ...people, id, first, second, third };
  }

  test('makes one engagement and a buying record, and ends everything else', async () => {
    const { urn, head, id, first, second, third } = await twoProposals({ objectives: ['All read by summer.'] });
    const engagement = await choose(head, first.proposal, { coverPence: 2_000, interests: 'None.' });
    expect(await stateOf('request', id)).toBe('AGREED');
    expect([await stateOf('proposal', first.proposal), await stateOf('proposal', second.proposal)]).toEqual(['CHOSEN', 'NOT_CHOSEN']);
    expect([await stateOf('invitation', first.invitation), await stateOf('invitation', third)]).toEqual(['RESPONDED', 'CANCELLED']);
    expect(await services.app.db.query('SELECT id, school_urn, provider_id, price_pence, origin FROM engagement WHERE request_id = $1', [id])).toEqual([
      { id: engagement, school_urn: urn, provider_id: providers[0]!.id, price_pence: 90_000, origin: 'CHOSEN' },
    ]);
    const [record] = await services.app.db.query<Record<string, unknown>>('SELECT * FROM buying_record WHERE request_id = $1', [id]);
    expect(record).toMatchObject({ engagement_id: engagement, whole_cost_pence: 90_000 + 18_000 + 2_000, quotes: 2, quotes_needed: 1, reasons: 'It fits what we need.', interests: 'None.' });
    expect(record!['invited']).toMatchObject([
      { providerId: providers[0]!.id, invitation: 'RESPONDED', pricePence: 90_000, vat: 'ADDED', travelPence: 0 },
      { providerId: providers[1]!.id, invitation: 'RESPONDED', pricePence: 120_000, vat: 'INCLUDED', travelPence: 5_000 },
      { providerId: providers[2]!.id, invitation: 'SENT', pricePence: null },
    ]);
  });

  test('is refused for a proposal that was revised since it was looked at', async () => {
    const { head, first } = await twoProposals();
    const version = await versionOf('proposal', first.proposal);
    const [{ id }] = (await services.app.db.query<{ id: string }>('SELECT request_id AS id FROM proposal WHERE id = $1', [first.proposal])) as [{ id: string }];
    await rooms.requests.reopen(head, id, aDayIn(10));
    await rooms.proposals.revise(providers[0]!.admin, first.proposal, version, { pricePence: 900_000 });
    await rooms.requests.act(id, 'read', { actor: head });
    expect(await codeOf(rooms.choices.choose(head, { proposalId: first.proposal, version, reasons: 'Cheap.' }))).toBe('CONFLICT');
    expect(await codeOf(choose(head, first.proposal))).toBe('done');
  });

  test('is for the school: not its SIP, a provider, or somebody who belongs to the provider', async () => {
    const { head, sip, first } = await twoProposals({ sharedWithSip: true });
    expect(await codeOf(choose(sip, first.proposal))).toBe('NOT_FOUND');
    expect(await codeOf(choose(providers[0]!.admin, first.proposal))).toBe('NOT_ALLOWED');
    expect(await codeOf(choose(providers[1]!.admin, first.proposal))).toBe('NOT_FOUND');
    await world.give(head.personId, 'PROVIDER_EDITOR', { providerId: providers[0]!.id });
    expect(await codeOf(choose(await world.refresh(head), first.proposal))).toBe('HAS_INTEREST');
    await services.app.db.query(`UPDATE membership SET ended_at = now() WHERE person_id = $1 AND role = 'PROVIDER_EDITOR'`, [head.personId]);
  });

  test.each(['withdraw', 'closeUnmet'] as const)('is over when the request has ended (%s)', async (step) => {
    const { head, id, first, third } = await twoProposals();
    await rooms.requests.act(id, step, { actor: head, reason: 'We have no time.' });
    expect(await codeOf(choose(head, first.proposal))).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect([await stateOf('proposal', first.proposal), await stateOf('invitation', third)]).toEqual(['NOT_CHOSEN', 'CANCELLED']);
    expect(await services.app.db.query('SELECT 1 FROM engagement WHERE request_id = $1', [id])).toEqual([]);
  });
});

describe('time', () => {
  test('ends invitations at the closing date, and requests that nothing happens to', async () => {
    const { urn, head } = await school();
    const draft = await rooms.requests.draft(head, urn, { need: 'Reading.' });
    const alone = await world.openRequest(head, urn, { closesOn: aDayIn(40) });
    const asked = await world.openRequest(head, urn, { closesOn: aDayIn(40) });
    const { invitation, proposal } = await world.proposed(head, asked, providers[0]!);
    const silent = await rooms.invitations.send(head, { requestId: asked, providerId: providers[1]!.id });
    const states = async () => {
      await rooms.requests.passTime();
      await rooms.requests.passTime(); // finds its work done
      return [...(await Promise.all([draft, alone, asked].map((id) => stateOf('request', id)))), await stateOf('invitation', silent), await stateOf('invitation', invitation), await stateOf('proposal', proposal)];
    };
    services.clock.advance({ days: 39 });
    expect(await states()).toEqual(['DRAFT', 'OPEN', 'OPEN', 'SENT', 'RESPONDED', 'SUBMITTED']);
    services.clock.advance({ days: 2 });
    expect(await states()).toEqual(['DRAFT', 'OPEN', 'OPEN', 'EXPIRED', 'RESPONDED', 'SUBMITTED']);
    services.clock.advance({ days: 49 });
    expect(await states()).toEqual(['EXPIRED', 'EXPIRED', 'OPEN', 'EXPIRED', 'RESPONDED', 'SUBMITTED']);
    services.clock.advance({ days: 11 });
    expect(await states()).toEqual(['EXPIRED', 'EXPIRED', 'EXPIRED', 'EXPIRED', 'RESPONDED', 'NOT_CHOSEN']);
  });
});
