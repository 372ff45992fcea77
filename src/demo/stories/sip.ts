import { FERNSHIRE, WEXBOURNE } from '../content/places.js';
import type { Story } from '../teller.js';

const OTTERHOLME = 900004;

/** Moira's visits: one held last week with a referral that waits, one to come, one called off. */
export const visitsOfMoira: Story = async function* (teller) {
  const { visits, shortlists, referrals } = teller.referrals;
  yield 20;
  const [moira, ruth, alison] = [await teller.person('sip@fernshire.example'), await teller.head(OTTERHOLME), await teller.head(900001)];
  const held = await visits.plan(moira, { schoolUrn: OTTERHOLME, date: teller.daysAgo(6), focus: 'Writing in Key Stage 2, and staffing for SEND next term.' });
  const coming = await visits.plan(moira, { schoolUrn: 900001, date: teller.inDays(6), focus: 'The curriculum in mixed-age classes, across both schools of the federation.' });
  const off = await visits.plan(moira, { schoolUrn: 900009, date: teller.inDays(9), focus: 'Reading for pleasure.' });
  yield 15;
  await visits.addAgendaPoint(ruth, held, { text: 'Moderation: we no longer trust our own judgements.' });
  yield 12;
  await visits.cancel(off, { actor: moira });
  yield 6;
  await shortlists.add(moira, { schoolUrn: OTTERHOLME, visitId: held, listingId: teller.listing('haverleigh-junior'), reason: 'Three meetings a year, with schools of the same size.' });
  await shortlists.add(moira, { schoolUrn: OTTERHOLME, visitId: held, listingId: teller.listing('aldous'), reason: 'Rehearses the conversation. I know him, which the school should know.' });
  yield 5;
  await visits.writeNote(
    held,
    'Looked at books from Years 4 and 6 with Ruth and both teachers. Stamina has improved; spelling has not. Judgements are generous at the boundary. ' +
      'Ruth will think about moderation with other schools. We did not reach SEND and have put a call in the diary.',
    { actor: moira },
  );
  yield 4;
  await referrals.send(moira, {
    schoolUrn: OTTERHOLME,
    visitId: held,
    message: 'Two ways to get a second opinion on writing before the summer. The first is nearly free.',
    listings: [
      { listingId: teller.listing('haverleigh-junior'), reason: 'Other schools’ books beside yours, three times a year.' },
      { listingId: teller.listing('aldous'), reason: 'A day’s rehearsal with your subject leader.' },
    ],
  });
  yield 3;
  await visits.addAgendaPoint(alison, coming, { text: 'Is a two-year cycle enough for history?' });
  await visits.addAgendaPoint(alison, coming, { text: 'What governors should ask about it.' });
};

/** Referrals that ended in each of the other ways. */
export const referralsAnswered: Story = async function* (teller) {
  const { referrals } = teller.referrals;
  yield 110;
  const [moira, desmond] = [await teller.person('sip@fernshire.example'), await teller.person('sip2@fernshire.example')];
  await referrals.send(moira, {
    schoolUrn: 900034,
    message: 'You mentioned the transition to Year 7. The hub has places.',
    listings: [{ listingId: teller.listing('maths-hub'), reason: 'Free, and two of your feeder schools take part.' }],
  });
  yield 52;
  const declined = await referrals.send(desmond, {
    schoolUrn: 900014,
    message: 'Since you asked about coaching for middle leaders.',
    listings: [{ listingId: teller.listing('tenterfield'), reason: 'A course over two terms.' }],
  });
  const taken = await referrals.send(desmond, {
    schoolUrn: 900031,
    message: 'For the conversation about assessment that we had.',
    listings: [{ listingId: teller.listing('copley'), reason: 'I meant another listing.' }],
  });
  yield 50;
  await referrals.withdraw(desmond, taken);
  yield 45;
  await referrals.decline(await teller.head(900014), declined, { reason: 'Good, but not this year: our two middle leaders are on other courses.' });
  yield 8;
  const accepted = await referrals.send(moira, {
    schoolUrn: 900002,
    message: 'A rolling programme for your two classes, from people who teach in the same way.',
    listings: [{ listingId: teller.listing('thrusley'), reason: 'A small school like yours.' }],
  });
  yield 4;
  await referrals.accept(await teller.head(900002), accepted, { need: 'A two-year programme for history and geography in two mixed-age classes.', confidential: false });
};

/** SIPs ask each other, and no school is named. */
export const questionsAmongSips: Story = async function* (teller) {
  const { suggestions } = teller.referrals;
  yield 130;
  const [moira, desmond, gillian] = [
    await teller.person('sip@fernshire.example'), await teller.person('sip2@fernshire.example'), await teller.person('sip@wexbourne.example'),
  ];
  await suggestions.ask(desmond, { question: 'Does anybody know a course for midday supervisors that is not a slide show?', category: 'BEHAVIOUR_AND_ATTENDANCE', phase: 'PRIMARY' });
  yield 40;
  const answered = await suggestions.ask(moira, {
    question: 'A governing body that is kind and asks nothing. Who has seen a review that changed something?', category: 'GOVERNANCE', laCodes: [FERNSHIRE, WEXBOURNE],
  });
  yield 38;
  await suggestions.suggest(gillian, { requestId: answered, listingId: teller.listing('pym'), reason: 'Direct, and chairs thank him for it.' });
  await suggestions.suggest(desmond, { requestId: answered, listingId: teller.listing('board-basics'), reason: 'Free, for those who have only just joined.' });
  yield 30;
  await suggestions.close(moira, answered);
  yield 3;
  await suggestions.ask(desmond, {
    question: 'A secondary school with good results and too many suspensions, most of them on Fridays. What would you suggest beyond training?',
    category: 'BEHAVIOUR_AND_ATTENDANCE',
    phase: 'SECONDARY',
  });
};

/** What a SIP has written for a school, and what the SIP is still writing. */
export const draftedBySips: Story = async function* (teller) {
  const { requests } = teller.brokerage;
  yield 7;
  const [moira, desmond] = [await teller.person('sip@fernshire.example'), await teller.person('sip2@fernshire.example')];
  const submitted = await requests.draft(moira, 900005, {
    need: 'Governors would like to understand standards without reading forty pages: one evening with the school’s own figures, and a page to keep.',
    objectives: ['Each governor can say what the figures show and what they do not.'],
    categories: ['GOVERNANCE'],
    phases: ['PRIMARY'],
    budgetPence: 40_000,
  });
  await requests.draft(desmond, 900019, { need: 'A way to look at Friday suspensions with the heads of year, before deciding on training.', categories: ['BEHAVIOUR_AND_ATTENDANCE'] });
  yield 5;
  await requests.act(submitted, 'submit', { actor: moira });
};
