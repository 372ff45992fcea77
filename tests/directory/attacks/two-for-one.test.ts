import type { SchoolFacts } from '../../support/world.js';
import { Attacker, type Person } from './attacker.js';

/** One voice is made to sound like two, by bodies and by addresses. */

let a: Attacker;
beforeAll(async () => {
  a = await Attacker.begin();
});

describe('two words of one body', () => {
  const pairs: [string, SchoolFacts][] = [['trust', { trust: 'attack-3', academy: true }], ['federation', { federation: 'attack-4' }]];
  test.each(pairs)('two schools of one %s', async (_what, facts) => {
    const provider = await a.world.checked();
    const [one, other] = [await a.world.recommender(provider, facts), await a.world.recommender(provider, facts)];
    expect([await a.give(one.lead, one.input), await a.give(other.lead, other.input)]).toEqual(['done', 'SAME_GOVERNING_BODY']);
  });
  test('a school that was in the trust when the other gave it, and has left it since', async () => {
    const provider = await a.world.checked();
    const one = await a.world.recommender(provider, { trust: 'attack-5', academy: true });
    const other = await a.world.recommender(provider, { trust: 'attack-5', academy: true });
    await a.give(one.lead, one.input);
    await a.moved(one.urn, 'attack-6');
    expect(await a.give(other.lead, other.input)).toBe('SAME_GOVERNING_BODY');
  });
  test('a school and what it has become', async () => {
    const provider = await a.world.checked();
    const [one, other] = [await a.world.recommender(provider), await a.world.recommender(provider)];
    await a.given(one.lead, one.input);
    await a.imported('INSERT INTO school_successor (urn, successor_urn) VALUES ($1, $2)', [one.urn, other.urn]);
    expect(await a.give(other.lead, other.input)).toBe('SAME_SCHOOL_TWICE');
  });
  test('two schools that one was split into', async () => {
    const provider = await a.world.checked();
    const [old, one, other] = [await a.world.school({ status: 'CLOSED' }), await a.world.recommender(provider), await a.world.recommender(provider)];
    for (const { urn } of [one, other]) await a.imported('INSERT INTO school_successor (urn, successor_urn) VALUES ($1, $2)', [old, urn]);
    expect([await a.give(one.lead, one.input), await a.give(other.lead, other.input)]).toEqual(['done', 'SAME_GOVERNING_BODY']);
  });
  test('a school in a trust, and one in the federation of another of that trust', async () => {
    const provider = await a.world.checked();
    const facts = { trust: 'attack-8', federation: 'attack-9', academy: true };
    const [one, other] = [await a.world.recommender(provider, facts), await a.world.recommender(provider, { federation: 'attack-9' })];
    expect([await a.give(one.lead, one.input), await a.give(other.lead, other.input)]).toEqual(['done', 'SAME_GOVERNING_BODY']);
  });
  test('an academy whose trust is not known', async () => {
    const provider = await a.almostListed();
    const { lead, input } = await a.world.recommender(provider, { academy: true });
    expect((await a.standing(await a.given(lead, input))).counts).toBe(false);
    expect(await a.state(provider)).toBe('AWAITING_RECOMMENDATIONS');
  });
  test('at the same moment', async () => {
    const provider = await a.world.checked();
    const facts = { trust: 'attack-10', academy: true };
    const [one, other] = [await a.world.recommender(provider, facts), await a.world.recommender(provider, facts)];
    const outcomes = await Promise.all([a.give(one.lead, one.input), a.give(other.lead, other.input)]);
    expect(outcomes.filter((each) => each === 'done')).toHaveLength(1);
  });
  test('a trust that takes over: an honest provider is not de-listed overnight, and after sixty days only one counts', async () => {
    const provider = await a.world.listed();
    for (const { urn } of provider.recommenders) await a.moved(urn, 'attack-7');
    expect(await a.state(provider)).toBe('LISTED');
    a.server.clock.advance({ days: 59 });
    await a.server.app.directory.recommendations.passTime();
    expect(await a.state(provider)).toBe('LISTED');
    a.server.clock.advance({ days: 2 });
    await a.server.app.directory.recommendations.passTime();
    expect(await a.state(provider)).toBe('LAPSED');
  });
  test('a trust that takes over is told to the school, the provider and the officer, who may let it count on', async () => {
    const provider = await a.world.listed();
    const [one] = provider.recommenders;
    await a.world.give(provider.admin.personId!, 'SCHOOL_LEAD', { schoolUrn: await a.world.school({ trust: 'attack-11', academy: true }) });
    await a.moved(one!.urn, 'attack-11');
    expect(await a.state(provider)).toBe('LISTED');
    const told = await a.db.query<{ person: string; expected: string | null }>(`SELECT person_id AS person, expected FROM notice WHERE kind = 'Recommendation.excuse' AND object_id = $1`, [one!.recommendation]);
    expect(told.map(({ person }) => person)).toEqual(expect.arrayContaining([one!.lead.personId, provider.admin.personId, provider.officer.personId]));
    expect(told.find(({ person }) => person === provider.officer.personId)!.expected).toContain('Confirm that the school is independent');
    expect(await a.step(provider.officer, 'confirmIndependence', one!.recommendation)).toBe('done');
    a.server.clock.advance({ days: 61 });
    await a.server.app.directory.recommendations.passTime();
    expect(await a.state(provider)).toBe('LISTED');
  });
});

