import type { Database } from '../platform/database/index.js';
import { MembershipEntity, PersonEntity, SipAssignmentEntity } from './identity.entity.js';
import { HistoryPersonResolver, MembershipResolver, SipAssignmentResolver } from './membership.resolver.js';
import { Memberships, type ProvidersOfMemberships } from './membership.service.js';
import { Sessions } from './session.js';
import { SignInResolver } from './sign-in.resolver.js';
import { SignIn } from './sign-in.service.js';

export { personById } from './identity.read.js';
export { Person, Viewer } from './identity.type.js';
export { Memberships, type ProvidersOfMemberships } from './membership.service.js';
export { actorOfPerson, SESSION_DAYS, Sessions } from './session.js';
export { findOrAddPerson, SignIn } from './sign-in.service.js';
export { carryToSuccessors } from './successors.js';

export const identityEntities = [PersonEntity, MembershipEntity, SipAssignmentEntity];

export interface Identity {
  signIn: SignIn;
  sessions: Sessions;
  memberships: Memberships;
  resolvers: object[];
}

export function createIdentity(db: Database, secrets: readonly [string, ...string[]], providers: ProvidersOfMemberships): Identity {
  const sessions = new Sessions(secrets);
  const signIn = new SignIn({ db, sessions, secrets });
  const memberships = new Memberships(db, providers);
  return {
    signIn,
    sessions,
    memberships,
    resolvers: [new SignInResolver(db, signIn, sessions), new MembershipResolver(memberships), new SipAssignmentResolver(), new HistoryPersonResolver()],
  };
}
