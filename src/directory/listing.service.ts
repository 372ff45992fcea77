import { z } from 'zod';
import { type Actor, worksForProvider } from '../platform/actor.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { once } from '../platform/idempotency.js';
import { NotAllowed, NotAllowedInThisState, refuse, ValidationProblem, whatIsMissing } from '../platform/problem.js';
import { begin, changedMeanwhile, move, type Move } from '../platform/process/index.js';
import { dayPerhaps } from '../platform/dates.js';
import { emailAddress, name, neededName, phoneNumber, problemsWith, validate, webAddress, words } from '../platform/validate.js';
import { ListingEntity } from './directory.entity.js';
import { contactNamed } from './contacts/telling.js';
import { inItsArea, isFree, type ListingFacts, listingProcess } from './listing.process.js';
import { inWords, ProfileIncomplete } from './provider.process.js';
import type { OnListingsChanged, Providers } from './provider.service.js';
import { Capacity, Category, Delivery, EcmOutcome, PriceKind, PriceUnit, SupportPhase, Vat } from './vocabulary.js';
import { type Before, beforeChange, keepChanges } from './changes/field-changes.js';
import { type Costs, costsOf, CostsRecommendations } from './vouched/cost.js';
import { keepVouched } from './vouched/keep.js';
import type { Substance } from './vouched/substance.js';
import { listingIsVisible } from './visibility.js';

const several = <Words extends Record<string, string>>(values: Words) => z.array(z.enum(values)).transform((chosen) => [...new Set(chosen)]);

const price = z
  .object({
    kind: z.enum(PriceKind, 'Say how it is paid for.'),
    pence: z.int().min(1, 'Enter a price of at least one penny, or say that it is free.').max(100_000_000, 'Enter a price below £1,000,000.').nullish(),
    unit: z.enum(PriceUnit).nullish(),
    vat: z.enum(Vat).nullish(),
    link: webAddress('The link').optional(),
  })
  .superRefine(({ kind, pence, unit, vat, link }, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (kind === 'PRICED') {
      if (pence == null) issue('pence', 'Enter the price.');
      if (unit == null) issue('unit', 'Say what the price buys.');
      if (vat == null) issue('vat', 'Say how VAT stands to the price.');
    } else if (pence != null || unit != null || vat != null) {
      issue('kind', 'Only a priced listing has an amount, a unit and VAT.');
    }
    if (link != null && kind !== 'FREE') issue('link', 'Only a free listing has a link to it.');
  });

export const TITLE = neededName('a title', 150);

const fieldsAt = (now: Date) => z.object({
  title: TITLE,
  summary: words('The summary', 300),
  description: words('The description', 10_000),
  categories: several(Category),
  ecmOutcomes: several(EcmOutcome),
  phases: several(SupportPhase),
  keywords: z.array(neededName('a keyword', 50)).max(20, 'Give at most 20 keywords.'),
  delivery: several(Delivery),
  national: z.boolean(),
  laCodes: z.array(z.string()).max(200, 'Name at most 200 local authorities.').transform((codes) => [...new Set(codes)]),
  radiusKm: z.int().min(1, 'Enter a distance from 1 to 500 km.').max(500, 'Enter a distance from 1 to 500 km.').nullable(),
  price,
  capacity: z.enum(Capacity),
  availableFrom: dayPerhaps('room', now, 'The day from which there is room'),
  contactName: name('The contact’s name', 200).transform((value) => value || null),
  contactEmail: emailAddress,
  contactPhone: phoneNumber,
  evidence: words('The evidence', 2000),
});
const contentsAt = (now: Date) => fieldsAt(now).partial();
const newListing = (now: Date) => contentsAt(now).extend({ title: TITLE });
export const problemsWithListing = (input: unknown, now: Date) => problemsWith(newListing(now), input);
/** The fields to change; one left out stays as it is. */
export type ListingChanges = z.input<ReturnType<typeof contentsAt>>;

export class Listings {
  constructor(
    private readonly db: Database,
    private readonly providers: Providers,
    private readonly onListingsChanged: OnListingsChanged,
  ) {}

