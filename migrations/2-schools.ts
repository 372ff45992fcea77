import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Schools1795000000002 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

      CREATE TABLE local_authority (
        code                    text PRIMARY KEY,
        name                    text NOT NULL,
        region                  text,
        minimum_recommendations integer NOT NULL DEFAULT 2 CHECK (minimum_recommendations >= 2)
      );

      CREATE TABLE trust (
        id   text PRIMARY KEY,
        name text NOT NULL
      );

      CREATE TABLE federation (
        id   text PRIMARY KEY,
        name text NOT NULL
      );

      CREATE TABLE school (
        urn                  integer PRIMARY KEY,
        la_code              text NOT NULL REFERENCES local_authority,
        establishment_number integer,
        name                 text NOT NULL,
        type                 text,
        status               text NOT NULL CHECK (status IN ('OPEN', 'PROPOSED_TO_OPEN', 'CLOSED')),
        phase                text NOT NULL CHECK (phase IN ('NURSERY', 'PRIMARY', 'MIDDLE_DEEMED_PRIMARY', 'MIDDLE_DEEMED_SECONDARY', 'SECONDARY', 'SIXTEEN_PLUS', 'ALL_THROUGH')),
        academy              boolean NOT NULL DEFAULT false,
        low_age              integer,
        high_age             integer,
        gender               text,
        religious_character  text,
        street               text,
        locality             text,
        address3             text,
        town                 text,
        county               text,
        postcode             text,
        website              text,
        -- metres on the British National Grid; distances are planar on it, exact enough at any range a school asks for
        easting              integer,
        northing             integer,
        latitude             double precision,
        longitude            double precision,
        trust_id             text REFERENCES trust,
        federation_id        text REFERENCES federation,
        opened_on            date,
        closed_on            date,
        -- words of the name, a bar, words of place, phase and character, as people type them (schools/names.ts)
        search_text          text NOT NULL,
        search_words         tsvector GENERATED ALWAYS AS (array_to_tsvector(array_remove(string_to_array(search_text, ' '), ''))) STORED,
        imported_at          timestamptz NOT NULL,
        CHECK ((easting IS NULL) = (northing IS NULL)),
        CHECK ((easting IS NULL) = (latitude IS NULL)),
        CHECK ((latitude IS NULL) = (longitude IS NULL))
      );
      CREATE INDEX school_la ON school (la_code);
      CREATE INDEX school_trust ON school (trust_id) WHERE trust_id IS NOT NULL;
      CREATE INDEX school_federation ON school (federation_id) WHERE federation_id IS NOT NULL;
      CREATE INDEX school_postcode ON school (postcode text_pattern_ops);
      CREATE INDEX school_place ON school (easting, northing) WHERE status = 'OPEN';
      CREATE INDEX school_words ON school USING gin (search_words);

      -- Every word that schools are found by, for what somebody mistyped; refreshed by the import.
      CREATE MATERIALIZED VIEW school_word AS
        SELECT DISTINCT word FROM school CROSS JOIN string_to_table(search_text, ' ') AS word WHERE length(word) > 2;

      -- No foreign key on either end: an extract of one LA names successors in another.
      CREATE TABLE school_successor (
        urn           integer NOT NULL,
        successor_urn integer NOT NULL,
        since         date,
        PRIMARY KEY (urn, successor_urn),
        CHECK (urn <> successor_urn)
      );

      CREATE TABLE partnership (
        id      uuid PRIMARY KEY,
        name    text NOT NULL,
        la_code text NOT NULL REFERENCES local_authority
      );
      CREATE TABLE partnership_school (
        partnership_id uuid NOT NULL REFERENCES partnership ON DELETE CASCADE,
        school_urn     integer NOT NULL REFERENCES school,
        PRIMARY KEY (partnership_id, school_urn)
      );
      CREATE INDEX partnership_school_urn ON partnership_school (school_urn);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP MATERIALIZED VIEW school_word;
      DROP TABLE partnership_school, partnership, school_successor, school, federation, trust, local_authority;
    `);
  }
}
