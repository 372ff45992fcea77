import type { RetentionRule } from '../platform/retention.js';

/** What was released of ratings and needs stays: it names nobody and no school. */
export const outcomesRetention: RetentionRule[] = [
  {
    name: 'names-in-ratings',
    says: 'Who gave a rating, who replied, and who may be asked: removed so long after it was given.',
    days: 7 * 365,
    sql: ['UPDATE rating SET given_by = NULL, replied_by = NULL, contact_id = NULL WHERE given_at < $1 AND num_nonnulls(given_by, replied_by, contact_id) > 0'],
  },
  {
    name: 'searches-without-result',
    says: 'What was searched for and not found, by school: deleted so long after that day.',
    days: 3 * 365,
    sql: ['DELETE FROM search_miss WHERE day < $1::timestamptz::date'],
  },
];
