import type { UnitOfWork } from '../../platform/database/index.js';

/**
 * A school that has become one other hands its open nominations on to it, as its people are carried: whoever nominated leads
 * the successor too. What the successor has nominated itself already stays with the school that has closed, and ends with it.
 */
export async function carryNominations(tx: UnitOfWork): Promise<void> {
  await tx.query(
    `WITH became AS MATERIALIZED (
       SELECT reach.urn AS old, min(s.urn) AS urn FROM school_reach(ARRAY(SELECT DISTINCT school_urn FROM nomination WHERE state = 'OPEN')) reach
       JOIN school s ON s.urn = reach.became AND s.status = 'OPEN' GROUP BY reach.urn HAVING count(*) = 1)
     UPDATE nomination n SET school_urn = became.urn, version = n.version + 1, updated_at = $1
     FROM became
     WHERE n.state = 'OPEN' AND n.school_urn = became.old
       AND NOT EXISTS (SELECT FROM nomination other WHERE other.state = 'OPEN' AND mailbox(other.email) = mailbox(n.email) AND other.id <> n.id
                       AND (other.school_urn = became.urn OR other.id < n.id AND other.school_urn IN (SELECT same.old FROM became same WHERE same.urn = became.urn)))`,
    [tx.now],
  );
}
