import type { Database } from '../../src/platform/database/index.js';
import { newId } from '../../src/platform/id.js';
import { newTrace, traced } from '../../src/platform/trace.js';

/** A job that has used up its tries just now, of a request of its own. @returns its id */
export async function failJob(db: Database, task: string, { error = 'It did not work.', trace = newId() } = {}): Promise<string> {
  await traced(newTrace(trace), () => db.transaction((tx) => tx.addJob(task, { id: newId() })));
  const [job] = await db.query<{ id: string }>(
    `UPDATE graphile_worker._private_jobs SET attempts = max_attempts, last_error = $2, run_at = now() + exp(10) * interval '1 second'
     WHERE payload ->> 'trace' = $1 RETURNING id::text AS id`,
    [trace, error],
  );
  return job!.id;
}
