import type { UnitOfWork } from '../../platform/database/index.js';
import type { LoaderDefinition } from '../../platform/request.js';
import { decidedBy } from './earlier.js';
import type { Circle, CircleEdge, CircleNode } from './judgement.type.js';

/** The circle that a recommendation closes; null where there is none, and for whoever does not decide about it. */
export const circleOf: LoaderDefinition<string, Circle | null> = async (context, ids) => {
  const may = await decidedBy(context, ids);
  const members = await context.db.query<{ of: string; ids: string[] }>(
    `SELECT r.id AS of, circle_of(r.id, r.provider_id, r.school_urn, r.given_at) AS ids FROM recommendation r
     WHERE r.id = ANY($1::uuid[]) AND r.state IN ('GIVEN', 'FLAGGED') AND 'CIRCLE' = ANY(r.obstacles)`,
    [[...may]],
  );
  const circles = new Map<string, Circle>();
  for (const { of, ids: providers } of members) {
    if (!providers) continue;
    const nodes = await context.db.query<CircleNode>('SELECT id, name FROM provider WHERE id = ANY($1::uuid[]) ORDER BY name, id', [providers]);
    const edges = await context.db.query<CircleEdge>(
      `SELECT r.id AS "recommendationId", source.id AS "from", r.provider_id AS "to", s.name AS school, r.id = $2 AS closes
       FROM recommendation r JOIN school s ON s.urn = r.school_urn CROSS JOIN LATERAL unnest(providers_of_school(r.school_urn)) AS source (id)
       WHERE r.provider_id = ANY($1::uuid[]) AND source.id = ANY($1::uuid[]) AND (r.id = $2 OR r.id IN (SELECT id FROM counting_recommendation))
       ORDER BY r.given_at, r.id`,
      [providers, of],
    );
    circles.set(of, { nodes, edges });
  }
  return ids.map((id) => circles.get(id) ?? null);
};

/**
 * Where the school is a provider itself: two of a circle that are given at one moment, for two providers, see each other,
 * and the one that is judged last is the later one, whichever began first.
 */
export async function oneCircleAtATime(tx: UnitOfWork, id: string, schoolUrn: number): Promise<void> {
  const waited = await tx.query(`SELECT pg_advisory_xact_lock(hashtext('recommendation-circles')) FROM (SELECT providers_of_school($1) AS own) school WHERE own <> '{}'`, [schoolUrn]);
  if (waited.length === 0) return;
  await tx.query(
    `UPDATE recommendation r SET given_at = others.last + interval '1 millisecond'
     FROM (SELECT max(given_at) AS last FROM recommendation WHERE id <> $1 AND given_at >= $2) others WHERE r.id = $1 AND others.last IS NOT NULL`,
    [id, tx.now],
  );
}
