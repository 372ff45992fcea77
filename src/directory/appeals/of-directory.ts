import type { Memberships } from '../../identity/index.js';
import { system } from '../../platform/actor.js';
import { move } from '../../platform/process/index.js';
import { providersVouchedFrom } from '../interests/index.js';
import { meetsListing, providerProcess } from '../provider.process.js';
import type { Providers } from '../provider.service.js';
import { recommendationProcess } from '../recommendation.process.js';
import { type Appealable, type Decision, lastStep } from './appealable.js';

/** What the history says of a step that an appeal has brought about. */
const afterAppeal = (reason: string) => `The appeal was judged: ${reason}`;

export const providerSuspended = (providers: Providers): Appealable => ({
  sides: ['PROVIDER'],
  find: lastStep('Provider', 'suspend', { from: 'provider x', inForce: `x.state = 'SUSPENDED'`, title: `x.name || ' has been suspended'`, provider: 'x.id' }),
  undo: async (tx, id, { reason }) => {
    await tx.query(providerProcess.lock, [id]);
    const [facts] = await providerProcess.facts(tx, [id], system);
    const listed = meetsListing(facts!);
    await move(tx, providerProcess, id, listed ? 'reinstateOnAppeal' : 'reinstateAsLapsedOnAppeal', { actor: system, reason: afterAppeal(reason), set: listed ? { listed_at: tx.now } : {} });
    await providers.listingsChanged(tx, id);
  },
});

export const recommendationDecision = (providers: Providers, transition: 'flag' | 'reject'): Appealable => ({
  sides: ['PROVIDER', 'SCHOOL'],
  find: lastStep('Recommendation', transition, {
    from: 'recommendation x JOIN provider p ON p.id = x.provider_id JOIN school s ON s.urn = x.school_urn',
    inForce: `x.state = '${transition === 'flag' ? 'FLAGGED' : 'REJECTED'}'`,
    title: `'The recommendation of ' || p.name || ' by ' || s.name || '${transition === 'flag' ? ' is being looked into' : ' has been rejected'}'`,
    provider: 'x.provider_id',
    school: 'x.school_urn',
  }),
  undo: async (tx, id, { reason }) => {
    const { providerId } = await move(tx, recommendationProcess, id, 'restoreOnAppeal', { actor: system, reason: afterAppeal(reason) });
    // It is earlier than what was given since: of two sides that recommend each other the later one gives way.
    await providers.settleAll(tx, [providerId, ...(await providersVouchedFrom(tx, providerId))]);
  },
});

/** By a lead of the school or an officer; either way it is the school’s local authority in which it is judged again. */
export const roleRefused = (memberships: Memberships): Appealable => ({
  sides: ['PERSON'],
  find: async (db, id) => {
    const [found] = await db.query<Decision>(
      `SELECT m.id AS "objectId", NULL AS decision, 'A role in ' || s.name || ' has been refused' AS title, s.la_code AS "laCode", NULL AS "providerId", m.school_urn AS "schoolUrn",
              m.person_id AS "personId", m.ended_by AS "decidedBy", m.ended_at AS "decidedAt", coalesce(m.end_reason, '') AS reason
       FROM membership m JOIN school s ON s.urn = m.school_urn
       WHERE m.id = $1 AND m.confirmed_at IS NULL AND (m.offered_at IS NULL OR m.accepted_at IS NOT NULL) AND NOT same_person(m.ended_by, m.person_id)`,
      [id],
    );
    return found ?? null;
  },
  undo: (tx, id, { actor }) => memberships.confirmOnAppeal(tx, id, actor),
});
