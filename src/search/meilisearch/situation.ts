import type { Database } from '../../platform/database.js';
import type { SearchQuery } from '../port.js';
import { placeName } from './document.js';
import type { Situation } from './query.js';
import { Deferred, Unavailable } from './unavailable.js';
import { tokensOf, type TypedWord, typedWords } from './words.js';

/** With more to exclude PostgreSQL is the faster one, and with more bases to choose from: a long list costs its square. */
const MOST_GONE = 500;
const MOST_PLACES = 1000;

export interface FullSituation extends Situation {
  /** Of the index that may be relied upon; null: there is none. */
  settingsHash: string | null;
  typed: TypedWord[];
  /** Changes wait to be published: what the index lacks may be among them. */
  waiting: boolean;
}

const NEAR = `
  (SELECT coalesce(json_agg(place), '[]') FROM (
    SELECT DISTINCT ${placeName('place')} AS place FROM search_entry, (SELECT $2::float8 AS e, $3::float8 AS n, $4::float8 AS r) AS c
    WHERE place <@ box(point(e - r, n - r), point(e + r, n + r)) AND (place[0] - e) ^ 2 + (place[1] - n) ^ 2 <= r ^ 2 LIMIT ${MOST_PLACES + 1}
  ) AS near)`;

const statement = (within: boolean) => `
  SELECT
    (SELECT settings_hash FROM search_index) AS "settingsHash",
    EXISTS (SELECT FROM search_outbox) AS waiting,
    (SELECT coalesce(json_agg(listing_id), '[]') FROM (
      SELECT DISTINCT listing_id FROM search_outbox o WHERE gone AND NOT EXISTS (SELECT FROM search_document d WHERE d.listing_id = o.listing_id) LIMIT ${MOST_GONE + 1}
    ) AS hidden) AS gone,
    (SELECT coalesce(json_agg(code), '[]') FROM local_authority) AS "laCodes",
    ${typedWords('$1')} AS typed,
    ${within ? NEAR : 'NULL'} AS places`;

/** Reads, in one statement, what Meilisearch must be told for this search. @throws Unavailable, Deferred if that is too much */
export async function readSituation(db: Database, { words, from, within }: SearchQuery): Promise<FullSituation> {
  const near = within === undefined ? null : [from!.easting, from!.northing, within];
  const [row] = await db.prepared<FullSituation>(`search situation${near ? ' within' : ''}`, statement(near !== null), [tokensOf(words ?? ''), ...(near ?? [])]);
  if (row!.gone.length > MOST_GONE) throw new Unavailable('More has just been taken off the list than the search index can follow at once.', false);
  if (row!.places && row!.places.length > MOST_PLACES) throw new Deferred();
  return row!;
}
