import type { Attempt } from './attempts.js';
import type { Stage } from './stage.js';

/** What local authorities decide, and what comes of it. */
const POLICY = { minimumRecommendations: 2, checkLives: [{ kind: 'INSURANCE' as const, months: 120 }] };

export const rulingQueries: Record<string, (stage: Stage) => Promise<string>> = {
  laPolicy: async (stage) => {
    await stage.server.app.directory.policies.save(await stage.actor('officer'), stage.la, POLICY, 'Agreed with our heads.');
    return `laPolicy(laCode: "${stage.la}")`;
  },
  laPolicyChanges: async (stage) => {
    await stage.server.app.directory.policies.save(await stage.actor('officer'), stage.la, POLICY, 'Agreed with our heads.');
    return `laPolicyChanges(laCode: "${stage.la}")`;
  },
  laPolicyPreview: async (stage) => `laPolicyPreview(laCode: "${stage.la}", policy: { minimumRecommendations: 3, checkLives: [] })`,
};

export const rulingAttempts: Record<string, Record<string, Attempt>> = {
  setLaPolicy: { 'the local authority': { args: async ({ la }) => ({ laCode: la, policy: POLICY, reason: 'Agreed with our heads.' }) } },
};
