export { jobsResolvers } from './failed-jobs.resolver.js';
export * from './jobs.js';
export { startWorker, type Worker } from './worker.js';
