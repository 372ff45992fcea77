import type { MigrationInterface, QueryRunner } from 'typeorm';

const CATEGORY = `IN ('LEADERSHIP_AND_MANAGEMENT', 'TEACHING_AND_LEARNING', 'CURRICULUM_AND_SUBJECTS', 'ASSESSMENT_AND_DATA', 'BEHAVIOUR_AND_ATTENDANCE', 'SEND_AND_INCLUSION', 'EARLY_YEARS', 'SAFEGUARDING_AND_WELLBEING', 'GOVERNANCE', 'FINANCE_AND_OPERATIONS')`;
const PHASE = `IN ('NURSERY', 'PRIMARY', 'SECONDARY', 'SIXTEEN_PLUS')`;

export class Outcomes1795000000012 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- Sums over the answers of at least three schools: all that the public ever learns of ratings. Never changed.
      CREATE TABLE evidence (
        id          uuid PRIMARY KEY,
        released_on date NOT NULL,
        provider_id uuid NOT NULL REFERENCES provider,
        -- null: of several listings, categories or phases, which are not told apart
        listing_id  uuid REFERENCES listing,
        category    text CHECK (category ${CATEGORY}),
        phase       text CHECK (phase ${PHASE}),
        kind        text NOT NULL CHECK (kind IN ('RESULT', 'HELPFULNESS')),
        -- different ones, in order
        school_urns integer[] NOT NULL CHECK (cardinality(school_urns) >= 3),
        met         integer NOT NULL DEFAULT 0,
        partly      integer NOT NULL DEFAULT 0,
        not_met     integer NOT NULL DEFAULT 0,
        too_early   integer NOT NULL DEFAULT 0,
        helpful_1   integer NOT NULL DEFAULT 0,
        helpful_2   integer NOT NULL DEFAULT 0,
        helpful_3   integer NOT NULL DEFAULT 0,
        helpful_4   integer NOT NULL DEFAULT 0
      );
      CREATE INDEX evidence_provider ON evidence (provider_id);
      CREATE INDEX evidence_listing ON evidence (listing_id);

      CREATE TABLE rating (
        id               uuid PRIMARY KEY,
        engagement_id    uuid NOT NULL CONSTRAINT rating_once UNIQUE REFERENCES engagement,
        provider_id      uuid NOT NULL REFERENCES provider,
        listing_id       uuid REFERENCES listing,
        school_urn       integer NOT NULL REFERENCES school,
        state            text NOT NULL CHECK (state IN ('GIVEN', 'SETTLED')),
        version          integer NOT NULL DEFAULT 1,
        created_at       timestamptz NOT NULL,
        updated_at       timestamptz NOT NULL,
        -- null once names have been removed
        given_by         uuid REFERENCES person,
        given_at         timestamptz NOT NULL,
        changeable_until timestamptz NOT NULL,
        -- what all its objectives are about; null where they differ
        category         text CHECK (category ${CATEGORY}),
        phase            text CHECK (phase ${PHASE}),
        helpfulness      integer NOT NULL CHECK (helpfulness BETWEEN 1 AND 4),
        would_recommend  boolean NOT NULL,
        words            text NOT NULL DEFAULT '',
        -- the name under which the public sees the words; by chance, so that it tells nothing of when they were written
        words_id         uuid NOT NULL UNIQUE,
        words_hidden     boolean NOT NULL DEFAULT false,
        -- whoever has agreed to be asked by other schools
        contact_id       uuid REFERENCES person,
        -- months after which the school has been asked again
        asked_again      integer NOT NULL DEFAULT 0 CHECK (asked_again IN (0, 6, 12)),
        reply            text CHECK (reply <> ''),
        replied_by       uuid REFERENCES person,
        replied_at       timestamptz,
        evidence_id      uuid REFERENCES evidence,
        CHECK ((reply IS NULL) = (replied_at IS NULL))
      );
      CREATE INDEX rating_provider ON rating (provider_id, created_at DESC, id DESC);
      CREATE INDEX rating_school ON rating (school_urn, created_at DESC, id DESC);
      CREATE INDEX rating_going_on ON rating (given_at) WHERE state = 'GIVEN';
      CREATE INDEX rating_to_release ON rating (changeable_until) WHERE evidence_id IS NULL;
      CREATE INDEX rating_evidence ON rating (evidence_id) WHERE words <> '';
      CREATE INDEX rating_contact ON rating (contact_id) WHERE contact_id IS NOT NULL;

      -- Each answer is kept: at the end, and where it was too early then, after six and after twelve months.
      CREATE TABLE rating_answer (
        id           uuid PRIMARY KEY,
        rating_id    uuid NOT NULL REFERENCES rating,
        objective_id uuid NOT NULL REFERENCES engagement_objective,
        asked        integer NOT NULL CHECK (asked IN (0, 6, 12)),
        result       text NOT NULL CHECK (result IN ('MET', 'PARTLY', 'NOT_MET', 'TOO_EARLY')),
        baseline     text NOT NULL DEFAULT '',
        after        text NOT NULL DEFAULT '',
        -- how many pupils the figures are of
        cohort       integer CHECK (cohort > 0),
        category     text CHECK (category ${CATEGORY}),
        phase        text CHECK (phase ${PHASE}),
        answered_at  timestamptz NOT NULL,
        evidence_id  uuid REFERENCES evidence,
        UNIQUE (rating_id, objective_id, asked)
      );
      CREATE INDEX rating_answer_to_release ON rating_answer (answered_at) WHERE evidence_id IS NULL;
      CREATE INDEX rating_answer_evidence ON rating_answer (evidence_id);
      CREATE INDEX rating_answer_success ON rating_answer (category, phase) WHERE result = 'MET';

      -- From how many schools a listing has evidence, for the search. Null: of any.
      CREATE TABLE listing_evidence (
        listing_id uuid NOT NULL REFERENCES listing,
        category   text,
        phase      text,
        schools    integer NOT NULL CHECK (schools >= 3),
        UNIQUE NULLS NOT DISTINCT (listing_id, category, phase)
      );
      CREATE INDEX listing_evidence_of ON listing_evidence (category, phase, listing_id);

      -- Sums over the needs of at least five schools of an LA: all that officers ever learn of them. Never changed.
      CREATE TABLE unmet_need (
        id          uuid PRIMARY KEY,
        released_on date NOT NULL,
        la_code     text NOT NULL REFERENCES local_authority,
        kind        text NOT NULL CHECK (kind IN ('REQUEST', 'SEARCH')),
        category    text CHECK (category ${CATEGORY}),
        phase       text CHECK (phase ${PHASE}),
        school_urns integer[] NOT NULL CHECK (cardinality(school_urns) >= 5),
        needs       integer NOT NULL CHECK (needs > 0)
      );
      CREATE INDEX unmet_need_la ON unmet_need (la_code, released_on);

      -- Which need of which request has been released.
      CREATE TABLE unmet_request (
        request_id    uuid NOT NULL REFERENCES request,
        category      text,
        unmet_need_id uuid NOT NULL REFERENCES unmet_need,
        UNIQUE NULLS NOT DISTINCT (request_id, category)
      );

      -- Searches of signed-in people of schools, and of SIPs, that found nothing. Never what they typed.
      CREATE TABLE search_miss (
        id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        day           date NOT NULL,
        la_code       text NOT NULL REFERENCES local_authority,
        -- null: a SIP's
        school_urn    integer REFERENCES school,
        category      text CHECK (category ${CATEGORY}),
        phase         text CHECK (phase ${PHASE}),
        unmet_need_id uuid REFERENCES unmet_need,
        UNIQUE NULLS NOT DISTINCT (day, la_code, school_urn, category, phase)
      );
      CREATE INDEX search_miss_to_release ON search_miss (la_code) WHERE unmet_need_id IS NULL;

      -- Which releases have been made: each once.
      CREATE TABLE release (
        what text NOT NULL CHECK (what IN ('EVIDENCE', 'UNMET_NEED')),
        day  date NOT NULL,
        PRIMARY KEY (what, day)
      );

      CREATE FUNCTION refuse_change_of_release() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'what has been released stays as it is' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'released_for_good';
      END $$;
      CREATE TRIGGER evidence_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_release();
      CREATE TRIGGER unmet_need_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON unmet_need FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_release();
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE release, search_miss, unmet_request, unmet_need, listing_evidence, rating_answer, rating, evidence;
      DROP FUNCTION refuse_change_of_release;
    `);
  }
}
