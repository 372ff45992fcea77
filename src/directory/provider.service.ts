import { z } from 'zod';
import { type Actor, isOfficerOf, system, worksForProvider } from '../platform/actor.js';
import { londonDay, monthsAfter } from '../platform/clock.js';
import type { Database, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { once } from '../platform/idempotency.js';
import { NotAllowed, NotAllowedInThisState, problemType, refuse, whatIsMissing } from '../platform/problem.js';
import { advanceAll, begin, changedMeanwhile, mayHappen, move, type Move } from '../platform/process/index.js';
import { dayWithin } from '../platform/dates.js';
import { emailAddress, name, neededName, optional, phoneNumber, problemsWith, text, validate, webAddress, words } from '../platform/validate.js';
import { judgeName } from './alike.js';
import { ProviderEntity } from './directory.entity.js';
import { beforeChange, keepChanges } from './changes/field-changes.js';
import { partChanges } from './changes/waiting.js';
import { contactNamed } from './contacts/telling.js';
import { type Cause, keepObstacles, type Kept, providersConcernedBy } from './interests/index.js';
import { acceptReturn, forgetLikeness, judgeReturn } from './judgements/returns.js';
import { baseAt, checkLa, checkSpeaksFor, newFacts, schoolOfProvider } from './provider.entry.js';
import { checkLife, ENDS, expireChecksOf, LIVES } from './policy/check-lives.js';
import { checkedTexts, inWords, meetsListing, notOwn, ProfileIncomplete, type ProviderFacts, providerProcess, secondOfficer } from './provider.process.js';
import { recommendationProcess } from './recommendation.process.js';
import { providerIsVisible } from './visibility.js';
import { Assurance, type CheckKind, ProviderKind } from './vocabulary.js';

const INTEREST_LASTS_YEARS = 3;

export const SchoolHasProvider = problemType('SchoolHasProvider', 'The school is in the directory as a provider already.');

/** Told, in the same transaction, which listings are found differently from now on: how the search stays true. */
export type OnListingsChanged = (tx: UnitOfWork, listingIds: readonly string[]) => Promise<void>;

const providerName = neededName('the provider’s name', 200);

const registration = z.object({
  name: providerName,
  kind: z.enum(ProviderKind, 'Choose what the provider is.'),
  assurance: z.enum(Assurance).nullish(),
  schoolUrn: z.int().nullish(),
  assuringLa: optional(z.string()).optional(),
});
export type Registration = z.input<typeof registration>;
export const problemsWithRegistration = (input: unknown) => problemsWith(registration, input);

const profile = z
  .object({
    name: providerName,
    summary: words('The summary', 300),
    description: words('The description', 5000),
    website: webAddress('The website'),
    contactName: name('The contact’s name', 200),
    contactRole: name('The contact’s role', 200),
    contactEmail: emailAddress,
    contactPhone: phoneNumber,
    basePostcode: name('The postcode', 10).transform((value) => value || null),
    interests: text('The interests', 2000).nullable(),
    safeguarding: words('The safeguarding statement', 2000),
    assuringLa: optional(z.string()),
    assuredBy: name('Who assured it', 200).transform((value) => value || null),
    assuredLink: webAddress('The link'),
  })
  .partial();
/** The fields to change; one left out stays as it is. */
export type ProfileChanges = z.input<typeof profile>;
export const problemsWithProfile = (input: unknown) => problemsWith(profile, input);

/** Steps with which others come to know of a provider. */
const COMES_TO_BE_SEEN = new Set<string>(['complete', 'publishCouncilService', 'publishNationalProgramme']);

export class Providers {
  constructor(
    private readonly db: Database,
    private readonly onListingsChanged: OnListingsChanged,
  ) {}

  /** Registers a provider; whoever does becomes its administrator. @throws Refused */
  async register(actor: Actor, input: Registration, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, input, () => this.add(tx, actor, validate(registration, input)));
      return id;
    });
  }

  private async add(tx: UnitOfWork, actor: Actor, { assurance: asked, ...input }: z.output<typeof registration>) {
    const id = newId();
    const assurance = asked ?? 'RECOMMENDED';
    checkSpeaksFor(actor, input.kind, assurance, input.assuringLa ?? null);
    const school = await schoolOfProvider(tx, actor, input.kind, input.schoolUrn ?? null);
    const assuringLa = input.assuringLa ?? school?.laCode ?? null;
    if (assuringLa) await checkLa(tx, assuringLa);
    await begin(tx, providerProcess, 'register', newFacts(id, input, assurance), actor, async (state) => {
      await tx.manager.insert(ProviderEntity, {
        id,
        ...input,
        assurance,
        assuringLa,
        state,
        schoolUrn: school?.urn ?? null,
        basePostcode: school?.postcode ?? null,
        baseEasting: school?.easting ?? null,
        baseNorthing: school?.northing ?? null,
        createdAt: tx.now,
        updatedAt: tx.now,
      });
      await tx.query(
        `INSERT INTO membership (id, person_id, role, provider_id, created_at, confirmed_at, confirmed_by) VALUES ($1, $2, 'PROVIDER_ADMIN', $3, $4, $4, $2)`,
        [newId(), actor.personId, id, tx.now],
      );
      await judgeName(tx, id);
    });
    return { type: 'Provider', id };
  }

  /** Changes the profile. Once schools can see a provider, its profile stays complete; what an officer has checked waits for one. @throws Refused */
  async update(actor: Actor, id: string, version: number, input: ProfileChanges): Promise<void> {
    await this.db.transaction(async (tx) => {
      const changes = validate(profile, input);
      const before = await this.lockVisible(tx, actor, id);
      if (!worksForProvider(actor, id)) refuse(new NotAllowed('Only an administrator or editor of the provider can change its profile.'));
      if (before.state === 'WITHDRAWN') refuse(new NotAllowedInThisState('The provider has left the directory, so its profile stays as it was.'));
      if (changes.assuringLa !== undefined && changes.assuringLa !== before.assuringLa) {
        if (before.kind !== 'SCHOOL') checkSpeaksFor(actor, before.kind, before.assurance, changes.assuringLa);
        if (changes.assuringLa) await this.checkNewAssuringLa(tx, before, changes.assuringLa);
      }
      const base = changes.basePostcode === undefined ? {} : await baseAt(tx, changes.basePostcode);
      const were = await beforeChange(tx, 'Provider', [id]);
      const { atOnce, waits, renamed, sameName } = await partChanges(tx, actor, id, changes);
      const { affected } = await tx.manager.update(ProviderEntity, { id, version }, { ...atOnce, ...base, version: () => 'version + 1', updatedAt: tx.now });
      if (!affected) refuse(changedMeanwhile());
      if (sameName) await tx.query('UPDATE provider SET confirmed_name = name WHERE id = $1 AND confirmed_name = $2', [id, before.name]);
      if (renamed || sameName) await judgeName(tx, id);
      await keepChanges(tx, were, actor);
      if (waits) await move(tx, providerProcess, id, 'proposeChanges', { actor: system });
      if (renamed && before.state !== 'DRAFT') await move(tx, providerProcess, id, 'rename', { actor: system });
      const [after] = await providerProcess.facts(tx, [id], actor);
      if (after!.listingsBeyondArea > 0) refuse(new NotAllowed('A council’s own service is for the area of its local authority alone: take down the listings that name another first.'));
      const lost = after!.missing.filter((what) => !before.missing.includes(what)); // an imported provider never had it
      if (after!.state !== 'DRAFT' && lost.length > 0) {
        refuse(new ProfileIncomplete(`Schools can see this profile, so it has to keep ${inWords(lost)}.`));
      }
      await this.settle(tx, id);
      if (changes.contactEmail) await contactNamed(tx, actor, id, changes.contactEmail);
      await this.listingsChanged(tx, id);
    });
  }

  /**
   * Whoever is or was named as a contact, and is none, says so: from then on no naming of theirs counts, by whatever
   * address. What it has kept from them or theirs is settled. @throws Refused
   */
  async denyContact(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.query(providerProcess.lock, [id]); // whoever is named may deny it, whether or not they see the provider
      const [facts] = await providerProcess.facts(tx, [id], actor);
      if (!facts?.namesActor) refuse(whatIsMissing('provider'));
      await move(tx, providerProcess, id, 'denyContact', { actor });
      await tx.query('UPDATE named_contact SET denied_at = $2, denied_by = $3 WHERE provider_id = $1 AND denied_at IS NULL AND mailbox = ANY(mailboxes_of($3))', [id, tx.now, actor.personId]);
      await forgetLikeness(tx, id, actor.personId!);
      if (await this.settle(tx, id)) await this.listingsChanged(tx, id);
      await this.settleFor(tx, actor.personId!);
    });
  }

  /** A step of the provider's process that a person takes: complete, suspend, reinstate, withdraw and the like. @throws Refused */
  async act(id: string, transition: keyof typeof providerProcess.transitions, { version, ...by }: Move): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.lockVisible(tx, by.actor, id, version);
      if (COMES_TO_BE_SEEN.has(transition)) {
        await judgeName(tx, id); // others may have come since it was given
        await this.holdBack(tx, id);
      }
      await this.take(tx, id, transition, by);
      await this.settle(tx, id);
      await this.listingsChanged(tx, id);
    });
  }

  /** Confirms a name that is like another, so that the provider may be listed under it. @throws Refused */
  async confirmName(id: string, { actor, version }: Move): Promise<void> {
    await this.db.transaction(async (tx) => {
      const { state } = await this.lockVisible(tx, actor, id, version);
      if (state === 'DRAFT') await judgeName(tx, id); // once others see it, a name that comes later does not hold it up
      const { name } = await move(tx, providerProcess, id, 'confirmName', { actor });
      await tx.query('UPDATE provider SET confirmed_name = $2, name_confirmed_at = $3, name_confirmed_by = $4 WHERE id = $1', [id, name, tx.now, actor.personId]);
      if (await this.settle(tx, id)) await this.listingsChanged(tx, id);
    });
  }

  /** Lets a provider be listed that is like one that was suspended. @throws Refused */
  async confirmReturn(id: string, { version, ...by }: Move): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.lockVisible(tx, by.actor, id, version);
      await this.take(tx, id, 'confirmReturn', by);
      await acceptReturn(tx, id, by.actor.personId!);
      if (await this.settle(tx, id)) await this.listingsChanged(tx, id);
    });
  }

  /** Ends a suspension: listed again where nothing is missing, else lapsed. @throws Refused */
  async reinstate(id: string, { version, ...by }: Move): Promise<void> {
    await this.db.transaction(async (tx) => {
      const facts = await this.lockVisible(tx, by.actor, id, version);
      await this.take(tx, id, meetsListing(facts) ? 'reinstate' : 'reinstateAsLapsed', by);
      await this.listingsChanged(tx, id);
    });
  }

  /** Records that the assuring LA has checked something, until a day. @param version of what the officer has read @throws Refused */
  async recordCheck(actor: Actor, id: string, kind: CheckKind, expiresOn: string, version?: number | null): Promise<void> {
    await this.db.transaction(async (tx) => {
      const facts = await this.lockVisible(tx, actor, id, version);
      if (!isOfficerOf(actor, facts.assuringLa) && !(facts.assuringLa && secondOfficer(facts, actor))) {
        refuse(new NotAllowed('Only an officer of the provider’s assuring local authority records its checks.'));
      }
      const interest = notOwn(facts);
      if (interest) refuse(interest);
      if (facts.state === 'DRAFT') refuse(new NotAllowedInThisState('The profile is being written. It can be checked once it is finished.'));
      const text = checkedTexts[kind];
      if (text && facts.missing.includes(text)) refuse(new ProfileIncomplete(`There is nothing to check yet: the provider has still to add ${text}.`));
      validate(z.object({ expiresOn: dayWithin('check', tx.now, 'The day until which the check holds') }), { expiresOn });
      await checkLife(tx, facts.assuringLa!, kind, expiresOn);
      await tx.query(
        `INSERT INTO provider_check (provider_id, kind, la_code, checked_by, checked_at, expires_on) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (provider_id, kind) DO UPDATE
           SET la_code = excluded.la_code, checked_by = excluded.checked_by, checked_at = excluded.checked_at, expires_on = excluded.expires_on, expired = false`,
        [id, kind, facts.assuringLa, actor.personId, tx.now, expiresOn],
      );
      if (await this.settle(tx, id)) await this.listingsChanged(tx, id);
    });
  }

  /**
   * Lists or lapses the provider when what being listed needs has become true or false. Whoever changes a fact calls
   * it at the end of their unit of work, under the provider's lock. @returns whether the state changed
   */
  async settle(tx: UnitOfWork, id: string): Promise<boolean> {
    await this.tellOfObstacles(tx, await keepObstacles(tx, [id]));
    return this.listOrLapse(tx, id);
  }

  /** The same for many providers, or for all, whose state is written where it has become another; tells the search. */
  async settleAll(tx: UnitOfWork, ids: readonly string[] | null, cause: Cause = 'PEOPLE'): Promise<void> {
    if (ids) await tx.query('SELECT id FROM provider WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE', [ids]);
    const kept = await keepObstacles(tx, ids, cause);
    await this.tellOfObstacles(tx, kept);
    const changed = kept.providers;
    for (const id of [...(ids ?? changed)].sort()) {
      await tx.query(providerProcess.lock, [id]);
      if ((await this.listOrLapse(tx, id)) || changed.includes(id)) await this.listingsChanged(tx, id);
    }
  }

  /** What follows when somebody's roles or address change: settles all providers for which it may matter who they are. */
  async settleFor(tx: UnitOfWork, personId: string): Promise<void> {
    await this.settleAll(tx, await providersConcernedBy(tx, personId));
  }

  /** The school, the provider and the officer are told of what counts only for a time, or waits, from now on. */
  private async tellOfObstacles(tx: UnitOfWork, { excused, waiting }: Kept): Promise<void> {
    if (excused.length + waiting.length === 0) return;
    const facts = await recommendationProcess.facts(tx, [...excused, ...waiting], system);
    const tell = (step: 'excuse' | 'awaitOfficer', ids: readonly string[], state: 'GIVEN' | 'FLAGGED') =>
      advanceAll(tx, recommendationProcess, step, state, facts.filter((each) => ids.includes(each.id) && each.state === state), async () => {}); // keepObstacles has written it
    for (const state of ['GIVEN', 'FLAGGED'] as const) await tell('excuse', excused, state);
    await tell('awaitOfficer', waiting, 'GIVEN');
  }

  private async listOrLapse(tx: UnitOfWork, id: string): Promise<boolean> {
    const [facts] = await providerProcess.facts(tx, [id], system);
    const { list, lapse } = providerProcess.transitions;
    const next = mayHappen(list!, facts!, system, tx.now) ? 'list' : mayHappen(lapse!, facts!, system, tx.now) ? 'lapse' : null;
    if (!next || (next === 'list' && (await this.holdBack(tx, id)))) return false;
    await this.take(tx, id, next, { actor: system });
    return true;
  }

  /** What is, or is near to, a provider that was suspended before waits for an officer. @returns whether it is held back from now on */
  async holdBack(tx: UnitOfWork, id: string): Promise<boolean> {
    if (!(await judgeReturn(tx, id))) return false;
    await move(tx, providerProcess, id, 'holdBack', { actor: system });
    return true;
  }

  /** Job: marks the checks whose day has passed, and lets providers lapse that needed them. */
  async expireChecks(): Promise<void> {
    const due = await this.db.transaction((tx) =>
      tx.query<{ id: string }>(`SELECT DISTINCT c.provider_id AS id FROM provider_check c ${LIVES} WHERE NOT c.expired AND ${ENDS} < $1`, [londonDay(tx.now)]),
    );
    for (const { id } of due) {
      await this.db.transaction(async (tx) => {
        await tx.query(providerProcess.lock, [id]);
        await expireChecksOf(tx, [id]);
        if (await this.settle(tx, id)) await this.listingsChanged(tx, id);
      });
    }
  }

  /** Job: what ended three years ago makes no interest any more. Settles all providers, whatever may have been missed. */
  async passTimeForMemberships(): Promise<void> {
    await this.db.longTransaction(async (tx) => {
      const before = monthsAfter(tx.now, -12 * INTEREST_LASTS_YEARS);
      await tx.query('UPDATE membership SET distant = true WHERE ended_at <= $1 AND NOT distant', [before]);
      await tx.query('DELETE FROM former_mailbox WHERE left_at <= $1', [before]);
      await this.settleAll(tx, null);
    });
  }

  /** Tells the search that all listings of a provider may be found differently now. */
  async listingsChanged(tx: UnitOfWork, providerId: string): Promise<void> {
    const listings = await tx.query<{ id: string }>('SELECT id FROM listing WHERE provider_id = $1', [providerId]);
    await this.onListingsChanged(tx, listings.map((each) => each.id));
  }

  /**
   * Locks the provider and gives its facts. @param version the one that the actor has read, where they judge it
   * @throws Refused with NotFound when this actor may not know of it, with Conflict when it has changed since they read it
   */
  async lockVisible(tx: UnitOfWork, actor: Actor, id: string, version?: number | null): Promise<ProviderFacts> {
    await tx.query(providerProcess.lock, [id]);
    if (!(await providerIsVisible(tx, actor, id))) refuse(whatIsMissing('provider'));
    if (version != null && (await tx.query('SELECT FROM provider WHERE id = $1 AND version = $2', [id, version])).length === 0) refuse(changedMeanwhile());
    const [facts] = await providerProcess.facts(tx, [id], actor);
    return facts!;
  }

  private async take(tx: UnitOfWork, id: string, transition: string, by: Move): Promise<void> {
    const listed = providerProcess.transitions[transition]!.to === 'LISTED';
    await move(tx, providerProcess, id, transition, { ...by, set: listed ? { listed_at: tx.now } : {} });
  }

  private async checkNewAssuringLa(tx: UnitOfWork, before: ProviderFacts, laCode: string): Promise<void> {
    if (before.state !== 'DRAFT' && before.state !== 'AWAITING_RECOMMENDATIONS') {
      refuse(new NotAllowed('The local authority that checks a provider can be changed only before the provider is listed.'));
    }
    await checkLa(tx, laCode);
    await tx.query('DELETE FROM provider_check WHERE provider_id = $1', [before.id]); // the new LA checks for itself
  }
}
