import fc from 'fast-check';
import type { Actor } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import { generatedSequences } from '../support/sequences.js';
import { type HistoryStep, Model, type ModelSchool } from './model.js';


let services: TestApp;
const transitionsSeen = new Map<string, number>();
let stepsMade = 0;

beforeAll(async () => {
  services = await startServices();
});

afterAll(() => {
  process.stderr.write(`${stepsMade} generated steps; transitions: ${[...transitionsSeen].sort().map(([name, count]) => `${name} ${count}`).join(', ')}\n`);
});

const index = fc.nat({ max: 99 });
const command = fc.oneof(
  { weight: 20, arbitrary: fc.record({ kind: fc.constant('give' as const), person: index, provider: index, school: index }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('invite' as const), provider: index, school: index }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('decline' as const, 'withdraw' as const), recommendation: index }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom('confirmIndependence' as const, 'flag' as const, 'uphold' as const, 'reject' as const), recommendation: index }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('suspend' as const, 'reinstate' as const), provider: index }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('check' as const), provider: index, check: fc.constantFrom('SAFEGUARDING' as const, 'INSURANCE' as const, 'INTERESTS' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('complete' as const, 'complete' as const, 'complete' as const, 'leave' as const), provider: index }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('time' as const), days: fc.constantFrom(1, 10, 20, 31, 1100) }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

generatedSequences(command, () => Run.begin(services));

/** One world, its model, and where the history has been followed to. */
class Run {
  private readonly model = new Model();
  private readonly actors: Actor[] = [];
  private readonly admins = new Map<string, Actor>();
  private readonly listings = new Map<string, string>();
  private officer: Actor;
  private followed = 0;

  private constructor(private readonly services: TestApp) {}

  static async begin(services: TestApp): Promise<Run> {
    const run = new Run(services);
    const { world } = services;
    const trust = `T${services.clock.now().getTime()}-${Math.random()}`;
    const schools: Partial<ModelSchool>[] = [{}, {}, {}, {}, { trust, academy: true }, { trust, academy: true }, { federation: trust }, { federation: trust }, { academy: true }, { open: false }];
    for (const each of schools) {
      const urn = await world.school({ trust: each.trust, federation: each.federation, academy: each.academy, status: each.open === false ? 'CLOSED' : 'OPEN' });
      run.model.schools.set(urn, { urn, open: true, trust: null, federation: null, academy: false, ...each });
    }
    run.officer = await world.officer('990');
    run.addPerson(run.officer, [], [], true);
    const urns = [...run.model.schools.keys()];
    for (const [i, schoolUrn] of [urns[0]!, urns[1]!, urns[4]!, null].entries()) {
      const provider = await (i === 3 ? world.provider() : world[i === 2 ? 'awaiting' : 'checked']({ schoolUrn: schoolUrn! }));
      run.model.providers.set(provider.id, {
        id: provider.id,
        state: i === 3 ? 'DRAFT' : 'AWAITING_RECOMMENDATIONS',
        school: schoolUrn === null ? null : run.model.schools.get(schoolUrn)!,
        checks: new Set(i < 2 ? ['SAFEGUARDING', 'INSURANCE', 'INTERESTS'] : []),
        admin: provider.admin.personId!,
      });
      run.admins.set(provider.id, provider.admin);
      run.listings.set(provider.id, provider.listing);
    }
    for (const urn of urns) run.addPerson(await world.lead(urn), [urn], []);
    const two = await world.lead(urns[2]!);
    await world.give(two.personId, 'SCHOOL_LEAD', { schoolUrn: urns[3]! });
    run.addPerson(await world.refresh(two), [urns[2]!, urns[3]!], []);
    const [member, id] = [await world.lead(urns[3]!), [...run.model.providers.keys()][0]!];
    await world.give(member.personId, 'PROVIDER_EDITOR', { providerId: id });
    run.addPerson(await world.refresh(member), [urns[3]!], [id]);
    const [last] = await services.app.db.query<{ id: number }>('SELECT max(id) AS id FROM history');
    run.followed = last!.id;
    return run;
  }

