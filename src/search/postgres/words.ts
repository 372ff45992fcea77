import { letters, lexemes, LONGEST_WORD } from './entry.js';

/** More words of a query are not looked at. */
export const MOST_WORDS = 10;

/** In `pattern` below: where the weights go that a word must have. */
const WEIGHTS = '?';
const weightedQuery = (weights: string) => `replace(pattern, '${WEIGHTS}', '${weights}')::tsquery`;

/**
 * CTEs that end in `query`: what the typed words ask for as tsquery, all of them needed. A word stands for itself, for
 * every word of the documents with the same stem and, being the last and perhaps not finished, for whatever begins
 * with it. If that is nothing, it is taken for a typing mistake and stands for the nearest words (a letter wrong, two
 * from six letters on, two letters exchanged being one mistake). Words that say nothing count only where there are no
 * others. `a`, `ab`, `abc` ask for all words in the title or the provider's name, there or in keywords and labels,
 * there or in the summary; `anywhere` also in the description.
 */
export const parsedWords = (typed: string) => `
  token AS (
    SELECT lexeme AS word, positions[1] AS place, ts_lexize('english_stem', lexeme) AS stems
    FROM unnest(${lexemes(typed)}) ORDER BY place LIMIT ${MOST_WORDS}
  ),
  needed AS MATERIALIZED (
    SELECT word, stems[1] AS stem, place = max(place) OVER () AS last FROM token
    WHERE stems <> '{}' OR NOT EXISTS (SELECT FROM token WHERE stems <> '{}')
  ),
  mistyped AS MATERIALIZED (
    SELECT word, last, CASE WHEN length(word) < 6 THEN 1 ELSE 2 END AS tolerance, ${letters('word')} AS letters,
      ARRAY(SELECT overlay(word PLACING substr(word, i + 1, 1) || substr(word, i, 1) FROM i FOR 2) FROM generate_series(1, length(word) - 1) AS i) AS exchanged
    FROM needed n
    WHERE length(word) BETWEEN 4 AND ${LONGEST_WORD} AND word !~ '[0-9]'
      AND NOT EXISTS (SELECT FROM search_word w WHERE w.stem = n.stem)
      AND NOT (last AND EXISTS (SELECT FROM search_word w WHERE w.word >= n.word COLLATE "C" AND w.word < n.word || chr(1114111) COLLATE "C"))
  ),
  alternative AS (
    SELECT word, word AS found, last AS begins FROM needed
    UNION
    SELECT n.word, w.word, false FROM needed n JOIN search_word w USING (stem)
    UNION
    SELECT m.word, w.word, false FROM mistyped m
    CROSS JOIN LATERAL (
      SELECT w.stem FROM search_word w
      CROSS JOIN LATERAL (SELECT CASE WHEN m.last THEN left(w.word, length(m.word)) ELSE w.word END AS beginning) AS b
      CROSS JOIN LATERAL (SELECT least(
        levenshtein_less_equal(w.word, m.word, m.tolerance), levenshtein_less_equal(b.beginning, m.word, m.tolerance),
        CASE WHEN b.beginning = ANY(m.exchanged) THEN 1 END) AS mistakes) AS d
      WHERE bit_count((m.letters & ~w.letters)::bit(32)) <= m.tolerance AND length(b.beginning) BETWEEN length(m.word) - m.tolerance AND length(m.word) + m.tolerance AND d.mistakes <= m.tolerance
      GROUP BY w.stem ORDER BY min(d.mistakes), max(similarity(w.word, m.word)) DESC, w.stem LIMIT 3
    ) AS near
    JOIN search_word w USING (stem)
  ),
  pattern AS (
    SELECT string_agg('(' || words || ')', ' & ') AS pattern
    FROM (SELECT string_agg(quote_literal(found) || CASE WHEN begins THEN ':*${WEIGHTS}' ELSE ':${WEIGHTS}' END, ' | ') AS words FROM alternative GROUP BY word) AS each
  ),
  query AS MATERIALIZED (
    SELECT replace(replace(pattern, ':${WEIGHTS}', ''), '${WEIGHTS}', '')::tsquery AS anywhere,
      ${weightedQuery('A')} AS a, ${weightedQuery('AB')} AS ab, ${weightedQuery('ABC')} AS abc
    FROM pattern
  )`;
