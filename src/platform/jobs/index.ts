export { FAILED } from './failed-jobs.read.js';
export { jobsResolvers } from './failed-jobs.resolver.js';
export * from './jobs.js';
export { startWorker, type Worker } from './worker.js';
