import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is asked for each recommendation when much is settled at once takes the same time however many schools, people and
 * providers there are: each row is reached by its index, where a join had read whole tables. The answers are the same.
 */
export class ByIndex1795000000041 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(BODIES);
    await db.query(PEOPLE);
  }

  /** Nothing: what these functions answer has not changed. */
  async down(): Promise<void> {}
}

const BODIES = `
  -- What a school is, was and became, with their trusts and federations. Few schools have links: the others are not walked.
  CREATE OR REPLACE FUNCTION school_bodies(the_urn integer) RETURNS text[] LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    kin integer[];
  BEGIN
    IF the_urn IS NULL THEN RETURN '{}'; END IF;
    IF EXISTS (SELECT FROM school_successor WHERE urn = the_urn OR successor_urn = the_urn) THEN
      kin := ARRAY(WITH RECURSIVE before (urn) AS (SELECT the_urn UNION SELECT link.urn FROM before JOIN school_successor link ON link.successor_urn = before.urn),
        after (urn) AS (SELECT the_urn UNION SELECT link.successor_urn FROM after JOIN school_successor link ON link.urn = after.urn)
        SELECT urn FROM before UNION SELECT urn FROM after);
    ELSE
      kin := ARRAY[the_urn];
    END IF;
    RETURN ARRAY(
      SELECT 'school:' || urn FROM unnest(kin) urn
      UNION SELECT body FROM school s CROSS JOIN LATERAL (VALUES ('trust:' || s.trust_id), ('federation:' || s.federation_id)) AS has (body) WHERE s.urn = ANY(kin) AND body IS NOT NULL
      ORDER BY 1);
  END $$;

  -- The schools that have one of these bodies among theirs.
  CREATE OR REPLACE FUNCTION schools_in(the_bodies text[]) RETURNS integer[] LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    direct integer[];
  BEGIN
    IF the_bodies = '{}' THEN RETURN '{}'; END IF;
    direct := ARRAY(
      SELECT substr(body, 8)::integer FROM unnest(the_bodies) body WHERE body LIKE 'school:%'
      UNION SELECT urn FROM school WHERE trust_id = ANY(ARRAY(SELECT substr(body, 7) FROM unnest(the_bodies) body WHERE body LIKE 'trust:%'))
      UNION SELECT urn FROM school WHERE federation_id = ANY(ARRAY(SELECT substr(body, 12) FROM unnest(the_bodies) body WHERE body LIKE 'federation:%')));
    IF NOT EXISTS (SELECT FROM school_successor WHERE urn = ANY(direct) OR successor_urn = ANY(direct)) THEN RETURN direct; END IF;
    RETURN ARRAY(WITH RECURSIVE before (urn) AS (SELECT unnest(direct) UNION SELECT link.urn FROM before JOIN school_successor link ON link.successor_urn = before.urn),
      after (urn) AS (SELECT unnest(direct) UNION SELECT link.successor_urn FROM after JOIN school_successor link ON link.urn = after.urn)
      SELECT urn FROM before UNION SELECT urn FROM after);
  END $$;`;

const PEOPLE = `
  -- Persons who share a mailbox are taken for one: all by which whoever is known by one of these is known.
  CREATE OR REPLACE FUNCTION all_mailboxes(these text[]) RETURNS text[] LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    known text[] := '{}';
  BEGIN
    WHILE cardinality(known) < cardinality(these) LOOP
      known := these;
      these := ARRAY(SELECT unnest(known) UNION SELECT mailbox FROM known_by WHERE person_id = ANY(ARRAY(SELECT person_id FROM known_by WHERE mailbox = ANY(known))));
    END LOOP;
    RETURN these;
  END $$;

  -- The providers that a school is, or that somebody who leads it is of. LIMIT keeps a contact from being joined to all there are.
  CREATE OR REPLACE FUNCTION providers_of_school(the_school integer) RETURNS uuid[] LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    kin integer[] := schools_in(ARRAY['school:' || the_school]);
    heads uuid[] := ARRAY(SELECT person_id FROM membership WHERE school_urn = ANY(kin) AND role = 'SCHOOL_LEAD' AND confirmed_at IS NOT NULL AND NOT distant);
    leads text[] := all_mailboxes(ARRAY(SELECT DISTINCT mailbox FROM known_by WHERE person_id = ANY(heads)));
    persons uuid[] := ARRAY(SELECT DISTINCT person_id FROM known_by WHERE mailbox = ANY(leads));
    its uuid[] := ARRAY(
      SELECT own.id FROM provider own WHERE own.school_urn = ANY(kin)
      UNION SELECT m.provider_id FROM membership m WHERE m.person_id = ANY(persons) AND m.provider_id IS NOT NULL AND m.confirmed_at IS NOT NULL AND NOT m.distant
      UNION SELECT named.provider_id FROM named_contact named
        CROSS JOIN LATERAL (SELECT FROM provider_contact c WHERE c.provider_id = named.provider_id AND c.mailbox = named.mailbox LIMIT 1) still
        WHERE named.mailbox = ANY(leads) AND named.denied_at IS NULL);
  BEGIN
    RETURN ARRAY(SELECT id FROM provider WHERE id = ANY(its) AND state <> 'WITHDRAWN' ORDER BY id);
  END $$;

  -- The bodies that whoever is known by these mailboxes leads, or led within three years.
  CREATE OR REPLACE FUNCTION led_bodies(the_mailboxes text[]) RETURNS text[] LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    persons uuid[] := ARRAY(SELECT person_id FROM known_by WHERE mailbox = ANY(the_mailboxes));
  BEGIN
    IF persons = '{}' THEN RETURN '{}'; END IF;
    RETURN ARRAY(
      SELECT DISTINCT body FROM membership m
      CROSS JOIN LATERAL unnest(CASE m.role WHEN 'SCHOOL_LEAD' THEN school_bodies(m.school_urn) WHEN 'TRUST_LEAD' THEN ARRAY['trust:' || m.trust_id] END) body
      WHERE m.person_id = ANY(persons) AND m.role IN ('SCHOOL_LEAD', 'TRUST_LEAD') AND m.confirmed_at IS NOT NULL AND NOT m.distant);
  END $$;

  -- Whether somebody who leads, or led, a school leads one in a provider's own bodies too.
  CREATE OR REPLACE FUNCTION has_lead_of(the_school integer, of_these text[]) RETURNS boolean LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  DECLARE
    kin integer[];
  BEGIN
    IF of_these = '{}' THEN RETURN false; END IF;
    kin := schools_in(ARRAY['school:' || the_school]);
    RETURN EXISTS (
      SELECT FROM membership m WHERE m.school_urn = ANY(kin) AND m.role = 'SCHOOL_LEAD' AND m.confirmed_at IS NOT NULL AND NOT m.distant
        AND led_bodies(mailboxes_of(m.person_id)) && of_these);
  END $$;`;
