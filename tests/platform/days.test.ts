import fc from 'fast-check';
import { atSameTime, endOfLondonDay, londonDay, monthsAfter } from '../../src/platform/clock.js';
import { boundsOf, type DayRange, dayRanges, dayWithin, wrongWithDay } from '../../src/platform/dates.js';
import { dayOfNumber, daysAfterDay, isDay, longDay, monthsAfterDay, numberOfDay, weekday } from '../../src/platform/days.js';
import { timesNamedIn, wrongWithPast } from '../../src/platform/named-times.js';
import { runs } from '../support/runs.js';

const moments = fc.date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2060-12-31T23:59:59Z'), noInvalidDate: true });
/** Moments at which days go wrong: when the clocks change, at the turn of a year, on and around 29 February. */
const edges = fc.constantFrom('2026-03-29', '2026-10-25', '2027-03-28', '2028-02-29', '2028-03-01', '2027-02-28', '2026-12-31', '2027-01-01', '2100-02-28', '2026-08-31').chain((day) =>
  fc.integer({ min: -90_000, max: 90_000 }).map((seconds) => new Date(Date.parse(`${day}T00:00:00Z`) + seconds * 1000)));
const anyMoment = fc.oneof(moments, edges);
const days = fc.integer({ min: numberOfDay('1990-01-01'), max: numberOfDay('2110-12-31') }).map(dayOfNumber);
const ranges = Object.keys(dayRanges) as DayRange[];
const inLondon = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit', second: '2-digit' });

test('a day that is typed is taken exactly within its range, at every moment, and the message names the ends', () => {
  fc.assert(
    fc.property(anyMoment, days, fc.constantFrom(...ranges), (now, day, range) => {
      const [first, last] = boundsOf(range, now);
      expect(first <= last).toBe(true);
      const taken = dayWithin(range, now, 'The day').safeParse(day);
      expect(taken.success).toBe(day >= first && day <= last);
      if (!taken.success) expect(taken.error.issues.map((issue) => issue.message)).toEqual([`The day must be from ${longDay(first)} to ${longDay(last)}.`]);
      for (const end of [first, last]) expect(wrongWithDay(end, range, now, 'The day')).toBeNull();
      for (const beyond of [daysAfterDay(first, -1), daysAfterDay(last, 1)]) expect(wrongWithDay(beyond, range, now, 'The day')).not.toBeNull();
    }),
    { numRuns: runs(5000) },
  );
});

test('what is no day is never taken', () => {
  for (const text of ['', 'soon', '2026-02-30', '2026-13-01', '0000-01-01', '2027-02-29', '2026-2-3', '+010000-01-01', '2026-09-01T00:00', ' 2026-09-01']) {
    expect(isDay(text)).toBe(false);
    for (const range of ranges) expect(dayWithin(range, new Date('2026-09-07T09:00:00Z'), 'The day').safeParse(text).success).toBe(false);
  }
  expect(isDay('2028-02-29')).toBe(true);
});

test('months go to the same day, or to the last of a shorter month, and back again where there is such a day', () => {
  expect([monthsAfterDay('2026-08-31', 6), monthsAfterDay('2028-02-29', 36), monthsAfterDay('2026-12-31', 2), monthsAfterDay('2026-01-15', -13)]).toEqual(['2027-02-28', '2031-02-28', '2027-02-28', '2024-12-15']);
  fc.assert(
    fc.property(days, fc.integer({ min: -400, max: 400 }), (day, months) => {
      const later = monthsAfterDay(day, months);
      expect(isDay(later)).toBe(true);
      expect(Number(later.slice(0, 4)) * 12 + Number(later.slice(5, 7)) - Number(day.slice(0, 4)) * 12 - Number(day.slice(5, 7))).toBe(months);
      expect(later.slice(8) <= day.slice(8)).toBe(true);
      if (later.slice(8) < day.slice(8)) expect(daysAfterDay(later, 1).slice(8)).toBe('01');
      else expect(monthsAfterDay(later, -months)).toBe(day);
    }),
    { numRuns: runs(5000) },
  );
});

test('a moment moved by days or months keeps its time on the clock in London, and its order', () => {
  fc.assert(
    fc.property(anyMoment, fc.integer({ min: 0, max: 800 }), fc.integer({ min: 0, max: 40 }), (now, count, months) => {
      const day = daysAfterDay(londonDay(now), count);
      const later = atSameTime(now, day);
      // In the night in which the clocks go forward an hour is not there.
      if (!['01'].includes(inLondon.format(now).slice(0, 2)) && !['01', '02', '00'].includes(inLondon.format(later).slice(0, 2))) expect(inLondon.format(later)).toBe(inLondon.format(now));
      expect(later >= now).toBe(true);
      expect(monthsAfter(now, months) >= now).toBe(true);
      expect(monthsAfter(now, months + 1) >= monthsAfter(now, months)).toBe(true);
    }),
    { numRuns: runs(5000) },
  );
});

test('a day ends when the next begins, in London, whatever the clocks do', () => {
  fc.assert(
    fc.property(days, (day) => {
      const end = endOfLondonDay(day);
      expect(londonDay(new Date(end.getTime() - 1))).toBe(day);
      expect(londonDay(end)).toBe(daysAfterDay(day, 1));
    }),
    { numRuns: runs(5000) },
  );
});

