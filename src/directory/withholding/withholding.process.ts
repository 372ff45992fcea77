import { type Actor, isOfficerOf } from '../../platform/actor.js';
import type { Queryable } from '../../platform/database/index.js';
import type { Facts, ProcessDefinition } from '../../platform/process/index.js';
import { type Interest, interestInDeciding, refuseInterest } from '../interests/index.js';

export type WithholdingState = 'WITHHELD' | 'ENDED';

export interface WithholdingFacts extends Facts<WithholdingState> {
  listingId: string;
  providerId: string;
  providerName: string;
  laCode: string;
  laName: string;
  /** Of this actor, as somebody who decides about the provider. */
  interest: Interest | null;
}

const notOwn = ({ interest, providerName }: WithholdingFacts) => refuseInterest(interest, providerName, 'Another officer has to decide about it.');

export const withholdingProcess: ProcessDefinition<WithholdingState, WithholdingFacts> = {
  name: 'ListingWithholding',
  says: 'A local authority withholds a listing from its own area: schools there do not find it, and its page says that it is not offered there. Elsewhere nothing changes.',
  table: 'listing_withholding',
  states: {
    WITHHELD: { says: 'schools of the area do not find it', why: 'The listing is withheld from the area.' },
    ENDED: { says: 'they find it again', end: true, why: 'The listing is not withheld any more.' },
  },
  who: {
    officer: {
      says: 'an officer of the local authority whose area it is',
      party: (facts, actor) => (isOfficerOf(actor, facts.laCode) ? { kind: 'LOCAL_AUTHORITY', id: facts.laCode, name: facts.laName } : null),
    },
  },
  transitions: {
    withhold: {
      from: [null],
      to: 'WITHHELD',
      by: ['officer'],
      label: 'Withhold the listing from the area',
      says: 'Schools of the area find it no more. The provider is told why, and may appeal.',
      needsReason: true,
      guard: notOwn,
    },
    end: { from: ['WITHHELD'], to: 'ENDED', by: ['officer'], label: 'Withhold it no more', says: 'Schools of the area find it again.', needsReason: true, guard: notOwn },
    endOnAppeal: { from: ['WITHHELD'], to: 'ENDED', by: [], label: 'Withhold it no more, after an appeal', says: 'That it was withheld has been overturned.' },
  },
  // The provider is the aggregate root: whether a listing can be found depends on both.
  lock: `SELECT id FROM provider WHERE id = (SELECT l.provider_id FROM listing_withholding w JOIN listing l ON l.id = w.listing_id WHERE w.id = $1) FOR NO KEY UPDATE`,
  facts: (db, ids, actor) => readFacts(db, actor, 'SELECT w.id, w.state, w.listing_id, w.la_code FROM listing_withholding w WHERE w.id = ANY($2::uuid[])', [ids]),
};

/** The facts of one that is to be; null where there is no such listing or local authority. */
export async function factsOfNew(db: Queryable, actor: Actor, id: string, listingId: string, laCode: string): Promise<WithholdingFacts | null> {
  return (await readFacts(db, actor, `SELECT $2::uuid AS id, NULL::text AS state, $3::uuid AS listing_id, $4::text AS la_code`, [id, listingId, laCode]))[0] ?? null;
}

const readFacts = (db: Queryable, actor: Actor, subject: string, parameters: unknown[]): Promise<WithholdingFacts[]> =>
  db.query<WithholdingFacts>(
    `SELECT w.id, w.state, w.listing_id AS "listingId", p.id AS "providerId", p.name AS "providerName", w.la_code AS "laCode", la.name AS "laName",
            ${interestInDeciding('$1::uuid', 'p.id')} AS interest
     FROM (${subject}) w JOIN listing l ON l.id = w.listing_id JOIN provider p ON p.id = l.provider_id JOIN local_authority la ON la.code = w.la_code`,
    [actor.personId, ...parameters],
  );
