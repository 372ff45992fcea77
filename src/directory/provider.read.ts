import type { Actor } from '../platform/actor.js';
import { type Columns, selecting } from '../platform/columns.js';
import type { Database } from '../platform/database.js';
import { inOrder, type LoaderDefinition, type RequestContext } from '../platform/request.js';
import type { Provider } from './provider.type.js';
import { seesProvider, visibilityValues } from './visibility.js';
import type { ProviderKind, ProviderState } from './vocabulary.js';

const columns: Columns = {
  type: 'Provider',
  fields: ['id', 'kind', 'assurance', 'state', 'name', 'summary', 'basePostcode', 'school', 'listings', 'recommendations'],
  brief: 'p.id, p.kind, p.assurance, p.state, p.name, p.summary, p.base_postcode AS "basePostcode", p.school_urn AS "schoolUrn"',
  rest: `
    p.description, p.website, p.contact_name AS "contactName", p.contact_role AS "contactRole", p.contact_email AS "contactEmail", p.contact_phone AS "contactPhone",
    p.base_easting AS "baseEasting", p.base_northing AS "baseNorthing", p.interests, p.safeguarding, p.assuring_la AS "assuringLaCode", p.assured_by AS "assuredBy",
    p.assured_link AS "assuredLink", p.version, p.listed_at AS "listedAt"`,
};

type Row = Omit<Provider, 'contact'> & { contactName: string; contactRole: string; contactEmail: string | null; contactPhone: string | null };

const providerOf = (row: Row): Provider =>
  Object.assign(row, { contact: { name: row.contactName, role: row.contactRole, email: row.contactEmail, phone: row.contactPhone } });

const byId = selecting(columns, 'provider-by-id', (list) => `SELECT ${list} FROM provider p WHERE p.id = ANY($5::uuid[]) AND ${seesProvider('p')}`);

/** A provider that the actor may see, by its id. */
export const providerById: LoaderDefinition<string, Provider | null> = async (context, ids) => {
  const rows = await context.db.prepared<Row>(...byId(context), [...visibilityValues(context.actor), ids]);
  return inOrder(ids, rows.map(providerOf), (row) => row.id);
};

export interface ProviderChoice {
  states?: ProviderState[] | null;
  kinds?: ProviderKind[] | null;
  assuringLa?: string | null;
  /** Words of the name. */
  name?: string | null;
  /** Only those that the actor belongs to. */
  mine?: boolean;
}

const CHOSEN = `
  ${seesProvider('p')} AND ($5::text[] IS NULL OR p.state = ANY($5)) AND ($6::text[] IS NULL OR p.kind = ANY($6)) AND ($7::text IS NULL OR p.assuring_la = $7)
  AND ($8::text IS NULL OR fold(p.name) LIKE '%' || replace(replace(fold($8), '%', ''), '_', '') || '%') AND (NOT $9::boolean OR p.id = ANY($2))`;

const chosen = (actor: Actor, choice: ProviderChoice) => [
  ...visibilityValues(actor),
  choice.states ?? null,
  choice.kinds ?? null,
  choice.assuringLa ?? null,
  choice.name?.trim() || null,
  choice.mine ?? false,
];

const list = selecting(
  columns,
  'provider-list',
  (list) => `SELECT ${list} FROM provider p WHERE ${CHOSEN} AND ($10::text IS NULL OR (p.name, p.id) > ($10, $11::uuid)) ORDER BY p.name, p.id LIMIT $12`,
);

/** Providers that the actor may see, by name; `limit` rows after the (name, id) of the last. */
export async function listProviders(context: RequestContext, choice: ProviderChoice, limit: number, after: [string, string] | null): Promise<Provider[]> {
  const rows = await context.db.prepared<Row>(...list(context), [...chosen(context.actor, choice), after?.[0] ?? null, after?.[1] ?? null, limit]);
  return rows.map(providerOf);
}

export async function countProviders(db: Database, actor: Actor, choice: ProviderChoice): Promise<number> {
  const [row] = await db.prepared<{ count: number }>('provider-count', `SELECT count(*) FROM provider p WHERE ${CHOSEN}`, chosen(actor, choice));
  return row!.count;
}
