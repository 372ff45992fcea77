import type { MigrationInterface, QueryRunner } from 'typeorm';

export class SearchDepth1795000000007 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- Where the provider's base is: metres on the British National Grid.
      ALTER TABLE search_entry ADD COLUMN place point;
      CREATE INDEX search_entry_place ON search_entry USING gist (place) INCLUDE (slot, listing_id);
      CREATE INDEX search_entry_nowhere ON search_entry (listing_id) INCLUDE (slot) WHERE place IS NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE search_entry DROP COLUMN place');
  }
}
