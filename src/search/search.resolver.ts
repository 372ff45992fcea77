import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import { assurances, categories, deliveries, ecmOutcomes, listingById, listingsWithheld, providerKinds, supportPhases } from '../directory/index.js';
import { listingsWithEvidence, noteEmptySearch } from '../outcomes/index.js';
import { Rule } from '../platform/access.js';
import { badInput, checkFirst, decodeCursor, encodeCursor, PageArguments } from '../platform/connection.js';
import { load, type RequestContext } from '../platform/request.js';
import { localAuthorityByCode } from '../schools/index.js';
import { competitors, surroundings, type Surroundings } from './around.js';
import { matcherOf } from './explain.js';
import { type Choices, type FacetGroup, facetGroups, priceBands, rings, type SearchAnswer, type SearchEngine, type SearchQuery } from './port.js';
import { FARTHEST_KM, LONGEST_WORDS, MOST_VALUES, SearchInput } from './search.input.js';
import { type Facet, SearchResult, SearchSuggestion } from './search.type.js';
import { suggestListings } from './suggest.js';

/** How far a search can be paged through: nobody reads on, and each page costs more than the one before. */
const DEEPEST = 1000;

/** What people read for a value; the LAs are data. */
const labels: Partial<Record<FacetGroup, Record<string, string>>> = {
  categories,
  ecmOutcomes,
  phases: supportPhases,
  kinds: providerKinds,
  assurances,
  deliveries,
  free: { true: 'Free', false: 'Not free' },
  priceBands,
  hasCapacity: { true: 'Has room now', false: 'Full at present' },
  rings,
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
    const offset = offsetOf(after);
    const limit = Math.min(checkFirst(first), DEEPEST - offset);
    const around = input?.near ? await surroundings(context.db, input.near) : {};
    const withheld = await listingsWithheld(context.db, around.neighbours?.laCode ?? context.actor);
    const query: SearchQuery = { ...(await queryOf(context, input, around)), ...(withheld.length > 0 && { withheld }), offset, limit };
    const answer = await this.engine.search(query);
    if (answer.total === 0) await noteEmptySearch(context.db, context.clock, context.actor, { categories: query.categories ?? [], phases: query.phases ?? [] });
    // Read again by the actor's own rights: a hit that may not be seen is never shown, whatever the engine says.
    const listings = await Promise.all(answer.hits.map(({ listingId }) => load(context, listingById, listingId)));
    const asked = { query, around, isMatched: matcherOf(answer.matched) };
    const edges = listings.flatMap((listing, i) => (listing ? [{ node: { listing, content: answer.hits[i]!.content, asked }, cursor: encodeCursor([offset + i + 1]) }] : []));
    return {
      edges,
      nodes: edges.map((edge) => edge.node),
      pageInfo: {
        hasNextPage: offset + limit < Math.min(answer.total, DEEPEST),
        endCursor: offset < answer.total ? encodeCursor([offset + limit]) : null,
      },
      totalCount: answer.total,
      facets: await Promise.all(facetGroups.map((group) => facetOf(context, group, answer, query))),
      partly: answer.partly,
      engine: answer.engine,
      degraded: answer.degraded,
      asked,
    };
  }

  @Rule('public')
  @Query(() => [SearchSuggestion], { description: 'What the words typed so far may become: categories, school words, listed providers, titles of listings; for somebody of a school not of what is withheld from its area. At most four of each.' })
  async suggestListings(
    @Arg('prefix', () => String, { description: `What has been typed, up to ${LONGEST_WORDS} characters.` }) prefix: string,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<SearchSuggestion[]> {
    if (prefix.length > LONGEST_WORDS) badInput(`\`prefix\` must have ${LONGEST_WORDS} characters or fewer.`);
    return suggestListings(db, prefix, await listingsWithheld(db, actor));
  }
}

/** How many hits come before the page. @throws GraphQLError BAD_USER_INPUT for what is no cursor of a search */
function offsetOf(after: string | null | undefined): number {
  const [offset] = decodeCursor<[number]>(after, ['number']) ?? [0];
  if (!Number.isInteger(offset) || offset < 0) return badInput('`after` is not a cursor of this list.');
  return offset < DEEPEST ? offset : badInput(`Only the first ${DEEPEST} can be paged through. Narrow the search instead.`);
}

/** @throws GraphQLError BAD_USER_INPUT for what cannot be searched for */
async function queryOf({ db }: RequestContext, input: SearchInput | null, around: Surroundings): Promise<Omit<SearchQuery, 'offset' | 'limit'>> {
  const choices = choicesOf(input);
  const { words, near, withinKm, notFromSchoolsWithinKm: apart, order = 'RELEVANCE' } = input ?? {};
  if ((words ?? '').length > LONGEST_WORDS) badInput(`\`words\` must have ${LONGEST_WORDS} characters or fewer.`);
  for (const [field, km] of Object.entries({ withinKm, notFromSchoolsWithinKm: apart })) {
    if (km != null && (km < 1 || km > FARTHEST_KM)) badInput(`\`${field}\` must be from 1 to ${FARTHEST_KM}.`);
  }
  const needsPlace = withinKm != null ? '`withinKm`' : order === 'DISTANCE' ? 'The order DISTANCE' : null;
  if (needsPlace && !around.from) badInput(near ? 'We do not know where that school is.' : `${needsPlace} needs \`near\`.`);
  const needsSchool = choices.rings.length > 0 ? '`rings`' : apart != null ? '`notFromSchoolsWithinKm`' : null;
  if (needsSchool && !around.neighbours) badInput(`${needsSchool} needs \`near.schoolUrn\`.`);
  return {
    ...choices,
    ...around,
    words: words ?? '',
    order,
    ...(withinKm != null && { within: withinKm * 1000 }),
    ...(input?.evidenceFrom && { among: await listingsWithEvidence(db, input.evidenceFrom) }),
    ...(apart != null && { withoutSchools: await competitors(db, around.neighbours!.urn, apart * 1000) }),
  };
}

/** @throws GraphQLError BAD_USER_INPUT for too many values, or what can be no LA's code */
function choicesOf(input: SearchInput | null): Choices {
  const choices = Object.fromEntries(facetGroups.map((group) => [group, [...new Set<unknown>(input?.[group] ?? [])]]));
  for (const [group, values] of Object.entries(choices)) if (values.length > MOST_VALUES) badInput(`Choose at most ${MOST_VALUES} values in \`${group}\`.`);
  for (const code of input?.laCodes ?? []) if (!/^\w{1,20}$/.test(code)) badInput(`\`laCodes\` has something that is no code: ${JSON.stringify(code)}.`);
  return choices as unknown as Choices;
}

/** The values of a group for people, those that would find most first. */
async function facetOf(context: RequestContext, group: FacetGroup, answer: SearchAnswer, query: SearchQuery): Promise<Facet> {
  const chosen = new Set((query[group] ?? []).map(String));
  const counted = answer.facets[group];
  const names = labels[group] ?? (await namesOfLas(context, counted.map(({ value }) => value)));
  const values = counted.map(({ value, count }) => ({ value, label: names[value] ?? value, count, chosen: chosen.has(value) }));
  return { group, values: values.sort((a, b) => b.count - a.count || (a.label < b.label ? -1 : 1)) };
}

async function namesOfLas(context: RequestContext, codes: readonly string[]): Promise<Record<string, string>> {
  const las = await localAuthorityByCode(context, codes);
  return Object.fromEntries(las.flatMap((la) => (la ? [[la.code, la.name]] : [])));
}
