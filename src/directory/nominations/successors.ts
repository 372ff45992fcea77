import type { UnitOfWork } from '../../platform/database/index.js';

/**
 * A school that has become one other hands its open nominations on to it, as its people are carried: whoever nominated leads
 * the successor too. What the successor has nominated itself already stays with the school that has closed, and ends with it.
 */
export async function carryNominations(tx: UnitOfWork): Promise<void> {
  await tx.query(
    `UPDATE nomination n SET school_urn = became.urn, version = n.version + 1, updated_at = $1
     FROM (SELECT link.urn AS old, min(s.urn) AS urn FROM school_successor link
           JOIN school old ON old.urn = link.urn AND old.status = 'CLOSED' JOIN school s ON s.urn = link.successor_urn AND s.status = 'OPEN'
           GROUP BY link.urn HAVING count(*) = 1) became
     WHERE n.state = 'OPEN' AND n.school_urn = became.old
       AND NOT EXISTS (SELECT FROM nomination other WHERE other.state = 'OPEN' AND mailbox(other.email) = mailbox(n.email) AND other.id <> n.id
                       AND (other.school_urn = became.urn OR other.id < n.id AND other.school_urn IN (SELECT urn FROM school_successor WHERE successor_urn = became.urn)))`,
    [tx.now],
  );
}
