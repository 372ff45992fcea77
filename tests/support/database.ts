import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { connect } from '../../src/app.js';
import { ManualClock } from '../../src/platform/clock.js';
import { type Database, defaultLimits } from '../../src/platform/database/index.js';
import { atEnd } from './endings.js';

/** Tests run beside others on a busy machine: none of them is about how long PostgreSQL may take. */
export const patientLimits = { ...defaultLimits, acquireMs: 60_000, statementMs: 60_000, idleTransactionMs: 60_000 };

export interface FreshDatabase {
  db: Database;
  url: string;
  clock: ManualClock;
}

/** A new database for this test file: a clone of the migrated template, with a clock that stands still. */
export async function freshDatabase(): Promise<FreshDatabase> {
  const { url, name } = await cloneTemplate();
  const clock = new ManualClock();
  const db = await connect(url, clock, patientLimits);
  atEnd(async () => {
    await db.close();
    await dropClone(name);
  });
  return { db, url, clock };
}

/** The clone alone, for tests that open it by other means. */
export async function cloneTemplate(): Promise<{ url: string; name: string }> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await admin(`CREATE DATABASE ${name} TEMPLATE signpost_template STRATEGY file_copy`); // as files, not through the log
  return { url: serverUrl().replace(/\/[^/?]*(\?|$)/, `/${name}$1`), name };
}

export const dropClone = (name: string): Promise<void> => admin(`DROP DATABASE ${name} WITH (FORCE)`);

const serverUrl = () => process.env['TEST_POSTGRES_URL']!;

async function admin(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
