import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Ctx, FieldResolver, Int, Mutation, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { Rule, Seen } from '../../platform/access.js';
import { attempt, Problem, refuse, whatIsMissing } from '../../platform/problem.js';
import { load, reload, type RequestContext } from '../../platform/request.js';
import { ListingInput } from '../listing.input.js';
import type { Listings } from '../listing.service.js';
import { Listing } from '../listing.type.js';
import { recommendationById } from '../recommendation.read.js';
import { RecommendationResult } from '../recommendation.result.js';
import type { Recommendations } from '../recommendation.service.js';
import { Recommendation } from '../recommendation.type.js';
import { type Costs, costsOfTakingDown } from './cost.js';
import { changedSince, isOwnListing, vouchedFor } from './vouched.read.js';
import { ChangedSince, VouchedListing } from './vouched.type.js';

@ObjectType({ description: 'What a change of a listing would cost its provider.' })
export class ListingChangeCost {
  @Seen('parent', () => Boolean, { description: 'Whether the provider, listed now, would not be any more.' })
  delists: boolean;

  @Seen('parent', () => String, { nullable: true, description: 'What it means, in sentences for the provider’s people; null where it costs nothing.' })
  message: string | null;

  recommendationIds: string[];
}

@Resolver(() => ListingChangeCost)
export class ListingChangeCostResolver {
  constructor(private readonly listings: Listings) {}

  @Rule('provider')
  @Query(() => ListingChangeCost, { nullable: true, description: 'What it would cost to change your listing in this way: recommendations that would stop counting for it. Nothing is changed. Null where it is not yours, or cannot be changed so.' })
  async costOfListingChange(
    @Arg('id', () => GraphQLUUID, { description: 'Id of the listing.' }) id: string,
    @Arg('input', () => ListingInput, { description: 'The fields that you would change.' }) input: ListingInput,
    @Ctx() context: RequestContext,
  ): Promise<ListingChangeCost | null> {
    const costs = await attempt(() => this.listings.costOfChange(context.actor, id, { ...input } as never));
    return costs instanceof Problem ? null : asCost(costs);
  }

  @Rule('parent')
  @FieldResolver(() => [Recommendation], { description: 'The recommendations that would stop counting for the listing.' })
  async recommendations(@Root() { recommendationIds }: ListingChangeCost, @Ctx() context: RequestContext): Promise<Recommendation[]> {
    return (await Promise.all(recommendationIds.map((id) => load(context, recommendationById, id)))).filter((each) => each !== null);
  }
}

@Resolver(() => Recommendation)
export class VouchedResolver {
  constructor(private readonly recommendations: Recommendations) {}

  @Rule('public')
  @FieldResolver(() => [VouchedListing], { description: 'What the school vouches for, each listing as it was when the recommendation was given.' })
  vouchedFor(@Root() { id }: Recommendation, @Ctx() context: RequestContext): Promise<VouchedListing[]> {
    return load(context, vouchedFor, id);
  }

  @Rule('lead')
  @Mutation(() => RecommendationResult, { description: 'Says for your school that listings which have changed still are what it used: the recommendation counts for them again.' })
  affirmRecommendation(
    @Arg('id', () => GraphQLUUID, { description: 'Id of the recommendation.' }) id: string,
    @Arg('version', () => Int, { description: 'The version of the recommendation that you looked at.' }) version: number,
    @Ctx() context: RequestContext,
  ): Promise<Recommendation | Problem> {
    return attempt(async () => {
      await this.recommendations.affirm(context.actor, id, version);
      return (await reload(context, recommendationById, id)) ?? refuse(whatIsMissing('recommendation'));
    });
  }
}

@Resolver(() => Listing)
export class ListingVouchedResolver {
  @Rule('public')
  @FieldResolver(() => [ChangedSince], { description: 'What schools vouched for that the listing no longer is in substance, until they say that it still is what they used. Empty: nothing.' })
  changedSince(@Root() { id }: Listing, @Ctx() context: RequestContext): Promise<ChangedSince[]> {
    return load(context, changedSince, id);
  }

  @Rule('own')
  @FieldResolver(() => ListingChangeCost, { nullable: true, description: 'What it would cost to take the listing down or remove it. For the provider’s own people; null for others.' })
  async costOfTakingDown(@Root() { id }: Listing, @Ctx() context: RequestContext): Promise<ListingChangeCost | null> {
    return (await load(context, isOwnListing, id)) ? asCost(await costsOfTakingDown(context.db, id)) : null;
  }
}

const asCost = (costs: Costs): ListingChangeCost => Object.assign(new ListingChangeCost(), costs);
