import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A row for each word of a title and provider's name: the few that begin as somebody types are beside each other, however many there are. */
export class Names1795000000015 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE search_name (
        word       text COLLATE "C" NOT NULL,
        listing_id uuid NOT NULL REFERENCES search_entry ON DELETE CASCADE
      );
      INSERT INTO search_name SELECT lexeme, listing_id FROM search_entry, unnest(strong) WHERE 'A' = ANY(weights);
      CREATE INDEX search_name_word ON search_name (word, listing_id);
      CREATE INDEX search_name_listing ON search_name (listing_id, word);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE search_name');
  }
}
