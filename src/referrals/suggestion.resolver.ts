import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { enumOf } from '../directory/index.js';
import { Person, personThen, thenKey } from '../identity/index.js';
import { Rule } from '../platform/access.js';
import { IdempotencyKey } from '../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../platform/problem.js';
import { actionsIn, AvailableAction, historyEntry, HistoryEntry, historyOf } from '../platform/process/index.js';
import { load, reload, type RequestContext } from '../platform/request.js';
import { LocalAuthority, localAuthorityByCode, wordsOnDeadlines } from '../schools/index.js';
import { ListNotOpen, NamesASchool, suggestionRequestProcess } from './suggestion.process.js';
import { type Asked, countSuggestionRequests, listSuggestionRequests, opensSuggestions, suggestionRequestById, suggestionsTo } from './suggestion.read.js';
import { SUGGESTION_DAYS, type Suggestions, TooManyQuestions } from './suggestion.service.js';
import { Suggestion, SuggestionInput, SuggestionRequest, SuggestionRequestConnection, SuggestionRequestInput } from './suggestion.type.js';

const SuggestionRequestResult = resultType('SuggestionRequestResult', () => SuggestionRequest, [ListNotOpen, NamesASchool, TooManyQuestions]);
const LocalAuthorityResult = resultType('LocalAuthorityResult', () => LocalAuthority);
type Result = Promise<SuggestionRequest | Problem>;

const AskedEnum = enumOf<Asked>('Asked', 'Which questions to SIPs.', { BY_ME: 'Those that you have asked.', OF_ME: 'Those that you are asked.' });

const actions = actionsIn(suggestionRequestProcess);

@ArgsType()
class SuggestionRequestsArguments extends PageArguments {
  @Field(() => AskedEnum, { nullable: true, description: 'Those that you have asked, or those that you are asked; both where left out.' })
  asked?: Asked | null;
}

@Resolver(() => SuggestionRequest)
export class SuggestionRequestResolver {
  constructor(private readonly service: Suggestions) {}

  @Rule('sip')
  @Query(() => SuggestionRequest, { nullable: true, description: 'A question to SIPs that you have asked or are asked, by its id.' })
  suggestionRequest(@RequestId() id: string, @Ctx() context: RequestContext): Promise<SuggestionRequest | null> {
    return load(context, suggestionRequestById, id);
  }

  @Rule('sip')
  @Query(() => SuggestionRequestConnection, { description: 'The questions to SIPs that you have asked or are asked, the latest first.' })
  async suggestionRequests(
    @Args(() => SuggestionRequestsArguments) { first, after, asked = null }: SuggestionRequestsArguments,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<Connection<SuggestionRequest>> {
    const rows = await listSuggestionRequests(db, actor, asked, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.askedAt.toISOString(), row.id], () => countSuggestionRequests(db, actor, asked));
  }

  @Rule('parent')
  @FieldResolver(() => String, { nullable: true, description: 'Why listings can be suggested for longer than 30 days, where they can.' })
  deadlineNote(@Root() { laCode, askedAt, expiresAt }: SuggestionRequest, @Ctx() context: RequestContext): Promise<string | null> {
    return load(context, wordsOnDeadlines, { of: { laCode }, given: { from: askedAt, days: SUGGESTION_DAYS }, until: expiresAt });
  }

  @Rule('parent')
  @FieldResolver(() => Person, { description: 'The SIP who asks.' })
  askedBy(@Root() { askedById, askedAt }: SuggestionRequest, @Ctx() context: RequestContext): Promise<Person | null> {
    return load(context, personThen, thenKey(askedById, askedAt));
  }

  @Rule('parent')
  @FieldResolver(() => [LocalAuthority], { description: 'The local authorities whose SIPs are asked; at most 20.' })
  localAuthorities(@Root() { laCodes }: SuggestionRequest, @Ctx() context: RequestContext) {
    return Promise.all(laCodes.map((code) => load(context, localAuthorityByCode, code)));
  }

