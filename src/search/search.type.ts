import { Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Assurance, Category, Delivery, EcmOutcome, Listing, ProviderKind, SupportPhase } from '../directory/index.js';
import { Seen } from '../platform/access.js';
import { PageInfo } from '../platform/connection.js';
import { type FacetGroup, facetGroups } from './port.js';

export const LONGEST_WORDS = 200;
export const MOST_VALUES = 50;

const Orders = { RELEVANCE: 'RELEVANCE', NEWEST: 'NEWEST' } as const;
registerEnumType(Orders, {
  name: 'SearchOrder',
  description: 'In which order a search answers. There is no order by score.',
  valuesConfig: { RELEVANCE: { description: 'What fits the words best first; among equals in an order that changes daily.' }, NEWEST: { description: 'What was published last first.' } },
});

const Engines = { POSTGRES: 'POSTGRES', MEILISEARCH: 'MEILISEARCH' } as const;
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
  },
});

@InputType({ description: `What is looked for. Inside a group, of at most ${MOST_VALUES} values, one is enough; all groups that have any must fit.` })
export class SearchInput {
  @Field(() => String, { nullable: true, description: `Words, in any order, with typos; up to ${LONGEST_WORDS} characters, of which ten words count. The last may be unfinished.` })
  words?: string | null;

  @Field(() => [Category], { nullable: true, description: 'What it is about.' })
  categories?: Category[] | null;

  @Field(() => [EcmOutcome], { nullable: true, description: 'Every Child Matters outcomes.' })
  ecmOutcomes?: EcmOutcome[] | null;

  @Field(() => [SupportPhase], { nullable: true, description: 'The pupils it is for.' })
  phases?: SupportPhase[] | null;

  @Field(() => [ProviderKind], { nullable: true, description: 'What the provider is.' })
  kinds?: ProviderKind[] | null;

  @Field(() => [Assurance], { nullable: true, description: 'On whose word the provider is listed.' })
  assurances?: Assurance[] | null;

  @Field(() => [Delivery], { nullable: true, description: 'How it reaches the school.' })
  deliveries?: Delivery[] | null;

  @Field(() => [String], { nullable: true, description: 'Codes of local authorities covered, by name, by distance or as part of the country.' })
  laCodes?: string[] | null;

  @Field(() => [Boolean], { nullable: true, description: 'Free, not free, or both.' })
  free?: boolean[] | null;

  @Field(() => Orders, { defaultValue: 'RELEVANCE', description: 'In which order.' })
  order: keyof typeof Orders;
}

@ObjectType({ description: 'A listing that was found.' })
export class SearchHit {
  @Seen('public', () => Listing, { description: 'The listing.' })
  listing: Listing;
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

  @Seen('public', () => Engines, { description: 'What answered.' })
  engine: keyof typeof Engines;

  @Seen('public', () => String, { nullable: true, description: 'Why the second-best engine answered; null when it did not.' })
  degraded: string | null;
}
