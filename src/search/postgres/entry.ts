import type { Queryable } from '../../platform/database/index.js';
import { facetGroups } from '../port.js';
import { aims } from '../school-words.js';
import { stemSql } from '../spelling.js';

/**
 * SQL: text as the words that it is found by, as `tokensOf` has them. PostgreSQL's parser takes some joined words for
 * addresses, paths and signed numbers; here they are words beside each other.
 */
export const lexemes = (text: string) => `to_tsvector('simple', ${[...'-/.+'].reduce((inner, sign) => `replace(${inner}, '${sign}', ' ')`, joined(text))})`;
/** Few texts have initials or `co-ordinator`, and looking for them is much cheaper than replacing them. */
const joined = (text: string) => `(
  SELECT replace(CASE WHEN folded ~ '\\m[a-z]\\.[a-z]|co-o' THEN regexp_replace(folded, '\\m(?:([a-z])\\.(?=[a-z]\\M)|(co)-(?=o))', '\\1\\2', 'g') ELSE folded END, '&', ' and ')
  FROM (SELECT fold(${text}) AS folded OFFSET 0) AS once)`;

/** Longer ones are no words that anybody types. */
export const LONGEST_WORD = 40;

/** SQL: which letters a word has, a bit each. */
export const letters = (word: string) =>
  `(SELECT coalesce(bit_or(1 << ascii(letter) - 97), 0) FROM string_to_table(${word}, NULL) AS letter WHERE letter BETWEEN 'a' AND 'z' COLLATE "C")`;

/** The term of every entry, that of the ones which cover every LA, and the beginnings of those by which neighbours are told. */
export const EVERY = 'every:';
export const NATIONAL = 'laCodes:*';
export const OF_SCHOOL = 'ofSchool:';
export const OF_LA = 'ofLa:';

/** The groups whose values a document has by itself; what is near depends on who asks. */
const stored = facetGroups.filter((group) => group !== 'rings');

/** SQL: the labels that are, or are not, among the aims. */
const labelsThat = (are: '= ANY' | '<> ALL') => `array_to_string(ARRAY(SELECT label FROM unnest(c.labels) AS label WHERE label ${are} ('{${aims.join()}}')), ' ')`;

/** Makes the entries of the documents $1. One that stays the same is not written again. */
const WRITE = `
  WITH made AS MATERIALIZED (
    SELECT d.listing_id,
      hashtextextended(d.listing_id::text, 0) & 2147483647 AS shuffle,
      c."publishedAt" AS published_at,
      CASE WHEN c.easting IS NOT NULL THEN point(c.easting, c.northing) END AS place,
      ${stored.map((group) => `ARRAY(SELECT '${group}:' || value FROM unnest(c."${group}") AS value)`).join(' || ')}
        || array_remove(ARRAY['${EVERY}', CASE WHEN c.national THEN '${NATIONAL}' END, '${OF_SCHOOL}' || c."schoolUrn", '${OF_LA}' || c."homeLa"], NULL) AS terms,
      ${lexemes(`c.description || ' ' || ${labelsThat('= ANY')}`)} AS weak,
      setweight(${lexemes(`c.title || ' ' || c."providerName"`)}, 'A')
        || setweight(${lexemes(`array_to_string(c.keywords, ' ')`)}, 'B')
        || setweight(${lexemes(`c.summary || ' ' || ${labelsThat('<> ALL')}`)}, 'C') AS strong
    FROM search_document d CROSS JOIN LATERAL jsonb_to_record(d.content) AS c (
      title text, "providerName" text, keywords text[], labels text[], summary text, description text,
      ${stored.map((group) => `"${group}" text[]`).join(', ')}, national boolean, "schoolUrn" text, "homeLa" text, easting int, northing int, "publishedAt" bigint
    )
    WHERE d.listing_id = ANY($1)
  ),
  written AS (
    INSERT INTO search_entry AS e (listing_id, slot, shuffle, published_at, place, terms, words, strong)
    SELECT listing_id, coalesce((SELECT slot FROM search_entry e WHERE e.listing_id = made.listing_id), nextval('search_slot')),
      shuffle, published_at, place, terms, strong || weak, strong
    FROM made ORDER BY listing_id
    ON CONFLICT (listing_id) DO UPDATE SET shuffle = excluded.shuffle, published_at = excluded.published_at, place = excluded.place,
        terms = excluded.terms, words = excluded.words, strong = excluded.strong
      WHERE (e.shuffle, e.published_at, e.place[0], e.place[1], e.terms, e.words, e.strong)
        IS DISTINCT FROM (excluded.shuffle, excluded.published_at, excluded.place[0], excluded.place[1], excluded.terms, excluded.words, excluded.strong)
    RETURNING listing_id, xmax <> 0 AS is_old
  ),
  unnamed AS (
    DELETE FROM search_name WHERE EXISTS (SELECT FROM written WHERE is_old) AND listing_id IN (SELECT listing_id FROM written WHERE is_old) -- in bulk there is no index to look by
  ),
  named AS (
    INSERT INTO search_name (word, listing_id)
    SELECT lexeme, listing_id FROM written JOIN made USING (listing_id) CROSS JOIN unnest(strong) WHERE 'A' = ANY(weights)
  )
  INSERT INTO search_word (word, stem, letters)
  SELECT word, ${stemSql('word')}, ${letters('word')}
  FROM (SELECT DISTINCT word FROM (SELECT unnest(tsvector_to_array(strong || weak)) COLLATE "C" AS word FROM made) AS used
    WHERE length(word) <= ${LONGEST_WORD} AND NOT EXISTS (SELECT FROM search_word known WHERE known.word = used.word)) AS added`;

/** Changes with how entries are made. */
export const ENTRY_SHAPE = WRITE;

/** Makes the entries of these documents; removed documents take theirs along. */
export async function writeEntries(tx: Queryable, listingIds: readonly string[]): Promise<void> {
  await tx.query(WRITE, [listingIds]);
}

/** Brings the stems of the words that are known up to date with how stems are made. */
export async function renewStems(tx: Queryable): Promise<void> {
  await tx.query(`UPDATE search_word SET stem = ${stemSql('word')} WHERE stem IS DISTINCT FROM ${stemSql('word')}`);
}

/** Forgets the words that no entry has any more. Writers wait meanwhile, since what they hold to be known must stay. */
export async function forgetWords(tx: Queryable): Promise<void> {
  await tx.query('LOCK TABLE search_word IN SHARE ROW EXCLUSIVE MODE');
  await tx.query('DELETE FROM search_word WHERE NOT EXISTS (SELECT FROM search_entry WHERE words @@ quote_literal(word)::tsquery)');
}