  @Rule('parent')
  @FieldResolver(() => [Suggestion], { description: 'What has been suggested, at most 50: all of it to whoever asks, to the others what they have suggested themselves.' })
  suggestions(@Root() { id }: SuggestionRequest, @Ctx() context: RequestContext): Promise<Suggestion[]> {
    return load(context, suggestionsTo, id);
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with it in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: SuggestionRequest, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('parent')
  @FieldResolver(() => [HistoryEntry], { description: 'What has happened to it, oldest first. What others have suggested is in it for whoever asks.' })
  async history(@Root() { id, isAsker }: SuggestionRequest, @Ctx() context: RequestContext): Promise<HistoryEntry[]> {
    const steps = (await load(context, historyOf, id)).filter((row) => isAsker || row.transition !== 'suggest' || row.personId === context.actor.personId);
    return steps.map((row) => historyEntry(suggestionRequestProcess, row, true));
  }

  @Rule('sip')
  @Mutation(() => SuggestionRequestResult, { description: 'Asks other SIPs for a suggestion. They see your name, never a school.' })
  askForSuggestions(
    @Arg('input', () => SuggestionRequestInput, { description: 'The question.' }) input: SuggestionRequestInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.service.ask(context.actor, { ...input }, key));
  }

  @Rule('sip')
  @Mutation(() => SuggestionRequestResult, { description: 'Suggests a listing to a SIP who asks. They see your name.' })
  answerSuggestionRequest(
    @Arg('input', () => SuggestionInput, { description: 'The listing, and why.' }) input: SuggestionInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.service.suggest(context.actor, { ...input }, key));
  }

  @Rule('sip')
  @Mutation(() => SuggestionRequestResult, { description: 'Closes a question of yours: nothing more is suggested.' })
  closeSuggestionRequest(@RequestId() id: string, @Ctx() context: RequestContext): Result {
    return this.answer(context, async () => {
      await this.service.close(context.actor, id);
      return id;
    });
  }

  private answer(context: RequestContext, work: () => Promise<string>): Result {
    return attempt(async () => (await reload(context, suggestionRequestById, await work())) ?? refuse(whatIsMissing('question to SIPs')));
  }
}

@Resolver(() => Suggestion)
export class SuggestionResolver {
  @Rule('parent')
  @FieldResolver(() => Person, { description: 'The SIP who suggests it.' })
  suggestedBy(@Root() { suggestedById, suggestedAt }: Suggestion, @Ctx() context: RequestContext): Promise<Person | null> {
    return load(context, personThen, thenKey(suggestedById, suggestedAt));
  }
}

@Resolver(() => LocalAuthority)
export class LocalAuthoritySuggestionsResolver {
  constructor(private readonly service: Suggestions) {}

  @Rule('public')
  @FieldResolver(() => Boolean, { name: 'opensSuggestions', description: 'Whether SIPs of other local authorities may ask its SIPs for suggestions.' })
  isOpen(@Root() { code }: LocalAuthority, @Ctx() context: RequestContext): Promise<boolean> {
    return load(context, opensSuggestions, code);
  }

  @Rule('officer')
  @Mutation(() => LocalAuthorityResult, { description: 'Lets SIPs of other local authorities ask the SIPs of yours for suggestions, or no longer.' })
  setOpenSuggestions(
    @Arg('laCode', () => String, { description: 'Code of your local authority.' }) laCode: string,
    @Arg('open', () => Boolean, { description: 'Whether they may.' }) open: boolean,
    @Ctx() context: RequestContext,
  ): Promise<LocalAuthority | Problem> {
    return attempt(async () => {
      await this.service.setOpen(context.actor, laCode, open);
      return (await reload(context, localAuthorityByCode, laCode)) ?? refuse(whatIsMissing('local authority'));
    });
  }
}

function RequestId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the question.' });
}
