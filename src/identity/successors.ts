import type { UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';

/** A school that has closed, and what it became. */
const BECAME = `school_successor link JOIN school old ON old.urn = link.urn AND old.status = 'CLOSED' JOIN school s ON s.urn = link.successor_urn AND s.status = 'OPEN'`;

/**
 * Lets people keep their part in a school that has become another: each role that was confirmed for it, and each SIP's
 * assignment, is held for its successor too. What has ended there once is not begun again.
 * @returns how many roles and assignments that are
 */
export async function carryToSuccessors(tx: UnitOfWork): Promise<number> {
  const roles = await tx.query<object>(
    `SELECT DISTINCT m.person_id AS "personId", m.role, s.urn, m.title, m.confirmed_by AS "confirmedBy" FROM membership m JOIN ${BECAME} ON old.urn = m.school_urn
     WHERE m.ended_at IS NULL AND m.confirmed_at IS NOT NULL AND NOT EXISTS (SELECT FROM membership had WHERE had.person_id = m.person_id AND had.role = m.role AND had.school_urn = s.urn)`,
  );
  const sips = await tx.query<object>(
    `SELECT DISTINCT a.person_id AS "personId", s.urn FROM sip_assignment a JOIN ${BECAME} ON old.urn = a.school_urn AND s.la_code = old.la_code
     WHERE a.ended_at IS NULL AND NOT EXISTS (SELECT FROM sip_assignment had WHERE had.person_id = a.person_id AND had.school_urn = s.urn)`,
  );
  const withIds = (rows: object[]) => JSON.stringify(rows.map((row) => ({ id: newId(), ...row })));
  await tx.query(
    `INSERT INTO membership (id, person_id, role, school_urn, title, confirmed_at, confirmed_by, created_at)
     SELECT id, "personId", role, urn, title, $2, "confirmedBy", $2 FROM json_to_recordset($1) AS r (id uuid, "personId" uuid, role text, urn int, title text, "confirmedBy" uuid)
     ON CONFLICT DO NOTHING`,
    [withIds(roles), tx.now],
  );
  await tx.query(
    `INSERT INTO sip_assignment (id, person_id, school_urn, started_at)
     SELECT id, "personId", urn, $2 FROM json_to_recordset($1) AS r (id uuid, "personId" uuid, urn int) ON CONFLICT DO NOTHING`,
    [withIds(sips), tx.now],
  );
  return roles.length + sips.length;
}
