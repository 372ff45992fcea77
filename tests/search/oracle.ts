import { assurances, categories, deliveries, ecmOutcomes, providerKinds, supportPhases } from '../../src/directory/index.js';
import { type FacetGroup, facetGroups, priceBands, rings, type SearchQuery } from '../../src/search/port.js';
import type { Facts, ListingFacts } from './world.js';

/** What a search without words must answer, worked out the slow and plain way. */
export interface Expected {
  /** Ids, last published first; ids in order among those published at the same moment. */
  newest: string[];
  /** By group and value, without the zeros of what is not chosen. */
  counts: Record<string, Record<string, number>>;
}

export function expected(facts: Facts, query: Partial<SearchQuery>): Expected {
  const findable = facts.listings.filter(
    (listing) => listing.state === 'PUBLISHED' && listing.provider.state === 'LISTED' && isNear(listing, query) && !query.withoutSchools?.includes(listing.provider.schoolUrn ?? 0) && !query.withheld?.includes(listing.id),
  );
  const valuesOf = (facts: Facts, listing: ListingFacts, group: FacetGroup) => (group === 'rings' ? ringOf(facts, listing, query) : storedValues(facts, listing, group));
  const passes = (listing: ListingFacts, group: FacetGroup) => {
    const chosen = query[group] ?? [];
    return chosen.length === 0 || chosen.some((value) => valuesOf(facts, listing, group).includes(String(value)));
  };
  const passing = (except?: FacetGroup) => findable.filter((listing) => facetGroups.every((group) => group === except || passes(listing, group)));

  const counts = Object.fromEntries(
    facetGroups.map((group) => {
      const others = passing(group);
      const chosen = (query[group] ?? []).map(String);
      const counted = [...new Set([...everyValue(facts, group), ...chosen])].map((value) => [value, others.filter((each) => valuesOf(facts, each, group).includes(value)).length] as const);
      return [group, Object.fromEntries(counted.filter(([value, count]) => count > 0 || chosen.includes(value)))];
    }),
  );
  const newest = passing().sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime() || (a.id < b.id ? -1 : 1));
  return { newest: newest.map(({ id }) => id), counts };
}

function everyValue(facts: Facts, group: FacetGroup): string[] {
  const closed = { categories, ecmOutcomes, phases: supportPhases, kinds: providerKinds, assurances, deliveries, free: { true: '', false: '' }, hasCapacity: { true: '', false: '' }, priceBands, rings };
  return group === 'laCodes' ? facts.las : Object.keys(closed[group]);
}

function storedValues(facts: Facts, listing: ListingFacts, group: Exclude<FacetGroup, 'rings'>): string[] {
  switch (group) {
    case 'kinds':
      return [listing.provider.kind];
    case 'assurances':
      return [listing.provider.assurance];
    case 'free':
      return [String(listing.priceKind === 'FREE')];
    case 'hasCapacity':
      return [String(listing.capacity !== 'FULL')];
    case 'priceBands':
      return [bandOf(listing)];
    case 'laCodes':
      return facts.las.filter((la) => listing.national || listing.laCodes.includes(la) || reaches(facts, listing, la));
    default:
      return listing[group];
  }
}

/** Whether an open school of the LA is as near as the listing goes. */
function reaches({ schools }: Facts, { provider: { base }, radiusKm }: ListingFacts, la: string): boolean {
  if (!base || radiusKm === null) return false;
  return schools.some((school) => {
    const [dx, dy] = [school.easting - base.easting, school.northing - base.northing];
    return school.la === la && school.status === 'OPEN' && dx * dx + dy * dy <= (radiusKm * 1000) ** 2;
  });
}

function bandOf({ priceKind, pricePence }: ListingFacts): string {
  if (priceKind !== 'PRICED') return priceKind === 'FREE' ? 'FREE' : 'ON_AGREEMENT';
  const pounds = pricePence! / 100;
  return pounds <= 100 ? 'UP_TO_100' : pounds <= 500 ? 'UP_TO_500' : pounds <= 2000 ? 'UP_TO_2000' : 'OVER_2000';
}

export function metresFrom({ provider: { base } }: ListingFacts, from: { easting: number; northing: number }): number {
  return base ? Math.hypot(base.easting - from.easting, base.northing - from.northing) : Infinity;
}

const isNear = (listing: ListingFacts, { from, within }: Partial<SearchQuery>) => within === undefined || metresFrom(listing, from!) <= within;

function ringOf({ schools }: Facts, { provider: { schoolUrn, assuringLa } }: ListingFacts, { neighbours }: Partial<SearchQuery>): string[] {
  if (!neighbours) return [];
  if (schoolUrn === neighbours.urn) return ['OWN_SCHOOL'];
  if (schoolUrn !== null && neighbours.partnership.includes(schoolUrn)) return ['PARTNERSHIP'];
  const la = schools.find(({ urn }) => urn === schoolUrn)?.la ?? assuringLa;
  return [la === neighbours.laCode ? 'LA' : 'WIDER'];
}
