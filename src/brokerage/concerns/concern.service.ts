import type { Actor } from '../../platform/actor.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { once } from '../../platform/idempotency.js';
import { refuse, whatIsMissing } from '../../platform/problem.js';
import { begin, move } from '../../platform/process/index.js';
import { neededWords } from '../../platform/validate.js';
import { type ConcernFacts, concernProcess } from './concern.process.js';
import { checkRoom, validateOne } from '../engagements/engagement.contents.js';
import { partyOf } from '../engagements/engagement.process.js';
import { lockVisible } from '../engagements/engagement.step.js';
import { concernIsVisible } from '../engagements/engagement.visibility.js';

const MOST_CONCERNS = 50;

const text = neededWords('what concerns you', 3000);
const answer = neededWords('your answer', 3000);
const statement = neededWords('what you ask of the local authority', 3000);

export class Concerns {
  constructor(private readonly db: Database) {}

  /** Raises a concern on the side on which the actor stands. @returns its id. @throws Refused */
  async raise(actor: Actor, engagementId: string, input: string, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { concern: input, engagementId }, async () => {
        const words = validateOne('text', text, input);
        const engagement = await lockVisible(tx, actor, engagementId);
        const raisedBy = partyOf('SCHOOL', engagement, actor) ? ('SCHOOL' as const) : ('PROVIDER' as const);
        await checkRoom(tx, 'concern', engagementId, MOST_CONCERNS);
        const id = newId();
        await begin(tx, concernProcess, 'raise', { id, state: null as never, raisedBy, answered: false, engagement }, actor, async (state) => {
          await tx.query('INSERT INTO concern (id, engagement_id, raised_by_party, raised_by, state, text, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)', [
            id,
            engagementId,
            raisedBy,
            actor.personId,
            state,
            words,
            tx.now,
          ]);
        });
        return { type: 'Concern', id };
      });
      return id;
    });
  }

  /** The other side's answer, also after the school has asked its LA. @throws Refused */
  async answer(actor: Actor, id: string, input: string): Promise<void> {
    const words = validateOne('answer', answer, input);
    await this.step(actor, id, async (tx) => {
      const [concern] = await tx.query<{ state: string }>('SELECT state FROM concern WHERE id = $1', [id]);
      await move(tx, concernProcess, id, concern!.state === 'PASSED_ON' ? 'answerLate' : 'answer', { actor, set: { answer: words, answered_at: tx.now } });
    });
  }

  /** The school asks its LA, in words of its own. @throws Refused */
  async passOn(actor: Actor, id: string, input: string): Promise<void> {
    const words = validateOne('statement', statement, input);
    await this.step(actor, id, (tx) => move(tx, concernProcess, id, 'passOn', { actor, set: { statement: words, passed_on_at: tx.now } }));
  }

  /** Settles it; a provider takes back what it has raised. @throws Refused */
  async resolve(actor: Actor, id: string, reason: string): Promise<void> {
    await this.step(actor, id, async (tx) => {
      const [{ raisedBy, engagement }] = (await concernProcess.facts(tx, [id], actor)) as [ConcernFacts];
      const isRaisers = raisedBy === 'PROVIDER' && partyOf('PROVIDER', engagement, actor) !== null && partyOf('SCHOOL', engagement, actor) === null;
      await move(tx, concernProcess, id, isRaisers ? 'takeBack' : 'resolve', { actor, reason, set: { resolved_at: tx.now } });
    });
  }

  /** Locks the engagement of a concern that the actor may see. */
  private async step(actor: Actor, id: string, work: (tx: UnitOfWork) => Promise<unknown>): Promise<void> {
    await this.db.transaction(async (tx) => {
      await tx.query(concernProcess.lock, [id]);
      if (!(await concernIsVisible(tx, actor, id))) refuse(whatIsMissing('concern'));
      await work(tx);
    });
  }
}
