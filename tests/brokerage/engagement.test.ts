import type { PlainStep } from '../../src/brokerage/engagements/engagement.service.js';
import { londonDay } from '../../src/platform/clock.js';
import { daysAfterDay, longDay } from '../../src/platform/days.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import type { Actor } from '../../src/platform/actor.js';
import { startServices, type TestApp } from '../support/app.js';
import type { World } from '../support/world.js';

let services: TestApp;
let world: World;
let brokerage: TestApp['app']['brokerage'];

beforeAll(async () => {
  services = await startServices();
  ({ world } = services);
  ({ brokerage } = services.app);
});

const codeOf = (result: unknown) => (result instanceof Problem ? result.code : 'done');
const fieldsOf = (result: unknown) => (result as { fields?: { field: string }[] }).fields?.map(({ field }) => field);
const act = async (id: string, transition: PlainStep, actor: Actor, reason = 'It has to be.') => codeOf(await attempt(() => brokerage.engagements.act(id, transition, { actor, reason })));
const read = async <Row>(id: string, columns: string) => (await services.app.db.query<Row>(`SELECT ${columns} FROM engagement WHERE id = $1`, [id]))[0]!;
const stateOf = async (id: string) => (await read<{ state: string }>(id, 'state')).state;
const versionOf = async (id: string) => (await read<{ version: number }>(id, 'version')).version;
const transitionsOf = async (id: string) =>
  (await services.app.db.query<{ transition: string }>('SELECT transition FROM history WHERE object_id = $1 ORDER BY id', [id])).map((row) => row.transition);

