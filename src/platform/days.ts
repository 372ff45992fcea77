/** Days of the calendar, as texts like `2026-11-22`, which sort as they follow each other. */

const DAY_MS = 86_400_000;

/** Whether a text is a day that there is. PostgreSQL has no year 0. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < '0001') return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** The number of a day, counted from 1 January 1970. */
export const numberOfDay = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;
export const dayOfNumber = (number: number): string => new Date(number * DAY_MS).toISOString().slice(0, 10);
export const daysAfterDay = (day: string, days: number): string => dayOfNumber(numberOfDay(day) + days);

/** 1 Monday to 7 Sunday. */
export const weekday = (day: string): number => ((((numberOfDay(day) + 3) % 7) + 7) % 7) + 1;

/** The same day of the month so many months later; the last of the month where it has no such day, as after 31 August or 29 February. */
export function monthsAfterDay(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const nth = year * 12 + month - 1 + months;
  const [inYear, inMonth] = [Math.floor(nth / 12), nth - 12 * Math.floor(nth / 12)];
  const last = new Date(Date.UTC(inYear, inMonth + 1, 0)).getUTCDate();
  return new Date(Date.UTC(inYear, inMonth, Math.min(date, last))).toISOString().slice(0, 10);
}

const long = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });

/** `22 November 2026` */
export const longDay = (day: string): string => long.format(new Date(`${day}T00:00:00Z`));
