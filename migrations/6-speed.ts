import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes in the order in which lists are read, or with all that is asked of them; words folded faster. */
export class Speed1795000000006 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- As before, in half the time: translate() looks at text letter by letter.
      CREATE OR REPLACE FUNCTION fold(value text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
        AS $$ SELECT lower(unaccent('unaccent'::regdictionary, replace(replace(replace(replace(value, '''', ''), '’', ''), '‘', ''), '\`', ''))) $$;

      CREATE INDEX provider_name ON provider (name, id);

      DROP INDEX listing_provider;
      CREATE INDEX listing_provider ON listing (provider_id, title, id);

      DROP INDEX recommendation_provider;
      CREATE INDEX recommendation_provider ON recommendation (provider_id, created_at DESC, id DESC);

      DROP INDEX school_place;
      CREATE INDEX school_place ON school (easting, northing) INCLUDE (la_code) WHERE status = 'OPEN';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE OR REPLACE FUNCTION fold(value text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
        AS $$ SELECT lower(unaccent('unaccent'::regdictionary, translate(value, '''’‘\`', ''))) $$;

      DROP INDEX provider_name;
      DROP INDEX listing_provider;
      CREATE INDEX listing_provider ON listing (provider_id, state, title, id);
      DROP INDEX recommendation_provider;
      CREATE INDEX recommendation_provider ON recommendation (provider_id, state, given_at);
      DROP INDEX school_place;
      CREATE INDEX school_place ON school (easting, northing) WHERE status = 'OPEN';
    `);
  }
}
