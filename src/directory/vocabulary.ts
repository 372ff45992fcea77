import { registerEnumType } from 'type-graphql';

/** A closed list of words: its values, and for each the label that people read. */
export type Words<Value extends string> = Record<Value, string>;

/** Makes a closed list a GraphQL enum, its labels the descriptions of the values. */
export function enumOf<Value extends string>(name: string, description: string, words: Words<Value>): { [V in Value]: V } {
  const values = Object.fromEntries(Object.keys(words).map((value) => [value, value])) as { [V in Value]: V };
  registerEnumType(values, {
    name,
    description,
    valuesConfig: Object.fromEntries(Object.entries<string>(words).map(([value, label]) => [value, { description: label }])) as never,
  });
  return values;
}

export const categories = {
  LEADERSHIP_AND_MANAGEMENT: 'Leadership and management',
  TEACHING_AND_LEARNING: 'Teaching and learning',
  CURRICULUM_AND_SUBJECTS: 'Curriculum and subjects',
  ASSESSMENT_AND_DATA: 'Assessment and data',
  BEHAVIOUR_AND_ATTENDANCE: 'Behaviour and attendance',
  SEND_AND_INCLUSION: 'SEND and inclusion',
  EARLY_YEARS: 'Early years',
  SAFEGUARDING_AND_WELLBEING: 'Safeguarding and wellbeing',
  GOVERNANCE: 'Governance',
  FINANCE_AND_OPERATIONS: 'Finance and operations',
};
export type Category = keyof typeof categories;
export const Category = enumOf('Category', 'What the support is about.', categories);

export const ecmOutcomes = {
  BE_HEALTHY: 'Be healthy',
  STAY_SAFE: 'Stay safe',
  ENJOY_AND_ACHIEVE: 'Enjoy and achieve',
  POSITIVE_CONTRIBUTION: 'Make a positive contribution',
  ECONOMIC_WELLBEING: 'Achieve economic well-being',
};
export type EcmOutcome = keyof typeof ecmOutcomes;
export const EcmOutcome = enumOf('EcmOutcome', 'An Every Child Matters outcome that the support serves.', ecmOutcomes);

export const supportPhases = {
  NURSERY: 'Nursery and early years',
  PRIMARY: 'Primary',
  SECONDARY: 'Secondary',
  SIXTEEN_PLUS: '16 plus',
};
export type SupportPhase = keyof typeof supportPhases;
export const SupportPhase = enumOf('SupportPhase', 'The pupils that the support is for. An all-through or middle school looks under more than one.', supportPhases);

export const deliveries = {
  IN_SCHOOL: 'In school',
  ONLINE: 'Online',
  AT_PROVIDER: 'At the provider',
  BLENDED: 'Blended',
};
export type Delivery = keyof typeof deliveries;
export const Delivery = enumOf('Delivery', 'How the support reaches the school.', deliveries);

export const providerKinds = {
  SCHOOL: 'School',
  SOLE_TRADER: 'Sole trader',
  COMPANY: 'Company',
  CHARITY: 'Charity',
  UNIVERSITY: 'University',
  HUB: 'Hub',
  COUNCIL_SERVICE: 'Council service',
  NATIONAL_PROGRAMME: 'National programme',
};
export type ProviderKind = keyof typeof providerKinds;
export const ProviderKind = enumOf('ProviderKind', 'What the provider is.', providerKinds);

export const assurances = {
  RECOMMENDED: 'Recommended by schools',
  COUNCIL: 'Council service',
  NATIONAL: 'National programme or resource',
};
export type Assurance = keyof typeof assurances;
export const Assurance = enumOf('Assurance', 'On whose word the provider is listed.', assurances);

export const capacities = {
  AVAILABLE: 'Available now',
  LIMITED: 'A few places left',
  FULL: 'Full at present',
};
export type Capacity = keyof typeof capacities;
export const Capacity = enumOf('Capacity', 'Whether the provider can take on more now.', capacities);

