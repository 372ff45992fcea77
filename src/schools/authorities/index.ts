export { schoolsFollower } from './following.js';
export {
  addAuthoritiesOfToday,
  applyReorganisation,
  authoritiesToSeeTo,
  authoritiesWithSchools,
  counted,
  findReorganisations,
  type Follower,
  followersOf,
  inWords as authoritiesInWords,
  type Reorganisation,
  reorganisationOf,
  whyNotReorganise,
} from './reorganisation.js';
