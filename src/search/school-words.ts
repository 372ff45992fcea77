import { fold } from '../schools/index.js';

/** Ways of saying the same: whoever searches for one finds all. */
const same: readonly (readonly string[])[] = [
  ['SEND', 'SEN', 'special educational needs', 'special needs', 'additional needs'],
  ['SENCO', 'SENDCO', 'special educational needs coordinator', 'inclusion lead'],
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
  ['DT', 'design and technology', 'design technology'],
  ['MFL', 'modern foreign languages', 'modern languages', 'languages'],
  ['PSHE', 'personal social health and economic'],
  ['RSE', 'RSHE', 'relationships and sex education', 'sex education'],
  ['ICT', 'computing'],
  ['IT support', 'ICT support', 'IT technician', 'ICT technician', 'technician'],
  ['programming', 'coding'],
  ['cycling', 'cycle training', 'cycling proficiency', 'Bikeability'],
  ['STEM', 'science technology engineering and maths'],
  ['two year olds', '2 year olds'],
  ['EYFS', 'early years foundation stage', 'early years'],
  ['KS1', 'key stage 1', 'key stage one', 'infants'],
  ['KS2', 'key stage 2', 'key stage two', 'juniors'],
  ['KS3', 'key stage 3', 'key stage three'],
  ['KS4', 'key stage 4', 'key stage four', 'GCSE'],
  ['KS5', 'key stage 5', 'key stage five', 'sixth form', 'A level', 'post 16'],
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
  ['wellbeing', 'well being', 'mental health'],
  ['Ofsted', 'inspection'],
  ['SIAMS', 'denominational inspection', 'church school inspection', 'inspection of church schools'],
  ['RI', 'requires improvement'],
  ['lesson observation', 'lesson visit', 'learning walk'],
  ['SEF', 'self evaluation'],
  ['SDP', 'school improvement plan', 'school development plan'],
  ['PP', 'pupil premium', 'disadvantaged'],
  ['LAC', 'looked after children', 'children looked after', 'children in care', 'care experienced'],
  ['FSM', 'free school meals'],
  ['school meals', 'school dinners', 'school food', 'catering'],
  ['GDPR', 'data protection', 'DPO'],
  ['AI', 'artificial intelligence', 'generative AI', 'ChatGPT'],
  ['ICFP', 'integrated curriculum and financial planning', 'curriculum led financial planning'],
  ['HR', 'human resources', 'personnel'],
  ['AfL', 'assessment for learning', 'formative assessment'],
  ['greater depth', 'more able', 'gifted and talented', 'high attainers'],
  ['attendance', 'persistent absence', 'absence'],
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

/** Narrower words also stand for the wider ones in which support is offered; not the other way round. */
const within: readonly (readonly [narrow: readonly string[], wide: string])[] = [
  [['nursery', 'reception', 'foundation stage'], 'eyfs'],
  [years(1, 2), 'ks1'],
  [years(3, 6), 'ks2'],
  [years(7, 9), 'ks3'],
  [years(10, 11), 'ks4'],
  [years(12, 13), 'ks5'],
  [['ks1', 'ks2'], 'primary'],
  [['ks3', 'ks4'], 'secondary'],
];

/** What people write around a need, in lower case and without apostrophes. Every listing is help, so these do not say which. */
export const fillers: readonly string[] = [
  'help', 'helps', 'helping', 'support', 'supporting', 'need', 'needs', 'needed', 'want', 'wanted', 'looking', 'look', 'find', 'get', 'someone', 'somebody',
  'something', 'anyone', 'anybody', 'anything', 'please', 'ideas', 'advice', 'dont', 'cant', 'know', 'im', 'ive', 'weve', 'any', 'still',
]; // prettier-ignore

/** British and American spellings, and both of what dictionaries allow. */
const spellings: readonly (readonly string[])[] = [
  ['behaviour', 'behavior'],
  ['behavioural', 'behavioral'],
  ['programme', 'program'],
  ['centre', 'center'],
  ['organise', 'organize'],
  ['organisation', 'organization'],
  ['organisational', 'organizational'],
  ['specialise', 'specialize'],
  ['specialised', 'specialized'],
  ['recognise', 'recognize'],
  ['analyse', 'analyze'],
  ['personalised', 'personalized'],
  ['optimise', 'optimize'],
  ['prioritise', 'prioritize'],
  ['counselling', 'counseling'],
  ['counsellor', 'counselor'],
  ['practice', 'practise'],
  ['licence', 'license'],
  ['judgement', 'judgment'],
  ['enrolment', 'enrollment'],
  ['fulfil', 'fulfill'],
  ['modelling', 'modeling'],
  ['travelling', 'traveling'],
  ['learnt', 'learned'],
  ['colour', 'color'],
  ['favour', 'favor'],
  ['neighbour', 'neighbor'],
  ['catalogue', 'catalog'],
  ['dialogue', 'dialog'],
  ['grey', 'gray'],
  ['paediatric', 'pediatric'],
  ['co ordinator', 'coordinator'],
  ['coordination', 'co ordination'],
];

function years(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i).flatMap((year) => [`year ${year}`, `y${year}`, `yr ${year}`]);
}

