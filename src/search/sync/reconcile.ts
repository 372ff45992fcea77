import { isDeepStrictEqual } from 'node:util';
import type { Database, Queryable } from '../../platform/database/index.js';
import { isId } from '../../platform/id.js';
import type { MeiliServer } from '../meilisearch/client.js';
import { type IndexedDocument, readDocuments, toIndex } from '../meilisearch/document.js';

/** What was found to differ, and is being put right. */
export interface Drift {
  compared: number;
  /** Listings that the index lacks. */
  missing: number;
  /** It has something else: of an older version, or changed by somebody. */
  stale: number;
  /** It has what should not be there. */
  extra: number;
}

const AT_ONCE = 1000;

/**
 * Compares all that the index has with what it should have, both ways. What differs goes through the outbox again; what
 * waits there already is not counted.
 * @throws whatever `signal` is aborted with
 */
export async function reconcile(db: Database, server: MeiliServer, signal?: AbortSignal): Promise<Drift> {
  const index = (await server.forWork()).index<IndexedDocument>(server.index);
  const found = new Set<string>();
  const other: string[] = [];
  for (let offset = 0; ; offset += AT_ONCE) {
    signal?.throwIfAborted();
    const { results } = await index.getDocuments({ limit: AT_ONCE, offset });
    const wanted = new Map((await toIndex(db, await readDocuments(db, results.map(({ id }) => id).filter(isId)))).map((each) => [each.id, each]));
    for (const document of results) {
      found.add(document.id);
      const its = wanted.get(document.id);
      if (its && !isDeepStrictEqual(document, its)) other.push(document.id);
    }
    if (results.length < AT_ONCE) break;
  }
  const allDocuments = (tx: Queryable) =>
    tx.query<{ id: string; excused: boolean }>(
      `SELECT d.listing_id AS id, EXISTS (SELECT FROM search_refused r WHERE r.listing_id = d.listing_id AND r.version = d.version) AS excused FROM search_document d`,
    );
  const rows = await db.longTransaction(allDocuments);
  const waiting = new Set((await db.query<{ id: string }>('SELECT DISTINCT listing_id AS id FROM search_outbox')).map(({ id }) => id));
  const present = new Set(rows.map(({ id }) => id));
  const missing = rows.filter(({ id, excused }) => !excused && !found.has(id) && !waiting.has(id)).map(({ id }) => id);
  const stale = other.filter((id) => !waiting.has(id));
  const extra = [...found].filter((id) => !present.has(id) && !waiting.has(id));

  const again = [...missing, ...stale, ...extra.filter(isId)];
  if (again.length > 0) {
    await db.transaction(async (tx) => {
      await tx.query('INSERT INTO search_outbox (listing_id, gone, at) SELECT id, NOT EXISTS (SELECT FROM search_document d WHERE d.listing_id = id), clock_timestamp() FROM unnest($1::uuid[]) AS id', [again]);
      await tx.query(`SELECT pg_notify('search_outbox', '')`);
    });
  }
  const strange = extra.filter((id) => !isId(id));
  if (strange.length > 0) await server.done((await index.deleteDocuments(strange)).taskUid, signal);
  await db.query(`INSERT INTO setting (name, value) VALUES ('search-drift', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, [
    JSON.stringify({ drift: missing.length + stale.length + extra.length }),
  ]);
  return { compared: found.size, missing: missing.length, stale: stale.length, extra: extra.length };
}
