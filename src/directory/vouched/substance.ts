import { asRead } from '../../platform/text.js';
import type { Category, Delivery, SupportPhase } from '../vocabulary.js';
import { takeStages } from './stages.js';

/** What a school vouches for in a listing: what it is called, what it is about, for whom, and what kind of support it is. */
export interface Substance {
  title: string;
  categories: readonly Category[];
  phases: readonly SupportPhase[];
  delivery: readonly Delivery[];
}

/** What of a listing is another in substance than what was vouched for. */
export type Difference = 'TITLE' | 'CATEGORIES' | 'PHASES' | 'DELIVERY';

/**
 * What has changed in substance; nothing where a school that vouched for one would say that it used the other. The words
 * of it for people are in docs/directory.md. It is asked against what was vouched for, never against the last version, so
 * that many small steps do not lead where one large one may not.
 */
export function differencesInSubstance(vouched: Substance, now: Substance): Difference[] {
  const found: [Difference, boolean][] = [
    ['TITLE', anotherSubject(vouched.title, now.title)],
    ['CATEGORIES', reachesBeyond(vouched.categories, now.categories)],
    ['PHASES', reachesBeyond(vouched.phases, now.phases)],
    ['DELIVERY', anotherKind(vouched.delivery, now.delivery)],
  ];
  return found.filter(([, differs]) => differs).map(([what]) => what);
}

/** One that nobody vouched for has come in, or nothing is left of those that were. */
const reachesBeyond = (vouched: readonly string[], now: readonly string[]): boolean =>
  vouched.length > 0 && (now.some((each) => !vouched.includes(each)) || now.length === 0);

/** The support reaches the school in none of the ways in which it did: of what is blended a part is in school, a part online. */
function anotherKind(vouched: readonly Delivery[], now: readonly Delivery[]): boolean {
  const parts = (ways: readonly Delivery[]) => ways.flatMap((way): Delivery[] => (way === 'BLENDED' ? ['IN_SCHOOL', 'ONLINE'] : [way]));
  return vouched.length > 0 && !parts(vouched).some((way) => parts(now).includes(way));
}

/** Whether a title speaks of something else: a subject or a stage that the other does not name, or mostly other words. */
export function anotherSubject(vouched: string, now: string): boolean {
  const before = told(vouched);
  const after = told(now, before.plain);
  if (before.stages.size > 0 && [...after.stages].some((stage) => !before.stages.has(stage))) return true;
  if ([...after.subjects].some((subject) => !before.subjects.has(subject))) return true;
  const [one, other] = [[...before.subjects, ...before.words], [...after.subjects, ...after.words]];
  if (one.length + other.length === 0) return false;
  const shared = one.filter((word) => other.some((each) => alike(word, each))).length;
  return 4 * shared < one.length + other.length; // less than half in common
}

/** Words that mean the same subject, by how they begin. */
const SUBJECTS = Object.entries({
  READING: /^(read|phonic|decod|librar|book|comprehen|literac|vocab)/,
  WRITING: /^(writ|handwrit|spell|grammar|punctuat)/,
  ENGLISH: /^english$/,
  MATHS: /^(math|numera|numbers?$|arithmet|algebra|geometr|multiplic|tables$)/,
  SCIENCE: /^(scien|biolog|chemis|physics$)/,
  COMPUTING: /^(comput|coding$|ict$|edtech)/,
  MUSIC: /^(music|sing$|singing$|choir|orchestr)/,
  ARTS: /^(arts?$|drama|danc|theatre)/,
  SPORT: /^(sport|physical|pe$|swim|athlet|football|gymnast)/,
  HUMANITIES: /^(histor|geograph|humanit)/,
  RELIGION: /^(religio|theolog|re$)/,
  LANGUAGES: /^(french|german|spanish|mandarin|latin$|mfl$|eal$)/,
  SPEECH: /^(speech|oracy|communicat)/,
  SEND: /^(send|sen|senco|sendco|inclusi|disab|autis|dyslex|adhd|neurodiver)$|^(inclusi|disab|autis|dyslex|neurodiver)/,
  BEHAVIOUR: /^(behavio|bull(y|ie)|antibull|restorat)/,
  ATTENDANCE: /^(attend|absen|truan|punctual)/,
  SAFEGUARDING: /^(safeguard|protecti|abuse)/,
  WELLBEING: /^(wellbeing|mental|emotion|mindful|anxi|trauma|counsell|therap)/,
  GOVERNANCE: /^(governor|governing|governance|trustee|clerk)/,
  FINANCE: /^(financ|budget|procure|accounts$|accounting|payroll|funding)/,
  LEADERSHIP: /^(leader|leading|leads?$|heads?$|headship|headteacher|principal|manage)/,
  ASSESSMENT: /^(assess|data$|exam|moderat)/,
  CURRICULUM: /^curricul/,
  CAREERS: /^career/,
  HEALTH: /^(health|nutrit|food|diet|cook)/,
  PREMISES: /^(premises|estates?$|buildings?$|catering|cleaning)/,
  NATURE: /^(environment|climate|sustainab|garden|outdoor|forest)/,
  STAFFING: /^(recruit|hr$|staffing|personnel|workload|appraisal)/,
});

