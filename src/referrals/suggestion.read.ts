import type { Actor } from '../platform/actor.js';
import type { Database } from '../platform/database/index.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../platform/request.js';
import { namedListing } from './named-listing.js';
import type { Suggestion, SuggestionRequest } from './suggestion.type.js';
import { isAsker, ownValues, seesSuggestion, seesSuggestionRequest } from './visibility.js';

const COLUMNS = `
  q.id, q.state, q.question, q.category, q.phase, q.created_at AS "askedAt", q.expires_at AS "expiresAt", q.version, q.asked_by AS "askedById", ${isAsker('q')} AS "isAsker",
  q.la_code AS "laCode", array(SELECT asked.la_code FROM suggestion_request_la asked WHERE asked.request_id = q.id ORDER BY asked.la_code) AS "laCodes"`;

/** A question to SIPs that the actor has asked or is asked, by its id. */
export const suggestionRequestById: LoaderDefinition<string, SuggestionRequest | null> = async ({ db, actor }, ids) => {
  const rows = await db.query<SuggestionRequest>(`SELECT ${COLUMNS} FROM suggestion_request q WHERE q.id = ANY($5::uuid[]) AND ${seesSuggestionRequest('q')}`, [...ownValues(actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

/** What has been suggested, of that what the actor may see: all to whoever asks, to the others their own. */
export const suggestionsTo: LoaderDefinition<string, Suggestion[]> = async ({ db, actor }, ids) => {
  const rows = await db.query<Suggestion & { requestId: string }>(
    `SELECT s.id, s.request_id AS "requestId", s.reason, s.suggested_at AS "suggestedAt", s.suggested_by AS "suggestedById",
            ${namedListing('s', { by: 's.suggested_by', at: 's.suggested_at' })}
     FROM suggestion s JOIN suggestion_request q ON q.id = s.request_id JOIN listing l ON l.id = s.listing_id JOIN provider p ON p.id = l.provider_id
     WHERE s.request_id = ANY($5::uuid[]) AND ${seesSuggestion('s', 'q')} ORDER BY s.id`,
    [...ownValues(actor), ids],
  );
  return groupsInOrder(ids, rows, (row) => row.requestId);
};

/** Only those that the actor has asked, or only those of others. */
export type Asked = 'BY_ME' | 'OF_ME';

const CHOSEN = `${seesSuggestionRequest('q')} AND ($5::text IS NULL OR ($5 = 'BY_ME') = ${isAsker('q')})`;
const chosen = (actor: Actor, asked: Asked | null) => [...ownValues(actor), asked];

/** The questions that the actor has asked or is asked, the latest first. */
export function listSuggestionRequests(db: Database, actor: Actor, asked: Asked | null, limit: number, after: [string, string] | null): Promise<SuggestionRequest[]> {
  return db.query<SuggestionRequest>(
    `SELECT ${COLUMNS} FROM suggestion_request q WHERE ${CHOSEN} AND ($6::timestamptz IS NULL OR (q.created_at, q.id) < ($6, $7::uuid)) ORDER BY q.created_at DESC, q.id DESC LIMIT $8`,
    [...chosen(actor, asked), after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function countSuggestionRequests(db: Database, actor: Actor, asked: Asked | null): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM suggestion_request q WHERE ${CHOSEN}`, chosen(actor, asked));
  return row!.count;
}

/** Whether SIPs of other LAs may ask those of an LA. */
export const opensSuggestions: LoaderDefinition<string, boolean> = async ({ db }, codes) => {
  const rows = await db.query<{ code: string }>('SELECT la_code AS code FROM la_setting WHERE open_suggestions AND la_code = ANY($1)', [codes]);
  const open = new Set(rows.map((row) => row.code));
  return codes.map((code) => open.has(code));
};
