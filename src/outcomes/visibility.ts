import { isOfTheProvider, isOfTheSchool, requestValues } from '../brokerage/index.js';
import type { Actor } from '../platform/actor.js';
import type { Queryable } from '../platform/database/index.js';

/**
 * Row access of ratings, as SQL conditions on the engagement. Every statement that uses one takes
 * `ratingValues(actor)`, those of requests, as its first five parameters, and its own from $6 on.
 */
export const ratingValues = requestValues;

// PostgreSQL must be able to tell the type of each of the five, also in a statement that needs fewer.
const TYPED = 'num_nulls($1::uuid, $2::int[], $3::int[], $4::int[], $5::uuid[]) >= 0';

/** The school's people who see the engagement `e`. */
export const ratesEngagement = (e: string) => `(${isOfTheSchool(e)} AND ${TYPED})`;

/** The school's people who see the engagement `e`, its provider's people, and the school's SIP where it is shared. */
export const seesRating = (e: string) => `((${isOfTheSchool(e)} OR ${isOfTheProvider(e)} OR (${e}.shared_with_sip AND ${e}.school_urn = ANY($4::int[]))) AND ${TYPED})`;

/** Everything that `seesRating` lets through and more, by conditions on the rating `r` that each have an index. */
export const mayConcern = (r: string) => `(${r}.school_urn = ANY($3::int[]) OR ${r}.school_urn = ANY($4::int[]) OR ${r}.provider_id = ANY($5::uuid[]))`;

export async function ratingIsVisible(db: Queryable, actor: Actor, id: string): Promise<boolean> {
  const rows = await db.query(`SELECT FROM rating r JOIN engagement e ON e.id = r.engagement_id WHERE r.id = $6 AND ${seesRating('e')}`, [...ratingValues(actor), id]);
  return rows.length > 0;
}

/** The LAs that the actor is an officer of, and where they have an interest: their schools and providers. For `moderates`. */
export function officerValues(actor: Actor): [string[], number[], string[]] {
  return [
    actor.memberships.flatMap((each) => (each.role === 'LA_OFFICER' ? each.laCode! : [])),
    actor.memberships.flatMap((each) => each.schoolUrn ?? []),
    actor.memberships.flatMap((each) => each.providerId ?? []),
  ];
}

/** Officers of the provider's or the school's LA who belong to neither. $1 to $3 are `officerValues`; `p` and `s` are the provider and the school of `r`. */
export const moderates = (r: string, p: string, s: string) =>
  `((${p}.assuring_la = ANY($1::text[]) OR ${s}.la_code = ANY($1::text[])) AND NOT ${r}.school_urn = ANY($2::int[]) AND NOT ${r}.provider_id = ANY($3::uuid[]))`;
