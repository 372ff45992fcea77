import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a provider writes of others binds itself alone: whom it names as a contact counts against its own recommendations,
 * until that person denies it. Circles are found whatever address or company their people use. Who may decide is one function.
 */
export class ContactsAndCircles1795000000036 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(CONTACTS);
    await db.query(INTERESTS);
    await db.query(CIRCLES);
    await db.query(EXISTING);
  }

  async down(): Promise<void> {
    throw new Error('The functions of 21-interests and 23-judgements that this replaces are not kept: restore a copy of the database.');
  }
}

const CONTACTS = `
  -- Whom a provider has named to be contacted, since when, and who of them has said that they are no contact of it.
  CREATE TABLE named_contact (
    provider_id uuid NOT NULL REFERENCES provider ON DELETE CASCADE,
    mailbox     text NOT NULL,
    named_at    timestamptz NOT NULL,
    -- when the person was told of it
    told_at     timestamptz,
    denied_at   timestamptz,
    denied_by   uuid REFERENCES person,
    PRIMARY KEY (provider_id, mailbox)
  );
  CREATE INDEX named_contact_mailbox ON named_contact (mailbox);
  INSERT INTO named_contact (provider_id, mailbox, named_at)
    SELECT id, mailbox(contact_email), updated_at FROM provider WHERE contact_email IS NOT NULL
    UNION ALL SELECT provider_id, mailbox(contact_email), updated_at FROM listing WHERE contact_email IS NOT NULL
    ON CONFLICT DO NOTHING;
  CREATE FUNCTION note_contact() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO named_contact (provider_id, mailbox, named_at)
      VALUES (CASE TG_TABLE_NAME WHEN 'provider' THEN NEW.id ELSE (to_jsonb(NEW) ->> 'provider_id')::uuid END, mailbox(NEW.contact_email), NEW.updated_at)
      ON CONFLICT DO NOTHING;
    RETURN NULL;
  END $$;
  CREATE TRIGGER provider_contact_named AFTER INSERT OR UPDATE OF contact_email ON provider FOR EACH ROW WHEN (NEW.contact_email IS NOT NULL) EXECUTE FUNCTION note_contact();
  CREATE TRIGGER listing_contact_named AFTER INSERT OR UPDATE OF contact_email ON listing FOR EACH ROW WHEN (NEW.contact_email IS NOT NULL) EXECUTE FUNCTION note_contact();

  -- Whom a provider names now, but for those who have denied it. What only its own people see names nobody.
  CREATE VIEW provider_contact AS
    SELECT now.provider_id, now.mailbox FROM (
      SELECT id AS provider_id, mailbox(contact_email) AS mailbox FROM provider WHERE contact_email IS NOT NULL AND state <> 'DRAFT'
      UNION ALL SELECT provider_id, mailbox(contact_email) FROM listing WHERE contact_email IS NOT NULL AND state NOT IN ('DRAFT', 'REMOVED')
    ) now WHERE NOT EXISTS (SELECT FROM named_contact c WHERE c.provider_id = now.provider_id AND c.mailbox = now.mailbox AND c.denied_at IS NOT NULL);
  -- Its members, and those who were within three years.
  CREATE VIEW provider_member AS
    SELECT m.provider_id, known_by.mailbox FROM membership m JOIN known_by USING (person_id)
      WHERE m.provider_id IS NOT NULL AND m.confirmed_at IS NOT NULL AND NOT m.distant;
  CREATE OR REPLACE VIEW provider_person AS SELECT provider_id, mailbox FROM provider_member UNION ALL SELECT provider_id, mailbox FROM provider_contact;

  -- A contact concerns the provider that names it alone.
  CREATE OR REPLACE FUNCTION assert_minimum_of_contact() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM check_minima(ARRAY[NEW.id]); RETURN NULL; END $$;
  CREATE OR REPLACE FUNCTION assert_minimum_of_listing_contact() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM check_minima(ARRAY[NEW.provider_id]); RETURN NULL; END $$;`;

