import { fold } from '../schools/index.js';

/** The words of a text, folded, in order. Initials are one word, with points or without, and so is `co-ordinator`. */
export function tokensOf(text: string): string[] {
  if (/^[a-z0-9]+$/i.test(text)) return [text.toLowerCase()]; // most words by themselves
  const folded = fold(text.replace(/\bco-(?=o)/gi, 'co'));
  return folded === '' ? [] : folded.split(' ');
}

/** Stems of the words that end in -our in Britain and in -or in America. There are no others in use. */
const OUR = 'behavi|cand|clam|col|demean|enam|endeav|fav|ferv|flav|glam|harb|hon|hum|lab|neighb|od|parl|ranc|rig|rum|sav|savi|splend|succ|tum|val|vap|vig|arm';

/** American spellings, and those that are allowed beside the usual one, as regular expressions that both JavaScript and PostgreSQL read, with what they become. */
const rules: readonly (readonly [pattern: string, british: string])[] = [
  ['([a-z]{3})iz(e|ed|es|er|ers|ing|able|ation|ations|ational|)$', '\\1is\\2'], // organize, but not size or prize
  ['lyz', 'lys'],
  [`(${OUR})or(?=$|s|ed|er|ing|able|ably|al|ful|hood|ism|ist|ite|less|ly|y)`, '\\1our'], // but not laboratory or humorous
  ['^((?:epi)?cent|theat|lit|fib|calib|somb|lust|spect|meag|(?:kilo|centi|milli|)met)er(s?)$', '\\1re\\2'],
  ['centered$', 'centred'],
  ['([aeiou][a-z]*[^aeiou][aei])l(ed|ing|ings|er|ers|or|ors)$', '\\1ll\\2'], // counselor, but not dealer or filing
  ['(enro|fulfi|insta|ski|wi)ll(ful|ment)', '\\1l\\2'],
  ['^program(s?)$', 'programme\\1'],
  ['practis', 'practic'], // the verb and the noun
  ['^(def|lic|off|pret)ens', '\\1enc'],
  ['([aeiou][a-z]*[aeiou][a-z]*l)og(s?)$', '\\1ogue\\2'], // catalog, but not blog
  ['([aeiou][a-z]*[aeiou][a-z]*l)og(ed|ing)$', '\\1ogu\\2'],
  ['ped(iatr|ophil)', 'paed\\1'],
  ['(cycl|orth)oped', '\\1opaed'],
  ['anesthe', 'anaesthe'],
  ['^esthet', 'aesthet'],
  ['archeolog', 'archaeolog'],
  ['dgment', 'dgement'],
  ['^advisor(s?)$', 'adviser\\1'],
  ['^artifact', 'artefact'],
  ['^gray$', 'grey'],
  ['^inquir', 'enquir'],
  ['^learnt$', 'learned'],
  ['^skeptic', 'sceptic'],
  ['(benefit)t|(focus)s', '\\1\\2'],
];

const ANY = rules.map(([pattern]) => pattern).join('|');
const any = new RegExp(ANY);
const replacements = rules.map(([pattern, british]) => [new RegExp(pattern, 'g'), british.replace(/\\(\d)/g, '$$$1')] as const);

/** A word, in lower case, in the one spelling under which all its spellings are known: mostly the usual British one. */
export function spelt(word: string): string {
  return any.test(word) ? replacements.reduce((so, [pattern, british]) => so.replace(pattern, british), word) : word;
}

const speltSql = (word: string) =>
  `CASE WHEN ${word} ~ '${ANY}' THEN ${rules.reduce((so, [pattern, british]) => `regexp_replace(${so}, '${pattern}', '${british}', 'g')`, word)} ELSE ${word} END`;

/** SQL: the stem of a word, the same for all its spellings, in an array; an empty one for a word that says nothing, such as "and". */
export const stemsSql = (word: string) => `ts_lexize('english_stem', ${speltSql(word)})`;
/** SQL: the stem of a word, the same for all its spellings; null for one that says nothing. */
export const stemSql = (word: string) => `(${stemsSql(word)})[1]`;
