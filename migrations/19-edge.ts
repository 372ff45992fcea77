import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Several sign-in codes of one address may be live at once: each keeps, under a hash, from where it was asked for, whose
 * tries alone count against it, and whether it is too long to be guessed.
 */
export class Edge1795000000019 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `ALTER TABLE sign_in_code ADD COLUMN asked_from bytea NOT NULL DEFAULT '', ADD COLUMN is_long boolean NOT NULL DEFAULT false`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM sign_in_code WHERE is_long'); // the version before would let them be guessed at five times as any other
    await runner.query('ALTER TABLE sign_in_code DROP COLUMN is_long, DROP COLUMN asked_from');
  }
}
