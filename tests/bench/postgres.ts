import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { connect, migrate } from '../../src/app.js';
import { systemClock } from '../../src/platform/clock.js';
import type { Database } from '../../src/platform/database/index.js';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js';

/** The server that is measured on, and the databases made in it, all of which go when it is closed. */
export class BenchPostgres {
  private readonly databases = new Set<string>();
  private count = 0;

  private constructor(
    private readonly serverUrl: string,
    private readonly stop: () => Promise<void>,
  ) {}

  /** The server of DATABASE_URL, else an embedded one with the settings that the product gives it, in a folder for the time. */
  static async open(): Promise<BenchPostgres> {
    const given = process.env['DATABASE_URL'];
    if (given) return new BenchPostgres(given, async () => {});
    const dataDir = mkdtempSync(join(tmpdir(), 'signpost-bench-'));
    const server = await startEmbeddedPostgres({ dataDir });
    return new BenchPostgres(server.url, async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    });
  }

  /** A new database: empty but migrated, or a copy. @returns its URL */
  async create(template?: string): Promise<string> {
    const name = `signpost_bench_${process.pid}_${++this.count}`;
    this.databases.add(name);
    await this.admin(`CREATE DATABASE ${name}${template ? ` TEMPLATE ${nameIn(template)}` : ''}`);
    const url = this.serverUrl.replace(/\/[^/?]*(\?|$)/, `/${name}$1`);
    if (!template) await migrate(url, systemClock);
    return url;
  }

  async drop(url: string): Promise<void> {
    const name = nameIn(url);
    await this.admin(`DROP DATABASE ${name} WITH (FORCE)`);
    this.databases.delete(name);
  }

  async close(): Promise<void> {
    for (const name of this.databases) await this.admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await this.stop();
  }

  async version(): Promise<string> {
    return (await this.admin('SHOW server_version'))[0]!['server_version'] as string;
  }

  private admin = (sql: string) => withClient(this.serverUrl, async (client) => (await client.query(sql)).rows as Record<string, unknown>[]);
}

const nameIn = (url: string) => /\/([^/?]*)(\?|$)/.exec(url)![1]!;

export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export async function withDatabase<T>(url: string, work: (db: Database) => Promise<T>): Promise<T> {
  const db = await connect(url, systemClock);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
