import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A denial holds for the person and everywhere; what was excused once is known; circles are searched in breadth; a lead's
 * role that rests on the word of whoever is behind an address ties them to it; since when nobody can sign is kept.
 */
export class Once1795000000039 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(DENIED);
    await db.query(EXCUSES);
    await db.query(CIRCLES);
    await db.query(WORD);
    await db.query(UNSIGNED);
  }

  async down(): Promise<void> {
    throw new Error('The functions of migrations 28 and 34 to 36 that this replaces are not kept: restore a copy of the database.');
  }
}

const DENIED = `
  -- Whether the person behind a mailbox has said that they are no contact of the provider, whichever of their addresses it had named.
  CREATE FUNCTION contact_denied(the_provider uuid, the_mailbox text) RETURNS boolean LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  BEGIN
    RETURN EXISTS (
      SELECT FROM named_contact c WHERE c.provider_id = the_provider AND c.denied_at IS NOT NULL
        AND (c.mailbox = the_mailbox OR the_mailbox = ANY(mailboxes_of(c.denied_by))));
  END $$;

  -- Whom a provider names now, but for those who have denied it. What only its own people see names nobody.
  CREATE OR REPLACE VIEW provider_contact AS
    SELECT now.provider_id, now.mailbox FROM (
      SELECT id AS provider_id, mailbox(contact_email) AS mailbox FROM provider WHERE contact_email IS NOT NULL AND state <> 'DRAFT'
      UNION ALL SELECT provider_id, mailbox(contact_email) FROM listing WHERE contact_email IS NOT NULL AND state NOT IN ('DRAFT', 'REMOVED')
    ) now WHERE NOT contact_denied(now.provider_id, now.mailbox);

  -- Who is of it, by mailbox, and whom it and its listings named at that moment, but for those who have denied it. Not whom
  -- it names afterwards: it may name anybody.
  CREATE OR REPLACE FUNCTION people_since(the_provider uuid, since timestamptz) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT mailbox FROM provider_person WHERE provider_id = the_provider
    UNION SELECT named.mailbox FROM (
      SELECT mailbox(was.before #>> '{}') FROM (
        SELECT DISTINCT ON (c.object_id) c.before FROM field_change c
        WHERE (c.object_id = the_provider OR c.object_id IN (SELECT l.id FROM listing l WHERE l.provider_id = the_provider)) AND c.field = 'contact_email' AND c.at >= since
        ORDER BY c.object_id, c.id) was
      WHERE was.before <> 'null'
      UNION SELECT mailbox(contact_email) FROM listing WHERE provider_id = the_provider AND state = 'REMOVED' AND updated_at >= since AND contact_email IS NOT NULL
    ) named (mailbox) WHERE NOT contact_denied(the_provider, named.mailbox)
  $$;

  -- What stands against a nomination's becoming a recommendation of this provider as things are now, with the school's
  -- bodies then; and what did when it was made: somebody who was of the provider then, or is named as its contact or was
  -- since and has not denied it, and what such people led. Three years count from then.
  CREATE OR REPLACE FUNCTION nominated_obstacles(the_nomination uuid, the_provider uuid) RETURNS text[] LANGUAGE plpgsql STABLE AS $$
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
          AND c.field = 'contact_email' AND c.at > n.nominated_at AND contact.address IS NOT NULL AND NOT contact_denied(the_provider, mailbox(contact.address))
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
  END $$;`;

/** Of excuses that are over, the history tells that there were some: what people can bring about and still stands was among them. */
const EXCUSES = `
  -- until when each obstacle is, or was, excused; kept when it is over
  ALTER TABLE recommendation ADD COLUMN excuses jsonb NOT NULL DEFAULT '{}';
  UPDATE recommendation r SET excuses = known.excuses
    FROM (
      SELECT each.id, jsonb_object_agg(each.obstacle, each.until) AS excuses FROM (
        SELECT id, unnest(excused) AS obstacle, excused_until AS until FROM recommendation WHERE excused_until IS NOT NULL
        UNION ALL
        SELECT old.id, obstacle, (SELECT max(h.at) + interval '60 days' FROM history h WHERE h.object_id = old.id AND h.process = 'Recommendation' AND h.transition = 'excuse')
        FROM recommendation old CROSS JOIN LATERAL unnest(old.obstacles) obstacle
        WHERE obstacle IN ('CIRCLE', 'JUDGED_BEFORE') AND NOT obstacle = ANY(old.excused)
          AND EXISTS (SELECT FROM history h WHERE h.object_id = old.id AND h.process = 'Recommendation' AND h.transition = 'excuse')
      ) each GROUP BY each.id) known
    WHERE known.id = r.id;`;

