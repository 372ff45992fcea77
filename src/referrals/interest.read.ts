import type { Actor, Role } from '../platform/actor.js';
import type { Database } from '../platform/database/index.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../platform/request.js';
import type { Interest, StatedInterest } from './interest.type.js';

/** Whose interest in which provider, and from when on: interests that had ended by then are left out. */
export interface InterestKey {
  personId: string;
  providerId: string;
  since: string;
}

const fromRole: Partial<Record<Role, string>> = {
  PROVIDER_ADMIN: 'Is an administrator of the provider',
  PROVIDER_EDITOR: 'Is an editor of the provider',
  SCHOOL_LEAD: 'Leads the school that is the provider',
  SCHOOL_STAFF: 'Works in the school that is the provider',
  TRUST_LEAD: 'Leads the trust of the school that is the provider',
};

/**
 * The interests of people in providers, declared and known. They are read, not copied when something is sent: neither
 * interests nor roles are ever deleted, only ended, so that what was in force then is still found, and what has come
 * up since is found too while the school makes up its mind.
 */
export const interestsIn: LoaderDefinition<InterestKey, StatedInterest[]> = async ({ db }, keys) => {
  const rows = await db.query<{ nth: number; what: string | null; role: Role | null }>(
    `WITH key AS (SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) WITH ORDINALITY AS key (person_id, provider_id, since, nth))
     SELECT DISTINCT key.nth, i.what, NULL AS role FROM key JOIN interest i USING (person_id, provider_id) WHERE i.ended_at IS NULL OR i.ended_at > key.since
     UNION ALL
     SELECT DISTINCT key.nth, NULL, m.role FROM key JOIN provider p ON p.id = key.provider_id LEFT JOIN school s ON s.urn = p.school_urn
       JOIN membership m ON m.person_id = key.person_id AND (m.provider_id = p.id OR m.school_urn = s.urn OR m.trust_id = s.trust_id)
     WHERE m.confirmed_at IS NOT NULL AND (m.ended_at IS NULL OR m.ended_at > key.since)
     ORDER BY nth, what, role`,
    [keys.map((key) => key.personId), keys.map((key) => key.providerId), keys.map((key) => key.since)],
  );
  const groups = groupsInOrder(keys.map((_, i) => i + 1), rows, (row) => row.nth);
  return groups.map((group) => group.map(({ what, role }) => ({ what: what ?? fromRole[role!]!, declared: what !== null })));
};

const COLUMNS = 'i.id, i.what, i.provider_id AS "providerId", p.name AS "providerName", i.declared_at AS "declaredAt", i.ended_at AS "endedAt"';

/** An interest that the actor has declared, by its id. */
export const interestById: LoaderDefinition<string, Interest | null> = async ({ db, actor }, ids) => {
  const rows = await db.query<Interest>(`SELECT ${COLUMNS} FROM interest i JOIN provider p ON p.id = i.provider_id WHERE i.id = ANY($1::uuid[]) AND i.person_id = $2`, [ids, actor.personId]);
  return inOrder(ids, rows, (row) => row.id);
};

/** The interests that the actor has declared, the latest first. */
export function listInterests(db: Database, actor: Actor, limit: number, after: [string, string] | null): Promise<Interest[]> {
  return db.query<Interest>(
    `SELECT ${COLUMNS} FROM interest i JOIN provider p ON p.id = i.provider_id
     WHERE i.person_id = $1 AND ($2::timestamptz IS NULL OR (i.declared_at, i.id) < ($2, $3::uuid)) ORDER BY i.declared_at DESC, i.id DESC LIMIT $4`,
    [actor.personId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function countInterests(db: Database, actor: Actor): Promise<number> {
  const [row] = await db.query<{ count: number }>('SELECT count(*) FROM interest WHERE person_id = $1', [actor.personId]);
  return row!.count;
}
