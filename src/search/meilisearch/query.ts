import type { MultiSearchQuery, MultiSearchResponse, SearchResponse } from 'meilisearch';
import { type FacetGroup, facetGroups, type Facets, type Neighbours, noFacets, type SearchQuery } from '../port.js';
import { facetOf } from './document.js';
import type { Standing } from './moment.js';

/** What can be a value; anything else that is asked for is found nowhere. */
const isValue = (value: string) => /^\w+$/.test(value);

/** That of the listings which cover every LA. */
const NATIONAL = facetOf('national', true);

const inFilter = (value: string | number | boolean) => (typeof value === 'string' ? JSON.stringify(value) : String(value));
const among = (attribute: string, values: readonly (string | number | boolean)[]) => `${attribute} IN [${values.map(inFilter).join(', ')}]`;
const notAmong = (attribute: string, values: readonly (string | number)[]) => (values.length > 0 ? [`${attribute} NOT IN [${values.map(inFilter).join(', ')}]`] : []);

/** One of Meilisearch's, of the index of listings. */
export type Query = Omit<MultiSearchQuery, 'indexUid'>;

/** Asks some queries at once. */
export type Ask = (queries: Query[]) => Promise<MultiSearchResponse['results']>;

type Counts = Record<string, number>;

/** What Meilisearch has counted for a query. */
export interface Counted {
  total: number;
  /** By group of facets, also those that nobody chooses by. */
  groups: Record<string, Counts>;
  /** By URN, what schools themselves offer, where that was asked for. */
  schools: Counts;
}

/** One search as Meilisearch's queries, and what they count as facets. The first query is for all that is chosen. */
export class FacetedQuery {
  readonly queries: Query[];
  /** What every hit must fit. */
  readonly filter: string[];
  private readonly chosen: FacetGroup[];
  private readonly base: string[];

  constructor(
    private readonly query: SearchQuery,
    private readonly q: string,
    private readonly standing: Standing,
    /** The names of the bases that are near enough; null: all are. */
    places: readonly string[] | null,
  ) {
    this.chosen = facetGroups.filter((group) => query[group]?.length && (group !== 'rings' || query.neighbours));
    this.base = [
      ...notAmong('id', standing.gone),
      ...notAmong('schoolUrn', query.withoutSchools ?? []),
      ...notAmong('id', query.withheld ?? []),
      ...(query.among ? [among('id', query.among)] : []),
      ...(places ? [among('place', places)] : []),
    ];
    this.filter = this.filterBut(null);
    this.queries = query.facets === false ? [{ q, matchingStrategy: 'all', filter: this.filter, limit: 0 }] : [
      { q, matchingStrategy: 'all', filter: this.filter, facets: ['facets'], limit: 0 },
      ...this.chosen.map((group) => ({ q, matchingStrategy: 'all' as const, filter: this.filterBut(group), facets: ['facets'], limit: 0 })),
      ...this.nearSchools(),
    ];
  }

  /** @param counted in the order of `queries` */
  facets(counted: readonly Counted[]): Facets {
    if (this.query.facets === false) return noFacets;
    return Object.fromEntries(
      facetGroups.map((group) => {
        const counts = this.countsOf(group, counted);
        for (const value of this.query[group] ?? []) counts[String(value)] ??= 0;
        const kept = Object.entries(counts).filter(([value, count]) => count > 0 || (this.query[group] as unknown[] | undefined)?.some((each) => String(each) === value));
        return [group, kept.map(([value, count]) => ({ value, count }))];
      }),
    ) as Facets;
  }

  private filterBut(except: FacetGroup | null): string[] {
    return [...this.base, ...this.chosen.filter((group) => group !== except).map((group) => this.condition(group))];
  }

  private condition(group: FacetGroup): string {
    const values = this.query[group]!.map(String).filter(isValue);
    if (group === 'rings') return `(${this.query.rings!.map((ring) => this.ringCondition(ring, this.query.neighbours!)).join(' OR ')})`;
    const facets = values.map((value) => facetOf(group, value));
    if (group === 'laCodes' && values.some((code) => this.standing.laCodes.includes(code))) facets.push(NATIONAL);
    return among('facets', facets);
  }

  private ringCondition(ring: NonNullable<SearchQuery['rings']>[number], { urn, laCode }: Neighbours): string {
    const partners = this.partners();
    const others = notAmong('schoolUrn', [urn, ...partners])[0];
    switch (ring) {
      case 'OWN_SCHOOL':
        return `schoolUrn = ${urn}`;
      case 'PARTNERSHIP':
        return among('schoolUrn', partners);
      case 'LA':
        return `(${among('facets', [facetOf('homeLa', laCode)])} AND ${others})`;
      case 'WIDER':
        return `(${notAmong('facets', [facetOf('homeLa', laCode)])[0]} AND ${others})`;
    }
  }

  private partners(): number[] {
    return this.query.neighbours!.partnership.filter((urn) => urn !== this.query.neighbours!.urn);
  }

  /** What the schools themselves of the two inner rings offer, which must not be counted again in the LA's. */
  private nearSchools() {
    if (!this.query.neighbours) return [];
    const schools = among('schoolUrn', [this.query.neighbours.urn, ...this.partners()]);
    return [{ q: this.q, matchingStrategy: 'all' as const, filter: [...this.filterBut('rings'), schools], facets: ['schoolUrn', 'facets'], limit: 0 }];
  }

  private countsOf(group: FacetGroup, counted: readonly Counted[]): Counts {
    const its = counted[this.chosen.indexOf(group) + 1]!; // the first, that of all choices, for a group without one
    if (group === 'rings') return this.query.neighbours ? ringCounts(this.query.neighbours, its, counted.at(-1)!) : {};
    const counts = { ...its.groups[group] };
    const everywhere = group === 'laCodes' ? (its.groups['national']?.['true'] ?? 0) : 0;
    if (everywhere > 0) for (const code of this.standing.laCodes) counts[code] = (counts[code] ?? 0) + everywhere;
    return counts;
  }
}

function ringCounts({ urn, laCode }: Neighbours, all: Counted, nearSchools: Counted): Counts {
  const own = nearSchools.schools[urn] ?? 0;
  const inLa = homeOf(all, laCode) - homeOf(nearSchools, laCode);
  return { OWN_SCHOOL: own, PARTNERSHIP: nearSchools.total - own, LA: inLa, WIDER: all.total - nearSchools.total - inLa };
}

const homeOf = ({ groups }: Counted, laCode: string): number => groups['homeLa']?.[laCode] ?? 0;

export function countedIn(answer: SearchResponse): Counted {
  const { facets = {}, schoolUrn = {} } = answer.facetDistribution ?? {};
  const groups: Counted['groups'] = {};
  for (const [facet, count] of Object.entries(facets)) {
    const at = facet.indexOf(':');
    (groups[facet.slice(0, at)] ??= {})[facet.slice(at + 1)] = count;
  }
  return { total: totalOf(answer), groups, schools: schoolUrn };
}

export const totalOf = (answer: SearchResponse): number => answer.estimatedTotalHits ?? 0;
