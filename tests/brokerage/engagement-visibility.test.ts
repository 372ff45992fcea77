import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;

beforeAll(async () => {
  server = await startApp();
});

const WHOLE = `
  id state origin title providerName startsOn endsOn pricePence vat pupilsConcerned confirmed sharedWithSip allLeads needsSignOff signedOffAt startedAt finishedAt endReason createdAt version
  school { urn name } partnerSchools { urn } provider { id } listing { id } people { name } signedOffBy { name }
  objectives { id text baseline target category phase } actions { id what owner ownerName dueOn doneAt doneBy { name } } evidence { id wanted dueOn given link givenAt givenBy { name } }
  reviewDates reviews { id heldOn rag words by person { name } figures { what value pupils } } visitors { name role } safeguarding { statement at by { name } }
  concerns { id text statement } availableActions { action allowed } history { transition reason onBehalfOf { kind id name } person { name } }`;

interface Seen {
  id: string;
  sharedWithSip: boolean | null;
  allLeads: boolean | null;
  people: object[] | null;
  signedOffBy: object | null;
  concerns: { statement: string | null }[] | null;
  history: { transition: string; reason: string | null; person: object | null }[];
}

/** What a person gets of an engagement: by its id, which must be the same as in their list, whose count must agree. */
async function seen(actor: Actor, id: string): Promise<Seen | null> {
  const { data, errors } = await server.graphql<{ one: Seen | null; list: { nodes: Seen[]; totalCount: number } }>(
    `query ($id: UUID!) { one: engagement(id: $id) { ${WHOLE} } list: myEngagements(first: 100) { totalCount nodes { ${WHOLE} } } }`,
    { id },
    await server.cookieOf(actor),
  );
  expect(errors).toBeUndefined();
  expect(data.list.totalCount).toBe(data.list.nodes.length);
  expect(data.list.nodes.find((each) => each.id === id) ?? null).toEqual(data.one);
  return data.one;
}

test('a SIP sees what the school shares, of the schools assigned, as long as it is shared', async () => {
  const { id, urn, lead } = await server.world.recorded();
  const { engagements } = server.app.brokerage;
  const [sip, another] = [await server.world.assignedSip(urn), await server.world.assignedSip(await server.world.school())];
  expect(await seen(sip, id)).toBeNull();
  await engagements.act(id, 'shareWithSip', { actor: lead });
  expect(await seen(sip, id)).toMatchObject({ id, sharedWithSip: true, allLeads: null, people: null, concerns: null });
  expect(await seen(another, id)).toBeNull();
  await engagements.act(id, 'stopSharing', { actor: lead });
  expect(await seen(sip, id)).toBeNull();
  await engagements.act(id, 'shareWithSip', { actor: lead });
  await server.app.db.query('UPDATE membership SET ended_at = $2 WHERE person_id = $1', [sip.personId, server.clock.now()]);
  expect(await seen(sip, id)).toBeNull();
});

test('officers, trust leads, administrators, staff and other schools and providers see none', async () => {
  const { world } = server;
  const urn = await world.school({ trust: 'T7', academy: true });
  const { id, provider } = await world.recorded({ schoolUrn: urn, sharedWithSip: true });
  const strangers = [
    await world.officer('990'),
    await world.person('TRUST_LEAD', { trustId: 'T7' }),
    await world.person('SYSTEM_ADMIN'),
    await world.person('SCHOOL_STAFF', { schoolUrn: urn }),
    await world.lead(await world.school({ trust: 'T7', academy: true })),
    (await world.awaiting()).admin,
    await world.person(),
  ];
  for (const stranger of strangers) expect(await seen(stranger, id)).toBeNull();
  expect(await seen(await world.person('PROVIDER_EDITOR', { providerId: provider.id }), id)).toMatchObject({ id });
});

test('the provider learns neither who sees it in the school nor what passes between the school and its SIP', async () => {
  const { world } = server;
  const urn = await world.school();
  const head = await world.lead(urn);
  await server.app.brokerage.signOffs.setPlan(head, urn, true);
  const { id, lead, provider } = await world.recorded({ schoolUrn: urn });
  const { engagements } = server.app.brokerage;
  const sip = await world.assignedSip(urn);
  await engagements.act(id, 'sendBack', { actor: sip, reason: 'Too dear for what the school is short of.' });
  await engagements.act(id, 'signOff', { actor: sip });
  await engagements.act(id, 'endEarly', { actor: lead, reason: 'The coach is ill.' });
  const [forSchool, forSip, forProvider] = [await seen(lead, id), await seen(sip, id), await seen(provider.admin, id)];
  expect(forSchool!.history.map(({ transition, reason }) => [transition, reason])).toEqual([
    ['recordForSignOff', null],
    ['sendBack', 'Too dear for what the school is short of.'],
    ['signOff', null],
    ['endEarly', 'The coach is ill.'],
  ]);
  expect(forSip!.history).toEqual(forSchool!.history);
  expect(forSchool!.signedOffBy).toEqual({ name: expect.any(String) });
  expect(forProvider!.history.map(({ transition, reason, person }) => [transition, reason, person !== null])).toEqual([
    ['recordForSignOff', null, true],
    ['signOff', null, false],
    ['endEarly', 'The coach is ill.', true],
  ]);
  expect(forProvider).toMatchObject({ sharedWithSip: null, allLeads: null, people: null, signedOffBy: null, concerns: [] });
  expect(JSON.stringify(forProvider)).not.toContain('Too dear');
});

