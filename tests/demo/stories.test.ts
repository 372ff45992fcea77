import * as brokerage from '../../src/brokerage/index.js';
import { demoPeople, loadDemo } from '../../src/demo/index.js';
import * as outcomes from '../../src/outcomes/index.js';
import type { Queryable } from '../../src/platform/database/index.js';
import { startApp, type TestServer } from '../support/app.js';

const now = new Date('2026-09-07T09:00:00Z');

let server: TestServer;
let db: Queryable;
beforeAll(async () => {
  server = await startApp();
  ({ db } = server.app);
  await loadDemo(server.app.db, { now, afterListings: server.app.search.rebuildIn });
});

const valuesOf = async (sql: string) => (await db.query<{ value: string }>(`SELECT DISTINCT value FROM (${sql}) AS found (value)`)).map((row) => row.value).sort();
const keys = (words: object) => Object.keys(words).sort();

describe('the stories of the demo', () => {
  test('have an object in every state of every process, but for concerns, which move on once answered', async () => {
    expect(await valuesOf('SELECT state FROM visit')).toEqual(['CANCELLED', 'HELD', 'PLANNED']);
    expect(await valuesOf('SELECT state FROM referral')).toEqual(['ACCEPTED', 'DECLINED', 'EXPIRED', 'SENT', 'WITHDRAWN']);
    expect(await valuesOf('SELECT state FROM suggestion_request')).toEqual(['CLOSED', 'EXPIRED', 'OPEN']);
    expect(await valuesOf('SELECT state FROM request')).toEqual(keys(brokerage.requestStates));
    expect(await valuesOf('SELECT state FROM invitation')).toEqual(keys(brokerage.invitationStates));
    expect(await valuesOf('SELECT state FROM proposal')).toEqual(keys(brokerage.proposalStates));
    expect(await valuesOf('SELECT state FROM engagement')).toEqual(keys(brokerage.engagementStates));
    expect(await valuesOf('SELECT origin FROM engagement')).toEqual(['CHOSEN', 'FREE_RESOURCE', 'RECORDED']);
    expect(await valuesOf('SELECT state FROM concern')).toEqual(['PASSED_ON', 'RAISED', 'RESOLVED']);
    expect(await valuesOf('SELECT state FROM rating')).toEqual(keys(outcomes.ratingStates));
    expect(await valuesOf('SELECT result FROM rating_answer')).toEqual(keys(outcomes.objectiveResults));
    expect(await valuesOf('SELECT rag FROM engagement_review')).toEqual(['AMBER', 'GREEN', 'RED']);
  });

  test('are one confidential, one joint, one drafted by a SIP and waiting for the school', async () => {
    const count = async (condition: string) => (await db.query(`SELECT FROM request r WHERE ${condition}`)).length;
    expect(await count(`confidential AND NOT all_leads AND state = 'OPEN'`)).toBe(1);
    expect(await count(`state = 'AWAITING_SCHOOL' AND drafted_by_sip IS NOT NULL`)).toBe(1);
    const joins = (joined: string) => `EXISTS (SELECT FROM request_school j WHERE j.request_id = r.id AND j.joined_at IS ${joined})`;
    expect(await count(`state = 'OPEN' AND ${joins('NULL')} AND ${joins('NOT NULL')}`)).toBe(1);
  });

  test('leave nothing that time should have brought about', async () => {
    const steps = () => db.query('SELECT count(*) FROM history');
    const before = await steps();
    const { brokerage, referrals, outcomes } = server.app;
    await brokerage.requests.passTime();
    await brokerage.passTimeForEngagements();
    await referrals.referrals.passTime();
    await referrals.suggestions.passTime();
    await outcomes.ratings.passTime();
    expect(await steps()).toEqual(before);
  });

  test('send no mail, and leave unread what was told lately', async () => {
    expect(await db.query('SELECT count(*) FROM graphile_worker.jobs')).toEqual([{ count: 0 }]);
    expect(await db.query('SELECT count(*) FROM notice WHERE mailed_at IS NULL')).toEqual([{ count: 0 }]);
    expect(await valuesOf(`SELECT (read_at IS NULL)::text FROM notice WHERE created_at > timestamptz '2026-09-07 09:00Z' - interval '10 days'`)).toEqual(['true']);
    expect(await valuesOf(`SELECT (read_at IS NULL)::text FROM notice WHERE created_at < timestamptz '2026-09-07 09:00Z' - interval '10 days'`)).toEqual(['false']);
  });

  test('give the evidence of several listings enough schools to be shown, some of it too early to tell, and the council a number', async () => {
    const [released] = await db.query<{ listings: number; early: number }>(
      `SELECT count(DISTINCT listing_id) AS listings, sum(too_early) AS early FROM evidence WHERE kind = 'RESULT'`,
    );
    expect(released!.listings).toBeGreaterThanOrEqual(7);
    expect(Number(released!.early)).toBeGreaterThanOrEqual(2);
    expect((await db.query('SELECT FROM unmet_need')).length).toBe(1);
    const [listing] = await db.query<{ id: string }>('SELECT listing_id AS id FROM evidence WHERE too_early > 1');
    const { data } = await server.graphql<{ listing: { evidenceOfOutcomes: object } }>(
      'query ($id: UUID!) { listing(id: $id) { evidenceOfOutcomes { tooFewYet schools objectives { tooEarly } words { words } } } }',
      { id: listing!.id },
    );
    expect(data.listing.evidenceOfOutcomes).toMatchObject({ tooFewYet: false, schools: 3, objectives: { tooEarly: 2 }, words: [{}, {}, {}] });
  });

  test('repeat no words', async () => {
    const texts = await db.query<{ text: string }>(
      `SELECT words AS text FROM rating WHERE words <> '' UNION ALL SELECT reply FROM rating WHERE reply IS NOT NULL UNION ALL SELECT need FROM request WHERE state <> 'CLOSED_UNMET'
       UNION ALL SELECT summary FROM proposal UNION ALL SELECT note FROM visit WHERE note <> '' UNION ALL SELECT text FROM concern UNION ALL SELECT words FROM engagement_review`,
    );
    expect(texts.length).toBeGreaterThan(50);
    expect(new Set(texts.map(({ text }) => text)).size).toBe(texts.length);
  });
});

