import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Directory1795000000004 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE provider (
        id                 uuid PRIMARY KEY,
        kind               text NOT NULL CHECK (kind IN ('SCHOOL', 'SOLE_TRADER', 'COMPANY', 'CHARITY', 'UNIVERSITY', 'HUB', 'COUNCIL_SERVICE', 'NATIONAL_PROGRAMME')),
        assurance          text NOT NULL CHECK (assurance IN ('RECOMMENDED', 'COUNCIL', 'NATIONAL')),
        state              text NOT NULL CHECK (state IN ('DRAFT', 'AWAITING_RECOMMENDATIONS', 'LISTED', 'SUSPENDED', 'LAPSED', 'WITHDRAWN')),
        name               text NOT NULL CHECK (name <> ''),
        summary            text NOT NULL DEFAULT '',
        description        text NOT NULL DEFAULT '',
        website            text,
        contact_name       text NOT NULL DEFAULT '',
        contact_role       text NOT NULL DEFAULT '',
        contact_email      text,
        contact_phone      text,
        base_postcode      text,
        base_easting       integer,
        base_northing      integer,
        school_urn         integer REFERENCES school,
        -- null: not declared yet; empty: nothing to declare
        interests          text,
        safeguarding       text NOT NULL DEFAULT '',
        assuring_la        text REFERENCES local_authority,
        -- NATIONAL only: who assured it, and where that can be read
        assured_by         text,
        assured_link       text,
        version            integer NOT NULL DEFAULT 1,
        created_at         timestamptz NOT NULL,
        updated_at         timestamptz NOT NULL,
        listed_at          timestamptz,
        -- name and source of an imported row, so that a second import finds it again
        import_key         text UNIQUE,
        CHECK ((kind = 'SCHOOL') = (school_urn IS NOT NULL)),
        CHECK ((base_easting IS NULL) = (base_northing IS NULL)),
        CHECK (assurance <> 'NATIONAL' OR kind = 'NATIONAL_PROGRAMME'),
        CHECK (assurance <> 'COUNCIL' OR kind = 'COUNCIL_SERVICE'),
        UNIQUE (id, school_urn)
      );
      CREATE UNIQUE INDEX provider_school ON provider (school_urn) WHERE state <> 'WITHDRAWN';
      CREATE INDEX provider_state ON provider (state, name, id);
      CREATE INDEX provider_assuring_la ON provider (assuring_la, state);

      ALTER TABLE membership ADD FOREIGN KEY (provider_id) REFERENCES provider;

      CREATE TABLE provider_check (
        provider_id uuid NOT NULL REFERENCES provider,
        kind        text NOT NULL CHECK (kind IN ('SAFEGUARDING', 'INSURANCE', 'INTERESTS')),
        la_code     text NOT NULL REFERENCES local_authority,
        checked_by  uuid NOT NULL REFERENCES person,
        checked_at  timestamptz NOT NULL,
        expires_on  date NOT NULL,
        -- set by the job that finds it expired: only jobs turn time into state
        expired     boolean NOT NULL DEFAULT false,
        PRIMARY KEY (provider_id, kind)
      );
      CREATE INDEX provider_check_due ON provider_check (expires_on) WHERE NOT expired;

      CREATE TABLE listing (
        id             uuid PRIMARY KEY,
        provider_id    uuid NOT NULL REFERENCES provider,
        state          text NOT NULL CHECK (state IN ('DRAFT', 'PUBLISHED', 'REMOVED')),
        title          text NOT NULL CHECK (title <> ''),
        summary        text NOT NULL DEFAULT '',
        description    text NOT NULL DEFAULT '',
        categories     text[] NOT NULL DEFAULT '{}',
        ecm_outcomes   text[] NOT NULL DEFAULT '{}',
        phases         text[] NOT NULL DEFAULT '{}',
        keywords       text[] NOT NULL DEFAULT '{}',
        delivery       text[] NOT NULL DEFAULT '{}',
        -- where: the whole country, or these LAs, and within so many km of the provider's base
        national       boolean NOT NULL DEFAULT false,
        la_codes       text[] NOT NULL DEFAULT '{}',
        radius_km      integer CHECK (radius_km BETWEEN 1 AND 500),
        price_kind     text NOT NULL CHECK (price_kind IN ('FREE', 'PRICED', 'BESPOKE')),
        price_pence    integer CHECK (price_pence > 0),
        price_unit     text CHECK (price_unit IN ('HOUR', 'HALF_DAY', 'DAY', 'SESSION', 'PUPIL', 'PUPIL_HOUR', 'COURSE', 'TERM', 'YEAR', 'ONE_OFF')),
        vat            text CHECK (vat IN ('INCLUDED', 'ADDED', 'NOT_CHARGED')),
        free_link      text,
        capacity       text NOT NULL DEFAULT 'AVAILABLE' CHECK (capacity IN ('AVAILABLE', 'LIMITED', 'FULL')),
        available_from date,
        contact_name   text,
        contact_email  text,
        contact_phone  text,
        evidence       text NOT NULL DEFAULT '',
        version        integer NOT NULL DEFAULT 1,
        created_at     timestamptz NOT NULL,
        updated_at     timestamptz NOT NULL,
        published_at   timestamptz,
        import_key     text UNIQUE,
        CHECK ((price_kind = 'PRICED') = (price_pence IS NOT NULL)),
        CHECK ((price_kind = 'PRICED') = (price_unit IS NOT NULL)),
        CHECK ((price_kind = 'PRICED') = (vat IS NOT NULL)),
        CHECK (free_link IS NULL OR price_kind = 'FREE'),
        CHECK (categories <@ '{LEADERSHIP_AND_MANAGEMENT,TEACHING_AND_LEARNING,CURRICULUM_AND_SUBJECTS,ASSESSMENT_AND_DATA,BEHAVIOUR_AND_ATTENDANCE,SEND_AND_INCLUSION,EARLY_YEARS,SAFEGUARDING_AND_WELLBEING,GOVERNANCE,FINANCE_AND_OPERATIONS}'::text[]),
        CHECK (ecm_outcomes <@ '{BE_HEALTHY,STAY_SAFE,ENJOY_AND_ACHIEVE,POSITIVE_CONTRIBUTION,ECONOMIC_WELLBEING}'::text[]),
        CHECK (phases <@ '{NURSERY,PRIMARY,SECONDARY,SIXTEEN_PLUS}'::text[]),
        CHECK (delivery <@ '{IN_SCHOOL,ONLINE,AT_PROVIDER,BLENDED}'::text[])
      );
      CREATE INDEX listing_provider ON listing (provider_id, state, title, id);

      CREATE TABLE recommendation (
        id                  uuid PRIMARY KEY,
        provider_id         uuid NOT NULL REFERENCES provider,
        -- the provider's own school, kept here for the constraint on reciprocity
        provider_school_urn integer,
        school_urn          integer NOT NULL REFERENCES school,
        state               text NOT NULL CHECK (state IN ('INVITED', 'GIVEN', 'DECLINED', 'EXPIRED', 'FLAGGED', 'REJECTED', 'WITHDRAWN', 'LAPSED')),
        invited_by          uuid REFERENCES person,
        invited_at          timestamptz,
        invited_email       text,
        message             text NOT NULL DEFAULT '',
        expires_at          timestamptz,
        given_by            uuid REFERENCES person,
        given_at            timestamptz,
        lapses_at           timestamptz,
        -- who answers for the school: trust:ID, federation:ID, else school:URN, as it was on giving
        governing_body      text,
        -- UNCONFIRMED: an academy whose trust is not known; an officer confirms before it counts
        independence        text NOT NULL DEFAULT 'INDEPENDENT' CHECK (independence IN ('INDEPENDENT', 'UNCONFIRMED')),
        what_was_done       text NOT NULL DEFAULT '',
        when_done           text NOT NULL DEFAULT '',
        what_changed        text NOT NULL DEFAULT '',
        no_interest         boolean NOT NULL DEFAULT false,
        version             integer NOT NULL DEFAULT 1,
        created_at          timestamptz NOT NULL,
        updated_at          timestamptz NOT NULL,
        FOREIGN KEY (provider_id, provider_school_urn) REFERENCES provider (id, school_urn) ON UPDATE CASCADE,
        CONSTRAINT recommendation_own_school CHECK (provider_school_urn IS DISTINCT FROM school_urn),
        CONSTRAINT recommendation_given CHECK (state NOT IN ('GIVEN', 'FLAGGED')
          OR num_nonnulls(given_by, given_at, lapses_at, governing_body) = 4 AND no_interest),
        CONSTRAINT recommendation_reciprocal EXCLUDE USING gist (
          (least(school_urn, provider_school_urn)) WITH =,
          (greatest(school_urn, provider_school_urn)) WITH =,
          (CASE WHEN school_urn < provider_school_urn THEN 1 ELSE 0 END) WITH <>
        ) WHERE (state IN ('GIVEN', 'FLAGGED') AND provider_school_urn IS NOT NULL)
      );
      CREATE UNIQUE INDEX recommendation_same_school ON recommendation (provider_id, school_urn) WHERE state IN ('INVITED', 'GIVEN', 'FLAGGED');
      CREATE UNIQUE INDEX recommendation_same_person ON recommendation (provider_id, given_by) WHERE state IN ('GIVEN', 'FLAGGED');
      CREATE UNIQUE INDEX recommendation_same_governing_body ON recommendation (provider_id, governing_body) WHERE state IN ('GIVEN', 'FLAGGED');
      CREATE INDEX recommendation_provider ON recommendation (provider_id, state, given_at);
      CREATE INDEX recommendation_school ON recommendation (school_urn, state);
      CREATE INDEX recommendation_lapses ON recommendation (lapses_at) WHERE state IN ('GIVEN', 'FLAGGED');
      CREATE INDEX recommendation_expires ON recommendation (expires_at) WHERE state = 'INVITED';

      CREATE TABLE recommendation_listing (
        recommendation_id uuid NOT NULL REFERENCES recommendation,
        listing_id        uuid NOT NULL REFERENCES listing,
        PRIMARY KEY (recommendation_id, listing_id)
      );
      CREATE INDEX recommendation_listing_listing ON recommendation_listing (listing_id);

      -- The one place in SQL that says which recommendations count towards the minimum.
      -- Different schools, people and governing bodies are the unique indexes above.
      CREATE VIEW counting_recommendation AS
        SELECT * FROM recommendation WHERE state = 'GIVEN' AND independence = 'INDEPENDENT';

      -- No commit leaves a LISTED provider under its minimum, whoever writes. It locks the provider as the
      -- service does: without the lock two transactions that each remove one recommendation both pass.
      CREATE FUNCTION assert_minimum(the_provider uuid) RETURNS void LANGUAGE plpgsql AS $$
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

      CREATE FUNCTION assert_minimum_of_provider() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM assert_minimum(NEW.id); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER provider_minimum AFTER INSERT OR UPDATE OF state, assurance, assuring_la ON provider
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'LISTED') EXECUTE FUNCTION assert_minimum_of_provider();

      CREATE FUNCTION assert_minimum_of_recommendation() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM assert_minimum(OLD.provider_id); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER recommendation_minimum AFTER UPDATE OF state, independence, provider_id OR DELETE ON recommendation
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assert_minimum_of_recommendation();

      CREATE FUNCTION assert_minimum_of_la() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM assert_minimum(id) FROM provider WHERE assuring_la = NEW.code AND state = 'LISTED'; RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER local_authority_minimum AFTER UPDATE OF minimum_recommendations ON local_authority
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.minimum_recommendations > OLD.minimum_recommendations)
        EXECUTE FUNCTION assert_minimum_of_la();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP VIEW counting_recommendation;
      ALTER TABLE membership DROP CONSTRAINT membership_provider_id_fkey;
      DROP TABLE recommendation_listing, recommendation, listing, provider_check, provider;
      DROP TRIGGER local_authority_minimum ON local_authority;
      DROP FUNCTION assert_minimum_of_la, assert_minimum_of_recommendation, assert_minimum_of_provider, assert_minimum;
    `);
  }
}
