import { Args, Arg, Ctx, Field, InputType, Int, ObjectType, Query, registerEnumType, Resolver } from 'type-graphql';
import {
  Assurance,
  assurances,
  categories,
  Category,
  deliveries,
  Delivery,
  EcmOutcome,
  ecmOutcomes,
  Listing,
  listingById,
  ProviderKind,
  providerKinds,
  SupportPhase,
  supportPhases,
} from '../directory/index.js';
import { Rule, Seen } from '../platform/access.js';
import { badInput, checkFirst, decodeCursor, encodeCursor, PageArguments, PageInfo } from '../platform/connection.js';
import { load, type RequestContext } from '../platform/request.js';
import { localAuthorityByCode } from '../schools/index.js';
import { type FacetGroup, facetGroups, type SearchAnswer, type SearchEngine } from './port.js';

const LONGEST_WORDS = 200;
const MOST_VALUES = 50;
const DEEPEST = 1000;

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

@InputType({ description: 'What is looked for. Inside a group one of the values is enough; all groups that have one must fit.' })
class SearchInput {
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
class SearchHit {
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
class FacetValue {
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
class Facet {
  @Seen('public', () => Groups, { description: 'The group.' })
  group: FacetGroup;

  @Seen('public', () => [FacetValue], { description: 'Its values that occur, most first, and the chosen ones.' })
  values: FacetValue[];
}

@ObjectType({ description: 'What a search found.' })
class SearchResult {
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

const labels: Partial<Record<FacetGroup, Record<string, string>>> = {
  categories,
  ecmOutcomes,
  phases: supportPhases,
  kinds: providerKinds,
  assurances,
  deliveries,
  free: { true: 'Free', false: 'Not free' },
};

@Resolver()
export class SearchResolver {
  constructor(private readonly engine: SearchEngine) {}

  @Rule('public')
  @Query(() => SearchResult, { description: `Searches the directory. At most the first ${DEEPEST} can be paged through: narrow the search instead.` })
  async search(
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Arg('input', () => SearchInput, { nullable: true, description: 'What is looked for; everything if left out.' }) input: SearchInput | null,
    @Ctx() context: RequestContext,
  ): Promise<SearchResult> {
    const offset = decodeCursor<[number]>(after, ['number'])?.[0] ?? 0;
    const { words, order, ...choices } = input ?? { order: 'RELEVANCE' as const };
    if ((words ?? '').length > LONGEST_WORDS) badInput(`\`words\` must have ${LONGEST_WORDS} characters or fewer.`);
    for (const chosen of Object.values(choices)) if ((chosen?.length ?? 0) > MOST_VALUES) badInput(`Choose at most ${MOST_VALUES} values in a group.`);
    if (!Number.isInteger(offset) || offset < 0 || offset + checkFirst(first) > DEEPEST + first) badInput(`Only the first ${DEEPEST} can be paged through.`);

    const chosen = Object.fromEntries(facetGroups.map((group) => [group, choices[group] ?? []])) as { [G in FacetGroup]: never[] };
    const answer = await this.engine.search({ ...chosen, words: words ?? '', order, offset, limit: first });
    // Read again by the actor's own rights: a hit that may not be seen is never shown, whatever the engine says.
    const found = await Promise.all(answer.hits.map(({ listingId }) => load(context, listingById, listingId)));
    const edges = found.flatMap((listing, i) => (listing ? [{ node: { listing }, cursor: encodeCursor([offset + i + 1]) }] : []));
    return {
      edges,
      nodes: edges.map((edge) => edge.node),
      pageInfo: { hasNextPage: offset + first < Math.min(answer.total, DEEPEST), endCursor: edges.at(-1)?.cursor ?? null },
      totalCount: answer.total,
      facets: await Promise.all(facetGroups.map((group) => facet(context, group, answer, chosen[group]))),
      engine: answer.engine,
      degraded: answer.degraded,
    };
  }
}

async function facet(context: RequestContext, group: FacetGroup, answer: SearchAnswer, chosen: unknown[]): Promise<Facet> {
  const values = await Promise.all(
    answer.facets[group].map(async ({ value, count }) => ({
      value,
      count,
      label: labels[group]?.[value] ?? (await load(context, localAuthorityByCode, value))?.name ?? value,
      chosen: chosen.map(String).includes(value),
    })),
  );
  return { group, values: values.sort((a, b) => b.count - a.count || a.label.localeCompare(b.label, 'en')) };
}