describe('support recorded in one screen', () => {
  test('is agreed, confirmed by the provider, started and completed', async () => {
    const { id, lead, provider } = await world.recorded();
    expect(await act(id, 'start', lead)).toBe('NOT_CONFIRMED');
    expect(await act(id, 'confirm', lead)).toBe('NOT_ALLOWED');
    expect(await act(id, 'confirm', provider.admin)).toBe('done');
    expect(await act(id, 'confirm', provider.admin)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await act(id, 'disown', provider.admin)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await act(id, 'complete', lead)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await act(id, 'start', provider.admin)).toBe('done');
    expect(await act(id, 'complete', provider.admin)).toBe('NOT_ALLOWED');
    expect(await act(id, 'complete', lead)).toBe('done');
    expect(await stateOf(id)).toBe('COMPLETED');
    expect(await transitionsOf(id)).toEqual(['record', 'confirm', 'start', 'complete']);
  });

  test('ends when the provider says that it was not agreed', async () => {
    const { id, provider } = await world.recorded();
    expect(await act(id, 'disown', provider.admin, ' ')).toBe('VALIDATION');
    expect(await act(id, 'disown', provider.admin, 'We do not know the school.')).toBe('done');
    expect(await read(id, 'state, end_reason')).toEqual({ state: 'ENDED_EARLY', end_reason: 'We do not know the school.' });
  });

  test('is recorded once, however often and at however many moments it is sent', async () => {
    const provider = await world.awaiting();
    const urn = await world.school();
    const lead = await world.lead(urn);
    const input = world.recording(provider.listing, urn);
    const ids = await Promise.all(Array.from({ length: 10 }, () => brokerage.recordings.record(lead, input, 'a key')));
    expect(new Set(ids).size).toBe(1);
    expect(await services.app.db.query('SELECT FROM engagement WHERE school_urn = $1', [urn])).toHaveLength(1);
    expect(codeOf(await attempt(() => brokerage.recordings.record(lead, { ...input, pricePence: 1 }, 'a key')))).toBe('CONFLICT');
  });

  test('is refused for what does not fit', async () => {
    const provider = await world.awaiting();
    const urn = await world.school();
    const lead = await world.lead(urn);
    const record = (change: object, actor: Actor = lead) => attempt(() => brokerage.recordings.record(actor, { ...world.recording(provider.listing, urn), ...change }));
    expect(fieldsOf(await record({ endsOn: '2026-09-06' }))).toEqual(['endsOn']);
    expect(fieldsOf(await record({ vat: null }))).toEqual(['vat']);
    expect(fieldsOf(await record({ objective: { text: ' ' } }))).toEqual(['objective.text']);
    expect(fieldsOf(await record({ personIds: [provider.admin.personId] }))).toEqual(['personIds']);
    expect(codeOf(await record({}, await world.lead(await world.school())))).toBe('NOT_ALLOWED');
    expect(codeOf(await record({}, await world.person('SCHOOL_STAFF', { schoolUrn: urn })))).toBe('NOT_ALLOWED');
    expect(codeOf(await record({ listingId: (await world.provider()).listing }))).toBe('NOT_FOUND'); // a draft's
    const both = await world.lead(urn);
    await world.give(both.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
    expect(codeOf(await record({}, await world.refresh(both)))).toBe('HAS_INTEREST');
    const ownUrn = await world.school();
    const own = await world.awaiting({ schoolUrn: ownUrn });
    expect(fieldsOf(await record({ listingId: own.listing, schoolUrn: ownUrn }, await world.lead(ownUrn)))).toEqual(['listingId']);
    expect(codeOf(await record({ pricePence: 0, vat: null }))).toBe('done');
  });

  test('cannot be confirmed by somebody of the school', async () => {
    const { id, urn, provider } = await world.recorded();
    const both = await world.person('PROVIDER_EDITOR', { providerId: provider.id });
    await world.give(both.personId, 'SCHOOL_STAFF', { schoolUrn: urn });
    expect(await act(id, 'confirm', await world.refresh(both))).toBe('HAS_INTEREST');
  });
});

describe('a free resource', () => {
  const free = async () => {
    const provider = await world.awaiting();
    const listing = await services.app.directory.listings.create(provider.admin, provider.id, {
      title: 'Reading at home', summary: 'A booklet.', categories: ['TEACHING_AND_LEARNING'], phases: ['PRIMARY'], delivery: ['ONLINE'], national: true,
      price: { kind: 'FREE', link: 'https://example.org/reading' },
    });
    await services.app.directory.listings.act(listing, 'publish', { actor: provider.admin });
    const urn = await world.school();
    return { provider, listing, urn, lead: await world.lead(urn) };
  };

  test('that was used is completed at once, and its provider learns nothing of it', async () => {
    const { provider, listing, urn, lead } = await free();
    const id = await brokerage.recordings.use(lead, { listingId: listing, schoolUrn: urn, usedOn: '2026-09-01' });
    expect(await stateOf(id)).toBe('COMPLETED');
    expect(await act(id, 'endEarly', provider.admin)).toBe('NOT_FOUND');
    expect(codeOf(await attempt(() => brokerage.concerns.raise(provider.admin, id, 'Who is it?')))).toBe('NOT_FOUND');
    expect(codeOf(await attempt(() => brokerage.concerns.raise(lead, id, 'It does not open.')))).toBe('NOT_ALLOWED_IN_THIS_STATE');
  });

  test('is one that is free and has been used', async () => {
    const { provider, listing, urn, lead } = await free();
    const use = (change: object) => attempt(() => brokerage.recordings.use(lead, { listingId: listing, schoolUrn: urn, usedOn: '2026-09-07', ...change }));
    expect(fieldsOf(await use({ listingId: provider.listing }))).toEqual(['listingId']);
    expect(fieldsOf(await use({ usedOn: '2026-09-08' }))).toEqual(['usedOn']);
    expect(codeOf(await use({}))).toBe('done');
  });
});

describe('sign-off', () => {
  const school = async () => {
    const urn = await world.school();
    const lead = await world.lead(urn);
    await brokerage.signOffs.setPlan(lead, urn, true);
    return { urn, lead };
  };

  test('is given by the school’s SIP where the plan needs it; until then nothing starts', async () => {
    const { urn } = await school();
    const sip = await world.assignedSip(urn);
    const { id, lead, provider } = await world.recorded({ schoolUrn: urn });
    expect(await stateOf(id)).toBe('AWAITING_SIGN_OFF');
    expect(await act(id, 'confirm', provider.admin)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await act(id, 'signOff', lead)).toBe('NOT_ALLOWED');
    expect(await act(id, 'stopSharing', lead)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await act(id, 'signOff', await world.assignedSip(await world.school()))).toBe('NOT_FOUND');
    expect(await act(id, 'sendBack', sip, 'It does not fit the plan yet.')).toBe('done');
    expect(await act(id, 'signOff', sip)).toBe('done');
    expect(await read(id, 'state, signed_off_by')).toEqual({ state: 'AGREED', signed_off_by: sip.personId });
    expect(await transitionsOf(id)).toEqual(['recordForSignOff', 'sendBack', 'signOff']);
  });

  test('is given by who stands in, as long as the school has no SIP', async () => {
    const la = await world.la('971');
    const urn = await world.school({ la });
    const lead = await world.lead(urn);
    await brokerage.signOffs.setPlan(lead, urn, true);
    const officer = await world.officer(la);
    const { id } = await world.recorded({ schoolUrn: urn });
    await brokerage.signOffs.setStandIn(officer, la, officer.personId);
    expect(await act(id, 'signOff', await world.officer(la))).toBe('NOT_FOUND');
    const sip = await world.assignedSip(urn);
    expect(await act(id, 'signOff', officer)).toBe('NOT_FOUND');
    await services.app.db.query('UPDATE sip_assignment SET ended_at = $2 WHERE person_id = $1', [sip.personId, services.clock.now()]);
    expect(await act(id, 'signOff', officer)).toBe('done');
    await brokerage.signOffs.setStandIn(officer, la, null);
    const { id: next } = await world.recorded({ schoolUrn: urn });
    expect(await act(next, 'signOff', await world.officer(la))).toBe('done'); // nobody stands in: an officer is the last resort
  });

  test('is not given by who belongs to the provider', async () => {
    const { urn } = await school();
    const sip = await world.assignedSip(urn);
    const { id, provider } = await world.recorded({ schoolUrn: urn });
    await world.give(sip.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
    expect(await act(id, 'signOff', await world.refresh(sip))).toBe('HAS_INTEREST');
  });

  test('is asked for by the school’s leads alone, and stood in for by the LA’s own people', async () => {
    const { urn } = await school();
    const plan = async (actor: Actor) => codeOf(await attempt(() => brokerage.signOffs.setPlan(actor, urn, false)));
    expect(await plan(await world.officer('990'))).toBe('NOT_ALLOWED');
    expect(await plan(await world.lead(await world.school()))).toBe('NOT_ALLOWED');
    const standIn = (actor: Actor, person: Actor) => attempt(() => brokerage.signOffs.setStandIn(actor, '990', person.personId));
    const officer = await world.officer('990');
    expect(codeOf(await standIn(await world.officer('991'), officer))).toBe('NOT_ALLOWED');
    expect(fieldsOf(await standIn(officer, await world.officer('991')))).toEqual(['personId']);
  });
});

describe('where pupils are concerned', () => {
  test('nothing starts before the provider has confirmed the checks of those who come', async () => {
    const { id, lead, provider } = await world.recorded({ pupilsConcerned: true });
    await act(id, 'confirm', provider.admin);
    const confirm = async () => codeOf(await attempt(async () => brokerage.engagements.confirmSafeguarding(provider.admin, id, await versionOf(id), 'Both are checked.')));
    const come = async (...names: string[]) => brokerage.engagements.setVisitors(provider.admin, id, await versionOf(id), names.map((name) => ({ name })));
    expect(await act(id, 'start', lead)).toBe('CHECKS_NOT_CONFIRMED');
    expect(await confirm()).toBe('NOT_ALLOWED_IN_THIS_STATE'); // nobody is named
    await come('Ada Example', 'Ben Example');
    expect(await confirm()).toBe('done');
    await come('Cara Example');
    expect(await act(id, 'start', lead)).toBe('CHECKS_NOT_CONFIRMED');
    expect(await confirm()).toBe('done');
    expect(await act(id, 'start', lead)).toBe('done');
    expect(codeOf(await attempt(async () => brokerage.engagements.setPupilsConcerned(provider.admin, id, await versionOf(id), false)))).toBe('NOT_ALLOWED');
  });

  test('the confirmation is for the people that the provider looked at', async () => {
    const { id, provider } = await world.recorded({ pupilsConcerned: true });
    await brokerage.engagements.setVisitors(provider.admin, id, 1, [{ name: 'Ada Example' }]);
    expect(codeOf(await attempt(() => brokerage.engagements.confirmSafeguarding(provider.admin, id, 1, 'All are checked.')))).toBe('CONFLICT');
  });
});

describe('objectives, actions, evidence and reviews', () => {
  test('an objective that is changed stays the same one, and one left out goes', async () => {
    const { id, lead } = await world.recorded();
    const rows = () => services.app.db.query<{ id: string; text: string; target: string | null }>('SELECT id, text, target FROM engagement_objective WHERE engagement_id = $1 ORDER BY nth', [id]);
    const [first] = await rows();
    const set = async (objectives: Parameters<typeof brokerage.engagements.setObjectives>[3], version?: number) =>
      attempt(async () => brokerage.engagements.setObjectives(lead, id, version ?? (await versionOf(id)), objectives));
    await set([{ text: 'A second one.' }, { id: first!.id, text: first!.text, target: 'All of them.' }]);
    const changed = await rows();
    expect(changed.map(({ text, target }) => [text, target])).toEqual([['A second one.', null], [first!.text, 'All of them.']]);
    expect(changed[1]!.id).toBe(first!.id);
    await set([{ id: first!.id, text: 'Only this.' }]);
    expect(await rows()).toEqual([{ id: first!.id, text: 'Only this.', target: null }]);
    const [foreign] = await services.app.db.query<{ id: string }>('SELECT id FROM engagement_objective WHERE engagement_id = $1', [(await world.recorded()).id]);
    expect(fieldsOf(await set([{ id: foreign!.id, text: 'Not ours.' }]))).toEqual(['objectives']);
    expect(fieldsOf(await set([]))).toEqual(['objectives']);
    expect(fieldsOf(await set([{ text: ' ' }]))).toEqual(['objectives.0.text']);
    expect(codeOf(await set([{ text: 'Too late.' }], 1))).toBe('CONFLICT');
  });

  test('an action is ticked off by its owner, or by the school for anybody, once', async () => {
    const { id, lead, provider, urn } = await world.underWay({ sharedWithSip: true });
    const sip = await world.assignedSip(urn);
    for (const owner of ['SCHOOL', 'PROVIDER', 'SIP'] as const) await brokerage.actions.add(lead, id, { what: `For the ${owner}`, owner, dueOn: '2026-10-01' });
    const actions = await services.app.db.query<{ id: string; owner: string }>('SELECT id, owner FROM engagement_action WHERE engagement_id = $1 ORDER BY owner', [id]);
    const [ofProvider, ofSchool, ofSip] = actions.map((each) => each.id) as [string, string, string];
    const complete = async (actor: Actor, action: string) => codeOf(await attempt(() => brokerage.actions.complete(actor, action)));
    expect(await complete(provider.admin, ofSchool)).toBe('NOT_ALLOWED');
    expect(await complete(sip, ofProvider)).toBe('NOT_ALLOWED');
    expect(await complete(await world.lead(await world.school()), ofSchool)).toBe('NOT_FOUND');
    expect(await complete(provider.admin, ofProvider)).toBe('done');
    expect(await complete(sip, ofSip)).toBe('done');
    expect(await complete(lead, ofSip)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await complete(lead, ofSchool)).toBe('done');
    expect((await transitionsOf(id)).filter((each) => each === 'completeAction')).toHaveLength(3);
  });

  test('evidence is asked for by the school and given once', async () => {
    const { id, lead, provider } = await world.underWay();
    const want = (actor: Actor) => attempt(() => brokerage.evidence.want(actor, id, { wanted: 'Reading ages in June' }));
    expect(codeOf(await want(provider.admin))).toBe('NOT_ALLOWED');
    expect(codeOf(await want(lead))).toBe('done');
    const [evidence] = await services.app.db.query<{ id: string }>('SELECT id FROM engagement_evidence WHERE engagement_id = $1', [id]);
    const give = async (actor: Actor, link: string | null = null) => codeOf(await attempt(() => brokerage.evidence.give(actor, evidence!.id, { given: 'Up by seven months.', link })));
    expect(await give(provider.admin, 'javascript:alert(1)')).toBe('VALIDATION');
    expect(await give(provider.admin)).toBe('done');
    expect(await give(lead)).toBe('NOT_ALLOWED_IN_THIS_STATE');
  });

  test('a review is recorded by the school or the SIP with whom it is shared, of a day that has been', async () => {
    const { id, lead, provider, urn } = await world.underWay();
    const sip = await world.assignedSip(urn);
    const review = { heldOn: '2026-09-07', rag: 'AMBER' as const, words: 'Half way.', figures: [{ what: 'Reading age in months', value: 71.5, pupils: 28 }] };
    const add = async (actor: Actor, change: object = {}) => attempt(() => brokerage.reviews.add(actor, id, { ...review, ...change }));
    expect(codeOf(await add(provider.admin))).toBe('NOT_ALLOWED');
    expect(codeOf(await add(sip))).toBe('NOT_FOUND');
    await act(id, 'shareWithSip', lead);
    expect(codeOf(await add(sip))).toBe('done');
    expect(codeOf(await add(lead))).toBe('done');
    expect(fieldsOf(await add(lead, { heldOn: '2026-09-08' }))).toEqual(['heldOn']);
    const rows = await services.app.db.query('SELECT by_party, rag, figures FROM engagement_review WHERE engagement_id = $1 ORDER BY id', [id]);
    expect(rows).toEqual([{ by_party: 'SIP', rag: 'AMBER', figures: review.figures }, { by_party: 'SCHOOL', rag: 'AMBER', figures: review.figures }]);
  });

  test('each is added once by a key, also in parallel', async () => {
    const { id, lead } = await world.underWay();
    const five = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 5 }, work));
    await five(() => brokerage.actions.add(lead, id, { what: 'Buy books', owner: 'SCHOOL' }, 'action'));
    await five(() => brokerage.evidence.want(lead, id, { wanted: 'Books' }, 'evidence'));
    await five(() => brokerage.reviews.add(lead, id, { heldOn: '2026-09-07', rag: 'GREEN' }, 'review'));
    const concerns = await five(() => brokerage.concerns.raise(lead, id, 'Nobody came.', 'concern'));
    expect(new Set(concerns).size).toBe(1);
    for (const table of ['engagement_action', 'engagement_evidence', 'engagement_review', 'concern']) {
      expect(await services.app.db.query(`SELECT FROM ${table} WHERE engagement_id = $1`, [id])).toHaveLength(1);
    }
  });
});

