import type { RetentionRule } from '../platform/retention.js';

const REMOVED = 'Name removed';
const LONG_ENDED = '(SELECT id FROM engagement WHERE finished_at < $1)';

export const brokerageRetention: RetentionRule[] = [
  {
    name: 'draft-requests',
    says: 'Requests that were never opened: deleted so long after they were withdrawn or expired.',
    days: 365,
    sql: [
      `WITH gone AS (SELECT id FROM request WHERE opened_at IS NULL AND closed_at < $1),
       people AS (DELETE FROM request_person WHERE request_id IN (SELECT id FROM gone)),
       schools AS (DELETE FROM request_school WHERE request_id IN (SELECT id FROM gone)),
       listings AS (DELETE FROM request_listing WHERE request_id IN (SELECT id FROM gone))
       DELETE FROM request WHERE id IN (SELECT id FROM gone)`,
    ],
  },
  {
    name: 'names-in-engagements',
    says: 'Names of people in engagements, what was confirmed of their checks, and who approved a purchase: removed so long after the engagement ended.',
    days: 7 * 365,
    sql: [
      `UPDATE engagement_visitor SET name = '${REMOVED}', role = '' WHERE name <> '${REMOVED}' AND engagement_id IN ${LONG_ENDED}`,
      `UPDATE engagement_action SET owner_name = '' WHERE owner_name <> '' AND engagement_id IN ${LONG_ENDED}`,
      `UPDATE engagement SET safeguarding_statement = '${REMOVED}' WHERE safeguarding_statement <> '${REMOVED}' AND id IN ${LONG_ENDED}`,
      `UPDATE buying_record SET approver_name = '${REMOVED}', approver_role = '' WHERE approver_name <> '${REMOVED}' AND engagement_id IN ${LONG_ENDED}`,
      `UPDATE proposal SET who_comes = '' WHERE who_comes <> '' AND id IN (SELECT proposal_id FROM engagement WHERE finished_at < $1)`,
    ],
  },
];
