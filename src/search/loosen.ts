import { type FacetGroup, facetGroups, type SearchEngine, type SearchQuery } from './port.js';

/** Fewer than so many hits are little. */
export const LITTLE = 5;

export interface Looser {
  /** Field of SearchInput. */
  without: string;
  /** Further ones. */
  also: string[];
  /** The one word to give up of several. */
  word: string | null;
  label: string;
  count: number;
}

/** Something that could be given up, or several things, and the search without. */
interface Way extends Omit<Looser, 'count'> {
  query: SearchQuery;
}

const labels: Record<FacetGroup, string> = {
  categories: 'Look in every category',
  ecmOutcomes: 'Any outcome',
  phases: 'Any phase',
  kinds: 'Any kind of provider',
  assurances: 'Whoever assured it',
  deliveries: 'Any way of delivery',
  laCodes: 'Anywhere in England',
  free: 'Whether free or not',
  priceBands: 'At any price',
  hasCapacity: 'Also those that are full at present',
  rings: 'Further away too',
};

/**
 * For a search that found little: each choice by whose loss more is found, with how many, most first. Where no single
 * one helps, two at once; and where they do not either, the words alone, or everything.
 */
export async function looserSearches(engine: SearchEngine, query: SearchQuery, total: number): Promise<Looser[]> {
  if (total >= LITTLE) return [];
  const choices = choicesOf(query);
  for (const ways of [[...choices.filter(({ without }) => without !== 'words'), ...wordWays(query, choices)], twoAtOnce(query, choices), theRest(query, choices)]) {
    const found = await Promise.all(
      ways.slice(0, MOST_WAYS).map(async ({ query: looser, ...way }) => ({ ...way, count: (await engine.search({ ...looser, facets: false, offset: 0, limit: 0 })).total })),
    );
    const helping = found.filter(({ count }) => count > total).sort((a, b) => b.count - a.count);
    if (helping.length > 0) return helping;
  }
  return [];
}

const MOST_WAYS = 15;

/** Everything that narrows the search, to be given up whole. */
function choicesOf(query: SearchQuery): Way[] {
  const { within, withoutSchools, among, words = '' } = query;
  const way = (without: string, label: string, field: keyof SearchQuery): Way => ({ without, also: [], word: null, label, query: less(query, field) });
  return [
    ...facetGroups.filter((group) => query[group]?.length).map((group) => way(group, labels[group], group)),
    ...(within !== undefined ? [way('withinKm', `Look beyond ${within / 1000} km`, 'within')] : []),
    ...(withoutSchools?.length ? [way('notFromSchoolsWithinKm', 'Also from schools near you', 'withoutSchools')] : []),
    ...(among ? [way('evidenceFrom', 'Also without evidence from schools like this', 'among')] : []),
    ...(words.trim() ? [way('words', 'Without your words', 'words')] : []),
  ];
}

/** The words to give up, one by one; one alone only where something else is left to look for. */
function wordWays(query: SearchQuery, choices: readonly Way[]): Way[] {
  const typed = query.words?.trim().split(/\s+/).filter(Boolean) ?? [];
  if (typed.length === 1 && choices.length === 1) return [];
  return typed.map((word, i) => ({ without: 'words', also: [], word, label: `Without “${word}”`, query: { ...query, words: typed.toSpliced(i, 1).join(' ') } }));
}

function twoAtOnce(query: SearchQuery, choices: readonly Way[]): Way[] {
  const words = choices.filter(({ without }) => without === 'words' && choices.length > 1);
  const pairs = choices.flatMap((one, i) => choices.slice(i + 1).map((other) => together(query, [one, other], `${one.label}, and ${other.label[0]!.toLowerCase()}${other.label.slice(1)}`)));
  return [...words, ...(choices.length > 2 ? pairs : [])];
}

/** Nothing but the words, and nothing at all. */
function theRest(query: SearchQuery, choices: readonly Way[]): Way[] {
  const others = choices.filter(({ without }) => without !== 'words');
  return [
    ...(others.length > 0 && others.length < choices.length ? [together(query, others, 'Only your words, without any other choice')] : []),
    ...(choices.length > 0 ? [together(query, choices, 'Everything in the directory')] : []),
  ];
}

function together(query: SearchQuery, ways: readonly Way[], label: string): Way {
  const [first, ...rest] = ways.map(({ without }) => without) as [string, ...string[]];
  return { without: first, also: rest, word: null, label, query: less(query, ...ways.map(({ without }) => fields[without] ?? (without as keyof SearchQuery))) };
}

/** What fields of SearchInput are here, where they are not called the same. */
const fields: Record<string, keyof SearchQuery> = { withinKm: 'within', notFromSchoolsWithinKm: 'withoutSchools', evidenceFrom: 'among' };

function less(query: SearchQuery, ...left: (keyof SearchQuery)[]): SearchQuery {
  return Object.fromEntries(Object.entries(query).filter(([field]) => !left.includes(field as keyof SearchQuery))) as unknown as SearchQuery;
}
