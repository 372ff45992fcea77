import { categories, type Category, type SupportPhase } from '../directory/index.js';
import type { Database } from '../platform/database/index.js';
import { lineOf } from './place.js';
import { UNMET_SCHOOLS } from './unmet-need.release.js';
import type { NeedCount, UnmetNeed } from './unmet-need.type.js';

export interface UnmetNeedChoice {
  category: Category | null;
  phase: SupportPhase | null;
  /** Only what was released on this day or later, like `2026-09-01`. */
  since: string | null;
}

interface Cell extends NeedCount {
  category: Category | null;
  kind: 'REQUEST' | 'SEARCH';
}

/** Everything in it is a sum over whole rows of `unmet_need`, each of five schools or more. */
export async function readUnmetNeed(db: Database, laCode: string, { category, phase, since }: UnmetNeedChoice): Promise<UnmetNeed> {
  const every = Object.keys(categories) as Category[];
  const cells = await db.query<Cell>(
    `WITH asked AS MATERIALIZED (
       SELECT key.category, n.kind, n.needs, n.school_urns
       FROM unnest($2::text[]) AS key (category) JOIN unmet_need n ON n.la_code = $1 AND (key.category IS NULL OR n.category = key.category)
       WHERE ($3::text IS NULL OR n.category = $3) AND ($4::text IS NULL OR n.phase = $4) AND ($5::date IS NULL OR n.released_on >= $5))
     SELECT sums.*, (SELECT count(DISTINCT ${lineOf('told.urn')}) FROM asked, unnest(asked.school_urns) AS told (urn) WHERE asked.kind = sums.kind AND asked.category IS NOT DISTINCT FROM sums.category) AS schools
     FROM (SELECT category, kind, sum(needs)::int AS needs FROM asked GROUP BY category, kind) sums`,
    [laCode, [null, ...every], category, phase, since],
  );
  const countOf = (kind: Cell['kind'], of: Category | null): NeedCount | null => cells.find((each) => each.kind === kind && each.category === of && each.schools >= UNMET_SCHOOLS) ?? null;
  const both = (of: Category | null) => ({ requests: countOf('REQUEST', of), searches: countOf('SEARCH', of) });
  return {
    says: 'Needs are told on the first of January, the fifteenth of April and the first of September, once five different schools have the same. What is missing here may be needed by fewer.',
    ...both(null),
    byCategory: every.filter((each) => category === null || each === category).map((each) => ({ category: each, ...both(each) })),
    categoriesWithoutProvider: await categoriesWithoutProvider(db, laCode),
  };
}

/** A listing covers an LA by name, by its radius reaching an open school there, or by being national. */
async function categoriesWithoutProvider(db: Database, laCode: string): Promise<Category[]> {
  const rows = await db.query<{ category: Category }>(
    `SELECT category FROM unnest($2::text[]) WITH ORDINALITY AS every (category, nth)
     WHERE NOT EXISTS (
       SELECT FROM listing l JOIN provider p ON p.id = l.provider_id
       WHERE category = ANY(l.categories) AND l.state = 'PUBLISHED' AND p.state = 'LISTED'
         AND (l.national OR $1 = ANY(l.la_codes) OR EXISTS (
           SELECT FROM school s WHERE s.la_code = $1 AND s.status = 'OPEN'
             AND (s.easting - p.base_easting)::bigint ^ 2 + (s.northing - p.base_northing)::bigint ^ 2 <= (l.radius_km * 1000::bigint) ^ 2)))
     ORDER BY nth`,
    [laCode, Object.keys(categories)],
  );
  return rows.map((row) => row.category);
}
