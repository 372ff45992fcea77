import { Attacker, type Person, type Target } from './attacker.js';

/** What is one, written so that it looks like another; and the other way round. */

let a: Attacker;
beforeAll(async () => {
  a = await Attacker.begin();
});

const BOXED = (word: string) => [...word].map((letter) => String.fromCodePoint(0x1f170 + letter.charCodeAt(0) - 65)).join('');

describe('one mailbox makes itself two persons', () => {
  const SIGN_IN = 'mutation ($email: String!) { result: sendSignInCode(email: $email) { ... on Problem { code } } }';
  test.each(['head(x)@one.example', 'x:head@one.example', '(x)head@one.example', '"head"@one.example', 'head(@one.example', 'he\\ad@one.example'])('by signing in as %s', async (email) => {
    const { data } = await a.server.graphql<{ result: { code?: string } }>(SIGN_IN, { email });
    expect(data.result.code).toBe('VALIDATION');
  });

  test('by naming a head as the contact of a provider that the head recommends', async () => {
    const provider = await a.world.checked();
    const { urn, input } = await a.world.recommender(provider);
    const head = await a.leadWith('head@two.example', urn);
    for (const contact of ['x:head@two.example', 'head(x)@two.example']) expect(await a.name(provider, contact)).toBe('VALIDATION');
    expect(await a.name(provider, 'ｈead+desk@two。example')).toBe('done');
    expect(await a.give(head, input)).toBe('MEMBER_OF_PROVIDER');
  });

  test('by being offered a role of a school under a comment, where it has an interest', async () => {
    const urn = await a.world.school();
    for (const email of ['owner(head)@three.example', 'x:owner@three.example']) expect(await a.offer(await a.world.officer('990'), { email, role: 'SCHOOL_LEAD', schoolUrn: urn })).toBe('VALIDATION');
  });
});

describe('a listed provider changes what was checked, in letters that are signs', () => {
  const INSTEAD = [`We check all staff ${BOXED('NOT')}`, 'We check all staff 🅝🅞🅣', [...'We check all staff'].map((letter) => `${letter}\u0336`).join('')];
  test.each(INSTEAD)('its safeguarding statement becomes %s', async (safeguarding) => {
    const provider = await a.world.listed();
    await a.db.query(`UPDATE provider SET safeguarding = 'We check all staff' WHERE id = $1`, [provider.id]);
    expect(await a.profile(provider, { safeguarding })).toBe('VALIDATION');
  });

  test.each(['We check all staff ❌', '🚫 We check all staff', 'We check all staff: 🇳🇴', 'We check all staff ɴᴏᴛ'])('or %s, which waits', async (safeguarding) => {
    const provider = await a.world.listed();
    await a.db.query(`UPDATE provider SET safeguarding = 'We check all staff' WHERE id = $1`, [provider.id]);
    expect(await a.profile(provider, { safeguarding })).toBe('done');
    expect(await a.db.query('SELECT p.safeguarding, c.after FROM provider p JOIN provider_change c ON c.provider_id = p.id AND c.answer IS NULL WHERE p.id = $1', [provider.id])).toEqual([
      { safeguarding: 'We check all staff', after: safeguarding },
    ]);
  });

  test.each([BOXED('SEND'), '🅢🅔🅝🅓', '🇺🇰', 'ꜱᴇɴᴅ', 'S\u0336E\u0336N\u0336D\u0336', '⭐'])('its name gets %s', async (added) => {
    const provider = await a.world.listed();
    expect(await a.profile(provider, { name: `Bright Readers ${added}` })).toBe('VALIDATION');
  });
});

describe('a provider calls itself as another, in letters that look alike', () => {
  test.each(['Jiʟʟ Farrant', 'Jiⵏⵏ Farrant', '🅹🅸🅻🅻 Farrant', 'ꓙill Farrant', 'Jіll Farrant', 'J\u0336i\u0336l\u0336l\u0336 Farrant'])('%s', async (name) => {
    const register = 'mutation ($input: RegisterProviderInput!) { result: registerProvider(input: $input) { ... on Problem { code } } }';
    expect(await a.as(await a.world.person(), register, { input: { name, kind: 'COMPANY', assuringLa: '990' } })).toBe('VALIDATION');
  });
});

