import type { Actor } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startApp, type TestServer } from '../support/app.js';
import type { World } from '../support/world.js';

let server: TestServer;
let world: World;
let ratings: TestServer['app']['outcomes']['ratings'];

beforeAll(async () => {
  server = await startApp();
  ({ world } = server);
  ({ ratings } = server.app.outcomes);
});

const codeOf = (result: unknown) => (result instanceof Problem ? result.code : 'done');
const outcome = async (work: () => Promise<unknown>) => codeOf(await attempt(work));
const messageOf = async (work: () => Promise<unknown>) => ((await attempt(work)) as Problem).message;
const row = async <Row>(id: string, columns: string) => (await server.app.db.query<Row>(`SELECT ${columns} FROM rating WHERE id = $1`, [id]))[0]!;
const historyOf = async (id: string) => (await server.app.db.query<{ step: string }>(`SELECT transition || ' ' || coalesce(on_behalf_kind, '') AS step FROM history WHERE object_id = $1 ORDER BY id`, [id])).map(({ step }) => step.trim());
const answersOf = (id: string) => server.app.db.query<{ asked: number; result: string }>('SELECT asked, result FROM rating_answer WHERE rating_id = $1 ORDER BY asked', [id]);

/** The ids of ratings that are left to the job at any moment. */
const passTime = () => ratings.passTime();

describe('giving a rating', () => {
  test('is for finished support, once for each engagement', async () => {
    const going = await world.underWay();
    const [objective] = await server.app.db.query<{ id: string }>('SELECT id FROM engagement_objective WHERE engagement_id = $1', [going.id]);
    const input = world.ratingOf({ objective: objective!.id });
    expect(await outcome(() => ratings.give(going.lead, going.id, input))).toBe('NOT_ALLOWED_IN_THIS_STATE');
    await server.app.brokerage.engagements.act(going.id, 'endEarly', { actor: going.lead, reason: 'The coach moved away.' });
    expect(await outcome(() => ratings.give(going.lead, going.id, input))).toBe('done');
    expect(await messageOf(() => ratings.give(going.lead, going.id, input))).toMatch(/rated already/);
  });

  test('makes one rating, however many give it at once', async () => {
    const it = await world.finished();
    const another = await world.lead(it.urn);
    const results = await Promise.all([it.lead, another, it.lead, another, it.lead].map((lead) => attempt(() => ratings.give(lead, it.id, world.ratingOf(it)))));
    expect(results.map(codeOf).sort()).toEqual(['NOT_ALLOWED_IN_THIS_STATE', 'NOT_ALLOWED_IN_THIS_STATE', 'NOT_ALLOWED_IN_THIS_STATE', 'NOT_ALLOWED_IN_THIS_STATE', 'done']);
    expect(await server.app.db.query('SELECT FROM rating WHERE engagement_id = $1', [it.id])).toHaveLength(1);
  });

  test('is done once, however often it is sent', async () => {
    const it = await world.finished();
    const ids = await Promise.all(Array.from({ length: 5 }, () => ratings.give(it.lead, it.id, world.ratingOf(it), 'key')));
    expect(new Set(ids).size).toBe(1);
    expect(await historyOf(ids[0]!)).toEqual(['give SCHOOL']);
    expect(await outcome(() => ratings.give(it.lead, it.id, world.ratingOf(it, { helpfulness: 1 }), 'key'))).toBe('CONFLICT');
  });

  test('is the school’s people’s who see the engagement, and nobody’s of the provider', async () => {
    const it = await world.finished();
    const both = await world.lead(it.urn);
    await world.give(both.personId, 'PROVIDER_EDITOR', { providerId: it.provider.id });
    const give = async (actor: Actor) => outcome(() => ratings.give(actor, it.id, world.ratingOf(it)));
    expect(await give(it.provider.admin)).toBe('NOT_ALLOWED');
    expect(await give(await world.refresh(both))).toBe('HAS_INTEREST');
    expect(await give(await world.lead(await world.school()))).toBe('NOT_FOUND');
    expect(await give(await world.officer('990'))).toBe('NOT_FOUND');
    expect(await give(await world.person('SCHOOL_STAFF', { schoolUrn: it.urn }))).toBe('NOT_FOUND');
    expect(await give(it.lead)).toBe('done');
  });

  test('of what only one person of the school sees is that person’s', async () => {
    const urn = await world.school();
    const head = await world.lead(urn);
    const it = await world.finished({ schoolUrn: urn, allLeads: false });
    expect(await outcome(() => ratings.give(head, it.id, world.ratingOf(it)))).toBe('NOT_FOUND');
    const rating = await ratings.give(it.lead, it.id, world.ratingOf(it));
    expect(await outcome(() => ratings.setMayBeAsked(head, rating, true))).toBe('NOT_FOUND');
  });

  test('needs the provider’s confirmation of what the school recorded', async () => {
    const it = await world.recorded();
    await server.app.brokerage.engagements.act(it.id, 'endEarly', { actor: it.lead, reason: 'It came to nothing.' });
    const [objective] = await server.app.db.query<{ id: string }>('SELECT id FROM engagement_objective WHERE engagement_id = $1', [it.id]);
    expect(await outcome(() => ratings.give(it.lead, it.id, world.ratingOf({ objective: objective!.id })))).toBe('NOT_CONFIRMED');
  });

  test.each([
    ['that who will see it was not understood', { understood: false }],
    ['helpfulness of none of the four', { helpfulness: 5 }],
    ['an objective that is left out', { objectives: [] }],
    ['too many words', { words: 'x'.repeat(2001) }],
  ])('is refused for %s', async (_what, change) => {
    const it = await world.finished();
    expect(await outcome(() => ratings.give(it.lead, it.id, world.ratingOf(it, change)))).toBe('VALIDATION');
  });

  test('is refused for objectives of another engagement, and for one twice', async () => {
    const [it, other] = [await world.finished(), await world.finished()];
    expect(await outcome(() => ratings.give(it.lead, it.id, world.ratingOf(other)))).toBe('VALIDATION');
    const { objectives } = world.ratingOf(it);
    expect(await outcome(() => ratings.give(it.lead, it.id, world.ratingOf(it, { objectives: [...objectives, ...objectives] })))).toBe('VALIDATION');
  });

  test('takes where an objective belongs from the listing and the school, where nothing is said', async () => {
    const { rating } = await world.rated();
    expect(await row(rating, 'category, phase')).toEqual({ category: 'TEACHING_AND_LEARNING', phase: 'PRIMARY' });
    const secondary = await world.school({ phase: 'SECONDARY' });
    const said = await world.rated({}, { schoolUrn: secondary, objective: { text: 'Fewer days missed.', category: 'BEHAVIOUR_AND_ATTENDANCE' } });
    expect(await row(said.rating, 'category, phase')).toEqual({ category: 'BEHAVIOUR_AND_ATTENDANCE', phase: 'SECONDARY' });
  });
});

