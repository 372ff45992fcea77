import type { Role } from '../../platform/actor.js';
import type {
  Assurance,
  Capacity,
  Category,
  CheckKind,
  Delivery,
  EcmOutcome,
  ListingState,
  PriceUnit,
  ProviderKind,
  RecommendationState,
  SupportPhase,
  Vat,
} from '../../directory/index.js';
import type { ObjectiveResult } from '../../outcomes/index.js';

export interface SchoolContent {
  urn: number;
  name: string;
  type: string;
  phase: 'NURSERY' | 'PRIMARY' | 'MIDDLE_DEEMED_PRIMARY' | 'MIDDLE_DEEMED_SECONDARY' | 'SECONDARY' | 'SIXTEEN_PLUS' | 'ALL_THROUGH';
  ages: [number, number];
  town: string;
  street: string;
  trust?: string;
  federation?: string;
  religion?: string;
  gender?: 'Girls' | 'Boys';
  /** Name of its e-mail domain: head@NAME.example leads it, and one person may lead two. */
  mail: string;
  head: string;
  /** Closed two years ago; the URN is its successor. */
  closedInto?: number;
}

export interface PersonContent {
  name: string;
  email: string;
  role: Role;
  title: string;
  school?: number;
  trust?: string;
  la?: string;
  /** Key of a provider. */
  provider?: string;
  /** Asked for the role and waits for somebody to confirm it. */
  waiting?: boolean;
}

export interface ListingContent {
  title: string;
  summary: string;
  description: string;
  categories: Category[];
  outcomes: EcmOutcome[];
  phases: SupportPhase[];
  keywords: string[];
  delivery: Delivery[];
  where: { national?: true; las?: string[]; km?: number };
  price: { pounds: number; per: PriceUnit; vat: Vat } | { free: string | true } | 'BESPOKE';
  capacity?: Capacity;
  /** Days from now until it can begin. */
  availableIn?: number;
  evidence?: string;
  state?: ListingState;
}

/** `{term}` and `{year}` in `when` become the school term and year before the recommendation was given. */
export interface RecommendationContent {
  from: number;
  /** E-mail address of who gives it, when it is not the head. */
  by?: string;
  state?: RecommendationState;
  /** The provider's words when it asked; without them the school recommended unprompted. */
  invited?: string;
  /** Positions of the listings it vouches for. */
  of?: number[];
  done?: string;
  when?: string;
  changed?: string;
  /** Why the officer flagged or rejected it. */
  reason?: string;
}

export interface ProviderContent {
  key: string;
  kind: ProviderKind;
  assurance?: Assurance;
  name: string;
  summary: string;
  description: string;
  website?: string;
  contact: { name: string; role: string; email: string; phone?: string };
  /** A town; a school provider is based at its school. */
  base: string;
  school?: number;
  interests: string | null;
  safeguarding: string;
  la?: string;
  assuredBy?: string;
  assuredLink?: string;
  /** Registered, its profile never finished. */
  draft?: true;
  /** The checks that are done; all of them when not said. */
  checks?: CheckKind[];
  suspended?: string;
  withdrawn?: string;
  listings: ListingContent[];
  recommendations: RecommendationContent[];
}

/** Support that schools recorded in one screen, that is over, and of which they have told what came of it. */
export interface FinishedContent {
  /** Key of the provider: its first listing. */
  provider: string;
  objective: string;
  baseline: string;
  category: Category;
  phase?: SupportPhase;
  vat?: Vat;
  /** Given by each of several schools, which is what makes evidence. */
  schools: {
    urn: number;
    /** Days before now: recorded and begun, completed, rated. */
    days: [number, number, number];
    pounds: number;
    result: ObjectiveResult;
    after: string;
    /** How many pupils the figures are of. */
    cohort?: number;
    helpfulness: 1 | 2 | 3 | 4;
    wouldRecommend?: false;
    words: string;
    mayBeAsked?: true;
    reply?: string;
  }[];
}
