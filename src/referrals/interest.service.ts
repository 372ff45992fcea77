import { z } from 'zod';
import { providerIsVisible } from '../directory/index.js';
import { type Actor, hasRole } from '../platform/actor.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { once } from '../platform/idempotency.js';
import { NotAllowed, refuse, whatIsMissing } from '../platform/problem.js';
import { neededWords, validate } from '../platform/validate.js';

const interest = z.object({ providerId: z.string(), what: neededWords('what the interest is', 500) });

/** Told, in the same unit of work, of whom somebody has an interest from now on, or has none any more. */
export type InterestChanged = (tx: UnitOfWork, of: { personId: string; providerId: string; declared: boolean }) => Promise<void>;

export class Interests {
  constructor(
    private readonly db: Database,
    private readonly changed: InterestChanged,
  ) {}

  /** A SIP declares an interest in a provider; from now on it stands in the way of all that they would sign, judge or say about it. @throws Refused */
  declare(actor: Actor, input: z.input<typeof interest>, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, input, async () => {
        const { providerId, what } = validate(interest, input);
        if (!(await providerIsVisible(tx, actor, providerId))) refuse(whatIsMissing('provider'));
        if (!hasRole(actor, 'SIP')) refuse(new NotAllowed('Only a School Improvement Partner declares interests here.'));
        const id = newId();
        await tx.query('INSERT INTO interest (id, person_id, provider_id, what, declared_at) VALUES ($1, $2, $3, $4, $5)', [id, actor.personId, providerId, what, tx.now]);
        await this.changed(tx, { personId: actor.personId!, providerId, declared: true });
        return { type: 'Interest', id };
      });
      return id;
    });
  }

  /** It no longer holds; what was shown with it stays. Done twice it does nothing. @throws Refused with NotFound */
  end(actor: Actor, id: string): Promise<void> {
    return this.db.transaction(async (tx) => {
      const [ended] = await tx.query<{ providerId: string }>(
        'UPDATE interest SET ended_at = coalesce(ended_at, $3) WHERE id = $1 AND person_id = $2 RETURNING provider_id AS "providerId"', [id, actor.personId, tx.now],
      );
      if (!ended) return refuse(whatIsMissing('interest'));
      await this.changed(tx, { personId: actor.personId!, providerId: ended.providerId, declared: false });
    });
  }
}
