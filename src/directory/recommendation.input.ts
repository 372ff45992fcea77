import { GraphQLUUID } from 'graphql-scalars';
import { Field, InputType, Int } from 'type-graphql';

@InputType({ description: 'Which school a provider asks for a recommendation.' })
export class InvitationInput {
  @Field(() => GraphQLUUID, { description: 'Id of the provider.' })
  providerId: string;

  @Field(() => Int, { description: 'URN of a school that has used its support.' })
  schoolUrn: number;

  @Field(() => String, { nullable: true, description: 'What the provider writes to the school, in up to 1000 characters.' })
  message?: string | null;

  @Field(() => String, { nullable: true, description: 'An address to tell besides the school’s leads. It gives nobody the right to answer.' })
  email?: string | null;
}

@InputType({ description: 'A listing as you have read it.' })
export class ListingRead {
  @Field(() => GraphQLUUID, { description: 'Id of the listing.' })
  listingId: string;

  @Field(() => Int, { description: 'Its version then.' })
  version: number;
}

/** What a school says of support that it has used, in a recommendation and in a nomination. */
@InputType()
export abstract class SaidOfSupport {
  @Field(() => String, { description: 'What was done. Do not name pupils or staff.' })
  whatWasDone: string;

  @Field(() => String, { description: 'When, as in `spring term 2026`.' })
  whenDone: string;

  @Field(() => String, { description: 'What changed. Do not name pupils or staff.' })
  whatChanged: string;

  @Field(() => Boolean, { description: 'That neither you nor the school has an interest in the provider or was rewarded for this.' })
  noInterest: boolean;
}

@InputType({ description: 'A school’s recommendation.' })
export class RecommendationInput extends SaidOfSupport {
  @Field(() => GraphQLUUID, { description: 'Id of the provider.' })
  providerId: string;

  @Field(() => Int, { description: 'URN of the school that you lead.' })
  schoolUrn: number;

  @Field(() => [GraphQLUUID], { description: 'The published listings of the provider that the school vouches for.' })
  listingIds: string[];

  @Field(() => [ListingRead], { nullable: true, description: 'The listings as you have read them. Where one that you vouch for has changed since, the recommendation is not given.' })
  listingVersions?: ListingRead[] | null;
}
