import { reach } from '../../platform/actor.js';
import type { UnitOfWork } from '../../platform/database/index.js';
import { groupsInOrder, type LoaderDefinition } from '../../platform/request.js';
import { alikeKeys, nameKey } from '../alike.js';
import { interestInDeciding } from '../interests/index.js';
import type { SuspendedBefore } from './judgement.type.js';

/** Those that are suspended, or left the directory while they were, before this one was first listed; with what they have in common, as the earlier one was when it was suspended. */
const SUSPECTS = `
  SELECT earlier.id, ARRAY[said_at(earlier.id, 'name', earlier.suspended_at), earlier.name] AS names, alike_providers(p.id, earlier.id) AS alike, p.name AS "ownName"
  FROM provider p JOIN provider earlier ON earlier.suspended_at IS NOT NULL AND earlier.id <> p.id
  WHERE p.id = $1 AND p.state IN ('DRAFT', 'AWAITING_RECOMMENDATIONS', 'LAPSED') AND NOT EXISTS (
    SELECT FROM history h WHERE h.object_id = p.id AND h.process = 'Provider' AND h.to_state = 'LISTED' AND h.at <= earlier.suspended_at)`;

/**
 * Finds, under the provider's lock, whether it is one that was suspended and is registered again, and keeps what it
 * finds: that something is changed afterwards does not help. @returns whether there is something new
 */
export async function judgeReturn(tx: UnitOfWork, id: string): Promise<boolean> {
  const suspects = await tx.query<{ id: string; names: string[]; alike: string[]; ownName: string }>(SUSPECTS, [id]);
  const found = suspects
    .map(({ alike, ...suspect }) => ({ ...suspect, alike: !alike.includes('NAME') && suspect.names.some((name) => alikeKeys(nameKey(name), nameKey(suspect.ownName))) ? [...alike, 'NAME'] : alike }))
    .filter(({ alike }) => alike.length > 0);
  if (found.length === 0) return false;
  const added = await tx.query(
    `INSERT INTO suspended_before (provider_id, earlier_id, alike, found_at)
     SELECT $1, found.id, found.alike, $3 FROM json_to_recordset($2::json) AS found (id uuid, alike text[])
     ON CONFLICT (provider_id, earlier_id) DO UPDATE SET alike = excluded.alike, found_at = excluded.found_at, accepted_at = NULL, accepted_by = NULL
       WHERE suspended_before.accepted_at < (SELECT suspended_at FROM provider WHERE id = suspended_before.earlier_id)
     RETURNING earlier_id`,
    [id, JSON.stringify(found), tx.now],
  );
  return added.length > 0;
}

/** SQL: whether an officer has accepted `b`, knowing of the suspension of `earlier` that is in force: of an earlier one they knew nothing of this. */
const isAccepted = 'b.accepted_at >= earlier.suspended_at';

/** SQL: the names of those that stand in the way of the provider `p`: one whose suspension has ended does not, nor one suspended since it was listed. */
export const waitingReturns = (p: string) =>
  `ARRAY(SELECT earlier.name FROM suspended_before b JOIN provider earlier ON earlier.id = b.earlier_id
         WHERE b.provider_id = ${p}.id AND ${isAccepted} IS NOT TRUE AND earlier.suspended_at IS NOT NULL AND NOT EXISTS (
           SELECT FROM history h WHERE h.object_id = b.provider_id AND h.process = 'Provider' AND h.to_state = 'LISTED' AND h.at <= earlier.suspended_at) ORDER BY earlier.name)`;

/** An officer lets the provider come back. */
export async function acceptReturn(tx: UnitOfWork, id: string, personId: string): Promise<void> {
  await tx.query(
    `UPDATE suspended_before b SET accepted_at = $2, accepted_by = $3 FROM provider earlier WHERE earlier.id = b.earlier_id AND b.provider_id = $1 AND ${isAccepted} IS NOT TRUE`,
    [id, tx.now, personId],
  );
}

/** Of the providers that this person is of, none is like the other any more by people, where that rested on its naming them. */
export async function forgetLikeness(tx: UnitOfWork, earlierId: string, personId: string): Promise<void> {
  await tx.query(
    `UPDATE suspended_before b SET alike = array_remove(b.alike, 'PEOPLE')
     WHERE b.earlier_id = $1 AND b.provider_id IN (SELECT provider_id FROM provider_person WHERE mailbox = ANY((SELECT mailboxes_of($2))::text[]))
       AND NOT 'PEOPLE' = ANY(alike_providers(b.provider_id, $1))`,
    [earlierId, personId],
  );
  await tx.query(`DELETE FROM suspended_before WHERE earlier_id = $1 AND alike = '{}'`, [earlierId]);
}

/** What a provider was found to be again; null for whoever does not decide about it. */
export const suspendedBeforeOf: LoaderDefinition<string, SuspendedBefore[] | null> = async ({ db, actor }, ids) => {
  const { officerLas, everything } = reach(actor);
  const decided = await db.query<{ id: string }>(
    `SELECT p.id FROM provider p WHERE p.id = ANY($1::uuid[]) AND (p.assuring_la = ANY($2::text[]) OR $3::boolean) AND ${interestInDeciding('$4::uuid', 'p.id')} IS NULL`,
    [ids, officerLas, everything, actor.personId],
  );
  const may = new Set(decided.map(({ id }) => id));
  const rows = await db.query<SuspendedBefore & { of: string }>(
    `SELECT b.provider_id AS of, earlier.id AS "providerId", earlier.name, earlier.suspended_at AS "suspendedAt", b.alike, CASE WHEN ${isAccepted} IS NOT FALSE THEN b.accepted_at END AS "acceptedAt", why.reason
     FROM suspended_before b JOIN provider earlier ON earlier.id = b.earlier_id
     LEFT JOIN LATERAL (
       SELECT reason FROM history h WHERE h.object_id = earlier.id AND h.process = 'Provider' AND h.transition = 'suspend' ORDER BY h.id DESC LIMIT 1) why ON true
     WHERE b.provider_id = ANY($1::uuid[]) ORDER BY b.found_at, earlier.name`,
    [[...may]],
  );
  const groups = groupsInOrder(ids, rows, (row) => row.of);
  return ids.map((id, i) => (may.has(id) ? groups[i]! : null));
};
