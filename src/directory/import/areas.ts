import { asNumber } from '../../platform/csv/values.js';
import { fold, type FormerAuthority, localAuthorityMatcher, type LocalAuthority } from '../../schools/index.js';
import { inWords } from '../provider.process.js';
import { COMBINED } from './combined.js';

const REGIONS: Record<string, string> = {
  NE: 'North East',
  NW: 'North West',
  YH: 'Yorkshire and the Humber',
  EM: 'East Midlands',
  WM: 'West Midlands',
  E: 'East of England',
  L: 'London',
  SE: 'South East',
  SW: 'South West',
};
const EVERYWHERE = new Set(
  ('all|national|nationwide|nationally|england|all of england|all england|whole of england|whole country|the whole country|everywhere|anywhere|' +
    'all regions|all areas|uk|united kingdom|uk wide|ukwide|whole of the uk|all of the uk|great britain').split('|'),
);
/** Other names of regions. */
const REGION_NAMES: Record<string, string> = {
  'greater london': 'London', 'all london boroughs': 'London', 'london boroughs': 'London', 'all of london': 'London', 'london wide': 'London', eastern: 'East of England',
};
/** A place in such a sentence may be where something is not offered. */
const LEAVES_OUT = /\b(except|excluding|excl|not|apart from|other than|without|outside|but|minus|non)\b/i;
const NATIONAL = 'national';
const MOST_NAMED = 6;
/** `Bournemouth, Christchurch and Poole` has three parts; four are more than any has. */
const MOST_PARTS = 4;
/** What stands between names, or within one. */
const BETWEEN = /(\s*[,/]\s*(?:and\s+|&\s*)?|\s+and\s+|\s*&\s*|\s+\+\s+)/i;

/** Where something is offered: LA codes, names of regions, or NATIONAL. */
export type Areas = ReadonlySet<string>;

/** What is stored of it, and how it reads at the end of a sentence, at length and in short. */
export interface Coverage {
  national: boolean;
  la_codes: string[];
  words: string;
  inShort: string;
}

const EVERYWHERE_COVERED: Coverage = { national: true, la_codes: [], words: 'anywhere in England', inShort: 'anywhere in England' };

/** Reads where something is offered, against the local authorities that there are. */
export class Gazetteer {
  private readonly codeOf: (typed: string) => string | null;
  private readonly formerOf: (typed: string) => string | null;
  private readonly now: ReadonlyMap<string, readonly string[]>;
  /** The regions of which local authorities are known, by code and name. */
  private readonly regions = new Map<string, string>();
  private readonly inRegion = new Map<string, readonly LocalAuthority[]>();
  /** What has been asked for before: a spreadsheet repeats the same names in most of its rows. */
  private readonly known = new Map<string, readonly string[]>();

  private readonly ownNames: ReadonlySet<string>;

  /** @param former names of those that are no more, with the codes of those that have their areas now */
  constructor(
    private readonly authorities: readonly LocalAuthority[],
    former: readonly FormerAuthority[] = [],
  ) {
    this.ownNames = new Set([...authorities, ...former].map(({ name }) => fold(name)));
    this.codeOf = localAuthorityMatcher(authorities);
    this.formerOf = localAuthorityMatcher(former);
    this.now = new Map(former.map(({ code, now }) => [code, now]));
    for (const [code, name] of Object.entries(REGIONS)) {
      const members = authorities.filter(({ region }) => regionKey(region ?? '') === regionKey(name));
      if (members.length === 0) continue;
      this.inRegion.set(name, members);
      this.regions.set(regionKey(code), name).set(regionKey(name), name);
    }
  }

  authority(typed: string): string | null {
    const [code, ...others] = this.codesOf(typed);
    return others.length > 0 ? null : (code ?? null);
  }

  /** The areas that a cell names, separated by semicolons, commas, bars, strokes, lines or `and`, and the names that match nothing. */
  read(cell: string): { areas: Areas; unmatched: string[] } {
    const areas = new Set<string>();
    const unmatched: string[] = [];
    if (LEAVES_OUT.test(cell)) return { areas, unmatched: [cell.trim()] };
    for (const group of cell.split(/[;|\n]/)) {
      for (const name of this.names(group.trim())) {
        const found = this.area(name);
        for (const area of found) areas.add(area);
        if (found.length === 0) unmatched.push(name);
      }
    }
    return { areas, unmatched };
  }

