import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../platform/database/index.js';
import { codeOf, type MeiliServer, TaskFailed } from '../meilisearch/client.js';
import { type StoredDocument, toIndex } from '../meilisearch/document.js';
import { indexSettings } from '../meilisearch/settings.js';
import { noteRefusals, somethingWaits } from './outbox.js';
import { type Refusal, write } from './publish.js';

const AT_ONCE = 5000;
/** Parts that Meilisearch may have to do at a time: enough to keep it busy, few enough for changes to come in between. */
const AHEAD = 3;
const SWAP_PATIENCE_MS = 120_000;

interface Tools {
  /** Publishes what waits to these indexes. @returns how many changes there were */
  drainInto(indexes: readonly string[]): Promise<number>;
  /** Runs what changes the index in use. */
  changing<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Builds the index beside the one in use, swaps them and removes the old one. Whatever interrupts it, it can begin again.
 * Between the parts is published what waits, so that every change is sent after the part that could still have had the
 * state before it.
 */
export async function build(db: Database, server: MeiliServer, { drainInto, changing }: Tools, signal: AbortSignal): Promise<void> {
  const client = await server.forWork();
  const [live, next] = [server.index, `${server.index}_next`];
  const { settings, hash } = await indexSettings(db);
  await removeIndex(server, next, signal);
  if (!(await exists(server, live))) await server.done((await client.createIndex(live, { primaryKey: 'id' })).taskUid, signal);
  await server.done((await client.createIndex(next, { primaryKey: 'id' })).taskUid, signal);
  await server.done((await client.index(next).updateSettings(settings)).taskUid, signal);
  const drain = async () => ((await somethingWaits(db)) ? changing(() => drainInto([live, next])) : 0);
  await db.query('UPDATE search_index SET built = 0, to_build = (SELECT count(*) FROM search_document)');

  const under: Promise<Refusal[]>[] = [];
  const refused: Refusal[] = [];
  for await (const part of parts(db)) {
    const documents = await toIndex(db, part);
    const writing = write(server, next, documents, signal);
    writing.catch(() => {}); // awaited below
    under.push(writing);
    while (under.length >= AHEAD) refused.push(...(await under.shift()!));
    await drain();
    await db.query('UPDATE search_index SET built = built + $1', [part.length]);
  }
  for (const each of under) refused.push(...(await each));
  while ((await drain()) > 0);

  await changing(async () => {
    const madeAt = await swap(server, live, next, signal);
    await db.transaction(async (tx) => {
      await tx.query('UPDATE search_index SET settings_hash = $1, made_at = $2, build_asked = false, builds = builds + 1', [hash, madeAt]);
      await tx.query('DELETE FROM search_refused r WHERE NOT EXISTS (SELECT FROM search_document d WHERE d.listing_id = r.listing_id)');
      await noteRefusals(tx, refused.map(({ listingId }) => listingId), refused);
    });
    await removeIndex(server, next, signal);
  });
}

/** @returns when Meilisearch says that the index now in use was made */
async function swap(server: MeiliServer, live: string, next: string, signal: AbortSignal): Promise<string> {
  const client = await server.forWork();
  const madeAt = String((await client.getRawIndex(next)).createdAt);
  await client.swapIndexes([{ indexes: [live, next], rename: false }]);
  // Its task belongs to no index, so a key for some indexes may not look at it. The moment of making moves with the index.
  for (const until = performance.now() + SWAP_PATIENCE_MS; String((await client.getRawIndex(live)).createdAt) !== madeAt; await sleep(20, undefined, { signal })) {
    if (performance.now() > until) throw new TaskFailed('the indexes could not be swapped', false);
  }
  return madeAt;
}

async function* parts(db: Database): AsyncGenerator<StoredDocument[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows: StoredDocument[] = await db.query<StoredDocument>(
      'SELECT listing_id AS id, version, content FROM search_document WHERE listing_id > $1 ORDER BY listing_id LIMIT $2',
      [after, AT_ONCE],
    );
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)!.id;
  }
}

async function exists(server: MeiliServer, index: string): Promise<boolean> {
  try {
    await (await server.forWork()).getRawIndex(index);
    return true;
  } catch (error) {
    if (codeOf(error) === 'index_not_found') return false;
    throw error;
  }
}

async function removeIndex(server: MeiliServer, index: string, signal: AbortSignal): Promise<void> {
  if (await exists(server, index)) await server.done((await (await server.forWork()).deleteIndex(index)).taskUid, signal);
}
