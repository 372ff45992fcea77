import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, isUnavailable, type UnitOfWork } from '../database/index.js';
import { newId } from '../id.js';
import type { Jobs } from '../jobs/index.js';
import { metrics } from '../metrics.js';
import type { MailTransport, Message } from './message.js';
import { MailRefused } from './smtp.js';

export interface MailOptions {
  /** A moment from which on it is of no use and is not sent; somebody waits for it, so it goes before other mail. */
  expiresAt?: Date;
}

/** Codes go before all that waits in their lane with them. */
const CODE_PRIORITY = -10;

/** Sends a message once this unit of work has committed, at least once, by a job; under an id of its own unless it has one. */
export async function sendMail(tx: UnitOfWork, { id = newId(), ...message }: Omit<Message, 'id'> & { id?: string }, { expiresAt }: MailOptions = {}): Promise<void> {
  await tx.query('INSERT INTO mail (id, recipient, subject, text, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)', [
    id,
    message.to,
    message.subject,
    message.text,
    tx.now,
    expiresAt ?? null,
  ]);
  if (expiresAt) await tx.addJob('send-code', { id }, { priority: CODE_PRIORITY });
  else await tx.addJob('send-mail', { id });
}

/** Sends what somebody waits for and is of no use after a moment. */
export const sendCode = (tx: UnitOfWork, message: Omit<Message, 'id'>, expiresAt: Date): Promise<void> =>
  sendMail(tx, message, { expiresAt });

export function mailJobs(db: Database, transport: MailTransport): Jobs {
  const send = async ({ id }: Record<string, unknown>, signal?: AbortSignal) => {
    // Its life is told by the database's clock alone: that of the process that wrote it may be wrong, or that of this one.
    const [mail] = await db.query<Message & { over: boolean }>(
      `SELECT id, recipient AS to, subject, text, coalesce(queued_at + (expires_at - created_at) <= now(), false) AS over
       FROM mail WHERE id = $1 AND sent_at IS NULL`,
      [id],
    );
    if (!mail) return;
    const { over, ...message } = mail;
    if (over) metrics.mail.inc({ outcome: 'expired' });
    if (over) await db.query(`UPDATE mail SET text = '' WHERE id = $1`, [id]);
    else await deliver(db, transport, message, signal, (tx) => tx.query(`UPDATE mail SET sent_at = $2, text = '' WHERE id = $1`, [id, tx.now]));
  };
  return { tasks: { 'send-mail': send, 'send-code': send }, lanes: { 'send-mail': 'MAIL', 'send-code': 'CODES' }, schedule: [] };
}

/** How long what was sent is kept in mind where the database cannot take it down. */
const WRITTEN_WITHIN_MS = 120_000;

/**
 * Sends a message and has it written down. A message that was sent and is not written down is sent again by the next
 * try, so this process goes on trying to write while the database is away.
 * @throws whatever the transport throws
 */
export async function deliver(db: Database, transport: MailTransport, message: Message, signal: AbortSignal | undefined, written: (tx: UnitOfWork) => Promise<unknown>): Promise<void> {
  try {
    await transport.send(message, signal);
    metrics.mail.inc({ outcome: 'sent' });
  } catch (error) {
    metrics.mail.inc({ outcome: error instanceof MailRefused ? 'refused' : 'failed' });
    throw error;
  }
  await persistently(() => db.transaction(written), signal);
}

async function persistently(work: () => Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  const begun = performance.now();
  for (let pause = 100; ; pause = Math.min(pause * 2, 1000)) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isUnavailable(error) || signal?.aborted || performance.now() - begun > WRITTEN_WITHIN_MS) throw error;
    }
    await sleep(pause, undefined, signal && { signal });
  }
}
