import { z } from 'zod';
import { type Actor, system } from '../../platform/actor.js';
import { lastDayOf, monthsAfter } from '../../platform/clock.js';
import { longDay } from '../../platform/days.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { once } from '../../platform/idempotency.js';
import { sendToTypedAddress } from '../../platform/mail/index.js';
import { refuse, whatIsMissing } from '../../platform/problem.js';
import { begin, mayHappen, move } from '../../platform/process/index.js';
import { checkReach } from '../../platform/rate-limit.js';
import { emailAddress, neededName, validate, webAddress } from '../../platform/validate.js';
import { alikeKeys, nameKey } from '../alike.js';
import { TITLE } from '../listing.service.js';
import { NO_INTEREST, saidAt } from '../recommendation.service.js';
import { seesProvider, visibilityValues } from '../visibility.js';
import { Category, Delivery, SupportPhase } from '../vocabulary.js';
import { factsOfNew, type NominationFacts, nominationProcess } from './nomination.process.js';
import { nominationIsVisible } from './nomination.read.js';

export const LASTS_MONTHS = 12;
/** How long an address that said no is left alone by the school. */
const LEFT_ALONE_MONTHS = 12;
/** By one person, to one mailbox by whomever, and to one mailbox by one person. */
const NOMINATED_A_DAY = { sender: 10, recipient: 5, pair: 2 };

const atLeastOne = <Words extends Record<string, string>>(values: Words, message: string) => z.array(z.enum(values)).min(1, message).transform((chosen) => [...new Set(chosen)]);

const nominationAt = (now: Date) => saidAt(now).extend({
  schoolUrn: z.int(),
  name: neededName('the provider’s name', 200),
  email: emailAddress.pipe(z.string('Enter the provider’s e-mail address, like name@example.org.')),
  website: webAddress('The website').refine((address) => address === null || address.startsWith('https:'), 'The website must begin with https://.').optional(),
  title: TITLE,
  categories: atLeastOne(Category, 'Choose what the support was about.'),
  phases: atLeastOne(SupportPhase, 'Choose which pupils the support was for.'),
  delivery: atLeastOne(Delivery, 'Choose how the support reached the school.'),
});
export type Nominating = Omit<z.input<ReturnType<typeof nominationAt>>, 'noInterest'> & { noInterest: boolean };
type Checked = z.output<ReturnType<typeof nominationAt>>;

export class Nominations {
  constructor(
    private readonly db: Database,
    private readonly publicUrl: string,
  ) {}

  /** Nominates a provider that is not registered; the address is told. @returns the nomination's id @throws Refused */
  async nominate(actor: Actor, input: Nominating, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, input, async () => {
        const said = validate(nominationAt(tx.now), input);
        await tx.query('SELECT urn FROM school WHERE urn = $1 FOR NO KEY UPDATE', [said.schoolUrn]);
        const id = newId();
        const expiresAt = monthsAfter(tx.now, LASTS_MONTHS);
        const facts = (await factsOfNew(tx, actor, id, said, expiresAt)) ?? refuse(whatIsMissing('school'));
        const asked = { ...facts, ...(await earlier(tx, said)), registered: await registered(tx, actor, said) };
        await begin(tx, nominationProcess, 'nominate', asked, actor, (state) => insert(tx, actor, id, state, said, expiresAt));
        const [{ mailbox }] = (await tx.query<{ mailbox: string }>('SELECT mailbox($1) AS mailbox', [said.email])) as [{ mailbox: string }];
        await checkReach(tx, 'nominations', actor.personId, mailbox, NOMINATED_A_DAY);
        await this.tell(tx, actor, facts, said.email, expiresAt);
        return { type: 'Nomination', id };
      });
      return id;
    });
  }

  /** A step that needs no more than to be allowed: withdraw, decline. @throws Refused */
  async act(actor: Actor, id: string, transition: 'withdraw' | 'decline'): Promise<void> {
    await this.db.transaction(async (tx) => {
      await lockVisible(tx, actor, id);
      await move(tx, nominationProcess, id, transition, { actor });
    });
  }

  /** Another lead vouches for it in place of who has left. @throws Refused */
  async standBy(actor: Actor, id: string, noInterest: boolean): Promise<void> {
    await this.db.transaction(async (tx) => {
      validate(z.object({ noInterest: NO_INTEREST }), { noInterest });
      await lockVisible(tx, actor, id);
      await move(tx, nominationProcess, id, 'standBy', { actor, set: { nominated_by: actor.personId } });
    });
  }

  /** Job: ends what nobody has taken up in time, and what schools have left that are closed. */
  async passTime(): Promise<void> {
    const due = await this.db.transaction((tx) =>
      tx.query<{ id: string; transition: 'expire' | 'endWithSchool' }>(
        `SELECT n.id, CASE WHEN n.expires_at <= $1 THEN 'expire' ELSE 'endWithSchool' END AS transition FROM nomination n JOIN school s ON s.urn = n.school_urn
         WHERE n.state = 'OPEN' AND (n.expires_at <= $1 OR s.status = 'CLOSED') ORDER BY n.id`,
        [tx.now],
      ),
    );
    for (const { id, transition } of due) {
      await this.db.transaction(async (tx) => {
        await tx.query(nominationProcess.lock, [id]);
        const [facts] = await nominationProcess.facts(tx, [id], system);
        if (facts && mayHappen(nominationProcess.transitions[transition]!, facts, system, tx.now)) await move(tx, nominationProcess, id, transition, { actor: system });
      });
    }
  }

  /** Nothing that the sender has typed goes into the mail, neither the provider's name nor a word about the support: the address may be anybody's. */
  private async tell(tx: UnitOfWork, actor: Actor, { schoolName }: NominationFacts, to: string, expiresAt: Date): Promise<void> {
    await sendToTypedAddress(tx, actor, {
      to,
      subject: `${schoolName} has nominated you on Signpost`,
      text: [
        `A lead of ${schoolName} says that the school has used your support, and would recommend it. On Signpost schools in England find support that other schools vouch for.`,
        `To read what the school says, sign in with this address, which needs no registration: ${this.publicUrl}/sign-in`,
        `If you offer support to schools, register as a provider: ${this.publicUrl}/providers/new. Once your profile is finished you can take the nomination up, until ${longDay(lastDayOf(expiresAt))}; it is then a recommendation.`,
        'If this is not for you, say no when you have signed in, and the school cannot nominate this address again for a year; or do nothing. Nobody is told who you are.',
      ].join('\n\n'),
    });
  }
}

