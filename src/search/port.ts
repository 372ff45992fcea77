import type { Assurance, Category, Delivery, EcmOutcome, ProviderKind, SupportPhase } from '../directory/index.js';
import type { Point } from '../schools/index.js';

/** Prices as stated, whatever they buy. */
export const priceBands = {
  FREE: 'Free',
  UP_TO_100: 'Up to £100',
  UP_TO_500: 'Over £100, up to £500',
  UP_TO_2000: 'Over £500, up to £2,000',
  OVER_2000: 'Over £2,000',
  ON_AGREEMENT: 'Price on agreement',
};
export type PriceBand = keyof typeof priceBands;

/** How near help is to a school: each listing is in the first of these that it fits. */
export const rings = {
  OWN_SCHOOL: 'Your own school',
  PARTNERSHIP: 'Your partnership',
  LA: 'Your local authority',
  WIDER: 'Further away',
};
export type Ring = keyof typeof rings;

/** The groups by which a search is narrowed. Inside a group a listing needs one of the values, between groups all. */
export interface Choices {
  categories: Category[];
  ecmOutcomes: EcmOutcome[];
  phases: SupportPhase[];
  kinds: ProviderKind[];
  assurances: Assurance[];
  deliveries: Delivery[];
  /** LA codes; a listing covers an LA by name, by its radius reaching an open school there, or by being national. */
  laCodes: string[];
  free: boolean[];
  priceBands: PriceBand[];
  hasCapacity: boolean[];
  /** Counted, and narrowing, only where `neighbours` says around which school. */
  rings: Ring[];
}
export type FacetGroup = keyof Choices;
export const facetGroups: readonly FacetGroup[] = ['categories', 'ecmOutcomes', 'phases', 'kinds', 'assurances', 'deliveries', 'laCodes', 'free', 'priceBands', 'hasCapacity', 'rings'];

/** A school and those around it, by which providers are told apart that are schools themselves or belong to an LA. */
export interface Neighbours {
  urn: number;
  /** URNs of the other schools of its partnerships. */
  partnership: number[];
  laCode: string;
}

/** More words of a query, those aside that say nothing, are not looked at. */
export const MOST_WORDS = 10;

/** Fewer listings than these with all words are next to none. */
export const FEW = 3;

export interface SearchQuery extends Partial<Choices> {
  /**
   * In any order, with slips of the pen; the last may be unfinished. The first MOST_WORDS that say something count. All are
   * needed; but where fewer than FEW listings have all, those that have most of them come after, whatever the order.
   */
  words?: string;
  /** Where distances are measured from. */
  from?: Point;
  /** Metres: only listings whose provider's base is as near to `from`. */
  within?: number;
  neighbours?: Neighbours;
  /** URNs of schools whose own listings are left out. */
  withoutSchools?: number[];
  /** Ids of listings that are left out: those that the LA of the school around which is searched withholds from its area. */
  withheld?: string[];
  /** Ids of the only listings that may be found. */
  among?: string[];
  /**
   * RELEVANCE, if left out: how well the words fit, in coarse steps; inside a step, or without words, an order by
   * chance that changes daily. NEWEST: last published first, then by id. DISTANCE: nearest base to `from` first (which
   * must be given; engines may exchange two that differ by less than 25 metres), those without a base last, then by id.
   */
  order?: 'RELEVANCE' | 'NEWEST' | 'DISTANCE';
  /** False: only the total and the hits are wanted, and every group comes empty. */
  facets?: boolean;
  offset: number;
  limit: number;
}

/** What search knows of a listing: `search_document.content`, as far as it is told to people. */
export interface DocumentContent {
  title: string;
  summary: string;
  description: string;
  keywords: string[];
  labels: string[];
  providerName: string;
  national: boolean;
  laCodes: string[];
  schoolUrn: number | null;
  homeLa: string | null;
  easting: number | null;
  northing: number | null;
}

export interface SearchHit {
  listingId: string;
  content: DocumentContent;
}

export interface FacetCount {
  value: string;
  /** Listings that match the words and every other group's choice. */
  count: number;
}

export type Facets = Record<FacetGroup, FacetCount[]>;
export const noFacets = Object.fromEntries(facetGroups.map((group) => [group, []])) as unknown as Facets;

/** A word of the documents that a typed word stands for: in lower case, without accents and apostrophes. */
export interface MatchedWord {
  word: string;
  /** Whatever begins with it is meant too. */
  begins: boolean;
}

export interface SearchAnswer {
  /** Of these none was hidden when they were read; a page is shorter where one had become so unnoticed. */
  hits: SearchHit[];
  total: number;
  /** Each value that occurs, and the chosen ones, in no order. */
  facets: Facets;
  /** What the words were taken for, for marking and explaining the hits of this page. */
  matched: MatchedWord[];
  /** Whether some have only most of the words, because next to none has all. */
  partly: boolean;
  engine: 'POSTGRES' | 'MEILISEARCH';
  /** Why the answer came from the second-best engine; null when it did not. */
  degraded: string | null;
}

/** A search engine. Both pass one contract suite; they agree on filters, facets and explicit orders, not on how words rank. */
export interface SearchEngine {
  search(query: SearchQuery): Promise<SearchAnswer>;
}
