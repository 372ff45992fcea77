import type { Category, SupportPhase } from '../directory/index.js';
import { londonDay } from '../platform/clock.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { lineOf, phaseOfSchool } from './place.js';
import { beginRelease } from './release.js';
import { suppress, type Unit } from './suppress.js';

/** How many different schools of an LA have to need something before its officers are told. */
export const UNMET_SCHOOLS = 5;

/** Fixed, and not the terms that an LA types in: whoever could choose the days could tell one school's need by difference. */
const TERMLY = ['01-01', '04-15', '09-01'];

export const UNMET_LEVELS = [['la', 'kind', 'category', 'phase'], ['la', 'kind', 'category'], ['la', 'kind', 'phase'], ['la', 'kind']] as const;

interface Need extends Unit {
  urn: number | null;
  requestId: string | null;
  missId: number | null;
  category: Category | null;
  phase: SupportPhase | null;
}

/** The first day of the latest term that has begun; at the beginning of a year that is the first of January. */
export const termDay = (today: string): string => `${today.slice(0, 4)}-${TERMLY.filter((day) => day <= today.slice(5)).at(-1)!}`;

/**
 * Job, daily: once a term, releases the needs of before that were not met. What finds no company of enough schools waits
 * for a later term. docs/outcomes.md says why this is safe.
 */
export async function releaseUnmetNeed(db: Database): Promise<void> {
  await db.longTransaction(async (tx) => {
    const day = termDay(londonDay(tx.now));
    if (!(await beginRelease(tx, 'UNMET_NEED', day))) return;
    const { groups } = suppress(await readWaiting(tx, day), UNMET_SCHOOLS, UNMET_LEVELS);
    const rows = groups.map(({ place: { la, ...place }, units }) => ({ ...place, id: newId(), la_code: la, school_urns: urnsOf(units), needs: units.length }));
    await tx.query(
      `INSERT INTO unmet_need (released_on, id, la_code, kind, category, phase, school_urns, needs)
       SELECT $1, row.* FROM json_to_recordset($2::json) AS row (id uuid, la_code text, kind text, category text, phase text, school_urns int[], needs int)`,
      [day, JSON.stringify(rows)],
    );
    const told = groups.flatMap(({ units }, i) => units.map((unit) => ({ ...unit, row: rows[i]!.id })));
    const requests = told.filter(({ requestId }) => requestId !== null);
    await tx.query('INSERT INTO unmet_request (request_id, category, unmet_need_id) SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[])', [
      requests.map((each) => each.requestId),
      requests.map((each) => each.category),
      requests.map((each) => each.row),
    ]);
    const misses = told.filter(({ missId }) => missId !== null);
    await tx.query('UPDATE search_miss m SET unmet_need_id = told.row FROM unnest($1::bigint[], $2::uuid[]) AS told (id, row) WHERE m.id = told.id', [
      misses.map((each) => each.missId),
      misses.map((each) => each.row),
    ]);
  });
}

/** Of a SIP's search there is none. */
const urnsOf = (units: readonly Need[]) => [...new Set(units.flatMap(({ urn }) => urn ?? []))].sort((a, b) => a - b);

/** A request under several categories is a need in each. */
async function readWaiting(tx: UnitOfWork, day: string): Promise<Need[]> {
  const rows = await tx.query<Omit<Need, 'place'> & { kind: string; la: string }>(
    `SELECT 'REQUEST' AS kind, r.id AS "requestId", NULL::bigint AS "missId", s.la_code AS la, s.urn, ${lineOf('s.urn')} AS school, sought.category,
            CASE cardinality(r.phases) WHEN 0 THEN ${phaseOfSchool('s')} WHEN 1 THEN r.phases[1] END AS phase
     FROM request r JOIN school s ON s.urn = r.school_urn
     CROSS JOIN LATERAL unnest(CASE WHEN r.categories = '{}' THEN ARRAY[NULL]::text[] ELSE r.categories END) AS sought (category)
     WHERE r.state = 'CLOSED_UNMET' AND r.closed_at < ($1::date::timestamp AT TIME ZONE 'Europe/London')
       AND NOT EXISTS (SELECT FROM unmet_request u WHERE u.request_id = r.id AND u.category IS NOT DISTINCT FROM sought.category)
     UNION ALL
     SELECT 'SEARCH', NULL, m.id, m.la_code, m.school_urn, ${lineOf('m.school_urn')}, m.category, m.phase FROM search_miss m WHERE m.unmet_need_id IS NULL AND m.day < $1::date`,
    [day],
  );
  return rows.map(({ kind, la, ...need }) => ({ ...need, place: { la, kind, category: need.category, phase: need.phase } }));
}
