import fc from 'fast-check';
import { assurances, categories, deliveries, ecmOutcomes, listingStates, providerKinds, providerStates, supportPhases } from '../../src/directory/index.js';
import type { Choices } from '../../src/search/port.js';
import { aListing, aProvider, type Facts, type ListingFacts, type ProviderFacts, type SchoolFacts } from './world.js';

const keys = <Value extends string>(words: Record<Value, string>) => Object.keys(words) as Value[];
const some = <T>(values: readonly T[], most = 3) => fc.subarray([...values], { maxLength: Math.min(most, values.length) });
/** Mostly the first value, so that most of a small world can be found. */
const mostly = <T>(usual: T, values: readonly T[]) => fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...values) });

const LAS = ['301', '302', '303', '304', '305'];
/** A grid of 5 km, so that many schools lie exactly at the rim of a radius, and some just outside. */
const place = fc.record({
  easting: fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 1 })).map(([i, rim]) => 400_000 + i * 5000 + rim),
  northing: fc.integer({ min: 0, max: 12 }).map((i) => 300_000 + i * 5000),
});

const school: fc.Arbitrary<SchoolFacts> = fc.tuple(fc.constantFrom(...LAS), mostly('OPEN', ['CLOSED', 'PROPOSED_TO_OPEN'] as const), place).map(([la, status, at]) => ({ la, status: status as SchoolFacts['status'], ...at }));

const provider: fc.Arbitrary<ProviderFacts> = fc
  .record({
    id: fc.uuid(),
    kind: fc.constantFrom(...keys(providerKinds).filter((kind) => kind !== 'SCHOOL')), // a school would need a URN of its own
    assurance: fc.constantFrom(...keys(assurances)),
    state: mostly('LISTED', keys(providerStates)),
    base: fc.option(place, { freq: 4 }),
  })
  .map(({ id, kind, assurance, state, base }) =>
    aProvider({
      id,
      kind: assurance === 'NATIONAL' ? 'NATIONAL_PROGRAMME' : assurance === 'COUNCIL' ? 'COUNCIL_SERVICE' : kind,
      assurance,
      state: state as ProviderFacts['state'],
      base,
    }),
  );

/** What may change in a listing. */
export const listingFacts = fc.record({
  state: mostly('PUBLISHED', keys(listingStates)) as fc.Arbitrary<ListingFacts['state']>,
  categories: some(keys(categories)),
  ecmOutcomes: some(keys(ecmOutcomes)),
  phases: some(keys(supportPhases)),
  deliveries: some(keys(deliveries)),
  national: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
  laCodes: some(LAS, 2),
  radiusKm: fc.option(fc.constantFrom(5, 10, 25, 50), { freq: 2 }),
  priceKind: fc.constantFrom('FREE', 'BESPOKE') as fc.Arbitrary<ListingFacts['priceKind']>,
  publishedAt: fc.integer({ min: 0, max: 20 }).map((day) => new Date(Date.UTC(2026, 3, 1 + day))),
});

export const facts: fc.Arbitrary<Facts> = fc
  .record({ schools: fc.array(school, { maxLength: 30 }), providers: fc.array(provider, { minLength: 1, maxLength: 12 }) })
  .chain(({ schools, providers }) =>
    fc
      .array(fc.tuple(fc.uuid(), listingFacts, fc.constantFrom(...providers)), { minLength: 1, maxLength: 60, size: 'max' })
      .map((listings) => ({ las: LAS, schools, listings: listings.map(([id, each, of]) => aListing({ ...each, id, provider: of })) })),
  );

/** A choice in about a third of the groups, now and then of what is nowhere. */
const choice = <T>(values: readonly T[]) => fc.option(some(values), { nil: [], freq: 2 }).chain((chosen) => fc.boolean().map((used) => (used ? chosen : [])));
export const query: fc.Arbitrary<Partial<Choices>> = fc.record({
  categories: choice(keys(categories)),
  ecmOutcomes: choice(keys(ecmOutcomes)),
  phases: choice(keys(supportPhases)),
  kinds: choice(keys(providerKinds)),
  assurances: choice(keys(assurances)),
  deliveries: choice(keys(deliveries)),
  laCodes: choice([...LAS, '999', '*', 'no code at all']),
  free: choice([true, false]),
});
