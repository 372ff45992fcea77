import { counted, type Follower, followersOf, type Reorganisation } from '../schools/index.js';
import { system } from '../platform/actor.js';
import type { UnitOfWork } from '../platform/database/index.js';
import { advanceAll } from '../platform/process/index.js';
import { beforeChange, keepChanges } from './changes/field-changes.js';
import type { Policies } from './policy/index.js';
import { providerProcess } from './provider.process.js';
import type { OnListingsChanged } from './provider.service.js';
import { withholdingsFollow } from './withholding/index.js';

/**
 * Listings cover all local authorities that follow one that they cover. A provider is assured by the one in which it is, with
 * the checks that it has; appeals and withholdings go there with it. Of two policies the stricter holds.
 */
export const directoryFollower = (policies: Policies, onListingsChanged: OnListingsChanged): Follower => ({
  async follow(tx, reorganisation) {
    const covering = await listingsFollow(tx, reorganisation);
    const assured = await providersFollow(tx, reorganisation);
    const withheld = await withholdingsFollow(tx, reorganisation);
    const appeals = await tx.query(
      `UPDATE appeal a SET la_code = coalesce(
         (SELECT p.assuring_la FROM provider p WHERE p.id = a.provider_id AND p.assuring_la = ANY($2)), (SELECT s.la_code FROM school s WHERE s.urn = a.school_urn AND s.la_code = ANY($2)), $2[1])
       WHERE a.la_code = $1 AND a.state = 'OPEN' RETURNING a.id`,
      [reorganisation.code, followersOf(reorganisation)],
    );
    for (const { code } of reorganisation.fresh) await policies.follow(tx, reorganisation, code);
    const ofProviders = await tx.query<{ id: string }>('SELECT id FROM listing WHERE provider_id = ANY($1::uuid[])', [assured]);
    await onListingsChanged(tx, [...new Set([...covering, ...withheld, ...ofProviders.map(({ id }) => id)])]);
    return [
      ...counted(covering.length, 'listing'),
      ...counted(assured.length, 'provider that it assures', 'providers that it assures'),
      ...counted(withheld.length, 'withheld listing'),
      ...counted(appeals.length, 'appeal'),
    ];
  },
});

/** One that is found to follow it later than others covers what all of these cover. @returns the listings */
async function listingsFollow(tx: UnitOfWork, { code, fresh, earlier }: Reorganisation): Promise<string[]> {
  const found = await tx.query<{ id: string }>(
    `SELECT id FROM listing WHERE la_codes @> ARRAY[$1] OR cardinality($2::text[]) > 0 AND la_codes @> $2 ORDER BY id FOR NO KEY UPDATE`,
    [code, earlier],
  );
  const ids = found.map(({ id }) => id);
  const before = await beforeChange(tx, 'Listing', ids);
  await tx.query(
    `UPDATE listing SET la_codes = ARRAY(SELECT DISTINCT code FROM unnest(array_remove(la_codes, $2) || $3) AS code ORDER BY code), version = version + 1, updated_at = $4 WHERE id = ANY($1::uuid[])`,
    [ids, code, fresh.map((each) => each.code), tx.now],
  );
  await keepChanges(tx, before, system);
  return ids;
}

/** A school is where it is; others are where the open school nearest to their base is, else where most schools are. @returns the providers */
async function providersFollow(tx: UnitOfWork, reorganisation: Reorganisation): Promise<string[]> {
  const found = await tx.query<{ id: string }>('SELECT id FROM provider WHERE assuring_la = $1 ORDER BY id FOR NO KEY UPDATE', [reorganisation.code]);
  const ids = found.map(({ id }) => id);
  if (ids.length === 0) return ids;
  const before = await beforeChange(tx, 'Provider', ids);
  const codes = followersOf(reorganisation);
  await tx.query(
    `UPDATE provider p SET assuring_la = coalesce(
       (SELECT s.la_code FROM school s WHERE s.urn = p.school_urn AND s.la_code = ANY($2)),
       (SELECT s.la_code FROM school s WHERE p.base_easting IS NOT NULL AND s.la_code = ANY($2) AND s.status = 'OPEN' AND s.easting IS NOT NULL
        ORDER BY (s.easting - p.base_easting)::bigint ^ 2 + (s.northing - p.base_northing)::bigint ^ 2, s.urn LIMIT 1),
       (SELECT la_code FROM school WHERE la_code = ANY($2) AND status = 'OPEN' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1),
       $2[1])
     WHERE id = ANY($1::uuid[])`,
    [ids, codes],
  );
  await tx.query('UPDATE provider_check c SET la_code = p.assuring_la FROM provider p WHERE p.id = c.provider_id AND p.id = ANY($1::uuid[]) AND c.la_code = $2', [ids, reorganisation.code]);
  await keepChanges(tx, before, system);
  const facts = (await providerProcess.facts(tx, ids, system)).filter(({ state }) => state !== 'WITHDRAWN');
  for (const state of new Set(facts.map((each) => each.state))) {
    await advanceAll(tx, providerProcess, 'reassign', state, facts.filter((each) => each.state === state), async () => {}); // the columns are written
  }
  return ids;
}
