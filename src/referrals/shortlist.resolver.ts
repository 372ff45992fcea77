import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Rule } from '../platform/access.js';
import { IdempotencyKey } from '../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../platform/problem.js';
import { load, reload, type RequestContext } from '../platform/request.js';
import { School, schoolByUrn } from '../schools/index.js';
import { countShortlists, itemsOfShortlist, listShortlists, shortlistById } from './shortlist.read.js';
import type { Shortlists } from './shortlist.service.js';
import { Shortlist, ShortlistConnection, ShortlistInput, ShortlistItem } from './shortlist.type.js';
import { visitById } from './visit.read.js';
import { Visit } from './visit.type.js';

const ShortlistResult = resultType('ShortlistResult', () => Shortlist);
type Result = Promise<Shortlist | Problem>;

@ArgsType()
class ShortlistsArguments extends PageArguments {
  @Field(() => Int, { nullable: true, description: 'For this school, by URN.' })
  schoolUrn?: number | null;
}

@Resolver(() => Shortlist)
export class ShortlistResolver {
  constructor(private readonly shortlists: Shortlists) {}

  @Rule('sip')
  @Query(() => Shortlist, { nullable: true, description: 'A shortlist of yours, by its id.' })
  shortlist(@Arg('id', () => GraphQLUUID, { description: 'Id of the shortlist.' }) id: string, @Ctx() context: RequestContext): Promise<Shortlist | null> {
    return load(context, shortlistById, id);
  }

  @Rule('sip')
  @Query(() => ShortlistConnection, { name: 'shortlists', description: 'Your shortlists for the schools whose SIP you are, the latest first.' })
  async listed(@Args(() => ShortlistsArguments) { first, after, schoolUrn = null }: ShortlistsArguments, @Ctx() { db, actor }: RequestContext): Promise<Connection<Shortlist>> {
    const rows = await listShortlists(db, actor, schoolUrn, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.createdAt.toISOString(), row.id], () => countShortlists(db, actor, schoolUrn));
  }

  @Rule('parent')
  @FieldResolver(() => School, { description: 'The school.' })
  school(@Root() { schoolUrn }: Shortlist, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }

  @Rule('parent')
  @FieldResolver(() => Visit, { nullable: true, description: 'The visit that it is for; null where it is for the school at large.' })
  visit(@Root() { visitId }: Shortlist, @Ctx() context: RequestContext): Promise<Visit | null> | null {
    return visitId === null ? null : load(context, visitById, visitId);
  }

  @Rule('parent')
  @FieldResolver(() => [ShortlistItem], { description: 'What is on it, in the order in which it was put there; at most 50.' })
  items(@Root() { id }: Shortlist, @Ctx() context: RequestContext): Promise<ShortlistItem[]> {
    return load(context, itemsOfShortlist, id);
  }

  @Rule('sip')
  @Mutation(() => ShortlistResult, { description: 'Puts a listing on your shortlist for a school, which begins with its first. Put there again, it gets the new reason.' })
  addToShortlist(
    @Arg('input', () => ShortlistInput, { description: 'The listing, and for which school.' }) input: ShortlistInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.shortlists.add(context.actor, { ...input }, key));
  }

  @Rule('sip')
  @Mutation(() => ShortlistResult, { description: 'Takes a listing off your shortlist.' })
  removeFromShortlist(@Arg('itemId', () => GraphQLUUID, { description: 'Id of the item.' }) itemId: string, @Ctx() context: RequestContext): Result {
    return this.answer(context, () => this.shortlists.remove(context.actor, itemId));
  }

  private answer(context: RequestContext, work: () => Promise<string>): Result {
    return attempt(async () => (await reload(context, shortlistById, await work())) ?? refuse(whatIsMissing('shortlist')));
  }
}
