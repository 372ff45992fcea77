/**
 * A naive model of requests, invitations and proposals: what section 3 of the design says, written down a second time
 * without looking at the product's own definitions. Times in milliseconds.
 */
export interface ModelRequest {
  id: string;
  state: string;
  bySip: boolean;
  partner: 'NONE' | 'ASKED' | 'JOINED';
  shared: boolean;
  confidential: boolean;
  read: boolean;
  touched: number;
  opened: number;
  closes: number;
  questionsUntil: number;
}

export interface ModelInvitation {
  id: string;
  request: string;
  provider: string;
  state: string;
  questions: { answered: boolean }[];
}

export interface ModelProposal {
  id: string;
  invitation: string;
  state: string;
}

const DAY = 86_400_000;
const goingOn = (state: string) => ['DRAFT', 'AWAITING_SCHOOL', 'OPEN'].includes(state);
const waiting = (state: string) => state === 'SENT' || state === 'OPENED';

export class Model {
  readonly requests = new Map<string, ModelRequest>();
  readonly invitations = new Map<string, ModelInvitation>();
  readonly proposals = new Map<string, ModelProposal>();
  /** State of each provider, by id. */
  readonly providers = new Map<string, string>();

  requestOf = (invitation: string) => this.requests.get(this.invitations.get(invitation)!.request)!;
  invitationsOf = (request: string) => [...this.invitations.values()].filter((each) => each.request === request);
  proposalsOf = (request: string) => [...this.proposals.values()].filter((each) => this.invitations.get(each.invitation)!.request === request);

  /** Whether the one whose it is may take this step now. */
  allows(process: string, transition: string, id: string, now: number): boolean {
    if (process === 'Request') return this.allowsRequest(transition, this.requests.get(id)!, now);
    if (process === 'Invitation') return this.allowsInvitation(transition, this.invitations.get(id)!, now);
    return this.allowsProposal(transition, this.proposals.get(id)!, now);
  }

  private allowsRequest(transition: string, request: ModelRequest, now: number): boolean {
    const { state } = request;
    const open = state === 'OPEN';
    switch (transition) {
      case 'submit':
        return state === 'DRAFT' && request.bySip;
      case 'open':
        return state === (request.bySip ? 'AWAITING_SCHOOL' : 'DRAFT');
      case 'join':
        return open && request.partner === 'ASKED';
      case 'share':
        return open && !request.shared;
      case 'unshare':
        return open && request.shared;
      case 'reveal':
        return open && request.confidential;
      case 'extend':
        return open && !request.read;
      case 'reopenRound':
        return open && request.read;
      case 'amend':
        return open && this.proposalsOf(request.id).length === 0;
      case 'read':
        return open && !request.read && this.proposalsOf(request.id).some((each) => each.state !== 'WITHDRAWN');
      case 'closeUnmet':
        return open;
      case 'withdraw':
        return goingOn(state) && !(request.bySip && state === 'DRAFT'); // by the school
      case 'expire':
        if (state === 'OPEN') return now >= request.closes + 60 * DAY || (now >= request.opened + 90 * DAY && this.invitationsOf(request.id).length === 0);
        return goingOn(state) && now >= request.touched + 90 * DAY;
      case 'choose':
        return open && this.proposalsOf(request.id).some((each) => each.state === 'CHOSEN');
      case 'answer':
        return open && this.invitationsOf(request.id).some((each) => each.questions.some(({ answered }) => !answered));
      default:
        throw new Error(`the model knows no ${transition} of a request`);
    }
  }

  mayInvite(request: ModelRequest, provider: string, now: number): boolean {
    const invited = this.invitationsOf(request.id);
    const alive = invited.some((each) => each.provider === provider && (waiting(each.state) || each.state === 'RESPONDED'));
    return request.state === 'OPEN' && now < request.closes && !request.read && !alive && this.providers.get(provider) === 'LISTED' && invited.length < 30;
  }

  private allowsInvitation(transition: string, invitation: ModelInvitation, now: number): boolean {
    const request = this.requests.get(invitation.request)!;
    const inTime = request.state === 'OPEN' && now < request.closes && this.providers.get(invitation.provider) !== 'SUSPENDED';
    switch (transition) {
      case 'open':
        return invitation.state === 'SENT' && inTime;
      case 'ask':
        return waiting(invitation.state) && inTime && !request.read && now < request.questionsUntil && invitation.questions.length < 5;
      case 'respond':
        return this.mayPropose(invitation, now);
      case 'decline':
        return waiting(invitation.state);
      case 'expire':
        return waiting(invitation.state) && now >= request.closes;
      case 'reopen':
        return invitation.state === 'EXPIRED' && request.state === 'OPEN' && !request.read;
      case 'cancel':
        return waiting(invitation.state) && !goingOn(request.state);
      default:
        throw new Error(`the model knows no ${transition} of an invitation`);
    }
  }