test('who stands in sees what waits for them and what they have signed, and no more', async () => {
  const { world } = server;
  const { engagements, signOffs } = server.app.brokerage;
  const la = await world.la('972');
  const urn = await world.school({ la });
  const lead = await world.lead(urn);
  const officer = await world.officer(la);
  const { id: before } = await world.recorded({ schoolUrn: urn, sharedWithSip: true });
  await signOffs.setPlan(lead, urn, true);
  const [{ id: first }, { id: second }] = [await world.recorded({ schoolUrn: urn }), await world.recorded({ schoolUrn: urn })];
  const sees = async () => Promise.all([before, first, second].map(async (id) => (await seen(officer, id)) !== null));
  expect(await sees()).toEqual([false, true, true]); // nobody else could sign: the last resort
  await signOffs.setStandIn(officer, la, (await world.officer(la)).personId);
  expect(await sees()).toEqual([false, false, false]);
  await signOffs.setStandIn(officer, la, officer.personId);
  expect(await sees()).toEqual([false, true, true]);
  await engagements.act(first, 'signOff', { actor: officer });
  await world.assignedSip(urn);
  expect(await sees()).toEqual([false, true, false]);
  await signOffs.setStandIn(officer, la, null);
  expect(await sees()).toEqual([false, true, false]); // an officer sees what they have signed
});

test('leads of partner schools see the engagement in which their school takes part', async () => {
  const { world } = server;
  const { id } = await world.recorded();
  const partner = await world.school();
  const lead = await world.lead(partner);
  expect(await seen(lead, id)).toBeNull();
  await server.app.db.query('INSERT INTO engagement_school (engagement_id, school_urn) VALUES ($1, $2)', [id, partner]);
  expect(await seen(lead, id)).toMatchObject({ id, partnerSchools: [{ urn: partner }], allLeads: null, people: null, concerns: null });
  expect(await seen(await world.person('SCHOOL_STAFF', { schoolUrn: partner }), id)).toBeNull();
});

describe('a concern', () => {
  const CONCERN = `id state raisedBy providerName text answer answeredAt statement passedOnAt resolvedAt version raisedAt school { urn } engagement { id title } availableActions { action allowed } history { transition reason }`;
  interface SeenConcern {
    id: string;
    statement: string | null;
    engagement: object | null;
  }
  const concernFor = async (actor: Actor, id: string) => {
    const { data, errors } = await server.graphql<{ concern: SeenConcern | null }>(`query ($id: UUID!) { concern(id: $id) { ${CONCERN} } }`, { id }, await server.cookieOf(actor));
    expect(errors).toBeUndefined();
    return data.concern;
  };
  const passedOn = async (officer: Actor) => {
    const { data, errors } = await server.graphql<{ concernsPassedOn: { totalCount: number; nodes: SeenConcern[] } }>(
      `{ concernsPassedOn(first: 100) { totalCount nodes { ${CONCERN} } } }`,
      {},
      await server.cookieOf(officer),
    );
    expect(errors).toBeUndefined();
    expect(data.concernsPassedOn.totalCount).toBe(data.concernsPassedOn.nodes.length);
    return data.concernsPassedOn.nodes;
  };

  test('reaches officers of the school’s LA once the school has passed it on, with its statement and without the engagement', async () => {
    const { world } = server;
    const la = await world.la('973');
    const urn = await world.school({ la });
    const { id, lead, provider } = await world.underWay({ schoolUrn: urn, sharedWithSip: true });
    const [officer, interested, elsewhere, sip] = [await world.officer(la), await world.officer(la), await world.officer('974'), await world.assignedSip(urn)];
    await world.give(interested.personId, 'SCHOOL_STAFF', { schoolUrn: urn });
    const { concerns } = server.app.brokerage;
    const concern = await concerns.raise(lead, id, 'Nobody came on Monday.');
    expect(await concernFor(officer, concern)).toBeNull();
    expect(await concernFor(sip, concern)).toBeNull();
    expect(await passedOn(officer)).toEqual([]);
    expect(await concernFor(provider.admin, concern)).toMatchObject({ id: concern, statement: null, engagement: { id } });

    await concerns.passOn(lead, concern, 'Please ask them to come.');
    const found = await concernFor(officer, concern);
    expect(found).toMatchObject({ statement: 'Please ask them to come.', engagement: null });
    expect(await passedOn(officer)).toEqual([found]);
    for (const other of [interested, elsewhere]) {
      expect(await concernFor(other, concern)).toBeNull();
      expect(await passedOn(other)).toEqual([]);
    }
    expect(await concernFor(sip, concern)).toBeNull();
    expect(await concernFor(provider.admin, concern)).toMatchObject({ statement: null });
    expect(await concernFor(lead, concern)).toMatchObject({ statement: 'Please ask them to come.' });
    await concerns.resolve(officer, concern, 'They come.');
    expect(await concernFor(officer, concern)).toMatchObject({ state: 'RESOLVED' });
  });
});

