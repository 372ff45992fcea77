import type { UnitOfWork } from '../../platform/database/index.js';

/**
 * A recommendation keeps the bodies of its school as they were when it was given. Where GIAS no longer says that the school
 * had become another, or another it, they were never its own: that school goes, with its trust and federation. To be called
 * before the providers are settled.
 */
export async function forgetWrongBodies(tx: UnitOfWork): Promise<void> {
  await tx.query(
    `WITH wrong AS (
       SELECT r.id, gone.urns, ARRAY(
         SELECT body FROM school s CROSS JOIN LATERAL (VALUES ('school:' || s.urn), ('trust:' || s.trust_id), ('federation:' || s.federation_id)) AS has (body)
         WHERE s.urn = ANY(gone.urns) AND body IS NOT NULL) || ARRAY(SELECT 'school:' || urn FROM unnest(gone.urns) urn) AS bodies
       FROM recommendation r CROSS JOIN LATERAL (SELECT ARRAY(
         SELECT substr(body, 8)::integer FROM unnest(r.bodies) body WHERE body LIKE 'school:%' EXCEPT SELECT unnest(schools_in(ARRAY['school:' || r.school_urn]))) AS urns) gone
       WHERE r.given_at IS NOT NULL AND cardinality(r.bodies) > 1 AND gone.urns <> '{}')
     UPDATE recommendation r SET bodies = ARRAY(
       SELECT unnest(r.bodies) EXCEPT SELECT body FROM unnest(wrong.bodies) body WHERE body IS DISTINCT FROM r.governing_body AND NOT body = ANY(school_bodies(r.school_urn)))
     FROM wrong WHERE wrong.id = r.id`,
  );
}
