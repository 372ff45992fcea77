import fc from 'fast-check';
import { endOfLondonDay, lastDayOf, londonDay } from '../../src/platform/clock.js';
import { dayOfNumber, daysAfterDay, numberOfDay, weekday } from '../../src/platform/days.js';
import { bankHolidays, easterSunday, isBankHoliday } from '../../src/schools/term-dates/bank-holidays.js';
import { deadlineAfter, hindranceOn, whyLater, wordOnDay } from '../../src/schools/term-dates/deadline.js';
import { afterSchoolDays, type TermDays } from '../../src/schools/term-dates/school-days.js';
import { runs } from '../support/runs.js';

/** As gov.uk lists them for England. */
const LISTED: Record<number, string[]> = {
  2020: ['2020-01-01', '2020-04-10', '2020-04-13', '2020-05-08', '2020-05-25', '2020-08-31', '2020-12-25', '2020-12-28'],
  2021: ['2021-01-01', '2021-04-02', '2021-04-05', '2021-05-03', '2021-05-31', '2021-08-30', '2021-12-27', '2021-12-28'],
  2022: ['2022-01-03', '2022-04-15', '2022-04-18', '2022-05-02', '2022-06-02', '2022-06-03', '2022-08-29', '2022-09-19', '2022-12-26', '2022-12-27'],
  2023: ['2023-01-02', '2023-04-07', '2023-04-10', '2023-05-01', '2023-05-08', '2023-05-29', '2023-08-28', '2023-12-25', '2023-12-26'],
  2024: ['2024-01-01', '2024-03-29', '2024-04-01', '2024-05-06', '2024-05-27', '2024-08-26', '2024-12-25', '2024-12-26'],
  2025: ['2025-01-01', '2025-04-18', '2025-04-21', '2025-05-05', '2025-05-26', '2025-08-25', '2025-12-25', '2025-12-26'],
  2026: ['2026-01-01', '2026-04-03', '2026-04-06', '2026-05-04', '2026-05-25', '2026-08-31', '2026-12-25', '2026-12-28'],
  2027: ['2027-01-01', '2027-03-26', '2027-03-29', '2027-05-03', '2027-05-31', '2027-08-30', '2027-12-27', '2027-12-28'],
  2028: ['2028-01-03', '2028-04-14', '2028-04-17', '2028-05-01', '2028-05-29', '2028-08-28', '2028-12-25', '2028-12-26'],
};

describe('bank holidays in England', () => {
  test.each(Object.entries(LISTED))('of %s', (year, days) => {
    expect(bankHolidays(Number(year))).toEqual(days);
  });

  test('are eight weekdays in every year, with Easter on a Sunday from 22 March to 25 April', () => {
    for (let year = 2024; year < 2200; year++) {
      const days = bankHolidays(year);
      expect([year, new Set(days).size, days.filter((day) => weekday(day) > 5)]).toEqual([year, 8, []]);
      const easter = easterSunday(year);
      expect([weekday(easter), easter.slice(5) >= '03-22', easter.slice(5) <= '04-25']).toEqual([7, true, true]);
      expect(isBankHoliday(numberOfDay(days[0]!))).toBe(true);
    }
  });
});

/** School years whose terms are known, from 2024 to 2031; any may be missing. */
const calendar = fc.array(fc.record({ year: fc.integer({ min: 2024, max: 2031 }), starts: fc.integer({ min: -5, max: 10 }), gaps: fc.array(fc.integer({ min: 1, max: 24 }), { minLength: 3, maxLength: 3 }) }), { maxLength: 5 }).map((years) =>
  [...new Map(years.map((each) => [each.year, each])).values()].flatMap(({ year, starts, gaps }) => {
    let day = daysAfterDay(`${year}-09-01`, starts);
    return gaps.map((gap): TermDays => {
      const term = { schoolYear: year, startsOn: day, endsOn: daysAfterDay(day, 80) };
      day = daysAfterDay(term.endsOn, gap + 1);
      return term;
    });
  }),
);
const edges = fc.constantFrom('2026-03-28', '2026-10-24', '2027-12-20', '2028-02-29', '2028-02-28', '2027-02-28', '2026-12-31', '2027-03-20', '2026-07-15');
const moment = fc.oneof(
  fc.integer({ min: numberOfDay('2024-06-01'), max: numberOfDay('2031-12-31') }).map(dayOfNumber),
  edges,
).chain((day) => fc.integer({ min: 0, max: 86_399 }).map((second) => new Date(Date.parse(`${day}T00:00:00Z`) + second * 1000)));

test('a deadline is a day at work, as early as may be, ends with its day in London, and says why it is late', () => {
  fc.assert(
    fc.property(calendar, moment, fc.constantFrom(1, 14, 21, 30), (terms, from, days) => {
      const until = deadlineAfter(terms, from, days);
      const last = lastDayOf(until);
      expect(endOfLondonDay(last)).toEqual(until);
      expect(hindranceOn(last, terms)).toBeNull();
      // Nobody gets less than the days that were promised, and no day at work is passed over.
      const promised = londonDay(afterSchoolDays(terms, from, days));
      expect(last >= promised && last >= daysAfterDay(londonDay(from), days)).toBe(true);
      for (let day = promised; day < last; day = daysAfterDay(day, 1)) expect(hindranceOn(day, terms)).not.toBeNull();
      const late = last > daysAfterDay(londonDay(from), days);
      const why = whyLater(terms, from, until, days);
      expect(why !== null).toBe(late);
      if (why) expect(why).toMatch(new RegExp(`^This is later than ${days} days, because .*\\.$`));
      expect(wordOnDay(last, terms)).toBeNull();
    }),
    { numRuns: runs(5000) },
  );
});

test('a later beginning never ends earlier', () => {
  fc.assert(
    fc.property(calendar, moment, fc.integer({ min: 1, max: 90_000 }), (terms, from, seconds) => {
      expect(deadlineAfter(terms, new Date(from.getTime() + seconds * 1000), 30) >= deadlineAfter(terms, from, 30)).toBe(true);
    }),
    { numRuns: runs(2000) },
  );
});

describe('a day that somebody chose', () => {
  const terms: TermDays[] = [
    { schoolYear: 2026, startsOn: '2026-09-01', endsOn: '2026-12-18' },
    { schoolYear: 2026, startsOn: '2027-01-05', endsOn: '2027-03-26' },
    { schoolYear: 2026, startsOn: '2027-04-13', endsOn: '2027-07-16' },
  ];
  test.each([
    ['2026-12-17', null],
    ['2026-12-21', '21 December 2026 is in the school holidays.'],
    ['2026-11-28', '28 November 2026 is on a weekend.'],
    ['2027-05-03', '3 May 2027 is a bank holiday.'],
    ['2030-12-25', '25 December 2030 is a bank holiday.'],
  ])('%s is kept, with a word', (day, word) => {
    expect(wordOnDay(day, terms)).toBe(word);
  });
});
