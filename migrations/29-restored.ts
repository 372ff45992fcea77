import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A recommendation that stands again after an appeal is earlier than what others have given since: whoever is vouched for
 * from the other side of it is checked at that commit too, since two sides cannot recommend each other.
 */
export class Restored1795000000029 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- The other providers that are vouched for from what this one is, or what its people lead.
      CREATE FUNCTION providers_vouched_from(the_provider uuid) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
      DECLARE
        near text[] := coalesce((SELECT school_bodies(school_urn) FROM provider WHERE id = the_provider), '{}') || provider_people_bodies(the_provider);
      BEGIN
        RETURN QUERY
          SELECT r.provider_id FROM recommendation r WHERE r.state IN ('GIVEN', 'FLAGGED') AND r.provider_id <> the_provider AND r.bodies && near
          UNION SELECT r.provider_id FROM recommendation r WHERE r.state IN ('GIVEN', 'FLAGGED') AND r.provider_id <> the_provider AND r.school_urn = ANY(schools_in(near));
      END $$;

      CREATE OR REPLACE FUNCTION assert_minimum_of_recommendation() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM check_minima(ARRAY[OLD.provider_id]);
        IF TG_OP = 'UPDATE' THEN
          IF OLD.given_at IS NOT NULL AND OLD.state NOT IN ('GIVEN', 'FLAGGED') AND NEW.state IN ('GIVEN', 'FLAGGED') THEN
            PERFORM check_minima(ARRAY(SELECT providers_vouched_from(NEW.provider_id)));
          END IF;
        END IF;
        RETURN NULL;
      END $$;`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE OR REPLACE FUNCTION assert_minimum_of_recommendation() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM check_minima(ARRAY[OLD.provider_id]); RETURN NULL; END $$;
      DROP FUNCTION providers_vouched_from;`);
  }
}
