import { beginsWith, contains, type Queryable } from '../platform/database/index.js';

/** A typed word and the words of schools that it may be a slip of, by how many letters they differ. */
export interface TypedWord {
  word: string;
  oneOff: string[];
  twoOff: string[];
}

export const asTyped = (words: readonly string[]): TypedWord[] => words.map((word) => ({ word, oneOff: [], twoOff: [] }));

const MOST_SLIPS = 50;

/**
 * The words with what they may be slips of: one letter more, fewer or other; two in a word of five letters or more that
 * begins alike; two letters swapped. Short words look like too many others.
 */
export async function withSlips(db: Queryable, words: readonly string[]): Promise<TypedWord[]> {
  const slips = await db.query<{ typed: string; word: string; distance: number }>(
    `SELECT typed, slip.word, distance
     FROM unnest($1::text[]) AS typed
     CROSS JOIN LATERAL (
       SELECT word, levenshtein_less_equal(word, typed, 2) AS distance FROM school_word
       WHERE length(word) BETWEEN length(typed) - 2 AND length(typed) + 2
       ORDER BY distance, word LIMIT $2) AS slip
     WHERE length(typed) > 2 AND (distance = 1 OR distance = 2 AND (
       length(typed) > 4 AND left(word, 1) = left(typed, 1) OR length(word) = length(typed) AND translate(word, typed, '') = ''))`,
    [words, MOST_SLIPS],
  );
  return words.map((word) => {
    const off = (distance: number) => slips.filter((slip) => slip.typed === word && slip.distance === distance).map((slip) => slip.word);
    return { word, oneOff: off(1), twoOff: off(2) };
  });
}

const NAME_WORDS = `' ' || split_part(s.search_text, '|', 1)`;

/** Sort key of `school s`: as people look names up, without `The` and whatever the capitals. */
export const BY_NAME = NAME_WORDS;

type AddValue = (value: unknown) => string;

/** SQL of the condition that a school has every word: its beginning, or a slip of it. */
export function hasWords(words: readonly TypedWord[], value: AddValue): string {
  const query = words.map(({ word, oneOff, twoOff }) => `(${[`${word}:*`, ...oneOff, ...twoOff].join(' | ')})`).join(' & ');
  return `s.search_words @@ ${value(query)}::tsquery`;
}

const PUNCTUATION = `-.,/&()`;
const APOSTROPHES = `''’‘\`´ʼ`; // within quotes of SQL
/** Name, town and locality of `school s` with every s that they have. */
const AS_WRITTEN = `' ' || translate(lower(concat_ws(' ', s.name, s.town, s.locality)), '${PUNCTUATION}${APOSTROPHES}', '${' '.repeat(PUNCTUATION.length)}')`;

/**
 * SQL of the sort keys that put the best first: fewest slips, every s that was typed (`marys`, not Mary), the very name,
 * a name that begins so, then words in the name (whole, then begun) above the town, and that above elsewhere; at last by
 * name.
 * @param inS words as typed whose s the others lack
 */
export function bestFirst(words: readonly TypedWord[], inS: readonly string[], value: AddValue): string[] {
  const slips = words
    .filter(({ oneOff, twoOff }) => oneOff.length + twoOff.length > 0)
    .map(({ word, oneOff }) => `CASE WHEN s.search_words @@ ${value(`${word}:*`)}::tsquery THEN 0 ${isOneOff(oneOff, value)} ELSE 2 END`);
  const name = value(` ${words.map(({ word }) => word).join(' ')} `);
  const typed = value(words.map(({ word }) => word));
  return [
    ...(slips.length > 0 ? [slips.join(' + ')] : []),
    ...(inS.length > 0 ? [`(SELECT bool_and(${contains(AS_WRITTEN, 'word')}) FROM unnest(${value(inS.map((word) => ` ${word}`))}::text[]) AS word) DESC`] : []),
    `(${NAME_WORDS} = ${name}) DESC`,
    `(${beginsWith(`(${NAME_WORDS})`, name)}) DESC`,
    `(SELECT sum(CASE WHEN ${contains(NAME_WORDS, "' ' || word || ' '")} THEN 4 WHEN ${contains(NAME_WORDS, "' ' || word")} THEN 3
                      WHEN ${contains('s.search_text', "'| ' || word")} THEN 2 WHEN ${contains("s.search_text || ' '", "' ' || word || ' '")} THEN 1
                      ELSE 0 END) FROM unnest(${typed}::text[]) AS word) DESC`,
    BY_NAME,
  ];
}

function isOneOff(oneOff: string[], value: AddValue): string {
  return oneOff.length > 0 ? `WHEN s.search_words @@ ${value(oneOff.join(' | '))}::tsquery THEN 1` : '';
}
