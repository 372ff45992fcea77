import { HasInterest, refuseInterest } from '../../directory/index.js';
import { type Actor, leadsSchool, worksForProvider } from '../../platform/actor.js';
import { londonDay } from '../../platform/clock.js';
import { longDay } from '../../platform/days.js';
import { NotAllowedInThisState, type Problem, problemType } from '../../platform/problem.js';
import type { Party, ProcessDefinition } from '../../platform/process/index.js';
import { type EngagementFacts, factsOfEngagements } from './engagement.facts.js';
import type { EngagementState, Side } from './engagement.vocabulary.js';

export const NotConfirmed = problemType('NotConfirmed', 'The provider has not confirmed yet that the support was agreed.');
export const ChecksNotConfirmed = problemType('ChecksNotConfirmed', 'The provider has not confirmed the checks of those who work with pupils.');

export const worksInSchool = (actor: Actor, urn: number) => actor.memberships.some((each) => ['SCHOOL_LEAD', 'SCHOOL_STAFF'].includes(each.role) && each.schoolUrn === urn);

/** The sides of an engagement on which the actor stands; the same as the read's SQL says. */
export function sidesOf(facts: EngagementFacts, actor: Actor): Side[] {
  const { schoolUrn, providerId, allLeads, named, sharedWithSip, origin } = facts;
  const all: [Side, boolean][] = [
    ['SCHOOL', (allLeads && leadsSchool(actor, schoolUrn)) || (named && worksInSchool(actor, schoolUrn))],
    ['PROVIDER', worksForProvider(actor, providerId) && origin !== 'FREE_RESOURCE'],
    ['SIP', sharedWithSip && actor.sipSchools.includes(schoolUrn)],
  ];
  return all.filter(([, stands]) => stands).map(([side]) => side);
}

const parties: Record<Side, (facts: EngagementFacts) => Party> = {
  SCHOOL: ({ schoolUrn, schoolName }) => ({ kind: 'SCHOOL', id: String(schoolUrn), name: schoolName }),
  PROVIDER: ({ providerId, providerName }) => ({ kind: 'PROVIDER', id: providerId, name: providerName }),
  SIP: ({ laCode, laName }) => ({ kind: 'LOCAL_AUTHORITY', id: laCode, name: laName }),
};

/** For whom the actor acts on this side; null: they do not stand there. */
export const partyOf = (side: Side, facts: EngagementFacts, actor: Actor): Party | null => (sidesOf(facts, actor).includes(side) ? parties[side](facts) : null);

const noInterest = (facts: EngagementFacts): Problem | null =>
  facts.worksInSchool
    ? new HasInterest('You belong to the school, so somebody else must sign.')
    : refuseInterest(facts.signingInterest, facts.signingInterest === 'SCHOOL_LEAD' ? facts.schoolName : facts.providerName, 'Somebody else must sign.');

/** Nobody stands on both sides of what is recorded: it becomes evidence. */
const notOfProvider = ({ interest, providerName }: EngagementFacts): Problem | null => refuseInterest(interest, providerName, 'Somebody else of the school must record this.');

function awaitsConfirmation(facts: EngagementFacts): Problem | null {
  if (facts.origin !== 'RECORDED') return new NotAllowedInThisState('Nothing needs to be confirmed: it was chosen among proposals.');
  if (facts.confirmed) return new NotAllowedInThisState(`${facts.providerName} has confirmed it already.`);
  return facts.worksInSchool ? new HasInterest('You belong to the school, so somebody else of the provider must answer.') : null;
}

/** Nothing happens before its time. Work that is to begin earlier has its dates changed first, which both sides agree. */
function notBeforeItsDay({ startsOn }: EngagementFacts, now: Date): Problem | null {
  return startsOn !== null && startsOn > londonDay(now) ? new NotAllowedInThisState(`Its first day is ${longDay(startsOn)}. If it begins earlier, change its dates first.`) : null;
}

/** Whether the work had begun when it ended. Nothing is said of work that never was. */
export const hadBegun = ({ startsOn, startedAt, finishedAt }: EngagementFacts): boolean =>
  startedAt !== null || (startsOn !== null && finishedAt !== null && startsOn <= londonDay(finishedAt));

