const PLURAL = /^([a-z]{2,}[^s])s$/;

/** What people leave out or put in as they please, or have only begun to type. */
const FILLER = /^(the|and|of|sch(o|oo|ool|l)?)$/;

/** Spellings of one thing, on folded text. */
const SPELLINGS: [RegExp, string][] = [
  [/\b(church of eng\w*|c of e|c o e|cofe|c e|ce)\b/g, 'coe'],
  [/\bcev([ac])p\b/g, 'coe v$1 primary'],
  [/\bcev([ac])\b/g, 'coe v$1'],
  [/\b(roman cath\w*|r c|rc)\b/g, 'catholic'],
  [/\bvoluntary (a)ided\b|\bvoluntary (c)ontrolled\b/g, 'v$1$2'],
  [/\b(saint|sts|ss|(?<!all )saints)\b/g, 'st'],
  [/\b(jnr|jr)\b/g, 'junior'],
  [/\bpupil referral unit\b/g, 'pru'],
  [/\buniversity technical college\b/g, 'utc'],
  [/\b6th\b/g, 'sixth'],
];

const LETTERS: Record<string, string> = { æ: 'ae', œ: 'oe', ø: 'o', ß: 'ss', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ħ: 'h', ı: 'i' };
const LONGEST_WORD = 40;

/** Text without case, accents, apostrophes and punctuation: `St. Chad’s & All` becomes `st chads and all`. */
export function fold(text: string): string {
  if (/^[a-z0-9]+$/i.test(text)) return text.toLowerCase(); // most words by themselves
  return (/^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : withoutAccents(text))
    .replace(/['`]/g, '')
    .replace(/\b([a-z])\.(?=[a-z]\b)/g, '$1') // C.E. is CE
    .replaceAll('&', ' and ')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

/** In lower case. Letters that are like none of a to z stay as they are. */
function withoutAccents(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}|[’‘´ʼ]/gu, '')
    .replace(/[æœøßłđðþħı]/g, (letter) => LETTERS[letter]!);
}

/**
 * The words by which a school is found, the same for what is stored and for what somebody types: folded, spellings
 * of one thing made one, without possessive or plural s, and without words that say nothing. A postcode is one word
 * with or without its space, and its second half another.
 */
export function wordsOf(text: string): string[] {
  let folded = fold(text.replace(/(?<=\w)['’‘`´ʼ]s\b/gi, '')).replace(/\b([a-z]{1,2}\d[a-z\d]?) ?(\d[a-z]{2})\b/g, '$1$2 $2');
  for (const [spelling, word] of SPELLINGS) folded = folded.replace(spelling, word);
  return folded
    .split(' ')
    .filter((word) => word !== '' && !FILLER.test(word))
    .map((word) => word.replace(PLURAL, '$1').slice(0, LONGEST_WORD));
}

/** The words of a text with the possessive or plural s that `wordsOf` leaves out: `marys` of `St Mary’s`. */
export const wordsInS = (text: string): string[] => fold(text).split(' ').filter((word) => PLURAL.test(word) && !FILLER.test(word));

export interface Named {
  name: string;
  town: string | null;
  locality: string | null;
  address3?: string | null;
  laName: string;
  postcode: string | null;
  phase: string;
  religiousCharacter: string | null;
}

const PHASE_WORDS: Record<string, string> = {
  NURSERY: 'nursery',
  PRIMARY: 'primary',
  MIDDLE_DEEMED_PRIMARY: 'middle primary',
  MIDDLE_DEEMED_SECONDARY: 'middle secondary',
  SECONDARY: 'secondary',
  SIXTEEN_PLUS: 'sixth form',
  ALL_THROUGH: 'primary secondary',
};

/**
 * A school's `search_text`: the words of its name, a bar, the words of where it is and of what kind.
 * The latter are there because people say `coe primary melton` of a school that is called neither.
 */
export function searchText(school: Named): string {
  const about = [school.town, school.locality, school.address3, school.laName, school.postcode, PHASE_WORDS[school.phase], school.religiousCharacter];
  return [...wordsOf(school.name), '|', ...new Set(about.flatMap((text) => wordsOf(text ?? '')))].join(' ');
}
