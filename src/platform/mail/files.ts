import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { MailTransport, Message } from './message.js';
import { envelope } from './smtp.js';

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
