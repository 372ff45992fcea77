import type { Actor } from '../platform/actor.js';
import { type Columns, reading } from '../platform/columns.js';
import { MOST_PER_PAGE } from '../platform/connection.js';
import type { Database } from '../platform/database.js';
import { inOrder, type LoaderDefinition, type RequestContext } from '../platform/request.js';
import { schoolColumns } from '../schools/index.js';
import { pagesOfProvider as listingPages } from './listing.read.js';
import { firstPage } from './nested-pages.js';
import type { Provider } from './provider.type.js';
import { pagesOfProvider as recommendationPages } from './recommendation.read.js';
import { seesProvider, visibilityValues } from './visibility.js';
import type { ProviderKind, ProviderState } from './vocabulary.js';

type Row = Omit<Provider, 'contact'> & { contactName: string; contactRole: string; contactEmail: string | null; contactPhone: string | null };

const columns: Columns = {
  type: 'Provider',
  sql: {
    id: 'p.id',
    kind: 'p.kind',
    assurance: 'p.assurance',
    state: 'p.state',
    name: 'p.name',
    summary: 'p.summary',
    description: 'p.description',
    website: 'p.website',
    contactName: 'p.contact_name',
    contactRole: 'p.contact_role',
    contactEmail: 'p.contact_email',
    contactPhone: 'p.contact_phone',
    basePostcode: 'p.base_postcode',
    baseEasting: 'p.base_easting',
    baseNorthing: 'p.base_northing',
    schoolUrn: 'p.school_urn',
    interests: 'p.interests',
    safeguarding: 'p.safeguarding',
    assuringLaCode: 'p.assuring_la',
    assuredBy: 'p.assured_by',
    assuredLink: 'p.assured_link',
    version: 'p.version',
    listedAt: 'p.listed_at',
  },
  always: ['id'],
  cursor: ['name'],
  needs: {
    listings: [],
    recommendations: [],
    evidenceOfOutcomes: [],
    availableActions: [],
    school: [],
    contact: ['contactName', 'contactRole', 'contactEmail', 'contactPhone'],
    assuringLa: ['assuringLaCode'],
    wayToBeingListed: ['assuringLaCode'],
    history: ['assuringLaCode'],
  },
  moments: ['listedAt'],
  finish: (row: Row & Provider) => {
    row.contact = { name: row.contactName, role: row.contactRole, email: row.contactEmail, phone: row.contactPhone };
  },
  along: {
    listings: firstPage(listingPages, 'p.id'),
    recommendations: firstPage(recommendationPages, 'p.id'),
    school: { columns: schoolColumns, sql: (select) => `SELECT ${select} FROM school s WHERE s.urn = p.school_urn`, isPage: false },
  },
};

const byId = reading<Provider>(columns, 'provider-by-id', (select) => `SELECT ${select} FROM provider p WHERE p.id = ANY($5::uuid[]) AND ${seesProvider('p')}`);

/** A provider that the actor may see, by its id. */
export const providerById: LoaderDefinition<string, Provider | null> = async (context, ids) => {
  const rows = await byId(context, [...visibilityValues(context.actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
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

const page = (where: string, after: string, id: string, limit: string) => (select: string) => `
  SELECT ${select} FROM (
    -- the longest page, so that the planner knows, whatever the parameters, that it reads a few in the order of the index
    SELECT * FROM provider p WHERE ${where} AND (${after}::text IS NULL OR (p.name, p.id) > (${after}, ${id}::uuid)) ORDER BY p.name, p.id LIMIT ${MOST_PER_PAGE + 1}
  ) p ORDER BY p.name, p.id LIMIT ${limit}::int`;

const all = reading<Provider>(columns, 'provider-list', page(seesProvider('p'), '$5', '$6', '$7'));
const some = reading<Provider>(columns, 'provider-choice', page(CHOSEN, '$10', '$11', '$12'));

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