/** @throws Refused with NotFound when this actor may not know of it */
export async function lockVisible(tx: UnitOfWork, actor: Actor, id: string): Promise<void> {
  await tx.query(nominationProcess.lock, [id]);
  if (!(await nominationIsVisible(tx, actor, id))) refuse(whatIsMissing('nomination'));
}

/** What the school has nominated under this address or nearly this name, under the lock on the school. */
async function earlier(tx: UnitOfWork, { schoolUrn, email, name }: Checked): Promise<Pick<NominationFacts, 'twice' | 'declinedBefore'>> {
  const rows = await tx.query<{ name: string; open: boolean; sameAddress: boolean }>(
    `SELECT name, state = 'OPEN' AS open, mailbox(email) = mailbox($2) AS "sameAddress" FROM nomination
     WHERE school_urn = ANY(schools_in(ARRAY['school:' || $1::int])) AND (state = 'OPEN' OR state = 'DECLINED' AND updated_at > $3)`,
    [schoolUrn, email, monthsAfter(tx.now, -LEFT_ALONE_MONTHS)],
  );
  const key = nameKey(name);
  return {
    twice: rows.some((row) => row.open && (row.sameAddress || (key !== '' && alikeKeys(key, nameKey(row.name))))),
    declinedBefore: rows.some((row) => !row.open && row.sameAddress),
  };
}

/**
 * A provider that the actor may see and that has this name, or names this address to be contacted, which everybody sees.
 * By whom it is run is nobody's to find out: an address of its people that it does not name points to nothing.
 */
async function registered(tx: UnitOfWork, actor: Actor, { name, email }: Checked): Promise<{ id: string; name: string } | null> {
  const visible = await tx.query<{ id: string; name: string; named: boolean }>(
    `SELECT p.id, p.name, mailbox($5) IN (SELECT mailbox(p.contact_email) UNION ALL SELECT mailbox(l.contact_email) FROM listing l WHERE l.provider_id = p.id AND l.state = 'PUBLISHED') AS named
     FROM provider p WHERE p.state <> 'WITHDRAWN' AND ${seesProvider('p')} ORDER BY p.name, p.id`,
    [...visibilityValues(actor), email],
  );
  const key = nameKey(name);
  return visible.find((each) => each.named) ?? visible.find((each) => key !== '' && nameKey(each.name) === key) ?? null;
}

async function insert(tx: UnitOfWork, actor: Actor, id: string, state: string, said: Checked, expiresAt: Date): Promise<void> {
  await tx.query(
    `INSERT INTO nomination (id, school_urn, nominated_by, nominated_at, bodies, name, email, website, title, categories, phases, delivery,
                             what_was_done, when_done, what_changed, no_interest, state, expires_at, updated_at)
     VALUES ($1, $2, $3, $4, school_bodies($2), $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $4)`,
    [id, said.schoolUrn, actor.personId, tx.now, said.name, said.email, said.website ?? null, said.title, said.categories, said.phases, said.delivery,
      said.whatWasDone, said.whenDone, said.whatChanged, said.noInterest, state, expiresAt],
  );
}
