import type { Leaver, RoomOfLeavers } from '../identity/index.js';
import { system } from '../platform/actor.js';
import type { Queryable } from '../platform/database/index.js';
import { move } from '../platform/process/index.js';
import { referralProcess } from './referral.process.js';
import { suggestionRequestProcess } from './suggestion.process.js';
import { visitProcess } from './visit.process.js';

const ids = async (db: Queryable, sql: string, values: unknown[]) => (await db.query<{ id: string }>(sql, values)).map((row) => row.id);

const visits = (db: Queryable, { personId, schools }: Leaver) => ids(db, `SELECT id FROM visit WHERE state = 'PLANNED' AND sip_id = $1 AND school_urn = ANY($2) ORDER BY id`, [personId, schools]);
const referrals = (db: Queryable, { personId, schools }: Leaver) =>
  ids(db, `SELECT id FROM referral WHERE state = 'SENT' AND coalesce(handed_to, sip_id) = $1 AND school_urn = ANY($2) ORDER BY id`, [personId, schools]);

/** What hangs here on a SIP’s work with schools. A shortlist is a note of the SIP’s own, on which nobody waits. */
export const referralsLeaving: RoomOfLeavers = {
  find: async (db, leaver) => (leaver.schools.length > 0 ? { VISITS: (await visits(db, leaver)).length, REFERRALS: (await referrals(db, leaver)).length } : {}),

  async handOn(tx, leaver, successorId) {
    if (leaver.schools.length === 0) return {};
    const [planned, sent] = [await visits(tx, leaver), await referrals(tx, leaver)];
    for (const id of planned) await move(tx, visitProcess, id, 'handOver', { actor: system, set: { sip_id: successorId } });
    for (const id of sent) await move(tx, referralProcess, id, 'handOver', { actor: system, set: { handed_to: successorId } });
    return { VISITS: planned.length, REFERRALS: sent.length };
  },

  /** A question to other SIPs is closed, so that nobody suggests what nobody reads. */
  async after(tx, { what, role, personId, laCode }) {
    if (what !== 'ROLE' || role !== 'SIP') return;
    const asked = await ids(tx, `SELECT id FROM suggestion_request WHERE state = 'OPEN' AND asked_by = $1 AND la_code = $2 ORDER BY id`, [personId, laCode]);
    for (const id of asked) await move(tx, suggestionRequestProcess, id, 'closeForLeaver', { actor: system });
  },
};
