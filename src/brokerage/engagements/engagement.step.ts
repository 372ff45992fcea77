import type { Actor } from '../../platform/actor.js';
import type { UnitOfWork } from '../../platform/database/index.js';
import { refuse, whatIsMissing } from '../../platform/problem.js';
import { move, type Move } from '../../platform/process/index.js';
import { type EngagementFacts, factsOfEngagements } from './engagement.facts.js';
import { engagementProcess } from './engagement.process.js';
import { engagementIsVisible, engagementValues, seesEngagement } from './engagement.visibility.js';

/**
 * Takes a step of an engagement that the actor may see; it is locked from then on.
 * @returns the facts as they were before
 * @throws Refused with NotFound, and as `move`
 */
export async function step(tx: UnitOfWork, id: string, transition: string, by: Move): Promise<EngagementFacts> {
  await lock(tx, by.actor, id);
  return move(tx, engagementProcess, id, transition, by);
}

/** Locks an engagement that the actor may see. @throws Refused with NotFound */
export async function lockVisible(tx: UnitOfWork, actor: Actor, id: string): Promise<EngagementFacts> {
  await lock(tx, actor, id);
  return (await factsOfEngagements(tx, [id], actor))[0]!;
}

async function lock(tx: UnitOfWork, actor: Actor, id: string): Promise<void> {
  await tx.query(engagementProcess.lock, [id]);
  if (!(await engagementIsVisible(tx, actor, id))) refuse(whatIsMissing('engagement'));
}

/** The id of the engagement of an action or of evidence that the actor may see. @throws Refused with NotFound */
export async function engagementOf(tx: UnitOfWork, actor: Actor, table: 'engagement_action' | 'engagement_evidence', id: string): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    `SELECT e.id FROM ${table} part JOIN engagement e ON e.id = part.engagement_id WHERE part.id = $8 AND ${seesEngagement('e')}`,
    [...engagementValues(actor), id],
  );
  return row?.id ?? refuse(whatIsMissing(table === 'engagement_action' ? 'action' : 'evidence'));
}
