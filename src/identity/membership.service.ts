import { type Actor, administersProvider, isOfficerOf, isSystemAdmin, leadsSchool, type Role } from '../platform/actor.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { once } from '../platform/idempotency.js';
import { NotAllowed, problemType, refuse, ValidationProblem, whatIsMissing } from '../platform/problem.js';
import { sendMail } from '../platform/mail/index.js';
import { MembershipEntity, SipAssignmentEntity } from './identity.entity.js';
import { checkEmail, findOrAddPerson } from './sign-in.service.js';

export const AlreadyMember = problemType('AlreadyMember', 'The person holds, or has asked for, this role already.');
export const LastAdministrator = problemType('LastAdministrator', 'A provider needs an administrator.');
export const NotASip = problemType('NotASip', 'The person is no School Improvement Partner of the school’s local authority.');

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

const notYours = () =>
  new NotAllowed('You cannot give, confirm or end this role. School roles are confirmed by a lead of the school or by its local authority’s officer.');

/** What the directory knows of providers and those who have to do with them. */
export interface ProvidersOfMemberships {
  /** Whether somebody may know of a provider. */
  sees(tx: UnitOfWork, actor: Actor, id: string): Promise<boolean>;
  /** Whether a person has an interest in a provider for which the school vouches, so that they do not say who leads it. */
  hasInterest(tx: UnitOfWork, personId: string, schoolUrn: number): Promise<boolean>;
  /** Told, in the same unit of work, whose roles are others from now on. */
  rolesChanged(tx: UnitOfWork, personId: string): Promise<void>;
}


export class Memberships {
  constructor(
    private readonly db: Database,
    private readonly providers: ProvidersOfMemberships,
  ) {}

