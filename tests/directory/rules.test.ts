import { setTimeout } from 'node:timers/promises';
import { recommendationProcess } from '../../src/directory/recommendation.process.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import type { SchoolFacts, World } from '../support/world.js';

let services: TestApp;
let world: World;

beforeAll(async () => {
  services = await startServices();
  ({ world } = services);
});

const codeOf = (result: unknown) => (result instanceof Problem ? result.code : 'done');
const give = async (...args: Parameters<TestApp['app']['directory']['recommendations']['give']>) => attempt(() => services.app.directory.recommendations.give(...args));
const invite = async (...args: Parameters<TestApp['app']['directory']['recommendations']['invite']>) => attempt(() => services.app.directory.recommendations.invite(...args));
const stateOf = async (id: string) => (await services.app.db.query<{ state: string }>('SELECT state FROM provider WHERE id = $1', [id]))[0]!.state;

describe('the second valid recommendation', () => {
  test('lists the provider in its own transaction, when all else is there', async () => {
    const provider = await world.checked();
    const [first, second] = [await world.recommender(provider), await world.recommender(provider)];
    await give(first.lead, first.input);
    expect(await stateOf(provider.id)).toBe('AWAITING_RECOMMENDATIONS');
    await give(second.lead, second.input);
    expect(await stateOf(provider.id)).toBe('LISTED');
  });

  test('waits for the checks, and the last check lists then', async () => {
    const provider = await world.awaiting();
    for (let i = 0; i < 2; i++) {
      const { lead, input } = await world.recommender(provider);
      await give(lead, input);
    }
    const officer = await world.officer('990');
    const states = [];
    for (const kind of ['SAFEGUARDING', 'INSURANCE', 'INTERESTS'] as const) {
      await services.app.directory.providers.recordCheck(officer, provider.id, kind, '2027-12-31');
      states.push(await stateOf(provider.id));
    }
    expect(states).toEqual(['AWAITING_RECOMMENDATIONS', 'AWAITING_RECOMMENDATIONS', 'LISTED']);
  });

  test('taken back lapses the provider at once; another one lists it again', async () => {
    const provider = await world.listed();
    const { lead, recommendation } = provider.recommenders[0]!;
    await services.app.directory.recommendations.act(recommendation, 'withdraw', { actor: lead });
    expect(await stateOf(provider.id)).toBe('LAPSED');
    const third = await world.recommender(provider);
    await give(third.lead, third.input);
    expect(await stateOf(provider.id)).toBe('LISTED');
  });

  test('answers an invitation where there is one', async () => {
    const provider = await world.checked();
    const { urn, lead, input } = await world.recommender(provider);
    const invited = await invite(provider.admin, { providerId: provider.id, schoolUrn: urn });
    expect(await give(lead, input)).toBe(invited);
  });
});

