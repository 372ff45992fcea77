import type { Queryable } from '../database/index.js';

/** One step of an object's life. `person_id` and the on-behalf columns are null for what the product did by itself. */
export interface HistoryRow {
  id: number;
  objectId: string;
  process: string;
  transition: string;
  fromState: string | null;
  toState: string;
  at: Date;
  personId: string | null;
  /** The name that the person had then; null where they had none yet. */
  personName: string | null;
  onBehalfKind: string | null;
  onBehalfId: string | null;
  onBehalfName: string | null;
  reason: string | null;
}

/** The histories of many objects in one statement, oldest step first. */
export function readHistories(db: Queryable, objectIds: readonly string[]): Promise<HistoryRow[]> {
  return db.query<HistoryRow>(
    `SELECT id, object_id AS "objectId", process, transition, from_state AS "fromState", to_state AS "toState", at, person_id AS "personId", person_name AS "personName",
            on_behalf_kind AS "onBehalfKind", on_behalf_id AS "onBehalfId", on_behalf_name AS "onBehalfName", reason
     FROM history WHERE object_id = ANY($1) ORDER BY id`,
    [objectIds],
  );
}
