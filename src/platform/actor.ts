export const roles = [
  'SCHOOL_LEAD',
  'SCHOOL_STAFF',
  'TRUST_LEAD',
  'SIP',
  'LA_OFFICER',
  'PROVIDER_ADMIN',
  'PROVIDER_EDITOR',
  'SYSTEM_ADMIN',
] as const;
export type Role = (typeof roles)[number];

/** One role in force, with the one thing it is held in (none for SYSTEM_ADMIN). */
export interface ActorMembership {
  role: Role;
  schoolUrn: number | null;
  trustId: string | null;
  laCode: string | null;
  providerId: string | null;
}

/** Whoever asks: a signed-in person with every role in force, nobody, or the product itself (a job, an import). */
export interface Actor {
  kind: 'person' | 'anonymous' | 'system';
  personId: string | null;
  memberships: readonly ActorMembership[];
  /** URNs of the schools whose SIP the person is. */
  sipSchools: readonly number[];
  /** URNs of the academies of the trusts that the person leads. */
  trustSchools: readonly number[];
}

export const anonymous: Actor = { kind: 'anonymous', personId: null, memberships: [], sipSchools: [], trustSchools: [] };
export const system: Actor = { ...anonymous, kind: 'system' };

export const hasRole = (actor: Actor, ...wanted: Role[]) => actor.memberships.some((each) => wanted.includes(each.role));

export const leadsSchool = (actor: Actor, urn: number) => actor.memberships.some((each) => each.role === 'SCHOOL_LEAD' && each.schoolUrn === urn);
export const administersProvider = (actor: Actor, id: string) => actor.memberships.some((each) => each.role === 'PROVIDER_ADMIN' && each.providerId === id);
/** For who acts for a provider, and reads what is its own. Who has an interest in one, and so decides nothing about it, the directory's notion of interest says. */
export const worksForProvider = (actor: Actor, id: string) => actor.memberships.some((each) => each.providerId === id);
export const isOfficerOf = (actor: Actor, laCode: string | null) =>
  laCode !== null && actor.memberships.some((each) => each.role === 'LA_OFFICER' && each.laCode === laCode);
export const isSystemAdmin = (actor: Actor) => hasRole(actor, 'SYSTEM_ADMIN');

/** Values for SQL that decides row access: what the actor holds, as arrays. */
export function reach(actor: Actor) {
  const held = (role: Role[]) => actor.memberships.filter((each) => role.includes(each.role));
  return {
    personId: actor.personId,
    providerIds: actor.memberships.flatMap((each) => each.providerId ?? []),
    leadUrns: held(['SCHOOL_LEAD']).flatMap((each) => each.schoolUrn ?? []),
    officerLas: held(['LA_OFFICER']).flatMap((each) => each.laCode ?? []),
    everything: isSystemAdmin(actor) || actor.kind === 'system',
  };
}