export const priceKinds = { FREE: 'Free', PRICED: 'Priced', BESPOKE: 'Price on agreement' };
export type PriceKind = keyof typeof priceKinds;
export const PriceKind = enumOf('PriceKind', 'How the support is paid for.', priceKinds);

export const priceUnits = {
  HOUR: 'an hour',
  HALF_DAY: 'a half day',
  DAY: 'a day',
  SESSION: 'a session',
  PUPIL: 'a pupil',
  PUPIL_HOUR: 'an hour for each pupil',
  COURSE: 'a course',
  TERM: 'a term',
  YEAR: 'a year',
  ONE_OFF: 'in all',
};
export type PriceUnit = keyof typeof priceUnits;
export const PriceUnit = enumOf('PriceUnit', 'What the price buys.', priceUnits);

export const vatTreatments = {
  INCLUDED: 'VAT included',
  ADDED: 'plus VAT',
  NOT_CHARGED: 'no VAT',
};
export type Vat = keyof typeof vatTreatments;
export const Vat = enumOf('Vat', 'How VAT stands to the price.', vatTreatments);

export const listingStates = { DRAFT: 'Draft', PUBLISHED: 'Published', REMOVED: 'Removed' };
export type ListingState = keyof typeof listingStates;
export const ListingState = enumOf('ListingState', 'Where a listing stands in its process.', listingStates);

export const providerStates = {
  DRAFT: 'Draft',
  AWAITING_RECOMMENDATIONS: 'Awaiting recommendations',
  LISTED: 'Listed',
  SUSPENDED: 'Suspended',
  LAPSED: 'Lapsed',
  WITHDRAWN: 'Withdrawn',
};
export type ProviderState = keyof typeof providerStates;
export const ProviderState = enumOf('ProviderState', 'Where a provider stands in its process.', providerStates);

export const recommendationStates = {
  INVITED: 'Invited',
  GIVEN: 'Given',
  DECLINED: 'Declined',
  EXPIRED: 'Expired',
  FLAGGED: 'Being looked at',
  REJECTED: 'Rejected',
  WITHDRAWN: 'Withdrawn',
  LAPSED: 'Lapsed',
};
export type RecommendationState = keyof typeof recommendationStates;
export const RecommendationState = enumOf('RecommendationState', 'Where a recommendation stands in its process.', recommendationStates);

export const nominationStates = {
  OPEN: 'Open',
  TAKEN_UP: 'Taken up',
  WITHDRAWN: 'Withdrawn',
  DECLINED: 'Declined',
  EXPIRED: 'Expired',
};
export type NominationState = keyof typeof nominationStates;
export const NominationState = enumOf('NominationState', 'Where a nomination stands in its process.', nominationStates);

export const alikeIn = {
  PEOPLE: 'its people',
  SCHOOL: 'the school',
  NAME: 'its name',
  ADDRESS: 'its address',
  WEBSITE: 'its website',
};
export type AlikeIn = keyof typeof alikeIn;
export const AlikeIn = enumOf('AlikeIn', 'In what two providers are the same, or nearly.', alikeIn);

export const alikePersonWhys = {
  SAME_MAILBOX: 'has an address of the same mailbox',
  SAME_NAME_IN_SCHOOL: 'has the same name, in the school',
  SAME_NAME_IN_PROVIDER: 'has the same name, in a provider that the school recommends or is asked to',
};
export type AlikePersonWhy = keyof typeof alikePersonWhys;
export const AlikePersonWhy = enumOf('AlikePersonWhy', 'Why two people may be one.', alikePersonWhys);

export const checkKinds = {
  SAFEGUARDING: 'Safeguarding statement',
  INSURANCE: 'Insurance',
  INTERESTS: 'Declared interests',
};
export type CheckKind = keyof typeof checkKinds;
export const CheckKind = enumOf('CheckKind', 'What the assuring LA checks before a provider is listed.', checkKinds);
