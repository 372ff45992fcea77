import type { Story } from '../teller.js';

const SKELBY = 900005;

/** A term from a visit to a rating: Skelby, its SIP, and three providers who are invited. */
export const phonics: Story = async function* (teller) {
  const { requests, invitations, proposals, choices, engagements, actions, evidence, reviews } = teller.brokerage;
  const { visits, shortlists, referrals } = teller.referrals;
  yield 86;
  const [moira, gareth, jill] = [await teller.person('sip@fernshire.example'), await teller.head(SKELBY), await teller.contact('farrant')];
  const [bridget, mark] = [await teller.contact('english-hub'), await teller.contact('haverleigh-junior')];
  const visit = await visits.plan(moira, { schoolUrn: SKELBY, date: teller.daysAgo(79), focus: 'Early reading: what the Year 1 check tells us, and what it does not.' });
  yield 82;
  await visits.addAgendaPoint(gareth, visit, { text: 'Two of three Key Stage 1 teachers are new to the scheme.' });
  await visits.addAgendaPoint(gareth, visit, { text: 'What the budget for training allows before April.' });
  yield 79;
  await shortlists.add(moira, { schoolUrn: SKELBY, visitId: visit, listingId: teller.listing('farrant'), reason: 'A day in classrooms first; nearest, and two of our schools vouch for her.' });
  await shortlists.add(moira, { schoolUrn: SKELBY, visitId: visit, listingId: teller.listing('english-hub'), reason: 'Free, if the hub still has places this year.' });
  yield 78;
  await visits.writeNote(
    visit,
    'Walked through all Key Stage 1 lessons with Gareth. Routines differ from room to room; the assistants have had no training since the scheme changed. ' +
      'We agreed that one outside look is worth more than another day of reading about it. Gareth will decide; I have pointed him to two possibilities.',
    { actor: moira },
  );
  yield 74;
  const referral = await referrals.send(moira, {
    schoolUrn: SKELBY,
    visitId: visit,
    message: 'As we said on the visit: somebody to look at how phonics is taught from Reception to Year 2, and to train the assistants.',
    listings: [
      { listingId: teller.listing('farrant'), reason: 'Watches first, and leaves a short list.' },
      { listingId: teller.listing('english-hub'), reason: 'No charge; asks for time from your reading leader.' },
    ],
  });
  yield 71;
  const need = 'Phonics is taught in three ways in three classrooms, and our assistants have not been trained since we changed scheme. We want one way of doing it by Easter.';
  await referrals.accept(gareth, referral, { need, confidential: false });
  const [request] = (await teller.ids('request WHERE referral_id = $1', referral)) as [string];
  await requests.update(gareth, request, await teller.version('request', request), {
    objectives: ['All adults in Reception and Key Stage 1 use the same routines.', 'Assistants lead their groups without a script.'],
    categories: ['TEACHING_AND_LEARNING'],
    phases: ['PRIMARY'],
    wantedFrom: teller.daysAgo(46),
    budgetPence: 300_000,
    triedInSchool: 'Two staff meetings led by the reading leader; lessons watched in pairs.',
    triedInPartnership: 'A morning at Brackenby Park, which was good to see and hard to copy.',
    closesOn: teller.daysAgo(53),
  });
  yield 70;
  await requests.act(request, 'open', { actor: gareth });
  const invite = (key: string) => invitations.send(gareth, { requestId: request, providerId: teller.provider(key), listingId: teller.listing(key) });
  const [toJill, toHub, toJunior] = [await invite('farrant'), await invite('english-hub'), await invite('haverleigh-junior')];
  yield 67;
  await invitations.act(toJill, 'open', { actor: jill });
  await invitations.act(toHub, 'open', { actor: bridget });
  yield 65;
  await invitations.ask(jill, toJill, 'Which scheme do you use, and do all classes have the same decodable books?');
  await invitations.act(toJunior, 'decline', { actor: mark });
  yield 64;
  await invitations.answer(gareth, await teller.questionTo(request), 'The scheme came with its own books two years ago. Reception and Year 1 have full sets; Year 2 has what was left of the old ones.');
  yield 60;
  const chosen = await proposals.submit(jill, toJill, {
    summary: 'A day in classrooms with your reading leader beside me. A half day with all assistants a week later. Two mornings of coaching, four weeks apart, and a short report to governors.',
    outcome: 'The same routines in every room, and a reading leader who can keep them going without me.',
    whoComes: 'Jill Farrant, each time.',
    startsOn: teller.daysAgo(44),
    endsOn: teller.daysAgo(15),
    pricePence: 104_500,
    vat: 'NOT_CHARGED',
    travelPence: 6_300,
    worksWithPupils: true,
  });
  yield 58;
  await proposals.submit(bridget, toHub, {
    summary: 'An audit, then six days of a literacy specialist over two terms. Your reading leader is released for twelve half days.',
    outcome: 'An action plan that the hub reviews with you each half term.',
    whoComes: 'A literacy specialist of the hub.',
    startsOn: teller.daysAgo(30),
    endsOn: teller.inDays(120),
    pricePence: 0,
    vat: 'NOT_CHARGED',
    worksWithPupils: false,
  });
  yield 56;
  await proposals.revise(jill, chosen, await teller.version('proposal', chosen), { travelPence: 5_400 });
  yield 50;
  await requests.act(request, 'read', { actor: gareth });
  yield 49;
  const engagement = await choices.choose(gareth, {
    proposalId: chosen,
    version: await teller.version('proposal', chosen),
    title: 'One way of teaching phonics',
    reasons: 'It can be done before Easter. The hub is free, but twelve half days of cover would have cost more than the price.',
    interests: '',
    coverPence: 42_000,
    approverName: '',
    approverRole: '',
    fewerQuotesReason: '',
  });
  yield 48;
  await engagements.act(engagement, 'sendBack', { actor: moira, reason: 'Please say how you will know by the end of term. One figure is enough.' });
  yield 47;
  await evidence.want(gareth, engagement, { wanted: 'Phonics screening practice paper for Year 1, before and after.', dueOn: teller.daysAgo(17) });
  yield 46;
  await engagements.act(engagement, 'signOff', { actor: moira });
  await engagements.setVisitors(jill, engagement, await teller.version('engagement', engagement), [{ name: 'Jill Farrant', role: 'Early reading adviser' }]);
  yield 45;
  await engagements.confirmSafeguarding(
    jill,
    engagement,
    await teller.version('engagement', engagement),
    'I hold an enhanced DBS certificate with barred-list check, on the update service, and bring it with photo identification on the first day.',
  );
  yield 44;
  await reviews.setDates(gareth, engagement, await teller.version('engagement', engagement), [teller.daysAgo(31), teller.daysAgo(18)]);
  yield 43;
  await actions.add(jill, engagement, { what: 'Short list of routines, on one page for each room.', owner: 'PROVIDER', ownerName: 'Jill Farrant', dueOn: teller.daysAgo(38) });
  await actions.add(gareth, engagement, { what: 'Full sets of decodable books for Year 2.', owner: 'SCHOOL', ownerName: 'Gareth Lunn', dueOn: teller.daysAgo(29) });
  yield 39;
  const [list, books] = (await teller.ids('engagement_action WHERE engagement_id = $1 ORDER BY due_on', engagement)) as [string, string];
  await actions.complete(jill, list);
  yield 36;
  await actions.complete(gareth, books);
  yield 31;
  await reviews.add(gareth, engagement, {
    heldOn: teller.daysAgo(31),
    rag: 'AMBER',
    words: 'Reception and Year 1 are alike already. Year 2 waited for its books and is two weeks behind.',
    figures: [{ what: 'Lessons seen in which the routines were used, of ten', value: 6 }],
  });
  yield 18;
  await reviews.add(moira, engagement, {
    heldOn: teller.daysAgo(18),
    rag: 'GREEN',
    words: 'Saw all three rooms with the reading leader. She could say what was next for each adult.',
    figures: [{ what: 'Lessons seen in which the routines were used, of ten', value: 9 }],
  });
  yield 17;
  const [paper] = (await teller.ids('engagement_evidence WHERE engagement_id = $1', engagement)) as [string];
  await evidence.give(gareth, paper, { given: 'Practice paper: 54% at the standard before, 71% after (28 pupils).' });
  yield 15;
  await engagements.act(engagement, 'complete', { actor: gareth });
  yield 12;
  const [routines, groups] = (await teller.objectivesOf(engagement)) as [string, string];
  const rating = await teller.ratings.give(gareth, engagement, {
    understood: true,
    objectives: [
      { objectiveId: routines, result: 'MET', baseline: 'Three ways in three rooms.', after: 'Nine lessons of ten alike.' },
      { objectiveId: groups, result: 'PARTLY', baseline: 'Every group from a script.', after: 'Four of six assistants lead without it.' },
    ],
    helpfulness: 4,
    wouldRecommend: true,
    words: 'What we paid for was four visits; what we got was a reading leader who is sure of herself.',
    mayBeAsked: true,
  });
  yield 10;
  await teller.ratings.reply(jill, rating, 'It was a pleasure. I will ask after the two assistants in the summer, at no charge.');
};
