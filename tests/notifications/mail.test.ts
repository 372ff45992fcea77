import { notificationJobs } from '../../src/notifications/index.js';
import type { Actor } from '../../src/platform/actor.js';
import type { Message, MailTransport } from '../../src/platform/mail/index.js';
import { startServices, type TestApp } from '../support/app.js';
import { endRoles, mailTo, makeJobsDue, noticesIn } from './support.js';

let server: TestApp;
let provider: Awaited<ReturnType<TestApp['world']['awaiting']>>;

beforeAll(async () => {
  server = await startServices();
  provider = await server.world.awaiting();
  await server.deliver();
});

type Person = Actor & { personId: string; email: string };

/** A school whose one lead is asked for a recommendation: told at once. */
async function asked(message = ''): Promise<{ lead: Person; id: string; urn: number }> {
  const urn = await server.world.school();
  const lead = await server.world.lead(urn);
  server.clock.advance({ hours: 25 }); // a provider asks so many schools a day
  return { lead, urn, id: await server.app.directory.recommendations.invite(provider.admin, { providerId: provider.id, schoolUrn: urn, message }) };
}

/** A school that declines: its provider is told in the digest. */
async function declined(): Promise<void> {
  const { lead, id } = await asked();
  await server.app.directory.recommendations.act(id, 'decline', { actor: lead });
}

/** The jobs of the room over another transport. */
const sendingBy = (transport: MailTransport) => notificationJobs(server.app.db, transport, 'http://localhost').tasks;
const beginTheDay = () => server.app.jobs.tasks['begin-the-day']!({});
const digestsOf = ({ personId }: Actor) => server.app.db.query<{ id: string; day: string; sent: boolean }>('SELECT id, day, sent_at IS NOT NULL AS sent FROM notice_digest WHERE person_id = $1 ORDER BY day', [personId]);

/** Sets the clock to the next moment that it is `time` of UTC. */
function goTo(time: string): void {
  const now = server.clock.now();
  const then = new Date(`${now.toISOString().slice(0, 10)}T${time}:00Z`);
  server.clock.advance({ seconds: (then.getTime() - now.getTime()) / 1000 + (then <= now ? 86_400 : 0) });
}

describe('a notice of its own', () => {
  test('is mailed with what is expected, by when, and one link', async () => {
    const { lead, id } = await asked('You had us in spring.');
    await server.deliver();
    const [mail, ...more] = mailTo(server.outbox, lead);
    expect(more).toEqual([]);
    const [notice] = await noticesIn(server, id);
    expect(mail!.id).toBe(notice!.id);
    expect(mail!.subject).toMatch(/asks School \d+ for a recommendation/);
    expect(mail!.text).toContain('You had us in spring.');
    expect(mail!.text).toMatch(/\n\nAnswer, as a lead of the school.*\n\nBy \d+ \w+ 20\d\d\.\n\n/s);
    expect(mail!.text.match(/https?:\S+/g)).toEqual([`http://localhost/recommendations/${id}`]);
    expect(notice!.mailedAt).not.toBeNull();
  });

  test('is mailed once however often its job runs', async () => {
    const { lead, id } = await asked();
    const [notice] = await noticesIn(server, id);
    await server.deliver();
    await server.app.jobs.tasks['send-notice']!({ id: notice!.id });
    expect(mailTo(server.outbox, lead)).toHaveLength(1);
  });

  test('is sent again, under the same id, when the worker dies after sending and before it marks it', async () => {
    const { lead, id } = await asked();
    const [notice] = await noticesIn(server, id);
    const sent: Message[] = [];
    const dying = new Promise<void>((resolve) => {
      const tasks = sendingBy({
        send: async (message) => {
          sent.push(message);
          resolve();
          await new Promise(() => {}); // the worker never comes back from here
        },
      });
      void tasks['send-notice']!({ id: notice!.id });
    });
    await dying;
    await server.deliver();
    sent.push(...mailTo(server.outbox, lead));
    expect(sent.map((message) => message.id)).toEqual([notice!.id, notice!.id]);
    expect(sent[0]).toEqual(sent[1]);
    await server.deliver();
    expect(mailTo(server.outbox, lead)).toHaveLength(1);
  });

  test('is tried again when the mail server is away, and others are sent meanwhile', async () => {
    const [first, second] = [await asked(), await asked()];
    const sent: string[] = [];
    let away = true;
    const tasks = sendingBy({
      send: async ({ to }) => {
        if (to === first.lead.email && away) throw new Error('the mail server is away');
        sent.push(to);
      },
    });
    const run = async (id: string) => tasks['send-notice']!({ id: (await noticesIn(server, id))[0]!.id });
    await expect(run(first.id)).rejects.toThrow('away');
    await run(second.id);
    away = false;
    await run(first.id);
    expect(sent).toEqual([second.lead.email, first.lead.email]);
    await makeJobsDue(server);
    await server.deliver(); // nothing is left to send
    expect([first, second].flatMap(({ lead }) => mailTo(server.outbox, lead))).toEqual([]);
  });

  test('is withheld from whoever has lost the role meanwhile, and out of their list', async () => {
    const { lead, id } = await asked();
    await endRoles(server, lead);
    await server.deliver();
    expect(mailTo(server.outbox, lead)).toEqual([]);
    expect(await noticesIn(server, id)).toMatchObject([{ personId: lead.personId, mailedAt: null, withheldAt: expect.any(Date) }]);
  });

  test('goes to a typed address that is no lead’s, by a mail of its own', async () => {
    const urn = await server.world.school();
    const lead = await server.world.lead(urn);
    const invite = (schoolUrn: number, email: string) => server.app.directory.recommendations.invite(provider.admin, { providerId: provider.id, schoolUrn, message: '', email });
    server.clock.advance({ hours: 25 });
    await invite(urn, 'Bursar@Oak.example');
    await server.deliver();
    expect(server.outbox.filter(({ to }) => to === 'bursar@oak.example')).toHaveLength(1);
    expect(mailTo(server.outbox, lead)).toHaveLength(1);
    const other = await server.world.school();
    const otherLead = await server.world.lead(other);
    await invite(other, otherLead.email.toUpperCase());
    await server.deliver();
    expect(mailTo(server.outbox, otherLead)).toHaveLength(1);
  });
});

