import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Nominations: a school vouches for a provider that is not registered. Once its provider has taken one up it is a
 * recommendation like any other; all that the nomination adds is what held when it was made.
 */
export class Nominations1795000000028 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(TABLE);
    await db.query(TIES);
    await db.query(OBSTACLES);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      UPDATE recommendation SET obstacles = array_remove(obstacles, 'OTHER_NAME'), accepted = array_remove(accepted, 'OTHER_NAME'),
        -- what still waits for an officer goes on waiting
        independence = CASE WHEN 'OTHER_NAME' = ANY(obstacles) AND NOT 'OTHER_NAME' = ANY(accepted) THEN 'UNCONFIRMED' ELSE independence END
        WHERE 'OTHER_NAME' = ANY(obstacles || accepted);
      CREATE OR REPLACE FUNCTION recommendation_obstacles(the_id uuid, the_provider uuid, the_school integer, bodies_then text[], the_giver text[], the_moment timestamptz)
      RETURNS text[] LANGUAGE sql STABLE AS $$
        SELECT obstacles_of_interest(the_id, the_provider, the_school, bodies_then, the_giver, the_moment)
          || CASE WHEN EXISTS (SELECT FROM judged_before(the_id, the_provider, the_school, bodies_then, the_giver, the_moment)) THEN ARRAY['JUDGED_BEFORE'] ELSE '{}' END
          || CASE WHEN circle_of(the_id, the_provider, the_school, the_moment) IS NOT NULL THEN ARRAY['CIRCLE'] ELSE '{}' END
      $$;
      DROP FUNCTION nominated_obstacles, tied_to_address;
      DROP TABLE nomination;
    `);
  }
}

const TABLE = `
  CREATE TABLE nomination (
    id                uuid PRIMARY KEY,
    -- a school that has become another hands it on to its successor
    school_urn        integer NOT NULL REFERENCES school,
    -- the lead on whose word it stands: whoever made it, or another who has stood by it since
    nominated_by      uuid NOT NULL REFERENCES person,
    nominated_at      timestamptz NOT NULL,
    -- the school's bodies when it was made, as recommendation.bodies
    bodies            text[] NOT NULL,
    name              text NOT NULL,
    email             text NOT NULL,
    website           text,
    title             text NOT NULL,
    categories        text[] NOT NULL CHECK (categories <> '{}'),
    phases            text[] NOT NULL CHECK (phases <> '{}'),
    delivery          text[] NOT NULL CHECK (delivery <> '{}'),
    what_was_done     text NOT NULL,
    when_done         text NOT NULL,
    what_changed      text NOT NULL,
    no_interest       boolean NOT NULL CHECK (no_interest),
    state             text NOT NULL CHECK (state IN ('OPEN', 'TAKEN_UP', 'WITHDRAWN', 'DECLINED', 'EXPIRED')),
    expires_at        timestamptz NOT NULL,
    -- who has taken it up, and the recommendation that it is since
    provider_id       uuid REFERENCES provider,
    recommendation_id uuid UNIQUE REFERENCES recommendation,
    -- the provider is called otherwise than it was nominated, so that an officer looks at it
    other_name        boolean NOT NULL DEFAULT false,
    version           integer NOT NULL DEFAULT 1,
    updated_at        timestamptz NOT NULL,
    CONSTRAINT nomination_taken_up CHECK ((state = 'TAKEN_UP') = (provider_id IS NOT NULL))
  );
  CREATE UNIQUE INDEX nomination_once ON nomination (school_urn, mailbox(email)) WHERE state = 'OPEN';
  CREATE INDEX nomination_school ON nomination (school_urn, nominated_at);
  CREATE INDEX nomination_email ON nomination (email);
  CREATE INDEX nomination_provider ON nomination (provider_id) WHERE provider_id IS NOT NULL;
  CREATE INDEX nomination_due ON nomination (expires_at) WHERE state = 'OPEN';`;

const TIES = `
  -- Whether an address is the lead's own, or somebody's who leads the school, who gave the lead that role, or with whom
  -- the lead has an interest in a provider. Which of these, nobody is told.
  CREATE FUNCTION tied_to_address(the_lead uuid, the_address text, the_school integer) RETURNS boolean LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    own text[] := mailboxes_of(the_lead);
    people text[] := all_mailboxes(ARRAY[mailbox(the_address)]);
  BEGIN
    RETURN own && people
      OR led_bodies(people) && school_bodies(the_school)
      OR EXISTS (SELECT FROM provider_person theirs WHERE theirs.mailbox = ANY(people) AND person_interest(own, theirs.provider_id) IS NOT NULL)
      OR coalesce((
        SELECT bool_and(m.confirmed_by <> m.person_id AND EXISTS (SELECT FROM known_by WHERE person_id = m.confirmed_by AND mailbox = ANY(people)))
        FROM membership m WHERE m.person_id IN (SELECT person_id FROM known_by WHERE mailbox = ANY(own))
          AND m.role = 'SCHOOL_LEAD' AND m.school_urn = the_school AND m.confirmed_at IS NOT NULL AND m.confirmed_by IS NOT NULL AND NOT m.distant), false);
  END $$;`;

const OBSTACLES = `
  -- What stands against a nomination's becoming a recommendation of this provider as things are now, with the school's
  -- bodies then; and what did when it was made: somebody who was of the provider then, or is named as its contact or was
  -- since, and what such people led. Three years count from then.
  CREATE FUNCTION nominated_obstacles(the_nomination uuid, the_provider uuid) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
  DECLARE
    n nomination := (SELECT nomination FROM nomination WHERE id = the_nomination);
    since timestamptz := n.nominated_at - interval '3 years';
    giver text[] := mailboxes_of(n.nominated_by);
    found text[] := recommendation_obstacles(n.id, the_provider, n.school_urn, n.bodies, giver, NULL);
    people text[] := all_mailboxes(ARRAY(
      SELECT known_by.mailbox FROM membership m JOIN known_by USING (person_id)
        WHERE m.provider_id = the_provider AND m.confirmed_at IS NOT NULL AND (m.ended_at IS NULL OR m.ended_at > since)
      UNION SELECT mailbox(contact.address) FROM field_change c CROSS JOIN LATERAL (VALUES (c.before #>> '{}'), (c.after #>> '{}')) contact (address)
        WHERE (c.object_id = the_provider OR c.object_id IN (SELECT l.id FROM listing l WHERE l.provider_id = the_provider))
          AND c.field = 'contact_email' AND c.at > n.nominated_at AND contact.address IS NOT NULL
      UNION SELECT mailbox(n.email)));
  BEGIN
    IF giver && people AND NOT 'MEMBER' = ANY(found) THEN found := found || 'MEMBER'::text; END IF;
    IF NOT 'PEOPLES_SCHOOL' = ANY(found) AND EXISTS (
      SELECT FROM known_by JOIN membership m USING (person_id)
      CROSS JOIN LATERAL unnest(CASE m.role WHEN 'SCHOOL_LEAD' THEN school_bodies(m.school_urn) WHEN 'TRUST_LEAD' THEN ARRAY['trust:' || m.trust_id] END) body
      WHERE known_by.mailbox = ANY(people) AND m.role IN ('SCHOOL_LEAD', 'TRUST_LEAD') AND m.confirmed_at IS NOT NULL AND (m.ended_at IS NULL OR m.ended_at > since)
        AND body = ANY(n.bodies || school_bodies(n.school_urn))
    ) THEN found := found || 'PEOPLES_SCHOOL'::text; END IF;
    RETURN found;
  END $$;

  CREATE OR REPLACE FUNCTION recommendation_obstacles(the_id uuid, the_provider uuid, the_school integer, bodies_then text[], the_giver text[], the_moment timestamptz)
  RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT obstacles_of_interest(the_id, the_provider, the_school, bodies_then, the_giver, the_moment)
      || CASE WHEN EXISTS (SELECT FROM judged_before(the_id, the_provider, the_school, bodies_then, the_giver, the_moment)) THEN ARRAY['JUDGED_BEFORE'] ELSE '{}' END
      || CASE WHEN circle_of(the_id, the_provider, the_school, the_moment) IS NOT NULL THEN ARRAY['CIRCLE'] ELSE '{}' END
      || CASE WHEN EXISTS (SELECT FROM nomination n WHERE n.recommendation_id = the_id AND n.other_name) THEN ARRAY['OTHER_NAME'] ELSE '{}' END
  $$;`;
