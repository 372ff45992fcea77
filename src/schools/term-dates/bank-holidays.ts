import { dayOfNumber, daysAfterDay, numberOfDay, weekday } from '../../platform/days.js';

/** Days that were proclaimed for one year, and the rule's day that they stood in for where they did. */
const PROCLAIMED: Record<number, { added: string[]; instead?: string }> = {
  2020: { added: ['2020-05-08'], instead: '2020-05-04' },
  2022: { added: ['2022-06-02', '2022-06-03', '2022-09-19'], instead: '2022-05-30' },
  2023: { added: ['2023-05-08'] },
};

/** Easter Sunday of the Gregorian calendar, by the anonymous computus. */
export function easterSunday(year: number): string {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const [d, e, g] = [Math.floor(b / 4), b % 4, Math.floor((8 * b + 13) / 25)];
  const h = (19 * a + b - d - g + 15) % 30;
  const [i, k] = [Math.floor(c / 4), c % 4];
  const l = (32 + 2 * e + 2 * i - h - k) % 7;
  const m = Math.floor((a + 11 * h + 19 * l) / 433);
  const month = Math.floor((h + l - 7 * m + 90) / 25);
  const day = (h + l - 7 * m + 33 * month + 19) % 32;
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

const mondayFrom = (day: string) => daysAfterDay(day, (8 - weekday(day)) % 7);
const mondayUntil = (day: string) => daysAfterDay(day, 1 - weekday(day));

/** The next weekday that is none of those already taken: a holiday on a weekend is given on another day. */
function onAWeekday(day: string, taken: readonly string[]): string {
  let substitute = day;
  while (weekday(substitute) > 5 || taken.includes(substitute)) substitute = daysAfterDay(substitute, 1);
  return substitute;
}

/** The bank holidays of England in a year, in order. */
export function bankHolidays(year: number): string[] {
  const easter = easterSunday(year);
  const boxingDay = `${year}-12-26`;
  // Where Christmas Day is a Sunday its substitute comes after Boxing Day, which keeps its own.
  const christmas = onAWeekday(`${year}-12-25`, weekday(boxingDay) === 1 ? [boxingDay] : []);
  const { added, instead } = PROCLAIMED[year] ?? { added: [] };
  const byRule = [
    onAWeekday(`${year}-01-01`, []),
    daysAfterDay(easter, -2),
    daysAfterDay(easter, 1),
    mondayFrom(`${year}-05-01`),
    mondayUntil(`${year}-05-31`),
    mondayUntil(`${year}-08-31`),
    christmas,
    onAWeekday(boxingDay, [christmas]),
  ];
  return [...byRule.filter((day) => day !== instead), ...added].sort();
}

const known = new Map<number, Set<number>>();

export function isBankHoliday(day: number): boolean {
  const year = Number(dayOfNumber(day).slice(0, 4));
  let days = known.get(year);
  if (!days) known.set(year, (days = new Set(bankHolidays(year).map(numberOfDay))));
  return days.has(day);
}
