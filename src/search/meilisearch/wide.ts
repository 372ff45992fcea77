import type { Queryable } from '../../platform/database.js';
import { meanings } from '../school-words.js';
import { finderOf, type Text } from './texts.js';
import { asOneWord, stemsOf } from './words.js';

/** What some narrower word is part of. */
const wide: readonly string[] = [...new Set([...meanings.values()].flatMap(({ wider }) => wider))];

/** @returns what a document has, in the last of its fields, for the wide things that its texts say: asked for by what is part of them */
export async function wideFinder(db: Queryable): Promise<(texts: readonly Text[]) => string[]> {
  const stems = await stemsOf(db, new Set(wide.flatMap((way) => way.split(' '))));
  const find = finderOf(wide.map((way) => way.split(' ').map((word) => stems.get(word)!)));
  return (texts) => {
    const found = new Set<string>();
    for (const text of texts) for (const { way } of find(text)) found.add(asOneWord(way));
    return [...found];
  };
}
