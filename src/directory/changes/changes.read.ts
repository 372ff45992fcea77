import { reach } from '../../platform/actor.js';
import { groupsInOrder, type LoaderDefinition, type RequestContext } from '../../platform/request.js';
import type { FieldChange, WaitingChange } from './changes.type.js';

/**
 * The ids of those of these providers, or of these listings' providers, that the actor belongs to, assures, or may answer
 * for as the second officer of a council that has no other. Only they read what changed.
 */
async function ofParty({ db, actor }: RequestContext, table: 'provider' | 'listing', ids: readonly string[]): Promise<Set<string>> {
  const { providerIds, officerLas, everything } = reach(actor);
  if (!everything && providerIds.length === 0 && officerLas.length === 0) return new Set();
  const from = table === 'provider' ? 'provider x JOIN provider p ON p.id = x.id' : 'listing x JOIN provider p ON p.id = x.provider_id';
  const rows = await db.query<{ id: string }>(`SELECT x.id FROM ${from} WHERE x.id = ANY($1) AND ($2 OR p.id = ANY($3::uuid[]) OR p.assuring_la = ANY($4::text[]) OR ($5 AND p.assurance = 'COUNCIL' AND officers_lacking(p.id) = 'BY_TIES'))`, [
    ids,
    everything,
    providerIds,
    officerLas,
    officerLas.length > 0,
  ]);
  return new Set(rows.map((row) => row.id));
}

/** What changed in each, oldest first; null for whoever is no party. */
const changesIn =
  (table: 'provider' | 'listing'): LoaderDefinition<string, FieldChange[] | null> =>
  async (context, ids) => {
    const party = await ofParty(context, table, ids);
    if (party.size === 0) return ids.map(() => null);
    const rows = await context.db.query<Omit<FieldChange, 'before' | 'after'> & { before: unknown; after: unknown }>(
      'SELECT id, object_id AS "objectId", at, field, before, after, person_name AS by FROM field_change WHERE object_id = ANY($1) ORDER BY id',
      [[...party]],
    );
    const changes = rows.map((row): FieldChange => ({ ...row, field: camel(row.field), before: inText(row.before), after: inText(row.after) }));
    return groupsInOrder(ids, changes, (each) => each.objectId).map((group, i) => (party.has(ids[i]!) ? group : null));
  };

export const changesOfProvider = changesIn('provider');
export const changesOfListing = changesIn('listing');

/** The texts of a provider that wait for an officer; null for whoever is no party. */
export const waitingChanges: LoaderDefinition<string, WaitingChange[] | null> = async (context, ids) => {
  const party = await ofParty(context, 'provider', ids);
  if (party.size === 0) return ids.map(() => null);
  const rows = await context.db.query<WaitingChange>(
    `SELECT id, provider_id AS "providerId", field, before, after, alike_names AS "alikeNames", proposed_at AS "proposedAt"
     FROM provider_change WHERE provider_id = ANY($1) AND answer IS NULL ORDER BY array_position('{name,safeguarding,interests,assured_by,assured_link}', field)`,
    [[...party]],
  );
  const changes = rows.map((row): WaitingChange => ({ ...row, field: camel(row.field) as WaitingChange['field'] }));
  return groupsInOrder(ids, changes, (each) => each.providerId).map((group, i) => (party.has(ids[i]!) ? group : null));
};

/** `price_kind` as the API calls it. */
const camel = (column: string) => column.replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase());

const inText = (value: unknown): string | null =>
  value === null ? null : Array.isArray(value) ? value.join(', ') : typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