describe('time', () => {
  test('starts what begins today and is ready, and tells once of what falls due', async () => {
    const own = await startServices();
    const later = { startsOn: '2026-09-14', endsOn: '2026-12-11' };
    const [ready, unconfirmed] = [await own.world.recorded(later), await own.world.recorded(later)];
    const parts = own.app.brokerage;
    await parts.engagements.act(ready.id, 'confirm', { actor: ready.provider.admin });
    await parts.actions.add(ready.lead, ready.id, { what: 'Buy books', owner: 'SCHOOL', dueOn: '2026-09-20' });
    await parts.evidence.want(ready.lead, ready.id, { wanted: 'Books', dueOn: '2026-09-20' });
    const [{ version }] = (await own.app.db.query<{ version: number }>('SELECT version FROM engagement WHERE id = $1', [ready.id])) as [{ version: number }];
    await parts.reviews.setDates(ready.lead, ready.id, version, ['2026-10-20', '2026-10-20']);
    const told = async (id: string) => {
      await Promise.all([parts.passTimeForEngagements(), parts.passTimeForEngagements()]);
      const rows = await own.app.db.query<{ transition: string }>(`SELECT transition FROM history WHERE object_id = $1 AND person_id IS NULL ORDER BY id`, [id]);
      return rows.map((row) => row.transition);
    };
    own.clock.advance({ days: 6, hours: 13 }); // 22:00 UTC is 23:00 in London: still the 13th
    expect(await told(ready.id)).toEqual([]);
    own.clock.advance({ hours: 1 });
    expect(await told(ready.id)).toEqual(['startOnDay']);
    expect(await told(unconfirmed.id)).toEqual([]);
    own.clock.advance({ days: 7 });
    expect(await told(ready.id)).toEqual(['startOnDay', 'fallDue']);
    own.clock.advance({ days: 30 });
    expect(await told(ready.id)).toEqual(['startOnDay', 'fallDue', 'fallDue']);
    own.clock.advance({ days: 60 }); // the end was on 11 December
    expect(await told(ready.id)).toEqual(['startOnDay', 'fallDue', 'fallDue', 'fallDue']);
    expect(await told(unconfirmed.id)).toEqual([]);
  });
});

