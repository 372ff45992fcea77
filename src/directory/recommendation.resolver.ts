import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Person, personThen, thenKey } from '../identity/index.js';
import { Rule } from '../platform/access.js';
import { IdempotencyKey, Reason, VersionRead } from '../platform/arguments.js';
import { carried, carriedCount } from '../platform/columns.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { attempt, type Problem, refuse, whatIsMissing } from '../platform/problem.js';
import { actionsIn, AvailableAction, historyEntry, HistoryEntry, historyOf } from '../platform/process/index.js';
import { load, type LoaderDefinition, reload, type RequestContext } from '../platform/request.js';
import { School, schoolByUrn, wordsOnDeadlines } from '../schools/index.js';
import { listingById } from './listing.read.js';
import { Listing } from './listing.type.js';
import type { PageKey } from './nested-pages.js';
import { providerById } from './provider.read.js';
import { Provider } from './provider.type.js';
import { InvitationInput, RecommendationInput } from './recommendation.input.js';
import { recommendationProcess } from './recommendation.process.js';
import {
  countOwnRecommendations,
  countRecommendations,
  countRecommendationsOfListing,
  listingIdsOfRecommendation,
  listOwnRecommendations,
  recommendationById,
  recommendationsOfListing,
  recommendationsOfProvider,
} from './recommendation.read.js';
import { RecommendationResult } from './recommendation.result.js';
import { INVITATION_DAYS, Recommendations } from './recommendation.service.js';
import { Recommendation, RecommendationConnection } from './recommendation.type.js';
import { RecommendationState } from './vocabulary.js';

type Result = Promise<Recommendation | Problem>;

const actions = actionsIn(recommendationProcess);
const cursorOf = (row: Recommendation) => [row.createdAt.toISOString(), row.id];
const cursorOfPage = (after: string | null | undefined) => decodeCursor<[string, string]>(after, ['time', 'id']);

@Resolver(() => Recommendation)
export class RecommendationResolver {
  constructor(private readonly recommendations: Recommendations) {}

  @Rule('public')
  @Query(() => Recommendation, { nullable: true, description: 'A recommendation that you may see, by its id.' })
  recommendation(@RecommendationId() id: string, @Ctx() context: RequestContext): Promise<Recommendation | null> {
    return load(context, recommendationById, id);
  }

  @Rule('lead')
  @Query(() => RecommendationConnection, { description: 'Recommendations asked of, or given by, the schools that you lead, newest first.' })
  async mySchoolsRecommendations(
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Arg('states', () => [RecommendationState], { nullable: true, description: 'In one of these states.' }) states: RecommendationState[] | null,
    @Ctx() context: RequestContext,
  ): Promise<Connection<Recommendation>> {
    const rows = await listOwnRecommendations(context, states ?? null, checkFirst(first) + 1, cursorOfPage(after));
    return pageOf(rows, first, cursorOf, () => countOwnRecommendations(context.db, context.actor, states ?? null));
  }

  @Rule('public')
  @FieldResolver(() => Provider, { nullable: true, description: 'Who is recommended; null where you may not see the provider any more.' })
  provider(@Root() { providerId }: Recommendation, @Ctx() context: RequestContext): Promise<Provider | null> {
    return load(context, providerById, providerId);
  }

  @Rule('public')
  @FieldResolver(() => School, { description: 'The school.' })
  school(@Root() recommendation: Recommendation, @Ctx() context: RequestContext) {
    return carried<School>(recommendation, 'school') ?? load(context, schoolByUrn, recommendation.schoolUrn);
  }

  @Rule('public')
  @FieldResolver(() => [Listing], { description: 'The listings that the school vouches for, of those that you may see.' })
  async listings(@Root() { id }: Recommendation, @Ctx() context: RequestContext): Promise<Listing[]> {
    const ids = await load(context, listingIdsOfRecommendation, id);
    return (await Promise.all(ids.map((each) => load(context, listingById, each)))).filter((each) => each !== null);
  }

  @Rule('own')
  @FieldResolver(() => String, { nullable: true, description: 'Why the school can answer for longer than 30 days, where it can. Only for the parties.' })
  deadlineNote(@Root() { schoolUrn, invitedAt, expiresAt }: Recommendation, @Ctx() context: RequestContext): Promise<string | null> | null {
    return invitedAt && expiresAt ? load(context, wordsOnDeadlines, { of: { schoolUrn }, given: { from: invitedAt, days: INVITATION_DAYS }, until: expiresAt }) : null;
  }

