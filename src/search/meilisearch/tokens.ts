import type { Queryable } from '../../platform/database/index.js';
import { meanings } from '../school-words.js';
import { finderOf, type Text } from './texts.js';
import { asOneWord, stemsOf } from './words.js';

/** What school people say in several words. Meilisearch would take them for said wherever they are in the same field, in any order. */
const phrases: readonly string[] = [...new Set([...meanings.values()].flatMap(({ written, same }) => [...written, ...same]).filter((way) => way.includes(' ')))];
/** What some narrower word is part of. */
const wide: readonly string[] = [...new Set([...meanings.values()].flatMap(({ wider }) => wider))];

/** For a way of saying something, in stems, the word by which Meilisearch finds the documents that say it. */
export const saidToken = (stems: readonly string[]): string => (stems.length > 1 ? asOneWord(stems) : stems[0]!);
/** As `saidToken`, for whoever asks for what is part of it. No folded word has its first letter either. */
export const wideToken = (stems: readonly string[]): string => `ð${stems.join('')}`;

export interface TokenFinder {
  /** The tokens of phrases that texts have. */
  said(texts: readonly Text[]): string[];
  /** The tokens of wide things that texts say. */
  wide(texts: readonly Text[]): string[];
}

export async function tokenFinder(db: Queryable): Promise<TokenFinder> {
  const stems = await stemsOf(db, new Set([...phrases, ...wide].flatMap((way) => way.split(' '))));
  const finder = (ways: readonly string[], tokenOf: (stems: readonly string[]) => string) => {
    const find = finderOf(ways.map((way) => way.split(' ').map((word) => stems.get(word)!)));
    return (texts: readonly Text[]) => [...new Set(texts.flatMap((text) => Array.from(find(text), ({ way }) => tokenOf(way))))];
  };
  return { said: finder(phrases, saidToken), wide: finder(wide, wideToken) };
}