  /** Makes the commands at the same moment, then follows what the history says came of them. */
  async step(batch: Command[]): Promise<void> {
    const alone = batch.length === 1 ? this.expected(batch[0]!) : null;
    const before = this.followed;
    const results = await Promise.all(batch.map((each) => this.perform(each)));
    stepsMade += batch.length;
    if (alone) {
      const code = results[0] instanceof Problem ? results[0].code : 'done';
      const fits = alone.length === 0 ? code === 'done' : alone.includes(code);
      if (!fits) throw new Error(`${JSON.stringify(batch[0])}: ${code}, but the model says ${alone.join() || 'done'}`);
    }
    const steps = await this.follow();
    // Every act that was answered with success is in the history once; acts that were refused are not there.
    const acts = results.filter((result, i) => !(result instanceof Problem) && !['check', 'time'].includes(batch[i]!.kind)).length;
    const recorded = steps.filter((step) => step.person !== null).length;
    if (acts !== recorded) throw new Error(`${acts} acts were done, ${recorded} are in the history after ${before}`);
  }

  private addPerson(actor: Actor, leads: number[], worksFor: string[], officer = false): void {
    this.model.people.set(actor.personId!, { id: actor.personId!, leads, worksFor, officer });
    if (!officer) this.actors.push(actor);
  }

  private pick = <T>(from: T[], at: number): T => from[at % from.length]!;
  private providerAt = (at: number) => this.pick([...this.model.providers.values()], at);
  private schoolAt = (at: number) => this.pick([...this.model.schools.keys()], at);
  private recommendationAt = (at: number) => (this.model.recommendations.size > 0 ? this.pick([...this.model.recommendations.values()], at) : null);
  private leadOf = (urn: number) => this.actors.find((each) => this.model.people.get(each.personId!)!.leads.includes(urn))!;
  /** Half of all who give lead the school, so that rules other than that one are met too. */
  private giver = ({ person, school }: { person: number; school: number }) => (person % 2 ? this.leadOf(this.schoolAt(school)) : this.pick(this.actors, person));

  private perform(each: Command): Promise<unknown> {
    const { providers, recommendations } = this.services.app.directory;
    const officer = { actor: this.officer, reason: 'It was looked into.' };
    return attempt<unknown>(async () => {
      switch (each.kind) {
        case 'give': {
          const { id } = this.providerAt(each.provider);
          return recommendations.give(this.giver(each), this.services.world.recommendation({ id, listing: this.listings.get(id)! }, this.schoolAt(each.school)));
        }
        case 'invite': {
          const { id } = this.providerAt(each.provider);
          return recommendations.invite(this.admins.get(id)!, { providerId: id, schoolUrn: this.schoolAt(each.school) });
        }
        case 'check': {
          const { id } = this.providerAt(each.provider);
          await providers.recordCheck(this.officer, id, each.check, '2035-12-31');
          this.model.providers.get(id)!.checks.add(each.check);
          return null;
        }
        case 'suspend':
          return providers.act(this.providerAt(each.provider).id, 'suspend', officer);
        case 'reinstate':
          return providers.reinstate(this.providerAt(each.provider).id, officer);
        case 'complete':
        case 'leave': {
          const { id } = this.providerAt(each.provider);
          return providers.act(id, each.kind === 'leave' ? 'withdraw' : 'complete', { actor: this.admins.get(id)! });
        }
        case 'time':
          this.services.clock.advance({ days: each.days });
          return recommendations.passTime();
        default: {
          const recommendation = this.recommendationAt(each.recommendation);
          if (!recommendation) return new Problem_('nothing there yet');
          const byLead = each.kind === 'decline' || each.kind === 'withdraw';
          return recommendations.act(recommendation.id, each.kind, byLead ? { actor: this.leadOf(recommendation.school) } : officer);
        }
      }
    });
  }

