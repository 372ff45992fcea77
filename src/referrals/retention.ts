import type { RetentionRule } from '../platform/retention.js';

const REMOVED = 'The note has been removed: it was kept for its time.';

export const referralsRetention: RetentionRule[] = [
  {
    name: 'declined-referrals',
    says: 'Referrals that came to nothing: deleted so long after they were declined or withdrawn, or expired.',
    days: 365,
    sql: [
      `WITH gone AS (SELECT id FROM referral WHERE state IN ('DECLINED', 'EXPIRED', 'WITHDRAWN') AND updated_at < $1),
       listings AS (DELETE FROM referral_listing WHERE referral_id IN (SELECT id FROM gone))
       DELETE FROM referral WHERE id IN (SELECT id FROM gone)`,
    ],
  },
  {
    name: 'visit-notes',
    says: 'What SIPs wrote of visits, and the points of their agendas: removed so long after the day of the visit.',
    days: 3 * 365,
    sql: [
      `UPDATE visit SET note = '${REMOVED}' WHERE state = 'HELD' AND note <> '${REMOVED}' AND visit_on < $1::timestamptz::date`,
      'DELETE FROM agenda_point WHERE visit_id IN (SELECT id FROM visit WHERE visit_on < $1::timestamptz::date)',
    ],
  },
  {
    name: 'suggestions',
    says: 'What SIPs asked each other: deleted so long after it was closed or expired.',
    days: 365,
    sql: [
      `WITH gone AS (SELECT id FROM suggestion_request WHERE state IN ('CLOSED', 'EXPIRED') AND updated_at < $1),
       answers AS (DELETE FROM suggestion WHERE request_id IN (SELECT id FROM gone)),
       asked AS (DELETE FROM suggestion_request_la WHERE request_id IN (SELECT id FROM gone))
       DELETE FROM suggestion_request WHERE id IN (SELECT id FROM gone)`,
    ],
  },
];