interface Found {
  availableActions: { action: string; allowed: boolean }[];
  state: string;
  title: string;
  school: { name: string };
  provider: { name: string };
  askedBy: { name: string };
  questions: { answer: string | null }[];
  proposals: Found[];
  concerns: Found[] | null;
  rating: { id: string } | null;
}

const may = (action: string) => (found: Found) => found.availableActions.some((each) => each.action === action && each.allowed);
const ACTIONS = 'availableActions { action allowed }';

/** Where people find what waits for them: the query, and a line for each thing. */
const places: [query: string, lines: (found: Found[]) => string[]][] = [
  [`referrals(states: [SENT]) { nodes { school { name } ${ACTIONS} } }`, (found) => found.filter(may('accept')).map(({ school }) => `referral of ${school.name}`)],
  ['visits(states: [PLANNED]) { nodes { school { name } } }', (found) => found.map(({ school }) => `visit to ${school.name}`)],
  [`suggestionRequests { nodes { askedBy { name } ${ACTIONS} } }`, (found) => found.filter(may('suggest')).map(({ askedBy }) => `question of ${askedBy.name}`)],
  [`myInvitations(states: [SENT, OPENED]) { nodes { provider { name } ${ACTIONS} } }`, (found) => found.filter(may('respond')).map(({ provider }) => `invitation of ${provider.name}`)],
  ['requestsToJoin { nodes { school { name } } }', (found) => found.map(({ school }) => `request of ${school.name} to join`)],
  [
    `mySupportRequests { nodes { state school { name } questions { answer } proposals { provider { name } ${ACTIONS} } ${ACTIONS} } }`,
    (found) => [
      ...found.filter(({ state }) => state === 'AWAITING_SCHOOL').filter(may('open')).map(({ school }) => `draft for ${school.name}`),
      ...found.filter(may('read')).map(({ school }) => `sealed proposals for ${school.name}`),
      ...found.filter(({ questions }) => questions.some(({ answer }) => !answer)).filter(may('answer')).map(({ school }) => `question to ${school.name}`),
      ...found.flatMap(({ proposals }) => proposals.filter(may('choose')).map(({ provider }) => `proposal of ${provider.name}`)),
    ],
  ],
  [
    `myEngagements { nodes { title state rating { id } concerns { ${ACTIONS} } ${ACTIONS} } }`,
    (found) => [
      ...found.filter(may('signOff')).map(({ title }) => `signature under ${title}`),
      ...found.filter(may('confirm')).map(({ title }) => `confirmation of ${title}`),
      ...found.filter(({ concerns }) => concerns?.some(may('answer'))).map(({ title }) => `concern about ${title}`),
    ],
  ],
  ['myEngagements(filter: { states: [COMPLETED] }) { nodes { title rating { id } } }', (found) => found.filter(({ rating }) => !rating).map(({ title }) => `rating of ${title}`)],
  [`myRatings { nodes { school { name } ${ACTIONS} } }`, (found) => found.filter(may('reply')).map(({ school }) => `reply to ${school.name}`)],
  [`concernsPassedOn(states: [PASSED_ON]) { nodes { school { name } ${ACTIONS} } }`, (found) => found.filter(may('resolve')).map(({ school }) => `concern of ${school.name}`)],
  ['mySchoolsRecommendations(states: [INVITED]) { nodes { provider { name } } }', (found) => found.map(({ provider }) => `recommendation of ${provider.name}`)],
];