test('weekdays follow each other', () => {
  expect([weekday('2026-11-30'), weekday('2026-12-06'), weekday('1969-12-31')]).toEqual([1, 7, 3]);
  fc.assert(fc.property(days, (day) => weekday(daysAfterDay(day, 1)) === (weekday(day) % 7) + 1));
});

describe('when something was done, in words', () => {
  const now = new Date('2026-11-30T13:00:00Z');
  test.each([
    ['Spring term 2026', ['2026-01-01']],
    ['autumn 2025 to summer 2026', ['2025-09-01', '2026-04-01']],
    ['January 2027 to March 2027', ['2027-01-01', '2027-03-01']],
    ['12 October 2026', ['2026-10-12']],
    ['3/2/2026', ['2026-02-03']],
    ['School year 2024/25', ['2024-09-01']],
    ['on 2026-10-01', ['2026-10-01']],
    ['since 2019', ['2019-01-01']],
    ['Last autumn', []],
    ['12 Dec 26', ['2026-12-12']],
    ['12th of December, 2026', ['2026-12-12']],
    ['December 12, 2026', ['2026-12-12']],
    ['12-Dec-26', ['2026-12-12']],
    ['Jan 27', ['2027-01-01']],
    ['05/06/27', ['2027-06-05']],
    ['5.6.27', ['2027-06-05']],
    ['06/25/2027', ['2027-06-25']],
    ['2027/6/5', ['2027-06-05']],
    ['6/2027', ['2027-06-01']],
    ['Spring ’27', ['2027-01-01']],
    ['2027, March', ['2027-03-01']],
    ['26/27', ['2026-09-01']],
    ['2025–2028', ['2028-01-01']],
    ['twenty twenty-seven', ['2027-01-01']],
    ['autumn term two thousand and ninety', ['2090-09-01']],
    ['In ’26', ['2026-01-01']],
    ['For 25-30 pupils, Years 3 and 4, 10-11 am, twenty five sessions', []],
    ['Sept. 2025 – July 2026', ['2025-09-01', '2026-07-01']],
    ['For 30 pupils over 12 weeks', []],
  ])('“%s” names %j', (text, first) => {
    expect(timesNamedIn(text).sort()).toEqual(first);
  });

  test.each(['January 2090 to November 2026', 'Spring term 2027', 'December 2026', '1/12/2026', '2030', '1999', 'tomorrow', 'Next week', 'next year', 'In the coming term', 'in two weeks’ time', 'in a month’s time', 'in a few years time', 'soon', '12 Dec 26', 'Jan 27', '05/06/27', '1.12.26', 'Christmas 2026', 'Dec ’26', '2026, December', 'twenty twenty-seven', 'September 2026 to Dec 26', '2027-28', '２０２７', 'the day after tomorrow'])('“%s” is refused', (text) => {
    expect(wrongWithPast(text, now)).not.toBeNull();
  });
  test.each(['November 2026', 'Autumn term 2026', 'since 2019', 'Last spring', 'School year 2025/26', '1998 to 2025', '30/11/26', '30 Nov 26', 'Nov 26', 'Autumn 26', '2026', '25/26', 'Six weeks in spring, for 30 pupils', 'A week in May', 'In term time, autumn 2025'])('“%s” is taken', (text) => {
    expect(wrongWithPast(text, now)).toBeNull();
  });
});

test('a day that is typed is understood in any usual form', () => {
  const names = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
  const typed = fc.constantFrom<(year: string, month: number, day: number) => string>(
    (year, month, day) => `${day}/${month}/${year}`,
    (year, month, day) => `${String(day).padStart(2, '0')}.${String(month).padStart(2, '0')}.${year.slice(2)}`,
    (year, month, day) => `${day}-${month}-${year.slice(2)}`,
    (year, month, day) => `${day} ${names[month - 1]} ${year}`,
    (year, month, day) => `on the ${day}th of ${names[month - 1]!.toUpperCase()}, ${year}`,
    (year, month, day) => `${day} ${names[month - 1]!.slice(0, 3)} ’${year.slice(2)}`,
    (year, month, day) => `${names[month - 1]!.slice(0, 3)}. ${day}, ${year}`,
    (year, month, day) => `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
  );
  const typedDays = fc.integer({ min: numberOfDay('2016-01-01'), max: numberOfDay('2089-12-31') }).map(dayOfNumber);
  fc.assert(
    fc.property(typedDays, typed, (day, write) => {
      const [year, month, date] = day.split('-') as [string, string, string];
      const text = write(year, Number(month), Number(date));
      expect([text, timesNamedIn(text)]).toEqual([text, [day]]);
      const [now, before] = [new Date(`${day}T12:00:00Z`), new Date(`${daysAfterDay(day, -1)}T12:00:00Z`)];
      expect([wrongWithPast(text, now), wrongWithPast(text, before)]).toEqual([null, expect.stringMatching(/still to come/)]);
    }),
    { numRuns: runs(5000) },
  );
});
