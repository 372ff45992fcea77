import type { RetentionRule } from '../platform/retention.js';

export const importsRetention: RetentionRule[] = [
  { name: 'imports', says: 'Imports with their reports: deleted so long after they ended.', days: 365, sql: ['DELETE FROM import_run WHERE ended_at < $1'] },
];
