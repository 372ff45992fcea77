import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each import with how it went, and files that wait to be imported. */
export class ImportRuns1795000000040 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- A file that was sent to be imported, kept until it has been; a day where it was only checked.
      CREATE TABLE import_file (
        id          uuid PRIMARY KEY,
        name        text NOT NULL,
        bytes       bigint NOT NULL DEFAULT 0,
        -- SHA-256 of its content; null: it has not arrived whole
        hash        text,
        uploaded_by uuid REFERENCES person ON DELETE SET NULL,
        created_at  timestamptz NOT NULL
      );
      CREATE TABLE import_file_piece (
        file_id uuid NOT NULL REFERENCES import_file ON DELETE CASCADE,
        nth     integer NOT NULL,
        content bytea NOT NULL,
        PRIMARY KEY (file_id, nth)
      );
      -- it is read once and removed: packing it would cost more than it saves
      ALTER TABLE import_file_piece ALTER COLUMN content SET STORAGE EXTERNAL;

      CREATE TABLE import_run (
        id         uuid PRIMARY KEY,
        kind       text NOT NULL CHECK (kind IN ('SCHOOLS', 'PROVIDERS', 'TERM_DATES')),
        started_by text NOT NULL CHECK (started_by IN ('COMMAND', 'UPLOAD', 'FETCH')),
        -- of a fetch: which of the places in the setting, from 0
        place      smallint,
        only_check boolean NOT NULL,
        -- null: of a fetch that has not found a file
        file_name  text,
        file_id    uuid REFERENCES import_file ON DELETE SET NULL,
        person_id  uuid REFERENCES person ON DELETE SET NULL,
        state      text NOT NULL CHECK (state IN ('WAITING', 'RUNNING', 'DONE', 'MANY_REJECTED', 'NOTHING', 'REFUSED', 'UNCHANGED', 'FAILED')),
        asked_at   timestamptz NOT NULL,
        begun_at   timestamptz,
        ended_at   timestamptz,
        rows       integer,
        rejected   integer,
        report     text NOT NULL DEFAULT '',
        hash       text,
        -- of a fetch from an address: what the server told of this state of the file, to ask whether there is a newer one
        served     jsonb,
        CONSTRAINT import_run_ended CHECK ((ended_at IS NULL) = (state IN ('WAITING', 'RUNNING'))),
        CONSTRAINT import_run_place CHECK ((place IS NOT NULL) = (started_by = 'FETCH'))
      );
      CREATE INDEX import_run_newest ON import_run (asked_at DESC, id DESC);
      CREATE INDEX import_run_under_way ON import_run (asked_at) WHERE ended_at IS NULL;
      CREATE INDEX import_run_fetched ON import_run (kind, place, ended_at DESC) WHERE started_by = 'FETCH';
      CREATE INDEX import_run_file ON import_run (file_id) WHERE file_id IS NOT NULL;
      CREATE INDEX import_run_person ON import_run (person_id) WHERE person_id IS NOT NULL;`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE import_run;
      DROP TABLE import_file_piece;
      DROP TABLE import_file;
      DELETE FROM notice WHERE kind LIKE 'Import.%';
      DELETE FROM setting WHERE name = 'imports-fetched';`);
  }
}
