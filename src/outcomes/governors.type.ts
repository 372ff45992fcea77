import { GraphQLLocalDate } from 'graphql-scalars';
import { Float, ObjectType } from 'type-graphql';
import { Seen } from '../platform/access.js';

@ObjectType({ description: 'What a school sought, agreed, spent and reached in a time, to show to its governors. It has what the asker may see, as one of the school’s people.' })
export class OutcomesForGovernors {
  @Seen('parent', () => GraphQLLocalDate, { description: 'The first day.' })
  from: string;

  @Seen('parent', () => GraphQLLocalDate, { description: 'The last day.' })
  to: string;

  @Seen('parent', () => Float, { description: 'What was agreed to be spent in that time, in pence: with VAT, and with travel and cover where a buying record says so.' })
  spentPence: number;

  schoolUrn: number;
}
