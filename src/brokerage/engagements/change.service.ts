import { z } from 'zod';
import { Vat } from '../../directory/index.js';
import type { Actor } from '../../platform/actor.js';
import { londonDay } from '../../platform/clock.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { dayPerhaps } from '../../platform/dates.js';
import { newId } from '../../platform/id.js';
import { once } from '../../platform/idempotency.js';
import { NotAllowedInThisState, refuse, ValidationProblem, whatIsMissing } from '../../platform/problem.js';
import { validate, words } from '../../platform/validate.js';
import { type Limit, limitsOf, needsOf } from '../proposals/limits.js';
import { sidesOf } from './engagement.process.js';
import { lockVisible, step } from './engagement.step.js';
import { engagementValues, seesEngagement } from './engagement.visibility.js';

const changeAt = (now: Date) =>
  z.object({
    startsOn: dayPerhaps('agreed', now, 'The first day').optional(),
    endsOn: dayPerhaps('agreed', now, 'The last day').optional(),
    pricePence: z.int().min(0, 'The price cannot be below nothing.').max(100_000_000, 'Enter a price below £1,000,000.').nullish(),
    vat: z.enum(Vat).nullish(),
    reason: words('The reason', 1000),
  });

export type ProposedChange = z.input<ReturnType<typeof changeAt>>;

interface Terms {
  startsOn: string | null;
  endsOn: string | null;
  pricePence: number | null;
  vat: Vat | null;
}

/** Dates and price as both sides agree them anew: one side proposes, the other accepts or declines. */
export class Changes {
  constructor(private readonly db: Database) {}

