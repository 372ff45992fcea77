import { z } from 'zod';
import type { Actor } from '../../platform/actor.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { once } from '../../platform/idempotency.js';
import { NotAllowedInThisState, refuse, whatIsMissing } from '../../platform/problem.js';
import { begin, move, type Move } from '../../platform/process/index.js';
import { neededWords, validate } from '../../platform/validate.js';
import { factsForInviting, type InvitationFacts, invitationProcess } from './invitation.process.js';
import { requestProcess } from '../requests/request.process.js';
import { invitationIsVisible, requestIsVisible } from '../visibility.js';

/** Whom a school invites, by a listing or as such. */
export interface Invitee {
  requestId: string;
  providerId: string;
  listingId?: string | null;
}

const question = z.object({ text: neededWords('your question', 1000) });
const answer = z.object({ text: neededWords('the answer', 2000) });

export class Invitations {
  constructor(private readonly db: Database) {}

  /** Invites a provider to propose. @throws Refused */
  async send(actor: Actor, { requestId, providerId, listingId }: Invitee, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { invite: requestId, providerId, listingId }, async () => {
        await tx.query(requestProcess.lock, [requestId]);
        if (!(await requestIsVisible(tx, actor, requestId))) refuse(whatIsMissing('request'));
        await holdProvider(tx, providerId);
        const facts = (await factsForInviting(tx, actor, newId(), requestId, providerId, listingId ?? null)) ?? refuse(whatIsMissing('provider'));
        await begin(tx, invitationProcess, 'send', facts, actor, async (state) => {
          await tx.query(
            `INSERT INTO invitation (id, request_id, provider_id, listing_id, state, created_at, updated_at, sent_by, sent_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $6, $8)`,
            [facts.id, requestId, providerId, listingId ?? null, state, tx.now, actor.personId, facts.closesAt],
          );
        });
        return { type: 'Invitation', id: facts.id };
      });
      return id;
    });
  }

  /** A step of the invitation's process that the provider takes. @throws Refused */
  async act(id: string, step: 'open' | 'decline', by: Move): Promise<void> {
    await this.db.transaction(async (tx) => {
      await this.lockVisible(tx, by.actor, id);
      await move(tx, invitationProcess, id, step, { ...by, set: step === 'open' ? { opened_at: tx.now } : {} });
    });
  }

  /** The provider asks the school. One that has not looked at the invitation yet does so by this. @throws Refused */
  async ask(actor: Actor, invitationId: string, text: string, key?: string | null): Promise<void> {
    await this.db.transaction(async (tx) => {
      await once(tx, actor, key, { ask: invitationId, text }, async () => {
        const asked = validate(question, { text });
        const { state, requestId } = await this.lockVisible(tx, actor, invitationId);
        if (state === 'SENT') await move(tx, invitationProcess, invitationId, 'open', { actor, set: { opened_at: tx.now } });
        await move(tx, invitationProcess, invitationId, 'ask', { actor });
        const id = newId();
        await tx.query('INSERT INTO question (id, request_id, invitation_id, text, asked_by, asked_at) VALUES ($1, $2, $3, $4, $5, $6)', [
          id,
          requestId,
          invitationId,
          asked.text,
          actor.personId,
          tx.now,
        ]);
        return { type: 'Question', id };
      });
    });
  }

  /** The school answers; all invited providers read it. @returns id of the request @throws Refused */
  async answer(actor: Actor, questionId: string, text: string): Promise<string> {
    return this.db.transaction(async (tx) => {
      const given = validate(answer, { text });
      const [found] = await tx.query<{ requestId: string }>('SELECT request_id AS "requestId" FROM question WHERE id = $1', [questionId]);
      const { requestId } = found ?? refuse(whatIsMissing('question'));
      await tx.query(requestProcess.lock, [requestId]);
      if (!(await requestIsVisible(tx, actor, requestId))) refuse(whatIsMissing('question'));
      await move(tx, requestProcess, requestId, 'answer', { actor });
      const [answered] = await tx.query('UPDATE question SET answer = $2, answered_by = $3, answered_at = $4 WHERE id = $1 AND answer IS NULL RETURNING id', [
        questionId,
        given.text,
        actor.personId,
        tx.now,
      ]);
      if (!answered) refuse(new NotAllowedInThisState('The question has been answered already.'));
      return requestId;
    });
  }

  private async lockVisible(tx: UnitOfWork, actor: Actor, id: string): Promise<InvitationFacts> {
    await tx.query(invitationProcess.lock, [id]);
    if (!(await invitationIsVisible(tx, actor, id))) refuse(whatIsMissing('invitation'));
    const facts = (await invitationProcess.facts(tx, [id], actor))[0]!;
    await holdProvider(tx, facts.providerId);
    return facts;
  }
}

/** Keeps the provider as it is until the end of the unit of work: a suspension under way is waited for, so that it works at once. */
export async function holdProvider(tx: UnitOfWork, providerId: string): Promise<void> {
  await tx.query('SELECT id FROM provider WHERE id = $1 FOR SHARE', [providerId]);
}
