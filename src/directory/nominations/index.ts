export { directoryLeaving } from './leaving.js';
export { NominatedTwice, nominationProcess } from './nomination.process.js';
export { NominationResolver } from './nomination.resolver.js';
export { Nominations } from './nomination.service.js';
export { nominationsRetention } from './retention.js';
export { carryNominations } from './successors.js';
export { TakingUp } from './taking-up.js';
export { isFor } from './visibility.js';