function ready(facts: EngagementFacts): Problem | null {
  if (facts.origin === 'RECORDED' && !facts.confirmed) return new NotConfirmed(`${facts.providerName} has not confirmed yet that this was agreed.`);
  if (facts.pupilsConcerned && !facts.checksConfirmed) {
    return new ChecksNotConfirmed(`Pupils are concerned, and ${facts.providerName} has not confirmed yet in writing that those who come have had their DBS and barred-list checks.`);
  }
  return null;
}

/** What somebody can do something about comes before what only has to be waited for. */
const mayStart = (facts: EngagementFacts, _actor: Actor, now: Date): Problem | null => ready(facts) ?? notBeforeItsDay(facts, now);

const signed = ({ signAgain }: EngagementFacts): Problem | null =>
  signAgain ? new NotAllowedInThisState('Its price has changed since it was signed, so it waits for the signature that the school’s plan needs. Put back to the price that was signed, it needs none.') : null;

/** Both sides have to agree, so nobody answers for the side that proposes. */
function otherSide(facts: EngagementFacts, actor: Actor): Problem | null {
  if (facts.changeBy === null) return new NotAllowedInThisState('There is no change to answer.');
  return sidesOf(facts, actor).includes(facts.changeBy) ? new NotAllowedInThisState('Your side has proposed this change, so the other side answers it.') : null;
}

function sameSide(facts: EngagementFacts, actor: Actor): Problem | null {
  if (facts.changeBy === null) return new NotAllowedInThisState('There is no change to take back.');
  return sidesOf(facts, actor).includes(facts.changeBy) ? null : new NotAllowedInThisState('The other side has proposed this change. You can accept or decline it.');
}

const PLANNED: EngagementState[] = ['AWAITING_SIGN_OFF', 'AGREED', 'IN_PROGRESS'];
const AT_WORK: EngagementState[] = ['AGREED', 'IN_PROGRESS'];
const ALL: EngagementState[] = [...PLANNED, 'COMPLETED', 'ENDED_EARLY'];

