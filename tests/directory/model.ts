/**
 * A naive model of the two processes: what section 3 of the design says, written down a second time without looking at
 * the product's own definitions.
 */
export interface ModelSchool {
  urn: number;
  open: boolean;
  trust: string | null;
  federation: string | null;
  academy: boolean;
}

export interface ModelProvider {
  id: string;
  state: string;
  school: ModelSchool | null;
  checks: Set<string>;
  admin: string;
}

export interface ModelRecommendation {
  id: string;
  provider: string;
  school: number;
  state: string;
  by: string | null;
  confirmed: boolean;
  expires: number;
  lapses: number;
}

export interface ModelPerson {
  id: string;
  leads: number[];
  worksFor: string[];
  officer: boolean;
}

export interface HistoryStep {
  tx: string;
  process: string;
  id: string;
  transition: string;
  from: string | null;
  to: string;
  person: string | null;
  at: number;
}

const arrows: Record<string, Record<string, string[]>> = {
  Provider: {
    complete: ['DRAFT>AWAITING_RECOMMENDATIONS'],
    list: ['AWAITING_RECOMMENDATIONS>LISTED', 'LAPSED>LISTED'],
    lapse: ['LISTED>LAPSED'],
    suspend: ['LISTED>SUSPENDED'],
    reinstate: ['SUSPENDED>LISTED'],
    reinstateAsLapsed: ['SUSPENDED>LAPSED'],
    withdraw: ['DRAFT>WITHDRAWN', 'AWAITING_RECOMMENDATIONS>WITHDRAWN', 'LISTED>WITHDRAWN', 'SUSPENDED>WITHDRAWN', 'LAPSED>WITHDRAWN'],
  },
  Recommendation: {
    invite: ['null>INVITED'],
    give: ['null>GIVEN', 'INVITED>GIVEN'],
    decline: ['INVITED>DECLINED'],
    expire: ['INVITED>EXPIRED'],
    confirmIndependence: ['GIVEN>GIVEN'],
    flag: ['GIVEN>FLAGGED'],
    uphold: ['FLAGGED>GIVEN'],
    reject: ['FLAGGED>REJECTED'],
    withdraw: ['GIVEN>WITHDRAWN', 'FLAGGED>WITHDRAWN'],
    lapse: ['GIVEN>LAPSED', 'FLAGGED>LAPSED'],
  },
};

const standing = (state: string) => state === 'GIVEN' || state === 'FLAGGED';
const body = (school: ModelSchool) => (school.trust ? `t${school.trust}` : school.federation ? `f${school.federation}` : `s${school.urn}`);

export class Model {
  readonly providers = new Map<string, ModelProvider>();
  readonly recommendations = new Map<string, ModelRecommendation>();
  readonly schools = new Map<number, ModelSchool>();
  readonly people = new Map<string, ModelPerson>();

  of = (provider: string) => [...this.recommendations.values()].filter((each) => each.provider === provider);
  counting = (provider: string) => this.of(provider).filter((each) => each.state === 'GIVEN' && each.confirmed);
  meets = (provider: string) => this.counting(provider).length >= 2 && this.providers.get(provider)!.checks.size === 3;

  /** Every rule that stands against this school recommending this provider; for `person` to give it, or for an invitation. */
  against(providerId: string, urn: number, person: string | null): string[] {
    const provider = this.providers.get(providerId)!;
    const school = this.schools.get(urn)!;
    const own = provider.school;
    const others = this.of(providerId);
    const rules: [boolean, string][] = [
      [!school.open, 'SCHOOL_NOT_OPEN'],
      [own?.urn === urn, 'OWN_SCHOOL'],
      [own?.trust != null && own.trust === school.trust, 'OWN_TRUST'],
      [own?.federation != null && own.federation === school.federation, 'OWN_FEDERATION'],
      [own != null && [...this.recommendations.values()].some((each) => standing(each.state) && each.school === own.urn && this.providers.get(each.provider)!.school?.urn === urn), 'RECIPROCAL'],
      [others.some((each) => each.school === urn && (standing(each.state) || (each.state === 'INVITED' && person === null))), 'SAME_SCHOOL_TWICE'],
      [others.some((each) => standing(each.state) && each.school !== urn && body(this.schools.get(each.school)!) === body(school)), 'SAME_GOVERNING_BODY'],
    ];
    if (person === null) rules.push([!['AWAITING_RECOMMENDATIONS', 'LISTED', 'LAPSED'].includes(provider.state), 'NOT_ALLOWED_IN_THIS_STATE']);
    else {
      const giver = this.people.get(person)!;
      const asked = others.some((each) => each.school === urn && each.state === 'INVITED');
      rules.push(
        [!['AWAITING_RECOMMENDATIONS', 'LISTED', 'LAPSED'].includes(provider.state) && !(provider.state === 'SUSPENDED' && asked), 'NOT_ALLOWED_IN_THIS_STATE'],
        [!giver.leads.includes(urn), 'NOT_ALLOWED'],
        [giver.worksFor.includes(providerId), 'MEMBER_OF_PROVIDER'],
        [others.some((each) => standing(each.state) && each.by === person), 'SAME_PERSON_TWICE'],
      );
    }
    return rules.filter(([broken]) => broken).map(([, code]) => code);
  }

