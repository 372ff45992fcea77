import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Engagement, engagementById, NotConfirmed } from '../brokerage/index.js';
import { HasInterest, Provider, providerById } from '../directory/index.js';
import { Person, personThen, thenKey } from '../identity/index.js';
import { Rule } from '../platform/access.js';
import { worksForProvider } from '../platform/actor.js';
import { IdempotencyKey } from '../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../platform/problem.js';
import { actionsIn, AvailableAction, historyEntry, HistoryEntry, historyOf } from '../platform/process/index.js';
import { load, reload, type RequestContext } from '../platform/request.js';
import { School, schoolByUrn } from '../schools/index.js';
import { ObjectiveAnswerInput, RatingInput } from './rating.input.js';
import { ratingProcess } from './rating.process.js';
import { countRatings, listRatings, objectivesOfRating, ratingById, ratingOfEngagement, readRatingForm, readReply } from './rating.read.js';
import { Ratings } from './rating.service.js';
import { RatedObjective, Rating, RatingConnection, RatingForm, RecommendationDraft } from './rating.type.js';
import { draftOf } from './recommend.js';

const RatingResult = resultType('RatingResult', () => Rating, [HasInterest, NotConfirmed]);
type Result = Promise<Rating | Problem>;

const actions = actionsIn(ratingProcess);

@ArgsType()
class RatingsArguments extends PageArguments {
  @Field(() => Int, { nullable: true, description: 'By this school, by URN.' })
  schoolUrn?: number | null;

  @Field(() => GraphQLUUID, { nullable: true, description: 'Of this provider, by id.' })
  providerId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Only those of which the school has been asked again and has not answered, or only the others.' })
  followUpDue?: boolean | null;
}

@Resolver(() => Rating)
export class RatingResolver {
  constructor(private readonly ratings: Ratings) {}

  @Rule('signedIn')
  @Query(() => Rating, { nullable: true, description: 'A rating that you may see, by its id.' })
  rating(@RatingId() id: string, @Ctx() context: RequestContext): Promise<Rating | null> {
    return load(context, ratingById, id);
  }

  @Rule('signedIn')
  @Query(() => RatingConnection, { description: 'The ratings that you may see, newest first.' })
  async myRatings(
    @Args(() => RatingsArguments) { first, after, ...choice }: RatingsArguments,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<Connection<Rating>> {
    const rows = await listRatings(db, actor, choice, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.createdAt.toISOString(), row.id], () => countRatings(db, actor, choice));
  }

  @Rule('schoolPerson')
  @Query(() => RatingForm, { nullable: true, description: 'What to know before you rate an engagement of your school; null for one that is not, or that you may not see.' })
  ratingForm(@Arg('engagementId', () => GraphQLUUID, { description: 'Id of the engagement.' }) engagementId: string, @Ctx() context: RequestContext): Promise<RatingForm | null> {
    return readRatingForm(context, engagementId);
  }

  @Rule('own')
  @FieldResolver(() => Engagement, { nullable: true, description: 'What is rated; null where you may not see it any more.' })
  engagement(@Root() { engagementId }: Rating, @Ctx() context: RequestContext): Promise<Engagement | null> {
    return load(context, engagementById, engagementId);
  }

  @Rule('own')
  @FieldResolver(() => Provider, { nullable: true, description: 'Who gave the support; null where you may not see the provider any more.' })
  provider(@Root() { providerId }: Rating, @Ctx() context: RequestContext): Promise<Provider | null> {
    return load(context, providerById, providerId);
  }

  @Rule('parent')
  @FieldResolver(() => String, { nullable: true, description: 'What the provider replied.' })
  reply(@Root() { id, reply, providerId, ofSchool }: Rating, @Ctx() context: RequestContext): Promise<string | null> | string | null {
    const isReader = ofSchool || !worksForProvider(context.actor, providerId);
    return reply !== null && isReader ? load(context, readReply, id) : reply;
  }

  @Rule('parent')
  @FieldResolver(() => School, { description: 'The school that rates.' })
  school(@Root() { schoolUrn }: Rating, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }

  @Rule('parent')
  @FieldResolver(() => [RatedObjective], { description: 'What came of each objective.' })
  objectives(@Root() { id }: Rating, @Ctx() context: RequestContext): Promise<RatedObjective[]> {
    return load(context, objectivesOfRating, id);
  }

  @Rule('own')
  @FieldResolver(() => Person, { nullable: true, description: 'Who gave it. Only for the school.' })
  givenBy(@Root() { givenById, givenAt }: Rating, @Ctx() context: RequestContext): Promise<Person | null> | null {
    return givenById === null ? null : load(context, personThen, thenKey(givenById, givenAt));
  }

