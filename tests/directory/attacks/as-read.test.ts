import type { Actor } from '../../../src/platform/actor.js';
import { Attacker, type Target } from './attacker.js';

/** What is judged is another thing than what was read; what was judged is written anew; what an office vouches for reaches further. */

let a: Attacker;
beforeAll(async () => {
  a = await Attacker.begin();
});

const versionOf = async (table: 'provider' | 'listing' | 'recommendation', id: string) => (await a.db.query<{ version: number }>(`SELECT version FROM ${table} WHERE id = $1`, [id]))[0]!.version;
const check = (officer: Actor, { id }: { id: string }, kind: string, version: number | null = null) =>
  a.as(officer, 'mutation ($id: UUID!, $kind: CheckKind!, $day: LocalDate!, $version: Int) { result: recordProviderCheck(id: $id, kind: $kind, expiresOn: $day, version: $version) { ... on Problem { code } } }', {
    id, kind, day: a.world.dayIn(300), version,
  });
const step = (actor: Actor, mutation: string, id: string, version: number) =>
  a.as(actor, `mutation ($id: UUID!, $version: Int) { result: ${mutation}(id: $id, version: $version) { ... on Problem { code } } }`, { id, version });
const listing = async (admin: Actor, id: string, input: object) =>
  a.as(admin, 'mutation ($id: UUID!, $version: Int!, $input: ListingInput!) { result: updateListing(id: $id, version: $version, input: $input, acceptCost: true) { ... on Problem { code } } }', {
    id, version: await versionOf('listing', id), input,
  });

describe('a check of a text that is not there', () => {
  /** As an import leaves it: schools may recommend it, and it has said nothing yet. */
  async function imported(): Promise<Target> {
    const provider = await a.world.awaiting();
    const officer = await a.world.officer('990');
    await a.db.query(`UPDATE provider SET safeguarding = '', interests = NULL WHERE id = $1`, [provider.id]);
    return { ...provider, officer };
  }
  test('is not recorded', async () => {
    const provider = await imported();
    for (const kind of ['SAFEGUARDING', 'INTERESTS']) expect([kind, await check(provider.officer, provider, kind)]).toEqual([kind, 'PROFILE_INCOMPLETE']);
    expect(await check(provider.officer, provider, 'INSURANCE')).toBe('done');
  });
  test('and was recorded once: what is written afterwards waits for the officer', async () => {
    const provider = await imported();
    for (const kind of ['SAFEGUARDING', 'INTERESTS']) {
      await a.db.query(`INSERT INTO provider_check (provider_id, kind, la_code, checked_by, checked_at, expires_on) VALUES ($1, $2, '990', $3, $4, $5)`, [provider.id, kind, provider.officer.personId, a.server.clock.now(), a.world.dayIn(300)]);
    }
    expect(await a.profile(provider, { safeguarding: 'We check nobody.', interests: 'We own three schools.' })).toBe('done');
    const [row] = await a.db.query('SELECT safeguarding, interests FROM provider WHERE id = $1', [provider.id]);
    expect(row).toEqual({ safeguarding: '', interests: null });
    expect((await a.db.query('SELECT FROM provider_change WHERE provider_id = $1 AND answer IS NULL', [provider.id])).length).toBe(2);
  });
});

describe('the text is changed between reading and judging', () => {
  test('of a safeguarding statement', async () => {
    const provider = { ...(await a.world.awaiting()), officer: await a.world.officer('990') };
    const read = await versionOf('provider', provider.id);
    expect(await a.profile(provider, { safeguarding: 'We check nobody.' })).toBe('done');
    expect(await check(provider.officer, provider, 'SAFEGUARDING', read)).toBe('CONFLICT');
    expect(await check(provider.officer, provider, 'SAFEGUARDING', read + 1)).toBe('done');
  });
  test('of a name that an officer confirms', async () => {
    await a.world.listed({ name: 'Meadow Phonics' });
    const provider = await a.world.checked({ name: 'Meadow Phonic' });
    const read = await versionOf('provider', provider.id);
    await a.db.query('UPDATE provider SET name = $2, version = version + 1 WHERE id = $1', [provider.id, 'Meadow Phonics Ltd']);
    expect(await step(provider.officer, 'confirmProviderName', provider.id, read)).toBe('CONFLICT');
  });
  test('of what waits, before the officer confirms all of it', async () => {
    const provider = await a.world.listed();
    expect(await a.profile(provider, { safeguarding: 'We check everybody.' })).toBe('done');
    const read = await versionOf('provider', provider.id);
    expect(await a.profile(provider, { safeguarding: 'We check some, maybe.' })).toBe('done');
    expect(await step(provider.officer, 'confirmProviderChanges', provider.id, read)).toBe('CONFLICT');
    const [row] = await a.db.query<{ safeguarding: string }>('SELECT safeguarding FROM provider WHERE id = $1', [provider.id]);
    expect(row!.safeguarding).not.toContain('some');
  });
  test('of a listing, before the school vouches for it', async () => {
    const provider = await a.world.checked();
    const { lead, input } = await a.world.recommender(provider);
    const listingVersions = [{ listingId: provider.listing, version: await versionOf('listing', provider.listing) }];
    expect(await listing(provider.admin, provider.listing, { title: 'Finance, HR, SEND, safeguarding and maths consultancy' })).toBe('done');
    expect(await a.give(lead, { ...input, listingVersions })).toBe('CONFLICT');
    expect(await a.give(lead, { ...input, listingVersions: [{ listingId: provider.listing, version: await versionOf('listing', provider.listing) }] })).toBe('done');
  });
});

