import { daysAfter, londonDay } from '../../platform/clock.js';
import { numberOfDay } from '../../platform/days.js';

/** The first and last day of a term, as `2026-09-01`, and the calendar year in which its school year begins. */
export interface TermDays {
  schoolYear: number;
  startsOn: string;
  endsOn: string;
}

/** Numbers of the first and last day of a time, counted from 1 January 1970. */
type Span = readonly [first: number, last: number];

/** A school year runs from 1 September to 31 August, whatever the day on which its pupils come. */
export const schoolYearOf = (day: string): number => Number(day.slice(0, 4)) - (day.slice(5) < '09-01' ? 1 : 0);

/**
 * The moment at the same time of day in London after that many days, of which those in school holidays do not count.
 * Holiday is what lies outside the terms in a school year whose terms are known; in all other years every day counts.
 * @param days from 1
 */
export function afterSchoolDays(terms: readonly TermDays[], from: Date, days: number): Date {
  const start = numberOfDay(londonDay(from));
  let [day, left] = [start, days];
  for (const [first, last] of holidaysOf(terms)) {
    const before = Math.max(0, first - 1 - day);
    if (left <= before) break;
    left -= before;
    day = Math.max(day, last);
  }
  return daysAfter(from, day + left - start);
}

/** Whether a day lies outside the terms, in a school year whose terms are known. */
export function isInHolidays(day: string, terms: readonly TermDays[]): boolean {
  const year = schoolYearOf(day);
  return terms.some((term) => term.schoolYear === year) && !terms.some((term) => term.startsOn <= day && day <= term.endsOn);
}

function holidaysOf(terms: readonly TermDays[]): Span[] {
  const inOrder = terms.map(({ startsOn, endsOn }): Span => [numberOfDay(startsOn), numberOfDay(endsOn)]).sort(([a], [b]) => a - b);
  const years = [...new Set(terms.map((term) => term.schoolYear))].sort((a, b) => a - b);
  return years.flatMap((year) => without(inOrder, [numberOfDay(`${year}-09-01`), numberOfDay(`${year + 1}-08-31`)]));
}

/** What the terms leave of a time. */
function without(terms: readonly Span[], [first, last]: Span): Span[] {
  const left: Span[] = [];
  let next = first;
  for (const [termFirst, termLast] of terms) {
    const before = Math.min(termFirst - 1, last);
    if (before >= next) left.push([next, before]);
    next = Math.max(next, termLast + 1);
  }
  return next <= last ? [...left, [next, last]] : left;
}
