import fc from 'fast-check';
import { day, duration, kmOf, linked, milesOf, moment, paragraphs, price, where } from '../../src/web/format.js';
import { runs } from '../support/runs.js';

test('days are those of people in England', () => {
  expect(day('2026-11-22')).toBe('22 November 2026');
  expect(day('2026-06-30T23:30:00.000Z')).toBe('1 July 2026'); // summer time
});

test('moments are those of people in England', () => {
  expect(moment('2026-11-22T14:05:59.999Z')).toBe('22 November 2026 at 14:05');
  expect(moment('2026-06-30T23:30:00.000Z')).toBe('1 July 2026 at 00:30'); // summer time
});

test('how long something lasts, in whole units', () => {
  const seconds = [0, 59, 60, 3599, 3600, 7200, 86_399, 86_400, 864_000];
  expect(seconds.map(duration)).toEqual(['less than a minute', 'less than a minute', '1 minute', '59 minutes', '1 hour', '2 hours', '23 hours', '1 day', '10 days']);
});

test('prices in words', () => {
  expect(price({ kind: 'PRICED', pence: 45_000, unit: 'DAY', vat: 'ADDED' })).toBe('£450 a day, plus VAT');
  expect(price({ kind: 'PRICED', pence: 123_450, unit: 'ONE_OFF', vat: 'INCLUDED' })).toBe('£1,234.50 in all, VAT included');
  expect(price({ kind: 'FREE', pence: null, unit: null, vat: null })).toBe('Free');
  expect(price({ kind: 'BESPOKE', pence: null, unit: null, vat: null })).toBe('Price on agreement');
});

test('places in words', () => {
  const place = { national: false, radiusKm: null, localAuthorities: [], provider: { basePostcode: null } };
  const named = (...names: string[]) => ({ ...place, localAuthorities: names.map((name) => ({ name })) });
  expect(where({ ...place, national: true })).toBe('Across England');
  expect(where(named('Rutland'))).toBe('Rutland');
  expect(where(named('Derby', 'Leicester', 'Rutland'))).toBe('Derby, Leicester and Rutland');
  expect(where(named('A', 'B', 'C', 'D', 'E'), 3)).toBe('A, B, C and 2 more');
  expect(where({ ...place, radiusKm: 32, provider: { basePostcode: 'LE13 0AA' } })).toBe('Within 20 miles of LE13 0AA');
  expect(where({ ...named('Rutland'), radiusKm: 2 })).toBe('Rutland; within 1 mile of the provider’s base');
  expect(where(place)).toBe('Ask the provider');
});

test('miles that a person typed come back as they were', () => {
  for (let miles = 1; miles <= 310; miles++) expect(milesOf(kmOf(miles))).toBe(miles);
});

test('a text becomes links and nothing else', () => {
  expect(linked('See http://localhost:4000/recommendations/1.')).toContain('href="http://localhost:4000/recommendations/1."');
  expect(linked('<script>alert("1")</script> & more')).toBe('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; more');
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('', 'http://x', 'https://x/"onclick='), (a, b) => {
      expect(linked(a + b + a).replace(/<a class="govuk-link" href="[^"<>]*">|<\/a>/g, '')).not.toMatch(/[<>"]/);
    }),
    { numRuns: runs(5000) },
  );
});

test('an empty line parts paragraphs', () => {
  expect(paragraphs('One\nstill one\r\n\r\n  Two\n\n\n')).toEqual(['One\nstill one', 'Two']);
});
