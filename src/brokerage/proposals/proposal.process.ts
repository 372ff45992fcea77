import { type Interest, interestOf, refuseInterest } from '../../directory/index.js';
import type { Actor } from '../../platform/actor.js';
import type { Queryable } from '../../platform/database/index.js';
import { NotAllowedInThisState, type Problem } from '../../platform/problem.js';
import { byReader, type Facts, type ProcessDefinition } from '../../platform/process/index.js';
import { between, type BetweenFacts, betweenJoins, parties, ProviderNotAvailable, READ_BY_SCHOOL, sealed } from './invitation.process.js';
import { noBid, worksIn } from '../requests/request.process.js';
import type { InvitationState, ProposalState } from '../vocabulary.js';

export interface ProposalFacts extends BetweenFacts, Facts<ProposalState> {
  invitationId: string;
  invitationState: InvitationState;
  /** Until when the provider can propose and revise. */
  expiresAt: Date;
  /** The provider has another proposal for this invitation that stands. */
  proposedAlready: boolean;
  /** Of this actor in the provider. */
  interest: Interest | null;
}

const provider = ({ providerState, providerName }: ProposalFacts): Problem | null =>
  providerState === 'SUSPENDED' || providerState === 'WITHDRAWN'
    ? new ProviderNotAvailable(`${providerName} is suspended or has left the directory, so this is not possible at present.`)
    : null;

/** A provider that has lapsed meanwhile may go on with what is open. */
function mayPropose(facts: ProposalFacts, _actor: Actor, now: Date): Problem | null {
  if (facts.requestState !== 'OPEN' || facts.expiresAt <= now) return new NotAllowedInThisState('The closing date has passed, or the request has ended.');
  const read = sealed(facts, READ_BY_SCHOOL);
  if (read) return read;
  if (!['SENT', 'OPENED', 'RESPONDED'].includes(facts.invitationState)) return new NotAllowedInThisState('This invitation has ended.');
  if (facts.proposedAlready) return new NotAllowedInThisState('You have made a proposal already. You can revise it until the closing date.');
  return provider(facts);
}

function mayChoose(facts: ProposalFacts): Problem | null {
  if (facts.requestState !== 'OPEN') return new NotAllowedInThisState('The request is no longer open.');
  if (!facts.read) return new NotAllowedInThisState('Read the proposals first.');
  return refuseInterest(facts.interest, facts.providerName, 'Somebody else in the school has to choose it.') ?? noBid(facts) ?? provider(facts);
}

/** One proposal is chosen, or the request ends without a choice. */
const chosenElsewhere = ({ requestState }: ProposalFacts, reader: string): string => {
  const whose = reader === 'school' ? 'Your school' : 'The school';
  return requestState === 'AGREED' ? `${whose} has chosen another proposal.` : 'The request has ended, and no proposal was chosen.';
};

export const proposalProcess: ProcessDefinition<ProposalState, ProposalFacts> = {
  name: 'Proposal',
  says: 'What an invited provider would do, and for what price. Sealed until the school begins to read; no provider ever sees another’s.',
  table: 'proposal',
  states: {
    SUBMITTED: { says: 'the provider proposes this', why: byReader({ provider: 'You have sent this proposal already.' }, 'The proposal stands.') },
    CHOSEN: { says: 'the school has chosen it', end: true, why: byReader({ school: 'Your school has chosen this proposal already.' }, 'The school has chosen this proposal.') },
    NOT_CHOSEN: { says: 'the school has not chosen it', end: true, why: chosenElsewhere },
    WITHDRAWN: { says: 'the provider has taken it back', end: true, why: byReader({ provider: 'You have taken this proposal back.' }, 'The provider has taken this proposal back.') },
  },
  who: parties,
  transitions: {
    submit: { from: [null], to: 'SUBMITTED', by: ['provider'], label: 'Send the proposal', says: 'One stands for each invitation.', guard: mayPropose },
    revise: {
      from: ['SUBMITTED'],
      to: 'SUBMITTED',
      by: ['provider'],
      label: 'Revise the proposal',
      says: 'Possible until the closing date, or until the school begins to read.',
      guard: (facts, actor, now) => mayPropose({ ...facts, proposedAlready: false }, actor, now),
    },
    withdraw: { from: ['SUBMITTED'], to: 'WITHDRAWN', by: ['provider'], label: 'Withdraw the proposal', says: 'Another one can be made until the closing date, unless the school has begun to read.' },
    choose: {
      from: ['SUBMITTED'],
      to: 'CHOSEN',
      by: ['school'],
      label: 'Choose this proposal',
      says: 'Makes exactly one engagement and a buying record, and ends the other proposals. It is not a contract.',
      guard: mayChoose,
    },
    notChosen: {
      from: ['SUBMITTED'],
      to: 'NOT_CHOSEN',
      by: [],
      label: 'Not chosen',
      says: 'The school has chosen another one, or the request has ended.',
      guard: ({ requestState }) => (requestState === 'OPEN' ? new NotAllowedInThisState('The request is still open.') : null),
    },
  },
  lock: 'SELECT id FROM request WHERE id = (SELECT request_id FROM proposal WHERE id = $1) FOR NO KEY UPDATE',
  facts: (db, ids, actor) => readFacts(db, actor, 'SELECT id, state, invitation_id, request_id, provider_id FROM proposal WHERE id = ANY($1)', ids),
};

/** The facts for a proposal that does not exist yet; null when the invitation is not there. */
export async function factsForProposing(db: Queryable, actor: Actor, id: string, invitationId: string): Promise<ProposalFacts | null> {
  const subject = `SELECT $4::uuid AS id, 'SUBMITTED' AS state, i.id AS invitation_id, i.request_id, i.provider_id FROM invitation i WHERE i.id = $1::uuid`;
  return (await readFacts(db, actor, subject, invitationId, id))[0] ?? null;
}

function readFacts(db: Queryable, actor: Actor, subject: string, first: unknown, ...more: unknown[]): Promise<ProposalFacts[]> {
  return db.query<ProposalFacts>(
    `WITH x AS (${subject})
     SELECT x.id, x.state, ${between}, x.invitation_id AS "invitationId", i.state AS "invitationState", i.expires_at AS "expiresAt",
            EXISTS (SELECT FROM proposal o WHERE o.invitation_id = x.invitation_id AND o.id <> x.id AND o.state <> 'WITHDRAWN') AS "proposedAlready",
            CASE WHEN $2::uuid IS NOT NULL THEN ${interestOf('$2::uuid', 'x.provider_id')} END AS interest
     FROM x ${betweenJoins} JOIN invitation i ON i.id = x.invitation_id`,
    [first, ...worksIn(actor), ...more],
  );
}
