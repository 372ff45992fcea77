import { system } from '../platform/actor.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { move } from '../platform/process/index.js';
import { openSuccessors } from '../schools/index.js';
import { type RecommendationFacts, recommendationProcess } from './recommendation.process.js';

/** An invitation to a school that has become another is its successor's; where that cannot be said, it ends with a word. */
export async function passInvitationsOn(db: Database): Promise<void> {
  const waiting = await db.transaction((tx) =>
    tx.query<{ id: string; successors: number[] }>(
      `SELECT * FROM (SELECT r.id, ${openSuccessors('r.school_urn')} AS successors FROM recommendation r WHERE r.state = 'INVITED') waiting WHERE cardinality(successors) > 0`,
    ),
  );
  for (const { id, successors } of waiting) {
    await db.transaction(async (tx) => {
      const [facts] = await lockedFacts(tx, id);
      if (facts?.state !== 'INVITED') return; // answered meanwhile
      const [successor] = successors;
      const taken = await tx.query(
        `SELECT FROM recommendation other WHERE other.provider_id = $1 AND other.school_urn = $2 AND other.state IN ('INVITED', 'GIVEN', 'FLAGGED') UNION ALL SELECT WHERE $2 = $3`,
        [facts.providerId, successor, facts.providerSchoolUrn],
      );
      if (successors.length > 1 || taken.length > 0) await move(tx, recommendationProcess, id, 'endWithSchool', { actor: system });
      else await move(tx, recommendationProcess, id, 'passOn', { actor: system, set: { school_urn: successor } });
    });
  }
}

/** The other providers that the same school or person recommends: what is judged here may have to be looked at there. */
export async function providersOfTheSame(tx: UnitOfWork, id: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(
    `SELECT DISTINCT other.provider_id AS id FROM recommendation r JOIN recommendation other ON other.provider_id <> r.provider_id AND other.state IN ('GIVEN', 'FLAGGED')
     WHERE r.id = $1 AND (other.school_urn = ANY(schools_in(ARRAY['school:' || r.school_urn]))
       OR other.given_by IN (SELECT person_id FROM known_by WHERE mailbox = ANY(mailboxes_of(r.given_by))))`,
    [id],
  );
  return rows.map((row) => row.id);
}

export async function lockedFacts(tx: UnitOfWork, id: string): Promise<RecommendationFacts[]> {
  await tx.query(recommendationProcess.lock, [id]);
  return recommendationProcess.facts(tx, [id], system);
}
