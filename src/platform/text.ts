/**
 * Whether a text from outside can be kept as it is: PostgreSQL takes neither U+0000 nor, in JSON, half of a pair of
 * surrogates.
 */
export const canBeKept = (text: string): boolean => !text.includes('\0') && !/\p{Surrogate}/u.test(text);
