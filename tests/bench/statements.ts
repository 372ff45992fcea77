import pg from 'pg';
import type { Database, Queryable, UnitOfWork } from '../../src/platform/database/index.js';

/** A statement as pg takes it; with a name it is prepared once per connection. */
export interface Statement {
  name?: string;
  text: string;
  values: unknown[];
}

/** The statements of a piece of work in the order in which they were sent; those of one wave were under way together. */
export type Waves = Statement[][];

/** Notes every statement that the work sends through the database, which nobody else uses meanwhile. */
export async function recordStatements(db: Database, work: () => Promise<unknown>): Promise<Waves> {
  const waves: Waves = [];
  let oneHasEnded = true;
  const noted = async <Rows>(statement: Statement, send: () => Promise<Rows>): Promise<Rows> => {
    if (oneHasEnded) waves.push([]);
    oneHasEnded = false;
    waves.at(-1)!.push(statement);
    const rows = await send();
    oneHasEnded = true;
    return rows;
  };
  const noting = (query: Queryable['query']): Queryable['query'] => (sql, values = []) => noted({ text: sql, values: [...values] }, () => query(sql, values));

  const plain = { query: db.query.bind(db), prepared: db.prepared.bind(db), transaction: db.transaction.bind(db) };
  const recording: Pick<Database, 'query' | 'prepared' | 'transaction'> = {
    query: noting(plain.query),
    prepared: (name, sql, values = []) => noted({ name, text: sql, values: [...values] }, () => plain.prepared(name, sql, values)),
    transaction: async (inside) => {
      waves.push([{ text: 'BEGIN', values: [] }]);
      oneHasEnded = true;
      const result = await plain.transaction((tx: UnitOfWork) => inside({ ...tx, query: noting(tx.query) }));
      waves.push([{ text: 'COMMIT', values: [] }]);
      return result;
    },
  };
  Object.assign(db, recording);
  try {
    await work();
  } finally {
    Object.assign(db, plain);
  }
  return waves;
}

/** Sends the same statements by plain pg. @returns the rows of each */
export async function replay(connection: pg.Pool | pg.Client, waves: Waves): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for (const wave of waves) rows.push(...(await Promise.all(wave.map((statement) => connection.query(statement)))).map((result) => result.rows as unknown[]));
  return rows;
}
