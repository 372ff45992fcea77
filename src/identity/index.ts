import type { Database } from '../platform/database/index.js';
import { EmailChanges } from './email-change.service.js';
import { MembershipEntity, PersonEntity, SipAssignmentEntity } from './identity.entity.js';
import type { RoomOfLeavers } from './leaving.js';
import { HistoryPersonResolver, MembershipResolver, SipAssignmentResolver } from './membership.resolver.js';
import type { ProvidersOfMemberships } from './giving.js';
import { Memberships } from './membership.service.js';
import { Sessions } from './session.js';
import { SignInResolver } from './sign-in.resolver.js';
import { SignIn } from './sign-in.service.js';

export { identityFollower } from './following.js';
export { identityConstraints } from './email-change.service.js';
export { personById, personThen, thenKey } from './identity.read.js';
export { Person, Viewer } from './identity.type.js';
export type { Leaver, RoomOfLeavers } from './leaving.js';
export { roleSteps } from './role-steps.js';
export type { ProvidersOfMemberships } from './giving.js';
export { Memberships } from './membership.service.js';
export { Membership } from './identity.type.js';
export { actorOfPerson, SESSION_DAYS, Sessions } from './session.js';
export { findOrAddPerson, SignIn } from './sign-in.service.js';

export const identityEntities = [PersonEntity, MembershipEntity, SipAssignmentEntity];

export interface Identity {
  signIn: SignIn;
  sessions: Sessions;
  memberships: Memberships;
  resolvers: object[];
}

export function createIdentity(db: Database, secrets: readonly [string, ...string[]], providers: ProvidersOfMemberships, publicUrl: string, rooms: readonly RoomOfLeavers[] = []): Identity {
  const sessions = new Sessions(secrets);
  const signIn = new SignIn({ db, sessions, secrets });
  const memberships = new Memberships(db, providers, publicUrl, rooms);
  const emailChanges = new EmailChanges(db, sessions, secrets, (tx, personId) => memberships.addressChanged(tx, personId));
  return {
    signIn,
    sessions,
    memberships,
    resolvers: [new SignInResolver(db, signIn, sessions, emailChanges), new MembershipResolver(memberships), new SipAssignmentResolver(), new HistoryPersonResolver()],
  };
}
