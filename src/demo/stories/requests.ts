import type { Actor } from '../../platform/actor.js';
import type { Story, Teller } from '../teller.js';

const OTTERHOLME = 900004;
const COLLEGE = 900012;

/** Invites the first listings of these providers. @returns the invitations in their order */
export async function invite(teller: Teller, lead: Actor, requestId: string, keys: string[]): Promise<string[]> {
  const sent: string[] = [];
  for (const key of keys) sent.push(await teller.brokerage.invitations.send(lead, { requestId, providerId: teller.provider(key), listingId: teller.listing(key) }));
  return sent;
}

/** The college compares what three would charge: VAT stands differently to each price. */
export const planningCosts: Story = async function* (teller) {
  const { requests, invitations, proposals } = teller.brokerage;
  yield 25;
  const [paula, corinne, sue, judith] = [
    await teller.person('business@haverleigh-college.example'), await teller.contact('ledgerwood'), await teller.contact('ridout'), await teller.contact('tenterfield'),
  ];
  const request = await requests.draft(paula, COLLEGE, {
    need: 'Our sixth form has shrunk and our curriculum has not. We want to see what each class costs before options go out, with somebody who can say so to heads of department.',
    objectives: ['A three-year plan in which curriculum, staffing and budget agree.', 'Heads of department understand the cost of their own classes.'],
    categories: ['FINANCE_AND_OPERATIONS'],
    phases: ['SECONDARY', 'SIXTEEN_PLUS'],
    budgetPence: 350_000,
    triedInSchool: 'The published tool, filled in twice with different answers.',
    closesOn: teller.daysAgo(4),
  });
  await requests.act(request, 'open', { actor: paula });
  const [toCorinne, toSue, toJudith] = (await invite(teller, paula, request, ['ledgerwood', 'ridout', 'tenterfield', 'corvane'])) as [string, string, string, string];
  yield 21;
  await invitations.act(toCorinne, 'open', { actor: corinne });
  await invitations.ask(corinne, toCorinne, 'Do you want the part-time timetable costed as it is, or as it would be without split classes?');
  yield 20;
  await invitations.answer(paula, await teller.questionTo(request), 'Both, side by side. The split classes are what we most disagree about.');
  yield 14;
  await proposals.submit(corinne, toCorinne, {
    summary: 'Four days on your timetable and payroll data, a workbook that you keep, and a meeting with each faculty.',
    outcome: 'One set of figures that finance and curriculum both use.',
    whoComes: 'Corinne Ashby-Hall and an analyst.',
    startsOn: teller.inDays(14), endsOn: teller.inDays(50), pricePence: 240_000, vat: 'ADDED', travelPence: 9_000, worksWithPupils: false,
  });
  yield 11;
  await proposals.submit(sue, toSue, {
    summary: 'Three days in school and two at my desk. You and I build the model together, so that next year you need nobody.',
    outcome: 'A plan for three years and a business manager who can change it.',
    whoComes: 'Sue Ridout.',
    startsOn: teller.inDays(18), endsOn: teller.inDays(46), pricePence: 197_500, vat: 'NOT_CHARGED', travelPence: 12_600, worksWithPupils: false,
  });
  const third = await proposals.submit(judith, toJudith, {
    summary: 'A facilitated day for leaders on choices in the curriculum.', startsOn: teller.inDays(30), pricePence: 180_000, vat: 'ADDED',
  });
  yield 8;
  await proposals.withdraw(judith, third);
  yield 3;
  await requests.act(request, 'read', { actor: paula });
};

