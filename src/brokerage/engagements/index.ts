import type { Database } from '../../platform/database/index.js';
import type { Jobs } from '../../platform/jobs/index.js';
import { Actions } from './action.service.js';
import { Changes } from './change.service.js';
import { concernProcess } from '../concerns/concern.process.js';
import { ConcernResolver } from '../concerns/concern.resolver.js';
import { Concerns } from '../concerns/concern.service.js';
import { EngagementMutations, type EngagementServices } from './engagement.mutations.js';
import { engagementProcess } from './engagement.process.js';
import { Recordings } from './engagement.recording.js';
import { EngagementResolver } from './engagement.resolver.js';
import { Engagements } from './engagement.service.js';
import { passTimeForEngagements } from './engagement.time.js';
import { Evidence } from './evidence.service.js';
import { Reviews } from './review.service.js';
import { SignOffResolver } from '../sign-offs/sign-off.resolver.js';
import { SignOffs } from '../sign-offs/sign-off.service.js';

export { concernById } from '../concerns/concern.read.js';
export { Concern } from '../concerns/concern.type.js';
export { EngagementObjective, Review } from './engagement.parts.type.js';
export { objectivesOf } from './engagement.parts.read.js';
export { engagementById } from './engagement.read.js';
export { Engagement, EngagementConnection } from './engagement.type.js';
export { engagementIsVisible, engagementValues, isOfTheProvider, isOfTheSchool, seesConcern, seesEngagement } from './engagement.visibility.js';

export const engagementProcesses = [engagementProcess, concernProcess];

export interface EngagementPart extends EngagementServices {
  concerns: Concerns;
  signOffs: SignOffs;
  passTime(): Promise<void>;
  resolvers: object[];
  jobs: Jobs;
}

/** Puts the engagements' part of the room together. */
export function createEngagements(db: Database): EngagementPart {
  const services = { recordings: new Recordings(db), engagements: new Engagements(db), actions: new Actions(db), evidence: new Evidence(db), reviews: new Reviews(db), changes: new Changes(db) };
  const concerns = new Concerns(db);
  const signOffs = new SignOffs(db);
  const passTime = () => passTimeForEngagements(db);
  return {
    ...services,
    concerns,
    signOffs,
    passTime,
    resolvers: [new EngagementResolver(), new EngagementMutations(services), new ConcernResolver(concerns), new SignOffResolver(signOffs)],
    jobs: { tasks: { 'pass-time-for-engagements': passTime }, schedule: [{ task: 'pass-time-for-engagements', pattern: '5 * * * *' }] },
  };
}
