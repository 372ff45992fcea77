import { londonDay } from '../../src/platform/clock.js';
import { startApp, type TestServer } from '../support/app.js';
import { Person } from './person.js';

/**
 * A term of a school, as its people live it: from a visit to a rated outcome, by the API alone.
 * Read it to learn who does what in turn, what each of them sees, and who is told of it.
 */
let server: TestServer;
let school: number;
let head: Person;
let sip: Person;
let officer: Person;
/** Three providers with the people who answer for them. */
let coaching: Provider;
let college: Provider;
let phonics: Provider;

interface Provider {
  id: string;
  listing: string;
  admin: Person;
}

const inQuotes = JSON.stringify;
const request = (id: string, wanted: string) => `{ supportRequest(id: ${inQuotes(id)}) { ${wanted} } }`;
const invitation = (id: string, wanted: string) => `{ proposalInvitation(id: ${inQuotes(id)}) { ${wanted} } }`;
const engagement = (id: string, wanted: string) => `{ engagement(id: ${inQuotes(id)}) { ${wanted} } }`;
const everybody = () => [head, sip, officer, coaching.admin, college.admin, phonics.admin];

beforeAll(async () => {
  server = await startApp();
  const { world } = server;
  school = await world.school({ name: 'Oak Lane Primary School' });
  head = await Person.named('Helen Head', server, await world.lead(school));
  sip = await Person.named('Sam Partner', server, await world.person('SIP', { laCode: '990' }));
  officer = await Person.named('Olu Officer', server, await world.officer('990'));
  [coaching, college, phonics] = [await listed('Coaching for Reading', 'Cara Coach'), await listed('The Reading College', 'Col Lege'), await listed('Phonics First', 'Phil Onics')];
  await officer.does('assignSip', { personId: sip.id, schoolUrn: school });
  await officer.does('setPurchaseLimits', { laCode: '990', limits: [{ overPence: 100_000, quotes: 3, governorsApproval: true }] }, 'limits { overPence }');
  await quiet();
});

async function listed(name: string, admin: string): Promise<Provider> {
  const provider = await server.world.listed({ name });
  return { id: provider.id, listing: provider.listing, admin: await Person.named(admin, server, provider.admin) };
}

/** Everybody has read what they were told so far, and no mail waits. */
async function quiet(): Promise<void> {
  await Promise.all(everybody().map((person) => person.isTold()));
  await server.deliver();
  server.outbox.splice(0);
}

/** Who is told what, and nobody else of the six anything. */
async function areTold(expected: [Person, ...string[]][]): Promise<void> {
  const told = await Promise.all(everybody().map(async (person) => [person.email, await person.isTold()] as const));
  const wanted = new Map(expected.map(([person, ...subjects]) => [person.email, subjects.sort()]));
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(everybody().map(({ email }) => [email, wanted.get(email) ?? []])));
}

/** Whom the mail goes to that is sent at once. */
async function mailedAtOnce(): Promise<string[]> {
  await server.deliver();
  return server.outbox.splice(0).map(({ to, subject }) => `${to}: ${subject}`).sort();
}

