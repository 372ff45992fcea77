import { ID, ObjectType } from 'type-graphql';
import { Seen } from '../../platform/access.js';
import { AlikeIn, AlikePersonWhy, RecommendationState } from '../vocabulary.js';

@ObjectType({ description: 'A provider that was suspended, which another was found to be again, or near to.' })
export class SuspendedBefore {
  @Seen('parent', () => ID, { description: 'Id of the provider that was suspended.' })
  providerId: string;

  @Seen('parent', () => String, { description: 'Its name.' })
  name: string;

  @Seen('parent', () => Date, { nullable: true, description: 'When it was suspended; null where the suspension has ended since.' })
  suspendedAt: Date | null;

  @Seen('parent', () => String, { nullable: true, description: 'Why it was suspended.' })
  reason: string | null;

  @Seen('parent', () => [AlikeIn], { description: 'What the two have in common.' })
  alike: AlikeIn[];

  @Seen('parent', () => Date, { nullable: true, description: 'When an officer let it come back; null while it waits.' })
  acceptedAt: Date | null;
}

@ObjectType({ description: 'An earlier recommendation of the same provider, by the same school or person, that was rejected, or ended while it was looked into.' })
export class EarlierJudgement {
  @Seen('parent', () => ID, { description: 'Id of the earlier recommendation.' })
  recommendationId: string;

  @Seen('parent', () => String, { description: 'Name of the provider, as it may have been registered under another one.' })
  providerName: string;

  @Seen('parent', () => String, { description: 'Name of the school.' })
  schoolName: string;

  @Seen('parent', () => RecommendationState, { description: 'How it ended.' })
  state: RecommendationState;

  @Seen('parent', () => String, { nullable: true, description: 'The reason that an officer gave.' })
  reason: string | null;

  @Seen('parent', () => Date, { nullable: true, description: 'When that was.' })
  at: Date | null;
}

@ObjectType({ description: 'A provider in a circle.' })
export class CircleNode {
  @Seen('parent', () => ID, { description: 'Id of the provider.' })
  id: string;

  @Seen('parent', () => String, { description: 'Name of the provider.' })
  name: string;
}

@ObjectType({ description: 'A recommendation in a circle: a school of one provider vouches for another.' })
export class CircleEdge {
  @Seen('parent', () => ID, { description: 'Id of the recommendation.' })
  recommendationId: string;

  @Seen('parent', () => ID, { description: 'Id of the provider whose school recommends.' })
  from: string;

  @Seen('parent', () => ID, { description: 'Id of the provider that is recommended.' })
  to: string;

  @Seen('parent', () => String, { description: 'Name of the school that recommends.' })
  school: string;

  @Seen('parent', () => Boolean, { description: 'Whether it is the one that closes the circle, and waits.' })
  closes: boolean;
}

@ObjectType({ description: 'Two to six providers of schools, in which every recommendation that counts comes from a school of one of them.' })
export class Circle {
  @Seen('parent', () => [CircleNode], { description: 'The providers, by name.' })
  nodes: CircleNode[];

  @Seen('parent', () => [CircleEdge], { description: 'Who vouches for whom.' })
  edges: CircleEdge[];
}

@ObjectType({ description: 'Somebody who may be the person that asks for a role, under another address.' })
export class AlikePerson {
  @Seen('parent', () => AlikePersonWhy, { description: 'Why they may be one.' })
  why: AlikePersonWhy;

  @Seen('parent', () => String, { description: 'Name of the other; empty until they gave it.' })
  name: string;

  @Seen('parent', () => [String], { description: 'The schools, providers and authorities in which the other has a role.' })
  of: string[];
}
