import type { Actor } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import type { World } from '../support/world.js';

// Nobody is asked to sign or to decide what they may not: whoever is told that it is expected of them is let do it, and
// whoever is not let do it is not told.

let server: TestApp;
let world: World;
beforeAll(async () => {
  server = await startServices();
  ({ world } = server);
});

const codeOf = async (work: Promise<unknown>) => {
  const result = await attempt(() => work);
  return result instanceof Problem ? result.code : 'done';
};
type Person = Actor & { personId: string; email: string };
type Provider = Awaited<ReturnType<World['listed']>>;

/** What somebody can have to do with a provider, or with the school. */
const INTERESTS: Record<string, (person: Person, provider: Provider, schoolUrn: number) => Promise<unknown>> = {
  none: async () => undefined,
  'belongs to the provider': (person, { id }) => world.give(person.personId, 'PROVIDER_EDITOR', { providerId: id }),
  'did so last year': async (person, { id }) => {
    await world.give(person.personId, 'PROVIDER_EDITOR', { providerId: id });
    await server.app.db.query('UPDATE membership SET ended_at = $3 WHERE person_id = $1 AND provider_id = $2', [person.personId, id, server.clock.now()]);
  },
  'is its contact': ({ email }, { id }) => server.app.db.query('UPDATE provider SET contact_email = $2 WHERE id = $1', [id, email]),
  'has recommended it': ({ personId }, { recommenders }) => server.app.db.query('UPDATE recommendation SET given_by = $2 WHERE id = $1', [recommenders[0]!.recommendation, personId]),
  'led the school last year': async ({ personId }, _provider, schoolUrn) => {
    await world.give(personId, 'SCHOOL_LEAD', { schoolUrn });
    await server.app.db.query('UPDATE membership SET ended_at = $3 WHERE person_id = $1 AND school_urn = $2', [personId, schoolUrn, server.clock.now()]);
  },
};
const isAsked = async (objectId: string, personId: string) =>
  (await server.app.db.query('SELECT FROM notice WHERE object_id = $1 AND person_id = $2 AND expected IS NOT NULL', [objectId, personId])).length > 0;

describe.each(Object.keys(INTERESTS))('a person who: %s', (name) => {
  const expected = name === 'none';

  test('is asked to sign where they may', async () => {
    const provider = await world.listed();
    const urn = await world.school();
    const head = await world.lead(urn);
    await server.app.brokerage.signOffs.setPlan(head, urn, true);
    const sip = (await world.assignedSip(urn)) as Person;
    await INTERESTS[name]!(sip, provider, urn);
    const id = await server.app.brokerage.recordings.record(head, world.recording(provider.listing, urn));
    expect(await isAsked(id, sip.personId)).toBe(expected);
    expect(await codeOf(server.app.brokerage.engagements.act(id, 'signOff', { actor: await world.refresh(sip) }))).toBe(expected ? 'done' : 'HAS_INTEREST');
  });

  test('is asked to confirm that a school is independent where they may', async () => {
    const provider = await world.listed();
    const officer = (await world.officer('990')) as Person;
    const { urn, lead, input } = await world.recommender(provider, { academy: true }); // of a trust that is not known
    await INTERESTS[name]!(officer, provider, urn);
    const id = await server.app.directory.recommendations.give(lead, input);
    expect(await isAsked(id, officer.personId)).toBe(expected);
    const code = await codeOf(server.app.directory.recommendations.act(id, 'confirmIndependence', { actor: await world.refresh(officer) }));
    expect(code).toBe(expected ? 'done' : 'HAS_INTEREST');
  });

  if (name.includes('school')) return;
  test('is asked to check a provider where they may', async () => {
    const provider = { ...(await world.provider()), recommenders: [] as Provider['recommenders'] };
    if (name === 'has recommended it') return;
    const officer = (await world.officer('990')) as Person;
    await INTERESTS[name]!(officer, provider as unknown as Provider, 0);
    await server.app.directory.providers.act(provider.id, 'complete', { actor: provider.admin });
    const asked = await server.app.db.query(`SELECT FROM notice WHERE object_id = $1 AND person_id = $2 AND as_kind = 'LOCAL_AUTHORITY' AND expected IS NOT NULL`, [provider.id, officer.personId]);
    expect(asked.length > 0).toBe(expected);
    const code = await codeOf(server.app.directory.providers.recordCheck(await world.refresh(officer), provider.id, 'INSURANCE', world.dayIn(100)));
    expect(code).toBe(expected ? 'done' : 'HAS_INTEREST');
  });
});

test('who belongs to both sides is not asked to answer for one of them', async () => {
  const provider = await world.awaiting();
  const urn = await world.school();
  const [lead, both] = [await world.lead(urn), await world.person('SCHOOL_STAFF', { schoolUrn: urn })];
  await world.give(both.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
  const { engagements, recordings } = server.app.brokerage;
  const id = await recordings.record(lead, { ...world.recording(provider.listing, urn), personIds: [both.personId] });
  const asked = async (person: Actor) =>
    (await server.app.db.query<{ kind: string; expected: string | null }>('SELECT kind, expected FROM notice WHERE object_id = $1 AND person_id = $2 ORDER BY history_id', [id, person.personId])).map(({ kind, expected }) => [kind, expected !== null]);
  expect(await asked(both)).toEqual([['Engagement.record', false]]);
  expect(await codeOf(engagements.act(id, 'confirm', { actor: await world.refresh(both) }))).toBe('HAS_INTEREST');
  expect(await asked(provider.admin)).toEqual([['Engagement.record', true]]);
});
