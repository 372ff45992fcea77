import { z } from 'zod';
import type { Actor } from '../../platform/actor.js';
import type { Database } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { once } from '../../platform/idempotency.js';
import { NotAllowedInThisState, refuse } from '../../platform/problem.js';
import { dayPerhaps } from '../../platform/dates.js';
import { neededWords, validate, webAddress } from '../../platform/validate.js';
import { checkRoom } from './engagement.contents.js';
import { engagementOf, step } from './engagement.step.js';

const MOST_EVIDENCE = 50;

const wanted = (now: Date) => z.object({ wanted: neededWords('what will show whether it worked', 500), dueOn: dayPerhaps('due', now, 'The day by which it is due').optional() });
const given = z.object({ given: neededWords('what it shows', 2000), link: webAddress('The link').optional() });

export type WantedEvidence = z.input<ReturnType<typeof wanted>>;
export type GivenEvidence = z.input<typeof given>;

/** What will show whether it worked: asked for as it is agreed, given as it comes. */
export class Evidence {
  constructor(private readonly db: Database) {}

  /** @returns the id of the engagement. @throws Refused */
  async want(actor: Actor, engagementId: string, input: WantedEvidence, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { evidence: input, engagementId }, async () => {
        const evidence = validate(wanted(tx.now), input);
        await step(tx, engagementId, 'addEvidence', { actor });
        await checkRoom(tx, 'engagement_evidence', engagementId, MOST_EVIDENCE);
        await tx.query('INSERT INTO engagement_evidence (id, engagement_id, wanted, due_on, created_at) VALUES ($1, $2, $3, $4, $5)', [
          newId(),
          engagementId,
          evidence.wanted,
          evidence.dueOn ?? null,
          tx.now,
        ]);
        return { type: 'Engagement', id: engagementId };
      });
      return id;
    });
  }

  /** @returns the id of the engagement. @throws Refused */
  async give(actor: Actor, id: string, input: GivenEvidence): Promise<string> {
    const evidence = validate(given, input);
    return this.db.transaction(async (tx) => {
      const engagementId = await engagementOf(tx, actor, 'engagement_evidence', id);
      await step(tx, engagementId, 'giveEvidence', { actor });
      const [done] = await tx.query('UPDATE engagement_evidence SET given = $2, link = $3, given_at = $4, given_by = $5 WHERE id = $1 AND given_at IS NULL RETURNING id', [
        id,
        evidence.given,
        evidence.link ?? null,
        tx.now,
        actor.personId,
      ]);
      if (!done) refuse(new NotAllowedInThisState('This evidence is there already. Record a review to add to it.'));
      return engagementId;
    });
  }
}
