export { HasInterest, hasInterestInWhatSchoolVouchesFor, type Interest, interestInDeciding, interestInVouching, interestOf, refuseInterest } from './interest.js';
export {
  acceptable,
  awaitsOfficer,
  counts,
  firstProblem,
  MemberOfProvider,
  type Obstacle,
  OwnFederation,
  OwnSchool,
  OwnTrust,
  Reciprocal,
  SameGoverningBody,
  SamePersonTwice,
  whyItWaits,
} from './obstacles.js';
export { type Cause, endExcuses, EXCUSED_DAYS, type Kept, keepObstacles, providersConcernedBy, providersVouchedFrom } from './settle.js';
export { forgetWrongBodies } from './successions.js';
