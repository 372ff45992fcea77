import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What GIAS has of a school besides: its number as a provider of learning, and who sponsors it. */
export class GiasColumns1795000000037 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE school ADD COLUMN ukprn integer, ADD COLUMN sponsor text');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('ALTER TABLE school DROP COLUMN ukprn, DROP COLUMN sponsor');
  }
}
