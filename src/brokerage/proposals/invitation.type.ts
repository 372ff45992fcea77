import { GraphQLLocalDate } from 'graphql-scalars';
import { ID, Int, ObjectType } from 'type-graphql';
import { Category, SupportPhase, Vat } from '../../directory/index.js';
import { Seen } from '../../platform/access.js';
import { connectionType } from '../../platform/connection.js';
import { InvitationState, ProposalState } from '../vocabulary.js';

@ObjectType({ description: 'What an invited provider is told of a request. Where it is confidential nothing here tells which school asks.' })
export class RequestBrief {
  @Seen('parent', () => String, { description: 'What the school needs, in its own words.' })
  need: string;

  @Seen('parent', () => [String], { description: 'What is to be reached.' })
  objectives: string[];

  @Seen('parent', () => [Category], { description: 'What it is about.' })
  categories: Category[];

  @Seen('parent', () => [SupportPhase], { description: 'Which pupils it is for.' })
  phases: SupportPhase[];

  @Seen('parent', () => GraphQLLocalDate, { nullable: true, description: 'From which day it is wanted, like `2026-09-01`.' })
  wantedFrom: string | null;

  @Seen('parent', () => GraphQLLocalDate, { nullable: true, description: 'Until which day it is wanted.' })
  wantedTo: string | null;

  @Seen('parent', () => Int, { nullable: true, description: 'What the school can spend, in pence.' })
  budgetPence: number | null;

  @Seen('parent', () => String, { nullable: true, description: 'The region of England in which the school lies.' })
  region: string | null;

  @Seen('parent', () => Boolean, { description: 'Whether the request is confidential: the school is named once it says so, or to whom it chooses.' })
  confidential: boolean;

  @Seen('own', () => String, { nullable: true, description: 'What was tried already in the school. Null while the school is not named.' })
  triedInSchool: string | null;

  @Seen('own', () => String, { nullable: true, description: 'What was tried already with partner schools. Null while the school is not named.' })
  triedInPartnership: string | null;

  /** Null while the actor must not know which school asks. */
  schoolUrn: number | null;
}

@ObjectType('ProposalInvitation', { description: 'That a school asks a provider to propose. Between the two; no provider learns who else is invited.' })
export class Invitation {
  @Seen('parent', () => ID, { description: 'Id of the invitation.' })
  id: string;

  @Seen('parent', () => InvitationState, { description: 'Where it stands in its process.' })
  state: InvitationState;

  @Seen('parent', () => Int, { description: 'Version, growing with each change.' })
  version: number;

  @Seen('parent', () => Date, { description: 'When it was sent.' })
  sentAt: Date;

  @Seen('parent', () => Date, { nullable: true, description: 'When the provider first looked at it.' })
  openedAt: Date | null;

  @Seen('parent', () => Date, { description: 'Until when the provider can propose.' })
  expiresAt: Date;

  @Seen('parent', () => Date, { description: 'Until when the provider can ask questions.' })
  questionsUntil: Date;

  @Seen('parent', () => RequestBrief, { description: 'What the school asks for.' })
  brief: RequestBrief;

  requestId: string;
  providerId: string;
  listingId: string | null;
  /** Whether the actor belongs to the school or the provider. */
  isParty: boolean;
  /** Whether the actor may know which school asks. */
  knowsSchool: boolean;
}

export const InvitationConnection = connectionType('ProposalInvitation', () => Invitation);

@ObjectType({ description: 'What an invited provider would do, and for what price.' })
export class Proposal {
  @Seen('parent', () => ID, { description: 'Id of the proposal.' })
  id: string;

  @Seen('parent', () => ProposalState, { description: 'Where it stands in its process.' })
  state: ProposalState;

  @Seen('parent', () => Int, { description: 'Version, to send along with a change or a choice.' })
  version: number;

  @Seen('parent', () => String, { description: 'What the provider would do.' })
  summary: string;

  @Seen('parent', () => String, { description: 'What will be different; empty where nothing is said.' })
  outcome: string;

  @Seen('parent', () => String, { description: 'Who comes; empty where nothing is said.' })
  whoComes: string;

  @Seen('parent', () => GraphQLLocalDate, { nullable: true, description: 'First day, like `2026-09-01`.' })
  startsOn: string | null;

  @Seen('parent', () => GraphQLLocalDate, { nullable: true, description: 'Last day.' })
  endsOn: string | null;

  @Seen('parent', () => Int, { description: 'Price in pence; 0 is free.' })
  pricePence: number;

  @Seen('parent', () => Vat, { description: 'How VAT stands to the price.' })
  vat: Vat;

  @Seen('parent', () => Int, { description: 'Travel in pence, besides the price.' })
  travelPence: number;

  @Seen('parent', () => Boolean, { description: 'Whether the provider would work with pupils, so that checks have to be confirmed before it starts.' })
  worksWithPupils: boolean;

  @Seen('parent', () => Date, { description: 'When it was made.' })
  submittedAt: Date;

  @Seen('parent', () => Date, { description: 'When it was last changed.' })
  updatedAt: Date;

  requestId: string;
  invitationId: string;
  providerId: string;
  engagementId: string | null;
  /** Whether the actor belongs to the school or a partner school that has joined. */
  isOfSchools: boolean;
  isParty: boolean;
  knowsSchool: boolean;
}

@ObjectType({ description: 'What choosing a proposal needs by the limits that hold for the school: its trust’s policy, else its LA’s scheme.' })
export class ChoiceNeeds {
  @Seen('parent', () => Int, { description: 'Whole cost in pence: price, VAT where it is added, travel and cover.' })
  wholeCostPence: number;

  @Seen('parent', () => Int, { description: 'How many quotes are needed.' })
  quotesNeeded: number;

  @Seen('parent', () => Int, { description: 'How many proposals stand.' })
  quotes: number;

  @Seen('parent', () => Boolean, { description: 'Whether there have to be more quotes, or a reason why there are fewer.' })
  moreQuotesNeeded: boolean;

  @Seen('parent', () => Boolean, { description: 'Whether the governors have to approve it.' })
  governorsApproval: boolean;
}