describe('a rating that is given', () => {
  test('can be changed for fourteen days, by the version that one saw', async () => {
    const it = await world.rated();
    const change = (version: number) => outcome(() => ratings.change(it.lead, it.rating, version, world.ratingOf(it, { helpfulness: 2, objectives: [{ objectiveId: it.objective, result: 'PARTLY' }] })));
    expect(await change(7)).toBe('CONFLICT');
    expect(await change(1)).toBe('done');
    expect(await answersOf(it.rating)).toEqual([{ asked: 0, result: 'PARTLY' }]);
    expect(await row(it.rating, 'helpfulness, version')).toEqual({ helpfulness: 2, version: 2 });
    server.clock.advance({ days: 14 });
    expect(await change(2)).toBe('NOT_ALLOWED_IN_THIS_STATE');
  });

  test('is replied to once, by the provider, and stays as it is from then on', async () => {
    const it = await world.rated();
    const reply = (actor: Actor) => outcome(() => ratings.reply(actor, it.rating, 'Thank you.'));
    expect(await reply(it.lead)).toBe('NOT_ALLOWED');
    expect(await outcome(() => ratings.reply(it.provider.admin, it.rating, ' '))).toBe('VALIDATION');
    const replies = await Promise.all([reply(it.provider.admin), reply(it.provider.admin), reply(it.provider.admin)]);
    expect(replies.sort()).toEqual(['NOT_ALLOWED_IN_THIS_STATE', 'NOT_ALLOWED_IN_THIS_STATE', 'done']);
    expect(await outcome(() => ratings.change(it.lead, it.rating, 2, world.ratingOf(it)))).toBe('NOT_ALLOWED_IN_THIS_STATE');
  });

  test('has its reply mended by the provider until somebody else has read it', async () => {
    const it = await world.rated();
    const mend = (actor: Actor, text = 'Thank you very much.') => outcome(() => ratings.mendReply(actor, it.rating, text));
    const read = async (actor: Actor) => (await server.graphql<{ rating: object }>('query ($id: UUID!) { rating(id: $id) { reply } }', { id: it.rating }, await server.cookieOf(actor))).data.rating;
    expect(await mend(it.provider.admin)).toBe('NOT_ALLOWED_IN_THIS_STATE');
    await ratings.reply(it.provider.admin, it.rating, 'Thnak you.');
    expect(await read(it.provider.admin)).toEqual({ reply: 'Thnak you.' });
    expect(await mend(it.lead)).toBe('NOT_ALLOWED');
    expect(await mend(it.provider.admin)).toBe('done');
    expect(await read(it.lead)).toEqual({ reply: 'Thank you very much.' });
    expect(await mend(it.provider.admin, 'Or not.')).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await read(it.provider.admin)).toEqual({ reply: 'Thank you very much.' });
  });

  test('is settled by the job once it can be changed no more', async () => {
    const it = await world.rated();
    await passTime();
    expect(await row(it.rating, 'state')).toEqual({ state: 'GIVEN' });
    server.clock.advance({ days: 14 });
    await Promise.all([passTime(), passTime(), passTime()]);
    expect(await row(it.rating, 'state')).toEqual({ state: 'SETTLED' });
    expect(await historyOf(it.rating)).toEqual(['give SCHOOL', 'settle']);
  });
});