  /** Asks for a role in a school. It is worth nothing until the LA's officer or a lead of the school confirms it. */
  async request(actor: Actor, scope: Scope & { title: string }, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      if (scope.role !== 'SCHOOL_LEAD' && scope.role !== 'SCHOOL_STAFF') {
        refuse(new ValidationProblem([{ field: 'role', message: 'You can ask for a role in a school. Other roles are given by those who run them.' }]));
      }
      const { id } = await once(tx, actor, key, scope, async () => this.add(tx, actor.personId!, scope, null));
      return id;
    });
  }

  /** Gives a person a role at once, by their e-mail address. @throws Refused with NotAllowed, NotFound, ValidationProblem, AlreadyMember */
  async grant(actor: Actor, input: Scope & { email: string; name?: string | null; title: string }, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const email = checkEmail(input.email);
      const { id } = await once(tx, actor, key, input, async () => {
        await this.checkDecider(tx, actor, input);
        const personId = await findOrAddPerson(tx, email, input.name?.trim() ?? '');
        if (personId === actor.personId) refuse(new NotAllowed('Nobody can give themselves a role. Ask a colleague who may.'));
        await this.checkInterest(tx, actor, input);
        const created = await this.add(tx, personId, input, actor.personId);
        await this.providers.rolesChanged(tx, personId);
        await sendMail(tx, {
          to: email,
          subject: 'You have a new role in Signpost',
          text: 'You have been given a role in Signpost. Sign in with this e-mail address to see it. There is no password: a code is sent to you.\n',
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
      await this.add(tx, personId, { role: 'SYSTEM_ADMIN', title: '' }, personId);
    });
  }

  async confirm(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const membership = await this.lockVisible(tx, actor, id);
      if (membership.personId === actor.personId) refuse(new NotAllowed('Nobody can confirm their own role. Ask a colleague who may.'));
      if (membership.confirmedAt) return;
      await this.checkInterest(tx, actor, membership);
      await tx.manager.update(MembershipEntity, { id }, { confirmedAt: tx.now, confirmedBy: actor.personId });
      await this.providers.rolesChanged(tx, membership.personId);
    });
  }

  /** Ends a role, or refuses one that was asked for. The person may end their own. */
  async end(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const membership = await this.lockVisible(tx, actor, id);
      if (membership.role === 'PROVIDER_ADMIN') await this.keepAnAdministrator(tx, membership);
      await tx.manager.update(MembershipEntity, { id }, { endedAt: tx.now });
      if (membership.role === 'SIP') {
        await tx.query(
          `UPDATE sip_assignment a SET ended_at = $2 FROM school
           WHERE a.person_id = $1 AND a.ended_at IS NULL AND school.urn = a.school_urn AND school.la_code = $3`,
          [membership.personId, tx.now, membership.laCode],
        );
      }
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
        const id = newId();
        const added = await tx.query(
          'INSERT INTO sip_assignment (id, person_id, school_urn, started_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING id',
          [id, input.personId, input.schoolUrn, tx.now],
        );
        if (added.length === 0) refuse(new AlreadyMember('That person is the school’s SIP already.'));
        return { type: 'SipAssignment', id };
      });
      return id;
    });
  }

  async endSipAssignment(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      const assignment = await tx.manager.findOneBy(SipAssignmentEntity, { id });
      if (!assignment || !isOfficerOf(actor, await laOfSchool(tx, assignment.schoolUrn))) return refuse(whatIsMissing('assignment'));
      await tx.query('UPDATE sip_assignment SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL', [id, tx.now]);
    });
  }

  private async add(tx: UnitOfWork, personId: string, scope: Scope & { title: string }, confirmedBy: string | null) {
    await checkScope(tx, scope);
    const id = newId();
    const [added] = await tx.query(
      `INSERT INTO membership (id, person_id, role, school_urn, trust_id, la_code, provider_id, title, created_at, confirmed_at, confirmed_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, CASE WHEN $10::uuid IS NULL THEN NULL ELSE $9::timestamptz END, $10) ON CONFLICT DO NOTHING RETURNING id`,
      [id, personId, scope.role, scope.schoolUrn ?? null, scope.trustId ?? null, scope.laCode ?? null, scope.providerId ?? null, scope.title.trim(), tx.now, confirmedBy],
    );
    if (!added) refuse(new AlreadyMember('That role is held, or has been asked for, already.'));
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

  private async checkDecider(tx: UnitOfWork, actor: Actor, scope: Scope): Promise<void> {
    await checkScope(tx, scope);
    if (scope.providerId && !(await this.providers.sees(tx, actor, scope.providerId))) refuse(whatIsMissing('provider'));
    if (!(await this.decides(tx, actor, scope))) refuse(notYours());
  }

  /** A lead is confirmed by somebody without an interest in what the school vouches for. */
  private async checkInterest(tx: UnitOfWork, actor: Actor, { role, schoolUrn }: Scope): Promise<void> {
    if (role === 'SCHOOL_LEAD' && (await this.providers.hasInterest(tx, actor.personId!, schoolUrn!))) {
      refuse(new NotAllowed('You have an interest in a provider that this school recommends, or is asked to recommend, so another officer has to decide who leads it.'));
    }
  }

  private async decides(tx: UnitOfWork, actor: Actor, scope: Scope): Promise<boolean> {
    switch (scope.role) {
      case 'SCHOOL_LEAD':
      case 'SCHOOL_STAFF':
        return leadsSchool(actor, scope.schoolUrn!) || isOfficerOf(actor, await laOfSchool(tx, scope.schoolUrn!));
      case 'SIP':
        return isOfficerOf(actor, scope.laCode!);
      case 'PROVIDER_ADMIN':
        return administersProvider(actor, scope.providerId!) || givesFirstAdministrator(tx, actor, scope.providerId!);
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
    if (others.every((each) => each['id'] === id)) {
      refuse(new LastAdministrator('You are the only administrator of this provider. Give somebody else that role first, or withdraw the provider.'));
    }
  }
}

/**
 * An imported provider has nobody yet who could give others a role in it: its first administrator is made by an
 * officer of its assuring LA or a system administrator. The lock lets only one of two who do so at once.
 */
async function givesFirstAdministrator(tx: UnitOfWork, actor: Actor, providerId: string): Promise<boolean> {
  const [provider] = await tx.query<{ la: string | null }>('SELECT assuring_la AS la FROM provider WHERE id = $1 FOR NO KEY UPDATE', [providerId]);
  if (!isSystemAdmin(actor) && !isOfficerOf(actor, provider!.la)) return false;
  const [first] = await tx.query(
    `SELECT id FROM membership WHERE provider_id = $1 AND role = 'PROVIDER_ADMIN' AND ended_at IS NULL AND confirmed_at IS NOT NULL LIMIT 1`,
    [providerId],
  );
  return !first;
}

async function laOfSchool(tx: UnitOfWork, urn: number): Promise<string> {
  const [school] = await tx.query<{ la: string }>('SELECT la_code AS la FROM school WHERE urn = $1', [urn]);
  return school?.la ?? refuse(whatIsMissing('school'));
}

const lookUp = {
  schoolUrn: ['school', 'SELECT 1 FROM school WHERE urn = $1'],
  trustId: ['trust', 'SELECT 1 FROM trust WHERE id = $1'],
  laCode: ['local authority', 'SELECT 1 FROM local_authority WHERE code = $1'],
  providerId: ['provider', 'SELECT 1 FROM provider WHERE id = $1'],
} as const;

/** The role names exactly the thing it is held in, and that thing is there. */
async function checkScope(tx: UnitOfWork, scope: Scope): Promise<void> {
  const wanted = scopeField[scope.role];
  for (const [field, [what, sql]] of Object.entries(lookUp) as [keyof typeof lookUp, readonly [string, string]][]) {
    const value = scope[field] ?? null;
    if (field !== wanted && value !== null) refuse(new ValidationProblem([{ field, message: `This role is not held in a ${what}.` }]));
    if (field !== wanted) continue;
    if (value === null) refuse(new ValidationProblem([{ field, message: `Say which ${what}.` }]));
    if ((await tx.query(sql, [value])).length === 0) refuse(whatIsMissing(what));
  }
}