  /** Begins a listing as a draft. @throws Refused */
  async create(actor: Actor, providerId: string, input: ListingChanges, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { providerId, input }, async () => {
        const values = columns(validate(newListing(tx.now), input));
        const provider = await this.providers.lockVisible(tx, actor, providerId);
        await checkLas(tx, values.laCodes);
        const id = newId();
        const facts: ListingFacts = {
          id,
          state: 'DRAFT',
          providerId,
          providerName: provider.name,
          providerState: provider.state,
          assurance: provider.assurance,
          free: values.priceKind === 'FREE',
          beyondArea: false,
          missing: [],
        };
        await begin(tx, listingProcess, 'create', facts, actor, async (state) => {
          await tx.manager.insert(ListingEntity, { id, providerId, ...values, priceKind: values.priceKind ?? 'BESPOKE', state, createdAt: tx.now, updatedAt: tx.now });
        });
        await checkArea(tx, actor, id);
        return { type: 'Listing', id };
      });
      return id;
    });
  }

  /**
   * Changes a listing. A published one stays complete. @throws Refused, with CostsRecommendations where it would cost some
   * and that is not accepted
   */
  async update(actor: Actor, id: string, version: number, input: ListingChanges, acceptCost = false): Promise<void> {
    await this.db.transaction(async (tx) => {
      const values = columns(validate(contentsAt(tx.now), input));
      await this.lockOwn(tx, actor, id);
      await checkLas(tx, values.laCodes);
      const before = await beforeChange(tx, 'Listing', [id]);
      if (!acceptCost) {
        const { message } = await costsOf(tx, id, substanceAfter(before, values));
        if (message) refuse(new CostsRecommendations(message));
      }
      const { affected } = await tx.manager.update(ListingEntity, { id, version }, { ...values, version: () => 'version + 1', updatedAt: tx.now });
      if (!affected) refuse(changedMeanwhile());
      const after = await checkArea(tx, actor, id);
      if (after.state === 'PUBLISHED') {
        if (after.missing.length > 0) refuse(new ProfileIncomplete(`This listing is published, so it has to keep ${inWords(after.missing)}.`));
        const refusal = isFree(after);
        if (refusal) refuse(refusal);
      }
      await keepChanges(tx, before, actor);
      await keepVouched(tx, [id]);
      if (after.state === 'PUBLISHED') await this.tellContact(tx, actor, after.providerId, id);
      await this.settle(tx, after.providerId, id);
    });
  }

  /** What it would cost to change the listing in this way: the recommendations that would not count for it any more. @throws Refused */
  async costOfChange(actor: Actor, id: string, input: ListingChanges): Promise<Costs> {
    return this.db.transaction(async (tx) => {
      const values = columns(validate(contentsAt(tx.now), input));
      await this.lockOwn(tx, actor, id);
      return costsOf(tx, id, substanceAfter(await beforeChange(tx, 'Listing', [id]), values));
    });
  }

  /** A step of the listing's process: publish, unpublish, remove. @throws Refused */
  async act(id: string, transition: keyof typeof listingProcess.transitions, by: Move): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.lockVisible(tx, by.actor, id);
      const { providerId } = await move(tx, listingProcess, id, transition, { ...by, set: transition === 'publish' ? { published_at: tx.now } : {} });
      if (transition === 'publish') await this.tellContact(tx, by.actor, providerId, id);
      await this.settle(tx, providerId, id);
    });
  }

  private async tellContact(tx: UnitOfWork, actor: Actor, providerId: string, id: string): Promise<void> {
    const [named] = await tx.query<{ contact: string }>('SELECT contact_email AS contact FROM listing WHERE id = $1 AND contact_email IS NOT NULL', [id]);
    if (named) await contactNamed(tx, actor, providerId, named.contact);
  }

  /** Whether its provider is listed may depend on what is published, and on what of it schools vouch for. */
  private async settle(tx: UnitOfWork, providerId: string, id: string): Promise<void> {
    if (await this.providers.settle(tx, providerId)) await this.providers.listingsChanged(tx, providerId);
    else await this.onListingsChanged(tx, [id]);
  }

  private async lockVisible(tx: UnitOfWork, actor: Actor, id: string): Promise<void> {
    await tx.query(listingProcess.lock, [id]);
    if (!(await listingIsVisible(tx, actor, id))) refuse(whatIsMissing('listing'));
  }

  private async lockOwn(tx: UnitOfWork, actor: Actor, id: string): Promise<void> {
    await this.lockVisible(tx, actor, id);
    const [facts] = await listingProcess.facts(tx, [id], actor);
    if (!worksForProvider(actor, facts!.providerId)) refuse(new NotAllowed('Only an administrator or editor of the provider can change its listings.'));
    if (facts!.state === 'REMOVED' || facts!.providerState === 'WITHDRAWN') refuse(new NotAllowedInThisState('This listing is no longer in the directory, so it stays as it was.'));
  }
}

/** The entity's columns: the price is one thing for people and five columns in the table. */
function columns({ price: given, ...rest }: z.output<ReturnType<typeof contentsAt>>) {
  if (!given) return { ...rest, priceKind: undefined };
  return {
    ...rest,
    priceKind: given.kind,
    pricePence: given.pence ?? null,
    priceUnit: given.unit ?? null,
    vat: given.vat ?? null,
    freeLink: given.link ?? null,
  };
}

/** What the listing would be, of what schools vouch for. */
function substanceAfter({ rows }: Before, { title, categories, phases, delivery }: Partial<Substance>): Substance {
  const was = rows[0]!.was as unknown as Substance;
  return { title: title ?? was.title, categories: categories ?? was.categories, phases: phases ?? was.phases, delivery: delivery ?? was.delivery };
}

/** Also a draft names no other area: it is what its officers read. */
async function checkArea(tx: UnitOfWork, actor: Actor, id: string): Promise<ListingFacts> {
  const [facts] = await listingProcess.facts(tx, [id], actor);
  const refusal = inItsArea(facts!);
  if (refusal) refuse(refusal);
  return facts!;
}

async function checkLas(tx: UnitOfWork, codes: string[] | undefined): Promise<void> {
  if (!codes?.length) return;
  const [{ count }] = (await tx.query<{ count: number }>('SELECT count(*) FROM living_authority WHERE code = ANY($1)', [codes])) as [{ count: number }];
  if (count !== codes.length) refuse(new ValidationProblem([{ field: 'laCodes', message: 'Choose local authorities from the list.' }]));
}
