import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What has been judged sticks: two more obstacles wait for an officer, one after a rejection, one where a small circle
 * of providers would list itself; and what was suspended is known again when it is registered anew.
 */
export class Judgements1795000000023 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(SUSPENDED);
    await db.query(JUDGED);
    await db.query(CIRCLES);
    await db.query(OBSTACLES);
    await db.query(EXISTING);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      UPDATE recommendation SET obstacles = array_remove(array_remove(obstacles, 'JUDGED_BEFORE'), 'CIRCLE') WHERE obstacles && ARRAY['JUDGED_BEFORE', 'CIRCLE'];
      DROP FUNCTION recommendation_obstacles;
      ALTER FUNCTION obstacles_of_interest RENAME TO recommendation_obstacles;
      DROP FUNCTION lacks_officer, circle_of, providers_of_school, judged_before, alike_providers, website_host;
      DROP TABLE suspended_before;
      DROP TRIGGER provider_suspended_at ON provider;
      DROP FUNCTION note_suspension;
      ALTER TABLE provider DROP COLUMN suspended_at;
      DROP INDEX membership_leading;
    `);
  }
}

const SUSPENDED = `
  -- since when it is suspended, or was when it left the directory; by a trigger, so that the version before keeps it too
  ALTER TABLE provider ADD COLUMN suspended_at timestamptz;
  UPDATE provider p SET suspended_at = (SELECT max(at) FROM history h WHERE h.object_id = p.id AND h.process = 'Provider' AND h.transition = 'suspend')
    WHERE p.state = 'SUSPENDED' OR p.state = 'WITHDRAWN' AND EXISTS (
      SELECT FROM history h WHERE h.object_id = p.id AND h.process = 'Provider' AND h.transition = 'withdraw' AND h.from_state = 'SUSPENDED');
  CREATE INDEX provider_suspended ON provider (suspended_at) WHERE suspended_at IS NOT NULL;
  CREATE FUNCTION note_suspension() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.state = 'SUSPENDED' THEN NEW.suspended_at := NEW.updated_at;
    ELSIF NEW.state <> 'WITHDRAWN' THEN NEW.suspended_at := NULL;
    END IF;
    RETURN NEW;
  END $$;
  CREATE TRIGGER provider_suspended_at BEFORE UPDATE OF state ON provider FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION note_suspension();

  -- Providers that a new one was found to be again, or near to, before it was listed; an officer accepts it, seeing why.
  CREATE TABLE suspended_before (
    provider_id uuid NOT NULL REFERENCES provider,
    earlier_id  uuid NOT NULL REFERENCES provider,
    -- PEOPLE, SCHOOL, NAME, ADDRESS, WEBSITE
    alike       text[] NOT NULL,
    found_at    timestamptz NOT NULL,
    accepted_at timestamptz,
    accepted_by uuid REFERENCES person,
    PRIMARY KEY (provider_id, earlier_id)
  );

  CREATE FUNCTION website_host(website text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN lower(regexp_replace(website, '^[a-zA-Z]+://(www[.])?([^/:?#]+).*$', '\\2'));

  -- In what two providers are the same: their people, by mailbox, the school, the name, the address, the website's host.
  CREATE FUNCTION alike_providers(the_one uuid, the_other uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_remove(ARRAY[
      CASE WHEN EXISTS (
        SELECT FROM provider_person own WHERE own.provider_id = one.id
          AND own.mailbox = ANY(all_mailboxes(ARRAY(SELECT DISTINCT mailbox FROM provider_person WHERE provider_id = other.id)))) THEN 'PEOPLE' END,
      CASE WHEN one.school_urn = ANY(schools_in(ARRAY['school:' || other.school_urn])) THEN 'SCHOOL' END,
      CASE WHEN regexp_replace(fold(one.name), '[^a-z0-9]', '', 'g') = regexp_replace(fold(other.name), '[^a-z0-9]', '', 'g') THEN 'NAME' END,
      CASE WHEN one.base_postcode = other.base_postcode THEN 'ADDRESS' END,
      CASE WHEN website_host(one.website) = website_host(other.website) THEN 'WEBSITE' END], NULL)
    FROM provider one, provider other WHERE one.id = the_one AND other.id = the_other
  $$;`;

const JUDGED = `
  -- Recommendations of this provider, or of one that it is again, by the same school or person, that were rejected before,
  -- or ended while an officer was looking into them.
  CREATE FUNCTION judged_before(the_id uuid, the_provider uuid, the_school integer, bodies_then text[], the_giver text[], the_moment timestamptz)
  RETURNS SETOF uuid LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    same_school integer[] := schools_in(ARRAY(SELECT body FROM unnest(bodies_then || school_bodies(the_school)) body WHERE body LIKE 'school:%'));
  BEGIN
    RETURN QUERY
      WITH by_the_same AS (
        SELECT r.id FROM recommendation r WHERE r.school_urn = ANY(same_school)
        UNION SELECT r.id FROM known_by giver JOIN recommendation r ON r.given_by = giver.person_id WHERE giver.mailbox = ANY(the_giver)
      )
      SELECT other.id FROM by_the_same JOIN recommendation other USING (id) JOIN provider theirs ON theirs.id = other.provider_id
      WHERE other.id <> the_id AND other.given_at IS NOT NULL AND (the_moment IS NULL OR (other.given_at, other.id) < (the_moment, the_id))
        -- in this order, since whether two providers are alike costs most
        AND CASE
          WHEN other.state = 'GIVEN' OR other.state = 'FLAGGED' AND theirs.id = the_provider THEN false
          WHEN other.state NOT IN ('REJECTED', 'FLAGGED') AND NOT EXISTS (
            SELECT FROM history h WHERE h.object_id = other.id AND h.process = 'Recommendation' AND h.transition IN ('withdraw', 'lapse') AND h.from_state = 'FLAGGED') THEN false
          ELSE theirs.id = the_provider OR theirs.state IN ('WITHDRAWN', 'SUSPENDED') AND alike_providers(theirs.id, the_provider) <> '{}'
        END;
  END $$;`;

const CIRCLES = `
  CREATE INDEX membership_leading ON membership (school_urn) WHERE role = 'SCHOOL_LEAD' AND confirmed_at IS NOT NULL AND NOT distant;

  -- The providers that a school is, or that its leads belong to.
  CREATE FUNCTION providers_of_school(the_school integer) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    WITH kin AS (SELECT urn FROM unnest(schools_in(ARRAY['school:' || the_school])) urn),
    found AS (
      SELECT p.id FROM kin JOIN provider p ON p.school_urn = kin.urn WHERE p.state <> 'WITHDRAWN'
      UNION SELECT p.id FROM kin
        JOIN membership leads ON leads.school_urn = kin.urn AND leads.role = 'SCHOOL_LEAD' AND leads.confirmed_at IS NOT NULL AND NOT leads.distant
        JOIN membership own ON own.person_id = leads.person_id AND own.provider_id IS NOT NULL AND own.confirmed_at IS NOT NULL AND NOT own.distant
        JOIN provider p ON p.id = own.provider_id WHERE p.state <> 'WITHDRAWN')
    SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM found
  $$;

  -- The circle that a recommendation closes: two to six providers of schools, in which every recommendation that counts
  -- comes from a school of one of them, so that the word of this provider comes back to it. Null where there is none.
  CREATE FUNCTION circle_of(the_id uuid, the_provider uuid, the_school integer, the_moment timestamptz) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
  DECLARE
    most constant integer := 6;
    givers uuid[] := providers_of_school(the_school);
    members uuid[] := ARRAY[the_provider];
    schools integer[] := '{}';
    vouched uuid[];
    back uuid[];
    at integer := 1;
    school integer;
  BEGIN
    IF givers = '{}' THEN RETURN NULL; END IF;
    -- a provider that is no school's recommends nobody
    IF NOT EXISTS (SELECT FROM provider WHERE id = the_provider AND school_urn IS NOT NULL) AND NOT EXISTS (
      SELECT FROM membership own JOIN membership leads ON leads.person_id = own.person_id AND leads.role = 'SCHOOL_LEAD' AND leads.confirmed_at IS NOT NULL AND NOT leads.distant
      WHERE own.provider_id = the_provider AND own.confirmed_at IS NOT NULL AND NOT own.distant) THEN RETURN NULL; END IF;
    -- who vouches for whom vouches for it, to the end: no circle where that leads outside, or far
    WHILE at <= cardinality(members) LOOP
      FOR school IN
        SELECT r.school_urn FROM counting_recommendation r WHERE r.provider_id = members[at] AND r.id <> the_id UNION SELECT the_school WHERE at = 1
      LOOP
        CONTINUE WHEN school = ANY(schools);
        givers := providers_of_school(school);
        schools := schools || school;
        IF givers = '{}' OR cardinality(schools) > most THEN RETURN NULL; END IF;
        -- a school may be several: those for which nobody vouches neither widen the circle nor open it
        vouched := ARRAY(SELECT giver FROM unnest(givers) giver WHERE giver = the_provider OR EXISTS (SELECT FROM counting_recommendation r WHERE r.provider_id = giver));
        IF vouched = '{}' THEN vouched := givers[1:1]; END IF;
        members := members || ARRAY(SELECT unnest(vouched) EXCEPT SELECT unnest(members));
      END LOOP;
      at := at + 1;
    END LOOP;
    -- and whether it comes back, by what was given before: it waits at the one that closes it
    back := providers_of_school(the_school);
    at := 1;
    WHILE at <= cardinality(back) LOOP
      FOR school IN
        SELECT r.school_urn FROM counting_recommendation r WHERE r.provider_id = back[at] AND r.id <> the_id AND (the_moment IS NULL OR (r.given_at, r.id) < (the_moment, the_id))
      LOOP
        givers := providers_of_school(school);
        IF the_provider = ANY(givers) THEN RETURN members; END IF;
        back := back || ARRAY(SELECT unnest(givers) EXCEPT SELECT unnest(back));
      END LOOP;
      at := at + 1;
    END LOOP;
    RETURN NULL;
  END $$;`;

const OBSTACLES = `
  -- Whether no officer of the assuring LA is without an interest in the provider, so that somebody else is the second.
  CREATE FUNCTION lacks_officer(the_provider uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT NOT EXISTS (
      SELECT FROM provider p JOIN membership m ON m.la_code = p.assuring_la AND m.role = 'LA_OFFICER' AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL
      WHERE p.id = the_provider AND person_interest(mailboxes_of(m.person_id), p.id) IS NULL)
  $$;

  ALTER FUNCTION recommendation_obstacles RENAME TO obstacles_of_interest;
  -- All that stands against the counting of a recommendation: what rests on interests, and what waits for an officer.
  CREATE FUNCTION recommendation_obstacles(the_id uuid, the_provider uuid, the_school integer, bodies_then text[], the_giver text[], the_moment timestamptz)
  RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT obstacles_of_interest(the_id, the_provider, the_school, bodies_then, the_giver, the_moment)
      || CASE WHEN EXISTS (SELECT FROM judged_before(the_id, the_provider, the_school, bodies_then, the_giver, the_moment)) THEN ARRAY['JUDGED_BEFORE'] ELSE '{}' END
      || CASE WHEN circle_of(the_id, the_provider, the_school, the_moment) IS NOT NULL THEN ARRAY['CIRCLE'] ELSE '{}' END
  $$;`;

/** What stands already goes to the officer and counts meanwhile, as after an import. */
const EXISTING = `
  UPDATE recommendation r SET obstacles = now.obstacles,
      excused = r.excused || ARRAY(SELECT unnest(now.obstacles) INTERSECT SELECT unnest(ARRAY['JUDGED_BEFORE', 'CIRCLE'])),
      excused_until = coalesce(r.excused_until, now() + interval '60 days')
    FROM present_obstacles(NULL) now WHERE now.id = r.id AND now.obstacles && ARRAY['JUDGED_BEFORE', 'CIRCLE'];`;
