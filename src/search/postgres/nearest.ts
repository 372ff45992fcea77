import { letters, LONGEST_WORD } from './entry.js';

/** SQL: whether a word may be a slip of the pen. A shorter one, or one with figures, is near to too many others. */
export const mayBeSlip = (word: string) => `length(${word}) BETWEEN 4 AND ${LONGEST_WORD} AND ${word} !~ '[0-9]'`;

const sound = (word: string) => `metaphone(${word}, ${LONGEST_WORD})`;

/**
 * SQL: rows (word, stem, mistakes, and how alike it is) of the known words that a mistyped one may be meant for: a letter
 * wrong, or two letters exchanged; from eight letters on, or where it sounds and looks the same, two letters wrong. It is
 * compared without their endings too, and with their beginnings where it is not finished.
 */
export const nearWords = (typed: string, unfinished: string) => `
  SELECT w.word, w.stem, d.mistakes, (b.beginning = ANY(m.exchanged))::int + (w.letters = m.letters)::int + similarity(w.word, ${typed}) AS alike
  FROM (
    SELECT CASE WHEN length(${typed}) < 6 THEN 1 ELSE 2 END AS tolerance, ${letters(typed)} AS letters,
      ARRAY(SELECT overlay(${typed} PLACING substr(${typed}, i + 1, 1) || substr(${typed}, i, 1) FROM i FOR 2) FROM generate_series(1, length(${typed}) - 1) AS i) AS exchanged
    OFFSET 0
  ) AS m CROSS JOIN search_word w
  CROSS JOIN LATERAL (SELECT CASE WHEN ${unfinished} THEN left(w.word, length(${typed})) ELSE w.word END AS beginning) AS b
  CROSS JOIN LATERAL (SELECT least(
    ${['w.word', 'w.stem', 'b.beginning'].map((near) => `levenshtein_less_equal(${near}, ${typed}, m.tolerance)`).join(', ')},
    CASE WHEN b.beginning = ANY(m.exchanged) THEN 1 END) AS mistakes) AS d
  WHERE w.stem IS NOT NULL AND bit_count((m.letters & ~w.letters)::bit(32)) <= m.tolerance
    AND length(b.beginning) BETWEEN length(${typed}) - m.tolerance AND length(${typed}) + m.tolerance AND d.mistakes <= m.tolerance
    AND (d.mistakes < 2 OR length(${typed}) >= 8 OR ${sound(typed)} IN (${sound('w.word')}, ${sound('b.beginning')}) AND similarity(w.word, ${typed}) >= 0.3)`;
