import type { Requests } from '../brokerage/index.js';
import type { ConstraintProblems, Database } from '../platform/database/index.js';
import type { Jobs } from '../platform/jobs/index.js';
import { InterestResolver, NamedListingResolver } from './interest.resolver.js';
import { type InterestChanged, Interests } from './interest.service.js';
import { AlreadyReferred, referralProcess } from './referral.process.js';
import { ReferralResolver } from './referral.resolver.js';
import { Referrals } from './referral.service.js';
import { ShortlistResolver } from './shortlist.resolver.js';
import { Shortlists } from './shortlist.service.js';
import { suggestionRequestProcess } from './suggestion.process.js';
import { LocalAuthoritySuggestionsResolver, SuggestionRequestResolver, SuggestionResolver } from './suggestion.resolver.js';
import { Suggestions } from './suggestion.service.js';
import { visitProcess } from './visit.process.js';
import { AgendaPointResolver, VisitResolver } from './visit.resolver.js';
import { Visits } from './visit.service.js';

export { referralsFollower } from './following.js';
export { Interests } from './interest.service.js';
export { referralsLeaving } from './leaving.js';
export { openWorkAt } from './open-work.js';
export { Referrals } from './referral.service.js';
export { referralsRetention } from './retention.js';
export { Shortlists } from './shortlist.service.js';
export { Suggestions } from './suggestion.service.js';
export { Visits } from './visit.service.js';

export const referralsProcesses = [visitProcess, referralProcess, suggestionRequestProcess];

export const referralsConstraints: ConstraintProblems = {
  referral_waiting_once: () => new AlreadyReferred('You have referred the school to these listings already, and it has not answered yet.'),
};

export interface ReferralsRoom {
  visits: Visits;
  shortlists: Shortlists;
  referrals: Referrals;
  interests: Interests;
  suggestions: Suggestions;
  resolvers: object[];
  jobs: Jobs;
}

/** Puts the room together. @param interestChanged what follows when somebody declares an interest, or has none any more */
export function createReferrals(db: Database, requests: Pick<Requests, 'draftFromReferral'>, interestChanged: InterestChanged): ReferralsRoom {
  const visits = new Visits(db);
  const shortlists = new Shortlists(db);
  const referrals = new Referrals(db, requests);
  const interests = new Interests(db, interestChanged);
  const suggestions = new Suggestions(db);
  return {
    visits,
    shortlists,
    referrals,
    interests,
    suggestions,
    resolvers: [
      new VisitResolver(visits),
      new AgendaPointResolver(),
      new ShortlistResolver(shortlists),
      new ReferralResolver(referrals),
      new InterestResolver(interests),
      new NamedListingResolver(),
      new SuggestionRequestResolver(suggestions),
      new SuggestionResolver(),
      new LocalAuthoritySuggestionsResolver(suggestions),
    ],
    jobs: {
      tasks: {
        'pass-time-for-referrals': async () => {
          await referrals.passTime();
          await suggestions.passTime();
        },
      },
      schedule: [{ task: 'pass-time-for-referrals', pattern: '15 * * * *' }],
    },
  };
}
