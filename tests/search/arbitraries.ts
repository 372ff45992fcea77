import fc from 'fast-check';
import { assurances, capacities, categories, deliveries, ecmOutcomes, listingStates, providerKinds, providerStates, supportPhases } from '../../src/directory/index.js';
import { type Neighbours, priceBands, rings, type SearchQuery } from '../../src/search/port.js';
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

const URNS = [100001, 100002, 100003, 100004, 100005, 100006];
const school: fc.Arbitrary<SchoolFacts> = fc.tuple(fc.integer({ min: 100007, max: 199999 }), fc.constantFrom(...LAS), mostly('OPEN', ['CLOSED', 'PROPOSED_TO_OPEN'] as const), place).map(([urn, la, status, at]) => ({ urn, la, status: status as SchoolFacts['status'], ...at }));
/** Schools that are providers, or ask. */
const known = URNS.map((urn, i): SchoolFacts => ({ urn, la: LAS[i % 3]!, status: 'OPEN', easting: 400_000 + 10_000 * i, northing: 310_000 }));

const provider: fc.Arbitrary<ProviderFacts> = fc
  .record({
    id: fc.uuid(),
    kind: fc.constantFrom(...keys(providerKinds).filter((kind) => kind !== 'SCHOOL')), // a school would need a URN of its own
    assurance: fc.constantFrom(...keys(assurances)),
    state: mostly('LISTED', keys(providerStates)),
    base: fc.option(place, { freq: 4 }),
    schoolUrn: fc.option(fc.constantFrom(...URNS), { freq: 2 }),
    assuringLa: fc.option(fc.constantFrom(...LAS)),
  })
  .map(({ kind, state, schoolUrn, assurance, ...other }) =>
    aProvider({
      ...other,
      assurance: schoolUrn ? 'RECOMMENDED' : assurance,
      kind: schoolUrn ? 'SCHOOL' : assurance === 'NATIONAL' ? 'NATIONAL_PROGRAMME' : assurance === 'COUNCIL' ? 'COUNCIL_SERVICE' : kind,
      state: state as ProviderFacts['state'],
      schoolUrn,
    }),
  );
const oneForEachSchool = (providers: ProviderFacts[]) => providers.filter(({ schoolUrn }, i) => schoolUrn === null || providers.findIndex((other) => other.schoolUrn === schoolUrn) === i);

/** Each price at, and one penny over, the top of a band. */
const prices: [ListingFacts['priceKind'], number | null][] = [['FREE', null], ['BESPOKE', null], ...[10_000, 10_001, 50_000, 50_001, 200_000, 200_001].map((pence): ['PRICED', number] => ['PRICED', pence])];

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
  price: fc.constantFrom<[ListingFacts['priceKind'], number | null]>(...prices),
  capacity: fc.constantFrom(...keys(capacities)),
  publishedAt: fc.integer({ min: 0, max: 20 }).map((day) => new Date(Date.UTC(2026, 3, 1 + day))),
}).map(({ price: [priceKind, pricePence], ...other }) => ({ ...other, priceKind, pricePence }));

export const facts: fc.Arbitrary<Facts> = fc
  .record({ schools: fc.uniqueArray(school, { maxLength: 30, selector: ({ urn }) => urn }).map((others) => [...known, ...others]), providers: fc.array(provider, { minLength: 1, maxLength: 12 }).map(oneForEachSchool) })
  .chain(({ schools, providers }) =>
    fc
      .array(fc.tuple(fc.uuid(), listingFacts, fc.constantFrom(...providers)), { minLength: 1, maxLength: 60, size: 'max' })
      .map((listings) => ({ las: LAS, schools, listings: listings.map(([id, each, of]) => aListing({ ...each, id, provider: of })) })),
  );

/** A choice in about a third of the groups, now and then of what is nowhere. */
const choice = <T>(values: readonly T[]) => fc.option(some(values), { nil: [], freq: 2 }).chain((chosen) => fc.boolean().map((used) => (used ? chosen : [])));
const point = place.map(({ easting, northing }) => ({ easting, northing }));
const neighbours: fc.Arbitrary<Neighbours> = fc.record({ urn: fc.constantFrom(...URNS), partnership: some(URNS), laCode: fc.constantFrom(...LAS) });

/** Sometimes there, and then as such. */
const maybe = <T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<Partial<T>> => fc.option(arbitrary, { nil: {}, freq: 2 });

const around = maybe(fc.record({ neighbours, rings: choice(keys(rings)) }));
const near = maybe(fc.record({ from: point, within: fc.constantFrom(1, 5000, 10_000, 25_000, 40_000) }));
const apart = maybe(fc.record({ withoutSchools: some(URNS) }));

export const query: fc.Arbitrary<Partial<SearchQuery>> = fc
  .tuple(
    fc.record({
      categories: choice(keys(categories)),
      ecmOutcomes: choice(keys(ecmOutcomes)),
      phases: choice(keys(supportPhases)),
      kinds: choice(keys(providerKinds)),
      assurances: choice(keys(assurances)),
      deliveries: choice(keys(deliveries)),
      laCodes: choice([...LAS, '999', '*', 'no code at all']),
      free: choice([true, false]),
      priceBands: choice(keys(priceBands)),
      hasCapacity: choice([true, false]),
    }),
    around,
    near,
    apart,
  )
  .map((parts) => Object.assign({}, ...parts) as Partial<SearchQuery>);
