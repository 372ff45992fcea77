import fc from 'fast-check';
import type { Actor } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import { generatedSequences } from '../support/sequences.js';
import { type Act, answerTo, due, follow, type ModelPerson, type ModelRating } from './model.js';


let services: TestApp;
const transitionsSeen = new Map<string, number>();
let stepsMade = 0;

beforeAll(async () => {
  services = await startServices();
});

afterAll(() => {
  process.stderr.write(`${stepsMade} generated steps; transitions: ${[...transitionsSeen].sort().map(([name, count]) => `${name} ${count}`).join(', ')}\n`);
});

const index = fc.nat({ max: 999 });
const result = fc.constantFrom('MET' as const, 'NOT_MET' as const, 'TOO_EARLY' as const, 'TOO_EARLY' as const);
const on = <const Kind extends Act>(weight: number, kind: Kind) => ({ weight, arbitrary: fc.record({ kind: fc.constant(kind), rating: index, person: index, result }) });
const command = fc.oneof(
  on(8, 'give'),
  on(9, 'change'),
  on(3, 'reply'),
  on(12, 'followUp'),
  on(4, 'offerToBeAsked'),
  on(9, 'stopBeingAsked'),
  on(6, 'hideWords'),
  on(9, 'showWords'),
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('time' as const), days: fc.constantFrom(5, 40, 130) }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;
type ActCommand = Exclude<Command, { kind: 'time' }>;

generatedSequences(command, () => Run.begin(services), ({ kind }) => kind === 'time');

/** Support for six schools by one provider, the people around it, and where the history has been followed to. */
class Run {
  private readonly ratings: (ModelRating & { objective: string })[] = [];
  private readonly people: { model: ModelPerson; actor: Actor }[] = [];
  private followed = 0;

  private constructor(private readonly services: TestApp) {}

