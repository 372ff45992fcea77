import type { Database, UnitOfWork } from './database.js';

/** Ends a transaction that was only to show what it would do. */
class Undone<T> extends Error {
  constructor(readonly result: T) {
    super('rehearsed');
  }
}

/** What a long transaction would answer; nothing of it stays. */
export async function rehearsed<T>(db: Pick<Database, 'longTransaction'>, work: (tx: UnitOfWork) => Promise<T>): Promise<T> {
  try {
    return await db.longTransaction(async (tx): Promise<T> => {
      const result = await work(tx);
      await tx.query('SET CONSTRAINTS ALL IMMEDIATE'); // what a commit would look at
      throw new Undone(result);
    });
  } catch (error) {
    if (error instanceof Undone) return error.result as T;
    throw error;
  }
}
