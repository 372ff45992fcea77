export { beginsWith, contains } from './comparing.js';
export * from './database.js';
export { type DatabaseLimits, defaultLimits, longLimits } from './limits.js';
export { LOCKS } from './locks.js';
export { rehearsed } from './rehearsed.js';
export { Session } from './session.js';
export { DatabaseUnavailable, isUnavailable, RETRY_AFTER_SECONDS } from './unavailable.js';
