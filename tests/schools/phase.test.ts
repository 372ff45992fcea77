import { derivedPhase, isAcademy, statedPhase } from '../../src/schools/import/phase.js';

const derived = (ages: [number | null, number | null], type = 'Other independent school', name = 'Hall School') =>
  derivedPhase({ low_age: ages[0], high_age: ages[1], type, name });

test.each([
  ['Primary', 'PRIMARY'],
  ['Middle Deemed Secondary', 'MIDDLE_DEEMED_SECONDARY'],
  ['All-through', 'ALL_THROUGH'],
  ['All Through', 'ALL_THROUGH'],
  ['16 plus', 'SIXTEEN_PLUS'],
  ['Not applicable', undefined],
  ['', undefined],
])('GIAS says %j', (said, phase) => expect(statedPhase(said)).toBe(phase));

test.each([
  [[2, 5], 'NURSERY'],
  [[3, 11], 'PRIMARY'],
  [[5, 7], 'PRIMARY'],
  [[3, 13], 'PRIMARY'],
  [[8, 13], 'PRIMARY'],
  [[11, 16], 'SECONDARY'],
  [[9, 18], 'SECONDARY'],
  [[10, 19], 'SECONDARY'],
  [[13, 18], 'SECONDARY'],
  [[14, 19], 'SECONDARY'],
  [[2, 19], 'ALL_THROUGH'],
  [[7, 18], 'ALL_THROUGH'],
  [[5, 16], 'ALL_THROUGH'],
  [[16, 19], 'SIXTEEN_PLUS'],
  [[16, 99], 'SIXTEEN_PLUS'],
] as [[number, number], string][])('ages %j', (ages, phase) => expect(derived(ages)).toBe(phase));

test('every pair of ages has a phase in which its pupils are', () => {
  const from: Record<string, number> = { NURSERY: 0, PRIMARY: 4, ALL_THROUGH: 0, SECONDARY: 11, SIXTEEN_PLUS: 16 };
  const to: Record<string, number> = { NURSERY: 5, PRIMARY: 11, ALL_THROUGH: 99, SECONDARY: 19, SIXTEEN_PLUS: 99 };
  for (let low = 0; low < 25; low++) {
    for (let high = low + 1; high < 30; high++) {
      const phase = derived([low, high]);
      expect(Math.min(high, to[phase]!)).toBeGreaterThan(Math.max(low, from[phase]!));
    }
  }
});

test('without ages type and name tell', () => {
  expect(derived([null, null], 'Local authority nursery school')).toBe('NURSERY');
  expect(derived([null, null], 'Pupil referral unit')).toBe('SECONDARY');
  expect(derived([null, null], 'Pupil referral unit', 'The Primary PRU')).toBe('PRIMARY');
  expect(derived([null, null], 'Academy 16-19 converter')).toBe('SIXTEEN_PLUS');
  expect(derived([null, null], 'Community school', 'Ashby Infant and Nursery School')).toBe('PRIMARY');
  expect(derived([null, null], 'University technical college')).toBe('SECONDARY');
});

test('where nothing tells, also not ages the wrong way round, no phase is left out', () => {
  expect(derived([null, null])).toBe('ALL_THROUGH');
  expect(derived([11, 11])).toBe('ALL_THROUGH');
  expect(derived([null, 16])).toBe('ALL_THROUGH');
});

test.each([
  ['Academy converter', '', true],
  ['Academy Sponsor Led', 'Academies', true],
  ['Free schools special', 'Free Schools', true],
  ['University technical college', '', true],
  ['Studio schools', '', true],
  ['', 'Academies', true],
  ['City technology college', 'Independent schools', false],
  ['Community school', 'Local authority maintained schools', false],
  ['Other independent school', '', false],
])('%j of %j: academy %j', (type, group, academy) => expect(isAcademy(type, group)).toBe(academy));
