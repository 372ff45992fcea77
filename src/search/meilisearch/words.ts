import { LRUCache } from 'lru-cache';
import type { Queryable } from '../../platform/database.js';
import { fold } from '../../schools/index.js';
import { fillers, phrasesIn, synonyms } from '../school-words.js';

/** The words of a text, folded, in order. */
export const tokensOf = (text: string): string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];

/** A word's stem never changes. */
const stemsKnown = new LRUCache<string, string>({ max: 50_000 });

/** What each word is indexed and asked for by beside itself. A word that says nothing, such as "and", is its own stem. */
export async function stemsOf(db: Queryable, words: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const stems = new Map<string, string>();
  const unknown = [];
  for (const word of new Set(words)) {
    const stem = stemsKnown.get(word);
    if (stem === undefined) unknown.push(word);
    else stems.set(word, stem);
  }
  if (unknown.length === 0) return stems;
  const rows = await db.query<{ word: string; stem: string }>(`SELECT word, coalesce((ts_lexize('english_stem', word))[1], word) AS stem FROM unnest($1::text[]) AS word`, [unknown]);
  for (const { word, stem } of rows) {
    stems.set(word, stem);
    stemsKnown.set(word, stem);
  }
  return stems;
}

export interface TypedWord {
  word: string;
  /** Null where it says nothing. */
  stem: string | null;
  /** Some document has a word of this stem. */
  known: boolean;
  /** Some document has a word of another stem that begins with it. */
  begins: boolean;
}

/** SQL: the typed words $n as JSON of TypedWord, in order. */
export const typedWords = (words: string) => `
  (SELECT coalesce(json_agg(json_build_object(
      'word', word, 'stem', stem, 'known', EXISTS (SELECT FROM search_word w WHERE w.stem = t.stem),
      'begins', EXISTS (SELECT FROM search_word w WHERE w.word > t.word COLLATE "C" AND w.word < t.word || chr(1114111) COLLATE "C" AND w.stem <> t.stem)
    ) ORDER BY place), '[]')
    FROM (SELECT word, place, (ts_lexize('english_stem', word))[1] AS stem FROM unnest(${words}::text[]) WITH ORDINALITY AS u (word, place)) AS t)`;

/**
 * What Meilisearch is asked for. A word that documents have is asked for by its stem, in quotes, which forbids typos;
 * one that they do not have, as typed, with typos. Only the last may be unfinished, when something goes on from it (a
 * space at the end says that it is not). What school people know by other words is asked for without quotes, which
 * would keep Meilisearch from its synonyms.
 * @returns also whether something was asked for that may be misspelt
 */
export function queryOf(words: readonly TypedWord[]): { q: string; guessed: boolean } {
  const phrases = phrasesIn(words.map(({ word }) => word).join(' '));
  const says = ({ word, stem }: TypedWord) => stem !== null && !fillers.includes(word);
  const silent = phrases.length === 0 && !words.some(says);
  const asked: string[] = [];
  let [guessed, unfinished] = [false, false];
  for (let at = 0; at < words.length; ) {
    const phrase = phrases[0]?.typed.every((word, i) => words[at + i]?.word === word) ? phrases.shift()!.typed : null;
    if (phrase) {
      asked.push(inShort(phrase, words.slice(at, at + phrase.length)));
      [at, unfinished] = [at + phrase.length, false];
      continue;
    }
    const typed = words[at++]!;
    if (!silent && !says(typed)) continue;
    const { word, stem, known, begins } = typed;
    const last = at === words.length;
    unfinished = last && (!known || (begins && word.startsWith(stem ?? word)));
    if (unfinished) asked.push(known ? stem! : word);
    else asked.push(known || stem === null || /\d/.test(word) ? `"${stem ?? word}"` : word);
    guessed ||= !known && stem !== null;
  }
  return { q: unfinished ? asked.join(' ') : `${asked.join(' ')} `.trimStart(), guessed };
}

/** The stems of a phrase; of a long one, for which Meilisearch has no synonyms, those of a word that means the same. */
function inShort(phrase: readonly string[], words: readonly TypedWord[]): string {
  const word = phrase.length > 3 ? synonyms.get(phrase.join(' '))!.find((way) => !way.includes(' ')) : undefined;
  return word ?? words.map(({ word: own, stem }) => stem ?? own).join(' ');
}
