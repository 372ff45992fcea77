import type { Actor } from '../../platform/actor.js';
import type { UnitOfWork } from '../../platform/database/index.js';
import { refuse, ValidationProblem } from '../../platform/problem.js';

export const MOST_PEOPLE = 50;

/**
 * The people of the school who see an engagement, each once; where not every lead does, whoever says so does.
 * @throws Refused with ValidationProblem unless all have a role in force in the school
 */
export async function peopleWhoSee(tx: UnitOfWork, actor: Actor, schoolUrn: number, allLeads: boolean, personIds: readonly string[]): Promise<string[]> {
  const named = [...new Set(allLeads ? personIds : [...personIds, actor.personId!])];
  const found = await tx.query(
    `SELECT DISTINCT person_id FROM membership
     WHERE person_id = ANY($1::uuid[]) AND school_urn = $2 AND role IN ('SCHOOL_LEAD', 'SCHOOL_STAFF') AND ended_at IS NULL AND confirmed_at IS NOT NULL`,
    [named, schoolUrn],
  );
  if (found.length !== named.length) refuse(new ValidationProblem([{ field: 'personIds', message: 'Choose people who have a role in the school.' }]));
  return named;
}

/** Makes these the people who see it. */
export async function namePeople(tx: UnitOfWork, engagementId: string, people: readonly string[]): Promise<void> {
  await tx.query('DELETE FROM engagement_person WHERE engagement_id = $1 AND person_id <> ALL($2::uuid[])', [engagementId, people]);
  await tx.query('INSERT INTO engagement_person (engagement_id, person_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING', [engagementId, people]);
}
