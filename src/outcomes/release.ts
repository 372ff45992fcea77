import type { UnitOfWork } from '../platform/database/index.js';

/**
 * Claims the release of that day, which is made once, by whoever comes first. Others wait for it, and find it made.
 * @returns whether it is still to be made
 */
export async function beginRelease(tx: UnitOfWork, what: 'EVIDENCE' | 'UNMET_NEED', day: string): Promise<boolean> {
  const [begun] = await tx.query('INSERT INTO release (what, day) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING day', [what, day]);
  return begun !== undefined;
}
