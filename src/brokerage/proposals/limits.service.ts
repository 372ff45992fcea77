import { z } from 'zod';
import { type Actor, isOfficerOf } from '../../platform/actor.js';
import type { Database } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { NotAllowed, refuse, ValidationProblem, whatIsMissing } from '../../platform/problem.js';
import { validate } from '../../platform/validate.js';
import { pence } from '../requests/request.contents.js';

const limits = z
  .array(
    z.object({
      overPence: pence('The limit'),
      quotes: z.int().min(1, 'Ask for 1 to 10 quotes.').max(10, 'Ask for 1 to 10 quotes.'),
      governorsApproval: z.boolean(),
    }),
  )
  .max(20, 'Set at most 20 limits.')
  .refine((all) => new Set(all.map(({ overPence }) => overPence)).size === all.length, 'Set one limit for each amount.');

/** Whose limits: a local authority's scheme or a trust's policy, exactly one. */
export interface LimitSetter {
  laCode?: string | null;
  trustId?: string | null;
}

export class PurchaseLimits {
  constructor(private readonly db: Database) {}

  /** Replaces all limits of an LA's scheme or a trust's policy. Setting the same again changes nothing. @throws Refused */
  async set(actor: Actor, { laCode, trustId }: LimitSetter, input: z.input<typeof limits>): Promise<void> {
    const wanted = validate(z.object({ limits }), { limits: input }).limits;
    if ((laCode == null) === (trustId == null)) refuse(new ValidationProblem([{ field: 'laCode', message: 'Name either a local authority or a trust.' }]));
    await this.db.transaction(async (tx) => {
      // The lock makes two who set limits at the same moment take turns.
      const [owner] = laCode != null
        ? await tx.query('SELECT code FROM local_authority WHERE code = $1 FOR NO KEY UPDATE', [laCode])
        : await tx.query('SELECT id FROM trust WHERE id = $1 FOR NO KEY UPDATE', [trustId]);
      if (!owner) refuse(whatIsMissing(laCode != null ? 'local authority' : 'trust'));
      const maySet = laCode != null ? isOfficerOf(actor, laCode) : actor.memberships.some((each) => each.role === 'TRUST_LEAD' && each.trustId === trustId);
      if (!maySet) refuse(new NotAllowed(laCode != null ? 'Only an officer of the local authority sets the limits of its scheme.' : 'Only a lead of the trust sets the limits of its policy.'));
      await tx.query('DELETE FROM purchase_limit WHERE la_code = $1 OR trust_id = $2', [laCode ?? null, trustId ?? null]);
      await tx.query(
        `INSERT INTO purchase_limit (id, la_code, trust_id, over_pence, quotes, governors_approval)
         SELECT id, $1, $2, over_pence, quotes, approval FROM unnest($3::uuid[], $4::int[], $5::int[], $6::boolean[]) AS given (id, over_pence, quotes, approval)`,
        [laCode ?? null, trustId ?? null, wanted.map(() => newId()), wanted.map((each) => each.overPence), wanted.map((each) => each.quotes), wanted.map((each) => each.governorsApproval)],
      );
    });
  }
}
