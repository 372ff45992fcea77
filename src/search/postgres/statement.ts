import { FEW, type SearchQuery } from '../port.js';
import { bitsOf, chunkOf, hasSlot } from './bitmap.js';
import { EVERY, NATIONAL, OF_LA, OF_SCHOOL } from './entry.js';
import { anyWeight, parsedWords, weighted } from './words.js';

/** What a search asks for, as far as its statement is another one. */
export interface Shape {
  words: boolean;
  order: NonNullable<SearchQuery['order']>;
  from: boolean;
  within: boolean;
  neighbours: boolean;
  withoutSchools: boolean;
  withheld: boolean;
  among: boolean;
  facets: boolean;
}

const groupOf = (term: string) => `split_part(${term}, ':', 1)`;

/** The parameters that a shape has, by name, in their order. */
export function parametersOf({ words, order, from, within, neighbours, withoutSchools, withheld, among }: Shape): string[] {
  return [
    'terms::text[]', 'groups::text[]', 'laCodes::text[]', 'offset::int', 'limit::int',
    ...(words ? ['words::text', 'phrases::jsonb'] : []),
    ...(order === 'RELEVANCE' ? ['start::int'] : []),
    ...(from ? ['from::point'] : []),
    ...(within ? ['within::int'] : []),
    ...(neighbours ? ['ownSchool::text', 'partnership::text[]', 'homeLa::text'] : []),
    ...(withoutSchools ? ['withoutSchools::text[]'] : []),
    ...(withheld ? ['withheld::uuid[]'] : []),
    ...(among ? ['among::uuid[]'] : []),
  ]; // prettier-ignore
}

/**
 * The statement for one search: hits, total and counts of one moment.
 *
 * Which entries pass is worked out on bitmaps, a chunk of slots at a time: those of the values chosen in a group are
 * united, those of the groups intersected, and a value's count is the number of bits that its own bitmap has in common
 * with what passes. Entries changed since the bitmaps were made are masked there and given bitmaps of the moment.
 * The rings around a school are bitmaps like those of other groups, made for the search from who belongs to which
 * school and LA.
 */
