import type { Actor } from '../../platform/actor.js';
import type { Queryable, UnitOfWork } from '../../platform/database/index.js';

/** Every kind of decision to somebody's disadvantage that there is; a lapse is none: it follows from a rule. */
export const appealKinds = {
  PROVIDER_SUSPENDED: 'A provider was suspended. Its people may appeal.',
  RECOMMENDATION_FLAGGED: 'A recommendation is being looked into, and does not count meanwhile. The school and the provider may appeal.',
  RECOMMENDATION_REJECTED: 'A recommendation was rejected. The school and the provider may appeal.',
  ROLE_REFUSED: 'A role in a school that somebody had asked for was refused. They may appeal.',
  RATING_WORDS_HIDDEN: 'The words of a rating were hidden from the public. The school and the provider may appeal.',
  LISTING_WITHHELD: 'A local authority withholds a listing from its own area. The provider may appeal.',
} as const;
export type AppealKind = keyof typeof appealKinds;

/** A decision that is in force, as those concerned and whoever judges need to know of it. */
export interface Decision {
  objectId: string;
  /** Number of the step with which it was made; null where that is no step of a process. */
  decision: number | null;
  /** What was decided, as a sentence without a full stop. */
  title: string;
  laCode: string | null;
  providerId: string | null;
  schoolUrn: number | null;
  /** Who may appeal beside the provider's people and the school's leads: the person whom it is about. */
  personId: string | null;
  decidedBy: string;
  decidedAt: Date;
  reason: string;
}

/** How decisions of a kind are found and undone. A lower room adds its own, wired in app.ts. */
export interface Appealable {
  /** Whose side may appeal. */
  sides: readonly ('PROVIDER' | 'SCHOOL' | 'PERSON')[];
  /** The decision about the object that is in force; null where there is none. */
  find(db: Queryable, objectId: string): Promise<Decision | null>;
  /** Undoes it through a transition of its own process, in the unit of work that overturns it. @throws Refused */
  undo(tx: UnitOfWork, objectId: string, judge: { actor: Actor; reason: string }): Promise<void>;
}

/**
 * Finds the last step of this name of an object that is still as the step left it.
 * @param from SQL of the object as `x`, with what else is needed
 * @param inForce SQL: whether it still is as the step left it
 */
export function lastStep(process: string, transition: string, { from, inForce, title, provider = 'NULL::uuid', school = 'NULL::int' }: { from: string; inForce: string; title: string; provider?: string; school?: string }) {
  return async (db: Queryable, objectId: string): Promise<Decision | null> => {
    const [found] = await db.query<Decision>(
      `SELECT x.id AS "objectId", h.id AS decision, ${title} AS title, CASE WHEN h.on_behalf_kind = 'LOCAL_AUTHORITY' THEN h.on_behalf_id END AS "laCode",
              ${provider} AS "providerId", ${school} AS "schoolUrn", NULL AS "personId", h.person_id AS "decidedBy", h.at AS "decidedAt", coalesce(h.reason, '') AS reason
       FROM ${from} JOIN LATERAL (
         SELECT * FROM history WHERE object_id = x.id AND process = $2 AND transition = $3 ORDER BY id DESC LIMIT 1
       ) h ON h.person_id IS NOT NULL
       WHERE x.id = $1 AND ${inForce}`,
      [objectId, process, transition],
    );
    return found ?? null;
  };
}
