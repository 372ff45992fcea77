import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Rule } from '../../platform/access.js';
import { IdempotencyKey, Reason, VersionRead } from '../../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../../platform/problem.js';
import { actionsIn, AvailableAction } from '../../platform/process/index.js';
import { load, reload, type RequestContext } from '../../platform/request.js';
import { LocalAuthority, localAuthorityByCode } from '../../schools/index.js';
import { HasInterest } from '../interests/index.js';
import { Listing } from '../listing.type.js';
import { withholdingProcess, type WithholdingState as State } from './withholding.process.js';
import { countWithholdings, listWithholdings, withheldFrom, withholdingById } from './withholding.read.js';
import type { Withholdings } from './withholding.service.js';
import { ListingWithholding, ListingWithholdingConnection, WithholdingState } from './withholding.type.js';

const ListingWithholdingResult = resultType('ListingWithholdingResult', () => ListingWithholding, [HasInterest]);
type Result = Promise<ListingWithholding | Problem>;

const actions = actionsIn(withholdingProcess);

@Resolver(() => ListingWithholding)
export class WithholdingResolver {
  constructor(private readonly withholdings: Withholdings) {}

  @Rule('signedIn')
  @Query(() => ListingWithholdingConnection, { description: 'What local authorities withhold from their areas, newest first: of your providers, and by the local authorities of which you are an officer.' })
  async listingWithholdings(
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Arg('states', () => [WithholdingState], { nullable: true, description: 'In one of these states.' }) states: State[] | null,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<Connection<ListingWithholding>> {
    const rows = await listWithholdings(db, actor, states ?? null, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.withheldAt.toISOString(), row.id], () => countWithholdings(db, actor, states ?? null));
  }

  @Rule('parent')
  @FieldResolver(() => LocalAuthority, { description: 'The local authority that withholds it.' })
  localAuthority(@Root() { laCode }: ListingWithholding, @Ctx() context: RequestContext) {
    return load(context, localAuthorityByCode, laCode);
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with it in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: ListingWithholding, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('officer')
  @Mutation(() => ListingWithholdingResult, { description: 'Withholds a listing from the area of your local authority: schools there do not find it, and its page says that it is not offered there.' })
  withholdListing(
    @Arg('listingId', () => GraphQLUUID, { description: 'Id of the listing.' }) listingId: string,
    @Arg('laCode', () => String, { description: 'Code of your local authority.' }) laCode: string,
    @Reason() reason: string,
    @VersionRead('the listing') version: number | null,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return attempt(async () => this.seen(context, await this.withholdings.withhold(context.actor, listingId, laCode, reason, key, version)));
  }

  @Rule('officer')
  @Mutation(() => ListingWithholdingResult, { description: 'Withholds it no more.' })
  endListingWithholding(
    @Arg('id', () => GraphQLUUID, { description: 'Id of the withholding.' }) id: string,
    @Reason() reason: string,
    @VersionRead() version: number | null,
    @Ctx() context: RequestContext,
  ): Result {
    return attempt(async () => {
      await this.withholdings.end(id, { actor: context.actor, reason, version });
      return this.seen(context, id);
    });
  }

  private async seen(context: RequestContext, id: string): Promise<ListingWithholding> {
    return (await reload(context, withholdingById, id)) ?? refuse(whatIsMissing('withholding'));
  }
}

@Resolver(() => Listing)
export class ListingWithheldResolver {
  @Rule('public')
  @FieldResolver(() => [LocalAuthority], { description: 'The local authorities that withhold it from their own area: it is not offered there.' })
  async withheldFrom(@Root() { id }: Listing, @Ctx() context: RequestContext): Promise<(LocalAuthority | null)[]> {
    return Promise.all((await load(context, withheldFrom, id)).map(({ laCode }) => load(context, localAuthorityByCode, laCode)));
  }
}
