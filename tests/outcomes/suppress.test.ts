import fc from 'fast-check';
import { EVIDENCE_LEVELS, EVIDENCE_SCHOOLS } from '../../src/outcomes/evidence.release.js';
import { type Group, type Place, suppress, type Unit } from '../../src/outcomes/suppress.js';
import { UNMET_LEVELS, UNMET_SCHOOLS } from '../../src/outcomes/unmet-need.release.js';
import { runs } from '../support/runs.js';
import { fewestTold } from './differencing.js';

interface Answer extends Unit {
  id: number;
}

const school = fc.integer({ min: 1, max: 8 });
const perhaps = (...values: string[]) => fc.constantFrom(...values, null);

const evidencePlace = fc.record({
  provider: fc.constantFrom('P', 'Q'),
  kind: fc.constantFrom('RESULT', 'HELPFULNESS'),
  listing: perhaps('L1', 'L2'),
  category: perhaps('C1', 'C2'),
  phase: perhaps('S1', 'S2'),
});
const needPlace = fc.record({ la: fc.constantFrom('A', 'B'), kind: fc.constantFrom('REQUEST', 'SEARCH'), category: perhaps('C1', 'C2'), phase: perhaps('S1', 'S2') });

const tables = [
  { name: 'evidence of three schools', place: evidencePlace as fc.Arbitrary<Place>, least: EVIDENCE_SCHOOLS, levels: EVIDENCE_LEVELS, school: school as fc.Arbitrary<number | null> },
  { name: 'needs of five schools', place: needPlace as fc.Arbitrary<Place>, least: UNMET_SCHOOLS, levels: UNMET_LEVELS, school: fc.option(school, { freq: 6 }) },
];

/** Whether a place is told apart at least as finely as a filter asks. */
const fits = (place: Place, filter: Place) => Object.entries(filter).every(([part, value]) => value === null || place[part] === value);

/** Months or terms, each with what was answered in it. */
const releases = ({ place, school }: (typeof tables)[number]) =>
  fc
    .array(fc.array(fc.record({ school, place }), { maxLength: 12 }), { minLength: 1, maxLength: 6 })
    .map((batches): Answer[][] => batches.map((batch, i) => batch.map((unit, j) => ({ ...unit, id: i * 100 + j }))));

/** All filters that anybody can ask for, of all parts of the places that occur. */
function everyFilter(units: readonly Unit[]): Place[] {
  const parts = Object.keys(units[0]?.place ?? {});
  return parts.reduce<Place[]>(
    (filters, part) => filters.flatMap((filter) => [...new Set([null, ...units.map((unit) => unit.place[part]!)])].map((value) => ({ ...filter, [part]: value ?? null }))),
    [{}],
  );
}

