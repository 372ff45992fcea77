import { z } from 'zod';
import { londonDay } from './clock.js';
import { badInput } from './connection.js';
import { daysAfterDay, isDay, longDay, monthsAfterDay } from './days.js';
import { optional } from './validate.js';

/** A distance from today; back where it is negative. */
type Distance = { days: number } | { years: number };

/**
 * How far from today a day may lie that somebody types, by what it is for. Every input that takes a day names one of
 * these: a day far outside is a slip of the finger, and later breaks whatever counts with it.
 */
export const dayRanges = {
  /** Of support that is agreed: it may have begun before it is recorded. */
  agreed: [{ years: -2 }, { years: 3 }],
  /** Of support that is proposed or wanted. */
  planned: [{ days: 0 }, { years: 3 }],
  /** Until when providers can propose. */
  closing: [{ days: 0 }, { years: 1 }],
  /** By when somebody is to do something. */
  due: [{ days: 0 }, { years: 3 }],
  /** When a school looks at how it goes; days that have been stay among them. */
  review: [{ years: -2 }, { years: 3 }],
  /** Of something that has been. */
  past: [{ years: -3 }, { days: 0 }],
  visit: [{ years: -1 }, { years: 2 }],
  /** Until when a check of a provider holds. */
  check: [{ days: 1 }, { years: 10 }],
  /** From when a provider has room: a listing may say so long after the day has come. */
  room: [{ years: -5 }, { years: 3 }],
  /** What a reader narrows a list to. */
  reading: [{ years: -30 }, { years: 5 }],
  term: [{ years: -30 }, { years: 30 }],
} as const satisfies Record<string, readonly [Distance, Distance]>;

export type DayRange = keyof typeof dayRanges;

const dayAt = (today: string, distance: Distance): string => ('days' in distance ? daysAfterDay(today, distance.days) : monthsAfterDay(today, 12 * distance.years));

/** The first and the last day of a range, as it stands at that moment in England. */
export function boundsOf(range: DayRange, now: Date): [first: string, last: string] {
  const [first, last] = dayRanges[range];
  return [dayAt(londonDay(now), first), dayAt(londonDay(now), last)];
}

/** What is wrong with a day, as a sentence; null when nothing is. `what` begins the sentence. */
export function wrongWithDay(day: string, range: DayRange, now: Date, what: string): string | null {
  if (!isDay(day)) return `${what} must be a day, like 2026-09-01.`;
  const [first, last] = boundsOf(range, now);
  return day >= first && day <= last ? null : `${what} must be from ${longDay(first)} to ${longDay(last)}.`;
}

/** A day that somebody types. The range depends on the moment, so a schema with a day is made for each input. */
export const dayWithin = (range: DayRange, now: Date, what: string) =>
  z.string(`${what} must be a day, like 2026-09-01.`).superRefine((day, context) => {
    const message = wrongWithDay(day, range, now, what);
    if (message) context.addIssue({ code: 'custom', message });
  });

/** A day that may be left out. */
export const dayPerhaps = (range: DayRange, now: Date, what: string) => optional(dayWithin(range, now, what));

/** A day by which a reader narrows a list. @throws GraphQLError BAD_USER_INPUT */
export function checkReadingDay(name: string, day: string, now: Date): string {
  const wrong = wrongWithDay(day, 'reading', now, `\`${name}\``);
  return wrong ? badInput(wrong) : day;
}
