import { createHash } from 'node:crypto';
import type { Settings } from 'meilisearch';
import type { Queryable } from '../../platform/database.js';
import { synonyms } from '../school-words.js';
import { FORM } from './document.js';
import { stemsOf } from './words.js';

/** Pages reach this deep, see search.resolver.ts; a search that is put in order here reads as many. */
export const DEEPEST = 1000;

/** Meilisearch looks for synonyms of at most so many typed words in a row. */
const LONGEST_KEY = 3;

const equality = (...attributePatterns: string[]) => ({ attributePatterns, features: { facetSearch: false, filter: { equality: true, comparison: false } } });
const comparison = (...attributePatterns: string[]) => ({ attributePatterns, features: { facetSearch: false, filter: { equality: false, comparison: true } } });

/**
 * The index's settings, in the form in which Meilisearch gives them back. Words are found in four fields, which are also the steps of relevance; inside a step the sort
 * decides. Distances between words are not kept: it halves the indexing and nothing here ranks by them.
 */
const fixed = {
  searchableAttributes: ['names', 'terms', 'summary', 'description'],
  displayedAttributes: ['id', 'version', 'place', 'publishedAt', 'names', 'terms', 'summary', 'description'],
  filterableAttributes: [
    equality('id', 'facets', 'schoolUrn', 'place'),
    comparison('publishedAt'),
  ],
  sortableAttributes: ['chance0', 'chance1', 'chance2', 'id', 'publishedAt'],
  rankingRules: ['words', 'typo', 'attributeRank', 'sort'],
  proximityPrecision: 'byAttribute',
  facetSearch: false,
  // All groups are one facet, with England's local authorities among it.
  faceting: { maxValuesPerFacet: 1000, sortFacetValuesBy: { '*': 'alpha' } },
  pagination: { maxTotalHits: DEEPEST },
  typoTolerance: { enabled: true, minWordSizeForTypos: { oneTypo: 4, twoTypos: 6 }, disableOnNumbers: true },
} satisfies Settings;

export interface IndexSettings {
  settings: Settings;
  /** Tells one version from another, the words of documents aside. */
  hash: string;
}

export async function indexSettings(db: Queryable): Promise<IndexSettings> {
  const stems = await stemsOf(db, [...synonyms].flatMap(([key, meant]) => [key, ...meant]).flatMap((phrase) => phrase.split(' ')));
  const stemmed = (phrase: string) => phrase.split(' ').map((word) => stems.get(word)!).join(' ');
  const map = new Map<string, Set<string>>();
  for (const [key, meant] of synonyms) {
    if (key.split(' ').length > LONGEST_KEY) continue; // such a phrase is asked for by a shorter one, see words.ts
    const ways = map.get(stemmed(key)) ?? map.set(stemmed(key), new Set()).get(stemmed(key))!;
    for (const way of meant) ways.add(stemmed(way));
    ways.delete(stemmed(key));
  }
  const settings = { ...fixed, synonyms: Object.fromEntries([...map].map(([key, ways]) => [key, [...ways].sort()]).sort()) } as Settings;
  return { settings, hash: createHash('sha256').update(JSON.stringify([FORM, settings])).digest('hex').slice(0, 16) };
}

/** Words that are no slips of the pen, because documents have them: only their own spelling is searched for. */
export async function knownWords(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ word: string }>(
    `SELECT DISTINCT word FROM (SELECT word FROM search_word UNION ALL SELECT stem FROM search_word) AS each WHERE length(word) >= 4 ORDER BY word`,
  );
  return rows.map(({ word }) => word);
}

/** Whether an index still has what it was given, the words of documents aside. */
export function sameSettings(expected: Settings, found: Settings): boolean {
  const { typoTolerance, ...others } = expected;
  const parts: [unknown, unknown][] = Object.entries(others).map(([name, value]) => [value, found[name as keyof Settings]]);
  for (const [name, value] of Object.entries(typoTolerance!)) parts.push([value, found.typoTolerance?.[name as keyof typeof typoTolerance]]);
  return parts.every(([one, other]) => canonical(one) === canonical(other));
}

/** Text that is the same whatever the order of an object's keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value && typeof value === 'object') return `{${Object.entries(value).filter(([, each]) => each !== null).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => `${key}:${canonical(each)}`).join()}}`;
  return JSON.stringify(value);
}
