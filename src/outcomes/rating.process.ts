import { type EngagementFacts, engagementProcess, factsOfEngagements, hadBegun, NotConfirmed, partyOf, worksInSchool } from '../brokerage/index.js';
import { HasInterest, refuseInterest } from '../directory/index.js';
import { type Actor, isOfficerOf } from '../platform/actor.js';
import { monthsAfter } from '../platform/clock.js';
import type { Queryable } from '../platform/database/index.js';
import { NotAllowedInThisState, type Problem } from '../platform/problem.js';
import type { Facts, Party, ProcessDefinition } from '../platform/process/index.js';
import type { RatingState } from './vocabulary.js';

/** Months after which a school is asked again about what it was too early to tell. */
export const ASKED_AGAIN_MONTHS = [6, 12] as const;
export const CHANGEABLE_DAYS = 14;
/** So long after the last time that it was asked a school can still answer. */
const ANSWERABLE_DAYS = 90;
const DAY_MS = 86_400_000;

export interface RatingFacts extends Facts<RatingState> {
  engagement: EngagementFacts;
  /** Whether the provider is the school itself. */
  ownProvider: boolean;
  /** The LA that assures the provider. */
  providerLa: string | null;
  providerLaName: string | null;
  givenAt: Date | null;
  changeableUntil: Date | null;
  hasWords: boolean;
  wordsHidden: boolean;
  replied: boolean;
  /** Whether anybody but the provider has read the reply. */
  replyRead: boolean;
  /** Whether a person of the school has agreed to be asked by other schools. */
  mayBeAsked: boolean;
  /** How many objectives the school has not been able to tell of so far. */
  open: number;
  /** Months after which it was asked again about them last; 0 if it was not. */
  askedAgain: number;
  /** Whether it has answered since. */
  answered: boolean;
}

const school = ({ engagement }: RatingFacts, actor: Actor): Party | null => partyOf('SCHOOL', engagement, actor);
const provider = ({ engagement }: RatingFacts, actor: Actor): Party | null => partyOf('PROVIDER', engagement, actor);

function officer({ engagement: { laCode, laName }, providerLa, providerLaName }: RatingFacts, actor: Actor): Party | null {
  if (isOfficerOf(actor, providerLa)) return { kind: 'LOCAL_AUTHORITY', id: providerLa!, name: providerLaName! };
  return isOfficerOf(actor, laCode) ? { kind: 'LOCAL_AUTHORITY', id: laCode, name: laName } : null;
}

const tooLate = (message: string): Problem => new NotAllowedInThisState(message);

function mayGive(facts: RatingFacts): Problem | null {
  const { engagement, ownProvider } = facts;
  if (!['COMPLETED', 'ENDED_EARLY'].includes(engagement.state)) return tooLate('It can be rated once it is completed or has ended.');
  if (!hadBegun(engagement)) return tooLate('It ended before it began, so there is nothing to rate.');
  if (engagement.origin === 'RECORDED' && !engagement.confirmed) return new NotConfirmed(`${engagement.providerName} never confirmed that this was agreed, so it cannot be rated.`);
  if (ownProvider) return new HasInterest(`${engagement.providerName} is ${engagement.schoolName}. A school cannot rate itself.`);
  return ofProvider(facts);
}

/** Nobody stands on both sides of what becomes evidence. */
const ofProvider = ({ engagement }: RatingFacts): Problem | null => refuseInterest(engagement.interest, engagement.providerName, 'Somebody else of the school has to do this.');

const ofSchool = ({ engagement }: RatingFacts, actor: Actor): Problem | null =>
  worksInSchool(actor, engagement.schoolUrn) ? new HasInterest(`You belong to ${engagement.schoolName}, so somebody else of the provider must do this.`) : null;

const noInterest = ({ engagement }: RatingFacts, actor: Actor): Problem | null => {
  if (worksInSchool(actor, engagement.schoolUrn)) return new HasInterest('You belong to the school, so another officer must decide.');
  const interest = engagement.signingInterest;
  return refuseInterest(interest, interest === 'SCHOOL_LEAD' ? `what ${engagement.schoolName} says` : engagement.providerName, 'Another officer has to decide.');
};

