import { z } from 'zod';
import { type Actor, leadsSchool, system } from '../platform/actor.js';
import { lastDayOf, monthsAfter } from '../platform/clock.js';
import { wrongWithPast } from '../platform/named-times.js';
import { longDay } from '../platform/days.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { once } from '../platform/idempotency.js';
import { sendToTypedAddress } from '../platform/mail/index.js';
import { problemType, refuse, ValidationProblem, whatIsMissing } from '../platform/problem.js';
import { checkReach, withinRate } from '../platform/rate-limit.js';
import { begin, changedMeanwhile, mayHappen, move, type Move } from '../platform/process/index.js';
import { emailAddress, neededName, neededWords, validate, words } from '../platform/validate.js';
import { deadlineIn } from '../schools/index.js';
import { providerProcess } from './provider.process.js';
import { factsForNew, type RecommendationFacts, recommendationProcess } from './recommendation.process.js';
import { acceptable, endExcuses } from './interests/index.js';
import { oneCircleAtATime } from './judgements/circle.js';
import type { Providers } from './provider.service.js';
import { lockedFacts, passInvitationsOn, providersOfTheSame } from './recommendation.following.js';
import { affirmListings, vouchForNominated } from './vouched/keep.js';
import type { Substance } from './vouched/substance.js';
import { recommendationIsVisible } from './visibility.js';

export const INVITATION_DAYS = 30;
export const LASTS_YEARS = 3;
const INVITATIONS_A_DAY = 20;
/** By one person for whatever provider, of one school, and of one school by one person: a message of one's own wording goes with each. */
const INVITED_A_DAY = { sender: 40, recipient: 30, pair: 3 };

export const TooManyInvitations = problemType('TooManyInvitations', 'The provider has asked too many schools today.');

const invitation = z.object({
  providerId: z.string(),
  schoolUrn: z.int(),
  message: words('The message', 1000),
  email: emailAddress.optional(),
});

export const NO_INTEREST = z.literal(true, 'You can recommend a provider only if neither you nor the school has an interest in it or was rewarded for this.');

/** What a school says of support that it has used. */
export const saidAt = (now: Date) => z.object({
  whatWasDone: neededWords('what was done', 2000),
  whenDone: neededName('when it was done', 200).superRefine((words, context) => {
    const message = wrongWithPast(words, now);
    if (message) context.addIssue({ code: 'custom', message });
  }),
  whatChanged: neededWords('what changed', 2000),
  noInterest: NO_INTEREST,
  listingVersions: z.array(z.object({ listingId: z.string(), version: z.int() })).nullish(),
});

export const namedListings = z.array(z.string()).min(1, 'Name at least one listing that you vouch for.').transform((ids) => [...new Set(ids)]);

const recommendationAt = (now: Date) => saidAt(now).extend({ providerId: z.string(), schoolUrn: z.int(), listingIds: namedListings });

type Given = z.output<ReturnType<typeof recommendationAt>>;

/** What a school has said of a provider before it was registered. */
export interface Nominated extends Substance {
  at: Date;
  /** The school's bodies then. */
  bodies: string[];
}

export type Invitation = z.input<typeof invitation>;
export type Recommending = Omit<z.input<ReturnType<typeof recommendationAt>>, 'noInterest'> & { noInterest: boolean };

/** What follows the school and the person to whomever else they recommend who is like the provider. */
const JUDGES = new Set<string>(['flag', 'uphold', 'reject']);

export class Recommendations {
  constructor(
    private readonly db: Database,
    private readonly providers: Providers,
    private readonly publicUrl: string,
  ) {}

