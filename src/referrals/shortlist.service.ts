import { z } from 'zod';
import type { Actor } from '../platform/actor.js';
import type { Database, Queryable, UnitOfWork } from '../platform/database/index.js';
import { newId } from '../platform/id.js';
import { once } from '../platform/idempotency.js';
import { NotAllowed, refuse, ValidationProblem, whatIsMissing } from '../platform/problem.js';
import { validate, words } from '../platform/validate.js';
import { listingToName } from './named-listing.js';
import { isItsSip, ownValues } from './visibility.js';

const MOST_ITEMS = 50;

const item = z.object({ schoolUrn: z.int(), visitId: z.string().nullish(), listingId: z.string(), reason: words('The reason', 500) });

export class Shortlists {
  constructor(private readonly db: Database) {}

  /** Puts a listing on the SIP's shortlist for a school, which begins with its first; put there again it gets the new reason. @returns the shortlist's id. @throws Refused */
  add(actor: Actor, input: z.input<typeof item>, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, input, async () => {
        const { schoolUrn, visitId = null, listingId, reason } = validate(item, input);
        await checkSchool(tx, actor, schoolUrn);
        if (visitId) await checkVisit(tx, actor, visitId, schoolUrn);
        const { title, providerName } = await listingToName(tx, listingId, schoolUrn);
        const id = await lockShortlist(tx, actor, schoolUrn, visitId);
        await tx.query(
          `INSERT INTO shortlist_item (id, shortlist_id, listing_id, title, provider_name, reason, added_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (shortlist_id, listing_id) DO UPDATE SET (title, provider_name, reason) = (EXCLUDED.title, EXCLUDED.provider_name, EXCLUDED.reason)`,
          [newId(), id, listingId, title, providerName, reason, tx.now],
        );
        const [{ count }] = (await tx.query<{ count: number }>('SELECT count(*) FROM shortlist_item WHERE shortlist_id = $1', [id])) as [{ count: number }];
        if (count > MOST_ITEMS) refuse(new ValidationProblem([{ field: 'listingId', message: `A shortlist has up to ${MOST_ITEMS} listings. Take one off first.` }]));
        return { type: 'Shortlist', id };
      });
      return id;
    });
  }

  /** @returns the shortlist's id. @throws Refused with NotFound */
  remove(actor: Actor, itemId: string): Promise<string> {
    return this.db.transaction(async (tx) => {
      const [removed] = await tx.query<{ id: string }>(
        `DELETE FROM shortlist_item i USING shortlist s WHERE i.id = $5 AND s.id = i.shortlist_id AND ${isItsSip('s')} RETURNING s.id`,
        [...ownValues(actor), itemId],
      );
      return removed?.id ?? refuse(whatIsMissing('listing on a shortlist'));
    });
  }
}

async function checkSchool(tx: Queryable, actor: Actor, urn: number): Promise<void> {
  const [school] = await tx.query('SELECT urn FROM school WHERE urn = $1', [urn]);
  if (!school) refuse(whatIsMissing('school'));
  if (!actor.sipSchools.includes(urn)) refuse(new NotAllowed('You can keep a shortlist for the schools whose SIP you are.'));
}

/** The visit is the actor's own, to that school. @throws Refused with NotFound */
export async function checkVisit(tx: Queryable, actor: Actor, visitId: string, schoolUrn: number): Promise<void> {
  const [visit] = await tx.query(`SELECT id FROM visit v WHERE v.id = $5 AND v.school_urn = $6 AND ${isItsSip('v')}`, [...ownValues(actor), visitId, schoolUrn]);
  if (!visit) refuse(whatIsMissing('visit'));
}

async function lockShortlist(tx: UnitOfWork, actor: Actor, schoolUrn: number, visitId: string | null): Promise<string> {
  const [shortlist] = await tx.query<{ id: string }>(
    `INSERT INTO shortlist (id, sip_id, school_urn, visit_id, created_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT ON CONSTRAINT shortlist_once DO UPDATE SET visit_id = EXCLUDED.visit_id RETURNING id`,
    [newId(), actor.personId, schoolUrn, visitId, tx.now],
  );
  return shortlist!.id;
}
