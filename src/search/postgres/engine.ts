import { type Clock, londonDay } from '../../platform/clock.js';
import type { Database } from '../../platform/database/index.js';
import { type FacetGroup, facetGroups, type Facets, type MatchedWord, noFacets, type SearchAnswer, type SearchEngine, type SearchHit, type SearchQuery } from '../port.js';
import { phrasesIn } from '../school-words.js';
import { tokensOf } from '../spelling.js';
import { parametersOf, searchStatement, type Shape } from './statement.js';

interface Row {
  hits: SearchHit[];
  total: number;
  /** By term. */
  counts: Record<string, number>;
  matched: MatchedWord[] | null;
  /** By mistyped word, the one that it is most probably meant for. */
  meant: Record<string, string>;
  partly: boolean;
}

/**
 * Searches in PostgreSQL: one statement, and so one moment, for hits, total and counts. Where a slip turns out to be meant
 * for what school people know by other words, it is searched again for these.
 */
export class PostgresSearch implements SearchEngine {
  private readonly statements = new Map<string, { sql: string; parameters: string[] }>();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async search(query: SearchQuery): Promise<SearchAnswer> {
    const words = query.words?.replaceAll('\0', ' ') ?? '';
    const { from, within, neighbours, withoutSchools = [], withheld = [], among } = query;
    const shape: Shape = {
      words: /[\p{L}\p{N}]/u.test(words),
      order: query.order ?? 'RELEVANCE',
      from: query.order === 'DISTANCE' || within !== undefined,
      within: within !== undefined,
      neighbours: neighbours !== undefined,
      withoutSchools: withoutSchools.length > 0,
      withheld: withheld.length > 0,
      among: among !== undefined,
      facets: query.facets ?? true,
    };
    const groups = facetGroups.filter((group) => query[group]?.length && (group !== 'rings' || neighbours));
    const values: Record<string, unknown> = {
      terms: groups.flatMap((group) => query[group]!.map(String).filter(isValue).map((value) => `${group}:${value}`)),
      groups,
      laCodes: query.laCodes?.filter(isValue) ?? [],
      offset: query.offset,
      limit: query.limit,
      words,
      phrases: JSON.stringify(phrasesIn(words)),
      start: startOf(this.clock.now()),
      from: from && `(${from.easting},${from.northing})`,
      within,
      ownSchool: neighbours?.urn,
      partnership: neighbours?.partnership.filter((urn) => urn !== neighbours.urn),
      homeLa: neighbours?.laCode,
      withoutSchools,
      withheld,
      among,
    };
    const { name, sql, parameters } = this.statement(shape);
    const [row] = await this.db.prepared<Row>(name, sql, parameters.map((parameter) => values[parameter]));
    const { hits, total, counts, matched, meant, partly } = row!;
    const corrected = schoolWordsMeant(words, meant);
    if (corrected) return this.search({ ...query, words: corrected });
    return { hits, total, facets: shape.facets ? facetsOf(counts, query) : noFacets, matched: matched ?? [], partly, engine: 'POSTGRES', degraded: null };
  }

  private statement(shape: Shape) {
    const name = `search ${Object.values(shape).map((value) => (typeof value === 'boolean' ? Number(value) : value)).join(' ')}`; // PostgreSQL tells names apart by 63 characters
    const known = this.statements.get(name) ?? { sql: searchStatement(shape), parameters: parametersOf(shape).map((each) => each.split('::')[0]!) };
    this.statements.set(name, known);
    return { name, ...known };
  }
}

/** @returns what was typed with the slips mended that are in school words; null where there are none */
function schoolWordsMeant(words: string, meant: Record<string, string>): string | null {
  const typed = tokensOf(words);
  const asMeant = typed.map((word) => meant[word] ?? word);
  const said = new Set(phrasesIn(asMeant.join(' ')).flatMap((phrase) => phrase.typed.map((_, i) => phrase.at + i)));
  const mended = typed.map((word, i) => (said.has(i) ? asMeant[i]! : word));
  return mended.some((word, i) => word !== typed[i]) ? mended.join(' ') : null;
}

/** What can be the value of a term; anything else that is asked for is found nowhere. */
const isValue = (value: string) => /^\w+$/.test(value);

/** Where the order by `shuffle` begins today: elsewhere each day, so that nobody is always first. */
const startOf = (now: Date) => Math.imul(Date.parse(londonDay(now)) / 86_400_000, 0x9e3779b1) >>> 1;

/** Every value that counts, and the chosen ones also at none. */
function facetsOf(counts: Record<string, number>, chosen: SearchQuery): Facets {
  const found = new Map(facetGroups.map((group) => [group, new Map((chosen[group] ?? []).map((value) => [String(value), 0]))]));
  for (const [term, count] of Object.entries(counts)) {
    const [group, value] = term.split(':') as [FacetGroup, string];
    found.get(group)!.set(value, count);
  }
  return Object.fromEntries([...found].map(([group, values]) => [group, [...values].map(([value, count]) => ({ value, count }))])) as Facets;
}
