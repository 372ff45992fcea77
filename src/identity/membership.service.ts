import { IsNull } from 'typeorm';
import { z } from 'zod';
import { type Actor, administersProvider, isOfficerOf, isSystemAdmin, leadsSchool } from '../platform/actor.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { once } from '../platform/idempotency.js';
import { sendToTypedAddress } from '../platform/mail/index.js';
import { NotAllowed, NotAllowedInThisState, problemType, refuse, ValidationProblem, whatIsMissing } from '../platform/problem.js';
import { recordStep } from '../platform/process/index.js';
import { checkReach } from '../platform/rate-limit.js';
import { name, validate, words } from '../platform/validate.js';
import { MembershipEntity, SipAssignmentEntity } from './identity.entity.js';
import type { RoomOfLeavers } from './leaving.js';
import { type Leave, leaverOfAssignment, leaverOfRole, Leaving } from './leaving.service.js';
import type { RoleLeaving } from './leaving.type.js';
import { checkScope, endAssignments, type First, givesFirstAdministrator, isOwn, laOfSchool, leaveCouncilServices, lockOwn, mayBelong, refuseItsSip, type Scope } from './membership.scope.js';
import { checkEmail, findOrAddPerson } from './sign-in.service.js';

export const AlreadyMember = problemType('AlreadyMember', 'The person holds, or has asked for, this role already.');
export const LastAdministrator = problemType('LastAdministrator', 'A provider needs an administrator.');
export const NotASip = problemType('NotASip', 'The person is no School Improvement Partner of the school’s local authority.');

/** How a role begins: offered to an address, in force at once, or, with nothing said, asked for. */
interface Beginning {
  offeredBy?: string;
  email?: string;
  confirmedBy?: string;
}

const isOffered = ({ offeredAt, acceptedAt }: MembershipEntity) => offeredAt !== null && acceptedAt === null;

/** By one person, for one school, and by one for the same school: they reach its leads and its officer. */
const ROLES_ASKED_A_DAY = { sender: 10, recipient: 100, pair: 4 };

const notYours = () =>
  new NotAllowed('You cannot give, confirm or end this role. School roles are confirmed by a lead of the school or by its local authority’s officer.');

/** What the directory knows of providers and those who have to do with them. */
export interface ProvidersOfMemberships {
  /** Whether somebody may know of a provider. */
  sees(tx: UnitOfWork, actor: Actor, id: string): Promise<boolean>;
  /** Whether a person has an interest in a provider for which the school vouches, so that they do not say who leads it. */
  hasInterest(tx: UnitOfWork, personId: string, schoolUrn: number): Promise<boolean>;
  /** Whether whoever asks for, or accepts, a role in a school may be somebody else there, or of a provider for which it vouches, under another address. */
  mayBeAlternative(tx: UnitOfWork, membershipId: string): Promise<boolean>;
  /** Told, in the same unit of work, whose roles in force or whose address are others from now on. */
  personChanged(tx: UnitOfWork, personId: string): Promise<void>;
}

const roleInput = z.object({ title: name('What the person is there', 200) });
const grantInput = roleInput.extend({ name: name('The name', 200) });

export class Memberships {
  private readonly leaving: Leaving;