export function searchStatement(shape: Shape): string {
  const { words, within, neighbours, withoutSchools, withheld, among, facets } = shape;
  const positions = new Map(parametersOf(shape).map((parameter, i) => [parameter.split('::')[0], `$${i + 1}::${parameter.split('::')[1]}`]));
  const $ = (name: string): string => positions.get(name)!;

  return `WITH${words ? `${parsedWords($('words'), $('phrases'))},${matching(shape, $)}` : ''}
  changed AS MATERIALIZED (SELECT DISTINCT slot FROM search_change),
  stale AS MATERIALIZED (SELECT ${chunkOf('slot')} AS chunk, ${bitsOf('slot')} AS bits FROM changed GROUP BY 1),
  fresh AS MATERIALIZED (
    SELECT ${chunkOf('slot')} AS chunk, term, ${bitsOf('slot')} AS bits FROM changed JOIN search_entry USING (slot) CROSS JOIN unnest(terms) AS term GROUP BY 1, 2
  ),
  stored AS NOT MATERIALIZED (
    SELECT b.chunk, b.term, CASE WHEN s.bits IS NULL THEN b.bits ELSE b.bits & ~s.bits END AS bits FROM search_bitmap b LEFT JOIN stale s USING (chunk)
    UNION ALL
    SELECT chunk, term, bits FROM fresh
  ),
  ${neighbours ? ringBitmaps($) : ''}
  bitmap AS NOT MATERIALIZED (
    SELECT chunk, term, bits FROM stored
    ${neighbours ? `UNION ALL SELECT chunk, term, bits FROM ring` : ''}
  ),
  ${within ? nearBitmaps($) : ''}
  ${withoutSchools ? `left_out AS MATERIALIZED (SELECT chunk, bit_or(bits) AS bits FROM stored WHERE ${isOneOf(OF_SCHOOL, $('withoutSchools'))} GROUP BY 1),` : ''}
  ${withheld ? `barred AS MATERIALIZED (SELECT ${chunkOf('slot')} AS chunk, ${bitsOf('slot')} AS bits FROM search_entry WHERE listing_id = ANY(${$('withheld')}) GROUP BY 1),` : ''}
  ${among ? `allowed AS MATERIALIZED (SELECT ${chunkOf('slot')} AS chunk, ${bitsOf('slot')} AS bits FROM search_entry WHERE listing_id = ANY(${$('among')}) GROUP BY 1),` : ''}
  found AS MATERIALIZED (
    SELECT chunk, f.bits ${within ? '& near.bits' : ''} ${among ? '& allowed.bits' : ''} ${withoutSchools ? '& ~coalesce(left_out.bits, 0::bit(4096))' : ''}
      ${withheld ? '& ~coalesce(barred.bits, 0::bit(4096))' : ''} AS bits
    FROM (${words ? `SELECT ${chunkOf('slot')} AS chunk, ${bitsOf('slot')} AS bits FROM matching GROUP BY 1` : `SELECT chunk, bit_or(bits) AS bits FROM stored WHERE term = '${EVERY}' GROUP BY 1`}) AS f
    ${within ? 'JOIN near USING (chunk)' : ''} ${among ? 'JOIN allowed USING (chunk)' : ''} ${withoutSchools ? 'LEFT JOIN left_out USING (chunk)' : ''} ${withheld ? 'LEFT JOIN barred USING (chunk)' : ''}
  ),
  chosen AS MATERIALIZED (
    SELECT ${groupOf('term')} AS facet, chunk, bit_or(bits) AS bits FROM bitmap
    WHERE term = ANY(${$('terms')}) OR term = '${NATIONAL}' AND EXISTS (SELECT FROM living_authority WHERE code = ANY(${$('laCodes')}))
    GROUP BY 1, 2
  ),
  -- What passes the choices of all groups (facet '') and, for a group with a choice, those of all others.
  scope AS MATERIALIZED (
    SELECT g.facet, f.chunk, bit_and(coalesce(f.bits & c.bits, f.bits)) AS bits
    FROM unnest(array_append(${$('groups')}, '')) AS g (facet) CROSS JOIN found f LEFT JOIN chosen c ON c.chunk = f.chunk AND c.facet <> g.facet
    GROUP BY g.facet, f.chunk HAVING count(c.facet) = cardinality(array_remove(${$('groups')}, g.facet))
  ),
  passing AS MATERIALIZED (
    SELECT array_agg(s.bits ORDER BY number) AS chunks
    FROM generate_series(0, (SELECT max(chunk) FROM scope WHERE facet = '')) AS number LEFT JOIN scope s ON s.chunk = number AND s.facet = ''
  ),
  counted AS MATERIALIZED (
    SELECT term, sum(n)::int AS n FROM (
      SELECT b.term, bit_count(b.bits & s.bits) AS n
      FROM bitmap b JOIN scope s ON s.chunk = b.chunk AND s.facet = CASE WHEN ${groupOf('b.term')} = ANY(${$('groups')}) THEN ${groupOf('b.term')} ELSE '' END
      WHERE b.term <> '${EVERY}' AND b.term NOT LIKE '${OF_SCHOOL}%' AND b.term NOT LIKE '${OF_LA}%' OFFSET 0 -- sorts numbers then, not bitmaps
    ) AS each GROUP BY term
  ),
  ${ordered(shape, $)}
  SELECT
    (SELECT coalesce(json_agg(json_build_object('listingId', h.listing_id, 'content', d.content) ORDER BY h.round, h.place, h.listing_id), '[]')
      FROM (SELECT * FROM ordered ORDER BY round, place, listing_id OFFSET ${$('offset')} LIMIT ${$('limit')}) AS h
      JOIN search_document d ON d.listing_id = h.listing_id
      JOIN listing l ON l.id = h.listing_id AND l.state = 'PUBLISHED' JOIN provider p ON p.id = l.provider_id AND p.state = 'LISTED') AS hits,
    (SELECT coalesce(sum(bit_count(bits)), 0)::int FROM scope WHERE facet = '') AS total,
    ${facets ? COUNTS : `'{}'::json`} AS counts,
    ${words ? '(SELECT matched FROM query)' : 'NULL::json'} AS matched,
    ${words ? '(SELECT meant FROM query)' : `'{}'::json`} AS meant,
    ${words ? '(SELECT coalesce(bool_or(partly), false) FROM matching)' : 'false'} AS partly`;
}

const COUNTS = `(SELECT coalesce(json_object_agg(term, n), '{}') FROM (
      SELECT term, sum(n) AS n FROM (
        SELECT term, n FROM counted WHERE term <> '${NATIONAL}'
        UNION ALL SELECT 'laCodes:' || code, n FROM counted CROSS JOIN local_authority WHERE term = '${NATIONAL}'
      ) AS each GROUP BY term HAVING sum(n) > 0
    ) AS per_term)`;

type Parameters = (name: string) => string;

/**
 * Entries that have the words, with where each comes in the order. Where next to none has all of them, those follow that
 * have the most telling ones: a word says the more the fewer entries have it, and half as much in a description.
 */
