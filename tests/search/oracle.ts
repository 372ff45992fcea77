import { assurances, categories, deliveries, ecmOutcomes, providerKinds, supportPhases } from '../../src/directory/index.js';
import { type FacetGroup, facetGroups, type SearchQuery } from '../../src/search/port.js';
import type { Facts, ListingFacts } from './world.js';

/** What a search without words must answer, worked out the slow and plain way. */
export interface Expected {
  /** Ids, last published first; ids in order among those published at the same moment. */
  newest: string[];
  /** By group and value, without the zeros of what is not chosen. */
  counts: Record<string, Record<string, number>>;
}

export function expected(facts: Facts, query: Partial<SearchQuery>): Expected {
  const findable = facts.listings.filter((listing) => listing.state === 'PUBLISHED' && listing.provider.state === 'LISTED');
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
  const closed = { categories, ecmOutcomes, phases: supportPhases, kinds: providerKinds, assurances, deliveries, free: { true: '', false: '' } };
  return group === 'laCodes' ? facts.las : Object.keys(closed[group]);
}

export function valuesOf(facts: Facts, listing: ListingFacts, group: FacetGroup): string[] {
  switch (group) {
    case 'kinds':
      return [listing.provider.kind];
    case 'assurances':
      return [listing.provider.assurance];
    case 'free':
      return [String(listing.priceKind === 'FREE')];
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
