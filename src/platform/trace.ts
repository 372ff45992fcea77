import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** What is noted of one request, or one job, while it is dealt with. It holds nothing of a person. */
export interface Trace {
  /** Told to the caller, and kept in the jobs and mail that come of it, so that all of it can be found in the log. */
  readonly id: string;
  /** Milliseconds spent waiting for the database, in all; of statements at the same time, each counts. */
  databaseMs: number;
  statements: number;
  /** What kind of caller it is, once that is known. */
  actor?: string;
  /** What was asked of the API, by the names of its root fields, once that is known. */
  operation?: string;
  /** Why it was not dealt with, where it was not. */
  refused?: string;
}

const storage = new AsyncLocalStorage<Trace>();

export const newTrace = (id: string = randomUUID()): Trace => ({ id, databaseMs: 0, statements: 0 });

/** Runs the work, and all that it starts, under the trace. */
export const traced = <T>(trace: Trace, work: () => T): T => storage.run(trace, work);

export const currentTrace = (): Trace | undefined => storage.getStore();