  /** @returns the id of the engagement. @throws Refused */
  async propose(actor: Actor, engagementId: string, version: number, input: ProposedChange, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { change: engagementId, input }, async () => {
        const { reason, ...given } = validate(changeAt(tx.now), input);
        const facts = await step(tx, engagementId, 'proposeChange', { actor, version, reason: reason || null });
        const before = await termsOf(tx, engagementId);
        const after = { ...before, ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) } as Terms;
        checkTerms(before, after, facts.state === 'IN_PROGRESS' ? londonDay(tx.now) : null);
        const side = sidesOf(facts, actor).includes('SCHOOL') ? 'SCHOOL' : 'PROVIDER';
        if (side === 'SCHOOL') await checkLimits(tx, engagementId, after);
        await tx.query(
          `INSERT INTO engagement_change (id, engagement_id, proposed_by_party, proposed_by, proposed_at, reason,
                                          before_starts_on, before_ends_on, before_price_pence, before_vat, starts_on, ends_on, price_pence, vat)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
          [newId(), engagementId, side, actor.personId, tx.now, reason, before.startsOn, before.endsOn, before.pricePence, before.vat, after.startsOn, after.endsOn, after.pricePence, after.vat],
        );
        return { type: 'Engagement', id: engagementId };
      });
      return id;
    });
  }

  /** The other side’s answer, or the proposing side’s second thought. @returns the id of the engagement. @throws Refused */
  async answer(actor: Actor, changeId: string, answer: 'ACCEPTED' | 'DECLINED' | 'WITHDRAWN', reason?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const [found] = await tx.query<{ id: string }>(
        `SELECT e.id FROM engagement_change c JOIN engagement e ON e.id = c.engagement_id WHERE c.id = $8 AND ${seesEngagement('e')}`,
        [...engagementValues(actor), changeId],
      );
      const engagementId = found?.id ?? refuse(whatIsMissing('change'));
      await lockVisible(tx, actor, engagementId);
      const [change] = await tx.query<Terms & { answer: string | null }>(
        'SELECT starts_on AS "startsOn", ends_on AS "endsOn", price_pence AS "pricePence", vat, answer FROM engagement_change WHERE id = $1',
        [changeId],
      );
      if (change!.answer !== null) refuse(new NotAllowedInThisState('This change has been answered already.'));
      const set = answer === 'ACCEPTED' ? { starts_on: change!.startsOn, ends_on: change!.endsOn, price_pence: change!.pricePence, vat: change!.vat, told_end: false } : {};
      const { transition, set: signature } = answer === 'ACCEPTED' ? await againstWhatWasSigned(tx, engagementId, change!) : { transition: TRANSITIONS[answer], set: {} };
      const facts = await step(tx, engagementId, transition, { actor, reason, set: { ...set, ...signature } });
      if (answer === 'ACCEPTED' && facts.state === 'IN_PROGRESS' && change!.startsOn !== null && change!.startsOn > londonDay(tx.now)) {
        refuse(new NotAllowedInThisState('The support has begun since this was proposed, so its first day cannot be one that is still to come. Decline it and propose other dates.'));
      }
      if (answer === 'ACCEPTED' && sidesOf(facts, actor).includes('SCHOOL')) await checkLimits(tx, engagementId, change!);
      await tx.query('UPDATE engagement_change SET answer = $2, answered_by = $3, answered_at = $4 WHERE id = $1', [changeId, answer, actor.personId, tx.now]);
      return engagementId;
    });
  }
}

const TRANSITIONS = { DECLINED: 'declineChange', WITHDRAWN: 'withdrawChange' } as const;

type Step = { transition: string; set: Record<string, unknown> };
const PLAIN: Step = { transition: 'acceptChange', set: {} };

/**
 * What it means for the signature that the price becomes this: another one than was signed asks for it again, what is put
 * back to what was signed needs none. What was signed is what the first change that was accepted since the last signature found.
 */
async function againstWhatWasSigned(tx: UnitOfWork, id: string, { pricePence, vat }: Terms): Promise<Step> {
  const [signed] = await tx.query<Pick<Terms, 'pricePence' | 'vat'> & { state: string; signAgain: boolean; by: string; at: Date }>(
    `SELECT e.state, e.sign_again AS "signAgain", signature.person_id AS by, signature.at,
            CASE WHEN c.id IS NULL THEN e.price_pence ELSE c.before_price_pence END AS "pricePence", CASE WHEN c.id IS NULL THEN e.vat ELSE c.before_vat END AS vat
     FROM engagement e
     CROSS JOIN LATERAL (
       SELECT h.id, h.at, h.person_id FROM history h WHERE h.object_id = e.id AND h.process = 'Engagement' AND h.transition IN ('signOff', 'signOffAgain') ORDER BY h.id DESC LIMIT 1) signature
     CROSS JOIN LATERAL (
       SELECT count(*)::int AS changes FROM history h WHERE h.object_id = e.id AND h.process = 'Engagement' AND h.transition = ANY($2) AND h.id > signature.id) since
     LEFT JOIN LATERAL (
       SELECT * FROM engagement_change WHERE engagement_id = e.id AND answer = 'ACCEPTED' ORDER BY answered_at DESC, id DESC LIMIT 1 OFFSET greatest(since.changes - 1, 0)) c ON since.changes > 0
     WHERE e.id = $1 AND e.needs_sign_off AND e.state IN ('AWAITING_SIGN_OFF', 'AGREED', 'IN_PROGRESS')`,
    [id, ['acceptChange', 'acceptChangeToSign', 'acceptChangeAsSigned']],
  );
  if (!signed) return PLAIN;
  if (signed.pricePence === pricePence && signed.vat === vat) {
    if (signed.state === 'AWAITING_SIGN_OFF') return { transition: 'acceptChangeAsSigned', set: { signed_off_by: signed.by, signed_off_at: signed.at } };
    return { ...PLAIN, set: signed.signAgain ? { sign_again: false } : {} };
  }
  // whoever signs must see it, also where the school has stopped sharing it since
  if (signed.state === 'AGREED') return { transition: 'acceptChangeToSign', set: { signed_off_by: null, signed_off_at: null, shared_with_sip: true } };
  return { ...PLAIN, set: signed.state === 'IN_PROGRESS' ? { sign_again: true, shared_with_sip: true } : {} };
}

async function termsOf(tx: UnitOfWork, id: string): Promise<Terms> {
  const [row] = await tx.query<Terms>('SELECT starts_on AS "startsOn", ends_on AS "endsOn", price_pence AS "pricePence", vat FROM engagement WHERE id = $1', [id]);
  return row!;
}

/** @param today where the work has begun: its first day is not moved beyond it */
function checkTerms(before: Terms, after: Terms, today: string | null): void {
  const wrong = (field: keyof Terms, message: string) => refuse(new ValidationProblem([{ field, message }]));
  if ((['startsOn', 'endsOn', 'pricePence', 'vat'] as const).every((field) => before[field] === after[field])) wrong('startsOn', 'Change the dates or the price: nothing would be different.');
  if (after.startsOn && after.endsOn && after.endsOn < after.startsOn) wrong('endsOn', 'The last day cannot be before the first.');
  if (before.startsOn !== null && after.startsOn === null) wrong('startsOn', 'Enter the first day.');
  if (today !== null && after.startsOn !== null && after.startsOn > today) wrong('startsOn', 'The support has begun, so its first day cannot be one that is still to come.');
  if (after.pricePence !== null && after.pricePence > 0 && after.vat === null) wrong('vat', 'Say how VAT stands to the price.');
}

/** What was chosen by the school's limits stays within what was decided then. @throws Refused */
async function checkLimits(tx: UnitOfWork, engagementId: string, { pricePence, vat }: Pick<Terms, 'pricePence' | 'vat'>): Promise<void> {
  const [record] = await tx.query<{ travelPence: number; coverPence: number; quotes: number; fewer: boolean; approved: boolean; limits: Limit[] }>(
    `SELECT b.travel_pence AS "travelPence", b.cover_pence AS "coverPence", b.quotes, b.fewer_quotes_reason IS NOT NULL AS fewer, b.governors_approval AS approved, ${limitsOf('s')} AS limits
     FROM buying_record b JOIN engagement e ON e.id = b.engagement_id JOIN school s ON s.urn = e.school_urn WHERE b.engagement_id = $1`,
    [engagementId],
  );
  if (!record) return;
  const { limits, travelPence, coverPence, quotes, fewer, approved } = record;
  const needs = needsOf(limits, { pricePence: pricePence ?? 0, vat: vat ?? 'NOT_CHARGED', travelPence }, coverPence, quotes);
  if ((needs.governorsApproval && !approved) || (needs.quotes < needs.quotesNeeded && !fewer)) {
    refuse(new ValidationProblem([{ field: 'pricePence', message: 'At this price the whole cost is above a limit of your school for which more was needed when it chose. Agree it by a new request.' }]));
  }
}
