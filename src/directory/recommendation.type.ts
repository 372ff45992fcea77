import { ID, Int, ObjectType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { connectionType } from '../platform/connection.js';
import { RecommendationState } from './vocabulary.js';

@ObjectType({ description: 'A school’s word for a provider whose support it has used.' })
export class Recommendation {
  @Seen('public', () => ID, { description: 'Id of the recommendation.' })
  id: string;

  @Seen('parent', () => RecommendationState, { description: 'Where it stands in its process.' })
  state: RecommendationState;

  @Seen('parent', () => Boolean, { description: 'Whether it counts towards being listed.' })
  counts: boolean;

  @Seen('parent', () => Boolean, { description: 'Whether an officer has to decide whether it counts: an academy whose trust is not known, a school that an import has brought near, a judgement before, a small closed circle.' })
  awaitsConfirmation: boolean;

  @Seen('public', () => String, { description: 'What was done.' })
  whatWasDone: string;

  @Seen('public', () => String, { description: 'When it was done, in the school’s words.' })
  whenDone: string;

  @Seen('public', () => String, { description: 'What changed.' })
  whatChanged: string;

  @Seen('public', () => Date, { nullable: true, description: 'When it was given.' })
  givenAt: Date | null;

  @Seen('public', () => Date, { nullable: true, description: 'When it stops counting unless it is renewed.' })
  lapsesAt: Date | null;

  @Seen('own', () => String, { nullable: true, description: 'What the provider wrote when it asked. Only for the parties.' })
  invitationMessage: string | null;

  @Seen('own', () => Date, { nullable: true, description: 'When the school was asked. Only for the parties.' })
  invitedAt: Date | null;

  @Seen('own', () => Date, { nullable: true, description: 'Until when the school can answer. Only for the parties.' })
  expiresAt: Date | null;

  @Seen('parent', () => Int, { description: 'Version, to send along with a change.' })
  version: number;

  createdAt: Date;
  providerId: string;
  schoolUrn: number;
  /** Whether the actor belongs to the school, the provider or the assuring LA. */
  isParty: boolean;
  givenById: string | null;
}

export const RecommendationConnection = connectionType('Recommendation', () => Recommendation);
