/**
 * A naive model of engagements and concerns: what sections 3 and 4 of the design say, written down a second time
 * without looking at the product's own definitions.
 */
export interface ModelPerson {
  id: string;
  leads: number[];
  staffOf: number[];
  worksFor: string[];
  sipOf: number[];
  /** Signs for schools without a SIP. */
  standsIn: boolean;
  officer: boolean;
}

export interface ModelEngagement {
  id: string;
  state: string;
  school: number;
  provider: string;
  allLeads: boolean;
  people: string[];
  shared: boolean;
  needsSignOff: boolean;
  signedBy: string | null;
  confirmed: boolean;
  pupils: boolean;
  visitors: number;
  checks: boolean;
  starts: string;
  /** Signed for another price than it has now, while under way. */
  signAgain: boolean;
  /** Which side has proposed other terms, and the first day that it proposes. */
  change: { by: 'SCHOOL' | 'PROVIDER'; starts: string } | null;
}

export interface ModelConcern {
  id: string;
  engagement: string;
  state: string;
  by: 'SCHOOL' | 'PROVIDER';
  answered: boolean;
  passedOn: boolean;
}

export interface Step {
  process: string;
  id: string;
  transition: string;
  from: string | null;
  to: string;
  person: string | null;
  day: string;
}

const planned = ['AWAITING_SIGN_OFF', 'AGREED', 'IN_PROGRESS'];
const atWork = ['AGREED', 'IN_PROGRESS'];
const all = [...planned, 'COMPLETED', 'ENDED_EARLY'];

/** Who, from where, to where (the same when null). */
const moves: Record<string, { by: string[]; from: string[]; to: string | null }> = {
  signOff: { by: ['signer'], from: ['AWAITING_SIGN_OFF'], to: 'AGREED' },
  signOffAgain: { by: ['signer'], from: ['IN_PROGRESS'], to: null },
  sendBack: { by: ['signer'], from: ['AWAITING_SIGN_OFF'], to: null },
  confirm: { by: ['PROVIDER'], from: ['AGREED'], to: null },
  disown: { by: ['PROVIDER'], from: ['AWAITING_SIGN_OFF', 'AGREED'], to: 'ENDED_EARLY' },
  start: { by: ['SCHOOL', 'PROVIDER'], from: ['AGREED'], to: 'IN_PROGRESS' },
  startOnDay: { by: [], from: ['AGREED'], to: 'IN_PROGRESS' },
  fallDue: { by: [], from: atWork, to: null },
  setObjectives: { by: ['SCHOOL'], from: planned, to: null },
  addAction: { by: ['SCHOOL', 'PROVIDER'], from: planned, to: null },
  completeAction: { by: ['SCHOOL', 'PROVIDER', 'SIP'], from: atWork, to: null },
  addEvidence: { by: ['SCHOOL'], from: planned, to: null },
  giveEvidence: { by: ['SCHOOL', 'PROVIDER'], from: [...atWork, 'COMPLETED'], to: null },
  setReviewDates: { by: ['SCHOOL'], from: planned, to: null },
  addReview: { by: ['SCHOOL', 'SIP'], from: [...atWork, 'COMPLETED'], to: null },
  setVisitors: { by: ['PROVIDER'], from: planned, to: null },
  confirmSafeguarding: { by: ['PROVIDER'], from: planned, to: null },
  setPupilsConcerned: { by: ['SCHOOL'], from: planned, to: null },
  shareWithSip: { by: ['SCHOOL'], from: all, to: null },
  stopSharing: { by: ['SCHOOL'], from: all.slice(1), to: null },
  proposeChange: { by: ['SCHOOL', 'PROVIDER'], from: planned, to: null },
  acceptChange: { by: ['SCHOOL', 'PROVIDER'], from: planned, to: null },
  acceptChangeToSign: { by: ['SCHOOL', 'PROVIDER'], from: ['AGREED'], to: 'AWAITING_SIGN_OFF' },
  // acceptChangeAsSigned is not among these: here each price is another one; see signing-again.test.ts
  declineChange: { by: ['SCHOOL', 'PROVIDER'], from: planned, to: null },
  withdrawChange: { by: ['SCHOOL', 'PROVIDER'], from: planned, to: null },
  complete: { by: ['SCHOOL'], from: ['IN_PROGRESS'], to: 'COMPLETED' },
  takeBackCompletion: { by: ['SCHOOL'], from: ['COMPLETED'], to: 'IN_PROGRESS' },
  endEarly: { by: ['SCHOOL', 'PROVIDER'], from: planned, to: 'ENDED_EARLY' },
};

const LATE = 'NOT_ALLOWED_IN_THIS_STATE';

export class EngagementModel {
  readonly people = new Map<string, ModelPerson>();
  readonly engagements = new Map<string, ModelEngagement>();
  readonly concerns = new Map<string, ModelConcern>();
  /** Schools whose plan needs sign-off. */
  readonly plans = new Set<number>();

