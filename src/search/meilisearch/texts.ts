import type { Queryable } from '../../platform/database/index.js';
import { aims } from '../school-words.js';
import { tokensOf } from '../spelling.js';
import { stemsOf } from './words.js';

/** A text as words, folded, and word for word as their stems. */
export interface Text {
  words: readonly string[];
  stems: readonly string[];
}

/** What a document says, by the fields in which it is searched. */
export type Texts = Record<(typeof searchedFields)[number], Text[]>;
export const searchedFields = ['names', 'terms', 'summary', 'description'] as const;

export interface Said {
  title: string;
  providerName: string;
  keywords: string[];
  labels: string[];
  summary: string;
  description: string;
}

export async function textsOf(db: Queryable, contents: readonly Said[]): Promise<Texts[]> {
  const all = contents.map(({ title, providerName, keywords, labels, summary, description }) => ({
    names: [title, providerName].map(tokensOf),
    terms: [tokensOf(keywords.join(' '))],
    summary: [summary, labels.filter((label) => !aims.includes(label)).join(' ')].map(tokensOf),
    description: [description, labels.filter((label) => aims.includes(label)).join(' ')].map(tokensOf),
  }));
  const words = new Set<string>();
  for (const each of all) for (const field of searchedFields) for (const text of each[field]) for (const word of text) words.add(word);
  const stems = await stemsOf(db, words);
  const textOf = (words: string[]): Text => ({ words, stems: words.map((word) => stems.get(word)!) });
  return all.map(({ names, terms, summary, description }) => ({
    names: names.map(textOf),
    terms: terms.map(textOf),
    summary: summary.map(textOf),
    description: description.map(textOf),
  }));
}

/** @param ways of saying something, each in stems. @returns finds which of them a text has, and from which word on */
export function finderOf<Way extends readonly string[]>(ways: readonly Way[]): (text: Text) => Generator<{ at: number; way: Way }> {
  const beginning = new Map<string, Way[]>();
  for (const way of ways) beginning.set(way[0]!, [...(beginning.get(way[0]!) ?? []), way]);
  return function* ({ stems }) {
    for (let at = 0; at < stems.length; at++) {
      for (const way of beginning.get(stems[at]!) ?? []) if (way.every((stem, i) => stem === stems[at + i])) yield { at, way };
    }
  };
}
