import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Ctx, Field, InputType, Mutation, Resolver } from 'type-graphql';
import { Recommendation, recommendationById, recommendationProblems, type Recommendations } from '../directory/index.js';
import { Rule } from '../platform/access.js';
import { IdempotencyKey } from '../platform/arguments.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../platform/problem.js';
import { reload, type RequestContext } from '../platform/request.js';
import { recommendFromRating } from './recommend.js';

@InputType({ description: 'One more confirmation: a recommendation is public and names the school. What is left empty is taken from the rating, as `Rating.recommendationDraft` shows it.' })
export class RecommendationFromRatingInput {
  @Field(() => [GraphQLUUID], { nullable: true, description: 'The published listings that the school vouches for; the one that was rated, if left out.' })
  listingIds?: string[] | null;

  @Field(() => String, { nullable: true, description: 'What was done. Do not name pupils or staff.' })
  whatWasDone?: string | null;

  @Field(() => String, { nullable: true, description: 'When.' })
  whenDone?: string | null;

  @Field(() => String, { nullable: true, description: 'What changed. Do not name pupils or staff.' })
  whatChanged?: string | null;

  @Field(() => Boolean, { description: 'That neither you nor the school has an interest in the provider or was rewarded for this.' })
  noInterest: boolean;
}

const Result = resultType('RecommendationFromRatingResult', () => Recommendation, [...recommendationProblems]);

@Resolver()
export class RecommendFromRatingResolver {
  constructor(private readonly recommendations: Recommendations) {}

  @Rule('lead')
  @Mutation(() => Result, { description: 'Makes a rating of your school that would recommend the provider into a recommendation, or renews the one that lapses within six months.' })
  recommendFromRating(
    @Arg('ratingId', () => GraphQLUUID, { description: 'Id of the rating.' }) ratingId: string,
    @Arg('input', () => RecommendationFromRatingInput, { description: 'What is confirmed.' }) input: RecommendationFromRatingInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Promise<Recommendation | Problem> {
    return attempt(async () => {
      const id = await recommendFromRating(context.db, this.recommendations, context.actor, ratingId, { ...input }, key);
      return (await reload(context, recommendationById, id)) ?? refuse(whatIsMissing('recommendation'));
    });
  }
}
