import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Platform1795000000001 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE EXTENSION IF NOT EXISTS pg_trgm;
      CREATE EXTENSION IF NOT EXISTS unaccent;
      CREATE EXTENSION IF NOT EXISTS btree_gist;

      -- How words are compared everywhere: no case, no accents, no apostrophes (St Mary's = st marys).
      -- unaccent() is only STABLE because its dictionary could change; naming the dictionary makes it safe to index.
      CREATE FUNCTION fold(value text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
        AS $$ SELECT lower(unaccent('unaccent'::regdictionary, translate(value, '''’‘\`', ''))) $$;

      CREATE TABLE history (
        id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        process        text NOT NULL,
        object_id      uuid NOT NULL,
        transition     text NOT NULL,
        from_state     text,
        to_state       text NOT NULL,
        at             timestamptz NOT NULL,
        -- null: the product itself did it (a job, or a consequence of somebody else's act)
        person_id      uuid,
        on_behalf_kind text,
        on_behalf_id   text,
        on_behalf_name text,
        reason         text,
        CHECK ((on_behalf_kind IS NULL) = (on_behalf_id IS NULL))
      );
      CREATE INDEX history_object ON history (object_id, id);

      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the history is append-only' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'history_append_only';
      END $$;
      CREATE TRIGGER history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON history
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      CREATE TABLE idempotency_key (
        person_id   uuid NOT NULL,
        key         text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
        input_hash  bytea NOT NULL,
        result_type text,
        result_id   text,
        created_at  timestamptz NOT NULL,
        PRIMARY KEY (person_id, key)
      );

      -- Fixed windows; a row per key, restarted when its window has passed.
      CREATE TABLE rate_limit (
        key          text PRIMARY KEY,
        window_start timestamptz NOT NULL,
        count        integer NOT NULL
      );

      -- text is emptied once sent: it may hold a sign-in code.
      CREATE TABLE mail (
        id          uuid PRIMARY KEY,
        recipient   text NOT NULL,
        subject     text NOT NULL,
        text        text NOT NULL,
        created_at  timestamptz NOT NULL,
        sent_at     timestamptz
      );

      CREATE TABLE setting (
        name  text PRIMARY KEY,
        value jsonb NOT NULL
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE setting, mail, rate_limit, idempotency_key, history;
      DROP FUNCTION refuse_change;
      DROP FUNCTION fold;
    `);
  }
}
