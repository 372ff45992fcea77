import { ratingProcess } from '../../../src/outcomes/rating.process.js';
import { Attacker, type Person, type Target } from './attacker.js';

/** An officer with an interest decides, or tells those who decide; and a council lists its own service alone. */

let a: Attacker;
beforeAll(async () => {
  a = await Attacker.begin();
});

type Tie = [what: string, tie: (provider: Target, officer: Person) => Promise<unknown>];
/** Ways in which an officer has an interest in a provider, none of them a role in it. */
const ties: Tie[] = [
  ['is its contact', (provider, { email }) => a.name(provider, email)],
  ['is its contact under another address of the mailbox', (provider, { email }) => a.name(provider, email.replace('@', '+private@'))],
  ['left it last year', async (provider, { personId }) => {
    await a.world.give(personId, 'PROVIDER_EDITOR', { providerId: provider.id });
    await a.db.query(`UPDATE membership SET ended_at = $2 WHERE person_id = $1 AND role = 'PROVIDER_EDITOR'`, [personId, a.server.clock.now()]);
  }],
  ['has recommended it as the lead of a school', async (provider, officer) => {
    const urn = await a.world.school();
    await a.world.give(officer.personId, 'SCHOOL_LEAD', { schoolUrn: urn });
    await a.given(await a.world.refresh(officer), a.world.recommendation(provider, urn));
  }],
];

const recordCheck = (officer: Person, { id }: Target) =>
  a.as(officer, 'mutation ($id: UUID!, $day: LocalDate!) { result: recordProviderCheck(id: $id, kind: INSURANCE, expiresOn: $day) { ... on Problem { code } } }', { id, day: a.world.dayIn(300) });

describe.each(ties)('an officer who %s', (_what, tie) => {
  let provider: Target;
  let officer: Person;
  let id: string;
  beforeEach(async () => {
    provider = await a.almostListed();
    officer = await a.world.officer('990');
    const academy = await a.world.recommender(provider, { academy: true });
    id = await a.given(academy.lead, academy.input);
    await tie(provider, officer);
    officer = { ...(await a.world.refresh(officer)), personId: officer.personId, email: officer.email };
  });
  test('confirms a school as independent', async () => expect(await a.step(officer, 'confirmIndependence', id)).toBe('HAS_INTEREST'));
  test('records a check', async () => expect(await recordCheck(officer, provider)).toBe('HAS_INTEREST'));
  test('flags what speaks against it, or lets stand what was flagged', async () => {
    expect(await a.step(officer, 'flagRecommendation', id, 'A rival.')).toBe('HAS_INTEREST');
    expect(await a.step(provider.officer, 'flagRecommendation', id, 'It reads made up.')).toBe('done');
    expect(await a.step(officer, 'upholdRecommendation', id, 'All is well.')).toBe('HAS_INTEREST');
  });
  test('lets it come back, confirms its name', async () => {
    expect(await a.step(officer, 'confirmProviderReturn', provider.id, 'Why not.')).toBe('HAS_INTEREST');
    expect(await a.step(officer, 'confirmProviderName', provider.id)).toBe('HAS_INTEREST');
  });
  test('is told nothing to decide of it, who has none is', async () => {
    const { lead, input } = await a.world.recommender(provider, { academy: true });
    const next = await a.given(lead, input);
    const told = await a.db.query<{ person: string }>('SELECT person_id AS person FROM notice WHERE object_id = $1 AND expected IS NOT NULL', [next]);
    expect(told.map(({ person }) => person)).toContain(provider.officer.personId);
    expect(told.map(({ person }) => person)).not.toContain(officer.personId);
  });
});

describe('a rating or a concern is decided by an officer with an interest', () => {
  test('who is the provider’s contact, and hides what a school wrote', async () => {
    const { rating, provider } = await a.world.rated();
    const officer = await a.world.officer('990');
    // by the process: over HTTP words are found only once three schools have rated
    const refusal = async () => {
      const [facts] = await ratingProcess.facts(a.db, [rating], officer);
      return ratingProcess.transitions['hideWords']!.guard!(facts!, officer, a.server.clock.now())?.code;
    };
    expect(await refusal()).toBeUndefined();
    await a.name(provider, officer.email);
    expect(await refusal()).toBe('HAS_INTEREST');
  });
  test('who leads a school of the trust, and resolves what the school asks the authority', async () => {
    const urn = await a.world.school({ trust: 'attack-20', academy: true });
    const { id, lead } = await a.world.underWay({ schoolUrn: urn });
    const officer = await a.world.officer('990');
    await a.world.give(officer.personId, 'SCHOOL_LEAD', { schoolUrn: await a.world.school({ trust: 'attack-20', academy: true }) });
    const { concerns } = a.server.app.brokerage;
    const concern = await concerns.raise(lead, id, 'Nobody came.');
    await concerns.passOn(lead, concern, 'Please help.');
    expect(await a.step(officer, 'resolveConcern', concern, 'It is nothing.')).toBe('HAS_INTEREST');
  });
});

