import { GraphQLUUID } from 'graphql-scalars';
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { connectionType } from '../platform/connection.js';

@ObjectType({ description: 'What a SIP has to do with a provider whose listing they name.' })
export class StatedInterest {
  @Seen('parent', () => String, { description: 'What it is, in a few words.' })
  what: string;

  @Seen('parent', () => Boolean, { description: 'Whether the SIP declared it; otherwise it is known from a role that the SIP holds.' })
  declared: boolean;
}

@ObjectType({ description: 'An interest in a provider that you have declared.' })
export class Interest {
  @Seen('parent', () => ID, { description: 'Id of the interest.' })
  id: string;

  @Seen('parent', () => String, { description: 'What it is, in your words.' })
  what: string;

  @Seen('parent', () => String, { description: 'The provider’s name.' })
  providerName: string;

  @Seen('parent', () => Date, { description: 'When you declared it.' })
  declaredAt: Date;

  @Seen('parent', () => Date, { nullable: true, description: 'When it ended; null while it lasts.' })
  endedAt: Date | null;

  providerId: string;
}

export const InterestConnection = connectionType('Interest', () => Interest);

@InputType({ description: 'An interest in a provider.' })
export class InterestInput {
  @Field(() => GraphQLUUID, { description: 'Id of the provider.' })
  providerId: string;

  @Field(() => String, { description: 'What it is, in up to 500 characters, such as `My sister runs it`. Schools to which you name the provider see it.' })
  what: string;
}
