import type { RetentionRule } from '../platform/retention.js';

export const notificationsRetention: RetentionRule[] = [
  {
    name: 'notices',
    says: 'Notices: deleted so long after they were made, read or not.',
    days: 365,
    sql: ['DELETE FROM notice WHERE created_at < $1', 'DELETE FROM notice_digest d WHERE created_at < $1 AND NOT EXISTS (SELECT FROM notice WHERE digest_id = d.id)'],
  },
];
