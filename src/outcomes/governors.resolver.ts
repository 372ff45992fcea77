import { GraphQLLocalDate } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { Engagement, engagementById, EngagementConnection, requestById, SupportRequest, SupportRequestConnection, worksInSchool } from '../brokerage/index.js';
import { Rule } from '../platform/access.js';
import { badInput, checkFirst, type Connection, decodeCursor, encodeCursor, PageArguments } from '../platform/connection.js';
import { checkReadingDay } from '../platform/dates.js';
import { load, type LoaderDefinition, type RequestContext } from '../platform/request.js';
import { School, schoolByUrn } from '../schools/index.js';
import { countAgreed, countSought, type InTime, listAgreed, listSought, readSpent } from './governors.read.js';
import { OutcomesForGovernors } from './governors.type.js';

@Resolver(() => OutcomesForGovernors)
export class GovernorsResolver {
  @Rule('schoolPerson')
  @Query(() => OutcomesForGovernors, { nullable: true, description: 'What your school sought, agreed, spent and reached in a time, of what you may see; null for a school that is not yours.' })
  async outcomesForGovernors(
    @Arg('schoolUrn', () => Int, { description: 'URN of the school.' }) schoolUrn: number,
    @Arg('from', () => GraphQLLocalDate, { description: 'The first day.' }) from: string,
    @Arg('to', () => GraphQLLocalDate, { description: 'The last day.' }) to: string,
    @Ctx() { db, actor, clock }: RequestContext,
  ): Promise<OutcomesForGovernors | null> {
    checkReadingDay('from', from, clock.now());
    checkReadingDay('to', to, clock.now());
    if (to < from) badInput('`to` must not be before `from`.');
    if (!worksInSchool(actor, schoolUrn)) return null;
    const time = { schoolUrn, from, to };
    return { ...time, spentPence: await readSpent(db, actor, time) };
  }

  @Rule('parent')
  @FieldResolver(() => School, { description: 'The school.' })
  school(@Root() { schoolUrn }: OutcomesForGovernors, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }

  @Rule('parent')
  @FieldResolver(() => SupportRequestConnection, { description: 'What the school sought: requests opened in that time, with what it chose and why.' })
  async sought(@Root() time: OutcomesForGovernors, @Args(() => PageArguments) page: PageArguments, @Ctx() context: RequestContext): Promise<Connection<SupportRequest>> {
    const { db, actor } = context;
    return pageOfIds(context, page, (limit, after) => listSought(db, actor, time, limit, after), requestById, () => countSought(db, actor, time));
  }

  @Rule('parent')
  @FieldResolver(() => EngagementConnection, { description: 'What was agreed and under way in that time, with its reviews and what came of it.' })
  async agreed(@Root() time: OutcomesForGovernors, @Args(() => PageArguments) page: PageArguments, @Ctx() context: RequestContext): Promise<Connection<Engagement>> {
    const { db, actor } = context;
    return pageOfIds(context, page, (limit, after) => listAgreed(db, actor, time, limit, after), engagementById, () => countAgreed(db, actor, time));
  }
}

/** A page of things of which the list gives the ids; each is loaded by its own rules. */
async function pageOfIds<Node>(
  context: RequestContext,
  { first, after }: PageArguments,
  list: (limit: number, after: [string, string] | null) => Promise<InTime[]>,
  byId: LoaderDefinition<string, Node | null>,
  totalCount: () => Promise<number>,
): Promise<Connection<Node>> {
  const rows = await list(checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
  const shown = rows.slice(0, first);
  const loaded = await Promise.all(shown.map(({ id }) => load(context, byId, id)));
  const edges = loaded.flatMap((node, i) => (node ? [{ node, cursor: encodeCursor([shown[i]!.at.toISOString(), shown[i]!.id]) }] : []));
  return { edges, nodes: edges.map(({ node }) => node), pageInfo: { hasNextPage: rows.length > first, endCursor: edges.at(-1)?.cursor ?? null }, totalCount };
}
