import { MOST_WORDS } from '../port.js';
import { fillers } from '../school-words.js';
import { stemsSql } from '../spelling.js';
import { lexemes } from './entry.js';
import { mayBeSlip, nearWords } from './nearest.js';

/** In a pattern below: where the weights go that a word must have. */
const WEIGHTS = '?';
export const weighted = (pattern: string, weights: string) => `replace(${pattern}, '${WEIGHTS}', '${weights}')::tsquery`;
export const anyWeight = (pattern: string) => `replace(replace(${pattern}, ':${WEIGHTS}', ''), '${WEIGHTS}', '')::tsquery`;
/** SQL: any of the ways of saying something that are in a column, each of words that follow one another. */
const anyOf = (ways: string) => `(SELECT string_agg('(' || sequence || ')', ' | ') FROM jsonb_array_elements(${ways}) AS way CROSS JOIN LATERAL (
    SELECT string_agg(pattern, ' <-> ' ORDER BY place) AS sequence FROM jsonb_array_elements_text(way) WITH ORDINALITY AS u (word, place) JOIN word_pattern USING (word)
  ) AS s)`;
const all = (patterns: string) => `string_agg('(' || ${patterns} || ')', ' & ')`;

/**
 * CTEs that end in `query`: what the typed words ask for as tsquery, all of them needed. A word stands for itself, for
 * every word of the documents with the same stem and, being the last and perhaps not finished, for whatever begins
 * with it. If that is nothing, it is taken for a typing mistake and stands for the nearest words. Words that say nothing
 * count only where there are no others. `phrases` is JSON of what school people know by other words (school-words.ts): a
 * phrase is finished, and stands for each of them.
 * `a`, `ab`, `abc` ask for all words in the title or the provider's name, there or in keywords, there or in the summary
 * and the labels; `anywhere` also in the description, or for what a phrase is part of; `literally` anywhere, but for a
 * phrase only however it is written, not in other words. `matched` are the words that are asked for, as the port's.
 * `meant` has, by mistyped word, the one that it is most probably meant for.
 * `unit` has each word and phrase by itself: `pattern` as `a` asks for it, `widely` as `anywhere`.
 */
export const parsedWords = (typed: string, phrases: string) => `
  token AS MATERIALIZED (
    SELECT lexeme AS word, positions[1] AS place, ${stemsSql('lexeme')} AS stems FROM unnest(${lexemes(typed)})
  ),
  said AS MATERIALIZED (
    SELECT typed, written, same, wider FROM jsonb_to_recordset(${phrases}) AS s (typed text[], written jsonb, same jsonb, wider jsonb)
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
    FROM said CROSS JOIN jsonb_array_elements(written || same || wider) AS way CROSS JOIN jsonb_array_elements_text(way) AS word
    WHERE word NOT IN (SELECT word FROM typed)
  ),
  mistyped AS MATERIALIZED (
    SELECT word, last FROM typed n
    WHERE ${mayBeSlip('word')} AND NOT said
      AND NOT EXISTS (SELECT FROM search_word w WHERE w.stem = n.stem)
      AND NOT (last AND EXISTS (SELECT FROM search_word w WHERE w.word >= n.word COLLATE "C" AND w.word < n.word || chr(1114111) COLLATE "C"))
  ),
  guess AS MATERIALIZED (
    SELECT n.word, near.* FROM mistyped n
    CROSS JOIN LATERAL (
      SELECT stem, (array_agg(word ORDER BY mistakes, alike DESC, word))[1] AS meant, min(mistakes) = min(min(mistakes)) OVER () AS nearest,
        row_number() OVER (ORDER BY min(mistakes), max(alike) DESC, stem) AS place
      FROM (${nearWords('n.word', 'n.last')}) AS near
      GROUP BY stem ORDER BY place LIMIT 3
    ) AS near
  ),
  alternative AS MATERIALIZED (
    SELECT word, word AS found, last AS begins FROM needed
    UNION
    SELECT n.word, w.word, false FROM needed n JOIN search_word w USING (stem)
    UNION
    SELECT g.word, w.word, false FROM guess g JOIN search_word w USING (stem) WHERE nearest
  ),
  word_pattern AS MATERIALIZED (
    SELECT word, '(' || string_agg(quote_literal(found) || CASE WHEN begins THEN ':*${WEIGHTS}' ELSE ':${WEIGHTS}' END, ' | ') || ')' AS pattern
    FROM alternative GROUP BY word
  ),
  unit AS MATERIALIZED (
    SELECT literal, concat_ws(' | ', literal, same) AS pattern, concat_ws(' | ', literal, same, wider) AS widely
    FROM (
      SELECT pattern AS literal, NULL AS same, NULL AS wider FROM typed JOIN word_pattern USING (word) WHERE NOT said
      UNION ALL
      SELECT ${anyOf('written')}, ${anyOf('same')}, ${anyOf('wider')} FROM said
    ) AS u
  ),
  pattern AS MATERIALIZED (
    SELECT ${all('literal')} AS literally, ${all('pattern')} AS pattern, ${all('widely')} AS widely FROM unit
  ),
  query AS MATERIALIZED (
    SELECT ${anyWeight('widely')} AS anywhere, ${anyWeight('literally')} AS literally,
      ${weighted('pattern', 'A')} AS a, ${weighted('pattern', 'AB')} AS ab, ${weighted('pattern', 'ABC')} AS abc,
      (SELECT json_agg(DISTINCT jsonb_build_object('word', found, 'begins', begins)) FROM alternative WHERE word NOT IN (SELECT word FROM needed WHERE stem IS NULL)) AS matched,
      (SELECT coalesce(json_object_agg(word, meant), '{}') FROM guess WHERE place = 1) AS meant
    FROM pattern
  )`;