describe('a concern', () => {
  test('goes to the other side, then to the LA when the school asks, and is settled', async () => {
    const { id, lead, provider } = await world.underWay();
    const { concerns } = brokerage;
    const concern = await concerns.raise(lead, id, 'Nobody came on Monday.');
    const officer = await world.officer('990');
    const code = async (work: () => Promise<unknown>) => codeOf(await attempt(work));
    expect(await code(() => concerns.answer(lead, concern, 'We answer ourselves.'))).toBe('NOT_ALLOWED');
    expect(await code(() => concerns.resolve(officer, concern, 'x'))).toBe('NOT_FOUND');
    expect(await code(() => concerns.passOn(provider.admin, concern, 'Help.'))).toBe('NOT_ALLOWED');
    expect(await code(() => concerns.passOn(lead, concern, 'Please look into it.'))).toBe('done');
    expect(await code(async () => concerns.resolve(await world.officer('991'), concern, 'x'))).toBe('NOT_FOUND');
    expect(await code(() => concerns.answer(provider.admin, concern, 'The trains did not run.'))).toBe('done');
    expect(await code(() => concerns.answer(provider.admin, concern, 'Again.'))).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await code(() => concerns.resolve(provider.admin, concern, 'x'))).toBe('NOT_ALLOWED');
    expect(await code(() => concerns.resolve(officer, concern, 'They come on Tuesdays now.'))).toBe('done');
    expect(await code(() => concerns.resolve(lead, concern, 'Again.'))).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await transitionsOf(concern)).toEqual(['raise', 'passOn', 'answerLate', 'resolve']);
  });

  test('of the provider is answered and settled by the school', async () => {
    const { id, lead, provider } = await world.underWay();
    const concern = await brokerage.concerns.raise(provider.admin, id, 'No room was free.');
    expect(codeOf(await attempt(() => brokerage.concerns.answer(provider.admin, concern, 'x')))).toBe('NOT_ALLOWED');
    await brokerage.concerns.answer(lead, concern, 'There is one now.');
    await brokerage.concerns.resolve(lead, concern, 'Settled.');
    expect(await transitionsOf(concern)).toEqual(['raise', 'answer', 'resolve']);
  });

  test('is not judged by an officer who belongs to the provider', async () => {
    const { id, lead, provider } = await world.underWay();
    const officer = await world.officer('990');
    await world.give(officer.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
    const concern = await brokerage.concerns.raise(lead, id, 'Nobody came.');
    await brokerage.concerns.passOn(lead, concern, 'Please look into it.');
    const actor = await world.refresh(officer);
    expect(codeOf(await attempt(() => brokerage.concerns.resolve(actor, concern, 'x')))).toBe('HAS_INTEREST');
  });
});

