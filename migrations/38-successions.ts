import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What GIAS says of two schools is kept as each side says it, and decided from both sides and from their statuses whenever
 * schools or links come. Local authorities that have been reorganised are followed by others.
 */
export class Successions1795000000038 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(LINKS);
    await db.query(LINES);
    await db.query(CARRIED);
    await db.query(AUTHORITIES);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      UPDATE policy_change SET changed_by = (SELECT min(person_id::text)::uuid FROM membership WHERE role = 'SYSTEM_ADMIN') WHERE changed_by IS NULL;
      DELETE FROM policy_change WHERE changed_by IS NULL;
      ALTER TABLE policy_change ALTER COLUMN changed_by SET NOT NULL;
      DROP VIEW living_authority;
      DROP FUNCTION authorities_now;
      ALTER TABLE school DROP COLUMN previous_la;
      DROP TABLE local_authority_successor;
      ALTER TABLE sip_assignment DROP COLUMN carried_from, DROP COLUMN carry_ended;
      ALTER TABLE membership DROP COLUMN carried_from, DROP COLUMN carry_ended;
      DROP TRIGGER school_lines ON school_successor;
      DROP FUNCTION refresh_school_lines;
      DROP TABLE school_line;
      DROP FUNCTION school_reach;
      DROP VIEW school_link_decided;
      DROP TABLE school_link;
    `);
  }
}

const LINKS = `
  -- What a file of links says of another school in the row of a school. The schools need not be known yet.
  CREATE TABLE school_link (
    urn       integer NOT NULL,
    other_urn integer NOT NULL,
    -- what the other is to the school; MERGED and AMALGAMATION do not say for certain which of the two went on
    kind      text NOT NULL CHECK (kind IN ('SUCCESSOR', 'PREDECESSOR', 'AMALGAMATION', 'MERGED')),
    since     date,
    -- when a file said so last
    said_at   timestamptz NOT NULL,
    PRIMARY KEY (urn, other_urn, kind),
    CHECK (urn <> other_urn)
  );
  CREATE INDEX school_link_other ON school_link (other_urn);
  INSERT INTO school_link SELECT urn, successor_urn, 'SUCCESSOR', since, now() FROM school_successor;

  -- Each pair of schools once, and which of the two became the other. Where the two sides say so of each other, or neither
  -- says which way, the one that is closed became the one that is not; where that does not tell, what was said last holds.
  -- An open school is never succeeded by a closed one.
  CREATE VIEW school_link_decided AS
    WITH pair AS (
      SELECT least(urn, other_urn) AS low, greatest(urn, other_urn) AS high, min(since) AS since,
        max(said_at) FILTER (WHERE kind = CASE WHEN urn < other_urn THEN 'SUCCESSOR' ELSE 'PREDECESSOR' END) AS up,
        max(said_at) FILTER (WHERE kind = CASE WHEN urn < other_urn THEN 'PREDECESSOR' ELSE 'SUCCESSOR' END) AS down,
        bool_or(kind = 'AMALGAMATION' AND urn > other_urn) AS result_up, bool_or(kind = 'AMALGAMATION' AND urn < other_urn) AS result_down
      FROM school_link GROUP BY 1, 2
    ),
    told AS (
      SELECT pair.*, a.urn IS NOT NULL AND b.urn IS NOT NULL AS known,
        CASE WHEN a.status = 'CLOSED' AND b.status <> 'CLOSED' THEN 'UP' WHEN b.status = 'CLOSED' AND a.status <> 'CLOSED' THEN 'DOWN' END AS by_status
      FROM pair LEFT JOIN school a ON a.urn = pair.low LEFT JOIN school b ON b.urn = pair.high
    ),
    decided AS (
      SELECT told.*, CASE
        WHEN up IS NOT NULL AND down IS NULL THEN 'UP'
        WHEN down IS NOT NULL AND up IS NULL THEN 'DOWN'
        WHEN by_status IS NOT NULL THEN by_status
        WHEN up > down OR up IS NULL AND result_up AND NOT result_down THEN 'UP'
        WHEN down > up OR up IS NULL AND result_down AND NOT result_up THEN 'DOWN'
      END AS way
      FROM told
    )
    SELECT low, high, since, CASE way WHEN 'DOWN' THEN high ELSE low END AS urn, CASE way WHEN 'DOWN' THEN low ELSE high END AS successor_urn,
      CASE WHEN way IS NULL AND NOT known THEN 'WAITS' WHEN way IS NULL THEN 'UNCLEAR' WHEN way <> by_status THEN 'AGAINST_STATUS' ELSE 'STANDS' END AS verdict
    FROM decided;

  DELETE FROM school_successor s WHERE NOT EXISTS (
    SELECT FROM school_link_decided d WHERE d.verdict = 'STANDS' AND d.urn = s.urn AND d.successor_urn = s.successor_urn);

  -- Where the part in a closed school goes on: over schools that are closed, or not known, to the end of the chain.
  CREATE FUNCTION school_reach(the_urns integer[]) RETURNS TABLE (urn integer, became integer) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE walk (urn, at) AS (
      SELECT s.urn, s.urn FROM school s WHERE s.urn = ANY(the_urns) AND s.status = 'CLOSED'
      UNION
      SELECT walk.urn, link.successor_urn FROM walk JOIN school_successor link ON link.urn = walk.at LEFT JOIN school passed ON passed.urn = walk.at
      WHERE coalesce(passed.status, 'CLOSED') = 'CLOSED'
    )
    SELECT walk.urn, walk.at FROM walk WHERE walk.at <> walk.urn
  $$;`;

const LINES = `
  -- Schools that succession links, directly or over others, with the lowest URN of all of them: they count as one.
  CREATE TABLE school_line (
    urn  integer PRIMARY KEY,
    line integer NOT NULL
  );
  CREATE FUNCTION refresh_school_lines() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    DELETE FROM school_line;
    INSERT INTO school_line
      WITH RECURSIVE beside AS (SELECT urn, successor_urn AS other FROM school_successor UNION SELECT successor_urn, urn FROM school_successor),
      walk (urn, at) AS (SELECT urn, urn FROM beside UNION SELECT walk.urn, beside.other FROM walk JOIN beside ON beside.urn = walk.at)
      SELECT urn, min(at) FROM walk GROUP BY urn;
    RETURN NULL;
  END $$;
  CREATE TRIGGER school_lines AFTER INSERT OR UPDATE OR DELETE ON school_successor FOR EACH STATEMENT EXECUTE FUNCTION refresh_school_lines();
  INSERT INTO school_line
    WITH RECURSIVE beside AS (SELECT urn, successor_urn AS other FROM school_successor UNION SELECT successor_urn, urn FROM school_successor),
    walk (urn, at) AS (SELECT urn, urn FROM beside UNION SELECT walk.urn, beside.other FROM walk JOIN beside ON beside.urn = walk.at)
    SELECT urn, min(at) FROM walk GROUP BY urn;`;

const CARRIED = `
  ALTER TABLE membership
    -- the closed school in which it was held before; it ends where GIAS no longer says that this school took its place
    ADD COLUMN carried_from integer,
    -- it ended in that way, and not because somebody ended it
    ADD COLUMN carry_ended  boolean NOT NULL DEFAULT false;
  ALTER TABLE sip_assignment ADD COLUMN carried_from integer, ADD COLUMN carry_ended boolean NOT NULL DEFAULT false;`;

const AUTHORITIES = `
  -- A local authority that has been abolished, and those in whose hands its area is now.
  CREATE TABLE local_authority_successor (
    code           text NOT NULL REFERENCES local_authority,
    successor_code text NOT NULL REFERENCES local_authority,
    since          timestamptz NOT NULL,
    PRIMARY KEY (code, successor_code),
    CHECK (code <> successor_code)
  );
  CREATE INDEX local_authority_successor_back ON local_authority_successor (successor_code);

  -- The LA in which GIAS says that the school was before.
  ALTER TABLE school ADD COLUMN previous_la text;
  CREATE INDEX school_previous_la ON school (previous_la) WHERE previous_la IS NOT NULL;

  -- The local authorities that there are: one that has been abolished is named no more, and nothing new belongs to it.
  CREATE VIEW living_authority AS
    SELECT * FROM local_authority la WHERE NOT EXISTS (SELECT FROM local_authority_successor gone WHERE gone.code = la.code);

  -- Those that are there for these now: themselves, or those that followed them, to the end.
  CREATE FUNCTION authorities_now(the_codes text[]) RETURNS text[] LANGUAGE sql STABLE AS $$
    WITH RECURSIVE walk (code) AS (
      SELECT unnest(the_codes) UNION SELECT next.successor_code FROM walk JOIN local_authority_successor next ON next.code = walk.code
    )
    SELECT coalesce(array_agg(walk.code ORDER BY walk.code), '{}') FROM walk
    WHERE NOT EXISTS (SELECT FROM local_authority_successor gone WHERE gone.code = walk.code)
  $$;

  -- null: it follows from a reorganisation, and nobody has decided it
  ALTER TABLE policy_change ALTER COLUMN changed_by DROP NOT NULL;`;
