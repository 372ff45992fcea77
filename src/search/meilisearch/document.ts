import { createHash } from 'node:crypto';
import type { Queryable } from '../../platform/database.js';
import type { Point } from '../../schools/index.js';
import { aims } from '../school-words.js';
import { tokensOf } from '../spelling.js';
import { wideFinder, wideWords } from './wide.js';
import { stemsOf } from './words.js';

/** What documents look like. Another number makes every index be built anew. */
export const FORM = 4;

/** A document as Meilisearch has it: only what searching needs. What people read comes from PostgreSQL. */
export interface IndexedDocument {
  id: string;
  /** That of the row in search_document. */
  version: number;
  /**
   * In each of the four, first the words as written, folded, then the same texts again in stems, word for word. What
   * the listing says that narrower words are part of comes again in the description, with its token in place of stems.
   */
  names: string[];
  terms: string[];
  summary: string[];
  description: string[];
  /** The base, see `placeName`. */
  place: string | null;
  publishedAt: number;
  /** What it is counted under, as `facetOf` says: all groups together, which are counted several times as fast so. */
  facets: string[];
  schoolUrn: number | null;
  [chance: `chance${number}`]: number;
}

export interface StoredDocument {
  id: string;
  version: number;
  content: {
    title: string;
    providerName: string;
    keywords: string[];
    labels: string[];
    summary: string;
    description: string;
    easting: number | null;
    northing: number | null;
    publishedAt: number;
    schoolUrn: number | null;
    [facet: string]: unknown;
  };
}

const FACETS = ['categories', 'ecmOutcomes', 'phases', 'kinds', 'assurances', 'deliveries', 'laCodes', 'free', 'priceBands', 'hasCapacity', 'national', 'homeLa'];

/** A value of a group, or of what groups are worked out from, as it is indexed. */
export const facetOf = (group: string, value: unknown): string => `${group}:${value}`;

/** How many numbers by chance a document has, each from 0 to 255: by which of them, and which way, a day's order goes. */
export const CHANCES = 3;

/** SQL: a base, a point of metres on the grid, as the text that names it. (Among texts Meilisearch looks up faster than among numbers.) */
export const placeName = (place: string) => `(${place})[0]::bigint || '-' || (${place})[1]::bigint`;
export function placeOfName(name: string): Point {
  const [easting, northing] = name.split('-').map(Number) as [number, number];
  return { easting, northing };
}

/** The present documents of these listings; what has none is hidden. */
export async function readDocuments(db: Queryable, listingIds: readonly string[]): Promise<StoredDocument[]> {
  return db.query<StoredDocument>('SELECT listing_id AS id, version, content FROM search_document WHERE listing_id = ANY($1)', [listingIds]);
}

export async function toIndex(db: Queryable, stored: readonly StoredDocument[]): Promise<IndexedDocument[]> {
  const texts = stored.map(({ content }) => ({
    names: [content.title, content.providerName].map(tokensOf),
    terms: [tokensOf(content.keywords.join(' '))],
    summary: [content.summary, content.labels.filter((label) => !aims.includes(label)).join(' ')].map(tokensOf),
    description: [content.description, content.labels.filter((label) => aims.includes(label)).join(' ')].map(tokensOf),
  }));
  const words = new Set(wideWords);
  for (const text of texts) for (const each of Object.values(text).flat()) for (const word of each) words.add(word);
  const stems = await stemsOf(db, words);
  const wideIn = wideFinder(stems);
  const twice = (texts: string[][]) => [...texts.map((words) => words.join(' ')), ...texts.map((words) => words.map((word) => stems.get(word)!).join(' '))];
  return stored.map(({ id, version, content }, i) => ({
    id,
    version,
    names: twice(texts[i]!.names),
    terms: twice(texts[i]!.terms),
    summary: twice(texts[i]!.summary),
    description: withWide(twice(texts[i]!.description), wideIn(Object.values(texts[i]!).flat())),
    facets: FACETS.flatMap((facet) => [content[facet] ?? []].flat().map((value) => facetOf(facet, value))),
    schoolUrn: content.schoolUrn,
    place: content.easting === null || content.northing === null ? null : `${content.easting}-${content.northing}`,
    publishedAt: content.publishedAt,
    ...chances(id),
  }));
}

function withWide(twice: readonly string[], wide: ReadonlyMap<string, string>): string[] {
  return [...twice.slice(0, twice.length / 2), ...wide.keys(), ...twice.slice(twice.length / 2), ...wide.values()];
}

function chances(id: string): Record<`chance${number}`, number> {
  const hash = createHash('sha256').update(id).digest();
  return Object.fromEntries(Array.from({ length: CHANCES }, (_, i) => [`chance${i}`, hash[i]!]));
}
