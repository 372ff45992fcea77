import { z } from 'zod';
import type { Actor } from '../../platform/actor.js';
import type { Database } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { once } from '../../platform/idempotency.js';
import { dayWithin } from '../../platform/dates.js';
import { neededName, validate, words } from '../../platform/validate.js';
import { checkRoom, validateOne } from './engagement.contents.js';
import { sidesOf } from './engagement.process.js';
import { step } from './engagement.step.js';
import { Rag } from './engagement.vocabulary.js';

const MOST_REVIEWS = 100;

const datesAt = (now: Date) => z.array(dayWithin('review', now, 'A review date')).max(20, 'Set at most 20 dates.').transform((days) => [...new Set(days)]);

const review = (now: Date) => z.object({
  heldOn: dayWithin('past', now, 'The day of the review'),
  rag: z.enum(Rag),
  words: words('The words', 3000),
  figures: z
    .array(
      z.object({
        what: neededName('what was measured', 200),
        value: z.number('Enter a number.'),
        pupils: z.int().min(1, 'Enter how many pupils, at least one.').max(100_000, 'Enter how many pupils.').nullish().transform((pupils) => pupils ?? null),
      }),
    )
    .max(20, 'Give at most 20 figures.')
    .default([]),
});

export type NewReview = z.input<ReturnType<typeof review>>;

/** How it goes, looked at on agreed days. */
export class Reviews {
  constructor(private readonly db: Database) {}

  /** Sets the days on which the school looks at how it goes, in place of those set before. @throws Refused */
  async setDates(actor: Actor, engagementId: string, version: number, input: string[]): Promise<void> {
    await this.db.transaction(async (tx) => {
      const days = validateOne('days', datesAt(tx.now), input);
      await step(tx, engagementId, 'setReviewDates', { actor, version });
      await tx.query('DELETE FROM engagement_review_date WHERE engagement_id = $1 AND due_on <> ALL($2::date[])', [engagementId, days]);
      await tx.query('INSERT INTO engagement_review_date (engagement_id, due_on) SELECT $1, unnest($2::date[]) ON CONFLICT DO NOTHING', [engagementId, days]);
    });
  }

  /** Records a review by the school or its SIP. @returns the id of the engagement. @throws Refused */
  async add(actor: Actor, engagementId: string, input: NewReview, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { review: input, engagementId }, async () => {
        const it = validate(review(tx.now), input);
        const facts = await step(tx, engagementId, 'addReview', { actor });
        await checkRoom(tx, 'engagement_review', engagementId, MOST_REVIEWS);
        await tx.query(
          'INSERT INTO engagement_review (id, engagement_id, held_on, rag, words, figures, by_party, by_person, created_at) VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9)',
          [newId(), engagementId, it.heldOn, it.rag, it.words, JSON.stringify(it.figures), sidesOf(facts, actor).includes('SCHOOL') ? 'SCHOOL' : 'SIP', actor.personId, tx.now],
        );
        return { type: 'Engagement', id: engagementId };
      });
      return id;
    });
  }
}
