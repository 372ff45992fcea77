import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});

interface Place {
  id: string;
  state: string;
  school: { urn: number };
}
interface Answer {
  id?: string;
  places?: Place[];
  code?: string;
}

const FIELDS = '{ ... on Partnership { id places { id state school { urn } } } ... on Problem { code } }';

async function ask(actor: Actor, mutation: string): Promise<Answer> {
  const { data, errors } = await server.graphql<{ result: Answer }>(`mutation { result: ${mutation} ${FIELDS} }`, {}, await server.cookieOf(actor));
  return errors ? { code: errors[0]!.extensions.code } : data.result;
}

const propose = (actor: Actor, urn: number, others: number[], name = 'The Vale family') => ask(actor, `proposePartnership(schoolUrn: ${urn}, name: "${name}", schoolUrns: [${others.join()}])`);
const enter = (actor: Actor, la: string, urns: number[]) => ask(actor, `enterPartnership(laCode: "${la}", name: "The Dale family", schoolUrns: [${urns.join()}])`);
const step = (actor: Actor, name: string, place: Place, more = '') => ask(actor, `${name}(placeId: "${place.id}"${more})`);
const placeOf = (answer: Answer, urn: number) => answer.places!.find(({ school }) => school.urn === urn)!;
const statesOf = (answer: Answer) => Object.fromEntries(answer.places!.map(({ state, school }) => [school.urn, state]));

/** The listings that are found around a school, by the ring that they are in. */
async function inPartnership(urn: number): Promise<number> {
  const { data } = await server.graphql<{ search: { totalCount: number } }>(`{ search(input: { near: { schoolUrn: ${urn} }, rings: [PARTNERSHIP] }) { totalCount } }`);
  return data.search.totalCount;
}

/** A school that is a listed provider. */
async function offering(la: string): Promise<number> {
  const urn = await server.world.school({ la });
  await server.world.listed({ la, schoolUrn: urn });
  return urn;
}

test('a lead proposes it, each school answers for itself, and the search ranks by it from then on', async () => {
  const { world } = server;
  const [own, partner, other] = [await world.school({ la: '861' }), await offering('861'), await world.school({ la: '861' })];
  const [lead, partnersLead, othersLead] = [await world.lead(own), await world.lead(partner), await world.lead(other)];
  const proposed = await propose(lead, own, [partner, other]);
  expect(statesOf(proposed)).toEqual({ [own]: 'MEMBER', [partner]: 'PROPOSED', [other]: 'PROPOSED' });
  expect(await inPartnership(own)).toBe(0);
  const [told] = await server.app.db.query<{ expected: string }>(`SELECT expected FROM notice WHERE person_id = $1 AND kind = 'PartnershipPlace.propose'`, [partnersLead.personId]);
  expect(told!.expected).toContain('Accept or decline');

  expect(await step(othersLead, 'acceptPartnership', placeOf(proposed, partner))).toEqual({ code: 'NOT_FOUND' });
  expect(await step(lead, 'acceptPartnership', placeOf(proposed, partner))).toEqual({ code: 'NOT_ALLOWED' });
  const joined = await step(partnersLead, 'acceptPartnership', placeOf(proposed, partner));
  expect(statesOf(joined)[partner]).toBe('MEMBER');
  expect([await inPartnership(own), await inPartnership(other)]).toEqual([1, 0]);
  expect(statesOf(await step(othersLead, 'declinePartnership', placeOf(proposed, other)))[other]).toBe('DECLINED');

  const outside = await server.graphql<{ partnership: Answer }>(`{ partnership(id: "${proposed.id}") { places { state school { urn } } } }`);
  expect(statesOf(outside.data.partnership)).toEqual({ [own]: 'MEMBER', [partner]: 'MEMBER' });

  expect(statesOf(await step(partnersLead, 'leavePartnership', placeOf(joined, partner)))[partner]).toBe('LEFT');
  expect(await inPartnership(own)).toBe(0);
  const again = await ask(lead, `inviteToPartnership(id: "${proposed.id}", schoolUrns: [${partner}])`);
  expect(again.places!.filter(({ school }) => school.urn === partner).map(({ state }) => state).sort()).toEqual(['LEFT', 'PROPOSED']);
});

