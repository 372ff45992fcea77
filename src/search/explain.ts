import { type DocumentContent, type MatchedWord, type Neighbours, type Ring, rings } from './port.js';
import { tokensOf } from './spelling.js';

/** A piece of a text, with whether it is what was searched for. */
export interface MarkedText {
  text: string;
  marked: boolean;
}

/** Initials are one word, as for `tokensOf`. */
const WORD = /(?:\p{L}\.)+\p{L}\b|(?:co-(?=o))?[\p{L}\p{N}]+(?:['’‘`´ʼ]\p{L}+)*/giu;
const EXCERPT = 200;

/** Whether a word of a text is one that was searched for. */
export type IsMatched = (word: string) => boolean;

/** Null: nothing was searched for by words. */
export function matcherOf(matched: readonly MatchedWord[]): IsMatched | null {
  if (matched.length === 0) return null;
  const whole = new Set(matched.map(({ word }) => word));
  const beginnings = matched.filter(({ begins }) => begins).map(({ word }) => word);
  const known = new Map<string, boolean>(); // a page has few words, each many times
  return (word) => {
    const before = known.get(word);
    if (before !== undefined) return before;
    const is = tokensOf(word).some((each) => whole.has(each) || beginnings.some((beginning) => each.startsWith(beginning)));
    known.set(word, is);
    return is;
  };
}

/** The text in pieces, the words that were searched for marked. */
export function mark(text: string, isMatched: IsMatched | null): MarkedText[] {
  const pieces: MarkedText[] = [];
  let at = 0;
  for (const { 0: word, index } of wordsOf(text, isMatched)) {
    if (index > at) pieces.push({ text: text.slice(at, index), marked: false });
    pieces.push({ text: word, marked: true });
    at = index + word.length;
  }
  if (at < text.length || pieces.length === 0) pieces.push({ text: text.slice(at), marked: false });
  return pieces;
}

/** The summary or, if only the description has what was searched for, the part of it that does. */
export function excerpt({ summary, description }: DocumentContent, isMatched: IsMatched | null): MarkedText[] {
  const ofSummary = mark(summary, isMatched);
  if (ofSummary.some((piece) => piece.marked)) return ofSummary;
  const { value: first } = wordsOf(description, isMatched).next();
  if (!first) return ofSummary;
  const from = description.lastIndexOf('. ', first.index) + 1;
  const start = first.index - from > EXCERPT / 2 ? description.indexOf(' ', first.index - EXCERPT / 2) : from;
  const end = start + EXCERPT < description.length ? description.lastIndexOf(' ', start + EXCERPT) : description.length;
  const part = description.slice(start, Math.max(end, first.index + first[0].length)).trim();
  return mark(`${start > 0 ? '… ' : ''}${part}${end < description.length ? ' …' : ''}`, isMatched);
}

/** The words of a text that were searched for, and where. */
function* wordsOf(text: string, isMatched: IsMatched | null): Generator<RegExpExecArray, undefined> {
  if (isMatched) for (const word of text.matchAll(WORD)) if (isMatched(word[0])) yield word;
}

export interface Reasons {
  isMatched: IsMatched | null;
  /** Names of the LAs that were chosen, by code. */
  las: ReadonlyMap<string, string>;
  neighbours?: Neighbours;
  /** Schools that recommend it: of the partnership, and of the LA without those. */
  vouching: { partnership: number; la: number };
}

/** Why a listing was found, in sentences, what matters most first. */
export function why(content: DocumentContent, { isMatched, las, neighbours, vouching }: Reasons): string[] {
  const places = [...las].filter(([code]) => content.national || content.laCodes.includes(code)).map(([, name]) => name);
  const ring = neighbours && ringOf(content, neighbours);
  return [
    ...(isMatched ? wordsFound(content, isMatched) : []),
    ...(ring && ring !== 'WIDER' ? [`It comes from ${rings[ring].toLowerCase()}.`] : []),
    ...(vouching.partnership > 0 ? [`${schools(vouching.partnership)} in your partnership recommend${vouching.partnership > 1 ? '' : 's'} it.`] : []),
    ...(vouching.la > 0 ? [`${schools(vouching.la)} in your local authority recommend${vouching.la > 1 ? '' : 's'} it.`] : []),
    ...(places.length > 0 ? [content.national ? 'It works throughout England.' : `It covers ${places.join(', ')}.`] : []),
  ];
}

/** Where the words were found: the two places that say most. */
function wordsFound({ title, providerName, labels, keywords, summary, description }: DocumentContent, isMatched: IsMatched): string[] {
  const found: string[] = [];
  const look = (where: string, text: string) => {
    if (found.length === 2) return;
    const words = new Set([...wordsOf(text, isMatched)].map(([word]) => `“${word.toLowerCase()}”`));
    if (words.size > 0) found.push(`${where} ${[...words].slice(0, 4).join(', ')}.`);
  };
  look('Its title has', title);
  look('The provider’s name has', providerName);
  const under = labels.filter((label) => wordsOf(label, isMatched).next().value);
  if (under.length > 0) found.push(`It is listed under ${under.slice(0, 3).join(', ')}.`);
  look('Its keywords have', keywords.join(' '));
  look('Its summary has', summary);
  look('Its description has', description);
  return found.slice(0, 2);
}

const schools = (count: number) => (count === 1 ? 'One school' : `${count} schools`);

export function ringOf({ schoolUrn, homeLa }: DocumentContent, { urn, partnership, laCode }: Neighbours): Ring {
  if (schoolUrn === urn) return 'OWN_SCHOOL';
  if (schoolUrn !== null && partnership.includes(schoolUrn)) return 'PARTNERSHIP';
  return homeLa === laCode ? 'LA' : 'WIDER';
}

/** Kilometres to a tenth; null where the base is not known. */
export function distanceKm({ easting, northing }: DocumentContent, from: { easting: number; northing: number } | undefined): number | null {
  if (!from || easting === null || northing === null) return null;
  return Math.round(Math.hypot(easting - from.easting, northing - from.northing) / 100) / 10;
}