  /** The codes that the model expects, none for success; null where it does not say. */
  private expected(each: Command): string[] | null {
    const inState = (state: string | undefined, ...states: string[]) => (states.includes(state!) ? [] : ['NOT_ALLOWED_IN_THIS_STATE', 'NOT_FOUND']);
    switch (each.kind) {
      case 'give': {
        const provider = this.providerAt(each.provider);
        const codes = this.model.against(provider.id, this.schoolAt(each.school), this.giver(each).personId);
        return codes.length > 0 ? [...codes, 'NOT_FOUND'] : [];
      }
      case 'invite':
        return this.model.against(this.providerAt(each.provider).id, this.schoolAt(each.school), null);
      case 'check':
        return this.providerAt(each.provider).state === 'DRAFT' ? ['NOT_FOUND'] : [];
      case 'suspend':
        return inState(this.providerAt(each.provider).state, 'LISTED');
      case 'reinstate':
        return inState(this.providerAt(each.provider).state, 'SUSPENDED');
      case 'complete':
        return inState(this.providerAt(each.provider).state, 'DRAFT');
      case 'leave':
        return inState(this.providerAt(each.provider).state, 'DRAFT', 'AWAITING_RECOMMENDATIONS', 'LISTED', 'SUSPENDED', 'LAPSED');
      case 'time':
        return [];
      case 'decline':
        return inState(this.recommendationAt(each.recommendation)?.state ?? '', 'INVITED').concat(this.recommendationAt(each.recommendation) ? [] : 'NOTHING');
      case 'withdraw':
        return inState(this.recommendationAt(each.recommendation)?.state ?? '', 'GIVEN').concat(this.recommendationAt(each.recommendation) ? [] : 'NOTHING');
      case 'confirmIndependence': {
        const found = this.recommendationAt(each.recommendation);
        return found?.state === 'GIVEN' && (!found.confirmed || found.judged || found.circle) ? [] : ['NOT_ALLOWED_IN_THIS_STATE', 'NOTHING'];
      }
      case 'flag':
        return inState(this.recommendationAt(each.recommendation)?.state ?? '', 'GIVEN').concat(this.recommendationAt(each.recommendation) ? [] : 'NOTHING');
      default:
        return inState(this.recommendationAt(each.recommendation)?.state ?? '', 'FLAGGED').concat(this.recommendationAt(each.recommendation) ? [] : 'NOTHING');
    }
  }

  /** Replays on the model what was committed since, transaction by transaction, and holds the database against it. */
  private async follow(): Promise<HistoryStep[]> {
    const { db } = this.services.app;
    const recorded = await db.query<HistoryStep & { seq: number; time: Date }>(
      `SELECT id AS seq, xmin::text AS tx, process, object_id AS id, transition, from_state AS "from", to_state AS "to", person_id AS person, at AS time
       FROM history WHERE id > $1 AND process IN ('Provider', 'Recommendation') ORDER BY seq`,
      [this.followed],
    );
    const rows = await db.query<{ id: string; provider: string; school: number; by: string | null; state: string; confirmed: boolean; circle: boolean }>(
      `SELECT id, provider_id AS provider, school_urn AS school, given_by AS by, state, independence = 'INDEPENDENT' AS confirmed, 'CIRCLE' = ANY(obstacles) AND NOT 'CIRCLE' = ANY(accepted || excused) AS circle FROM recommendation WHERE provider_id = ANY($1)`,
      [[...this.model.providers.keys()]],
    );
    const rowOf = new Map(rows.map((row) => [row.id, row]));
    for (const known of this.model.recommendations.values()) known.circle = rowOf.get(known.id)!.circle;
    const steps = recorded.filter(({ id }) => rowOf.has(id) || this.model.providers.has(id)); // time passes for earlier worlds too
    for (const [i, step] of steps.entries()) {
      this.model.replay({ ...step, at: step.time.getTime() }, rowOf.get(step.id) ?? null);
      transitionsSeen.set(`${step.process}.${step.transition}`, (transitionsSeen.get(`${step.process}.${step.transition}`) ?? 0) + 1);
      const lastOfCommit = !steps.slice(i + 1).some((later) => later.tx === step.tx);
      const together = steps.slice(0, i + 1).every((earlier) => earlier.tx === step.tx || !steps.slice(i + 1).some((later) => later.tx === earlier.tx));
      if (lastOfCommit && together) this.model.checkCommitted();
      this.followed = Math.max(this.followed, step.seq);
    }
    this.model.checkSettled();

    const providers = await db.query<{ id: string; state: string }>('SELECT id, state FROM provider WHERE id = ANY($1)', [[...this.model.providers.keys()]]);
    for (const { id, state } of providers) if (this.model.providers.get(id)!.state !== state) throw new Error(`${id} is ${state}, the model has ${this.model.providers.get(id)!.state}`);
    for (const row of rows) {
      const known = this.model.recommendations.get(row.id);
      if (known?.state !== row.state || known.confirmed !== (row.confirmed && known.by !== null)) throw new Error(`recommendation ${row.id} is ${row.state}, the model has ${known?.state}`);
    }
    return steps;
  }
}

/** Stands for a command that found nothing to act on. */
class Problem_ extends Problem {
  constructor(message: string) {
    super('NOTHING', message);
  }
}