test('an officer enters one of their own area, takes a school out and ends it; the schools are told', async () => {
  const { world } = server;
  const [own, partner] = [await world.school({ la: '862' }), await offering('862')];
  const lead = await world.lead(own);
  const officer = await world.officer('862');
  expect(await enter(await world.officer('863'), '862', [own, partner])).toEqual({ code: 'NOT_ALLOWED' });
  expect(await enter(officer, '862', [own, await world.school({ la: '863' })])).toEqual({ code: 'VALIDATION' });
  const entered = await enter(officer, '862', [own, partner]);
  expect(await inPartnership(own)).toBe(1);
  expect(await server.app.db.query(`SELECT kind FROM notice WHERE person_id = $1 AND kind LIKE 'Partnership%'`, [lead.personId])).toEqual([{ kind: 'PartnershipPlace.enter' }]);
  expect(await step(officer, 'removeFromPartnership', placeOf(entered, partner), ', reason: " "')).toEqual({ code: 'VALIDATION' });
  expect(await step(await world.officer('863'), 'removeFromPartnership', placeOf(entered, partner), ', reason: "It left"')).toEqual({ code: 'NOT_ALLOWED' });
  expect(await ask(lead, `endPartnership(id: "${entered.id}", reason: "Over")`)).toEqual({ code: 'FORBIDDEN' });
  const ended = await ask(officer, `endPartnership(id: "${entered.id}", reason: "They have parted")`);
  expect(Object.values(statesOf(ended))).toEqual(['LEFT', 'LEFT']);
  expect(await inPartnership(own)).toBe(0);
  expect((await server.graphql<{ partnership: null }>(`{ partnership(id: "${entered.id}") { id } }`)).data.partnership).toBeNull();
});

test('only for a school that one leads, of open schools, with another, within limits', async () => {
  const { world } = server;
  const [own, other, closed] = [await world.school({ la: '864' }), await world.school({ la: '864' }), await world.school({ la: '864', status: 'CLOSED' })];
  const lead = await world.lead(own);
  expect(await propose(lead, other, [own])).toEqual({ code: 'NOT_ALLOWED' });
  expect(await propose(lead, own, [own])).toEqual({ code: 'VALIDATION' });
  expect(await propose(lead, own, [])).toEqual({ code: 'VALIDATION' });
  expect(await propose(lead, own, [closed])).toEqual({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
  expect(await propose(lead, own, [999_999_9])).toEqual({ code: 'VALIDATION' });
  expect(await propose(lead, own, [other], ' ')).toEqual({ code: 'VALIDATION' });
  const made = await propose(lead, own, [other]);
  expect(await ask(lead, `inviteToPartnership(id: "${made.id}", schoolUrns: [${other}])`)).toEqual({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
  expect(await propose(lead, own, [other], 'A second')).toMatchObject({ id: expect.any(String) });
  expect(await propose(lead, own, [other], 'A third')).toEqual({ code: 'TOO_MANY_ATTEMPTS' });
});

test('a school that has become another keeps its partners, and they keep it', async () => {
  const { world } = server;
  const [before, partner, after] = [await world.school({ la: '865' }), await offering('865'), await world.school({ la: '865' })];
  await enter(await world.officer('865'), '865', [before, partner]);
  await server.app.db.query('INSERT INTO school_successor VALUES ($1, $2)', [before, after]);
  await server.app.db.query(`UPDATE school SET status = 'CLOSED' WHERE urn = $1`, [before]);
  expect(await inPartnership(after)).toBe(1);
});

test('partners stay independent of each other: a recommendation by one for another counts', async () => {
  const { world } = server;
  const school = await world.school({ la: '866' });
  const provider = await world.listed({ la: '866', schoolUrn: school });
  await enter(await world.officer('866'), '866', [school, ...provider.recommenders.map(({ urn }) => urn)]);
  await server.app.directory.providers.passTimeForMemberships();
  expect(await server.app.db.query('SELECT state FROM provider WHERE id = $1', [provider.id])).toEqual([{ state: 'LISTED' }]);
});
