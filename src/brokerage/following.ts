import { counted, type Follower } from '../schools/index.js';

/** Who stands in for missing SIPs, and the limits for buying, go on for the local authorities that follow another. Of two limits the stricter holds. */
export const brokerageFollower: Follower = {
  async follow(tx, { code, name, fresh, differences }) {
    const codes = fresh.map((each) => each.code);
    const other = await tx.query<{ name: string }>(
      `SELECT la.name FROM sign_off_stand_in was JOIN sign_off_stand_in own ON own.la_code = ANY($2) AND own.person_id <> was.person_id JOIN local_authority la ON la.code = own.la_code
       WHERE was.la_code = $1 ORDER BY 1`,
      [code, codes],
    );
    differences.push(...other.map((each) => `Another person signs for schools without a SIP in ${name} than in ${each.name}, whose own goes on.`));
    const standIns = await tx.query(
      `INSERT INTO sign_off_stand_in (la_code, person_id, set_by, set_at) SELECT next, person_id, set_by, set_at FROM sign_off_stand_in CROSS JOIN unnest($2::text[]) AS next WHERE la_code = $1
       ON CONFLICT DO NOTHING RETURNING la_code`,
      [code, codes],
    );
    const differing = await tx.query<{ name: string }>(
      `WITH limits AS (SELECT la_code, array_agg((over_pence, quotes, governors_approval)::text ORDER BY over_pence) AS these FROM purchase_limit WHERE la_code IS NOT NULL GROUP BY 1)
       SELECT la.name FROM limits was JOIN limits own ON own.la_code = ANY($2) AND own.these <> was.these JOIN local_authority la ON la.code = own.la_code WHERE was.la_code = $1 ORDER BY 1`,
      [code, codes],
    );
    differences.push(...differing.map((each) => `The limits for buying are not the same in ${name} as in ${each.name}: the stricter of both hold.`));
    const limits = await tx.query(
      `INSERT INTO purchase_limit AS own (id, la_code, over_pence, quotes, governors_approval)
       SELECT gen_random_uuid(), next, over_pence, quotes, governors_approval FROM purchase_limit CROSS JOIN unnest($2::text[]) AS next WHERE la_code = $1
       ON CONFLICT (la_code, over_pence) DO UPDATE SET quotes = greatest(own.quotes, excluded.quotes), governors_approval = own.governors_approval OR excluded.governors_approval RETURNING id`,
      [code, codes],
    );
    return [...counted(standIns.length, 'person who signs for schools without a SIP', 'persons who sign for schools without a SIP'), ...counted(limits.length, 'limit for buying', 'limits for buying')];
  },
};
