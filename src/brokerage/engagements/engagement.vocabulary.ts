import { enumOf } from '../../directory/index.js';

export const engagementStates = {
  AWAITING_SIGN_OFF: 'Waiting for sign-off',
  AGREED: 'Agreed',
  IN_PROGRESS: 'In progress',
  COMPLETED: 'Completed',
  ENDED_EARLY: 'Ended early',
};
export type EngagementState = keyof typeof engagementStates;
export const EngagementState = enumOf('EngagementState', 'Where an engagement stands in its process.', engagementStates);

export const engagementOrigins = {
  CHOSEN: 'Chosen among proposals',
  RECORDED: 'Recorded by the school, which had agreed it already',
  FREE_RESOURCE: 'A free resource that the school has used',
};
export type EngagementOrigin = keyof typeof engagementOrigins;
export const EngagementOrigin = enumOf('EngagementOrigin', 'How an engagement came about.', engagementOrigins);

export const rags = { RED: 'Red', AMBER: 'Amber', GREEN: 'Green' };
export type Rag = keyof typeof rags;
export const Rag = enumOf('Rag', 'How it is going: red, amber or green.', rags);

export const sides = { SCHOOL: 'The school', PROVIDER: 'The provider', SIP: 'The School Improvement Partner' };
export type Side = keyof typeof sides;
export const Side = enumOf('EngagementSide', 'One of those who take part in an engagement.', sides);

export const changeAnswers = { ACCEPTED: 'Accepted', DECLINED: 'Declined', WITHDRAWN: 'Taken back', LAPSED: 'Over: the support ended before it was answered' };
export type ChangeAnswer = keyof typeof changeAnswers;
export const ChangeAnswer = enumOf('EngagementChangeAnswer', 'What became of a proposed change.', changeAnswers);

export const concernStates = { RAISED: 'Raised', ANSWERED: 'Answered', PASSED_ON: 'Passed on to the local authority', RESOLVED: 'Resolved' };
export type ConcernState = keyof typeof concernStates;
export const ConcernState = enumOf('ConcernState', 'Where a concern stands in its process.', concernStates);