test('from a visit to a rated outcome', async () => {
  // The school wants its partner's signature under what it agrees.
  await head.does('setSignOffPlan', { schoolUrn: school, needed: true }, 'needed');

  // The partner plans a visit; the head says beforehand what to talk about.
  const visit = await sip.does('planVisit', { schoolUrn: school, input: { date: '2026-09-09', focus: 'Early reading' } });
  await areTold([[head, 'A visit to Oak Lane Primary School on 9 September 2026']]);
  await head.does('addAgendaPoint', { visitId: visit.id, text: 'Our youngest readers' });
  await areTold([[sip, 'Oak Lane Primary School has put a point on the agenda']]);
  expect(await sip.sees(`{ visit(id: ${inQuotes(visit.id)}) { focus agenda { text } } }`)).toEqual({ focus: 'Early reading', agenda: [{ text: 'Our youngest readers' }] });

  // On the day, in the school: a search, a shortlist with reasons, an interest that the school is to know of.
  server.clock.advance({ days: 2 });
  const { nodes: hits } = await sip.sees<{ nodes: { listing: { id: string } }[] }>('{ search(input: { words: "reading support" }) { nodes { listing { id } } } }');
  expect(hits.map(({ listing }) => listing.id)).toEqual(expect.arrayContaining([coaching.listing, college.listing, phonics.listing]));
  for (const [provider, reason] of [[coaching, 'A coach in each class.'], [college, 'A course for all.'], [phonics, 'Close by.']] as const) {
    await sip.does('addToShortlist', { input: { schoolUrn: school, visitId: visit.id, listingId: provider.listing, reason } });
  }
  await sip.does('declareInterest', { input: { providerId: college.id, what: 'I taught there until 2024.' } });
  const { nodes: lists } = await sip.sees<{ nodes: { items: { reason: string }[] }[] }>(`{ shortlists(schoolUrn: ${school}) { nodes { items { reason } } } }`);
  expect(lists[0]!.items.map(({ reason }) => reason).sort()).toEqual(['A coach in each class.', 'A course for all.', 'Close by.']);
  const { version } = await sip.sees<{ version: number }>(`{ visit(id: ${inQuotes(visit.id)}) { version } }`);
  await sip.does('writeVisitNote', { id: visit.id, version, note: 'Three classes teach phonics in three ways.' });
  await areTold([[head, 'The note of the visit to Oak Lane Primary School']]);
  expect(await head.sees(`{ visit(id: ${inQuotes(visit.id)}) { note } }`)).toEqual({ note: 'Three classes teach phonics in three ways.' });
  expect(await officer.seesNothing(`{ visit(id: ${inQuotes(visit.id)}) { note } }`)).toBe(true);

  // Before leaving, the partner refers the school. No provider learns of it.
  await quiet();
  const referral = await sip.does('sendReferral', {
    input: {
      schoolUrn: school,
      visitId: visit.id,
      message: 'Teach early reading alike in all classes.',
      listings: [coaching, college, phonics].map(({ listing }) => ({ listingId: listing, reason: 'It fits.' })),
    },
  });
  await areTold([[head, 'Support that may fit Oak Lane Primary School']]);
  expect(await mailedAtOnce()).toEqual([`${head.email}: Support that may fit Oak Lane Primary School`]);
  const suggested = await head.sees<{ listings: { listing: { providerName: string; interests: { what: string }[] } }[] }>(
    `{ referral(id: ${inQuotes(referral.id)}) { listings { listing { providerName interests { what } } } } }`,
  );
  expect(suggested.listings.map(({ listing }) => [listing.providerName, ...listing.interests.map(({ what }) => what)])).toEqual([
    ['Coaching for Reading'],
    ['The Reading College', 'I taught there until 2024.'],
    ['Phonics First'],
  ]);

  // The head accepts, which makes a draft; says what the school needs in its own words; and opens it.
  const accepted = await head.does<{ request: { id: string; version: number; listings: object[] } }>(
    'acceptReferral',
    { id: referral.id, confidential: false, need: 'Three classes teach early reading in three ways.' },
    'request { id version listings { id } }',
  );
  await areTold([[sip, 'Oak Lane Primary School has accepted your referral']]);
  expect(accepted.request.listings).toHaveLength(3);
  const { id: requestId } = accepted.request;
  expect(await sip.seesNothing(request(requestId, 'need'))).toBe(true); // a draft is the school's own
  const said = await head.does<{ version: number }>(
    'updateSupportRequest',
    {
      id: requestId,
      version: accepted.request.version,
      input: { objectives: ['Phonics is taught alike in all classes.'], categories: ['TEACHING_AND_LEARNING'], phases: ['PRIMARY'], budgetPence: 200_000, triedInSchool: 'We watched each other teach.', closesOn: '2026-09-30' },
    },
    'version',
  );
  await head.does('openSupportRequest', { id: requestId, version: said.version });
  await areTold([[sip, 'Oak Lane Primary School has opened a request for support']]);
  expect(await sip.sees(request(requestId, 'need'))).toEqual({ need: 'Three classes teach early reading in three ways.' });

  // Three providers are invited.
  await quiet();
  const invite = ({ id: providerId, listing }: Provider) => head.does('inviteProvider', { requestId, providerId, listingId: listing });
  const [toCoaching, toCollege, toPhonics] = [await invite(coaching), await invite(college), await invite(phonics)];
  await areTold([
    [coaching.admin, 'Oak Lane Primary School invites Coaching for Reading to propose'],
    [college.admin, 'Oak Lane Primary School invites The Reading College to propose'],
    [phonics.admin, 'Oak Lane Primary School invites Phonics First to propose'],
  ]);
  expect(await mailedAtOnce()).toHaveLength(3);
  expect(await coaching.admin.sees(invitation(toCoaching.id, 'brief { need budgetPence school { name } } request { id }'))).toEqual({
    brief: { need: 'Three classes teach early reading in three ways.', budgetPence: 200_000, school: { name: 'Oak Lane Primary School' } },
    request: null,
  });
  expect(await college.admin.seesNothing(invitation(toCoaching.id, 'id'))).toBe(true); // nobody learns who else is invited

  // One asks; all read the answer, and not who asked.
  await coaching.admin.does('openInvitation', { id: toCoaching.id });
  await coaching.admin.does('askQuestion', { invitationId: toCoaching.id, text: 'How many teachers are new?' });
  await areTold([[head, 'A provider has asked about your request']]);
  const { questions } = await head.sees<{ questions: { id: string }[] }>(request(requestId, 'questions { id text }'));
  await head.does('answerQuestion', { id: questions[0]!.id, text: 'Two of six.' });
  await areTold([coaching, college, phonics].map(({ admin }) => [admin, 'A question about an invitation has been answered']));
  expect(await college.admin.sees(invitation(toCollege.id, 'questions { text answer yours }'))).toEqual({ questions: [{ text: 'How many teachers are new?', answer: 'Two of six.', yours: false }] });

  // Two propose, one declines. What they propose is sealed until the head begins to read.
  const propose = ({ admin }: Provider, { id: invitationId }: { id: string }, input: object) => admin.does('submitProposal', { invitationId, input: { vat: 'ADDED', startsOn: '2026-10-05', endsOn: '2026-12-11', ...input } });
  const ofCoaching = await propose(coaching, toCoaching, { summary: 'A coach, ten mornings.', pricePence: 110_000, travelPence: 4_000, whoComes: 'Cara Coach', worksWithPupils: true });
  await areTold([[head, 'There is a proposal for your request']]);
  expect(await head.sees(request(requestId, 'proposals { id } proposalCount'))).toEqual({ proposals: [], proposalCount: 1 });
  await propose(college, toCollege, { summary: 'A course of three days.', pricePence: 150_000 });
  await phonics.admin.does('declineInvitation', { id: toPhonics.id, reason: 'We are full until Easter.' });
  await areTold([[head, 'Phonics First declines', 'There is a proposal for your request']]);
  await coaching.admin.does('reviseProposal', { id: ofCoaching.id, version: 1, input: { pricePence: 100_000 } });
  await areTold([]);

  // The head compares them side by side, and reads beforehand what a choice needs.
  await head.does('readProposals', { id: requestId });
  const side = await head.sees<{ proposals: { provider: { name: string }; choiceNeeds: object }[] }>(
    request(requestId, 'proposals { provider { name } pricePence choiceNeeds(coverPence: 20000) { wholeCostPence quotesNeeded quotes moreQuotesNeeded governorsApproval } }'),
  );
  expect(side.proposals).toEqual([
    { provider: { name: 'Coaching for Reading' }, pricePence: 100_000, choiceNeeds: { wholeCostPence: 144_800, quotesNeeded: 3, quotes: 2, moreQuotesNeeded: true, governorsApproval: true } },
    { provider: { name: 'The Reading College' }, pricePence: 150_000, choiceNeeds: { wholeCostPence: 200_000, quotesNeeded: 3, quotes: 2, moreQuotesNeeded: true, governorsApproval: true } },
  ]);
  expect(await college.admin.seesNothing(`{ proposal(id: ${inQuotes(ofCoaching.id)}) { id } }`)).toBe(true);
  expect(await sip.sees(request(requestId, 'proposals { id }'))).toEqual({ proposals: [] });

  // The head chooses, and says what the limits ask for.
  const choice = { proposalId: ofCoaching.id, version: 2, coverPence: 20_000, reasons: 'A coach in the classroom is what we lack.' };
  expect(await head.isRefused('chooseProposal', { input: choice })).toBe('MORE_QUOTES_NEEDED');
  const fewer = { ...choice, fewerQuotesReason: 'Three were invited; one is full.' };
  expect(await head.isRefused('chooseProposal', { input: fewer })).toBe('APPROVAL_NEEDED');
  await areTold([]);
  const chosen = await head.does<{ engagement: { id: string; state: string } }>(
    'chooseProposal',
    { input: { ...fewer, approverName: 'Cy Chair', approverRole: 'Chair of governors', title: 'Reading coach' }, idempotencyKey: 'the choice' },
    'engagement { id state }',
  );
  expect(chosen.engagement.state).toBe('AWAITING_SIGN_OFF');
  await areTold([
    [sip, 'Oak Lane Primary School waits for your signature'],
    [coaching.admin, 'Your proposal has been chosen'],
    [college.admin, 'Your proposal has not been chosen'],
  ]);
  expect(await head.sees(request(requestId, 'state buyingRecord { wholeCostPence approverName reasons invited { name pricePence } }'))).toEqual({
    state: 'AGREED',
    buyingRecord: {
      wholeCostPence: 144_800,
      approverName: 'Cy Chair',
      reasons: 'A coach in the classroom is what we lack.',
      invited: [
        { name: 'Coaching for Reading', pricePence: 100_000 },
        { name: 'The Reading College', pricePence: 150_000 },
        { name: 'Phonics First', pricePence: null },
      ],
    },
  });
  expect(await officer.seesNothing(request(requestId, 'id'))).toBe(true); // never a school's private business

  // The partner signs it off; the provider says who comes and confirms their checks.
  const { id } = chosen.engagement;
  expect(await head.isRefused('signOffEngagement', { id })).toBe('FORBIDDEN');
  await sip.does('sendEngagementBack', { id, reason: 'Say how you will see whether it works.' });
  await areTold([[head, '“Reading coach” has been sent back']]);
  await head.does('addEvidence', { id, input: { wanted: 'Phonics checks of Year 1', dueOn: '2026-12-04' } });
  await sip.does('signOffEngagement', { id });
  await areTold([
    [head, '“Reading coach” is signed off'],
    [coaching.admin, 'Evidence is wanted for “Reading coach”', '“Reading coach” can go ahead'],
  ]);
  expect(await coaching.admin.isRefused('startEngagement', { id })).toBe('CHECKS_NOT_CONFIRMED'); // what can be seen to comes first
  const now = async () => (await head.sees<{ version: number }>(engagement(id, 'version'))).version;
  await coaching.admin.does('setVisitors', { id, version: await now(), visitors: [{ name: 'Cara Coach', role: 'Coach' }] });
  await coaching.admin.does('confirmSafeguarding', { id, version: await now(), statement: 'Her checks are current.' });
  expect(await coaching.admin.isRefused('startEngagement', { id })).toBe('NOT_ALLOWED_IN_THIS_STATE'); // its first day is still to come
  await head.does('addAction', { id, input: { what: 'Free the teachers on Mondays', owner: 'SCHOOL', ownerName: 'Helen Head', dueOn: '2026-10-02' } });
  await head.does('setReviewDates', { id, version: await now(), days: ['2026-11-06', '2026-12-11'] });
  await areTold([
    [head, 'Who comes for “Reading coach”', 'The checks for “Reading coach” are confirmed'],
    [coaching.admin, 'A new action in “Reading coach”', 'Review dates of “Reading coach”'],
    [sip, 'Review dates of “Reading coach”'],
  ]);
  const { actions } = await head.sees<{ actions: { id: string }[] }>(engagement(id, 'actions { id }'));
  await head.does('completeAction', { actionId: actions[0]!.id });
  await areTold([[coaching.admin, 'An action of “Reading coach” is done']]);

  // It starts by itself on its first day; no client repeats a rule.
  server.clock.advance({ days: 26 });
  await server.app.brokerage.passTimeForEngagements();
  await areTold([head, coaching.admin, sip].map((person) => [person, '“Reading coach” has started']));

  // Two reviews: one of the school, one of its partner.
  server.clock.advance({ days: 32 });
  await head.does('addReview', { id, input: { heldOn: '2026-11-05', rag: 'AMBER', words: 'Two classes of three.', figures: [{ what: 'Classes', value: 2 }] } });
  await areTold([[coaching.admin, '“Reading coach” has been reviewed'], [sip, 'Oak Lane Primary School has reviewed “Reading coach”']]);
  server.clock.advance({ days: 34 });
  await sip.does('addReview', { id, input: { heldOn: '2026-12-10', rag: 'GREEN', words: 'All three.' } });
  await areTold([head, coaching.admin].map((person) => [person, '“Reading coach” has been reviewed']));
  expect(await coaching.admin.sees(engagement(id, 'reviews { rag words by }'))).toEqual({
    reviews: [
      { rag: 'AMBER', words: 'Two classes of three.', by: 'SCHOOL' },
      { rag: 'GREEN', words: 'All three.', by: 'SIP' },
    ],
  });
  const { evidence } = await head.sees<{ evidence: { id: string }[] }>(engagement(id, 'evidence { id }'));
  await coaching.admin.does('giveEvidence', { evidenceId: evidence[0]!.id, input: { given: 'From 61 to 78 in a hundred.' } });
  await head.does('completeEngagement', { id });
  await areTold([
    [head, 'There is new evidence for “Reading coach”'],
    [coaching.admin, '“Reading coach” is completed'],
    [sip, '“Reading coach” is completed'],
  ]);

  // The head rates it, having read who will see that; the provider replies, once.
  const form = await head.sees<{ allowed: boolean; whoWillSee: string; engagement: { objectives: { id: string }[] } }>(
    `{ ratingForm(engagementId: ${inQuotes(id)}) { allowed whoWillSee engagement { objectives { id } } } }`,
  );
  expect(form).toMatchObject({ allowed: true, whoWillSee: expect.stringContaining('Coaching for Reading') });
  const given = {
    objectives: form.engagement.objectives.map((each) => ({ objectiveId: each.id, result: 'MET', baseline: 'One class in three.', after: 'Three of three.' })),
    helpfulness: 4,
    wouldRecommend: true,
    words: 'She taught beside us.',
  };
  expect(await head.isRefused('giveRating', { engagementId: id, input: { ...given, understood: false } })).toBe('VALIDATION');
  const rating = await head.does('giveRating', { engagementId: id, input: { ...given, understood: true } });
  await areTold([
    [coaching.admin, 'Oak Lane Primary School has rated “Reading coach”'],
    [sip, 'Oak Lane Primary School has rated “Reading coach”'],
  ]);
  await coaching.admin.does('replyToRating', { id: rating.id, reply: 'It was a pleasure.' });
  expect(await coaching.admin.isRefused('replyToRating', { id: rating.id, reply: 'And another thing.' })).toBe('NOT_ALLOWED_IN_THIS_STATE');
  await areTold([
    [head, 'Coaching for Reading replies to your rating'],
    [sip, 'Coaching for Reading replies to a rating'],
  ]);
  const theRating = `{ rating(id: ${inQuotes(rating.id)}) { words reply } }`;
  for (const person of [head, coaching.admin, sip]) expect(await person.sees(theRating)).toEqual({ words: 'She taught beside us.', reply: 'It was a pleasure.' });
  for (const person of [college.admin, officer]) expect(await person.seesNothing(theRating)).toBe(true);

  // One school is too few for the public to read anything of it.
  expect(await officer.sees(`{ listing(id: ${inQuotes(coaching.listing)}) { evidenceOfOutcomes { tooFewYet schools words { words } } } }`)).toEqual({ evidenceOfOutcomes: { tooFewYet: true, schools: null, words: [] } });

  // With one more confirmation the rating becomes a recommendation.
  const draft = await head.sees<{ recommendationDraft: { whatChanged: string } }>(`{ rating(id: ${inQuotes(rating.id)}) { recommendationDraft { whatWasDone whatChanged renews } } }`);
  expect(draft.recommendationDraft).toEqual({ whatWasDone: 'Reading coach', whatChanged: 'She taught beside us.', renews: false });
  expect(await head.isRefused('recommendFromRating', { ratingId: rating.id, input: { noInterest: false } })).toBeDefined();
  const recommendation = await head.does<{ state: string; school: { urn: number }; provider: { id: string } }>(
    'recommendFromRating',
    { ratingId: rating.id, input: { noInterest: true } },
    'state school { urn } provider { id }',
  );
  expect(recommendation).toEqual({ state: 'GIVEN', school: { urn: school }, provider: { id: coaching.id } });
  await areTold([[coaching.admin, 'Oak Lane Primary School recommends Coaching for Reading']]);

  // The governors read the whole of it on a page.
  const page = await head.sees<{ spentPence: number; sought: { nodes: object[] }; agreed: { nodes: object[] } }>(
    `{ outcomesForGovernors(schoolUrn: ${school}, from: "2026-09-01", to: "2026-12-31") { spentPence sought { nodes { need state } } agreed { nodes { title state rating { helpfulness } } } } }`,
  );
  expect(page).toEqual({
    spentPence: 144_800,
    sought: { nodes: [{ need: 'Three classes teach early reading in three ways.', state: 'AGREED' }] },
    agreed: { nodes: [{ title: 'Reading coach', state: 'COMPLETED', rating: { helpfulness: 4 } }] },
  });
});

