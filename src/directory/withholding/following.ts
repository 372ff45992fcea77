import type { UnitOfWork } from '../../platform/database/index.js';
import { followersOf, type Reorganisation } from '../../schools/index.js';

/**
 * What was withheld from an area is withheld from each of those that it has become, as the one decision that it was: with
 * its reason and the officer who took it, so that an appeal against it can be judged. @returns the listings
 */
export async function withholdingsFollow(tx: UnitOfWork, reorganisation: Reorganisation): Promise<string[]> {
  const { code, name, earlier, differences } = reorganisation;
  const codes = reorganisation.fresh.map((each) => each.code);
  const held = await tx.query<{ id: string; listingId: string }>(
    `SELECT id, listing_id AS "listingId" FROM listing_withholding WHERE la_code = $1 AND state = 'WITHHELD' ORDER BY id FOR NO KEY UPDATE`,
    [code],
  );
  if (held.length === 0) return [];
  const ids = held.map(({ id }) => id);
  const [others] = await tx.query<{ known: boolean }>('SELECT EXISTS (SELECT FROM school WHERE la_code = ANY($1) AND previous_la IS DISTINCT FROM $2) AS known', [followersOf(reorganisation), code]);
  if (others!.known) differences.push(`What was withheld from ${name} is withheld from the whole area now.`);
  // The row itself goes to the first, with whatever has been appealed against; the others have one each.
  if (earlier.length === 0) {
    await tx.query(
      `UPDATE listing_withholding w SET la_code = $2, version = version + 1, updated_at = $3
       WHERE id = ANY($1::uuid[]) AND NOT EXISTS (SELECT FROM listing_withholding own WHERE own.listing_id = w.listing_id AND own.la_code = $2 AND own.state = 'WITHHELD')`,
      [ids, codes[0], tx.now],
    );
  }
  await tx.query(
    `WITH made AS (
       INSERT INTO listing_withholding (id, listing_id, la_code, state, reason, withheld_at, updated_at)
       SELECT gen_random_uuid(), w.listing_id, next, w.state, w.reason, w.withheld_at, $3 FROM listing_withholding w CROSS JOIN unnest($2::text[]) AS next WHERE w.id = ANY($1::uuid[])
       ON CONFLICT DO NOTHING RETURNING id, listing_id)
     INSERT INTO history (process, object_id, transition, from_state, to_state, at, person_id, on_behalf_kind, on_behalf_id, on_behalf_name, reason)
     SELECT h.process, made.id, h.transition, h.from_state, h.to_state, h.at, h.person_id, h.on_behalf_kind, h.on_behalf_id, h.on_behalf_name, h.reason
     FROM made JOIN listing_withholding w ON w.listing_id = made.listing_id AND w.id = ANY($1::uuid[]) JOIN history h ON h.object_id = w.id AND h.transition = 'withhold'`,
    [ids, codes, tx.now],
  );
  return held.map(({ listingId }) => listingId);
}
