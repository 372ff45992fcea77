import { type Actor, isOfficerOf, isSystemAdmin, type Role } from '../platform/actor.js';
import type { UnitOfWork } from '../platform/database/index.js';
import { NotAllowed, refuse, ValidationProblem, whatIsMissing } from '../platform/problem.js';
import { recordStep } from '../platform/process/index.js';
import { MembershipEntity } from './identity.entity.js';
import { isOwnSchool } from './leaving.own.js';

/** A role and the one thing in which it is held. */
export interface Scope {
  role: Role;
  schoolUrn?: number | null;
  trustId?: string | null;
  laCode?: string | null;
  providerId?: string | null;
}

const scopeField: Record<Role, keyof Scope | null> = {
  SCHOOL_LEAD: 'schoolUrn',
  SCHOOL_STAFF: 'schoolUrn',
  TRUST_LEAD: 'trustId',
  SIP: 'laCode',
  LA_OFFICER: 'laCode',
  PROVIDER_ADMIN: 'providerId',
  PROVIDER_EDITOR: 'providerId',
  SYSTEM_ADMIN: null,
};

/** What keeps somebody from naming a provider's first administrator. */
export type First = 'NO_ADMINISTRATOR' | 'NO_OFFER_EITHER';

/**
 * An imported provider has nobody yet who could give others a role in it: its first administrator is made by an
 * officer of its assuring LA or a system administrator. The lock lets only one of two who do so at once. An offer that
 * nobody has accepted stands in the way of a second one until it is taken back.
 */
export async function givesFirstAdministrator(tx: UnitOfWork, actor: Actor, providerId: string, first: First): Promise<boolean> {
  const [provider] = await tx.query<{ la: string | null }>('SELECT assuring_la AS la FROM provider WHERE id = $1 FOR NO KEY UPDATE', [providerId]);
  if (!isSystemAdmin(actor) && !isOfficerOf(actor, provider!.la)) return false;
  const [other] = await tx.query(
    `SELECT id FROM membership WHERE provider_id = $1 AND role = 'PROVIDER_ADMIN' AND ended_at IS NULL AND (confirmed_at IS NOT NULL OR $2) LIMIT 1`,
    [providerId, first === 'NO_OFFER_EITHER'],
  );
  return !other;
}

/** Locks a role of the actor's own. @throws Refused with NotFound */
export async function lockOwn(tx: UnitOfWork, actor: Actor, id: string): Promise<MembershipEntity> {
  const [own] = await tx.query('SELECT id FROM membership WHERE id = $1 AND person_id = $2 AND ended_at IS NULL FOR UPDATE', [id, actor.personId]);
  return own ? tx.manager.findOneByOrFail(MembershipEntity, { id }) : refuse(whatIsMissing('role'));
}

/** A council's own service has its officers alone as members. */
export async function mayBelong(tx: UnitOfWork, personId: string, providerId: string): Promise<boolean> {
  const [strange] = await tx.query(
    `SELECT FROM provider p WHERE p.id = $2 AND p.assurance = 'COUNCIL' AND NOT EXISTS (
       SELECT FROM membership m WHERE m.person_id = $1 AND m.role = 'LA_OFFICER' AND m.la_code = p.assuring_la AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL)`,
    [personId, providerId],
  );
  return !strange;
}

/** With an officer's role end their roles in the council's own services. */
export async function leaveCouncilServices(tx: UnitOfWork, { personId, laCode }: MembershipEntity): Promise<void> {
  await tx.query(
    `UPDATE membership m SET ended_at = $3 FROM provider p
     WHERE m.person_id = $1 AND m.ended_at IS NULL AND p.id = m.provider_id AND p.assurance = 'COUNCIL' AND p.assuring_la = $2`,
    [personId, laCode, tx.now],
  );
}

