import { GraphQLLocalDate } from 'graphql-scalars';
import { ID, Int, ObjectType } from 'type-graphql';
import { Category, SupportPhase, Vat } from '../../directory/index.js';
import { Seen } from '../../platform/access.js';
import { connectionType } from '../../platform/connection.js';
import { RequestState } from '../vocabulary.js';

@ObjectType('SupportRequest', { description: 'What a school needs, in its own words. Seen by the people whom the school lets see it; providers see invitations instead.' })
export class SupportRequest {
  @Seen('parent', () => ID, { description: 'Id of the request.' })
  id: string;

  @Seen('parent', () => RequestState, { description: 'Where it stands in its process.' })
  state: RequestState;

  @Seen('parent', () => Int, { description: 'Version, to send along with a change.' })
  version: number;

  @Seen('parent', () => String, { description: 'What the school needs.' })
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

  @Seen('parent', () => String, { description: 'What was tried already in the school; empty where nothing is said.' })
  triedInSchool: string;

  @Seen('parent', () => String, { description: 'What was tried already with partner schools; empty where nothing is said.' })
  triedInPartnership: string;

  @Seen('parent', () => Boolean, { description: 'Whether invited providers are not told which school asks.' })
  confidential: boolean;

  @Seen('parent', () => Boolean, { description: 'Whether the school’s SIP sees it once it is open.' })
  sharedWithSip: boolean;

  @Seen('parent', () => Boolean, { description: 'Whether every lead of the school sees it; if not, only the people whom it names.' })
  allLeads: boolean;

  @Seen('parent', () => Date, { nullable: true, description: 'Until when providers can propose. Chosen on opening where it was not before.' })
  closesAt: Date | null;

  @Seen('parent', () => Date, { nullable: true, description: 'Until when invited providers can ask questions: half of the time to the closing date.' })
  questionsUntil: Date | null;

  @Seen('parent', () => Date, { description: 'When it was begun.' })
  createdAt: Date;

  @Seen('parent', () => Date, { nullable: true, description: 'When the school opened it.' })
  openedAt: Date | null;

  @Seen('parent', () => Date, { nullable: true, description: 'When it ended.' })
  closedAt: Date | null;

  @Seen('parent', () => Int, { description: 'How many proposals stand, also while they are sealed; 0 for whoever has an interest in an invited provider, until the school has chosen.' })
  proposalCount: number;

  @Seen('parent', () => Boolean, { description: 'Whether the school has begun to read the proposals; until then they are sealed.' })
  proposalsRead: boolean;

  schoolUrn: number;
  draftedBySipId: string | null;
  engagementId: string | null;
  /** Whether the actor is one of the school’s people who see it. */
  isOfSchool: boolean;
  /** The same, or a lead of a partner school that has joined. */
  isOfSchools: boolean;
}

export const SupportRequestConnection = connectionType('SupportRequest', () => SupportRequest);

@ObjectType({ description: 'A partner school of a request.' })
export class PartnerSchool {
  @Seen('parent', () => Date, { nullable: true, description: 'When it joined; null while it has only been asked.' })
  joinedAt: Date | null;

  schoolUrn: number;
}

@ObjectType({ description: 'That another school asks yours to join its request.' })
export class RequestToJoin {
  @Seen('parent', () => ID, { description: 'Id of the request, to join it with.' })
  id: string;

  @Seen('parent', () => String, { description: 'What the other school needs.' })
  need: string;

  @Seen('parent', () => Date, { description: 'When the request was opened.' })
  openedAt: Date;

  schoolUrn: number;
  askedUrns: number[];
}

export const RequestToJoinConnection = connectionType('RequestToJoin', () => RequestToJoin);

@ObjectType({ description: 'A question of an invited provider. All invited see the answered ones, without who asked.' })
export class RequestQuestion {
  @Seen('parent', () => ID, { description: 'Id of the question.' })
  id: string;

  @Seen('parent', () => String, { description: 'What is asked.' })
  text: string;

  @Seen('parent', () => Date, { description: 'When it was asked.' })
  askedAt: Date;

  @Seen('parent', () => String, { nullable: true, description: 'What the school answers; null until it does.' })
  answer: string | null;

  @Seen('parent', () => Date, { nullable: true, description: 'When it was answered.' })
  answeredAt: Date | null;

  @Seen('parent', () => Boolean, { description: 'Whether your provider asked it.' })
  yours: boolean;
}

@ObjectType({ description: 'A provider that was invited, and its price, as they stood when the school chose.' })
export class InvitedProvider {
  @Seen('parent', () => String, { description: 'Name of the provider.' })
  name: string;

  @Seen('parent', () => Int, { nullable: true, description: 'Its price in pence; null where it made no proposal.' })
  pricePence: number | null;

  @Seen('parent', () => Vat, { nullable: true, description: 'How VAT stands to the price.' })
  vat: Vat | null;

  @Seen('parent', () => Int, { nullable: true, description: 'Travel in pence.' })
  travelPence: number | null;
}

@ObjectType({ description: 'Why and how a school bought: what its governors or an auditor ask for. It is never changed.' })
export class BuyingRecord {
  @Seen('parent', () => Int, { description: 'Whole cost in pence: price, VAT where it is added, travel and cover.' })
  wholeCostPence: number;

  @Seen('parent', () => Int, { description: 'The price in pence.' })
  pricePence: number;

  @Seen('parent', () => Vat, { description: 'How VAT stands to the price.' })
  vat: Vat;

  @Seen('parent', () => Int, { description: 'Travel in pence.' })
  travelPence: number;

  @Seen('parent', () => Int, { description: 'Cover for the school’s own staff in pence.' })
  coverPence: number;

  @Seen('parent', () => String, { description: 'Why the school chose this proposal.' })
  reasons: string;

  @Seen('parent', () => String, { description: 'Interests that were declared; empty for none.' })
  interests: string;

  @Seen('parent', () => String, { description: 'Who approved it.' })
  approverName: string;

  @Seen('parent', () => String, { description: 'What that person is in the school.' })
  approverRole: string;

  @Seen('parent', () => Boolean, { description: 'Whether the limits asked for the governors’ approval.' })
  governorsApproval: boolean;

  @Seen('parent', () => Int, { description: 'How many quotes there were.' })
  quotes: number;

  @Seen('parent', () => Int, { description: 'How many quotes the limits asked for.' })
  quotesNeeded: number;

  @Seen('parent', () => String, { nullable: true, description: 'Why there were fewer quotes than the limits asked for.' })
  fewerQuotesReason: string | null;

  @Seen('parent', () => [InvitedProvider], { description: 'Who was invited.' })
  invited: InvitedProvider[];

  @Seen('parent', () => Date, { description: 'When it was made.' })
  madeAt: Date;
}

@ObjectType({ description: 'What purchases above a whole cost need.' })
export class PurchaseLimit {
  @Seen('signedIn', () => Int, { description: 'It holds for whole costs above this, in pence.' })
  overPence: number;

  @Seen('signedIn', () => Int, { description: 'How many quotes are needed.' })
  quotes: number;

  @Seen('signedIn', () => Boolean, { description: 'Whether the governors have to approve.' })
  governorsApproval: boolean;
}

@ObjectType({ description: 'The limits of an LA’s scheme or a trust’s policy.' })
export class PurchaseLimitSet {
  @Seen('signedIn', () => [PurchaseLimit], { description: 'The limits, lowest first; none: no more is needed than a reason.' })
  limits: PurchaseLimit[];
}
