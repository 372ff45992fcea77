import type { Actor } from '../../platform/actor.js';
import type { Database, Queryable } from '../../platform/database/index.js';
import { inOrder, type LoaderDefinition } from '../../platform/request.js';
import type { NominationState } from '../vocabulary.js';
import type { Nomination } from './nomination.type.js';
import { isFor, isNominated, nominationValues, nominatorLeads, seesNomination } from './visibility.js';

const COLUMNS = `
  n.id, n.state, n.name, CASE WHEN n.school_urn = ANY($3::int[]) OR $4::boolean OR ${isNominated('n')} THEN n.email END AS email, n.website, n.title, n.categories, n.phases, n.delivery,
  n.what_was_done AS "whatWasDone", n.when_done AS "whenDone", n.what_changed AS "whatChanged", n.nominated_at AS "nominatedAt", n.expires_at AS "expiresAt",
  n.state = 'OPEN' AND NOT ${nominatorLeads('n')} AS "needsAnotherLead", n.version, n.school_urn AS "schoolUrn", n.nominated_by AS "nominatedById",
  n.provider_id AS "providerId", n.recommendation_id AS "recommendationId"`;

export const nominationById: LoaderDefinition<string, Nomination | null> = async ({ db, actor }, ids) => {
  const rows = await db.prepared<Nomination>('nomination-by-id', `SELECT ${COLUMNS} FROM nomination n WHERE n.id = ANY($5::uuid[]) AND ${seesNomination('n')}`, [...nominationValues(actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

export const nominationIsVisible = async (db: Queryable, actor: Actor, id: string): Promise<boolean> =>
  (await db.query(`SELECT FROM nomination n WHERE n.id = $5 AND ${seesNomination('n')}`, [...nominationValues(actor), id])).length > 0;

export interface NominationChoice {
  states: NominationState[] | null;
  /** Only those that this provider can take up or has taken up. */
  providerId: string | null;
}

const CHOSEN = `${seesNomination('n')} AND ($5::text[] IS NULL OR n.state = ANY($5))
  AND ($6::uuid IS NULL OR CASE WHEN n.state = 'TAKEN_UP' THEN n.provider_id = $6 ELSE ${isFor('n', '$6')} END)`;

/** Those that the actor may see, newest first. */
export const listNominations = (db: Database, actor: Actor, { states, providerId }: NominationChoice, limit: number, after: [string, string] | null): Promise<Nomination[]> =>
  db.query<Nomination>(
    `SELECT ${COLUMNS} FROM nomination n WHERE ${CHOSEN} AND ($7::timestamptz IS NULL OR (n.nominated_at, n.id) < ($7, $8::uuid)) ORDER BY n.nominated_at DESC, n.id DESC LIMIT $9`,
    [...nominationValues(actor), states, providerId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );

export async function countNominations(db: Database, actor: Actor, { states, providerId }: NominationChoice): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM nomination n WHERE ${CHOSEN}`, [...nominationValues(actor), states, providerId]);
  return row!.count;
}
