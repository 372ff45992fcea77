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

/** What is longer than this is written in paragraphs; anything else is one line. */
const LONGEST_LINE = 300;

/** A text as it is kept: without blanks at its ends and, where it is one line, with single blanks for what would break it. */
export const tidied = (text: string, most: number): string => (most <= LONGEST_LINE ? text.replace(/\s+/g, ' ') : text).trim();

/** Whether PostgreSQL can keep a text: it takes neither U+0000 nor, in JSON, half of a pair of surrogates. */
export const canBeKept = (text: string): boolean => !text.includes('\0') && !/\p{Surrogate}/u.test(text);
