import { createTransport } from 'nodemailer';
import { PermanentFailure } from '../jobs/permanent-failure.js';
import { currentTrace } from '../trace.js';
import type { MailTransport, Message } from './message.js';

/** The mail server will never take this message: its recipient does not exist, or what it says is not wanted. */
export class MailRefused extends PermanentFailure {}

export const envelope = (from: string, host: string, { id, ...message }: Message) => {
  const trace = currentTrace();
  return { ...message, from, messageId: `<${id}@${host}>`, ...(trace && { headers: { 'X-Request-Id': trace.id } }) };
};

/** @param mostMs the most that one message may take, from connecting to the server's last word */
export function smtpTransport(url: string, from: string, host: string, mostMs: number): MailTransport {
  const transport = createTransport({ url, connectionTimeout: mostMs, greetingTimeout: mostMs, socketTimeout: mostMs, dnsTimeout: mostMs });
  return {
    send: async (message, signal) => {
      const patience = AbortSignal.timeout(mostMs);
      try {
        await transport.sendMail({ ...envelope(from, host, message), signal: signal ? AbortSignal.any([signal, patience]) : patience });
      } catch (error) {
        const words = patience.aborted ? `The mail server took longer than ${mostMs / 1000} s.` : failureOf(error as SmtpError);
        // The cause has the recipient's address in it, and the log would show it.
        throw isForGood(error as SmtpError) ? new MailRefused(words) : new Error(words); // oxlint-disable-line preserve-caught-error
      }
    },
  };
}

type SmtpError = Partial<Record<'code' | 'responseCode' | 'command', string | number>>;

/** A server that refuses us (at the greeting, the login, the sender) is set up wrongly; one that refuses a recipient or a text means it. */
const isForGood = ({ responseCode, command }: SmtpError): boolean => Number(responseCode) >= 500 && ['RCPT TO', 'DATA'].includes(String(command));

/** What the log may say of a failure: the server's own words have the recipient's address in them. */
const failureOf = ({ code, responseCode, command }: SmtpError): string => ['The mail server did not take a message:', code, responseCode, command && `at ${command}`].filter(Boolean).join(' ');
