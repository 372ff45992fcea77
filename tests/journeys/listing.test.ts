import { startApp, type TestServer } from '../support/app.js';

/**
 * From nothing to found, through the API alone: a council's officer, a provider, two heads and a SIP.
 * Read it to learn how the parts are used together.
 */
let server: TestServer;

beforeAll(async () => {
  server = await startApp();
});

const PROBLEM = '... on Problem { __typename code message }';

/** Sends an operation with one field called `result`, as somebody. */
async function as<Result = { id: string; code?: string }>(cookie: string | null, operation: string, variables: Record<string, unknown> = {}): Promise<Result> {
  const { data, errors } = await server.graphql<{ result: Result }>(operation, variables, cookie);
  if (errors) throw new Error(JSON.stringify(errors));
  return data.result;
}

test('a provider is listed by its second school recommendation, and a SIP finds it', async () => {
  const { world } = server;
  const [oak, elm] = [await world.school({ name: 'Oak Lane Primary School' }), await world.school({ name: 'Elm Road Primary School' })];
  await world.app.identity.memberships.addSystemAdmin('admin@example.org');

  // The operator makes an officer; the officer makes the heads and the SIP.
  const grant = `mutation ($input: GrantInput!) { result: grantMembership(input: $input) { ... on Membership { id } ${PROBLEM} } }`;
  const accept = async (cookie: string) => {
    const { data } = await server.graphql<{ viewer: { memberships: { id: string; offered: boolean }[] } }>('{ viewer { memberships { id offered } } }', {}, cookie);
    for (const { id } of data.viewer.memberships.filter((each) => each.offered)) {
      await as(cookie, `mutation ($id: UUID!) { result: acceptMembership(id: $id) { ... on Membership { id } ${PROBLEM} } }`, { id });
    }
    return cookie;
  };
  const admin = await server.signIn('admin@example.org');
  await as(admin, grant, { input: { email: 'officer@example.org', role: 'LA_OFFICER', laCode: '990' } });
  const officer = await accept(await server.signIn('officer@example.org'));
  await as(officer, grant, { input: { email: 'head@oak.example', role: 'SCHOOL_LEAD', schoolUrn: oak, title: 'Headteacher' } });
  await as(officer, grant, { input: { email: 'chair@elm.example', role: 'SCHOOL_LEAD', schoolUrn: elm, title: 'Chair of governors' } });
  await as(officer, grant, { input: { email: 'sip@example.org', role: 'SIP', laCode: '990' } });
  const head = await accept(await server.signIn('head@oak.example'));
  const chair = await accept(await server.signIn('chair@elm.example'));
  const sip = await accept(await server.signIn('sip@example.org'));

  // A provider registers, says who it is and what it offers.
  const provider = await server.signIn('office@reading.example');
  const register = `mutation ($key: String!) { result: registerProvider(input: { name: "Reading Together", kind: CHARITY, assuringLa: "990" }, idempotencyKey: $key) { ... on Provider { id state version } ${PROBLEM} } }`;
  const registered = await as<{ id: string; state: string; version: number }>(provider, register, { key: 'first' });
  expect(await as(provider, register, { key: 'first' })).toMatchObject({ id: registered.id });
  expect(registered.state).toBe('DRAFT');

  const missing = async () =>
    (await as<{ wayToBeingListed: { needed: string; done: boolean; whoActs: string }[] }>(provider, 'query ($id: UUID!) { result: provider(id: $id) { wayToBeingListed { needed done whoActs } } }', { id: registered.id })).wayToBeingListed
      .filter((item) => !item.done)
      .map((item) => item.whoActs);
  expect(new Set(await missing())).toEqual(new Set(['PROVIDER', 'LOCAL_AUTHORITY', 'SCHOOL']));

  const complete = `mutation ($id: UUID!) { result: completeProvider(id: $id) { ... on Provider { id state } ${PROBLEM} } }`;
  expect(await as(provider, complete, { id: registered.id })).toMatchObject({ code: 'PROFILE_INCOMPLETE' });
  await as(provider, `mutation ($id: UUID!, $version: Int!, $input: ProfileInput!) { result: updateProvider(id: $id, version: $version, input: $input) { ... on Provider { id } ${PROBLEM} } }`, {
    id: registered.id,
    version: registered.version,
    input: { summary: 'Volunteers who read with pupils.', contactName: 'Rhian Example', contactPhone: '01632 960 011', safeguarding: 'Every volunteer is checked and trained.', interests: '' },
  });
  const listing = await as(provider, `mutation ($id: UUID!, $input: ListingInput!) { result: createListing(providerId: $id, input: $input) { ... on Listing { id } ${PROBLEM} } }`, {
    id: registered.id,
    input: {
      title: 'A reading volunteer in your school',
      summary: 'One volunteer, two mornings a week, for a year.',
      categories: ['TEACHING_AND_LEARNING'],
      ecmOutcomes: ['ENJOY_AND_ACHIEVE'],
      phases: ['PRIMARY'],
      delivery: ['IN_SCHOOL'],
      laCodes: ['990'],
      keywords: ['phonics'],
      price: { kind: 'FREE', link: 'https://reading.example/volunteers' },
    },
  });
  await as(provider, `mutation ($id: UUID!) { result: publishListing(id: $id) { ... on Listing { id } ${PROBLEM} } }`, { id: listing.id });
  expect(await as(provider, complete, { id: registered.id })).toMatchObject({ state: 'AWAITING_RECOMMENDATIONS' });

  // It asks one school, whose head gets a mail with a link; the officer checks what is to be checked.
  const invited = await as(provider, `mutation ($input: InvitationInput!) { result: inviteRecommendation(input: $input) { ... on Recommendation { id } ${PROBLEM} } }`, {
    input: { providerId: registered.id, schoolUrn: oak, message: 'You had our volunteers last year.' },
  });
  await server.deliver();
  const mail = server.outbox.find((message) => message.to === 'head@oak.example' && message.subject.includes('recommendation'))!;
  expect(mail.text).toContain(`http://localhost/recommendations/${invited.id}`);
  for (const kind of ['SAFEGUARDING', 'INSURANCE', 'INTERESTS']) {
    await as(officer, `mutation ($id: UUID!, $kind: CheckKind!) { result: recordProviderCheck(id: $id, kind: $kind, expiresOn: "2035-12-31") { ... on Provider { id } ${PROBLEM} } }`, { id: registered.id, kind });
  }
  expect(await missing()).toEqual(['SCHOOL']);

  // Nobody finds it yet.
  const search = 'query ($input: SearchInput!) { result: search(input: $input) { totalCount nodes { listing { id title provider { name recommendations { totalCount } } } } } }';
  const found = () => as<{ totalCount: number; nodes: { listing: { id: string } }[] }>(sip, search, { input: { words: 'reading volunter', phases: ['PRIMARY'], laCodes: ['990'] } });
  expect(await found()).toMatchObject({ totalCount: 0, nodes: [] });

  // The head of Oak Lane answers; the chair of Elm Road has heard of it and recommends unasked.
  const give = `mutation ($input: RecommendationInput!, $key: String) { result: giveRecommendation(input: $input, idempotencyKey: $key) { ... on Recommendation { id state provider { state } } ${PROBLEM} } }`;
  const words = { providerId: registered.id, listingIds: [listing.id], whatWasDone: 'A volunteer read with Year 2.', whenDone: 'Autumn 2025', whatChanged: 'They read to us now.', noInterest: true };
  const actions = await as<{ availableActions: { action: string; allowed: boolean }[] }>(head, 'query ($id: UUID!) { result: recommendation(id: $id) { availableActions { action allowed } } }', { id: invited.id });
  expect(actions.availableActions.filter((each) => each.allowed).map((each) => each.action)).toEqual(['give', 'decline']);
  expect(await as(head, give, { input: { ...words, schoolUrn: elm } })).toMatchObject({ code: 'NOT_ALLOWED' });
  expect(await as(head, give, { input: { ...words, schoolUrn: oak } })).toMatchObject({ id: invited.id, state: 'GIVEN', provider: { state: 'AWAITING_RECOMMENDATIONS' } });
  const twice = await Promise.all([1, 2].map(() => as(chair, give, { input: { ...words, schoolUrn: elm }, key: 'one' })));
  expect(twice[0]).toMatchObject({ state: 'GIVEN', provider: { state: 'LISTED' } });
  expect(twice[1]!.id).toBe(twice[0]!.id);

  // From that commit on it is found, by anybody, with who vouches for it.
  expect(await found()).toMatchObject({ totalCount: 1, nodes: [{ listing: { title: 'A reading volunteer in your school', provider: { name: 'Reading Together', recommendations: { totalCount: 2 } } } }] });
  const history = await as<{ history: { transition: string; onBehalfOf: { name: string } | null; person: object | null }[] }>(
    null,
    'query ($id: UUID!) { result: provider(id: $id) { history { transition onBehalfOf { name } person { name } } } }',
    { id: registered.id },
  );
  expect(history.history).toEqual([
    { transition: 'register', onBehalfOf: { name: 'Reading Together' }, person: null },
    { transition: 'complete', onBehalfOf: { name: 'Reading Together' }, person: null },
    { transition: 'list', onBehalfOf: null, person: null },
  ]);

  // A head takes the recommendation back: it lapses and is gone from the search at once.
  await as(chair, `mutation ($id: UUID!) { result: withdrawRecommendation(id: $id) { ... on Recommendation { id } ${PROBLEM} } }`, { id: twice[0]!.id });
  expect(await found()).toMatchObject({ totalCount: 0, nodes: [] });
  expect(await as(provider, 'query ($id: UUID!) { result: provider(id: $id) { state } }', { id: registered.id })).toEqual({ state: 'LAPSED' });
});
