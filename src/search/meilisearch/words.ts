import { LRUCache } from 'lru-cache';
import type { Queryable } from '../../platform/database/index.js';
import { MOST_WORDS } from '../port.js';
import { mayBeSlip, nearWords } from '../postgres/nearest.js';
import { fillers, type Phrase, phrasesIn } from '../school-words.js';
import { stemSql } from '../spelling.js';

/** A word's stem never changes. */
const stemsKnown = new LRUCache<string, string>({ max: 50_000 });

/** What each word is indexed and asked for by. A word that says nothing, such as "and", is its own stem. */
export async function stemsOf(db: Queryable, words: ReadonlySet<string>): Promise<ReadonlyMap<string, string>> {
  const stems = new Map<string, string>();
  const unknown = [];
  for (const word of words) {
    const stem = stemsKnown.get(word);
    if (stem === undefined) unknown.push(word);
    else stems.set(word, stem);
  }
  if (unknown.length === 0) return stems;
  const rows = await db.query<{ word: string; stem: string }>(`SELECT word, coalesce(${stemSql('word')}, word) AS stem FROM unnest($1::text[]) AS word`, [unknown]);
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
  /** The word that it is probably meant for, where no document has it. */
  meant?: { word: string; stem: string } | null;
}

/**
 * SQL: the typed words $n as JSON of TypedWord, in order. OFFSET 0 keeps what is inside from being worked out several
 * times, and around the parameter the statement from being planned anew for each number of words.
 */
export const typedWords = (words: string) => `
  (SELECT coalesce(json_agg(json_build_object('word', word, 'stem', stem, 'known', known, 'begins', begins, 'meant',
      CASE WHEN stem IS NOT NULL AND NOT known AND NOT (last AND begins) AND ${mayBeSlip('word')}
        THEN (SELECT json_build_object('word', near.word, 'stem', near.stem)
          FROM (${nearWords('t.word', 't.last')}) AS near ORDER BY mistakes, alike DESC, near.word LIMIT 1) END
    ) ORDER BY place), '[]')
    FROM (
      SELECT word, place, stem, last, EXISTS (SELECT FROM search_word w WHERE w.stem = s.stem) AS known,
        EXISTS (SELECT FROM search_word w WHERE w.word > s.word COLLATE "C" AND w.word < s.word || chr(1114111) COLLATE "C" AND w.stem <> s.stem) AS begins
      FROM (
        SELECT word, place, place = cardinality(words) AS last, ${stemSql('word')} AS stem
        FROM (SELECT ${words}::text[] AS words OFFSET 0) AS asked CROSS JOIN LATERAL unnest(words) WITH ORDINALITY AS u (word, place) OFFSET 0
      ) AS s OFFSET 0
    ) AS t)`;

/**
 * Words as one, which is asked for with all ways of saying them as synonyms, so that none of them counts less. No folded word has
 * its first letter: nothing unfinished finds it, and Meilisearch, which takes `inset` for `in set` too, cannot take it apart.
 */
export const asOneWord = (words: readonly string[]): string => `þ${words.join('')}`;

/** Something that is asked for: what school people say in several ways, words of a stem, or what begins like this. */
export type AskedWord = { phrase: Phrase } | { stem: string } | { beginning: string };

/**
 * What Meilisearch is asked for. A word is asked for by its stem, in quotes, which forbids that something goes on from
 * it; one that documents do not have, by that of the word it is probably meant for. Only the last may be unfinished,
 * when something goes on from it (a space at the end says that it is not). What school people know by other words is
 * asked for without quotes, which would keep Meilisearch from its synonyms.
 * @returns also what this is, and whether something was asked for that may be misspelt
 */
export function queryOf(typed: readonly TypedWord[]): { q: string; asked: AskedWord[]; guessed: boolean } {
  const words = asMeant(typed);
  const phrases = phrasesOf(words);
  const says = ({ word, stem }: TypedWord) => stem !== null && !fillers.includes(word);
  const silent = phrases.length === 0 && !words.some(says);
  const asked: AskedWord[] = [];
  for (let at = 0; at < words.length && asked.length < MOST_WORDS; at++) {
    const phrase = phrases.find((each) => each.at === at);
    if (phrase) {
      asked.push({ phrase });
      at += phrase.typed.length - 1;
      continue;
    }
    const typed = words[at]!;
    if (!silent && !says(typed)) continue;
    const { word, stem, known, begins, meant } = typed;
    const unfinished = at === words.length - 1 && !meant && begins && (!known || word.startsWith(stem ?? word));
    asked.push(unfinished ? { beginning: known ? stem! : word } : { stem: stem ?? word });
  }
  return { q: asked.map(inQuery).join(' '), asked, guessed: typed.some(({ known, stem }) => !known && stem !== null) };
}

function inQuery(asked: AskedWord, at: number, all: readonly AskedWord[]): string {
  if ('beginning' in asked) return asked.beginning;
  const finished = 'stem' in asked ? `"${asked.stem}"` : asOneWord(asked.phrase.written[0]!);
  return at === all.length - 1 ? `${finished} ` : finished;
}

/** The words, those in place of others that they are probably meant for; not where school people know them as they are. */
function asMeant(typed: readonly TypedWord[]): TypedWord[] {
  const known = new Set(phrasesOf(typed).flatMap(({ at, typed: words }) => words.map((_, i) => at + i)));
  return typed.map((word, i) => (word.meant && !known.has(i) ? { ...word, ...word.meant } : word));
}

const phrasesOf = (words: readonly TypedWord[]) => phrasesIn(words.map(({ word }) => word).join(' '));
