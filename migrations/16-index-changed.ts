import type { MigrationInterface, QueryRunner } from 'typeorm';

export class IndexChanged1795000000016 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- when Meilisearch says that it last changed it, all by us: another moment tells that somebody else did. Null while we are at it
      ALTER TABLE search_index ADD COLUMN changed_at text;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE search_index DROP COLUMN changed_at');
  }
}
