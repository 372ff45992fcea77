import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { HasInterest, Listing, listingById, Provider, providerById } from '../../directory/index.js';
import { Rule } from '../../platform/access.js';
import { IdempotencyKey } from '../../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../../platform/problem.js';
import { actionsIn, AvailableAction, HistoryEntry, historyOf } from '../../platform/process/index.js';
import { load, reload, type RequestContext } from '../../platform/request.js';
import { School, schoolByUrn } from '../../schools/index.js';
import { historyBetween } from '../history.js';
import { AlreadyInvited, invitationProcess, ProviderNotAvailable, TooManyInvited } from './invitation.process.js';
import { ProposalsRead } from '../requests/request.process.js';
import { countInvitations, invitationById, listInvitations, proposalOfInvitation } from './invitation.read.js';
import type { Invitations } from './invitation.service.js';
import { Invitation, InvitationConnection, Proposal, RequestBrief } from './invitation.type.js';
import { questionsOfInvitation, requestById } from '../requests/request.read.js';
import { RequestQuestion, SupportRequest } from '../requests/request.type.js';
import { InvitationState } from '../vocabulary.js';

const InvitationResult = resultType('ProposalInvitationResult', () => Invitation, [AlreadyInvited, HasInterest, ProposalsRead, ProviderNotAvailable, TooManyInvited]);
type Result = Promise<Invitation | Problem>;

const actions = actionsIn(invitationProcess);
const Id = () => Arg('id', () => GraphQLUUID, { description: 'Id of the invitation.' });

@Resolver(() => Invitation)
export class InvitationResolver {
  constructor(private readonly invitations: Invitations) {}

  @Rule('signedIn')
  @Query(() => Invitation, { nullable: true, description: 'An invitation that you may see, by its id.' })
  proposalInvitation(@Id() id: string, @Ctx() context: RequestContext): Promise<Invitation | null> {
    return load(context, invitationById, id);
  }

  @Rule('provider')
  @Query(() => InvitationConnection, { description: 'Invitations of your providers, newest first.' })
  async myInvitations(
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Arg('states', () => [InvitationState], { nullable: true, description: 'In one of these states.' }) states: InvitationState[] | null,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<Connection<Invitation>> {
    const rows = await listInvitations(db, actor, states ?? null, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.sentAt.toISOString(), row.id], () => countInvitations(db, actor, states ?? null));
  }

  @Rule('parent')
  @FieldResolver(() => Provider, { nullable: true, description: 'Who is invited; null where you may not see the provider any more.' })
  provider(@Root() { providerId }: Invitation, @Ctx() context: RequestContext): Promise<Provider | null> {
    return load(context, providerById, providerId);
  }

  @Rule('parent')
  @FieldResolver(() => Listing, { nullable: true, description: 'What the provider was invited for; null where none was named, or you may not see it any more.' })
  listing(@Root() { listingId }: Invitation, @Ctx() context: RequestContext): Promise<Listing | null> | null {
    return listingId === null ? null : load(context, listingById, listingId);
  }

  @Rule('own')
  @FieldResolver(() => SupportRequest, { nullable: true, description: 'The request. Null for providers, who are told what is in the brief.' })
  request(@Root() { requestId }: Invitation, @Ctx() context: RequestContext): Promise<SupportRequest | null> {
    return load(context, requestById, requestId);
  }

  @Rule('parent')
  @FieldResolver(() => [RequestQuestion], { description: 'Your own questions, and those of others that the school has answered.' })
  questions(@Root() { id }: Invitation, @Ctx() context: RequestContext): Promise<RequestQuestion[]> {
    return load(context, questionsOfInvitation, id);
  }

  @Rule('own')
  @FieldResolver(() => Proposal, { nullable: true, description: 'The provider’s proposal. For the provider; for the school and its partners once they have begun to read.' })
  proposal(@Root() { id }: Invitation, @Ctx() context: RequestContext): Promise<Proposal | null> {
    return load(context, proposalOfInvitation, id);
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with it in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: Invitation, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('parent')
  @FieldResolver(() => [HistoryEntry], { description: 'What has happened to it, oldest first. While the school is not named, neither are its steps.' })
  async history(@Root() invitation: Invitation, @Ctx() context: RequestContext): Promise<HistoryEntry[]> {
    return historyBetween(invitationProcess, await load(context, historyOf, invitation.id), invitation);
  }

  @Rule('schoolPerson')
  @Mutation(() => InvitationResult, { description: 'Invites a provider that is listed to propose for an open request.' })
  inviteProvider(
    @Arg('requestId', () => GraphQLUUID, { description: 'Id of the request.' }) requestId: string,
    @Arg('providerId', () => GraphQLUUID, { description: 'Id of the provider.' }) providerId: string,
    @Arg('listingId', () => GraphQLUUID, { nullable: true, description: 'A published listing of the provider that you have in mind.' }) listingId: string | null,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return attempt(async () => this.seen(context, await this.invitations.send(context.actor, { requestId, providerId, listingId }, key)));
  }

  @Rule('provider')
  @Mutation(() => InvitationResult, { description: 'Notes that the provider has looked at an invitation.' })
  openInvitation(@Id() id: string, @Ctx() context: RequestContext): Result {
    return this.after(context, id, () => this.invitations.act(id, 'open', { actor: context.actor }));
  }

  @Rule('provider')
  @Mutation(() => InvitationResult, { description: 'Declines an invitation.' })
  declineInvitation(
    @Id() id: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, where you want to say it. The school reads it.' }) reason: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.after(context, id, () => this.invitations.act(id, 'decline', { actor: context.actor, reason }));
  }

  @Rule('provider')
  @Mutation(() => InvitationResult, { description: 'Asks the school. All invited providers read the answer with the question, not who asked.' })
  askQuestion(
    @Arg('invitationId', () => GraphQLUUID, { description: 'Id of the invitation.' }) id: string,
    @Arg('text', () => String, { description: 'The question.' }) text: string,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.after(context, id, () => this.invitations.ask(context.actor, id, text, key));
  }

  private after(context: RequestContext, id: string, work: () => Promise<void>): Result {
    return attempt(async () => {
      await work();
      return this.seen(context, id);
    });
  }

  private async seen(context: RequestContext, id: string): Promise<Invitation> {
    return (await reload(context, invitationById, id)) ?? refuse(whatIsMissing('invitation'));
  }
}

@Resolver(() => RequestBrief)
export class RequestBriefResolver {
  @Rule('own')
  @FieldResolver(() => School, { nullable: true, description: 'The school that asks. Null while the request is confidential, unless you are chosen.' })
  school(@Root() { schoolUrn }: RequestBrief, @Ctx() context: RequestContext) {
    return schoolUrn === null ? null : load(context, schoolByUrn, schoolUrn);
  }
}
