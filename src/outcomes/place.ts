import type { Category, SupportPhase } from '../directory/index.js';
import type { Queryable } from '../platform/database/index.js';

/** An objective with where it belongs in the evidence. */
export interface Placed {
  id: string;
  category: Category | null;
  phase: SupportPhase | null;
}

export interface PlacesOfEngagement {
  objectives: Placed[];
  listingId: string | null;
  /** What the whole is about, where all its objectives are about the same. */
  whole: { category: Category | null; phase: SupportPhase | null };
}

/** The one of many; null where they differ or there is none. */
export const only = <T>(values: readonly T[]): T | null => (new Set(values).size === 1 ? values[0]! : null);

/** The phase of the pupils of a school `s`; null where it has more than one. */
export const phaseOfSchool = (s: string) => `CASE ${s}.phase WHEN 'NURSERY' THEN 'NURSERY' WHEN 'PRIMARY' THEN 'PRIMARY' WHEN 'MIDDLE_DEEMED_PRIMARY' THEN 'PRIMARY'
  WHEN 'SECONDARY' THEN 'SECONDARY' WHEN 'MIDDLE_DEEMED_SECONDARY' THEN 'SECONDARY' WHEN 'SIXTEEN_PLUS' THEN 'SIXTEEN_PLUS' END`;

/** SQL: the school as which one counts where different schools are counted: of those that succession links, it is the one of the lowest URN. `urn` names its table. */
export const lineOf = (urn: string) => `coalesce((SELECT own.line FROM school_line own WHERE own.urn = ${urn}), ${urn})`;

/**
 * Where the objectives of an engagement belong: what the school said of each, else the one category of the listing, and
 * the phase of the school.
 */
export async function placesOfObjectives(db: Queryable, engagementId: string): Promise<PlacesOfEngagement> {
  const rows = await db.query<{ listingId: string | null; id: string | null; category: Category | null; phase: SupportPhase | null }>(
    `SELECT e.listing_id AS "listingId", o.id, coalesce(o.category, CASE WHEN cardinality(l.categories) = 1 THEN l.categories[1] END) AS category,
            coalesce(o.phase, ${phaseOfSchool('s')}) AS phase
     FROM engagement e JOIN school s ON s.urn = e.school_urn LEFT JOIN listing l ON l.id = e.listing_id LEFT JOIN engagement_objective o ON o.engagement_id = e.id
     WHERE e.id = $1 ORDER BY o.nth`,
    [engagementId],
  );
  return {
    objectives: rows.flatMap(({ id, category, phase }) => (id === null ? [] : { id, category, phase })),
    listingId: rows[0]?.listingId ?? null,
    whole: { category: only(rows.map((row) => row.category)), phase: only(rows.map((row) => row.phase)) },
  };
}
