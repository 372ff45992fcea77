import { fold } from '../../schools/index.js';
import type { SupportPhase } from '../vocabulary.js';

const IN_ORDER: SupportPhase[] = ['NURSERY', 'PRIMARY', 'SECONDARY', 'SIXTEEN_PLUS'];
/** From which age each is for, and the first of the next. */
const AGES: Record<SupportPhase, [number, number]> = { NURSERY: [0, 4], PRIMARY: [4, 11], SECONDARY: [11, 16], SIXTEEN_PLUS: [16, 26] };
/** The ages of pupils in key stage 1 to 5, by the number of the stage. */
const STAGES: [number, number][] = [[4, 5], [5, 7], [7, 11], [11, 14], [14, 16], [16, 18]];

const STAGE = /^(?:ks|key stages?) ?([0-5])$/;
const STAGE_RANGE = /^(?:ks|key stages?) ?([0-5]) (?:to )?(?:ks|key stage)? ?([0-5])$/;
const YEARS = /^(?:years?|yrs?|y) ?(1[0-3]|\d|r)(?: (?:to )?(?:years?|yrs?|y)? ?(1[0-3]|\d))?$/;
const AGE_RANGE = /^(?:ages? |aged )?(\d\d?) (?:to )?(\d\d?)(?: years?(?: olds?)?)?$/;
/** What says who is meant, besides the phase. */
const PEOPLE = / (?:schools?|pupils?|children|students|phase|stage|aged?|settings?|classes)$/;

/**
 * The phases of words by which schools tell pupils apart: key stages (`KS1-KS4`, `KS1 & 2`), years (`Years 3-6`) and ages
 * (`11-16`).
 * @returns null where they are none of these
 */
export function phasesOfStages(typed: string): SupportPhase[] | null {
  const found = new Set<SupportPhase>();
  let before = '';
  for (const part of fold(typed.replace(/[,/]/g, ' and ')).split(/ and (?:and )*/)) {
    // KS1 and 2
    const words = /^\d+$/.test(part) && before ? `${before} ${part}` : part;
    const ages = agesOf(words.replace(PEOPLE, ''));
    if (!ages) return null;
    before = /^(?:ks|key stages?|years?|yrs?)(?= ?\d)/.exec(words)?.[0] ?? '';
    for (const phase of IN_ORDER) if (ages[0] < AGES[phase][1] && ages[1] > AGES[phase][0]) found.add(phase);
  }
  return IN_ORDER.filter((phase) => found.has(phase));
}

function agesOf(words: string): [number, number] | null {
  const stage = STAGE.exec(words) ?? STAGE_RANGE.exec(words);
  if (stage) return span(STAGES[Number(stage[1])]!, STAGES[Number(stage[2] ?? stage[1])]!);
  const years = YEARS.exec(words);
  if (years) return span(yearAges(years[1]!), yearAges(years[2] ?? years[1]!));
  const [, low, high] = AGE_RANGE.exec(words) ?? [];
  return low !== undefined && high !== undefined ? span([Number(low), Number(high)], [Number(low), Number(high)]) : null;
}

const yearAges = (year: string): [number, number] => (year === 'r' ? [4, 5] : [Number(year) + 4, Number(year) + 5]);
const span = (from: [number, number], to: [number, number]): [number, number] | null => (to[1] > from[0] ? [from[0], to[1]] : null);
