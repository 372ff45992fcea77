import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Actor } from '../platform/actor.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { sendCode, sendMail, sendToTypedAddress } from '../platform/mail/index.js';
import { Conflict, type Problem, refuse, ValidationProblem } from '../platform/problem.js';
import { checkOften, tooMany } from '../platform/rate-limit.js';
import type { Sessions } from './session.js';
import { checkEmail, CODE_MINUTES, CODE_TRIES, codeAskedFrom, CodeNotAccepted, codeTriedFrom, shortCode } from './sign-in.service.js';

interface OpenChange {
  id: string;
  oldEmail: string;
  newEmail: string;
  oldHash: Buffer;
  newHash: Buffer;
}

/** By one person. What others ask for does not count: nobody can keep somebody from changing their address. */
const REQUESTED_A_DAY = 10;

const taken = () => new Conflict('That address is somebody’s already: perhaps you have signed in with it before. Your address stays as it was.');
export const identityConstraints = { person_email_key: taken };

/**
 * The change of one's own e-mail address, confirmed at both ends: whoever holds only a session, or only one of the two
 * mailboxes, cannot take an account over or give it away.
 */
export class EmailChanges {
  constructor(
    private readonly db: Database,
    private readonly sessions: Sessions,
    private readonly secrets: readonly [string, ...string[]],
    /** Told, in the same unit of work, whose address is another from now on. */
    private readonly personChanged: (tx: UnitOfWork, personId: string) => Promise<void>,
  ) {}

  /**
   * Sends a code to the present and one to the new address; an earlier request ends. Whether the new one is known is
   * not said: that shows when both codes are there. @throws Refused with ValidationProblem, TooManyAttempts
   */
  async request(actor: Actor, typed: string, caller: string): Promise<string> {
    const email = checkEmail(typed);
    const refusal = await this.db.transaction(async (tx) => {
      const present = await lockEmail(tx, actor);
      if (present === email) refuse(new ValidationProblem([{ field: 'email', message: 'That is your address already.' }]));
      const tooOften = await codeAskedFrom(tx, caller);
      if (tooOften) return tooOften; // committed, so that the attempt counts
      await checkOften(tx, 'email-changes', actor.personId, REQUESTED_A_DAY);
      const [id, codes] = [newId(), { old: shortCode(), new: shortCode() }];
      const expiresAt = new Date(tx.now.getTime() + CODE_MINUTES * 60_000);
      await tx.query('UPDATE email_change SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL', [actor.personId, tx.now]);
      await tx.query(
        `INSERT INTO email_change (id, person_id, old_email, new_email, old_code_hash, new_code_hash, requested_at, expires_at, tries_left)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [id, actor.personId, present, email, this.hashes(id, present, codes.old)[0], this.hashes(id, email, codes.new)[0], tx.now, expiresAt, CODE_TRIES],
      );
      const subject = 'Your code to change your e-mail address in Signpost';
      const both = `It works for ${CODE_MINUTES} minutes, and only together with the code that was sent to the other address.`;
      const notYou = 'If you did not ask for this, ignore this message and tell nobody the code: nothing changes without it.\n';
      await sendCode(tx, { to: present, subject, text: `${codes.old} confirms that you leave this address. ${both}\n\n${notYou}` }, expiresAt);
      await sendToTypedAddress(tx, actor, { to: email, subject, text: `${codes.new} confirms that this is your new address. ${both}\n\n${notYou}` }, { expiresAt });
      return null;
    });
    return refusal ? refuse(refusal) : email;
  }

  /**
   * Changes the address for whoever has both codes. Their other sessions end, and the old address is told.
   * @throws Refused with CodeNotAccepted, TooManyAttempts, Conflict
   */
  async confirm(actor: Actor, codes: { old: string; new: string }, caller: string, token: string | null): Promise<void> {
    const refusal = await this.db.transaction(async (tx): Promise<Problem | null> => {
      const until = await codeTriedFrom(tx, caller);
      if (until) return tooMany('There have been too many attempts from where you are.', until);
      const present = await lockEmail(tx, actor);
      const change = await this.useCodes(tx, actor, codes);
      if (!change || change.oldEmail !== present) return new CodeNotAccepted('These codes do not work. Check both, or ask for new ones: they work for 10 minutes, and for five tries.');
      await tx.query('UPDATE email_change SET ended_at = $2 WHERE id = $1', [change.id, tx.now]);
      const [changed] = await tx.query('UPDATE person SET email = $2 WHERE id = $1 AND NOT EXISTS (SELECT FROM person WHERE email = $2) RETURNING id', [
        actor.personId,
        change.newEmail,
      ]);
      if (!changed) return taken();
      await keepMailbox(tx, actor.personId!, present);
      await this.personChanged(tx, actor.personId!);
      await tx.query('UPDATE sign_in_code SET used_at = $3 WHERE email IN ($1, $2) AND used_at IS NULL', [change.oldEmail, change.newEmail, tx.now]);
      await this.sessions.closeOthers(tx, actor.personId!, token);
      await sendMail(tx, {
        to: change.oldEmail,
        subject: 'Your e-mail address in Signpost has changed',
        text: 'You sign in to Signpost with another e-mail address from now on; this one no longer opens your account. If that was not you, tell your local authority at once.\n',
      });
      return null;
    });
    if (refusal) refuse(refusal);
  }

  /** Each try is counted by a statement of its own, so that simultaneous tries cannot share one. */
  private async useCodes(tx: UnitOfWork, actor: Actor, codes: { old: string; new: string }): Promise<OpenChange | null> {
    const [tried] = await tx.query<OpenChange>(
      `UPDATE email_change SET tries_left = tries_left - 1 WHERE person_id = $1 AND ended_at IS NULL AND expires_at > $2 AND tries_left > 0
       RETURNING id, old_email AS "oldEmail", new_email AS "newEmail", old_code_hash AS "oldHash", new_code_hash AS "newHash"`,
      [actor.personId, tx.now],
    );
    if (!tried) return null;
    const fits = (hash: Buffer, email: string, code: string) => this.hashes(tried.id, email, code.replace(/\s/g, '')).some((each) => timingSafeEqual(hash, each));
    const both = [fits(tried.oldHash, tried.oldEmail, codes.old), fits(tried.newHash, tried.newEmail, codes.new)];
    return both.includes(false) ? null : tried;
  }

  private hashes(id: string, email: string, code: string): Buffer[] {
    return this.secrets.map((secret) => createHmac('sha256', secret).update(`email-change:${id}:${email}:${code}`).digest());
  }
}

/** Whom others know by a mailbox stays the same person to them: nobody sheds an interest with an address. */
async function keepMailbox(tx: UnitOfWork, personId: string, email: string): Promise<void> {
  await tx.query(
    `INSERT INTO former_mailbox (person_id, mailbox, left_at) VALUES ($1, mailbox($2), $3) ON CONFLICT (person_id, mailbox) DO UPDATE SET left_at = excluded.left_at`,
    [personId, email, tx.now],
  );
}

async function lockEmail(tx: UnitOfWork, actor: Actor): Promise<string> {
  const [person] = await tx.query<{ email: string }>('SELECT email FROM person WHERE id = $1 FOR NO KEY UPDATE', [actor.personId]);
  return person!.email;
}
