import { createHmac, randomInt, timingSafeEqual } from 'node:crypto';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { normalEmail } from '../platform/email-address.js';
import { newId } from '../platform/id.js';
import { sendMail } from '../platform/mail/index.js';
import { Problem, problemType, refuse, ValidationProblem } from '../platform/problem.js';
import { withinRate } from '../platform/rate-limit.js';
import { PersonEntity } from './identity.entity.js';
import type { Sessions } from './session.js';

export const CODE_MINUTES = 10;
export const CODE_TRIES = 5;
const QUARTER_HOUR = 900;
const CODES_PER_EMAIL = 5;
const CODES_PER_ADDRESS = 40;
const TRIES_PER_ADDRESS = 60;

export const TooManyAttempts = problemType('TooManyAttempts', 'Too many codes or tries in a short time.');
export const CodeNotAccepted = problemType('CodeNotAccepted', 'The code is wrong, used, too old or was never sent; it does not say which.');

export const tooMany = () => new TooManyAttempts('There have been too many attempts. Wait 15 minutes, then ask for a new code.');

/** Whether one more code may be sent to an address, asked for from a network address; whatever it is for. */
export async function codesAllowed(tx: UnitOfWork, email: string, from: string): Promise<boolean> {
  const allowed = [
    await withinRate(tx, `code-for:${email}`, CODES_PER_EMAIL, QUARTER_HOUR, tx.now),
    await withinRate(tx, `code-from:${from}`, CODES_PER_ADDRESS, QUARTER_HOUR, tx.now),
  ];
  return !allowed.includes(false);
}

/** Whether one more code may be tried from a network address. */
export const triesAllowed = (tx: UnitOfWork, from: string): Promise<boolean> => withinRate(tx, `try-from:${from}`, TRIES_PER_ADDRESS, QUARTER_HOUR, tx.now);

export interface SignInOptions {
  db: Database;
  sessions: Sessions;
  /** The first makes codes; all of them accept one. */
  secrets: readonly [string, ...string[]];
}

/**
 * Sign-in with a code sent by e-mail. Every address gets a code, and becomes a person when it is first used, so that
 * no answer, mail or timing tells whether an address is known.
 */
export class SignIn {
  constructor(private readonly options: SignInOptions) {}

  /** Sends a new code; older ones of the same address stop working. @throws Refused with ValidationProblem, TooManyAttempts */
  async requestCode(typed: string, address: string): Promise<string> {
    const email = checkEmail(typed);
    const code = randomInt(1_000_000).toString().padStart(6, '0');
    const sent = await this.options.db.transaction(async (tx) => {
      if (!(await codesAllowed(tx, email, address))) return false; // committed, so that the attempt counts
      const expiresAt = new Date(tx.now.getTime() + CODE_MINUTES * 60_000);
      await tx.query('UPDATE sign_in_code SET used_at = $2 WHERE email = $1 AND used_at IS NULL', [email, tx.now]);
      await tx.query('INSERT INTO sign_in_code (id, email, code_hash, expires_at, tries_left) VALUES ($1, $2, $3, $4, $5)', [
        newId(),
        email,
        this.hashes(email, code)[0],
        expiresAt,
        CODE_TRIES,
      ]);
      const mail = {
        to: email,
        subject: 'Your Signpost sign-in code',
        text: `${code} is your code to sign in to Signpost.\n\nIt works for ${CODE_MINUTES} minutes. If you did not ask for it, you can ignore this message: nobody can sign in without the code.\n`,
      };
      await sendMail(tx, mail, { expiresAt });
      return true;
    });
    return sent ? email : refuse(tooMany());
  }

  /**
   * Opens a session for whoever holds the code, and ends the one they came with.
   * @throws Refused with CodeNotAccepted, TooManyAttempts, ValidationProblem
   */
  async signIn(typed: string, code: string, address: string, previousToken: string | null): Promise<{ personId: string; token: string }> {
    const email = checkEmail(typed);
    const opened = await this.options.db.transaction(async (tx) => {
      if (!(await triesAllowed(tx, address))) return tooMany();
      if (!(await this.useCode(tx, email, code.replace(/\s/g, '')))) {
        return new CodeNotAccepted('That code does not work. Check it, or ask for a new one: a code works for 10 minutes, and for five tries.');
      }
      const personId = await findOrAddPerson(tx, email);
      if (previousToken) await this.options.sessions.close(tx, previousToken);
      return { personId, token: await this.options.sessions.open(tx, personId) };
    });
    return opened instanceof Problem ? refuse(opened) : opened;
  }

  /** Each try is counted by a statement of its own, so that simultaneous tries cannot share one. */
  private async useCode(tx: UnitOfWork, email: string, code: string): Promise<boolean> {
    const [tried] = await tx.query<{ id: string; hash: Buffer }>(
      `UPDATE sign_in_code SET tries_left = tries_left - 1
       WHERE email = $1 AND used_at IS NULL AND expires_at > $2 AND tries_left > 0 RETURNING id, code_hash AS hash`,
      [email, tx.now],
    );
    if (!tried || !this.hashes(email, code).some((hash) => timingSafeEqual(tried.hash, hash))) return false;
    await tx.query('UPDATE sign_in_code SET used_at = $2 WHERE id = $1', [tried.id, tx.now]);
    return true;
  }

  private hashes(email: string, code: string): Buffer[] {
    return this.options.secrets.map((secret) => createHmac('sha256', secret).update(`code:${email}:${code}`).digest());
  }
}

export async function findOrAddPerson(tx: UnitOfWork, email: string, name = ''): Promise<string> {
  await tx.query('INSERT INTO person (id, email, name, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (email) DO NOTHING', [newId(), email, name, tx.now]);
  return (await tx.manager.findOneByOrFail(PersonEntity, { email })).id;
}

/** The address as it is stored. @throws Refused with ValidationProblem */
export function checkEmail(typed: string, field = 'email'): string {
  return normalEmail(typed) ?? refuse(new ValidationProblem([{ field, message: 'Enter an e-mail address, like name@school.sch.uk.' }]));
}
