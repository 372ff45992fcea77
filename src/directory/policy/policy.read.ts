import type { Queryable } from '../../platform/database/index.js';
import { londonDay } from '../../platform/clock.js';
import { mayHappen } from '../../platform/process/index.js';
import { system } from '../../platform/actor.js';
import { type ProviderFacts, providerProcess } from '../provider.process.js';
import { type CheckKind, checkKinds } from '../vocabulary.js';
import type { CheckLife, LaPolicy, PolicyChange } from './policy.type.js';

export interface Policy {
  minimumRecommendations: number;
  checkLives: CheckLife[];
}

/** Months by kind, as they are kept in `policy_change`. */
export const livesByKind = (lives: readonly CheckLife[]) => Object.fromEntries(lives.map(({ kind, months }) => [kind, months]));

const IN_ORDER = Object.keys(checkKinds) as CheckKind[];
export const inOrderOfKinds = (byKind: Partial<Record<CheckKind, number>>): CheckLife[] => IN_ORDER.flatMap((kind) => (byKind[kind] ? [{ kind, months: byKind[kind] }] : []));

/** The policy of a local authority; null where there is none of that code. */
export async function policyOf(db: Queryable, laCode: string): Promise<LaPolicy | null> {
  const [row] = await db.query<{ minimumRecommendations: number; lives: Partial<Record<CheckKind, number>> }>(
    `SELECT la.minimum_recommendations AS "minimumRecommendations", coalesce((SELECT jsonb_object_agg(kind, months) FROM check_life WHERE la_code = la.code), '{}') AS lives
     FROM local_authority la WHERE la.code = $1`,
    [laCode],
  );
  return row ? { laCode, minimumRecommendations: row.minimumRecommendations, checkLives: inOrderOfKinds(row.lives) } : null;
}

/** Every change of it, newest first: an LA changes its policy a few times in many years. */
export async function policyChangesOf(db: Queryable, laCode: string): Promise<PolicyChange[]> {
  const rows = await db.query<Omit<PolicyChange, 'checkLives'> & { lives: Partial<Record<CheckKind, number>> }>(
    `SELECT c.id, c.changed_at AS "changedAt", CASE WHEN c.changed_by IS NULL THEN 'Signpost' ELSE coalesce(name_at(c.changed_by, c.changed_at), '') END AS "changedBy", c.reason,
            c.minimum_recommendations AS "minimumRecommendations", c.check_lives AS lives, c.lapsed, c.listed
     FROM policy_change c WHERE c.la_code = $1 ORDER BY c.changed_at DESC, c.id DESC LIMIT 100`,
    [laCode],
  );
  return rows.map(({ lives, ...row }) => ({ ...row, checkLives: inOrderOfKinds(lives) }));
}

export interface Effect {
  lapsing: ProviderFacts[];
  listing: ProviderFacts[];
}

/**
 * Which of the LA's providers would lapse, and which would be listed, under a policy: asked of the same process that
 * moves them. What is proposed takes the place of what is saved only in the facts that a policy bears upon.
 */
export async function effectOf(db: Queryable, laCode: string, { minimumRecommendations: minimum, checkLives }: Policy, now: Date): Promise<Effect> {
  const candidates = await db.query<{ id: string }>(
    `SELECT id FROM provider WHERE assuring_la = $1 AND assurance = 'RECOMMENDED' AND state IN ('AWAITING_RECOMMENDATIONS', 'LISTED', 'LAPSED') ORDER BY name, id`,
    [laCode],
  );
  const ids = candidates.map(({ id }) => id);
  const holding = await db.query<{ id: string; kinds: CheckKind[] }>(
    `SELECT c.provider_id AS id, array_agg(c.kind) AS kinds FROM provider_check c
     WHERE c.provider_id = ANY($1::uuid[]) AND check_ends(c.expires_on, c.checked_at, ($2::jsonb ->> c.kind)::int) >= $3
     GROUP BY c.provider_id`,
    [ids, livesByKind(checkLives), londonDay(now)],
  );
  const kindsOf = new Map(holding.map(({ id, kinds }) => [id, kinds]));
  const found = new Map((await providerProcess.facts(db, ids, system)).map((facts) => [facts.id, facts]));
  const facts = ids.map((id) => ({ ...found.get(id)!, minimum, checksMissing: IN_ORDER.filter((kind) => !kindsOf.get(id)?.includes(kind)) }));
  const { lapse, list } = providerProcess.transitions;
  return {
    lapsing: facts.filter((each) => mayHappen(lapse!, each, system, now)),
    listing: facts.filter((each) => mayHappen(list!, each, system, now)),
  };
}
