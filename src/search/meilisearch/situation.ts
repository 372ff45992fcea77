import type { Database } from '../../platform/database/index.js';
import type { Point } from '../../schools/index.js';
import type { SearchQuery } from '../port.js';
import { tokensOf } from '../spelling.js';
import { placeName } from './document.js';
import { Deferred } from './unavailable.js';
import { type TypedWord, typedWords } from './words.js';

/** With more bases to choose from PostgreSQL is the faster one: a long list costs its square. */
const MOST_PLACES = 1000;

/** What PostgreSQL says of what a search asks for. */
export interface Situation {
  typed: TypedWord[];
  /** The names of the bases that are near enough; null: all are. */
  places: readonly string[] | null;
}

const NEAR = `
  SELECT coalesce(json_agg(place), '[]') AS places FROM (
    SELECT DISTINCT ${placeName('place')} AS place FROM search_entry, (SELECT $1::float8 AS e, $2::float8 AS n, $3::float8 AS r) AS c
    WHERE place <@ box(point(e - r, n - r), point(e + r, n + r)) AND (place[0] - e) ^ 2 + (place[1] - n) ^ 2 <= r ^ 2 LIMIT ${MOST_PLACES + 1}
  ) AS near`;

/** @throws Deferred if it is too much to tell Meilisearch */
export async function readSituation(db: Database, { words = '', from, within }: SearchQuery): Promise<Situation> {
  const tokens = tokensOf(words);
  const [typed, places] = await Promise.all([tokens.length > 0 ? readTyped(db, tokens) : [], within === undefined ? null : readPlaces(db, from!, within)]);
  if (places && places.length > MOST_PLACES) throw new Deferred();
  return { typed, places };
}

async function readTyped(db: Database, tokens: readonly string[]): Promise<TypedWord[]> {
  const [row] = await db.prepared<{ typed: TypedWord[] }>('search typed words', `SELECT ${typedWords('$1')} AS typed`, [tokens]);
  return row!.typed;
}

async function readPlaces(db: Database, { easting, northing }: Point, within: number): Promise<string[]> {
  const [row] = await db.prepared<{ places: string[] }>('search places near', NEAR, [easting, northing, within]);
  return row!.places;
}
