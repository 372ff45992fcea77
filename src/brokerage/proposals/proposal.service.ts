import { z } from 'zod';
import { Vat } from '../../directory/index.js';
import type { Actor } from '../../platform/actor.js';
import type { Database, UnitOfWork } from '../../platform/database/index.js';
import { newId } from '../../platform/id.js';
import { once } from '../../platform/idempotency.js';
import { refuse, whatIsMissing } from '../../platform/problem.js';
import { begin, move } from '../../platform/process/index.js';
import { dayPerhaps } from '../../platform/dates.js';
import { neededWords, validate, words } from '../../platform/validate.js';
import { invitationProcess } from './invitation.process.js';
import { holdProvider } from './invitation.service.js';
import { factsForProposing, type ProposalFacts, proposalProcess } from './proposal.process.js';
import { pence } from '../requests/request.contents.js';
import { invitationIsVisible, proposalIsVisible } from '../visibility.js';

const fieldsAt = (now: Date) => z.object({
  summary: neededWords('what you propose', 4000),
  outcome: words('What will be different', 2000),
  whoComes: words('Who comes', 1000),
  startsOn: dayPerhaps('planned', now, 'The first day'),
  endsOn: dayPerhaps('planned', now, 'The last day'),
  pricePence: pence('The price'),
  vat: z.enum(Vat, 'Say how VAT stands to the price.'),
  travelPence: pence('Travel'),
  worksWithPupils: z.boolean(),
});

const changesAt = (now: Date) => fieldsAt(now).partial();
const newProposal = (now: Date) => changesAt(now).extend(fieldsAt(now).pick({ summary: true, pricePence: true, vat: true }).shape);
/** What a provider proposes; a field left out of a revision stays as it is. */
export type Proposing = z.input<ReturnType<typeof newProposal>>;
export type ProposalChanges = z.input<ReturnType<typeof changesAt>>;

const COLUMNS: Record<keyof z.output<ReturnType<typeof fieldsAt>>, string> = {
  summary: 'summary',
  outcome: 'outcome',
  whoComes: 'who_comes',
  startsOn: 'starts_on',
  endsOn: 'ends_on',
  pricePence: 'price_pence',
  vat: 'vat',
  travelPence: 'travel_pence',
  worksWithPupils: 'works_with_pupils',
};

export class Proposals {
  constructor(private readonly db: Database) {}

  /** Answers an invitation by a proposal. @throws Refused */
  async submit(actor: Actor, invitationId: string, input: Proposing, key?: string | null): Promise<string> {
    return this.db.transaction(async (tx) => {
      const { id } = await once(tx, actor, key, { propose: invitationId, input }, async () => {
        const columns = columnsOf(validate(newProposal(tx.now), input));
        await tx.query(invitationProcess.lock, [invitationId]);
        if (!(await invitationIsVisible(tx, actor, invitationId))) refuse(whatIsMissing('invitation'));
        const id = newId();
        const facts = (await factsForProposing(tx, actor, id, invitationId))!;
        await holdProvider(tx, facts.providerId);
        await move(tx, invitationProcess, invitationId, 'respond', { actor });
        await begin(tx, proposalProcess, 'submit', facts, actor, (state) => insert(tx, actor, facts, state, columns));
        return { type: 'Proposal', id };
      });
      return id;
    });
  }

  /** Changes a proposal, until the closing date. @throws Refused */
  async revise(actor: Actor, id: string, version: number, input: ProposalChanges): Promise<void> {
    await this.db.transaction(async (tx) => {
      const set = columnsOf(validate(changesAt(tx.now), input));
      await lockVisible(tx, actor, id);
      await move(tx, proposalProcess, id, 'revise', { actor, version, set });
    });
  }

  /** Takes a proposal back. @throws Refused */
  async withdraw(actor: Actor, id: string): Promise<void> {
    await this.db.transaction(async (tx) => {
      await lockVisible(tx, actor, id);
      await move(tx, proposalProcess, id, 'withdraw', { actor });
    });
  }
}

/** Locks the proposal's request, keeps its provider as it is, and gives the facts of a proposal that the actor may see. @throws Refused with NotFound */
export async function lockVisible(tx: UnitOfWork, actor: Actor, id: string): Promise<ProposalFacts> {
  await tx.query(proposalProcess.lock, [id]);
  if (!(await proposalIsVisible(tx, actor, id))) refuse(whatIsMissing('proposal'));
  const facts = (await proposalProcess.facts(tx, [id], actor))[0]!;
  await holdProvider(tx, facts.providerId);
  return facts;
}

function columnsOf(proposal: z.output<ReturnType<typeof changesAt>>): Record<string, unknown> {
  const given = Object.entries(proposal).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([field, value]) => [COLUMNS[field as keyof typeof COLUMNS], value]));
}

async function insert(tx: UnitOfWork, actor: Actor, facts: ProposalFacts, state: string, columns: Record<string, unknown>): Promise<void> {
  const names = Object.keys(columns);
  await tx.query(
    `INSERT INTO proposal (id, request_id, invitation_id, provider_id, state, created_at, updated_at, submitted_by, ${names.join(', ')})
     VALUES ($1, $2, $3, $4, $5, $6, $6, $7, ${names.map((_, i) => `$${i + 8}`).join(', ')})`,
    [facts.id, facts.requestId, facts.invitationId, facts.providerId, state, tx.now, actor.personId, ...Object.values(columns)],
  );
}
