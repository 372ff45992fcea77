import type { Actor } from '../../../src/platform/actor.js';
import { Attacker, type Person } from './attacker.js';

/** An appeal is used up, aimed at what is over, judged by somebody concerned, or undone by a rule of the database. */

let a: Attacker;
beforeAll(async () => {
  a = await Attacker.begin();
});

async function appeal(actor: Actor, against: string, objectId: string): Promise<string> {
  const query = 'mutation ($against: AppealKind!, $id: UUID!) { result: appealDecision(against: $against, objectId: $id, grounds: "It is not so.") { ... on Appeal { id } ... on Problem { code } } }';
  const { data } = await a.server.graphql<{ result: { id?: string; code?: string } }>(query, { against, id: objectId }, await a.server.cookieOf(actor as Person));
  return data.result.id ?? data.result.code!;
}
const stateOf = async (id: string) => (await a.db.query<{ state: string }>('SELECT state FROM appeal WHERE id = $1', [id]))[0]?.state;
const told = async ({ personId }: Actor) => (await a.db.query<{ subject: string; text: string; expected: string | null }>('SELECT subject, text, expected FROM notice WHERE person_id = $1', [personId]));
const overturn = (actor: Actor, id: string) => a.step(actor, 'overturnDecision', id, 'It is so.');

async function flagged(la: string) {
  const provider = await a.world.listed({ la });
  const [first] = provider.recommenders;
  expect(await a.step(provider.officer, 'flagRecommendation', first!.recommendation, 'It reads made up.')).toBe('done');
  return { provider, lead: first!.lead, id: first!.recommendation, colleague: await a.world.officer(la) };
}

test('the provider appeals first and takes it back, so that the school cannot appeal any more', async () => {
  const { provider, lead, id, colleague } = await flagged('951');
  const theirs = await appeal(provider.admin, 'RECOMMENDATION_FLAGGED', id);
  expect(await a.step(provider.admin, 'withdrawAppeal', theirs)).toBe('done');
  const own = await appeal(lead, 'RECOMMENDATION_FLAGGED', id);
  expect(await stateOf(own)).toBe('OPEN');
  expect(await appeal(lead, 'RECOMMENDATION_FLAGGED', id)).toBe('NOT_ALLOWED_IN_THIS_STATE');
  const again = await appeal(provider.admin, 'RECOMMENDATION_FLAGGED', id); // and keeps it open beside
  expect(await overturn(colleague, own)).toBe('done');
  expect([await stateOf(own), await stateOf(again)]).toEqual(['OVERTURNED', 'ENDED']);
  expect((await told(provider.admin)).map(({ subject }) => subject)).toContain('An appeal has ended by itself');
});

test('an appeal waits against a flag that has become a rejection: it ends, and the school is told that it can appeal against that', async () => {
  const { provider, lead, id, colleague } = await flagged('952');
  const first = await appeal(lead, 'RECOMMENDATION_FLAGGED', id);
  expect(await a.step(provider.officer, 'rejectRecommendation', id, 'The school knows nothing of it.')).toBe('done');
  expect([await stateOf(first), await overturn(colleague, first)]).toEqual(['ENDED', 'NOT_ALLOWED_IN_THIS_STATE']);
  expect((await told(lead)).find(({ subject }) => subject === 'An appeal has ended by itself')).toMatchObject({
    text: expect.stringContaining('The recommendation has been rejected since.'),
    expected: 'If you think that the rejection is wrong, appeal against that.',
  });
  expect(await overturn(colleague, await appeal(lead, 'RECOMMENDATION_REJECTED', id))).toBe('done');
  expect(await a.standing(id)).toEqual({ obstacles: [], counts: true });
});