  works = (person: ModelPerson, school: number) => [...person.leads, ...person.staffOf].includes(school);
  isSchool = (p: ModelPerson, e: ModelEngagement) => (e.allLeads && p.leads.includes(e.school)) || (e.people.includes(p.id) && this.works(p, e.school));
  isProvider = (p: ModelPerson, e: ModelEngagement) => p.worksFor.includes(e.provider);
  isSip = (p: ModelPerson, e: ModelEngagement) => e.shared && p.sipOf.includes(e.school);
  isStandIn = (p: ModelPerson, e: ModelEngagement) => p.standsIn && ![...this.people.values()].some((sip) => sip.sipOf.includes(e.school) && this.maySign(sip, e));
  maySign = (p: ModelPerson, e: ModelEngagement) => !this.works(p, e.school) && !this.isProvider(p, e);
  sees = (p: ModelPerson, e: ModelEngagement) =>
    this.isSchool(p, e) || this.isProvider(p, e) || this.isSip(p, e) || (e.needsSignOff && ((this.isStandIn(p, e) && (e.state === 'AWAITING_SIGN_OFF' || e.signAgain)) || (p.standsIn && e.signedBy === p.id)));

  roles(p: ModelPerson, e: ModelEngagement): string[] {
    const held: [string, boolean][] = [
      ['SCHOOL', this.isSchool(p, e)],
      ['PROVIDER', this.isProvider(p, e)],
      ['SIP', this.isSip(p, e)],
      ['signer', this.isSip(p, e) || this.isStandIn(p, e)],
    ];
    return held.filter(([, holds]) => holds).map(([role]) => role);
  }

  /** The code with which this is refused to the person, `done` where it is not. */
  refusal(transition: string, p: ModelPerson, e: ModelEngagement, day: string): string {
    // each price in these histories is a new one, so that what was signed is not what it costs any more
    const { by, from } = moves[transition === 'signOff' && e.signAgain ? 'signOffAgain' : transition]!;
    if (!this.sees(p, e)) return 'NOT_FOUND';
    if (!by.some((role) => this.roles(p, e).includes(role))) return 'NOT_ALLOWED';
    if (!from.includes(e.state)) return LATE;
    return this.hindrance(transition, p, e, day);
  }

  private hindrance(transition: string, p: ModelPerson | null, e: ModelEngagement, day: string): string {
    switch (transition) {
      case 'signOffAgain':
        return e.signAgain ? this.hindrance('signOff', p, e, day) : LATE;
      case 'signOff':
      case 'sendBack':
        return this.maySign(p!, e) ? 'done' : 'HAS_INTEREST';
      case 'confirm':
      case 'disown':
        if (e.confirmed) return LATE;
        return this.works(p!, e.school) ? 'HAS_INTEREST' : 'done';
      case 'start':
        if (!e.confirmed) return 'NOT_CONFIRMED';
        if (e.pupils && !e.checks) return 'CHECKS_NOT_CONFIRMED';
        return e.starts > day ? LATE : 'done';
      case 'startOnDay':
        return this.hindrance('start', p, e, day);
      case 'complete':
        return e.starts <= day && !e.signAgain ? 'done' : LATE;
      case 'proposeChange':
        return e.change ? LATE : 'done';
      case 'acceptChange':
      case 'acceptChangeToSign':
      case 'declineChange':
        return e.change && !this.roles(p!, e).includes(e.change.by) ? 'done' : LATE;
      case 'withdrawChange':
        return e.change && this.roles(p!, e).includes(e.change.by) ? 'done' : LATE;
      case 'confirmSafeguarding':
        return e.visitors > 0 ? 'done' : LATE;
      case 'shareWithSip':
        return e.shared ? LATE : 'done';
      case 'stopSharing':
        return e.shared && !e.signAgain ? 'done' : LATE;
      default:
        return 'done';
    }
  }

  seesConcern(p: ModelPerson, c: ModelConcern): boolean {
    const e = this.engagements.get(c.engagement)!;
    return this.isSchool(p, e) || this.isProvider(p, e) || (c.passedOn && p.officer && !this.works(p, e.school) && !p.worksFor.includes(e.provider));
  }

  refusalOfConcern(transition: string, p: ModelPerson, c: ModelConcern): string {
    if (!this.seesConcern(p, c)) return 'NOT_FOUND';
    const e = this.engagements.get(c.engagement)!;
    const [asSchool, asProvider] = [this.isSchool(p, e), this.isProvider(p, e)];
    const officer = p.officer && c.state === 'PASSED_ON';
    if (transition === 'answer') {
      if (!(c.by === 'SCHOOL' ? asProvider : asSchool)) return 'NOT_ALLOWED';
      return c.state === 'RAISED' || (c.state === 'PASSED_ON' && !c.answered) ? 'done' : LATE;
    }
    if (transition === 'passOn') return !asSchool ? 'NOT_ALLOWED' : ['RAISED', 'ANSWERED'].includes(c.state) ? 'done' : LATE;
    const takesBack = c.by === 'PROVIDER' && asProvider && !asSchool;
    if (takesBack) return ['RAISED', 'ANSWERED'].includes(c.state) ? 'done' : LATE;
    if (!asSchool && !officer) return 'NOT_ALLOWED';
    if (c.state === 'RESOLVED') return LATE;
    return !asSchool && (this.works(p, e.school) || asProvider) ? 'HAS_INTEREST' : 'done';
  }