/** What a word or phrase, in lower case, stands for beside itself. */
interface Meaning {
  /** Other ways of saying it. */
  same: readonly string[];
  /** What it is part of. */
  wider: readonly string[];
}

const meanings: ReadonlyMap<string, Meaning> = directed();

function directed(): Map<string, Meaning> {
  const known = new Map<string, { same: Set<string>; wider: Set<string> }>();
  const add = (spoken: string, to: readonly string[], how: keyof Meaning) => {
    const from = fold(spoken);
    const ways = known.get(from) ?? known.set(from, { same: new Set(), wider: new Set() }).get(from)!;
    for (const way of to.map(fold)) if (way !== from) ways[how].add(way);
  };
  for (const group of [...same, ...spellings]) for (const way of group) for (const spoken of way.endsWith('s') ? [way] : [way, `${way}s`]) add(spoken, group, 'same');
  for (const [narrow, wide] of within) {
    for (const way of narrow) {
      const number = way.replace(/\D/g, '');
      if (number) add(way, narrow.filter((other) => other.replace(/\D/g, '') === number), 'same');
      add(way, [wide, ...(same.find((group) => group.some((each) => fold(each) === wide)) ?? [])], 'wider');
    }
  }
  return new Map([...known].map(([from, ways]) => [from, { same: [...ways.same], wider: [...ways.wider].filter((way) => !ways.same.has(way)) }]));
}

/** By a word or phrase in lower case, all that it stands for. */
export const synonyms: ReadonlyMap<string, readonly string[]> = new Map([...meanings].map(([from, { same, wider }]) => [from, [...same, ...wider]]));

const LONGEST_PHRASE = Math.max(...[...synonyms.keys()].map((phrase) => phrase.split(' ').length));

/** What school people say, as they write it. */
export const schoolWords: readonly string[] = same.flat();

/** Words that were typed beside each other, and the other ways of saying them, each in its words. */
export interface Phrase {
  typed: string[];
  same: string[][];
  /** What it is part of. */
  wider: string[][];
}

/** The phrases of what was typed that school people know by other words, longest first, none within another. */
export function phrasesIn(typed: string): Phrase[] {
  const words = fold(typed).match(/[\p{L}\p{N}]+/gu) ?? [];
  const found: Phrase[] = [];
  for (let at = 0; at < words.length; ) {
    const length = lengths(words.length - at).find((each) => synonyms.has(words.slice(at, at + each).join(' ')));
    if (length) {
      const phrase = words.slice(at, at + length);
      const { same, wider } = meanings.get(phrase.join(' '))!;
      found.push({ typed: phrase, same: same.map(wordsOf), wider: wider.map(wordsOf) });
    }
    at += length ?? 1;
  }
  return found;
}

const wordsOf = (phrase: string) => phrase.split(' ');
const lengths = (left: number) => Array.from({ length: Math.min(left, LONGEST_PHRASE) }, (_, i) => Math.min(left, LONGEST_PHRASE) - i);
