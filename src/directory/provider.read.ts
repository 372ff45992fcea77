import type { Actor } from '../platform/actor.js';
import { reading, readingById } from '../platform/columns.js';
import { MOST_PER_PAGE } from '../platform/connection.js';
import { contains, type Database } from '../platform/database/index.js';
import { type LoaderDefinition, type RequestContext } from '../platform/request.js';
import { providerColumns } from './columns.js';
import type { Provider } from './provider.type.js';
import { seesProvider, visibilityValues } from './visibility.js';
import type { ProviderKind, ProviderState } from './vocabulary.js';

const byId = readingById<string, Provider>(providerColumns, 'provider-by-id', (select) => `SELECT ${select} FROM provider p WHERE p.id = ANY($5::uuid[]) AND ${seesProvider('p')}`);

/** A provider that the actor may see, by its id. */
export const providerById: LoaderDefinition<string, Provider | null> = (context, ids) => byId(context, visibilityValues(context.actor), ids);

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
  AND ($8::text IS NULL OR ${contains('fold(p.name)', 'fold($8)')}) AND (NOT $9::boolean OR p.id = ANY($2))`;

const chosen = (actor: Actor, choice: ProviderChoice) => [
  ...visibilityValues(actor),
  choice.states ?? null,
  choice.kinds ?? null,
  choice.assuringLa ?? null,
  choice.name?.trim() || null,
  choice.mine ?? false,
];

const page = (where: string, after: string, id: string, limit: string) => (select: string) => `
  SELECT ${select} FROM (
    -- the longest page, so that the planner knows, whatever the parameters, that it reads a few in the order of the index
    SELECT * FROM provider p WHERE ${where} AND (${after}::text IS NULL OR (p.name, p.id) > (${after}, ${id}::uuid)) ORDER BY p.name, p.id LIMIT ${MOST_PER_PAGE + 1}
  ) p ORDER BY p.name, p.id LIMIT ${limit}::int`;

const all = reading<Provider>(providerColumns, 'provider-list', page(seesProvider('p'), '$5', '$6', '$7'));
const some = reading<Provider>(providerColumns, 'provider-choice', page(CHOSEN, '$10', '$11', '$12'));

/** Providers that the actor may see, by name; `limit` rows after the (name, id) of the last. */
export function listProviders(context: RequestContext, choice: ProviderChoice, limit: number, after: [string, string] | null): Promise<Provider[]> {
  const place = [after?.[0] ?? null, after?.[1] ?? null, limit];
  const chooses = Object.values(choice).some((each) => each !== null && each !== undefined && each !== false && each !== '');
  return chooses ? some(context, [...chosen(context.actor, choice), ...place]) : all(context, [...visibilityValues(context.actor), ...place]);
}

export async function countProviders(db: Database, actor: Actor, choice: ProviderChoice): Promise<number> {
  const [row] = await db.prepared<{ count: number }>('provider-count', `SELECT count(*) FROM provider p WHERE ${CHOSEN}`, chosen(actor, choice));
  return row!.count;
}
