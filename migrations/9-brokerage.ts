import type { MigrationInterface, QueryRunner } from 'typeorm';

const CATEGORIES = `'{LEADERSHIP_AND_MANAGEMENT,TEACHING_AND_LEARNING,CURRICULUM_AND_SUBJECTS,ASSESSMENT_AND_DATA,BEHAVIOUR_AND_ATTENDANCE,SEND_AND_INCLUSION,EARLY_YEARS,SAFEGUARDING_AND_WELLBEING,GOVERNANCE,FINANCE_AND_OPERATIONS}'::text[]`;

export class Brokerage1795000000009 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE request (
        id                   uuid PRIMARY KEY,
        school_urn           integer NOT NULL REFERENCES school,
        state                text NOT NULL CHECK (state IN ('DRAFT', 'AWAITING_SCHOOL', 'OPEN', 'AGREED', 'CLOSED_UNMET', 'WITHDRAWN', 'EXPIRED')),
        version              integer NOT NULL DEFAULT 1,
        created_at           timestamptz NOT NULL,
        updated_at           timestamptz NOT NULL,
        created_by           uuid NOT NULL REFERENCES person,
        -- a SIP's draft is the SIP's own until it has been submitted to the school
        drafted_by_sip       uuid REFERENCES person,
        submitted_at         timestamptz,
        -- the referral that it came from; no foreign key: referrals is a lower room
        referral_id          uuid,
        need                 text NOT NULL CHECK (need <> ''),
        objectives           text[] NOT NULL DEFAULT '{}',
        categories           text[] NOT NULL DEFAULT '{}' CHECK (categories <@ ${CATEGORIES}),
        phases               text[] NOT NULL DEFAULT '{}' CHECK (phases <@ '{NURSERY,PRIMARY,SECONDARY,SIXTEEN_PLUS}'::text[]),
        wanted_from          date,
        wanted_to            date,
        budget_pence         integer CHECK (budget_pence >= 0),
        tried_in_school      text NOT NULL DEFAULT '',
        tried_in_partnership text NOT NULL DEFAULT '',
        confidential         boolean NOT NULL DEFAULT false,
        shared_with_sip      boolean NOT NULL DEFAULT false,
        -- true: every lead of the school sees it; false: only the people in request_person
        all_leads            boolean NOT NULL DEFAULT true,
        closes_at            timestamptz,
        questions_until      timestamptz,
        opened_at            timestamptz,
        closed_at            timestamptz,
        -- proposals are sealed until the school begins to read them; from then on the closing date stands
        proposals_read_at    timestamptz,
        CONSTRAINT request_days CHECK (wanted_to >= wanted_from),
        CONSTRAINT request_submitted CHECK (state <> 'AWAITING_SCHOOL' OR num_nonnulls(drafted_by_sip, submitted_at) = 2),
        CONSTRAINT request_opened CHECK (state NOT IN ('OPEN', 'AGREED', 'CLOSED_UNMET') OR num_nonnulls(opened_at, closes_at, questions_until) = 3),
        CONSTRAINT request_closed CHECK ((state IN ('DRAFT', 'AWAITING_SCHOOL', 'OPEN')) = (closed_at IS NULL))
      );
      CREATE INDEX request_of_school ON request (school_urn, created_at DESC, id DESC);
      CREATE INDEX request_going_on ON request (state, updated_at) WHERE closed_at IS NULL;

      CREATE TABLE request_person (
        request_id uuid NOT NULL REFERENCES request,
        person_id  uuid NOT NULL REFERENCES person,
        PRIMARY KEY (request_id, person_id)
      );
      CREATE INDEX request_person_person ON request_person (person_id);

      CREATE TABLE request_school (
        request_id uuid NOT NULL REFERENCES request,
        school_urn integer NOT NULL REFERENCES school,
        -- null: asked to join, and sees no more than what it is asked
        joined_at  timestamptz,
        joined_by  uuid REFERENCES person,
        PRIMARY KEY (request_id, school_urn),
        CHECK ((joined_at IS NULL) = (joined_by IS NULL))
      );
      CREATE INDEX request_school_school ON request_school (school_urn);

      -- what the school thinks of inviting
      CREATE TABLE request_listing (
        request_id uuid NOT NULL REFERENCES request,
        listing_id uuid NOT NULL REFERENCES listing,
        PRIMARY KEY (request_id, listing_id)
      );

      CREATE TABLE invitation (
        id          uuid PRIMARY KEY,
        request_id  uuid NOT NULL REFERENCES request,
        provider_id uuid NOT NULL REFERENCES provider,
        listing_id  uuid REFERENCES listing,
        state       text NOT NULL CHECK (state IN ('SENT', 'OPENED', 'RESPONDED', 'DECLINED', 'EXPIRED', 'CANCELLED')),
        version     integer NOT NULL DEFAULT 1,
        created_at  timestamptz NOT NULL,
        updated_at  timestamptz NOT NULL,
        sent_by     uuid NOT NULL REFERENCES person,
        sent_at     timestamptz NOT NULL,
        opened_at   timestamptz,
        expires_at  timestamptz NOT NULL,
        UNIQUE (id, request_id, provider_id)
      );
      CREATE UNIQUE INDEX invitation_once ON invitation (request_id, provider_id) WHERE state IN ('SENT', 'OPENED', 'RESPONDED');
      CREATE INDEX invitation_of_request ON invitation (request_id, sent_at, id);
      CREATE INDEX invitation_of_provider ON invitation (provider_id, sent_at DESC, id DESC);
      CREATE INDEX invitation_due ON invitation (expires_at) WHERE state IN ('SENT', 'OPENED');

      CREATE TABLE question (
        id            uuid PRIMARY KEY,
        request_id    uuid NOT NULL REFERENCES request,
        invitation_id uuid NOT NULL REFERENCES invitation,
        text          text NOT NULL CHECK (text <> ''),
        asked_by      uuid NOT NULL REFERENCES person,
        asked_at      timestamptz NOT NULL,
        answer        text CHECK (answer <> ''),
        answered_by   uuid REFERENCES person,
        answered_at   timestamptz,
        CHECK (num_nonnulls(answer, answered_by, answered_at) IN (0, 3))
      );
      CREATE INDEX question_of_request ON question (request_id, asked_at, id);

      CREATE TABLE proposal (
        id            uuid PRIMARY KEY,
        request_id    uuid NOT NULL,
        invitation_id uuid NOT NULL,
        provider_id   uuid NOT NULL,
        state         text NOT NULL CHECK (state IN ('SUBMITTED', 'CHOSEN', 'NOT_CHOSEN', 'WITHDRAWN')),
        version       integer NOT NULL DEFAULT 1,
        created_at    timestamptz NOT NULL,
        updated_at    timestamptz NOT NULL,
        submitted_by  uuid NOT NULL REFERENCES person,
        summary       text NOT NULL CHECK (summary <> ''),
        outcome       text NOT NULL DEFAULT '',
        who_comes     text NOT NULL DEFAULT '',
        starts_on     date,
        ends_on       date,
        -- all prices in pence
        price_pence   integer NOT NULL CHECK (price_pence >= 0),
        vat           text NOT NULL CHECK (vat IN ('INCLUDED', 'ADDED', 'NOT_CHARGED')),
        travel_pence  integer NOT NULL DEFAULT 0 CHECK (travel_pence >= 0),
        works_with_pupils boolean NOT NULL DEFAULT false,
        CONSTRAINT proposal_days CHECK (ends_on >= starts_on),
        FOREIGN KEY (invitation_id, request_id, provider_id) REFERENCES invitation (id, request_id, provider_id)
      );
      CREATE UNIQUE INDEX proposal_once ON proposal (invitation_id) WHERE state <> 'WITHDRAWN';
      -- whatever happens at the same moment, a request has one choice
      CREATE UNIQUE INDEX proposal_chosen ON proposal (request_id) WHERE state = 'CHOSEN';
      CREATE INDEX proposal_of_request ON proposal (request_id, created_at, id);

      CREATE TABLE buying_record (
        engagement_id       uuid PRIMARY KEY,
        request_id          uuid NOT NULL UNIQUE REFERENCES request,
        chosen_proposal_id  uuid NOT NULL UNIQUE REFERENCES proposal,
        whole_cost_pence    bigint NOT NULL,
        price_pence         integer NOT NULL,
        vat                 text NOT NULL,
        travel_pence        integer NOT NULL,
        cover_pence         integer NOT NULL CHECK (cover_pence >= 0),
        reasons             text NOT NULL,
        -- empty: none to declare
        interests           text NOT NULL,
        approver_name       text NOT NULL CHECK (approver_name <> ''),
        approver_role       text NOT NULL,
        quotes              integer NOT NULL,
        quotes_needed       integer NOT NULL,
        fewer_quotes_reason text,
        governors_approval  boolean NOT NULL,
        -- who was invited, as it stood: [{ provider, invitation, pricePence, vat, travelPence }]
        invited             jsonb NOT NULL,
        made_by             uuid NOT NULL REFERENCES person,
        made_at             timestamptz NOT NULL,
        CONSTRAINT buying_record_quotes CHECK (quotes >= quotes_needed OR fewer_quotes_reason <> '')
      );

      CREATE TABLE purchase_limit (
        id                 uuid PRIMARY KEY,
        la_code            text REFERENCES local_authority,
        trust_id           text REFERENCES trust,
        -- it holds for whole costs above this
        over_pence         integer NOT NULL CHECK (over_pence >= 0),
        quotes             integer NOT NULL CHECK (quotes BETWEEN 1 AND 10),
        governors_approval boolean NOT NULL,
        CHECK (num_nonnulls(la_code, trust_id) = 1),
        UNIQUE (la_code, over_pence),
        UNIQUE (trust_id, over_pence)
      );
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE purchase_limit, buying_record, proposal, question, invitation, request_listing, request_school, request_person, request');
  }
}
