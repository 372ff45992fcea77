import type { Database } from '../../platform/database/index.js';
import { codeOf, type MeiliServer, TaskFailed } from '../meilisearch/client.js';
import { type IndexedDocument, readDocuments, toIndex } from '../meilisearch/document.js';

export interface Refusal {
  listingId: string;
  version: number;
  error: string;
}

/**
 * Makes these listings in these indexes what they are at present: documents, or nothing.
 * @returns what Meilisearch would not take, and so is in no index
 * @throws when it could not be done: it must be done again, all of it
 */
export async function publish(db: Database, server: MeiliServer, listingIds: readonly string[], indexes: readonly string[], signal?: AbortSignal): Promise<Refusal[]> {
  const documents = await toIndex(db, await readDocuments(db, listingIds));
  const present = new Set(documents.map(({ id }) => id));
  const hidden = listingIds.filter((id) => !present.has(id));
  const refusals = await Promise.all(
    indexes.map(async (index) => {
      const [refused] = await Promise.all([write(server, index, documents, signal), remove(server, index, hidden, signal)]);
      return refused;
    }),
  );
  return refusals[0] ?? [];
}

/** Adds documents. A batch that is refused is halved, until what is left is the one that cannot be taken. */
export async function write(server: MeiliServer, index: string, documents: readonly IndexedDocument[], signal?: AbortSignal): Promise<Refusal[]> {
  if (documents.length === 0) return [];
  try {
    const client = await server.forWork();
    const { taskUid } = await client.index(index).addDocuments([...documents], { primaryKey: 'id' });
    await server.done(taskUid, signal);
    return [];
  } catch (error) {
    if (!isInvalid(error)) throw error;
    if (documents.length > 1) {
      const middle = Math.ceil(documents.length / 2);
      return [...(await write(server, index, documents.slice(0, middle), signal)), ...(await write(server, index, documents.slice(middle), signal))];
    }
    const { id, version } = documents[0]!;
    await remove(server, index, [id], signal); // what it was before is not true any more
    return [{ listingId: id, version, error: (error as Error).message }];
  }
}

async function remove(server: MeiliServer, index: string, ids: readonly string[], signal?: AbortSignal): Promise<void> {
  if (ids.length === 0) return;
  const client = await server.forWork();
  await server.done((await client.index(index).deleteDocuments([...ids])).taskUid, signal);
}

const isInvalid = (error: unknown) => (error instanceof TaskFailed ? error.invalid : ['payload_too_large', 'malformed_payload', 'bad_request', 'invalid_document_fields'].includes(codeOf(error) ?? ''));
