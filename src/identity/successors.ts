import { system } from '../platform/actor.js';
import type { UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { recordSteps } from '../platform/process/index.js';
import { MembershipEntity } from './identity.entity.js';
import { isOwnSchool } from './leaving.own.js';
import type { Leaver } from './leaving.js';
import { leaverOfAssignment, leaverOfRole, type Leaving } from './leaving.service.js';

export interface Carried {
  /** Roles and assignments that are held for a successor from now on. */
  begun: number;
  /** Those that were, and rested on a succession that GIAS says no more. */
  ended: number;
}

/**
 * Lets people keep their part in a school that has become another: each role that was confirmed for it, and each SIP's
 * assignment, is held for the open schools at the end of its chain of successors too. What somebody ended there is not
 * begun again. What rested on a succession that is no more ends, as if somebody had ended it; those whom it concerns are told of both.
 */
export async function carryToSuccessors(tx: UnitOfWork, leaving: Leaving): Promise<Carried> {
  const endedRoles = await endUnfounded(tx, ROLES, leaving);
  const roles = await carryRoles(tx);
  const endedAssignments = await endUnfounded(tx, ASSIGNMENTS, leaving);
  return { begun: roles + (await carryAssignments(tx)), ended: endedRoles + endedAssignments };
}

interface Part {
  table: string;
  process: 'Role' | 'SIP assignment';
  /** What makes two rows `m` and `had` the same part of the same person, in whatever school. */
  same: string;
  inForce: (m: string) => string;
  /** What else keeps it from going on in the school. */
  not: (person: string, urn: string) => string;
  /** Whose it is, for what hangs on it when it ends. */
  leaver: (tx: UnitOfWork, id: string) => Promise<Leaver>;
}

// Nobody is the critical friend of their own school, as schools may have become one.
const ROLES: Part = { table: 'membership', process: 'Role', same: 'had.person_id = m.person_id AND had.role = m.role', inForce: (m) => `${m}.confirmed_at IS NOT NULL`, not: () => 'false',
  leaver: async (tx, id) => leaverOfRole(tx, await tx.manager.findOneByOrFail(MembershipEntity, { id })),
};
const ASSIGNMENTS: Part = { table: 'sip_assignment', process: 'SIP assignment', same: 'had.person_id = m.person_id', inForce: () => 'true', not: isOwnSchool,
  leaver: async (tx, id) => {
    const [{ la, ...of }] = (await tx.query(
      'SELECT a.id, a.person_id AS "personId", a.school_urn AS "schoolUrn", s.la_code AS la FROM sip_assignment a JOIN school s ON s.urn = a.school_urn WHERE a.id = $1',
      [id],
    )) as [{ id: string; personId: string; schoolUrn: number; la: string }];
    return leaverOfAssignment(of, la);
  },
};

/** Where the parts that were held in closed schools go on, one statement for all of them. */
const reachOf = ({ table }: Part) => `school_reach(ARRAY(SELECT DISTINCT part.school_urn FROM ${table} part JOIN school s ON s.urn = part.school_urn WHERE s.status = 'CLOSED'))`;

/**
 * A part that was carried rests on one that the person had by themselves in a closed school which the school followed,
 * whether they have it still or gave it up later.
 */
async function endUnfounded(tx: UnitOfWork, part: Part, leaving: Leaving): Promise<number> {
  const unfounded = await tx.query<{ id: string }>(
    `WITH reach AS MATERIALIZED (SELECT * FROM ${reachOf(part)})
     SELECT m.id FROM ${part.table} m
     WHERE m.carried_from IS NOT NULL AND m.ended_at IS NULL AND NOT EXISTS (
       SELECT FROM reach JOIN ${part.table} had ON had.school_urn = reach.urn AND ${part.same} AND had.carried_from IS NULL AND ${part.inForce('had')}
       WHERE reach.became = m.school_urn)
     ORDER BY m.id FOR UPDATE OF m`,
  );
  for (const { id } of unfounded) {
    await leaving.leave(tx, system, await part.leaver(tx, id), { acceptLeftWithout: true });
    await tx.query(`UPDATE ${part.table} SET ended_at = $2, carry_ended = true WHERE id = $1`, [id, tx.now]);
  }
  await recordSteps(tx, part.process, 'end', unfounded.map(({ id }) => id), { from: 'HELD', to: 'ENDED', reason: NO_LONGER });
  return unfounded.length;
}

const NO_LONGER = 'The register of schools no longer says that the school took the place of the one in which it was held before.';

/** Parts `m` in closed schools, and the open schools `s` in which they are not held yet. */
const due = (part: Part) => `
  FROM ${part.table} m JOIN ${reachOf(part)} reach ON reach.urn = m.school_urn JOIN school s ON s.urn = reach.became AND s.status = 'OPEN' JOIN school old ON old.urn = m.school_urn
  WHERE m.ended_at IS NULL AND ${part.inForce('m')} AND NOT ${part.not('m.person_id', 's.urn')}
    AND NOT EXISTS (SELECT FROM ${part.table} had WHERE ${part.same} AND had.school_urn = s.urn AND NOT had.carry_ended AND ${part.inForce('had')})`;

/** Whoever only waits for the same role there, having asked or been offered it, has it from now on. Whose word it rests on stays known. */
export const IN_PLACE_OF_WHAT_WAITS = `
  ON CONFLICT (person_id, role, coalesce(school_urn::text, trust_id, la_code, provider_id::text, '')) WHERE ended_at IS NULL DO UPDATE SET
    confirmed_at = EXCLUDED.confirmed_at, confirmed_by = EXCLUDED.confirmed_by, offered_at = EXCLUDED.offered_at, offered_by = EXCLUDED.offered_by,
    offered_email = EXCLUDED.offered_email, accepted_at = EXCLUDED.accepted_at, carried_from = EXCLUDED.carried_from
  WHERE here.confirmed_at IS NULL AND EXCLUDED.confirmed_at IS NOT NULL`;

async function carryRoles(tx: UnitOfWork): Promise<number> {
  const roles = await tx.query<object>(
    `SELECT DISTINCT ON (m.person_id, m.role, s.urn) m.person_id AS "personId", m.role, s.urn, m.title, m.confirmed_at AS "confirmedAt", m.confirmed_by AS "confirmedBy",
            m.offered_at AS "offeredAt", m.offered_by AS "offeredBy", m.offered_email AS "offeredEmail", m.accepted_at AS "acceptedAt", m.school_urn AS was
     ${due(ROLES)} ORDER BY m.person_id, m.role, s.urn, m.carried_from IS NOT NULL, m.school_urn`,
  );
  const begun = await tx.query<{ id: string }>(
    `INSERT INTO membership AS here (id, person_id, role, school_urn, title, confirmed_at, confirmed_by, offered_at, offered_by, offered_email, accepted_at, created_at, carried_from)
     SELECT id, "personId", role, urn, title, "confirmedAt", "confirmedBy", "offeredAt", "offeredBy", "offeredEmail", "acceptedAt", $2, was
     FROM json_to_recordset($1) AS r (id uuid, "personId" uuid, role text, urn int, title text, "confirmedAt" timestamptz, "confirmedBy" uuid,
       "offeredAt" timestamptz, "offeredBy" uuid, "offeredEmail" text, "acceptedAt" timestamptz, was int)
     ${IN_PLACE_OF_WHAT_WAITS} RETURNING id`,
    [withIds(roles), tx.now],
  );
  return told(tx, 'Role', begun);
}

async function carryAssignments(tx: UnitOfWork): Promise<number> {
  // A SIP works for a local authority: in its area, or in those of which it has become a part.
  const sips = await tx.query<object>(
    `SELECT DISTINCT ON (m.person_id, s.urn) m.person_id AS "personId", s.urn, m.school_urn AS was
     ${due(ASSIGNMENTS)} AND authorities_now(ARRAY[s.la_code]) && authorities_now(ARRAY[old.la_code]) ORDER BY m.person_id, s.urn, m.carried_from IS NOT NULL, m.school_urn`,
  );
  const begun = await tx.query<{ id: string }>(
    `INSERT INTO sip_assignment (id, person_id, school_urn, started_at, carried_from)
     SELECT id, "personId", urn, $2, was FROM json_to_recordset($1) AS r (id uuid, "personId" uuid, urn int, was int) ON CONFLICT DO NOTHING RETURNING id`,
    [withIds(sips), tx.now],
  );
  return told(tx, 'SIP assignment', begun);
}

const withIds = (rows: object[]) => JSON.stringify(rows.map((row) => ({ id: newId(), ...row })));

async function told(tx: UnitOfWork, process: Part['process'], begun: { id: string }[]): Promise<number> {
  await recordSteps(tx, process, 'carry', begun.map(({ id }) => id), { from: null, to: 'HELD' });
  return begun.length;
}