  /** Takes one step of the recorded history; throws unless it was legal at that point. */
  replay(step: HistoryStep, row: { provider: string; school: number; by: string | null; confirmed: boolean } | null): void {
    const fail = (why: string): never => {
      throw new Error(`${step.process} ${step.id} ${step.transition}: ${why}`);
    };
    if (!arrows[step.process]?.[step.transition]?.includes(`${step.from}>${step.to}`)) fail(`illegal: ${step.from} → ${step.to}`);
    if (step.process === 'Provider') {
      const provider = this.providers.get(step.id)!;
      if (provider.state !== step.from) fail(`the model has it in ${provider.state}`);
      provider.state = step.to;
      return;
    }
    const known = this.recommendations.get(step.id);
    if ((known?.state ?? null) !== step.from) fail(`the model has it in ${known?.state}`);
    if (step.transition === 'give') {
      // Across providers the history's order need not be that of the commits, so reciprocity is checked at the end.
      const broken = this.against(row!.provider, row!.school, step.person).filter((code) => code !== 'RECIPROCAL');
      if (broken.length > 0) fail(broken.join());
    }
    const next = known ?? { id: step.id, provider: row!.provider, school: row!.school, state: '', by: null, confirmed: false, expires: step.at + 30 * 86_400_000, lapses: Infinity };
    this.recommendations.set(step.id, next);
    next.state = step.to;
    if (step.transition === 'give') {
      next.by = step.person;
      const school = this.schools.get(next.school)!;
      next.confirmed = !(school.academy && !school.trust);
      const lapses = new Date(step.at);
      next.lapses = lapses.setUTCFullYear(lapses.getUTCFullYear() + 3);
    }
    if (step.transition === 'confirmIndependence') next.confirmed = true;
    if (step.transition === 'expire' && step.at < next.expires) fail('too early');
    if (step.transition === 'lapse' && step.at < next.lapses) fail('too early');
  }

  /** What must hold after every commit. */
  checkCommitted(): void {
    for (const { id, state } of this.providers.values()) {
      const counting = this.counting(id);
      if (state === 'LISTED' && counting.length < 2) throw new Error(`${id} is LISTED with ${counting.length} recommendations that count`);
      for (const key of [(each: ModelRecommendation): unknown => each.school, (each: ModelRecommendation) => each.by, (each: ModelRecommendation) => body(this.schools.get(each.school)!)]) {
        if (new Set(counting.map(key)).size !== counting.length) throw new Error(`${id}: two recommendations of one school, person or governing body count`);
      }
    }
  }

  /** What must hold when nothing is under way. */
  checkSettled(): void {
    this.checkCommitted();
    for (const { id, state } of this.providers.values()) {
      if (['LISTED', 'LAPSED', 'AWAITING_RECOMMENDATIONS'].includes(state) && this.meets(id) !== (state === 'LISTED')) throw new Error(`${id} is ${state}, but meets: ${this.meets(id)}`);
    }
    for (const one of this.recommendations.values()) {
      const back = [...this.recommendations.values()].find(
        (each) => standing(each.state) && standing(one.state) && each.school === this.providers.get(one.provider)!.school?.urn && this.providers.get(each.provider)!.school?.urn === one.school,
      );
      if (back) throw new Error(`${one.id} and ${back.id} are reciprocal`);
    }
  }
}
