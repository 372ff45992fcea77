import type { Database } from './database/index.js';
import type { Jobs } from './jobs/index.js';

/** How long what is needed only for a while is kept, in days. */
const KEPT_DAYS = { idempotency_key: 30, rate_limit: 1, mail: 90, sign_in_code: 1, email_change: 30 } as const;

/** Removes, each night, sessions that are over and what has been kept long enough. */
export function housekeepingJobs(db: Database): Jobs {
  return {
    tasks: {
      'remove-what-is-over': async () => {
        await db.longTransaction(async (tx) => {
          const before = (days: number) => new Date(tx.now.getTime() - days * 86_400_000);
          await tx.query('DELETE FROM session WHERE expires_at < $1', [tx.now]);
          await tx.query('DELETE FROM sign_in_code WHERE expires_at < $1', [before(KEPT_DAYS.sign_in_code)]);
          await tx.query('DELETE FROM email_change WHERE expires_at < $1', [before(KEPT_DAYS.email_change)]);
          await tx.query('DELETE FROM rate_limit WHERE window_start < $1', [before(KEPT_DAYS.rate_limit)]);
          await tx.query('DELETE FROM idempotency_key WHERE created_at < $1', [before(KEPT_DAYS.idempotency_key)]);
          await tx.query('DELETE FROM mail WHERE sent_at < $1 OR expires_at < $1', [before(KEPT_DAYS.mail)]);
        });
      },
    },
    schedule: [{ task: 'remove-what-is-over', pattern: '40 2 * * *' }],
  };
}