test('small things stay small: support agreed already is recorded in one screen', async () => {
  const { world } = server;
  const urn = await world.school({ name: 'Elm Road Primary School' });
  const lead = await Person.named('Eli Elm', server, await world.lead(urn));
  await quiet();
  const input = { listingId: college.listing, schoolUrn: urn, startsOn: londonDay(server.clock.now()), pricePence: 30_000, vat: 'INCLUDED', pupilsConcerned: false, objective: { text: 'A twilight on phonics for all.' }, title: 'Twilight' };
  const { id, ...recorded } = await lead.does<{ id: string; state: string; confirmed: boolean }>('recordEngagement', { input }, 'id state confirmed');
  expect(recorded).toEqual({ state: 'AGREED', confirmed: false });
  await areTold([[college.admin, 'Elm Road Primary School has recorded support by you']]);
  expect(await lead.isRefused('startEngagement', { id })).toBe('NOT_CONFIRMED');
  await college.admin.does('confirmEngagement', { id });
  expect(await lead.isTold()).toEqual(['The Reading College confirms “Twilight”']);
  await lead.does('startEngagement', { id });
  const done = await lead.does<{ objectives: { id: string }[] }>('completeEngagement', { id }, 'objectives { id }');
  await lead.does('giveRating', {
    engagementId: id,
    input: { understood: true, objectives: [{ objectiveId: done.objectives[0]!.id, result: 'TOO_EARLY' }], helpfulness: 3, wouldRecommend: false },
  });
  expect(await lead.isTold()).toEqual([]);
  await areTold([[college.admin, '“Twilight” has started', '“Twilight” is completed', 'Elm Road Primary School has rated “Twilight”']]);

  // It was too early to say, so the school is asked again, half a year later.
  server.clock.advance({ days: 190 });
  await server.app.outcomes.ratings.passTime();
  expect(await lead.isTold()).toEqual(['What came of “Twilight”?']);
});

