import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Viewer } from '../identity/index.js';
import { Rule } from '../platform/access.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../platform/problem.js';
import { load, type RequestContext } from '../platform/request.js';
import { countNotices, listNotices, markAllRead, markRead, readNotice, unreadOf } from './notice.read.js';
import { Notice, NoticeConnection, NoticesRead } from './notice.type.js';

const NoticeResult = resultType('NoticeResult', () => Notice);
const NoticesReadResult = resultType('NoticesReadResult', () => NoticesRead);

@Resolver(() => Notice)
export class NoticeResolver {
  @Rule('signedIn')
  @Query(() => NoticeConnection, { description: 'What you have been told in the roles that you hold, newest first.' })
  async myNotices(
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Arg('unreadOnly', () => Boolean, { defaultValue: false, description: 'Only those that you have not marked as read.' }) unreadOnly: boolean,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<Connection<Notice>> {
    const rows = await listNotices(db, actor.personId!, unreadOnly, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.createdAt.toISOString(), row.id], () => countNotices(db, actor.personId!, unreadOnly));
  }

  @Rule('signedIn')
  @Mutation(() => NoticeResult, { description: 'Marks one of your notices as read. One that is read stays so.' })
  markNoticeRead(@Arg('id', () => GraphQLUUID, { description: 'Id of the notice.' }) id: string, @Ctx() { db, actor }: RequestContext): Promise<Notice | Problem> {
    return attempt(async () => {
      const found = await db.transaction((tx) => markRead(tx, actor.personId!, id));
      return (found && (await readNotice(db, actor.personId!, id))) || refuse(whatIsMissing('notice'));
    });
  }

  @Rule('signedIn')
  @Mutation(() => NoticesReadResult, { description: 'Marks all your notices as read.' })
  markAllNoticesRead(@Ctx() { db, actor }: RequestContext): Promise<NoticesRead | Problem> {
    return attempt(async () => ({ count: await db.transaction((tx) => markAllRead(tx, actor.personId!)) }));
  }
}

@Resolver(() => Viewer)
export class ViewerNoticesResolver {
  @Rule('parent')
  @FieldResolver(() => Int, { description: 'How many notices you have not read.' })
  unreadCount(@Root() { id }: Viewer, @Ctx() context: RequestContext): Promise<number> {
    return load(context, unreadOf, id);
  }
}
