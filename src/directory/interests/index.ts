export { HasInterest, hasInterestInWhatSchoolVouchesFor, type Interest, interestInDeciding, interestInVouching, interestOf, refuseInterest } from './interest.js';
export {
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
} from './obstacles.js';
export { type Cause, endExcuses, EXCUSED_DAYS, keepObstacles, providersConcernedBy } from './settle.js';
