import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Referrals1795000000011 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      -- The terms of a school year are written whole: what lies between them is holiday.
      CREATE TABLE term_date (
        la_code     text NOT NULL REFERENCES local_authority,
        -- the calendar year in which the school year begins: 2026 for 2026/27
        school_year integer NOT NULL CHECK (school_year BETWEEN 2000 AND 2100),
        name        text NOT NULL CHECK (name <> ''),
        starts_on   date NOT NULL,
        ends_on     date NOT NULL,
        PRIMARY KEY (la_code, school_year, starts_on),
        CONSTRAINT term_date_order CHECK (starts_on <= ends_on),
        CONSTRAINT term_date_year CHECK (starts_on >= make_date(school_year, 8, 1) AND ends_on <= make_date(school_year + 1, 8, 31)),
        CONSTRAINT term_date_overlap EXCLUDE USING gist (la_code WITH =, daterange(starts_on, ends_on, '[]') WITH &&)
      );

      CREATE TABLE la_setting (
        la_code          text PRIMARY KEY REFERENCES local_authority,
        -- whether SIPs of other LAs may ask its SIPs for suggestions
        open_suggestions boolean NOT NULL DEFAULT false
      );

      CREATE TABLE visit (
        id         uuid PRIMARY KEY,
        school_urn integer NOT NULL REFERENCES school,
        sip_id     uuid NOT NULL REFERENCES person,
        state      text NOT NULL CHECK (state IN ('PLANNED', 'HELD', 'CANCELLED')),
        visit_on   date NOT NULL,
        focus      text NOT NULL CHECK (focus <> ''),
        note       text NOT NULL DEFAULT '',
        version    integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        UNIQUE (id, school_urn, sip_id),
        CONSTRAINT visit_held CHECK ((state = 'HELD') = (note <> ''))
      );
      CREATE INDEX visit_school ON visit (school_urn, visit_on DESC, id DESC);
      CREATE INDEX visit_sip ON visit (sip_id, visit_on DESC, id DESC);

      CREATE TABLE agenda_point (
        id       uuid PRIMARY KEY,
        visit_id uuid NOT NULL REFERENCES visit,
        text     text NOT NULL CHECK (text <> ''),
        put_by   uuid NOT NULL REFERENCES person,
        put_at   timestamptz NOT NULL
      );
      CREATE INDEX agenda_point_visit ON agenda_point (visit_id, id);

      CREATE TABLE shortlist (
        id         uuid PRIMARY KEY,
        sip_id     uuid NOT NULL REFERENCES person,
        school_urn integer NOT NULL REFERENCES school,
        visit_id   uuid,
        created_at timestamptz NOT NULL,
        CONSTRAINT shortlist_once UNIQUE NULLS NOT DISTINCT (sip_id, school_urn, visit_id),
        FOREIGN KEY (visit_id, school_urn, sip_id) REFERENCES visit (id, school_urn, sip_id)
      );
      CREATE TABLE shortlist_item (
        id            uuid PRIMARY KEY,
        shortlist_id  uuid NOT NULL REFERENCES shortlist,
        listing_id    uuid NOT NULL REFERENCES listing,
        -- as they stood: a listing taken down is still known to whoever wrote it down
        title         text NOT NULL,
        provider_name text NOT NULL,
        reason        text NOT NULL,
        added_at      timestamptz NOT NULL,
        UNIQUE (shortlist_id, listing_id)
      );

      CREATE TABLE referral (
        id             uuid PRIMARY KEY,
        school_urn     integer NOT NULL REFERENCES school,
        sip_id         uuid NOT NULL REFERENCES person,
        visit_id       uuid,
        state          text NOT NULL CHECK (state IN ('SENT', 'ACCEPTED', 'DECLINED', 'EXPIRED', 'WITHDRAWN')),
        message        text NOT NULL,
        -- ids in order, so that the same referral cannot wait for an answer twice
        listing_ids    uuid[] NOT NULL CHECK (cardinality(listing_ids) BETWEEN 1 AND 5),
        -- for the SIP alone, which is why it is not in the history
        decline_reason text,
        -- no foreign key needed: it is written with the draft that it names
        request_id     uuid UNIQUE,
        version        integer NOT NULL DEFAULT 1,
        created_at     timestamptz NOT NULL,
        updated_at     timestamptz NOT NULL,
        expires_at     timestamptz NOT NULL,
        answered_at    timestamptz,
        FOREIGN KEY (visit_id, school_urn, sip_id) REFERENCES visit (id, school_urn, sip_id),
        CONSTRAINT referral_answered CHECK ((state IN ('ACCEPTED', 'DECLINED')) = (answered_at IS NOT NULL)),
        CONSTRAINT referral_declined CHECK (decline_reason IS NULL OR state = 'DECLINED'),
        CONSTRAINT referral_draft CHECK (request_id IS NULL OR state = 'ACCEPTED')
      );
      CREATE UNIQUE INDEX referral_waiting_once ON referral (sip_id, school_urn, listing_ids) WHERE state = 'SENT';
      CREATE INDEX referral_school ON referral (school_urn, created_at DESC, id DESC);
      CREATE INDEX referral_sip ON referral (sip_id, created_at DESC, id DESC);
      CREATE INDEX referral_expires ON referral (expires_at) WHERE state = 'SENT';

      CREATE TABLE referral_listing (
        referral_id   uuid NOT NULL REFERENCES referral,
        listing_id    uuid NOT NULL REFERENCES listing,
        nth           integer NOT NULL CHECK (nth BETWEEN 1 AND 5),
        title         text NOT NULL,
        provider_name text NOT NULL,
        reason        text NOT NULL DEFAULT '',
        PRIMARY KEY (referral_id, listing_id),
        UNIQUE (referral_id, nth)
      );

      -- Never changed, only ended: what was shown to a school can be shown again.
      CREATE TABLE interest (
        id          uuid PRIMARY KEY,
        person_id   uuid NOT NULL REFERENCES person,
        provider_id uuid NOT NULL REFERENCES provider,
        what        text NOT NULL CHECK (what <> ''),
        declared_at timestamptz NOT NULL,
        ended_at    timestamptz
      );
      CREATE INDEX interest_person ON interest (person_id, provider_id);

      CREATE TABLE suggestion_request (
        id         uuid PRIMARY KEY,
        asked_by   uuid NOT NULL REFERENCES person,
        -- the LA for which whoever asks is a SIP
        la_code    text NOT NULL REFERENCES local_authority,
        state      text NOT NULL CHECK (state IN ('OPEN', 'CLOSED', 'EXPIRED')),
        question   text NOT NULL CHECK (question <> ''),
        category   text,
        phase      text,
        version    integer NOT NULL DEFAULT 1,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        CHECK (category IN ('LEADERSHIP_AND_MANAGEMENT', 'TEACHING_AND_LEARNING', 'CURRICULUM_AND_SUBJECTS', 'ASSESSMENT_AND_DATA', 'BEHAVIOUR_AND_ATTENDANCE', 'SEND_AND_INCLUSION', 'EARLY_YEARS', 'SAFEGUARDING_AND_WELLBEING', 'GOVERNANCE', 'FINANCE_AND_OPERATIONS')),
        CHECK (phase IN ('NURSERY', 'PRIMARY', 'SECONDARY', 'SIXTEEN_PLUS'))
      );
      CREATE INDEX suggestion_request_asked_by ON suggestion_request (asked_by, created_at DESC, id DESC);
      CREATE INDEX suggestion_request_expires ON suggestion_request (expires_at) WHERE state = 'OPEN';

      CREATE TABLE suggestion_request_la (
        request_id uuid NOT NULL REFERENCES suggestion_request,
        la_code    text NOT NULL REFERENCES local_authority,
        PRIMARY KEY (request_id, la_code)
      );
      CREATE INDEX suggestion_request_la_code ON suggestion_request_la (la_code, request_id);

      CREATE TABLE suggestion (
        id            uuid PRIMARY KEY,
        request_id    uuid NOT NULL REFERENCES suggestion_request,
        listing_id    uuid NOT NULL REFERENCES listing,
        title         text NOT NULL,
        provider_name text NOT NULL,
        reason        text NOT NULL CHECK (reason <> ''),
        suggested_by  uuid NOT NULL REFERENCES person,
        suggested_at  timestamptz NOT NULL,
        CONSTRAINT suggestion_once UNIQUE (request_id, suggested_by, listing_id)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE suggestion, suggestion_request_la, suggestion_request, interest, referral_listing, referral, shortlist_item, shortlist, agenda_point, visit,
        la_setting, term_date;
    `);
  }
}
