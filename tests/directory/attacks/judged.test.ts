import { Attacker, type Person, type Target } from './attacker.js';

/** What was judged is tried again. */

let a: Attacker;
beforeAll(async () => {
  a = await Attacker.begin();
});

const waitsForOfficer = { obstacles: ['JUDGED_BEFORE'], counts: false };

describe('a recommendation that an officer is looking into', () => {
  let provider: Target;
  let lead: Person;
  let urn: number;
  let input: ReturnType<Attacker['world']['recommendation']>;
  let id: string;
  beforeEach(async () => {
    provider = await a.almostListed();
    ({ lead, input, urn } = await a.world.recommender(provider));
    id = await a.given(lead, input);
    expect(await a.step(provider.officer, 'flagRecommendation', id, 'It reads made up.')).toBe('done');
  });
  afterEach(async () => expect(await a.state(provider)).toBe('LAPSED'));

  test('is taken back by its giver and given afresh', async () => {
    expect(await a.step(lead, 'withdrawRecommendation', id)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await a.give(lead, input)).toBe('SAME_SCHOOL_TWICE');
  });

  test('is taken back by another lead of the school, who gives one', async () => {
    const other = await a.world.lead(urn);
    expect(await a.step(other, 'withdrawRecommendation', id)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await a.give(other, input)).toBe('SAME_SCHOOL_TWICE');
  });

  test('is given by the same person for another school that they lead', async () => {
    const second = await a.world.school();
    await a.world.give(lead.personId, 'SCHOOL_LEAD', { schoolUrn: second });
    expect(await a.give(lead, a.world.recommendation(provider, second))).toBe('SAME_PERSON_TWICE');
  });

  test('lapses while it is looked into, and is given afresh', async () => {
    await a.db.query('UPDATE recommendation SET lapses_at = $2 WHERE id = $1', [id, a.server.clock.now()]);
    await a.server.app.directory.recommendations.passTime();
    expect(await a.standing(await a.given(lead, input))).toEqual(waitsForOfficer);
  });
});

test('a recommendation that an officer is looking into is left behind by the provider, which registers again', async () => {
  const provider = await a.almostListed();
  const { lead, input, urn } = await a.world.recommender(provider);
  expect(await a.step(provider.officer, 'flagRecommendation', await a.given(lead, input), 'It reads made up.')).toBe('done');
  await a.step(provider.admin, 'withdrawProvider', provider.id);
  const again = await a.almostListed();
  expect(await a.profile(again, { website: 'https://www.sound.example/reading' })).toBe('done');
  await a.db.query(`UPDATE provider SET website = 'http://sound.example' WHERE id = $1`, [provider.id]);
  expect(await a.standing(await a.given(lead, a.world.recommendation(again, urn)))).toEqual(waitsForOfficer);
  expect(await a.state(again)).toBe('AWAITING_RECOMMENDATIONS');
});

