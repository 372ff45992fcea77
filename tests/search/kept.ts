import { setTimeout as sleep } from 'node:timers/promises';
import { Meilisearch } from 'meilisearch';
import type { Database } from '../../src/platform/database/index.js';
import { refreshDocuments } from '../../src/search/index.js';
import { readState } from '../../src/search/sync/state.js';
import type { TestMeilisearch } from '../support/meilisearch.js';

/** With the master key: to look, and to do harm. */
export const asMaster = ({ host, key }: TestMeilisearch) => new Meilisearch({ host, apiKey: key, requestInit: { headers: { 'Accept-Encoding': 'identity' } } });

export const indexName = ({ prefix }: TestMeilisearch) => `${prefix}_listings`;

/** Waits for what should come true by itself. */
export async function eventually(what: string, holds: () => Promise<boolean>, seconds = 60): Promise<void> {
  for (const until = Date.now() + seconds * 1000; ; await sleep(10)) {
    if (await holds().catch(() => false)) return;
    if (Date.now() > until) throw new Error(`in ${seconds} seconds it did not become true that ${what}`);
  }
}

export const settled = (db: Database) =>
  eventually('all is published', async () => !!(await readState(db))?.settingsHash && !(await readState(db))!.buildAsked && (await db.query('SELECT FROM search_outbox LIMIT 1')).length === 0);

/** Id and version of every document, as the index has them and as it should. */
export async function compare(db: Database, meilisearch: TestMeilisearch): Promise<{ indexed: [string, number][]; stored: [string, number][] }> {
  const { results } = await asMaster(meilisearch).index(indexName(meilisearch)).getDocuments({ fields: ['id', 'version'], limit: 10_000 });
  const rows = await db.query<{ id: string; version: number }>('SELECT listing_id AS id, version FROM search_document ORDER BY listing_id');
  return { indexed: results.map(({ id, version }) => [id, version] as [string, number]).sort((a, b) => (a[0] < b[0] ? -1 : 1)), stored: rows.map(({ id, version }) => [id, version]) };
}

/** Shows, hides or renames a listing as a service would. */
export const change = (db: Database, id: string, to: { state?: 'PUBLISHED' | 'DRAFT'; title?: string }) =>
  db.transaction(async (tx) => {
    await tx.query('UPDATE listing SET state = coalesce($2, state), title = coalesce($3, title) WHERE id = $1', [id, to.state ?? null, to.title ?? null]);
    await refreshDocuments(tx, [id]);
  });
