import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a local authority asks of the providers that it assures beyond what all ask, with every change of it. Partnerships that schools make themselves. */
export class PolicyAndPartnerships1795000000026 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(POLICY);
    await db.query(PARTNERSHIPS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DELETE FROM partnership_school WHERE state <> 'MEMBER';
      DROP INDEX partnership_place_once;
      ALTER TABLE partnership_school DROP CONSTRAINT partnership_school_pkey, DROP COLUMN id, DROP COLUMN state, DROP COLUMN since, DROP COLUMN version, DROP COLUMN updated_at,
        ADD PRIMARY KEY (partnership_id, school_urn);
      ALTER TABLE partnership DROP COLUMN created_at;
      CREATE OR REPLACE FUNCTION assert_minimum_of_provider() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM check_minima(ARRAY[NEW.id]); RETURN NULL; END $$;
      CREATE OR REPLACE FUNCTION assert_minimum_of_la() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM assert_minimum(id) FROM provider WHERE assuring_la = NEW.code AND state = 'LISTED'; RETURN NULL; END $$;
      DROP FUNCTION check_ends;
      DROP TABLE policy_change, check_life;
    `);
  }
}

const POLICY = `
  -- For how many months a kind of check holds at most; none: as long as the officer says.
  CREATE TABLE check_life (
    la_code text NOT NULL REFERENCES local_authority,
    kind    text NOT NULL CHECK (kind IN ('SAFEGUARDING', 'INSURANCE', 'INTERESTS')),
    months  integer NOT NULL CHECK (months BETWEEN 1 AND 120),
    PRIMARY KEY (la_code, kind)
  );

  -- The policy as it was from each change on.
  CREATE TABLE policy_change (
    id                      uuid PRIMARY KEY,
    la_code                 text NOT NULL REFERENCES local_authority,
    changed_at              timestamptz NOT NULL,
    changed_by              uuid NOT NULL REFERENCES person,
    reason                  text NOT NULL CHECK (reason <> ''),
    minimum_recommendations integer NOT NULL CHECK (minimum_recommendations >= 2),
    -- months by kind of check
    check_lives             jsonb NOT NULL,
    lapsed                  integer NOT NULL,
    listed                  integer NOT NULL
  );
  CREATE INDEX policy_change_la ON policy_change (la_code, changed_at);

  -- The last day of a check: as the officer said, and no later than the policy lets it hold.
  CREATE FUNCTION check_ends(expires_on date, checked_at timestamptz, months integer) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN least(expires_on, ((checked_at AT TIME ZONE 'Europe/London')::date + make_interval(months => months))::date);

  -- Two commits at the same moment, one that lists a provider by the minimum it knew and one that raises the minimum,
  -- must not both pass: whoever lists waits here for whoever raises, and then counts by the new minimum. Only
  -- transactions that list take the lock, so that all others stay as they were.
  CREATE OR REPLACE FUNCTION assert_minimum_of_provider() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.assuring_la IS NOT NULL THEN PERFORM pg_advisory_xact_lock_shared(7466772, hashtext(NEW.assuring_la)); END IF;
    PERFORM check_minima(ARRAY[NEW.id]);
    RETURN NULL;
  END $$;
  CREATE OR REPLACE FUNCTION assert_minimum_of_la() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM pg_advisory_xact_lock(7466772, hashtext(NEW.code));
    PERFORM check_minima(ARRAY(SELECT id FROM provider WHERE assuring_la = NEW.code AND state = 'LISTED'));
    RETURN NULL;
  END $$;`;

const PARTNERSHIPS = `
  ALTER TABLE partnership ADD COLUMN created_at timestamptz;
  -- A school's place in a partnership. Rows that are there, or that the version before writes, are members.
  ALTER TABLE partnership_school
    ADD COLUMN id         uuid NOT NULL DEFAULT gen_random_uuid(),
    ADD COLUMN state      text NOT NULL DEFAULT 'MEMBER' CHECK (state IN ('PROPOSED', 'MEMBER', 'DECLINED', 'LEFT')),
    ADD COLUMN since      timestamptz,
    ADD COLUMN version    integer NOT NULL DEFAULT 1,
    ADD COLUMN updated_at timestamptz,
    DROP CONSTRAINT partnership_school_pkey,
    ADD CONSTRAINT partnership_school_pkey PRIMARY KEY (id);
  CREATE UNIQUE INDEX partnership_place_once ON partnership_school (partnership_id, school_urn) WHERE state IN ('PROPOSED', 'MEMBER');`;
