import { z } from 'zod';
import { seesListing, Vat, visibilityValues } from '../../directory/index.js';
import { type Actor, leadsSchool } from '../../platform/actor.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { once } from '../../platform/idempotency.js';
import { NotAllowed, refuse, ValidationProblem, whatIsMissing } from '../../platform/problem.js';
import { dayPerhaps, dayWithin } from '../../platform/dates.js';
import { name, validate } from '../../platform/validate.js';
import { beginRecorded } from './engagement.begin.js';
import { objective } from './engagement.contents.js';
import { MOST_PEOPLE, peopleWhoSee } from './engagement.people.js';

const seenBy = {
  sharedWithSip: z.boolean().default(false),
  allLeads: z.boolean().default(true),
  personIds: z.array(z.string()).max(MOST_PEOPLE, `Name at most ${MOST_PEOPLE} people.`).default([]),
};

const recorded = (now: Date) => z
  .object({
    listingId: z.string(),
    schoolUrn: z.int(),
    title: name('The title', 150).transform((title) => title || null),
    startsOn: dayWithin('agreed', now, 'The first day'),
    endsOn: dayPerhaps('agreed', now, 'The last day').optional(),
    pricePence: z.int().min(0, 'The price cannot be below nothing.').max(100_000_000, 'Enter a price below £1,000,000.'),
    vat: z.enum(Vat).nullish(),
    pupilsConcerned: z.boolean(),
    objective,
    ...seenBy,
  })
  .superRefine(({ startsOn, endsOn, pricePence, vat }, context) => {
    if (endsOn && endsOn < startsOn) context.addIssue({ code: 'custom', path: ['endsOn'], message: 'The last day cannot be before the first.' });
    if (pricePence > 0 && !vat) context.addIssue({ code: 'custom', path: ['vat'], message: 'Say how VAT stands to the price.' });
  });

const used = (now: Date) => z.object({ listingId: z.string(), schoolUrn: z.int(), usedOn: dayWithin('past', now, 'The day of the use'), objective: objective.nullish(), ...seenBy });

export type Recording = z.input<ReturnType<typeof recorded>>;
export type Using = z.input<ReturnType<typeof used>>;

/** What a school tells of support that it found by itself: small things stay small. */
export class Recordings {
  constructor(private readonly db: Database) {}

  /** Records, in one screen, support that the school has agreed already. Its provider is asked to confirm it. @throws Refused */
  async record(actor: Actor, input: Recording, key?: string | null): Promise<string> {
    return this.begun(actor, { recorded: input }, key, async (tx) => {
      const { objective: only, ...it } = validate(recorded(tx.now), input);
      const listing = await listingFor(tx, actor, it.listingId, it.schoolUrn);
      const people = await peopleWhoSee(tx, actor, it.schoolUrn, it.allLeads, it.personIds);
      const price = { pricePence: it.pricePence, vat: it.vat ?? 'NOT_CHARGED' };
      return beginRecorded(tx, actor, 'RECORDED', { ...it, ...price, ...listing, title: it.title ?? listing.title, endsOn: it.endsOn ?? null, people, partnerSchools: [], objectives: [only] });
    });
  }

  /** Records that the school has used a free resource. @throws Refused */
  async use(actor: Actor, input: Using, key?: string | null): Promise<string> {
    return this.begun(actor, { used: input }, key, async (tx) => {
      const { objective: only, usedOn, ...it } = validate(used(tx.now), input);
      const { priceKind, ...listing } = await listingFor(tx, actor, it.listingId, it.schoolUrn);
      if (priceKind !== 'FREE') refuse(new ValidationProblem([{ field: 'listingId', message: 'This is not free. Record what you have agreed instead.' }]));
      const people = await peopleWhoSee(tx, actor, it.schoolUrn, it.allLeads, it.personIds);
      const resource = { startsOn: usedOn, endsOn: null, pricePence: null, vat: null, pupilsConcerned: false };
      return beginRecorded(tx, actor, 'FREE_RESOURCE', { ...it, ...listing, ...resource, people, partnerSchools: [], objectives: only ? [only] : [] });
    });
  }

  private async begun(actor: Actor, input: unknown, key: string | null | undefined, work: (tx: UnitOfWork) => Promise<string>): Promise<string> {
    return this.db.transaction(async (tx) => (await once(tx, actor, key, input, async () => ({ type: 'Engagement', id: await work(tx) }))).id);
  }
}

/** A published listing of a provider that works, as the actor sees it. @throws Refused */
async function listingFor(tx: UnitOfWork, actor: Actor, id: string, schoolUrn: number) {
  if (!leadsSchool(actor, schoolUrn)) refuse(new NotAllowed('Only a lead of the school (head, chair of governors or business manager) records what it has agreed.'));
  const [listing] = await tx.query<{ providerId: string; title: string; priceKind: string; ownSchool: boolean }>(
    `SELECT l.provider_id AS "providerId", l.title, l.price_kind AS "priceKind", p.school_urn IS NOT DISTINCT FROM $6::int AS "ownSchool"
     FROM listing l JOIN provider p ON p.id = l.provider_id
     WHERE l.id = $5 AND l.state = 'PUBLISHED' AND p.state IN ('AWAITING_RECOMMENDATIONS', 'LISTED', 'LAPSED') AND ${seesListing('l', 'p')}`,
    [...visibilityValues(actor), id, schoolUrn],
  );
  const { ownSchool, ...found } = listing ?? refuse(whatIsMissing('listing'));
  if (ownSchool) refuse(new ValidationProblem([{ field: 'listingId', message: 'This is what your own school offers to others. Choose support that comes from somebody else.' }]));
  return found;
}
