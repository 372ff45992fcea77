import type { ProviderState } from '../../directory/index.js';
import { type Actor, worksForProvider } from '../../platform/actor.js';
import type { Queryable } from '../../platform/database/index.js';
import { NotAllowedInThisState, type Problem, problemType } from '../../platform/problem.js';
import { byReader, type Facts, type Party, type ProcessDefinition } from '../../platform/process/index.js';
import { type Bid, bidOf, isNamed, noBid, ProposalsRead, schoolParty, worksIn } from '../requests/request.process.js';
import type { InvitationState, RequestState } from '../vocabulary.js';

export const ProviderNotAvailable = problemType('ProviderNotAvailable', 'The provider cannot be invited or chosen at present.');
export const AlreadyInvited = problemType('AlreadyInvited', 'The provider has been invited already.');
export const TooManyInvited = problemType('TooManyInvited', 'A request goes to a limited number of providers.');

/** How many invitations a request can have in all. */
export const MOST_INVITATIONS = 30;
/** How many questions each invited provider can ask. */
export const MOST_QUESTIONS = 5;

/** What both invitation and proposal are decided by: the request, its school and the provider. */
export interface BetweenFacts {
  requestId: string;
  requestState: RequestState;
  schoolUrn: number;
  schoolName: string;
  draftedBySip: string | null;
  submitted: boolean;
  allLeads: boolean;
  named: boolean;
  closesAt: Date | null;
  /** Whether the school has begun to read the proposals of the round. */
  read: boolean;
  providerId: string;
  providerName: string;
  providerState: ProviderState;
  laName: string;
  /** An invited provider in which this actor has an interest, until the school has chosen. */
  bid: Bid | null;
}

/** Select list and joins of BetweenFacts for an `x` with request_id and provider_id; $2 and $3 are `worksIn(actor)`. */
export const between = `
  r.id AS "requestId", r.state AS "requestState", r.school_urn AS "schoolUrn", s.name AS "schoolName", r.drafted_by_sip AS "draftedBySip",
  r.submitted_at IS NOT NULL AS submitted, r.all_leads AS "allLeads", ${isNamed('$2', '$3')} AS named, r.closes_at AS "closesAt", r.proposals_read_at IS NOT NULL AS read,
  p.id AS "providerId", p.name AS "providerName", p.state AS "providerState",
  la.name AS "laName", ${bidOf('$2')} AS bid`;
export const betweenJoins = 'JOIN request r ON r.id = x.request_id JOIN school s ON s.urn = r.school_urn JOIN local_authority la ON la.code = s.la_code JOIN provider p ON p.id = x.provider_id';

export const providerParty = ({ providerId, providerName }: BetweenFacts, actor: Actor): Party | null =>
  worksForProvider(actor, providerId) ? { kind: 'PROVIDER', id: providerId, name: providerName } : null;

export const parties = {
  school: { says: 'a lead of the school or somebody there whom the request names', party: schoolParty },
  provider: { says: 'an administrator or editor of the provider', party: providerParty },
};

export interface InvitationFacts extends BetweenFacts, Facts<InvitationState> {
  /** A listing is named and is not published any more, or is not this provider's. */
  listingGone: boolean;
  /** The provider has an invitation of this request that is open or answered. */
  invitedAlready: boolean;
  /** All invitations of the request, whatever became of them. */
  invitations: number;
  expiresAt: Date;
  questionsUntil: Date | null;
  questions: number;
  /** A proposal of the provider stands. */
  proposed: boolean;
  sentAt: Date;
}

/** Sealed is sealed: what is added after the first has been read could be made to fit it. */
export const sealed = ({ read }: BetweenFacts, message: string): Problem | null => (read ? new ProposalsRead(message) : null);
export const READ_BY_SCHOOL = 'The school has begun to read the proposals, so none can be added or changed. You are told if it reopens the round.';

