import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Rule } from '../../platform/access.js';
import { IdempotencyKey, Reason, VersionRead } from '../../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../../platform/problem.js';
import { actionsIn, AvailableAction } from '../../platform/process/index.js';
import { TooManyAttempts } from '../../platform/rate-limit.js';
import { load, reload, type RequestContext } from '../../platform/request.js';
import { HasInterest, Reciprocal, SameGoverningBody, SamePersonTwice } from '../interests/index.js';
import { SameSchoolTwice } from '../recommendation.process.js';
import type { AppealKind as Kind } from './appealable.js';
import { appealProcess, type AppealState as State } from './appeal.process.js';
import { appealById, countAppeals, listAppeals } from './appeal.read.js';
import type { Appeals } from './appeal.service.js';
import { Appeal, AppealConnection, AppealKind, AppealState } from './appeal.type.js';

/** Overturning a rejection can meet what would stand in the way of giving the recommendation anew. */
const AppealResult = resultType('AppealResult', () => Appeal, [HasInterest, TooManyAttempts, SameSchoolTwice, SamePersonTwice, SameGoverningBody, Reciprocal]);
type Result = Promise<Appeal | Problem>;

const actions = actionsIn(appealProcess);

@Resolver(() => Appeal)
export class AppealResolver {
  constructor(private readonly appeals: Appeals) {}

  @Rule('signedIn')
  @Query(() => Appeal, { nullable: true, description: 'An appeal that you may see, by its id.' })
  appeal(@AppealId() id: string, @Ctx() context: RequestContext): Promise<Appeal | null> {
    return load(context, appealById, id);
  }

  @Rule('signedIn')
  @Query(() => AppealConnection, { description: 'The appeals of your providers, of the schools that you lead and your own, newest first.' })
  myAppeals(@Args(() => PageArguments) page: PageArguments, @States() states: State[] | null, @Ctx() context: RequestContext): Promise<Connection<Appeal>> {
    return this.list(context, 'mine', page, states);
  }

  @Rule('officerOrAdmin')
  @Query(() => AppealConnection, { description: 'The appeals that you may judge, or might have judged, newest first: not those against what you decided or where you have an interest.' })
  appealsToJudge(@Args(() => PageArguments) page: PageArguments, @States() states: State[] | null, @Ctx() context: RequestContext): Promise<Connection<Appeal>> {
    return this.list(context, 'toJudge', page, states);
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with it in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: Appeal, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('signedIn')
  @Mutation(() => AppealResult, { description: 'Appeals against a decision that is in force and concerns you, your provider or the school that you lead. The decision holds meanwhile.' })
  appealDecision(
    @Arg('against', () => AppealKind, { description: 'What was decided.' }) against: Kind,
    @Arg('objectId', () => GraphQLUUID, { description: 'Id of the provider, recommendation, role, rating or withholding that it was decided about.' }) objectId: string,
    @Arg('grounds', () => String, { description: 'Why the decision is wrong, in up to 3000 characters. Do not name pupils.' }) grounds: string,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return attempt(async () => this.seen(context, await this.appeals.appeal(context.actor, against, objectId, grounds, key)));
  }

  @Rule('signedIn')
  @Mutation(() => AppealResult, { description: 'Takes an appeal back.' })
  withdrawAppeal(@AppealId() id: string, @Ctx() context: RequestContext): Result {
    return this.change(context, id, () => this.appeals.withdraw(context.actor, id));
  }

  @Rule('officerOrAdmin')
  @Mutation(() => AppealResult, { description: 'Judges an appeal: the decision stands.' })
  upholdDecision(@AppealId() id: string, @Reason() reason: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.change(context, id, () => this.appeals.judge(context.actor, id, 'uphold', reason, version));
  }

  @Rule('officerOrAdmin')
  @Mutation(() => AppealResult, { description: 'Judges an appeal: the decision is overturned, and undone at once.' })
  overturnDecision(@AppealId() id: string, @Reason() reason: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.change(context, id, () => this.appeals.judge(context.actor, id, 'overturn', reason, version));
  }

  private async list({ db, actor }: RequestContext, whose: 'mine' | 'toJudge', { first, after }: PageArguments, states: State[] | null): Promise<Connection<Appeal>> {
    const rows = await listAppeals(db, actor, whose, states ?? null, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.appealedAt.toISOString(), row.id], () => countAppeals(db, actor, whose, states ?? null));
  }

  private change(context: RequestContext, id: string, work: () => Promise<void>): Result {
    return attempt(async () => {
      await work();
      return this.seen(context, id);
    });
  }

  private async seen(context: RequestContext, id: string): Promise<Appeal> {
    return (await reload(context, appealById, id)) ?? refuse(whatIsMissing('appeal'));
  }
}

function AppealId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the appeal.' });
}

function States() {
  return Arg('states', () => [AppealState], { nullable: true, description: 'In one of these states.' });
}
