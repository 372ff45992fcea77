import { londonDay, londonHour } from '../platform/clock.js';
import type { Database, Queryable, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import type { Jobs, Task } from '../platform/jobs/index.js';
import { deliver, type MailTransport } from '../platform/mail/index.js';
import { stillTold, tellOfDeadlines, type ToldTo } from './notices.js';

/** The hour in England from which the day's digests are sent. */
const DIGEST_HOUR = 7;
const DIGEST_DAY = 'digest-day';

interface Mailed extends ToldTo {
  id: string;
  email: string;
  subject: string;
  text: string;
  expected: string | null;
  dueAt: Date | null;
  link: string;
}

const WAITING = `
  SELECT n.id, n.person_id AS "personId", n.object_id AS "objectId", n.audience, p.email, n.subject, n.text, n.expected, n.due_at AS "dueAt", n.link
  FROM notice n JOIN person p ON p.id = n.person_id WHERE n.mailed_at IS NULL AND n.withheld_at IS NULL`;

/**
 * Mail goes out at least once: it is marked as sent after it was sent, and a mail that is sent again, because a worker
 * died between the two, has the same id. Whether a person may still be told is judged anew each time.
 */
export class Mailing {
  constructor(
    private readonly db: Database,
    private readonly transport: MailTransport,
    private readonly publicUrl: string,
  ) {}

  get jobs(): Jobs {
    return {
      tasks: {
        'send-notice': this.sendNotice,
        'send-digest': this.sendDigest,
        'begin-the-day': () => this.beginTheDay(),
      },
      lanes: { 'send-notice': 'MAIL', 'send-digest': 'MAIL' },
      // By the hour, since seven o’clock in England is another one of UTC in summer, and a worker may have been away.
      schedule: [{ task: 'begin-the-day', pattern: '0 6-20 * * *' }],
    };
  }

  /** Job: the mail of one notice. */
  private readonly sendNotice: Task = async ({ id }, signal) => {
    const notices = await this.db.query<Mailed>(`${WAITING} AND n.id = $1`, [id]);
    const [notice] = await this.entitled(notices);
    if (!notice) return;
    const message = { id: notice.id, to: notice.email, subject: notice.subject, text: this.textOf(notice) };
    await deliver(this.db, this.transport, message, signal, (tx) => mark(tx, [notice], 'mailed_at', tx.now));
  };

  /** Job: one person's digest of a day. */
  private readonly sendDigest: Task = async ({ id }, signal) => {
    const notices = await this.db.query<Mailed>(`${WAITING} AND n.digest_id = $1 ORDER BY n.created_at, n.id`, [id]);
    const told = await this.entitled(notices);
    const sent = async (tx: UnitOfWork) => {
      await mark(tx, told, 'mailed_at', tx.now);
      await tx.query('UPDATE notice_digest SET sent_at = $2 WHERE id = $1 AND sent_at IS NULL', [id, tx.now]);
    };
    if (told.length === 0) return this.db.transaction(sent);
    const subject = told.length === 1 ? told[0]!.subject : `Signpost: ${told.length} things to know`;
    const text = told.length === 1 ? this.textOf(told[0]!) : told.map((notice) => `${notice.subject}\n\n${this.textOf(notice)}`).join(`\n\n${'-'.repeat(40)}\n\n`);
    await deliver(this.db, this.transport, { id: id as string, to: told[0]!.email, subject, text }, signal, sent);
  };

  /** Job: once a day, from seven o'clock in England on, tells of deadlines and makes everybody's digest. */
  async beginTheDay(): Promise<void> {
    await this.db.longTransaction(async (tx) => {
      const today = londonDay(tx.now);
      if (tx.now < londonHour(today, DIGEST_HOUR) || !(await isFirstToBegin(tx, today))) return;
      await tellOfDeadlines(tx, today);
      await makeDigests(tx, today);
    });
  }

  /** Those of the notices that their people are still entitled to; the others are withheld for good. */
  private async entitled(notices: Mailed[]): Promise<Mailed[]> {
    const still = await this.db.transaction(async (tx) => stillTold(tx, notices, tx.now));
    const lost = notices.filter((notice) => !still.has(notice));
    if (lost.length > 0) await this.db.transaction((tx) => mark(tx, lost, 'withheld_at', tx.now));
    return notices.filter((notice) => still.has(notice));
  }

  private textOf({ text, expected, dueAt, link }: Mailed): string {
    return [text, expected, dueAt && `By ${lastDayOf(dueAt)}.`, `${this.publicUrl}${link}`].filter(Boolean).join('\n\n');
  }
}

const mark = (db: Queryable, notices: readonly Mailed[], column: 'mailed_at' | 'withheld_at', now: Date) =>
  db.query(`UPDATE notice SET ${column} = $2 WHERE id = ANY($1) AND mailed_at IS NULL AND withheld_at IS NULL`, [notices.map(({ id }) => id), now]);

const longDay = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'Europe/London' });

/** The day that a moment is the end of: what ends at midnight is due on the day before. */
const lastDayOf = (at: Date) => longDay.format(at.getTime() - 1);

/** Whether no other run has begun this day; the others wait until this one is through. */
async function isFirstToBegin(tx: UnitOfWork, today: string): Promise<boolean> {
  const begun = await tx.query(
    `INSERT INTO setting (name, value) VALUES ($1, to_jsonb($2::text))
     ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE setting.value <> excluded.value RETURNING name`,
    [DIGEST_DAY, today],
  );
  return begun.length > 0;
}

/** A digest for everybody who has not yet read what waits for them. */
async function makeDigests(tx: UnitOfWork, today: string): Promise<void> {
  const waiting = 'n.digest AND n.digest_id IS NULL AND n.mailed_at IS NULL AND n.withheld_at IS NULL AND n.read_at IS NULL';
  const people = await tx.query<{ personId: string }>(`SELECT DISTINCT n.person_id AS "personId" FROM notice n WHERE ${waiting} ORDER BY 1`);
  const made = await tx.query<{ id: string }>(
    `WITH made AS (
       INSERT INTO notice_digest (id, person_id, day, created_at)
       SELECT *, $3::date, $4::timestamptz FROM unnest($1::uuid[], $2::uuid[]) ON CONFLICT DO NOTHING RETURNING id, person_id),
     filled AS (UPDATE notice n SET digest_id = made.id FROM made WHERE n.person_id = made.person_id AND ${waiting})
     SELECT id FROM made`,
    [people.map(() => newId()), people.map(({ personId }) => personId), today, tx.now],
  );
  await tx.addJobs('send-digest', made);
}
