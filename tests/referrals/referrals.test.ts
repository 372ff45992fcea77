import type { Actor } from '../../src/platform/actor.js';
import { endOfLondonDay } from '../../src/platform/clock.js';
import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';
import { ask, PROBLEM, refusalOf } from './support.js';

let server: TestServer;
let world: World;
let school: number;
let sip: Actor;
let lead: Actor;
let providers: Awaited<ReturnType<World['listed']>>[];

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
  providers = await Promise.all(Array.from({ length: 6 }, () => world.listed()));
});

beforeEach(async () => {
  school = await world.school();
  [sip, lead] = [await world.sip('990', school), await world.lead(school)];
});

const FIELDS = `id state message version sentAt expiresAt answeredAt declineReason school { urn } sip { id } visit { id } request { id state need confidential }
  listings { reason listing { listingId title providerName available interests { what declared } } } history { transition reason person { id } } availableActions { action allowed code }`;
const ANSWER = `__typename ... on Referral { ${FIELDS} } ${PROBLEM}`;
const named = (...at: number[]) => at.map((i) => ({ listingId: providers[i]!.listing, reason: `Reason ${i}` }));
const send = (by: Actor, input: object = {}, key: string | null = null) =>
  ask(server, by, `mutation ($input: ReferralInput!, $key: String) { sendReferral(input: $input, idempotencyKey: $key) { ${ANSWER} } }`, {
    input: { schoolUrn: school, message: 'You could try these.', listings: named(0, 1), ...input },
    key,
  });
const accept = (by: Actor, id: string, more: { need?: string; confidential?: boolean; key?: string } = {}) =>
  ask(server, by, `mutation ($need: String, $confidential: Boolean, $key: String) { acceptReferral(id: "${id}", need: $need, confidential: $confidential, idempotencyKey: $key) { ${ANSWER} } }`, more);
const decline = (by: Actor, id: string, reason: string | null = null) =>
  ask(server, by, `mutation ($reason: String) { declineReferral(id: "${id}", reason: $reason) { ${ANSWER} } }`, { reason });
const withdraw = (by: Actor, id: string) => ask(server, by, `mutation { withdrawReferral(id: "${id}") { ${ANSWER} } }`);
const read = (by: Actor, id: string) => ask(server, by, `{ referral(id: "${id}") { ${FIELDS} } }`);
const count = async (by: Actor) => (await ask(server, by, '{ referrals { totalCount } }'))['totalCount'];
const requests = () => server.app.db.query<{ id: string }>('SELECT id FROM request WHERE school_urn = $1', [school]);

test('a SIP refers a school, its lead accepts, and has a draft request with the listings ready to invite', async () => {
  const visitId = await server.app.referrals.visits.plan(sip, { schoolUrn: school, date: '2026-09-10', focus: 'Reading' });
  const sent = await send(sip, { visitId, listings: named(2, 0, 1) });
  expect(sent).toMatchObject({ state: 'SENT', school: { urn: school }, sip: { id: sip.personId }, visit: { id: visitId }, request: null });
  expect(sent['listings'].map((each: any) => [each.listing.listingId, each.reason, each.listing.available])).toEqual([2, 0, 1].map((i) => [providers[i]!.listing, `Reason ${i}`, true]));
  const accepted = await accept(lead, sent['id'], { need: 'Our readers fall behind.', confidential: true });
  expect(accepted).toMatchObject({ state: 'ACCEPTED', request: { state: 'DRAFT', need: 'Our readers fall behind.', confidential: true } });
  const ready = await server.app.db.query<{ id: string }>('SELECT listing_id AS id FROM request_listing WHERE request_id = $1', [accepted['request'].id]);
  expect(ready.map((each) => each.id).sort()).toEqual([0, 1, 2].map((i) => providers[i]!.listing).sort());
  expect(accepted['history'].map((step: any) => [step.transition, step.person.id])).toEqual([['send', sip.personId], ['accept', lead.personId]]);
});