describe('a council lists its own service alone', () => {
  /** A service of a council with so many other officers, complete but for its second. */
  async function entered(la: string, others: number) {
    const officer = await a.world.officer(la);
    const more = [];
    for (let i = 0; i < others; i++) more.push(await a.world.officer(la));
    const { providers, listings } = a.server.app.directory;
    const id = await providers.register(officer, { name: `Service of ${la} ${others}`, kind: 'COUNCIL_SERVICE', assurance: 'COUNCIL', assuringLa: la });
    const admin = await a.world.refresh(officer);
    await providers.update(admin, id, 1, { summary: 'Free help.', safeguarding: 'Checked.', interests: '', contactName: 'Ann', contactEmail: `service-${la}@example.org` });
    const listing = await listings.create(admin, id, {
      title: 'A visit', summary: 'A visit.', categories: ['GOVERNANCE'], phases: ['PRIMARY'], delivery: ['ONLINE'], laCodes: [la], price: { kind: 'FREE' },
    });
    await listings.act(listing, 'publish', { actor: admin });
    return { id, officer: admin as Person, more };
  }
  const publish = (actor: Person, { id }: { id: string }) => a.step(actor, 'publishCouncilService', id);

  test('by the officer who entered it', async () => {
    const service = await entered('981', 1);
    expect(await publish(service.officer, service)).toBe('HAS_INTEREST');
    expect(await publish(service.more[0]!, service)).toBe('done');
  });
  test('by an officer of another council, while its own has one without interest', async () => {
    const service = await entered('982', 1);
    expect(await publish(await a.world.officer('989'), service)).toBe('NOT_FOUND');
    expect(await publish((await a.world.person('SYSTEM_ADMIN')) as Person, service)).toBe('NOT_ALLOWED');
  });
  test('by its only officer; one of another council, or a system administrator, is the second', async () => {
    const [one, two] = [await entered('983', 0), await entered('984', 0)];
    expect(await publish(one.officer, one)).toBe('HAS_INTEREST');
    expect(await publish(await a.world.officer('989'), one)).toBe('done');
    expect(await publish((await a.world.person('SYSTEM_ADMIN')) as Person, two)).toBe('done');
    expect(await a.state(one)).toBe('LISTED');
  });
  test('under another name, which waits for a second officer again', async () => {
    const [one, two] = [await entered('986', 0), await entered('987', 1)];
    const [elsewhere, admin] = [await a.world.officer('989'), (await a.world.person('SYSTEM_ADMIN')) as Person];
    for (const [service, second, toldOf] of [[one, elsewhere, admin], [two, two.more[0]!, two.more[0]!]] as const) {
      expect(await publish(second, service)).toBe('done');
      const [{ name, version }] = (await a.db.query<{ name: string; version: number }>('SELECT name, version FROM provider WHERE id = $1', [service.id])) as [{ name: string; version: number }];
      const { providers } = a.server.app.directory;
      await providers.update(service.officer, service.id, version, { name: 'Phonics and Training for Money' });
      expect(await named(service)).toEqual([name, 'LISTED']);
      expect(await toDecide(service)).toContain(toldOf.personId);
      expect(await a.step(service.officer, 'confirmProviderChanges', service.id)).toBe('HAS_INTEREST');
      expect(await named(service)).toEqual([name, 'LISTED']);
    }
    expect(await toDecide(two)).toEqual([two.more[0]!.personId]);
    expect(await a.step(elsewhere, 'confirmProviderChanges', two.id)).toBe('NOT_ALLOWED');
    expect(await a.step(two.more[0]!, 'confirmProviderChanges', two.id)).toBe('done');
    expect(await waiting(elsewhere, one)).toEqual(['Phonics and Training for Money']); // there is nobody else who could read it
    expect(await a.step(elsewhere, 'confirmProviderChanges', one.id)).toBe('done');
    expect(await named(one)).toEqual(['Phonics and Training for Money', 'LISTED']);
  });
  const toDecide = async ({ id }: { id: string }) =>
    (await a.db.query<{ person: string }>('SELECT person_id AS person FROM notice WHERE object_id = $1 AND expected IS NOT NULL', [id])).map(({ person }) => person);
  const named = async ({ id }: { id: string }) => Object.values((await a.db.query<{ name: string; state: string }>('SELECT name, state FROM provider WHERE id = $1', [id]))[0]!);
  const waiting = async (actor: Person, { id }: { id: string }) => {
    const { data } = await a.server.graphql<{ provider: { waitingChanges: { after: string }[] | null } }>(
      'query ($id: UUID!) { provider(id: $id) { waitingChanges { after } } }', { id }, await a.server.cookieOf(actor));
    return data.provider.waitingChanges?.map(({ after }) => after);
  };
  test('by its other officer, who has been made a member of it', async () => {
    const service = await entered('985', 1);
    await a.world.give(service.more[0]!.personId, 'PROVIDER_EDITOR', { providerId: service.id });
    expect(await publish(service.more[0]!, service)).toBe('HAS_INTEREST');
    expect(await publish(await a.world.officer('989'), service)).toBe('done');
  });
});
