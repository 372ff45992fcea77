import { createHash } from 'node:crypto';
import type { Queryable } from '../../platform/database/index.js';
import type { Point } from '../../schools/index.js';
import { type Said, type Text, type Texts, textsOf } from './texts.js';
import { type TokenFinder, tokenFinder } from './tokens.js';

/** What documents look like. Another number makes every index be built anew. */
export const FORM = 6;

/**
 * A document as Meilisearch has it: only what searching needs. What people read comes from PostgreSQL. Its texts are
 * there in stems, word for word, and after them the words that are written otherwise, for one that is not finished, and
 * the tokens of phrases. The tokens of the wide things that it says are in the description.
 */
export interface IndexedDocument extends Record<keyof Texts, string[]> {
  id: string;
  /** That of the row in search_document. */
  version: number;
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
  content: Said & {
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
  const texts = await textsOf(db, stored.map(({ content }) => content));
  const tokens = await tokenFinder(db);
  return stored.map((each, i) => indexedOf(each, texts[i]!, tokens));
}

function indexedOf({ id, version, content }: StoredDocument, { names, terms, summary, description }: Texts, tokens: TokenFinder): IndexedDocument {
  const searched = (texts: readonly Text[]) => [...texts.map(({ stems }) => stems.join(' ')), [...writtenOtherwise(texts), ...tokens.said(texts)].join(' ')];
  return {
    id,
    version,
    names: searched(names),
    terms: searched(terms),
    summary: searched(summary),
    description: [...searched(description), tokens.wide([...names, ...terms, ...summary, ...description]).join(' ')],
    facets: FACETS.flatMap((facet) => [content[facet] ?? []].flat().map((value) => facetOf(facet, value))),
    schoolUrn: content.schoolUrn,
    place: content.easting === null || content.northing === null ? null : `${content.easting}-${content.northing}`,
    publishedAt: content.publishedAt,
    ...chances(id),
  };
}

function writtenOtherwise(texts: readonly Text[]): Set<string> {
  const otherwise = new Set<string>();
  for (const { words, stems } of texts) for (let i = 0; i < words.length; i++) if (words[i] !== stems[i]) otherwise.add(words[i]!);
  return otherwise;
}

function chances(id: string): Record<`chance${number}`, number> {
  const hash = createHash('sha256').update(id).digest();
  return Object.fromEntries(Array.from({ length: CHANCES }, (_, i) => [`chance${i}`, hash[i]!]));
}
