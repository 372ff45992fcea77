import { enumOf } from '../directory/index.js';

export const requestStates = {
  DRAFT: 'Draft',
  AWAITING_SCHOOL: 'Waiting for the school',
  OPEN: 'Open',
  AGREED: 'Agreed',
  CLOSED_UNMET: 'Closed, need not met',
  WITHDRAWN: 'Withdrawn',
  EXPIRED: 'Expired',
};
export type RequestState = keyof typeof requestStates;
export const RequestState = enumOf('SupportRequestState', 'Where a request for support stands in its process.', requestStates);

export const invitationStates = {
  SENT: 'Sent',
  OPENED: 'Opened',
  RESPONDED: 'Answered by a proposal',
  DECLINED: 'Declined',
  EXPIRED: 'Expired',
  CANCELLED: 'Cancelled',
};
export type InvitationState = keyof typeof invitationStates;
export const InvitationState = enumOf('ProposalInvitationState', 'Where an invitation to propose stands in its process.', invitationStates);

export const proposalStates = { SUBMITTED: 'Submitted', CHOSEN: 'Chosen', NOT_CHOSEN: 'Not chosen', WITHDRAWN: 'Withdrawn' };
export type ProposalState = keyof typeof proposalStates;
export const ProposalState = enumOf('ProposalState', 'Where a proposal stands in its process.', proposalStates);