describe('after a rejection a new one waits for the officer, who sees the earlier one', () => {
  let provider: Target;
  let lead: Person;
  let urn: number;
  let earlier: string;
  beforeEach(async () => {
    provider = await a.almostListed();
    const recommender = await a.world.recommender(provider);
    ({ lead, urn } = recommender);
    earlier = await a.given(lead, recommender.input);
    await a.rejected(provider, earlier);
  });
  const again = () => a.world.recommendation(provider, urn);
  const refused = async (id: string) => {
    expect(await a.standing(id)).toEqual(waitsForOfficer);
    expect(await a.state(provider)).toBe('LAPSED');
  };

  test('by the same person', async () => refused(await a.given(lead, again())));
  test('by another lead of the school', async () => refused(await a.given(await a.world.lead(urn), again())));
  test('by the same person for another school', async () => {
    const second = await a.world.school();
    await a.world.give(lead.personId, 'SCHOOL_LEAD', { schoolUrn: second });
    await refused(await a.given(lead, a.world.recommendation(provider, second)));
  });
  test('by the same mailbox for another school', async () => {
    const second = await a.world.school();
    await refused(await a.given(await a.leadWith(lead.email.replace('@', '+new@'), second), a.world.recommendation(provider, second)));
  });
  test('by the person after changing their address, for another school', async () => {
    const second = await a.world.school();
    await a.world.give(lead.personId, 'SCHOOL_LEAD', { schoolUrn: second });
    await a.changeAddress(lead, `fresh-${second}@example.org`);
    await refused(await a.given(lead, a.world.recommendation(provider, second)));
  });
  test('by what the school has become', async () => {
    const academy = await a.world.school();
    await a.imported('INSERT INTO school_successor (urn, successor_urn) VALUES ($1, $2)', [urn, academy]);
    await refused(await a.given(await a.world.lead(academy), a.world.recommendation(provider, academy)));
  });
  test('on the provider’s invitation', async () => {
    const invite = 'mutation ($input: InvitationInput!) { result: inviteRecommendation(input: $input) { ... on Problem { code } } }';
    expect(await a.as(provider.admin, invite, { input: { providerId: provider.id, schoolUrn: urn, message: '' } })).toBe('done');
    await refused(await a.given(lead, again()));
  });
  test('a second time, after taking the waiting one back', async () => {
    expect(await a.step(lead, 'withdrawRecommendation', await a.given(lead, again()))).toBe('done');
    await refused(await a.given(lead, again()));
  });
  test('years later', async () => {
    a.server.clock.advance({ days: 800 });
    await refused(await a.given(lead, again()));
  });
  test('for the provider under a new id, once it has left the directory', async () => {
    await a.step(provider.admin, 'withdrawProvider', provider.id);
    const next = await a.world.checked();
    expect(await a.name(next, (await a.db.query<{ email: string }>('SELECT contact_email AS email FROM provider WHERE id = $1', [provider.id]))[0]!.email)).toBe('done');
    expect(await a.standing(await a.given(lead, a.world.recommendation(next, urn)))).toEqual(waitsForOfficer);
  });

  test('and neither giver nor provider confirms it, nor an officer with an interest', async () => {
    const id = await a.given(lead, again());
    expect(await a.step(lead, 'confirmIndependence', id)).toBe('FORBIDDEN');
    expect(await a.step(provider.admin, 'confirmIndependence', id)).toBe('FORBIDDEN');
    const interested = await a.world.officer('990');
    await a.world.give(interested.personId, 'SCHOOL_LEAD', { schoolUrn: urn });
    expect(await a.step(interested, 'confirmIndependence', id)).toBe('HAS_INTEREST');
    await refused(id);
  });

  test('the officer is led to the earlier one with its reason, and may let the new one count', async () => {
    const id = await a.given(lead, again());
    const query = 'query ($id: UUID!) { recommendation(id: $id) { awaitsConfirmation whyWaiting earlierJudgements { recommendationId state reason } } }';
    const seenBy = async (person: Person) => (await a.server.graphql<{ recommendation: unknown }>(query, { id }, await a.server.cookieOf(person))).data.recommendation;
    expect(await seenBy(provider.officer)).toEqual({
      awaitsConfirmation: true,
      whyWaiting: [expect.stringContaining('was rejected or looked into before')],
      earlierJudgements: [{ recommendationId: earlier, state: 'REJECTED', reason: 'The school knows nothing of it.' }],
    });
    expect(await seenBy(lead)).toEqual({ awaitsConfirmation: true, whyWaiting: null, earlierJudgements: null });
    expect(await a.step(provider.officer, 'confirmIndependence', id)).toBe('done');
    expect(await a.state(provider)).toBe('LISTED');
  });

  test('who knows nothing of it is not held up: another person of another school counts at once', async () => {
    const honest = await a.world.recommender(provider);
    await a.given(honest.lead, honest.input);
    expect(await a.state(provider)).toBe('LISTED');
  });
});
