import { ID, Int, ObjectType } from 'type-graphql';
import { Seen } from '../../platform/access.js';
import { connectionType } from '../../platform/connection.js';
import { Problem } from '../../platform/problem.js';
import { Category, Delivery, NominationState, SupportPhase } from '../vocabulary.js';

@ObjectType({ description: 'A school’s word for a provider that was not registered. For the school’s leads, the person with the address and the providers that they administer.' })
export class Nomination {
  @Seen('parent', () => ID, { description: 'Id of the nomination.' })
  id: string;

  @Seen('parent', () => NominationState, { description: 'Where it stands in its process.' })
  state: NominationState;

  @Seen('parent', () => String, { description: 'Name of the provider, as the school typed it.' })
  name: string;

  @Seen('own', () => String, { nullable: true, description: 'The address that was typed. For the school’s leads and the person with it.' })
  email: string | null;

  @Seen('parent', () => String, { nullable: true, description: 'Website of the provider, as the school typed it.' })
  website: string | null;

  @Seen('parent', () => String, { description: 'What the support was.' })
  title: string;

  @Seen('parent', () => [Category], { description: 'What it was about.' })
  categories: Category[];

  @Seen('parent', () => [SupportPhase], { description: 'The pupils it was for.' })
  phases: SupportPhase[];

  @Seen('parent', () => [Delivery], { description: 'How it reached the school.' })
  delivery: Delivery[];

  @Seen('parent', () => String, { description: 'What was done.' })
  whatWasDone: string;

  @Seen('parent', () => String, { description: 'When it was done, in the school’s words.' })
  whenDone: string;

  @Seen('parent', () => String, { description: 'What changed.' })
  whatChanged: string;

  @Seen('parent', () => Date, { description: 'When it was made.' })
  nominatedAt: Date;

  @Seen('parent', () => Date, { description: 'Until when it can be taken up.' })
  expiresAt: Date;

  @Seen('parent', () => Boolean, { description: 'Whether it is open and whoever nominated no longer leads the school, so that another lead has to stand by it before it can be taken up.' })
  needsAnotherLead: boolean;

  @Seen('parent', () => Int, { description: 'Version.' })
  version: number;

  schoolUrn: number;
  nominatedById: string;
  providerId: string | null;
  recommendationId: string | null;
}

export const NominationConnection = connectionType('Nomination', () => Nomination);

@ObjectType({ implements: Problem, description: 'The provider is in the directory already: recommend it.' })
export class AlreadyRegistered extends Problem {
  @Seen('public', () => ID, { description: 'Id of the provider.' })
  readonly providerId: string;

  constructor(message: string, providerId: string) {
    super('ALREADY_REGISTERED', message);
    this.providerId = providerId;
  }
}
