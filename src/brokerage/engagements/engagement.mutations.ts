import { GraphQLLocalDate, GraphQLUUID } from 'graphql-scalars';
import { Arg, Ctx, Int, Mutation, Resolver } from 'type-graphql';
import { HasInterest } from '../../directory/index.js';
import { Rule } from '../../platform/access.js';
import { IdempotencyKey, Reason, VersionRead } from '../../platform/arguments.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../../platform/problem.js';
import { reload, type RequestContext } from '../../platform/request.js';
import { Actions } from './action.service.js';
import { Changes } from './change.service.js';
import {
  ActionInput,
  ChangedObjectiveInput,
  EngagementChangeInput,
  EvidenceInput,
  GivenEvidenceInput,
  RecordInput,
  ReviewInput,
  UseInput,
  VisitorInput,
} from './engagement.input.js';
import { ChecksNotConfirmed, NotConfirmed } from './engagement.process.js';
import { engagementById } from './engagement.read.js';
import { Recordings } from './engagement.recording.js';
import { Engagements, type PlainStep } from './engagement.service.js';
import { Engagement } from './engagement.type.js';
import type { ChangeAnswer } from './engagement.vocabulary.js';
import { Evidence } from './evidence.service.js';
import { Reviews } from './review.service.js';

const EngagementResult = resultType('EngagementResult', () => Engagement, [HasInterest, NotConfirmed, ChecksNotConfirmed]);
type Result = Promise<Engagement | Problem>;

export interface EngagementServices {
  recordings: Recordings;
  engagements: Engagements;
  actions: Actions;
  evidence: Evidence;
  reviews: Reviews;
  changes: Changes;
}

@Resolver()
export class EngagementMutations {
  constructor(private readonly services: EngagementServices) {}

  @Rule('lead')
  @Mutation(() => EngagementResult, { description: 'Records, in one screen, support that a school has agreed already. The provider sees it and is asked to confirm it.' })
  recordEngagement(@Arg('input', () => RecordInput, { description: 'What is agreed.' }) input: RecordInput, @IdempotencyKey() key: string | null, @Ctx() context: RequestContext): Result {
    return this.answer(context, () => this.services.recordings.record(context.actor, { ...input }, key));
  }

  @Rule('lead')
  @Mutation(() => EngagementResult, { description: 'Records that a school has used a free resource. Its provider is not told which school.' })
  recordFreeResource(@Arg('input', () => UseInput, { description: 'What was used.' }) input: UseInput, @IdempotencyKey() key: string | null, @Ctx() context: RequestContext): Result {
    return this.answer(context, () => this.services.recordings.use(context.actor, { ...input }, key));
  }

