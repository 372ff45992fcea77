import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Notices1795000000013 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- One mail a person and day. Its id is the mail's, which is why it is a row: a repeat is told by it.
      CREATE TABLE notice_digest (
        id         uuid PRIMARY KEY,
        person_id  uuid NOT NULL REFERENCES person,
        day        date NOT NULL,
        created_at timestamptz NOT NULL,
        sent_at    timestamptz,
        UNIQUE (person_id, day)
      );

      CREATE TABLE notice (
        id          uuid PRIMARY KEY,
        person_id   uuid NOT NULL REFERENCES person,
        -- what it tells of: a step of a process, or that a deadline is near (named by reminder, once for each).
        -- No foreign key: the history is append-only, so no step that is told of can go.
        history_id  bigint,
        reminder    text,
        kind        text NOT NULL,
        object_id   uuid NOT NULL,
        -- who is told, so that it can be judged again: a name in the code, and the role's scope
        audience    text NOT NULL,
        as_kind     text NOT NULL CHECK (as_kind IN ('SCHOOL', 'PROVIDER', 'LOCAL_AUTHORITY', 'SIP', 'SIGNPOST')),
        as_id       text NOT NULL,
        subject     text NOT NULL CHECK (subject <> ''),
        text        text NOT NULL CHECK (text <> ''),
        expected    text CHECK (expected <> ''),
        due_at      timestamptz,
        link        text NOT NULL CHECK (link LIKE '/%'),
        -- by a mail of its own, or in the daily digest
        digest      boolean NOT NULL,
        digest_id   uuid REFERENCES notice_digest,
        created_at  timestamptz NOT NULL,
        read_at     timestamptz,
        mailed_at   timestamptz,
        -- the person was no longer entitled to it when its mail was to be sent
        withheld_at timestamptz,
        CONSTRAINT notice_once UNIQUE (history_id, person_id),
        CONSTRAINT notice_reminder_once UNIQUE (object_id, reminder, person_id),
        CHECK (num_nonnulls(history_id, reminder) = 1),
        CHECK (digest OR digest_id IS NULL),
        CHECK (num_nonnulls(mailed_at, withheld_at) < 2)
      );
      CREATE INDEX notice_person ON notice (person_id, created_at DESC, id DESC);
      CREATE INDEX notice_unread ON notice (person_id) WHERE read_at IS NULL;
      CREATE INDEX notice_waiting ON notice (person_id) WHERE digest AND digest_id IS NULL;
      CREATE INDEX notice_in_digest ON notice (digest_id) WHERE digest_id IS NOT NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE notice, notice_digest');
  }
}
