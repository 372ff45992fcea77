import type { Actor } from '../../platform/actor.js';
import type { Database } from '../../platform/database/index.js';
import { inOrder, type LoaderDefinition } from '../../platform/request.js';
import type { Engagement } from './engagement.type.js';
import { engagementValues, isOfTheProvider, isOfTheSchool, mayConcern, seesEngagement } from './engagement.visibility.js';
import type { EngagementState } from './engagement.vocabulary.js';

const COLUMNS = `
  e.id, e.state, e.origin, e.title, e.starts_on AS "startsOn", e.ends_on AS "endsOn", e.price_pence AS "pricePence", e.vat, e.pupils_concerned AS "pupilsConcerned",
  e.origin <> 'RECORDED' OR e.confirmed_at IS NOT NULL AS confirmed, e.shared_with_sip AS "sharedWithSip", e.all_leads AS "allLeads", e.needs_sign_off AS "needsSignOff",
  e.signed_off_at AS "signedOffAt", e.started_at AS "startedAt", e.finished_at AS "finishedAt", e.end_reason AS "endReason", e.created_at AS "createdAt", e.version,
  e.provider_id AS "providerId", (SELECT p.name FROM provider p WHERE p.id = e.provider_id) AS "providerName", e.school_urn AS "schoolUrn", e.listing_id AS "listingId", e.request_id AS "requestId", e.proposal_id AS "proposalId",
  e.signed_off_by AS "signedOffById", e.safeguarding_statement AS "safeguardingStatement", e.safeguarding_confirmed_at AS "safeguardingConfirmedAt",
  e.safeguarding_confirmed_by AS "safeguardingConfirmedById", ${isOfTheSchool('e')} AS "ofSchool", ${isOfTheProvider('e')} AS "ofProvider"`;

/** How the school deals with itself and its SIP is not the provider's business; who sees it inside the school is the school's alone. */
const asSeen = (row: Engagement): Engagement => ({
  ...row,
  allLeads: row.ofSchool ? row.allLeads : null,
  sharedWithSip: isOnlyProvider(row) ? null : row.sharedWithSip,
  signedOffById: isOnlyProvider(row) ? null : row.signedOffById,
});

/** Whether the actor sees it as the provider's and not as the school's. */
export const isOnlyProvider = ({ ofSchool, ofProvider }: Pick<Engagement, 'ofSchool' | 'ofProvider'>): boolean => ofProvider && !ofSchool;

const BY_ID = `SELECT ${COLUMNS} FROM engagement e WHERE e.id = ANY($8::uuid[]) AND ${seesEngagement('e')}`;

/** An engagement that the actor may see, by its id. */
export const engagementById: LoaderDefinition<string, Engagement | null> = async ({ db, actor }, ids) => {
  const rows = await db.prepared<Engagement>('engagement-by-id', BY_ID, [...engagementValues(actor), ids]);
  return inOrder(ids, rows.map(asSeen), (row) => row.id);
};

export interface EngagementChoice {
  states?: EngagementState[] | null;
  schoolUrn?: number | null;
  providerId?: string | null;
}

const CHOSEN = `
  ${mayConcern('e')} AND ${seesEngagement('e')} AND ($8::text[] IS NULL OR e.state = ANY($8)) AND ($10::uuid IS NULL OR e.provider_id = $10)
  AND ($9::int IS NULL OR e.school_urn = $9 OR EXISTS (SELECT FROM engagement_school joint WHERE joint.engagement_id = e.id AND joint.school_urn = $9))`;

const LIST = `
  SELECT ${COLUMNS} FROM engagement e WHERE ${CHOSEN} AND ($11::timestamptz IS NULL OR (e.created_at, e.id) < ($11, $12::uuid))
  ORDER BY e.created_at DESC, e.id DESC LIMIT $13`;

const chosen = (actor: Actor, { states, schoolUrn, providerId }: EngagementChoice) => [...engagementValues(actor), states ?? null, schoolUrn ?? null, providerId ?? null];

/** The engagements that the actor may see, newest first. */
export async function listEngagements(db: Database, actor: Actor, choice: EngagementChoice, limit: number, after: [string, string] | null): Promise<Engagement[]> {
  const rows = await db.prepared<Engagement>('engagements', LIST, [...chosen(actor, choice), after?.[0] ?? null, after?.[1] ?? null, limit]);
  return rows.map(asSeen);
}

export async function countEngagements(db: Database, actor: Actor, choice: EngagementChoice): Promise<number> {
  const [row] = await db.prepared<{ count: number }>('engagement-count', `SELECT count(*) FROM engagement e WHERE ${CHOSEN}`, chosen(actor, choice));
  return row!.count;
}
