import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Identity1795000000003 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE person (
        id         uuid PRIMARY KEY,
        email      text NOT NULL UNIQUE CHECK (email = lower(email)),
        name       text NOT NULL DEFAULT '',
        created_at timestamptz NOT NULL
      );

      CREATE TABLE membership (
        id           uuid PRIMARY KEY,
        person_id    uuid NOT NULL REFERENCES person,
        role         text NOT NULL,
        school_urn   integer REFERENCES school,
        trust_id     text REFERENCES trust,
        la_code      text REFERENCES local_authority,
        provider_id  uuid,
        title        text NOT NULL DEFAULT '',
        -- null: asked for, and worth nothing until somebody entitled confirms it
        confirmed_at timestamptz,
        confirmed_by uuid REFERENCES person,
        created_at   timestamptz NOT NULL,
        ended_at     timestamptz,
        CONSTRAINT membership_scope CHECK (
          CASE role
            WHEN 'SCHOOL_LEAD'     THEN school_urn IS NOT NULL AND num_nonnulls(trust_id, la_code, provider_id) = 0
            WHEN 'SCHOOL_STAFF'    THEN school_urn IS NOT NULL AND num_nonnulls(trust_id, la_code, provider_id) = 0
            WHEN 'TRUST_LEAD'      THEN trust_id IS NOT NULL AND num_nonnulls(school_urn, la_code, provider_id) = 0
            WHEN 'SIP'             THEN la_code IS NOT NULL AND num_nonnulls(school_urn, trust_id, provider_id) = 0
            WHEN 'LA_OFFICER'      THEN la_code IS NOT NULL AND num_nonnulls(school_urn, trust_id, provider_id) = 0
            WHEN 'PROVIDER_ADMIN'  THEN provider_id IS NOT NULL AND num_nonnulls(school_urn, trust_id, la_code) = 0
            WHEN 'PROVIDER_EDITOR' THEN provider_id IS NOT NULL AND num_nonnulls(school_urn, trust_id, la_code) = 0
            WHEN 'SYSTEM_ADMIN'    THEN num_nonnulls(school_urn, trust_id, la_code, provider_id) = 0
            ELSE false
          END)
      );
      CREATE UNIQUE INDEX membership_once ON membership (person_id, role, coalesce(school_urn::text, trust_id, la_code, provider_id::text, ''))
        WHERE ended_at IS NULL;
      CREATE INDEX membership_school ON membership (school_urn) WHERE ended_at IS NULL;
      CREATE INDEX membership_provider ON membership (provider_id) WHERE ended_at IS NULL;
      CREATE INDEX membership_la ON membership (la_code) WHERE ended_at IS NULL;

      CREATE TABLE sip_assignment (
        id         uuid PRIMARY KEY,
        person_id  uuid NOT NULL REFERENCES person,
        school_urn integer NOT NULL REFERENCES school,
        started_at timestamptz NOT NULL,
        ended_at   timestamptz
      );
      CREATE UNIQUE INDEX sip_assignment_once ON sip_assignment (person_id, school_urn) WHERE ended_at IS NULL;
      CREATE INDEX sip_assignment_school ON sip_assignment (school_urn) WHERE ended_at IS NULL;

      CREATE TABLE sign_in_code (
        id         uuid PRIMARY KEY,
        email      text NOT NULL,
        code_hash  bytea NOT NULL,
        expires_at timestamptz NOT NULL,
        tries_left integer NOT NULL CHECK (tries_left >= 0),
        used_at    timestamptz
      );
      CREATE INDEX sign_in_code_email ON sign_in_code (email, expires_at);

      CREATE TABLE session (
        token_hash   bytea PRIMARY KEY,
        person_id    uuid NOT NULL REFERENCES person,
        created_at   timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        expires_at   timestamptz NOT NULL
      );
      CREATE INDEX session_person ON session (person_id);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('DROP TABLE session, sign_in_code, sip_assignment, membership, person');
  }
}
