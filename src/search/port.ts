import type { Assurance, Category, Delivery, EcmOutcome, ProviderKind, SupportPhase } from '../directory/index.js';

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
}
export type FacetGroup = keyof Choices;
export const facetGroups: readonly FacetGroup[] = ['categories', 'ecmOutcomes', 'phases', 'kinds', 'assurances', 'deliveries', 'laCodes', 'free'];

export interface SearchQuery extends Partial<Choices> {
  /** All needed, in any order, with slips of the pen; the last may be unfinished. The first ten count. */
  words?: string;
  /**
   * RELEVANCE, if left out: how well the words fit, in coarse steps; inside a step, or without words, an order by
   * chance that changes daily. NEWEST: last published first, then by id.
   */
  order?: 'RELEVANCE' | 'NEWEST';
  offset: number;
  limit: number;
}

export interface SearchHit {
  listingId: string;
}

export interface FacetCount {
  value: string;
  /** Listings that match the words and every other group's choice. */
  count: number;
}

export interface SearchAnswer {
  /** Of these none was hidden when they were read; a page is shorter where one had become so unnoticed. */
  hits: SearchHit[];
  total: number;
  /** Each value that occurs, and the chosen ones, in no order. */
  facets: Record<FacetGroup, FacetCount[]>;
  engine: 'POSTGRES' | 'MEILISEARCH';
  /** Why the answer came from the second-best engine; null when it did not. */
  degraded: string | null;
}

/** A search engine. Both pass one contract suite; they agree on filters, facets and explicit orders, not on how words rank. */
export interface SearchEngine {
  search(query: SearchQuery): Promise<SearchAnswer>;
}
