import type { Queryable } from '../../platform/database/index.js';
import type { MatchedWord } from '../port.js';
import { finderOf, type Text } from './texts.js';
import { type AskedWord, stemsOf } from './words.js';

/** The words of these texts that are what was asked for, as they are written there, folded. */
export async function matchedWords(db: Queryable, asked: readonly AskedWord[], texts: readonly Text[]): Promise<MatchedWord[]> {
  const said = asked.flatMap((each) => ('phrase' in each ? [...each.phrase.written, ...each.phrase.same, ...each.phrase.wider] : []));
  const stems = await stemsOf(db, new Set(said.flat()));
  const find = finderOf([...said.map((way) => way.map((word) => stems.get(word)!)), ...asked.flatMap((each) => ('stem' in each ? [[each.stem]] : []))]);
  const beginning = asked.find((each) => 'beginning' in each)?.beginning;
  const found = new Set<string>();
  for (const text of texts) {
    for (const { at, way } of find(text)) for (const word of text.words.slice(at, at + way.length)) found.add(word);
    if (beginning !== undefined) text.words.forEach((word, i) => (word.startsWith(beginning) || text.stems[i]!.startsWith(beginning)) && found.add(word));
  }
  return [...found].map((word) => ({ word, begins: false }));
}
