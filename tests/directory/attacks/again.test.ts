import { Attacker, type Person, type Target } from './attacker.js';

/** A provider that was suspended is registered again. */

let a: Attacker;
beforeAll(async () => {
  a = await Attacker.begin();
});

const NAMES = ['Bright Readers', 'Calm Corners', 'Deep Numbers', 'Early Sounds', 'Fair Chances', 'Good Habits', 'Happy Hours', 'Inner Voices', 'Jolly Rhymes', 'Kind Words', 'Loud Letters', 'Merry Maths'];

describe('what left the directory under suspension and is registered again is not listed', () => {
  let suspended: Target;
  let name: string;
  beforeEach(async () => {
    name = NAMES.shift()!;
    suspended = await a.world.listed({ name });
    await a.profile(suspended, { website: `https://www.${name.replace(' ', '-').toLowerCase()}.example/start`, basePostcode: `LE${NAMES.length + 1} 1AA` });
    expect(await a.step(suspended.officer, 'suspendProvider', suspended.id, 'It sent unchecked staff.')).toBe('done');
  });
  const withdrawn = () => a.step(suspended.admin, 'withdrawProvider', suspended.id);

  /** Two honest recommendations, all checks: whatever else would list it. */
  async function waits(next: Target): Promise<void> {
    for (let i = 0; i < 2; i++) {
      const { lead, input } = await a.world.recommender(next);
      await a.given(lead, input);
    }
    expect(await a.state(next)).toBe('AWAITING_RECOMMENDATIONS');
    const [held] = await a.db.query<{ earlier: string }>('SELECT earlier_id AS earlier FROM suspended_before WHERE provider_id = $1', [next.id]);
    expect(held?.earlier).toBe(suspended.id);
  }

  test('by the same administrator', async () => {
    await withdrawn();
    const next = await a.world.checked();
    await a.world.give(suspended.admin.personId!, 'PROVIDER_ADMIN', { providerId: next.id });
    await waits(next);
  });
  test('with the same contact', async () => {
    await withdrawn();
    const next = await a.world.checked();
    const [old] = await a.db.query<{ email: string }>('SELECT contact_email AS email FROM provider WHERE id = $1', [suspended.id]);
    await a.name(next, old!.email.replace('@', '+fresh@'));
    await waits(next);
  });
  test('with its editor, who joins and leaves again', async () => {
    await withdrawn();
    const next = await a.world.checked();
    const [member] = await a.db.query<{ id: string; email: string }>('SELECT p.id, p.email FROM membership m JOIN person p ON p.id = m.person_id WHERE m.provider_id = $1', [suspended.id]);
    const person = { ...(await a.world.refresh({ personId: member!.id } as Person)), personId: member!.id, email: member!.email };
    expect(await a.grant(next.admin, person, { role: 'PROVIDER_EDITOR', providerId: next.id })).toBe('done');
    await a.leave(await a.world.refresh(person) as Person, 'PROVIDER_EDITOR');
    await waits(next);
  });
  test('under the same name, by somebody else', async () => {
    await withdrawn();
    await waits(await a.world.checked({ name }));
  });
  test('under nearly the same name', async () => {
    await withdrawn();
    await waits(await a.world.checked({ name: `${name}s Ltd` }));
  });
  test('on the same website', async () => {
    await withdrawn();
    const next = await a.world.checked();
    await a.profile(next, { website: `http://${name.replace(' ', '-').toLowerCase()}.example` });
    await waits(next);
  });
  test('on the same website, which is taken off the profile after it is seen', async () => {
    await withdrawn();
    const next = await a.world.awaiting();
    const { website } = (await a.db.query<{ website: string }>('SELECT website FROM provider WHERE id = $1', [suspended.id]))[0]!;
    const draft = await a.world.provider();
    await a.profile(draft, { website });
    await a.step(draft.admin, 'completeProvider', draft.id);
    expect(await a.profile(draft, { website: null })).toBe('done');
    const officer = await a.world.officer('990');
    for (const kind of ['SAFEGUARDING', 'INSURANCE', 'INTERESTS'] as const) await a.server.app.directory.providers.recordCheck(officer, draft.id, kind, a.world.dayIn(3000));
    await waits({ ...draft, officer });
    expect(next.id).not.toBe(draft.id);
  });
  test('at the same address', async () => {
    await withdrawn();
    const next = await a.world.checked();
    const { postcode } = (await a.db.query<{ postcode: string }>('SELECT base_postcode AS postcode FROM provider WHERE id = $1', [suspended.id]))[0]!;
    await a.profile(next, { basePostcode: postcode });
    await waits(next);
  });
  test('in another local authority', async () => {
    await withdrawn();
    await waits(await a.world.checked({ name, la: '991' }));
  });
  test('while the first is still suspended', async () => waits(await a.world.checked({ name: `The ${name}` })));
  test('kept ready as a draft before the suspension', async () => {
    const other = await a.world.checked({ name: `${name} Plus` });
    await a.world.give(suspended.admin.personId!, 'PROVIDER_EDITOR', { providerId: other.id });
    await waits(other);
  });

  test('the officer sees what was suspended and why, and may let it be listed; nobody else can, or sees it', async () => {
    await withdrawn();
    const next = await a.world.checked({ name });
    await waits(next);
    const query = 'query ($id: UUID!) { provider(id: $id) { suspendedBefore { providerId name reason alike acceptedAt } wayToBeingListed { needed done } } }';
    const seenBy = async (person: Person) =>
      (await a.server.graphql<{ provider: { suspendedBefore: unknown; wayToBeingListed: { needed: string; done: boolean }[] } }>(query, { id: next.id }, await a.server.cookieOf(person))).data.provider;
    expect((await seenBy(next.officer)).suspendedBefore).toEqual([{ providerId: suspended.id, name, reason: 'It sent unchecked staff.', alike: ['NAME'], acceptedAt: null }]);
    const own = await seenBy(next.admin as Person);
    expect(own.suspendedBefore).toBeNull();
    expect(own.wayToBeingListed.filter(({ done }) => !done).map(({ needed }) => needed)).toEqual(expect.arrayContaining(['To be looked at by Shire 990 before it is listed.']));
    expect(await a.step(next.admin, 'confirmProviderReturn', next.id, 'It is ours.')).toBe('FORBIDDEN');
    expect(await a.step(await a.world.officer('992'), 'confirmProviderReturn', next.id, 'Why not.')).toBe('NOT_ALLOWED');
    const interested = await a.world.officer('990');
    await a.world.give(interested.personId, 'PROVIDER_EDITOR', { providerId: next.id });
    expect(await a.step(interested, 'confirmProviderReturn', next.id, 'Why not.')).toBe('HAS_INTEREST');
    expect(await a.step(next.officer, 'confirmProviderReturn', next.id, 'Other people, by chance of one name.')).toBe('done');
    expect(await a.step(next.officer, 'confirmProviderName', next.id)).not.toBe('FORBIDDEN');
    expect(await a.state(next)).toBe('LISTED');
  });
});

test('a provider that is listed is not held back by another of its people’s that is suspended later', async () => {
  const [one, other] = [await a.world.listed(), await a.world.listed()];
  await a.world.give(one.admin.personId!, 'PROVIDER_EDITOR', { providerId: other.id });
  await a.step(one.officer, 'suspendProvider', one.id, 'It is looked into.');
  await a.step(other.recommenders[0]!.lead, 'withdrawRecommendation', other.recommenders[0]!.recommendation);
  expect(await a.state(other)).toBe('LAPSED');
  const { lead, input } = await a.world.recommender(other);
  await a.given(lead, input);
  expect(await a.state(other)).toBe('LISTED');
});

test('one whose suspension has ended holds nobody back', async () => {
  const one = await a.world.listed({ name: 'Quiet Rooms' });
  await a.step(one.officer, 'suspendProvider', one.id, 'It is looked into.');
  await a.step(one.officer, 'reinstateProvider', one.id, 'All is well.');
  const next = await a.world.listed();
  await a.world.give(one.admin.personId!, 'PROVIDER_EDITOR', { providerId: next.id });
  expect(await a.state(next)).toBe('LISTED');
});
