import type { UnitOfWork } from '../../platform/database/index.js';
import { londonDay } from '../../platform/clock.js';
import { longDay, monthsAfterDay } from '../../platform/days.js';
import { refuse, ValidationProblem } from '../../platform/problem.js';
import type { CheckKind } from '../vocabulary.js';

/** SQL: joins what the policy says of the check `c`, and the last day on which that holds. */
export const LIVES = 'LEFT JOIN check_life life ON life.la_code = c.la_code AND life.kind = c.kind';
export const ENDS = 'check_ends(c.expires_on, c.checked_at, life.months)';

/** Marks which checks of these providers have run out, and which, by a policy that has become milder, have not. */
export async function expireChecksOf(tx: UnitOfWork, providerIds: readonly string[]): Promise<void> {
  await tx.query(
    `UPDATE provider_check one SET expired = ended.so
     FROM (SELECT c.provider_id, c.kind, ${ENDS} < $2 AS so FROM provider_check c ${LIVES} WHERE c.provider_id = ANY($1::uuid[])) ended
     WHERE ended.provider_id = one.provider_id AND ended.kind = one.kind AND one.expired <> ended.so`,
    [providerIds, londonDay(tx.now)],
  );
}

/** A check that is made today holds no longer than the local authority lets one of its kind. @throws Refused */
export async function checkLife(tx: UnitOfWork, laCode: string, kind: CheckKind, expiresOn: string): Promise<void> {
  const [life] = await tx.query<{ months: number }>('SELECT months FROM check_life WHERE la_code = $1 AND kind = $2', [laCode, kind]);
  const last = life && monthsAfterDay(londonDay(tx.now), life.months);
  if (!last || expiresOn <= last) return;
  const months = life.months === 1 ? 'a month' : `${life.months} months`;
  refuse(new ValidationProblem([{ field: 'expiresOn', message: `Your local authority lets this check hold for ${months} at most: choose a day until ${longDay(last)}.` }]));
}
