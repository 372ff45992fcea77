import type { Policy } from '../../src/directory/policy/policy.read.js';
import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});

const INPUT = '($laCode: String!, $policy: LaPolicyInput!';
const NODES = '{ totalCount nodes { name } }';

interface Outcome {
  code?: string;
  message?: string;
}

/** Over HTTP, as an officer does it. */
async function set(actor: Actor, laCode: string, minimumRecommendations: number, checkLives: Policy['checkLives'] = [], reason = 'Agreed with our heads.'): Promise<Outcome> {
  const query = `mutation ${INPUT}, $reason: String!) { result: setLaPolicy(laCode: $laCode, policy: $policy, reason: $reason) { ... on Problem { code message } } }`;
  const { data } = await server.graphql<{ result: Outcome }>(query, { laCode, policy: { minimumRecommendations, checkLives }, reason }, await server.cookieOf(actor));
  return data.result;
}

async function preview(actor: Actor, laCode: string, minimumRecommendations: number, checkLives: Policy['checkLives'] = []) {
  const query = `query ${INPUT}) { laPolicyPreview(laCode: $laCode, policy: $policy) { lapsing ${NODES} listing ${NODES} } }`;
  type Named = { totalCount: number; nodes: { name: string }[] };
  const { data } = await server.graphql<{ laPolicyPreview: { lapsing: Named; listing: Named } | null }>(query, { laCode, policy: { minimumRecommendations, checkLives } }, await server.cookieOf(actor));
  if (!data.laPolicyPreview) return null;
  const { lapsing, listing } = data.laPolicyPreview;
  expect([lapsing.totalCount, listing.totalCount]).toEqual([lapsing.nodes.length, listing.nodes.length]);
  return { lapsing: lapsing.nodes.map(({ name }) => name), listing: listing.nodes.map(({ name }) => name) };
}

const stateOf = async (id: string) => (await server.app.db.query<{ state: string }>('SELECT state FROM provider WHERE id = $1', [id]))[0]!.state;
const told = async ({ personId }: Actor) =>
  (await server.app.db.query<{ text: string }>('SELECT text FROM notice WHERE person_id = $1 ORDER BY created_at, id', [personId])).map(({ text }) => text);

/** A provider of the LA with that many recommendations. */
async function recommended(la: string, name: string, count: number) {
  const provider = await server.world.listed({ la, name });
  for (let more = 2; more < count; more++) {
    const { lead, input } = await server.world.recommender(provider);
    await server.app.directory.recommendations.give(lead, input);
  }
  return provider;
}

test('a higher minimum lapses at once those who were shown before, and a lower one lists them again', async () => {
  const [two, three] = [await recommended('801', 'Two Speak', 2), await recommended('801', 'Three Speak', 3)];
  const officer = await server.world.officer('801');
  expect(await preview(officer, '801', 3)).toEqual({ lapsing: ['Two Speak'], listing: [] });
  expect(await stateOf(two.id)).toBe('LISTED');

  expect(await set(officer, '801', 3)).toEqual({});
  expect([await stateOf(two.id), await stateOf(three.id)]).toEqual(['LAPSED', 'LISTED']);
  expect(await told(two.admin)).toContainEqual(expect.stringContaining('Shire 801 asks for 3 recommendations from now on, which you do not have.'));
  expect((await told(three.admin)).join()).not.toContain('asks for 3');
  const found = await server.graphql('{ search(input: { words: "two speak" }) { nodes { listing { provider { name } } } } }');
  expect(JSON.stringify(found.data)).not.toContain('Two Speak');

  expect(await preview(officer, '801', 2)).toEqual({ lapsing: [], listing: ['Two Speak'] });
  expect(await set(officer, '801', 2, [], 'Too much was asked.')).toEqual({});
  expect(await stateOf(two.id)).toBe('LISTED');

  const { data } = await server.graphql<{ laPolicy: object; laPolicyChanges: object[] }>(
    '{ laPolicy(laCode: "801") { minimumRecommendations checkLives { kind months } } laPolicyChanges(laCode: "801") { reason minimumRecommendations lapsed listed } }',
    {},
    await server.cookieOf(officer),
  );
  expect(data).toEqual({
    laPolicy: { minimumRecommendations: 2, checkLives: [] },
    laPolicyChanges: [
      { reason: 'Too much was asked.', minimumRecommendations: 2, lapsed: 0, listed: 1 },
      { reason: 'Agreed with our heads.', minimumRecommendations: 3, lapsed: 1, listed: 0 },
    ],
  });
});

