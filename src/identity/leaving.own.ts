import type { Queryable, UnitOfWork } from '../platform/database/index.js';
import type { Actor } from '../platform/actor.js';
import { isOfficerOf } from '../platform/actor.js';
import { newId } from '../platform/id.js';
import type { Found, Leaver, RoomOfLeavers } from './leaving.js';

const inForce = (m: string) => `${m}.ended_at IS NULL AND ${m}.confirmed_at IS NOT NULL`;

/** Whether another one holds this role in the same place. */
async function isLast(db: Queryable, { id, role, personId, schoolUrn, laCode }: Leaver): Promise<boolean> {
  const [other] = await db.query(
    `SELECT FROM membership m WHERE m.role = $2 AND ${inForce('m')} AND m.id <> $1 AND m.person_id <> $3
       AND m.school_urn IS NOT DISTINCT FROM $4::int AND m.la_code IS NOT DISTINCT FROM $5 LIMIT 1`,
    [id, role, personId, schoolUrn, laCode],
  );
  return !other;
}

const LAST_OF: Partial<Record<Leaver['role'], keyof Found>> = { SCHOOL_LEAD: 'SCHOOL_LEADERSHIP', LA_OFFICER: 'LOCAL_AUTHORITY', SYSTEM_ADMIN: 'SERVICE' };

async function count(db: Queryable, sql: string, values: unknown[]): Promise<number> {
  return (await db.query<{ count: number }>(`SELECT count(*)::int AS count ${sql}`, values))[0]!.count;
}

/** That the person stands in for the SIPs of the LA, and is neither SIP nor officer there in another role. */
const STANDS_IN = `
  FROM sign_off_stand_in stand_in WHERE stand_in.la_code = $2 AND stand_in.person_id = $3
    AND NOT EXISTS (SELECT FROM membership m WHERE m.person_id = $3 AND m.la_code = $2 AND m.role IN ('SIP', 'LA_OFFICER') AND ${inForce('m')} AND m.id <> $1)`;

/** What identity itself knows to hang on a role: that somebody holds it at all. */
export const ownRoom: RoomOfLeavers = {
  async find(db, leaver) {
    const { id, what, personId, role, laCode } = leaver;
    if (what === 'ASSIGNMENT') return {};
    const last = LAST_OF[role];
    return {
      ...(last && (await isLast(db, leaver)) ? { [last]: 1 } : {}),
      ...(laCode !== null && (role === 'LA_OFFICER' || role === 'SIP') ? { STAND_IN: await count(db, STANDS_IN, [id, laCode, personId]) } : {}),
      ...(role === 'LA_OFFICER'
        ? {
          COUNCIL_SERVICES: await count(
            db,
            `FROM provider p JOIN membership m ON m.provider_id = p.id AND m.role = 'PROVIDER_ADMIN' AND ${inForce('m')} AND m.person_id = $2
             WHERE p.assurance = 'COUNCIL' AND p.assuring_la = $1 AND p.state <> 'WITHDRAWN' AND NOT EXISTS (
               SELECT FROM membership other WHERE other.provider_id = p.id AND other.role = 'PROVIDER_ADMIN' AND ${inForce('other')} AND other.person_id <> $2)`,
            [laCode, personId],
          ),
        }
        : {}),
    };
  },

  async handOn(tx, { id, personId, laCode, what }, successorId) {
    if (what === 'ASSIGNMENT' || laCode === null) return {};
    const standsIn = await count(tx, STANDS_IN, [id, laCode, personId]);
    if (standsIn > 0) await tx.query('UPDATE sign_off_stand_in SET person_id = $2, set_by = $2, set_at = $3 WHERE la_code = $1', [laCode, successorId, tx.now]);
    return { STAND_IN: standsIn };
  },

  async after(tx, { id, personId, laCode, what }) {
    if (what === 'ROLE' && laCode !== null) await tx.query(`DELETE FROM sign_off_stand_in gone WHERE EXISTS (SELECT ${STANDS_IN} AND stand_in.la_code = gone.la_code)`, [id, laCode, personId]);
  },
};

/**
 * Who can take over from a leaver. What only the leaver saw in a school goes to whom the leaver names; where another one
 * ends the role, to a lead who is not that other one: nobody gets to see by their own hand what they did not see before.
 */
export async function successorsOf(db: Queryable, actor: Actor, leaver: Leaver): Promise<{ id: string; name: string }[]> {
  const isOwn = actor.personId === leaver.personId;
  switch (leaver.role) {
    case 'SCHOOL_LEAD':
    case 'SCHOOL_STAFF':
      return db.query(
        `SELECT DISTINCT p.id, p.name FROM membership m JOIN person p ON p.id = m.person_id
         WHERE m.school_urn = $1 AND ${inForce('m')} AND m.person_id <> $2 AND ($3 OR (m.role = 'SCHOOL_LEAD' AND NOT same_person(m.person_id, $4))) ORDER BY p.name, p.id`,
        [leaver.schoolUrn, leaver.personId, isOwn, actor.personId],
      );
    case 'SIP':
      return db.query(
        `SELECT DISTINCT p.id, p.name FROM membership m JOIN person p ON p.id = m.person_id
         WHERE m.la_code = $1 AND m.role = 'SIP' AND ${inForce('m')} AND m.person_id <> $2 AND NOT EXISTS (
           SELECT FROM unnest($3::int[]) AS school (urn) WHERE ${isOwnSchool('m.person_id', 'school.urn')}
             OR NOT $4 AND NOT EXISTS (SELECT FROM sip_assignment a WHERE a.person_id = m.person_id AND a.school_urn = school.urn AND a.ended_at IS NULL))
         ORDER BY p.name, p.id`,
        [leaver.laCode, leaver.personId, leaver.schools, isOfficerOf(actor, leaver.laCode)],
      );
    case 'LA_OFFICER':
      return db.query(
        `SELECT DISTINCT p.id, p.name FROM membership m JOIN person p ON p.id = m.person_id
         WHERE m.la_code = $1 AND m.role = 'LA_OFFICER' AND ${inForce('m')} AND m.person_id <> $2 ORDER BY p.name, p.id`,
        [leaver.laCode, leaver.personId],
      );
    default:
      return [];
  }
}

/** SQL: whether the school is a person’s own: they work in it or in one of its trust or federation, or lead one of these or did so within the last three years. */
export const isOwnSchool = (person: string, urn: string) => `is_own_school((SELECT mailboxes_of(${person})), ${urn})`;

/** Makes a successor the SIP of the leaver’s schools, where they are not yet. */
export async function assignSuccessor(tx: UnitOfWork, { schools }: Leaver, successorId: string): Promise<string[]> {
  const added = await tx.query<{ id: string }>(
    `INSERT INTO sip_assignment (id, person_id, school_urn, started_at) SELECT id, $1, urn, $4 FROM unnest($2::uuid[], $3::int[]) AS given (id, urn) ON CONFLICT DO NOTHING RETURNING id`,
    [successorId, schools.map(() => newId()), schools, tx.now],
  );
  return added.map((each) => each.id);
}