describe.each(tables)('$name', (table) => {
  const { least, levels } = table;

  /** Asks every filter after each release. @returns which answers each sum is over */
  function askEverything(batches: Answer[][], release: (waiting: Answer[]) => { groups: Group<Answer>[]; waiting: Answer[] }): Answer[][] {
    const filters = everyFilter(batches.flat());
    const told: Group<Answer>[] = [];
    const sums: Answer[][] = [];
    let waiting: Answer[] = [];
    for (const batch of batches) {
      const released = release([...waiting, ...batch]);
      told.push(...released.groups);
      waiting = released.waiting;
      sums.push(...filters.map((filter) => told.filter((group) => fits(group.place, filter)).flatMap((group) => group.units)));
    }
    return sums;
  }

  test('no filters at no times, however they are added and subtracted, tell of fewer schools', () => {
    fc.assert(
      fc.property(releases(table), (batches) => {
        const sums = askEverything(batches, (waiting) => suppress(waiting, least, levels));
        return fewestTold(sums) >= least;
      }),
      { numRuns: runs(500) },
    );
  });

  test('what is told and what waits is everything, each once; whoever waits has no company', () => {
    fc.assert(
      fc.property(releases(table), (batches) => {
        const units = batches.flat();
        const { groups, waiting } = suppress(units, least, levels);
        const ids = [...groups.flatMap((group) => group.units), ...waiting].map(({ id }) => id).sort((a, b) => a - b);
        expect(ids).toEqual(units.map(({ id }) => id).sort((a, b) => a - b));
        for (const group of groups) {
          expect(new Set(group.units.flatMap((unit) => unit.school ?? [])).size).toBeGreaterThanOrEqual(least);
          expect(group.schools).toEqual([...new Set(group.units.flatMap((unit) => unit.school ?? []))].sort((a, b) => a - b));
          for (const unit of group.units) expect(fits(unit.place, group.place)).toBe(true);
        }
        for (const level of levels) {
          const together = new Map<string, Set<number>>();
          for (const { place, school } of waiting.filter((unit) => level.every((part) => unit.place[part] !== null))) {
            const key = level.map((part) => place[part]).join();
            together.set(key, new Set([...(together.get(key) ?? []), ...(school === null ? [] : [school])]));
          }
          for (const schools of together.values()) expect(schools.size).toBeLessThan(least);
        }
      }),
      { numRuns: runs(500) },
    );
  });

  test('the order in which answers come does not matter, nor what they are', () => {
    fc.assert(
      fc.property(
        releases(table).chain((batches) => fc.tuple(fc.constant(batches.flat()), fc.shuffledSubarray(batches.flat(), { minLength: batches.flat().length }))),
        ([units, shuffled]) => {
          const told = (answers: Answer[]) => suppress(answers, least, levels).groups.map((group) => group.units.map(({ id }) => id).sort((a, b) => a - b).join()).sort();
          expect(told(shuffled)).toEqual(told(units));
        },
      ),
      { numRuns: runs(200) },
    );
  });

  test.each([
    ['cells of enough schools, as they stand', (filters: Place[], known: Answer[]) => filters.map((filter) => enough(known.filter((unit) => fits(unit.place, filter))))],
    [
      'the same, where the rest has none or enough schools too',
      (filters: Place[], known: Answer[]) =>
        filters.map((filter) => {
          const rest = known.filter((unit) => !fits(unit.place, filter));
          return rest.length === 0 || enough(rest).length > 0 ? enough(known.filter((unit) => fits(unit.place, filter))) : [];
        }),
    ],
  ])('the check finds what is told by %s', (_how, tell) => {
    const found = fc.check(
      fc.property(releases(table), (batches) => {
        const filters = everyFilter(batches.flat());
        const sums = batches.flatMap((_batch, i) => tell(filters, batches.slice(0, i + 1).flat()));
        return fewestTold(sums) >= least;
      }),
      { numRuns: 500 },
    );
    expect(found.failed).toBe(true);
  });

  const enough = (units: Answer[]) => (new Set(units.flatMap((unit) => unit.school ?? [])).size >= least ? units : []);
});

test('is as fine as schools allow, and pools what is left', () => {
  const at = (school: number, listing: string, category: string | null, phase: string | null) => ({ school, place: { provider: 'P', kind: 'RESULT', listing, category, phase } });
  const { groups, waiting } = suppress(
    [at(1, 'L1', 'C1', 'S1'), at(2, 'L1', 'C1', 'S1'), at(3, 'L1', 'C1', 'S1'), at(4, 'L1', 'C1', 'S2'), at(5, 'L1', 'C2', 'S2'), at(6, 'L1', null, null), at(7, 'L2', 'C1', 'S1')],
    EVIDENCE_SCHOOLS,
    EVIDENCE_LEVELS,
  );
  expect(groups.map(({ place, schools }) => [place['listing'], place['category'], place['phase'], schools])).toEqual([
    ['L1', 'C1', 'S1', [1, 2, 3]],
    ['L1', null, null, [4, 5, 6]],
  ]);
  expect(waiting.map(({ school }) => school)).toEqual([7]);
});