describe('what an officer withholds, hides or judges is what they read', () => {
  const withVersion = (actor: Actor, mutation: string, id: string, version: number | null) =>
    a.as(actor, `mutation ($id: UUID!, $version: Int) { result: ${mutation}(id: $id, reason: "It is so.", version: $version) { ... on Problem { code } } }`, { id, version });

  test('of a listing that is withheld, and no more', async () => {
    const provider = await a.world.listed();
    const read = await versionOf('listing', provider.listing);
    const withhold = (version: number | null) =>
      a.as(provider.officer, 'mutation ($id: UUID!, $version: Int) { result: withholdListing(listingId: $id, laCode: "990", reason: "Nobody came.", version: $version) { ... on Problem { code } } }', { id: provider.listing, version });
    expect(await listing(provider.admin, provider.listing, { summary: 'Two days a week.' })).toBe('done');
    expect([await withhold(read), await withhold(read + 1)]).toEqual(['CONFLICT', 'done']);
    const [row] = await a.db.query<{ id: string; version: number }>('SELECT id, version FROM listing_withholding WHERE listing_id = $1', [provider.listing]);
    expect([await withVersion(provider.officer, 'endListingWithholding', row!.id, row!.version + 1), await withVersion(provider.officer, 'endListingWithholding', row!.id, row!.version)]).toEqual(['CONFLICT', 'done']);
  });
  test.each(['upholdDecision', 'overturnDecision'])('of an appeal (%s)', async (decision) => {
    const provider = await a.world.listed();
    expect(await a.step(provider.officer, 'suspendProvider', provider.id, 'It is looked into.')).toBe('done');
    const query = 'mutation ($id: UUID!) { result: appealDecision(against: PROVIDER_SUSPENDED, objectId: $id, grounds: "It is not so.") { ... on Problem { code } } }';
    expect(await a.as(provider.admin, query, { id: provider.id })).toBe('done');
    const [{ id, version }] = (await a.db.query<{ id: string; version: number }>('SELECT id, version FROM appeal WHERE object_id = $1', [provider.id])) as [{ id: string; version: number }];
    const judge = await a.world.officer('990');
    expect([await withVersion(judge, decision, id, version + 1), await withVersion(judge, decision, id, version)]).toEqual(['CONFLICT', 'done']);
  });
});

describe('a council’s own service', () => {
  async function service() {
    const officer = await a.world.officer('990');
    const { providers, listings } = a.server.app.directory;
    const id = await providers.register(officer, { name: `Library boxes ${Math.random()}`, kind: 'COUNCIL_SERVICE', assurance: 'COUNCIL', assuringLa: '990' });
    const admin = await a.world.refresh(officer);
    await providers.update(admin, id, 1, { summary: 'Books.', safeguarding: 'Checked.', interests: '', contactName: 'Ann', contactEmail: 'boxes@example.org', basePostcode: 'LE1 1AA' });
    const own = await listings.create(admin, id, { title: 'Boxes', summary: 'Books.', categories: ['GOVERNANCE'], phases: ['PRIMARY'], delivery: ['ONLINE'], laCodes: ['990'], price: { kind: 'FREE' } });
    return { id, admin, own };
  }
  test.each([['to the whole country', { national: true }], ['to another local authority', { laCodes: ['990', '991'] }], ['by a distance', { radiusKm: 30 }]])('reaches %s', async (_how, input) => {
    await a.world.la('991');
    const { id, admin, own } = await service();
    expect(await listing(admin, own, input)).toBe('NOT_ALLOWED');
    const create = 'mutation ($id: UUID!, $input: ListingInput!) { result: createListing(providerId: $id, input: $input) { ... on Problem { code } } }';
    expect(await a.as(admin, create, { id, input: { title: 'More boxes', ...input } })).toBe('NOT_ALLOWED');
    await a.db.query(`UPDATE listing SET national = true WHERE id = $1`, [own]);
    expect(await a.step(admin, 'publishListing', own)).toBe('NOT_ALLOWED');
  });
});

