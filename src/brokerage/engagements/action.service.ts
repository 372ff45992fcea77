import { z } from 'zod';
import type { Actor } from '../../platform/actor.js';
import type { Database } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { once } from '../../platform/idempotency.js';
import { NotAllowed, NotAllowedInThisState, refuse } from '../../platform/problem.js';
import { dayPerhaps } from '../../platform/dates.js';
import { name, neededWords, validate } from '../../platform/validate.js';
import { checkRoom } from './engagement.contents.js';
import { sidesOf } from './engagement.process.js';
import { engagementOf, step } from './engagement.step.js';
import { Side } from './engagement.vocabulary.js';

const MOST_ACTIONS = 100;

const action = (now: Date) => z.object({
  what: neededWords('what is to be done', 500),
  owner: z.enum(Side),
  ownerName: name('The name', 200),
  dueOn: dayPerhaps('due', now, 'The day by which it is due').optional(),
});

export type NewAction = z.input<ReturnType<typeof action>>;

/** What is agreed that somebody does by a day. */
export class Actions {
  constructor(private readonly db: Database) {}

  /** @returns the id of the engagement. @throws Refused */
  async add(actor: Actor, engagementId: string, input: NewAction, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { action: input, engagementId }, async () => {
        const { what, owner, ownerName, dueOn } = validate(action(tx.now), input);
        await step(tx, engagementId, 'addAction', { actor });
        await checkRoom(tx, 'engagement_action', engagementId, MOST_ACTIONS);
        await tx.query('INSERT INTO engagement_action (id, engagement_id, what, owner, owner_name, due_on, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)', [
          newId(),
          engagementId,
          what,
          owner,
          ownerName,
          dueOn ?? null,
          tx.now,
        ]);
        return { type: 'Engagement', id: engagementId };
      });
      return id;
    });
  }

  /** Ticks an action off: its owner, or the school for anybody. @returns the id of the engagement. @throws Refused */
  async complete(actor: Actor, id: string): Promise<string> {
    return this.db.transaction(async (tx) => {
      const engagementId = await engagementOf(tx, actor, 'engagement_action', id);
      const sides = sidesOf(await step(tx, engagementId, 'completeAction', { actor }), actor);
      const [done] = await tx.query<{ owner: Side }>('UPDATE engagement_action SET done_at = $2, done_by = $3 WHERE id = $1 AND done_at IS NULL RETURNING owner', [id, tx.now, actor.personId]);
      if (!done) return refuse(new NotAllowedInThisState('This action is done already.'));
      if (!sides.includes('SCHOOL') && !sides.includes(done.owner)) refuse(new NotAllowed('Only who owns the action, or the school, can tick it off.'));
      return engagementId;
    });
  }
}