describe('a recommendation is refused', () => {
  /** Each rule: how the school or the person stands to the provider, and the code that tells so. */
  const bySchool: [string, SchoolFacts, SchoolFacts, string][] = [
    ['from the provider’s own trust', { trust: 'T1', academy: true }, { trust: 'T1', academy: true }, 'OWN_TRUST'],
    ['from the provider’s own federation', { federation: 'F1' }, { federation: 'F1' }, 'OWN_FEDERATION'],
    ['from a closed school', {}, { status: 'CLOSED' }, 'SCHOOL_NOT_OPEN'],
    ['from a school that is not open yet', {}, { status: 'PROPOSED_TO_OPEN' }, 'SCHOOL_NOT_OPEN'],
  ];
  test.each(bySchool)('%s', async (_name, own, other, code) => {
    const provider = await world.checked({ schoolUrn: await world.school(own) });
    const { lead, input } = await world.recommender(provider, other);
    expect(codeOf(await give(lead, input))).toBe(code);
    expect(codeOf(await invite(provider.admin, { providerId: provider.id, schoolUrn: input.schoolUrn }))).toBe(code);
  });

  test('from the provider’s own school', async () => {
    const urn = await world.school();
    const provider = await world.checked({ schoolUrn: urn });
    expect(codeOf(await give(await world.lead(urn), world.recommendation(provider, urn)))).toBe('OWN_SCHOOL');
    expect(codeOf(await give(provider.admin, world.recommendation(provider, urn)))).toBe('OWN_SCHOOL'); // nobody there can, so it is not for being a member
  });

  test('from somebody who belongs to the provider', async () => {
    const provider = await world.checked();
    const urn = await world.school();
    await world.give(provider.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: urn });
    expect(codeOf(await give(await world.refresh(provider.admin), world.recommendation(provider, urn)))).toBe('MEMBER_OF_PROVIDER');
  });

  test('from a school that the provider’s own school recommends', async () => {
    const [a, b] = [await world.school(), await world.school()];
    const [providerA, providerB] = [await world.checked({ schoolUrn: a }), await world.checked({ schoolUrn: b })];
    expect(codeOf(await give(await world.lead(a), world.recommendation(providerB, a)))).toBe('done');
    expect(codeOf(await give(await world.lead(b), world.recommendation(providerA, b)))).toBe('RECIPROCAL');
  });

  test('from the same school twice, also by another of its leads', async () => {
    const provider = await world.checked();
    const { urn, lead, input } = await world.recommender(provider);
    await give(lead, input);
    expect(codeOf(await give(lead, input))).toBe('SAME_SCHOOL_TWICE');
    expect(codeOf(await give(await world.lead(urn), input))).toBe('SAME_SCHOOL_TWICE');
  });

  test('from the same person for another school', async () => {
    const provider = await world.checked();
    const { lead, input } = await world.recommender(provider);
    await give(lead, input);
    const other = await world.school();
    await world.give(lead.personId, 'SCHOOL_LEAD', { schoolUrn: other });
    expect(codeOf(await give(await world.refresh(lead), world.recommendation(provider, other)))).toBe('SAME_PERSON_TWICE');
  });

  test.each<[string, SchoolFacts]>([
    ['trust', { trust: 'T2', academy: true }],
    ['federation', { federation: 'F2' }],
  ])('from a second school of the same %s', async (_name, facts) => {
    const provider = await world.checked();
    const [first, second] = [await world.recommender(provider, facts), await world.recommender(provider, facts)];
    expect(codeOf(await give(first.lead, first.input))).toBe('done');
    expect(codeOf(await give(second.lead, second.input))).toBe('SAME_GOVERNING_BODY');
  });

  test.each(['SCHOOL_STAFF'] as const)('from school staff who do not lead (%s)', async (role) => {
    const provider = await world.listed();
    const urn = await world.school();
    expect(codeOf(await give(await world.person(role, { schoolUrn: urn }), world.recommendation(provider, urn)))).toBe('NOT_ALLOWED');
  });

  test('from the lead of another school', async () => {
    const provider = await world.checked();
    expect(codeOf(await give(await world.lead(await world.school()), world.recommendation(provider, await world.school())))).toBe('NOT_ALLOWED');
  });

  test('with an interest, without words or for listings of somebody else', async () => {
    const [provider, other] = [await world.checked(), await world.checked()];
    const { lead, input } = await world.recommender(provider);
    const fields = async (change: object) => {
      const problem = (await give(lead, { ...input, ...change })) as unknown as { fields: { field: string }[] };
      return problem.fields.map((each) => each.field);
    };
    expect(await fields({ noInterest: false })).toEqual(['noInterest']);
    expect(await fields({ whatWasDone: ' ', whatChanged: '' })).toEqual(['whatWasDone', 'whatChanged']);
    expect(await fields({ listingIds: [] })).toEqual(['listingIds']);
    expect(await fields({ listingIds: [provider.listing, other.listing] })).toEqual(['listingIds']);
    expect(codeOf(await give(lead, input))).toBe('done'); // nothing was left behind by the refusals
  });

  test('for a provider that nobody may know of yet', async () => {
    const provider = await world.provider();
    const { lead, input } = await world.recommender(provider);
    expect(codeOf(await give(lead, input))).toBe('NOT_FOUND');
  });
});

