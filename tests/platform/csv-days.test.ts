import fc from 'fast-check';
import { DayReader, dayIn } from '../../src/platform/csv/days.js';
import { dayOfNumber, numberOfDay } from '../../src/platform/days.js';
import { runs } from '../support/runs.js';

const days = fc.integer({ min: numberOfDay('1960-01-01'), max: numberOfDay('2029-12-31') }).map(dayOfNumber);
const parts = (day: string) => day.split('-') as [string, string, string];
const words = (day: string, options: Intl.DateTimeFormatOptions, locale = 'en-GB') => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(new Date(day));
const bare = (number: string) => String(Number(number));

/** Each is one way in which a day is written that can mean nothing else where days come first. */
const FORMS: Record<string, (day: string) => string> = {
  iso: (day) => day,
  'iso with a time': (day) => `${day}T00:00:00.000Z`,
  'pandas': (day) => `${day} 00:00:00`,
  'iso with strokes': (day) => day.replaceAll('-', '/'),
  compact: (day) => day.replaceAll('-', ''),
  strokes: (day) => parts(day).reverse().join('/'),
  'strokes without noughts': (day) => parts(day).reverse().map(bare).join('/'),
  'strokes with a time': (day) => `${parts(day).reverse().join('/')} 00:00`,
  'strokes with a short year': (day) => parts(day).reverse().join('/').replace(/\/\d\d(\d\d)$/, '/$1'),
  dashes: (day) => parts(day).reverse().join('-'),
  dots: (day) => parts(day).reverse().join('.'),
  words: (day) => words(day, { day: 'numeric', month: 'long', year: 'numeric' }),
  'words with the weekday': (day) => words(day, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }),
  'American words': (day) => words(day, { day: 'numeric', month: 'long', year: 'numeric' }, 'en-US'),
  'what Excel shows': (day) => `${parts(day)[2]}-${words(day, { month: 'short' }).slice(0, 3)}-${parts(day)[0].slice(2)}`,
  'what Excel counts': (day) => String(numberOfDay(day) - numberOfDay('1899-12-30')),
};

test.each(Object.keys(FORMS))('a day is read as it is meant: %s', (form) => {
  fc.assert(fc.property(days, (day) => expect([FORMS[form]!(day), dayIn(FORMS[form]!(day))]).toEqual([FORMS[form]!(day), day])), { numRuns: runs(3000) });
});

test('ordinals are read', () => {
  for (const text of ['1st September 2026', 'Tues 1st Sept 2026', 'Tuesday, 1 September 2026', '1 of September 2026', 'September 1st, 2026']) expect(dayIn(text)).toBe('2026-09-01');
});

test.each(['', 'soon', '2012', '31/02/2012', '1/13/13/2012', '0/1/2012', 'Monday 1 September 2026', '1 Foo 2026', '99999', '12', '2012-13-01', '1/9'])('%j is no day', (text) => {
  expect(dayIn(text)).toBeUndefined();
});

test('days of a file in American order are all read so, whatever their order; in both orders only what can be told', () => {
  const american = (day: string) => `${bare(parts(day)[1])}/${bare(parts(day)[2])}/${parts(day)[0]}`;
  fc.assert(
    fc.property(fc.array(days, { minLength: 1, maxLength: 20 }), fc.boolean(), (some, mixed) => {
      const reader = new DayReader();
      const cells = [...some.map(american), '8/31/2020', ...(mixed ? ['31/8/2020'] : [])];
      cells.forEach((cell, i) => reader.see(cell, i + 2));
      expect(reader.order).toBe(mixed ? 'MIXED' : 'MONTH_FIRST');
      for (const day of some) {
        const isEither = Number(parts(day)[2]) <= 12 && parts(day)[1] !== parts(day)[2];
        expect(reader.read(american(day))).toBe(mixed && isEither ? undefined : day);
      }
    }),
    { numRuns: runs(1000) },
  );
});
