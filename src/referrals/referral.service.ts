import { z } from 'zod';
import type { Requests } from '../brokerage/index.js';
import { type Actor, system } from '../platform/actor.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { once } from '../platform/idempotency.js';
import { refuse, ValidationProblem, whatIsMissing } from '../platform/problem.js';
import { checkReach } from '../platform/rate-limit.js';
import { begin, mayHappen, move, type Move } from '../platform/process/index.js';
import { neededWords, validate, words } from '../platform/validate.js';
import { deadlineIn, openSuccessors } from '../schools/index.js';
import { availableListings } from './named-listing.js';
import { factsForNewReferral, type ReferralFacts, referralProcess } from './referral.process.js';
import { checkVisit } from './shortlist.service.js';
import { referralIsVisible } from './visibility.js';

export const REFERRAL_DAYS = 30;
const MOST_LISTINGS = 5;

/** By one person, to one school, and by one to the same: each reaches its leads with words of the sender’s. */
const REFERRED_A_DAY = { sender: 60, recipient: 30, pair: 10 };

const referral = z.object({
  schoolUrn: z.int(),
  visitId: z.string().nullish(),
  message: neededWords('the message', 2000),
  listings: z
    .array(z.object({ listingId: z.string(), reason: words('The reason', 500) }))
    .min(1, 'Name at least one listing.')
    .max(MOST_LISTINGS, `Name up to ${MOST_LISTINGS} listings.`)
    .refine((listings) => new Set(listings.map((each) => each.listingId)).size === listings.length, 'Name each listing once.'),
});
type Sent = z.output<typeof referral>;

const acceptance = z.object({ need: words('The need', 2000), confidential: z.boolean() });
const refusal = z.object({ reason: words('The reason', 1000) });

export class Referrals {
  constructor(
    private readonly db: Database,
    private readonly requests: Pick<Requests, 'draftFromReferral'>,
  ) {}