  /** Takes one step of the recorded history; throws unless it was legal at that point. `row` is what was inserted for a first step. */
  replay(step: Step, row: ModelEngagement | ModelConcern): void {
    const fail = (why: string): never => {
      throw new Error(`${step.process} ${step.id} ${step.transition}: ${why}`);
    };
    const person = step.person === null ? null : this.people.get(step.person)!;
    if (step.process === 'Concern') return this.replayConcern(step, row as ModelConcern, person, fail);
    if (step.from === null) {
      const created = row as ModelEngagement;
      const state = created.needsSignOff ? 'AWAITING_SIGN_OFF' : 'AGREED';
      if (step.to !== state || step.transition !== (created.needsSignOff ? 'recordForSignOff' : 'record')) fail(`it begins in ${step.to}`);
      if (!person!.leads.includes(created.school) || person!.worksFor.includes(created.provider)) fail('by somebody who may not');
      if (created.needsSignOff !== this.plans.has(created.school)) fail('the plan says something else');
      this.engagements.set(step.id, { ...created, state, shared: created.shared || created.needsSignOff });
      return;
    }
    const it = this.engagements.get(step.id)!;
    const { from, to, by } = moves[step.transition] ?? fail('there is no such thing');
    if (it.state !== step.from) fail(`the model has it in ${it.state}`);
    if (!from.includes(step.from) || step.to !== (to ?? step.from)) fail(`illegal: ${step.from} → ${step.to}`);
    if ((by.length === 0) !== (person === null)) fail('done by the wrong hand');
    const refusal = person ? this.refusal(step.transition, person, it, step.day) : this.hindrance(step.transition, null, it, step.day);
    if (refusal !== 'done') fail(refusal);
    it.state = step.to;
    const asksAgain = ['acceptChange', 'acceptChangeToSign'].includes(step.transition) && it.needsSignOff && ['AGREED', 'IN_PROGRESS'].includes(step.from);
    if (asksAgain && (step.from === 'AGREED') !== (step.transition === 'acceptChangeToSign')) fail('nobody signs the new price');
    if (asksAgain) Object.assign(it, step.from === 'AGREED' ? { signedBy: null, shared: true } : { signAgain: true, shared: true });
    else if (step.transition === 'acceptChangeToSign') fail('nobody had signed');
    if (['signOff', 'signOffAgain'].includes(step.transition)) Object.assign(it, { signedBy: step.person, signAgain: false });
    if (['complete', 'disown', 'endEarly'].includes(step.transition)) it.change = null;
    if (step.transition === 'confirm') it.confirmed = true;
    if (step.transition === 'setVisitors') Object.assign(it, { visitors: 1, checks: false });
    if (step.transition === 'confirmSafeguarding') it.checks = true;
    if (step.transition === 'setPupilsConcerned') it.pupils = !it.pupils;
    if (step.transition === 'proposeChange') it.change = { by: this.isSchool(person!, it) ? 'SCHOOL' : 'PROVIDER', starts: step.day };
    if (step.transition.startsWith('acceptChange')) it.starts = it.change!.starts;
    if (['acceptChange', 'acceptChangeToSign', 'declineChange', 'withdrawChange'].includes(step.transition)) it.change = null;
    if (step.transition === 'shareWithSip') it.shared = true;
    if (step.transition === 'stopSharing') it.shared = false;
  }

  private replayConcern(step: Step, row: ModelConcern, person: ModelPerson | null, fail: (why: string) => never): void {
    if (step.from === null) {
      const of = this.engagements.get(row.engagement)!;
      if (!(row.by === 'SCHOOL' ? this.isSchool(person!, of) : this.isProvider(person!, of))) fail('by somebody who may not');
      this.concerns.set(step.id, { ...row, state: 'RAISED', answered: false, passedOn: false });
      return;
    }
    const it = this.concerns.get(step.id)!;
    if (it.state !== step.from) fail(`the model has it in ${it.state}`);
    const what = step.transition === 'answerLate' ? 'answer' : step.transition;
    const refusal = this.refusalOfConcern(what, person!, it);
    if (refusal !== 'done') fail(refusal);
    const to = { answer: it.state === 'PASSED_ON' ? 'PASSED_ON' : 'ANSWERED', passOn: 'PASSED_ON', resolve: 'RESOLVED', takeBack: 'RESOLVED' }[what];
    if (step.to !== to) fail(`it goes to ${step.to}`);
    it.state = step.to;
    if (what === 'answer') it.answered = true;
    if (what === 'passOn') it.passedOn = true;
  }
}
