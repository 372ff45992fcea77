import type { Database } from '../../platform/database/index.js';
import { system } from '../../platform/actor.js';
import { NotAllowedInThisState, refuse } from '../../platform/problem.js';
import { move, type Move } from '../../platform/process/index.js';
import { judgeName } from '../alike.js';
import { providerProcess } from '../provider.process.js';
import type { Providers } from '../provider.service.js';
import { beforeChange, keepChanges } from './field-changes.js';
import { answerChanges } from './waiting.js';

/** What an officer does about texts of a provider that wait. */
export class WaitingChanges {
  constructor(
    private readonly db: Database,
    private readonly providers: Providers,
  ) {}

  /** The texts become public; an officer who confirms a name confirms it also where it is like another. @param changeIds null: all @throws Refused */
  async confirm(id: string, changeIds: readonly string[] | null, { actor, version }: Move): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.providers.lockVisible(tx, actor, id, version);
      await move(tx, providerProcess, id, 'confirmChanges', { actor });
      const before = await beforeChange(tx, 'Provider', [id]);
      const answered = await answerChanges(tx, actor, id, 'CONFIRMED', changeIds, null);
      if (answered.length === 0) refuse(nothingWaits());
      for (const { field, after } of answered) await tx.query(`UPDATE provider SET ${field} = $2 WHERE id = $1`, [id, after]);
      const name = answered.find((each) => each.field === 'name');
      if (name) {
        await judgeName(tx, id);
        await tx.query('UPDATE provider SET confirmed_name = $2, name_confirmed_at = $3, name_confirmed_by = $4 WHERE id = $1', [id, name.after, tx.now, actor.personId]);
        await move(tx, providerProcess, id, 'rename', { actor: system });
      }
      await keepChanges(tx, before, actor);
      await this.providers.settle(tx, id);
      await this.providers.listingsChanged(tx, id);
    });
  }

  /** The texts that were checked stay, and the provider reads why. @param changeIds null: all @throws Refused */
  async refuse(id: string, changeIds: readonly string[] | null, { actor, reason, version }: Move): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.providers.lockVisible(tx, actor, id, version);
      await move(tx, providerProcess, id, 'refuseChanges', { actor, reason });
      if ((await answerChanges(tx, actor, id, 'REFUSED', changeIds, reason!.trim())).length === 0) refuse(nothingWaits());
    });
  }
}

const nothingWaits = () => new NotAllowedInThisState('None of these changes waits any more.');
