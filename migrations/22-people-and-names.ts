import { domainToASCII } from 'node:url';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { EXCUSE_WHAT_STANDS } from './21-interests.js';

/**
 * The history keeps the name that a person had, and so does everything else that tells who did something, by the names
 * that people had before. A role that is offered waits for its person. A name like another’s waits for an officer.
 * An e-mail address is kept in one form.
 */
export class PeopleAndNames1795000000022 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE history ADD COLUMN person_name text;

      -- By a trigger, so that the version before, which does not know the column, fills it too.
      CREATE FUNCTION name_in_history() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.person_name := coalesce(NEW.person_name, (SELECT nullif(name, '') FROM person WHERE id = NEW.person_id));
        RETURN NEW;
      END $$;
      CREATE TRIGGER history_person_name BEFORE INSERT ON history FOR EACH ROW WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION name_in_history();

      -- What is there gets the present names: earlier ones were not kept. The table is locked by the new column already.
      ALTER TABLE history DISABLE TRIGGER history_append_only;
      UPDATE history SET person_name = nullif(person.name, '') FROM person WHERE person.id = history.person_id AND person.name <> '';
      ALTER TABLE history ENABLE TRIGGER history_append_only;

      CREATE TABLE former_name (
        person_id uuid NOT NULL REFERENCES person,
        until     timestamptz NOT NULL,
        name      text NOT NULL CHECK (name <> ''),
        PRIMARY KEY (person_id, until)
      );
      -- The name that a person had at a moment; who had none yet is called as they called themselves first.
      CREATE FUNCTION name_at(the_person uuid, moment timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
        SELECT coalesce((SELECT f.name FROM former_name f WHERE f.person_id = the_person AND f.until > moment ORDER BY f.until LIMIT 1),
                        (SELECT p.name FROM person p WHERE p.id = the_person))
      $$;

      ALTER TABLE membership
        ADD COLUMN offered_at    timestamptz,
        ADD COLUMN offered_by    uuid REFERENCES person,
        -- the address as it was when the role was offered: all that the granter knows before it is accepted
        ADD COLUMN offered_email text,
        ADD COLUMN accepted_at   timestamptz,
        ADD CONSTRAINT membership_offered CHECK (num_nulls(offered_at, offered_by, offered_email) IN (0, 3)),
        -- whoever confirms, also by the version before: an offer is in force only once its person has accepted it
        ADD CONSTRAINT membership_accepted CHECK (offered_at IS NULL OR confirmed_at IS NULL OR accepted_at IS NOT NULL);

      ALTER TABLE provider
        -- names of providers and local authorities that its own was found to be like when it was last judged
        ADD COLUMN alike_names text[] NOT NULL DEFAULT '{}',
        -- the name that an officer confirmed although it is like another
        ADD COLUMN confirmed_name text,
        ADD COLUMN name_confirmed_at timestamptz,
        ADD COLUMN name_confirmed_by uuid REFERENCES person;
      -- Who is in the directory already stays as confirmed, so that nobody is held up by a name that they have long had.
      UPDATE provider SET confirmed_name = name WHERE state IN ('LISTED', 'SUSPENDED', 'LAPSED');

      CREATE TABLE email_change (
        id              uuid PRIMARY KEY,
        person_id       uuid NOT NULL REFERENCES person,
        old_email       text NOT NULL,
        new_email       text NOT NULL,
        old_code_hash   bytea NOT NULL,
        new_code_hash   bytea NOT NULL,
        requested_at    timestamptz NOT NULL,
        expires_at      timestamptz NOT NULL,
        tries_left      integer NOT NULL CHECK (tries_left >= 0),
        ended_at        timestamptz
      );
      CREATE UNIQUE INDEX email_change_open ON email_change (person_id) WHERE ended_at IS NULL;
      CREATE INDEX email_change_expires ON email_change (expires_at);
    `);
    await normaliseAddresses(db);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      DROP TABLE email_change;
      ALTER TABLE provider DROP COLUMN alike_names, DROP COLUMN confirmed_name, DROP COLUMN name_confirmed_at, DROP COLUMN name_confirmed_by;
      ALTER TABLE membership DROP COLUMN offered_at, DROP COLUMN offered_by, DROP COLUMN offered_email, DROP COLUMN accepted_at;
      DROP FUNCTION name_at;
      DROP TABLE former_name;
      DROP TRIGGER history_person_name ON history;
      DROP FUNCTION name_in_history;
      ALTER TABLE history DROP COLUMN person_name;
    `);
  }
}

/**
 * Brings each person’s address, and those of contacts, into the form in which new ones are kept. Nobody is merged: where
 * another person has the normal form already, this one keeps theirs, with roles and history, and cannot sign in by it any
 * more, since whoever types it now is the other. Both have the same mailbox; those who gave the roles can give them to the
 * other, and end these. What that makes stand against recommendations counts on for a time, as all that stood already does.
 */
async function normaliseAddresses(db: QueryRunner): Promise<void> {
  const odd = (await db.query(`SELECT id, email FROM person WHERE email ~ '[^ -~]' ORDER BY created_at, id`)) as { id: string; email: string }[];
  for (const { id, email } of odd) {
    const normal = normalForm(email);
    if (!normal) continue;
    const [others] = (await db.query('SELECT count(*)::int AS count FROM person WHERE email = $1 AND id <> $2', [normal, id])) as { count: number }[];
    if (others!.count === 0) await db.query('UPDATE person SET email = $2 WHERE id = $1', [id, normal]);
    else await db.query('INSERT INTO former_mailbox (person_id, mailbox, left_at) VALUES ($1, mailbox($2), now()) ON CONFLICT DO NOTHING', [id, normal]);
  }
  for (const table of ['provider', 'listing']) {
    const contacts = (await db.query(`SELECT DISTINCT contact_email AS email FROM ${table} WHERE contact_email ~ '[^ -~]'`)) as { email: string }[];
    for (const { email } of contacts) {
      const normal = normalForm(email);
      if (normal) await db.query(`UPDATE ${table} SET contact_email = $2 WHERE contact_email = $1`, [email, normal]);
    }
  }
  await db.query(EXCUSE_WHAT_STANDS);
}

/** The address with its domain as it is sent over the wire; null where that is none. */
function normalForm(email: string): string | null {
  const at = email.lastIndexOf('@');
  const domain = domainToASCII(email.slice(at + 1));
  return domain === '' ? null : `${email.slice(0, at).normalize('NFC')}@${domain}`;
}