describe('a school’s 50 engagements', () => {
  const LIST = `query ($first: Int!, $urn: Int) { myEngagements(first: $first, filter: { schoolUrn: $urn }) { totalCount nodes { ${WHOLE} } } }`;

  test('take as many statements as one', async () => {
    const { world } = server;
    const urn = await world.school();
    const lead = await world.lead(urn);
    const provider = await world.awaiting();
    const { recordings, actions, evidence, reviews, concerns, engagements } = server.app.brokerage;
    for (let i = 0; i < 50; i++) {
      const id = await recordings.record(lead, { ...world.recording(provider.listing, urn), pupilsConcerned: true });
      await engagements.setVisitors(provider.admin, id, 1, [{ name: 'Ada Example' }]);
      await engagements.confirmSafeguarding(provider.admin, id, 2, 'She is checked.');
      await engagements.act(id, 'confirm', { actor: provider.admin });
      await engagements.act(id, 'start', { actor: lead });
      await actions.add(lead, id, { what: 'Buy books', owner: 'SCHOOL' });
      await evidence.want(lead, id, { wanted: 'Books' });
      await reviews.add(lead, id, { heldOn: '2026-09-07', rag: 'GREEN' });
      await concerns.raise(provider.admin, id, 'No room was free.');
    }
    const cookie = await server.cookieOf(lead);
    const statements = async (first: number) => {
      const sent: string[] = [];
      server.app.db.onStatement = (sql) => void sent.push(sql);
      try {
        const { data, errors } = await server.graphql<{ myEngagements: { nodes: Seen[]; totalCount: number } }>(LIST, { first, urn }, cookie);
        expect(errors).toBeUndefined();
        expect(data.myEngagements.totalCount).toBe(50);
        expect(data.myEngagements.nodes).toHaveLength(first);
        expect(data.myEngagements.nodes.at(-1)!.concerns).toHaveLength(1);
      } finally {
        server.app.db.onStatement = undefined;
      }
      return sent.length;
    };
    const one = await statements(1);
    expect(one).toBeGreaterThan(10);
    expect(await statements(50)).toBe(one);
  });

  test('come in pages, newest first, and by their state', async () => {
    const { world } = server;
    const urn = await world.school();
    const lead = await world.lead(urn);
    const provider = await world.awaiting();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.unshift(await server.app.brokerage.recordings.record(lead, world.recording(provider.listing, urn)));
      server.clock.advance({ seconds: i % 2 });
    }
    await server.app.brokerage.engagements.act(ids[1]!, 'disown', { actor: provider.admin, reason: 'No.' });
    const page = async (after: string | null, states: string[] | null) => {
      const { data } = await server.graphql<{ myEngagements: { nodes: { id: string }[]; totalCount: number; pageInfo: { endCursor: string } } }>(
        `query ($after: String, $states: [EngagementState!]) { myEngagements(first: 2, after: $after, filter: { states: $states }) { totalCount nodes { id } pageInfo { endCursor } } }`,
        { after, states },
        await server.cookieOf(lead),
      );
      return data.myEngagements;
    };
    const walk = async (states: string[] | null) => {
      const found: string[] = [];
      for (let after: string | null = null; ; ) {
        const { nodes, totalCount, pageInfo } = await page(after, states);
        if (nodes.length === 0) return { found, totalCount };
        found.push(...nodes.map((each) => each.id));
        after = pageInfo.endCursor;
      }
    };
    expect(await walk(null)).toEqual({ found: ids, totalCount: 5 });
    expect(await walk(['AGREED'])).toEqual({ found: ids.filter((_, i) => i !== 1), totalCount: 4 });
  });
});
