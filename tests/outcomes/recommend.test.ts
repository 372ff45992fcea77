import { monthsAfter } from '../../src/platform/clock.js';
import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';

let server: TestServer;
let world: World;

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
});

async function recommend(actor: Actor, ratingId: string, input: object = { noInterest: true }, key: string | null = null) {
  const { data, errors } = await server.graphql<{ recommendFromRating: { id?: string; code?: string } }>(
    `mutation ($id: UUID!, $input: RecommendationFromRatingInput!, $key: String) {
      recommendFromRating(ratingId: $id, input: $input, idempotencyKey: $key) { ... on Recommendation { id state whatWasDone whenDone whatChanged lapsesAt listings { id } } ... on Problem { code } }
    }`,
    { id: ratingId, input, key },
    await server.cookieOf(actor),
  );
  return errors ? { code: errors[0]!.extensions.code } : data.recommendFromRating;
}

test('makes a recommendation of a rating, in its words, by the directory’s rules', async () => {
  const it = await world.rated({}, { title: 'Coaching in phonics' });
  expect(await recommend(it.lead, it.rating, { noInterest: false })).toEqual({ code: 'VALIDATION' });
  expect(await recommend(it.lead, it.rating)).toMatchObject({
    state: 'GIVEN',
    whatWasDone: 'Coaching in phonics',
    whenDone: 'September 2026',
    whatChanged: 'Patient and well prepared.',
    listings: [{ id: it.provider.listing }],
  });
  expect(await recommend(it.lead, it.rating)).toEqual({ code: 'SAME_SCHOOL_TWICE' });
});

test('says what was reached where the rating has no words, and what is typed instead', async () => {
  const it = await world.rated({ words: '' });
  expect(await recommend(it.lead, it.rating, { noInterest: true, whenDone: 'Last autumn' })).toMatchObject({
    whenDone: 'Last autumn',
    whatChanged: 'Every teacher of Year 1 teaches reading alike: All teach reading alike.',
  });
});

test('is done once, however often it is sent', async () => {
  const it = await world.rated();
  const answers = await Promise.all(Array.from({ length: 4 }, () => recommend(it.lead, it.rating, { noInterest: true }, 'key')));
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  expect(answers[0]!.id).toBeTruthy();
});

test('is the leads’ of the school, for a rating that would recommend', async () => {
  const it = await world.rated({ wouldRecommend: false });
  expect(await recommend(it.lead, it.rating)).toEqual({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
  expect(await recommend(await world.lead(await world.school()), it.rating)).toEqual({ code: 'NOT_FOUND' });
  expect(await recommend(it.provider.admin, it.rating)).toEqual({ code: 'FORBIDDEN' });
});

test('renews a recommendation that nears its three years, once', async () => {
  const provider = await world.checked();
  const { lead, urn, input } = await world.recommender(provider);
  const first = await server.app.directory.recommendations.give(lead, input);
  server.clock.advance({ days: 365 * 2 + 200 });
  const { id, objective } = await world.finished({ schoolUrn: urn }, provider);
  const rating = await server.app.outcomes.ratings.give(lead, id, world.ratingOf({ objective }));
  const draft = async () => {
    const { data } = await server.graphql<{ rating: { recommendationDraft: { renews: boolean } } }>('query ($id: UUID!) { rating(id: $id) { recommendationDraft { renews } } }', { id: rating }, await server.cookieOf(lead));
    return data.rating.recommendationDraft.renews;
  };
  expect(await draft()).toBe(true);
  const lapses = monthsAfter(server.clock.now(), 36);
  const answers = await Promise.all([recommend(lead, rating, { noInterest: true }, 'key'), recommend(lead, rating, { noInterest: true }, 'key')]);
  for (const answer of answers) expect(answer).toMatchObject({ id: first, state: 'GIVEN', lapsesAt: lapses.toISOString() });
  expect(await draft()).toBe(false);
});
