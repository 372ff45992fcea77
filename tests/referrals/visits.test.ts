import type { Actor } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';
import { ask, PROBLEM, refusalOf } from './support.js';

let server: TestServer;
let world: World;
let school: number;
let sip: Actor;
let lead: Actor;

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
});

beforeEach(async () => {
  school = await world.school();
  [sip, lead] = [await world.sip('990', school), await world.lead(school)];
});

const VISIT = `__typename ... on Visit { id state date focus note version school { urn } sip { id } agenda { id text putBy { id } } history { transition person { id } onBehalfOf { kind } } availableActions { action allowed code } } ${PROBLEM}`;
const plan = (by: Actor, date = '2026-09-07', key: string | null = null, urn = school) =>
  ask(server, by, `mutation ($input: VisitInput!, $key: String) { planVisit(schoolUrn: ${urn}, input: $input, idempotencyKey: $key) { ${VISIT} } }`, { input: { date, focus: 'Reading in Year 2' }, key });
const write = (by: Actor, { id, version }: Record<string, any>, note: string) =>
  ask(server, by, `mutation ($note: String!) { writeVisitNote(id: "${id}", version: ${version}, note: $note) { ${VISIT} } }`, { note });
const addPoint = (by: Actor, { id }: Record<string, any>, text = 'Our budget', key: string | null = null) =>
  ask(server, by, `mutation ($text: String!, $key: String) { addAgendaPoint(visitId: "${id}", text: $text, idempotencyKey: $key) { ${VISIT} } }`, { text, key });
const read = (by: Actor, id: string) => ask(server, by, `{ visit(id: "${id}") { ${VISIT.replace(PROBLEM, '').replace('__typename ... on Visit', '...on Visit')} } }`);
const list = async (by: Actor, args = '') => (await ask(server, by, `{ visits(first: 50${args}) { totalCount nodes { id date } } }`));

test('a SIP plans a visit, the head puts points on its agenda, the SIP writes the note, the head reads it', async () => {
  const planned = await plan(sip, '2026-09-09');
  expect(planned).toMatchObject({ state: 'PLANNED', date: '2026-09-09', note: '', school: { urn: school }, sip: { id: sip.personId } });
  const withPoint = await addPoint(lead, planned);
  expect(withPoint['agenda']).toMatchObject([{ text: 'Our budget', putBy: { id: lead.personId } }]);
  expect(await write(sip, withPoint, 'Phonics is taught alike now.')).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE', message: expect.stringContaining('still to come') });
  server.clock.advance({ days: 2 });
  const held = await write(sip, withPoint, 'Phonics is taught alike now.');
  expect(held).toMatchObject({ state: 'HELD', note: 'Phonics is taught alike now.' });
  expect(await read(lead, held['id'])).toMatchObject({ note: 'Phonics is taught alike now.' });
  expect(held['history'].map((step: any) => [step.transition, step.person.id, step.onBehalfOf.kind])).toEqual([
    ['plan', sip.personId, 'LOCAL_AUTHORITY'],
    ['addAgendaPoint', lead.personId, 'SCHOOL'],
    ['writeNote', sip.personId, 'LOCAL_AUTHORITY'],
  ]);
  server.clock.advance({ days: -2 });
});

