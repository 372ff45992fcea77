import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who leaves hands on what hangs on the role. Roles tell of themselves: who asked and who answered, who left and who took
 * over. A signature is asked for again where the price changes, and a change that nobody answered ends with the support.
 */
export class Leavers1795000000027 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      ALTER TABLE membership
        ADD COLUMN successor_id uuid REFERENCES person,
        -- what was handed on, in words, such as '2 planned visits'; null where nothing was
        ADD COLUMN handed_on    text;
      ALTER TABLE sip_assignment
        ADD COLUMN ended_by     uuid REFERENCES person,
        ADD COLUMN successor_id uuid REFERENCES person,
        ADD COLUMN handed_on    text;

      -- What somebody is told of themselves is not told in a role: they may not hold one yet, or not any more.
      ALTER TABLE notice DROP CONSTRAINT notice_as_kind_check;
      ALTER TABLE notice ADD CONSTRAINT notice_as_kind_check CHECK (as_kind IN ('SCHOOL', 'PROVIDER', 'LOCAL_AUTHORITY', 'SIP', 'SIGNPOST', 'PERSON')) NOT VALID;

      -- A planned visit passes to another SIP. What was written down or sent for it stays with whoever wrote it.
      ALTER TABLE visit ADD CONSTRAINT visit_of_school UNIQUE (id, school_urn);
      ALTER TABLE shortlist DROP CONSTRAINT shortlist_visit_id_school_urn_sip_id_fkey;
      ALTER TABLE shortlist ADD CONSTRAINT shortlist_visit FOREIGN KEY (visit_id, school_urn) REFERENCES visit (id, school_urn);
      ALTER TABLE referral DROP CONSTRAINT referral_visit_id_school_urn_sip_id_fkey;
      ALTER TABLE referral ADD CONSTRAINT referral_visit FOREIGN KEY (visit_id, school_urn) REFERENCES visit (id, school_urn);
      -- who reads the answer where the SIP who sent it has left; the interests shown with it stay those of the sender
      ALTER TABLE referral ADD COLUMN handed_to uuid REFERENCES person;

      ALTER TABLE engagement
        -- the price has changed since it was signed, while the support was under way already
        ADD COLUMN sign_again boolean NOT NULL DEFAULT false,
        ADD CONSTRAINT engagement_sign_again CHECK (NOT sign_again OR needs_sign_off AND shared_with_sip AND state IN ('IN_PROGRESS', 'ENDED_EARLY'));

      ALTER TABLE engagement_change DROP CONSTRAINT engagement_change_answer_check;
      ALTER TABLE engagement_change ADD CONSTRAINT engagement_change_answer_check CHECK (answer IN ('ACCEPTED', 'DECLINED', 'WITHDRAWN', 'LAPSED'));
      UPDATE engagement_change c SET answer = 'LAPSED', answered_at = e.finished_at FROM engagement e
      WHERE e.id = c.engagement_id AND c.answer IS NULL AND e.state IN ('COMPLETED', 'ENDED_EARLY');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      UPDATE engagement_change SET answer = 'WITHDRAWN' WHERE answer = 'LAPSED';
      ALTER TABLE engagement_change DROP CONSTRAINT engagement_change_answer_check;
      ALTER TABLE engagement_change ADD CONSTRAINT engagement_change_answer_check CHECK (answer IN ('ACCEPTED', 'DECLINED', 'WITHDRAWN'));
      ALTER TABLE engagement DROP CONSTRAINT engagement_sign_again, DROP COLUMN sign_again;
      ALTER TABLE referral DROP COLUMN handed_to, DROP CONSTRAINT referral_visit;
      ALTER TABLE referral ADD CONSTRAINT referral_visit_id_school_urn_sip_id_fkey FOREIGN KEY (visit_id, school_urn, sip_id) REFERENCES visit (id, school_urn, sip_id) NOT VALID;
      ALTER TABLE shortlist DROP CONSTRAINT shortlist_visit;
      ALTER TABLE shortlist ADD CONSTRAINT shortlist_visit_id_school_urn_sip_id_fkey FOREIGN KEY (visit_id, school_urn, sip_id) REFERENCES visit (id, school_urn, sip_id) NOT VALID;
      ALTER TABLE visit DROP CONSTRAINT visit_of_school;
      DELETE FROM notice WHERE as_kind = 'PERSON';
      ALTER TABLE notice DROP CONSTRAINT notice_as_kind_check;
      ALTER TABLE notice ADD CONSTRAINT notice_as_kind_check CHECK (as_kind IN ('SCHOOL', 'PROVIDER', 'LOCAL_AUTHORITY', 'SIP', 'SIGNPOST'));
      ALTER TABLE sip_assignment DROP COLUMN ended_by, DROP COLUMN successor_id, DROP COLUMN handed_on;
      ALTER TABLE membership DROP COLUMN successor_id, DROP COLUMN handed_on;
    `);
  }
}
