import type { ConstraintProblems, Database } from '../platform/database/index.js';
import type { Jobs } from '../platform/jobs/index.js';
import { NotAllowedInThisState } from '../platform/problem.js';
import { appealProcess, AppealResolver, Appeals, providerSuspended, recommendationDecision } from './appeals/index.js';
import { directoryFollower } from './following.js';
import type { Follower } from '../schools/index.js';
import { ListingChangesResolver, ProviderChangesResolver } from './changes/changes.resolver.js';
import { WaitingChanges } from './changes/waiting.service.js';
import { ContactResolver } from './contacts/contact.resolver.js';
import { contactsNamed } from './contacts/telling.js';
import { ListingEntity, ProviderEntity } from './directory.entity.js';
import { ListingResolver, ProviderListingsResolver } from './listing.resolver.js';
import { listingProcess } from './listing.process.js';
import { Listings } from './listing.service.js';
import { providerProcess } from './provider.process.js';
import { ProviderResolver } from './provider.resolver.js';
import { type OnListingsChanged, Providers, SchoolHasProvider } from './provider.service.js';
import { Policies, PolicyResolver } from './policy/index.js';
import { ListingWithheldResolver, listingWithheld, Withholdings, withholdingProcess, WithholdingResolver } from './withholding/index.js';
import { Reciprocal } from './interests/index.js';
import { CircleResolver, MembershipJudgementsResolver, ProviderJudgementsResolver, RecommendationJudgementsResolver } from './judgements/judgement.resolver.js';
import { carryNominations, directoryLeaving, NominatedTwice, nominationProcess, NominationResolver, Nominations, nominationsRetention, TakingUp } from './nominations/index.js';
import { recommendationProcess, SameSchoolTwice } from './recommendation.process.js';
import { ListingRecommendationsResolver, ProviderRecommendationsResolver, RecommendationResolver } from './recommendation.resolver.js';
import { Recommendations } from './recommendation.service.js';
import { ListingChangeCostResolver, ListingVouchedResolver, VouchedResolver } from './vouched/vouched.resolver.js';

export { type Appealable, Appeals, lastStep, roleRefused } from './appeals/index.js';
export { importProviders, type ProvidersImportOptions } from './import/import.js';
export { formatProvidersSummary, type ProvidersImportSummary } from './import/summary.js';
export { listingById } from './listing.read.js';
export { Listings, problemsWithListing } from './listing.service.js';
export { Listing } from './listing.type.js';
export { listingsWithheld, listingsWithheldFromSchool } from './withholding/index.js';
export { awaitsOfficer, EXCUSED_DAYS, forgetWrongBodies, HasInterest, hasInterestInWhatSchoolVouchesFor, type Interest, interestInDeciding, interestInVouching, interestOf, type Obstacle, refuseInterest, whyItWaits } from './interests/index.js';
export { mayBeAlternative } from './judgements/alternatives.js';
export { carryNominations, contactsNamed, directoryLeaving };
export { isFor as nominationIsFor } from './nominations/index.js';
export { providerById } from './provider.read.js';
export { type OnListingsChanged, problemsWithProfile, problemsWithRegistration, Providers } from './provider.service.js';
export { Provider } from './provider.type.js';
export { recommendationProblems, renewableFrom } from './recommendation.process.js';
export { recommendationById } from './recommendation.read.js';
export { Recommendations } from './recommendation.service.js';
export { Recommendation } from './recommendation.type.js';
export { providerIsVisible, seesListing, seesProvider, visibilityValues } from './visibility.js';
export * from './vocabulary.js';

export const directoryRetention = nominationsRetention;
export const directoryEntities = [ProviderEntity, ListingEntity];
export const directoryProcesses = [providerProcess, recommendationProcess, nominationProcess, listingProcess, appealProcess, withholdingProcess];

/** What two people who act at the same moment are told when the database refuses the second. */
export const directoryConstraints: ConstraintProblems = {
  recommendation_reciprocal: () => new Reciprocal('The two schools would recommend each other. That is not possible.'),
  recommendation_same_school: () => new SameSchoolTwice('The school has recommended this provider, or has been asked to, already.'),
  nomination_once: () => new NominatedTwice('The school has an open nomination with this address already.'),
  listing_withheld_once: () => new NotAllowedInThisState('Your local authority withholds this listing already.'),
  provider_school: () => new SchoolHasProvider('That school is in the directory as a provider already. Ask its administrator to give you a role in it.'),
};

export interface Directory {
  providers: Providers;
  listings: Listings;
  recommendations: Recommendations;
  nominations: Nominations;
  takingUp: TakingUp;
  waitingChanges: WaitingChanges;
  policies: Policies;
  appeals: Appeals;
  withholdings: Withholdings;
  follower: Follower;
  resolvers: object[];
  jobs: Jobs;
}

/** Puts the room together. `onListingsChanged` is told, in each writer's transaction, what the search finds differently. */
export function createDirectory(db: Database, publicUrl: string, onListingsChanged: OnListingsChanged): Directory {
  const providers = new Providers(db, onListingsChanged);
  const listings = new Listings(db, providers, onListingsChanged);
  const recommendations = new Recommendations(db, providers, publicUrl);
  const nominations = new Nominations(db, publicUrl);
  const takingUp = new TakingUp(db, providers, recommendations);
  const waitingChanges = new WaitingChanges(db, providers);
  const policies = new Policies(db, providers, onListingsChanged);
  const withholdings = new Withholdings(db, onListingsChanged);
  const appeals = new Appeals(db);
  appeals.accept('PROVIDER_SUSPENDED', providerSuspended(providers));
  appeals.accept('RECOMMENDATION_FLAGGED', recommendationDecision(providers, 'flag'));
  appeals.accept('RECOMMENDATION_REJECTED', recommendationDecision(providers, 'reject'));
  appeals.accept('LISTING_WITHHELD', listingWithheld(withholdings));
  return {
    providers,
    listings,
    recommendations,
    nominations,
    takingUp,
    waitingChanges,
    policies,
    appeals,
    withholdings,
    follower: directoryFollower(policies, onListingsChanged),
    resolvers: [
      new ProviderResolver(providers),
      new ContactResolver(),
      new ListingResolver(listings),
      new ProviderListingsResolver(),
      new RecommendationResolver(recommendations),
      new NominationResolver(nominations, takingUp),
      new ProviderRecommendationsResolver(),
      new ListingRecommendationsResolver(),
      new RecommendationJudgementsResolver(),
      new CircleResolver(),
      new ProviderJudgementsResolver(),
      new MembershipJudgementsResolver(),
      new ProviderChangesResolver(waitingChanges),
      new ListingChangesResolver(),
      new ListingChangeCostResolver(listings),
      new VouchedResolver(recommendations),
      new ListingVouchedResolver(),
      new PolicyResolver(policies),
      new AppealResolver(appeals),
      new WithholdingResolver(withholdings),
      new ListingWithheldResolver(),
    ],
    jobs: {
      tasks: {
        'expire-checks': () => providers.expireChecks(),
        'pass-time-for-recommendations': () => recommendations.passTime(),
        'pass-time-for-nominations': () => nominations.passTime(),
        'pass-time-for-memberships': () => providers.passTimeForMemberships(),
      },
      schedule: [
        { task: 'expire-checks', pattern: '10 3 * * *' },
        { task: 'pass-time-for-recommendations', pattern: '20 3 * * *' },
        { task: 'pass-time-for-nominations', pattern: '25 3 * * *' },
        { task: 'pass-time-for-memberships', pattern: '30 3 * * *' },
      ],
    },
  };
}
