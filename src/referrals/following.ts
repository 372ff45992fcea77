import { counted, type Follower } from '../schools/index.js';

/** Open questions to SIPs, and whether those of others may ask, go on for the local authorities that follow another. */
export const referralsFollower: Follower = {
  async follow(tx, { code, fresh }) {
    const codes = fresh.map((each) => each.code);
    await tx.query(
      `INSERT INTO la_setting AS own (la_code, open_suggestions) SELECT next, open_suggestions FROM la_setting CROSS JOIN unnest($2::text[]) AS next WHERE la_code = $1
       ON CONFLICT (la_code) DO UPDATE SET open_suggestions = own.open_suggestions AND excluded.open_suggestions`,
      [code, codes],
    );
    const asking = await tx.query<{ id: string }>(`UPDATE suggestion_request SET la_code = $2 WHERE la_code = $1 AND state = 'OPEN' RETURNING id`, [code, codes[0]]);
    const asked = await tx.query<{ id: string }>(
      `INSERT INTO suggestion_request_la (request_id, la_code)
       SELECT q.id, next FROM suggestion_request q JOIN suggestion_request_la asked ON asked.request_id = q.id AND asked.la_code = $1 CROSS JOIN unnest($2::text[]) AS next WHERE q.state = 'OPEN'
       ON CONFLICT DO NOTHING RETURNING request_id AS id`,
      [code, codes],
    );
    await tx.query(`DELETE FROM suggestion_request_la asked USING suggestion_request q WHERE q.id = asked.request_id AND q.state = 'OPEN' AND asked.la_code = $1`, [code]);
    return counted(new Set([...asking, ...asked].map(({ id }) => id)).size, 'open question to SIPs', 'open questions to SIPs');
  },
};
