import { hasLettersInBoxes, isCovered, mixesAlphabets, readAs, strangeIn } from './letters.js';

/** Nobody sees them, and they are of use to nobody but line breaks and tabs; half of a pair of surrogates is no character. */
const NO_TEXT = /(?![\t\n\r])\p{Cc}|\p{Surrogate}/u;
const EVERY = new RegExp(NO_TEXT, 'gu');

/**
 * The one rule for a text from outside, wherever it comes in: it has no control characters besides line breaks and tabs,
 * and no half of a pair of surrogates. Programs are refused what breaks it.
 */
export const isText = (text: string): boolean => !NO_TEXT.test(text);

/** A text from people, who cannot see what breaks the rule: without it. */
export const asText = (text: string): string => text.replace(EVERY, '');

/** Whether PostgreSQL can keep a text: it takes neither U+0000 nor, in JSON, half of a pair of surrogates. */
export const canBeKept = (text: string): boolean => !text.includes('\0') && !/\p{Surrogate}/u.test(text);

/** Characters that show nothing: zero-width ones, soft hyphens, marks of direction that come along when text is pasted. */
const INVISIBLE = /(?![\u202A-\u202E\u2066-\u2069])\p{Default_Ignorable_Code_Point}/gu;
/** The same without those that prose needs: joiners and variation selectors are parts of emojis and of some scripts. */
const INVISIBLE_IN_PROSE = /(?!\u200C|\u200D|[\uFE00-\uFE0F]|[\u202A-\u202E\u2066-\u2069])\p{Default_Ignorable_Code_Point}/gu;
/** What is shown as empty space, whatever Unicode calls it. */
const BLANK = /[\s\u2800]+/gu;

/** Embeddings, overrides and isolates: what follows them is read in another order than it is kept. */
const TURNS_DIRECTION = /[\u202A-\u202E\u2066-\u2069]/u;
const UNPRINTABLE = /[\p{Control}\p{Format}\p{Private_Use}\p{Surrogate}\p{Unassigned}]/u;
const SHOWS_SOMETHING = /[\p{L}\p{N}\p{S}\p{P}]/u;
const HAS_LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** A name, a title or another text of one line, as it is kept: two that look alike for Unicode are the same. */
export const tidyLine = (typed: string): string => visibleLine(typed.normalize('NFKC'));

/** A text of one line with its letters as they are, without what shows nothing. */
export const visibleLine = (text: string): string => text.replace(INVISIBLE, '').replace(BLANK, ' ').trim();

/** A text of any number of lines as it is kept. Its signs, such as ½ and …, stay. */
export const tidyText = (typed: string): string =>
  typed.normalize('NFC').replace(INVISIBLE_IN_PROSE, '').replace(/^[\s\u2800]+|[\s\u2800]+$/gu, '');

/** A text without what shows nothing and joins nothing: zero-width spaces, soft hyphens, marks of direction. */
export const withoutInvisible = (text: string): string => text.replace(INVISIBLE_IN_PROSE, '');

/** Whether a text, tidied, has anything that can be seen. */
export const showsSomething = (text: string): boolean => SHOWS_SOMETHING.test(text.replace(/\u2800/gu, ''));

/** Why a tidied line cannot be a name, in a sentence that goes on after `what`; null where it can. */
export function faultOfLine(line: string): string | null {
  if (TURNS_DIRECTION.test(line)) return 'has a character that turns the direction of writing. Type it again without it.';
  if (UNPRINTABLE.test(line)) return 'has a character that cannot be shown. Type it again without it.';
  if (isCovered(line)) return COVERED;
  const strange = strangeIn(line);
  if (strange !== null) return `has “${strange}” in it, which is no ordinary letter or sign. Type it again without it.`;
  if (mixesAlphabets(line)) return 'mixes letters of two alphabets in one word. Type it again in one.';
  return line === '' || HAS_LETTER_OR_DIGIT.test(line) ? null : 'must have a letter or a digit.';
}

/** Why a tidied text cannot be kept, in a sentence that goes on after `what`; null where it can. Emojis may stay in it. */
export function faultOfText(text: string): string | null {
  if (TURNS_DIRECTION.test(text)) return 'has a character that turns the direction of writing. Type it again without it.';
  if (isCovered(text)) return COVERED;
  return hasLettersInBoxes(text) ? 'has letters in circles or boxes. Type them as ordinary letters.' : null;
}

const COVERED = 'has letters that are struck through or covered by other signs. Type it again in ordinary letters.';
/** Of a letter, apart from it; not what strikes it through, and no vowel signs. */
const ACCENT = /[\u0300-\u0333\u0339-\u0362]/gu;

/** A text as the eye reads it: without case and accents, and with each letter as the Latin one that it looks like. */
export const asRead = (text: string): string => [...tidyLine(text).normalize('NFD').replace(ACCENT, '')].map(readAs).join('').toLowerCase();

/** What of a text, as the eye reads it, says something: letters, digits and symbols with emojis, without spaces and punctuation. */
export const whatItSays = (text: string): string => asRead(text).replace(/[^\p{L}\p{N}\p{M}\p{S}]+|\p{Sk}/gu, '');
