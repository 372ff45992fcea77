import { IsNull } from 'typeorm';
import { z } from 'zod';
import { type Actor, isOfficerOf, isSystemAdmin } from '../platform/actor.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { once } from '../platform/idempotency.js';
import { sendToTypedAddress } from '../platform/mail/index.js';
import { NotAllowed, NotAllowedInThisState, type Problem, problemType, refuse, ValidationProblem, whatIsMissing } from '../platform/problem.js';
import { recordStep } from '../platform/process/index.js';
import { checkReach } from '../platform/rate-limit.js';
import { name, validate, words } from '../platform/validate.js';
import { Giving, notYours, type ProvidersOfMemberships, samePerson } from './giving.js';
import { MembershipEntity, SipAssignmentEntity } from './identity.entity.js';
import type { RoomOfLeavers } from './leaving.js';
import { type Leave, leaverOfAssignment, leaverOfRole, Leaving } from './leaving.service.js';
import type { RoleLeaving } from './leaving.type.js';
import { checkScope, endAssignments, isOwn, laOfSchool, leaveCouncilServices, lockOwn, lockPerson, mayBelong, refuseItsSip, type Scope } from './membership.scope.js';
import { endOffers, endOwnAssignments, isOffered } from './ending.js';
import { checkEmail, findOrAddPerson } from './sign-in.service.js';
import { type Carried, carryToSuccessors } from './successors.js';

export const AlreadyMember = problemType('AlreadyMember', 'The person holds, or has asked for, this role already.');
export const LastAdministrator = problemType('LastAdministrator', 'A provider needs an administrator.');
export const NotASip = problemType('NotASip', 'The person is no School Improvement Partner of the school’s local authority.');

/** How a role begins: offered to an address, in force at once, or, with nothing said, asked for. */
interface Beginning {
  offeredBy?: string;
  email?: string;
  confirmedBy?: string;
}

/** By one person, for one school, and by one for the same school: they reach its leads and its officer. */
const ROLES_ASKED_A_DAY = { sender: 10, recipient: 100, pair: 4 };

const roleInput = z.object({ title: name('What the person is there', 200) });
const grantInput = roleInput.extend({ name: name('The name', 200) });

export class Memberships {
  private readonly leaving: Leaving;
  private readonly giving: Giving;

  constructor(
    private readonly db: Database,
    private readonly providers: ProvidersOfMemberships,
    private readonly publicUrl: string,
    rooms: readonly RoomOfLeavers[] = [],
  ) {
    this.leaving = new Leaving(rooms);
    this.giving = new Giving(providers);
  }

