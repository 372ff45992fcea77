import { daysAfterDay, monthsAfterDay, numberOfDay } from './days.js';

/** The product's only source of time. Storage is UTC; tests are given a clock that they can move. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

const TOLERATED_MS = 500;

/**
 * Goes by the database's clock, by which all processes agree on codes, limits and deadlines even where a machine's own
 * clock is wrong or is set. Until it has been told that time it goes by its own machine's.
 */
export class DatabaseClock implements Clock {
  /** What this process's steady clock does not know: when it began. */
  private beganAt = Date.now() - performance.now();

  now(): Date {
    return new Date(this.beganAt + performance.now());
  }

  /** Follows what the database said just now. What an answer's way explains changes nothing, so that time runs evenly. */
  follow(said: Date): void {
    const began = said.getTime() - performance.now();
    if (Math.abs(began - this.beganAt) > TOLERATED_MS) this.beganAt = began;
  }
}

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
  constructor(private current: Date = new Date('2026-09-07T09:00:00Z')) {}

  now(): Date {
    return new Date(this.current);
  }

  advance(by: { days?: number; hours?: number; minutes?: number; seconds?: number }): void {
    const { days = 0, hours = 0, minutes = 0, seconds = 0 } = by;
    this.current = new Date(this.current.getTime() + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
  }
}

const dayInLondon = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
let lastDay = { hour: NaN, day: '' };

/** `2026-11-22`: the day it is for people in England at that moment. */
export function londonDay(at: Date): string {
  const hour = Math.floor(at.getTime() / HOUR_MS);
  if (hour !== lastDay.hour) lastDay = { hour, day: dayInLondon.format(at) }; // a day begins with an hour, and formatting is slow
  return lastDay.day;
}

/** The moment at which a day such as `2026-11-22` is over for people in England. */
export function endOfLondonDay(day: string): Date {
  const midnight = new Date(`${day}T24:00:00Z`);
  const inSummerTime = new Date(midnight.getTime() - HOUR_MS);
  return londonDay(inSummerTime) === londonDay(midnight) ? inSummerTime : midnight;
}

/** The last day of a time that ends at that moment: `by 21 December` ends when the 22nd begins. */
export const lastDayOf = (end: Date): string => londonDay(new Date(end.getTime() - 1));

const london = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London', dateStyle: 'short', timeStyle: 'medium' });
const londonAheadBy = (at: number) => Date.parse(`${london.format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;

/** The same time of day in London on another day: days are longer or shorter by an hour when the clocks change. */
export function atSameTime(from: Date, day: string): Date {
  const moment = from.getTime() + (numberOfDay(day) - numberOfDay(londonDay(from))) * DAY_MS;
  return new Date(moment + londonAheadBy(from.getTime()) - londonAheadBy(moment));
}

/** So many months later, earlier where negative, on the same day of the month and at the same time in London; on the month's last where it is shorter. */
export const monthsAfter = (from: Date, months: number): Date => atSameTime(from, monthsAfterDay(londonDay(from), months));
export const daysAfter = (from: Date, days: number): Date => atSameTime(from, daysAfterDay(londonDay(from), days));

const hourInLondon = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: 'numeric', hourCycle: 'h23' });

/** The moment at which it is that full hour (0 to 23) in England, on a day such as `2026-11-22`. */
export function londonHour(day: string, hour: number): Date {
  const inWinter = new Date(`${day}T${String(hour).padStart(2, '0')}:00:00Z`);
  return Number(hourInLondon.format(inWinter)) === hour ? inWinter : new Date(inWinter.getTime() - HOUR_MS);
}
