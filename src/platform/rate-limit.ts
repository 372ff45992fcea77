import type { Queryable } from './database.js';

/** Counts one use of the key; true while there were at most `most` in the window of `seconds` that runs now. */
export async function withinRate(db: Queryable, key: string, most: number, seconds: number, now: Date): Promise<boolean> {
  const [row] = await db.query<{ count: number }>(
    `INSERT INTO rate_limit AS r (key, window_start, count) VALUES ($1, $2, 1)
     ON CONFLICT (key) DO UPDATE SET
       count        = CASE WHEN r.window_start <= $2::timestamptz - make_interval(secs => $3) THEN 1 ELSE r.count + 1 END,
       window_start = CASE WHEN r.window_start <= $2::timestamptz - make_interval(secs => $3) THEN $2 ELSE r.window_start END
     RETURNING count`,
    [key, now, seconds],
  );
  return row!.count <= most;
}
