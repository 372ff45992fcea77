import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Listing, listingById, Provider, providerById } from '../directory/index.js';
import { Rule } from '../platform/access.js';
import { IdempotencyKey } from '../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../platform/problem.js';
import { load, reload, type RequestContext } from '../platform/request.js';
import { countInterests, interestById, interestsIn, listInterests } from './interest.read.js';
import type { Interests } from './interest.service.js';
import { Interest, InterestConnection, InterestInput, StatedInterest } from './interest.type.js';
import { NamedListing } from './named-listing.js';

const InterestResult = resultType('InterestResult', () => Interest);
type Result = Promise<Interest | Problem>;

@Resolver(() => Interest)
export class InterestResolver {
  constructor(private readonly interests: Interests) {}

  @Rule('sip')
  @Query(() => InterestConnection, { description: 'The interests that you have declared, the latest first.' })
  async myInterests(@Args(() => PageArguments) { first, after }: PageArguments, @Ctx() { db, actor }: RequestContext): Promise<Connection<Interest>> {
    const rows = await listInterests(db, actor, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.declaredAt.toISOString(), row.id], () => countInterests(db, actor));
  }

  @Rule('parent')
  @FieldResolver(() => Provider, { nullable: true, description: 'The provider; null where you may not see it any more.' })
  provider(@Root() { providerId }: Interest, @Ctx() context: RequestContext): Promise<Provider | null> {
    return load(context, providerById, providerId);
  }

  @Rule('sip')
  @Mutation(() => InterestResult, { description: 'Declares an interest in a provider. It is shown to every school to which you refer the provider.' })
  declareInterest(
    @Arg('input', () => InterestInput, { description: 'The interest.' }) input: InterestInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.interests.declare(context.actor, { ...input }, key));
  }

  @Rule('sip')
  @Mutation(() => InterestResult, { description: 'Says that an interest no longer holds. Schools that were shown it see it still.' })
  endInterest(@Arg('id', () => GraphQLUUID, { description: 'Id of the interest.' }) id: string, @Ctx() context: RequestContext): Result {
    return this.answer(context, async () => {
      await this.interests.end(context.actor, id);
      return id;
    });
  }

  private answer(context: RequestContext, work: () => Promise<string>): Result {
    return attempt(async () => (await reload(context, interestById, await work())) ?? refuse(whatIsMissing('interest')));
  }
}

@Resolver(() => NamedListing)
export class NamedListingResolver {
  @Rule('own')
  @FieldResolver(() => Listing, { nullable: true, description: 'The listing as it is now; null where you may not see it any more.' })
  current(@Root() { listingId }: NamedListing, @Ctx() context: RequestContext): Promise<Listing | null> {
    return load(context, listingById, listingId);
  }

  @Rule('parent')
  @FieldResolver(() => [StatedInterest], { description: 'What the SIP who named it has to do with the provider, then or since; empty where nothing is known.' })
  interests(@Root() { namedById, providerId, namedAt }: NamedListing, @Ctx() context: RequestContext): Promise<StatedInterest[]> {
    return load(context, interestsIn, { personId: namedById, providerId, since: namedAt });
  }
}
