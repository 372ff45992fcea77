import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js';
import { newFolder, sleep } from '../support/process.js';

async function answers(connectionString: string): Promise<boolean> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

test('a server that was killed is started again under the same URL, until it is stopped', async () => {
  const dataDir = newFolder();
  const postgres = await startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' }, restart: true });
  const pid = () => Number.parseInt(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
  const first = pid();
  process.kill(first, 'SIGKILL');
  while (await answers(postgres.url)) await sleep(20);
  while (!(await answers(postgres.url))) await sleep(50);
  expect(pid()).not.toBe(first);
  await postgres.stop();
  expect(await answers(postgres.url)).toBe(false);
});
