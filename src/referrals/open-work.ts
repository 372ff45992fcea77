import type { UnitOfWork } from '../platform/database/index.js';

const OPEN_WORK = `
  SELECT urn, array_agg(what || CASE WHEN number > 1 THEN ' (' || number || ')' ELSE '' END ORDER BY place) AS what
  FROM (
    SELECT school_urn AS urn, 1 AS place, 'support under way' AS what, count(*) AS number FROM engagement
    WHERE school_urn = ANY($1) AND state IN ('AWAITING_SIGN_OFF', 'AGREED', 'IN_PROGRESS') GROUP BY school_urn
    UNION ALL
    SELECT school_urn, 2, 'a request for support', count(*) FROM request WHERE school_urn = ANY($1) AND state IN ('AWAITING_SCHOOL', 'OPEN') GROUP BY school_urn
    UNION ALL
    SELECT school_urn, 3, 'a referral without an answer', count(*) FROM referral WHERE school_urn = ANY($1) AND state = 'SENT' GROUP BY school_urn
    UNION ALL
    SELECT school_urn, 4, 'a planned visit', count(*) FROM visit WHERE school_urn = ANY($1) AND state = 'PLANNED' GROUP BY school_urn
    UNION ALL
    SELECT school_urn, 5, 'people with a role', count(*) FROM membership WHERE school_urn = ANY($1) AND ended_at IS NULL GROUP BY school_urn) AS found
  GROUP BY urn`;

/** What is under way at schools, in words, for whoever is about to import that they close. Schools without anything are left out. */
export async function openWorkAt(tx: UnitOfWork, urns: readonly number[]): Promise<Map<number, string>> {
  if (urns.length === 0) return new Map();
  const rows = await tx.query<{ urn: number; what: string[] }>(OPEN_WORK, [urns]);
  return new Map(rows.map(({ urn, what }) => [urn, what.join(', ')]));
}