describe('an engagement that not every lead sees', () => {
  test('is seen, and dealt with, by the people named as long as they work in the school', async () => {
    const urn = await world.school();
    const [chair, head] = [await world.lead(urn), await world.lead(urn)];
    const staff = await world.person('SCHOOL_STAFF', { schoolUrn: urn });
    const provider = await world.awaiting();
    const id = await brokerage.recordings.record(chair, { ...world.recording(provider.listing, urn), allLeads: false, personIds: [staff.personId] });
    expect(await act(id, 'endEarly', head)).toBe('NOT_FOUND');
    expect(await act(id, 'shareWithSip', chair)).toBe('done');
    expect(await act(id, 'stopSharing', staff)).toBe('done');
    await services.app.db.query('UPDATE membership SET ended_at = $2 WHERE person_id = $1', [staff.personId, services.clock.now()]);
    expect(await act(id, 'endEarly', await world.refresh(staff))).toBe('NOT_FOUND');
    const see = async (actor: Actor, allLeads: boolean) => codeOf(await attempt(async () => brokerage.engagements.setPeople(actor, id, await versionOf(id), allLeads, [])));
    expect(await see(head, true)).toBe('NOT_FOUND');
    expect(await see(provider.admin, true)).toBe('NOT_ALLOWED');
    expect(await see(chair, true)).toBe('done');
    expect(await see(head, false)).toBe('done');
    expect(await see(chair, true)).toBe('NOT_FOUND');
  });
});

