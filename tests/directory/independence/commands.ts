import fc from 'fast-check';
import type { Category, Delivery, SupportPhase } from '../../../src/directory/vocabulary.js';

const nth = fc.nat({ max: 99 });
const kind = <Name extends string, Rest extends object>(name: Name, rest: { [Key in keyof Rest]: fc.Arbitrary<Rest[Key]> }) =>
  fc.record({ kind: fc.constant(name), ...rest } as Record<string, fc.Arbitrary<unknown>>) as fc.Arbitrary<{ kind: Name } & Rest>;

/** The first word is the subject, for the judge too. */
const TITLES = ['Reading support', 'Reading help for teachers', 'Reading coaching', 'Mathematics support'];
const CATEGORIES: readonly Category[][] = [['TEACHING_AND_LEARNING'], ['TEACHING_AND_LEARNING', 'GOVERNANCE']];
const PHASES: readonly SupportPhase[][] = [['PRIMARY'], ['PRIMARY', 'SECONDARY']];
const DELIVERY: readonly Delivery[][] = [['IN_SCHOOL'], ['BLENDED'], ['ONLINE']];
/** Mostly the first. */
const often = <T>([first, second]: readonly (readonly T[])[]) => fc.constantFrom(first!, first!, first!, second!);

const give = kind('give', { provider: nth, school: nth, lead: nth });

/** What people, councils, imports and time do in an area. */
const command = fc.oneof(
  { weight: 36, arbitrary: give },
  { weight: 3, arbitrary: kind('withdraw', { recommendation: nth }) },
  { weight: 7, arbitrary: kind('decide', { recommendation: nth, officer: nth, what: fc.constantFrom('flag', 'reject', 'uphold', 'confirmIndependence', 'confirmIndependence') }) },
  { weight: 3, arbitrary: kind('appeal', { decision: nth, byProvider: fc.boolean() }) },
  { weight: 3, arbitrary: kind('judge', { appeal: nth, officer: nth, outcome: fc.constantFrom('uphold', 'overturn') }) },
  { weight: 5, arbitrary: kind('join', { person: nth, as: fc.constantFrom('PROVIDER_EDITOR', 'SCHOOL_LEAD', 'SCHOOL_LEAD', 'TRUST_LEAD'), of: nth, byLead: fc.boolean(), accepts: fc.boolean() }) },
  { weight: 3, arbitrary: kind('leave', { membership: nth }) },
  { weight: 2, arbitrary: kind('contact', { provider: nth, person: nth, alias: fc.boolean(), ofListing: fc.boolean() }) },
  { weight: 4, arbitrary: kind('import', { school: nth, trust: fc.nat({ max: 5 }), federation: fc.nat({ max: 3 }), what: fc.constantFrom('trust', 'trust', 'federation', 'successor') }) },
  { weight: 2, arbitrary: kind('rename', { provider: nth, name: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: kind('answerRename', { provider: nth, officer: nth, confirms: fc.boolean() }) },
  { weight: 3, arbitrary: kind('relist', { provider: nth, title: fc.constantFrom(...TITLES), categories: often(CATEGORIES), phases: often(PHASES), delivery: fc.constantFrom(...DELIVERY) }) },
  { weight: 2, arbitrary: kind('offer', { provider: nth, isOn: fc.constantFrom(true, true, false) }) },
  { weight: 4, arbitrary: kind('affirm', { recommendation: nth }) },
  { weight: 2, arbitrary: kind('policy', { officer: nth, minimum: fc.constantFrom(2, 2, 2, 3) }) },
  { weight: 1, arbitrary: kind('suspend', { provider: nth, officer: nth, ends: fc.constantFrom(true, true, false) }) },
  { weight: 2, arbitrary: kind('time', { days: fc.constantFrom(1, 7, 30, 61, 61, 400) }) },
);
export type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

/** The schools of so many providers in a row that make a ring: each vouches for the next, and the one after it. */
const ring = fc.record({ size: fc.integer({ min: 3, max: 6 }), from: nth, reach: fc.integer({ min: 1, max: 2 }) }).map(({ size, from, reach }) =>
  Array.from({ length: size }, (_, i) => Array.from({ length: reach }, (_, j) => ({ kind: 'ring' as const, from: from + i, to: from + ((i + j + 1) % size) }))).flat(),
);
export type Deed = Command | { kind: 'ring'; from: number; to: number };

const deeds: fc.Arbitrary<Deed[]> = fc.oneof({ weight: 60, arbitrary: command.map((each) => [each]) }, { weight: 1, arbitrary: ring });
/** So many steps, one after the other. */
export const sequence = (steps: number): fc.Arbitrary<Deed[]> => fc.array(deeds, { minLength: steps, maxLength: steps }).map((all) => all.flat().slice(0, steps));