describe('a provider puts what no school vouched for into a title', () => {
  let provider: Target;
  const update = 'mutation ($id: UUID!, $version: Int!, $input: ListingInput!) { result: updateListing(id: $id, version: $version, input: $input) { ... on Problem { code } } }';
  const titled = async (title: string) => {
    const [row] = await a.db.query<{ version: number }>('SELECT version FROM listing WHERE id = $1', [provider.listing]);
    return a.as(provider.admin, update, { id: provider.listing, version: row!.version, input: { title } });
  };
  test('as stages, listed or abbreviated, or as subjects in pieces', async () => {
    provider = await a.world.checked();
    expect(await titled('Writing in Years 3 and 4')).toBe('done');
    for (let i = 0; i < 2; i++) {
      const { lead, input } = await a.world.recommender(provider);
      await a.given(lead, input);
    }
    for (const added of [', 5 and 6', ' and Yr 10', ' and Year-10', ' and key stages 3 and 4', ', m a t h s', ' - m.a.t.h.s and s.e.n.d']) {
      expect([added, await titled(`Writing in Years 3 and 4${added}`)]).toEqual([added, 'COSTS_RECOMMENDATIONS']);
    }
    for (const added of [` ${BOXED('MATHS')}`, ' ᴍᴀᴛʜꜱ']) expect([added, await titled(`Writing in Years 3 and 4${added}`)]).toEqual([added, 'VALIDATION']);
    expect(await titled('Writing: Yr 3, Yr 4')).toBe('done');
  });
});

test('a school vouches for what is still to be done', async () => {
  const provider = await a.world.checked();
  const { lead, input } = await a.world.recommender(provider);
  const year = Number(a.world.dayIn(0).slice(2, 4)) + 1;
  for (const whenDone of ['tomorrow', 'next term', `12 Dec ${year}`, `Jan ${year}`, `05/06/${year}`, `Christmas 20${year}`, 'twenty ninety', 'in two weeks’ time']) {
    expect([whenDone, await a.give(lead, { ...input, whenDone })]).toEqual([whenDone, 'VALIDATION']);
  }
  expect(await a.give(lead, { ...input, whenDone: `12 Dec ${year - 2}` })).toBe('done');
});

describe('what was suspended comes back on the same website, spelled in another way', () => {
  let suspended: Target;
  beforeAll(async () => {
    suspended = await a.world.listed();
    await a.profile(suspended, { website: 'https://aspen-judges.example/about' });
    await a.step(suspended.officer, 'suspendProvider', suspended.id, 'It sent unchecked staff.');
  });
  async function waits(next: Target): Promise<void> {
    for (let i = 0; i < 2; i++) {
      const { lead, input } = await a.world.recommender(next);
      await a.given(lead, input);
    }
    expect(await a.state(next)).toBe('AWAITING_RECOMMENDATIONS');
  }
  test.each(['https://aspen-judges.example./', 'https:///aspen-judges.example', 'https://a%73pen-judges.example', 'https://aspen-judges。example/', 'http://www2.ＡSPEN-judges.example:8080'])('%s', async (website) => {
    const next = await a.world.checked();
    expect(await a.profile(next, { website })).toBe('done');
    await waits(next);
  });

  test('or on the same page of a host that many share; another page there is another’s', async () => {
    const shared = await a.world.listed();
    await a.profile(shared, { website: 'https://www.facebook.com/AspenJudges' });
    await a.step(shared.officer, 'suspendProvider', shared.id, 'It sent unchecked staff.');
    const [same, other] = [await a.world.checked(), await a.world.checked()];
    await a.profile(same, { website: 'https://m.facebook.com/pages/aspenjudges?ref=2' });
    await a.profile(other, { website: 'https://www.facebook.com/OakJudges' });
    await waits(same);
    for (let i = 0; i < 2; i++) {
      const { lead, input } = await a.world.recommender(other);
      await a.given(lead, input);
    }
    expect(await a.state(other)).toBe('LISTED');
  });
});

describe('a mailbox is flooded by its other addresses', () => {
  test('with offers of roles', async () => {
    const provider = await a.world.awaiting();
    const offers = [];
    for (let i = 0; i < 5; i++) offers.push(await a.offer(provider.admin as Person, { email: `victim+${i}@flood.example`, role: 'PROVIDER_EDITOR', providerId: provider.id }));
    expect(offers.slice(3)).toEqual(['TOO_MANY_ATTEMPTS', 'TOO_MANY_ATTEMPTS']);
    expect(await a.offer(provider.admin as Person, { email: 'victim(1)@flood.example', role: 'PROVIDER_EDITOR', providerId: provider.id })).toBe('VALIDATION');
  });
  test('with sign-in codes', async () => {
    for (let i = 0; i < 25; i++) await a.server.graphql('mutation ($email: String!) { sendSignInCode(email: $email) { __typename } }', { email: `flooded+${i}@flood.example` });
    await a.server.deliver();
    expect(a.server.outbox.filter(({ to }) => to.startsWith('flooded'))).toHaveLength(10);
  });
});
