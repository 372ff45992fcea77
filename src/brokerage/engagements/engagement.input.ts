import { GraphQLLocalDate, GraphQLUUID } from 'graphql-scalars';
import { Field, Float, InputType, Int } from 'type-graphql';
import { Category, SupportPhase, Vat } from '../../directory/index.js';
import { EngagementState, Rag, Side } from './engagement.vocabulary.js';

@InputType({ description: 'Something that is to be reached. Do not name pupils or staff.' })
export class ObjectiveInput {
  @Field(() => String, { description: 'What is to be reached, in up to 500 characters.' })
  text: string;

  @Field(() => String, { nullable: true, description: 'Where you start.' })
  baseline?: string | null;

  @Field(() => String, { nullable: true, description: 'What you aim for.' })
  target?: string | null;

  @Field(() => Category, { nullable: true, description: 'What it is about.' })
  category?: Category | null;

  @Field(() => SupportPhase, { nullable: true, description: 'The pupils that it is for.' })
  phase?: SupportPhase | null;
}

@InputType({ description: 'An objective of an engagement, new or changed.' })
export class ChangedObjectiveInput extends ObjectiveInput {
  @Field(() => GraphQLUUID, { nullable: true, description: 'Id of the objective that this one was; none for a new one.' })
  id?: string | null;
}

@InputType({ description: 'Who sees it in the school, and whether its SIP does. The provider sees what is recorded with it, but not a free resource.' })
abstract class SeenByInput {
  @Field(() => Boolean, { defaultValue: false, description: 'Whether the school’s School Improvement Partner sees it.' })
  sharedWithSip: boolean;

  @Field(() => Boolean, { defaultValue: true, description: 'Whether every lead of the school sees it; else only you and the people named.' })
  allLeads: boolean;

  @Field(() => [GraphQLUUID], { defaultValue: [], description: 'Ids of leads and staff of the school who see it.' })
  personIds: string[];
}

@InputType({ description: 'Support that a school has agreed already. Its provider is asked to confirm it.' })
export class RecordInput extends SeenByInput {
  @Field(() => GraphQLUUID, { description: 'Id of the listing.' })
  listingId: string;

  @Field(() => Int, { description: 'URN of the school that you lead.' })
  schoolUrn: number;

  @Field(() => String, { nullable: true, description: 'What you call it; the listing’s title if you call it nothing.' })
  title?: string | null;

  @Field(() => GraphQLLocalDate, { description: 'Its first day.' })
  startsOn: string;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'Its last day.' })
  endsOn?: string | null;

  @Field(() => Int, { description: 'The price in pence; 0 where it costs nothing.' })
  pricePence: number;

  @Field(() => Vat, { nullable: true, description: 'How VAT stands to the price.' })
  vat?: Vat | null;

  @Field(() => Boolean, { description: 'Whether the provider works with pupils. Then it confirms the checks of those who come before it starts.' })
  pupilsConcerned: boolean;

  @Field(() => ObjectiveInput, { description: 'What it is to reach.' })
  objective: ObjectiveInput;
}

@InputType({ description: 'A free resource that a school has used.' })
export class UseInput extends SeenByInput {
  @Field(() => GraphQLUUID, { description: 'Id of the listing, which is free.' })
  listingId: string;

  @Field(() => Int, { description: 'URN of the school that you lead.' })
  schoolUrn: number;

  @Field(() => GraphQLLocalDate, { description: 'On which day, or since when.' })
  usedOn: string;

  @Field(() => ObjectiveInput, { nullable: true, description: 'What it was to reach.' })
  objective?: ObjectiveInput | null;
}

@InputType({ description: 'Other dates or another price for what is agreed. A field left out stays as it is.' })
export class EngagementChangeInput {
  @Field(() => GraphQLLocalDate, { nullable: true, description: 'Its first day.' })
  startsOn?: string | null;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'Its last day; null for none.' })
  endsOn?: string | null;

  @Field(() => Int, { nullable: true, description: 'The price in pence.' })
  pricePence?: number | null;

  @Field(() => Vat, { nullable: true, description: 'How VAT stands to the price.' })
  vat?: Vat | null;

  @Field(() => String, { nullable: true, description: 'Why, in up to 1000 characters. The other side reads it.' })
  reason?: string | null;
}

@InputType({ description: 'Something that somebody is to do. Do not name pupils.' })
export class ActionInput {
  @Field(() => String, { description: 'What is to be done, in up to 500 characters.' })
  what: string;

  @Field(() => Side, { description: 'Whose it is to do.' })
  owner: Side;

  @Field(() => String, { nullable: true, description: 'Who does it, by name.' })
  ownerName?: string | null;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'By which day.' })
  dueOn?: string | null;
}

@InputType({ description: 'Something that will show whether the support worked.' })
export class EvidenceInput {
  @Field(() => String, { description: 'What is wanted, in up to 500 characters.' })
  wanted: string;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'By which day.' })
  dueOn?: string | null;
}

@InputType({ description: 'Evidence that was asked for. Do not name pupils or staff.' })
export class GivenEvidenceInput {
  @Field(() => String, { description: 'What it shows, in up to 2000 characters.' })
  given: string;

  @Field(() => String, { nullable: true, description: 'Where it can be read.' })
  link?: string | null;
}

@InputType({ description: 'Something that was measured.' })
export class FigureInput {
  @Field(() => String, { description: 'What was measured.' })
  what: string;

  @Field(() => Float, { description: 'The figure.' })
  value: number;

  @Field(() => Int, { nullable: true, description: 'Of how many pupils, where it is of pupils.' })
  pupils?: number | null;
}

@InputType({ description: 'How it goes. Do not name pupils or staff.' })
export class ReviewInput {
  @Field(() => GraphQLLocalDate, { description: 'On which day you looked at it.' })
  heldOn: string;

  @Field(() => Rag, { description: 'Red, amber or green.' })
  rag: Rag;

  @Field(() => String, { nullable: true, description: 'In words, in up to 3000 characters.' })
  words?: string | null;

  @Field(() => [FigureInput], { defaultValue: [], description: 'In figures, up to 20.' })
  figures: FigureInput[];
}

@InputType({ description: 'Somebody who comes into the school.' })
export class VisitorInput {
  @Field(() => String, { description: 'Name.' })
  name: string;

  @Field(() => String, { nullable: true, description: 'What they do.' })
  role?: string | null;
}

@InputType({ description: 'Which engagements to list; what is left out does not matter.' })
export class EngagementFilter {
  @Field(() => [EngagementState], { nullable: true, description: 'In one of these states.' })
  states?: EngagementState[] | null;

  @Field(() => Int, { nullable: true, description: 'Of the school with this URN, or with it as a partner.' })
  schoolUrn?: number | null;

  @Field(() => GraphQLUUID, { nullable: true, description: 'Of this provider.' })
  providerId?: string | null;
}