/** Otterholme keeps this between its head, its SENCO and whom it invites, who do not learn which school asks. */
export const confidential: Story = async function* (teller) {
  const { requests, invitations, proposals } = teller.brokerage;
  yield 13;
  const [ruth, leah, marian, farida] = [await teller.head(OTTERHOLME), await teller.person('senco@otterholme.example'), await teller.contact('copley'), await teller.contact('haque')];
  const request = await requests.draft(ruth, OTTERHOLME, {
    need: 'Our provision for pupils with SEND rests on one person, who will be away for some time. We need somebody to hold it together for a term and to teach two of us to do so afterwards.',
    objectives: ['Every plan is reviewed on time.', 'Two members of staff can run an annual review.'],
    categories: ['SEND_AND_INCLUSION'],
    phases: ['PRIMARY'],
    budgetPence: 600_000,
    triedInPartnership: 'We have asked one partner school, which has nobody to spare.',
    confidential: true,
    allLeads: false,
    personIds: [leah.personId!],
    closesOn: teller.inDays(12),
  });
  await requests.act(request, 'open', { actor: ruth });
  const [toMarian, toFarida] = (await invite(teller, ruth, request, ['copley', 'haque', 'traded-psychology'])) as [string, string, string];
  yield 7;
  await invitations.act(toMarian, 'open', { actor: marian });
  await invitations.act(toFarida, 'open', { actor: farida });
  await invitations.ask(farida, toFarida, 'How many pupils have a plan, and how many reviews fall into the term?');
  yield 3;
  await proposals.submit(marian, toMarian, {
    summary: 'Two days a week for eleven weeks: reviews, the calendar, and an hour a week with each of the two who take over.',
    outcome: 'No review missed, and a handover file that is used.',
    whoComes: 'Marian Copley.',
    startsOn: teller.inDays(20), endsOn: teller.inDays(98), pricePence: 528_000, vat: 'NOT_CHARGED', travelPence: 0, worksWithPupils: true,
  });
  yield 2;
  await proposals.submit(farida, toFarida, {
    summary: 'One day a week of supervision, with an assistant psychologist for the reviews.',
    outcome: 'Two staff who are supervised as they learn.',
    whoComes: 'Farida Haque and an assistant.',
    startsOn: teller.inDays(25), endsOn: teller.inDays(100), pricePence: 655_000, vat: 'NOT_CHARGED', travelPence: 18_000, worksWithPupils: true,
  });
};

/** Three schools buy together; one of them has still to say yes. */
export const joint: Story = async function* (teller) {
  const { requests, invitations } = teller.brokerage;
  yield 9;
  const [tom, simon, lydia] = [await teller.head(900015), await teller.head(900027), await teller.contact('haverleigh-university')];
  const request = await requests.draft(tom, 900015, {
    need: 'Our three schools want teachers of the same year group to plan and watch lessons together. None of us has enough classes to do it alone.',
    objectives: ['Three cycles of lesson study across the schools.'],
    categories: ['TEACHING_AND_LEARNING'],
    phases: ['PRIMARY'],
    partnerUrns: [900014, 900027],
    budgetPence: 200_000,
    sharedWithSip: true,
    closesOn: teller.inDays(13),
  });
  await requests.act(request, 'open', { actor: tom });
  const [toLydia] = await invite(teller, tom, request, ['haverleigh-university', 'castle-street']);
  yield 6;
  await requests.join(simon, request);
  yield 4;
  await invitations.act(toLydia!, 'open', { actor: lydia });
};

/** Invitations that lie on the desks of providers. */
export const invitationsWaiting: Story = async function* (teller) {
  const { requests } = teller.brokerage;
  yield 5;
  const karen = await teller.head(900034);
  const reading = await requests.draft(karen, 900034, {
    need: 'Some of our Year 5 arrive without secure phonics and we have nobody who has taught it.',
    categories: ['TEACHING_AND_LEARNING'], phases: ['PRIMARY'], budgetPence: 150_000, sharedWithSip: true, closesOn: teller.inDays(15),
  });
  await requests.act(reading, 'open', { actor: karen });
  await invite(teller, karen, reading, ['farrant', 'english-hub']);
  yield 4;
  const hannah = await teller.head(900028);
  const review = await requests.draft(hannah, 900028, {
    need: 'Two years after we joined two schools into one we would like colleagues to look at us with fresh eyes, on one question: do the older pupils know more?',
    categories: ['LEADERSHIP_AND_MANAGEMENT'], phases: ['PRIMARY'], budgetPence: 90_000, closesOn: teller.inDays(17),
  });
  await requests.act(review, 'open', { actor: hannah });
  await invite(teller, hannah, review, ['market-ossing', 'aldous']);
  yield 2;
  const colin = await teller.head(900040);
  const office = await requests.draft(colin, 900040, {
    need: 'Our bursar retires at the end of term. Until we know what we can pay we need a business manager for a day or two a week.',
    categories: ['FINANCE_AND_OPERATIONS'], phases: ['PRIMARY'], budgetPence: 800_000, closesOn: teller.inDays(19),
  });
  await requests.act(office, 'open', { actor: colin });
  await invite(teller, colin, office, ['ledgerwood', 'ridout']);
};
