import { meanings } from '../school-words.js';
import { asOneWord } from './words.js';

/** What some narrower word is part of. */
const wide: readonly string[] = [...new Set([...meanings.values()].flatMap(({ wider }) => wider))];

/** All words of these. */
export const wideWords: readonly string[] = wide.flatMap((way) => way.split(' '));

/** What a document has, in the last of its fields, that says something wide; asked for by what is part of it. */
export const wideToken = (stems: readonly string[]): string => `wide${asOneWord(stems)}`;

/**
 * @param stems of all words of the texts, and of `wideWords`
 * @returns what finds the wide things that texts say: each as written, with its token
 */
export function wideFinder(stems: ReadonlyMap<string, string>): (texts: readonly (readonly string[])[]) => Map<string, string> {
  const ways = wide.map((way) => way.split(' ').map((word) => stems.get(word)!));
  const firsts = new Set(ways.map(([first]) => first));
  const beginning = new Map([...stems].filter(([, stem]) => firsts.has(stem)).map(([word, stem]) => [word, ways.filter(([first]) => first === stem)]));
  return (texts) => {
    const found = new Map<string, string>();
    for (const words of texts) {
      for (let at = 0; at < words.length; at++) {
        for (const way of beginning.get(words[at]!) ?? []) {
          if (way.every((stem, i) => stem === stems.get(words[at + i] ?? ''))) found.set(words.slice(at, at + way.length).join(' '), wideToken(way));
        }
      }
    }
    return found;
  };
}