  coverage(areas: Areas): Coverage {
    const regions = Object.values(REGIONS).filter((region) => areas.has(region));
    if (areas.has(NATIONAL) || regions.length === Object.keys(REGIONS).length) return EVERYWHERE_COVERED;
    const members = regions.flatMap((region) => this.inRegion.get(region)!);
    const others = this.authorities.filter((authority) => areas.has(authority.code) && !members.includes(authority));
    const la_codes = [...members, ...others].map(({ code }) => code).sort();

    const shortNames = others.map(({ name }) => name.replace(/,? (?:City|County) of$/, ''));
    const otherNames = others.length <= MOST_NAMED ? shortNames : [`${others.length} local authorities`];
    const regionNames = regions.map((name) => (name === 'London' || name.startsWith('Yorkshire') ? name : `the ${name}`));
    const words = `across ${inWords([...otherNames, ...regionNames])}`;
    return { national: false, la_codes, words, inShort: `across ${la_codes.length} local authorities` };
  }

  /** The names between commas, strokes and `and`: the reading that leaves least unmatched, of those one of most names. */
  private names(group: string): string[] {
    const pieces = group.split(BETWEEN); // names at even places, what stands between them at odd ones
    const parts = pieces.filter((_, i) => i % 2 === 0);
    const best: Reading[] = [{ names: [], unmatched: 0, score: 0 }]; // best[n]: of the first n parts
    for (let end = 1; end <= parts.length; end++) {
      const readings: Reading[] = [];
      for (let start = Math.max(0, end - MOST_PARTS); start < end; start++) {
        const { names, unmatched, score } = best[start]!;
        const name = pieces.slice(2 * start, 2 * end - 1).join('').trim();
        if (name === '') readings.push({ names, unmatched, score });
        else {
          const missed = this.area(name).length > 0 ? 0 : end - start;
          readings.push({ names: [...names, name], unmatched: unmatched + missed, score: score + this.scoreOf(name, end - start) });
        }
      }
      best.push(readings.reduce(better));
    }
    return best.at(-1)!.names;
  }

  /** One by its code or name; all that have the area of one that is no more. */
  private codesOf(typed: string): readonly string[] {
    const code = this.byCode(typed) ?? this.codeOf(typed);
    return code ? [code] : (this.now.get(asNumber(typed)) ?? this.now.get(this.formerOf(typed) ?? '') ?? []);
  }

  private area(name: string): readonly string[] {
    const key = fold(name);
    if (!this.known.has(key)) this.known.set(key, this.find(key, name));
    return this.known.get(key)!;
  }

  private find(key: string, name: string): readonly string[] {
    if (EVERYWHERE.has(key)) return [NATIONAL];
    const region = this.region(key);
    if (region) return [region];
    const codes = this.codesOf(name);
    return codes.length > 0 ? codes : this.combined(key.replace(/^the /, ''));
  }

  /** Those of the places that are known here. */
  private combined(key: string): readonly string[] {
    return (COMBINED[key] ?? []).filter((place) => this.inRegion.has(place) || this.authorities.some(({ code }) => code === place));
  }

  private scoreOf(name: string, parts: number): number {
    return parts > 1 && this.ownNames.has(fold(name)) ? parts + 0.5 : 1;
  }

  private region(key: string): string | undefined {
    const name = REGION_NAMES[key] ?? key.replace(/^(north|south) (east|west) england$/, '$1 $2');
    return this.regions.get(regionKey(name));
  }

  private byCode(typed: string): string | null {
    const code = asNumber(typed);
    return this.authorities.some((authority) => authority.code === code) ? code : null;
  }
}

interface Reading {
  names: string[];
  /** How many parts are in names that match nothing. */
  unmatched: number;
  /** Most names, but for the very name of an authority of several parts, such as Brighton and Hove. */
  score: number;
}

const better = (a: Reading, b: Reading) => ((a.unmatched - b.unmatched || b.score - a.score) <= 0 ? a : b);
const regionKey = (name: string) => fold(name).split(' ').filter((word) => word !== 'the' && word !== 'and').join(' ');
