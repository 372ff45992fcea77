import type { Database } from '../../platform/database.js';
import { gathered } from '../../platform/gathered.js';
import type { Point } from '../../schools/index.js';
import type { SearchQuery } from '../port.js';
import { tokensOf } from '../spelling.js';
import { placeName } from './document.js';
import type { Situation } from './query.js';
import { Deferred, Unavailable } from './unavailable.js';
import { type TypedWord, typedWords } from './words.js';

/** With more to exclude PostgreSQL is the faster one, and with more bases to choose from: a long list costs its square. */
const MOST_GONE = 500;
const MOST_PLACES = 1000;

/** A change is published within a second; a publisher that dies is replaced within five. Later than that the index tells what was. */
const LATE_SECONDS = 10;
export const LATE = 'Changes have waited too long to be published to the search index.';
export const isLate = (waitingSeconds: number | null): boolean => waitingSeconds !== null && waitingSeconds > LATE_SECONDS;

interface Standing extends Pick<Situation, 'gone' | 'laCodes'> {
  /** Of the index that may be relied upon; null: there is none. */
  settingsHash: string | null;
  /** When the index was last changed; null while it is. */
  changedAt: string | null;
  /** How long the oldest change has waited to be published; null: none waits. What the index lacks may be among them. */
  waitingSeconds: number | null;
}

export interface FullSituation extends Situation, Standing {
  typed: TypedWord[];
}

const NEAR = `
  SELECT coalesce(json_agg(place), '[]') AS places FROM (
    SELECT DISTINCT ${placeName('place')} AS place FROM search_entry, (SELECT $1::float8 AS e, $2::float8 AS n, $3::float8 AS r) AS c
    WHERE place <@ box(point(e - r, n - r), point(e + r, n + r)) AND (place[0] - e) ^ 2 + (place[1] - n) ^ 2 <= r ^ 2 LIMIT ${MOST_PLACES + 1}
  ) AS near`;

/** What is true for every search at this moment. */
const STANDING = `
  SELECT
    (SELECT settings_hash FROM search_index) AS "settingsHash",
    (SELECT changed_at FROM search_index) AS "changedAt",
    (SELECT extract(epoch FROM clock_timestamp() - at)::float8 FROM search_outbox ORDER BY id LIMIT 1) AS "waitingSeconds",
    (SELECT coalesce(json_agg(listing_id), '[]') FROM (
      SELECT DISTINCT listing_id FROM search_outbox o WHERE gone AND NOT EXISTS (SELECT FROM search_document d WHERE d.listing_id = o.listing_id) LIMIT ${MOST_GONE + 1}
    ) AS hidden) AS gone,
    (SELECT coalesce(json_agg(code), '[]') FROM local_authority) AS "laCodes"`;

/** Reads what Meilisearch must be told for a search. */
export class SituationReader {
  private readonly standing: () => Promise<Standing>;

  constructor(private readonly db: Database) {
    const read = gathered(async () => (await db.prepared<Standing>('search standing', STANDING))[0]!);
    this.standing = () => read([]);
  }

  /** @throws Unavailable, Deferred if it is too much to tell */
  async read({ words = '', from, within }: SearchQuery): Promise<FullSituation> {
    const tokens = tokensOf(words);
    const [standing, typed, places] = await Promise.all([
      this.standing(),
      tokens.length > 0 ? this.typed(tokens) : [],
      within === undefined ? null : this.places(from!, within),
    ]);
    if (isLate(standing.waitingSeconds)) throw new Unavailable(LATE, false);
    if (standing.gone.length > MOST_GONE) throw new Unavailable('More has just been taken off the list than the search index can follow at once.', false);
    if (places && places.length > MOST_PLACES) throw new Deferred();
    return { ...standing, typed, places };
  }

  private async typed(tokens: readonly string[]): Promise<TypedWord[]> {
    const [row] = await this.db.prepared<{ typed: TypedWord[] }>('search typed words', `SELECT ${typedWords('$1')} AS typed`, [tokens]);
    return row!.typed;
  }

  private async places({ easting, northing }: Point, within: number): Promise<string[]> {
    const [row] = await this.db.prepared<{ places: string[] }>('search places near', NEAR, [easting, northing, within]);
    return row!.places;
  }
}
