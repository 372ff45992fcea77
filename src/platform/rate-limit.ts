import type { Queryable, UnitOfWork } from './database/index.js';
import { problemType, refuse } from './problem.js';

export const TooManyAttempts = problemType('TooManyAttempts', 'As often as is allowed for now. The message says when to go on.');

/** What may be done `most` times in a window of `seconds`. */
export interface Limit {
  key: string;
  most: number;
  seconds: number;
}

export const DAY = 86_400;

const IS_OVER = '(r.window_start <= $2::timestamptz - make_interval(secs => $3) OR r.window_start > $2::timestamptz + make_interval(secs => $3))';

/**
 * Counts one use against each limit. A window that begins more than its own length from now was opened by a clock that
 * was wrong, and is over.
 * @returns null while all are kept; else when the last of those that are not begins anew
 */
export async function take(db: Queryable, limits: readonly Limit[], now: Date): Promise<Date | null> {
  let until: Date | null = null;
  // in one order, so that two who take the same limits do not wait for each other
  for (const { key, most, seconds } of [...limits].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const [row] = await db.query<{ count: number; begun: Date }>(
      `INSERT INTO rate_limit AS r (key, window_start, count) VALUES ($1, $2, 1)
       ON CONFLICT (key) DO UPDATE SET
         count        = CASE WHEN ${IS_OVER} THEN 1 ELSE least(r.count, 1000000) + 1 END,
         window_start = CASE WHEN ${IS_OVER} THEN $2 ELSE r.window_start END
       RETURNING count, window_start AS begun`,
      [key, now, seconds],
    );
    const over = new Date(row!.begun.getTime() + seconds * 1000);
    if (row!.count > most && (until === null || over > until)) until = over;
  }
  return until;
}

/** Whether a limit has been used up, without using it. */
export async function isUsedUp(db: Queryable, { key, most, seconds }: Limit, now: Date): Promise<boolean> {
  const [row] = await db.query(`SELECT FROM rate_limit r WHERE key = $1 AND count >= $4 AND NOT ${IS_OVER}`, [key, now, seconds, most]);
  return row !== undefined;
}

/** Counts one use of the key; true while there were at most `most` in the window of `seconds` that runs now. */
export const withinRate = async (db: Queryable, key: string, most: number, seconds: number, now: Date): Promise<boolean> =>
  (await take(db, [{ key, most, seconds }], now)) === null;

/** How often in a day one may do something that reaches others, how often it may reach one of them, and how often one the same other. */
export interface Reach {
  sender: number;
  recipient: number;
  pair: number;
}

/**
 * Counts that somebody reaches somebody else.
 * @param what names it among the limits
 * @param sender null: the product itself, which is bound by what it does for whom
 * @throws Refused with TooManyAttempts
 */
export async function checkReach(tx: UnitOfWork, what: string, sender: string | null, recipient: string, most: Reach): Promise<void> {
  const limit = (key: string, times: number): Limit => ({ key: `${what}:${key}`, most: times, seconds: DAY });
  const own = sender === null ? [] : [limit(`by:${sender}`, most.sender), limit(`by:${sender}:to:${recipient}`, most.pair)];
  const until = await take(tx, [...own, limit(`to:${recipient}`, most.recipient)], tx.now);
  if (until) refuse(tooMany('That is as often as this may be done in a day.', until));
}

/** Counts that somebody does once more what others have to deal with. @throws Refused with TooManyAttempts */
export async function checkOften(tx: UnitOfWork, what: string, maker: string | null, mostADay: number): Promise<void> {
  const until = maker === null ? null : await take(tx, [{ key: `${what}:by:${maker}`, most: mostADay, seconds: DAY }], tx.now);
  if (until) refuse(tooMany('That is as often as this may be done in a day.', until));
}

const moment = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/London',
  day: 'numeric',
  month: 'long',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** The refusal in words, with the minute after which to go on. */
export function tooMany(why: string, until: Date) {
  const minute = new Date(Math.ceil(until.getTime() / 60_000) * 60_000);
  return new TooManyAttempts(`${why} You can go on after ${moment.format(minute).replace(' at ', ', ')}.`);
}