const INTERESTS = `
  -- Why whoever is known by these mailboxes may not decide about a provider, or about what a school says of it; null: they may.
  CREATE FUNCTION deciding_interest(the_mailboxes text[], the_provider uuid, the_school integer) RETURNS text LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    tie text := person_interest(the_mailboxes, the_provider);
  BEGIN
    IF tie IS NOT NULL THEN RETURN tie; END IF;
    IF EXISTS (
      SELECT FROM recommendation own JOIN known_by giver ON giver.person_id = own.given_by
      WHERE own.provider_id = the_provider AND own.state <> 'LAPSED' AND giver.mailbox = ANY(the_mailboxes)) THEN RETURN 'RECOMMENDER'; END IF;
    IF the_school IS NULL THEN RETURN NULL; END IF;
    IF led_bodies(the_mailboxes) && school_bodies(the_school) THEN RETURN 'SCHOOL_LEAD'; END IF;
    IF EXISTS (
      SELECT FROM membership m JOIN known_by USING (person_id)
      WHERE known_by.mailbox = ANY(the_mailboxes) AND m.school_urn = the_school AND m.confirmed_at IS NOT NULL AND NOT m.distant) THEN RETURN 'SCHOOL_STAFF'; END IF;
    RETURN NULL;
  END $$;

  -- Whether every officer of the assuring LA has an interest in the provider; BY_NAME where one of them only because it names them.
  CREATE FUNCTION officers_lacking(the_provider uuid) RETURNS text LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    own text[];
    found text := 'BY_TIES';
  BEGIN
    FOR own IN
      SELECT mailboxes_of(m.person_id) FROM provider p JOIN membership m ON m.la_code = p.assuring_la AND m.role = 'LA_OFFICER' AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL
      WHERE p.id = the_provider
    LOOP
      IF deciding_interest(own, the_provider, NULL) IS NULL THEN RETURN NULL; END IF;
      IF NOT EXISTS (SELECT FROM provider_member WHERE provider_id = the_provider AND mailbox = ANY(own))
        AND EXISTS (SELECT FROM provider_contact WHERE provider_id = the_provider AND mailbox = ANY(own)) THEN found := 'BY_NAME'; END IF;
    END LOOP;
    RETURN found;
  END $$;

  -- The bodies that a provider's members lead, or led: of another's recommendations whom it only names says nothing.
  CREATE OR REPLACE FUNCTION provider_people_bodies(the_provider uuid) RETURNS text[] LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  BEGIN
    RETURN led_bodies(all_mailboxes(ARRAY(SELECT DISTINCT mailbox FROM provider_member WHERE provider_id = the_provider)));
  END $$;

  -- Whether somebody who leads, or led, a school leads one in a provider's own bodies too.
  CREATE FUNCTION has_lead_of(the_school integer, of_these text[]) RETURNS boolean LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  BEGIN
    RETURN of_these <> '{}' AND EXISTS (
      SELECT FROM membership m WHERE m.school_urn = ANY(schools_in(ARRAY['school:' || the_school])) AND m.role = 'SCHOOL_LEAD' AND m.confirmed_at IS NOT NULL AND NOT m.distant
        AND led_bodies(mailboxes_of(m.person_id)) && of_these);
  END $$;

  -- What rests on interests of all that stands against the counting of a recommendation that is given, or is to be.
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
    IF (its && peoples OR has_lead_of(the_school, own)) AND NOT its && own THEN found := found || 'PEOPLES_SCHOOL'::text; END IF;
    IF near <> '{}' AND EXISTS (
      SELECT FROM recommendation other WHERE (other.bodies && near OR other.school_urn = ANY(near_schools))
        AND is_earlier(other, the_id, the_moment) AND EXISTS (
          SELECT FROM provider theirs WHERE theirs.id = other.provider_id AND theirs.id <> the_provider
            AND its && (school_bodies(theirs.school_urn) || provider_people_bodies(theirs.id)))
    ) THEN found := found || 'RECIPROCAL'::text; END IF;
    IF tie IS NOT NULL THEN found := found || tie; END IF;
    -- A role that nobody but the provider's people has confirmed is no independent school's word.
    IF confirmed_from_it(the_giver, the_school, the_provider)
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

const CIRCLES = `
  -- The providers that a school is, or that its leads are of, by whatever address.
  CREATE OR REPLACE FUNCTION providers_of_school(the_school integer) RETURNS uuid[] LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    kin integer[] := schools_in(ARRAY['school:' || the_school]);
    leads text[] := all_mailboxes(ARRAY(
      SELECT DISTINCT known_by.mailbox FROM membership m JOIN known_by USING (person_id)
      WHERE m.school_urn = ANY(kin) AND m.role = 'SCHOOL_LEAD' AND m.confirmed_at IS NOT NULL AND NOT m.distant));
    persons uuid[] := ARRAY(SELECT DISTINCT person_id FROM known_by WHERE mailbox = ANY(leads));
  BEGIN
    RETURN (SELECT coalesce(array_agg(DISTINCT p.id ORDER BY p.id), '{}') FROM provider p WHERE p.state <> 'WITHDRAWN' AND p.id IN (
      SELECT own.id FROM provider own WHERE own.school_urn = ANY(kin)
      UNION SELECT m.provider_id FROM membership m WHERE m.person_id = ANY(persons) AND m.provider_id IS NOT NULL AND m.confirmed_at IS NOT NULL AND NOT m.distant
      UNION SELECT c.provider_id FROM named_contact named JOIN provider_contact c USING (provider_id, mailbox) WHERE named.mailbox = ANY(leads) AND named.denied_at IS NULL));
  END $$;

  -- The smallest set found of at most six providers, these among them, in which each recommendation that counts for one
  -- comes from a school that is one of them, or whose leads are of one; null where there is none. A school may be several
  -- providers: each is tried, so that one more company of a head opens no circle.
  CREATE FUNCTION closed_set(members uuid[], the_id uuid, the_provider uuid, the_school integer) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
  DECLARE
    most constant integer := 6;
    schools integer[];
    open_school integer;
    giver uuid;
    found uuid[];
    best uuid[];
  BEGIN
    IF cardinality(members) > most THEN RETURN NULL; END IF;
    schools := ARRAY(SELECT r.school_urn FROM counting_recommendation r WHERE r.provider_id = ANY(members) AND r.id <> the_id UNION SELECT the_school);
    IF cardinality(schools) > most THEN RETURN NULL; END IF; -- the words for a small circle come from few schools
    SELECT urn INTO open_school FROM unnest(schools) urn CROSS JOIN LATERAL (SELECT providers_of_school(urn) AS providers) its
      WHERE NOT its.providers && members ORDER BY cardinality(its.providers), urn LIMIT 1; -- one that is no provider ends it
    IF open_school IS NULL THEN RETURN members; END IF;
    FOR giver IN
      -- one for which nobody vouches closes nothing, where the school is another too
      SELECT its.provider FROM (
        SELECT one.provider, EXISTS (SELECT FROM counting_recommendation r WHERE r.provider_id = one.provider) AS vouched,
               bool_or(EXISTS (SELECT FROM counting_recommendation r WHERE r.provider_id = one.provider)) OVER () AS any_vouched
        FROM unnest(providers_of_school(open_school)) AS one (provider)) its
      WHERE its.vouched OR NOT its.any_vouched ORDER BY its.provider LIMIT most
    LOOP
      found := closed_set(members || giver, the_id, the_provider, the_school);
      IF found IS NOT NULL AND (best IS NULL OR cardinality(found) < cardinality(best)) THEN best := found; END IF;
      EXIT WHEN cardinality(best) = cardinality(members) + 1;
    END LOOP;
    RETURN best;
  END $$;

  -- The circle that a recommendation closes: two to six providers of schools, in which every recommendation that counts
  -- comes from a school of one of them, so that the word of this provider comes back to it. Null where there is none.
  CREATE OR REPLACE FUNCTION circle_of(the_id uuid, the_provider uuid, the_school integer, the_moment timestamptz) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
  DECLARE
    givers uuid[] := providers_of_school(the_school);
    members uuid[];
    back uuid[] := givers;
    at integer := 1;
    school integer;
  BEGIN
    IF givers = '{}' THEN RETURN NULL; END IF;
    -- whether all words for all of them come from among them
    members := closed_set(ARRAY[the_provider], the_id, the_provider, the_school);
    IF members IS NULL OR cardinality(members) < 2 THEN RETURN NULL; END IF;
    -- and whether it comes back, by what was given before: it waits at the one that closes it
    LOOP
      IF at > cardinality(back) THEN RETURN NULL; END IF;
      IF back[at] = the_provider THEN RETURN members; END IF;
      FOR school IN
        SELECT r.school_urn FROM counting_recommendation r WHERE r.provider_id = back[at] AND r.id <> the_id AND (the_moment IS NULL OR (r.given_at, r.id) < (the_moment, the_id))
      LOOP
        back := back || ARRAY(SELECT unnest(providers_of_school(school)) EXCEPT SELECT unnest(back));
      END LOOP;
      at := at + 1;
    END LOOP;
  END $$;`;

/** What these rules make stand against recommendations that are given counts on for a time, as after an import. */
const EXISTING = `
  UPDATE recommendation r SET obstacles = found.obstacles,
      excused = CASE WHEN r.excused_until > now() THEN r.excused ELSE '{}' END || found.added,
      excused_until = CASE WHEN r.excused_until > now() THEN r.excused_until ELSE now() + interval '60 days' END
    FROM (SELECT present.id, present.obstacles, ARRAY(SELECT unnest(present.obstacles) INTERSECT SELECT unnest(ARRAY['JUDGED_BEFORE', 'PEOPLES_SCHOOL', 'CIRCLE']) EXCEPT SELECT unnest(was.obstacles)) AS added
          FROM present_obstacles(NULL) present JOIN recommendation was USING (id)) found
    WHERE found.id = r.id AND found.added <> '{}';`;