/** With a SIP’s role in an LA end their assignments to its schools. */
export async function endAssignments(tx: UnitOfWork, actor: Actor, { personId, laCode, handedOn }: MembershipEntity, successorId: string | null): Promise<void> {
  const ended = await tx.query<{ id: string }>(
    `UPDATE sip_assignment a SET ended_at = $2, ended_by = $4, successor_id = $5, handed_on = $6 FROM school
     WHERE a.person_id = $1 AND a.ended_at IS NULL AND school.urn = a.school_urn AND school.la_code = $3 RETURNING a.id`,
    [personId, tx.now, laCode, actor.personId, successorId, handedOn],
  );
  for (const { id } of ended) await recordStep(tx, 'SIP assignment', 'end', id, { from: 'HELD', to: 'ENDED', by: actor });
}

export async function isOwn(tx: UnitOfWork, personId: string, schoolUrn: number): Promise<boolean> {
  const [row] = await tx.query<{ own: boolean }>(`SELECT ${isOwnSchool('$1::uuid', '$2::int')} AS own`, [personId, schoolUrn]);
  return row!.own;
}

/** Nobody is the critical friend of their own school, whichever of the two they become first; nor of one in its trust or federation. @throws Refused with NotAllowed */
export async function refuseItsSip(tx: UnitOfWork, { personId, schoolUrn, trustId }: Pick<MembershipEntity, 'personId' | 'schoolUrn' | 'trustId'>, who: 'You' | 'That person'): Promise<void> {
  if (schoolUrn === null && trustId === null) return;
  await lockPerson(tx, personId);
  const [found] = await tx.query<{ assigned: boolean }>(
    `SELECT sip_of_bodies(mailboxes_of($1), CASE WHEN $2::int IS NOT NULL THEN school_bodies($2) ELSE ARRAY['trust:' || $3::text] END) AS assigned`,
    [personId, schoolUrn, trustId],
  );
  const are = who === 'You' ? 'You are' : 'That person is';
  if (found!.assigned) refuse(new NotAllowed(`${are} the School Improvement Partner of this school, or of one in its trust or federation. An officer of the local authority has to end that first.`));
}

/** Whoever becomes the SIP of a school and somebody of it at one moment does one of them first. All accounts of one mailbox are locked. */
export async function lockPerson(tx: UnitOfWork, personId: string): Promise<void> {
  await tx.query('SELECT id FROM person WHERE id IN (SELECT person_id FROM known_by WHERE mailbox = ANY((SELECT mailboxes_of($1))::text[])) ORDER BY id FOR NO KEY UPDATE', [personId]);
}

export async function laOfSchool(tx: UnitOfWork, urn: number): Promise<string> {
  const [school] = await tx.query<{ la: string }>('SELECT la_code AS la FROM school WHERE urn = $1', [urn]);
  return school?.la ?? refuse(whatIsMissing('school'));
}

const lookUp = {
  schoolUrn: ['school', 'SELECT 1 FROM school WHERE urn = $1'],
  trustId: ['trust', 'SELECT 1 FROM trust WHERE id = $1'],
  laCode: ['local authority', 'SELECT 1 FROM living_authority WHERE code = $1'],
  providerId: ['provider', 'SELECT 1 FROM provider WHERE id = $1'],
} as const;

/** The role names exactly the thing it is held in, and that thing is there. */
export async function checkScope(tx: UnitOfWork, scope: Scope): Promise<void> {
  const wanted = scopeField[scope.role];
  for (const [field, [what, sql]] of Object.entries(lookUp) as [keyof typeof lookUp, readonly [string, string]][]) {
    const value = scope[field] ?? null;
    if (field !== wanted && value !== null) refuse(new ValidationProblem([{ field, message: `This role is not held in a ${what}.` }]));
    if (field !== wanted) continue;
    if (value === null) refuse(new ValidationProblem([{ field, message: `Say which ${what}.` }]));
    if ((await tx.query(sql, [value])).length === 0) refuse(whatIsMissing(what));
  }
}
