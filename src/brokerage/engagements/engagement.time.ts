import { system } from '../../platform/actor.js';
import { londonDay } from '../../platform/clock.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { mayHappen, move } from '../../platform/process/index.js';
import { engagementProcess } from './engagement.process.js';

/** Job: starts what begins today and tells of what falls due. */
export async function passTimeForEngagements(db: Database): Promise<void> {
  const today = londonDay(await db.transaction(async ({ now }) => now));
  const starting = await db.query<{ id: string }>(STARTING, [today]);
  for (const { id } of starting) await db.transaction((tx) => startOnDay(tx, id));
  const due = await db.query<{ id: string }>(DUE, [today]);
  for (const { id } of due) await db.transaction((tx) => fallDue(tx, id));
}

const STARTING = `
  SELECT id FROM engagement
  WHERE state = 'AGREED' AND starts_on <= $1 AND (origin <> 'RECORDED' OR confirmed_at IS NOT NULL) AND (NOT pupils_concerned OR safeguarding_confirmed_at IS NOT NULL)
  ORDER BY id`;

async function startOnDay(tx: UnitOfWork, id: string): Promise<void> {
  await tx.query(engagementProcess.lock, [id]);
  const [facts] = await engagementProcess.facts(tx, [id], system);
  if (!facts || !mayHappen(engagementProcess.transitions['startOnDay']!, facts, system, tx.now)) return;
  await move(tx, engagementProcess, id, 'startOnDay', { actor: system, set: { started_at: tx.now } });
}

const GOING_ON = `EXISTS (SELECT FROM engagement e WHERE e.id = engagement_id AND e.state IN ('AGREED', 'IN_PROGRESS'))`;
const DUE = `
  SELECT engagement_id AS id FROM engagement_action WHERE due_on <= $1 AND done_at IS NULL AND NOT told_due AND ${GOING_ON}
  UNION SELECT engagement_id FROM engagement_evidence WHERE due_on <= $1 AND given_at IS NULL AND NOT told_due AND ${GOING_ON}
  UNION SELECT engagement_id FROM engagement_review_date WHERE due_on <= $1 AND NOT told_due AND ${GOING_ON}
  UNION SELECT id FROM engagement WHERE state = 'IN_PROGRESS' AND ends_on < $1 AND NOT told_end
  ORDER BY id`;

/** Tells once of all that has fallen due. */
async function fallDue(tx: UnitOfWork, id: string): Promise<void> {
  await tx.query(engagementProcess.lock, [id]);
  const [facts] = await engagementProcess.facts(tx, [id], system);
  if (!facts || !mayHappen(engagementProcess.transitions['fallDue']!, facts, system, tx.now)) return;
  const [marked] = await tx.query<{ any: boolean }>(
    `WITH actions AS (UPDATE engagement_action SET told_due = true WHERE engagement_id = $1 AND due_on <= $2 AND done_at IS NULL AND NOT told_due RETURNING 1),
          evidence AS (UPDATE engagement_evidence SET told_due = true WHERE engagement_id = $1 AND due_on <= $2 AND given_at IS NULL AND NOT told_due RETURNING 1),
          reviews AS (UPDATE engagement_review_date SET told_due = true WHERE engagement_id = $1 AND due_on <= $2 AND NOT told_due RETURNING 1),
          ends AS (UPDATE engagement SET told_end = true WHERE id = $1 AND state = 'IN_PROGRESS' AND ends_on < $2 AND NOT told_end RETURNING 1)
     SELECT EXISTS (TABLE actions UNION ALL TABLE evidence UNION ALL TABLE reviews UNION ALL TABLE ends) AS any`,
    [id, londonDay(tx.now)],
  );
  if (marked!.any) await move(tx, engagementProcess, id, 'fallDue', { actor: system });
}
