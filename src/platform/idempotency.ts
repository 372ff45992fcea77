import { createHash } from 'node:crypto';
import type { Actor } from './actor.js';
import type { UnitOfWork } from './database/index.js';
import { Conflict, refuse, ValidationProblem } from './problem.js';

/** Characters. */
export const LONGEST_KEY = 200;

export interface Created {
  type: string;
  id: string;
}

/**
 * Lets a mutation that creates be sent again: the key and the result are stored in the effect's own transaction, so
 * that there is either both or neither. A repeat, also one in parallel, gives the first result's id.
 * @throws Refused with Conflict when the key came with another input before, ValidationProblem when it is too long
 */
export async function once(tx: UnitOfWork, actor: Actor, key: string | null | undefined, input: unknown, create: () => Promise<Created>): Promise<Created> {
  if (!key || !actor.personId) return create();
  if ([...key].length > LONGEST_KEY) {
    refuse(new ValidationProblem([{ field: 'idempotencyKey', message: `An idempotency key must have ${LONGEST_KEY} characters or fewer.` }]));
  }
  const hash = createHash('sha256').update(canonical(input)).digest();
  // Waits for whoever inserts the same key until they commit or roll back.
  const [claimed] = await tx.query(
    'INSERT INTO idempotency_key (person_id, key, input_hash, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING RETURNING key',
    [actor.personId, key, hash, tx.now],
  );
  if (!claimed) {
    const [earlier] = await tx.query<{ same: boolean; type: string; id: string }>(
      'SELECT input_hash = $3 AS same, result_type AS type, result_id AS id FROM idempotency_key WHERE person_id = $1 AND key = $2',
      [actor.personId, key, hash],
    );
    if (!earlier?.same) return refuse(new Conflict('This idempotency key was used before with another input. Use a new key for a new thing.'));
    return { type: earlier.type, id: earlier.id };
  }
  const created = await create();
  await tx.query('UPDATE idempotency_key SET result_type = $3, result_id = $4 WHERE person_id = $1 AND key = $2', [actor.personId, key, created.type, created.id]);
  return created;
}

/** JSON whose keys are in order and in which an absent field equals null, so that equal inputs hash alike. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => {
    if (each === undefined || each === null || typeof each !== 'object' || Array.isArray(each)) return each;
    return Object.fromEntries(
      Object.entries(each)
        .filter(([, field]) => field !== undefined && field !== null)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  });
}
