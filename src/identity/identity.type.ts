import { ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { type Role, roles } from '../platform/actor.js';
import { connectionType } from '../platform/connection.js';

export const RoleEnum = Object.fromEntries(roles.map((role) => [role, role])) as { [R in Role]: R };
registerEnumType(RoleEnum, {
  name: 'Role',
  description: 'What a person may do, and where.',
  valuesConfig: {
    SCHOOL_LEAD: { description: 'Leads a school: head, chair of governors or business manager.' },
    SCHOOL_STAFF: { description: 'Works in a school.' },
    TRUST_LEAD: { description: 'Leads a trust, for its academies.' },
    SIP: { description: 'School Improvement Partner of a local authority, for the schools assigned.' },
    LA_OFFICER: { description: 'Officer of a local authority.' },
    PROVIDER_ADMIN: { description: 'Runs a provider’s entry: its profile, listings, people.' },
    PROVIDER_EDITOR: { description: 'Keeps a provider’s profile and listings.' },
    SYSTEM_ADMIN: { description: 'Runs Signpost.' },
  },
});

@ObjectType({ description: 'A person, as those see them who have to do with them.' })
export class Person {
  @Seen('parent', () => ID, { description: 'Id of the person.' })
  id: string;

  @Seen('parent', () => String, { description: 'Name; empty until they gave it.' })
  name: string;
}

@ObjectType({ description: 'A role that a person holds or has asked for.' })
export class Membership {
  @Seen('parent', () => ID, { description: 'Id of the membership.' })
  id: string;

  @Seen('parent', () => RoleEnum, { description: 'The role.' })
  role: Role;

  @Seen('parent', () => String, { description: 'What the person is there, such as `Headteacher`.' })
  title: string;

  @Seen('parent', () => Boolean, { description: 'Whether it is in force; one that was asked for is not until it is confirmed, one that is offered not until it is accepted.' })
  confirmed: boolean;

  @Seen('parent', () => Int, { nullable: true, description: 'School roles: the URN.' })
  schoolUrn: number | null;

  @Seen('parent', () => String, { nullable: true, description: 'Trust leads: id of the trust.' })
  trustId: string | null;

  @Seen('parent', () => String, { nullable: true, description: 'SIPs and officers: code of the LA.' })
  laCode: string | null;

  @Seen('parent', () => ID, { nullable: true, description: 'Provider roles: id of the provider.' })
  providerId: string | null;

  @Seen('parent', () => String, { description: 'Name of the school, trust, local authority or provider; empty for system administrators.' })
  of: string;

  @Seen('parent', () => Boolean, { description: 'Whether it is offered and waits for its person to accept it; until then it counts for nothing.' })
  offered: boolean;

  @Seen('parent', () => Date, { nullable: true, description: 'When it was offered; null where it was asked for.' })
  offeredAt: Date | null;

  @Seen('parent', () => Person, { nullable: true, description: 'Who offered it; null where it was asked for.' })
  offeredBy: Person | null;

  @Seen('parent', () => Person, { description: 'Who holds it. While it is offered, nothing is shown of them: the name is empty, and the id is that of the membership.' })
  person: Person;

  @Seen('parent', () => String, { description: 'The e-mail address with which that person signs in; while it is offered, the address to which it was offered.' })
  email: string;

  createdAt: Date;
}

export const MembershipConnection = connectionType('Membership', () => Membership);

@ObjectType({ description: 'A SIP’s school.' })
export class SipAssignment {
  @Seen('parent', () => ID, { description: 'Id of the assignment.' })
  id: string;

  @Seen('parent', () => Int, { description: 'URN of the school.' })
  schoolUrn: number;

  @Seen('parent', () => Person, { description: 'The SIP.' })
  sip: Person;

  @Seen('parent', () => Date, { description: 'Since when.' })
  startedAt: Date;

  @Seen('parent', () => Date, { nullable: true, description: 'Until when; null while it lasts.' })
  endedAt: Date | null;
}

export const SipAssignmentConnection = connectionType('SipAssignment', () => SipAssignment);

@ObjectType({ description: 'Yourself.' })
export class Viewer {
  @Seen('parent', () => ID, { description: 'Your id.' })
  id: string;

  @Seen('parent', () => String, { description: 'Your name; empty until you give it.' })
  name: string;

  @Seen('parent', () => String, { description: 'The e-mail address with which you sign in.' })
  email: string;
}

@ObjectType({ description: 'A code is on its way, if the address can be reached.' })
export class SignInCodeSent {
  @Seen('public', () => String, { description: 'The address as it was understood.' })
  email: string;

  @Seen('public', () => Int, { description: 'For how many minutes the code works.' })
  minutes: number;
}

@ObjectType({ description: 'Codes are on their way to your present and to your new address.' })
export class EmailChangeRequested {
  @Seen('parent', () => String, { description: 'The new address as it was understood.' })
  email: string;

  @Seen('parent', () => Int, { description: 'For how many minutes the codes work.' })
  minutes: number;
}

@ObjectType({ description: 'You are signed in: the session is in the cookie of this answer.' })
export class SignedIn {
  @Seen('public', () => Viewer, { description: 'Yourself.' })
  viewer: Viewer;
}

@ObjectType({ description: 'You are signed out.' })
export class SignedOut {
  @Seen('public', () => Int, { description: 'How many sessions were ended.' })
  sessions: number;
}

@ObjectType({ description: 'A role was ended, or refused.' })
export class RoleEnded {
  @Seen('parent', () => ID, { description: 'Id of the membership or assignment.' })
  id: string;
}
