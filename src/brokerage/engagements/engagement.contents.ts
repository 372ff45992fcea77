import { z } from 'zod';
import { Category, SupportPhase } from '../../directory/index.js';
import type { UnitOfWork } from '../../platform/database/index.js';
import { refuse, ValidationProblem } from '../../platform/problem.js';
import { neededWords, validate, words } from '../../platform/validate.js';

/** A text that may be left out; empty counts as left out. */
const perhaps = (what: string, most: number) => words(what, most).transform((text) => text || null);

/** Checks an input that is one argument by itself. @throws Refused with ValidationProblem */
export const validateOne = <Schema extends z.ZodType>(field: string, schema: Schema, value: unknown): z.output<Schema> =>
  validate(z.object({ [field]: schema }), { [field]: value })[field] as z.output<Schema>;

export const objective = z.object({
  text: neededWords('what is to be reached', 500),
  baseline: perhaps('Where you start', 500),
  target: perhaps('What you aim for', 500),
  category: z.enum(Category).nullish(),
  phase: z.enum(SupportPhase).nullish(),
});

/** Keeps the parts of one engagement to what a person can look through. @throws Refused with ValidationProblem */
export async function checkRoom(tx: UnitOfWork, table: 'engagement_action' | 'engagement_evidence' | 'engagement_review' | 'concern', engagementId: string, most: number): Promise<void> {
  const [row] = await tx.query<{ count: number }>(`SELECT count(*) FROM ${table} WHERE engagement_id = $1`, [engagementId]);
  if (row!.count >= most) refuse(new ValidationProblem([{ field: 'id', message: `One engagement has room for ${most} of these.` }]));
}
