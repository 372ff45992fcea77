import fc from 'fast-check';
import { addressOf, groups, readChoices, searchInput, withoutChoice } from '../../src/web/directory/choices.js';
import { runs } from '../support/runs.js';

const queryOf = (address: string) => {
  const query: Record<string, string[]> = {};
  for (const [name, value] of new URL(address, 'http://x').searchParams) (query[name] ??= []).push(value);
  return query;
};

const anyChoices = fc.record({
  words: fc.string({ maxLength: 50 }).map((words) => words.trim()),
  chosen: fc.record(Object.fromEntries(groups.map(({ param, labels }) => [param, labels ? fc.subarray(Object.keys(labels)) : fc.subarray(['855'])]))),
});

test('every state of the page has an address that leads back to it', () => {
  fc.assert(
    fc.property(anyChoices, (choices) => {
      const { words, chosen } = readChoices(queryOf(addressOf(choices)));
      expect({ words, chosen }).toEqual(choices);
    }),
    { numRuns: runs(2000) },
  );
});

test('a tag takes away its own choice and nothing else', () => {
  fc.assert(
    fc.property(anyChoices, ({ words, chosen }) => {
      for (const { param } of groups) {
        for (const value of chosen[param]!) {
          const left = readChoices(queryOf(withoutChoice({ words, chosen, after: 'x', before: 10 }, param, value)));
          expect(left).toEqual({ words, chosen: { ...chosen, [param]: chosen[param]!.filter((each) => each !== value) }, after: null, before: 0 });
        }
      }
    }),
    { numRuns: runs(500) },
  );
});

test('what no checkbox has is left out', () => {
  const { words, chosen, before } = readChoices({ q: [` ${'x'.repeat(300)}`, 'y'], category: ['NONSENSE', 'GOVERNANCE', 'GOVERNANCE', 'constructor'], la: ['855', '856', '1'], free: 'false', before: '-3' });
  expect(words).toHaveLength(200);
  expect([chosen['category'], chosen['la'], chosen['free'], before]).toEqual([['GOVERNANCE'], ['855'], [], 0]);
});

test('the search is asked for what is chosen', () => {
  expect(searchInput(readChoices({ q: 'reading', phase: 'PRIMARY', free: 'true' }))).toEqual({ words: 'reading', order: 'RELEVANCE', phases: ['PRIMARY'], free: [true] });
});
