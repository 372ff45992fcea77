import type { Actor } from '../platform/actor.js';
import type { Database } from '../platform/database/index.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../platform/request.js';
import { isBetweenThem, ownValues } from './visibility.js';
import type { VisitState } from './vocabulary.js';
import type { AgendaPoint, Visit } from './visit.type.js';

const COLUMNS = 'v.id, v.state, v.visit_on AS date, v.focus, v.note, v.version, v.school_urn AS "schoolUrn", v.sip_id AS "sipId"';

/** A visit that the actor may see, by its id. */
export const visitById: LoaderDefinition<string, Visit | null> = async ({ db, actor }, ids) => {
  const rows = await db.query<Visit>(`SELECT ${COLUMNS} FROM visit v WHERE v.id = ANY($5::uuid[]) AND ${isBetweenThem('v')}`, [...ownValues(actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

/** The points of a visit's agenda, in the order in which they were put. */
export const agendaOfVisit: LoaderDefinition<string, AgendaPoint[]> = async ({ db }, visitIds) => {
  const rows = await db.query<AgendaPoint & { visitId: string }>(
    'SELECT id, visit_id AS "visitId", text, put_at AS "putAt", put_by AS "putById" FROM agenda_point WHERE visit_id = ANY($1::uuid[]) ORDER BY id',
    [visitIds],
  );
  return groupsInOrder(visitIds, rows, (row) => row.visitId);
};

export interface VisitChoice {
  schoolUrn?: number | null;
  states?: VisitState[] | null;
}

const CHOSEN = `${isBetweenThem('v')} AND ($5::int IS NULL OR v.school_urn = $5) AND ($6::text[] IS NULL OR v.state = ANY($6))`;
const chosen = (actor: Actor, { schoolUrn, states }: VisitChoice) => [...ownValues(actor), schoolUrn ?? null, states ?? null];

/** The visits that the actor may see, the latest day first. */
export function listVisits(db: Database, actor: Actor, choice: VisitChoice, limit: number, after: [string, string] | null): Promise<Visit[]> {
  return db.query<Visit>(
    `SELECT ${COLUMNS} FROM visit v WHERE ${CHOSEN} AND ($7::date IS NULL OR (v.visit_on, v.id) < ($7, $8::uuid)) ORDER BY v.visit_on DESC, v.id DESC LIMIT $9`,
    [...chosen(actor, choice), after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function countVisits(db: Database, actor: Actor, choice: VisitChoice): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM visit v WHERE ${CHOSEN}`, chosen(actor, choice));
  return row!.count;
}
