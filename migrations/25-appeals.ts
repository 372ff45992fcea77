import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Appeals against what has been decided to somebody's disadvantage. Who may judge one is decided here, once for guards, reads and notices. And listings that an LA withholds from its area. */
export class Appeals1795000000025 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(APPEALS);
    await db.query(WITHHOLDING);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE listing_withholding;
      DROP FUNCTION appeal_has_judge_at_home, appeal_bar;
      DROP TABLE appeal;
      ALTER TABLE membership DROP COLUMN ended_by, DROP COLUMN end_reason;
    `);
  }
}

const APPEALS = `
  -- Who ended a role, or refused one that was asked for, and why.
  ALTER TABLE membership ADD COLUMN ended_by uuid REFERENCES person, ADD COLUMN end_reason text;

  CREATE TABLE appeal (
    id              uuid PRIMARY KEY,
    against         text NOT NULL CHECK (against IN ('PROVIDER_SUSPENDED', 'RECOMMENDATION_FLAGGED', 'RECOMMENDATION_REJECTED', 'ROLE_REFUSED', 'RATING_WORDS_HIDDEN', 'LISTING_WITHHELD')),
    -- what was decided about, and the step of its history with which that was done (none for a role)
    object_id       uuid NOT NULL,
    decision        bigint REFERENCES history,
    title           text NOT NULL,
    -- the LA that decided; null: Signpost
    la_code         text REFERENCES local_authority,
    provider_id     uuid REFERENCES provider,
    school_urn      integer REFERENCES school,
    decided_by      uuid NOT NULL REFERENCES person,
    decided_at      timestamptz NOT NULL,
    decision_reason text NOT NULL DEFAULT '',
    by_kind         text NOT NULL CHECK (by_kind IN ('PROVIDER', 'SCHOOL', 'PERSON')),
    by_id           text NOT NULL,
    by_name         text NOT NULL,
    appealed_by     uuid NOT NULL REFERENCES person,
    appealed_at     timestamptz NOT NULL,
    grounds         text NOT NULL CHECK (grounds <> ''),
    state           text NOT NULL CHECK (state IN ('OPEN', 'UPHELD', 'OVERTURNED', 'WITHDRAWN')),
    judged_at       timestamptz,
    judged_for      text,
    outcome_reason  text,
    version         integer NOT NULL DEFAULT 1,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT appeal_judged CHECK ((state IN ('UPHELD', 'OVERTURNED')) = (num_nonnulls(judged_at, outcome_reason) = 2))
  );
  -- A decision is appealed once, by whichever of those concerned is first.
  CREATE UNIQUE INDEX appeal_once ON appeal (object_id, coalesce(decision, 0));
  CREATE INDEX appeal_open ON appeal (la_code, appealed_at) WHERE state = 'OPEN';
  CREATE INDEX appeal_by ON appeal (by_kind, by_id);

  -- Why a person may not judge an appeal; null: nothing stands against it. Nobody judges what they decided themselves.
  CREATE FUNCTION appeal_bar(a appeal, judge uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
      WHEN own.mailboxes && mailboxes_of(a.decided_by) THEN 'DECIDED'
      WHEN own.mailboxes && mailboxes_of(a.appealed_by) THEN 'PARTY'
      WHEN a.provider_id IS NOT NULL AND person_interest(own.mailboxes, a.provider_id) IS NOT NULL THEN 'INTEREST'
      WHEN EXISTS (SELECT FROM recommendation r JOIN known_by giver ON giver.person_id = r.given_by
                   WHERE r.provider_id = a.provider_id AND r.state <> 'LAPSED' AND giver.mailbox = ANY(own.mailboxes)) THEN 'INTEREST'
      WHEN a.school_urn IS NOT NULL AND (led_bodies(own.mailboxes) && school_bodies(a.school_urn)
        OR EXISTS (SELECT FROM membership m WHERE m.person_id = judge AND m.school_urn = a.school_urn AND m.confirmed_at IS NOT NULL AND NOT m.distant)) THEN 'INTEREST'
    END
    FROM (SELECT mailboxes_of(judge) AS mailboxes) own
  $$;

  -- Whether the LA that decided has an officer who may judge it; else an officer of another LA or a system administrator does.
  CREATE FUNCTION appeal_has_judge_at_home(a appeal) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM membership m WHERE m.role = 'LA_OFFICER' AND m.la_code = a.la_code AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL
                     AND appeal_bar(a, m.person_id) IS NULL)
  $$;`;

const WITHHOLDING = `
  CREATE TABLE listing_withholding (
    id          uuid PRIMARY KEY,
    listing_id  uuid NOT NULL REFERENCES listing,
    -- the LA that withholds it, from its own area alone
    la_code     text NOT NULL REFERENCES local_authority,
    state       text NOT NULL CHECK (state IN ('WITHHELD', 'ENDED')),
    reason      text NOT NULL CHECK (reason <> ''),
    withheld_at timestamptz NOT NULL,
    ended_at    timestamptz,
    version     integer NOT NULL DEFAULT 1,
    updated_at  timestamptz NOT NULL,
    CHECK ((state = 'ENDED') = (ended_at IS NOT NULL))
  );
  CREATE UNIQUE INDEX listing_withheld_once ON listing_withholding (listing_id, la_code) WHERE state = 'WITHHELD';
  CREATE INDEX listing_withheld_from ON listing_withholding (la_code) WHERE state = 'WITHHELD';`;
