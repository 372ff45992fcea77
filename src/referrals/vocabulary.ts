import { enumOf } from '../directory/index.js';

export const visitStates = { PLANNED: 'Planned', HELD: 'Held', CANCELLED: 'Cancelled' };
export type VisitState = keyof typeof visitStates;
export const VisitState = enumOf('VisitState', 'Where a SIP’s visit stands in its process.', visitStates);

export const referralStates = { SENT: 'Sent', ACCEPTED: 'Accepted', DECLINED: 'Declined', EXPIRED: 'Expired', WITHDRAWN: 'Withdrawn' };
export type ReferralState = keyof typeof referralStates;
export const ReferralState = enumOf('ReferralState', 'Where a referral stands in its process.', referralStates);

export const suggestionRequestStates = { OPEN: 'Open', CLOSED: 'Closed', EXPIRED: 'Expired' };
export type SuggestionRequestState = keyof typeof suggestionRequestStates;
export const SuggestionRequestState = enumOf('SuggestionRequestState', 'Where a SIP’s question to other SIPs stands in its process.', suggestionRequestStates);
