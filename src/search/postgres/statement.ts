import { bitsOf, chunkOf } from './bitmap.js';
import { EVERY, NATIONAL } from './entry.js';
import { parsedWords } from './words.js';

const groupOf = (term: string) => `split_part(${term}, ':', 1)`;

/**
 * The statement for one search: hits, total and counts of one moment.
 * $1 terms chosen, $2 their groups, $3 LA codes chosen, $4 offset, $5 limit; then, as far as there are, the words and
 * where today's order begins.
 */
export function searchStatement({ words, newest }: { words: boolean; newest: boolean }): string {
  const typed = '$6::text';
  const start = words ? '$7::int' : '$6::int';
  // An element that is not there makes it null, which does not pass.
  const passes = 'get_bit((SELECT chunks FROM passing)[(slot >> 12) + 1], slot & 4095) = 1';
  const lap = (number: number, where: string) => `
    SELECT listing_id, ${number} AS lap, shuffle::bigint AS key FROM search_entry WHERE ${where} AND ${passes} ORDER BY shuffle, listing_id LIMIT $4::int + $5::int`;

  const matching = `${parsedWords(typed)},
  matching AS MATERIALIZED (
    SELECT e.listing_id, e.slot, ${newest ? '0 AS lap, -e.published_at AS key' : `e.shuffle::bigint AS key, (e.shuffle < ${start})::int
      + CASE WHEN NOT e.strong @@ q.abc THEN 6 WHEN NOT e.strong @@ q.ab THEN 4 WHEN NOT e.strong @@ q.a THEN 2 ELSE 0 END AS lap`}
    FROM query q JOIN search_entry e ON e.words @@ q.anywhere
  ),`;
  const ordered = words
    ? `ordered AS (SELECT listing_id, lap, key FROM matching WHERE ${passes})`
    : newest
      ? `ordered AS (SELECT listing_id, 0 AS lap, -published_at AS key FROM search_entry WHERE ${passes} ORDER BY published_at DESC, listing_id LIMIT $4::int + $5::int)`
      : `first_lap AS MATERIALIZED (${lap(0, `shuffle >= ${start}`)}),
  second_lap AS (${lap(1, `shuffle < ${start} AND (SELECT count(*) FROM first_lap) < $4::int + $5::int`)}),
  ordered AS (SELECT * FROM first_lap UNION ALL SELECT * FROM second_lap)`;

  return `WITH${words ? matching : ''}
  change AS MATERIALIZED (SELECT DISTINCT slot FROM search_change),
  stale AS MATERIALIZED (SELECT ${chunkOf('slot')} AS chunk, ${bitsOf('slot')} AS bits FROM change GROUP BY 1),
  fresh AS MATERIALIZED (
    SELECT ${chunkOf('slot')} AS chunk, term, ${bitsOf('slot')} AS bits FROM change JOIN search_entry USING (slot) CROSS JOIN unnest(terms) AS term GROUP BY 1, 2
  ),
  bitmap AS NOT MATERIALIZED (
    SELECT b.chunk, b.term, CASE WHEN s.bits IS NULL THEN b.bits ELSE b.bits & ~s.bits END AS bits FROM search_bitmap b LEFT JOIN stale s USING (chunk)
    UNION ALL
    SELECT chunk, term, bits FROM fresh
  ),
  found AS MATERIALIZED (
    ${words
      ? `SELECT ${chunkOf('slot')} AS chunk, ${bitsOf('slot')} AS bits FROM matching GROUP BY 1`
      : `SELECT chunk, bit_or(bits) AS bits FROM bitmap WHERE term = '${EVERY}' GROUP BY 1`}
  ),
  chosen AS MATERIALIZED (
    SELECT ${groupOf('term')} AS facet, chunk, bit_or(bits) AS bits FROM bitmap
    WHERE term = ANY($1::text[]) OR term = '${NATIONAL}' AND EXISTS (SELECT FROM local_authority WHERE code = ANY($3::text[]))
    GROUP BY 1, 2
  ),
  -- What passes the choices of all groups (facet '') and, for a group with a choice, of all the others.
  scope AS MATERIALIZED (
    SELECT g.facet, f.chunk, bit_and(coalesce(f.bits & c.bits, f.bits)) AS bits
    FROM unnest(array_append($2::text[], '')) AS g (facet) CROSS JOIN found f LEFT JOIN chosen c ON c.chunk = f.chunk AND c.facet <> g.facet
    GROUP BY g.facet, f.chunk HAVING count(c.facet) = cardinality(array_remove($2::text[], g.facet))
  ),
  passing AS MATERIALIZED (
    SELECT array_agg(s.bits ORDER BY number) AS chunks
    FROM generate_series(0, (SELECT max(chunk) FROM scope WHERE facet = '')) AS number
    LEFT JOIN scope s ON s.chunk = number AND s.facet = ''
  ),
  counted AS MATERIALIZED (
    SELECT term, sum(n)::int AS n FROM (
      SELECT b.term, bit_count(b.bits & s.bits) AS n
      FROM bitmap b JOIN scope s ON s.chunk = b.chunk AND s.facet = CASE WHEN ${groupOf('b.term')} = ANY($2::text[]) THEN ${groupOf('b.term')} ELSE '' END
      WHERE b.term <> '${EVERY}' OFFSET 0
    ) AS each GROUP BY term
  ),
  ${ordered}
  SELECT
    (SELECT coalesce(json_agg(h.listing_id ORDER BY h.lap, h.key, h.listing_id), '[]')
      FROM (SELECT * FROM ordered ORDER BY lap, key, listing_id OFFSET $4::int LIMIT $5::int) AS h
      JOIN listing l ON l.id = h.listing_id AND l.state = 'PUBLISHED' JOIN provider p ON p.id = l.provider_id AND p.state = 'LISTED') AS hits,
    (SELECT coalesce(sum(bit_count(bits)), 0)::int FROM scope WHERE facet = '') AS total,
    (SELECT coalesce(json_object_agg(term, n), '{}') FROM (
      SELECT term, sum(n)::int AS n FROM (
        SELECT term, n FROM counted WHERE term <> '${NATIONAL}'
        UNION ALL SELECT 'laCodes:' || la.code, n FROM counted CROSS JOIN local_authority la WHERE term = '${NATIONAL}'
      ) AS each GROUP BY term HAVING sum(n) > 0
    ) AS per_term) AS counts`;
}