describe('an engagement that was chosen', () => {
  test('begins with what the request said, for the people who saw the request, and needs no confirmation', async () => {
    const urn = await world.school();
    const lead = await world.lead(urn);
    const provider = await world.listed();
    const request = await world.openRequest(lead, urn, { objectives: ['Reading is taught alike.', 'Parents read at home.'], categories: ['TEACHING_AND_LEARNING'] });
    const { proposal } = await world.proposed(lead, request, provider, { startsOn: '2026-10-01' });
    const db = services.app.db;
    await db.query('UPDATE request SET proposals_read_at = $2 WHERE id = $1', [request, services.clock.now()]);
    const id = await brokerage.choices.choose(lead, { proposalId: proposal, version: 1, title: 'A reading coach', reasons: 'It fits.' });
    expect(await read(id, 'state, origin, title, price_pence, starts_on')).toEqual({ state: 'AGREED', origin: 'CHOSEN', title: 'A reading coach', price_pence: 90_000, starts_on: '2026-10-01' });
    expect(await db.query('SELECT text, category FROM engagement_objective WHERE engagement_id = $1 ORDER BY nth', [id])).toEqual([
      { text: 'Reading is taught alike.', category: 'TEACHING_AND_LEARNING' },
      { text: 'Parents read at home.', category: 'TEACHING_AND_LEARNING' },
    ]);
    expect(await act(id, 'confirm', provider.admin)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await act(id, 'start', lead)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    services.clock.advance({ days: 24 });
    expect(await act(id, 'start', lead)).toBe('done');
  });
});

describe('nothing happens before its time', () => {
  const messageOf = async (work: Promise<unknown>) => ((await attempt(() => work)) as Problem).message;
  const longAway = (days: number) => daysAfterDay(londonDay(services.clock.now()), days);

  test('work is not started, completed or rated before its first day, whoever asks', async () => {
    const first = longAway(40);
    const { id, lead, provider } = await world.recorded({ startsOn: first, endsOn: null });
    await brokerage.engagements.act(id, 'confirm', { actor: provider.admin });
    for (const actor of [lead, provider.admin]) {
      expect(await act(id, 'start', actor)).toBe('NOT_ALLOWED_IN_THIS_STATE');
      expect(await messageOf(brokerage.engagements.act(id, 'start', { actor }))).toContain(`Its first day is ${longDay(first)}.`);
    }
    await brokerage.passTimeForEngagements();
    expect(await stateOf(id)).toBe('AGREED');
    // One that the old rules have let begin.
    await services.app.db.query(`UPDATE engagement SET state = 'IN_PROGRESS', started_at = $2 WHERE id = $1`, [id, services.clock.now()]);
    expect(await act(id, 'complete', lead)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    services.clock.advance({ days: 40 });
    expect(await act(id, 'complete', lead)).toBe('done');
  });

  test('what ended before it began is not rated', async () => {
    const { id, lead, provider } = await world.recorded({ startsOn: longAway(40), endsOn: null });
    await brokerage.engagements.act(id, 'confirm', { actor: provider.admin });
    expect(await act(id, 'endEarly', lead, 'We cannot after all.')).toBe('done');
    services.clock.advance({ days: 50 });
    const [objective] = await services.app.db.query<{ id: string }>('SELECT id FROM engagement_objective WHERE engagement_id = $1', [id]);
    expect(await messageOf(services.app.outcomes.ratings.give(lead, id, world.ratingOf({ objective: objective!.id })))).toBe('It ended before it began, so there is nothing to rate.');
  });

  test.each(['1999-01-01', '2090-01-01'])('it does not begin on %s', async (startsOn) => {
    const provider = await world.awaiting();
    const urn = await world.school();
    const lead = await world.lead(urn);
    expect(fieldsOf(await attempt(() => brokerage.recordings.record(lead, { ...world.recording(provider.listing, urn), startsOn, endsOn: null })))).toEqual(['startsOn']);
  });
});
