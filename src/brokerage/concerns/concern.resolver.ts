import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { HasInterest } from '../../directory/index.js';
import { Rule } from '../../platform/access.js';
import { IdempotencyKey, Reason } from '../../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../../platform/problem.js';
import { actionsIn, AvailableAction, historyEntry, HistoryEntry, historyOf } from '../../platform/process/index.js';
import { load, reload, type RequestContext } from '../../platform/request.js';
import { School, schoolByUrn } from '../../schools/index.js';
import { concernProcess } from './concern.process.js';
import { concernById, countPassedOn, listPassedOn } from './concern.read.js';
import { Concerns } from './concern.service.js';
import { Concern, ConcernConnection } from './concern.type.js';
import { engagementById } from '../engagements/engagement.read.js';
import { Engagement } from '../engagements/engagement.type.js';
import { ConcernState } from '../engagements/engagement.vocabulary.js';

const ConcernResult = resultType('ConcernResult', () => Concern, [HasInterest]);
type Result = Promise<Concern | Problem>;

const actions = actionsIn(concernProcess);

@Resolver(() => Concern)
export class ConcernResolver {
  constructor(private readonly concerns: Concerns) {}

  @Rule('signedIn')
  @Query(() => Concern, { nullable: true, description: 'A concern that you may see, by its id.' })
  concern(@ConcernId() id: string, @Ctx() context: RequestContext): Promise<Concern | null> {
    return load(context, concernById, id);
  }

  @Rule('officer')
  @Query(() => ConcernConnection, { description: 'Concerns that schools have passed on to the local authorities of which you are an officer, newest first; not those in which you have an interest.' })
  async concernsPassedOn(
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Arg('states', () => [ConcernState], { nullable: true, description: 'In one of these states.' }) states: ConcernState[] | null,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<Connection<Concern>> {
    const rows = await listPassedOn(db, actor, states ?? null, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.passedOnAt!.toISOString(), row.id], () => countPassedOn(db, actor, states ?? null));
  }

  @Rule('parent')
  @FieldResolver(() => School, { description: 'The school.' })
  school(@Root() { schoolUrn }: Concern, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }

  @Rule('own')
  @FieldResolver(() => Engagement, { nullable: true, description: 'The engagement. Not for officers.' })
  engagement(@Root() { engagementId }: Concern, @Ctx() context: RequestContext): Promise<Engagement | null> {
    return load(context, engagementById, engagementId);
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with it in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: Concern, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('parent')
  @FieldResolver(() => [HistoryEntry], { description: 'What has happened to it, oldest first.' })
  async history(@Root() { id }: Concern, @Ctx() context: RequestContext): Promise<HistoryEntry[]> {
    return (await load(context, historyOf, id)).map((row) => historyEntry(concernProcess, row, true));
  }

  @Rule('schoolOrProvider')
  @Mutation(() => ConcernResult, { description: 'Raises a concern with the other side of an engagement. Nobody else sees it, unless the school asks its local authority.' })
  raiseConcern(
    @Arg('engagementId', () => GraphQLUUID, { description: 'Id of the engagement.' }) engagementId: string,
    @Arg('text', () => String, { description: 'What concerns you, in up to 3000 characters. Do not name pupils. A child at risk is reported to children’s social care, not here.' }) text: string,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return attempt(async () => this.seen(context, await this.concerns.raise(context.actor, engagementId, text, key)));
  }

  @Rule('schoolOrProvider')
  @Mutation(() => ConcernResult, { description: 'Answers a concern that the other side has raised.' })
  answerConcern(@ConcernId() id: string, @Arg('answer', () => String, { description: 'The answer, in up to 3000 characters.' }) answer: string, @Ctx() context: RequestContext): Result {
    return this.change(context, id, () => this.concerns.answer(context.actor, id, answer));
  }

  @Rule('schoolPerson')
  @Mutation(() => ConcernResult, { description: 'Asks the school’s local authority. Its officers see the concern, the answer and the statement from now on; nothing else of the engagement.' })
  passOnConcern(
    @ConcernId() id: string,
    @Arg('statement', () => String, { description: 'What you ask of the local authority, in up to 3000 characters. The provider does not see it.' }) statement: string,
    @Ctx() context: RequestContext,
  ): Result {
    return this.change(context, id, () => this.concerns.passOn(context.actor, id, statement));
  }

  @Rule('signedIn')
  @Mutation(() => ConcernResult, { description: 'Settles a concern: the school, or an officer whom it has asked. A provider takes back so what it has raised itself, until the school has asked its local authority.' })
  resolveConcern(@ConcernId() id: string, @Reason() reason: string, @Ctx() context: RequestContext): Result {
    return this.change(context, id, () => this.concerns.resolve(context.actor, id, reason));
  }

  private change(context: RequestContext, id: string, work: () => Promise<void>): Result {
    return attempt(async () => {
      await work();
      return this.seen(context, id);
    });
  }

  private async seen(context: RequestContext, id: string): Promise<Concern> {
    return (await reload(context, concernById, id)) ?? refuse(whatIsMissing('concern'));
  }
}

function ConcernId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the concern.' });
}
