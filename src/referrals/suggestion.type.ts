import { GraphQLUUID } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Category, SupportPhase } from '../directory/index.js';
import { Seen } from '../platform/access.js';
import { connectionType } from '../platform/connection.js';
import { NamedListing } from './named-listing.js';
import { SuggestionRequestState } from './vocabulary.js';

@ObjectType({ description: 'A listing that one SIP suggests to another.' })
export class Suggestion {
  @Seen('parent', () => ID, { description: 'Id of the suggestion.' })
  id: string;

  @Seen('parent', () => NamedListing, { description: 'The listing.' })
  listing: NamedListing;

  @Seen('parent', () => String, { description: 'Why, in the words of the SIP who suggests it.' })
  reason: string;

  @Seen('parent', () => Date, { description: 'When it was suggested.' })
  suggestedAt: Date;

  suggestedById: string;
}

@ObjectType({ description: 'What a SIP asks other SIPs, without naming the school.' })
export class SuggestionRequest {
  @Seen('parent', () => ID, { description: 'Id of the question.' })
  id: string;

  @Seen('parent', () => SuggestionRequestState, { description: 'Where it stands in its process.' })
  state: SuggestionRequestState;

  @Seen('parent', () => String, { description: 'What is looked for.' })
  question: string;

  @Seen('parent', () => Category, { nullable: true, description: 'What it is about, where that is said.' })
  category: Category | null;

  @Seen('parent', () => SupportPhase, { nullable: true, description: 'The pupils it is for, where that is said.' })
  phase: SupportPhase | null;

  @Seen('parent', () => Date, { description: 'When it was asked.' })
  askedAt: Date;

  @Seen('parent', () => Date, { description: 'Until when listings can be suggested: 30 days, those in school holidays not counted.' })
  expiresAt: Date;

  @Seen('parent', () => Int, { description: 'Version, growing with each step.' })
  version: number;

  askedById: string;
  /** The LA for whose schools it is asked. */
  laCode: string;
  /** Whether the actor asks it, and is not asked. */
  isAsker: boolean;
  laCodes: string[];
}

export const SuggestionRequestConnection = connectionType('SuggestionRequest', () => SuggestionRequest);

@InputType({ description: 'A question to other SIPs. It must not tell which school it is for.' })
export class SuggestionRequestInput {
  @Field(() => String, { description: 'What you look for, in up to 1000 characters. All SIPs who are asked read it: name no school, pupils or staff.' })
  question: string;

  @Field(() => Category, { nullable: true, description: 'What it is about.' })
  category?: Category | null;

  @Field(() => SupportPhase, { nullable: true, description: 'The pupils it is for.' })
  phase?: SupportPhase | null;

  @Field(() => [String], { nullable: true, description: 'Codes of the LAs whose SIPs you ask: your own, where left out, or those whose officers have opened their list.' })
  laCodes?: string[] | null;
}

@InputType({ description: 'A listing for another SIP.' })
export class SuggestionInput {
  @Field(() => GraphQLUUID, { description: 'Id of the question.' })
  requestId: string;

  @Field(() => GraphQLUUID, { description: 'Id of a published listing of a listed provider.' })
  listingId: string;

  @Field(() => String, { description: 'Why, in up to 1000 characters. Only you and the SIP who asks read it: name no school, pupils or staff.' })
  reason: string;
}
