import { type FacetGroup, facetGroups, type SearchEngine, type SearchQuery } from './port.js';

/** Fewer than so many hits are little. */
export const LITTLE = 5;

export interface Looser {
  /** Field of SearchInput. */
  without: string;
  label: string;
  count: number;
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

/** For a search that found little: each choice by whose loss more is found, with how many, most first. */
export async function looserSearches(engine: SearchEngine, query: SearchQuery, total: number): Promise<Looser[]> {
  if (total >= LITTLE) return [];
  const ways = waysToLoosen(query);
  const found = await Promise.all(
    ways.map(async ({ without, label, query: looser }) => ({ without, label, count: (await engine.search({ ...looser, facets: false, offset: 0, limit: 0 })).total })),
  );
  return found.filter(({ count }) => count > total).sort((a, b) => b.count - a.count);
}

function waysToLoosen({ words = '', within, withoutSchools, ...rest }: SearchQuery): { without: string; label: string; query: SearchQuery }[] {
  const query: SearchQuery = { ...rest, words, ...(within !== undefined && { within }), ...(withoutSchools && { withoutSchools }) };
  const less = (field: keyof SearchQuery): SearchQuery => {
    const { [field]: _left, ...other } = query;
    return other as SearchQuery;
  };
  const typed = words.trim().split(/\s+/).filter(Boolean);
  return [
    ...facetGroups.filter((group) => query[group]?.length).map((group) => ({ without: group, label: labels[group], query: less(group) })),
    ...(within !== undefined ? [{ without: 'withinKm', label: `Look beyond ${within / 1000} km`, query: less('within') }] : []),
    ...(withoutSchools?.length ? [{ without: 'notFromSchoolsWithinKm', label: 'Also from schools near you', query: less('withoutSchools') }] : []),
    ...(query.among ? [{ without: 'evidenceFrom', label: 'Also without evidence from schools like this', query: less('among') }] : []),
    ...(typed.length > 1 ? typed.map((word, i) => ({ without: 'words', label: `Without “${word}”`, query: { ...query, words: typed.toSpliced(i, 1).join(' ') } })) : []),
    ...(typed.length === 1 && facetGroups.some((group) => query[group]?.length) ? [{ without: 'words', label: `Without “${typed[0]}”`, query: less('words') }] : []),
  ].slice(0, MOST_WAYS);
}

const MOST_WAYS = 12;
