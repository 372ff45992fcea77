import { type Database, LOCKS } from '../../platform/database/index.js';

/** Looks in a row, usually a minute apart, at which no publisher works: one that died is followed by another within seconds. */
const LOOKS = 2;

/**
 * Job: keeps no index any more if nobody looks after it, so that the outbox does not grow for nobody. Whether somebody
 * does is told by the publisher's lock, not by a clock.
 */
export async function stopKeepingUntended(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    const gone = await tx.query(
      `WITH looked AS (UPDATE search_index SET untended = CASE WHEN pg_try_advisory_xact_lock($1) THEN untended + 1 ELSE 0 END RETURNING untended)
       SELECT FROM looked WHERE untended >= $2`,
      [LOCKS.publisher, LOOKS],
    );
    if (gone.length === 0) return;
    await tx.query('DELETE FROM search_index');
    await tx.query('DELETE FROM search_outbox');
  });
}