function mayChange(facts: RatingFacts, _actor: Actor, now: Date): Problem | null {
  if (facts.changeableUntil! <= now) return tooLate(`A rating can be changed for ${CHANGEABLE_DAYS} days. Its answers stand now.`);
  if (facts.replied) return tooLate(`${facts.engagement.providerName} has replied to it, so it stays as it is.`);
  return ofProvider(facts);
}

/** Months after which the school is to be asked now; null while it is not. */
export function toBeAsked({ givenAt, open, askedAgain }: RatingFacts, now: Date): number | null {
  const due = ASKED_AGAIN_MONTHS.filter((months) => monthsAfter(givenAt!, months) <= now).at(-1) ?? 0;
  return open > 0 && due > askedAgain ? due : null;
}

function isSettled({ givenAt, changeableUntil, open, askedAgain, answered }: RatingFacts, now: Date): boolean {
  if (changeableUntil! > now) return false;
  if (open === 0) return true;
  const last = ASKED_AGAIN_MONTHS.at(-1)!;
  return askedAgain === last && (answered || monthsAfter(givenAt!, last).getTime() + ANSWERABLE_DAYS * DAY_MS <= now.getTime());
}

export const ratingProcess: ProcessDefinition<RatingState, RatingFacts> = {
  name: 'Rating',
  says: 'What a school says of finished support: one rating for each engagement. The school, the provider and, where it is shared, the SIP see it; the public sees sums over three schools and more, and words without the school’s name.',
  table: 'rating',
  states: {
    GIVEN: { says: 'it is given; the school may still change it, or is asked again where it was too early', why: 'The rating has been given already.' },
    SETTLED: { says: 'its answers stand', end: true, why: 'The time for changes is over, so the answers of this rating stand.' },
  },
  who: {
    school: { says: 'a lead of the school, or whom it has named to see the engagement', party: school },
    provider: { says: 'somebody who belongs to the provider', party: provider },
    officer: { says: 'an officer of the local authority of the provider or of the school', party: officer },
  },
  transitions: {
    give: {
      from: [null],
      to: 'GIVEN',
      by: ['school'],
      label: 'Rate the support',
      says: 'The school says what came of each objective and how much it helped, knowing that its provider will recognise it.',
      guard: mayGive,
    },
    change: {
      from: ['GIVEN'],
      to: null,
      by: ['school'],
      label: 'Change the rating',
      says: `For ${CHANGEABLE_DAYS} days, and until the provider has replied, the school may think better of it.`,
      guard: mayChange,
    },
    reply: {
      from: ['GIVEN', 'SETTLED'],
      to: null,
      by: ['provider'],
      label: 'Reply',
      says: 'The provider replies, once. Whoever sees the rating sees the reply; the public does not.',
      guard: (facts, actor) => (facts.replied ? tooLate('You have replied to this rating already. One reply can be made.') : ofSchool(facts, actor)),
    },
    mendReply: {
      from: ['GIVEN', 'SETTLED'],
      to: null,
      by: ['provider'],
      label: 'Mend the reply',
      says: 'A slip in the reply is mended before anybody else has read it.',
      guard: (facts, actor) => {
        if (!facts.replied) return tooLate('You have not replied to this rating yet.');
        return facts.replyRead ? tooLate('Your reply has been read, so it stays as it is.') : ofSchool(facts, actor);
      },
    },
    askAgain: {
      from: ['GIVEN'],
      to: null,
      by: [],
      label: 'Ask again',
      says: 'Six months, or twelve, have passed since it was too early to say what came of an objective.',
      guard: (facts, _actor, now) => (toBeAsked(facts, now) === null ? tooLate('There is nothing to ask now.') : null),
    },
    followUp: {
      from: ['GIVEN'],
      to: null,
      by: ['school'],
      label: 'Say what came of it since',
      says: 'The school answers what it was too early to tell. Each answer is kept.',
      guard: (facts) => (facts.open > 0 && facts.askedAgain > 0 && !facts.answered ? ofProvider(facts) : tooLate('There is nothing to answer now.')),
    },
    offerToBeAsked: {
      from: ['GIVEN', 'SETTLED'],
      to: null,
      by: ['school'],
      label: 'Agree to be asked by other schools',
      says: 'Schools with a similar need, and SIPs, find the school and the name of whoever agrees.',
      guard: ({ mayBeAsked }) => (mayBeAsked ? tooLate('Somebody of the school has agreed already.') : null),
    },
    stopBeingAsked: {
      from: ['GIVEN', 'SETTLED'],
      to: null,
      by: ['school'],
      label: 'Stop being asked by other schools',
      says: 'From now on no other school finds it.',
      guard: ({ mayBeAsked }) => (mayBeAsked ? null : tooLate('Nobody of the school is asked about this.')),
    },
    hideWords: {
      from: ['GIVEN', 'SETTLED'],
      to: null,
      by: ['officer'],
      label: 'Hide the words',
      says: 'The public sees the words no more. The counts stay as they are.',
      needsReason: true,
      guard: (facts, actor) => noInterest(facts, actor) ?? (facts.hasWords && !facts.wordsHidden ? null : tooLate('There are no words that could be hidden.')),
    },
    showWords: {
      from: ['GIVEN', 'SETTLED'],
      to: null,
      by: ['officer'],
      label: 'Show the words again',
      says: 'The public sees the words again.',
      needsReason: true,
      guard: (facts, actor) => noInterest(facts, actor) ?? (facts.wordsHidden ? null : tooLate('The words are not hidden.')),
    },
    showWordsOnAppeal: {
      from: ['GIVEN', 'SETTLED'],
      to: null,
      by: [],
      label: 'Show the words again, after an appeal',
      says: 'That they were hidden has been overturned.',
      guard: (facts) => (facts.wordsHidden ? null : tooLate('The words are not hidden.')),
    },
    settle: {
      from: ['GIVEN'],
      to: 'SETTLED',
      by: [],
      label: 'Settle',
      says: 'The time for changes is over, and nothing is left to be asked.',
      guard: (facts, _actor, now) => (isSettled(facts, now) ? null : tooLate('It may still be changed or asked about.')),
    },
  },
  lock: 'SELECT id FROM rating WHERE id = $1 FOR NO KEY UPDATE',
  facts: (db, ids, actor) => readFacts(db, actor, 'SELECT r.id, r.engagement_id, r.state FROM rating r WHERE r.id = ANY($1::uuid[])', [ids]),
};