test('a third recommendation lists who waited under a higher minimum, and one of three taken back lapses', async () => {
  const officer = await server.world.officer('802');
  await set(officer, '802', 3);
  const provider = await server.world.checked({ la: '802' });
  const give = async () => {
    const { lead, input } = await server.world.recommender(provider);
    return { lead, id: await server.app.directory.recommendations.give(lead, input) };
  };
  await give();
  await give();
  expect(await stateOf(provider.id)).toBe('AWAITING_RECOMMENDATIONS');
  const third = await give();
  expect(await stateOf(provider.id)).toBe('LISTED');
  await server.app.directory.recommendations.act(third.id, 'withdraw', { actor: third.lead });
  expect(await stateOf(provider.id)).toBe('LAPSED');
});

test('shorter lives of checks lapse those whose checks are older, longer ones list them again, and a new check holds no longer', async () => {
  const old = await recommended('803', 'Checked Long Ago', 2);
  server.clock.advance({ days: 200 });
  await recommended('803', 'Checked Today', 2);
  const officer = await server.world.officer('803');
  const halfAYear: Policy['checkLives'] = [{ kind: 'INSURANCE', months: 6 }];
  expect(await preview(officer, '803', 2, halfAYear)).toEqual({ lapsing: ['Checked Long Ago'], listing: [] });
  await set(officer, '803', 2, halfAYear);
  expect(await stateOf(old.id)).toBe('LAPSED');
  expect((await told(old.admin)).at(-1)).toContain('Shire 803 asks for checks that are no older than 6 months from now on');

  const { providers } = server.app.directory;
  await expect(providers.recordCheck(officer, old.id, 'INSURANCE', server.world.dayIn(300))).rejects.toThrow('Your local authority lets this check hold for 6 months at most');
  await providers.recordCheck(officer, old.id, 'INSURANCE', server.world.dayIn(100));
  expect(await stateOf(old.id)).toBe('LISTED');

  await set(officer, '803', 2, [{ kind: 'INSURANCE', months: 1 }]);
  server.clock.advance({ days: 32 });
  await providers.expireChecks();
  expect(await stateOf(old.id)).toBe('LAPSED');
  await set(officer, '803', 2, []);
  expect(await stateOf(old.id)).toBe('LISTED');
});

test('only an officer of the LA, or a system administrator, sets or previews it, within what every LA asks', async () => {
  await server.world.la('804');
  const officer = await server.world.officer('804');
  expect(await set(await server.world.officer('805'), '804', 3)).toMatchObject({ code: 'NOT_ALLOWED' });
  expect(await preview(await server.world.officer('805'), '804', 3)).toBeNull();
  expect(await set(officer, '804', 1)).toMatchObject({ code: 'VALIDATION', message: 'Two recommendations are the least: no local authority can ask for fewer.' });
  expect(await set(officer, '804', 11)).toMatchObject({ code: 'VALIDATION' });
  expect(await set(officer, '804', 2, [{ kind: 'INSURANCE', months: 0 }])).toMatchObject({ code: 'VALIDATION' });
  expect(await set(officer, '804', 2, [{ kind: 'INSURANCE', months: 5 }, { kind: 'INSURANCE', months: 6 }])).toMatchObject({ code: 'VALIDATION' });
  expect(await set(officer, '804', 3, [], ' ')).toMatchObject({ code: 'VALIDATION' });
  expect(await set(await server.world.person('SYSTEM_ADMIN'), '804', 3)).toEqual({});
});

test('nobody lists, or lets lapse, a provider in which they have an interest by changing the policy', async () => {
  const provider = await recommended('806', 'An Officer’s Own', 2);
  const interested = await server.world.officer('806');
  await server.world.give(interested.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
  expect(await set(interested, '806', 3)).toMatchObject({ code: 'HAS_INTEREST', message: expect.stringContaining('An Officer’s Own') });
  expect(await stateOf(provider.id)).toBe('LISTED');
  await set(await server.world.officer('806'), '806', 3);
  expect(await set(interested, '806', 2)).toMatchObject({ code: 'HAS_INTEREST' });
  expect(await stateOf(provider.id)).toBe('LAPSED');
});

test('a suspended provider that lacks something under the new policy is lapsed when its suspension ends', async () => {
  const provider = await recommended('807', 'Suspended Meanwhile', 2);
  const { providers } = server.app.directory;
  await providers.act(provider.id, 'suspend', { actor: provider.officer, reason: 'Insurance in doubt' });
  await set(provider.officer, '807', 3);
  expect(await stateOf(provider.id)).toBe('SUSPENDED');
  await providers.reinstate(provider.id, { actor: provider.officer, reason: 'It is insured' });
  expect(await stateOf(provider.id)).toBe('LAPSED');
});
