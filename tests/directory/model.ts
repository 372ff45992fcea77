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
  /** An earlier one by the same school or person was rejected, or ended while it was looked into; no officer has accepted that. */
  judged: boolean;
  /** It closes a small circle, and no officer has accepted that: as the database has it, and checked to be one. */
  circle: boolean;
  /** Whether it was being looked into when it ended. */
  endedFlagged: boolean;
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
    holdBack: ['DRAFT>DRAFT', 'AWAITING_RECOMMENDATIONS>AWAITING_RECOMMENDATIONS', 'LAPSED>LAPSED'],
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
    withdraw: ['GIVEN>WITHDRAWN'],
    excuse: ['GIVEN>GIVEN', 'FLAGGED>FLAGGED'],
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
  counting = (provider: string) => this.of(provider).filter((each) => each.state === 'GIVEN' && each.confirmed && !each.judged && !each.circle);
  meets = (provider: string) => this.counting(provider).length >= 2 && this.providers.get(provider)!.checks.size === 3;

  /** The school, its trust and its federation. */
  private bodies = (school: ModelSchool) => [`s${school.urn}`, ...(school.trust ? [`t${school.trust}`] : []), ...(school.federation ? [`f${school.federation}`] : [])];
  private ledBy = (each: ModelPerson) => each.leads.flatMap((urn) => this.bodies(this.schools.get(urn)!));
  private own = ({ school }: ModelProvider) => (school ? this.bodies(school) : []);
  private peoples = ({ id }: ModelProvider) => [...this.people.values()].filter((each) => each.worksFor.includes(id)).flatMap(this.ledBy);
  private theirs = (provider: ModelProvider) => [...this.own(provider), ...this.peoples(provider)];
  private meet = (one: string[], other: string[]) => one.some((each) => other.includes(each));

  /** Whether some recommendation that stands goes from what is the school’s, or is run from there, to what the provider is, or is run from. */
  private recommendsBack(provider: ModelProvider, school: ModelSchool): boolean {
    return [...this.recommendations.values()].some((each) => {
      const back = this.providers.get(each.provider)!;
      return standing(each.state) && back !== provider && this.meet(this.bodies(this.schools.get(each.school)!), this.theirs(provider)) && this.meet(this.bodies(school), this.theirs(back));
    });
  }

  /** Whether the word of a recommendation's provider comes back to it by those that stand. */
  private comesBack(of: ModelRecommendation): boolean {
    const runFrom = (urn: number) => [...this.providers.values()].filter((each) => this.theirs(each).includes(`s${urn}`)).map(({ id }) => id);
    const back = new Set(runFrom(of.school));
    for (const id of back) for (const each of this.of(id)) if (standing(each.state)) for (const source of runFrom(each.school)) back.add(source);
    return back.has(of.provider);
  }

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
      [this.meet(this.bodies(school), this.peoples(provider)) && !this.meet(this.bodies(school), this.own(provider)), 'HAS_INTEREST'],
      [this.recommendsBack(provider, school), 'RECIPROCAL'],
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
        [this.meet(this.ledBy(giver), this.own(provider)), 'HAS_INTEREST'],
        [others.some((each) => standing(each.state) && each.by === person), 'SAME_PERSON_TWICE'],
      );
    }
    return rules.filter(([broken]) => broken).map(([, code]) => code);
  }

  /** Takes one step of the recorded history; throws unless it was legal at that point. */
  replay(step: HistoryStep, row: { provider: string; school: number; by: string | null; confirmed: boolean; circle: boolean } | null): void {
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
    const next = known ?? { id: step.id, provider: row!.provider, school: row!.school, state: '', by: null, confirmed: false, judged: false, circle: false, endedFlagged: false, expires: step.at + 30 * 86_400_000, lapses: Infinity };
    this.recommendations.set(step.id, next);
    next.state = step.to;
    if (step.transition === 'give') {
      next.by = step.person;
      const school = this.schools.get(next.school)!;
      next.confirmed = !(school.academy && !school.trust);
      next.judged = this.of(next.provider).some((each) => each !== next && (each.state === 'REJECTED' || each.endedFlagged) && (each.school === next.school || each.by === next.by));
      const lapses = new Date(step.at);
      next.lapses = lapses.setUTCFullYear(lapses.getUTCFullYear() + 3);
    }
    if (step.transition === 'confirmIndependence') [next.confirmed, next.judged] = [true, false];
    if (step.from === 'FLAGGED' && step.to === 'LAPSED') next.endedFlagged = true;
    next.circle = row!.circle;
    if (step.transition === 'give' && next.circle && !this.comesBack(next)) fail('waits for a circle that there is not');
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
