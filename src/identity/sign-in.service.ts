import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { mailboxOf, normalEmail } from '../platform/email-address.js';
import { newId } from '../platform/id.js';
import { sendCode } from '../platform/mail/index.js';
import { Problem, problemType, refuse, ValidationProblem } from '../platform/problem.js';
import { isUsedUp, type Limit, take, tooMany } from '../platform/rate-limit.js';
import { PersonEntity } from './identity.entity.js';
import type { Sessions } from './session.js';

export const CODE_MINUTES = 10;
export const CODE_TRIES = 5;
const QUARTER_HOUR = 900;
/** Of six digits, to one mailbox in a quarter of an hour; further ones are long. */
const SHORT_CODES = 3;
/** Live at once. Nothing but their use and time ends them, so somebody who is refused another has these. */
const LONG_CODES = 3;
/** Twelve of thirty signs are 58 bits: no number of tries that a server can answer finds one. */
const LONG_LENGTH = 12;
const SIGNS = '23456789ABCDEFGHJKMNPQRSTVWXYZ';

const limit = (key: string, most: number): Limit => ({ key, most, seconds: QUARTER_HOUR });
const codesFrom = (caller: string) => limit(`code-from:${caller}`, 100);
const triesFrom = (caller: string) => limit(`try-from:${caller}`, 60);
const shortCodesFor = (email: string) => limit(`code-for:${mailboxOf(email)}`, SHORT_CODES);
/** Codes for all addresses with a plus that lead to one mailbox. */
const codesToPlus = (email: string) => limit(`code-to-plus:${mailboxOf(email)}`, 10);
/** At codes of six digits that were asked for from elsewhere. */
const guessesAt = (email: string) => limit(`guess-at:${email}`, 5);

export const CodeNotAccepted = problemType('CodeNotAccepted', 'The code is wrong, used, too old or was never sent; it does not say which.');

/** Counts one more code asked for from a network address, whatever it is for. @returns the refusal, if there is one */
export async function codeAskedFrom(tx: UnitOfWork, caller: string): Promise<Problem | null> {
  const until = await take(tx, [codesFrom(caller)], tx.now);
  return until && tooMany('Very many codes have been asked for from where you are.', until);
}

/** Counts one more try of short codes from a network address, whatever they are for. @returns when to go on, if not now */
export const codeTriedFrom = (tx: UnitOfWork, caller: string): Promise<Date | null> => take(tx, [triesFrom(caller)], tx.now);

export const shortCode = () => randomInt(1_000_000).toString().padStart(6, '0');

export interface SignInOptions {
  db: Database;
  sessions: Sessions;
  /** The first makes codes; all of them accept one. */
  secrets: readonly [string, ...string[]];
}

/**
 * Sign-in with a code sent by e-mail. Every address gets a code, and becomes a person when it is first used, so that
 * no answer, mail or timing tells whether an address is known.
 *
 * Nobody can keep the owner of an address from signing in, by asking for codes or by guessing. A new code ends no other.
 * Tries from where a code was asked for count against that code alone; from everywhere else there are few tries at all
 * short codes of an address together. Where those, or the short codes of a quarter of an hour, are used up, codes become
 * long: they cannot be guessed, so no tries are counted against them, and somebody who is refused a further one has
 * some in their mailbox that work. Only people who share a network's address share the limit of what it may ask for.
 *
 * Nor can anybody fill a mailbox: what is asked for its addresses with a plus beyond a few is not sent, unless somebody
 * signs in with that address. The answer is the same.
 */
export class SignIn {
  constructor(private readonly options: SignInOptions) {}

