import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { HasInterest, Provider, providerById } from '../../directory/index.js';
import { Rule } from '../../platform/access.js';
import { IdempotencyKey } from '../../platform/arguments.js';
import { badInput } from '../../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../../platform/problem.js';
import { actionsIn, AvailableAction, HistoryEntry, historyOf } from '../../platform/process/index.js';
import { load, reload, type RequestContext } from '../../platform/request.js';
import { ApprovalNeeded, type Choices, MoreQuotesNeeded } from './choice.service.js';
import { engagementById } from '../engagements/engagement.read.js';
import { Engagement } from '../engagements/engagement.type.js';
import { historyBetween } from '../history.js';
import { ChoiceInput, ProposalInput } from './invitation.input.js';
import { ProviderNotAvailable } from './invitation.process.js';
import { invitationById, needsOfChoice, proposalById } from './invitation.read.js';
import { ChoiceNeeds, Invitation, Proposal } from './invitation.type.js';
import { proposalProcess } from './proposal.process.js';
import type { Proposals, Proposing } from './proposal.service.js';
import { ProposalsRead } from '../requests/request.process.js';
import { MOST_PENCE } from '../requests/request.contents.js';

const ProposalResult = resultType('ProposalResult', () => Proposal, [ProposalsRead, ProviderNotAvailable]);
const ChoiceResult = resultType('ChoiceResult', () => Proposal, [ProviderNotAvailable, HasInterest, MoreQuotesNeeded, ApprovalNeeded]);
type Result = Promise<Proposal | Problem>;

const actions = actionsIn(proposalProcess);
const Id = () => Arg('id', () => GraphQLUUID, { description: 'Id of the proposal.' });

@Resolver(() => Proposal)
export class ProposalResolver {
  constructor(
    private readonly proposals: Proposals,
    private readonly choices: Choices,
  ) {}

  @Rule('signedIn')
  @Query(() => Proposal, { nullable: true, description: 'A proposal that you may see, by its id.' })
  proposal(@Id() id: string, @Ctx() context: RequestContext): Promise<Proposal | null> {
    return load(context, proposalById, id);
  }

  @Rule('parent')
  @FieldResolver(() => Provider, { nullable: true, description: 'Who proposes; null where you may not see the provider any more.' })
  provider(@Root() { providerId }: Proposal, @Ctx() context: RequestContext): Promise<Provider | null> {
    return load(context, providerById, providerId);
  }

  @Rule('parent')
  @FieldResolver(() => Invitation, { description: 'The invitation that it answers.' })
  invitation(@Root() { invitationId }: Proposal, @Ctx() context: RequestContext): Promise<Invitation | null> {
    return load(context, invitationById, invitationId);
  }

  @Rule('own')
  @FieldResolver(() => ChoiceNeeds, { nullable: true, description: 'What choosing it needs by the school’s limits. Only for the school and its partners.' })
  choiceNeeds(
    @Root() { id, isOfSchools }: Proposal,
    @Arg('coverPence', () => Int, { defaultValue: 0, description: 'What cover for the school’s own staff would cost, in pence.' }) coverPence: number,
    @Ctx() context: RequestContext,
  ): Promise<ChoiceNeeds | null> | null {
    if (coverPence < 0 || coverPence > MOST_PENCE) badInput(`\`coverPence\` must be from 0 to ${MOST_PENCE}.`);
    return isOfSchools ? load(context, needsOfChoice, { proposalId: id, coverPence }) : null;
  }

  @Rule('own')
  @FieldResolver(() => Engagement, { nullable: true, description: 'The engagement that choosing it made. For those who see that.' })
  engagement(@Root() { engagementId }: Proposal, @Ctx() context: RequestContext): Promise<Engagement | null> | null {
    return engagementId === null ? null : load(context, engagementById, engagementId);
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with it in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: Proposal, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('parent')
  @FieldResolver(() => [HistoryEntry], { description: 'What has happened to it, oldest first. While the school is not named, neither are its steps.' })
  async history(@Root() proposal: Proposal, @Ctx() context: RequestContext): Promise<HistoryEntry[]> {
    return historyBetween(proposalProcess, await load(context, historyOf, proposal.id), proposal);
  }

  @Rule('provider')
  @Mutation(() => ProposalResult, { description: 'Answers an invitation by a proposal, which the school reads when it begins to read all.' })
  submitProposal(
    @Arg('invitationId', () => GraphQLUUID, { description: 'Id of the invitation.' }) invitationId: string,
    @Arg('input', () => ProposalInput, { description: 'The proposal.' }) input: ProposalInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return attempt(async () => this.seen(context, await this.proposals.submit(context.actor, invitationId, { ...input } as Proposing, key)));
  }

  @Rule('provider')
  @Mutation(() => ProposalResult, { description: 'Changes a proposal, until the closing date or until the school begins to read.' })
  reviseProposal(
    @Id() id: string,
    @Arg('version', () => Int, { description: 'Version of the proposal that you were looking at.' }) version: number,
    @Arg('input', () => ProposalInput, { description: 'What to change.' }) input: ProposalInput,
    @Ctx() context: RequestContext,
  ): Result {
    return attempt(async () => {
      await this.proposals.revise(context.actor, id, version, { ...input });
      return this.seen(context, id);
    });
  }

  @Rule('provider')
  @Mutation(() => ProposalResult, { description: 'Takes a proposal back.' })
  withdrawProposal(@Id() id: string, @Ctx() context: RequestContext): Result {
    return attempt(async () => {
      await this.proposals.withdraw(context.actor, id);
      return this.seen(context, id);
    });
  }

  @Rule('schoolPerson')
  @Mutation(() => ChoiceResult, { description: 'Chooses a proposal: makes exactly one engagement and a buying record, and ends the other proposals. It is not a contract.' })
  chooseProposal(@Arg('input', () => ChoiceInput, { description: 'The choice.' }) input: ChoiceInput, @IdempotencyKey() key: string | null, @Ctx() context: RequestContext): Result {
    return attempt(async () => {
      await this.choices.choose(context.actor, { ...input }, key);
      return this.seen(context, input.proposalId);
    });
  }

  private async seen(context: RequestContext, id: string): Promise<Proposal> {
    return (await reload(context, proposalById, id)) ?? refuse(whatIsMissing('proposal'));
  }
}
