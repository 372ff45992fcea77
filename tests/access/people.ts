import type { Role } from '../../src/platform/actor.js';
import type { World } from '../support/world.js';

/** One of the people of the matrix, with a session. */
export interface Asker {
  who: string;
  personId: string;
  email: string;
  /** Null for nobody. */
  cookie: string | null;
}

export type Scope = Parameters<World['give']>[2];

/** The trust of the school. */
export const TRUST = 'TR1';

/**
 * The people of the matrix, and what those hold from the start who own something else or nothing in particular. The
 * others are given their roles in each school and provider as it is made.
 * @param elsewhere a school of LA 990 in the trust TR2
 * @param otherProvider id of a provider that LA 990 assures
 */
export const people = (elsewhere: number, otherProvider: string): [who: string, role?: Role, scope?: Scope][] => [
  ['anon'],
  ['none'],
  ['lead'],
  ['another lead', 'SCHOOL_LEAD', { schoolUrn: elsewhere }],
  ['staff'],
  ['another staff', 'SCHOOL_STAFF', { schoolUrn: elsewhere }],
  ['trust', 'TRUST_LEAD', { trustId: TRUST }],
  ['another trust', 'TRUST_LEAD', { trustId: 'TR2' }],
  ['sip', 'SIP', { laCode: '990' }],
  ['another sip', 'SIP', { laCode: '990' }],
  ['officer', 'LA_OFFICER', { laCode: '990' }],
  ['another officer', 'LA_OFFICER', { laCode: '991' }],
  ['admin'],
  ['another admin', 'PROVIDER_ADMIN', { providerId: otherProvider }],
  ['editor'],
  ['another editor', 'PROVIDER_EDITOR', { providerId: otherProvider }],
  ['system', 'SYSTEM_ADMIN'],
  ['both', 'LA_OFFICER', { laCode: '990' }],
];