test('an officer of whom the school vouches is offered the appeal of whoever would lead it', async () => {
  const provider = await a.world.listed({ la: '953' });
  const { urn } = provider.recommenders[0]!;
  await a.db.query(`UPDATE school SET la_code = '953' WHERE urn = $1`, [urn]);
  const [refuser, interested, judge] = [await a.world.officer('953'), await a.world.officer('953'), await a.world.officer('953')];
  await a.world.give(interested.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
  const asker = await a.world.person();
  const role = await a.server.app.identity.memberships.request(asker, { role: 'SCHOOL_LEAD', schoolUrn: urn, title: 'Head' });
  expect(await a.step(refuser, 'endMembership', role, 'We do not know you.')).toBe('done');
  const id = await appeal(asker, 'ROLE_REFUSED', role);
  const queue = async (actor: Actor) => {
    const { data } = await a.server.graphql<{ appealsToJudge: { nodes: { id: string }[] } }>('{ appealsToJudge { nodes { id } } }', {}, await a.server.cookieOf(actor as Person));
    return data.appealsToJudge.nodes.map((each) => each.id);
  };
  expect([await queue(interested), await queue(judge)]).toEqual([[], [id]]);
  expect([await told(interested), (await told(judge)).length > 0]).toEqual([[], true]);
  expect(await overturn(interested, id)).toBe('NOT_FOUND');
  expect(await overturn(judge, id)).toBe('done');
});

test('a role is appealed for in a school that has closed meanwhile', async () => {
  const urn = await a.world.school({ la: '956' });
  const [refuser, judge, asker] = [await a.world.officer('956'), await a.world.officer('956'), await a.world.person()];
  const role = await a.server.app.identity.memberships.request(asker, { role: 'SCHOOL_LEAD', schoolUrn: urn, title: 'Head' });
  expect(await a.step(refuser, 'endMembership', role, 'We do not know you.')).toBe('done');
  const id = await appeal(asker, 'ROLE_REFUSED', role);
  await a.db.query(`UPDATE school SET status = 'CLOSED' WHERE urn = $1`, [urn]);
  expect([await overturn(judge, id), await stateOf(id)]).toEqual(['NOT_ALLOWED', 'OPEN']);
  expect(await a.step(judge, 'upholdDecision', id, 'The school has closed.')).toBe('done');
});

describe('what an appeal restores cannot count twice', () => {
  test('where the same person has recommended it for another school meanwhile', async () => {
    const { provider, lead, id, colleague } = await flagged('954');
    expect(await a.step(provider.officer, 'rejectRecommendation', id, 'In doubt.')).toBe('done');
    const second = await a.world.school();
    await a.world.give(lead.personId!, 'SCHOOL_LEAD', { schoolUrn: second });
    const later = await a.given(await a.world.refresh(lead), a.world.recommendation(provider, second));
    a.server.clock.advance({ minutes: 1 });
    expect(await overturn(colleague, await appeal(lead, 'RECOMMENDATION_REJECTED', id))).toBe('done');
    expect([(await a.standing(id)).counts, await a.standing(later)]).toEqual([true, { obstacles: ['SAME_PERSON'], counts: false }]);
    // Everybody is told that the later one waits, the officer also why; and it is the officer's to decide.
    for (const person of [provider.admin, lead, colleague]) {
      const kinds = await a.db.query<{ kind: string }>('SELECT kind FROM notice WHERE person_id = $1 AND object_id = $2', [person.personId, later]);
      expect(kinds).toContainEqual({ kind: 'Recommendation.awaitOfficer' });
    }
    const { data } = await a.server.graphql<{ recommendation: { whyWaiting: string[] } }>('query ($id: UUID!) { recommendation(id: $id) { whyWaiting } }', { id: later }, await a.server.cookieOf(provider.officer));
    expect(data.recommendation.whyWaiting).toEqual([expect.stringContaining('has recommended')]);
    const way = await a.server.graphql<{ provider: { wayToBeingListed: { needed: string }[] } }>('query ($id: UUID!) { provider(id: $id) { wayToBeingListed { needed } } }', { id: provider.id }, await a.server.cookieOf(provider.admin as Person));
    expect(way.data.provider.wayToBeingListed.length).toBeGreaterThan(0);
    expect(await a.step(provider.officer, 'confirmIndependence', later)).toBe('done');
    expect((await a.standing(later)).counts).toBe(true);
  });

  test('where a school of the same trust has recommended it meanwhile', async () => {
    const provider = await a.world.checked({ la: '955' });
    const [one, other] = [await a.world.recommender(provider, { academy: true, trust: 'used-up' }), await a.world.recommender(provider, { academy: true, trust: 'used-up' })];
    const id = await a.given(one.lead, one.input);
    await a.rejected(provider, id);
    const later = await a.given(other.lead, other.input);
    expect(await overturn(await a.world.officer('955'), await appeal(one.lead, 'RECOMMENDATION_REJECTED', id))).toBe('done');
    expect([(await a.standing(id)).counts, await a.standing(later)]).toEqual([true, { obstacles: ['SAME_BODY'], counts: false }]);
  });
});

describe('two recommendations are given at one moment', () => {
  test('by one person for two schools', async () => {
    for (let round = 0; round < 6; round++) {
      const provider = await a.world.checked();
      const { lead, urn } = await a.world.recommender(provider);
      const second = await a.world.school();
      await a.world.give(lead.personId, 'SCHOOL_LEAD', { schoolUrn: second });
      const person = await a.world.refresh(lead);
      const outcomes = await Promise.all([urn, second].map((each) => a.give(person, a.world.recommendation(provider, each))));
      expect(outcomes.sort()).toEqual(['SAME_PERSON_TWICE', 'done']);
    }
  });

  test('by two schools of one trust', async () => {
    for (let round = 0; round < 6; round++) {
      const provider = await a.world.checked();
      const both = [await a.world.recommender(provider, { academy: true, trust: `used-up-${round}` }), await a.world.recommender(provider, { academy: true, trust: `used-up-${round}` })];
      const outcomes = await Promise.all(both.map(({ lead, input }) => a.give(lead, input)));
      expect(outcomes.sort()).toEqual(['SAME_GOVERNING_BODY', 'done']);
      expect(await a.state(provider)).toBe('AWAITING_RECOMMENDATIONS');
    }
  });
});
