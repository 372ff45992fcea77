import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What was judged is known again by what it said when it was judged and since, not only by what it says now. Who assured
 * a national programme waits for an officer like the other texts that were checked. A council's own service reaches its area.
 */
export class JudgedAsRead1795000000035 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(ALIKE);
    await db.query(JUDGED);
    await db.query(ASSURED);
    await db.query(AREAS);
    await db.query(BIDS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DELETE FROM provider_change WHERE field IN ('assured_by', 'assured_link');
      ALTER TABLE provider_change DROP CONSTRAINT provider_change_field_check;
      ALTER TABLE provider_change ADD CONSTRAINT provider_change_field_check CHECK (field IN ('name', 'safeguarding', 'interests'));
      CREATE OR REPLACE FUNCTION judged_before(the_id uuid, the_provider uuid, the_school integer, bodies_then text[], the_giver text[], the_moment timestamptz)
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
            AND CASE
              WHEN other.state = 'GIVEN' OR other.state = 'FLAGGED' AND theirs.id = the_provider THEN false
              WHEN other.state NOT IN ('REJECTED', 'FLAGGED') AND NOT EXISTS (
                SELECT FROM history h WHERE h.object_id = other.id AND h.process = 'Recommendation' AND h.transition IN ('withdraw', 'lapse') AND h.from_state = 'FLAGGED') THEN false
              ELSE theirs.id = the_provider OR theirs.state IN ('WITHDRAWN', 'SUSPENDED') AND alike_providers(theirs.id, the_provider) <> '{}'
            END;
      END $$;
      CREATE OR REPLACE FUNCTION alike_providers(the_one uuid, the_other uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
        SELECT array_remove(ARRAY[
          CASE WHEN EXISTS (
            SELECT FROM provider_person own WHERE own.provider_id = one.id
              AND own.mailbox = ANY(all_mailboxes(ARRAY(SELECT DISTINCT mailbox FROM provider_person WHERE provider_id = other.id)))) THEN 'PEOPLE' END,
          CASE WHEN one.school_urn = ANY(schools_in(ARRAY['school:' || other.school_urn])) THEN 'SCHOOL' END,
          CASE WHEN regexp_replace(fold(one.name), '[^a-z0-9]', '', 'g') = regexp_replace(fold(other.name), '[^a-z0-9]', '', 'g') THEN 'NAME' END,
          CASE WHEN one.base_postcode = other.base_postcode THEN 'ADDRESS' END,
          CASE WHEN website_host(one.website) = website_host(other.website) THEN 'WEBSITE' END], NULL)
        FROM provider one, provider other WHERE one.id = the_one AND other.id = the_other
      $$;
      DROP FUNCTION bids_of;
      DROP FUNCTION alike_since, people_since, said_at;
    `);
  }
}

const ALIKE = `
  -- What a provider said in a field of its profile at a moment (null: says now). Not what it has written afterwards: that may be another's.
  CREATE FUNCTION said_at(the_provider uuid, the_field text, moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((
      SELECT c.before FROM field_change c WHERE c.object_id = the_provider AND c.process = 'Provider' AND c.field = the_field AND c.at > moment ORDER BY c.id LIMIT 1
    ), to_jsonb(p) -> the_field) #>> '{}' FROM provider p WHERE p.id = the_provider
  $$;

  -- Who is of it, by mailbox, and whom it and its listings named at that moment. Not whom it names afterwards: it may name anybody.
  CREATE FUNCTION people_since(the_provider uuid, since timestamptz) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT mailbox FROM provider_person WHERE provider_id = the_provider
    UNION SELECT mailbox(was.before #>> '{}') FROM (
      SELECT DISTINCT ON (c.object_id) c.before FROM field_change c
      WHERE (c.object_id = the_provider OR c.object_id IN (SELECT l.id FROM listing l WHERE l.provider_id = the_provider)) AND c.field = 'contact_email' AND c.at >= since
      ORDER BY c.object_id, c.id) was
    WHERE was.before <> 'null'
    UNION SELECT mailbox(contact_email) FROM listing WHERE provider_id = the_provider AND state = 'REMOVED' AND updated_at >= since AND contact_email IS NOT NULL
  $$;

  -- In what a provider is the same as another was at a moment: people, school, name, address, website.
  CREATE FUNCTION alike_since(the_one uuid, the_other uuid, since timestamptz) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_remove(ARRAY[
      CASE WHEN EXISTS (
        SELECT FROM provider_person own WHERE own.provider_id = one.id AND own.mailbox = ANY(all_mailboxes(ARRAY(SELECT people_since(other.id, since))))) THEN 'PEOPLE' END,
      CASE WHEN one.school_urn = ANY(schools_in(ARRAY['school:' || other.school_urn])) THEN 'SCHOOL' END,
      CASE WHEN regexp_replace(fold(one.name), '[^a-z0-9]', '', 'g') = regexp_replace(fold(said_at(other.id, 'name', since)), '[^a-z0-9]', '', 'g') THEN 'NAME' END,
      CASE WHEN one.base_postcode = said_at(other.id, 'base_postcode', since) THEN 'ADDRESS' END,
      CASE WHEN website_host(one.website) = website_host(said_at(other.id, 'website', since)) THEN 'WEBSITE' END], NULL)
    FROM provider one, provider other WHERE one.id = the_one AND other.id = the_other
  $$;

  CREATE OR REPLACE FUNCTION alike_providers(the_one uuid, the_other uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT alike_since(the_one, the_other, (SELECT suspended_at FROM provider WHERE id = the_other))
  $$;`;

const JUDGED = `
  -- Recommendations of this provider, or of one that it is again or is like, by the same school or person, that were rejected
  -- before, or ended while an officer was looking into them. Whether the other still stands does not matter.
  CREATE OR REPLACE FUNCTION judged_before(the_id uuid, the_provider uuid, the_school integer, bodies_then text[], the_giver text[], the_moment timestamptz)
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
          ELSE theirs.id = the_provider OR alike_since(the_provider, theirs.id, least(theirs.suspended_at, (
            SELECT min(h.at) FROM history h WHERE h.object_id = other.id AND h.process = 'Recommendation' AND h.transition = 'flag'))) <> '{}'
        END;
  END $$;`;

const ASSURED = `
  ALTER TABLE provider_change DROP CONSTRAINT provider_change_field_check;
  ALTER TABLE provider_change ADD CONSTRAINT provider_change_field_check CHECK (field IN ('name', 'safeguarding', 'interests', 'assured_by', 'assured_link'));`;

/** What reaches further is narrowed, and the search told; what costs something in a national programme is left to its administrator. */
const AREAS = `
  WITH narrowed AS (
    UPDATE listing l SET national = false, radius_km = NULL, la_codes = ARRAY[p.assuring_la], version = l.version + 1, updated_at = now()
    FROM provider p, listing was
    WHERE p.id = l.provider_id AND was.id = l.id AND p.assurance = 'COUNCIL' AND p.assuring_la IS NOT NULL AND l.state <> 'REMOVED'
      AND (l.national OR l.radius_km IS NOT NULL OR NOT l.la_codes <@ ARRAY[p.assuring_la])
    RETURNING l.id, to_jsonb(was) AS was, to_jsonb(l) AS now),
  kept AS (
    INSERT INTO field_change (process, object_id, at, field, before, after)
    SELECT 'Listing', id, now(), field, was -> field, now -> field FROM narrowed, unnest(ARRAY['national', 'la_codes', 'radius_km']) field WHERE was -> field <> now -> field)
  -- the search makes its documents anew
  DELETE FROM setting WHERE name = 'search-documents' AND EXISTS (SELECT FROM narrowed);`;

const BIDS = `
  -- The providers invited to a request in which somebody has an interest, and which: until the school has chosen, they see
  -- nothing of the others' proposals, and take no step that opens them.
  CREATE FUNCTION bids_of(the_request uuid, the_mailboxes text[]) RETURNS TABLE (provider_id uuid, provider text, interest text)
  LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
  BEGIN
    IF the_mailboxes = '{}' THEN RETURN; END IF;
    RETURN QUERY
      SELECT found.* FROM (
        SELECT p.id, p.name, person_interest(the_mailboxes, p.id) AS interest
        FROM request r JOIN invitation i ON i.request_id = r.id JOIN provider p ON p.id = i.provider_id
        WHERE r.id = the_request AND r.state <> 'AGREED') found
      WHERE found.interest IS NOT NULL;
  END $$;`;
