import type { Category, SupportPhase } from '../directory/index.js';
import type { Actor } from '../platform/actor.js';
import { type Clock, londonDay } from '../platform/clock.js';
import type { Queryable } from '../platform/database/index.js';
import { phaseOfSchool } from './place.js';

/**
 * Keeps that a search found nothing: the day, the LA and school of whoever is signed in, and what was narrowed down to;
 * never the words. The same school's of one day counts once. Searches of others are not kept.
 */
export async function noteEmptySearch(db: Queryable, clock: Clock, actor: Actor, sought: { categories: readonly Category[]; phases: readonly SupportPhase[] }): Promise<void> {
  const urn = actor.memberships.find((each) => each.role === 'SCHOOL_LEAD' || each.role === 'SCHOOL_STAFF')?.schoolUrn ?? null;
  const la = actor.memberships.find((each) => each.role === 'SIP')?.laCode ?? null;
  if (urn === null && la === null) return;
  const each = <T>(values: readonly T[]): (T | null)[] => (values.length > 0 ? [...values] : [null]);
  await db.query(
    `INSERT INTO search_miss (day, la_code, school_urn, category, phase)
     SELECT $1, coalesce(s.la_code, $3), s.urn, category, CASE WHEN cardinality($5::text[]) = 1 THEN coalesce($5[1], ${phaseOfSchool('s')}) END
     FROM unnest($4::text[]) AS category LEFT JOIN school s ON s.urn = $2
     ON CONFLICT DO NOTHING`,
    [londonDay(clock.now()), urn, la, each(sought.categories), each(sought.phases)],
  );
}
