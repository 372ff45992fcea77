import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Search1795000000005 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

      -- One row for each published listing of a listed provider: what an engine indexes, see search/document.ts.
      CREATE SEQUENCE search_version;
      CREATE TABLE search_document (
        listing_id uuid PRIMARY KEY REFERENCES listing ON DELETE CASCADE,
        -- grows with each change, also over a removal and a return
        version    bigint NOT NULL,
        content    jsonb NOT NULL
      );

      -- What the PostgreSQL engine makes of a document.
      CREATE SEQUENCE search_slot MINVALUE 0;
      CREATE TABLE search_entry (
        listing_id   uuid PRIMARY KEY REFERENCES search_document ON DELETE CASCADE,
        -- the document's bit in every bitmap
        slot         integer NOT NULL UNIQUE DEFAULT nextval('search_slot'),
        -- a number by chance, from 0 to 2^31 - 1, that stays with the listing
        shuffle      integer NOT NULL,
        -- milliseconds since 1970
        published_at bigint NOT NULL,
        -- what it is counted under, as categories:GOVERNANCE
        terms        text[] NOT NULL,
        -- every word, to find it
        words        tsvector NOT NULL,
        -- the words of title (A), keywords and labels (B), summary (C), to say how well it fits
        strong       tsvector NOT NULL
      );
      ALTER TABLE search_entry ALTER words SET STORAGE EXTERNAL, ALTER strong SET STORAGE MAIN;
      CREATE INDEX search_entry_words ON search_entry USING gin (words);
      CREATE INDEX search_entry_shuffle ON search_entry (shuffle, listing_id) INCLUDE (slot);
      CREATE INDEX search_entry_newest ON search_entry (published_at DESC, listing_id) INCLUDE (slot);

      -- Which entries have a term, a row for each term and each 4,096 slots. A job brings them up to date; until then
      -- the slots in search_change do not count here, and their entries are looked at one by one.
      CREATE TABLE search_bitmap (
        chunk integer NOT NULL,
        term  text NOT NULL,
        bits  bit(4096) NOT NULL,
        PRIMARY KEY (chunk, term)
      );
      CREATE TABLE search_change (slot integer NOT NULL);
      CREATE FUNCTION note_search_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO search_change VALUES (coalesce(NEW.slot, OLD.slot));
        RETURN NULL;
      END $$;
      CREATE TRIGGER search_entry_change AFTER INSERT OR UPDATE OR DELETE ON search_entry
        FOR EACH ROW EXECUTE FUNCTION note_search_change();

      -- The words of all entries, for endings and typos. No unique key, for with one a writer would wait for another
      -- that adds the same word; that a word may be there twice does no harm.
      CREATE TABLE search_word (
        word    text COLLATE "C" NOT NULL,
        -- null: one of those that say nothing, such as "and"
        stem    text COLLATE "C",
        -- which of the letters a to z it has, a bit each: tells most words apart before they are compared in full
        letters integer NOT NULL
      );
      CREATE INDEX search_word_word ON search_word (word);
      CREATE INDEX search_word_stem ON search_word (stem);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE search_word, search_change, search_bitmap, search_entry, search_document;
      DROP FUNCTION note_search_change;
      DROP SEQUENCE search_slot, search_version;
    `);
  }
}
