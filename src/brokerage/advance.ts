import { system } from '../platform/actor.js';
import type { UnitOfWork } from '../platform/database/index.js';
import { advanceAll, type Facts, type ProcessDefinition } from '../platform/process/index.js';

/**
 * What the product does to many objects of one request at once, such as cancelling its invitations. The caller holds
 * the lock on the request. Objects in states that the transition does not start from are left as they are.
 */
export async function advanceTogether<State extends string, F extends Facts<State>>(
  tx: UnitOfWork,
  process: ProcessDefinition<State, F>,
  name: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const facts = await process.facts(tx, ids, system);
  for (const from of process.transitions[name]!.from) {
    const these = facts.filter(({ state }) => state === from);
    await advanceAll(tx, process, name, from, these, async (state) => {
      await tx.query(`UPDATE ${process.table} SET state = $2, version = version + 1, updated_at = $3 WHERE id = ANY($1)`, [these.map(({ id }) => id), state, tx.now]);
    });
  }
}
