import { Attacker, type Person, type Target } from './attacker.js';

/** A provider writes somebody else's address where it says whom to talk to. */

let a: Attacker;
beforeAll(async () => {
  a = await Attacker.begin();
});

const deny = (person: Person, { id }: { id: string }) => a.step(person, 'denyContact', id);
const suspend = (person: Person, { id }: { id: string }) => a.step(person, 'suspendProvider', id, 'It harms pupils.');
const systemAdmin = async () => (await a.world.person('SYSTEM_ADMIN')) as Person;
/** A listing of the provider that names this address; published, unless it is a draft. */
async function listingNaming(provider: Target, contactEmail: string, published = true): Promise<void> {
  const { listings } = a.server.app.directory;
  const id = await listings.create(provider.admin, provider.id, {
    title: 'One more visit', summary: 'A visit.', categories: ['GOVERNANCE'], phases: ['PRIMARY'], delivery: ['ONLINE'], national: true, price: { kind: 'FREE' }, contactEmail,
  });
  if (published) await listings.act(id, 'publish', { actor: provider.admin });
}
/** A provider of an LA of its own, with so many officers. */
async function listedBy(la: string, officers: number): Promise<{ provider: Target; officers: Person[] }> {
  const provider = await a.world.listed({ la });
  const more: Person[] = [];
  for (let i = 1; i < officers; i++) more.push(await a.world.officer(la));
  return { provider, officers: [provider.officer, ...more] };
}

describe('so that its officers cannot act', () => {
  test('in a draft, which nobody sees', async () => {
    const provider = await a.world.listed();
    await listingNaming(provider, provider.officer.email, false);
    expect(await suspend(provider.officer, provider)).toBe('done');
  });
  test('in a listing: the officer is told, denies it and suspends it', async () => {
    const provider = await a.world.listed();
    await listingNaming(provider, provider.officer.email);
    expect(await suspend(provider.officer, provider)).toBe('HAS_INTEREST');
    const told = await a.db.query('SELECT FROM notice WHERE person_id = $1 AND object_id = $2 AND subject LIKE $3', [provider.officer.personId, provider.id, '%names you as its contact']);
    expect(told).toHaveLength(1);
    expect(await deny(provider.officer, provider)).toBe('done');
    expect(await suspend(provider.officer, provider)).toBe('done');
  });
  test('again after that was denied', async () => {
    const provider = await a.world.listed();
    await a.name(provider, provider.officer.email);
    expect(await deny(provider.officer, provider)).toBe('done');
    await a.name(provider, 'somebody@example.org');
    await a.name(provider, provider.officer.email.replace('@', '+again@'));
    expect(await suspend(provider.officer, provider)).toBe('done');
  });
  test('in all of them: a system administrator decides, and no officer of another authority', async () => {
    const { provider, officers } = await listedBy('971', 2);
    for (const { email } of officers) await listingNaming(provider, email);
    for (const officer of officers) expect(await suspend(officer, provider)).toBe('HAS_INTEREST');
    expect(await suspend(await a.world.officer('972'), provider)).toBe('NOT_ALLOWED');
    expect(await suspend(await systemAdmin(), provider)).toBe('done');
  });
  test('who is of it denies nothing', async () => {
    const provider = await a.world.listed();
    expect(await deny((await a.world.refresh(provider.admin)) as Person, provider)).toBe('NOT_FOUND');
    expect(await suspend(await systemAdmin(), provider)).toBe('NOT_ALLOWED');
  });
});

describe('so that a rival loses what counts for it', () => {
  test('by naming the heads who recommend the rival, whose school recommends it', async () => {
    const rival = await a.schoolProvider();
    const heads: Person[] = [];
    for (let i = 0; i < 2; i++) {
      const { lead, input } = await a.world.recommender(rival);
      await a.given(lead, input);
      heads.push(lead as Person);
    }
    const company = await a.world.checked();
    await a.given(await a.world.lead(rival.urn), a.world.recommendation(company, rival.urn));
    expect(await a.state(rival)).toBe('LISTED');
    for (const { email } of heads) await listingNaming(company, email);
    await a.server.app.directory.providers.passTimeForMemberships();
    expect(await a.state(rival)).toBe('LISTED');
  });
  test('while whoever recommends it and is its own contact does not count', async () => {
    const company = await a.world.checked();
    const { lead, input } = await a.world.recommender(company);
    const id = await a.given(lead, input);
    await a.name(company, (lead as Person).email);
    expect((await a.standing(id)).counts).toBe(false);
  });
});

describe('a ring is hidden', () => {
  const ring = async (tie: (company: Target, head: Person) => Promise<unknown>) => {
    const all = await Promise.all(
      Array.from({ length: 3 }, async () => {
        const urn = await a.world.school();
        return { company: await a.world.checked(), urn, head: await a.world.lead(urn) };
      }),
    );
    for (const { company, head } of all) await tie(company, head as Person);
    let last = '';
    for (const [i, { head, urn }] of all.entries()) last = await a.given(head, a.world.recommendation(all[(i + 1) % 3]!.company, urn));
    return a.standing(last);
  };
  const closes = { obstacles: ['CIRCLE'], counts: false };

  test('by heads who are of their companies under another address of the mailbox', async () => {
    const standing = await ring(async (company, head) => {
      const { personId } = await a.world.person();
      await a.db.query('UPDATE person SET email = $2 WHERE id = $1', [personId, head.email.replace('@', '+company@')]);
      await a.world.give(personId, 'PROVIDER_EDITOR', { providerId: company.id });
    });
    expect(standing).toEqual(closes);
  });
  test('by heads who are only the contacts of their companies', async () => expect(await ring((company, head) => a.name(company, head.email))).toEqual(closes));
  test('by one more company of a head, for which a school from outside vouches', async () => {
    const standing = await ring(async (company, head) => {
      await a.world.give(head.personId, 'PROVIDER_EDITOR', { providerId: company.id });
      const decoy = await a.almostListed();
      await a.world.give(head.personId, 'PROVIDER_EDITOR', { providerId: decoy.id });
    });
    expect(standing).toEqual(closes);
  });
});

test('a school recommends what another of its leads has a tie to', async () => {
  const trust = 'attack-other-lead';
  const own = await a.world.school({ trust, academy: true });
  const provider = await a.world.checked({ schoolUrn: own });
  const { lead, input } = await a.world.recommender(provider);
  const chair = await a.world.lead(input.schoolUrn);
  await a.world.give(chair.personId, 'SCHOOL_LEAD', { schoolUrn: await a.world.school({ trust, academy: true }) });
  expect(await a.give(lead, input)).toBe('HAS_INTEREST');
});
