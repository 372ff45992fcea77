import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Category, HasInterest, Listing, Provider, providerById, SupportPhase } from '../directory/index.js';
import { Rule } from '../platform/access.js';
import { Reason, VersionRead } from '../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../platform/problem.js';
import { load, type RequestContext } from '../platform/request.js';
import { changesFor, countWords, evidenceFor, listWords, wordsById, wordsFor } from './evidence.read.js';
import { ChangeInWords, EvidenceOfOutcomes, RatingWords, RatingWordsConnection } from './evidence.type.js';
import type { Ratings } from './rating.service.js';

@ArgsType()
export class SchoolsLikeThis {
  @Field(() => Category, { nullable: true, description: 'Only of this category.' })
  category?: Category | null;

  @Field(() => SupportPhase, { nullable: true, description: 'Only of pupils of this phase.' })
  phase?: SupportPhase | null;
}

const evidence = (context: RequestContext, of: 'LISTING' | 'PROVIDER', id: string, { category = null, phase = null }: SchoolsLikeThis) =>
  load(context, evidenceFor, { of, id, category, phase });

@Resolver(() => Listing)
export class ListingEvidenceResolver {
  @Rule('public')
  @FieldResolver(() => EvidenceOfOutcomes, { description: 'What schools say came of it.' })
  evidenceOfOutcomes(@Root() { id }: Listing, @Args(() => SchoolsLikeThis) like: SchoolsLikeThis, @Ctx() context: RequestContext): Promise<EvidenceOfOutcomes> {
    return evidence(context, 'LISTING', id, like);
  }
}

@Resolver(() => Provider)
export class ProviderEvidenceResolver {
  @Rule('public')
  @FieldResolver(() => EvidenceOfOutcomes, { description: 'What schools say came of its support, whatever the listing.' })
  evidenceOfOutcomes(@Root() { id }: Provider, @Args(() => SchoolsLikeThis) like: SchoolsLikeThis, @Ctx() context: RequestContext): Promise<EvidenceOfOutcomes> {
    return evidence(context, 'PROVIDER', id, like);
  }
}

@Resolver(() => EvidenceOfOutcomes)
export class EvidenceResolver {
  @Rule('public')
  @FieldResolver(() => [ChangeInWords], { description: 'What changed, in schools’ words, at most 20 of them. Figures only of ten pupils or more.' })
  changes(@Root() { key }: EvidenceOfOutcomes, @Ctx() context: RequestContext): Promise<ChangeInWords[]> {
    return load(context, changesFor, key);
  }

  @Rule('public')
  @FieldResolver(() => [RatingWords], { description: 'What schools wrote, at most 20 of them, in an order that tells nothing.' })
  words(@Root() { key }: EvidenceOfOutcomes, @Ctx() context: RequestContext): Promise<RatingWords[]> {
    return load(context, wordsFor, key);
  }
}

const RatingWordsResult = resultType('RatingWordsResult', () => RatingWords, [HasInterest]);

@ArgsType()
class WordsArguments extends PageArguments {
  @Field(() => Boolean, { nullable: true, description: 'Only those that are hidden, or only the others.' })
  hidden?: boolean | null;
}

@Resolver(() => RatingWords)
export class RatingWordsResolver {
  constructor(private readonly ratings: Ratings) {}

  @Rule('officer')
  @Query(() => RatingWordsConnection, { description: 'Words of ratings that the public sees, or saw, and you may hide: of providers that your local authority assures, or by its schools. No school is named.' })
  async ratingWords(@Args(() => WordsArguments) { first, after, hidden = null }: WordsArguments, @Ctx() context: RequestContext): Promise<Connection<RatingWords>> {
    const [last] = decodeCursor<[string]>(after, ['id']) ?? [null];
    const rows = await listWords(context, hidden, checkFirst(first) + 1, last);
    return pageOf(rows, first, (row) => [row.id], () => countWords(context.db, context.actor, hidden));
  }

  @Rule('public')
  @FieldResolver(() => Provider, { nullable: true, description: 'Of whose support; null where you may not see the provider any more.' })
  provider(@Root() { providerId }: RatingWords, @Ctx() context: RequestContext): Promise<Provider | null> {
    return load(context, providerById, providerId);
  }

  @Rule('officer')
  @Mutation(() => RatingWordsResult, { description: 'Hides words from the public, as an officer of the local authority of the provider or of the school. The counts stay.' })
  hideRatingWords(@WordsId() id: string, @Reason() reason: string, @VersionRead('the rating') version: number | null, @Ctx() context: RequestContext): Promise<RatingWords | Problem> {
    return this.moderate(context, id, 'hideWords', reason, version);
  }

  @Rule('officer')
  @Mutation(() => RatingWordsResult, { description: 'Shows words again that were hidden.' })
  showRatingWords(@WordsId() id: string, @Reason() reason: string, @VersionRead('the rating') version: number | null, @Ctx() context: RequestContext): Promise<RatingWords | Problem> {
    return this.moderate(context, id, 'showWords', reason, version);
  }

  private moderate(context: RequestContext, id: string, transition: 'hideWords' | 'showWords', reason: string, version: number | null): Promise<RatingWords | Problem> {
    return attempt(async () => {
      await this.ratings.moderate(context.actor, id, transition, reason, version);
      return (await wordsById(context, id)) ?? refuse(whatIsMissing('text'));
    });
  }
}

function WordsId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the words.' });
}
