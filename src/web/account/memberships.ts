import type { Role } from '../../platform/actor.js';

/** A role of the person who asks, as the operations ask for it. */
export interface Membership {
  id: string;
  role: Role;
  confirmed: boolean;
  offered?: boolean;
  of: string;
  schoolUrn: number | null;
  laCode: string | null;
  providerId: string | null;
}
