import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What was vouched for stays what it was: each recommendation keeps the listings as they were when it was given, changes
 * are kept field by field, those of what an officer checked wait for one, and what is not offered vouches for nobody.
 */
export class Vouched1795000000024 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(VOUCHED);
    await db.query(CHANGES);
    await db.query(OFFERED);
    await db.query(EXISTING);
    await db.query(TRIGGERS);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TRIGGER listing_vouched_minimum ON listing;
      DROP TRIGGER recommendation_listing_minimum ON recommendation_listing;
      DROP TRIGGER provider_published ON provider;
      DROP TRIGGER recommendation_listing_vouched ON recommendation_listing;
      DROP FUNCTION assert_minimum_of_listing, assert_minimum_of_recommendation_listing, assert_published_of_provider, assert_published, fill_vouched;
      DROP FUNCTION present_obstacles;
      ALTER FUNCTION obstacles_but_offer RENAME TO present_obstacles;
      DROP FUNCTION offer_obstacles;
      UPDATE recommendation SET obstacles = array_remove(obstacles, 'NOT_OFFERED'), excused = array_remove(excused, 'NOT_OFFERED') WHERE 'NOT_OFFERED' = ANY(obstacles || excused);
      DROP FUNCTION listing_substance;
      DROP TABLE provider_change, field_change;
      ALTER TABLE recommendation_listing DROP COLUMN title, DROP COLUMN categories, DROP COLUMN phases, DROP COLUMN delivery,
        DROP COLUMN affirmed, DROP COLUMN affirmed_at, DROP COLUMN affirmed_by, DROP COLUMN judged, DROP COLUMN changed_at;
    `);
  }
}

const VOUCHED = `
  -- Of a listing what a school vouches for, in one value: whether the product has judged the present one.
  CREATE FUNCTION listing_substance(title text, categories text[], phases text[], delivery text[]) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT md5(jsonb_build_array(title, categories, phases, delivery)::text)
  $$;

  ALTER TABLE recommendation_listing
    -- the listing as it was when the recommendation was given
    ADD COLUMN title text,
    ADD COLUMN categories text[],
    ADD COLUMN phases text[],
    ADD COLUMN delivery text[],
    -- as it was when the school last said that it still is what it used, where it had changed
    ADD COLUMN affirmed jsonb,
    ADD COLUMN affirmed_at timestamptz,
    ADD COLUMN affirmed_by uuid REFERENCES person,
    -- the listing_substance that was last compared with these, and since when it is another; null: it is the same
    ADD COLUMN judged text,
    ADD COLUMN changed_at timestamptz;
  UPDATE recommendation_listing n SET title = l.title, categories = l.categories, phases = l.phases, delivery = l.delivery,
    judged = listing_substance(l.title, l.categories, l.phases, l.delivery) FROM listing l WHERE l.id = n.listing_id;
  ALTER TABLE recommendation_listing ALTER COLUMN title SET NOT NULL, ALTER COLUMN categories SET NOT NULL, ALTER COLUMN phases SET NOT NULL,
    ALTER COLUMN delivery SET NOT NULL, ALTER COLUMN judged SET NOT NULL, ADD CHECK ((affirmed IS NULL) = (affirmed_at IS NULL));

  -- By a trigger, so that whoever names a listing vouches for it as it is at that moment.
  CREATE FUNCTION fill_vouched() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    SELECT l.title, l.categories, l.phases, l.delivery, listing_substance(l.title, l.categories, l.phases, l.delivery)
      INTO NEW.title, NEW.categories, NEW.phases, NEW.delivery, NEW.judged FROM listing l WHERE l.id = NEW.listing_id;
    RETURN NEW;
  END $$;
  CREATE TRIGGER recommendation_listing_vouched BEFORE INSERT ON recommendation_listing FOR EACH ROW EXECUTE FUNCTION fill_vouched();`;

const CHANGES = `
  -- What changed in a provider or a listing, field by field.
  CREATE TABLE field_change (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    process     text NOT NULL CHECK (process IN ('Provider', 'Listing')),
    object_id   uuid NOT NULL,
    at          timestamptz NOT NULL,
    -- null: an import
    person_id   uuid,
    person_name text,
    field       text NOT NULL,
    before      jsonb NOT NULL,
    after       jsonb NOT NULL
  );
  CREATE INDEX field_change_object ON field_change (object_id, id);
  CREATE TRIGGER field_change_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON field_change FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
  CREATE TRIGGER field_change_person_name BEFORE INSERT ON field_change FOR EACH ROW WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION name_in_history();

  -- Texts of a provider that wait for an officer, while those that were checked stay public.
  CREATE TABLE provider_change (
    id          uuid PRIMARY KEY,
    provider_id uuid NOT NULL REFERENCES provider,
    field       text NOT NULL CHECK (field IN ('name', 'safeguarding', 'interests')),
    before      text,
    after       text NOT NULL,
    -- a name: those that it is like
    alike_names text[] NOT NULL DEFAULT '{}',
    proposed_by uuid NOT NULL REFERENCES person,
    proposed_at timestamptz NOT NULL,
    answer      text CHECK (answer IN ('CONFIRMED', 'REFUSED', 'TAKEN_BACK')),
    answered_by uuid REFERENCES person,
    answered_at timestamptz,
    reason      text,
    CHECK ((answer IS NULL) = (answered_at IS NULL))
  );
  CREATE UNIQUE INDEX provider_change_waiting ON provider_change (provider_id, field) WHERE answer IS NULL;
  CREATE INDEX provider_change_provider ON provider_change (provider_id);`;

const OFFERED = `
  -- A recommendation counts only while something that it vouches for is offered as it was: one published listing is enough.
  -- What nobody has judged since it changed counts as changed.
  CREATE FUNCTION offer_obstacles(the_id uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN count(*) > 0 AND NOT bool_or(n.changed_at IS NULL AND l.state = 'PUBLISHED' AND n.judged = listing_substance(l.title, l.categories, l.phases, l.delivery))
      THEN ARRAY['NOT_OFFERED'] ELSE '{}' END
    FROM recommendation_listing n JOIN listing l ON l.id = n.listing_id WHERE n.recommendation_id = the_id
  $$;

  ALTER FUNCTION present_obstacles RENAME TO obstacles_but_offer;
  CREATE FUNCTION present_obstacles(the_providers uuid[]) RETURNS TABLE (id uuid, obstacles text[]) LANGUAGE sql STABLE AS $$
    SELECT other.id, other.obstacles || offer_obstacles(other.id) FROM obstacles_but_offer(the_providers) other
  $$;

  -- Whatever assures it: a provider without a published listing is not listed.
  CREATE FUNCTION assert_published(the_provider uuid) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    listed boolean;
  BEGIN
    SELECT state = 'LISTED' INTO listed FROM provider WHERE id = the_provider FOR NO KEY UPDATE;
    IF listed AND NOT EXISTS (SELECT FROM listing WHERE provider_id = the_provider AND state = 'PUBLISHED') THEN
      RAISE EXCEPTION 'provider % is LISTED without a published listing', the_provider
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'provider_published';
    END IF;
  END $$;

  CREATE FUNCTION assert_published_of_provider() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM assert_published(NEW.id); RETURN NULL; END $$;

  CREATE FUNCTION assert_minimum_of_listing() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM assert_published(OLD.provider_id);
    PERFORM check_minima(ARRAY[OLD.provider_id]);
    RETURN NULL;
  END $$;

  CREATE FUNCTION assert_minimum_of_recommendation_listing() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM check_minima(ARRAY(SELECT provider_id FROM recommendation WHERE id = OLD.recommendation_id)); RETURN NULL; END $$;`;

/** What was given before goes on counting for a time where its listings are hidden, as after an import; who offers nothing lapses. */
const EXISTING = `
  UPDATE recommendation r SET obstacles = r.obstacles || 'NOT_OFFERED'::text, excused = r.excused || 'NOT_OFFERED'::text,
      excused_until = coalesce(r.excused_until, now() + interval '60 days')
    WHERE r.state IN ('GIVEN', 'FLAGGED') AND offer_obstacles(r.id) <> '{}';
  WITH lapsed AS (
    UPDATE provider p SET state = 'LAPSED', version = version + 1, updated_at = now()
    WHERE state = 'LISTED' AND NOT EXISTS (SELECT FROM listing l WHERE l.provider_id = p.id AND l.state = 'PUBLISHED') RETURNING id)
  INSERT INTO history (process, object_id, transition, from_state, to_state, at) SELECT 'Provider', id, 'lapse', 'LISTED', 'LAPSED', now() FROM lapsed;
  SET CONSTRAINTS ALL IMMEDIATE;
  SET CONSTRAINTS ALL DEFERRED;`;

const TRIGGERS = `
  CREATE CONSTRAINT TRIGGER listing_vouched_minimum AFTER UPDATE OF title, categories, phases, delivery, state, provider_id OR DELETE ON listing
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assert_minimum_of_listing();
  CREATE CONSTRAINT TRIGGER recommendation_listing_minimum AFTER UPDATE OR DELETE ON recommendation_listing
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assert_minimum_of_recommendation_listing();
  CREATE CONSTRAINT TRIGGER provider_published AFTER INSERT OR UPDATE OF state ON provider
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'LISTED') EXECUTE FUNCTION assert_published_of_provider();`;