describe('a national programme', () => {
  async function programme() {
    const by = await a.world.person('SYSTEM_ADMIN');
    const { providers, listings } = a.server.app.directory;
    const id = await providers.register(by, { name: `Common books ${Math.random()}`, kind: 'NATIONAL_PROGRAMME', assurance: 'NATIONAL' });
    const admin = await a.world.refresh(by);
    await providers.update(admin, id, 1, {
      summary: 'Books.', safeguarding: 'Checked.', interests: '', contactName: 'Ann', contactEmail: 'common@example.org', assuredBy: 'The Panel', assuredLink: 'https://panel.example/books-1',
    });
    const own = await listings.create(admin, id, { title: 'Books', summary: 'Books.', categories: ['GOVERNANCE'], phases: ['PRIMARY'], delivery: ['ONLINE'], national: true, price: { kind: 'FREE' } });
    await listings.act(own, 'publish', { actor: admin });
    await providers.act(id, 'publishNationalProgramme', { actor: admin });
    return { id, admin, own, person: await a.world.person('PROVIDER_EDITOR', { providerId: id }) };
  }
  test('is assured by somebody else, says its editor: that waits, and so does another link', async () => {
    const { id, admin, person } = await programme();
    expect(await a.profile({ id, admin: person }, { assuredBy: 'The Department', assuredLink: 'https://panel.example/books1' })).toBe('done');
    const public_ = async () => (await a.db.query('SELECT assured_by AS by, assured_link AS link FROM provider WHERE id = $1', [id]))[0];
    expect(await public_()).toEqual({ by: 'The Panel', link: 'https://panel.example/books-1' });
    const second = await a.world.person('SYSTEM_ADMIN');
    expect(await step(admin, 'confirmProviderChanges', id, await versionOf('provider', id))).toBe('HAS_INTEREST');
    expect(await step(second, 'confirmProviderChanges', id, await versionOf('provider', id))).toBe('done');
    expect(await public_()).toEqual({ by: 'The Department', link: 'https://panel.example/books1' });
  });
  test('asks a price', async () => {
    const { admin, own } = await programme();
    expect(await listing(admin, own, { price: { kind: 'PRICED', pence: 50_000, unit: 'DAY', vat: 'ADDED' } })).toBe('NOT_ALLOWED');
  });
});

describe('a rejected word is given again for a twin, while the first still stands', () => {
  test('by the same school, for a provider of the same people', async () => {
    const first = await a.world.checked();
    const { lead, input, urn } = await a.world.recommender(first);
    await a.rejected(first, await a.given(lead, input));
    const twin = await a.world.checked();
    await a.world.give(first.admin.personId!, 'PROVIDER_ADMIN', { providerId: twin.id });
    expect(await a.standing(await a.given(lead, a.world.recommendation(twin, urn)))).toEqual({ obstacles: ['JUDGED_BEFORE'], counts: false });
  });
  test('before it is rejected, for one with the same website, which the first has changed since', async () => {
    const [first, twin] = [await a.world.checked(), await a.world.checked()];
    for (const each of [first, twin]) expect(await a.profile(each, { website: 'https://two-of-a-kind.example' })).toBe('done');
    const { lead, input, urn } = await a.world.recommender(first);
    const id = await a.given(lead, input);
    a.server.clock.advance({ minutes: 1 });
    const second = await a.given(lead, a.world.recommendation(twin, urn));
    expect((await a.standing(second)).counts).toBe(true);
    await a.rejected(first, id);
    a.server.clock.advance({ minutes: 1 });
    expect(await a.profile(first, { website: 'https://elsewhere.example' })).toBe('done');
    expect(await a.standing(second)).toEqual({ obstacles: ['JUDGED_BEFORE'], counts: false });
  });
  test('by the same school, for somebody who has nothing to do with it: that counts', async () => {
    const [first, other] = [await a.world.checked(), await a.world.checked()];
    const { lead, input, urn } = await a.world.recommender(first);
    await a.rejected(first, await a.given(lead, input));
    expect(await a.standing(await a.given(lead, a.world.recommendation(other, urn)))).toEqual({ obstacles: [], counts: true });
  });
});