export const engagementProcess: ProcessDefinition<EngagementState, EngagementFacts> = {
  name: 'Engagement',
  says: 'Support that a school and a provider have agreed: chosen among proposals, recorded by the school in one screen, or a free resource that it used. What stays in its state is told to the others all the same.',
  table: 'engagement',
  states: {
    AWAITING_SIGN_OFF: { says: 'it waits for the School Improvement Partner’s signature, which the school’s plan needs', why: 'It waits for the signature that the school’s plan needs.' },
    AGREED: { says: 'it is agreed and has not started', why: 'The support is agreed and has not started yet.' },
    IN_PROGRESS: { says: 'the support is under way', why: 'The support is under way.' },
    COMPLETED: { says: 'the support is completed', why: 'The support is completed.' },
    ENDED_EARLY: { says: 'it ended before it was completed', end: true, why: 'The support ended before it was completed.' },
  },
  who: {
    school: { says: 'somebody of the school who sees it', party: (facts, actor) => partyOf('SCHOOL', facts, actor) },
    provider: { says: 'somebody who belongs to the provider', party: (facts, actor) => partyOf('PROVIDER', facts, actor) },
    sip: { says: 'the school’s School Improvement Partner', party: (facts, actor) => partyOf('SIP', facts, actor) },
    signer: {
      says: 'the school’s School Improvement Partner, or who stands in for schools without one; where that is nobody, an officer of the local authority without an interest',
      party: (facts, actor) => (facts.standsIn ? parties.SIP(facts) : partyOf('SIP', facts, actor)),
    },
  },
  transitions: {
    agree: { from: [null], to: 'AGREED', by: ['school'], label: 'Choose the proposal', says: 'The school has chosen a proposal.' },
    agreeForSignOff: { from: [null], to: 'AWAITING_SIGN_OFF', by: ['school'], label: 'Choose the proposal', says: 'The school has chosen a proposal, and its plan needs sign-off.' },
    record: { from: [null], to: 'AGREED', by: ['school'], label: 'Record what is agreed', says: 'The school records, in one screen, what it has agreed already. The provider is asked to confirm it.', guard: notOfProvider },
    recordForSignOff: { from: [null], to: 'AWAITING_SIGN_OFF', by: ['school'], label: 'Record what is agreed', says: 'The same, where the school’s plan needs sign-off.', guard: notOfProvider },
    recordUse: { from: [null], to: 'COMPLETED', by: ['school'], label: 'We used it', says: 'The school has used a free resource. Its provider is not told.', guard: notOfProvider },
    signOff: { from: ['AWAITING_SIGN_OFF'], to: 'AGREED', by: ['signer'], label: 'Sign it off', says: 'It fits the school’s plan.', guard: noInterest },
    signOffAgain: {
      from: ['IN_PROGRESS'],
      to: null,
      by: ['signer'],
      label: 'Sign the new price off',
      says: 'The price has changed while the support was under way, and fits the school’s plan.',
      guard: (facts) => (facts.signAgain ? noInterest(facts) : new NotAllowedInThisState('It is signed.')),
    },
    passSigning: {
      from: ['AWAITING_SIGN_OFF', 'IN_PROGRESS'],
      to: null,
      by: [],
      label: 'Ask somebody else to sign',
      says: 'Who was to sign has declared an interest in the provider. Whoever stands in signs instead; where nobody does, the school is told what it can do.',
    },
    sendBack: { from: ['AWAITING_SIGN_OFF'], to: null, by: ['signer'], label: 'Send it back', says: 'The school is asked to look at it again. The provider does not see why.', needsReason: true, guard: noInterest },
    confirm: { from: ['AGREED'], to: null, by: ['provider'], label: 'Confirm that it was agreed', says: 'The provider confirms what the school has recorded.', guard: awaitsConfirmation },
    disown: { from: ['AWAITING_SIGN_OFF', 'AGREED'], to: 'ENDED_EARLY', by: ['provider'], label: 'Say that it was not agreed', says: 'The provider knows nothing of it.', needsReason: true, guard: awaitsConfirmation },
    start: { from: ['AGREED'], to: 'IN_PROGRESS', by: ['school', 'provider'], label: 'Start', says: 'The support has started; not before its first day.', guard: mayStart },
    startOnDay: {
      from: ['AGREED'],
      to: 'IN_PROGRESS',
      by: [],
      label: 'Start',
      says: 'Its first day has come, and nothing stands in its way.',
      guard: (facts, actor, now) => (facts.startsOn === null ? new NotAllowedInThisState('It has no first day.') : mayStart(facts, actor, now)),
    },
    handOver: { from: ALL, to: null, by: [], label: 'Pass it on', says: 'Whoever dealt with it alone in the school has left, and somebody else takes over.' },
    fallDue: { from: AT_WORK, to: null, by: [], label: 'Fall due', says: 'The day of an action, of evidence, of a review or of the end has come.' },
    setObjectives: { from: PLANNED, to: null, by: ['school'], label: 'Change the objectives', says: 'The school says what is to be reached.' },
    addAction: { from: PLANNED, to: null, by: ['school', 'provider'], label: 'Add an action', says: 'Something is agreed that somebody is to do by a day.' },
    completeAction: { from: AT_WORK, to: null, by: ['school', 'provider', 'sip'], label: 'Tick an action off', says: 'Who owns an action has done it; the school may say so for all.' },
    addEvidence: { from: PLANNED, to: null, by: ['school'], label: 'Ask for evidence', says: 'The school says what will show whether it worked.' },
    giveEvidence: { from: [...AT_WORK, 'COMPLETED'], to: null, by: ['school', 'provider'], label: 'Give evidence', says: 'What was asked for is there.' },
    setReviewDates: { from: PLANNED, to: null, by: ['school'], label: 'Set the review dates', says: 'The school says when it looks at how it goes.' },
    addReview: { from: [...AT_WORK, 'COMPLETED'], to: null, by: ['school', 'sip'], label: 'Record a review', says: 'How it goes on a day: red, amber or green, in words and figures.' },
    setVisitors: { from: PLANNED, to: null, by: ['provider'], label: 'Say who comes', says: 'The provider names who comes. Checks confirmed before were those of others, and no longer hold.' },
    confirmSafeguarding: {
      from: PLANNED,
      to: null,
      by: ['provider'],
      label: 'Confirm the checks of those who come',
      says: 'The provider confirms in writing the DBS and barred-list checks of those named. No certificate is kept.',
      guard: (facts) => (facts.visitors > 0 ? null : new NotAllowedInThisState('Name who comes first: the confirmation is for them.')),
    },
    setPupilsConcerned: { from: PLANNED, to: null, by: ['school'], label: 'Say whether pupils are concerned', says: 'Where they are, it starts only once the provider has confirmed the checks of those who come.' },
    shareWithSip: {
      from: ALL,
      to: null,
      by: ['school'],
      label: 'Share it with our School Improvement Partner',
      says: 'The school’s SIP sees it from now on.',
      guard: (facts) => (facts.sharedWithSip ? new NotAllowedInThisState('It is shared already.') : null),
    },
    stopSharing: {
      from: ['AGREED', 'IN_PROGRESS', 'COMPLETED', 'ENDED_EARLY'],
      to: null,
      by: ['school'],
      label: 'Stop sharing it',
      says: 'The school’s SIP sees it no more.',
      guard: (facts) => (facts.sharedWithSip ? signed(facts) : new NotAllowedInThisState('It is not shared.')),
    },
    proposeChange: {
      from: PLANNED,
      to: null,
      by: ['school', 'provider'],
      label: 'Propose other dates or another price',
      says: 'One side proposes; nothing changes before the other accepts. What was agreed before is kept.',
      guard: ({ changeBy }) => (changeBy === null ? null : new NotAllowedInThisState('A change waits for an answer already.')),
    },
    acceptChange: { from: PLANNED, to: null, by: ['school', 'provider'], label: 'Accept the change', says: 'The other side agrees; the dates and the price are the new ones.', guard: otherSide },
    acceptChangeToSign: {
      from: ['AGREED'],
      to: 'AWAITING_SIGN_OFF',
      by: ['school', 'provider'],
      label: 'Accept the change',
      says: 'The same, where the price changes after it was signed: what was signed was another price, so the signature is asked for again. What is under way goes on meanwhile.',
      guard: otherSide,
    },
    acceptChangeAsSigned: {
      from: ['AWAITING_SIGN_OFF'],
      to: 'AGREED',
      by: ['school', 'provider'],
      label: 'Accept the change',
      says: 'The same, where the price is put back to what was signed: the signature that was given holds again.',
      guard: otherSide,
    },
    declineChange: { from: PLANNED, to: null, by: ['school', 'provider'], label: 'Decline the change', says: 'The other side does not agree; all stays as it was.', guard: otherSide },
    withdrawChange: { from: PLANNED, to: null, by: ['school', 'provider'], label: 'Take the change back', says: 'Whoever proposed it thinks better of it.', guard: sameSide },
    takeBackCompletion: {
      from: ['COMPLETED'],
      to: 'IN_PROGRESS',
      by: ['school'],
      label: 'Say that it is not completed after all',
      says: 'A completion made by mistake is taken back, until it is rated.',
      guard: ({ rated, origin }) => {
        if (origin === 'FREE_RESOURCE') return new NotAllowedInThisState('It is a free resource that your school has used, so there is nothing to go on with.');
        return rated ? new NotAllowedInThisState('Your school has rated it, so it stays completed.') : null;
      },
    },
    complete: { from: ['IN_PROGRESS'], to: 'COMPLETED', by: ['school'], label: 'Complete it', says: 'The support is done; the school is asked to rate it.', guard: (facts, _actor, now) => signed(facts) ?? notBeforeItsDay(facts, now) },
    endEarly: { from: PLANNED, to: 'ENDED_EARLY', by: ['school', 'provider'], label: 'End it early', says: 'It does not go on.', needsReason: true },
  },
  lock: 'SELECT id FROM engagement WHERE id = $1 FOR NO KEY UPDATE',
  facts: factsOfEngagements,
};