// The messages below may be read by a provider that must not learn which school asks.
function mayInvite(facts: InvitationFacts, _actor: Actor, now: Date): Problem | null {
  if (facts.requestState !== 'OPEN') return new NotAllowedInThisState('Providers can be invited while the request is open.');
  const interested = noBid(facts);
  if (interested) return interested;
  if (facts.closesAt! <= now) return new NotAllowedInThisState('The closing date has passed. Choose a later one before you invite more providers.');
  const read = sealed(facts, 'You have begun to read the proposals. Reopen the round for all before you invite another provider.');
  if (read) return read;
  if (facts.invitedAlready) return new AlreadyInvited(`${facts.providerName} has been invited already.`);
  if (facts.providerState !== 'LISTED') return new ProviderNotAvailable(`${facts.providerName} is not listed at present, so it cannot be invited.`);
  if (facts.listingGone) return new ProviderNotAvailable(`What you chose is no longer among the published listings of ${facts.providerName}. Choose another listing, or invite the provider as such.`);
  if (facts.invitations >= MOST_INVITATIONS) return new TooManyInvited(`A request can be sent to ${MOST_INVITATIONS} providers.`);
  return null;
}

function mayAnswer(facts: BetweenFacts & { expiresAt: Date }, _actor: Actor, now: Date): Problem | null {
  if (facts.requestState !== 'OPEN' || facts.expiresAt <= now) return new NotAllowedInThisState('The time to answer this invitation is over.');
  return facts.providerState === 'SUSPENDED' || facts.providerState === 'WITHDRAWN'
    ? new ProviderNotAvailable(`${facts.providerName} is suspended or has left the directory, so it cannot propose at present.`)
    : null;
}

function mayAsk(facts: InvitationFacts, actor: Actor, now: Date): Problem | null {
  if (facts.questionsUntil! <= now) return new NotAllowedInThisState('The time for questions is over, so that all invited providers can use the answers.');
  if (facts.questions >= MOST_QUESTIONS) return new NotAllowedInThisState(`You have asked ${MOST_QUESTIONS} questions, which is as many as one provider can ask.`);
  return sealed(facts, READ_BY_SCHOOL) ?? mayAnswer(facts, actor, now);
}

const mayRespond = (facts: InvitationFacts, actor: Actor, now: Date): Problem | null =>
  mayAnswer(facts, actor, now) ?? sealed(facts, READ_BY_SCHOOL) ?? (facts.proposed ? new NotAllowedInThisState('You have made a proposal already. You can revise it until the closing date.') : null);

