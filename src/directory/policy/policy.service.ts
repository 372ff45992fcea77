import { z } from 'zod';
import { type Actor, isOfficerOf, isSystemAdmin, system } from '../../platform/actor.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { NotAllowed, refuse, whatIsMissing } from '../../platform/problem.js';
import { advanceAll } from '../../platform/process/index.js';
import { neededWords, validate } from '../../platform/validate.js';
import type { Reorganisation } from '../../schools/index.js';
import { HasInterest, interestInDeciding } from '../interests/index.js';
import { inWords, type ProviderFacts, providerProcess } from '../provider.process.js';
import type { OnListingsChanged, Providers } from '../provider.service.js';
import { CheckKind, type ProviderState } from '../vocabulary.js';
import { expireChecksOf } from './check-lives.js';
import { type Effect, effectOf, inOrderOfKinds, livesByKind, type Policy, policyOf } from './policy.read.js';

const MOST_NEEDED = 10;
const LONGEST_LIFE_MONTHS = 120;
const TRIES = 3;

const policyInput = z.object({
  minimumRecommendations: z.int().min(2, 'Two recommendations are the least: no local authority can ask for fewer.').max(MOST_NEEDED, `Ask for ${MOST_NEEDED} recommendations at most.`),
  checkLives: z
    .array(
      z.object({
        kind: z.enum(CheckKind),
        months: z.int().min(1, 'A check holds for a month at least.').max(LONGEST_LIFE_MONTHS, `A check holds for ${LONGEST_LIFE_MONTHS} months at most.`),
      }),
    )
    .refine((lives) => new Set(lives.map(({ kind }) => kind)).size === lives.length, 'Name each kind of check once.'),
});

export class Policies {
  constructor(
    private readonly db: Database,
    private readonly providers: Providers,
    private readonly onListingsChanged: OnListingsChanged,
  ) {}

  /** Who would lapse and who would be listed if this were saved now. @throws Refused */
  async preview(actor: Actor, laCode: string, input: Policy, now: Date): Promise<Effect> {
    mayDecide(actor, laCode);
    return effectOf(this.db, laCode, validate(policyInput, input), now);
  }