describe('one person under two addresses', () => {
  test('of one mailbox, for two schools', async () => {
    const provider = await a.world.checked();
    const [one, other] = [await a.world.recommender(provider), await a.world.recommender(provider)];
    expect(await a.give(await a.leadWith('sam@two.example', one.urn), one.input)).toBe('done');
    expect(await a.give(await a.leadWith('sam+two@two.example', other.urn), other.input)).toBe('SAME_PERSON_TWICE');
  });
  test('after changing their own, for two schools', async () => {
    const provider = await a.world.checked();
    const one = await a.world.recommender(provider);
    expect(await a.give(one.lead, one.input)).toBe('done');
    const second = await a.world.school();
    await a.world.give(one.lead.personId, 'SCHOOL_LEAD', { schoolUrn: second });
    await a.changeAddress(one.lead, `elsewhere-${second}@example.org`);
    expect(await a.give(await a.world.refresh(one.lead), a.world.recommendation(provider, second))).toBe('SAME_PERSON_TWICE');
  });
  test('of one mailbox, at the same moment', async () => {
    const provider = await a.world.checked();
    const [one, other] = [await a.world.recommender(provider), await a.world.recommender(provider)];
    const people = [await a.leadWith('pat@both.example', one.urn), await a.leadWith('pat+b@both.example', other.urn)] as const;
    const outcomes = await Promise.all([a.give(people[0], one.input), a.give(people[1], other.input)]);
    expect(outcomes.filter((each) => each === 'done')).toHaveLength(1);
  });
});

describe('an alternative address becomes a lead: an officer decides, and sees who it may be', () => {
  const waiting = 'query { memberships(first: 100, filter: { waiting: true }) { nodes { email alike { why name of } } } }';
  const seenBy = async (person: Person, email: string) => {
    interface Seen { memberships: { nodes: { email: string; alike: { why: string; name: string }[] | null }[] } }
    const { data } = await a.server.graphql<Seen>(waiting, {}, await a.server.cookieOf(person));
    return data.memberships.nodes.find((each) => each.email === email)?.alike?.map(({ why, name }) => `${why} ${name}`);
  };
  const ask = (person: Person, schoolUrn: number) =>
    a.as(person, 'mutation ($urn: Int!) { result: requestMembership(schoolUrn: $urn, role: SCHOOL_LEAD, title: "Governor") { ... on Problem { code } } }', { urn: schoolUrn });
  const idOf = async ({ personId }: Person) => (await a.db.query<{ id: string }>(`SELECT id FROM membership WHERE person_id = $1 AND role = 'SCHOOL_LEAD' ORDER BY created_at DESC LIMIT 1`, [personId]))[0]!.id;
  /** A school of its own LA, its officer, and a lead called like whoever asks. */
  async function school() {
    const urn = await a.world.school();
    return { urn, officer: await a.world.officer('990'), lead: await a.called(await a.world.lead(urn), `Robin Hood ${urn}`) };
  }
  const person = async (name: string) => a.called(await a.world.person(), name);

  test('asked for under the name of another lead, and confirmed by that lead', async () => {
    const { urn, officer, lead } = await school();
    const alias = await person(`Dr. Robin  hood ${urn}`);
    expect(await ask(alias, urn)).toBe('done');
    expect(await a.step(lead, 'confirmMembership', await idOf(alias))).toBe('NOT_ALLOWED');
    expect(await seenBy(officer, alias.email)).toEqual([`SAME_NAME_IN_SCHOOL Robin Hood ${urn}`]);
    expect(await seenBy(lead, alias.email)).toBeUndefined();
    expect(await a.step(officer, 'confirmMembership', await idOf(alias))).toBe('done');
  });
  test('asked for under another address of a lead’s mailbox', async () => {
    const { urn, officer, lead } = await school();
    const alias = await person('Somebody Else');
    await a.db.query('UPDATE person SET email = $2 WHERE id = $1', [alias.personId, lead.email.replace('@', '+alias@')]);
    expect(await ask(alias, urn)).toBe('done');
    expect(await a.step(lead, 'confirmMembership', await idOf(alias))).toBe('NOT_ALLOWED');
    expect(await seenBy(officer, lead.email.replace('@', '+alias@'))).toEqual([`SAME_MAILBOX Robin Hood ${urn}`]);
  });
  test('offered by a lead to another address under the lead’s own name', async () => {
    const { urn, lead } = await school();
    const alias = await person(`Robin Hood ${urn}`);
    expect(await a.grant(lead, alias, { role: 'SCHOOL_LEAD', schoolUrn: urn })).toBe('done');
    const provider = await a.almostListed();
    expect(await a.give(await a.world.refresh(alias), a.world.recommendation(provider, urn))).toBe('FORBIDDEN');
  });
  test('of somebody called like the contact of a provider that the school is asked to recommend', async () => {
    const { urn, officer, lead } = await school();
    const provider = await a.almostListed();
    const invite = 'mutation ($input: InvitationInput!) { result: inviteRecommendation(input: $input) { ... on Problem { code } } }';
    expect(await a.as(provider.admin, invite, { input: { providerId: provider.id, schoolUrn: urn, message: '' } })).toBe('done');
    const alias = await person('Ada Example');
    expect(await ask(alias, urn)).toBe('done');
    expect(await a.step(lead, 'confirmMembership', await idOf(alias))).toBe('NOT_ALLOWED');
    expect(await seenBy(officer, alias.email)).toEqual(['SAME_NAME_IN_PROVIDER Ada Example']);
  });
  test('of nobody whom anybody knows here: the lead confirms as before', async () => {
    const { urn, lead } = await school();
    const honest = await person('Marian Fitzwalter');
    expect(await ask(honest, urn)).toBe('done');
    expect(await a.step(lead, 'confirmMembership', await idOf(honest))).toBe('done');
  });
});
