import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Engagements1795000000010 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- Whether a school's plan needs its SIP's signature under what it agrees.
      CREATE TABLE school_plan (
        school_urn      integer PRIMARY KEY REFERENCES school,
        sign_off_needed boolean NOT NULL,
        set_by          uuid NOT NULL REFERENCES person,
        set_at          timestamptz NOT NULL
      );

      -- Who signs for the schools of an LA that have no SIP.
      CREATE TABLE sign_off_stand_in (
        la_code   text PRIMARY KEY REFERENCES local_authority,
        person_id uuid NOT NULL REFERENCES person,
        set_by    uuid NOT NULL REFERENCES person,
        set_at    timestamptz NOT NULL
      );
      CREATE INDEX sign_off_stand_in_person ON sign_off_stand_in (person_id);

      CREATE TABLE engagement (
        id                         uuid PRIMARY KEY,
        request_id                 uuid REFERENCES request,
        proposal_id                uuid UNIQUE REFERENCES proposal,
        listing_id                 uuid REFERENCES listing,
        provider_id                uuid NOT NULL REFERENCES provider,
        school_urn                 integer NOT NULL REFERENCES school,
        origin                     text NOT NULL CHECK (origin IN ('CHOSEN', 'RECORDED', 'FREE_RESOURCE')),
        state                      text NOT NULL CHECK (state IN ('AWAITING_SIGN_OFF', 'AGREED', 'IN_PROGRESS', 'COMPLETED', 'ENDED_EARLY')),
        title                      text NOT NULL CHECK (title <> ''),
        starts_on                  date,
        ends_on                    date,
        price_pence                integer CHECK (price_pence >= 0),
        vat                        text CHECK (vat IN ('INCLUDED', 'ADDED', 'NOT_CHARGED')),
        shared_with_sip            boolean NOT NULL,
        -- every lead of the school sees it; false: only those in engagement_person
        all_leads                  boolean NOT NULL,
        pupils_concerned           boolean NOT NULL,
        -- the provider's word that a RECORDED one was agreed
        confirmed_at               timestamptz,
        needs_sign_off             boolean NOT NULL,
        signed_off_by              uuid REFERENCES person,
        signed_off_at              timestamptz,
        -- the provider's written confirmation of DBS and barred-list checks, for the visitors named then
        safeguarding_statement     text,
        safeguarding_confirmed_by  uuid REFERENCES person,
        safeguarding_confirmed_at  timestamptz,
        started_at                 timestamptz,
        finished_at                timestamptz,
        end_reason                 text,
        -- set by the job that finds its last day past
        told_end                   boolean NOT NULL DEFAULT false,
        version                    integer NOT NULL DEFAULT 1,
        created_at                 timestamptz NOT NULL,
        updated_at                 timestamptz NOT NULL,
        created_by                 uuid NOT NULL REFERENCES person,
        CHECK ((origin = 'CHOSEN') = (proposal_id IS NOT NULL)),
        CHECK ((origin = 'CHOSEN') = (request_id IS NOT NULL)),
        CHECK (origin = 'CHOSEN' OR listing_id IS NOT NULL),
        CHECK (origin <> 'FREE_RESOURCE' OR (state = 'COMPLETED' AND price_pence IS NULL)),
        CHECK ((price_pence IS NULL) = (vat IS NULL)),
        CHECK (ends_on >= starts_on),
        CHECK ((signed_off_by IS NULL) = (signed_off_at IS NULL)),
        CHECK (state <> 'AWAITING_SIGN_OFF' OR (needs_sign_off AND shared_with_sip)),
        CHECK (NOT needs_sign_off OR signed_off_at IS NOT NULL OR state IN ('AWAITING_SIGN_OFF', 'ENDED_EARLY')),
        CHECK (origin <> 'RECORDED' OR confirmed_at IS NOT NULL OR state NOT IN ('IN_PROGRESS', 'COMPLETED')),
        CHECK ((safeguarding_confirmed_at IS NULL) = (safeguarding_statement IS NULL)),
        CHECK ((safeguarding_confirmed_at IS NULL) = (safeguarding_confirmed_by IS NULL)),
        CHECK ((state IN ('COMPLETED', 'ENDED_EARLY')) = (finished_at IS NOT NULL)),
        CHECK ((state = 'ENDED_EARLY') = (end_reason IS NOT NULL))
      );
      CREATE INDEX engagement_of_school ON engagement (school_urn, created_at DESC, id DESC);
      CREATE INDEX engagement_of_provider ON engagement (provider_id, created_at DESC, id DESC);
      CREATE INDEX engagement_of_listing ON engagement (listing_id);
      CREATE INDEX engagement_of_request ON engagement (request_id);
      CREATE INDEX engagement_starts ON engagement (starts_on) WHERE state = 'AGREED';
      CREATE INDEX engagement_ends ON engagement (ends_on) WHERE state = 'IN_PROGRESS' AND NOT told_end;

      ALTER TABLE buying_record ADD CONSTRAINT buying_record_engagement FOREIGN KEY (engagement_id) REFERENCES engagement DEFERRABLE INITIALLY DEFERRED;

      -- Who inside the school sees it, where not every lead does.
      CREATE TABLE engagement_person (
        engagement_id uuid NOT NULL REFERENCES engagement,
        person_id     uuid NOT NULL REFERENCES person,
        PRIMARY KEY (engagement_id, person_id)
      );
      CREATE INDEX engagement_person_person ON engagement_person (person_id);

      -- Partner schools that take part; their leads see it.
      CREATE TABLE engagement_school (
        engagement_id uuid NOT NULL REFERENCES engagement,
        school_urn    integer NOT NULL REFERENCES school,
        PRIMARY KEY (engagement_id, school_urn)
      );
      CREATE INDEX engagement_school_urn ON engagement_school (school_urn);

      CREATE TABLE engagement_objective (
        id            uuid PRIMARY KEY,
        engagement_id uuid NOT NULL REFERENCES engagement,
        nth           integer NOT NULL CHECK (nth > 0),
        text          text NOT NULL CHECK (text <> ''),
        baseline      text,
        target        text,
        category      text CHECK (category IN ('LEADERSHIP_AND_MANAGEMENT', 'TEACHING_AND_LEARNING', 'CURRICULUM_AND_SUBJECTS', 'ASSESSMENT_AND_DATA', 'BEHAVIOUR_AND_ATTENDANCE', 'SEND_AND_INCLUSION', 'EARLY_YEARS', 'SAFEGUARDING_AND_WELLBEING', 'GOVERNANCE', 'FINANCE_AND_OPERATIONS')),
        phase         text CHECK (phase IN ('NURSERY', 'PRIMARY', 'SECONDARY', 'SIXTEEN_PLUS')),
        UNIQUE (engagement_id, nth) DEFERRABLE INITIALLY DEFERRED
      );

      CREATE TABLE engagement_action (
        id            uuid PRIMARY KEY,
        engagement_id uuid NOT NULL REFERENCES engagement,
        what          text NOT NULL CHECK (what <> ''),
        owner         text NOT NULL CHECK (owner IN ('SCHOOL', 'PROVIDER', 'SIP')),
        owner_name    text NOT NULL DEFAULT '',
        due_on        date,
        done_at       timestamptz,
        done_by       uuid REFERENCES person,
        -- set by the job that finds the day come: only jobs turn time into state
        told_due      boolean NOT NULL DEFAULT false,
        created_at    timestamptz NOT NULL,
        CHECK ((done_at IS NULL) = (done_by IS NULL))
      );
      CREATE INDEX engagement_action_engagement ON engagement_action (engagement_id);
      CREATE INDEX engagement_action_due ON engagement_action (due_on) WHERE done_at IS NULL AND NOT told_due;

      CREATE TABLE engagement_evidence (
        id            uuid PRIMARY KEY,
        engagement_id uuid NOT NULL REFERENCES engagement,
        wanted        text NOT NULL CHECK (wanted <> ''),
        due_on        date,
        given         text,
        link          text,
        given_at      timestamptz,
        given_by      uuid REFERENCES person,
        told_due      boolean NOT NULL DEFAULT false,
        created_at    timestamptz NOT NULL,
        CHECK ((given_at IS NULL) = (given_by IS NULL)),
        CHECK ((given_at IS NULL) = (given IS NULL))
      );
      CREATE INDEX engagement_evidence_engagement ON engagement_evidence (engagement_id);
      CREATE INDEX engagement_evidence_due ON engagement_evidence (due_on) WHERE given_at IS NULL AND NOT told_due;

      CREATE TABLE engagement_review_date (
        engagement_id uuid NOT NULL REFERENCES engagement,
        due_on        date NOT NULL,
        told_due      boolean NOT NULL DEFAULT false,
        PRIMARY KEY (engagement_id, due_on)
      );
      CREATE INDEX engagement_review_date_due ON engagement_review_date (due_on) WHERE NOT told_due;

      CREATE TABLE engagement_review (
        id            uuid PRIMARY KEY,
        engagement_id uuid NOT NULL REFERENCES engagement,
        held_on       date NOT NULL,
        rag           text NOT NULL CHECK (rag IN ('RED', 'AMBER', 'GREEN')),
        words         text NOT NULL DEFAULT '',
        -- [{ what, value, pupils }]: what was measured, the figure, and of how many pupils where it is of pupils
        figures       jsonb NOT NULL DEFAULT '[]',
        by_party      text NOT NULL CHECK (by_party IN ('SCHOOL', 'SIP')),
        by_person     uuid NOT NULL REFERENCES person,
        created_at    timestamptz NOT NULL
      );
      CREATE INDEX engagement_review_engagement ON engagement_review (engagement_id, held_on);

      -- Who comes into the school.
      CREATE TABLE engagement_visitor (
        id            uuid PRIMARY KEY,
        engagement_id uuid NOT NULL REFERENCES engagement,
        nth           integer NOT NULL,
        name          text NOT NULL CHECK (name <> ''),
        role          text NOT NULL DEFAULT ''
      );
      CREATE INDEX engagement_visitor_engagement ON engagement_visitor (engagement_id);

      CREATE TABLE concern (
        id              uuid PRIMARY KEY,
        engagement_id   uuid NOT NULL REFERENCES engagement,
        raised_by_party text NOT NULL CHECK (raised_by_party IN ('SCHOOL', 'PROVIDER')),
        raised_by       uuid NOT NULL REFERENCES person,
        state           text NOT NULL CHECK (state IN ('RAISED', 'ANSWERED', 'PASSED_ON', 'RESOLVED')),
        text            text NOT NULL CHECK (text <> ''),
        answer          text,
        answered_at     timestamptz,
        -- what the school writes to its LA
        statement       text,
        passed_on_at    timestamptz,
        resolved_at     timestamptz,
        version         integer NOT NULL DEFAULT 1,
        created_at      timestamptz NOT NULL,
        updated_at      timestamptz NOT NULL,
        CHECK ((answer IS NULL) = (answered_at IS NULL)),
        CHECK ((statement IS NULL) = (passed_on_at IS NULL)),
        CHECK ((state = 'RESOLVED') = (resolved_at IS NOT NULL)),
        CHECK (state <> 'ANSWERED' OR answered_at IS NOT NULL),
        CHECK (state <> 'PASSED_ON' OR passed_on_at IS NOT NULL)
      );
      CREATE INDEX concern_engagement ON concern (engagement_id, created_at);
      CREATE INDEX concern_passed_on ON concern (passed_on_at) WHERE passed_on_at IS NOT NULL;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE buying_record DROP CONSTRAINT buying_record_engagement;
      DROP TABLE concern, engagement_visitor, engagement_review, engagement_review_date, engagement_evidence, engagement_action,
        engagement_objective, engagement_school, engagement_person, engagement, sign_off_stand_in, school_plan;
    `);
  }
}