export const invitationProcess: ProcessDefinition<InvitationState, InvitationFacts> = {
  name: 'Invitation',
  says: 'A school invites a provider to propose. Where the request is confidential the provider does not learn which school asks, unless it is chosen or the school says so. No provider learns who else is invited.',
  table: 'invitation',
  states: {
    SENT: { says: 'the provider has been invited', why: byReader({ provider: 'You have not opened the invitation yet.' }, 'The provider has not opened the invitation yet.') },
    OPENED: { says: 'the provider has looked at it', why: byReader({ provider: 'You have opened the invitation already.' }, 'The provider has the invitation open.') },
    RESPONDED: { says: 'the provider has made a proposal', end: true, why: byReader({ provider: 'You have answered this invitation by a proposal.' }, 'The provider has answered the invitation by a proposal.') },
    DECLINED: { says: 'the provider would rather not', end: true, why: byReader({ provider: 'You have declined this invitation.' }, 'The provider has declined the invitation.') },
    EXPIRED: { says: 'the closing date has passed without a proposal', why: byReader({ provider: 'The closing date passed before you answered this invitation.' }, 'The closing date passed before the provider answered.') },
    CANCELLED: { says: 'the request has ended', end: true, why: byReader({ school: 'Your school’s request has ended, and the invitation with it.' }, 'The request that this invitation belongs to has ended.') },
  },
  who: parties,
  transitions: {
    send: { from: [null], to: 'SENT', by: ['school'], label: 'Invite the provider', says: 'The provider has to be listed, and the listing that is named published.', guard: mayInvite },
    open: { from: ['SENT'], to: 'OPENED', by: ['provider'], label: 'Open the invitation', says: 'The provider looks at it for the first time.', guard: mayAnswer },
    ask: { from: ['OPENED'], to: 'OPENED', by: ['provider'], label: 'Ask the school', says: 'Possible for half of the time to the closing date; the answer goes to all invited alike.', guard: mayAsk },
    respond: {
      from: ['SENT', 'OPENED', 'RESPONDED'],
      to: 'RESPONDED',
      by: ['provider'],
      label: 'Propose',
      says: 'The provider makes a proposal, or another one after it has taken the first back.',
      guard: mayRespond,
    },
    decline: { from: ['SENT', 'OPENED'], to: 'DECLINED', by: ['provider'], label: 'Decline', says: 'The provider need not say why.' },
    expire: {
      from: ['SENT', 'OPENED'],
      to: 'EXPIRED',
      by: [],
      label: 'Expire',
      says: 'The closing date has passed.',
      guard: ({ expiresAt }, _actor, now) => (expiresAt > now ? new NotAllowedInThisState('There is still time to answer.') : null),
    },
    reopen: {
      from: ['EXPIRED'],
      to: 'SENT',
      by: [],
      label: 'Reopen',
      says: 'The school has reopened the round for all, so there is time to answer again.',
      guard: ({ requestState, read, invitedAlready }) => (requestState === 'OPEN' && !read && !invitedAlready ? null : new NotAllowedInThisState('The round has not been reopened.')),
    },
    cancel: {
      from: ['SENT', 'OPENED'],
      to: 'CANCELLED',
      by: [],
      label: 'Cancel',
      says: 'The request has been withdrawn or closed, has expired, or another proposal was chosen.',
      guard: ({ requestState }) => (requestState === 'OPEN' ? new NotAllowedInThisState('The request is still open.') : null),
    },
  },
  // The request is the aggregate root: choosing, closing and inviting take turns.
  lock: 'SELECT id FROM request WHERE id = (SELECT request_id FROM invitation WHERE id = $1) FOR NO KEY UPDATE',
  facts: (db, ids, actor) =>
    readFacts(db, actor, 'SELECT id, state, request_id, provider_id, listing_id, sent_at, expires_at FROM invitation WHERE id = ANY($1)', [ids]),
};

/** The facts for an invitation that does not exist yet; null when request or provider are not there. */
export async function factsForInviting(db: Queryable, actor: Actor, id: string, requestId: string, providerId: string, listingId: string | null): Promise<InvitationFacts | null> {
  const subject = `SELECT $1::uuid AS id, 'SENT' AS state, $4::uuid AS request_id, $5::uuid AS provider_id, $6::uuid AS listing_id, NULL::timestamptz AS sent_at, NULL::timestamptz AS expires_at`;
  return (await readFacts(db, actor, subject, [id], [requestId, providerId, listingId]))[0] ?? null;
}

function readFacts(db: Queryable, actor: Actor, subject: string, [first]: [unknown], more: unknown[] = []): Promise<InvitationFacts[]> {
  return db.query<InvitationFacts>(
    `WITH x AS (${subject})
     SELECT x.id, x.state, ${between}, x.sent_at AS "sentAt", coalesce(x.expires_at, r.closes_at) AS "expiresAt", r.questions_until AS "questionsUntil",
            x.listing_id IS NOT NULL AND NOT EXISTS (SELECT FROM listing l WHERE l.id = x.listing_id AND l.provider_id = x.provider_id AND l.state = 'PUBLISHED') AS "listingGone",
            EXISTS (SELECT FROM invitation o WHERE o.request_id = r.id AND o.provider_id = p.id AND o.id <> x.id AND o.state IN ('SENT', 'OPENED', 'RESPONDED')) AS "invitedAlready",
            (SELECT count(*) FROM invitation o WHERE o.request_id = r.id) AS invitations,
            (SELECT count(*) FROM question asked WHERE asked.invitation_id = x.id) AS questions,
            EXISTS (SELECT FROM proposal q WHERE q.invitation_id = x.id AND q.state <> 'WITHDRAWN') AS proposed
     FROM x ${betweenJoins}`,
    [first, ...worksIn(actor), ...more],
  );
}
