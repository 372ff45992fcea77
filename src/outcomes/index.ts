import { type Appeals, lastStep, type Recommendations } from '../directory/index.js';
import { system } from '../platform/actor.js';
import { move } from '../platform/process/index.js';
import type { ConstraintProblems, Database } from '../platform/database/index.js';
import type { Jobs } from '../platform/jobs/index.js';
import { NotAllowedInThisState } from '../platform/problem.js';
import { releaseEvidence } from './evidence.release.js';
import { EvidenceResolver, ListingEvidenceResolver, ProviderEvidenceResolver, RatingWordsResolver } from './evidence.resolver.js';
import { GovernorsResolver } from './governors.resolver.js';
import { ratingProcess } from './rating.process.js';
import { EngagementRatingResolver, RatingFormResolver, RatingResolver } from './rating.resolver.js';
import { Ratings } from './rating.service.js';
import { RecommendFromRatingResolver } from './recommend.resolver.js';
import { SimilarNeedsResolver } from './similar-needs.resolver.js';
import { releaseUnmetNeed } from './unmet-need.release.js';
import { UnmetNeedResolver } from './unmet-need.resolver.js';

export { outcomesFollower } from './following.js';
export { listingsWithEvidence } from './evidence.read.js';
export { ratingById } from './rating.read.js';
export { type Answering, type RatingGiven, Ratings } from './rating.service.js';
export { Rating } from './rating.type.js';
export { outcomesRetention } from './retention.js';
export { noteEmptySearch } from './search-miss.js';
export { ratingIsVisible, ratingValues, seesRating } from './visibility.js';
export * from './vocabulary.js';

export const outcomesProcesses = [ratingProcess];

/** What two people who rate at the same moment are told when the database refuses the second. */
export const outcomesConstraints: ConstraintProblems = {
  rating_once: () => new NotAllowedInThisState('It has been rated already. You can change the rating for 14 days.'),
};

export interface Outcomes {
  ratings: Ratings;
  /** Job: releases what is due to the public. */
  releaseEvidence(): Promise<void>;
  /** Job: releases what is due to officers. */
  releaseUnmetNeed(): Promise<void>;
  resolvers: object[];
  jobs: Jobs;
}

/** Puts the room together. */
export function createOutcomes(db: Database, recommendations: Recommendations, appeals: Appeals): Outcomes {
  appeals.accept('RATING_WORDS_HIDDEN', {
    sides: ['SCHOOL', 'PROVIDER'],
    find: lastStep('Rating', 'hideWords', {
      from: 'rating x JOIN engagement e ON e.id = x.engagement_id',
      inForce: 'x.words_hidden',
      title: `'The words of the rating of “' || e.title || '” are hidden from the public'`,
      provider: 'e.provider_id',
      school: 'e.school_urn',
    }),
    undo: async (tx, id, { reason }) => {
      await move(tx, ratingProcess, id, 'showWordsOnAppeal', { actor: system, reason: `The appeal was judged: ${reason}`, set: { words_hidden: false } });
    },
  });
  const ratings = new Ratings(db);
  const outcomes = { ratings, releaseEvidence: () => releaseEvidence(db), releaseUnmetNeed: () => releaseUnmetNeed(db) };
  return {
    ...outcomes,
    resolvers: [
      new RatingResolver(ratings),
      new EngagementRatingResolver(),
      new RatingFormResolver(),
      new ListingEvidenceResolver(),
      new ProviderEvidenceResolver(),
      new EvidenceResolver(),
      new RatingWordsResolver(ratings),
      new RecommendFromRatingResolver(recommendations),
      new UnmetNeedResolver(),
      new SimilarNeedsResolver(),
      new GovernorsResolver(),
    ],
    jobs: {
      tasks: {
        'pass-time-for-ratings': () => ratings.passTime(),
        'release-evidence': outcomes.releaseEvidence,
        'release-unmet-need': outcomes.releaseUnmetNeed,
      },
      schedule: [
        { task: 'pass-time-for-ratings', pattern: '30 3 * * *' },
        { task: 'release-evidence', pattern: '50 3 * * *' },
        { task: 'release-unmet-need', pattern: '55 3 * * *' },
      ],
    },
  };
}
