import { type Actor, administersProvider, isOfficerOf, isSystemAdmin, leadsSchool } from '../platform/actor.js';
import { londonDay } from '../platform/clock.js';
import type { UnitOfWork } from '../platform/database/index.js';
import { daysAfterDay, longDay } from '../platform/days.js';
import { NotAllowed, type Problem, refuse, whatIsMissing } from '../platform/problem.js';
import type { MembershipEntity } from './identity.entity.js';
import { checkScope, type First, givesFirstAdministrator, laOfSchool, type Scope } from './membership.scope.js';

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

export const notYours = () =>
  new NotAllowed('You cannot give, confirm or end this role. School roles are confirmed by a lead of the school or by its local authority’s officer.');

/** How long whoever has a role on a colleague’s word does not end those who were there before: those who are told of it have time to look. */
const SETTLING_DAYS = 14;

/** Whether two accounts are one person’s: they share a mailbox, or did. */
export async function samePerson(tx: UnitOfWork, one: string | null, other: string): Promise<boolean> {
  return one !== null && (await tx.query<{ same: boolean }>('SELECT same_person($1, $2) AS same', [one, other]))[0]!.same;
}

/** Who may give which role to whom: asked when one is offered, accepted or confirmed, and of open offers when roles change. */
export class Giving {
  constructor(private readonly providers: ProvidersOfMemberships) {}

  /**
   * Why somebody may not give this role; null where they may.
   * @param personId to whom, where that is known
   * @param first what keeps them from naming a provider’s first administrator
   */
  async whyNot(tx: UnitOfWork, giver: Actor, scope: Scope, personId: string | null, first: First = 'NO_ADMINISTRATOR'): Promise<Problem | null> {
    if (scope.providerId && !(await this.providers.sees(tx, giver, scope.providerId))) return whatIsMissing('provider');
    if (personId !== null && (await samePerson(tx, giver.personId, personId))) return new NotAllowed('Nobody can give themselves a role, or confirm their own. Ask a colleague who may.');
    if (!(await this.decides(tx, giver, scope, first))) return notYours();
    return this.whyNotConfirm(tx, giver, scope);
  }

  /** Why somebody who decides about a role may not put it in force: the school has closed, or they have an interest in what it vouches for. */
  async whyNotConfirm(tx: UnitOfWork, giver: Actor, { role, schoolUrn }: Scope): Promise<Problem | null> {
    if (schoolUrn) {
      const [closed] = await tx.query<{ name: string }>(`SELECT name FROM school WHERE urn = $1 AND status = 'CLOSED'`, [schoolUrn]);
      if (closed) return new NotAllowed(`${closed.name} has closed, so that no roles are given in it any more. Give the role in the school that it has become.`);
    }
    return role === 'SCHOOL_LEAD' && (await this.providers.hasInterest(tx, giver.personId!, schoolUrn!))
      ? new NotAllowed('You have an interest in a provider that this school recommends, or is asked to recommend, so another officer has to decide who leads it.')
      : null;
  }

  /** @throws Refused with NotFound, NotAllowed or ValidationProblem for whoever may not offer it */
  async check(tx: UnitOfWork, giver: Actor, scope: Scope): Promise<void> {
    await checkScope(tx, scope);
    const problem = await this.whyNot(tx, giver, scope, null, 'NO_OFFER_EITHER');
    if (problem) refuse(problem);
  }

  /** Whether a lead's role may begin on that person's word: an officer's, or anybody's where nobody of the school may be the same person. */
  async mayBegin(tx: UnitOfWork, onWordOf: string, { id, role, schoolUrn }: MembershipEntity): Promise<boolean> {
    if (role !== 'SCHOOL_LEAD') return true;
    const [officer] = await tx.query(
      `SELECT FROM membership m JOIN school s ON s.la_code = m.la_code WHERE m.person_id = $1 AND s.urn = $2 AND m.role = 'LA_OFFICER' AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL`,
      [onWordOf, schoolUrn],
    );
    return officer !== undefined || !(await this.providers.mayBeAlternative(tx, id));
  }

  /** Whether somebody gives, confirms and ends roles of this kind there. */
  async decides(tx: UnitOfWork, actor: Actor, scope: Scope, first: First = 'NO_ADMINISTRATOR'): Promise<boolean> {
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

  /**
   * Whoever holds a role on the word of a colleague does not end, in the same breath, the role of one who held it before:
   * an officer of the school’s local authority may. @throws Refused with NotAllowed
   */
  async checkEnding(tx: UnitOfWork, actor: Actor, membership: MembershipEntity): Promise<void> {
    const { id, role, personId, schoolUrn } = membership;
    if (personId === actor.personId || (schoolUrn !== null && isOfficerOf(actor, await laOfSchool(tx, schoolUrn)))) return;
    const [own] = await tx.query<{ since: Date }>(
      `SELECT own.confirmed_at AS since FROM membership gone
       JOIN membership own ON own.role = gone.role AND (own.school_urn, own.trust_id, own.la_code, own.provider_id) IS NOT DISTINCT FROM (gone.school_urn, gone.trust_id, gone.la_code, gone.provider_id)
       WHERE gone.id = $1 AND own.person_id = $2 AND own.ended_at IS NULL AND own.confirmed_at > gone.confirmed_at AND own.confirmed_by <> own.person_id
         AND EXISTS (SELECT FROM membership theirs WHERE theirs.person_id = own.confirmed_by AND theirs.role = own.role
                       AND (theirs.school_urn, theirs.trust_id, theirs.la_code, theirs.provider_id) IS NOT DISTINCT FROM (own.school_urn, own.trust_id, own.la_code, own.provider_id))`,
      [id, actor.personId],
    );
    if (!own) return;
    const until = daysAfterDay(londonDay(own.since), SETTLING_DAYS);
    if (londonDay(tx.now) >= until) return;
    const who = role === 'SCHOOL_LEAD' ? 'an officer of the local authority' : 'a colleague who was there before you';
    refuse(new NotAllowed(`You have this role on the word of a colleague, since ${longDay(londonDay(own.since))}. Until ${longDay(until)} you cannot end the role of somebody who held it before you; ${who} can.`));
  }
}
