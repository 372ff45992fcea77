import type { Actor } from '../../src/platform/actor.js';

/** One school's way from a visit to a rated outcome. */
export interface Story {
  urn: number;
  head: Actor;
  sip: Actor;
  providers: { id: string; listing: string; admin: Actor }[];
  /** What has been answered so far, by the name of the step. */
  made: Record<string, Thing>;
}

interface Thing {
  id: string;
  version: number;
  request: Thing;
  engagement: Thing;
  questions: Thing[];
  objectives: Thing[];
}

/** A mutation of the story: who sends it, with what, and what they ask of its answer. */
export interface Step {
  name: string;
  /** Where the story has the same mutation more than once, which of them. */
  nth?: number;
  who: (story: Story) => Actor;
  values: (story: Story) => Record<string, unknown>;
  wanted?: string;
}

/** Today so many days on. */
export const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const head = ({ head: actor }: Story) => actor;
const sip = ({ sip: actor }: Story) => actor;
const admin = (nth: number) => ({ providers }: Story) => providers[nth]!.admin;
const engagement = ({ made }: Story) => made['chooseProposal']!.engagement;

const invited = (nth: number): Step => ({
  name: 'inviteProvider',
  nth,
  who: head,
  values: ({ made, providers }) => ({ requestId: made['acceptReferral']!.request.id, providerId: providers[nth]!.id, listingId: providers[nth]!.listing }),
});

const proposed = (nth: number, pricePence: number): Step => ({
  name: 'submitProposal',
  nth,
  who: admin(nth),
  values: ({ made }) => ({
    invitationId: made[`inviteProvider ${nth}`]!.id,
    input: { summary: 'A coach in each class, ten mornings.', pricePence, travelPence: 4_000, vat: 'ADDED', startsOn: daysFromNow(20), endsOn: daysFromNow(80), whoComes: 'Cara Coach', worksWithPupils: true },
  }),
});

/** What is said of the story, step by step; each is sent by all schools before the next. */
export const steps: Step[] = [
  { name: 'planVisit', who: sip, values: ({ urn }) => ({ schoolUrn: urn, input: { date: daysFromNow(0), focus: 'Early reading' } }) },
  { name: 'addAgendaPoint', who: head, values: ({ made }) => ({ visitId: made['planVisit']!.id, text: 'Our youngest readers' }), wanted: 'id version' },
  { name: 'addToShortlist', who: sip, values: ({ urn, made, providers }) => ({ input: { schoolUrn: urn, visitId: made['planVisit']!.id, listingId: providers[0]!.listing, reason: 'A coach in each class.' } }) },
  { name: 'writeVisitNote', who: sip, values: ({ made }) => ({ id: made['planVisit']!.id, version: made['addAgendaPoint']!.version, note: 'Three classes teach phonics in three ways.' }) },
  {
    name: 'sendReferral',
    who: sip,
    values: ({ urn, made, providers }) => ({
      input: { schoolUrn: urn, visitId: made['planVisit']!.id, message: 'Teach early reading alike in all classes.', listings: providers.map(({ listing }) => ({ listingId: listing, reason: 'It fits.' })) },
    }),
  },
  { name: 'acceptReferral', who: head, values: ({ made }) => ({ id: made['sendReferral']!.id, confidential: false, need: 'Three classes teach early reading in three ways.' }), wanted: 'request { id version }' },
  {
    name: 'updateSupportRequest',
    who: head,
    values: ({ made }) => ({
      ...made['acceptReferral']!.request,
      input: { objectives: ['Phonics is taught alike in all classes.'], categories: ['TEACHING_AND_LEARNING'], phases: ['PRIMARY'], budgetPence: 200_000, triedInSchool: 'We watched each other teach.', closesOn: daysFromNow(15) },
    }),
    wanted: 'id version',
  },
  { name: 'openSupportRequest', who: head, values: ({ made }) => ({ id: made['updateSupportRequest']!.id, version: made['updateSupportRequest']!.version }) },
  invited(0),
  invited(1),
  invited(2),
  { name: 'askQuestion', who: admin(0), values: ({ made }) => ({ invitationId: made['inviteProvider 0']!.id, text: 'How many teachers are new?' }), wanted: 'id questions { id }' },
  { name: 'answerQuestion', who: head, values: ({ made }) => ({ id: made['askQuestion']!.questions[0]!.id, text: 'Two of six.' }) },
  proposed(0, 100_000),
  proposed(1, 150_000),
  { name: 'reviseProposal', who: admin(0), values: ({ made }) => ({ id: made['submitProposal 0']!.id, version: 1, input: { pricePence: 90_000 } }), wanted: 'id version' },
  { name: 'readProposals', who: head, values: ({ made }) => ({ id: made['openSupportRequest']!.id }) },
  {
    name: 'chooseProposal',
    who: head,
    values: ({ made }) => ({ input: { proposalId: made['reviseProposal']!.id, version: made['reviseProposal']!.version, coverPence: 20_000, reasons: 'A coach in the classroom is what we lack.', title: 'Reading coach' } }),
    wanted: 'engagement { id version }',
  },
  { name: 'signOffEngagement', who: sip, values: (story) => ({ id: engagement(story).id }), wanted: 'id version' },
  { name: 'setVisitors', who: admin(0), values: ({ made }) => ({ id: made['signOffEngagement']!.id, version: made['signOffEngagement']!.version, visitors: [{ name: 'Cara Coach', role: 'Coach' }] }), wanted: 'id version' },
  { name: 'confirmSafeguarding', who: admin(0), values: ({ made }) => ({ id: made['setVisitors']!.id, version: made['setVisitors']!.version, statement: 'Her checks are current.' }) },
  { name: 'addAction', who: head, values: (story) => ({ id: engagement(story).id, input: { what: 'Free the teachers on Mondays', owner: 'SCHOOL', dueOn: daysFromNow(10) } }) },
  { name: 'startEngagement', who: head, values: (story) => ({ id: engagement(story).id }) },
  { name: 'addReview', who: head, values: (story) => ({ id: engagement(story).id, input: { heldOn: daysFromNow(0), rag: 'AMBER', words: 'Two classes of three.', figures: [{ what: 'Classes', value: 2 }] } }) },
  { name: 'completeEngagement', who: head, values: (story) => ({ id: engagement(story).id }), wanted: 'id objectives { id }' },
  {
    name: 'giveRating',
    who: head,
    values: (story) => ({
      engagementId: engagement(story).id,
      input: {
        understood: true,
        objectives: story.made['completeEngagement']!.objectives.map(({ id }) => ({ objectiveId: id, result: 'MET', baseline: 'One class in three.', after: 'Three of three.' })),
        helpfulness: 4,
        wouldRecommend: true,
        words: 'She taught beside us.',
        mayBeAsked: true,
      },
    }),
  },
  { name: 'replyToRating', who: admin(0), values: ({ made }) => ({ id: made['giveRating']!.id, reply: 'It was a pleasure.' }) },
  { name: 'recommendFromRating', who: head, values: ({ made }) => ({ ratingId: made['giveRating']!.id, input: { noInterest: true } }) },
];

export const keyOf = ({ name, nth }: Step) => (nth === undefined ? name : `${name} ${nth}`);
