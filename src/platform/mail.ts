import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { newId } from './id.js';
import type { Database, UnitOfWork } from './database.js';
import type { Jobs } from './jobs.js';

export interface Message {
  /** Stable over repeated sending, so that a mailbox can tell a repeat. */
  id: string;
  to: string;
  subject: string;
  text: string;
}

export interface MailTransport {
  send(message: Message): Promise<void>;
}

/** Sends a message once this unit of work has committed, at least once, by a job; under an id of its own unless it has one. */
export async function sendMail(tx: UnitOfWork, { id = newId(), ...message }: Omit<Message, 'id'> & { id?: string }): Promise<void> {
  await tx.query('INSERT INTO mail (id, recipient, subject, text, created_at) VALUES ($1, $2, $3, $4, $5)', [
    id,
    message.to,
    message.subject,
    message.text,
    tx.now,
  ]);
  await tx.addJob('send-mail', { id });
}

export function mailJobs(db: Database, transport: MailTransport): Jobs {
  return {
    tasks: {
      'send-mail': async ({ id }) => {
        const [mail] = await db.query<Message>('SELECT id, recipient AS to, subject, text FROM mail WHERE id = $1 AND sent_at IS NULL', [id]);
        if (!mail) return;
        await transport.send(mail);
        await db.transaction((tx) => tx.query(`UPDATE mail SET sent_at = $2, text = '' WHERE id = $1`, [id, tx.now]));
      },
    },
    schedule: [],
  };
}

const envelope = (from: string, host: string, { id, ...message }: Message) => ({ ...message, from, messageId: `<${id}@${host}>` });

export function smtpTransport(url: string, from: string, host: string): MailTransport {
  const transport = createTransport(url);
  return {
    send: async (message) => {
      try {
        await transport.sendMail(envelope(from, host, message));
      } catch (error) {
        // oxlint-disable-next-line preserve-caught-error -- the cause has the recipient's address in it, and the log would show it
        throw new Error(failureOf(error as SmtpError));
      }
    },
  };
}

type SmtpError = Partial<Record<'code' | 'responseCode' | 'command', string | number>>;

/** What the log may say of a failure: the server's own words have the recipient's address in them. */
const failureOf = ({ code, responseCode, command }: SmtpError): string => ['The mail server did not take a message:', code, responseCode, command && `at ${command}`].filter(Boolean).join(' ');

/** Writes each message as a file that a mail program can open; for trying the product out. */
export function fileTransport(folder: string, from: string, host: string): MailTransport {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return {
    send: async (message) => {
      const { message: eml } = await transport.sendMail(envelope(from, host, message));
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(join(folder, `${message.id}.eml`), eml as Buffer, { mode: 0o600 });
      await writeFile(join(folder, `${message.id}.json`), JSON.stringify(message), { mode: 0o600 });
    },
  };
}

/** The newest messages of a file transport's folder, newest first. */
export async function readMailFolder(folder: string, most: number): Promise<Message[]> {
  const files = await readdir(folder).catch(() => [] as string[]);
  const newest = files.filter((file) => file.endsWith('.json')).sort().reverse().slice(0, most); // ids grow with time
  return Promise.all(newest.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as Message));
}
