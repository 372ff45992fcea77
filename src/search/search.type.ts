import { Int, ObjectType, registerEnumType } from 'type-graphql';
import { Listing } from '../directory/index.js';
import { Seen } from '../platform/access.js';
import { PageInfo } from '../platform/connection.js';
import type { Surroundings } from './around.js';
import type { IsMatched } from './explain.js';
import { type DocumentContent, type FacetGroup, facetGroups, type SearchQuery } from './port.js';

export const Engines = { POSTGRES: 'POSTGRES', MEILISEARCH: 'MEILISEARCH' } as const;
registerEnumType(Engines, { name: 'SearchEngine', description: 'What answered.', valuesConfig: { POSTGRES: { description: 'PostgreSQL.' }, MEILISEARCH: { description: 'Meilisearch.' } } });

const Groups = Object.fromEntries(facetGroups.map((group) => [group, group])) as { [G in FacetGroup]: G };
registerEnumType(Groups, {
  name: 'FacetGroup',
  description: 'A group by which a search is narrowed; named like the field of SearchInput.',
  valuesConfig: {
    categories: { description: 'What it is about.' },
    ecmOutcomes: { description: 'Every Child Matters outcomes.' },
    phases: { description: 'The pupils it is for.' },
    kinds: { description: 'What the provider is.' },
    assurances: { description: 'On whose word the provider is listed.' },
    deliveries: { description: 'How it reaches the school.' },
    laCodes: { description: 'Local authorities covered.' },
    free: { description: 'Whether it is free: `true` or `false`.' },
    priceBands: { description: 'What it costs, as stated.' },
    hasCapacity: { description: 'Whether the provider can take on more now: `true` or `false`.' },
    rings: { description: 'How near to the school of `near`; empty without one.' },
  },
});

const SuggestionKinds = { CATEGORY: 'CATEGORY', WORDS: 'WORDS', PROVIDER: 'PROVIDER', LISTING: 'LISTING' } as const;
registerEnumType(SuggestionKinds, {
  name: 'SearchSuggestionKind',
  description: 'What a suggestion is.',
  valuesConfig: {
    CATEGORY: { description: 'A category of support.' },
    WORDS: { description: 'What school people say.' },
    PROVIDER: { description: 'A listed provider.' },
    LISTING: { description: 'The title of a listing.' },
  },
});

@ObjectType({ description: 'A piece of a text.' })
export class MarkedText {
  @Seen('public', () => String, { description: 'The piece.' })
  text: string;

  @Seen('public', () => Boolean, { description: 'Whether it is what was searched for.' })
  marked: boolean;
}

/** What the fields of a result and of its hits are worked out from, once somebody asks for them. */
export interface Asked {
  query: SearchQuery;
  around: Surroundings;
  isMatched: IsMatched | null;
}

@ObjectType({ description: 'A listing that was found.' })
export class SearchHit {
  @Seen('public', () => Listing, { description: 'The listing.' })
  listing: Listing;

  /** For the field resolvers. */
  content: DocumentContent;
  asked: Asked;
}

@ObjectType({ description: 'A choice that could be given up, or several together, with how many would be found then.' })
export class LooserSearch {
  @Seen('public', () => String, { description: 'What to give up: the name of a field of SearchInput.' })
  without: string;

  @Seen('public', () => [String], { description: 'What to give up besides, where giving up one thing does not help.' })
  also: string[];

  @Seen('public', () => String, { nullable: true, description: 'The word to leave out, where it is one of the words; null: the whole field goes.' })
  word: string | null;

  @Seen('public', () => String, { description: 'What people read, such as “Look beyond 10 km”.' })
  label: string;

  @Seen('public', () => Int, { description: 'How many would be found.' })
  count: number;
}

@ObjectType({ description: 'A found listing with its cursor.' })
class SearchHitEdge {
  @Seen('public', () => SearchHit, { description: 'What was found.' })
  node: SearchHit;

  @Seen('public', () => String, { description: 'Where it stands, to go on after it.' })
  cursor: string;
}

@ObjectType({ description: 'A value of a group, with how many would be found with it.' })
export class FacetValue {
  @Seen('public', () => String, { description: 'The value, as in SearchInput.' })
  value: string;

  @Seen('public', () => String, { description: 'What people read.' })
  label: string;

  @Seen('public', () => Int, { description: 'How many fit the words and the choices in all other groups.' })
  count: number;

  @Seen('public', () => Boolean, { description: 'Whether it is chosen.' })
  chosen: boolean;
}

@ObjectType({ description: 'A group by which a search can be narrowed.' })
export class Facet {
  @Seen('public', () => Groups, { description: 'The group.' })
  group: FacetGroup;

  @Seen('public', () => [FacetValue], { description: 'Its values that occur, most first, and the chosen ones.' })
  values: FacetValue[];
}

@ObjectType({ description: 'What a search found.' })
export class SearchResult {
  @Seen('public', () => [SearchHitEdge], { description: 'This page with cursors.' })
  edges: SearchHitEdge[];

  @Seen('public', () => [SearchHit], { description: 'This page.' })
  nodes: SearchHit[];

  @Seen('public', () => PageInfo, { description: 'Where this page stands.' })
  pageInfo: PageInfo;

  @Seen('public', () => Int, { description: 'How many were found in all.' })
  totalCount: number;

  @Seen('public', () => [Facet], { description: 'The groups by which it can be narrowed, each counted as if it had no choice of its own.' })
  facets: Facet[];

  @Seen('public', () => Boolean, { description: 'Whether hardly anything has all of the words, so that listings with most of them follow.' })
  partly: boolean;

  @Seen('public', () => Engines, { description: 'What answered.' })
  engine: keyof typeof Engines;

  @Seen('public', () => String, { nullable: true, description: 'Why PostgreSQL answered though Meilisearch should have; null where nothing is amiss. (Some words Meilisearch leaves to PostgreSQL.)' })
  degraded: string | null;

  asked: Asked;
}

@ObjectType({ description: 'Something that the words typed so far may become.' })
export class SearchSuggestion {
  @Seen('public', () => SuggestionKinds, { description: 'What it is.' })
  kind: keyof typeof SuggestionKinds;

  @Seen('public', () => String, { description: 'What people read, and search for.' })
  text: string;

  @Seen('public', () => String, { nullable: true, description: 'For a category its value, as in SearchInput; for a provider its id.' })
  value: string | null;
}
