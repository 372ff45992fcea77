import type { Chance } from './chance.js';

const DAY = 86_400_000;
const SUNDAY = 0;
const SATURDAY = 6;

/** A moment in office hours so many days before `now`, on the Friday before where that falls on a weekend. */
export function daysBefore(now: Date, days: number, chance: Chance): Date {
  return inOfficeHours(new Date(now.getTime() - days * DAY), -1, chance);
}

/** A moment in office hours so many days after another, on the Monday after where that falls on a weekend. */
export function daysAfter(at: Date, days: number, chance: Chance): Date {
  return inOfficeHours(new Date(at.getTime() + days * DAY), 1, chance);
}

export const minutesAfter = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * 60_000);
export const plainDaysAfter = (at: Date, days: number): Date => new Date(at.getTime() + days * DAY);
export const ageInDays = (at: Date, now: Date): number => Math.floor((now.getTime() - at.getTime()) / DAY);

/** `2026-11-22`; in office hours it is the same day in London and in UTC. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

export function yearsAfter(at: Date, years: number): Date {
  const later = new Date(at);
  later.setUTCFullYear(at.getUTCFullYear() + years);
  return later;
}

function inOfficeHours(at: Date, step: number, chance: Chance): Date {
  const day = new Date(at);
  while (day.getUTCDay() === SATURDAY || day.getUTCDay() === SUNDAY) day.setUTCDate(day.getUTCDate() + step);
  day.setUTCHours(chance.between(8, 16), chance.between(0, 59), chance.between(0, 59), 0);
  return day;
}

/** The school term before the one of a day: `Autumn term 2025`. */
export function termBefore(day: Date): string {
  const [year, month] = [day.getUTCFullYear(), day.getUTCMonth() + 1];
  if (month >= 9) return `Summer term ${year}`;
  return month >= 5 ? `Spring term ${year}` : `Autumn term ${year - 1}`;
}

/** The last school year of which somebody speaks on a day: from April on the present one. `School year 2024/25`. */
export function schoolYear(day: Date): string {
  const end = day.getUTCFullYear() - (day.getUTCMonth() < 3 ? 1 : 0);
  return `School year ${end - 1}/${String(end % 100).padStart(2, '0')}`;
}
