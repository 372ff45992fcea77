import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ordinary slips have a way back: changes of dates and price that both sides agree, and whether a reply has been read. */
export class Slips1795000000020 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE engagement_change (
        id                  uuid PRIMARY KEY,
        engagement_id       uuid NOT NULL REFERENCES engagement,
        proposed_by_party   text NOT NULL CHECK (proposed_by_party IN ('SCHOOL', 'PROVIDER')),
        proposed_by         uuid NOT NULL REFERENCES person,
        proposed_at         timestamptz NOT NULL,
        reason              text NOT NULL DEFAULT '',
        -- what was agreed before, and what would be agreed instead
        before_starts_on    date,
        before_ends_on      date,
        before_price_pence  integer,
        before_vat          text,
        starts_on           date,
        ends_on             date,
        price_pence         integer CHECK (price_pence >= 0),
        vat                 text CHECK (vat IN ('INCLUDED', 'ADDED', 'NOT_CHARGED')),
        answer              text CHECK (answer IN ('ACCEPTED', 'DECLINED', 'WITHDRAWN')),
        answered_by         uuid REFERENCES person,
        answered_at         timestamptz,
        CONSTRAINT engagement_change_days CHECK (ends_on >= starts_on),
        CHECK ((answer IS NULL) = (answered_at IS NULL))
      )`);
    await runner.query('CREATE INDEX engagement_change_of ON engagement_change (engagement_id)');
    await runner.query('CREATE UNIQUE INDEX engagement_change_pending ON engagement_change (engagement_id) WHERE answer IS NULL');
    await runner.query('ALTER TABLE rating ADD COLUMN reply_read_at timestamptz');
    // Replies that are there already may have been read.
    await runner.query('UPDATE rating SET reply_read_at = replied_at WHERE reply IS NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE rating DROP COLUMN reply_read_at');
    await runner.query('DROP TABLE engagement_change');
  }
}