describe('a school that has become another is one school with it', () => {
  /** Closes it; what it became, at once or over one between. */
  async function convert(urn: number, facts: SchoolFacts = {}, between = false): Promise<number> {
    const line = [urn, ...(between ? [await world.school({ status: 'CLOSED' })] : []), await world.school(facts)];
    await services.app.db.query(`UPDATE school SET status = 'CLOSED' WHERE urn = $1`, [urn]);
    for (const [i, each] of line.slice(1).entries()) await services.app.db.query('INSERT INTO school_successor (urn, successor_urn) VALUES ($1, $2)', [line[i], each]);
    return line.at(-1)!;
  }
  const giveFrom = async (provider: Parameters<World['recommendation']>[0], urn: number) => codeOf(await give(await world.lead(urn), world.recommendation(provider, urn)));

  test.each([false, true])('its recommendation counts once (over another: %s)', async (between) => {
    const provider = await world.checked();
    const { urn, lead, input } = await world.recommender(provider);
    await give(lead, input);
    const now = await convert(urn, {}, between);
    expect(await giveFrom(provider, now)).toBe('SAME_SCHOOL_TWICE');
    expect(codeOf(await invite(provider.admin, { providerId: provider.id, schoolUrn: now }))).toBe('SAME_SCHOOL_TWICE');
    expect(await stateOf(provider.id)).toBe('AWAITING_RECOMMENDATIONS');
  });

  test('it cannot recommend what it was, nor can those of its trust now', async () => {
    const urn = await world.school();
    const provider = await world.checked({ schoolUrn: urn });
    expect(await giveFrom(provider, await convert(urn, { trust: 'T3', academy: true }))).toBe('OWN_SCHOOL');
    expect(await giveFrom(provider, await world.school({ trust: 'T3', academy: true }))).toBe('OWN_TRUST');
  });

  test('two cannot recommend each other', async () => {
    const [a, b] = [await world.school(), await world.school()];
    const [providerA, providerB] = [await world.checked({ schoolUrn: a }), await world.checked({ schoolUrn: b })];
    expect(await giveFrom(providerB, a)).toBe('done');
    expect(await giveFrom(providerA, await convert(b))).toBe('RECIPROCAL');
  });

  test('two schools that one was split into share what they were, and do not both count', async () => {
    const provider = await world.checked();
    const urn = await world.school();
    const [one, other] = [await convert(urn), await convert(urn)];
    expect([await giveFrom(provider, one), await giveFrom(provider, other)]).toEqual(['done', 'SAME_GOVERNING_BODY']);
  });
});

describe('an academy whose trust is not known', () => {
  test('counts only once an officer of the assuring LA has confirmed its independence', async () => {
    const provider = await world.checked();
    const known = await world.recommender(provider);
    const academy = await world.recommender(provider, { academy: true });
    await give(known.lead, known.input);
    const id = (await give(academy.lead, academy.input)) as string;
    expect(await stateOf(provider.id)).toBe('AWAITING_RECOMMENDATIONS');

    const act = (actor: typeof provider.officer) => attempt(() => services.app.directory.recommendations.act(id, 'confirmIndependence', { actor }));
    expect(codeOf(await act(await world.officer('991')))).toBe('NOT_FOUND');
    expect(codeOf(await act(provider.officer))).toBe('done');
    expect(await stateOf(provider.id)).toBe('LISTED');
    expect(codeOf(await act(provider.officer))).toBe('NOT_ALLOWED_IN_THIS_STATE');
  });
});

