import { GraphQLLocalDate } from 'graphql-scalars';
import { Float, ID, Int, ObjectType } from 'type-graphql';
import { Category, SupportPhase, Vat } from '../../directory/index.js';
import { Person } from '../../identity/index.js';
import { Seen } from '../../platform/access.js';
import { ChangeAnswer, Rag, Side } from './engagement.vocabulary.js';

@ObjectType({ description: 'Something that an engagement is to reach.' })
export class EngagementObjective {
  @Seen('parent', () => ID, { description: 'Id of the objective.' })
  id: string;

  @Seen('parent', () => String, { description: 'What is to be reached.' })
  text: string;

  @Seen('parent', () => String, { nullable: true, description: 'Where the school starts.' })
  baseline: string | null;

  @Seen('parent', () => String, { nullable: true, description: 'What it aims for.' })
  target: string | null;

  @Seen('parent', () => Category, { nullable: true, description: 'What it is about.' })
  category: Category | null;

  @Seen('parent', () => SupportPhase, { nullable: true, description: 'The pupils that it is for.' })
  phase: SupportPhase | null;

  engagementId: string;
}

@ObjectType({ description: 'What is agreed of dates and price.' })
export class EngagementTerms {
  @Seen('parent', () => GraphQLLocalDate, { nullable: true, description: 'The first day.' })
  startsOn: string | null;

  @Seen('parent', () => GraphQLLocalDate, { nullable: true, description: 'The last day.' })
  endsOn: string | null;

  @Seen('parent', () => Int, { nullable: true, description: 'The price in pence.' })
  pricePence: number | null;

  @Seen('parent', () => Vat, { nullable: true, description: 'How VAT stands to the price.' })
  vat: Vat | null;
}

@ObjectType({ description: 'A change of dates or price that one side has proposed, with what was agreed before.' })
export class EngagementChange {
  @Seen('parent', () => ID, { description: 'Id of the change.' })
  id: string;

  @Seen('parent', () => Side, { description: 'Which side proposes it.' })
  proposedBy: Side;

  @Seen('parent', () => Date, { description: 'When it was proposed.' })
  proposedAt: Date;

  @Seen('parent', () => String, { description: 'Why; empty where no reason was given.' })
  reason: string;

  @Seen('parent', () => EngagementTerms, { description: 'What was agreed before.' })
  before: EngagementTerms;

  @Seen('parent', () => EngagementTerms, { description: 'What is agreed once it is accepted.' })
  after: EngagementTerms;

  @Seen('parent', () => ChangeAnswer, { nullable: true, description: 'What became of it; null while it waits for the other side.' })
  answer: ChangeAnswer | null;

  @Seen('parent', () => Date, { nullable: true, description: 'When it was answered or taken back.' })
  answeredAt: Date | null;

  engagementId: string;
}

@ObjectType({ description: 'Something that somebody has agreed to do.' })
export class EngagementAction {
  @Seen('parent', () => ID, { description: 'Id of the action.' })
  id: string;

  @Seen('parent', () => String, { description: 'What is to be done.' })
  what: string;

  @Seen('parent', () => Side, { description: 'Whose it is to do.' })
  owner: Side;

  @Seen('parent', () => String, { description: 'Who does it, by name; empty where nobody is named.' })
  ownerName: string;

  @Seen('parent', () => GraphQLLocalDate, { nullable: true, description: 'By which day.' })
  dueOn: string | null;

  @Seen('parent', () => Date, { nullable: true, description: 'When it was ticked off.' })
  doneAt: Date | null;

  @Seen('parent', () => Person, { nullable: true, description: 'Who ticked it off.' })
  doneBy: Person | null;

  engagementId: string;
}

@ObjectType({ description: 'Something that will show whether the support worked.' })
export class EngagementEvidence {
  @Seen('parent', () => ID, { description: 'Id of the evidence.' })
  id: string;

  @Seen('parent', () => String, { description: 'What is wanted.' })
  wanted: string;

  @Seen('parent', () => GraphQLLocalDate, { nullable: true, description: 'By which day.' })
  dueOn: string | null;

  @Seen('parent', () => String, { nullable: true, description: 'What it shows, once it is there.' })
  given: string | null;

  @Seen('parent', () => String, { nullable: true, description: 'Where it can be read.' })
  link: string | null;

  @Seen('parent', () => Date, { nullable: true, description: 'When it was given.' })
  givenAt: Date | null;

  @Seen('parent', () => Person, { nullable: true, description: 'Who gave it.' })
  givenBy: Person | null;

  engagementId: string;
}

@ObjectType({ description: 'Something that was measured.' })
export class ReviewFigure {
  @Seen('parent', () => String, { description: 'What was measured.' })
  what: string;

  @Seen('parent', () => Float, { description: 'The figure.' })
  value: number;

  @Seen('parent', () => Int, { nullable: true, description: 'Of how many pupils, where it is of pupils.' })
  pupils: number | null;
}

@ObjectType({ description: 'How an engagement went, seen on one day.' })
export class Review {
  @Seen('parent', () => ID, { description: 'Id of the review.' })
  id: string;

  @Seen('parent', () => GraphQLLocalDate, { description: 'On which day.' })
  heldOn: string;

  @Seen('parent', () => Rag, { description: 'Red, amber or green.' })
  rag: Rag;

  @Seen('parent', () => String, { description: 'In words; may be empty.' })
  words: string;

  @Seen('parent', () => [ReviewFigure], { description: 'In figures.' })
  figures: ReviewFigure[];

  @Seen('parent', () => Side, { description: 'Whether the school or its School Improvement Partner recorded it.' })
  by: Side;

  @Seen('parent', () => Person, { description: 'Who recorded it.' })
  person: Person;

  engagementId: string;
}

@ObjectType({ description: 'Somebody who comes into the school for the provider.' })
export class EngagementVisitor {
  @Seen('parent', () => String, { description: 'Name.' })
  name: string;

  @Seen('parent', () => String, { description: 'What they do; may be empty.' })
  role: string;

  engagementId: string;
}

@ObjectType({ description: 'The provider’s written confirmation of the DBS and barred-list checks of those who come. No certificate is kept.' })
export class SafeguardingConfirmation {
  @Seen('parent', () => String, { description: 'What the provider confirms.' })
  statement: string;

  @Seen('parent', () => Date, { description: 'When.' })
  at: Date;

  @Seen('parent', () => Person, { description: 'Who confirmed it.' })
  by: Person;
}
