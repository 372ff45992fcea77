import type { Actor } from '../../platform/actor.js';
import type { UnitOfWork } from '../../platform/database/index.js';

/** Fields whose changes are kept, by the process of what they belong to, as their columns are called. */
export const keptFields = {
  Provider: [
    'name', 'summary', 'description', 'website', 'contact_name', 'contact_role', 'contact_email', 'contact_phone', 'base_postcode', 'interests', 'safeguarding',
    'assuring_la', 'assured_by', 'assured_link',
  ],
  Listing: [
    'title', 'summary', 'description', 'categories', 'ecm_outcomes', 'phases', 'keywords', 'delivery', 'national', 'la_codes', 'radius_km', 'price_kind', 'price_pence',
    'price_unit', 'vat', 'free_link', 'capacity', 'available_from', 'contact_name', 'contact_email', 'contact_phone', 'evidence',
  ],
} as const;
export type Changing = keyof typeof keptFields;

const tableOf: Record<Changing, string> = { Provider: 'provider', Listing: 'listing' };

/** Providers or listings as they are before a change. */
export interface Before {
  of: Changing;
  rows: { id: string; was: Record<string, unknown> }[];
}

/** Reads what is about to change, under its lock; `keepChanges` compares afterwards. */
export async function beforeChange(tx: UnitOfWork, of: Changing, ids: readonly string[]): Promise<Before> {
  return { of, rows: await tx.query(`SELECT id, to_jsonb(${tableOf[of]}) AS was FROM ${tableOf[of]} WHERE id = ANY($1)`, [ids]) };
}

/** Keeps what has become of it, field by field. In one statement for any number of things. */
export async function keepChanges(tx: UnitOfWork, { of, rows }: Before, actor: Actor): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO field_change (process, object_id, at, person_id, field, before, after)
     SELECT $1, was.id, $2, $3, old.key, old.value, new.value
     FROM jsonb_to_recordset($4) AS was (id uuid, was jsonb) JOIN ${tableOf[of]} now ON now.id = was.id
     CROSS JOIN LATERAL jsonb_each(was.was) old JOIN LATERAL jsonb_each(to_jsonb(now)) new ON new.key = old.key
     WHERE old.key = ANY($5) AND new.value <> old.value ORDER BY was.id, array_position($5, old.key)`,
    [of, tx.now, actor.personId, JSON.stringify(rows), keptFields[of]],
  );
}