  mayPropose(invitation: ModelInvitation, now: number): boolean {
    const request = this.requests.get(invitation.request)!;
    const proposed = [...this.proposals.values()].some((each) => each.invitation === invitation.id && each.state !== 'WITHDRAWN');
    const alive = waiting(invitation.state) || invitation.state === 'RESPONDED';
    return request.state === 'OPEN' && now < request.closes && !request.read && alive && !proposed && this.providers.get(invitation.provider) !== 'SUSPENDED';
  }

  private allowsProposal(transition: string, proposal: ModelProposal, now: number): boolean {
    const invitation = this.invitations.get(proposal.invitation)!;
    const request = this.requests.get(invitation.request)!;
    const submitted = proposal.state === 'SUBMITTED';
    const available = this.providers.get(invitation.provider) !== 'SUSPENDED';
    switch (transition) {
      case 'revise':
        return submitted && request.state === 'OPEN' && now < request.closes && !request.read && available;
      case 'withdraw':
        return submitted;
      case 'choose':
        return submitted && request.state === 'OPEN' && request.read && available;
      case 'notChosen':
        return submitted && !goingOn(request.state);
      default:
        throw new Error(`the model knows no ${transition} of a proposal`);
    }
  }

  /** What must hold when nothing is under way. */
  check(engagements: ReadonlyMap<string, number>): void {
    const fail = (id: string, why: string): never => {
      throw new Error(`${id}: ${why}`);
    };
    for (const { id, state } of this.requests.values()) {
      const [invitations, proposals] = [this.invitationsOf(id), this.proposalsOf(id)];
      const chosen = proposals.filter((each) => each.state === 'CHOSEN').length;
      if (chosen !== (state === 'AGREED' ? 1 : 0)) fail(id, `${state} with ${chosen} chosen proposals`);
      if ((engagements.get(id) ?? 0) !== chosen) fail(id, `${engagements.get(id)} engagements for ${chosen} choices`);
      if (!goingOn(state) && (invitations.some((each) => waiting(each.state)) || proposals.some((each) => each.state === 'SUBMITTED'))) fail(id, `${state}, but something is still open`);
      const alive = invitations.filter((each) => waiting(each.state) || each.state === 'RESPONDED').map((each) => each.provider);
      if (new Set(alive).size !== alive.length) fail(id, 'a provider has two invitations');
      const standing = proposals.filter((each) => each.state !== 'WITHDRAWN').map((each) => each.invitation);
      if (new Set(standing).size !== standing.length) fail(id, 'an invitation has two proposals');
    }
  }
}

export const arrows: Record<string, Record<string, string>> = {
  Request: {
    start: 'null>DRAFT',
    submit: 'DRAFT>AWAITING_SCHOOL',
    open: 'DRAFT>OPEN AWAITING_SCHOOL>OPEN',
    join: 'OPEN>OPEN',
    share: 'OPEN>OPEN',
    unshare: 'OPEN>OPEN',
    reveal: 'OPEN>OPEN',
    answer: 'OPEN>OPEN',
    extend: 'OPEN>OPEN',
    reopenRound: 'OPEN>OPEN',
    amend: 'OPEN>OPEN',
    read: 'OPEN>OPEN',
    choose: 'OPEN>AGREED',
    closeUnmet: 'OPEN>CLOSED_UNMET',
    withdraw: 'DRAFT>WITHDRAWN AWAITING_SCHOOL>WITHDRAWN OPEN>WITHDRAWN',
    expire: 'DRAFT>EXPIRED AWAITING_SCHOOL>EXPIRED OPEN>EXPIRED',
  },
  Invitation: {
    send: 'null>SENT',
    open: 'SENT>OPENED',
    ask: 'OPENED>OPENED',
    respond: 'SENT>RESPONDED OPENED>RESPONDED RESPONDED>RESPONDED',
    decline: 'SENT>DECLINED OPENED>DECLINED',
    expire: 'SENT>EXPIRED OPENED>EXPIRED',
    reopen: 'EXPIRED>SENT',
    cancel: 'SENT>CANCELLED OPENED>CANCELLED',
  },
  Proposal: {
    submit: 'null>SUBMITTED',
    revise: 'SUBMITTED>SUBMITTED',
    withdraw: 'SUBMITTED>WITHDRAWN',
    choose: 'SUBMITTED>CHOSEN',
    notChosen: 'SUBMITTED>NOT_CHOSEN',
  },
};
