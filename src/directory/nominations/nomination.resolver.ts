import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Person, personThen, thenKey } from '../../identity/index.js';
import { Rule } from '../../platform/access.js';
import { IdempotencyKey } from '../../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../../platform/problem.js';
import { actionsIn, AvailableAction, historyEntry, HistoryEntry, historyOf } from '../../platform/process/index.js';
import { TooManyAttempts } from '../../platform/rate-limit.js';
import { load, reload, type RequestContext } from '../../platform/request.js';
import { School, schoolByUrn } from '../../schools/index.js';
import { HasInterest } from '../interests/index.js';
import { providerById } from '../provider.read.js';
import { Provider } from '../provider.type.js';
import { recommendationProblems } from '../recommendation.process.js';
import { recommendationById } from '../recommendation.read.js';
import { Recommendation } from '../recommendation.type.js';
import { NominationState } from '../vocabulary.js';
import { NominationInput } from './nomination.input.js';
import { NominatedTwice, NominationDeclined, NominationOutdated, nominationProcess } from './nomination.process.js';
import { countNominations, listNominations, nominationById } from './nomination.read.js';
import type { Nominations } from './nomination.service.js';
import { AlreadyRegistered, Nomination, NominationConnection } from './nomination.type.js';
import type { TakingUp } from './taking-up.js';

const NominationResult = resultType('NominationResult', () => Nomination, [
  ...recommendationProblems, HasInterest, AlreadyRegistered, NominatedTwice, NominationDeclined, NominationOutdated, TooManyAttempts,
]);
type Result = Promise<Nomination | Problem>;

const actions = actionsIn(nominationProcess);

@Resolver(() => Nomination)
export class NominationResolver {
  constructor(
    private readonly nominations: Nominations,
    private readonly takingUp: TakingUp,
  ) {}

  @Rule('signedIn')
  @Query(() => Nomination, { nullable: true, description: 'A nomination that you may see, by its id.' })
  nomination(@NominationId() id: string, @Ctx() context: RequestContext): Promise<Nomination | null> {
    return load(context, nominationById, id);
  }

  @Rule('signedIn')
  @Query(() => NominationConnection, { name: 'nominations', description: 'The nominations that you may see, newest first: by schools that you lead, sent to your address, and for providers that you belong to.' })
  async list(
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Arg('states', () => [NominationState], { nullable: true, description: 'In one of these states.' }) states: NominationState[] | null,
    @Arg('providerId', () => GraphQLUUID, { nullable: true, description: 'Only those that this provider can take up, or has taken up.' }) providerId: string | null,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<Connection<Nomination>> {
    const choice = { states: states ?? null, providerId: providerId ?? null };
    const rows = await listNominations(db, actor, choice, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.nominatedAt.toISOString(), row.id], () => countNominations(db, actor, choice));
  }

  @Rule('parent')
  @FieldResolver(() => School, { description: 'The school.' })
  school(@Root() { schoolUrn }: Nomination, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }

  @Rule('parent')
  @FieldResolver(() => Person, { nullable: true, description: 'On whose word it stands, by the name they had when it was made.' })
  nominatedBy(@Root() { nominatedById, nominatedAt }: Nomination, @Ctx() context: RequestContext): Promise<Person | null> {
    return load(context, personThen, thenKey(nominatedById, nominatedAt));
  }

  @Rule('parent')
  @FieldResolver(() => Provider, { nullable: true, description: 'Who has taken it up; null where you may not see the provider any more.' })
  provider(@Root() { providerId }: Nomination, @Ctx() context: RequestContext): Promise<Provider | null> | null {
    return providerId === null ? null : load(context, providerById, providerId);
  }

  @Rule('parent')
  @FieldResolver(() => Recommendation, { nullable: true, description: 'The recommendation that it has become, where you may see that.' })
  recommendation(@Root() { recommendationId }: Nomination, @Ctx() context: RequestContext): Promise<Recommendation | null> | null {
    return recommendationId === null ? null : load(context, recommendationById, recommendationId);
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with it in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: Nomination, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('parent')
  @FieldResolver(() => [HistoryEntry], { description: 'What has happened to it, oldest first.' })
  async history(@Root() { id }: Nomination, @Ctx() context: RequestContext): Promise<HistoryEntry[]> {
    return (await load(context, historyOf, id)).map((row) => historyEntry(nominationProcess, row, row.transition !== 'decline'));
  }

  @Rule('lead')
  @Mutation(() => NominationResult, { description: 'Nominates a provider that is not in the directory. Its address is told; once it has registered and taken the nomination up it is a recommendation.' })
  nominateProvider(
    @Arg('input', () => NominationInput, { description: 'Whom, and what the support was.' }) input: NominationInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return attempt(async () => this.seen(context, await this.nominations.nominate(context.actor, { ...input }, key)));
  }

  @Rule('provider')
  @Mutation(() => NominationResult, { description: 'Takes up a nomination for a provider that you administer: the school recommends it from now on, if the rules of giving a recommendation let it.' })
  takeUpNomination(
    @NominationId() id: string,
    @Arg('providerId', () => GraphQLUUID, { description: 'Id of your provider.' }) providerId: string,
    @Arg('listingIds', () => [GraphQLUUID], { description: 'Its published listings that are what was nominated. For one that is another in substance the recommendation counts once the school has said that it is what it used.' }) listingIds: string[],
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.done(context, id, () => this.takingUp.takeUp(context.actor, id, providerId, listingIds, key));
  }

  @Rule('lead')
  @Mutation(() => NominationResult, { description: 'Takes a nomination of your school back.' })
  withdrawNomination(@NominationId() id: string, @Ctx() context: RequestContext): Result {
    return this.done(context, id, () => this.nominations.act(context.actor, id, 'withdraw'));
  }

  @Rule('lead')
  @Mutation(() => NominationResult, { description: 'Stands by a nomination of your school in place of who made it and no longer leads the school.' })
  standByNomination(
    @NominationId() id: string,
    @Arg('noInterest', () => Boolean, { description: 'That neither you nor the school has an interest in the provider or was rewarded for this.' }) noInterest: boolean,
    @Ctx() context: RequestContext,
  ): Result {
    return this.done(context, id, () => this.nominations.standBy(context.actor, id, noInterest));
  }

  @Rule('signedIn')
  @Mutation(() => NominationResult, { description: 'Says no to a nomination that was sent to your address.' })
  declineNomination(@NominationId() id: string, @Ctx() context: RequestContext): Result {
    return this.done(context, id, () => this.nominations.act(context.actor, id, 'decline'));
  }

  private done(context: RequestContext, id: string, work: () => Promise<void>): Result {
    return attempt(async () => {
      await work();
      return this.seen(context, id);
    });
  }

  private async seen(context: RequestContext, id: string): Promise<Nomination> {
    return (await reload(context, nominationById, id)) ?? refuse(whatIsMissing('nomination'));
  }
}

function NominationId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the nomination.' });
}