/** Words that join others, and words that any title may have: they tell nothing of the subject. */
const TELLS_NOTHING = new Set(
  `a an and the of for in on to with without or from by at your our their its it into about as is are this that how who what all every each more through
  support supporting supported help helping programme program project service package offer course training train workshop session class coaching coach mentoring
  mentor consultancy consultant advice adviser advisor school teacher teaching teach pupil child children student staff learn learning learner day week term half
  year full new better good great best improve improving improvement develop developing development effective practical introduction introducing intro cpd inset
  bespoke tailored online virtual primary secondary nursery visit review audit toolkit resource working work using use whole team young people person free`
    .split(/\s+/)
    .map((word) => stem(word)),
);

/** Letters set apart, as in `m a t h s` and `m.a.t.h.s`. */
const SET_APART = /(?<![\p{L}\p{N}])\p{L}(?:[^\p{L}\p{N}]{1,3}\p{L}(?![\p{L}\p{N}]))+/gu;
/** Figures within a word, as in `m4ths`. */
const FIGURES: Record<string, string> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b' };

/** What a title tells: subjects, stages, and the stems of its other words. @param known words of another title, of which a mistyped one is taken for */
function told(title: string, known: readonly string[] = []) {
  const letters = asRead(title).replace(/(?<=\p{L})['’`](?=s\b)/gu, '\'').replace(SET_APART, (apart) => (apart.endsWith("'s") ? apart : apart.replace(/[^\p{L}]/gu, '')));
  const { stages, rest } = takeStages(letters);
  const plain = rest
    .replace(/well[- ]being/g, 'wellbeing')
    .replace(/['’`]s?\b/g, '')
    .replace(/(?<=\p{L})\d(?=\p{L})/gu, (figure) => FIGURES[figure] ?? figure)
    .split(/[^\p{L}]+/u)
    .filter(Boolean)
    .map((word) => (subjectOf(word) ? word : known.find((other) => mistyped(word, other)) ?? word));
  const subjects = new Set<string>();
  const words = new Set<string>();
  for (const [at, word] of plain.entries()) {
    const subject = subjectOf(word) ?? subjectInTwo(word, plain[at + 1]);
    if (subject) subjects.add(subject);
    else if (word.length > 1 && !tellsNothing(word)) words.add(stem(word));
  }
  return { subjects, stages, words, plain };
}

const tellsNothing = (word: string): boolean => TELLS_NOTHING.has(stem(word));

const subjectOf = (word: string): string | undefined => SUBJECTS.find(([, begins]) => begins.test(word))?.[0];

/** The subject of a word that is written in two, as in `ma ths`. */
const subjectInTwo = (word: string, next: string | undefined): string | undefined =>
  next === undefined || [word, next].some((part) => subjectOf(part) || tellsNothing(part)) ? undefined : subjectOf(word + next);

/** A word without what inflects it. */
function stem(word: string): string {
  for (const ending of ['ations', 'ation', 'ments', 'ment', 'ings', 'ing', 'ers', 'er', 'ies', 'ied', 'ed', 'es', 's', 'ly', 'y', 'e']) {
    if (word.endsWith(ending) && word.length - ending.length >= 3) return word.slice(0, -ending.length).replace(/(.)\1$/, '$1');
  }
  return word;
}

/** The same word, inflected in another way or with a letter mistyped. */
function alike(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  return one === other || mistyped(one, other) || (short.length >= 5 && long.length - short.length <= 3 && long.startsWith(short));
}

/** Whether one letter is added, lost, another or moved by one place, in a word that is long enough to tell. */
function mistyped(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short.length < 5 || long.length - short.length > 1) return false;
  let from = 0;
  while (from < short.length && short[from] === long[from]) from++;
  const [a, b] = [short.slice(from), long.slice(from)];
  return a === b.slice(1) || a.slice(1) === b.slice(1) || (a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2));
}