function matching({ order }: Shape, $: Parameters): string {
  const today = `(e.shuffle < ${$('start')})::int AS round, e.shuffle::bigint AS place`;
  const level = 'CASE WHEN NOT e.strong @@ q.abc THEN 12 WHEN NOT e.strong @@ q.ab THEN 8 WHEN NOT e.strong @@ q.a THEN 4 ELSE 0 END';
  const inOrder = {
    NEWEST: () => '0 AS round, -e.published_at AS place',
    DISTANCE: () => `(e.place IS NULL)::int AS round, coalesce(e.place <-> ${$('from')}, 0) AS place`,
    RELEVANCE: () => `${level} + CASE WHEN e.words @@ q.literally THEN 0 ELSE 2 END + ${today}`,
  }[order]();
  const less = order === 'RELEVANCE' ? `2 * floor(8 * (1 - share))::int + ${today}` : inOrder;
  return `
  whole AS MATERIALIZED (
    SELECT e.listing_id, e.slot, ${inOrder}
    FROM query q JOIN search_entry e ON e.words @@ q.anywhere
  ),
  part AS MATERIALIZED (
    SELECT e.slot, ln(1 + (SELECT count(*) FROM search_entry)::float / count(*) OVER (PARTITION BY u.widely)) * CASE WHEN e.strong @@ u.strong THEN 1 ELSE 0.5 END AS says
    FROM (SELECT widely, ${anyWeight('widely')} AS anywhere, ${weighted('pattern', 'ABC')} AS strong FROM unit) AS u
    JOIN search_entry e ON e.words @@ u.anywhere
    WHERE (SELECT count(*) FROM whole) < ${FEW}
  ),
  matching AS MATERIALIZED (
    SELECT listing_id, slot, round, place, false AS partly FROM whole
    UNION ALL
    SELECT e.listing_id, slot, ${AFTER_WHOLE} + o.round, o.place, true
    FROM (SELECT slot, sum(says) / max(sum(says)) OVER () AS share FROM part GROUP BY slot) AS s
    JOIN search_entry e USING (slot) CROSS JOIN LATERAL (SELECT ${less}) AS o
    WHERE share >= ${ENOUGH} AND slot NOT IN (SELECT slot FROM whole)
  ),`;
}

/** What an entry's words must say, as a share of what the best one's say. */
const ENOUGH = 0.5;
const AFTER_WHOLE = 20;

/**
 * The hits up to the end of the page. Without words each order is that of an index, read until there is enough; where
 * an order has two parts (from where today's order begins, then from the beginning; with a base, then without) the
 * second is read only if the first was not enough.
 */
function ordered({ words, order }: Shape, $: Parameters): string {
  const passes = hasSlot('SELECT chunks FROM passing', 'slot');
  if (words) return `ordered AS (SELECT listing_id, round, place FROM matching WHERE ${passes})`;
  const enough = `${$('offset')} + ${$('limit')}`;
  const part = (round: number, place: string, where: string, by: string) =>
    `SELECT listing_id, ${round} AS round, ${place} AS place FROM search_entry WHERE ${where} AND ${passes} ORDER BY ${by} LIMIT ${enough}`;
  const inParts = (first: string, second: string) => `first_part AS MATERIALIZED (${first}),
  ordered AS (SELECT * FROM first_part UNION ALL SELECT * FROM (${second}) AS second_part)`;
  const notEnough = `(SELECT count(*) FROM first_part) < ${enough}`;
  const distance = order === 'DISTANCE' ? `place <-> ${$('from')}` : '';
  const shuffled = (round: number, where: string) => part(round, 'shuffle::bigint', where, 'shuffle, listing_id');
  return {
    NEWEST: () => `ordered AS (${part(0, '-published_at', 'true', 'published_at DESC, listing_id')})`,
    DISTANCE: () => inParts(part(0, distance, 'place IS NOT NULL', `${distance}, listing_id`), part(1, '0', `place IS NULL AND ${notEnough}`, 'listing_id')),
    RELEVANCE: () => inParts(shuffled(0, `shuffle >= ${$('start')}`), shuffled(1, `shuffle < ${$('start')} AND ${notEnough}`)),
  }[order]();
}

/** The rings around a school: each leaves out what an inner one has. */
function ringBitmaps($: Parameters): string {
  const members = (name: string, which: string) => `${name} AS MATERIALIZED (SELECT chunk, bit_or(bits) AS bits FROM stored WHERE ${which} GROUP BY 1),`;
  const none = '0::bit(4096)';
  return `${members('own', `term = '${OF_SCHOOL}' || ${$('ownSchool')}`)}
  ${members('partner', isOneOf(OF_SCHOOL, $('partnership')))}
  ${members('in_la', `term = '${OF_LA}' || ${$('homeLa')}`)}
  ring AS MATERIALIZED (
    SELECT chunk, 'rings:' || ring AS term, ring_bits AS bits
    FROM (SELECT chunk, bit_or(bits) AS bits FROM stored WHERE term = '${EVERY}' GROUP BY 1) AS e
    LEFT JOIN own USING (chunk) LEFT JOIN partner USING (chunk) LEFT JOIN in_la USING (chunk)
    CROSS JOIN LATERAL (SELECT coalesce(own.bits, ${none}) AS o, coalesce(partner.bits, ${none}) AS p, coalesce(in_la.bits, ${none}) AS l) AS b
    CROSS JOIN LATERAL (VALUES ('OWN_SCHOOL', o), ('PARTNERSHIP', p & ~o), ('LA', l & ~o & ~p), ('WIDER', e.bits & ~o & ~p & ~l)) AS r (ring, ring_bits)
  ),`;
}

const nearBitmaps = ($: Parameters) =>
  `near AS MATERIALIZED (SELECT ${chunkOf('slot')} AS chunk, ${bitsOf('slot')} AS bits FROM search_entry WHERE place <@ circle(${$('from')}, ${$('within')}) GROUP BY 1),`;

const isOneOf = (beginning: string, values: string) => `term = ANY(ARRAY(SELECT '${beginning}' || value FROM unnest(${values}) AS value))`;