describe('what it was too early to tell', () => {
  const early = { objectives: [] as never[] };
  const tooEarly = async () => {
    const it = await world.finished();
    const rating = await ratings.give(it.lead, it.id, world.ratingOf(it, { ...early, objectives: [{ objectiveId: it.objective, result: 'TOO_EARLY', baseline: 'Half of the class.' }] }));
    return { ...it, rating };
  };
  const followUp = ({ lead, rating, objective }: Awaited<ReturnType<typeof tooEarly>>, result: 'MET' | 'TOO_EARLY') =>
    outcome(() => ratings.followUp(lead, rating, [{ objectiveId: objective, result, after: 'Nearly all.' }]));

  test('is asked again after six months, and each answer is kept', async () => {
    const it = await tooEarly();
    expect(await followUp(it, 'MET')).toBe('NOT_ALLOWED_IN_THIS_STATE');
    server.clock.advance({ days: 180 });
    await passTime();
    expect(await row(it.rating, 'asked_again')).toEqual({ asked_again: 0 });
    server.clock.advance({ days: 5 });
    await passTime();
    await passTime();
    expect(await outcome(() => ratings.followUp(it.provider.admin, it.rating, []))).toBe('NOT_ALLOWED');
    expect(await outcome(() => ratings.followUp(it.lead, it.rating, []))).toBe('VALIDATION');
    expect(await followUp(it, 'MET')).toBe('done');
    expect(await followUp(it, 'MET')).toBe('NOT_ALLOWED_IN_THIS_STATE');
    expect(await answersOf(it.rating)).toEqual([{ asked: 0, result: 'TOO_EARLY' }, { asked: 6, result: 'MET' }]);
    await passTime();
    expect(await historyOf(it.rating)).toEqual(['give SCHOOL', 'askAgain', 'followUp SCHOOL', 'settle']);
  });

  test('is asked again after twelve months where it still was, and not for ever', async () => {
    const it = await tooEarly();
    server.clock.advance({ days: 185 });
    await passTime();
    expect(await followUp(it, 'TOO_EARLY')).toBe('done');
    server.clock.advance({ days: 182 });
    await passTime();
    expect(await followUp(it, 'TOO_EARLY')).toBe('done');
    await passTime();
    expect(await answersOf(it.rating)).toEqual([0, 6, 12].map((asked) => ({ asked, result: 'TOO_EARLY' })));
    expect(await row(it.rating, 'state')).toEqual({ state: 'SETTLED' });
  });

  test('is settled some time after the last question, answered or not', async () => {
    const it = await tooEarly();
    server.clock.advance({ days: 370 });
    await passTime();
    expect(await historyOf(it.rating)).toEqual(['give SCHOOL', 'askAgain']);
    server.clock.advance({ days: 60 });
    await passTime();
    expect(await row(it.rating, 'state, asked_again')).toEqual({ state: 'GIVEN', asked_again: 12 });
    server.clock.advance({ days: 40 });
    await passTime();
    expect(await row(it.rating, 'state')).toEqual({ state: 'SETTLED' });
  });
});

