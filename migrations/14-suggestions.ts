import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The words of titles and providers' names by themselves: what suggestions look for is in few entries there, in half of all where every word counts. */
export class Suggestions1795000000014 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`CREATE INDEX search_entry_names ON search_entry USING gin (ts_filter(strong, '{a}'))`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP INDEX search_entry_names');
  }
}
