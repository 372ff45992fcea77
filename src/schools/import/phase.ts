import type { SchoolPhase } from '../school.type.js';

const GIAS_PHASES: Record<string, SchoolPhase> = {
  nursery: 'NURSERY',
  primary: 'PRIMARY',
  'middle deemed primary': 'MIDDLE_DEEMED_PRIMARY',
  'middle deemed secondary': 'MIDDLE_DEEMED_SECONDARY',
  secondary: 'SECONDARY',
  '16 plus': 'SIXTEEN_PLUS',
  'all through': 'ALL_THROUGH',
};

/** What the type or, failing that, the name of a school without ages says; the first that fits. */
const SAID: [RegExp, SchoolPhase][] = [
  [/\ball[- ]through\b/i, 'ALL_THROUGH'],
  [/\b(primary|infants?|junior|first school|prep|preparatory)\b/i, 'PRIMARY'],
  [/\b16( to |-)19\b|\bpost[- ]?16\b|\bsixth form\b|\bfurther education\b/i, 'SIXTEEN_PLUS'],
  [/\bnursery\b/i, 'NURSERY'],
  [/\b(secondary|high school|grammar|upper school|university technical|studio school|technology college)/i, 'SECONDARY'],
  [/\b(pupil referral|alternative provision)/i, 'SECONDARY'], // as most of their pupils are
];

/** The phase in GIAS's own words; undefined for what is none of them. */
export const statedPhase = (text: string): SchoolPhase | undefined => GIAS_PHASES[text.toLowerCase().replaceAll('-', ' ')];

/**
 * The phase of a school for which GIAS states none (every special school and PRU): from its ages, else from its type and name.
 * Where nothing tells it is ALL_THROUGH, so that no support is kept from it for a phase that it may well have.
 */
export function derivedPhase(school: { low_age: number | null; high_age: number | null; type: string | null; name: string }): SchoolPhase {
  const { low_age: low, high_age: high } = school;
  if (low !== null && high !== null && low < high) return phaseOfAges(low, high);
  const said = `${school.type ?? ''} ${school.name}`;
  return SAID.find(([words]) => words.test(said))?.[1] ?? 'ALL_THROUGH';
}

/**
 * Three years or more of both primary (4 to 11) and secondary (11 to 16) age make a school all-through; otherwise it
 * is what more of its years are. A preparatory school to 13 is primary, one from 7 to 18 all-through.
 */
function phaseOfAges(low: number, high: number): SchoolPhase {
  if (low >= 16) return 'SIXTEEN_PLUS';
  if (high <= 5) return 'NURSERY';
  const primary = yearsWithin(low, high, 4, 11);
  const secondary = yearsWithin(low, high, 11, 16);
  if (primary >= 3 && secondary >= 3) return 'ALL_THROUGH';
  return primary > secondary ? 'PRIMARY' : 'SECONDARY';
}

const yearsWithin = (low: number, high: number, from: number, to: number) => Math.max(0, Math.min(high, to) - Math.max(low, from));

/**
 * Whether a school is an academy in law: academies, free schools, UTCs and studio schools. A city technology college
 * is not.
 */
export const isAcademy = (type: string, typeGroup: string): boolean =>
  /academ|free school|university technical|studio school/i.test(`${typeGroup} ${type}`);
