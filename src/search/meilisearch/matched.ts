import type { Hits } from 'meilisearch';
import type { MatchedWord } from '../port.js';

export const MATCHED_FIELDS = ['names', 'terms', 'summary', 'description'];

/** The words of these hits that were found, as they are written there, folded. */
export function matchedWords(hits: Hits): MatchedWord[] {
  const words = new Set<string>();
  for (const hit of hits) {
    for (const [field, matches] of Object.entries(hit._matchesPosition ?? {})) {
      const texts = hit[field] as unknown;
      if (!Array.isArray(texts)) continue;
      for (const { start, length, indices } of matches ?? []) {
        const place = indices?.[0] ?? 0;
        // The second half has in stems, word for word, or as one token what the first has in words.
        const written = String(texts[place % (texts.length / 2)] ?? '').split(' ');
        const text = String(texts[place] ?? '');
        const whole = count(text) + 1 !== written.length;
        const first = whole ? 0 : count(text.slice(0, start));
        const last = whole ? written.length : count(text.slice(0, start + length).trimEnd());
        for (const word of written.slice(first, last + 1)) if (word) words.add(word);
      }
    }
  }
  return [...words].map((word) => ({ word, begins: false }));
}

const count = (text: string) => text.split(' ').length - 1;
