import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Rule } from '../../platform/access.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../../platform/connection.js';
import { load, type RequestContext } from '../../platform/request.js';
import { School, schoolByUrn } from '../../schools/index.js';
import { countRequestsToJoin, listRequestsToJoin } from './request.read.js';
import { PartnerSchool, RequestToJoin, RequestToJoinConnection } from './request.type.js';

@Resolver(() => PartnerSchool)
export class PartnerSchoolResolver {
  @Rule('parent')
  @FieldResolver(() => School, { description: 'The partner school.' })
  school(@Root() { schoolUrn }: PartnerSchool, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }
}

@Resolver(() => RequestToJoin)
export class RequestToJoinResolver {
  @Rule('lead')
  @Query(() => RequestToJoinConnection, { description: 'Open requests that schools which you lead are asked to join, newest first.' })
  async requestsToJoin(@Args(() => PageArguments) { first, after }: PageArguments, @Ctx() { db, actor }: RequestContext): Promise<Connection<RequestToJoin>> {
    const rows = await listRequestsToJoin(db, actor, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.openedAt.toISOString(), row.id], () => countRequestsToJoin(db, actor));
  }

  @Rule('parent')
  @FieldResolver(() => School, { description: 'The school that asks.' })
  school(@Root() { schoolUrn }: RequestToJoin, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }

  @Rule('parent')
  @FieldResolver(() => [School], { description: 'Which of the schools that you lead are asked.' })
  async asked(@Root() { askedUrns }: RequestToJoin, @Ctx() context: RequestContext) {
    return Promise.all(askedUrns.map((urn) => load(context, schoolByUrn, urn)));
  }
}
