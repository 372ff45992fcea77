import { type Actor, system } from '../../platform/actor.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { once } from '../../platform/idempotency.js';
import { refuse, whatIsMissing } from '../../platform/problem.js';
import { begin, changedMeanwhile, move, type Move } from '../../platform/process/index.js';
import { type Appealable, lastStep } from '../appeals/index.js';
import type { OnListingsChanged } from '../provider.service.js';
import { listingIsVisible } from '../visibility.js';
import { factsOfNew, withholdingProcess } from './withholding.process.js';
import { withholdingIsVisible } from './withholding.read.js';

export class Withholdings {
  constructor(
    private readonly db: Database,
    private readonly onListingsChanged: OnListingsChanged,
  ) {}

  /** Withholds a listing from the LA's own area; whoever searches for a school there does not find it from now on. @param version of the listing that was read @throws Refused */
  async withhold(actor: Actor, listingId: string, laCode: string, reason: string, key?: string | null, version?: number | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { withhold: listingId, laCode, reason }, async () => {
        await tx.query('SELECT id FROM provider WHERE id = (SELECT provider_id FROM listing WHERE id = $1) FOR NO KEY UPDATE', [listingId]);
        if (!(await listingIsVisible(tx, actor, listingId))) refuse(whatIsMissing('listing'));
        if (version != null && (await tx.query('SELECT FROM listing WHERE id = $1 AND version = $2', [listingId, version])).length === 0) refuse(changedMeanwhile());
        const id = newId();
        const facts = (await factsOfNew(tx, actor, id, listingId, laCode)) ?? refuse(whatIsMissing('local authority'));
        const insert = async (state: string) => {
          await tx.query(
            'INSERT INTO listing_withholding (id, listing_id, la_code, state, reason, withheld_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $6)',
            [id, listingId, laCode, state, reason, tx.now],
          );
        };
        await begin(tx, withholdingProcess, 'withhold', facts, actor, insert, reason);
        await this.onListingsChanged(tx, [listingId]);
        return { type: 'ListingWithholding', id };
      });
      return id;
    });
  }

  /** @throws Refused */
  async end(id: string, by: Move): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.query(withholdingProcess.lock, [id]);
      if (!(await withholdingIsVisible(tx, by.actor, id))) refuse(whatIsMissing('withholding'));
      await this.endIn(tx, id, 'end', by);
    });
  }

  async endIn(tx: UnitOfWork, id: string, transition: 'end' | 'endOnAppeal', by: Move): Promise<void> {
    const { listingId } = await move(tx, withholdingProcess, id, transition, { ...by, set: { ended_at: tx.now } });
    await this.onListingsChanged(tx, [listingId]);
  }
}

export const listingWithheld = (withholdings: Withholdings): Appealable => ({
  sides: ['PROVIDER'],
  find: lastStep('ListingWithholding', 'withhold', {
    from: 'listing_withholding x JOIN listing l ON l.id = x.listing_id JOIN local_authority la ON la.code = x.la_code',
    inForce: `x.state = 'WITHHELD'`,
    title: `la.name || ' withholds “' || l.title || '” from its area'`,
    provider: 'l.provider_id',
  }),
  undo: (tx, id, { reason }) => withholdings.endIn(tx, id, 'endOnAppeal', { actor: system, reason: `The appeal was judged: ${reason}` }),
});
