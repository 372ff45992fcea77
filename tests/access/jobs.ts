import { newId } from '../../src/platform/id.js';
import { failJob } from '../support/jobs.js';
import type { Attempt } from './attempts.js';
import type { Stage } from './stage.js';

export const jobQueries: Record<string, (stage: Stage) => Promise<string>> = {
  jobHealth: async ({ server: { app } }) => {
    await failJob(app.db, 'send-mail');
    await app.db.transaction((tx) => tx.addJob('send-mail', { id: newId() })); // is due, and finds no mail of that id
    return 'jobHealth';
  },
};

const failed: Attempt = { args: async ({ server: { app } }) => ({ ids: [await failJob(app.db, 'send-mail')] }) };

export const jobAttempts: Record<string, Record<string, Attempt>> = {
  retryFailedJobs: { 'a failed job': failed },
  removeFailedJobs: { 'a failed job': failed },
};