  /** Asks a school; its leads are told, and so is the address that was typed. @throws Refused */
  async invite(actor: Actor, input: Invitation, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, input, async () => {
        const { providerId, schoolUrn, message, email } = validate(invitation, input);
        const { facts, id } = await this.prepare(tx, actor, providerId, schoolUrn);
        if (!(await withinRate(tx, `invitations-of:${providerId}`, INVITATIONS_A_DAY, 86_400, tx.now))) {
          refuse(new TooManyInvitations(`A provider can ask ${INVITATIONS_A_DAY} schools a day. Ask the others tomorrow.`));
        }
        await checkReach(tx, 'invitations', actor.personId, String(schoolUrn), INVITED_A_DAY);
        const expiresAt = await deadlineIn(tx, facts.schoolLa, tx.now, INVITATION_DAYS);
        await begin(tx, recommendationProcess, 'invite', facts, actor, async (state) => {
          await tx.query(
            `INSERT INTO recommendation (id, provider_id, provider_school_urn, school_urn, state, invited_by, invited_at, invited_email, message, expires_at, created_at, updated_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $7, $7)`,
            [id, providerId, facts.providerSchoolUrn, schoolUrn, state, actor.personId, tx.now, email, message, expiresAt],
          );
        });
        if (email) await this.tellTypedAddress(tx, actor, id, facts, message, email, expiresAt);
        return { type: 'Recommendation', id };
      });
      return id;
    });
  }

  /**
   * Gives a recommendation, asked for or not. The one that makes the provider's conditions complete lists it, in this
   * same unit of work. @throws Refused
   */
  async give(actor: Actor, input: Recommending, key?: string | null): Promise<string> {
    return this.created(actor, key, input, (tx) => this.giveIn(tx, actor, input));
  }

  /** The same in a unit of work of the caller's. */
  async giveIn(tx: UnitOfWork, actor: Actor, input: Recommending): Promise<string> {
    return this.record(tx, actor, 'give', validate(recommendationAt(tx.now), input));
  }

  /**
   * Gives what a school has nominated and its provider has taken up: by the rules of giving, on the word of whoever
   * nominated it. It vouches for what the nomination says.
   * @param actor whoever nominated it
   * @returns the recommendation's id @throws Refused in words to whoever gives
   */
  giveNominated(tx: UnitOfWork, actor: Actor, given: Given, nominated: Nominated, named: (id: string) => Promise<void>): Promise<string> {
    return this.record(tx, actor, 'giveNominated', given, nominated, named);
  }

  private async record(tx: UnitOfWork, actor: Actor, step: 'give' | 'giveNominated', given: Given, nominated?: Nominated, named?: (id: string) => Promise<void>): Promise<string> {
    const invited = await openInvitation(tx, actor, given.providerId, given.schoolUrn);
    const { facts, id } = await this.prepare(tx, actor, given.providerId, given.schoolUrn, invited !== null);
    const set = columns(tx, actor, facts, given, nominated);
    if (invited) await move(tx, recommendationProcess, invited, step, { actor, set });
    else await begin(tx, recommendationProcess, step, facts, actor, (state) => insertGiven(tx, id, state, facts, set));
    await this.nameListings(tx, invited ?? id, given);
    await named?.(invited ?? id);
    if (nominated) await vouchForNominated(tx, invited ?? id, nominated);
    await oneCircleAtATime(tx, invited ?? id, given.schoolUrn);
    await this.settle(tx, given.providerId);
    return invited ?? id;
  }

  /** Renews a recommendation that nears its end: it stands three years more, on the word of whoever renews it. @throws Refused */
  async renew(actor: Actor, id: string, noInterest: boolean, key?: string | null, version?: number | null): Promise<string> {
    return this.created(actor, key, { renew: id, noInterest }, (tx) => this.renewIn(tx, actor, id, noInterest, version));
  }

  /** The same in a unit of work of the caller's. */
  async renewIn(tx: UnitOfWork, actor: Actor, id: string, noInterest: boolean, version?: number | null): Promise<string> {
    validate(z.object({ noInterest: NO_INTEREST }), { noInterest });
    await tx.query(recommendationProcess.lock, [id]);
    if (!(await recommendationIsVisible(tx, actor, id))) refuse(whatIsMissing('recommendation'));
    const { providerId } = await move(tx, recommendationProcess, id, 'renew', { actor, version, set: { given_by: actor.personId, lapses_at: monthsAfter(tx.now, 12 * LASTS_YEARS) } });
    await this.settle(tx, providerId);
    return id;
  }

  /** Says, for the school, that listings which have changed still are what it used. @param version of what the person looked at @throws Refused */
  async affirm(actor: Actor, id: string, version: number): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.query(recommendationProcess.lock, [id]);
      if (!(await recommendationIsVisible(tx, actor, id))) refuse(whatIsMissing('recommendation'));
      const { providerId } = await move(tx, recommendationProcess, id, 'affirm', { actor, version });
      await affirmListings(tx, id, actor.personId);
      await this.settle(tx, providerId);
    });
  }

  /** A step of the recommendation's process: decline, flag, uphold, reject, withdraw, confirmIndependence. @throws Refused */
  async act(id: string, transition: keyof typeof recommendationProcess.transitions, by: Move): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.query(recommendationProcess.lock, [id]);
      if (!(await recommendationIsVisible(tx, by.actor, id))) refuse(whatIsMissing('recommendation'));
      const set = transition === 'confirmIndependence' ? { independence: 'INDEPENDENT', accepted: await acceptableNow(tx, id) } : {};
      const { providerId } = await move(tx, recommendationProcess, id, transition, { ...by, set });
      await this.settle(tx, providerId);
      if (JUDGES.has(transition)) await this.providers.settleAll(tx, await providersOfTheSame(tx, id));
    });
  }

  /** Job: lets invitations expire and recommendations lapse whose time has come. */
  async passTime(): Promise<void> {
    const due = await this.db.transaction((tx) =>
      tx.query<{ id: string; transition: string }>(
        `SELECT id, 'expire' AS transition FROM recommendation WHERE state = 'INVITED' AND expires_at <= $1
         UNION ALL SELECT id, 'lapse' FROM recommendation WHERE state IN ('GIVEN', 'FLAGGED') AND lapses_at <= $1`,
        [tx.now],
      ),
    );
    await this.db.transaction(async (tx) => this.providers.settleAll(tx, await endExcuses(tx)));
    await passInvitationsOn(this.db);
    for (const { id, transition } of due) {
      await this.db.transaction(async (tx) => {
        const [facts] = await lockedFacts(tx, id);
        if (!facts || !mayHappen(recommendationProcess.transitions[transition]!, facts, system, tx.now)) return; // answered or renewed meanwhile
        await move(tx, recommendationProcess, id, transition, { actor: system });
        await this.settle(tx, facts.providerId);
      });
    }
  }

  private async created(actor: Actor, key: string | null | undefined, input: unknown, work: (tx: UnitOfWork) => Promise<string>): Promise<string> {
    return this.db.transaction(async (tx) => (await once(tx, actor, key, input, async () => ({ type: 'Recommendation', id: await work(tx) }))).id);
  }

  /** Locks the provider and reads the facts. Whoever was asked may answer, also when the provider is suspended meanwhile and hidden. */
  private async prepare(tx: UnitOfWork, actor: Actor, providerId: string, schoolUrn: number, wasAsked = false) {
    const id = newId();
    if (wasAsked) await tx.query(providerProcess.lock, [providerId]);
    else await this.providers.lockVisible(tx, actor, providerId);
    const facts = await factsForNew(tx, actor, id, providerId, schoolUrn);
    return facts ? { id, facts } : refuse(whatIsMissing('school'));
  }

  private async settle(tx: UnitOfWork, providerId: string): Promise<void> {
    if (await this.providers.settle(tx, providerId)) await this.providers.listingsChanged(tx, providerId);
  }

  private async nameListings(tx: UnitOfWork, id: string, { providerId, listingIds, listingVersions }: Given): Promise<void> {
    const named = await tx.query(
      `INSERT INTO recommendation_listing (recommendation_id, listing_id)
       SELECT $1, id FROM listing WHERE id = ANY($2) AND provider_id = $3 AND state = 'PUBLISHED' RETURNING listing_id`,
      [id, listingIds, providerId],
    );
    if (named.length !== listingIds.length) refuse(new ValidationProblem([{ field: 'listingIds', message: 'Choose from the published listings of this provider.' }]));
    const another = await tx.query(
      `SELECT FROM jsonb_to_recordset($1) AS seen ("listingId" uuid, version int) JOIN listing l ON l.id = seen."listingId"
       WHERE l.id = ANY($2::uuid[]) AND l.version <> seen.version`,
      [JSON.stringify(listingVersions ?? []), listingIds],
    );
    if (another.length > 0) refuse(changedMeanwhile());
  }

  /** The school's leads are told by the step itself; somebody else there, whose address was typed, by this mail. */
  private async tellTypedAddress(
    tx: UnitOfWork,
    actor: Actor,
    id: string,
    { schoolUrn, schoolName, providerName }: RecommendationFacts,
    message: string,
    email: string,
    expiresAt: Date,
  ): Promise<void> {
    const to = email.toLowerCase();
    const [lead] = await tx.query(
      `SELECT FROM membership m JOIN person p ON p.id = m.person_id
       WHERE m.school_urn = $1 AND m.role = 'SCHOOL_LEAD' AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL AND mailbox(p.email) = mailbox($2)`,
      [schoolUrn, to],
    );
    if (lead) return;
    await sendToTypedAddress(tx, actor, {
      to,
      subject: `${providerName} asks ${schoolName} for a recommendation`,
      text: [
        `${providerName} says that ${schoolName} has used its support, and asks the school to recommend it to others.`,
        message && `They write:\n\n${message}`,
        `Only a lead of the school (its head, chair of governors or business manager) can answer, until ${longDay(lastDayOf(expiresAt))}. It takes five minutes; saying no is fine and needs no reason.`,
        `${this.publicUrl}/recommendations/${id}?school=${schoolUrn}`,
      ]
        .filter(Boolean)
        .join('\n\n'),
    });
  }
}

