import { type Actor, isSystemAdmin, reach } from '../platform/actor.js';
import type { Database } from '../platform/database/index.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../platform/request.js';
import type { Membership, Person, SipAssignment, Viewer } from './identity.type.js';

/** A person by id. Who may see the id of a person may see the name; whose field gives the id decides. */
export const personById: LoaderDefinition<string, Person | null> = async ({ db }, ids) =>
  inOrder(ids, await db.query<Person>('SELECT id, name FROM person WHERE id = ANY($1::uuid[])', [ids]), (row) => row.id);

/** A person at a moment, as one key, since loaders compare keys by value. */
export const thenKey = (personId: string, at: Date): string => `${personId} ${at.toISOString()}`;

/** A person by the name that they had when they did something: a later change does not rewrite who did what. */
export const personThen: LoaderDefinition<string, Person | null> = async ({ db }, keys) => {
  const [ids, moments] = [keys.map((key) => key.slice(0, 36)), keys.map((key) => key.slice(37))];
  const rows = await db.query<Person & { key: string }>(
    `SELECT key.key, p.id, name_at(p.id, key.at) AS name FROM unnest($1::text[], $2::uuid[], $3::timestamptz[]) AS key (key, id, at) JOIN person p ON p.id = key.id`,
    [keys, ids, moments],
  );
  return inOrder(keys, rows, (row) => row.key);
};

export async function readViewer(db: Database, personId: string): Promise<Viewer | null> {
  const [row] = await db.query<Viewer>('SELECT id, name, email FROM person WHERE id = $1', [personId]);
  return row ?? null;
}

const OFFERED = 'm.offered_at IS NOT NULL AND m.accepted_at IS NULL';

const COLUMNS = `
  m.id, m.role, m.title, m.confirmed_at IS NOT NULL AS confirmed, m.school_urn AS "schoolUrn", m.trust_id AS "trustId", m.la_code AS "laCode", m.provider_id AS "providerId",
  coalesce(s.name, t.name, la.name, p.name, '') AS "of", ${OFFERED} AS offered, m.offered_at AS "offeredAt",
  CASE WHEN granter.id IS NOT NULL THEN json_build_object('id', granter.id, 'name', name_at(granter.id, m.offered_at)) END AS "offeredBy",
  -- before it is accepted, a role tells whoever gave it nothing but the address that they typed
  CASE WHEN ${OFFERED} THEN json_build_object('id', m.id, 'name', '') ELSE json_build_object('id', person.id, 'name', person.name) END AS person,
  CASE WHEN ${OFFERED} THEN m.offered_email ELSE person.email END AS email, m.person_id AS "personId", m.created_at AS "createdAt"`;

const TABLES = `
  membership m JOIN person ON person.id = m.person_id LEFT JOIN school s ON s.urn = m.school_urn LEFT JOIN trust t ON t.id = m.trust_id
  LEFT JOIN local_authority la ON la.code = m.la_code LEFT JOIN provider p ON p.id = m.provider_id
  LEFT JOIN person granter ON granter.id = m.offered_by`;

/** Memberships by id, for whoever has just dealt with them. */
export async function readMembership(db: Database, id: string): Promise<Membership | null> {
  const [row] = await db.query<Membership>(`SELECT ${COLUMNS} FROM ${TABLES} WHERE m.id = $1`, [id]);
  return row ?? null;
}

/** A person's own roles, in force, offered or asked for, in the order in which they were given. */
export const membershipsOfPerson: LoaderDefinition<string, Membership[]> = async ({ db }, personIds) => {
  const rows = await db.query<Membership & { personId: string }>(`SELECT ${COLUMNS} FROM ${TABLES} WHERE m.person_id = ANY($1::uuid[]) AND m.ended_at IS NULL ORDER BY m.created_at, m.id`, [personIds]);
  return groupsInOrder(personIds, rows, (row) => row.personId);
};

