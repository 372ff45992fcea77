import type { Role } from '../platform/actor.js';
import type { Queryable, UnitOfWork } from '../platform/database/index.js';

/** Whose role, or whose work as the SIP of a school, ends. */
export interface Leaver {
  /** Id of the membership or of the assignment. */
  id: string;
  what: 'ROLE' | 'ASSIGNMENT';
  personId: string;
  role: Role;
  schoolUrn: number | null;
  laCode: string | null;
  providerId: string | null;
  /** URNs of the schools whose SIP the person is no longer. */
  schools: readonly number[];
}

interface Kind {
  /** What would be left, after a number. */
  one: string;
  many: string;
  /** Said instead where a number would say nothing. */
  says?: string;
  /** The person’s alone to know: others are told that there is something, not what. */
  private?: true;
  /** Whether somebody who is named can take it over. */
  canBeHandedOn?: true;
}

/** What can hang on a role so that it would be left with nobody. */
export const hangingKinds = {
  SCHOOL_LEADERSHIP: {
    one: 'school without a lead',
    many: 'schools without a lead',
    says: 'The school has no other lead here: nobody could answer a referral or an invitation, or give colleagues access, until its local authority’s officer confirms one.',
  },
  LOCAL_AUTHORITY: {
    one: 'local authority without an officer',
    many: 'local authorities without an officer',
    says: 'The local authority has no other officer here: nobody could check its providers, confirm who leads a school, or be asked by a school.',
  },
  SERVICE: { one: 'service without an administrator', many: 'services without an administrator', says: 'Signpost has no other system administrator.' },
  COUNCIL_SERVICES: { one: 'service of the council without an administrator', many: 'services of the council without an administrator' },
  PROVIDER: { one: 'open piece of work of the provider', many: 'open pieces of work of the provider' },
  NOMINATIONS: { one: 'open nomination of a provider, which ends with the school’s last lead', many: 'open nominations of providers, which end with the school’s last lead' },
  STAND_IN: { one: 'local authority in which nobody signs for schools without a School Improvement Partner', many: 'local authorities in which nobody signs for such schools', canBeHandedOn: true },
  REQUESTS: { one: 'request for support that nobody else in the school sees', many: 'requests for support that nobody else in the school sees', private: true, canBeHandedOn: true },
  ENGAGEMENTS: { one: 'agreement that nobody else in the school sees', many: 'agreements that nobody else in the school sees', private: true, canBeHandedOn: true },
  DRAFTS: { one: 'request drafted for a school', many: 'requests drafted for schools', private: true, canBeHandedOn: true },
  SIGN_OFFS: { one: 'agreement that waits for a signature', many: 'agreements that wait for a signature', private: true, canBeHandedOn: true },
  ACTIONS: { one: 'action agreed with a school', many: 'actions agreed with schools', private: true, canBeHandedOn: true },
  VISITS: { one: 'planned visit', many: 'planned visits', private: true, canBeHandedOn: true },
  REFERRALS: { one: 'referral that waits for its answer', many: 'referrals that wait for their answer', private: true, canBeHandedOn: true },
} as const satisfies Record<string, Kind>;
export type HangingKind = keyof typeof hangingKinds;

/** How much of each. */
export type Found = Partial<Record<HangingKind, number>>;

/** What a room knows of those who leave. It is wired in app.ts, since the rooms below identity are not known to it. */
export interface RoomOfLeavers {
  /** What would be left with nobody. */
  find(db: Queryable, leaver: Leaver): Promise<Found>;
  /** Gives to the successor what the leaver deals with alone. @returns what that is */
  handOn(tx: UnitOfWork, leaver: Leaver, successorId: string): Promise<Found>;
  /** Ends what nobody needs to take over. */
  after?(tx: UnitOfWork, leaver: Leaver): Promise<void>;
}

const kindOf = (kind: HangingKind): Kind => hangingKinds[kind];
const inWords = (kind: HangingKind, count: number) => `${count} ${count === 1 ? kindOf(kind).one : kindOf(kind).many}`;

/** All that was found, in one: `2 planned visits and 1 request drafted for a school`; null for nothing. */
export function listed(found: Found): string | null {
  const all = (Object.entries(found) as [HangingKind, number][]).filter(([, count]) => count > 0).map(([kind, count]) => inWords(kind, count));
  return all.length < 2 ? (all[0] ?? null) : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

/** What would be left with nobody, as a person may know it. */
export interface Hanging {
  kind: HangingKind | 'OWN_WORK';
  count: number | null;
  says: string;
  canBeHandedOn: boolean;
}

/** @param isOwn whether the person who leaves reads it: what only they see stays between them and whoever takes over */
export function asRead(found: Found, isOwn: boolean): Hanging[] {
  const all = (Object.keys(hangingKinds) as HangingKind[]).filter((kind) => (found[kind] ?? 0) > 0);
  const open = all.filter((kind) => isOwn || !kindOf(kind).private);
  return [
    ...open.map((kind): Hanging => {
      const { says, canBeHandedOn } = kindOf(kind);
      return { kind, count: found[kind]!, says: says ?? `There ${found[kind] === 1 ? 'is' : 'are'} ${inWords(kind, found[kind]!)}.`, canBeHandedOn: canBeHandedOn ?? false };
    }),
    ...(open.length < all.length ? [{ kind: 'OWN_WORK', count: null, says: 'There is work that only this person deals with.', canBeHandedOn: true } as const] : []),
  ];
}

export const sum = (all: readonly Found[]): Found => {
  const total: Found = {};
  for (const found of all) for (const [kind, count] of Object.entries(found) as [HangingKind, number][]) total[kind] = (total[kind] ?? 0) + count;
  return total;
};
