import type { Actor } from '../../src/platform/actor.js';
import type { Message } from '../../src/platform/mail/index.js';
import type { TestApp } from '../support/app.js';

export interface Told {
  id: string;
  personId: string;
  kind: string;
  subject: string;
  text: string;
  expected: string | null;
  digest: boolean;
  mailedAt: Date | null;
  withheldAt: Date | null;
  historyId: number | null;
}

/** Every notice that there is, oldest first; of one object, if it is named. */
export const noticesIn = ({ app }: Pick<TestApp, 'app'>, objectId: string | null = null): Promise<Told[]> =>
  app.db.query<Told>(
    `SELECT id, person_id AS "personId", kind, subject, text, expected, digest, mailed_at AS "mailedAt", withheld_at AS "withheldAt", history_id AS "historyId"
     FROM notice WHERE $1::uuid IS NULL OR object_id = $1 ORDER BY created_at, history_id, id`,
    [objectId],
  );

/** Who was told what of an object, as `kind: names`, where the names are those of the given people; `at once` or `digest`. */
export async function whoWasTold(server: Pick<TestApp, 'app'>, objectId: string, kind: string, people: Record<string, Actor>): Promise<string[]> {
  const names = new Map(Object.entries(people).map(([name, { personId }]) => [personId, name]));
  const told = (await noticesIn(server, objectId)).filter((notice) => notice.kind === kind);
  return told.map(({ personId, digest }) => `${names.get(personId) ?? 'somebody else'} ${digest ? 'in the digest' : 'at once'}`).sort();
}

/** Ends every role of a person. */
export const endRoles = ({ app }: Pick<TestApp, 'app'>, { personId }: Actor): Promise<unknown> =>
  app.db.query('UPDATE membership SET ended_at = $2 WHERE person_id = $1 AND ended_at IS NULL', [personId, app.clock.now()]);

/** Makes jobs due that failed and wait to be tried again. */
export const makeJobsDue = ({ app }: Pick<TestApp, 'app'>): Promise<unknown> => app.db.query('UPDATE graphile_worker._private_jobs SET run_at = now()');

export const mailTo = (outbox: readonly Message[], { email }: { email: string }): Message[] => outbox.filter(({ to }) => to === email);