export interface MembershipChoice {
  /** Only those that wait to be confirmed: they were asked for, not offered. */
  waiting?: boolean;
  schoolUrn?: number | null;
  laCode?: string | null;
  providerId?: string | null;
}

/** Those whom the actor may give and take roles: in their LA, their school, their provider. */
const CHOSEN = `
  m.ended_at IS NULL
  AND ($4 OR m.la_code = ANY($1::text[]) OR s.la_code = ANY($1::text[]) OR m.school_urn = ANY($2::int[]) OR m.provider_id = ANY($3::uuid[]))
  AND (NOT $5::boolean OR (m.confirmed_at IS NULL AND NOT (${OFFERED}))) AND ($6::int IS NULL OR m.school_urn = $6) AND ($7::text IS NULL OR m.la_code = $7 OR s.la_code = $7)
  AND ($8::uuid IS NULL OR m.provider_id = $8)`;

function chosen(actor: Actor, choice: MembershipChoice): unknown[] {
  const { officerLas, leadUrns } = reach(actor);
  const administered = actor.memberships.flatMap((each) => (each.role === 'PROVIDER_ADMIN' ? each.providerId! : []));
  return [officerLas, leadUrns, administered, isSystemAdmin(actor), choice.waiting ?? false, choice.schoolUrn ?? null, choice.laCode ?? null, choice.providerId ?? null];
}

export function listMemberships(db: Database, actor: Actor, choice: MembershipChoice, limit: number, after: [string, string] | null): Promise<Membership[]> {
  return db.query<Membership>(
    `SELECT ${COLUMNS} FROM ${TABLES} WHERE ${CHOSEN} AND ($9::timestamptz IS NULL OR (m.created_at, m.id) > ($9, $10::uuid)) ORDER BY m.created_at, m.id LIMIT $11`,
    [...chosen(actor, choice), after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function countMemberships(db: Database, actor: Actor, choice: MembershipChoice): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM ${TABLES} WHERE ${CHOSEN}`, chosen(actor, choice));
  return row!.count;
}

const ASSIGNMENT = `
  SELECT a.id, a.school_urn AS "schoolUrn", json_build_object('id', p.id, 'name', p.name) AS sip, a.started_at AS "startedAt", a.ended_at AS "endedAt"
  FROM sip_assignment a JOIN person p ON p.id = a.person_id JOIN school s ON s.urn = a.school_urn`;

export async function readSipAssignment(db: Database, id: string): Promise<SipAssignment | null> {
  const [row] = await db.query<SipAssignment>(`${ASSIGNMENT} WHERE a.id = $1`, [id]);
  return row ?? null;
}

const assignmentReach = (actor: Actor) => {
  const { officerLas, leadUrns, personId } = reach(actor);
  return [officerLas, leadUrns, personId, actor.trustSchools];
};
const ASSIGNED = `a.ended_at IS NULL AND (s.la_code = ANY($1::text[]) OR a.school_urn = ANY($2::int[]) OR a.person_id = $3 OR a.school_urn = ANY($4::int[]))`;

/** Assignments in force: a SIP’s own, and those of the schools that the actor leads or whose LA they serve. */
export function listSipAssignments(db: Database, actor: Actor, limit: number, after: [number, string] | null): Promise<SipAssignment[]> {
  return db.query<SipAssignment>(`${ASSIGNMENT} WHERE ${ASSIGNED} AND ($5::int IS NULL OR (a.school_urn, a.id) > ($5, $6::uuid)) ORDER BY a.school_urn, a.id LIMIT $7`, [
    ...assignmentReach(actor),
    after?.[0] ?? null,
    after?.[1] ?? null,
    limit,
  ]);
}

export async function countSipAssignments(db: Database, actor: Actor): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM sip_assignment a JOIN school s ON s.urn = a.school_urn WHERE ${ASSIGNED}`, assignmentReach(actor));
  return row!.count;
}
