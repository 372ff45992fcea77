import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/app.js';
import { systemClock } from '../../src/platform/clock.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js';

declare global {
  // eslint-disable-next-line no-var
  var testPostgres: { server: EmbeddedPostgres; dataDir: string };
}

/** One PostgreSQL for the whole run, with one migrated template database that each test file clones. */
export default async function setUp(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'signpost-test-'));
  const server = await startEmbeddedPostgres({
    dataDir,
    settings: {
      fsync: 'off',
      synchronous_commit: 'off',
      full_page_writes: 'off',
      max_connections: '200',
      autovacuum: 'off', // it would go round a hundred databases
      plan_cache_mode: 'force_generic_plan', // on so few rows a statement is planned for ten times as long as it runs
    },
  });
  globalThis.testPostgres = { server, dataDir };
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  await client.query('CREATE DATABASE signpost_template');
  await client.end();
  await migrate(databaseUrl(server.url, 'signpost_template'), systemClock);
  process.env['TEST_POSTGRES_URL'] = server.url;
}

function databaseUrl(url: string, name: string): string {
  return url.replace(/\/[^/?]*(\?|$)/, `/${name}$1`);
}
