import type { ConstraintProblems, Database } from '../platform/database/index.js';
import type { Jobs } from '../platform/jobs/index.js';
import { NotAllowedInThisState, ValidationProblem } from '../platform/problem.js';
import { Choices } from './proposals/choice.service.js';
import { createEngagements, type EngagementPart, engagementProcesses } from './engagements/index.js';
import { AlreadyInvited, invitationProcess } from './proposals/invitation.process.js';
import { InvitationResolver, RequestBriefResolver } from './proposals/invitation.resolver.js';
import { Invitations } from './proposals/invitation.service.js';
import { PartnerSchoolResolver, RequestToJoinResolver } from './requests/joint.resolver.js';
import { PurchaseLimitsResolver } from './proposals/limits.resolver.js';
import { PurchaseLimits } from './proposals/limits.service.js';
import { proposalProcess } from './proposals/proposal.process.js';
import { ProposalResolver } from './proposals/proposal.resolver.js';
import { Proposals } from './proposals/proposal.service.js';
import { requestProcess } from './requests/request.process.js';
import { RequestResolver } from './requests/request.resolver.js';
import { Requests } from './requests/request.service.js';

export { brokerageFollower } from './following.js';
export {
  Concern,
  concernById,
  Engagement,
  EngagementConnection,
  engagementById,
  engagementIsVisible,
  EngagementObjective,
  engagementValues,
  isOfTheProvider,
  isOfTheSchool,
  objectivesOf,
  Review,
  seesConcern,
  seesEngagement,
} from './engagements/index.js';
export { type EngagementFacts, factsOfEngagements } from './engagements/engagement.facts.js';
export { engagementProcess, hadBegun, NotConfirmed, partyOf, worksInSchool } from './engagements/engagement.process.js';
export { maySign, nobodySigns } from './engagements/engagement.visibility.js';
export * from './engagements/engagement.vocabulary.js';
export { type Price, wholeCost } from './proposals/limits.js';
export { invitationById, proposalById } from './proposals/invitation.read.js';
export { Invitation, Proposal } from './proposals/invitation.type.js';
export { requestById } from './requests/request.read.js';
export { brokerageLeaving } from './leaving.js';
export { brokerageRetention } from './retention.js';
export { type ReferralDraft, Requests } from './requests/request.service.js';
export { SupportRequest, SupportRequestConnection } from './requests/request.type.js';
export { isOfSchool, requestIsVisible, requestValues, seesInvitation, seesProposal, seesRequest } from './visibility.js';
export * from './vocabulary.js';

export const brokerageProcesses = [requestProcess, invitationProcess, proposalProcess, ...engagementProcesses];

const daysInOrder = (field: string) => () => new ValidationProblem([{ field, message: 'The last day cannot be before the first.' }]);

/** What two people who act at the same moment are told when the database refuses the second; and days in the wrong order. */
export const brokerageConstraints: ConstraintProblems = {
  request_days: daysInOrder('wantedTo'),
  proposal_days: daysInOrder('endsOn'),
  invitation_once: () => new AlreadyInvited('The provider has been invited already.'),
  proposal_once: () => new NotAllowedInThisState('You have made a proposal already. You can revise it until the closing date.'),
  proposal_chosen: () => new NotAllowedInThisState('A proposal has been chosen already.'),
};

export interface Brokerage extends Omit<EngagementPart, 'resolvers' | 'jobs' | 'passTime'> {
  requests: Requests;
  invitations: Invitations;
  proposals: Proposals;
  choices: Choices;
  limits: PurchaseLimits;
  passTimeForEngagements(): Promise<void>;
  resolvers: object[];
  jobs: Jobs;
}

/** Puts the room together. */
export function createBrokerage(db: Database): Brokerage {
  const requests = new Requests(db);
  const invitations = new Invitations(db);
  const proposals = new Proposals(db);
  const choices = new Choices(db);
  const limits = new PurchaseLimits(db);
  const { passTime: passTimeForEngagements, resolvers, jobs, ...engagementServices } = createEngagements(db);
  return {
    ...engagementServices,
    passTimeForEngagements,
    requests,
    invitations,
    proposals,
    choices,
    limits,
    resolvers: [
      new RequestResolver(requests, invitations),
      new PartnerSchoolResolver(),
      new RequestToJoinResolver(),
      new InvitationResolver(invitations),
      new RequestBriefResolver(),
      new ProposalResolver(proposals, choices),
      new PurchaseLimitsResolver(limits),
      ...resolvers,
    ],
    jobs: {
      tasks: { 'pass-time-for-requests': () => requests.passTime(), ...jobs.tasks },
      schedule: [{ task: 'pass-time-for-requests', pattern: '*/5 * * * *' }, ...jobs.schedule],
    },
  };
}
