import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whose word a role rests on, to the end; whose own school it is; interests that are declared; appeals by side. What
 * keeps two recommendations by one person or body from both counting is the obstacle of the later one, under the
 * provider's lock, so that one that an appeal restores waits instead of being refused.
 */
export class WhoConfirms1795000000034 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(PEOPLE);
    await db.query(INTEREST);
    await db.query(CHAIN);
    await db.query(obstaclesOfInterest('confirmed_from_it(the_giver, the_school, the_provider)'));
    await db.query(APPEALS);
    await db.query(EXISTING);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      UPDATE recommendation SET obstacles = array_remove(obstacles, 'DECLARED') WHERE 'DECLARED' = ANY(obstacles);
      DROP INDEX appeal_once;
      UPDATE appeal SET state = 'WITHDRAWN' WHERE state = 'ENDED';
      ALTER TABLE appeal DROP CONSTRAINT appeal_state_check;
      ALTER TABLE appeal ADD CONSTRAINT appeal_state_check CHECK (state IN ('OPEN', 'UPHELD', 'OVERTURNED', 'WITHDRAWN'));
      CREATE UNIQUE INDEX appeal_once ON appeal (object_id, coalesce(decision, 0));
      CREATE UNIQUE INDEX recommendation_same_person ON recommendation (provider_id, given_by) WHERE state IN ('GIVEN', 'FLAGGED');
      CREATE UNIQUE INDEX recommendation_same_governing_body ON recommendation (provider_id, governing_body) WHERE state IN ('GIVEN', 'FLAGGED');
    `);
    await db.query(obstaclesOfInterest(FIRST_HOP));
    await db.query(`
      ${appealBar('m.person_id = judge')}
      ${providersConcerned('')}
      ${personInterest('')}
      DROP FUNCTION confirmed_from_it, sip_of_bodies, is_own_school, works_in, same_person;
      DROP INDEX interest_provider, membership_offered_by;
    `);
  }
}

const PEOPLE = `
  -- Whether two accounts are one person's: they share a mailbox, or did.
  CREATE FUNCTION same_person(one uuid, other uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT one = other OR mailboxes_of(one) && mailboxes_of(other)
  $$;

  CREATE INDEX membership_offered_by ON membership (offered_by) WHERE accepted_at IS NULL AND ended_at IS NULL;

  -- Whether whoever is known by these mailboxes has a role in the school.
  CREATE FUNCTION works_in(the_mailboxes text[], the_school integer) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM known_by JOIN membership own USING (person_id)
      WHERE known_by.mailbox = ANY(the_mailboxes) AND own.school_urn = the_school AND own.ended_at IS NULL AND own.confirmed_at IS NOT NULL)
  $$;

  -- Whether it is their own school: they lead it, its trust or federation, or did within three years, or work in one of its bodies.
  CREATE FUNCTION is_own_school(the_mailboxes text[], the_school integer) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
  DECLARE
    bodies text[] := school_bodies(the_school);
  BEGIN
    RETURN led_bodies(the_mailboxes) && bodies OR EXISTS (
      SELECT FROM known_by JOIN membership own USING (person_id)
      WHERE known_by.mailbox = ANY(the_mailboxes) AND own.role = 'SCHOOL_STAFF' AND own.ended_at IS NULL AND own.confirmed_at IS NOT NULL
        AND school_bodies(own.school_urn) && bodies);
  END $$;

  -- The same the other way round: whether they are the SIP of a school that has one of these bodies.
  CREATE FUNCTION sip_of_bodies(the_mailboxes text[], the_bodies text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM known_by JOIN sip_assignment a USING (person_id)
      WHERE known_by.mailbox = ANY(the_mailboxes) AND a.ended_at IS NULL AND school_bodies(a.school_urn) && the_bodies)
  $$;`;

const DECLARED = `
    IF EXISTS (SELECT FROM interest i JOIN known_by USING (person_id) WHERE i.provider_id = the_provider AND i.ended_at IS NULL AND known_by.mailbox = ANY(the_mailboxes)) THEN
      RETURN 'DECLARED';
    END IF;`;

/** Why a person has an interest in a provider: MEMBER, ITS_LEAD or, where they have said so themselves, DECLARED; null: none. */
const personInterest = (declared: string) => `
  CREATE OR REPLACE FUNCTION person_interest(the_mailboxes text[], the_provider uuid) RETURNS text LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  BEGIN
    IF EXISTS (SELECT FROM provider_person WHERE provider_id = the_provider AND mailbox = ANY(the_mailboxes)) THEN RETURN 'MEMBER'; END IF;
    IF EXISTS (SELECT FROM provider p WHERE p.id = the_provider AND p.school_urn IS NOT NULL AND school_bodies(p.school_urn) && led_bodies(the_mailboxes)) THEN
      RETURN 'ITS_LEAD';
    END IF;${declared}
    RETURN NULL;
  END $$;`;

/** Providers for whose recommendations it may matter who is known by these mailboxes, and what they lead. */
const providersConcerned = (more: string) => `
  CREATE OR REPLACE FUNCTION providers_concerned(the_mailboxes text[]) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    led text[] := led_bodies(the_mailboxes);
  BEGIN
    RETURN QUERY
      SELECT provider_id FROM provider_person WHERE mailbox = ANY(the_mailboxes)
      UNION SELECT r.provider_id FROM known_by k JOIN recommendation r ON r.given_by = k.person_id WHERE k.mailbox = ANY(the_mailboxes) AND r.state IN ('GIVEN', 'FLAGGED')
      UNION SELECT r.provider_id FROM recommendation r WHERE r.state IN ('GIVEN', 'FLAGGED') AND (r.bodies && led OR r.school_urn = ANY(schools_in(led)))${more};
  END $$;`;

const INTEREST = `
  CREATE INDEX interest_provider ON interest (provider_id) WHERE ended_at IS NULL;
  ${personInterest(DECLARED)}
  ${providersConcerned(`
      UNION SELECT p.id FROM provider p WHERE p.school_urn = ANY(schools_in(led))`)}`;

const CHAIN = `
  -- Whether nobody has put this person at the head of the school but those with an interest in the provider, or those whom
  -- these have put there: it follows who confirmed each role to whoever was first, over every role by which they could.
  CREATE FUNCTION confirmed_from_it(the_giver text[], the_school integer, the_provider uuid) RETURNS boolean LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    kin integer[] := schools_in(ARRAY['school:' || the_school]);
    las text[] := ARRAY(SELECT la_code FROM school WHERE urn = ANY(kin));
  BEGIN
    RETURN (
      WITH RECURSIVE back AS (
        SELECT m.id, m.role, m.confirmed_at, m.person_id, coalesce(m.confirmed_by, m.offered_by) AS by
          FROM membership m WHERE m.person_id IN (SELECT person_id FROM known_by WHERE mailbox = ANY(the_giver))
            AND m.role = 'SCHOOL_LEAD' AND m.school_urn = the_school AND m.confirmed_at IS NOT NULL AND NOT m.distant
        UNION
        SELECT rests.id, rests.role, rests.confirmed_at, rests.person_id, coalesce(rests.confirmed_by, rests.offered_by)
          FROM back JOIN membership rests ON rests.person_id = back.by
          WHERE back.by <> back.person_id AND rests.confirmed_at <= back.confirmed_at AND (rests.ended_at IS NULL OR rests.ended_at >= back.confirmed_at)
            AND (rests.role = 'SYSTEM_ADMIN' OR back.role = 'SCHOOL_LEAD' AND (rests.role = 'LA_OFFICER' AND rests.la_code = ANY(las) OR rests.role = 'SCHOOL_LEAD' AND rests.school_urn = ANY(kin)))
            AND person_interest(mailboxes_of(back.by), the_provider) IS NULL
      )
      -- clean is a chain that ends with nobody's word, or with that of somebody of whom no more is known
      SELECT count(*) > 0 AND NOT bool_or(
        back.by IS NULL OR back.by = back.person_id
        OR person_interest(mailboxes_of(back.by), the_provider) IS NULL AND NOT EXISTS (SELECT FROM back next WHERE next.person_id = back.by))
      FROM back);
  END $$;`;

/** The rule that this replaces. */
const FIRST_HOP = `(SELECT bool_and(m.confirmed_by <> m.person_id AND EXISTS (SELECT FROM known_by WHERE person_id = m.confirmed_by AND mailbox = ANY(people)))
        FROM membership m WHERE m.person_id IN (SELECT person_id FROM known_by WHERE mailbox = ANY(the_giver))
          AND m.role = 'SCHOOL_LEAD' AND m.school_urn = the_school AND m.confirmed_at IS NOT NULL AND m.confirmed_by IS NOT NULL AND NOT m.distant)`;

const obstaclesOfInterest = (confirmedByIt: string) => `
  CREATE OR REPLACE FUNCTION obstacles_of_interest(the_id uuid, the_provider uuid, the_school integer, bodies_then text[], the_giver text[], the_moment timestamptz)
  RETURNS text[] LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    its text[] := bodies_then || school_bodies(the_school);
    own text[] := coalesce((SELECT school_bodies(school_urn) FROM provider WHERE id = the_provider), '{}');
    people text[] := provider_mailboxes(the_provider);
    peoples text[] := led_bodies(people);
    near text[] := own || peoples;
    near_schools integer[] := schools_in(near);
    shared text;
    tie text := person_interest(the_giver, the_provider);
    found text[] := '{}';
  BEGIN
    FOREACH shared IN ARRAY ARRAY['school', 'trust', 'federation'] LOOP
      IF EXISTS (SELECT FROM unnest(its) body WHERE body = ANY(own) AND body LIKE shared || ':%') THEN found := found || ('OWN_' || upper(shared)); END IF;
    END LOOP;
    IF its && peoples AND NOT its && own THEN found := found || 'PEOPLES_SCHOOL'::text; END IF;
    IF near <> '{}' AND EXISTS (
      SELECT FROM recommendation other WHERE (other.bodies && near OR other.school_urn = ANY(near_schools))
        AND is_earlier(other, the_id, the_moment) AND EXISTS (
          SELECT FROM provider theirs WHERE theirs.id = other.provider_id AND theirs.id <> the_provider
            AND its && (school_bodies(theirs.school_urn) || provider_people_bodies(theirs.id)))
    ) THEN found := found || 'RECIPROCAL'::text; END IF;
    IF tie IS NOT NULL THEN found := found || tie; END IF;
    -- A role that nobody but the provider's people has confirmed is no independent school's word.
    IF ${confirmedByIt}
    THEN found := found || 'CONFIRMED_BY_IT'::text; END IF;
    IF EXISTS (
      SELECT FROM recommendation other JOIN known_by giver ON giver.person_id = other.given_by
      WHERE other.provider_id = the_provider AND giver.mailbox = ANY(the_giver) AND is_earlier(other, the_id, the_moment)
    ) THEN found := found || 'SAME_PERSON'::text; END IF;
    IF EXISTS (
      SELECT FROM recommendation other
      WHERE other.provider_id = the_provider AND (other.bodies || school_bodies(other.school_urn)) && its AND is_earlier(other, the_id, the_moment)
    ) THEN found := found || 'SAME_BODY'::text; END IF;
    RETURN found;
  END $$;`;

/** Why a person may not judge an appeal; null: nothing stands against it. Nobody judges what they decided themselves. */
const appealBar = (ofTheSchool: string, vouching = '') => `
  CREATE OR REPLACE FUNCTION appeal_bar(a appeal, judge uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
      WHEN own.mailboxes && mailboxes_of(a.decided_by) THEN 'DECIDED'
      WHEN own.mailboxes && mailboxes_of(a.appealed_by) THEN 'PARTY'
      WHEN a.provider_id IS NOT NULL AND person_interest(own.mailboxes, a.provider_id) IS NOT NULL THEN 'INTEREST'
      WHEN EXISTS (SELECT FROM recommendation r JOIN known_by giver ON giver.person_id = r.given_by
                   WHERE r.provider_id = a.provider_id AND r.state <> 'LAPSED' AND giver.mailbox = ANY(own.mailboxes)) THEN 'INTEREST'
      WHEN a.school_urn IS NOT NULL AND (led_bodies(own.mailboxes) && school_bodies(a.school_urn)
        OR EXISTS (SELECT FROM membership m WHERE ${ofTheSchool} AND m.school_urn = a.school_urn AND m.confirmed_at IS NOT NULL AND NOT m.distant)) THEN 'INTEREST'${vouching}
    END
    FROM (SELECT mailboxes_of(judge) AS mailboxes) own
  $$;`;

/** Whoever overturns the refusal of a role says who leads the school, and has no interest in what it vouches for. */
const VOUCHING = `
      WHEN a.against = 'ROLE_REFUSED' AND EXISTS (
        SELECT FROM membership asked JOIN recommendation vouched ON vouched.school_urn = asked.school_urn AND vouched.state IN ('INVITED', 'GIVEN', 'FLAGGED')
        WHERE asked.id = a.object_id AND asked.role = 'SCHOOL_LEAD' AND person_interest(own.mailboxes, vouched.provider_id) IS NOT NULL) THEN 'INTEREST'`;

const APPEALS = `
  ${appealBar('m.person_id IN (SELECT person_id FROM known_by WHERE mailbox = ANY(own.mailboxes))', VOUCHING)}
  -- Each side that a decision concerns appeals against it once; what is taken back was none.
  DROP INDEX appeal_once;
  CREATE UNIQUE INDEX appeal_once ON appeal (object_id, coalesce(decision, 0), by_kind, by_id) WHERE state <> 'WITHDRAWN';
  ALTER TABLE appeal DROP CONSTRAINT appeal_state_check;
  ALTER TABLE appeal ADD CONSTRAINT appeal_state_check CHECK (state IN ('OPEN', 'UPHELD', 'OVERTURNED', 'WITHDRAWN', 'ENDED'));

  DROP INDEX recommendation_same_person, recommendation_same_governing_body;`;

/** What stands already goes to the officer and counts meanwhile, as after an import. */
const EXISTING = `
  UPDATE recommendation r SET obstacles = now.obstacles,
      excused = r.excused || ARRAY(SELECT unnest(now.obstacles) INTERSECT SELECT unnest(ARRAY['CONFIRMED_BY_IT', 'DECLARED']) EXCEPT SELECT unnest(r.obstacles || r.excused)),
      excused_until = coalesce(r.excused_until, now() + interval '60 days')
    FROM present_obstacles(NULL) now
    WHERE now.id = r.id AND now.obstacles && ARRAY['CONFIRMED_BY_IT', 'DECLARED'] AND NOT r.obstacles @> ARRAY(SELECT unnest(now.obstacles) INTERSECT SELECT unnest(ARRAY['CONFIRMED_BY_IT', 'DECLARED']));`;
