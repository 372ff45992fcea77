import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One notion of interest, in SQL so that guards, reads and the check at the commit share it. It never reads the clock:
 * a job marks the memberships that ended more than three years ago, and the recommendations whose excuse is over.
 */
export class Interests1795000000021 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(COLUMNS);
    await db.query(BODIES);
    await db.query(PEOPLE);
    await db.query(OBSTACLES);
    await db.query(MINIMUM);
    await db.query(EXISTING);
    await db.query(TRIGGERS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TRIGGER membership_minimum ON membership;
      DROP TRIGGER person_minimum ON person;
      DROP TRIGGER provider_contact_minimum ON provider;
      DROP TRIGGER listing_contact_minimum ON listing;
      DROP TRIGGER school_minimum ON school;
      DROP TRIGGER school_successor_minimum ON school_successor;
      DROP TRIGGER recommendation_minimum ON recommendation;
      DROP TRIGGER recommendation_bodies ON recommendation;
      CREATE CONSTRAINT TRIGGER recommendation_minimum AFTER UPDATE OF state, independence, provider_id OR DELETE ON recommendation
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assert_minimum_of_recommendation();
      DROP VIEW counting_recommendation;
      ALTER TABLE recommendation DROP COLUMN bodies, DROP COLUMN obstacles, DROP COLUMN accepted, DROP COLUMN excused, DROP COLUMN excused_until;
      CREATE VIEW counting_recommendation AS SELECT * FROM recommendation WHERE state = 'GIVEN' AND independence = 'INDEPENDENT';
      CREATE OR REPLACE FUNCTION assert_minimum(the_provider uuid) RETURNS void LANGUAGE plpgsql AS $$
      DECLARE
        listed boolean;
        minimum integer;
      BEGIN
        SELECT p.state = 'LISTED' AND p.assurance = 'RECOMMENDED', coalesce(la.minimum_recommendations, 2)
          INTO listed, minimum
          FROM provider p LEFT JOIN local_authority la ON la.code = p.assuring_la
          WHERE p.id = the_provider FOR NO KEY UPDATE OF p;
        IF listed AND (SELECT count(*) FROM counting_recommendation WHERE provider_id = the_provider) < minimum THEN
          RAISE EXCEPTION 'provider % is LISTED with fewer than % recommendations that count', the_provider, minimum
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'provider_minimum';
        END IF;
      END $$;
      DROP TABLE minimum_due;
      CREATE OR REPLACE FUNCTION assert_minimum_of_provider() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM assert_minimum(NEW.id); RETURN NULL; END $$;
      CREATE OR REPLACE FUNCTION assert_minimum_of_recommendation() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM assert_minimum(OLD.provider_id); RETURN NULL; END $$;
      DROP FUNCTION check_minima, assert_minimum_due, assert_minimum_of_membership, assert_minimum_of_person, assert_minimum_of_contact, assert_minimum_of_listing_contact, assert_every_minimum, fill_bodies,
        providers_concerned, present_obstacles, recommendation_obstacles, is_earlier, person_interest, provider_people_bodies, provider_mailboxes, led_bodies, schools_in, school_bodies;
      DROP VIEW provider_person;
      DROP FUNCTION mailboxes_of, all_mailboxes;
      DROP VIEW known_by;
      DROP TABLE former_mailbox;
      DROP INDEX person_mailbox, membership_of_person, membership_of_provider, school_successor_back;
      DROP FUNCTION mailbox;
      ALTER TABLE membership DROP COLUMN distant;
    `);
  }
}

const COLUMNS = `
  -- set by the job that finds that it ended three years ago: it makes no interest any more
  ALTER TABLE membership ADD COLUMN distant boolean NOT NULL DEFAULT false;
  ALTER TABLE recommendation
    -- the school's bodies as they were when it was given: school:URN (also what it was and became), trust:ID, federation:ID
    ADD COLUMN bodies text[] NOT NULL DEFAULT '{}',
    -- what stands against its counting (recommendation_obstacles), as it was last settled
    ADD COLUMN obstacles text[] NOT NULL DEFAULT '{}',
    -- obstacles that an officer has accepted
    ADD COLUMN accepted text[] NOT NULL DEFAULT '{}',
    -- obstacles that an import brought, and until when they are overlooked; a job empties both
    ADD COLUMN excused text[] NOT NULL DEFAULT '{}',
    ADD COLUMN excused_until timestamptz;
  CREATE INDEX recommendation_bodies ON recommendation USING gin (bodies) WHERE state IN ('GIVEN', 'FLAGGED');
  CREATE INDEX recommendation_given_by ON recommendation (given_by) WHERE given_by IS NOT NULL;
  CREATE INDEX recommendation_excused ON recommendation (excused_until) WHERE excused_until IS NOT NULL;
  CREATE INDEX school_successor_back ON school_successor (successor_urn);

  -- Two addresses of one mailbox are one person's: case and what follows a plus do not matter.
  CREATE FUNCTION mailbox(address text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN lower(regexp_replace(trim(address), '^([^+@]+)[+][^@]*@', '\\1@'));
  CREATE INDEX person_mailbox ON person (mailbox(email));
  -- Those of addresses that a person had: they stay the same person to whoever knew them by it. A job deletes them after three years.
  CREATE TABLE former_mailbox (
    person_id uuid NOT NULL REFERENCES person,
    mailbox   text NOT NULL,
    left_at   timestamptz NOT NULL,
    PRIMARY KEY (person_id, mailbox)
  );
  CREATE INDEX former_mailbox_mailbox ON former_mailbox (mailbox);
  CREATE INDEX membership_of_person ON membership (person_id) WHERE confirmed_at IS NOT NULL AND NOT distant;
  CREATE INDEX membership_of_provider ON membership (provider_id) WHERE provider_id IS NOT NULL AND confirmed_at IS NOT NULL AND NOT distant;`;

const BODIES = `
  -- A school, what it was and became, and the trusts and federations of all of these.
  -- In plpgsql and with generic plans, here and below: planning these statements anew costs ten times their run.
  CREATE FUNCTION school_bodies(the_urn integer) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
  BEGIN
    IF the_urn IS NULL THEN RETURN '{}'; END IF;
    RETURN (WITH RECURSIVE before (urn) AS (SELECT the_urn UNION SELECT link.urn FROM before JOIN school_successor link ON link.successor_urn = before.urn),
    after (urn) AS (SELECT the_urn UNION SELECT link.successor_urn FROM after JOIN school_successor link ON link.urn = after.urn),
    kin AS (SELECT urn FROM before UNION SELECT urn FROM after)
    SELECT coalesce(array_agg(DISTINCT body), '{}') FROM kin LEFT JOIN school s USING (urn)
    CROSS JOIN LATERAL (VALUES ('school:' || kin.urn), ('trust:' || s.trust_id), ('federation:' || s.federation_id)) AS has (body)
    WHERE body IS NOT NULL);
  END $$;

  -- The schools that have one of these bodies among theirs.
  CREATE FUNCTION schools_in(the_bodies text[]) RETURNS integer[] LANGUAGE plpgsql STABLE AS $$
  BEGIN
    IF the_bodies = '{}' THEN RETURN '{}'; END IF;
    RETURN (WITH RECURSIVE direct AS (
      SELECT substr(body, 8)::integer AS urn FROM unnest(the_bodies) body WHERE body LIKE 'school:%'
      UNION SELECT s.urn FROM unnest(the_bodies) body JOIN school s ON s.trust_id = substr(body, 7) WHERE body LIKE 'trust:%'
      UNION SELECT s.urn FROM unnest(the_bodies) body JOIN school s ON s.federation_id = substr(body, 12) WHERE body LIKE 'federation:%'
    ),
    before (urn) AS (SELECT urn FROM direct UNION SELECT link.urn FROM before JOIN school_successor link ON link.successor_urn = before.urn),
    after (urn) AS (SELECT urn FROM direct UNION SELECT link.successor_urn FROM after JOIN school_successor link ON link.urn = after.urn)
    SELECT coalesce(array_agg(urn), '{}') FROM (SELECT urn FROM before UNION SELECT urn FROM after) kin);
  END $$;`;

const PEOPLE = `
  -- The mailboxes by which each person is known, or was.
  CREATE VIEW known_by AS
    SELECT id AS person_id, mailbox(email) AS mailbox FROM person UNION ALL SELECT person_id, mailbox FROM former_mailbox;
  -- Persons who share a mailbox are taken for one: all by which whoever is known by one of these is known. Functions below that take mailboxes take all.
  CREATE FUNCTION all_mailboxes(these text[]) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
  DECLARE
    known text[] := '{}';
  BEGIN
    WHILE cardinality(known) < cardinality(these) LOOP
      known := these;
      these := ARRAY(SELECT unnest(known) UNION SELECT other.mailbox FROM known_by same JOIN known_by other USING (person_id) WHERE same.mailbox = ANY(known));
    END LOOP;
    RETURN these;
  END $$;
  CREATE FUNCTION mailboxes_of(the_person uuid) RETURNS text[] LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  BEGIN
    RETURN all_mailboxes(ARRAY(SELECT DISTINCT mailbox FROM known_by WHERE person_id = the_person));
  END $$;

  -- Who is of a provider, by mailbox: its members, those who were within three years, and whom it names to be contacted.
  -- A role that is asked for or offered has no confirmed_at and counts for nothing, here and below.
  CREATE VIEW provider_person AS
    SELECT m.provider_id, known_by.mailbox FROM membership m JOIN known_by USING (person_id)
      WHERE m.provider_id IS NOT NULL AND m.confirmed_at IS NOT NULL AND NOT m.distant
    UNION ALL SELECT id, mailbox(contact_email) FROM provider WHERE contact_email IS NOT NULL
    UNION ALL SELECT provider_id, mailbox(contact_email) FROM listing WHERE contact_email IS NOT NULL AND state <> 'REMOVED';

  -- The bodies that whoever is known by these mailboxes leads, or led within three years.
  CREATE FUNCTION led_bodies(the_mailboxes text[]) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN (SELECT coalesce(array_agg(DISTINCT body), '{}') FROM known_by JOIN membership m USING (person_id)
    CROSS JOIN LATERAL unnest(CASE m.role WHEN 'SCHOOL_LEAD' THEN school_bodies(m.school_urn) WHEN 'TRUST_LEAD' THEN ARRAY['trust:' || m.trust_id] END) body
    WHERE known_by.mailbox = ANY(the_mailboxes) AND m.role IN ('SCHOOL_LEAD', 'TRUST_LEAD') AND m.confirmed_at IS NOT NULL AND NOT m.distant);
  END $$;

  -- All mailboxes of whoever is of a provider.
  CREATE FUNCTION provider_mailboxes(the_provider uuid) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
  BEGIN
    RETURN all_mailboxes(ARRAY(SELECT DISTINCT mailbox FROM provider_person WHERE provider_id = the_provider));
  END $$;

  -- The bodies that a provider's people lead, or led, whatever kind of provider it is.
  CREATE FUNCTION provider_people_bodies(the_provider uuid) RETURNS text[] LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  BEGIN
    RETURN led_bodies(provider_mailboxes(the_provider));
  END $$;

  -- Why a person has an interest in a provider: MEMBER, ITS_LEAD (of its school, or of one with which that shares a body); null: none.
  CREATE FUNCTION person_interest(the_mailboxes text[], the_provider uuid) RETURNS text LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  BEGIN
    IF EXISTS (SELECT FROM provider_person WHERE provider_id = the_provider AND mailbox = ANY(the_mailboxes)) THEN RETURN 'MEMBER'; END IF;
    IF EXISTS (SELECT FROM provider p WHERE p.id = the_provider AND p.school_urn IS NOT NULL AND school_bodies(p.school_urn) && led_bodies(the_mailboxes)) THEN
      RETURN 'ITS_LEAD';
    END IF;
    RETURN NULL;
  END $$;`;

const OBSTACLES = `
  -- Of two recommendations that cannot both count, the one given later gives way. One that is still to be given has no moment.
  CREATE FUNCTION is_earlier(other recommendation, the_id uuid, the_moment timestamptz) RETURNS boolean LANGUAGE sql IMMUTABLE
    RETURN other.state IN ('GIVEN', 'FLAGGED') AND other.id <> the_id AND (the_moment IS NULL OR (other.given_at, other.id) < (the_moment, the_id));

  -- All that stands against the counting of a recommendation that is given, or is to be: the one place where that is decided.
  CREATE FUNCTION recommendation_obstacles(the_id uuid, the_provider uuid, the_school integer, bodies_then text[], the_giver text[], the_moment timestamptz)
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
    IF (SELECT bool_and(m.confirmed_by <> m.person_id AND EXISTS (SELECT FROM known_by WHERE person_id = m.confirmed_by AND mailbox = ANY(people)))
        FROM membership m WHERE m.person_id IN (SELECT person_id FROM known_by WHERE mailbox = ANY(the_giver))
          AND m.role = 'SCHOOL_LEAD' AND m.school_urn = the_school AND m.confirmed_at IS NOT NULL AND m.confirmed_by IS NOT NULL AND NOT m.distant)
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
  END $$;

  -- The same for the recommendations of these providers that stand (of all, if null), as things are now.
  CREATE FUNCTION present_obstacles(the_providers uuid[]) RETURNS TABLE (id uuid, obstacles text[]) LANGUAGE sql STABLE AS $$
    SELECT r.id, recommendation_obstacles(r.id, r.provider_id, r.school_urn, r.bodies, mailboxes_of(r.given_by), r.given_at)
    FROM recommendation r
    WHERE r.state IN ('GIVEN', 'FLAGGED') AND (the_providers IS NULL OR r.provider_id = ANY(the_providers))
  $$;

  -- Providers for whose recommendations it may matter who is known by these mailboxes, and what they lead.
  CREATE FUNCTION providers_concerned(the_mailboxes text[]) RETURNS SETOF uuid LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    led text[] := led_bodies(the_mailboxes);
  BEGIN
    RETURN QUERY
      SELECT provider_id FROM provider_person WHERE mailbox = ANY(the_mailboxes)
      UNION SELECT r.provider_id FROM known_by k JOIN recommendation r ON r.given_by = k.person_id WHERE k.mailbox = ANY(the_mailboxes) AND r.state IN ('GIVEN', 'FLAGGED')
      UNION SELECT r.provider_id FROM recommendation r WHERE r.state IN ('GIVEN', 'FLAGGED') AND (r.bodies && led OR r.school_urn = ANY(schools_in(led)));
  END $$;`;

const MINIMUM = `
  -- What is kept of the decision, for reads. Its columns are set by whoever settles the provider.
  CREATE OR REPLACE VIEW counting_recommendation AS
    SELECT * FROM recommendation WHERE state = 'GIVEN' AND independence = 'INDEPENDENT' AND obstacles <@ (accepted || excused);

  -- The check at the commit does not believe what is kept: it decides anew.
  CREATE OR REPLACE FUNCTION assert_minimum(the_provider uuid) RETURNS void LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    listed boolean;
    minimum integer;
  BEGIN
    SELECT p.state = 'LISTED' AND p.assurance = 'RECOMMENDED', coalesce(la.minimum_recommendations, 2)
      INTO listed, minimum
      FROM provider p LEFT JOIN local_authority la ON la.code = p.assuring_la
      WHERE p.id = the_provider FOR NO KEY UPDATE OF p;
    IF listed AND (
      SELECT count(*) FROM counting_recommendation r JOIN present_obstacles(ARRAY[the_provider]) now USING (id) WHERE now.obstacles <@ (r.accepted || r.excused)
    ) < minimum THEN
      RAISE EXCEPTION 'provider % is LISTED with fewer than % recommendations that count', the_provider, minimum
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'provider_minimum';
    END IF;
  END $$;

  -- Providers that a transaction has to have checked at its commit: once each, however many of its changes concern them.
  -- Whether one is listed is looked at only under its lock: another transaction may be listing it now.
  CREATE UNLOGGED TABLE minimum_due (
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    provider_id uuid NOT NULL,
    PRIMARY KEY (transaction, provider_id)
  );
  CREATE FUNCTION check_minima(of_these uuid[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO minimum_due (provider_id) SELECT DISTINCT id FROM unnest(of_these) id ORDER BY id ON CONFLICT DO NOTHING
  $$;
  CREATE FUNCTION assert_minimum_due() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    DELETE FROM minimum_due WHERE transaction = NEW.transaction AND provider_id = NEW.provider_id;
    PERFORM assert_minimum(NEW.provider_id);
    RETURN NULL;
  END $$;

  CREATE OR REPLACE FUNCTION assert_minimum_of_provider() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM check_minima(ARRAY[NEW.id]); RETURN NULL; END $$;
  CREATE OR REPLACE FUNCTION assert_minimum_of_recommendation() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM check_minima(ARRAY[OLD.provider_id]); RETURN NULL; END $$;

  CREATE FUNCTION assert_minimum_of_membership() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM check_minima(ARRAY(SELECT providers_concerned(mailboxes_of(NEW.person_id))));
    RETURN NULL;
  END $$;

  CREATE FUNCTION assert_minimum_of_person() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM check_minima(ARRAY(SELECT providers_concerned(mailboxes_of(NEW.id))));
    RETURN NULL;
  END $$;

  CREATE FUNCTION assert_minimum_of_contact() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM check_minima(NEW.id || ARRAY(SELECT providers_concerned(all_mailboxes(ARRAY[mailbox(NEW.contact_email)]))));
    RETURN NULL;
  END $$;

  CREATE FUNCTION assert_minimum_of_listing_contact() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM check_minima(ARRAY(SELECT providers_concerned(all_mailboxes(ARRAY[mailbox(NEW.contact_email)]))));
    RETURN NULL;
  END $$;

  -- An import changes many schools: once for all of them, at its commit.
  CREATE FUNCTION assert_every_minimum() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF current_setting('signpost.every_minimum', true) IS DISTINCT FROM pg_current_xact_id()::text THEN
      PERFORM assert_minimum(id) FROM provider WHERE state = 'LISTED' AND assurance = 'RECOMMENDED' ORDER BY id;
      PERFORM set_config('signpost.every_minimum', pg_current_xact_id()::text, true);
    END IF;
    RETURN NULL;
  END $$;

  CREATE FUNCTION fill_bodies() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NEW.bodies = '{}' THEN NEW.bodies := school_bodies(NEW.school_urn); END IF;
    RETURN NEW;
  END $$;`;

/** What was given under the earlier rules, and does not keep to these, goes to the officer and counts meanwhile, as after an import. */
export const EXCUSE_WHAT_STANDS = `
  UPDATE recommendation r SET obstacles = now.obstacles, excused = now.obstacles, excused_until = CASE WHEN now.obstacles <> '{}' THEN now() + interval '60 days' END
    FROM present_obstacles(NULL) now WHERE now.id = r.id AND now.obstacles <> '{}';`;

const EXISTING = `
  UPDATE membership SET distant = true WHERE ended_at < now() - interval '3 years';
  UPDATE recommendation SET bodies = school_bodies(school_urn) || CASE WHEN governing_body LIKE ANY('{trust:%,federation:%}') THEN ARRAY[governing_body] ELSE '{}' END
    WHERE given_at IS NOT NULL;
  ${EXCUSE_WHAT_STANDS}`;

const TRIGGERS = `
  CREATE CONSTRAINT TRIGGER minimum_due AFTER INSERT ON minimum_due DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assert_minimum_due();
  CREATE TRIGGER recommendation_bodies BEFORE INSERT OR UPDATE OF given_at ON recommendation
    FOR EACH ROW WHEN (NEW.given_at IS NOT NULL) EXECUTE FUNCTION fill_bodies();
  DROP TRIGGER recommendation_minimum ON recommendation;
  CREATE CONSTRAINT TRIGGER recommendation_minimum
    AFTER UPDATE OF state, independence, provider_id, school_urn, given_by, bodies, obstacles, accepted, excused OR DELETE ON recommendation
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assert_minimum_of_recommendation();
  CREATE CONSTRAINT TRIGGER membership_minimum AFTER INSERT OR UPDATE OF person_id, role, school_urn, trust_id, provider_id, confirmed_at, confirmed_by, distant ON membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.confirmed_at IS NOT NULL AND NEW.role IN ('SCHOOL_LEAD', 'TRUST_LEAD', 'PROVIDER_ADMIN', 'PROVIDER_EDITOR')) EXECUTE FUNCTION assert_minimum_of_membership();
  CREATE CONSTRAINT TRIGGER person_minimum AFTER UPDATE OF email ON person
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.email IS DISTINCT FROM OLD.email) EXECUTE FUNCTION assert_minimum_of_person();
  CREATE CONSTRAINT TRIGGER provider_contact_minimum AFTER UPDATE OF contact_email, school_urn ON provider
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.contact_email IS DISTINCT FROM OLD.contact_email OR NEW.school_urn IS DISTINCT FROM OLD.school_urn)
    EXECUTE FUNCTION assert_minimum_of_contact();
  CREATE CONSTRAINT TRIGGER listing_contact_minimum AFTER INSERT OR UPDATE OF contact_email, state ON listing
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.contact_email IS NOT NULL) EXECUTE FUNCTION assert_minimum_of_listing_contact();
  CREATE CONSTRAINT TRIGGER school_minimum AFTER UPDATE OF trust_id, federation_id ON school
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.trust_id IS DISTINCT FROM OLD.trust_id OR NEW.federation_id IS DISTINCT FROM OLD.federation_id)
    EXECUTE FUNCTION assert_every_minimum();
  CREATE CONSTRAINT TRIGGER school_successor_minimum AFTER INSERT OR UPDATE OF urn, successor_urn ON school_successor
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assert_every_minimum();`;