  /** Refers a school to listings. @throws Refused */
  send(actor: Actor, input: z.input<typeof referral>, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, input, async () => {
        const sent = validate(referral, input);
        const id = newId();
        const facts = (await factsForNewReferral(tx, id, actor, sent.schoolUrn)) ?? refuse(whatIsMissing('school'));
        if (sent.visitId) await checkVisit(tx, actor, sent.visitId, sent.schoolUrn);
        await checkReach(tx, 'referrals', actor.personId, String(sent.schoolUrn), REFERRED_A_DAY);
        await begin(tx, referralProcess, 'send', facts, actor, (state) => insert(tx, state, facts, sent));
        return { type: 'Referral', id };
      });
      return id;
    });
  }

  /**
   * Accepts a referral, which makes a draft request of the school in the same unit of work.
   * @param need the school's own words for it; the SIP's message where it has none
   * @throws Refused
   */
  accept(actor: Actor, id: string, input: { need?: string | null; confidential: boolean }, key?: string | null): Promise<void> {
    return this.db.transaction(async (tx) => {
      await once(tx, actor, key, { accept: id, ...input }, async () => {
        const { need, confidential } = validate(acceptance, input);
        const { schoolUrn } = await step(tx, id, 'accept', { actor, set: { answered_at: tx.now } });
        const [{ message, listingIds }] = (await tx.query<{ message: string; listingIds: string[] }>(
          'SELECT message, array(SELECT listing_id FROM referral_listing WHERE referral_id = $1 ORDER BY nth) AS "listingIds" FROM referral WHERE id = $1',
          [id],
        )) as [{ message: string; listingIds: string[] }];
        const requestId = await this.requests.draftFromReferral(tx, { actor, schoolUrn, need: need || message, listingIds, referralId: id, confidential });
        await tx.query('UPDATE referral SET request_id = $2 WHERE id = $1', [id, requestId]);
        return { type: 'Referral', id };
      });
    });
  }

  /** Says no. The reason, if there is one, is kept where only the SIP reads it. @throws Refused */
  decline(actor: Actor, id: string, input: { reason?: string | null }): Promise<void> {
    return this.db.transaction(async (tx) => {
      const { reason } = validate(refusal, input);
      await step(tx, id, 'decline', { actor, set: { answered_at: tx.now, decline_reason: reason || null } });
    });
  }

  /** @throws Refused */
  async withdraw(actor: Actor, id: string): Promise<void> {
    await this.db.transaction((tx) => step(tx, id, 'withdraw', { actor }));
  }

  /** A referral to a school that has become another is its successor's, and then of no visit to the former one; where that cannot be said, it ends with a word. */
  private async passToSuccessors(): Promise<void> {
    const waiting = await this.db.transaction((tx) =>
      tx.query<{ id: string; successors: number[] }>(
        `SELECT * FROM (SELECT r.id, ${openSuccessors('r.school_urn')} AS successors FROM referral r WHERE r.state = 'SENT') waiting WHERE cardinality(successors) > 0`,
      ),
    );
    for (const { id, successors } of waiting) {
      await this.db.transaction(async (tx) => {
        await tx.query(referralProcess.lock, [id]);
        const [facts] = await referralProcess.facts(tx, [id], system);
        if (facts?.state !== 'SENT') return; // answered meanwhile
        const same = await tx.query(
          `SELECT FROM referral r JOIN referral other USING (sip_id, listing_ids) WHERE r.id = $1 AND other.id <> r.id AND other.school_urn = $2 AND other.state = 'SENT'`,
          [id, successors[0]],
        );
        if (successors.length > 1 || same.length > 0) await move(tx, referralProcess, id, 'endWithSchool', { actor: system });
        else await move(tx, referralProcess, id, 'passOn', { actor: system, set: { school_urn: successors[0], visit_id: null } });
      });
    }
  }

  /** Job: lets referrals expire whose time has come. */
  async passTime(): Promise<void> {
    await this.passToSuccessors();
    const due = await this.db.transaction((tx) => tx.query<{ id: string }>(`SELECT id FROM referral WHERE state = 'SENT' AND expires_at <= $1`, [tx.now]));
    for (const { id } of due) {
      await this.db.transaction(async (tx) => {
        await tx.query(referralProcess.lock, [id]);
        const [facts] = await referralProcess.facts(tx, [id], system);
        if (facts && mayHappen(referralProcess.transitions['expire']!, facts, system, tx.now)) await move(tx, referralProcess, id, 'expire', { actor: system });
      });
    }
  }
}

async function step(tx: UnitOfWork, id: string, transition: string, by: Move): Promise<ReferralFacts> {
  await tx.query(referralProcess.lock, [id]);
  if (!(await referralIsVisible(tx, by.actor, id))) refuse(whatIsMissing('referral'));
  return move(tx, referralProcess, id, transition, by);
}

async function insert(tx: UnitOfWork, state: string, { id, schoolUrn, sipId, laCode }: ReferralFacts, { visitId, message, listings }: Sent): Promise<void> {
  const ids = listings.map((each) => each.listingId);
  const available = new Map((await availableListings(tx, ids, schoolUrn)).map((each) => [each.listingId, each]));
  const named = ids.map((listingId) => available.get(listingId));
  if (named.includes(undefined)) refuse(new ValidationProblem([{ field: 'listings', message: 'Choose published listings of providers that are listed, and that are not withheld from the school’s area.' }]));
  await tx.query(
    `INSERT INTO referral (id, school_urn, sip_id, visit_id, state, message, listing_ids, created_at, updated_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`,
    [id, schoolUrn, sipId, visitId ?? null, state, message, [...ids].sort(), tx.now, await deadlineIn(tx, laCode, tx.now, REFERRAL_DAYS)],
  );
  await tx.query(
    `INSERT INTO referral_listing (referral_id, listing_id, nth, title, provider_name, reason)
     SELECT $1, listing_id, nth, title, provider_name, reason
     FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS named (listing_id, title, provider_name, reason, nth)`,
    [id, ids, named.map((each) => each!.title), named.map((each) => each!.providerName), listings.map((each) => each.reason)],
  );
}
