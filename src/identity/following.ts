import type { Follower } from '../schools/index.js';
import { authoritiesInWords, counted } from '../schools/index.js';
import { IN_PLACE_OF_WHAT_WAITS } from './successors.js';
import { recordSteps } from '../platform/process/index.js';

/**
 * Officers and SIPs of a local authority are so of each of those that follow it. What they hold in the former one stays, for
 * what is kept there of closed schools. They are told, with what those that are merged did otherwise.
 */
export const identityFollower: Follower = {
  async follow(tx, { code, name, fresh, differences }) {
    const begun = await tx.query<{ id: string; role: string; confirmed: boolean }>(
      `INSERT INTO membership AS here (id, person_id, role, la_code, title, confirmed_at, confirmed_by, created_at, offered_at, offered_by, offered_email, accepted_at)
       SELECT gen_random_uuid(), m.person_id, m.role, next, m.title, m.confirmed_at, m.confirmed_by, $3,
              m.offered_at, m.offered_by, m.offered_email, m.accepted_at
       FROM membership m CROSS JOIN unnest($2::text[]) AS next WHERE m.la_code = $1 AND m.ended_at IS NULL
       ${IN_PLACE_OF_WHAT_WAITS} RETURNING id, role, confirmed_at IS NOT NULL AS confirmed`,
      [code, fresh.map((each) => each.code), tx.now],
    );
    // what was only asked for or offered there is so where it can still be answered
    await tx.query('UPDATE membership SET ended_at = $2 WHERE la_code = $1 AND ended_at IS NULL AND confirmed_at IS NULL', [code, tx.now]);
    const held = begun.filter(({ confirmed }) => confirmed);
    const reason = [`${name} has become ${authoritiesInWords(fresh.map((each) => each.name))}. Your role goes on ${fresh.length > 1 ? 'in each of them' : 'there'}.`, ...differences].join(' ');
    await recordSteps(tx, 'Role', 'carry', held.map(({ id }) => id), { from: null, to: 'HELD', reason });
    const count = (role: string) => held.filter((each) => each.role === role).length;
    return [...counted(count('LA_OFFICER'), 'role of an officer', 'roles of officers'), ...counted(count('SIP'), 'role of a SIP', 'roles of SIPs'), ...counted(begun.length - held.length, 'role that waits', 'roles that wait')];
  },
};
