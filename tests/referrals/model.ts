/**
 * A naive model of visits, referrals and questions to SIPs: what the design says of them, written down a second time
 * without looking at the product's own definitions.
 */
export interface Thing {
  kind: 'Visit' | 'Referral' | 'Suggestion request';
  id: string;
  state: string;
  sip: string;
  school: number | null;
  /** Visits: the day. Referrals: the listings, in order. */
  what: string;
  /** When it expires, where it does. */
  expires: number;
}

export interface Step {
  process: Thing['kind'];
  id: string;
  transition: string;
  from: string | null;
  to: string;
  person: string | null;
  at: Date;
}

const arrows: Record<Thing['kind'], Record<string, { from: (string | null)[]; to: string; by: 'sip' | 'lead' | 'others' | 'time' }>> = {
  Visit: {
    plan: { from: [null], to: 'PLANNED', by: 'sip' },
    change: { from: ['PLANNED'], to: 'PLANNED', by: 'sip' },
    addAgendaPoint: { from: ['PLANNED'], to: 'PLANNED', by: 'lead' },
    removeAgendaPoint: { from: ['PLANNED'], to: 'PLANNED', by: 'lead' },
    writeNote: { from: ['PLANNED', 'HELD'], to: 'HELD', by: 'sip' },
    cancel: { from: ['PLANNED'], to: 'CANCELLED', by: 'sip' },
  },
  Referral: {
    send: { from: [null], to: 'SENT', by: 'sip' },
    accept: { from: ['SENT'], to: 'ACCEPTED', by: 'lead' },
    decline: { from: ['SENT'], to: 'DECLINED', by: 'lead' },
    withdraw: { from: ['SENT'], to: 'WITHDRAWN', by: 'sip' },
    expire: { from: ['SENT'], to: 'EXPIRED', by: 'time' },
  },
  'Suggestion request': {
    ask: { from: [null], to: 'OPEN', by: 'sip' },
    suggest: { from: ['OPEN'], to: 'OPEN', by: 'others' },
    close: { from: ['OPEN'], to: 'CLOSED', by: 'sip' },
    expire: { from: ['OPEN'], to: 'EXPIRED', by: 'time' },
  },
};

export class Model {
  readonly things = new Map<string, Thing>();
  /** How many points there are on the agenda of a visit. */
  readonly points = new Map<string, number>();
  /** Schools of each SIP, and of each lead. */
  readonly sipOf = new Map<string, Set<number>>();
  readonly leadOf = new Map<string, number>();

  of = (kind: Thing['kind']): Thing[] => [...this.things.values()].filter((each) => each.kind === kind);

  /** Whether a person may know of it at all. */
  sees(person: string, { kind, sip, school }: Thing): boolean {
    if (kind === 'Suggestion request') return this.sipOf.has(person);
    return (person === sip && this.sipOf.get(sip)!.has(school!)) || this.leadOf.get(person) === school;
  }

  /** The codes with which an act may be refused; none when it is to be done. */
  against(person: string, thing: Thing, transition: string, today: string): string[] {
    const { from } = arrows[thing.kind][transition]!;
    if (!this.sees(person, thing)) return ['NOT_FOUND'];
    if (!this.entitled(person, thing, transition)) return ['NOT_ALLOWED'];
    const inTime = transition === 'writeNote' ? thing.what <= today : transition.endsWith('AgendaPoint') ? thing.what >= today : true;
    return from.includes(thing.state) && inTime ? [] : ['NOT_ALLOWED_IN_THIS_STATE'];
  }

  /** The same for sending a referral of these listings. */
  againstSending(sip: string, school: number, what: string): string[] {
    if (!this.sipOf.get(sip)!.has(school)) return ['NOT_ALLOWED'];
    const waits = this.of('Referral').some((each) => each.state === 'SENT' && each.sip === sip && each.school === school && each.what === what);
    return waits ? ['ALREADY_REFERRED'] : [];
  }

  /** Takes one step of the recorded history; throws unless it was legal at that point. */
  replay(step: Step, row: Omit<Thing, 'kind' | 'id' | 'state'>): void {
    const fail = (why: string): never => {
      throw new Error(`${step.process} ${step.id} ${step.transition}: ${why}`);
    };
    const arrow = arrows[step.process][step.transition] ?? fail('there is no such transition');
    if (!arrow.from.includes(step.from) || arrow.to !== step.to) fail(`illegal: ${step.from} → ${step.to}`);
    const known = this.things.get(step.id);
    if ((known?.state ?? null) !== step.from) fail(`the model has it in ${known?.state}`);
    const thing: Thing = { kind: step.process, id: step.id, ...row, state: step.to };
    if (arrow.by === 'time' ? step.person !== null : !this.entitled(step.person ?? '', thing, step.transition)) fail(`done by ${step.person}`);
    if (arrow.by === 'time' && step.at.getTime() < thing.expires) fail('too early');
    if (step.transition === 'send' && this.againstSending(thing.sip, thing.school!, thing.what).length > 0) fail('it waits for an answer already');
    this.things.set(step.id, thing);
    const added = { addAgendaPoint: 1, removeAgendaPoint: -1 }[step.transition] ?? 0;
    this.points.set(step.id, (this.points.get(step.id) ?? 0) + added);
  }

  private entitled(person: string, { kind, sip, school }: Thing, transition: string): boolean {
    const { by } = arrows[kind][transition]!;
    if (by === 'lead') return this.leadOf.get(person) === school;
    if (by === 'others') return this.sipOf.has(person) && person !== sip;
    return person === sip && (school === null || this.sipOf.get(sip)!.has(school));
  }
}
