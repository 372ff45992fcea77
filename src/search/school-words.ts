import { ecmOutcomes } from '../directory/index.js';
import { fold } from '../schools/index.js';
import { spelt, tokensOf } from './spelling.js';

/** Ways of saying the same: whoever searches for one finds all, first what says it as typed. */
const same: readonly (readonly string[])[] = [
  ['SEND', 'SEN', 'special educational needs', 'special needs', 'additional needs'],
  ['SENCO', 'special educational needs coordinator', 'inclusion lead'],
  ['EAL', 'English as an additional language', 'new to English'],
  ['ASD', 'ASC', 'autism', 'autistic', 'autism spectrum'],
  ['ADHD', 'attention deficit'],
  ['SEMH', 'social emotional and mental health'],
  ['SLCN', 'speech and language', 'speech language and communication'],
  ['DLD', 'developmental language disorder', 'language disorder'],
  ['oracy', 'speaking and listening', 'spoken language', 'communication and language'],
  ['SALT', 'speech therapy', 'speech therapist', 'speech and language therapy'],
  ['SpLD', 'dyslexia', 'dyslexic'],
  ['EHCP', 'education health and care plan'],
  ['EP', 'educational psychologist', 'educational psychology'],
  ['maths', 'math', 'mathematics', 'numeracy'],
  ['English', 'literacy'],
  ['reading', 'readers'],
  ['writing', 'writers'],
  ['phonics', 'early reading', 'SSP', 'letters and sounds'],
  ['SPAG', 'grammar', 'spelling punctuation and grammar'],
  ['PE', 'physical education'],
  ['RE', 'religious education'],
  ['Catholic', 'Roman Catholic', 'RC'],
  ['MFL', 'modern foreign languages', 'modern languages', 'languages'],
  ['PSHE', 'personal social health and economic'],
  ['RSE', 'RSHE', 'relationships and sex education', 'relationships education', 'sex education'],
  ['ICT', 'computing'],
  ['IT support', 'ICT support', 'IT technician', 'ICT technician', 'technician'],
  ['programming', 'coding'],
  ['cycling', 'cycle training', 'cycling proficiency', 'Bikeability'],
  ['STEM', 'science technology engineering and maths'],
  ['two year olds', '2 year olds'],
  ['EYFS', 'early years foundation stage', 'early years'],
  ['KS1', 'key stage 1', 'infants'],
  ['KS2', 'key stage 2', 'juniors'],
  ['KS3', 'key stage 3'],
  ['KS4', 'key stage 4', 'GCSE'],
  ['KS5', 'key stage 5', 'sixth form', 'A level', 'post 16'],
  ['MTC', 'multiplication tables check', 'multiplication check', 'times tables'],
  ['SATs', 'end of key stage tests', 'national curriculum tests'],
  ['CPD', 'INSET', 'staff training', 'professional development', 'twilight'],
  ['TA', 'teaching assistant', 'LSA', 'learning support assistant'],
  ['HLTA', 'higher level teaching assistant'],
  ['ECT', 'NQT', 'early career teacher', 'newly qualified teacher'],
  ['leaders', 'leadership'],
  ['middle leaders', 'middle leadership'],
  ['subject leaders', 'subject leadership', 'subject coordinators'],
  ['SLT', 'senior leaders', 'senior leadership', 'senior leadership team'],
  ['head', 'headteacher', 'head teacher', 'headship', 'principal'],
  ['deputy', 'deputy head', 'deputy headteacher', 'assistant head', 'assistant headteacher'],
  ['SBM', 'school business manager', 'business manager', 'bursar'],
  ['governors', 'governing body', 'governing board', 'governance', 'trustees'],
  ['MAT', 'multi academy trust', 'academy trust'],
  ['academisation', 'academy conversion', 'converting to an academy', 'becoming an academy', 'joining a trust', 'join a trust', 'joining a MAT', 'join a MAT'],
  ['LGB', 'local governing body', 'local governing board'],
  ['KCSIE', 'keeping children safe in education'],
  ['SCR', 'single central record'],
  ['DSL', 'designated safeguarding lead', 'safeguarding lead'],
  ['safeguarding', 'child protection'],
  ['online safety', 'e safety', 'esafety', 'internet safety'],
  ['wellbeing', 'mental health'],
  ['Ofsted', 'inspection'],
  ['SIAMS', 'denominational inspection', 'church school inspection', 'inspection of church schools'],
  ['RI', 'requires improvement'],
  ['lesson observation', 'lesson visit', 'learning walk'],
  ['SEF', 'self evaluation'],
  ['SDP', 'school improvement plan', 'school development plan'],
  ['PP', 'PPG', 'pupil premium', 'disadvantaged'],
  ['LAC', 'looked after children', 'children looked after', 'children in care', 'care experienced'],
  ['FSM', 'free school meals'],
  ['school meals', 'school dinners', 'school food', 'catering'],
  ['GDPR', 'data protection', 'DPO'],
  ['AI', 'artificial intelligence', 'generative AI', 'ChatGPT'],
  ['ICFP', 'integrated curriculum and financial planning', 'curriculum led financial planning'],
  ['HR', 'human resources', 'personnel'],
  ['AfL', 'assessment for learning', 'formative assessment'],
  ['greater depth', 'more able', 'gifted and talented', 'high attainers'],
  ['attendance', 'persistent absence', 'absence', 'truancy'],
  ['lateness', 'punctuality'],
  ['EBSA', 'emotionally based school avoidance', 'emotionally based school non attendance', 'school refusal', 'school refuser', 'school avoidance'],
  ['CME', 'children missing education'],
  ['EHE', 'elective home education', 'home education', 'home schooling'],
  ['PRU', 'pupil referral unit'],
  ['AP', 'alternative provision'],
  ['exclusion', 'exclusions', 'suspension'],
  ['tuition', 'tutoring', 'tutor'],
  ['bereavement', 'grief', 'death', 'died'],
  ['anxiety', 'anxious'],
  ['ELSA', 'emotional literacy support assistant', 'emotional literacy support', 'emotional literacy'],
  ['counselling', 'counsellor', 'therapist', 'therapy'],
  ['NLE', 'national leader of education'],
  ['SIP', 'school improvement partner', 'school improvement adviser'],
  ['NPQ', 'national professional qualification'],
  ['ECF', 'early career framework'],
  ['performance management', 'appraisal'],
  ['recruitment', 'recruit', 'recruiting', 'appointing', 'appoint'],
  ['moderation', 'moderating'],
  ['QLA', 'question level analysis'],
  ['pupils', 'children', 'students', 'learners'],
];