  constructor(
    private readonly db: Database,
    private readonly providers: ProvidersOfMemberships,
    private readonly publicUrl: string,
    rooms: readonly RoomOfLeavers[] = [],
  ) {
    this.leaving = new Leaving(rooms);
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
        await this.checkGranter(tx, actor, input);
        const personId = await findOrAddPerson(tx, email, name);
        if (personId === actor.personId) refuse(new NotAllowed('Nobody can give themselves a role. Ask a colleague who may.'));
        await this.checkInterest(tx, actor, input);
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
      if (membership.personId === actor.personId) refuse(new NotAllowed('Nobody can confirm their own role. Ask a colleague who may.'));
      if (isOffered(membership)) refuse(new NotAllowedInThisState('This role is offered, not asked for: only its person can accept it.'));
      if (membership.confirmedAt) return;
      await this.checkInterest(tx, actor, membership);
      if (!(await this.officerDecides(tx, actor.personId!, membership))) {
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
   * under another address, and no officer has offered it, it waits for one. @throws Refused with NotFound, NotAllowedInThisState, NotAllowed
   */
  async accept(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const membership = await lockOwn(tx, actor, id);
      if (membership.acceptedAt) return; // once is enough
      if (!isOffered(membership)) refuse(new NotAllowedInThisState('This role is not offered to you: you have asked for it, or hold it already.'));
      if (membership.providerId && !(await mayBelong(tx, membership.personId, membership.providerId))) {
        refuse(new NotAllowed('Only officers of a council belong to its own service. You are not one of this council’s.'));
      }
      await refuseItsSip(tx, membership, 'You');
      const mayBegin = await this.officerDecides(tx, membership.offeredBy!, membership);
      await tx.manager.update(MembershipEntity, { id }, { acceptedAt: tx.now, ...(mayBegin ? { confirmedAt: tx.now, confirmedBy: membership.offeredBy } : {}) });
      if (!mayBegin) await recordStep(tx, 'Role', 'ask', id, { from: null, to: 'ASKED', by: actor });
      await this.providers.personChanged(tx, membership.personId);
    });
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
   * it, so that they must not have an interest in what the school vouches for. @throws Refused
   */
  async confirmOnAppeal(tx: UnitOfWork, id: string, judgeId: string): Promise<void> {
    const [refused] = await tx.query<{ personId: string; role: 'SCHOOL_LEAD'; schoolUrn: number }>(
      `SELECT person_id AS "personId", role, school_urn AS "schoolUrn" FROM membership WHERE id = $1 AND ended_at IS NOT NULL AND confirmed_at IS NULL FOR UPDATE`,
      [id],
    );
    if (!refused) return refuse(whatIsMissing('role'));
    await this.checkInterest(tx, { personId: judgeId } as Actor, refused);
    // Asked for again meanwhile: that one is in force then, and this one stays as it ended.
    const [again] = await tx.query<{ id: string }>(
      `SELECT id FROM membership WHERE person_id = $1 AND role = $2 AND school_urn = $3 AND ended_at IS NULL FOR UPDATE`,
      [refused.personId, refused.role, refused.schoolUrn],
    );
    await tx.query(
      `UPDATE membership SET ended_at = NULL, ended_by = NULL, end_reason = NULL, confirmed_at = coalesce(confirmed_at, $2), confirmed_by = coalesce(confirmed_by, $3),
         accepted_at = CASE WHEN offered_at IS NULL THEN accepted_at ELSE coalesce(accepted_at, $2) END
       WHERE id = $1`,
      [again?.id ?? id, tx.now, judgeId],
    );
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
      if (!membership || (membership.personId !== actor.personId && !(await this.decides(tx, actor, membership)))) return null;
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
    if (membership && (membership.personId === actor.personId || (await this.decides(tx, actor, membership)))) return membership;
    return refuse(membership && (isSystemAdmin(actor) || isOfficerOf(actor, membership.laCode)) ? notYours() : whatIsMissing('role'));
  }

  private async checkGranter(tx: UnitOfWork, actor: Actor, scope: Scope): Promise<void> {
    await checkScope(tx, scope);
    if (scope.providerId && !(await this.providers.sees(tx, actor, scope.providerId))) refuse(whatIsMissing('provider'));
    if (!(await this.decides(tx, actor, scope, 'NO_OFFER_EITHER'))) refuse(notYours());
  }

  /** A lead is confirmed by somebody without an interest in what the school vouches for. */
  private async checkInterest(tx: UnitOfWork, actor: Actor, { role, schoolUrn }: Scope): Promise<void> {
    if (role === 'SCHOOL_LEAD' && (await this.providers.hasInterest(tx, actor.personId!, schoolUrn!))) {
      refuse(new NotAllowed('You have an interest in a provider that this school recommends, or is asked to recommend, so another officer has to decide who leads it.'));
    }
  }

  /** Whether a lead's role may begin on that person's word: an officer's, or anybody's where nobody of the school may be the same person. */
  private async officerDecides(tx: UnitOfWork, personId: string, { id, role, schoolUrn }: MembershipEntity): Promise<boolean> {
    if (role !== 'SCHOOL_LEAD') return true;
    const [officer] = await tx.query(
      `SELECT FROM membership m JOIN school s ON s.la_code = m.la_code WHERE m.person_id = $1 AND s.urn = $2 AND m.role = 'LA_OFFICER' AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL`,
      [personId, schoolUrn],
    );
    return officer !== undefined || !(await this.providers.mayBeAlternative(tx, id));
  }

  private async decides(tx: UnitOfWork, actor: Actor, scope: Scope, first: First = 'NO_ADMINISTRATOR'): Promise<boolean> {
    switch (scope.role) {
      case 'SCHOOL_LEAD':
      case 'SCHOOL_STAFF':
        return leadsSchool(actor, scope.schoolUrn!) || isOfficerOf(actor, await laOfSchool(tx, scope.schoolUrn!));
      case 'SIP':
        return isOfficerOf(actor, scope.laCode!);
      case 'PROVIDER_ADMIN':
        return administersProvider(actor, scope.providerId!) || givesFirstAdministrator(tx, actor, scope.providerId!, first);
      case 'PROVIDER_EDITOR':
        return administersProvider(actor, scope.providerId!);
      case 'TRUST_LEAD':
      case 'LA_OFFICER':
      case 'SYSTEM_ADMIN':
        return isSystemAdmin(actor);
    }
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