  @Rule('sipOrOfficer')
  @Mutation(() => EngagementResult, { description: 'Signs an engagement off, as the school’s SIP or as who stands in where it has none; where that is nobody, as an officer of the local authority without an interest.' })
  signOffEngagement(@EngagementId() id: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'signOff', { version });
  }

  @Rule('sipOrOfficer')
  @Mutation(() => EngagementResult, { description: 'Asks the school to look at it again before it is signed off. The provider is not told.' })
  sendEngagementBack(@EngagementId() id: string, @Reason() reason: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'sendBack', { reason });
  }

  @Rule('provider')
  @Mutation(() => EngagementResult, { description: 'Confirms, for the provider, what a school has recorded as agreed.' })
  confirmEngagement(@EngagementId() id: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'confirm', { version });
  }

  @Rule('provider')
  @Mutation(() => EngagementResult, { description: 'Says, for the provider, that what a school has recorded was not agreed. It ends.' })
  disownEngagement(@EngagementId() id: string, @Reason() reason: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'disown', { reason });
  }

  @Rule('schoolOrProvider')
  @Mutation(() => EngagementResult, { description: 'Starts the work. On its first day it starts by itself, when nothing stands in its way.' })
  startEngagement(@EngagementId() id: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'start');
  }

  @Rule('schoolPerson')
  @Mutation(() => EngagementResult, { description: 'Completes it, for the school.' })
  completeEngagement(@EngagementId() id: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'complete');
  }

  @Rule('schoolPerson')
  @Mutation(() => EngagementResult, { description: 'Takes back a completion that was made by mistake, until it is rated.' })
  takeBackCompletion(@EngagementId() id: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'takeBackCompletion');
  }

  @Rule('schoolOrProvider')
  @Mutation(() => EngagementResult, { description: 'Proposes other dates or another price. Nothing changes before the other side accepts.' })
  proposeEngagementChange(
    @EngagementId() id: string,
    @Version() version: number,
    @Arg('input', () => EngagementChangeInput, { description: 'What is to be different.' }) input: EngagementChangeInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.services.changes.propose(context.actor, id, version, { ...input }, key));
  }

  @Rule('schoolOrProvider')
  @Mutation(() => EngagementResult, { description: 'Accepts a change that the other side has proposed.' })
  acceptEngagementChange(@ChangeId() id: string, @Ctx() context: RequestContext): Result {
    return this.answerChange(context, id, 'ACCEPTED');
  }

  @Rule('schoolOrProvider')
  @Mutation(() => EngagementResult, { description: 'Declines a change that the other side has proposed; all stays as it was.' })
  declineEngagementChange(
    @ChangeId() id: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, where you want to say it.' }) reason: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answerChange(context, id, 'DECLINED', reason);
  }

  @Rule('schoolOrProvider')
  @Mutation(() => EngagementResult, { description: 'Takes back a change that your side has proposed and that has not been answered.' })
  withdrawEngagementChange(@ChangeId() id: string, @Ctx() context: RequestContext): Result {
    return this.answerChange(context, id, 'WITHDRAWN');
  }

  @Rule('schoolOrProvider')
  @Mutation(() => EngagementResult, { description: 'Ends it before it is completed.' })
  endEngagementEarly(@EngagementId() id: string, @Reason() reason: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'endEarly', { reason });
  }

  @Rule('schoolPerson')
  @Mutation(() => EngagementResult, { description: 'Lets the school’s SIP see it, or no more.' })
  shareWithSip(@EngagementId() id: string, @Arg('shared', () => Boolean, { description: 'Whether the SIP sees it from now on.' }) shared: boolean, @Ctx() context: RequestContext): Result {
    return this.step(context, id, shared ? 'shareWithSip' : 'stopSharing');
  }

  @Rule('schoolPerson')
  @Mutation(() => EngagementResult, { description: 'Says what is to be reached. An objective that is left out goes.' })
  setObjectives(
    @EngagementId() id: string,
    @Version() version: number,
    @Arg('objectives', () => [ChangedObjectiveInput], { description: 'All of them, in their order.' }) objectives: ChangedObjectiveInput[],
    @Ctx() context: RequestContext,
  ): Result {
    return this.change(context, id, () => this.services.engagements.setObjectives(context.actor, id, version, objectives));
  }

  @Rule('schoolPerson')
  @Mutation(() => EngagementResult, { description: 'Says who in the school sees it; you are one of them.' })
  setEngagementPeople(
    @EngagementId() id: string,
    @Version() version: number,
    @Arg('allLeads', () => Boolean, { description: 'Whether every lead of the school sees it; else only you and the people named.' }) allLeads: boolean,
    @Arg('personIds', () => [GraphQLUUID], { description: 'Ids of leads and staff of the school who see it.' }) personIds: string[],
    @Ctx() context: RequestContext,
  ): Result {
    return this.change(context, id, () => this.services.engagements.setPeople(context.actor, id, version, allLeads, personIds));
  }

  @Rule('schoolPerson')
  @Mutation(() => EngagementResult, { description: 'Says whether the provider works with pupils.' })
  setPupilsConcerned(
    @EngagementId() id: string,
    @Version() version: number,
    @Arg('concerned', () => Boolean, { description: 'Whether pupils are concerned.' }) concerned: boolean,
    @Ctx() context: RequestContext,
  ): Result {
    return this.change(context, id, () => this.services.engagements.setPupilsConcerned(context.actor, id, version, concerned));
  }

  @Rule('provider')
  @Mutation(() => EngagementResult, { description: 'Names who comes into the school. Checks that were confirmed before have to be confirmed again for them.' })
  setVisitors(
    @EngagementId() id: string,
    @Version() version: number,
    @Arg('visitors', () => [VisitorInput], { description: 'All who come.' }) visitors: VisitorInput[],
    @Ctx() context: RequestContext,
  ): Result {
    return this.change(context, id, () => this.services.engagements.setVisitors(context.actor, id, version, visitors));
  }

  @Rule('provider')
  @Mutation(() => EngagementResult, { description: 'Confirms in writing the DBS and barred-list checks of those who come. Do not send certificates: none is kept.' })
  confirmSafeguarding(
    @EngagementId() id: string,
    @Version() version: number,
    @Arg('statement', () => String, { description: 'What you confirm, in up to 1000 characters.' }) statement: string,
    @Ctx() context: RequestContext,
  ): Result {
    return this.change(context, id, () => this.services.engagements.confirmSafeguarding(context.actor, id, version, statement));
  }

  @Rule('schoolOrProvider')
  @Mutation(() => EngagementResult, { description: 'Adds an action that is agreed.' })
  addAction(
    @EngagementId() id: string,
    @Arg('input', () => ActionInput, { description: 'The action.' }) input: ActionInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.services.actions.add(context.actor, id, { ...input }, key));
  }

  @Rule('signedIn')
  @Mutation(() => EngagementResult, { description: 'Ticks an action off: your own side’s, or, for the school, anybody’s.' })
  completeAction(@Arg('actionId', () => GraphQLUUID, { description: 'Id of the action.' }) actionId: string, @Ctx() context: RequestContext): Result {
    return this.answer(context, () => this.services.actions.complete(context.actor, actionId));
  }

  @Rule('schoolPerson')
  @Mutation(() => EngagementResult, { description: 'Asks for evidence that will show whether it worked.' })
  addEvidence(
    @EngagementId() id: string,
    @Arg('input', () => EvidenceInput, { description: 'What is wanted.' }) input: EvidenceInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.services.evidence.want(context.actor, id, { ...input }, key));
  }

  @Rule('schoolOrProvider')
  @Mutation(() => EngagementResult, { description: 'Gives evidence that was asked for.' })
  giveEvidence(
    @Arg('evidenceId', () => GraphQLUUID, { description: 'Id of the evidence.' }) evidenceId: string,
    @Arg('input', () => GivenEvidenceInput, { description: 'What it shows.' }) input: GivenEvidenceInput,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.services.evidence.give(context.actor, evidenceId, { ...input }));
  }

  @Rule('schoolPerson')
  @Mutation(() => EngagementResult, { description: 'Sets the days on which the school looks at how it goes, in place of those set before.' })
  setReviewDates(
    @EngagementId() id: string,
    @Version() version: number,
    @Arg('days', () => [GraphQLLocalDate], { description: 'The days, up to 20.' }) days: string[],
    @Ctx() context: RequestContext,
  ): Result {
    return this.change(context, id, () => this.services.reviews.setDates(context.actor, id, version, days));
  }

  @Rule('signedIn')
  @Mutation(() => EngagementResult, { description: 'Records a review, as the school or as its SIP. Everybody who sees the engagement sees it.' })
  addReview(
    @EngagementId() id: string,
    @Arg('input', () => ReviewInput, { description: 'The review.' }) input: ReviewInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.services.reviews.add(context.actor, id, { ...input }, key));
  }

  private answerChange(context: RequestContext, id: string, answer: Exclude<ChangeAnswer, 'LAPSED'>, reason: string | null = null): Result {
    return this.answer(context, () => this.services.changes.answer(context.actor, id, answer, reason));
  }

  private step(context: RequestContext, id: string, transition: PlainStep, of: { reason?: string; version?: number | null } = {}): Result {
    return this.change(context, id, () => this.services.engagements.act(id, transition, { ...of, actor: context.actor }));
  }

  private change(context: RequestContext, id: string, work: () => Promise<void>): Result {
    return this.answer(context, async () => {
      await work();
      return id;
    });
  }

  private answer(context: RequestContext, work: () => Promise<string>): Result {
    return attempt(async () => (await reload(context, engagementById, await work())) ?? refuse(whatIsMissing('engagement')));
  }
}

function EngagementId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the engagement.' });
}

function Version() {
  return Arg('version', () => Int, { description: 'Version of the engagement that you looked at.' });
}

function ChangeId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the change.' });
}
