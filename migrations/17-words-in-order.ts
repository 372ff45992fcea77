import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An entry's words have their places now, so that those of a phrase are found only where they follow one another. They stay beside the rest of the row, where looking at them costs less. */
export class WordsInOrder1795000000017 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE search_entry SET (toast_tuple_target = 8160)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE search_entry RESET (toast_tuple_target)');
  }
}