describe('the digest', () => {
  const admin = () => server.app.db.query<Person>('SELECT id AS "personId", email FROM person WHERE id = $1', [provider.admin.personId]).then(([person]) => person!);

  test('goes out at seven o’clock in England, in summer and in winter, once a day', async () => {
    const person = await admin();
    for (const [month, six] of [['2027-01-10', '06:30'], ['2027-07-10', '05:30']] as const) {
      server.clock.advance({ seconds: (new Date(`${month}T00:00:00Z`).getTime() - server.clock.now().getTime()) / 1000 });
      await declined();
      await declined();
      const before = mailTo(server.outbox, person).length;
      goTo(six);
      await beginTheDay();
      await server.deliver();
      expect(mailTo(server.outbox, person)).toHaveLength(before);
      server.clock.advance({ minutes: 30 });
      await Promise.all([beginTheDay(), beginTheDay()]); // two workers
      await server.deliver();
      const mails = mailTo(server.outbox, person).slice(before);
      expect(mails).toHaveLength(1);
      expect(mails[0]!.subject).toMatch(/^Signpost: \d+ things to know$/);
      await declined(); // a day later, before seven
      server.clock.advance({ hours: -24 });
      await beginTheDay();
      await server.deliver();
      expect(mailTo(server.outbox, person)).toHaveLength(before + 1);
    }
  });

  test('has one id a person and day: a worker that dies in the middle sends the same again', async () => {
    const person = await admin();
    await declined();
    goTo('12:00');
    await beginTheDay();
    const digest = (await digestsOf(person)).at(-1)!;
    expect(digest.sent).toBe(false);
    const sent: Message[] = [];
    await expect(
      sendingBy({
        send: async (message) => {
          sent.push(message);
          throw new Error('the connection broke after the mail was taken');
        },
      })['send-digest']!({ id: digest.id }),
    ).rejects.toThrow('broke');
    await server.deliver();
    const again = mailTo(server.outbox, person).at(-1)!;
    expect([again, again.id]).toEqual([sent[0], digest.id]);
    expect((await digestsOf(person)).at(-1)).toMatchObject({ sent: true });
  });

  test('leaves out what has been read and what may no longer be told', async () => {
    const person = await admin();
    goTo('13:00');
    await beginTheDay();
    await server.deliver();
    await declined();
    await declined();
    const [one, two] = (await noticesIn(server)).filter(({ digest, mailedAt, personId }) => digest && !mailedAt && personId === person.personId);
    await server.app.db.query('UPDATE notice SET read_at = $2 WHERE id = $1', [one!.id, server.clock.now()]);
    goTo('12:00');
    await beginTheDay();
    await server.deliver();
    expect(mailTo(server.outbox, person).at(-1)).toMatchObject({ subject: two!.subject });
    await declined();
    goTo('12:30');
    await beginTheDay();
    const count = mailTo(server.outbox, person).length;
    await endRoles(server, provider.admin);
    await server.deliver();
    expect(mailTo(server.outbox, person)).toHaveLength(count);
    expect((await noticesIn(server)).at(-1)).toMatchObject({ mailedAt: null, withheldAt: expect.any(Date) });
  });
});
