import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';
import type { SchoolFacts, World } from '../support/world.js';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
});

interface ToAsk {
  totalCount: number;
  nodes: { contactName: string; contactRole: string; reached: string[]; distanceKm: number | null; school: { urn: number } }[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

async function find(actor: Actor, schoolUrn: number, more = ''): Promise<ToAsk | null | string> {
  const { data, errors } = await server.graphql<{ findSchoolsWithSimilarNeeds: ToAsk | null }>(
    `query ($urn: Int!) { findSchoolsWithSimilarNeeds(schoolUrn: $urn, category: TEACHING_AND_LEARNING, phase: PRIMARY${more}) { totalCount nodes { contactName contactRole reached distanceKm school { urn } } pageInfo { hasNextPage endCursor } } }`,
    { urn: schoolUrn },
    await server.cookieOf(actor),
  );
  return errors ? errors[0]!.extensions.code : data.findSchoolsWithSimilarNeeds;
}

const urnsOf = (found: Awaited<ReturnType<typeof find>>) => (found as ToAsk).nodes.map(({ school }) => school.urn);

/** A school at so many metres to the east that was helped. */
const helped = async (facts: SchoolFacts, change: Parameters<World['rated']>[0] = {}) => world.rated({ mayBeAsked: true, ...change }, { schoolUrn: await world.school(facts) });

test('finds who agreed to be asked, nearest first, as people', async () => {
  const mine = await world.school({ easting: 400_000, northing: 300_000 });
  const lead = await world.lead(mine);
  const far = await helped({ easting: 430_000, northing: 300_000 });
  const near = await helped({ easting: 402_000, northing: 300_000 });
  await helped({ easting: 401_000, northing: 300_000 }, { mayBeAsked: false });
  const failed = await helped({ easting: 401_000, northing: 300_000 }, {});
  await server.app.db.query(`UPDATE rating_answer SET result = 'PARTLY' WHERE rating_id = $1`, [failed.rating]);
  await helped({ easting: 401_000, northing: 300_000, status: 'OPEN', phase: 'SECONDARY' });
  const own = await world.rated({ mayBeAsked: true }, { schoolUrn: mine });
  expect(own.urn).toBe(mine);
  await server.app.db.query(`UPDATE membership SET title = 'Headteacher' WHERE person_id = $1`, [near.lead.personId]);

  const found = (await find(lead, mine)) as ToAsk;
  expect(urnsOf(found)).toEqual([near.urn, far.urn]);
  expect(found.nodes[0]).toMatchObject({ contactRole: 'Headteacher', distanceKm: 2, reached: ['Every teacher of Year 1 teaches reading alike.'] });
  expect(found.totalCount).toBe(2);
  expect(urnsOf(await find(lead, mine, ', avoidWithinKm: 10'))).toEqual([far.urn]);
  const first = (await find(lead, mine, ', first: 1')) as ToAsk;
  expect(first.pageInfo.hasNextPage).toBe(true);
  expect(urnsOf(await find(lead, mine, `, first: 1, after: "${first.pageInfo.endCursor}"`))).toEqual([far.urn]);

  await server.app.outcomes.ratings.setMayBeAsked(near.lead, near.rating, false);
  expect(urnsOf(await find(lead, mine))).toEqual([far.urn]);
  const colleague = await world.lead(near.urn);
  await server.app.outcomes.ratings.setMayBeAsked(colleague, near.rating, true);
  expect(urnsOf(await find(lead, mine))).toEqual([near.urn, far.urn]);
  await server.app.db.query('UPDATE membership SET ended_at = now() WHERE person_id = $1', [colleague.personId]);
  expect(urnsOf(await find(lead, mine))).toEqual([far.urn]);
});

test('is for the leads of the school and its SIP', async () => {
  const urn = await world.school();
  expect(await find(await world.assignedSip(urn), urn)).toMatchObject({ totalCount: expect.any(Number) });
  expect(await find(await world.lead(await world.school()), urn)).toBeNull();
  expect(await find(await world.sip('990'), urn)).toBeNull();
  expect(await find(await world.person('SCHOOL_STAFF', { schoolUrn: urn }), urn)).toBe('FORBIDDEN');
  expect(await find(await world.officer('990'), urn)).toBe('FORBIDDEN');
  expect(await find(await world.lead(urn), urn, ', avoidWithinKm: 0')).toBe('BAD_USER_INPUT');
});
