import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A sign-in code that is over is not sent any more. Whether a publisher looks after the search index is told by its lock;
 * `search_index.tended_at` is still written by the version before, and not read any more.
 */
export class FaultsEndNothing1795000000018 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE mail ADD COLUMN expires_at timestamptz, ADD COLUMN queued_at timestamptz NOT NULL DEFAULT now()');
    await runner.query('ALTER TABLE search_index ADD COLUMN untended int NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE search_index DROP COLUMN untended');
    await runner.query('ALTER TABLE mail DROP COLUMN queued_at, DROP COLUMN expires_at');
  }
}
