import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Rule } from '../platform/access.js';
import { isSystemAdmin, worksForProvider } from '../platform/actor.js';
import { IdempotencyKey } from '../platform/arguments.js';
import { carried, carriedCount } from '../platform/columns.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../platform/problem.js';
import { actionsIn, AvailableAction, historyEntry, HistoryEntry, historyOf } from '../platform/process/index.js';
import { load, reload, type RequestContext } from '../platform/request.js';
import { LocalAuthority, localAuthorityByCode } from '../schools/index.js';
import { ListingInput } from './listing.input.js';
import { listingProcess } from './listing.process.js';
import { countListings, listingById, listingsOfProvider } from './listing.read.js';
import { Listings } from './listing.service.js';
import { Listing, ListingConnection } from './listing.type.js';
import { ProfileIncomplete } from './provider.process.js';
import { providerById } from './provider.read.js';
import { Provider } from './provider.type.js';
import { CostsRecommendations } from './vouched/cost.js';

const ListingResult = resultType('ListingResult', () => Listing, [ProfileIncomplete, CostsRecommendations]);
type Result = Promise<Listing | Problem>;

const actions = actionsIn(listingProcess);

@Resolver(() => Listing)
export class ListingResolver {
  constructor(private readonly listings: Listings) {}

  @Rule('public')
  @Query(() => Listing, { nullable: true, description: 'A listing that you may see, by its id.' })
  listing(@ListingId() id: string, @Ctx() context: RequestContext): Promise<Listing | null> {
    return load(context, listingById, id);
  }

  @Rule('public')
  @FieldResolver(() => Provider, { description: 'Who offers it.' })
  provider(@Root() listing: Listing, @Ctx() context: RequestContext): Provider | null | Promise<Provider | null> {
    const provider = carried<Provider | null>(listing, 'provider');
    return provider === undefined ? load(context, providerById, listing.providerId) : provider;
  }

  @Rule('public')
  @FieldResolver(() => [LocalAuthority], { description: 'The local authorities where it is offered, where they are named. At most 200.' })
  localAuthorities(@Root() { laCodes }: Listing, @Ctx() context: RequestContext) {
    return Promise.all(laCodes.map((code) => load(context, localAuthorityByCode, code)));
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with the listing in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: Listing, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('parent')
  @FieldResolver(() => [HistoryEntry], { description: 'What has happened to it, oldest first.' })
  async history(@Root() { id, providerId }: Listing, @Ctx() context: RequestContext): Promise<HistoryEntry[]> {
    const isParty = worksForProvider(context.actor, providerId) || isSystemAdmin(context.actor);
    return (await load(context, historyOf, id)).map((row) => historyEntry(listingProcess, row, isParty));
  }

  @Rule('provider')
  @Mutation(() => ListingResult, { description: 'Begins a listing as a draft.' })
  createListing(
    @Arg('providerId', () => GraphQLUUID, { description: 'Id of the provider.' }) providerId: string,
    @Arg('input', () => ListingInput, { description: 'What is known of it so far; a title at least.' }) input: ListingInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return attempt(async () => {
      const id = await this.listings.create(context.actor, providerId, { ...input } as never, key);
      return (await reload(context, listingById, id)) ?? refuse(whatIsMissing('listing'));
    });
  }

  @Rule('provider')
  @Mutation(() => ListingResult, { description: 'Changes a listing; a field left out stays as it is. A published one stays complete. What would cost it recommendations has to be accepted.' })
  updateListing(
    @ListingId() id: string,
    @Arg('version', () => Int, { description: 'The version that you started from.' }) version: number,
    @Arg('input', () => ListingInput, { description: 'The fields to change.' }) input: ListingInput,
    @Arg('acceptCost', () => Boolean, { defaultValue: false, description: 'That you know which recommendations it would cost (costOfListingChange) and want it all the same.' }) acceptCost: boolean,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, id, () => this.listings.update(context.actor, id, version, { ...input } as never, acceptCost));
  }

  @Rule('provider')
  @Mutation(() => ListingResult, { description: 'Publishes a listing: schools find it while its provider is listed.' })
  publishListing(@ListingId() id: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'publish');
  }

  @Rule('provider')
  @Mutation(() => ListingResult, { description: 'Takes a listing down; it can be published again.' })
  unpublishListing(@ListingId() id: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'unpublish');
  }

  @Rule('provider')
  @Mutation(() => ListingResult, { description: 'Removes a listing for good.' })
  removeListing(@ListingId() id: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'remove');
  }

  private step(context: RequestContext, id: string, transition: string): Result {
    return this.answer(context, id, () => this.listings.act(id, transition, { actor: context.actor }));
  }

  private answer(context: RequestContext, id: string, work: () => Promise<void>): Result {
    return attempt(async () => {
      await work();
      return (await reload(context, listingById, id)) ?? refuse(whatIsMissing('listing'));
    });
  }
}

@Resolver(() => Provider)
export class ProviderListingsResolver {
  @Rule('public')
  @FieldResolver(() => ListingConnection, { description: 'What it offers, of that what you may see, by title.' })
  listings(@Root() provider: Provider, @Args(() => PageArguments) { first, after }: PageArguments, @Ctx() context: RequestContext): Connection<Listing> | Promise<Connection<Listing>> {
    const { id } = provider;
    const key = { of: id, first: checkFirst(first), after: decodeCursor<[string, string]>(after, ['string', 'id']) };
    const page = (rows: Listing[]) => pageOf(rows, first, (row) => [row.title, row.id], carriedCount(provider, 'listings') ?? (() => load(context, countListings, id)));
    const rows = carried<Listing[]>(provider, 'listings');
    return rows ? page(rows) : load(context, listingsOfProvider, key).then(page);
  }
}

function ListingId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the listing.' });
}