describe('a referral', () => {
  test('takes the SIP’s message for the need where the school says nothing else', async () => {
    const { id } = await send(sip);
    expect(await accept(lead, id)).toMatchObject({ request: { need: 'You could try these.', confidential: false } });
  });

  test('is sent by a SIP of the school only, to one that is there and open', async () => {
    expect(await send(await world.sip('990', await world.school()))).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await send(await world.unassigned(sip))).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await send(sip, { schoolUrn: 1 })).toMatchObject({ code: 'NOT_FOUND' });
    const closed = await world.school({ status: 'CLOSED' });
    expect(await send(await world.sip('990', closed), { schoolUrn: closed })).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
    expect(await refusalOf(server, lead, `mutation { sendReferral(input: { schoolUrn: ${school}, message: "x", listings: [] }) { __typename } }`)).toBe('FORBIDDEN');
  });

  test('names one to five listings that are in the directory, each once', async () => {
    const awaiting = await world.checked();
    for (const listings of [[], named(0, 1, 2, 3, 4, 5), named(0, 0), [...named(0), { listingId: awaiting.listing }]]) expect(await send(sip, { listings })).toMatchObject({ code: 'VALIDATION' });
    expect(await send(sip, { message: ' ' })).toMatchObject({ code: 'VALIDATION' });
    expect(await send(sip, { listings: named(4, 3, 2, 1, 0) })).toMatchObject({ state: 'SENT' });
    expect(await send(sip, { visitId: '0190a5a0-0000-7000-8000-000000000001' })).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('cannot wait for an answer twice, whatever the order of its listings', async () => {
    const first = await send(sip, { listings: named(0, 1) });
    expect(await send(sip, { listings: named(1, 0) })).toMatchObject({ code: 'ALREADY_REFERRED' });
    expect(await send(sip, { listings: named(1) })).toMatchObject({ state: 'SENT' });
    await decline(lead, first['id']);
    expect(await send(sip, { listings: named(1, 0) })).toMatchObject({ state: 'SENT' });
  });

  test.each([['with a key', 'same'], ['without one', null]])('sent ten times at the same moment %s is sent once', async (_how, key) => {
    const results = await Promise.all(Array.from({ length: 10 }, () => send(sip, {}, key)));
    const sent = results.filter((each) => each['__typename'] === 'Referral');
    expect(new Set(sent.map((each) => each['id'])).size).toBe(1);
    expect(sent).toHaveLength(key ? 10 : 1);
    expect(await count(sip)).toBe(1);
  });

  test('whose sending died half way leaves nothing, and sent again is sent once', async () => {
    const { db, referrals } = server.app;
    const input = { schoolUrn: school, message: 'Try this.', listings: named(0) };
    db.onStatement = (sql) => {
      if (sql.includes('INSERT INTO referral_listing')) throw new Error('the process died');
    };
    await expect(referrals.referrals.send(sip, input, 'k')).rejects.toThrow('the process died');
    db.onStatement = undefined;
    expect(await count(sip)).toBe(0);
    expect(await referrals.referrals.send(sip, input, 'k')).toBe(await referrals.referrals.send(sip, input, 'k'));
    expect(await count(sip)).toBe(1);
  });

  test.each([['the same lead, with a key', 'k'], ['two leads', null]])('accepted by %s at the same moment makes one draft', async (_who, key) => {
    const { id } = await send(sip);
    const second = key ? lead : await world.lead(school);
    const results = await Promise.all([lead, second, lead, second].map((by) => accept(by, id, key ? { key } : {})));
    expect(results.filter((each) => each['__typename'] === 'Referral')).toHaveLength(key ? 4 : 1);
    expect(await requests()).toHaveLength(1);
  });

  test('whose acceptance died half way is not accepted', async () => {
    const { id } = await send(sip);
    const { db, referrals } = server.app;
    db.onStatement = (sql) => {
      if (sql.includes('INSERT INTO request_listing')) throw new Error('the process died');
    };
    await expect(referrals.referrals.accept(lead, id, { confidential: false }, 'k')).rejects.toThrow('the process died');
    db.onStatement = undefined;
    expect([(await read(lead, id))['state'], await requests()]).toEqual(['SENT', []]);
    await referrals.referrals.accept(lead, id, { confidential: false }, 'k');
    expect(await requests()).toHaveLength(1);
  });

  test('is answered by a lead of the school, once; taken back by its SIP, until then', async () => {
    const { id } = await send(sip);
    const stranger = await world.lead(await world.school());
    const secondSip = await world.sip('990', school);
    for (const answer of [accept(stranger, id), decline(stranger, id), withdraw(secondSip, id)]) expect(await answer).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refusalOf(server, sip, `mutation { acceptReferral(id: "${id}") { __typename } }`)).toBe('FORBIDDEN');
    await decline(lead, id);
    for (const answer of [accept(lead, id), decline(lead, id), withdraw(sip, id)]) expect(await answer).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
    const other = await send(sip);
    expect(await withdraw(sip, other['id'])).toMatchObject({ state: 'WITHDRAWN' });
    expect(await accept(lead, other['id'])).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
  });

  test('is seen by its SIP while assigned and by the leads of the school', async () => {
    const { id } = await send(sip);
    for (const each of [sip, lead]) expect([(await read(each, id))['id'], await count(each)]).toEqual([id, 1]);
    for (const each of [await world.sip('990', school), await world.lead(await world.school())]) expect([await read(each, id), await count(each)]).toEqual([null, 0]);
    for (const each of [await world.officer('990'), providers[0]!.admin, await world.person('SYSTEM_ADMIN'), await world.person('SCHOOL_STAFF', { schoolUrn: school })]) {
      expect(await refusalOf(server, each, '{ referrals { totalCount } }')).toBe('FORBIDDEN');
    }
    await world.unassigned(sip);
    expect([await read(sip, id), await count(sip), await withdraw(sip, id)]).toMatchObject([null, 0, { code: 'NOT_FOUND' }]);
    expect(await read(lead, id)).toMatchObject({ id });
  });

  test('that was declined tells why to the SIP alone', async () => {
    const { id } = await send(sip);
    expect(await decline(lead, id, 'We tried them before.')).toMatchObject({ state: 'DECLINED', declineReason: null });
    expect(await read(sip, id)).toMatchObject({ declineReason: 'We tried them before.' });
    for (const each of [lead, await world.lead(school)]) expect(JSON.stringify(await read(each, id))).not.toContain('tried them');
    expect(await server.app.db.query(`SELECT FROM history WHERE reason LIKE '%tried them%'`)).toEqual([]);
    await world.unassigned(sip);
    expect(await read(sip, id)).toBeNull();
  });

  test('expires after thirty days by a job, not counting school holidays, and not once it is answered', async () => {
    const la = await world.la('994');
    const officer = await world.officer(la);
    const urn = await world.school({ la });
    const [there, head] = [await world.sip(la, urn), await world.lead(urn)];
    const terms = [['2026-09-01', '2026-09-17'], ['2026-10-01', '2026-12-18'], ['2027-01-04', '2027-07-20']].map(([startsOn, endsOn], i) => ({ name: `Term ${i}`, startsOn, endsOn }));
    await ask(server, officer, `mutation ($terms: [TermInput!]!) { setTermDates(laCode: "${la}", schoolYear: 2026, terms: $terms) { __typename } }`, { terms });
    const [plain, held, answered] = [await send(sip), await send(there, { schoolUrn: urn }), await send(there, { schoolUrn: urn, listings: named(5) })];
    await decline(head, answered['id']);
    const states = async () => {
      await server.app.jobs.tasks['pass-time-for-referrals']!({});
      return [(await read(lead, plain['id']))['state'], (await read(head, held['id']))['state'], (await read(head, answered['id']))['state']];
    };
    const begun = server.clock.now().getTime();
    /** Moves the clock to so many seconds from the end of a day in London. */
    const moveTo = (day: string, seconds: number) => server.clock.advance({ seconds: (endOfLondonDay(day).getTime() - server.clock.now().getTime()) / 1000 + seconds });
    moveTo('2026-10-07', -1);
    expect(await states()).toEqual(['SENT', 'SENT', 'DECLINED']);
    moveTo('2026-10-07', 0);
    expect(await states()).toEqual(['EXPIRED', 'SENT', 'DECLINED']);
    moveTo('2026-10-20', -1);
    expect(await states()).toEqual(['EXPIRED', 'SENT', 'DECLINED']);
    moveTo('2026-10-20', 0);
    expect(await states()).toEqual(['EXPIRED', 'EXPIRED', 'DECLINED']);
    expect((await read(head, held['id']))['history'].at(-1)).toMatchObject({ transition: 'expire', person: null });
    server.clock.advance({ seconds: (begun - server.clock.now().getTime()) / 1000 });
  });

  test('shows the school any interest of the SIP in a provider, in force then or since', async () => {
    const interests = async (id: string) => (await read(lead, id))['listings'].map((each: any) => each.listing.interests.map((interest: any) => interest.what));
    const { interests: service } = server.app.referrals;
    const over = await service.declare(sip, { providerId: providers[0]!.id, what: 'Worked for them until last year' });
    await service.end(sip, over);
    const ending = await service.declare(sip, { providerId: providers[0]!.id, what: 'My sister runs it' });
    server.clock.advance({ minutes: 1 });
    const { id } = await send(sip);
    expect(await interests(id)).toEqual([['My sister runs it'], []]);
    server.clock.advance({ minutes: 1 });
    await service.end(sip, ending);
    await world.give(sip.personId!, 'PROVIDER_EDITOR', { providerId: providers[1]!.id });
    expect(await interests(id)).toEqual([['My sister runs it'], ['Is an editor of the provider']]);
    server.clock.advance({ minutes: -2 });
  });

  test('shows a listing that has left the directory since, and can be accepted still', async () => {
    const gone = await world.listed();
    const { id } = await send(sip, { listings: [{ listingId: gone.listing }] });
    await server.app.directory.providers.act(gone.id, 'suspend', { actor: gone.officer, reason: 'x' });
    expect((await read(lead, id))['listings']).toMatchObject([{ listing: { title: 'Reading support', available: false } }]);
    expect(await accept(lead, id)).toMatchObject({ state: 'ACCEPTED' });
  });
});

test('a list of referrals takes the same statements for one as for many', async () => {
  const query = `{ referrals(first: 50) { nodes { ${FIELDS} } } }`;
  const statements = async () => {
    const found: string[] = [];
    const cookie = await server.cookieOf(lead);
    server.app.db.onStatement = (sql) => found.push(sql);
    expect((await server.graphql(query, {}, cookie)).errors).toBeUndefined();
    server.app.db.onStatement = undefined;
    return found.length;
  };
  await accept(lead, (await send(sip))['id']);
  const few = await statements();
  for (let i = 0; i < 5; i++) await accept(lead, (await send(sip, { listings: named(i, 5) }))['id']);
  expect(await statements()).toBe(few);
});