/** What waits for somebody. A place that their roles do not open holds nothing for them. */
async function waitingFor(cookie: string): Promise<string[]> {
  const lines: string[] = [];
  for (const [query, linesOf] of places) {
    const { data, errors } = await server.graphql<Record<string, { nodes: Found[] }>>(`{ ${query} }`, {}, cookie);
    if (errors) expect(errors.map(({ extensions }) => extensions.code)).toEqual(['FORBIDDEN']);
    else lines.push(...linesOf(Object.values(data)[0]!.nodes));
  }
  const { data } = await server.graphql<{ viewer: { memberships: { trustId: string | null }[] } }>('{ viewer { memberships { trustId } } }', {}, cookie);
  for (const { trustId } of data.viewer.memberships.filter((each) => each.trustId)) {
    const found = await server.graphql<{ purchaseLimits: { limits: unknown[] } }>('query ($trustId: String) { purchaseLimits(trustId: $trustId) { limits { overPence } } }', { trustId }, cookie);
    if (found.data.purchaseLimits.limits.length > 0) lines.push('limits of the trust');
  }
  return lines;
}

const toDo: Record<string, string[]> = {
  'sip@fernshire.example': ['visit to Great Wendle Church of England Primary School', 'question of Desmond Achebe', 'signature under Every family, by name'],
  'head@otterholme.example': [
    'referral of Otterholme Primary School',
    'sealed proposals for Otterholme Primary School',
    'question to Otterholme Primary School',
    'rating of Key Stage 2 writing moderation, three times a year',
    'recommendation of Open Page Reading Volunteers',
  ],
  'chair@skelby.example': ['draft for Skelby Community Primary School'],
  'business@haverleigh-college.example': ['proposal of Ledgerwood School Business Ltd', 'proposal of Sue Ridout School Finance'],
  'senco@otterholme.example': ['sealed proposals for Otterholme Primary School', 'question to Otterholme Primary School'],
  'ceo@ossing-trust.example': ['limits of the trust'],
  'officer@fernshire.example': ['concern of Nether Tarrow Church of England Primary School'],
  'jill@farrant-reading.example': [
    'invitation of Jill Farrant Early Reading',
    'confirmation of Phonics health check: Reception to Year 2 in a day',
    'reply to Cawdle Green Primary School',
  ],
  'hugh@open-page.example': ['confirmation of A reading volunteer for your school'],
  'office@ledgerwood.example': ['invitation of Ledgerwood School Business Ltd', 'concern about A school business manager for a day a week'],
  'head@market-ossing.example': ['invitation of Market Ossing Primary School: peer review', 'request of St Peter’s Church of England Primary School to join'],
  'admin@signpost.example': ['confirmation of GCSE resit tuition in English and maths for 16 to 19'],
};
/** Whose role tells them of nothing. */
const TOLD_NOTHING = 'ceo@ossing-trust.example';

describe('whoever signs in', () => {
  test.each(demoPeople)('$email finds something to do, and is told of it', async ({ email }) => {
    const [person] = await db.query<{ id: string }>('SELECT id FROM person WHERE email = $1', [email]);
    const cookie = await server.cookieOf({ personId: person!.id });
    expect(await waitingFor(cookie)).toEqual(expect.arrayContaining(toDo[email]!));
    const { data } = await server.graphql<{ viewer: { unreadCount: number } }>('{ viewer { unreadCount } }', {}, cookie);
    expect(data.viewer.unreadCount > 0).toBe(email !== TOLD_NOTHING);
  });

  test('learns of a confidential request only when invited, and then not whose it is', async () => {
    const [provider] = await db.query<{ id: string }>(`SELECT id FROM person WHERE email = 'farida@fhaque-psychology.example'`);
    const { data } = await server.graphql<{ myInvitations: { nodes: { brief: { need: string } }[] } }>(
      '{ myInvitations { nodes { brief { need school { name } } request { id } questions { text } history { onBehalfOf { name } } } } }',
      {},
      await server.cookieOf({ personId: provider!.id }),
    );
    expect(data.myInvitations.nodes.map(({ brief }) => brief.need)).toEqual([expect.stringContaining('provision for pupils with SEND')]);
    expect(JSON.stringify(data)).not.toContain('Otterholme');
  });
});