  static async begin(services: TestApp): Promise<Run> {
    const run = new Run(services);
    const { world, app } = services;
    const provider = await world.awaiting();
    const know = (actor: Actor, is: Partial<ModelPerson>) => run.people.push({ actor, model: { id: actor.personId!, leads: null, ofProvider: false, officer: false, ...is } });
    for (let i = 0; i < 6; i++) {
      const { id, urn, lead, objective } = await world.finished({ schoolUrn: await world.school() }, provider);
      run.ratings.push({ engagement: id, objective, school: urn, id: null, state: 'GIVEN', givenAt: 0, result: '', answered: 0, asked: 0, replied: false, hidden: false, contact: false, released: false });
      know(lead, { leads: urn });
      know(await world.lead(urn), { leads: urn });
    }
    const editing = async (actor: Actor & { personId: string }) => {
      await world.give(actor.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
      return world.refresh(actor);
    };
    const { school } = run.ratings[0]!;
    know(await editing(await world.lead(school)), { leads: school, ofProvider: true });
    know(provider.admin, { ofProvider: true });
    know(await world.officer('990'), { officer: true });
    know(await editing(await world.officer('990')), { officer: true, ofProvider: true });
    know(await world.person(), {});
    const [last] = await app.db.query<{ id: number }>('SELECT max(id) AS id FROM history');
    run.followed = last!.id;
    return run;
  }

  /** Makes the commands at the same moment, then follows what the history says came of them. */
  async step(batch: Command[]): Promise<void> {
    const [first] = batch;
    const alone = batch.length === 1 && first!.kind !== 'time' ? this.expected(first as ActCommand) : null;
    const codes = await Promise.all(batch.map((each) => this.perform(each)));
    stepsMade += batch.length;
    if (alone !== null && codes[0] !== alone) throw new Error(`${JSON.stringify(first)}: ${codes[0]}, but the model says ${alone}`);
    const steps = await this.follow();
    const done = codes.filter((code, i) => code === 'done' && batch[i]!.kind !== 'time').length;
    const acts = steps.filter(({ person }) => person !== null).length;
    if (done !== acts) throw new Error(`${done} acts were done, ${acts} are in the history`);
    if (first!.kind === 'time') {
      const left = this.ratings.filter((each) => due(each, services.clock.now().getTime()) !== null);
      if (left.length > 0) throw new Error(`time has passed, but not for ${JSON.stringify(left)}`);
    }
    await this.compare();
  }

  private pick = <T>(from: readonly T[], at: number): T => from[at % from.length]!;

  /** What is acted on: every other time something that waits for it. */
  private ratingFor({ kind, rating }: ActCommand) {
    const waiting = this.ratings.filter((each) => {
      if (kind === 'followUp') return each.asked > each.answered && each.state === 'GIVEN';
      if (kind === 'showWords') return each.hidden;
      return kind === 'hideWords' && each.released && !each.hidden;
    });
    return rating % 2 && waiting.length > 0 ? this.pick(waiting, rating >> 1) : this.pick(this.ratings, rating >> 1);
  }

  /** Who acts: mostly somebody of the right side. */
  private actorFor(each: ActCommand) {
    const { kind, person } = each;
    if (kind === 'hideWords' || kind === 'showWords') return this.pick(this.people.filter(({ model }) => model.officer), person);
    const { school } = this.ratingFor(each);
    const side = this.people.filter(({ model }) => (kind === 'reply' ? model.ofProvider : model.leads === school));
    return person % 4 ? this.pick(side, person) : this.pick(this.people.filter(({ model }) => !model.officer || model.ofProvider), person);
  }

  private expected(each: ActCommand): string | null {
    const it = this.ratingFor(each);
    if (it.id === null && each.kind !== 'give') return 'NOTHING';
    return answerTo(each.kind, it, this.actorFor(each).model, services.clock.now().getTime());
  }

  private async perform(each: Command): Promise<string> {
    const { ratings, releaseEvidence } = this.services.app.outcomes;
    if (each.kind === 'time') {
      this.services.clock.advance({ days: each.days });
      await Promise.all([ratings.passTime(), ratings.passTime(), releaseEvidence(), releaseEvidence()]);
      await ratings.passTime();
      return 'done';
    }
    const it = this.ratingFor(each);
    const { actor } = this.actorFor(each);
    if (it.id === null && each.kind !== 'give') return 'NOTHING';
    const id = it.id!;
    const said = this.services.world.ratingOf(it, { objectives: [{ objectiveId: it.objective, result: each.result }] });
    const answer = await attempt<unknown>(async () => {
      switch (each.kind) {
        case 'give':
          return ratings.give(actor, it.engagement, said);
        case 'change': {
          const [row] = await this.services.app.db.query<{ version: number }>('SELECT version FROM rating WHERE id = $1', [id]);
          return ratings.change(actor, id, row!.version, said);
        }
        case 'reply':
          return ratings.reply(actor, id, 'Thank you.');
        case 'followUp':
          return ratings.followUp(actor, id, said.objectives);
        case 'offerToBeAsked':
        case 'stopBeingAsked':
          return ratings.setMayBeAsked(actor, id, each.kind === 'offerToBeAsked');
        default: {
          const [row] = await this.services.app.db.query<{ words: string }>('SELECT words_id AS words FROM rating WHERE id = $1', [id]);
          return ratings.moderate(actor, row!.words, each.kind, 'It was looked into.');
        }
      }
    });
    return answer instanceof Problem ? answer.code : 'done';
  }

  private async follow() {
    const { db } = this.services.app;
    const steps = await db.query<{ seq: number; id: string; engagement: string; transition: string; person: string | null; time: Date; results: Record<string, string> }>(
      `SELECT h.id AS seq, r.id, r.engagement_id AS engagement, h.transition, h.person_id AS person, h.at AS time,
              (SELECT json_object_agg(a.asked, a.result) FROM rating_answer a WHERE a.rating_id = r.id) AS results
       FROM history h JOIN rating r ON r.id = h.object_id WHERE h.id > $1 AND h.process = 'Rating' AND r.engagement_id = ANY($2) ORDER BY h.id`,
      [this.followed, this.ratings.map((each) => each.engagement)],
    );
    for (const step of steps) {
      const it = this.ratings.find((each) => each.engagement === step.engagement)!;
      const by = step.person === null ? null : this.people.find(({ model }) => model.id === step.person)!.model;
      follow(it, { ...step, at: step.time.getTime() }, by, step.results[step.transition === 'followUp' ? it.asked : 0]!);
      transitionsSeen.set(step.transition, (transitionsSeen.get(step.transition) ?? 0) + 1);
      this.followed = step.seq;
    }
    return steps;
  }

  /** Holds the database against the model, and takes over what has been released. */
  private async compare(): Promise<void> {
    const rows = await this.services.app.db.query<Omit<ModelRating, 'givenAt'>>(
      `SELECT r.id, r.engagement_id AS engagement, r.school_urn AS school, r.state, r.asked_again AS asked, r.reply IS NOT NULL AS replied, r.words_hidden AS hidden, r.contact_id IS NOT NULL AS contact,
              r.evidence_id IS NOT NULL AS released, last.result, last.asked AS answered
       FROM rating r CROSS JOIN LATERAL (SELECT result, asked FROM rating_answer WHERE rating_id = r.id ORDER BY asked DESC LIMIT 1) last WHERE r.engagement_id = ANY($1)`,
      [this.ratings.map((each) => each.engagement)],
    );
    for (const row of rows) {
      const known = this.ratings.find((each) => each.engagement === row.engagement)!;
      known.released = row.released;
      expect(known).toMatchObject({ ...row });
    }
    expect(rows).toHaveLength(this.ratings.filter(({ id }) => id !== null).length);
  }
}
