import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';
import { ask, PROBLEM, refusalOf } from './support.js';

let server: TestServer;
let world: World;
let school: number;
let sip: Actor;
let provider: Awaited<ReturnType<World['listed']>>;

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
});

beforeEach(async () => {
  school = await world.school();
  sip = await world.sip('990', school);
  provider = await world.listed();
});

const ITEMS = 'items { id reason listing { listingId title providerName available current { title } interests { what declared } } }';
const LIST = `__typename ... on Shortlist { id school { urn } visit { id } ${ITEMS} } ${PROBLEM}`;
const add = (by: Actor, input: object = {}, key: string | null = null) =>
  ask(server, by, `mutation ($input: ShortlistInput!, $key: String) { addToShortlist(input: $input, idempotencyKey: $key) { ${LIST} } }`, {
    input: { schoolUrn: school, listingId: provider.listing, reason: 'They coach.', ...input },
    key,
  });
const read = (by: Actor, id: string) => ask(server, by, `{ shortlist(id: "${id}") { id ${ITEMS} } }`);
const visitOf = (by: Actor, urn = school) => server.app.referrals.visits.plan(by, { schoolUrn: urn, date: '2026-09-10', focus: 'Reading' });

describe('a shortlist', () => {
  test('begins with its first listing, and has each listing once, with the last reason', async () => {
    const first = await add(sip);
    expect(first).toMatchObject({ school: { urn: school }, visit: null, items: [{ reason: 'They coach.', listing: { title: 'Reading support', available: true, current: { title: 'Reading support' } } }] });
    expect(await add(sip, { reason: 'They coach well.' })).toMatchObject({ id: first['id'], items: [{ id: first['items'][0].id, reason: 'They coach well.' }] });
    expect(await add(sip, { listingId: (await world.listed()).listing })).toMatchObject({ id: first['id'], items: [{}, {}] });
    expect(await ask(server, sip, `mutation { removeFromShortlist(itemId: "${first['items'][0].id}") { ${LIST} } }`)).toMatchObject({ items: [{}] });
    expect(await ask(server, sip, `mutation { removeFromShortlist(itemId: "${first['items'][0].id}") { ${LIST} } }`)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('can be for one visit, of the SIP’s own to that school', async () => {
    const [large, visitId] = [await add(sip), await visitOf(sip)];
    const forVisit = await add(sip, { visitId });
    expect(forVisit).toMatchObject({ visit: { id: visitId } });
    expect(forVisit['id']).not.toBe(large['id']);
    const second = await world.sip('990', school, await world.school());
    expect(await add(second, { visitId })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await add(sip, { visitId: await visitOf(second, second.sipSchools[1]) })).toMatchObject({ code: 'NOT_FOUND' });
    expect((await ask(server, sip, `{ shortlists(schoolUrn: ${school}) { totalCount nodes { id } } }`))['nodes'].map((each: any) => each.id)).toEqual([forVisit['id'], large['id']]);
  });

  test('is begun once by two who add at the same moment, and sent twice adds once', async () => {
    const listings = [provider.listing, (await world.listed()).listing];
    const both = await Promise.all([...listings, ...listings].map((listingId) => add(sip, { listingId }, `k-${listingId}`)));
    expect(new Set(both.map((each) => each['id'])).size).toBe(1);
    expect((await read(sip, both[0]!['id']))['items']).toHaveLength(2);
  });

  test('takes only listings that are in the directory, and shows when one is not any more', async () => {
    expect(await add(sip, { listingId: (await world.checked()).listing })).toMatchObject({ code: 'VALIDATION' });
    const { id } = await add(sip);
    const shown = async () => (await read(sip, id))['items'][0].listing;
    await server.app.directory.listings.act(provider.listing, 'unpublish', { actor: provider.admin });
    await server.app.directory.listings.update(provider.admin, provider.listing, await versionOf('listing', provider.listing), { title: 'Support for reading' });
    expect(await shown()).toMatchObject({ title: 'Reading support', available: false, current: null });
    await server.app.directory.listings.act(provider.listing, 'publish', { actor: provider.admin });
    expect(await shown()).toMatchObject({ available: true, current: { title: 'Support for reading' } });
    await server.app.directory.providers.act(provider.id, 'suspend', { actor: provider.officer, reason: 'x' });
    expect(await shown()).toMatchObject({ title: 'Reading support', available: false, current: null });
  });

  test('is its SIP’s alone, while assigned', async () => {
    const { id, items } = await add(sip);
    const take = (by: Actor) => ask(server, by, `mutation { removeFromShortlist(itemId: "${items[0].id}") { ${LIST} } }`);
    const other = await world.sip('990', school);
    expect([await read(other, id), await take(other)]).toMatchObject([null, { code: 'NOT_FOUND' }]);
    for (const each of [await world.lead(school), await world.officer('990'), provider.admin]) expect(await refusalOf(server, each, `{ shortlist(id: "${id}") { id } }`)).toBe('FORBIDDEN');
    expect(await add(await world.sip('990', await world.school()))).toMatchObject({ code: 'NOT_ALLOWED' });
    await world.unassigned(sip);
    expect([await read(sip, id), await take(sip), await add(sip)]).toMatchObject([null, { code: 'NOT_FOUND' }, { code: 'NOT_ALLOWED' }]);
    expect(await ask(server, sip, '{ shortlists { totalCount } }')).toEqual({ totalCount: 0 });
  });
});

describe('an interest', () => {
  const declare = (by: Actor, what: string, key: string | null = null, providerId = provider.id) =>
    ask(server, by, `mutation ($input: InterestInput!, $key: String) { declareInterest(input: $input, idempotencyKey: $key) { ... on Interest { id what providerName provider { id } endedAt } ${PROBLEM} } }`, { input: { providerId, what }, key });
  const shown = async (id: string) => (await read(sip, id))['items'][0].listing.interests;

  test('that is declared is shown with the provider until it has ended', async () => {
    const { id } = await add(sip);
    expect(await shown(id)).toEqual([]);
    const interest = await declare(sip, 'My sister runs it', 'k');
    expect(await declare(sip, 'My sister runs it', 'k')).toEqual(interest);
    expect(await shown(id)).toEqual([{ what: 'My sister runs it', declared: true }]);
    expect(await ask(server, sip, '{ myInterests { totalCount nodes { id what } } }')).toEqual({ totalCount: 1, nodes: [{ id: interest['id'], what: 'My sister runs it' }] });
    const end = (by: Actor) => ask(server, by, `mutation { endInterest(id: "${interest['id']}") { ... on Interest { endedAt } ${PROBLEM} } }`);
    expect(await end(await world.sip('990'))).toMatchObject({ code: 'NOT_FOUND' });
    const ended = await end(sip);
    server.clock.advance({ minutes: 1 });
    expect(await end(sip)).toEqual(ended);
    expect(await shown(id)).toEqual([]);
  });

  test('is known from any role in the provider, its school or the trust of its school', async () => {
    const urn = await world.school({ trust: 'TX', academy: true });
    provider = await world.listed({ schoolUrn: urn });
    const { id } = await add(sip);
    const roles = [['PROVIDER_EDITOR', { providerId: provider.id }, 'Is an editor of the provider'], ['SCHOOL_STAFF', { schoolUrn: urn }, 'Works in the school that is the provider'], ['TRUST_LEAD', { trustId: 'TX' }, 'Leads the trust of the school that is the provider']] as const;
    for (const [role, scope, what] of roles) {
      await world.give(sip.personId!, role, scope);
      expect(await shown(id)).toContainEqual({ what, declared: false });
    }
    await server.app.db.query(`UPDATE membership SET ended_at = $2 WHERE person_id = $1 AND role <> 'SIP'`, [sip.personId, server.clock.now()]);
    server.clock.advance({ minutes: 1 });
    expect(await shown(id)).toEqual([]);
  });

  test('is declared by SIPs only, in providers that they may know of', async () => {
    expect(await declare(sip, 'x', null, (await world.provider()).id)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await declare(sip, ' ')).toMatchObject({ code: 'VALIDATION' });
    expect(await refusalOf(server, await world.lead(school), '{ myInterests { totalCount } }')).toBe('FORBIDDEN');
  });
});

const versionOf = async (table: string, id: string) => (await server.app.db.query<{ version: number }>(`SELECT version FROM ${table} WHERE id = $1`, [id]))[0]!.version;
