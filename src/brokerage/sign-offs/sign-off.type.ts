import { Int, ObjectType } from 'type-graphql';
import { Person } from '../../identity/index.js';
import { Seen } from '../../platform/access.js';

@ObjectType({ description: 'Whether a school’s plan needs its SIP’s signature under what the school agrees.' })
export class SignOffPlan {
  @Seen('parent', () => Int, { description: 'URN of the school.' })
  schoolUrn: number;

  @Seen('parent', () => Boolean, { description: 'Whether a signature is needed. What is agreed meanwhile is then shared with the SIP.' })
  needed: boolean;

  @Seen('parent', () => Date, { nullable: true, description: 'When the school said so; null while it has said nothing.' })
  setAt: Date | null;
}

@ObjectType({ description: 'Who signs for the schools of a local authority that have no SIP.' })
export class SignOffStandIn {
  @Seen('parent', () => String, { description: 'Code of the local authority.' })
  laCode: string;

  @Seen('parent', () => Person, { nullable: true, description: 'Who stands in; null for nobody.' })
  person: Person | null;
}
