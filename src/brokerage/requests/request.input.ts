import { GraphQLLocalDate, GraphQLUUID } from 'graphql-scalars';
import { Field, InputType, Int } from 'type-graphql';
import { Category, SupportPhase } from '../../directory/index.js';
import { RequestState } from '../vocabulary.js';

@InputType({ description: 'What a request says. All but the need is optional; in a change, a field left out stays as it is.' })
export class SupportRequestInput {
  @Field(() => String, { nullable: true, description: 'What the school needs, in its own words, in up to 4000 characters. Needed to begin. Do not name pupils or staff.' })
  need?: string;

  @Field(() => [String], { nullable: true, description: 'What is to be reached, at most 10.' })
  objectives?: string[];

  @Field(() => [Category], { nullable: true, description: 'What it is about.' })
  categories?: Category[];

  @Field(() => [SupportPhase], { nullable: true, description: 'Which pupils it is for.' })
  phases?: SupportPhase[];

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'From which day it is wanted, like `2026-09-01`.' })
  wantedFrom?: string | null;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'Until which day it is wanted.' })
  wantedTo?: string | null;

  @Field(() => Int, { nullable: true, description: 'What the school can spend, in pence. Invited providers see it.' })
  budgetPence?: number | null;

  @Field(() => String, { nullable: true, description: 'What was tried already in the school. Invited providers see it, unless the request is confidential.' })
  triedInSchool?: string | null;

  @Field(() => String, { nullable: true, description: 'What was tried already with partner schools. Invited providers see it, unless the request is confidential.' })
  triedInPartnership?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether invited providers are not told which school asks. Then the need should not tell it either.' })
  confidential?: boolean;

  @Field(() => Boolean, { nullable: true, description: 'Whether the school’s SIP sees it once it is open.' })
  sharedWithSip?: boolean;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'The last day on which providers can propose. Left out: three weeks from the opening.' })
  closesOn?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether every lead of the school sees it; if not, only the people whom it names.' })
  allLeads?: boolean;

  @Field(() => [GraphQLUUID], { nullable: true, description: 'Ids of people of the school who see it besides. You are always one of them.' })
  personIds?: string[];

  @Field(() => [Int], { nullable: true, description: 'URNs of partner schools that are asked to join once it is open.' })
  partnerUrns?: number[];

  @Field(() => [GraphQLUUID], { nullable: true, description: 'Ids of listings to keep ready to invite.' })
  listingIds?: string[];
}

@InputType({ description: 'Which requests; what is left out does not narrow.' })
export class SupportRequestFilter {
  @Field(() => [RequestState], { nullable: true, description: 'In one of these states.' })
  states?: RequestState[] | null;

  @Field(() => Int, { nullable: true, description: 'Of the school with this URN.' })
  schoolUrn?: number | null;
}

@InputType({ description: 'What purchases above a whole cost need.' })
export class PurchaseLimitInput {
  @Field(() => Int, { description: 'It holds for whole costs above this, in pence.' })
  overPence: number;

  @Field(() => Int, { description: 'How many quotes are needed, from 1 to 10.' })
  quotes: number;

  @Field(() => Boolean, { description: 'Whether the governors have to approve.' })
  governorsApproval: boolean;
}
