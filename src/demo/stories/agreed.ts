import type { Story } from '../teller.js';
import { invite } from './requests.js';

const SKELBY = 900005;

/** Skelby's chair has chosen, and the school's plan needs the SIP's signature. */
export const attendance: Story = async function* (teller) {
  const { requests, invitations, proposals, choices } = teller.brokerage;
  yield 27;
  const bill = await teller.person('chair@skelby.example');
  const [lorna, wendy, geraint] = [await teller.contact('registerwise'), await teller.contact('brackenby-park'), await teller.contact('attendance-inclusion')];
  const request = await requests.draft(bill, SKELBY, {
    need: 'One pupil in five misses a day a fortnight. We would like somebody to go through it with us, family by family, and to teach the office how to go on.',
    objectives: ['Persistent absence below 12% by the summer.'],
    categories: ['BEHAVIOUR_AND_ATTENDANCE'],
    phases: ['PRIMARY'],
    budgetPence: 120_000,
    triedInSchool: 'Letters, certificates, and a walking bus that nobody walked with.',
    closesOn: teller.daysAgo(6),
  });
  await requests.act(request, 'open', { actor: bill });
  const [toLorna, toWendy, toGeraint] = (await invite(teller, bill, request, ['registerwise', 'brackenby-park', 'attendance-inclusion', 'young-carers'])) as [string, string, string];
  yield 22;
  await invitations.act(toGeraint, 'decline', { actor: geraint, reason: 'You have our targeting meeting each term already; for casework we have nobody this year.' });
  yield 19;
  await proposals.submit(lorna, toLorna, {
    summary: 'A welfare officer for half a day a week for a term, with your office beside them.', outcome: 'A routine for the first, third and tenth day.',
    whoComes: 'One of three welfare officers.', startsOn: teller.inDays(12), endsOn: teller.inDays(95), pricePence: 186_000, vat: 'ADDED', worksWithPupils: true,
  });
  const chosen = await proposals.submit(wendy, toWendy, {
    summary: 'Our attendance officer and family worker with you for two days, then a call each fortnight until summer.', outcome: 'Your office does what ours does.',
    whoComes: 'Our attendance officer and our family worker.', startsOn: teller.inDays(8), endsOn: teller.inDays(90), pricePence: 56_000, vat: 'NOT_CHARGED', travelPence: 2_400,
    worksWithPupils: false,
  });
  yield 5;
  await requests.act(request, 'read', { actor: bill });
  yield 4;
  await choices.choose(bill, {
    proposalId: chosen,
    version: await teller.version('proposal', chosen),
    title: 'Every family, by name',
    reasons: 'A school like ours that has done it. The other offer costs three times as much and would do it for us.',
    interests: 'None. One governor’s niece works at Brackenby Park; she took no part.',
    coverPence: 12_000,
    approverName: '',
    approverRole: '',
    fewerQuotesReason: '',
  });
};

/** Where a school has no SIP, the council's stand-in signs. */
export const standIn: Story = async function* (teller) {
  yield 4;
  await teller.brokerage.recordings.record(await teller.head(900027), {
    listingId: teller.listing('market-ossing'), schoolUrn: 900027, startsOn: teller.inDays(10), endsOn: teller.inDays(11), pricePence: 60_000, vat: 'NOT_CHARGED', pupilsConcerned: false,
    objective: { text: 'We know what a visitor sees in our history lessons.', category: 'LEADERSHIP_AND_MANAGEMENT' }, sharedWithSip: true,
  });
};

/** What schools have written down in one screen, and providers are asked to confirm. */
export const toConfirm: Story = async function* (teller) {
  const { recordings, engagements } = teller.brokerage;
  const recorded = async (urn: number, provider: string, text: string, pounds: number, starts: number) =>
    recordings.record(await teller.head(urn), {
      listingId: teller.listing(provider), schoolUrn: urn, startsOn: teller.inDays(starts), pricePence: pounds * 100, vat: 'NOT_CHARGED', pupilsConcerned: false, objective: { text },
    });
  yield 9;
  const unknown = await recorded(900024, 'lamplight', 'Two tutors know what to say.', 0, 3);
  yield 7;
  await engagements.act(unknown, 'disown', { actor: await teller.contact('lamplight'), reason: 'We have spoken on the telephone but agreed nothing yet. Please ring us.' });
  yield 3;
  await recorded(900030, 'open-page', 'Eight pupils in Year 4 read aloud to somebody twice a week.', 250, 9);
  yield 2;
  await recorded(900029, 'farrant', 'Our new Reception teacher starts with the routines of the school.', 410, 12);
  await recorded(900025, 'second-sitting', 'Students who resit English have two more hours a week.', 1_200, 8);
};

/** Pupils are concerned: it starts when the checks of those who come are confirmed. */
export const checksWanted: Story = async function* (teller) {
  const { recordings, engagements } = teller.brokerage;
  yield 10;
  const [grace, anna] = [await teller.head(900039), await teller.contact('wroxley')];
  const id = await recordings.record(grace, {
    listingId: teller.listing('wroxley'), schoolUrn: 900039, startsOn: teller.inDays(4), endsOn: teller.inDays(25), pricePence: 84_000, vat: 'NOT_CHARGED', pupilsConcerned: true,
    objective: { text: 'All of Year 1 screened, as Reception was.', category: 'EARLY_YEARS', phase: 'PRIMARY' },
  });
  yield 6;
  await engagements.act(id, 'confirm', { actor: anna });
  yield 5;
  await engagements.setVisitors(anna, id, await teller.version('engagement', id), [
    { name: 'Anna Wroxley', role: 'Speech and language therapist' },
    { name: 'Ffion Maddox', role: 'Assistant therapist' },
  ]);
};
