import { type Actor, system } from '../../platform/actor.js';
import type { UnitOfWork } from '../../platform/database/index.js';
import { advanceAll, move } from '../../platform/process/index.js';
import { checkReach } from '../../platform/rate-limit.js';
import { providerProcess } from '../provider.process.js';

/** People named as contacts by one person, by everybody and by one person. */
const CONTACTS_A_DAY = { sender: 20, recipient: 20, pair: 3 };

/**
 * Tells somebody, if they are known here and do not belong to the provider, that it, or a listing of it, names them to be
 * contacted. That gives them an interest in it, until they deny it. @throws Refused with TooManyAttempts
 */
export async function contactNamed(tx: UnitOfWork, actor: Actor, id: string, address: string): Promise<void> {
  const [named] = await toBeTold(tx, [id], address);
  if (!named) return;
  await checkReach(tx, 'contacts', actor.personId, named.mailbox, CONTACTS_A_DAY);
  await move(tx, providerProcess, id, 'nameContact', { actor: system });
}

/** The same of all whom these providers name, for an import. */
export async function contactsNamed(tx: UnitOfWork, ids: readonly string[]): Promise<void> {
  const named = await toBeTold(tx, ids, null);
  const facts = await providerProcess.facts(tx, [...new Set(named.map((each) => each.providerId))], system);
  for (const state of new Set(facts.map((each) => each.state))) {
    await advanceAll(tx, providerProcess, 'nameContact', state, facts.filter((each) => each.state === state), async () => {}); // toBeTold has written it
  }
}

/** Gives, and marks as told, whom these providers name, who are known here, do not belong to them and have not been told. @param address only by this one */
const toBeTold = (tx: UnitOfWork, ids: readonly string[], address: string | null) =>
  tx.query<{ providerId: string; mailbox: string }>(
    `UPDATE named_contact n SET told_at = $3 FROM provider_contact c
     WHERE n.provider_id = ANY($1::uuid[]) AND c.provider_id = n.provider_id AND c.mailbox = n.mailbox AND n.told_at IS NULL AND ($2::text IS NULL OR n.mailbox = mailbox($2))
       AND EXISTS (SELECT FROM known_by WHERE mailbox = n.mailbox)
       AND NOT EXISTS (SELECT FROM provider_member m WHERE m.provider_id = n.provider_id AND m.mailbox = ANY(all_mailboxes(ARRAY[n.mailbox])))
     RETURNING n.provider_id AS "providerId", n.mailbox`,
    [ids, address, tx.now],
  );
