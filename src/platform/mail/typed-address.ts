import type { Actor } from '../actor.js';
import type { UnitOfWork } from '../database/index.js';
import { mailboxOf } from '../email-address.js';
import { checkReach } from '../rate-limit.js';
import { type MailOptions, sendMail } from './mail.js';
import type { Message } from './message.js';

/** An officer may bring in a whole team in a day; nobody needs to write to one stranger more often than this. */
const IN_A_DAY = { sender: 60, recipient: 10, pair: 3 };

/**
 * Writes to an address that somebody typed, who need not know its owner.
 * @throws Refused with TooManyAttempts where this person, this mailbox, by whatever address, or the two of them have had enough today
 */
export async function sendToTypedAddress(tx: UnitOfWork, sender: Actor, message: Omit<Message, 'id'>, options: MailOptions = {}): Promise<void> {
  const to = message.to.toLowerCase();
  await checkReach(tx, 'mail', sender.personId, mailboxOf(to), IN_A_DAY);
  await sendMail(tx, { ...message, to }, options);
}
