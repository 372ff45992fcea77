import { createHash } from 'node:crypto';
import type { Settings } from 'meilisearch';
import type { Queryable } from '../../platform/database/index.js';
import { meanings } from '../school-words.js';
import { stemSql } from '../spelling.js';
import { FORM } from './document.js';
import { searchedFields } from './texts.js';
import { saidToken, wideToken } from './tokens.js';
import { asOneWord, stemsOf } from './words.js';

/** Pages reach this deep, see search.resolver.ts; a search that is put in order here reads as many. */
export const DEEPEST = 1000;

const equality = (...attributePatterns: string[]) => ({ attributePatterns, features: { facetSearch: false, filter: { equality: true, comparison: false } } });
const comparison = (...attributePatterns: string[]) => ({ attributePatterns, features: { facetSearch: false, filter: { equality: false, comparison: true } } });

/**
 * The index's settings, in the form in which Meilisearch gives them back. Words are found in four fields, which are also
 * the steps of relevance; inside a step the sort decides. Distances between words are not kept: it halves the indexing
 * and nothing here ranks by them. What a mistyped word is meant for is looked up in PostgreSQL, see words.ts.
 */
const fixed = {
  searchableAttributes: [...searchedFields],
  displayedAttributes: ['id', 'version', 'place', 'publishedAt'],
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
  typoTolerance: { enabled: false },
} satisfies Settings;

export interface IndexSettings {
  settings: Settings;
  /** Tells one version from another. */
  hash: string;
}

export async function indexSettings(db: Queryable): Promise<IndexSettings> {
  const stems = await stemsOf(db, new Set([...meanings.values()].flatMap(({ written, same, wider }) => [...written, ...same, ...wider]).flatMap((way) => way.split(' '))));
  const stemmed = (way: string) => way.split(' ').map((word) => stems.get(word)!);
  const map = [...meanings.values()].map(({ written, same, wider }): [string, string[]] => {
    const ways = [...[...written, ...same].map((way) => saidToken(stemmed(way))), ...wider.map((way) => wideToken(stemmed(way)))];
    return [asOneWord(written[0]!.split(' ')), [...new Set(ways)].sort()];
  });
  const settings = { ...fixed, synonyms: Object.fromEntries(map.sort()) } as Settings;
  return { settings, hash: createHash('sha256').update(JSON.stringify([FORM, stemSql('word'), settings])).digest('hex').slice(0, 16) };
}

/** Whether an index still has what it was given. */
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
