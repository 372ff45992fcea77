import { type Actor, hasRole, reach } from '../platform/actor.js';
import type { Queryable } from '../platform/database/index.js';
import { counts } from './interests/index.js';
import type { ProviderState } from './vocabulary.js';

/**
 * Row access of the directory, as SQL conditions. Every statement that uses one takes `visibilityValues(actor)` as its
 * first four parameters, and its own from $5 on:
 * $1 the states in which this actor sees any provider, $2 the providers they belong to, $3 the schools they lead,
 * $4 the LAs they are officers of (null: they see everything).
 */
export function visibilityValues(actor: Actor): [ProviderState[], string[], number[], string[] | null] {
  const { providerIds, leadUrns, officerLas, everything } = reach(actor);
  return [statesSeen(actor), providerIds, leadUrns, everything ? null : officerLas];
}

/** Officers assure quality; school leads may vouch for providers that wait for it; the public sees what is listed. */
function statesSeen(actor: Actor): ProviderState[] {
  if (reach(actor).everything) return ['DRAFT', 'AWAITING_RECOMMENDATIONS', 'LISTED', 'SUSPENDED', 'LAPSED', 'WITHDRAWN'];
  if (hasRole(actor, 'LA_OFFICER')) return ['AWAITING_RECOMMENDATIONS', 'LISTED', 'SUSPENDED', 'LAPSED', 'WITHDRAWN'];
  if (hasRole(actor, 'SCHOOL_LEAD')) return ['AWAITING_RECOMMENDATIONS', 'LISTED', 'LAPSED'];
  return ['LISTED'];
}

// PostgreSQL must be able to tell the type of each of the four, also in a statement that needs fewer.
const TYPED = 'num_nulls($1::text[], $2::uuid[], $3::int[], $4::text[]) >= 0';

// A council's own service is drafted by one of its officers and published by another; by one of another council where it has no other.
const ofCouncil = (p: string) =>
  `(${p}.assurance = 'COUNCIL' AND (${p}.assuring_la = ANY($4::text[]) OR ${p}.state = 'DRAFT' AND cardinality($4::text[]) > 0 AND officers_lacking(${p}.id) = 'BY_TIES'))`;

/** `p` is the provider's alias. */
export const seesProvider = (p: string) => `((${p}.state = ANY($1::text[]) OR ${p}.id = ANY($2::uuid[]) OR ${ofCouncil(p)}) AND ${TYPED})`;

/** Published listings of providers that one sees; their own people see the others too. */
export const seesListing = (l: string, p: string) =>
  `(((${l}.state = 'PUBLISHED' AND (${p}.state = ANY($1::text[]) OR ${ofCouncil(p)})) OR ${p}.id = ANY($2::uuid[]) OR $4::text[] IS NULL) AND ${TYPED})`;

/** What counts for a listed provider is public; the rest is between the school, the provider and the assuring LA. */
export const seesRecommendation = (r: string, p: string) =>
  `(((${counts(r)} AND ${p}.state = 'LISTED') OR ${isParty(r, p)}) AND ${TYPED})`;

/** The school's leads, the provider's people, officers of the assuring LA. */
export const isParty = (r: string, p: string) =>
  `(${r}.provider_id = ANY($2::uuid[]) OR ${r}.school_urn = ANY($3::int[]) OR $4::text[] IS NULL OR ${p}.assuring_la = ANY($4::text[]))`;

const isThere = async (db: Queryable, actor: Actor, sql: string, id: string) => (await db.query(sql, [...visibilityValues(actor), id])).length > 0;

export const providerIsVisible = (db: Queryable, actor: Actor, id: string) =>
  isThere(db, actor, `SELECT 1 FROM provider p WHERE p.id = $5 AND ${seesProvider('p')}`, id);

export const listingIsVisible = (db: Queryable, actor: Actor, id: string) =>
  isThere(db, actor, `SELECT 1 FROM listing l JOIN provider p ON p.id = l.provider_id WHERE l.id = $5 AND ${seesListing('l', 'p')}`, id);

export const recommendationIsVisible = (db: Queryable, actor: Actor, id: string) =>
  isThere(db, actor, `SELECT 1 FROM recommendation r JOIN provider p ON p.id = r.provider_id WHERE r.id = $5 AND ${seesRecommendation('r', 'p')}`, id);
