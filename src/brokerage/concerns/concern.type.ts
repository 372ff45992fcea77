import { ID, Int, ObjectType } from 'type-graphql';
import { Seen } from '../../platform/access.js';
import { connectionType } from '../../platform/connection.js';
import { ConcernState, Side } from '../engagements/engagement.vocabulary.js';

@ObjectType({
  description: 'Something that one side of an engagement wants the other to put right. It is between the school and the provider, until the school asks its local authority.',
})
export class Concern {
  @Seen('parent', () => ID, { description: 'Id of the concern.' })
  id: string;

  @Seen('parent', () => ConcernState, { description: 'Where it stands in its process.' })
  state: ConcernState;

  @Seen('parent', () => Side, { description: 'Which side raised it.' })
  raisedBy: Side;

  @Seen('parent', () => String, { description: 'Name of the provider.' })
  providerName: string;

  @Seen('parent', () => String, { description: 'What concerns them.' })
  text: string;

  @Seen('parent', () => Date, { description: 'When it was raised.' })
  raisedAt: Date;

  @Seen('parent', () => String, { nullable: true, description: 'What the other side answered.' })
  answer: string | null;

  @Seen('parent', () => Date, { nullable: true, description: 'When it was answered.' })
  answeredAt: Date | null;

  @Seen('own', () => String, { nullable: true, description: 'What the school wrote to its local authority. For the school and the officers.' })
  statement: string | null;

  @Seen('parent', () => Date, { nullable: true, description: 'When the school asked its local authority.' })
  passedOnAt: Date | null;

  @Seen('parent', () => Date, { nullable: true, description: 'When it was resolved.' })
  resolvedAt: Date | null;

  @Seen('parent', () => Int, { description: 'Version, growing with each step.' })
  version: number;

  engagementId: string;
  schoolUrn: number;
}

export const ConcernConnection = connectionType('Concern', () => Concern);
