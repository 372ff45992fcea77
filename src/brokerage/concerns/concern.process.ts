import { HasInterest, refuseInterest } from '../../directory/index.js';
import { type Actor, isOfficerOf } from '../../platform/actor.js';
import type { Queryable } from '../../platform/database/index.js';
import { NotAllowedInThisState, type Problem } from '../../platform/problem.js';
import type { Facts, Party, ProcessDefinition } from '../../platform/process/index.js';
import { type EngagementFacts, factsOfEngagements } from '../engagements/engagement.facts.js';
import { partyOf, worksInSchool } from '../engagements/engagement.process.js';
import type { ConcernState } from '../engagements/engagement.vocabulary.js';

export interface ConcernFacts extends Facts<ConcernState> {
  raisedBy: 'SCHOOL' | 'PROVIDER';
  answered: boolean;
  engagement: EngagementFacts;
}

const other = { SCHOOL: 'PROVIDER', PROVIDER: 'SCHOOL' } as const;

const authority = ({ engagement: { laCode, laName } }: ConcernFacts): Party => ({ kind: 'LOCAL_AUTHORITY', id: laCode, name: laName });

const ofSide =
  (side: (facts: ConcernFacts) => 'SCHOOL' | 'PROVIDER') =>
  (facts: ConcernFacts, actor: Actor): Party | null =>
    partyOf(side(facts), facts.engagement, actor);

/** An officer with an interest in one of the sides decides nothing as an officer. */
const noInterest = ({ engagement }: ConcernFacts, actor: Actor): Problem | null => {
  if (partyOf('SCHOOL', engagement, actor) !== null || !isOfficerOf(actor, engagement.laCode)) return null;
  if (worksInSchool(actor, engagement.schoolUrn)) return new HasInterest('You belong to the school, so another officer must decide.');
  const interest = engagement.signingInterest;
  return refuseInterest(interest, interest === 'SCHOOL_LEAD' ? `what ${engagement.schoolName} asks for` : engagement.providerName, 'Another officer has to decide.');
};

export const concernProcess: ProcessDefinition<ConcernState, ConcernFacts> = {
  name: 'Concern',
  says: 'Something that one side of an engagement wants the other to put right. It is between the two, until the school asks its local authority.',
  table: 'concern',
  states: {
    RAISED: { says: 'the other side has been asked to answer', why: 'The concern waits for the other side’s answer.' },
    ANSWERED: { says: 'the other side has answered', why: 'The concern has been answered.' },
    PASSED_ON: { says: 'the school has asked its local authority', why: 'The concern is with the local authority.' },
    RESOLVED: { says: 'it is resolved', end: true, why: 'The concern is resolved.' },
  },
  who: {
    raiser: { says: 'the school or the provider', party: ofSide((facts) => facts.raisedBy) },
    otherSide: { says: 'the side that the concern is addressed to', party: ofSide((facts) => other[facts.raisedBy]) },
    school: { says: 'somebody of the school who sees the engagement', party: ofSide(() => 'SCHOOL') },
    officer: {
      says: 'an officer of the school’s local authority, once the school has asked it',
      party: (facts, actor) => (facts.state === 'PASSED_ON' && isOfficerOf(actor, facts.engagement.laCode) ? authority(facts) : null),
    },
  },
  transitions: {
    raise: {
      from: [null],
      to: 'RAISED',
      by: ['raiser'],
      label: 'Raise a concern',
      says: 'The other side is asked to answer. Nobody else sees it.',
      guard: ({ engagement }) =>
        engagement.origin === 'FREE_RESOURCE' ? new NotAllowedInThisState(`Nobody at ${engagement.providerName} knows that the school uses this resource. Write to them directly.`) : null,
    },
    answer: { from: ['RAISED'], to: 'ANSWERED', by: ['otherSide'], label: 'Answer', says: 'The other side says what it makes of it.' },
    answerLate: {
      from: ['PASSED_ON'],
      to: null,
      by: ['otherSide'],
      label: 'Answer',
      says: 'The other side answers after the school has asked its local authority.',
      guard: (facts) => (facts.answered ? new NotAllowedInThisState('It has been answered.') : null),
    },
    passOn: { from: ['RAISED', 'ANSWERED'], to: 'PASSED_ON', by: ['school'], label: 'Ask the local authority', says: 'Officers of the school’s local authority see the concern from now on, with what the school writes to them.' },
    resolve: { from: ['RAISED', 'ANSWERED', 'PASSED_ON'], to: 'RESOLVED', by: ['school', 'officer'], label: 'Resolve it', says: 'It is settled.', needsReason: true, guard: noInterest },
    takeBack: {
      from: ['RAISED', 'ANSWERED'],
      to: 'RESOLVED',
      by: ['raiser'],
      label: 'Take it back',
      says: 'The provider has raised it by mistake, or it is settled for it. The school resolves its own.',
      needsReason: true,
      guard: ({ raisedBy }) => (raisedBy === 'PROVIDER' ? null : new NotAllowedInThisState('Your school has raised it, and resolves it.')),
    },
  },
  lock: 'SELECT id FROM engagement WHERE id = (SELECT engagement_id FROM concern WHERE id = $1) FOR NO KEY UPDATE',
  facts: readFacts,
};

async function readFacts(db: Queryable, ids: readonly string[], actor: Actor): Promise<ConcernFacts[]> {
  const rows = await db.query<Omit<ConcernFacts, 'engagement'> & { engagementId: string }>(
    `SELECT id, state, raised_by_party AS "raisedBy", answered_at IS NOT NULL AS answered, engagement_id AS "engagementId" FROM concern WHERE id = ANY($1::uuid[])`,
    [ids],
  );
  const engagements = new Map((await factsOfEngagements(db, [...new Set(rows.map((row) => row.engagementId))], actor)).map((each) => [each.id, each]));
  return rows.map(({ engagementId, ...facts }) => ({ ...facts, engagement: engagements.get(engagementId)! }));
}