describe('an officer with an interest', () => {
  test('judges neither the provider nor its checks', async () => {
    const provider = await world.listed();
    await world.give(provider.officer.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
    const actor = await world.refresh(provider.officer);
    expect(codeOf(await attempt(() => services.app.directory.providers.act(provider.id, 'suspend', { actor, reason: 'x' })))).toBe('HAS_INTEREST');
    expect(codeOf(await attempt(() => services.app.directory.providers.recordCheck(actor, provider.id, 'INSURANCE', '2035-12-31')))).toBe('HAS_INTEREST');
  });
});

describe('time', () => {
  async function aLockIsAwaited(): Promise<void> {
    const awaited = () => services.app.db.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`);
    while ((await awaited()).length === 0) await setTimeout(10);
  }

  test('lets an invitation expire with the day of its deadline and a recommendation lapse after three years, by a job', async () => {
    const provider = await world.listed();
    const school = await world.school();
    await invite(provider.admin, { providerId: provider.id, schoolUrn: school });
    const states = async () =>
      (await services.app.db.query<{ state: string }>('SELECT state FROM recommendation WHERE provider_id = $1 ORDER BY created_at, id', [provider.id])).map((row) => row.state);
    services.clock.advance({ days: 30 }); // the thirtieth day counts to its end, and a weekend or holiday beyond it
    await services.app.directory.recommendations.passTime();
    expect(await states()).toEqual(['GIVEN', 'GIVEN', 'INVITED']);
    const [{ until }] = (await services.app.db.query('SELECT max(expires_at) AS until FROM recommendation WHERE provider_id = $1', [provider.id])) as [{ until: Date }];
    services.clock.advance({ minutes: Math.ceil((until.getTime() - services.clock.now().getTime()) / 60_000) });
    await services.app.directory.recommendations.passTime();
    expect(await states()).toEqual(['GIVEN', 'GIVEN', 'EXPIRED']);
    services.clock.advance({ days: 3 * 366 });
    await services.app.directory.recommendations.passTime();
    expect(await states()).toEqual(['LAPSED', 'LAPSED', 'EXPIRED']);
    expect(await stateOf(provider.id)).toBe('LAPSED');
  });

  test('leaves alone what was renewed while the job waited', async () => {
    const provider = await world.listed();
    services.clock.advance({ days: 3 * 366 });
    await services.app.db.query(`UPDATE recommendation SET lapses_at = $2 WHERE provider_id = $1`, [provider.id, services.clock.now()]);
    const job = await services.app.db.transaction(async (tx) => {
      await tx.query(recommendationProcess.lock, [provider.recommenders[0]!.recommendation]);
      const waiting = services.app.directory.recommendations.passTime();
      await aLockIsAwaited();
      await tx.query(`UPDATE recommendation SET lapses_at = lapses_at + interval '3 years' WHERE provider_id = $1`, [provider.id]);
      return { waiting };
    });
    await job.waiting;
    expect(await stateOf(provider.id)).toBe('LISTED');
  });

  test('ends a check on the day after its last, and the provider lapses', async () => {
    const services2 = await startServices();
    const provider = await services2.world.listed();
    await services2.app.directory.providers.recordCheck(provider.officer, provider.id, 'INSURANCE', '2026-10-01');
    const state = async () => {
      await services2.app.directory.providers.expireChecks();
      return (await services2.app.db.query<{ state: string }>('SELECT state FROM provider WHERE id = $1', [provider.id]))[0]!.state;
    };
    services2.clock.advance({ days: 24 }); // 1 October
    expect(await state()).toBe('LISTED');
    services2.clock.advance({ days: 1 });
    expect(await state()).toBe('LAPSED');
    await services2.app.directory.providers.recordCheck(provider.officer, provider.id, 'INSURANCE', '2027-10-01');
    expect(await state()).toBe('LISTED');
  });
});

describe('50 schools that give the second recommendation at the same moment', () => {
  test('list the provider once, with one history entry', async () => {
    const provider = await world.checked();
    const first = await world.recommender(provider);
    await give(first.lead, first.input);
    const others = await Promise.all(Array.from({ length: 50 }, () => world.recommender(provider)));
    const results = await Promise.all(others.map(({ lead, input }) => give(lead, input)));
    expect(results.filter((each) => typeof each === 'string')).toHaveLength(50);
    expect(await stateOf(provider.id)).toBe('LISTED');
    const entries = await services.app.db.query(`SELECT FROM history WHERE object_id = $1 AND transition = 'list'`, [provider.id]);
    expect(entries).toHaveLength(1);
  });
});

describe('the database itself', () => {
  test('refuses a commit that leaves a listed provider under its minimum, whoever writes', async () => {
    const provider = await world.listed();
    const { db } = services.app;
    await expect(db.transaction((tx) => tx.query(`UPDATE recommendation SET state = 'REJECTED' WHERE id = $1`, [provider.recommenders[0]!.recommendation]))).rejects.toThrow('LISTED with fewer than 2');
    const awaiting = await world.checked();
    await expect(db.transaction((tx) => tx.query(`UPDATE provider SET state = 'LISTED' WHERE id = $1`, [awaiting.id]))).rejects.toThrow('LISTED with fewer than 2');
    await expect(db.transaction((tx) => tx.query(`UPDATE local_authority SET minimum_recommendations = 3 WHERE code = '990'`))).rejects.toThrow('LISTED with fewer than 3');
    await expect(db.query(`UPDATE local_authority SET minimum_recommendations = 1`)).rejects.toThrow('minimum_recommendations');
  });

  test('lets two transactions that each remove one of three recommendations not both pass', async () => {
    const provider = await world.listed();
    const { db } = services.app;
    const third = await world.recommender(provider);
    await give(third.lead, third.input);
    const remove = (id: string) => db.transaction((tx) => tx.query(`UPDATE recommendation SET state = 'REJECTED' WHERE id = $1`, [id])).then(
      () => 'done',
      () => 'refused',
    );
    const results = await Promise.all(provider.recommenders.map(({ recommendation }) => remove(recommendation)));
    expect(results.sort()).toEqual(['done', 'refused']);
  });
});
