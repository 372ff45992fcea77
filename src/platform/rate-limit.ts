import type { Queryable } from './database/index.js';

const IS_OVER = '(r.window_start <= $2::timestamptz - make_interval(secs => $3) OR r.window_start > $2::timestamptz + make_interval(secs => $3))';

/**
 * Counts one use of the key; true while there were at most `most` in the window of `seconds` that runs now. A window
 * that begins more than its own length from now was opened by a clock that was wrong, and is over.
 */
export async function withinRate(db: Queryable, key: string, most: number, seconds: number, now: Date): Promise<boolean> {
  const [row] = await db.query<{ count: number }>(
    `INSERT INTO rate_limit AS r (key, window_start, count) VALUES ($1, $2, 1)
     ON CONFLICT (key) DO UPDATE SET
       count        = CASE WHEN ${IS_OVER} THEN 1 ELSE r.count + 1 END,
       window_start = CASE WHEN ${IS_OVER} THEN $2 ELSE r.window_start END
     RETURNING count`,
    [key, now, seconds],
  );
  return row!.count <= most;
}
