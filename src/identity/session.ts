import { createHmac, randomBytes } from 'node:crypto';
import { type Actor, type ActorMembership, anonymous } from '../platform/actor.js';
import type { Database, Queryable, UnitOfWork } from '../platform/database/index.js';

export const SESSION_DAYS = 30;

/**
 * Sessions live in the database, under a keyed hash of their token: any process serves them, each can be revoked.
 * New ones are made with the first secret; the others open those that were made before the secret was changed.
 */
export class Sessions {
  constructor(private readonly secrets: readonly [string, ...string[]]) {}

  /** Opens a session. @returns its token, of which only a hash is kept */
  async open(tx: UnitOfWork, personId: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    const expires = new Date(tx.now.getTime() + SESSION_DAYS * 86_400_000);
    await tx.query('INSERT INTO session (token_hash, person_id, created_at, last_seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)', [
      this.hashes(token)[0],
      personId,
      tx.now,
      expires,
    ]);
    return token;
  }

  async close(db: Queryable, token: string): Promise<number> {
    return (await db.query('DELETE FROM session WHERE token_hash = ANY($1) RETURNING person_id', [this.hashes(token)])).length;
  }

  async closeAll(db: Queryable, personId: string): Promise<number> {
    return (await db.query('DELETE FROM session WHERE person_id = $1 RETURNING person_id', [personId])).length;
  }

  /** Ends all of a person's sessions but that of the token. */
  async closeOthers(db: Queryable, personId: string, token: string | null): Promise<void> {
    await db.query('DELETE FROM session WHERE person_id = $1 AND token_hash <> ALL($2)', [personId, token ? this.hashes(token) : []]);
  }

  /** Who holds the token, with every role in force now; anonymous when the session is over or was never. */
  async actor(db: Database, token: string | null, now: Date): Promise<Actor> {
    if (!token) return anonymous;
    const [row] = await db.prepared<ActorRow>('session-actor', ACTOR_OF_SESSION, [this.hashes(token), now]);
    return row ? actorOf(row) : anonymous;
  }

  private hashes(token: string): Buffer[] {
    return this.secrets.map((secret) => createHmac('sha256', secret).update(`session:${token}`).digest());
  }
}

/** The person as an actor, with every role in force now. */
export async function actorOfPerson(db: Queryable, personId: string): Promise<Actor> {
  const [row] = await db.query<ActorRow>(`${SELECT_ACTOR} FROM (SELECT $1::uuid AS person_id) s`, [personId]);
  return actorOf(row!);
}

interface ActorRow {
  personId: string;
  memberships: ActorMembership[] | null;
  sipSchools: number[] | null;
  trustSchools: number[] | null;
}

const actorOf = (row: ActorRow): Actor => ({
  kind: 'person',
  personId: row.personId,
  memberships: row.memberships ?? [],
  sipSchools: row.sipSchools ?? [],
  trustSchools: row.trustSchools ?? [],
});

const SELECT_ACTOR = `
  SELECT s.person_id AS "personId",
    (SELECT json_agg(json_build_object('role', m.role, 'schoolUrn', m.school_urn, 'trustId', m.trust_id, 'laCode', m.la_code, 'providerId', m.provider_id) ORDER BY m.id)
       FROM membership m WHERE m.person_id = s.person_id AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL) AS memberships,
    (SELECT array_agg(a.school_urn ORDER BY a.school_urn) FROM sip_assignment a WHERE a.person_id = s.person_id AND a.ended_at IS NULL
       AND EXISTS (SELECT FROM membership m JOIN school ON school.urn = a.school_urn
                   WHERE m.person_id = s.person_id AND m.role = 'SIP' AND m.la_code = school.la_code AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL)) AS "sipSchools",
    (SELECT array_agg(school.urn ORDER BY school.urn) FROM membership m JOIN school ON school.trust_id = m.trust_id
       WHERE m.person_id = s.person_id AND m.role = 'TRUST_LEAD' AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL) AS "trustSchools"`;

const ACTOR_OF_SESSION = `${SELECT_ACTOR} FROM session s WHERE s.token_hash = ANY($1) AND s.expires_at > $2`;