/** The facts of a rating that is still to be given; null where there is no such engagement. Its lock is the engagement's. */
export async function factsOfNewRating(db: Queryable, actor: Actor, id: string, engagementId: string): Promise<RatingFacts | null> {
  return (await readFacts(db, actor, 'SELECT $1::uuid AS id, $2::uuid AS engagement_id, NULL::text AS state', [id, engagementId]))[0] ?? null;
}

export const lockEngagement = engagementProcess.lock;

async function readFacts(db: Queryable, actor: Actor, subject: string, parameters: unknown[]): Promise<RatingFacts[]> {
  const rows = await db.query<Omit<RatingFacts, 'engagement'> & { engagementId: string }>(
    `SELECT subject.id, subject.state, e.id AS "engagementId", p.school_urn IS NOT DISTINCT FROM e.school_urn AS "ownProvider", p.assuring_la AS "providerLa", la.name AS "providerLaName",
            r.given_at AS "givenAt", r.changeable_until AS "changeableUntil", coalesce(r.words <> '', false) AS "hasWords", coalesce(r.words_hidden, false) AS "wordsHidden",
            r.reply IS NOT NULL AS replied, r.reply_read_at IS NOT NULL AS "replyRead", r.contact_id IS NOT NULL AS "mayBeAsked", coalesce(r.asked_again, 0) AS "askedAgain", answers.open,
            answers.latest >= r.asked_again AS answered
     FROM (${subject}) subject JOIN engagement e ON e.id = subject.engagement_id JOIN provider p ON p.id = e.provider_id LEFT JOIN local_authority la ON la.code = p.assuring_la
     LEFT JOIN rating r ON r.id = subject.id
     CROSS JOIN LATERAL (
       SELECT count(*) FILTER (WHERE last.result = 'TOO_EARLY') AS open, max(last.asked) AS latest
       FROM (SELECT DISTINCT ON (a.objective_id) a.result, a.asked FROM rating_answer a WHERE a.rating_id = r.id ORDER BY a.objective_id, a.asked DESC) last) answers`,
    parameters,
  );
  const engagements = new Map((await factsOfEngagements(db, rows.map((row) => row.engagementId), actor)).map((each) => [each.id, each]));
  return rows.map(({ engagementId, ...row }) => ({ ...row, answered: row.answered ?? false, engagement: engagements.get(engagementId)! }));
}
