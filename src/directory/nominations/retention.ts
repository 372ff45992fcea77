import type { RetentionRule } from '../../platform/retention.js';

/** Longer than the year for which an address that has said no is left alone. */
export const nominationsRetention: RetentionRule[] = [
  {
    name: 'nominations',
    says: 'Nominations that came to nothing, with the address that was typed: deleted so long after they were declined or withdrawn, or expired.',
    days: 400,
    sql: [`DELETE FROM nomination WHERE state IN ('DECLINED', 'EXPIRED', 'WITHDRAWN') AND updated_at < $1`],
  },
];