  /** Sends a new code. @throws Refused with ValidationProblem, TooManyAttempts */
  async requestCode(typed: string, caller: string): Promise<string> {
    const email = checkEmail(typed);
    const refusal = await this.options.db.transaction(async (tx) => {
      const tooOften = await codeAskedFrom(tx, caller);
      if (tooOften) return tooOften; // committed, so that the attempt counts
      const isLong = await this.needsLong(tx, email, caller);
      const waits = isLong ? await longCodesEnd(tx, email) : null;
      if (waits) return tooMany('Several codes have been sent to this address, and those in the newest messages work.', waits);
      const code = isLong ? longCode() : shortCode();
      const expiresAt = new Date(tx.now.getTime() + CODE_MINUTES * 60_000);
      await tx.query(
        `INSERT INTO sign_in_code (id, email, code_hash, expires_at, tries_left, asked_from, is_long)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [newId(), email, this.hashes(email, code)[0], expiresAt, CODE_TRIES, this.hashOfCaller(caller), isLong],
      );
      const text = letter(isLong ? code.replace(/.{4}(?=.)/g, '$&-') : code);
      // What is over at once is dropped by the job that sends it, so that it takes as long as what is sent.
      await sendCode(tx, { to: email, subject: 'Your Signpost sign-in code', text }, (await isWanted(tx, email)) ? expiresAt : tx.now);
      return null;
    });
    return refusal ? refuse(refusal) : email;
  }

  /**
   * Opens a session for whoever holds the code, and ends the one they came with.
   * @throws Refused with CodeNotAccepted, TooManyAttempts, ValidationProblem
   */
  async signIn(typed: string, typedCode: string, caller: string, previousToken: string | null): Promise<{ personId: string; token: string }> {
    const email = checkEmail(typed);
    const code = typedCode.replace(/[\s-]/g, '').toUpperCase();
    const isLong = code.length === LONG_LENGTH;
    const opened = await this.options.db.transaction(async (tx) => {
      const until = isLong ? null : await codeTriedFrom(tx, caller);
      if (until) return tooMany('There have been too many attempts. Ask for a new code, which is longer and works at once.', until);
      if (!(await (isLong ? this.useLong(tx, email, code) : this.useShort(tx, email, code, caller)))) {
        return new CodeNotAccepted('That code does not work. Check it, or ask for a new one: a code works for 10 minutes, and for five tries.');
      }
      const personId = await findOrAddPerson(tx, email);
      if (previousToken) await this.options.sessions.close(tx, previousToken);
      return { personId, token: await this.options.sessions.open(tx, personId) };
    });
    return opened instanceof Problem ? refuse(opened) : opened;
  }

  /** Counting a short code holds its row until the end, so that of two requests for one address one waits. */
  private async needsLong(tx: UnitOfWork, email: string, caller: string): Promise<boolean> {
    const tooManyShort = (await take(tx, [shortCodesFor(email)], tx.now)) !== null;
    return tooManyShort || (await isUsedUp(tx, guessesAt(email), tx.now)) || isUsedUp(tx, triesFrom(caller), tx.now);
  }

  /** Each try is counted by a statement of its own, so that simultaneous tries cannot share one. */
  private async useShort(tx: UnitOfWork, email: string, code: string, caller: string): Promise<boolean> {
    const from = this.hashOfCaller(caller);
    const own = await tx.query<LiveCode>(
      `UPDATE sign_in_code SET tries_left = tries_left - 1 WHERE ${TRIED} AND asked_from = $3 RETURNING id, code_hash AS hash`,
      [email, tx.now, from],
    );
    if (await this.use(tx, own, email, code)) return true;
    const elsewhere = `SELECT id, code_hash AS hash FROM sign_in_code WHERE ${TRIED} AND asked_from <> $3`;
    const others = await tx.query<LiveCode>(elsewhere, [email, tx.now, from]);
    if (others.length === 0 || (await take(tx, [guessesAt(email)], tx.now))) return false;
    return this.use(tx, others, email, code);
  }

  private async useLong(tx: UnitOfWork, email: string, code: string): Promise<boolean> {
    const live = await tx.query<LiveCode>(`SELECT id, code_hash AS hash FROM sign_in_code WHERE ${LIVE} AND is_long`, [email, tx.now]);
    return this.use(tx, live, email, code);
  }

  private async use(tx: UnitOfWork, codes: readonly LiveCode[], email: string, code: string): Promise<boolean> {
    const hashes = this.hashes(email, code);
    const right = codes.filter((each) => hashes.some((hash) => timingSafeEqual(each.hash, hash)))[0];
    if (!right) return false;
    const used = await tx.query('UPDATE sign_in_code SET used_at = $2 WHERE id = $1 AND used_at IS NULL RETURNING id', [right.id, tx.now]);
    return used.length > 0;
  }

  private hashes(email: string, code: string): Buffer[] {
    return this.options.secrets.map((secret) => createHmac('sha256', secret).update(`code:${email}:${code}`).digest());
  }

  private hashOfCaller(caller: string): Buffer {
    return createHmac('sha256', this.options.secrets[0]).update(`caller:${caller}`).digest();
  }
}

interface LiveCode {
  id: string;
  hash: Buffer;
}

const LIVE = 'email = $1 AND used_at IS NULL AND expires_at > $2';
const TRIED = `${LIVE} AND NOT is_long AND tries_left > 0`;

/** Null while there may be one more long code; else when the first of the live ones ends. */
async function longCodesEnd(tx: UnitOfWork, email: string): Promise<Date | null> {
  const [row] = await tx.query<{ live: number; ends: Date }>(
    `SELECT count(*)::int AS live, min(expires_at) AS ends FROM sign_in_code WHERE ${LIVE} AND is_long`,
    [email, tx.now],
  );
  return row!.live >= LONG_CODES ? row!.ends : null;
}

/** Whether a code goes out: an address with a plus shares those of its mailbox, unless somebody signs in with it. */
async function isWanted(tx: UnitOfWork, email: string): Promise<boolean> {
  if (email === mailboxOf(email)) return true;
  const isTooMany = (await take(tx, [codesToPlus(email)], tx.now)) !== null;
  const [known] = await tx.query('SELECT FROM person WHERE email = $1', [email]); // asked in any case, which takes the same time
  return !isTooMany || known !== undefined;
}

const longCode = () => Array.from({ length: LONG_LENGTH }, () => SIGNS[randomInt(SIGNS.length)]).join('');

const letter = (code: string) =>
  `${code} is your code to sign in to Signpost.\n\nIt works for ${CODE_MINUTES} minutes. ` +
  'If you did not ask for it, you can ignore this message: nobody can sign in without the code.\n';

export async function findOrAddPerson(tx: UnitOfWork, email: string, name = ''): Promise<string> {
  await tx.query('INSERT INTO person (id, email, name, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (email) DO NOTHING', [newId(), email, name, tx.now]);
  return (await tx.manager.findOneByOrFail(PersonEntity, { email })).id;
}

/** The address as it is stored. @throws Refused with ValidationProblem */
export function checkEmail(typed: string, field = 'email'): string {
  return normalEmail(typed) ?? refuse(new ValidationProblem([{ field, message: 'Enter an e-mail address, like name@school.sch.uk.' }]));
}