test('smaller still: a free resource was used, which its provider never learns', async () => {
  const { world } = server;
  const urn = await world.school({ name: 'Ash Grove Primary School' });
  const lead = await Person.named('Ada Ash', server, await world.lead(urn));
  const created = await phonics.admin.does('createListing', {
    providerId: phonics.id,
    input: { title: 'Sounds at home', summary: 'A booklet.', categories: ['TEACHING_AND_LEARNING'], phases: ['PRIMARY'], delivery: ['ONLINE'], national: true, price: { kind: 'FREE', link: 'https://example.org/sounds' } },
  });
  await phonics.admin.does('publishListing', { id: created.id });
  await quiet();
  const used = await lead.does('recordFreeResource', { input: { listingId: created.id, schoolUrn: urn, usedOn: '2026-09-07', objective: { text: 'Parents know the sounds.' } } }, 'id state objectives { id }') as { id: string; state: string; objectives: { id: string }[] };
  expect(used.state).toBe('COMPLETED');
  await lead.does('giveRating', { engagementId: used.id, input: { understood: true, objectives: [{ objectiveId: used.objectives[0]!.id, result: 'MET' }], helpfulness: 3, wouldRecommend: true } });
  await areTold([]);
  expect(await mailedAtOnce()).toEqual([]);
  expect(await phonics.admin.seesNothing(engagement(used.id, 'id'))).toBe(true);
  expect(await phonics.admin.sees<{ nodes: object[] }>('{ myEngagements { nodes { id } } }')).toEqual({ nodes: [] });
});