/** Ways of writing the same, the usual one first, and ways in which it is only typed: in a listing they may mean something else. */
const written: readonly (readonly [ways: readonly string[], typed?: readonly string[]])[] = [
  ...upTo(13, (year, name) => [[`year ${year}`, `y${year}`, `yr ${year}`, `yr${year}`], [`y ${year}`, `year ${name}`]]),
  ...upTo(5, (stage, name) => [[`KS${stage}`, `key stage ${stage}`], [`KS ${stage}`, `key stage ${name}`, `keystage ${stage}`]]),
  [['reception'], ['reception year', 'reception class', 'year R', 'YR']],
  [['sixth form', '6th form']],
  [
    ['SENCO', 'SENDCO', 'SEN coordinator', 'SEND coordinator', 'special educational needs coordinator'],
    ['SEN CO', 'special needs coordinator', 'special educational needs and disabilities coordinator'],
  ],
  [['INSET'], ['INSET day', 'training day']],
  [['safeguarding'], ['safe guarding']],
  [['times tables'], ['timestables', 'time tables']],
  [['home schooling', 'homeschooling']],
  [['CofE', 'C of E', 'Church of England']],
  [['design and technology', 'DT', 'D and T'], ['design technology']],
  [['wellbeing', 'well being']],
];

function upTo(last: number, ways: (number: number, name: string) => [string[], string[]]): [string[], string[]][] {
  const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen'];
  return names.slice(0, last).map((name, i) => ways(i + 1, name));
}

/** Narrower words also stand for the wider ones in which support is offered; not the other way round. */
const within: readonly (readonly [narrow: readonly string[], wide: string])[] = [
  [['nursery', 'reception', 'foundation stage'], 'EYFS'],
  [years(1, 2), 'KS1'],
  [years(3, 6), 'KS2'],
  [years(7, 9), 'KS3'],
  [years(10, 11), 'KS4'],
  [years(12, 13), 'KS5'],
  [['KS1', 'KS2'], 'primary'],
  [['KS3', 'KS4'], 'secondary'],
  [['forest school'], 'outdoor learning'],
  [['arithmetic', 'fractions', 'algebra', 'geometry'], 'maths'],
  [['handwriting'], 'writing'],
  [['comprehension'], 'reading'],
  [['biology', 'chemistry', 'physics'], 'science'],
  [['French', 'German', 'Spanish'], 'MFL'],
];

function years(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => `year ${from + i}`);
}