  @Rule('own')
  @FieldResolver(() => RecommendationDraft, { nullable: true, description: 'Where the school would recommend the provider: what its recommendation would say. Only for the school.' })
  recommendationDraft(@Root() { id, ofSchool, wouldRecommend }: Rating, @Ctx() context: RequestContext): Promise<RecommendationDraft | null> | null {
    return ofSchool && wouldRecommend ? load(context, draftOf, id) : null;
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with it in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: Rating, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('parent')
  @FieldResolver(() => [HistoryEntry], { description: 'What has happened to it, oldest first. Who of the school did it is for the school alone.' })
  async history(@Root() { id, ofSchool }: Rating, @Ctx() context: RequestContext): Promise<HistoryEntry[]> {
    const steps = (await load(context, historyOf, id)).filter(({ transition }) => ofSchool || !ABOUT_BEING_ASKED.includes(transition));
    return steps.map((row) => ({ ...historyEntry(ratingProcess, row, true), personId: ofSchool || row.onBehalfKind !== 'SCHOOL' ? row.personId : null }));
  }

  @Rule('schoolPerson')
  @Mutation(() => RatingResult, { description: 'Rates a finished engagement of your school, once. Read `ratingForm` first: its provider will recognise the rating.' })
  giveRating(
    @Arg('engagementId', () => GraphQLUUID, { description: 'Id of the engagement.' }) engagementId: string,
    @Arg('input', () => RatingInput, { description: 'The rating.' }) input: RatingInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.ratings.give(context.actor, engagementId, plain(input), key));
  }

  @Rule('schoolPerson')
  @Mutation(() => RatingResult, { description: 'Changes a rating of your school, within 14 days and before the provider has replied.' })
  changeRating(
    @RatingId() id: string,
    @Arg('version', () => Int, { description: 'The version that you started from.' }) version: number,
    @Arg('input', () => RatingInput, { description: 'The whole rating as it is to be.' }) input: RatingInput,
    @Ctx() context: RequestContext,
  ): Result {
    return this.done(context, id, () => this.ratings.change(context.actor, id, version, plain(input)));
  }

  @Rule('provider')
  @Mutation(() => RatingResult, { description: 'Replies to a rating of your provider, once. Whoever sees the rating sees the reply.' })
  replyToRating(
    @RatingId() id: string,
    @Arg('reply', () => String, { description: 'The reply, in up to 2000 characters. Do not name pupils or staff.' }) reply: string,
    @Ctx() context: RequestContext,
  ): Result {
    return this.done(context, id, () => this.ratings.reply(context.actor, id, reply));
  }

  @Rule('provider')
  @Mutation(() => RatingResult, { description: 'Mends a slip in the reply of your provider, before anybody else has read it.' })
  mendReply(
    @RatingId() id: string,
    @Arg('reply', () => String, { description: 'The whole reply as it is to be.' }) reply: string,
    @Ctx() context: RequestContext,
  ): Result {
    return this.done(context, id, () => this.ratings.mendReply(context.actor, id, reply));
  }

  @Rule('schoolPerson')
  @Mutation(() => RatingResult, { description: 'Says what came of all that it was too early to tell, once you have been asked again. What you said before is kept.' })
  followUpRating(
    @RatingId() id: string,
    @Arg('answers', () => [ObjectiveAnswerInput], { description: 'What came of each objective that is still open.' }) answers: ObjectiveAnswerInput[],
    @Ctx() context: RequestContext,
  ): Result {
    return this.done(context, id, () => this.ratings.followUp(context.actor, id, answers.map((each) => ({ ...each }))));
  }

  @Rule('schoolPerson')
  @Mutation(() => RatingResult, { description: 'Lets schools with a similar need, and SIPs, find your school, your name and your role, and ask you about this support; or no more.' })
  setMayBeAsked(
    @Arg('ratingId', () => GraphQLUUID, { description: 'Id of the rating.' }) id: string,
    @Arg('mayBeAsked', () => Boolean, { description: 'Whether you may be asked.' }) mayBeAsked: boolean,
    @Ctx() context: RequestContext,
  ): Result {
    return this.done(context, id, () => this.ratings.setMayBeAsked(context.actor, id, mayBeAsked));
  }

  private done(context: RequestContext, id: string, work: () => Promise<void>): Result {
    return this.answer(context, async () => {
      await work();
      return id;
    });
  }

  private answer(context: RequestContext, work: () => Promise<string>): Result {
    return attempt(async () => (await reload(context, ratingById, await work())) ?? refuse(whatIsMissing('rating')));
  }
}

/** Whether other schools may ask it is the school's business, not its provider's. */
const ABOUT_BEING_ASKED = ['offerToBeAsked', 'stopBeingAsked'];

@Resolver(() => Engagement)
export class EngagementRatingResolver {
  @Rule('own')
  @FieldResolver(() => Rating, { nullable: true, description: 'What the school says of it. Only for the school’s people, the provider, and the SIP where it is shared.' })
  rating(@Root() { id }: Engagement, @Ctx() context: RequestContext): Promise<Rating | null> {
    return load(context, ratingOfEngagement, id);
  }
}

@Resolver(() => RatingForm)
export class RatingFormResolver {
  @Rule('parent')
  @FieldResolver(() => Engagement, { description: 'What is to be rated.' })
  engagement(@Root() { engagementId }: RatingForm, @Ctx() context: RequestContext): Promise<Engagement | null> {
    return load(context, engagementById, engagementId);
  }
}

const plain = (input: RatingInput) => ({ ...input, objectives: input.objectives.map((each) => ({ ...each })) });

function RatingId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the rating.' });
}
