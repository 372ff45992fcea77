import { bitsOf, chunkOf, hasSlot } from './bitmap.js';
import { EVERY, NATIONAL } from './entry.js';
import { parsedWords } from './words.js';

const groupOf = (term: string) => `split_part(${term}, ':', 1)`;

/**
 * The statement for one search: hits, total and counts of one moment.
 *
 * Which entries pass is worked out on bitmaps, a chunk of slots at a time: those of the values chosen in a group are
 * united, those of the groups intersected, and a value's count is the number of bits that its own bitmap has in common
 * with what passes. Entries changed since the bitmaps were made are masked there and given bitmaps of the moment.
 *
 * $1 terms chosen, $2 their groups, $3 LA codes chosen, $4 offset, $5 limit; then, as far as there are, the words and
 * where today's order begins.
 */
export function searchStatement({ words, newest }: { words: boolean; newest: boolean }): string {
  const typed = '$6::text';
  const start = words ? '$7::int' : '$6::int';
  const passes = hasSlot('SELECT chunks FROM passing', 'slot');

  const matching = `${parsedWords(typed)},
  matching AS MATERIALIZED (
    SELECT e.listing_id, e.slot, ${newest ? '0 AS round, -e.published_at AS place' : `e.shuffle::bigint AS place, (e.shuffle < ${start})::int
      + CASE WHEN NOT e.strong @@ q.abc THEN 6 WHEN NOT e.strong @@ q.ab THEN 4 WHEN NOT e.strong @@ q.a THEN 2 ELSE 0 END AS round`}
    FROM query q JOIN search_entry e ON e.words @@ q.anywhere
  ),`;

  // Without words the order is that of an index, read until there is enough: from where today's order begins to the
  // end and, if that was not enough, from the beginning.
  const inOrder = (round: number, where: string) => `
    SELECT listing_id, ${round} AS round, shuffle::bigint AS place FROM search_entry WHERE ${where} AND ${passes} ORDER BY shuffle, listing_id LIMIT $4::int + $5::int`;
  const ordered = words
    ? `ordered AS (SELECT listing_id, round, place FROM matching WHERE ${passes})`
    : newest
      ? `ordered AS (
    SELECT listing_id, 0 AS round, -published_at AS place FROM search_entry WHERE ${passes} ORDER BY published_at DESC, listing_id LIMIT $4::int + $5::int
  )`
      : `first_round AS MATERIALIZED (${inOrder(0, `shuffle >= ${start}`)}
  ),
  second_round AS (${inOrder(1, `shuffle < ${start} AND (SELECT count(*) FROM first_round) < $4::int + $5::int`)}
  ),
  ordered AS (SELECT * FROM first_round UNION ALL SELECT * FROM second_round)`;

  return `WITH${words ? matching : ''}
  changed AS MATERIALIZED (SELECT DISTINCT slot FROM search_change),
  stale AS MATERIALIZED (SELECT ${chunkOf('slot')} AS chunk, ${bitsOf('slot')} AS bits FROM changed GROUP BY 1),
  fresh AS MATERIALIZED (
    SELECT ${chunkOf('slot')} AS chunk, term, ${bitsOf('slot')} AS bits FROM changed JOIN search_entry USING (slot) CROSS JOIN unnest(terms) AS term GROUP BY 1, 2
  ),
  bitmap AS NOT MATERIALIZED (
    SELECT b.chunk, b.term, CASE WHEN s.bits IS NULL THEN b.bits ELSE b.bits & ~s.bits END AS bits FROM search_bitmap b LEFT JOIN stale s USING (chunk)
    UNION ALL
    SELECT chunk, term, bits FROM fresh
  ),
  found AS MATERIALIZED (
    ${words ? `SELECT ${chunkOf('slot')} AS chunk, ${bitsOf('slot')} AS bits FROM matching GROUP BY 1` : `SELECT chunk, bit_or(bits) AS bits FROM bitmap WHERE term = '${EVERY}' GROUP BY 1`}
  ),
  chosen AS MATERIALIZED (
    SELECT ${groupOf('term')} AS facet, chunk, bit_or(bits) AS bits FROM bitmap
    WHERE term = ANY($1::text[]) OR term = '${NATIONAL}' AND EXISTS (SELECT FROM local_authority WHERE code = ANY($3::text[]))
    GROUP BY 1, 2
  ),
  -- What passes the choices of all groups (facet '') and, for a group with a choice, those of all others.
  scope AS MATERIALIZED (
    SELECT g.facet, f.chunk, bit_and(coalesce(f.bits & c.bits, f.bits)) AS bits
    FROM unnest(array_append($2::text[], '')) AS g (facet) CROSS JOIN found f LEFT JOIN chosen c ON c.chunk = f.chunk AND c.facet <> g.facet
    GROUP BY g.facet, f.chunk HAVING count(c.facet) = cardinality(array_remove($2::text[], g.facet))
  ),
  passing AS MATERIALIZED (
    SELECT array_agg(s.bits ORDER BY number) AS chunks
    FROM generate_series(0, (SELECT max(chunk) FROM scope WHERE facet = '')) AS number LEFT JOIN scope s ON s.chunk = number AND s.facet = ''
  ),
  counted AS MATERIALIZED (
    SELECT term, sum(n)::int AS n FROM (
      SELECT b.term, bit_count(b.bits & s.bits) AS n
      FROM bitmap b JOIN scope s ON s.chunk = b.chunk AND s.facet = CASE WHEN ${groupOf('b.term')} = ANY($2::text[]) THEN ${groupOf('b.term')} ELSE '' END
      WHERE b.term <> '${EVERY}' OFFSET 0 -- sorts numbers then, not bitmaps
    ) AS each GROUP BY term
  ),
  ${ordered}
  SELECT
    (SELECT coalesce(json_agg(h.listing_id ORDER BY h.round, h.place, h.listing_id), '[]')
      FROM (SELECT * FROM ordered ORDER BY round, place, listing_id OFFSET $4::int LIMIT $5::int) AS h
      JOIN listing l ON l.id = h.listing_id AND l.state = 'PUBLISHED' JOIN provider p ON p.id = l.provider_id AND p.state = 'LISTED') AS hits,
    (SELECT coalesce(sum(bit_count(bits)), 0)::int FROM scope WHERE facet = '') AS total,
    (SELECT coalesce(json_object_agg(term, n), '{}') FROM (
      SELECT term, sum(n) AS n FROM (
        SELECT term, n FROM counted WHERE term <> '${NATIONAL}'
        UNION ALL SELECT 'laCodes:' || code, n FROM counted CROSS JOIN local_authority WHERE term = '${NATIONAL}'
      ) AS each GROUP BY term HAVING sum(n) > 0
    ) AS per_term) AS counts`;
}