  @Rule('own')
  @FieldResolver(() => Person, { nullable: true, description: 'Who gave it, by the name they had then. Only for the parties.' })
  givenBy(@Root() { givenById, givenAt }: Recommendation, @Ctx() context: RequestContext): Promise<Person | null> | null {
    return givenById === null ? null : load(context, personThen, thenKey(givenById, givenAt!));
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with it in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: Recommendation, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('parent')
  @FieldResolver(() => [HistoryEntry], { description: 'What has happened to it, oldest first.' })
  async history(@Root() { id, isParty }: Recommendation, @Ctx() context: RequestContext): Promise<HistoryEntry[]> {
    const steps = (await load(context, historyOf, id)).filter((row) => isParty || row.transition !== 'invite'); // who was asked is between the parties
    return steps.map((row) => historyEntry(recommendationProcess, row, isParty));
  }

  @Rule('provider')
  @Mutation(() => RecommendationResult, { description: 'Asks a school for a recommendation. Its leads are told by e-mail.' })
  inviteRecommendation(
    @Arg('input', () => InvitationInput, { description: 'Whom to ask.' }) input: InvitationInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.created(context, () => this.recommendations.invite(context.actor, { ...input }, key));
  }

  @Rule('lead')
  @Mutation(() => RecommendationResult, { description: 'Recommends a provider, asked or not. The recommendation that completes what a provider needs lists it at once.' })
  giveRecommendation(
    @Arg('input', () => RecommendationInput, { description: 'The recommendation.' }) input: RecommendationInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.created(context, () => this.recommendations.give(context.actor, { ...input } as never, key));
  }

  @Rule('lead')
  @Mutation(() => RecommendationResult, { description: 'Renews a recommendation of your school in the last six months before it lapses: it stands three years more.' })
  renewRecommendation(
    @RecommendationId() id: string,
    @Arg('noInterest', () => Boolean, { description: 'That neither you nor the school has an interest in the provider or was rewarded for this.' }) noInterest: boolean,
    @VersionRead() version: number | null,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.created(context, () => this.recommendations.renew(context.actor, id, noInterest, key, version));
  }

  @Rule('lead')
  @Mutation(() => RecommendationResult, { description: 'Says no to an invitation.' })
  declineRecommendation(@RecommendationId() id: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'decline');
  }

  @Rule('lead')
  @Mutation(() => RecommendationResult, { description: 'Takes a recommendation back. A provider left with too few lapses at once.' })
  withdrawRecommendation(@RecommendationId() id: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'withdraw');
  }

  @Rule('officerOrAdmin')
  @Mutation(() => RecommendationResult, { description: 'Confirms that the school is independent of the provider, where that waits for an officer: from now on the recommendation counts.' })
  confirmIndependence(@RecommendationId() id: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'confirmIndependence', { version });
  }

  @Rule('officerOrAdmin')
  @Mutation(() => RecommendationResult, { description: 'Begins to look into a recommendation; it does not count meanwhile.' })
  flagRecommendation(@RecommendationId() id: string, @Reason() reason: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'flag', { reason, version });
  }

  @Rule('officerOrAdmin')
  @Mutation(() => RecommendationResult, { description: 'Lets a flagged recommendation stand; it counts again.' })
  upholdRecommendation(@RecommendationId() id: string, @Reason() reason: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'uphold', { reason, version });
  }

  @Rule('officerOrAdmin')
  @Mutation(() => RecommendationResult, { description: 'Rejects a flagged recommendation for good.' })
  rejectRecommendation(@RecommendationId() id: string, @Reason() reason: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'reject', { reason, version });
  }

  private step(context: RequestContext, id: string, transition: string, of: { reason?: string; version?: number | null } = {}): Result {
    return attempt(async () => {
      await this.recommendations.act(id, transition, { ...of, actor: context.actor });
      return this.seen(context, id);
    });
  }

  private created(context: RequestContext, work: () => Promise<string>): Result {
    return attempt(async () => this.seen(context, await work()));
  }

  private async seen(context: RequestContext, id: string): Promise<Recommendation> {
    return (await reload(context, recommendationById, id)) ?? refuse(whatIsMissing('recommendation'));
  }
}

@Resolver(() => Provider)
export class ProviderRecommendationsResolver {
  @Rule('public')
  @FieldResolver(() => RecommendationConnection, { description: 'Schools’ recommendations, of those what you may see, newest first.' })
  recommendations(@Root() provider: Provider, @Args(() => PageArguments) page: PageArguments, @Ctx() context: RequestContext): Page {
    return pageOfChildren(context, provider, page, recommendationsOfProvider, countRecommendations);
  }
}

@Resolver(() => Listing)
export class ListingRecommendationsResolver {
  @Rule('public')
  @FieldResolver(() => RecommendationConnection, { description: 'The recommendations that count and name this listing, newest first.' })
  recommendations(@Root() listing: Listing, @Args(() => PageArguments) page: PageArguments, @Ctx() context: RequestContext): Page {
    return pageOfChildren(context, listing, page, recommendationsOfListing, countRecommendationsOfListing);
  }
}

type Page = Connection<Recommendation> | Promise<Connection<Recommendation>>;

function pageOfChildren(
  context: RequestContext,
  parent: Provider | Listing,
  { first, after }: PageArguments,
  pages: LoaderDefinition<PageKey, Recommendation[]>,
  count: LoaderDefinition<string, number>,
): Page {
  const key = { of: parent.id, first: checkFirst(first), after: cursorOfPage(after) };
  const page = (rows: Recommendation[]) => pageOf(rows, first, cursorOf, carriedCount(parent, 'recommendations') ?? (() => load(context, count, parent.id)));
  const rows = carried<Recommendation[]>(parent, 'recommendations');
  return rows ? page(rows) : load(context, pages, key).then(page);
}

function RecommendationId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the recommendation.' });
}
