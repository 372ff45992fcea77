import { MailRefused, mailJobs, type MailTransport, type Message, smtpTransport } from '../../src/platform/mail/index.js';
import { sendMail } from '../../src/platform/mail/mail.js';
import { runDueJobs } from '../../src/platform/jobs/index.js';
import { newTrace, traced } from '../../src/platform/trace.js';
import { type FreshDatabase, freshDatabase } from '../support/database.js';
import { SmtpSink } from '../faults/smtp-sink.js';

let fresh: FreshDatabase;

beforeAll(async () => {
  fresh = await freshDatabase();
});

const message = { to: 'head@school.example', subject: 'A subject', text: 'A text' };
const jobs = (transport: MailTransport) => mailJobs(fresh.db, transport);
const counting = (send: (sent: Message) => void = () => {}) => {
  const sent: Message[] = [];
  return { sent, send: async (each: Message) => void (sent.push(each), send(each)) };
};
const runAgain = async (transport: MailTransport) => {
  await fresh.db.query('UPDATE graphile_worker._private_jobs SET run_at = now()');
  await runDueJobs(fresh.db, jobs(transport));
};
const failed = () => fresh.db.query<{ task: string; attempts: number; error: string }>(`SELECT task_identifier AS task, attempts, last_error AS error FROM graphile_worker.jobs WHERE attempts >= max_attempts`);

test('what the mail server refuses for good is tried four times, and is seen afterwards', async () => {
  const transport = counting(() => {
    throw new MailRefused('550 at RCPT TO');
  });
  await fresh.db.transaction((tx) => sendMail(tx, message));
  for (let i = 0; i < 6; i++) await runAgain(transport);
  expect(transport.sent).toHaveLength(4);
  expect(await failed()).toEqual([{ task: 'send-mail', attempts: 4, error: '550 at RCPT TO' }]);
  await fresh.db.query('DELETE FROM graphile_worker._private_jobs');
});

test('what it refuses for now is tried on', async () => {
  const transport = counting(() => {
    throw new Error('451');
  });
  await fresh.db.transaction((tx) => sendMail(tx, message));
  for (let i = 0; i < 6; i++) await runAgain(transport);
  expect(transport.sent).toHaveLength(6);
  expect(await failed()).toEqual([]);
  await runAgain(counting());
  expect(await fresh.db.query('SELECT FROM graphile_worker._private_jobs')).toEqual([]);
});

test('a message that has expired is not sent, and its text is not kept', async () => {
  const expiresAt = new Date(fresh.clock.now().getTime() + 600_000);
  await fresh.db.transaction((tx) => sendMail(tx, { ...message, text: '123456' }, { expiresAt }));
  await fresh.db.query(`UPDATE mail SET queued_at = queued_at - interval '10 minutes'`);
  const transport = counting();
  await runAgain(transport);
  expect(transport.sent).toEqual([]);
  expect(await fresh.db.query('SELECT text, sent_at AS sent FROM mail WHERE expires_at IS NOT NULL')).toEqual([{ text: '', sent: null }]);
});

describe('over SMTP', () => {
  let sink: SmtpSink;

  beforeAll(async () => {
    sink = await SmtpSink.start();
  });
  afterAll(() => sink.close());

  const transport = (mostMs = 5000) => smtpTransport(sink.url, 'signpost@example.org', 'localhost', mostMs);
  const send = (mostMs?: number, signal?: AbortSignal) => transport(mostMs).send({ ...message, id: 'an-id' }, signal);

  test.each([
    ['4xx', Error],
    ['silent', Error],
    [60_000, Error],
  ] as const)('a server that is %s refuses for now', async (mode, kind) => {
    sink.become(mode);
    const refusal = await send(300).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(kind);
    expect(refusal).not.toBeInstanceOf(MailRefused);
    expect((refusal as Error).message).not.toContain(message.to);
    sink.become('ok');
  });

  test('a message has the id of the request that it comes of', async () => {
    const trace = newTrace();
    await traced(trace, () => send());
    expect(sink.accepted.at(-1)).toMatchObject({ id: expect.stringContaining('an-id') });
    expect(sink.lastHead.toLowerCase()).toContain(`x-request-id: ${trace.id}`);
  });

  test('one that is being sent is given up when the process ends', async () => {
    sink.become(60_000);
    const ending = new AbortController();
    const sending = send(5000, ending.signal);
    ending.abort();
    await expect(sending).rejects.toThrow('The mail server did not take a message');
    sink.become('ok');
  });
});
