import { type Actor, isOfficerOf } from '../platform/actor.js';
import type { UnitOfWork } from '../platform/database/index.js';
import { refuse, ValidationProblem } from '../platform/problem.js';
import { recordStep } from '../platform/process/index.js';
import type { MembershipEntity } from './identity.entity.js';
import { asRead, type Found, type Leaver, listed, type RoomOfLeavers, sum } from './leaving.js';
import { assignSuccessor, ownRoom, successorsOf } from './leaving.own.js';
import { LeavesWithout, RoleLeaving } from './leaving.type.js';

/** How somebody leaves: who takes over, and whether what nobody takes over may be left with nobody. */
export interface Leave {
  successorId?: string | null;
  acceptLeftWithout?: boolean;
}

/** Looks at what hangs on a role before it ends: it is handed on, or said first. */
export class Leaving {
  private readonly rooms: readonly RoomOfLeavers[];

  constructor(rooms: readonly RoomOfLeavers[]) {
    this.rooms = [ownRoom, ...rooms];
  }

  /** What hangs on it, for whoever may end it. */
  async whatHangs(tx: UnitOfWork, actor: Actor, leaver: Leaver): Promise<RoleLeaving> {
    const found = await this.find(tx, leaver);
    return { id: leaver.id, work: asRead(found, actor.personId === leaver.personId), successors: await successorsOf(tx, actor, leaver) };
  }

  /**
   * Hands on what hangs on a role that is about to end, and ends what nobody needs to take over.
   * @returns what was handed on, in words; null where nothing was
   * @throws Refused with LeavesWithout, and with ValidationProblem where the successor cannot take it over
   */
  async leave(tx: UnitOfWork, actor: Actor, leaver: Leaver, { successorId, acceptLeftWithout }: Leave): Promise<string | null> {
    await lockPlace(tx, leaver);
    const handed = successorId ? await this.handOn(tx, actor, leaver, successorId) : {};
    const left = await this.find(tx, leaver);
    const said = asRead(left, actor.personId === leaver.personId);
    if (said.length > 0 && !acceptLeftWithout) {
      refuse(new LeavesWithout(`Something would be left with nobody. ${said.map(({ says }) => says).join(' ')} Name who takes over, or say that it may be left.`, said));
    }
    for (const room of this.rooms) await room.after?.(tx, leaver);
    return listed(handed);
  }

  private async find(tx: UnitOfWork, leaver: Leaver): Promise<Found> {
    const found: Found[] = [];
    for (const room of this.rooms) found.push(await room.find(tx, leaver));
    return sum(found);
  }

  private async handOn(tx: UnitOfWork, actor: Actor, leaver: Leaver, successorId: string): Promise<Found> {
    if (!(await successorsOf(tx, actor, leaver)).some(({ id }) => id === successorId)) {
      refuse(new ValidationProblem([{ field: 'successorId', message: CANNOT[leaver.role] ?? 'Nothing hangs on this role that somebody else could take over.' }]));
    }
    if (leaver.role === 'SIP' && isOfficerOf(actor, leaver.laCode)) {
      for (const id of await assignSuccessor(tx, leaver, successorId)) await recordStep(tx, 'SIP assignment', 'assign', id, { from: null, to: 'HELD', by: actor });
    }
    const handed: Found[] = [];
    for (const room of this.rooms) handed.push(await room.handOn(tx, leaver, successorId));
    return sum(handed);
  }
}

const SCHOOL = 'Choose somebody who has a role in the school. If you end the role of a colleague, choose a lead of the school other than yourself, or ask your local authority’s officer to end it.';
const CANNOT: Partial<Record<Leaver['role'], string>> = {
  SCHOOL_LEAD: SCHOOL,
  SCHOOL_STAFF: SCHOOL,
  SIP: 'Choose a School Improvement Partner of the local authority whose own school it is not. Unless an officer names them, they have to be the school’s already.',
  LA_OFFICER: 'Choose another officer of the local authority.',
};

/** Two who leave the same place take turns, so that the second is told what the first has left. */
async function lockPlace(tx: UnitOfWork, { role, schoolUrn, laCode }: Leaver): Promise<void> {
  if (role === 'SYSTEM_ADMIN') await tx.query(`SELECT id FROM membership WHERE role = 'SYSTEM_ADMIN' AND ended_at IS NULL ORDER BY id FOR UPDATE`);
  if (laCode !== null) await tx.query('SELECT code FROM local_authority WHERE code = $1 FOR NO KEY UPDATE', [laCode]);
  if (schoolUrn !== null) await tx.query('SELECT urn FROM school WHERE urn = $1 FOR NO KEY UPDATE', [schoolUrn]);
}

/** Who leaves when a role ends. */
export async function leaverOfRole(tx: UnitOfWork, { id, personId, role, schoolUrn, laCode, providerId }: MembershipEntity): Promise<Leaver> {
  const assigned = role === 'SIP' ? await tx.query<{ urn: number }>(
    'SELECT a.school_urn AS urn FROM sip_assignment a JOIN school s ON s.urn = a.school_urn WHERE a.person_id = $1 AND s.la_code = $2 AND a.ended_at IS NULL ORDER BY urn', [personId, laCode],
  ) : [];
  return { id, what: 'ROLE', personId, role, schoolUrn, laCode, providerId, schools: assigned.map(({ urn }) => urn) };
}

/** Who leaves when a SIP’s work with one school ends. */
export const leaverOfAssignment = ({ id, personId, schoolUrn }: { id: string; personId: string; schoolUrn: number }, laCode: string): Leaver => ({
  id,
  what: 'ASSIGNMENT',
  personId,
  role: 'SIP',
  schoolUrn: null,
  laCode,
  providerId: null,
  schools: [schoolUrn],
});