/** What people write around a need, in lower case and without apostrophes. Every listing is help, so these do not say which. */
export const fillers: readonly string[] = [
  'help', 'helps', 'helping', 'support', 'supporting', 'need', 'needs', 'needed', 'want', 'wanted', 'looking', 'look', 'find', 'get', 'someone', 'somebody',
  'something', 'anyone', 'anybody', 'anything', 'please', 'ideas', 'advice', 'dont', 'cant', 'know', 'im', 'ive', 'weve', 'any', 'still',
]; // prettier-ignore

/** Labels of what is aimed at, which say little of what is offered and use words of other needs: they weigh no more than a description. */
export const aims: readonly string[] = Object.values(ecmOutcomes);

const spoken = (phrase: string) => phrase.split(' ').map(spelt).join(' ');

/** What a word or phrase stands for, each as words in lower case. */
export interface Meaning {
  /** The ways of writing it, the usual one first. */
  written: readonly string[];
  /** Other ways of saying it. */
  same: readonly string[];
  /** What it is part of. */
  wider: readonly string[];
}

/** By word or phrase in its one spelling. */
export const meanings: ReadonlyMap<string, Meaning> = directed();

function directed(): Map<string, Meaning> {
  const groups = written.map(([ways, typed = []]) => ({ ways: ways.map(fold), all: [...ways, ...typed].map(fold) }));
  const groupOf = new Map(groups.flatMap((group) => group.all.map((way) => [way, group] as const)));
  const writings = (way: string) => groupOf.get(fold(way)) ?? { ways: [fold(way)], all: [fold(way)] };
  const known = new Map<string, { written: Set<string>; same: Set<string>; wider: Set<string> }>();
  const add = (way: string, others: readonly string[], how: 'same' | 'wider') => {
    const { ways, all } = writings(way);
    for (const key of all.flatMap((each) => (/[s\d]$/.test(each) ? [each] : [each, `${each}s`])).map(spoken)) {
      const meaning = known.get(key) ?? known.set(key, { written: new Set(ways), same: new Set(), wider: new Set() }).get(key)!;
      for (const other of others) if (!meaning.written.has(other)) meaning[how].add(other);
    }
  };
  for (const group of [...same, ...groups.map(({ ways }) => ways)]) for (const way of group) add(way, group.flatMap((each) => writings(each).ways), 'same');
  for (const [narrow, wide] of within) {
    const group = same.find((each) => each.includes(wide)) ?? [wide];
    for (const way of narrow) add(way, group.flatMap((each) => writings(each).ways), 'wider');
  }
  return new Map([...known].map(([key, { written, same, wider }]) => [key, { written: [...written], same: [...same], wider: [...wider].filter((way) => !same.has(way)) }]));
}

const LONGEST_PHRASE = Math.max(...[...meanings.keys()].map((phrase) => phrase.split(' ').length));

/** What school people say, as they write it. */
export const schoolWords: readonly string[] = [...new Set([...same.flat(), ...written.map(([[usual]]) => usual!)])];

/** The ways of writing what was typed, the usual one first; those with letters by themselves would fit too much. Null where it is no school word. */
export function writingsOf(typed: readonly string[]): string[][] | null {
  const ways = meanings.get(typed.map(spelt).join(' '))?.written;
  return ways?.map(split).filter((words) => words.every((word) => /..|\d/.test(word))) ?? null;
}

/** Words that were typed beside each other, and what they stand for, each way in its words. */
export interface Phrase {
  /** Which of the words is its first. */
  at: number;
  typed: string[];
  /** The ways of writing just this, the usual one first. */
  written: string[][];
  same: string[][];
  /** What it is part of. */
  wider: string[][];
}

/** The phrases of what was typed that school people know by other words, longest first, none within another. */
export function phrasesIn(typed: string): Phrase[] {
  const words = tokensOf(typed);
  const keys = words.map(spelt);
  const found: Phrase[] = [];
  for (let at = 0; at < words.length; ) {
    const length = lengths(words.length - at).find((each) => meanings.has(keys.slice(at, at + each).join(' ')));
    if (length) {
      const phrase = words.slice(at, at + length);
      const { written, same, wider } = meanings.get(keys.slice(at, at + length).join(' '))!;
      found.push({ at, typed: phrase, written: written.map(split), same: same.map(split), wider: wider.map(split) });
    }
    at += length ?? 1;
  }
  return found;
}

const split = (phrase: string) => phrase.split(' ');
const lengths = (left: number) => Array.from({ length: Math.min(left, LONGEST_PHRASE) }, (_, i) => Math.min(left, LONGEST_PHRASE) - i);
