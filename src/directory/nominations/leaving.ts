import type { Leaver, RoomOfLeavers } from '../../identity/index.js';
import { system } from '../../platform/actor.js';
import type { Queryable, UnitOfWork } from '../../platform/database/index.js';
import { move } from '../../platform/process/index.js';
import { nominationProcess } from './nomination.process.js';

const leadLeaves = ({ what, role, schoolUrn }: Leaver) => what === 'ROLE' && role === 'SCHOOL_LEAD' && schoolUrn !== null;

const isLastLead = async (db: Queryable, { schoolUrn, personId }: Leaver): Promise<boolean> =>
  (await db.query(`SELECT FROM membership m WHERE m.school_urn = $1 AND m.role = 'SCHOOL_LEAD' AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL AND m.person_id <> $2 LIMIT 1`, [schoolUrn, personId])).length === 0;

/** Open nominations of the school; all of them, or those on this person's word. */
const nominations = async (db: Queryable, { schoolUrn, personId }: Leaver, all: boolean) =>
  (await db.query<{ id: string }>(`SELECT id FROM nomination WHERE school_urn = $1 AND state = 'OPEN' AND ($3 OR nominated_by = $2) ORDER BY id`, [schoolUrn, personId, all])).map(({ id }) => id);

/**
 * A nomination is a person's word, so that nobody has it handed to them: another lead stands by it of their own accord, and
 * is asked to. Where the school has no other lead it ends, which is said before.
 */
export const directoryLeaving: RoomOfLeavers = {
  find: async (db, leaver) => (leadLeaves(leaver) && (await isLastLead(db, leaver)) ? { NOMINATIONS: (await nominations(db, leaver, true)).length } : {}),

  handOn: async () => ({}),

  async after(tx: UnitOfWork, leaver) {
    if (!leadLeaves(leaver)) return;
    const last = await isLastLead(tx, leaver);
    for (const id of await nominations(tx, leaver, last)) await move(tx, nominationProcess, id, last ? 'closeForLeaver' : 'passOn', { actor: system });
  },
};
