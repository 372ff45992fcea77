import fc from 'fast-check';
import { addressOf, distances, groups, isUrn, nowhere, orders, readChoices, searchInput, withoutChoice } from '../../src/web/directory/choices.js';
import { runs } from '../support/runs.js';

const queryOf = (address: string) => {
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URL(address, 'http://x').searchParams) (query[name] ??= []).push(value);
  return query;
};

const miles = fc.constantFrom('', ...distances.map(String));
const place = fc
  .record({ near: fc.constantFrom('', 'LE1 1AA', 'le13', '100001'), within: miles, apart: miles, order: fc.constantFrom(...(Object.keys(orders) as (keyof typeof orders)[])) })
  .map(({ near, within, apart, order }) => (near ? { near, within, apart: isUrn(near) ? apart : '', order } : { ...nowhere, order: order === 'DISTANCE' ? 'NEWEST' : order }));

const anyChoices = fc.record({
  place,
  words: fc.string({ maxLength: 50 }).map((words) => words.trim()),
  chosen: fc.record(Object.fromEntries(groups.map(({ param, labels }) => [param, labels ? fc.subarray(Object.keys(labels)) : fc.subarray(['855'])]))),
});

test('every state of the page has an address that leads back to it', () => {
  fc.assert(
    fc.property(anyChoices, (choices) => {
      const { words, chosen, place } = readChoices(queryOf(addressOf(choices)));
      expect({ words, chosen, place }).toEqual(choices);
    }),
    { numRuns: runs(2000) },
  );
});

test('a tag takes away its own choice and nothing else', () => {
  fc.assert(
    fc.property(anyChoices, ({ words, chosen, place }) => {
      for (const { param } of groups) {
        for (const value of chosen[param]!) {
          const left = readChoices(queryOf(withoutChoice({ words, chosen, place, after: 'x', before: 10 }, param, value)));
          expect(left).toEqual({ words, chosen: { ...chosen, [param]: chosen[param]!.filter((each) => each !== value) }, place, after: null, before: 0 });
        }
      }
    }),
    { numRuns: runs(500) },
  );
});

test('what no checkbox has is left out', () => {
  const { words, chosen, before } = readChoices({ q: [` ${'x'.repeat(300)}`, 'y'], category: ['NONSENSE', 'GOVERNANCE', 'GOVERNANCE', 'constructor'], la: ['855', '856', '1'], room: 'false', before: '-3' });
  expect(words).toHaveLength(200);
  expect([chosen['category'], chosen['la'], chosen['room'], before]).toEqual([['GOVERNANCE'], ['855'], [], 0]);
});

test('the search is asked for what is chosen', () => {
  expect(searchInput(readChoices({ q: 'reading', phase: 'PRIMARY', room: 'true', ring: 'LA' }))).toEqual({ words: 'reading', order: 'RELEVANCE', phases: ['PRIMARY'], hasCapacity: [true] });
  expect(searchInput(readChoices({ near: '100001', within: '10', apart: '3', order: 'DISTANCE', ring: 'LA' }))).toEqual({
    words: '', order: 'DISTANCE', near: { schoolUrn: 100001 }, withinKm: 16, notFromSchoolsWithinKm: 5, rings: ['LA'],
  });
  expect(searchInput(readChoices({ near: 'le13', within: '7', apart: '3', order: 'SCORE' }))).toEqual({ words: '', order: 'RELEVANCE', near: { postcode: 'le13' } });
});
