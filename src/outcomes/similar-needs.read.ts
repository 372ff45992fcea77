import type { Category, SupportPhase } from '../directory/index.js';
import type { Queryable } from '../platform/database/index.js';
import type { SchoolToAsk } from './similar-needs.type.js';

export interface SimilarNeed {
  schoolUrn: number;
  category: Category;
  phase: SupportPhase;
  /** Kilometres within which schools of the same phase, which compete for pupils, are left out. */
  avoidWithinKm: number | null;
}

const FAR = 2_000_000;

const FOUND = `
  FROM school mine
  JOIN rating r ON r.contact_id IS NOT NULL AND r.school_urn <> mine.urn
  JOIN school s ON s.urn = r.school_urn AND s.status = 'OPEN'
  JOIN membership m ON m.person_id = r.contact_id AND m.school_urn = r.school_urn AND m.role IN ('SCHOOL_LEAD', 'SCHOOL_STAFF') AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL
  JOIN person ON person.id = r.contact_id
  JOIN rating_answer a ON a.rating_id = r.id AND a.result = 'MET' AND a.category = $2 AND a.phase = $3
  JOIN engagement_objective o ON o.id = a.objective_id
  CROSS JOIN LATERAL (SELECT coalesce(sqrt((s.easting - mine.easting)::float8 ^ 2 + (s.northing - mine.northing)::float8 ^ 2)::int, ${FAR}) AS metres) distance
  WHERE mine.urn = $1 AND ($4::int IS NULL OR s.phase <> mine.phase OR distance.metres > $4 * 1000)`;

const values = ({ schoolUrn, category, phase, avoidWithinKm }: SimilarNeed) => [schoolUrn, category, phase, avoidWithinKm];

/** Schools that agreed to be asked, each once, nearest first: as people, not as scores. */
export async function listSchoolsToAsk(db: Queryable, need: SimilarNeed, limit: number, after: [number, number] | null): Promise<SchoolToAsk[]> {
  const rows = await db.query<SchoolToAsk>(
    `SELECT s.urn AS "schoolUrn", distance.metres, (array_agg(person.name ORDER BY r.given_at DESC, m.id))[1] AS "contactName",
            (array_agg(m.title ORDER BY r.given_at DESC, m.id))[1] AS "contactRole", array_agg(DISTINCT o.text) AS reached
     ${FOUND} AND ($5::int IS NULL OR (distance.metres, s.urn) > ($5, $6::int)) GROUP BY s.urn, distance.metres ORDER BY distance.metres, s.urn LIMIT $7`,
    [...values(need), after?.[0] ?? null, after?.[1] ?? null, limit],
  );
  return rows.map((row) => ({ ...row, distanceKm: row.metres === FAR ? null : Math.round(row.metres / 100) / 10 }));
}

export async function countSchoolsToAsk(db: Queryable, need: SimilarNeed): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(DISTINCT s.urn) ${FOUND}`, values(need));
  return row!.count;
}
