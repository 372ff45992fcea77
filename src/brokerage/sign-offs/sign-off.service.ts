import { type Actor, isOfficerOf, leadsSchool } from '../../platform/actor.js';
import type { Database } from '../../platform/database/index.js';
import { NotAllowed, refuse, ValidationProblem, whatIsMissing } from '../../platform/problem.js';

/** Which schools need a signature under what they agree, and who gives it where there is no SIP. */
export class SignOffs {
  constructor(private readonly db: Database) {}

  /** The school says whether its plan needs its SIP's signature; it holds for what is agreed from now on. @throws Refused */
  async setPlan(actor: Actor, schoolUrn: number, needed: boolean): Promise<void> {
    await this.db.transaction(async (tx) => {
      const [school] = await tx.query('SELECT FROM school WHERE urn = $1', [schoolUrn]);
      if (!school) refuse(whatIsMissing('school'));
      if (!leadsSchool(actor, schoolUrn)) refuse(new NotAllowed('Only a lead of the school (head, chair of governors or business manager) can say what its plan needs.'));
      await tx.query(
        `INSERT INTO school_plan (school_urn, sign_off_needed, set_by, set_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (school_urn) DO UPDATE SET sign_off_needed = excluded.sign_off_needed, set_by = excluded.set_by, set_at = excluded.set_at`,
        [schoolUrn, needed, actor.personId, tx.now],
      );
    });
  }

  /** An officer says who signs for the LA's schools that have no SIP; null for nobody. @throws Refused */
  async setStandIn(actor: Actor, laCode: string, personId: string | null): Promise<void> {
    await this.db.transaction(async (tx) => {
      const [la] = await tx.query('SELECT FROM living_authority WHERE code = $1', [laCode]);
      if (!la) refuse(whatIsMissing('local authority'));
      if (!isOfficerOf(actor, laCode)) refuse(new NotAllowed('Only an officer of the local authority can say who stands in.'));
      if (personId === null) return void (await tx.query('DELETE FROM sign_off_stand_in WHERE la_code = $1', [laCode]));
      const [entitled] = await tx.query(
        `SELECT FROM membership WHERE person_id = $1 AND la_code = $2 AND role IN ('SIP', 'LA_OFFICER') AND ended_at IS NULL AND confirmed_at IS NOT NULL`,
        [personId, laCode],
      );
      if (!entitled) refuse(new ValidationProblem([{ field: 'personId', message: 'Choose a School Improvement Partner or an officer of the local authority.' }]));
      await tx.query(
        `INSERT INTO sign_off_stand_in (la_code, person_id, set_by, set_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (la_code) DO UPDATE SET person_id = excluded.person_id, set_by = excluded.set_by, set_at = excluded.set_at`,
        [laCode, personId, actor.personId, tx.now],
      );
    });
  }
}
