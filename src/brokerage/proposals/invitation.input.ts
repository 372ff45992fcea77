import { GraphQLLocalDate, GraphQLUUID } from 'graphql-scalars';
import { Field, InputType, Int } from 'type-graphql';
import { Vat } from '../../directory/index.js';

@InputType({ description: 'What a provider proposes. In a revision, a field left out stays as it is.' })
export class ProposalInput {
  @Field(() => String, { nullable: true, description: 'What you would do, in up to 4000 characters. Needed.' })
  summary?: string;

  @Field(() => String, { nullable: true, description: 'What will be different.' })
  outcome?: string | null;

  @Field(() => String, { nullable: true, description: 'Who comes.' })
  whoComes?: string | null;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'First day, like `2026-09-01`.' })
  startsOn?: string | null;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'Last day.' })
  endsOn?: string | null;

  @Field(() => Int, { nullable: true, description: 'Price in pence; 0 is free. Needed.' })
  pricePence?: number;

  @Field(() => Vat, { nullable: true, description: 'How VAT stands to the price and to travel. Needed.' })
  vat?: Vat;

  @Field(() => Int, { nullable: true, description: 'Travel in pence, besides the price; VAT stands to it as to the price.' })
  travelPence?: number;

  @Field(() => Boolean, { nullable: true, description: 'Whether you would work with pupils, so that checks have to be confirmed before it starts.' })
  worksWithPupils?: boolean;
}

@InputType({ description: 'A choice, with what the school keeps about its purchase.' })
export class ChoiceInput {
  @Field(() => GraphQLUUID, { description: 'Id of the proposal.' })
  proposalId: string;

  @Field(() => Int, { description: 'Version of the proposal that you were looking at: its provider may have revised it since.' })
  version: number;

  @Field(() => String, { description: 'Why you choose this proposal.' })
  reasons: string;

  @Field(() => String, { nullable: true, description: 'Interests in the provider that somebody in the school has; empty for none.' })
  interests?: string | null;

  @Field(() => Int, { defaultValue: 0, description: 'What cover for your own staff will cost, in pence.' })
  coverPence: number;

  @Field(() => String, { nullable: true, description: 'Who has approved it. Left out: you. Needed where the limits ask for the governors’ approval.' })
  approverName?: string | null;

  @Field(() => String, { nullable: true, description: 'What that person is in the school.' })
  approverRole?: string | null;

  @Field(() => String, { nullable: true, description: 'Why there are fewer quotes than the limits ask for.' })
  fewerQuotesReason?: string | null;

  @Field(() => Boolean, { defaultValue: false, description: 'Whether the provider works with pupils, also where its proposal does not say so.' })
  pupilsConcerned: boolean;

  @Field(() => String, { nullable: true, description: 'What to call the engagement. Left out: the title of the listing.' })
  title?: string | null;
}