function columns(tx: UnitOfWork, actor: Actor, facts: RecommendationFacts, given: Given, nominated?: Nominated): Record<string, unknown> {
  return {
    given_by: actor.personId,
    given_at: tx.now,
    lapses_at: monthsAfter(nominated?.at ?? tx.now, 12 * LASTS_YEARS),
    governing_body: facts.governingBody,
    independence: facts.trustUnknown ? 'UNCONFIRMED' : 'INDEPENDENT',
    what_was_done: given.whatWasDone,
    when_done: given.whenDone,
    what_changed: given.whatChanged,
    no_interest: given.noInterest,
    ...(nominated && { bodies: nominated.bodies }),
  };
}

async function insertGiven(tx: UnitOfWork, id: string, state: string, facts: RecommendationFacts, given: Record<string, unknown>): Promise<void> {
  const names = Object.keys(given);
  await tx.query(
    `INSERT INTO recommendation (id, provider_id, provider_school_urn, school_urn, state, created_at, updated_at, ${names.join(', ')})
     VALUES ($1, $2, $3, $4, $5, $6, $6, ${names.map((_, i) => `$${i + 7}`).join(', ')})`,
    [id, facts.providerId, facts.providerSchoolUrn, facts.schoolUrn, state, tx.now, ...Object.values(given)],
  );
}

/** The invitation that waits for this school's answer, if the actor leads the school. */
async function openInvitation(tx: UnitOfWork, actor: Actor, providerId: string, schoolUrn: number): Promise<string | null> {
  if (!leadsSchool(actor, schoolUrn)) return null;
  const [row] = await tx.query<{ id: string }>(`SELECT id FROM recommendation WHERE provider_id = $1 AND school_urn = $2 AND state = 'INVITED'`, [providerId, schoolUrn]);
  return row?.id ?? null;
}

/** Of what stands against it, all that an officer may accept. */
async function acceptableNow(tx: UnitOfWork, id: string): Promise<string[]> {
  const [row] = await tx.query<{ acceptable: string[] }>(`SELECT ${acceptable('r')} AS acceptable FROM recommendation r WHERE r.id = $1`, [id]);
  return row!.acceptable;
}