describe('through the API', () => {
  const ask = async <Data>(actor: { personId: string | null } | null, query: string, variables = {}) => {
    const { data, errors } = await server.graphql<Data>(query, variables, actor && (await server.cookieOf(actor)));
    return { data, codes: errors?.map(({ extensions }) => extensions.code) };
  };

  test('the form says beforehand who will see it', async () => {
    const it = await world.finished({ sharedWithSip: true });
    const form = `query ($id: UUID!) { ratingForm(engagementId: $id) { whoWillSee allowed message engagement { id } } }`;
    const { data } = await ask<{ ratingForm: { whoWillSee: string } }>(it.lead, form, { id: it.id });
    expect(data.ratingForm).toMatchObject({ allowed: true, message: null, engagement: { id: it.id } });
    expect(data.ratingForm.whoWillSee).toMatch(/will recognise it.* Your School Improvement Partner will see it\./);
    expect((await ask(await world.lead(await world.school()), form, { id: it.id })).data).toEqual({ ratingForm: null });
    expect((await ask(it.provider.admin, form, { id: it.id })).codes).toEqual(['FORBIDDEN']);
    await ratings.give(it.lead, it.id, world.ratingOf(it));
    expect((await ask(it.lead, form, { id: it.id })).data).toMatchObject({ ratingForm: { allowed: false, message: 'It has been rated already.' } });
  });

  const RATING = `query ($id: UUID!, $of: UUID!) {
    rating(id: $id) { words mayBeAsked givenBy { id } objectives { answers { result } } recommendationDraft { whatWasDone whatChanged } history { transition person { id } } }
    engagement(id: $of) { rating { id } }
    myRatings { totalCount nodes { id } }
  }`;
  interface Seen {
    rating: { words: string; mayBeAsked: boolean | null; givenBy: object | null; recommendationDraft: object | null; history: { transition: string; person: object | null }[] } | null;
    engagement: { rating: object | null } | null;
    myRatings: { totalCount: number; nodes: { id: string }[] };
  }

  test('the school, the provider and, where it is shared, the SIP see it, and nobody else', async () => {
    const it = await world.rated({ mayBeAsked: true }, { sharedWithSip: true });
    await ratings.setMayBeAsked(it.lead, it.rating, false);
    const see = async (actor: Actor) => (await ask<Seen>(actor, RATING, { id: it.rating, of: it.id })).data;
    const ofSchool = await see(it.lead);
    expect(ofSchool.rating).toMatchObject({ words: 'Patient and well prepared.', mayBeAsked: false, givenBy: { id: it.lead.personId }, recommendationDraft: { whatChanged: 'Patient and well prepared.' } });
    expect(ofSchool.rating!.history.map(({ transition }) => transition)).toEqual(['give', 'stopBeingAsked']);
    for (const actor of [it.provider.admin, await world.assignedSip(it.urn)]) {
      const seen = await see(actor);
      expect(seen.rating).toMatchObject({ words: 'Patient and well prepared.', mayBeAsked: null, givenBy: null, recommendationDraft: null, history: [{ transition: 'give', person: null }] });
      expect(seen.engagement!.rating).toEqual({ id: it.rating });
      expect(seen.myRatings).toEqual({ totalCount: 1, nodes: [{ id: it.rating }] });
    }
    for (const actor of [await world.officer('990'), await world.lead(await world.school()), await world.person('SYSTEM_ADMIN'), (await world.awaiting()).admin]) {
      expect(await see(actor)).toEqual({ rating: null, engagement: null, myRatings: { totalCount: 0, nodes: [] } });
    }
  });

  test('the SIP does not see what is not shared, nor the provider of a free resource what was said of it', async () => {
    const it = await world.rated();
    expect((await ask<Seen>(await world.assignedSip(it.urn), RATING, { id: it.rating, of: it.id })).data).toEqual({ rating: null, engagement: null, myRatings: { totalCount: 0, nodes: [] } });
    const { directory, brokerage } = server.app;
    const provider = await world.awaiting();
    const listing = await directory.listings.create(provider.admin, provider.id, {
      title: 'A free guide', summary: 'To read.', categories: ['GOVERNANCE'], phases: ['PRIMARY'], delivery: ['ONLINE'], national: true,
      price: { kind: 'FREE', pence: null, unit: null, vat: null, link: null },
    });
    await directory.listings.act(listing, 'publish', { actor: provider.admin });
    const urn = await world.school();
    const lead = await world.lead(urn);
    const used = await brokerage.recordings.use(lead, { listingId: listing, schoolUrn: urn, usedOn: '2026-09-01' });
    const rating = await ratings.give(lead, used, { understood: true, objectives: [], helpfulness: 3, wouldRecommend: false, words: '' });
    expect((await ask<Seen>(provider.admin, RATING, { id: rating, of: used })).data).toEqual({ rating: null, engagement: null, myRatings: { totalCount: 0, nodes: [] } });
    const { rating: own } = (await ask<Seen>(lead, RATING, { id: rating, of: used })).data;
    expect(own).toMatchObject({ recommendationDraft: null });
  });

  test('is given, replied to and followed up', async () => {
    const it = await world.finished();
    const give = `mutation ($id: UUID!, $input: RatingInput!) { giveRating(engagementId: $id, input: $input, idempotencyKey: "k") { ... on Rating { id state followUpDue } ... on Problem { code } } }`;
    const input = world.ratingOf(it, { objectives: [{ objectiveId: it.objective, result: 'TOO_EARLY' }] });
    const { data } = await ask<{ giveRating: { id: string } }>(it.lead, give, { id: it.id, input });
    expect(data.giveRating).toMatchObject({ state: 'GIVEN', followUpDue: false });
    const { id } = data.giveRating;
    expect((await ask(it.provider.admin, `mutation ($id: UUID!) { replyToRating(id: $id, reply: "Thank you.") { ... on Rating { reply } ... on Problem { code } } }`, { id })).data).toEqual({
      replyToRating: { reply: 'Thank you.' },
    });
    server.clock.advance({ days: 190 });
    await passTime();
    const due = `query { myRatings(followUpDue: true) { nodes { id followUpDue availableActions { action allowed } } } }`;
    const waiting = (await ask<{ myRatings: { nodes: { availableActions: object[] }[] } }>(it.lead, due)).data.myRatings.nodes;
    expect(waiting).toMatchObject([{ id, followUpDue: true }]);
    expect(waiting[0]!.availableActions).toContainEqual({ action: 'followUp', allowed: true });
    const followUp = `mutation ($id: UUID!, $answers: [ObjectiveAnswerInput!]!) { followUpRating(id: $id, answers: $answers) { ... on Rating { followUpDue objectives { answers { asked result after } } } ... on Problem { code } } }`;
    expect((await ask(it.lead, followUp, { id, answers: [{ objectiveId: it.objective, result: 'MET', after: 'All of them.' }] })).data).toEqual({
      followUpRating: { followUpDue: false, objectives: [{ answers: [{ asked: 0, result: 'TOO_EARLY', after: '' }, { asked: 6, result: 'MET', after: 'All of them.' }] }] },
    });
  });
});

test('a school’s ratings take the same statements however many they are', async () => {
  const urn = await world.school();
  const lead = await world.lead(urn);
  const query = `{ myRatings(first: 100) { totalCount nodes { words engagement { title } provider { name } school { name } givenBy { name } objectives { text answers { result } } recommendationDraft { whatChanged } availableActions { action } history { label } } } }`;
  const statements = async () => {
    const sent: string[] = [];
    const cookie = await server.cookieOf(lead);
    server.app.db.onStatement = (sql) => sent.push(sql.replace(/\s+/g, ' '));
    const { data, errors } = await server.graphql<{ myRatings: { nodes: object[] } }>(query, {}, cookie);
    server.app.db.onStatement = undefined;
    expect(errors).toBeUndefined();
    return { sent, ratings: data.myRatings.nodes.length };
  };
  await world.rated({}, { schoolUrn: urn });
  const one = await statements();
  for (let i = 0; i < 5; i++) await world.rated({}, { schoolUrn: urn });
  const many = await statements();
  expect([one.ratings, many.ratings]).toEqual([1, 6]);
  expect(many.sent).toEqual(one.sent);
});
