import { LRUCache } from 'lru-cache';
import { categories } from '../directory/index.js';
import type { Database } from '../platform/database/index.js';
import { fold } from '../schools/index.js';
import { schoolWords, writingsOf } from './school-words.js';
import { spelt, tokensOf } from './spelling.js';

export interface Suggested {
  kind: 'CATEGORY' | 'WORDS' | 'PROVIDER' | 'LISTING';
  text: string;
  value: string | null;
}

const MOST_OF_A_KIND = 4;
/** With fewer letters half of the directory would begin so. */
const FEWEST_LETTERS = 3;
/** So many listings are looked at, as PostgreSQL comes by them: one more letter narrows better than reading on. */
const LOOKED_AT = 40;
/** So many of those with the longest of several words are looked through for the others, before those with all are looked for from scratch. */
const LOOKED_THROUGH = 1000;
const begins = (word: string, typed: string) => `${word} >= ${typed} AND ${word} < ${typed} || chr(1114111) COLLATE "C"`;

/** Listings where one word begins so ($1), some of each word that does. */
const BY_WORD = `
  WITH RECURSIVE beginning AS (
    (SELECT word FROM search_name WHERE ${begins('word', '$1')} ORDER BY word LIMIT 1)
    UNION ALL
    SELECT (SELECT word FROM search_name WHERE word > b.word AND ${begins('word', '$1')} ORDER BY word LIMIT 1) FROM beginning b WHERE b.word IS NOT NULL
  ),
  found AS (
    SELECT listing_id FROM beginning b CROSS JOIN LATERAL (
      SELECT listing_id, row_number() OVER () AS nth FROM (SELECT listing_id FROM search_name WHERE word = b.word ORDER BY listing_id LIMIT ${LOOKED_AT}) AS those
    ) AS each ORDER BY nth, length(word), word LIMIT ${LOOKED_AT}
  )`;

/**
 * Listings where several words begin so: the longest is $1, the others $2, all as a tsquery $3. The planner is not to look
 * at them: it would plan each search anew, which takes as long as the search.
 */
const BY_WORDS = `
  WITH with_longest AS MATERIALIZED (
    SELECT listing_id FROM search_name WHERE ${begins('word', '(SELECT $1::text)')} ORDER BY word, listing_id LIMIT ${LOOKED_THROUGH}
  ),
  with_all AS MATERIALIZED (
    SELECT listing_id FROM with_longest AS l
    WHERE NOT EXISTS (
      SELECT FROM unnest((SELECT $2::text[])) AS typed
      WHERE NOT EXISTS (SELECT FROM search_name n WHERE n.listing_id = l.listing_id AND ${begins('n.word', 'typed')})
    )
    LIMIT ${LOOKED_AT}
  ),
  found AS (
    SELECT listing_id FROM with_all
    UNION ALL
    (SELECT listing_id FROM search_entry WHERE ts_filter(strong, '{a}') @@ (SELECT $3::tsquery)
      AND (SELECT count(*) FROM with_all) < ${LOOKED_AT} AND (SELECT count(*) FROM with_longest) = ${LOOKED_THROUGH} LIMIT ${LOOKED_AT})
  )`;

/** The titles and providers of those that are published, by listed providers. */
const NAMES = `
  SELECT coalesce(json_agg(json_build_object('listingId', l.id, 'title', l.title, 'provider', p.name, 'providerId', p.id)), '[]') AS names
  FROM (SELECT DISTINCT listing_id FROM found) AS f JOIN listing l ON l.id = f.listing_id AND l.state = 'PUBLISHED' JOIN provider p ON p.id = l.provider_id AND p.state = 'LISTED'`;

const NAMES_BY_WORD = `${BY_WORD}${NAMES}`;
const NAMES_BY_WORDS = `${BY_WORDS}${NAMES}`;

interface Named {
  listingId: string;
  title: string;
  provider: string;
  providerId: string;
}

const ofCategories = Object.entries(categories).map(([value, text]) => ({ folded: ` ${fold(text)}`, suggested: { kind: 'CATEGORY', text, value } as Suggested }));
const ofWords = schoolWords.map((text) => ({ folded: ` ${fold(text)}`, suggested: { kind: 'WORDS', text, value: null } as Suggested }));

/** What the words typed so far may become: categories and school words first, then providers and titles that may be found, none for a listing of those withheld. */
export async function suggestListings(db: Database, typed: string, withheld: readonly string[] = []): Promise<Suggested[]> {
  const words = tokensOf(typed);
  if (words.length === 0) return [];
  const ways = writingsOf(words) ?? [words, words.map(spelt)];
  const names = await firstNames(db, ways, withheld);
  const beginnings = [words, ...ways].map((way) => ` ${way.join(' ')}`);
  const fitting = (all: typeof ofWords, fits: (folded: string, beginning: string) => boolean) =>
    all.filter(({ folded }) => beginnings.some((beginning) => fits(folded, beginning))).slice(0, MOST_OF_A_KIND).map(({ suggested }) => suggested);
  return [...fitting(ofCategories, (folded, beginning) => folded.includes(beginning)), ...fitting(ofWords, (folded, beginning) => folded.startsWith(beginning)), ...names];
}

/** Those of the first way of writing in which there are any: nearly always the first. */
async function firstNames(db: Database, ways: readonly (readonly string[])[], withheld: readonly string[]): Promise<Suggested[]> {
  for (const [i, way] of ways.entries()) {
    if (way.join(' ').length < FEWEST_LETTERS || (i > 0 && way.join() === ways[0]!.join())) continue;
    const names = await namesWith(db, way, withheld);
    if (names.length > 0) return names;
  }
  return [];
}

async function namesWith(db: Database, words: readonly string[], withheld: readonly string[]): Promise<Suggested[]> {
  const longest = words.reduce((one, other) => (other.length > one.length ? other : one));
  const [row] = words.length === 1
    ? await db.prepared<{ names: Named[] }>('suggestions by word', NAMES_BY_WORD, [longest])
    : await db.prepared<{ names: Named[] }>('suggestions by words', NAMES_BY_WORDS, [longest, words.filter((word) => word !== longest), words.map((word) => `'${word}':*`).join(' & ')]);
  const names = row!.names.filter(({ listingId }) => !withheld.includes(listingId));
  const providers = new Map(names.map(({ provider, providerId }) => [providerId, provider]));
  return [
    ...shortest(words, [...providers].map(([value, text]): Suggested => ({ kind: 'PROVIDER', text, value }))),
    ...shortest(words, [...new Set(names.map(({ title }) => title))].map((text): Suggested => ({ kind: 'LISTING', text, value: null }))),
  ];
}

/** A name's words, each after a space. Folding forty names at each letter typed would be most of the work here. */
const foldedNames = new LRUCache<string, string>({ max: 5000, memoMethod: (name) => ` ${tokensOf(name).join(' ')}` });

/** Of those in which all words begin so: first what begins with the first of them, then the shortest. */
function shortest(words: readonly string[], all: readonly Suggested[]): Suggested[] {
  const folded = all.map((suggested) => ({ suggested, name: foldedNames.memo(suggested.text) }));
  const starts = ({ name }: { name: string }) => Number(name.startsWith(` ${words[0]}`));
  return folded
    .filter(({ name }) => words.every((word) => name.includes(` ${word}`)))
    .sort((a, b) => starts(b) - starts(a) || a.suggested.text.length - b.suggested.text.length || (a.suggested.text < b.suggested.text ? -1 : 1))
    .slice(0, MOST_OF_A_KIND)
    .map(({ suggested }) => suggested);
}
