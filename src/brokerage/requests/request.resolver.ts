import { GraphQLLocalDate, GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { HasInterest, Listing, listingById } from '../../directory/index.js';
import { Person, personById, personThen, thenKey } from '../../identity/index.js';
import { Rule } from '../../platform/access.js';
import { IdempotencyKey, Reason } from '../../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../../platform/problem.js';
import { actionsIn, AvailableAction, historyEntry, HistoryEntry, historyOf } from '../../platform/process/index.js';
import { load, reload, type RequestContext } from '../../platform/request.js';
import { School, schoolByUrn, wordsOnDeadlines } from '../../schools/index.js';
import { engagementById } from '../engagements/engagement.read.js';
import { Engagement } from '../engagements/engagement.type.js';
import { invitationsOfRequest, proposalsOfRequest } from '../proposals/invitation.read.js';
import type { Invitations } from '../proposals/invitation.service.js';
import { Invitation, Proposal } from '../proposals/invitation.type.js';
import { SupportRequestFilter, SupportRequestInput } from './request.input.js';
import { ProposalsRead, requestProcess } from './request.process.js';
import {
  buyingRecordOfRequest,
  countRequests,
  listingsOfRequest,
  listRequests,
  partnersOfRequest,
  peopleOfRequest,
  questionsOfRequest,
  requestById,
} from './request.read.js';
import type { Requests, RequestStep } from './request.service.js';
import { BuyingRecord, PartnerSchool, RequestQuestion, SupportRequest, SupportRequestConnection } from './request.type.js';

const RequestResult = resultType('SupportRequestResult', () => SupportRequest, [ProposalsRead, HasInterest]);
type Result = Promise<SupportRequest | Problem>;

const actions = actionsIn(requestProcess);
const cursorOfPage = (after: string | null | undefined) => decodeCursor<[string, string]>(after, ['time', 'id']);
const Id = () => Arg('id', () => GraphQLUUID, { description: 'Id of the request.' });
const Version = () => Arg('version', () => Int, { description: 'Version of the request that you were looking at.' });

@Resolver(() => SupportRequest)
export class RequestResolver {
  constructor(
    private readonly requests: Requests,
    private readonly invitationService: Invitations,
  ) {}

  @Rule('schoolOrSip')
  @Query(() => SupportRequest, { nullable: true, description: 'A request for support that you may see, by its id.' })
  supportRequest(@Id() id: string, @Ctx() context: RequestContext): Promise<SupportRequest | null> {
    return load(context, requestById, id);
  }

  @Rule('schoolOrSip')
  @Query(() => SupportRequestConnection, { description: 'The requests for support that you may see: of your schools, of those that you joined, and what schools share with you as their SIP. Newest first.' })
  async mySupportRequests(
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Arg('filter', () => SupportRequestFilter, { nullable: true, description: 'Which of them.' }) filter: SupportRequestFilter | null,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<Connection<SupportRequest>> {
    const rows = await listRequests(db, actor, filter ?? {}, checkFirst(first) + 1, cursorOfPage(after));
    return pageOf(rows, first, (row) => [row.createdAt.toISOString(), row.id], () => countRequests(db, actor, filter ?? {}));
  }

  @Rule('parent')
  @FieldResolver(() => School, { description: 'The school that asks.' })
  school(@Root() { schoolUrn }: SupportRequest, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }

  @Rule('parent')
  @FieldResolver(() => Person, { nullable: true, description: 'The SIP who drafted it; null where the school did.' })
  draftedBy(@Root() { draftedBySipId, createdAt }: SupportRequest, @Ctx() context: RequestContext): Promise<Person | null> | null {
    return draftedBySipId === null ? null : load(context, personThen, thenKey(draftedBySipId, createdAt));
  }

  @Rule('parent')
  @FieldResolver(() => String, { nullable: true, description: 'Whether the last day on which providers can propose is on a weekend, a bank holiday or in the school’s holidays.' })
  closingNote(@Root() { schoolUrn, closesAt }: SupportRequest, @Ctx() context: RequestContext): Promise<string | null> | null {
    return closesAt ? load(context, wordsOnDeadlines, { of: { schoolUrn }, given: null, until: closesAt }) : null;
  }

  @Rule('own')
  @FieldResolver(() => [Person], { nullable: true, description: 'The people of the school whom it names. Only for those of the school who see it.' })
  async people(@Root() { id, isOfSchool }: SupportRequest, @Ctx() context: RequestContext): Promise<Person[] | null> {
    if (!isOfSchool) return null;
    const ids = await load(context, peopleOfRequest, id);
    return (await Promise.all(ids.map((each) => load(context, personById, each)))).filter((each) => each !== null);
  }

  @Rule('parent')
  @FieldResolver(() => [PartnerSchool], { description: 'Partner schools that were asked to join.' })
  partners(@Root() { id }: SupportRequest, @Ctx() context: RequestContext): Promise<PartnerSchool[]> {
    return load(context, partnersOfRequest, id);
  }

  @Rule('parent')
  @FieldResolver(() => [Listing], { description: 'Listings that are kept ready to invite, of those that are still there.' })
  async listings(@Root() { id }: SupportRequest, @Ctx() context: RequestContext): Promise<Listing[]> {
    const ids = await load(context, listingsOfRequest, id);
    return (await Promise.all(ids.map((each) => load(context, listingById, each)))).filter((each) => each !== null);
  }

  @Rule('parent')
  @FieldResolver(() => [Invitation], { description: 'The invitations, in the order in which they were sent; at most 30.' })
  invitations(@Root() { id }: SupportRequest, @Ctx() context: RequestContext): Promise<Invitation[]> {
    return load(context, invitationsOfRequest, id);
  }

  @Rule('parent')
  @FieldResolver(() => [RequestQuestion], { description: 'What invited providers have asked.' })
  questions(@Root() { id }: SupportRequest, @Ctx() context: RequestContext): Promise<RequestQuestion[]> {
    return load(context, questionsOfRequest, id);
  }

  @Rule('parent')
  @FieldResolver(() => [Proposal], { description: 'The proposals side by side, once they are read; for the school and its partners, not for the SIP.' })
  proposals(@Root() { id }: SupportRequest, @Ctx() context: RequestContext): Promise<Proposal[]> {
    return load(context, proposalsOfRequest, id);
  }

  @Rule('own')
  @FieldResolver(() => BuyingRecord, { nullable: true, description: 'Why and how the school bought, once it has chosen. Only for the school and its partners.' })
  buyingRecord(@Root() { id, isOfSchools }: SupportRequest, @Ctx() context: RequestContext): Promise<BuyingRecord | null> | null {
    return isOfSchools ? load(context, buyingRecordOfRequest, id) : null;
  }

  @Rule('own')
  @FieldResolver(() => Engagement, { nullable: true, description: 'The engagement that the school’s choice made. For those who see that.' })
  engagement(@Root() { engagementId }: SupportRequest, @Ctx() context: RequestContext): Promise<Engagement | null> | null {
    return engagementId === null ? null : load(context, engagementById, engagementId);
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with it in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: SupportRequest, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('parent')
  @FieldResolver(() => [HistoryEntry], { description: 'What has happened to it, oldest first.' })
  async history(@Root() { id, isOfSchools, draftedBySipId }: SupportRequest, @Ctx() context: RequestContext): Promise<HistoryEntry[]> {
    const isParty = isOfSchools || (draftedBySipId !== null && draftedBySipId === context.actor.personId);
    return (await load(context, historyOf, id)).map((row) => historyEntry(requestProcess, row, isParty));
  }

  @Rule('schoolOrSip')
  @Mutation(() => RequestResult, { description: 'Begins a request: for a school where you work, or as its SIP, whose draft the school does not see before it is submitted.' })
  draftSupportRequest(
    @Arg('schoolUrn', () => Int, { description: 'URN of the school.' }) schoolUrn: number,
    @Arg('input', () => SupportRequestInput, { description: 'What is needed.' }) input: SupportRequestInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return attempt(async () => this.seen(context, await this.requests.draft(context.actor, schoolUrn, { ...input }, key)));
  }

  @Rule('schoolOrSip')
  @Mutation(() => RequestResult, { description: 'Changes what a request says, until it is opened; then a slip in its words (need, objectives, categories, phases, days, budget, what was tried) until a provider has made a proposal.' })
  updateSupportRequest(
    @Id() id: string,
    @Version() version: number,
    @Arg('input', () => SupportRequestInput, { description: 'What to change.' }) input: SupportRequestInput,
    @Ctx() context: RequestContext,
  ): Result {
    return this.after(context, id, () => this.requests.update(context.actor, id, version, { ...input }));
  }

  @Rule('schoolPerson')
  @Mutation(() => RequestResult, { description: 'Says who in the school sees a request, at any time before it ends.' })
  setSupportRequestPeople(
    @Id() id: string,
    @Version() version: number,
    @Arg('allLeads', () => Boolean, { description: 'Whether every lead of the school sees it.' }) allLeads: boolean,
    @Arg('personIds', () => [GraphQLUUID], { description: 'Ids of the people of the school who see it besides. You are always one of them.' }) personIds: string[],
    @Ctx() context: RequestContext,
  ): Result {
    return this.after(context, id, () => this.requests.setPeople(context.actor, id, version, allLeads, personIds));
  }

  @Rule('sip')
  @Mutation(() => RequestResult, { description: 'Puts a SIP’s draft before the school.' })
  submitSupportRequest(@Id() id: string, @Version() version: number, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'submit', { version });
  }

  @Rule('schoolPerson')
  @Mutation(() => RequestResult, { description: 'Opens a request: from now on providers can be invited.' })
  openSupportRequest(@Id() id: string, @Version() version: number, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'open', { version });
  }

  @Rule('schoolPerson')
  @Mutation(() => RequestResult, { description: 'Shares an open request with the school’s SIP, or stops sharing it.' })
  shareSupportRequest(@Id() id: string, @Arg('shared', () => Boolean, { description: 'Whether the SIP is to see it.' }) shared: boolean, @Ctx() context: RequestContext): Result {
    return this.step(context, id, shared ? 'share' : 'unshare');
  }

  @Rule('schoolPerson')
  @Mutation(() => RequestResult, { description: 'Tells the invited providers of a confidential request which school asks. This cannot be taken back.' })
  revealSchool(@Id() id: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'reveal');
  }

  @Rule('schoolPerson')
  @Mutation(() => RequestResult, { description: 'Gives providers more time to propose, as long as no proposal has been read.' })
  extendSupportRequest(
    @Id() id: string,
    @Arg('closesOn', () => GraphQLLocalDate, { description: 'The new last day on which providers can propose, like `2026-09-30`.' }) closesOn: string,
    @Ctx() context: RequestContext,
  ): Result {
    return this.after(context, id, () => this.requests.extend(context.actor, id, closesOn));
  }

  @Rule('schoolPerson')
  @Mutation(() => RequestResult, { description: 'Reopens the round once proposals have been read: they are sealed again, and all invited providers are told and can propose and revise until the new closing date.' })
  reopenRound(
    @Id() id: string,
    @Arg('closesOn', () => GraphQLLocalDate, { description: 'The new last day on which providers can propose, like `2026-09-30`.' }) closesOn: string,
    @Ctx() context: RequestContext,
  ): Result {
    return this.after(context, id, () => this.requests.reopen(context.actor, id, closesOn));
  }

  @Rule('lead')
  @Mutation(() => RequestResult, { description: 'Joins a request of another school, for the schools that you lead and that were asked.' })
  joinSupportRequest(@Id() id: string, @Ctx() context: RequestContext): Result {
    return this.after(context, id, () => this.requests.join(context.actor, id));
  }

  @Rule('schoolPerson')
  @Mutation(() => RequestResult, { description: 'Begins to read the proposals, which are sealed until then. From now on the closing date stands and no proposal is added or revised, unless you reopen the round.' })
  readProposals(@Id() id: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'read');
  }

  @Rule('schoolPerson')
  @Mutation(() => RequestResult, { description: 'Answers a question; all invited providers read the answer. Do not name the school where the request is confidential.' })
  answerQuestion(
    @Arg('id', () => GraphQLUUID, { description: 'Id of the question.' }) id: string,
    @Arg('text', () => String, { description: 'The answer.' }) text: string,
    @Ctx() context: RequestContext,
  ): Result {
    return attempt(async () => this.seen(context, await this.invitationService.answer(context.actor, id, text)));
  }

  @Rule('schoolPerson')
  @Mutation(() => RequestResult, { description: 'Closes a request for which no support was found. It counts, without the school’s name, as unmet need.' })
  closeSupportRequest(@Id() id: string, @Reason() reason: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'closeUnmet', { reason });
  }

  @Rule('schoolOrSip')
  @Mutation(() => RequestResult, { description: 'Takes a request back. A SIP can take back a draft of their own.' })
  withdrawSupportRequest(
    @Id() id: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, where you want to say it.' }) reason: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.step(context, id, 'withdraw', { reason });
  }

  private step(context: RequestContext, id: string, step: RequestStep, by: { version?: number; reason?: string | null } = {}): Result {
    return this.after(context, id, () => this.requests.act(id, step, { ...by, actor: context.actor }));
  }

  private after(context: RequestContext, id: string, work: () => Promise<void>): Result {
    return attempt(async () => {
      await work();
      return this.seen(context, id);
    });
  }

  private async seen(context: RequestContext, id: string): Promise<SupportRequest> {
    return (await reload(context, requestById, id)) ?? refuse(whatIsMissing('request'));
  }
}
