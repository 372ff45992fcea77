import type { Actor } from '../platform/actor.js';
import type { Database } from '../platform/database/index.js';
import { groupsInOrder, inOrder, type LoaderDefinition } from '../platform/request.js';
import { namedListing } from './named-listing.js';
import type { Referral, ReferralListing } from './referral.type.js';
import { isSipOfReferral, ownValues, seesReferral } from './visibility.js';
import type { ReferralState } from './vocabulary.js';

const COLUMNS = `
  r.id, r.state, r.message, r.created_at AS "sentAt", r.expires_at AS "expiresAt", r.answered_at AS "answeredAt", r.version,
  CASE WHEN ${isSipOfReferral('r')} THEN r.decline_reason END AS "declineReason",
  r.school_urn AS "schoolUrn", r.sip_id AS "sipId", r.visit_id AS "visitId", r.request_id AS "requestId"`;

/** A referral that the actor may see, by its id. */
export const referralById: LoaderDefinition<string, Referral | null> = async ({ db, actor }, ids) => {
  const rows = await db.query<Referral>(`SELECT ${COLUMNS} FROM referral r WHERE r.id = ANY($5::uuid[]) AND ${seesReferral('r')}`, [...ownValues(actor), ids]);
  return inOrder(ids, rows, (row) => row.id);
};

/** The listings of a referral, in the SIP's order. */
export const listingsOfReferral: LoaderDefinition<string, ReferralListing[]> = async ({ db }, ids) => {
  const rows = await db.query<ReferralListing & { referralId: string }>(
    `SELECT n.referral_id AS "referralId", n.reason, ${namedListing('n', { by: 'r.sip_id', at: 'r.created_at' })}
     FROM referral_listing n JOIN referral r ON r.id = n.referral_id JOIN listing l ON l.id = n.listing_id JOIN provider p ON p.id = l.provider_id
     WHERE n.referral_id = ANY($1::uuid[]) ORDER BY n.referral_id, n.nth`,
    [ids],
  );
  return groupsInOrder(ids, rows, (row) => row.referralId);
};

export interface ReferralChoice {
  schoolUrn?: number | null;
  states?: ReferralState[] | null;
}

const CHOSEN = `${seesReferral('r')} AND ($5::int IS NULL OR r.school_urn = $5) AND ($6::text[] IS NULL OR r.state = ANY($6))`;
const chosen = (actor: Actor, { schoolUrn, states }: ReferralChoice) => [...ownValues(actor), schoolUrn ?? null, states ?? null];

/** The referrals that the actor may see, the latest first. */
export function listReferrals(db: Database, actor: Actor, choice: ReferralChoice, limit: number, after: [string, string] | null): Promise<Referral[]> {
  return db.query<Referral>(
    `SELECT ${COLUMNS} FROM referral r WHERE ${CHOSEN} AND ($7::timestamptz IS NULL OR (r.created_at, r.id) < ($7, $8::uuid)) ORDER BY r.created_at DESC, r.id DESC LIMIT $9`,
    [...chosen(actor, choice), after?.[0] ?? null, after?.[1] ?? null, limit],
  );
}

export async function countReferrals(db: Database, actor: Actor, choice: ReferralChoice): Promise<number> {
  const [row] = await db.query<{ count: number }>(`SELECT count(*) FROM referral r WHERE ${CHOSEN}`, chosen(actor, choice));
  return row!.count;
}