  /**
   * Saves the policy. Those who no longer have what they need lapse in the same unit of work, and those who now have it
   * are listed; each is told why. Nobody moves a provider in which they have an interest. @throws Refused
   */
  async save(actor: Actor, laCode: string, input: Policy, reason: string): Promise<void> {
    mayDecide(actor, laCode);
    const policy = validate(policyInput, input);
    const { reason: why } = validate(z.object({ reason: neededWords('why', 1000) }), { reason });
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.db.longTransaction((tx) => this.saveIn(tx, actor, laCode, policy, why));
      } catch (error) {
        // A provider came to the LA, and was listed, between the locks and the commit, which counts anew: it is among them now.
        if (attempt === TRIES || constraintOf(error) !== 'provider_minimum') throw error;
      }
    }
  }

  /** Of the policies of a local authority and of one that follows it, the stricter holds there from now on. */
  async follow(tx: UnitOfWork, { code, name, differences }: Reorganisation, follower: string): Promise<void> {
    const [was, own] = [(await policyOf(tx, code))!, (await policyOf(tx, follower))!];
    const [before, there] = [livesByKind(was.checkLives), livesByKind(own.checkLives)];
    const months = { ...before, ...there };
    for (const kind of Object.keys(months) as CheckKind[]) months[kind] = Math.min(before[kind] ?? Infinity, there[kind] ?? Infinity);
    const minimumRecommendations = Math.max(was.minimumRecommendations, own.minimumRecommendations);
    const stricter = { minimumRecommendations, checkLives: Object.entries(months).map(([kind, each]) => ({ kind: kind as CheckKind, months: each })) };
    const differs = (from: Policy) => JSON.stringify([from.minimumRecommendations, livesByKind(from.checkLives)]) !== JSON.stringify([minimumRecommendations, livesByKind(inOrderOfKinds(months))]);
    const isSet = own.minimumRecommendations > 2 || own.checkLives.length > 0;
    if (isSet && (differs(was) || differs(own))) differences.push(`${name} asked for other things of providers than ${await nameOf(tx, follower)}: the stricter of both holds.`);
    if (differs(own)) await this.saveIn(tx, system, follower, stricter, `It follows ${name}, and goes on with the stricter of what both asked for.`);
  }

  private async saveIn(tx: UnitOfWork, actor: Actor, laCode: string, policy: Policy, why: string): Promise<void> {
    const [la] = await tx.query<{ name: string }>('SELECT name FROM local_authority WHERE code = $1 FOR NO KEY UPDATE', [laCode]);
    if (!la) return refuse(whatIsMissing('local authority'));
    const before = (await policyOf(tx, laCode))!;
    // All of them, in whatever state: whoever is moved meanwhile by somebody else is judged after that.
    const all = await tx.query<{ id: string }>(`SELECT id FROM provider WHERE assuring_la = $1 AND state <> 'WITHDRAWN' ORDER BY id FOR NO KEY UPDATE`, [laCode]);
    await tx.query('UPDATE local_authority SET minimum_recommendations = $2 WHERE code = $1', [laCode, policy.minimumRecommendations]);
    await tx.query('DELETE FROM check_life WHERE la_code = $1', [laCode]);
    await tx.query('INSERT INTO check_life (la_code, kind, months) SELECT $1, kind, months::int FROM jsonb_each_text($2::jsonb) AS life (kind, months)', [laCode, livesByKind(policy.checkLives)]);
    await expireChecksOf(tx, all.map(({ id }) => id));

    const effect = await effectOf(tx, laCode, policy, tx.now);
    await checkInterest(tx, actor, [...effect.lapsing, ...effect.listing]);
    await this.moveAll(tx, 'lapse', 'LISTED', effect.lapsing, whyLapsed(la.name, before, policy));
    const listing: ProviderFacts[] = [];
    for (const facts of effect.listing) if (!(await this.providers.holdBack(tx, facts.id))) listing.push(facts);
    for (const state of ['AWAITING_RECOMMENDATIONS', 'LAPSED'] as const) {
      await this.moveAll(tx, 'list', state, listing.filter((facts) => facts.state === state), null);
    }
    await tx.query(
      `INSERT INTO policy_change (id, la_code, changed_at, changed_by, reason, minimum_recommendations, check_lives, lapsed, listed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [newId(), laCode, tx.now, actor.personId, why, policy.minimumRecommendations, livesByKind(policy.checkLives), effect.lapsing.length, listing.length],
    );
  }

  private async moveAll(tx: UnitOfWork, transition: 'lapse' | 'list', from: ProviderState, facts: ProviderFacts[], reason: string | null): Promise<void> {
    if (facts.length === 0) return;
    const ids = facts.map(({ id }) => id);
    const listedAt = transition === 'list' ? tx.now : null;
    const write = async (state: ProviderState) => {
      await tx.query(
        'UPDATE provider SET state = $2, version = version + 1, updated_at = $3, listed_at = coalesce($4, listed_at) WHERE id = ANY($1::uuid[])',
        [ids, state, tx.now, listedAt],
      );
    };
    await advanceAll(tx, providerProcess, transition, from, facts, write, reason);
    const listings = await tx.query<{ id: string }>('SELECT id FROM listing WHERE provider_id = ANY($1::uuid[])', [ids]);
    await this.onListingsChanged(tx, listings.map(({ id }) => id));
  }
}

const nameOf = async (tx: UnitOfWork, code: string) => (await tx.query<{ name: string }>('SELECT name FROM local_authority WHERE code = $1', [code]))[0]!.name;

function mayDecide(actor: Actor, laCode: string): void {
  if (!isOfficerOf(actor, laCode) && !isSystemAdmin(actor)) refuse(new NotAllowed('Only an officer of the local authority, or a system administrator, sets its policy.'));
}

async function checkInterest(tx: UnitOfWork, actor: Actor, moved: ProviderFacts[]): Promise<void> {
  const [own] = await tx.query<{ name: string }>(
    `SELECT p.name FROM provider p WHERE p.id = ANY($2::uuid[]) AND (${interestInDeciding('$1::uuid', 'p.id')}) IS NOT NULL ORDER BY p.name LIMIT 1`,
    [actor.personId, moved.map(({ id }) => id)],
  );
  if (own) refuse(new HasInterest(`You have an interest in ${own.name}, which this would list or let lapse. Another officer, or a system administrator, has to decide.`));
}

/** What those who lapse by it are told. */
function whyLapsed(la: string, before: Policy, after: Policy): string {
  const changed = [
    ...(after.minimumRecommendations > before.minimumRecommendations ? [`${after.minimumRecommendations} recommendations`] : []),
    ...after.checkLives
      .filter(({ kind, months }) => months < (livesByKind(before.checkLives)[kind] ?? Infinity))
      .map(({ months }) => `checks that are no older than ${months === 1 ? 'a month' : `${months} months`}`),
  ];
  return changed.length > 0 ? `${la} asks for ${inWords([...new Set(changed)])} from now on, which you do not have.` : `${la} has changed what it asks for, and you lack something of it.`;
}

const constraintOf = (error: unknown): string | undefined => (error as { driverError?: { constraint?: string } }).driverError?.constraint;