describe('a visit', () => {
  test('is planned by a SIP of the school only, within the last year or the next two', async () => {
    const other = await world.sip('990', await world.school());
    expect(await plan(other)).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await plan(await world.unassigned(sip))).toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await plan(other, '2026-09-07', null, 1)).toMatchObject({ code: 'NOT_FOUND' });
    const keeper = await world.sip('990', school);
    for (const date of ['2025-09-06', '2028-09-08']) expect(await plan(keeper, date)).toMatchObject({ code: 'VALIDATION' });
    for (const date of ['2025-09-07', '2028-09-07']) expect(await plan(keeper, date)).toMatchObject({ date });
    expect(await refusalOf(server, lead, `mutation { planVisit(schoolUrn: ${school}, input: { date: "2026-09-07", focus: "x" }) { __typename } }`)).toBe('FORBIDDEN');
    expect(await refusalOf(server, null, '{ visits { totalCount } }')).toBe('UNAUTHENTICATED');
  });

  test('is seen by that SIP while assigned and by the leads of the school, and by nobody else', async () => {
    const { id } = await plan(sip);
    const secondSip = await world.sip('990', school);
    const strangers = [secondSip, await world.sip('990'), await world.lead(await world.school())];
    for (const each of [sip, lead, await world.lead(school)]) expect([await read(each, id), (await list(each))['totalCount']]).toMatchObject([{ id }, 1]);
    for (const each of strangers) expect([await read(each, id), (await list(each))['totalCount']]).toEqual([null, 0]);
    for (const each of [await world.officer('990'), await world.person('SCHOOL_STAFF', { schoolUrn: school }), await world.person('SYSTEM_ADMIN')]) {
      expect([await refusalOf(server, each, `{ visit(id: "${id}") { id } }`), await refusalOf(server, each, '{ visits { totalCount } }')]).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    }
    await world.unassigned(sip);
    expect([await read(sip, id), (await list(sip))['totalCount']]).toEqual([null, 0]);
    expect(await ask(server, sip, `mutation { cancelVisit(id: "${id}") { ${PROBLEM} } }`)).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('is changed and called off from the version that one saw, and not after it was held', async () => {
    const planned = await plan(sip);
    const change = (version: number, date = '2026-10-01') =>
      ask(server, sip, `mutation { changeVisit(id: "${planned['id']}", version: ${version}, input: { date: "${date}", focus: "Writing" }) { ${VISIT} } }`);
    const changed = await change(planned['version']);
    expect(changed).toMatchObject({ date: '2026-10-01', focus: 'Writing', state: 'PLANNED' });
    expect(await change(planned['version'])).toMatchObject({ code: 'CONFLICT' });
    const back = await change(changed['version'], '2026-09-07');
    const held = await write(sip, back, 'Seen.');
    expect(await change(held['version'])).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
    expect(await write(sip, held, 'Seen twice.')).toMatchObject({ note: 'Seen twice.', state: 'HELD' });
    expect(await write(sip, held, 'Seen thrice.')).toMatchObject({ code: 'CONFLICT' });

    const second = await plan(sip, '2026-09-20');
    const cancel = `mutation { cancelVisit(id: "${second['id']}", reason: "Snow") { ${VISIT} } }`;
    expect(await ask(server, sip, cancel)).toMatchObject({ state: 'CANCELLED' });
    expect(await ask(server, sip, cancel)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
  });

  test('takes points of the agenda from leads, beforehand, twenty at most, and lets go of them', async () => {
    const planned = await plan(sip, '2026-09-08');
    expect(await attempt(() => server.app.referrals.visits.addAgendaPoint(sip, planned['id'], { text: 'Mine' }))).toMatchObject({ code: 'NOT_ALLOWED' });
    const point = (await addPoint(lead, planned))['agenda'][0];
    const remove = (by: Actor) => ask(server, by, `mutation { removeAgendaPoint(id: "${point.id}") { ${VISIT} } }`);
    expect(await remove(await world.lead(await world.school()))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await remove(await world.lead(school))).toMatchObject({ agenda: [] });
    expect(await remove(lead)).toMatchObject({ code: 'NOT_FOUND' });
    for (let i = 0; i < 20; i++) await addPoint(lead, planned, `Point ${i}`);
    expect(await addPoint(lead, planned)).toMatchObject({ code: 'VALIDATION' });
    server.clock.advance({ days: 2 });
    expect(await addPoint(lead, planned)).toMatchObject({ code: 'NOT_ALLOWED_IN_THIS_STATE', message: expect.stringContaining('is over') });
    server.clock.advance({ days: -2 });
  });

  test('sent twice, also at the same moment, is made once', async () => {
    const both = await Promise.all([plan(sip, '2026-09-07', 'k1'), plan(sip, '2026-09-07', 'k1')]);
    const again = await plan(sip, '2026-09-07', 'k1');
    expect(new Set([...both, again].map((each) => each['id'])).size).toBe(1);
    expect(await plan(sip, '2026-09-08', 'k1')).toMatchObject({ code: 'CONFLICT' });
    await Promise.all([addPoint(lead, again, 'One', 'p1'), addPoint(lead, again, 'One', 'p1')]);
    expect((await addPoint(lead, again, 'One', 'p1'))['agenda']).toHaveLength(1);
  });

  test('stands in a list, the latest day first, in pages', async () => {
    for (const date of ['2026-10-05', '2026-11-05', '2026-09-20']) await plan(sip, date);
    expect((await list(lead))['nodes'].map((each: any) => each.date)).toEqual(['2026-11-05', '2026-10-05', '2026-09-20']);
    const page = await ask(server, lead, '{ visits(first: 2) { nodes { date } pageInfo { endCursor hasNextPage } } }');
    const rest = await ask(server, lead, `{ visits(first: 2, after: "${page['pageInfo'].endCursor}", states: [PLANNED], schoolUrn: ${school}) { nodes { date } pageInfo { hasNextPage } } }`);
    expect([page['pageInfo'].hasNextPage, rest]).toEqual([true, { nodes: [{ date: '2026-09-20' }], pageInfo: { hasNextPage: false } }]);
  });

  test('tells each what can be done and why not', async () => {
    const { id } = await plan(sip, '2026-09-30');
    const actions = async (by: Actor) => Object.fromEntries((await read(by, id))['availableActions'].map((each: any) => [each.action, each.code ?? 'yes']));
    expect(await actions(sip)).toEqual({ change: 'yes', addAgendaPoint: 'NOT_ALLOWED', removeAgendaPoint: 'NOT_ALLOWED', writeNote: 'NOT_ALLOWED_IN_THIS_STATE', cancel: 'yes' });
    expect(await actions(lead)).toEqual({ change: 'NOT_ALLOWED', addAgendaPoint: 'yes', removeAgendaPoint: 'yes', writeNote: 'NOT_ALLOWED', cancel: 'NOT_ALLOWED' });
  });
});

test('a list of visits takes the same statements for one as for many', async () => {
  const query = '{ visits(first: 50) { nodes { note sip { name } school { name } agenda { text putBy { name } } history { label person { name } } availableActions { action } } } }';
  const statements = async () => {
    const found: string[] = [];
    const cookie = await server.cookieOf(lead);
    server.app.db.onStatement = (sql) => found.push(sql);
    await server.graphql(query, {}, cookie);
    server.app.db.onStatement = undefined;
    return found.length;
  };
  await addPoint(lead, await plan(sip));
  const few = await statements();
  for (let i = 0; i < 10; i++) await addPoint(lead, await plan(sip));
  expect(await statements()).toBe(few);
});

test('the database itself keeps a note to visits that were held', async () => {
  const { id } = await plan(sip);
  await expect(server.app.db.query(`UPDATE visit SET note = 'x' WHERE id = $1`, [id])).rejects.toThrow('visit_held');
  expect(await attempt(() => server.app.referrals.visits.writeNote(id, ' ', { actor: sip }))).toBeInstanceOf(Problem);
});
