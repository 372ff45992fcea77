import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SearchOutbox1795000000008 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- The index that is kept in Meilisearch. No row: none is, and nothing is noted for it.
      CREATE TABLE search_index (
        one           boolean PRIMARY KEY DEFAULT true CHECK (one),
        name          text NOT NULL,
        -- what searches may rely on: the settings that it was built with. Null: it is not to be used
        settings_hash text,
        -- when Meilisearch says that it was made, which tells another one in its place
        made_at       text,
        builds        integer NOT NULL DEFAULT 0,
        build_asked   boolean NOT NULL DEFAULT true,
        -- of a build under way
        built         integer NOT NULL DEFAULT 0,
        to_build      integer NOT NULL DEFAULT 0,
        -- when a publisher last looked after it
        tended_at     timestamptz NOT NULL
      );

      -- Documents that changed and are not published yet. Rows are only added, so that no writer waits for another or
      -- for the publisher; whatever happened to a listing, its present document is what gets published.
      CREATE TABLE search_outbox (
        id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        listing_id uuid NOT NULL,
        -- its document was removed
        gone       boolean NOT NULL,
        at         timestamptz NOT NULL
      );
      -- Searches exclude what is gone but still in the index.
      CREATE INDEX search_outbox_gone ON search_outbox (listing_id) WHERE gone;

      -- Documents that Meilisearch would not take.
      CREATE TABLE search_refused (
        listing_id uuid PRIMARY KEY,
        version    bigint NOT NULL,
        error      text NOT NULL,
        at         timestamptz NOT NULL
      );

      CREATE FUNCTION note_search_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO search_outbox (listing_id, gone, at)
        SELECT listing_id, TG_OP = 'DELETE', clock_timestamp() FROM changed WHERE EXISTS (SELECT FROM search_index) ORDER BY listing_id;
        IF FOUND THEN PERFORM pg_notify('search_outbox', ''); END IF;
        RETURN NULL;
      END $$;
      CREATE TRIGGER search_document_added AFTER INSERT ON search_document REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION note_search_outbox();
      CREATE TRIGGER search_document_changed AFTER UPDATE ON search_document REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION note_search_outbox();
      CREATE TRIGGER search_document_removed AFTER DELETE ON search_document REFERENCING OLD TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION note_search_outbox();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TRIGGER search_document_added ON search_document;
      DROP TRIGGER search_document_changed ON search_document;
      DROP TRIGGER search_document_removed ON search_document;
      DROP FUNCTION note_search_outbox;
      DROP TABLE search_refused, search_outbox, search_index;
    `);
  }
}