const CIRCLES = `
  -- The smallest set found of at most six providers, these among them, in which each recommendation that counts for one
  -- comes from a school that is one of them, or whose leads are of one; null where there is none. A school may be several
  -- providers: each is tried, so that one more company of a head opens no circle. In breadth: smaller sets first.
  CREATE OR REPLACE FUNCTION closed_set(members uuid[], the_id uuid, the_provider uuid, the_school integer) RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
  DECLARE
    most constant integer := 6;
    seen text[] := ARRAY[members::text]; -- the sets come upon so far, in the order in which they are looked at
    at integer := 1;
    schools integer[];
    open_school integer;
    wider text;
  BEGIN
    WHILE at <= cardinality(seen) LOOP
      members := seen[at]::uuid[];
      at := at + 1;
      schools := ARRAY(SELECT r.school_urn FROM counting_recommendation r WHERE r.provider_id = ANY(members) AND r.id <> the_id UNION SELECT the_school);
      CONTINUE WHEN cardinality(schools) > most; -- the words for a small circle come from few schools
      SELECT urn INTO open_school FROM unnest(schools) urn CROSS JOIN LATERAL (SELECT providers_of_school(urn) AS providers) its
        WHERE NOT its.providers && members ORDER BY cardinality(its.providers), urn LIMIT 1; -- one that is no provider ends it
      IF open_school IS NULL THEN RETURN members; END IF;
      CONTINUE WHEN cardinality(members) = most;
      FOR wider IN
        -- one for which nobody vouches closes nothing, where the school is another too
        SELECT ARRAY(SELECT unnest(members || its.provider) ORDER BY 1)::text FROM (
          SELECT one.provider, EXISTS (SELECT FROM counting_recommendation r WHERE r.provider_id = one.provider) AS vouched,
                 bool_or(EXISTS (SELECT FROM counting_recommendation r WHERE r.provider_id = one.provider)) OVER () AS any_vouched
          FROM unnest(providers_of_school(open_school)) AS one (provider)) its
        WHERE its.vouched OR NOT its.any_vouched ORDER BY its.provider LIMIT most
      LOOP
        IF NOT wider = ANY(seen) THEN seen := seen || wider; END IF;
      END LOOP;
    END LOOP;
    RETURN NULL;
  END $$;`;

const WORD = `
  -- Whether nobody has put this person at the head of the school but those with an interest in the provider, those known by
  -- one of these mailboxes, or those whom such people have put there: it follows who confirmed each role to whoever was
  -- first, over every role by which they could.
  CREATE FUNCTION put_there_by(the_giver text[], the_school integer, the_provider uuid, these text[]) RETURNS boolean LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
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
            AND NOT mailboxes_of(back.by) && these AND person_interest(mailboxes_of(back.by), the_provider) IS NULL
      )
      -- clean is a chain that ends with nobody's word, or with that of somebody of whom no more is known
      SELECT count(*) > 0 AND NOT bool_or(
        back.by IS NULL OR back.by = back.person_id
        OR NOT mailboxes_of(back.by) && these AND person_interest(mailboxes_of(back.by), the_provider) IS NULL
          AND NOT EXISTS (SELECT FROM back next WHERE next.person_id = back.by))
      FROM back);
  END $$;

  -- The same for the people of a provider.
  CREATE OR REPLACE FUNCTION confirmed_from_it(the_giver text[], the_school integer, the_provider uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT put_there_by(the_giver, the_school, the_provider, '{}')
  $$;

  -- Whether an address is the lead's own, or somebody's who leads the school, on whose word alone the lead has that role,
  -- or with whom the lead has an interest in a provider. Which of these, nobody is told.
  CREATE OR REPLACE FUNCTION tied_to_address(the_lead uuid, the_address text, the_school integer) RETURNS boolean LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    own text[] := mailboxes_of(the_lead);
    people text[] := all_mailboxes(ARRAY[mailbox(the_address)]);
  BEGIN
    RETURN own && people
      OR led_bodies(people) && school_bodies(the_school)
      OR EXISTS (SELECT FROM provider_person theirs WHERE theirs.mailbox = ANY(people) AND person_interest(own, theirs.provider_id) IS NOT NULL)
      OR put_there_by(own, the_school, NULL, people);
  END $$;`;

/** Whoever was told under the key that this replaces is not told again. */
const UNSIGNED = `
  -- Since when nobody is left who may sign what a school has agreed; a row goes when somebody may.
  CREATE TABLE unsigned_engagement (
    engagement_id uuid PRIMARY KEY REFERENCES engagement ON DELETE CASCADE,
    since         timestamptz NOT NULL
  );
  WITH told AS (
    SELECT DISTINCT ON (object_id) object_id, reminder, created_at FROM notice WHERE reminder LIKE 'nobody-signs since %' ORDER BY object_id, created_at DESC, id DESC),
  kept AS (INSERT INTO unsigned_engagement SELECT object_id, created_at FROM told WHERE EXISTS (SELECT FROM engagement e WHERE e.id = told.object_id) RETURNING engagement_id, since)
  UPDATE notice n SET reminder = 'nobody-signs ' || extract(epoch FROM kept.since)::bigint
    FROM kept JOIN told ON told.object_id = kept.engagement_id WHERE n.object_id = kept.engagement_id AND n.reminder = told.reminder;`;
