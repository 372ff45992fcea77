import type { ProcessNotices } from '../telling.js';
import { appealNotices } from './appeal.js';
import { concernNotices } from './concern.js';
import { engagementNotices } from './engagement.js';
import { importNotices } from './import.js';
import { invitationNotices } from './invitation.js';
import { listingNotices } from './listing.js';
import { nominationNotices } from './nomination.js';
import { partnershipNotices } from './partnership.js';
import { proposalNotices } from './proposal.js';
import { providerNotices } from './provider.js';
import { ratingNotices } from './rating.js';
import { recommendationNotices } from './recommendation.js';
import { referralNotices } from './referral.js';
import { requestNotices } from './request.js';
import { assignmentNotices, roleNotices } from './role.js';
import { suggestionRequestNotices } from './suggestion-request.js';
import { visitNotices } from './visit.js';
import { withholdingNotices } from './withholding.js';

/** What is told of every process. */
export const processNotices: readonly ProcessNotices[] = [
  partnershipNotices,
  providerNotices,
  recommendationNotices,
  nominationNotices,
  listingNotices,
  appealNotices,
  withholdingNotices,
  visitNotices,
  referralNotices,
  suggestionRequestNotices,
  requestNotices,
  invitationNotices,
  proposalNotices,
  engagementNotices,
  concernNotices,
  ratingNotices,
  roleNotices,
  assignmentNotices,
  importNotices,
];