  /** Asks for a role in a school. It is worth nothing until the LA's officer or a lead of the school confirms it. */
  async request(actor: Actor, scope: Scope & { title: string }, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      if (scope.role !== 'SCHOOL_LEAD' && scope.role !== 'SCHOOL_STAFF') {
        refuse(new ValidationProblem([{ field: 'role', message: 'You can ask for a role in a school. Other roles are given by those who run them.' }]));
      }
      const { title } = validate(roleInput, scope);
      const { id } = await once(tx, actor, key, scope, async () => {
        await checkReach(tx, 'roles', actor.personId, String(scope.schoolUrn), ROLES_ASKED_A_DAY);
        const asked = await this.add(tx, actor.personId!, { ...scope, title }, {});
        await recordStep(tx, 'Role', 'ask', asked.id, { from: null, to: 'ASKED', by: actor });
        return asked;
      });
      return id;
    });
  }

  /**
   * Offers a role to whoever signs in with an e-mail address. It begins when they accept it: until then it counts for
   * nothing, and tells whoever gives it nothing of the person behind the address. @throws Refused with NotAllowed, NotFound, ValidationProblem, AlreadyMember
   */
  async grant(actor: Actor, input: Scope & { email: string; name?: string | null; title: string }, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const email = checkEmail(input.email);
      const { title, name } = validate(grantInput, input);
      const { id } = await once(tx, actor, key, input, async () => {
        await this.giving.check(tx, actor, input);
        const personId = await findOrAddPerson(tx, email, name);
        if (await samePerson(tx, actor.personId, personId)) refuse(new NotAllowed('Nobody can give themselves a role. Ask a colleague who may.'));
        const created = await this.add(tx, personId, { ...input, title }, { offeredBy: actor.personId!, email });
        await sendToTypedAddress(tx, actor, {
          to: email,
          subject: 'A role in Signpost is offered to you',
          text: [
            'You are offered a role in Signpost. It begins when you accept it; you can also decline.',
            'Sign in with this e-mail address to see what it is and who offers it. There is no password: a code is sent to you.',
            `${this.publicUrl}/account`,
            'If you do not know what this is about, you can ignore this message: nothing happens unless you accept.\n',
          ].join('\n\n'),
        });
        return created;
      });
      return id;
    });
  }

  /** Makes somebody a system administrator, for the operator's command line: the first one has nobody to give them the role. */
  async addSystemAdmin(email: string): Promise<void> {
    const address = checkEmail(email);
    await this.db.transaction(async (tx) => {
      const personId = await findOrAddPerson(tx, address);
      // By the operator's own hand, so that there is nobody to ask: it takes the place of one that was offered meanwhile.
      await tx.query(`UPDATE membership SET ended_at = $2 WHERE person_id = $1 AND role = 'SYSTEM_ADMIN' AND ended_at IS NULL AND confirmed_at IS NULL`, [personId, tx.now]);
      await this.add(tx, personId, { role: 'SYSTEM_ADMIN', title: '' }, { confirmedBy: personId });
    });
  }

  async confirm(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const membership = await this.lockVisible(tx, actor, id);
      if (isOffered(membership)) refuse(new NotAllowedInThisState('This role is offered, not asked for: only its person can accept it.'));
      if (membership.confirmedAt) return;
      const problem = await this.giving.whyNot(tx, actor, membership, membership.personId);
      if (problem) refuse(problem);
      if (!(await this.giving.mayBegin(tx, actor.personId!, membership))) {
        refuse(new NotAllowed('The person may be somebody else here under another address, so an officer of the local authority has to confirm this role.'));
      }
      await refuseItsSip(tx, membership, 'That person');
      await tx.manager.update(MembershipEntity, { id }, { confirmedAt: tx.now, confirmedBy: actor.personId });
      await recordStep(tx, 'Role', 'confirm', id, { from: 'ASKED', to: 'HELD', by: actor });
      await this.providers.personChanged(tx, membership.personId);
    });
  }

  /**
   * The person takes a role that is offered to them: it is in force from now on. Where they may be somebody else there
   * under another address, and no officer has offered it, it waits for one. Where whoever offered it could not offer it
   * any more, the offer ends. @throws Refused with NotFound, NotAllowedInThisState, NotAllowed
   */
  async accept(actor: Actor, id: string): Promise<void> {
    // The end of the offer stays, so that it is told after the transaction.
    const ended = await this.db.transaction(async (tx): Promise<Problem | null> => {
      const membership = await lockOwn(tx, actor, id);
      if (membership.acceptedAt) return null; // once is enough
      if (!isOffered(membership)) refuse(new NotAllowedInThisState('This role is not offered to you: you have asked for it, or hold it already.'));
      if (membership.providerId && !(await mayBelong(tx, membership.personId, membership.providerId))) {
        refuse(new NotAllowed('Only officers of a council belong to its own service. You are not one of this council’s.'));
      }
      if (await endOffers(tx, this.giving, { id })) return new NotAllowedInThisState('Whoever offered you this role may not give it any more, so the offer has ended. Ask somebody there who may to offer it to you.');
      await refuseItsSip(tx, membership, 'You');
      const mayBegin = await this.giving.mayBegin(tx, membership.offeredBy!, membership);
      await tx.manager.update(MembershipEntity, { id }, { acceptedAt: tx.now, ...(mayBegin ? { confirmedAt: tx.now, confirmedBy: membership.offeredBy } : {}) });
      await recordStep(tx, 'Role', mayBegin ? 'accept' : 'ask', id, { from: null, to: mayBegin ? 'HELD' : 'ASKED', by: actor });
      await this.providers.personChanged(tx, membership.personId);
      return null;
    });
    if (ended) refuse(ended);
  }

  /** The person turns down a role that is offered to them. @throws Refused with NotFound, NotAllowedInThisState */
  async decline(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const membership = await lockOwn(tx, actor, id);
      if (!isOffered(membership)) refuse(new NotAllowedInThisState('This role is not offered to you any more. You can end one that you hold.'));
      await tx.manager.update(MembershipEntity, { id }, { endedAt: tx.now });
    });
  }

  /**
   * Puts a role in force that was asked for and refused, where an appeal has overturned that. Whoever judged it confirms
   * it, so that they must not have an interest in what the school vouches for; nor is it confirmed in a school that has closed. @throws Refused
   */
  async confirmOnAppeal(tx: UnitOfWork, id: string, judge: Actor): Promise<void> {
    const [refused] = await tx.query<Pick<MembershipEntity, 'personId' | 'role' | 'schoolUrn' | 'trustId'>>(
      `SELECT person_id AS "personId", role, school_urn AS "schoolUrn", trust_id AS "trustId" FROM membership WHERE id = $1 AND ended_at IS NOT NULL AND confirmed_at IS NULL FOR UPDATE`,
      [id],
    );
    if (!refused) return refuse(whatIsMissing('role'));
    const problem = await this.giving.whyNotConfirm(tx, judge, refused);
    if (problem) refuse(problem);
    await refuseItsSip(tx, refused, 'That person');
    // Asked for again meanwhile: that one is in force then, and this one stays as it ended.
    const [again] = await tx.query<{ id: string }>(
      `SELECT id FROM membership WHERE person_id = $1 AND role = $2 AND school_urn = $3 AND ended_at IS NULL FOR UPDATE`,
      [refused.personId, refused.role, refused.schoolUrn],
    );
    await tx.query(
      `UPDATE membership SET ended_at = NULL, ended_by = NULL, end_reason = NULL, confirmed_at = coalesce(confirmed_at, $2), confirmed_by = coalesce(confirmed_by, $3),
         accepted_at = CASE WHEN offered_at IS NULL THEN accepted_at ELSE coalesce(accepted_at, $2) END
       WHERE id = $1`,
      [again?.id ?? id, tx.now, judge.personId],
    );
    await recordStep(tx, 'Role', 'confirm', again?.id ?? id, { from: again ? 'ASKED' : 'ENDED', to: 'HELD', by: judge });
    await this.providers.personChanged(tx, refused.personId);
  }

  /**
   * Ends a role, takes back one that was offered, or refuses one that was asked for. The person may end their own. What
   * hangs on a role in force is handed on to a successor, or has to be accepted as left with nobody. Whoever refuses a role
   * says why, which its person is told.
   * @throws Refused with NotFound, NotAllowed, LastAdministrator, LeavesWithout, ValidationProblem
   */
  async end(actor: Actor, id: string, { reason, ...how }: Leave & { reason?: string | null } = {}): Promise<void> {
    const { reason: why } = validate(z.object({ reason: words('The reason', 1000) }), { reason });
    await this.db.transaction(async (tx) => {
      const membership = await this.lockVisible(tx, actor, id);
      const inForce = membership.confirmedAt !== null;
      const refuses = !inForce && !isOffered(membership) && membership.personId !== actor.personId;
      if (inForce) await this.giving.checkEnding(tx, actor, membership);
      if (refuses && !why) refuse(new ValidationProblem([{ field: 'reason', message: 'Say why you refuse it. The person reads that, and may appeal.' }]));
      if (inForce && membership.role === 'PROVIDER_ADMIN') await this.keepAnAdministrator(tx, membership);
      const handedOn = inForce ? await this.leaving.leave(tx, actor, await leaverOfRole(tx, membership), how) : null;
      await tx.manager.update(MembershipEntity, { id }, { endedAt: tx.now, endedBy: actor.personId, endReason: why || null, successorId: how.successorId ?? null, handedOn });
      if (!inForce) {
        if (!isOffered(membership)) await recordStep(tx, 'Role', 'refuse', id, { from: 'ASKED', to: 'ENDED', by: actor, reason: why || null });
        return;
      }
      await recordStep(tx, 'Role', 'end', id, { from: 'HELD', to: 'ENDED', by: actor });
      if (membership.role === 'LA_OFFICER') await leaveCouncilServices(tx, membership);
      if (membership.role === 'SIP') await endAssignments(tx, actor, { ...membership, handedOn }, how.successorId ?? null);
      await endOffers(tx, this.giving, { by: membership.personId });
    });
  }

  /** What would be left with nobody if this role, or this SIP’s work with a school, ended; null where it is not the actor’s to end. */
  async whatHangs(actor: Actor, id: string): Promise<RoleLeaving | null> {
    return this.db.transaction(async (tx) => {
      const assignment = await tx.manager.findOneBy(SipAssignmentEntity, { id, endedAt: IsNull() });
      if (assignment) {
        const laCode = await laOfSchool(tx, assignment.schoolUrn);
        return isOfficerOf(actor, laCode) ? this.leaving.whatHangs(tx, actor, leaverOfAssignment(assignment, laCode)) : null;
      }
      const membership = await tx.manager.findOneBy(MembershipEntity, { id, endedAt: IsNull() });
      if (!membership || (membership.personId !== actor.personId && !(await this.giving.decides(tx, actor, membership)))) return null;
      if (!membership.confirmedAt) return { id, work: [], successors: [] };
      return this.leaving.whatHangs(tx, actor, await leaverOfRole(tx, membership));
    });
  }

  /** Makes a SIP of the school's LA the SIP of this school. */
  async assignSip(actor: Actor, input: { personId: string; schoolUrn: number }, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, input, async () => {
        const laCode = await laOfSchool(tx, input.schoolUrn);
        if (!isOfficerOf(actor, laCode)) refuse(new NotAllowed('Only an officer of the school’s local authority assigns its SIP.'));
        const sip = await tx.query(
          `SELECT id FROM membership WHERE person_id = $1 AND role = 'SIP' AND la_code = $2 AND ended_at IS NULL AND confirmed_at IS NOT NULL FOR SHARE`,
          [input.personId, laCode],
        );
        if (sip.length === 0) refuse(new NotASip('That person is not a School Improvement Partner of this local authority. Give them the role first.'));
        await lockPerson(tx, input.personId);
        if (await isOwn(tx, input.personId, input.schoolUrn)) {
          refuse(new NotAllowed('That person belongs to the school, or to its trust or federation. A School Improvement Partner comes from outside: choose somebody else.'));
        }
        const id = newId();
        const added = await tx.query(
          'INSERT INTO sip_assignment (id, person_id, school_urn, started_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id',
          [id, input.personId, input.schoolUrn, tx.now],
        );
        if (added.length === 0) refuse(new AlreadyMember('That person is the school’s SIP already.'));
        await recordStep(tx, 'SIP assignment', 'assign', id, { from: null, to: 'HELD', by: actor });
        return { type: 'SipAssignment', id };
      });
      return id;
    });
  }

  /** Ends a SIP’s work with a school; what hangs on it is handed on, as when a role ends. @throws Refused */
  async endSipAssignment(actor: Actor, id: string, how: Leave = {}): Promise<void> {
    await this.db.transaction(async (tx) => {
      const assignment = await tx.manager.findOne(SipAssignmentEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      const laCode = assignment && (await laOfSchool(tx, assignment.schoolUrn));
      if (!assignment || !isOfficerOf(actor, laCode)) return refuse(whatIsMissing('assignment'));
      if (assignment.endedAt) return;
      const handedOn = await this.leaving.leave(tx, actor, leaverOfAssignment(assignment, laCode!), how);
      await tx.manager.update(SipAssignmentEntity, { id }, { endedAt: tx.now, endedBy: actor.personId, successorId: how.successorId ?? null, handedOn });
      await recordStep(tx, 'SIP assignment', 'end', id, { from: 'HELD', to: 'ENDED', by: actor });
    });
  }

  /** Who has another address may be known as somebody else too from now on, of whom the same is true. */
  async addressChanged(tx: UnitOfWork, personId: string): Promise<void> {
    await endOwnAssignments(tx, this.leaving, personId);
    await this.providers.personChanged(tx, personId);
  }

  /** Lets people keep their part in schools that have become others, and ends what rested on a succession that is no more. @returns how many of each */
  carry = (tx: UnitOfWork): Promise<Carried> => carryToSuccessors(tx, this.leaving);

  /**
   * After an import of schools: SIPs no longer work with what has become a school of their own, and offers end of those
   * who may not give the role any more, since the school has closed or has another local authority.
   */
  async schoolsChanged(tx: UnitOfWork): Promise<void> {
    await endOwnAssignments(tx, this.leaving);
    await endOffers(tx, this.giving, {});
  }

  private async add(tx: UnitOfWork, personId: string, scope: Scope & { title: string }, { offeredBy, email, confirmedBy }: Beginning) {
    await checkScope(tx, scope);
    const id = newId();
    const [added] = await tx.query(
      `INSERT INTO membership (id, person_id, role, school_urn, trust_id, la_code, provider_id, title, created_at, confirmed_at, confirmed_by, offered_at, offered_by, offered_email)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $10::uuid IS NOT NULL THEN $9::timestamptz END, $10, CASE WHEN $11::uuid IS NOT NULL THEN $9::timestamptz END, $11, $12)
       ON CONFLICT DO NOTHING RETURNING id`,
      [id, personId, scope.role, scope.schoolUrn ?? null, scope.trustId ?? null, scope.laCode ?? null, scope.providerId ?? null, scope.title, tx.now, confirmedBy ?? null, offeredBy ?? null, email ?? null],
    );
    if (!added) refuse(new AlreadyMember('That role is held, offered or asked for already.'));
    return { type: 'Membership', id };
  }

  /**
   * A role is known to whoever holds or asked for it, and to those who may give it; a system administrator sees all.
   * @throws Refused with NotFound or NotAllowed for others
   */
  private async lockVisible(tx: UnitOfWork, actor: Actor, id: string): Promise<MembershipEntity> {
    const [locked] = await tx.query('SELECT id FROM membership WHERE id = $1 AND ended_at IS NULL FOR UPDATE', [id]);
    const membership = locked ? await tx.manager.findOneByOrFail(MembershipEntity, { id }) : null;
    if (membership && (membership.personId === actor.personId || (await this.giving.decides(tx, actor, membership)))) return membership;
    return refuse(membership && (isSystemAdmin(actor) || isOfficerOf(actor, membership.laCode)) ? notYours() : whatIsMissing('role'));
  }

  private async keepAnAdministrator(tx: UnitOfWork, { id, providerId }: MembershipEntity): Promise<void> {
    // All administrators of the provider are locked in one order, so that two cannot leave at once.
    const others = await tx.query(
      `SELECT id FROM membership WHERE provider_id = $1 AND role = 'PROVIDER_ADMIN' AND ended_at IS NULL AND confirmed_at IS NOT NULL ORDER BY id FOR UPDATE`,
      [providerId],
    );
    const [gone] = await tx.query(`SELECT FROM provider WHERE id = $1 AND state = 'WITHDRAWN'`, [providerId]);
    if (!gone && others.every((each) => each['id'] === id)) {
      refuse(new LastAdministrator('You are the only administrator of this provider. Give somebody else that role first, or withdraw the provider.'));
    }
  }
}
