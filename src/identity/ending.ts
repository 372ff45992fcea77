import { type Actor, system } from '../platform/actor.js';
import type { UnitOfWork } from '../platform/database/index.js';
import { recordStep } from '../platform/process/index.js';
import type { Giving } from './giving.js';
import { MembershipEntity } from './identity.entity.js';
import { isOwnSchool } from './leaving.own.js';
import { leaverOfAssignment, type Leaving } from './leaving.service.js';
import { actorOfPerson } from './session.js';

export const isOffered = ({ offeredAt, acceptedAt }: Pick<MembershipEntity, 'offeredAt' | 'acceptedAt'>) => offeredAt !== null && acceptedAt === null;

/**
 * Ends the offers whose givers could not make them any more: that one, those of one person, or all.
 * @returns how many
 */
export async function endOffers(tx: UnitOfWork, giving: Giving, { id = null, by = null }: { id?: string | null; by?: string | null }): Promise<number> {
  const open = await tx.query<{ id: string }>(
    `SELECT id FROM membership WHERE offered_at IS NOT NULL AND accepted_at IS NULL AND confirmed_at IS NULL AND ended_at IS NULL AND ($1::uuid IS NULL OR id = $1) AND ($2::uuid IS NULL OR offered_by = $2)
     ORDER BY id FOR UPDATE`,
    [id, by],
  );
  const givers = new Map<string, Actor>();
  let ended = 0;
  for (const each of open) {
    const offer = await tx.manager.findOneByOrFail(MembershipEntity, { id: each.id });
    const giver = givers.get(offer.offeredBy!) ?? (await actorOfPerson(tx, offer.offeredBy!));
    givers.set(offer.offeredBy!, giver);
    if (!(await giving.whyNot(tx, giver, offer, offer.personId))) continue;
    await tx.query('UPDATE membership SET ended_at = $2 WHERE id = $1', [offer.id, tx.now]);
    await recordStep(tx, 'Role', 'lapse', offer.id, { from: 'OFFERED', to: 'ENDED', by: system });
    ended++;
  }
  return ended;
}

/** Ends SIPs’ work with schools that have become their own: by a change of trusts or federations, or of their address. @param personId theirs; null for all */
export async function endOwnAssignments(tx: UnitOfWork, leaving: Leaving, personId: string | null = null): Promise<void> {
  const own = await tx.query<{ id: string; personId: string; schoolUrn: number; la: string }>(
    `SELECT a.id, a.person_id AS "personId", a.school_urn AS "schoolUrn", s.la_code AS la FROM sip_assignment a JOIN school s ON s.urn = a.school_urn
     WHERE a.ended_at IS NULL AND ($1::uuid IS NULL OR a.person_id = ANY(ARRAY(SELECT person_id FROM known_by WHERE mailbox = ANY((SELECT mailboxes_of($1))::text[])))) AND ${isOwnSchool('a.person_id', 'a.school_urn')} ORDER BY a.id FOR UPDATE OF a`,
    [personId],
  );
  for (const each of own) {
    await leaving.leave(tx, system, leaverOfAssignment(each, each.la), { acceptLeftWithout: true });
    await tx.query('UPDATE sip_assignment SET ended_at = $2 WHERE id = $1', [each.id, tx.now]);
    await recordStep(tx, 'SIP assignment', 'end', each.id, { from: 'HELD', to: 'ENDED', by: system, reason: 'The school, or one in its trust or federation, is their own now.' });
  }
}
