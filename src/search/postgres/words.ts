import { fillers } from '../school-words.js';
import { letters, lexemes, LONGEST_WORD } from './entry.js';

/** More words of a query, those aside that say nothing, are not looked at. */
export const MOST_WORDS = 10;

/** In a pattern below: where the weights go that a word must have. */
const WEIGHTS = '?';
export const weighted = (pattern: string, weights: string) => `replace(${pattern}, '${WEIGHTS}', '${weights}')::tsquery`;
export const anyWeight = (pattern: string) => `replace(replace(${pattern}, ':${WEIGHTS}', ''), '${WEIGHTS}', '')::tsquery`;
/** SQL: all words of an array that have a pattern, as one pattern. */
const together = (words: string) => `(SELECT string_agg(w.pattern, ' & ') FROM unnest(${words}) AS word JOIN word_pattern w USING (word))`;

/** SQL: any of the ways of saying something that are in a column. */
const anyOf = (ways: string) => `(SELECT string_agg('(' || ${together('ARRAY(SELECT jsonb_array_elements_text(way))')} || ')', ' | ') FROM jsonb_array_elements(${ways}) AS way)`;
const all = (patterns: string) => `string_agg('(' || ${patterns} || ')', ' & ')`;

/**
 * CTEs that end in `query`: what the typed words ask for as tsquery, all of them needed. A word stands for itself, for
 * every word of the documents with the same stem and, being the last and perhaps not finished, for whatever begins
 * with it. If that is nothing, it is taken for a typing mistake and stands for the nearest words (a letter wrong, two
 * from six letters on, two letters exchanged being one mistake). Words that say nothing count only where there are no
 * others. `phrases` is JSON of what school people know by other words (school-words.ts): a phrase is finished, and
 * stands for each of them.
 * `a`, `ab`, `abc` ask for all words in the title or the provider's name, there or in keywords, there or in the summary
 * and the labels; `anywhere` also in the description, or for what a phrase is part of; `literally` anywhere, but for no
 * phrase's other words. `matched` are the words that are asked for, as the port's.
 * `unit` has each word and phrase by itself: `pattern` as `a` asks for it, `widely` as `anywhere`.
 */
export const parsedWords = (typed: string, phrases: string) => `
  token AS MATERIALIZED (
    SELECT lexeme AS word, positions[1] AS place, ts_lexize('english_stem', lexeme) AS stems FROM unnest(${lexemes(typed)})
  ),
  said AS MATERIALIZED (
    SELECT typed, same, wider FROM jsonb_to_recordset(${phrases}) AS s (typed text[], same jsonb, wider jsonb)
    WHERE typed <@ ARRAY(SELECT word FROM token)
  ),
  weighed AS MATERIALIZED (
    SELECT word, place, stems[1] AS stem, said, said OR stems <> '{}' AND word <> ALL('{${fillers.join()}}') AS says
    FROM token CROSS JOIN LATERAL (SELECT word = ANY(ARRAY(SELECT unnest(typed) FROM said)) AS said) AS s
  ),
  typed AS MATERIALIZED (
    SELECT word, stem, said, place = (SELECT max(place) FROM token) AND NOT said AS last
    FROM weighed WHERE says OR NOT EXISTS (SELECT FROM weighed WHERE says) ORDER BY place LIMIT ${MOST_WORDS}
  ),
  needed AS MATERIALIZED (
    SELECT word, stem, last FROM typed
    UNION ALL
    SELECT DISTINCT word, (ts_lexize('english_stem', word))[1], false
    FROM said CROSS JOIN jsonb_array_elements(same || wider) AS way CROSS JOIN jsonb_array_elements_text(way) AS word
    WHERE word NOT IN (SELECT word FROM typed) AND ts_lexize('english_stem', word) <> '{}'
  ),
  mistyped AS MATERIALIZED (
    SELECT word, last, CASE WHEN length(word) < 6 THEN 1 ELSE 2 END AS tolerance, ${letters('word')} AS letters,
      ARRAY(SELECT overlay(word PLACING substr(word, i + 1, 1) || substr(word, i, 1) FROM i FOR 2) FROM generate_series(1, length(word) - 1) AS i) AS exchanged
    FROM typed n
    WHERE length(word) BETWEEN 4 AND ${LONGEST_WORD} AND word !~ '[0-9]' AND NOT said
      AND NOT EXISTS (SELECT FROM search_word w WHERE w.stem = n.stem)
      AND NOT (last AND EXISTS (SELECT FROM search_word w WHERE w.word >= n.word COLLATE "C" AND w.word < n.word || chr(1114111) COLLATE "C"))
  ),
  alternative AS MATERIALIZED (
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
  word_pattern AS MATERIALIZED (
    SELECT word, '(' || string_agg(quote_literal(found) || CASE WHEN begins THEN ':*${WEIGHTS}' ELSE ':${WEIGHTS}' END, ' | ') || ')' AS pattern
    FROM alternative GROUP BY word
  ),
  unit AS MATERIALIZED (
    SELECT literal, concat_ws(' | ', literal, same) AS pattern, concat_ws(' | ', literal, same, wider) AS widely
    FROM (
      SELECT ${together('ARRAY[word]')} AS literal, NULL AS same, NULL AS wider FROM typed WHERE NOT said
      UNION ALL
      SELECT ${together('typed')}, ${anyOf('same')}, ${anyOf('wider')} FROM said
    ) AS u
  ),
  pattern AS MATERIALIZED (
    SELECT ${all('literal')} AS literally, ${all('pattern')} AS pattern, ${all('widely')} AS widely FROM unit
  ),
  query AS MATERIALIZED (
    SELECT ${anyWeight('widely')} AS anywhere, ${anyWeight('literally')} AS literally,
      ${weighted('pattern', 'A')} AS a, ${weighted('pattern', 'AB')} AS ab, ${weighted('pattern', 'ABC')} AS abc,
      (SELECT json_agg(DISTINCT jsonb_build_object('word', found, 'begins', begins)) FROM alternative) AS matched
    FROM pattern
  )`;
