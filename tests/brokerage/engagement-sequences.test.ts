import fc from 'fast-check';
import { engagementValues, seesConcern, seesEngagement } from '../../src/brokerage/index.js';
import type { Actor } from '../../src/platform/actor.js';
import { londonDay } from '../../src/platform/clock.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import { generatedSequences } from '../support/sequences.js';
import { EngagementModel, type ModelConcern, type ModelEngagement, type ModelPerson, type Step } from './engagement-model.js';


let services: TestApp;
const transitionsSeen = new Map<string, number>();
let stepsMade = 0;

beforeAll(async () => {
  services = await startServices();
});

afterAll(() => {
  process.stderr.write(`${stepsMade} generated steps; transitions: ${[...transitionsSeen].sort().map(([name, count]) => `${name} ${count}`).join(', ')}\n`);
});

const index = fc.nat({ max: 9999 });
const on = <const Kind extends string>(weight: number, kinds: readonly Kind[]) => ({ weight, arbitrary: fc.record({ kind: fc.constantFrom(...kinds), on: index }) });
const partOf = <const Kind extends string>(weight: number, kinds: readonly Kind[]) => ({ weight, arbitrary: fc.record({ kind: fc.constantFrom(...kinds), part: fc.constant(true), on: index }) });
const concerning = <const Kind extends string>(weight: number, kinds: readonly Kind[]) => ({ weight, arbitrary: fc.record({ kind: fc.constantFrom(...kinds), concern: fc.constant(true), on: index }) });
const command = fc.oneof(
  { weight: 7, arbitrary: fc.record({ kind: fc.constant('record' as const), person: index, school: index, provider: index, pupils: fc.boolean(), allLeads: fc.boolean(), shared: fc.boolean() }) },
  on(28, ['signOff', 'signOff', 'sendBack', 'confirm', 'confirm', 'setVisitors', 'confirmSafeguarding', 'confirmSafeguarding', 'start', 'start', 'start', 'complete', 'complete']),
  on(4, ['shareWithSip', 'stopSharing']),
  on(2, ['disown', 'endEarly']),
  on(4, ['proposeChange', 'proposeChange', 'takeBackCompletion']),
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('acceptChange', 'declineChange', 'withdrawChange'), change: fc.constant(true), on: index }) },
  on(12, ['setObjectives', 'addAction', 'addEvidence', 'setReviewDates', 'addReview', 'setPupilsConcerned']),
  partOf(6, ['completeAction', 'giveEvidence']),
  on(4, ['raise']),
  concerning(10, ['answer', 'answer', 'passOn', 'passOn', 'resolve']),
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('plan' as const), school: index, needed: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('time' as const), days: fc.constantFrom(1, 3, 6) }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

generatedSequences(command, () => Run.begin(services), ({ kind }) => kind === 'plan' || kind === 'time');

const ANSWERS = { acceptChange: 'ACCEPTED', declineChange: 'DECLINED', withdrawChange: 'WITHDRAWN' } as const;

interface Part {
  id: string;
  engagement: string;
  kind: 'completeAction' | 'giveEvidence';
  owner: string;
}

interface Target {
  engagement: ModelEngagement;
  person: ModelPerson;
  part?: Part;
  concern?: ModelConcern;
}

class Run {
  private readonly model = new EngagementModel();
  private readonly actors = new Map<string, Actor>();
  private readonly providers: { id: string; listing: string }[] = [];
  private readonly done = new Set<string>();
  private parts: Part[] = [];
  private price = 1000;
  private followed = 0;

  private constructor(private readonly services: TestApp) {}

  static async begin(services: TestApp): Promise<Run> {
    const run = new Run(services);
    const { world } = services;
    const [a, b] = [await world.school(), await world.school()];
    const [p, q] = [await world.awaiting(), await world.awaiting()];
    run.providers.push(p, q);
    const standIn = await world.officer('990');
    await services.app.brokerage.signOffs.setStandIn(standIn, '990', standIn.personId);
    const both = await world.lead(b);
    await world.give(both.personId, 'PROVIDER_EDITOR', { providerId: p.id });
    const sip = await world.assignedSip(a);
    const interested = await world.assignedSip(a);
    await world.give(interested.personId, 'PROVIDER_EDITOR', { providerId: q.id });
    const officer = await world.officer('990');
    await world.give(officer.personId, 'PROVIDER_EDITOR', { providerId: q.id });
    const know = (actor: Actor, is: Partial<ModelPerson>) => run.addPerson(actor, is);
    know(await world.lead(a), { leads: [a] });
    know(await world.lead(a), { leads: [a] });
    know(await world.lead(b), { leads: [b] });
    know(await world.refresh(both), { leads: [b], worksFor: [p.id] });
    know(await world.person('SCHOOL_STAFF', { schoolUrn: a }), { staffOf: [a] });
    know(p.admin, { worksFor: [p.id] });
    know(q.admin, { worksFor: [q.id] });
    know(sip, { sipOf: [a] });
    know(await world.refresh(interested), { sipOf: [a], worksFor: [q.id] });
    know(standIn, { standsIn: true, officer: true });
    know(await world.refresh(officer), { officer: true, worksFor: [q.id] });
    know(await world.person(), {});
    for (const school of [a, b]) await run.plan(school, true);
    const [last] = await services.app.db.query<{ id: number }>('SELECT max(id) AS id FROM history');
    run.followed = last!.id;
    return run;
  }

  /** Makes the commands at the same moment, then follows what the history says came of them. */
  async step(batch: Command[]): Promise<void> {
    const alone = batch.length === 1 ? this.expected(batch[0]!) : null;
    const results = await Promise.all(batch.map((each) => this.perform(each)));
    stepsMade += batch.length;
    const codes = results.map((result) => (result instanceof Problem ? result.code : (result as string)));
    if (alone !== null && codes[0] !== alone) throw new Error(`${JSON.stringify(batch[0])}: ${codes[0]}, but the model says ${alone}`);
    const steps = await this.follow();
    const acts = codes.filter((code, i) => code === 'done' && !['plan', 'time'].includes(batch[i]!.kind)).length;
    const recorded = steps.filter(({ person }) => person !== null).length;
    if (acts !== recorded) throw new Error(`${acts} acts were done, ${recorded} are in the history`);
    if (batch[0]!.kind === 'time') await this.checkTime(steps);
    await this.checkStored();
    if (steps.length > 0) await this.checkSeen();
  }

  private addPerson(actor: Actor, is: Partial<ModelPerson>): void {
    const id = actor.personId!;
    this.actors.set(id, actor);
    this.model.people.set(id, { id, leads: [], staffOf: [], worksFor: [], sipOf: [], standsIn: false, officer: false, ...is });
  }

  private async plan(school: number, needed: boolean): Promise<void> {
    const lead = [...this.model.people.values()].find(({ leads }) => leads.includes(school))!;
    await this.services.app.brokerage.signOffs.setPlan(this.actors.get(lead.id)!, school, needed);
    if (needed) this.model.plans.add(school);
    else this.model.plans.delete(school);
  }

  private pick = <T>(from: Iterable<T>, at: number): T | null => {
    const list = [...from];
    return list.length > 0 ? list[at % list.length]! : null;
  };
  private day = () => londonDay(this.services.clock.now());
  private schools = () => [...new Set([...this.model.people.values()].flatMap((person) => person.leads))];
  /** Everything that a command could be about, by anybody: an engagement, with a part of it or a concern. */
  private targets(each: Command): Target[] {
    const engagement = (id: string) => this.model.engagements.get(id)!;
    const subjects: Omit<Target, 'person'>[] =
      'concern' in each
        ? [...this.model.concerns.values()].map((concern) => ({ concern, engagement: engagement(concern.engagement) }))
        : 'part' in each
          ? this.parts.filter(({ kind }) => kind === each.kind).map((part) => ({ part, engagement: engagement(part.engagement) }))
          : [...this.model.engagements.values()].filter((it) => !('change' in each) || it.change).map((it) => ({ engagement: it }));
    return subjects.flatMap((subject) => [...this.model.people.values()].map((person) => ({ ...subject, person })));
  }

  /** Anything by anybody; what somebody may do at some time; what can be done now: so every rule is met and things go on. Null where there is nothing yet. */
  private target(each: Command & { on: number }): Target | null {
    const all = this.targets(each);
    const refusals = all.map((target) => this.refusal(each.kind, target));
    const among = [() => true, (refusal: string) => !['NOT_FOUND', 'NOT_ALLOWED'].includes(refusal), (refusal: string) => refusal === 'done'][each.on % 3]!;
    const fitting = all.filter((_, i) => among(refusals[i]!));
    return this.pick(fitting.length > 0 ? fitting : all, Math.floor(each.on / 3));
  }

  private recording(each: Command & { kind: 'record' }) {
    const school = this.pick(this.schools(), each.school)!;
    const all = [...this.model.people.values()];
    const leads = all.filter((each) => each.leads.includes(school));
    const person = this.pick(each.person % 4 === 0 ? all : leads, Math.floor(each.person / 4))!;
    const staff = all.filter(({ staffOf }) => staffOf.includes(school)).map(({ id }) => id);
    return { school, person, staff, provider: this.pick(this.providers, each.provider)! };
  }

  private async perform(each: Command): Promise<unknown> {
    const { brokerage, db } = this.services.app;
    if (each.kind === 'time') {
      this.services.clock.advance({ days: each.days });
      await brokerage.passTimeForEngagements();
      return 'done';
    }
    if (each.kind === 'plan') {
      await this.plan(this.pick(this.schools(), each.school)!, each.needed);
      return 'done';
    }
    return attempt<unknown>(async () => {
      if (each.kind === 'record') {
        const { school, person, staff, provider } = this.recording(each);
        const seenBy = { allLeads: each.allLeads, personIds: staff, sharedWithSip: each.shared };
        const startsOn = londonDay(new Date(this.services.clock.now().getTime() + 5 * 86_400_000));
        const input = { ...this.services.world.recording(provider.listing, school), startsOn, endsOn: null, pupilsConcerned: each.pupils, ...seenBy };
        await brokerage.recordings.record(this.actors.get(person.id)!, input);
        return 'done';
      }
      const target = this.target(each);
      if (!target) return 'nothing';
      const { engagement: { id }, person, part, concern } = target;
      const actor = this.actors.get(person.id)!;
      const [row] = await db.query<{ version: number; pupils: boolean }>('SELECT version, pupils_concerned AS pupils FROM engagement WHERE id = $1', [id]);
      const { version, pupils } = row!;
      const dueOn = londonDay(new Date(this.services.clock.now().getTime() + 4 * 86_400_000));
      switch (each.kind) {
        case 'setObjectives':
          await brokerage.engagements.setObjectives(actor, id, version, [{ text: 'Another one.' }]);
          break;
        case 'addAction':
          await brokerage.actions.add(actor, id, { what: 'Buy books', owner: (['SCHOOL', 'PROVIDER', 'SIP'] as const)[each.on % 3]!, dueOn });
          break;
        case 'addEvidence':
          await brokerage.evidence.want(actor, id, { wanted: 'Books', dueOn });
          break;
        case 'setReviewDates':
          await brokerage.reviews.setDates(actor, id, version, [dueOn]);
          break;
        case 'addReview':
          await brokerage.reviews.add(actor, id, { heldOn: this.day(), rag: 'AMBER' });
          break;
        case 'setVisitors':
          await brokerage.engagements.setVisitors(actor, id, version, [{ name: 'Ada Example' }]);
          break;
        case 'confirmSafeguarding':
          await brokerage.engagements.confirmSafeguarding(actor, id, version, 'She is checked.');
          break;
        case 'setPupilsConcerned':
          await brokerage.engagements.setPupilsConcerned(actor, id, version, !pupils);
          break;
        case 'completeAction':
        case 'giveEvidence':
          if (each.kind === 'completeAction') await brokerage.actions.complete(actor, part!.id);
          else await brokerage.evidence.give(actor, part!.id, { given: 'They are there.' });
          if (this.done.has(part!.id)) throw new Error(`${part!.id} was done twice`);
          this.done.add(part!.id);
          break;
        case 'proposeChange':
          // it would begin today, for a price that it never had
          await brokerage.changes.propose(actor, id, version, { startsOn: this.day(), pricePence: ++this.price, vat: 'INCLUDED' });
          break;
        case 'acceptChange':
        case 'declineChange':
        case 'withdrawChange': {
          const [change] = await db.query<{ id: string }>('SELECT id FROM engagement_change WHERE engagement_id = $1 ORDER BY proposed_at DESC, id DESC LIMIT 1', [id]);
          await brokerage.changes.answer(actor, change!.id, ANSWERS[each.kind], 'We have talked about it.');
          break;
        }
        case 'raise':
          await brokerage.concerns.raise(actor, id, 'Nobody came.');
          break;
        case 'answer':
        case 'passOn':
        case 'resolve':
          await brokerage.concerns[each.kind](actor, concern!.id, 'We have talked about it.');
          break;
        default:
          await brokerage.engagements.act(id, each.kind, { actor, reason: 'It has to be.' });
      }
      return 'done';
    });
  }

  /** The code that the model expects of a command made alone. */
  private expected(each: Command): string {
    if (each.kind === 'time' || each.kind === 'plan') return 'done';
    if (each.kind === 'record') {
      const { school, person, provider } = this.recording(each);
      if (!person.leads.includes(school)) return 'NOT_ALLOWED';
      return person.worksFor.includes(provider.id) ? 'HAS_INTEREST' : 'done';
    }
    const target = this.target(each);
    return target ? this.refusal(each.kind, target) : 'nothing';
  }

  private refusal(kind: string, { engagement, person, part, concern }: Target): string {
    if (concern) return this.model.refusalOfConcern(kind, person, concern);
    if (kind === 'raise') {
      if (!this.model.sees(person, engagement)) return 'NOT_FOUND';
      return this.model.isSchool(person, engagement) || this.model.isProvider(person, engagement) ? 'done' : 'NOT_ALLOWED';
    }
    const refusal = this.model.refusal(kind, person, engagement, this.day());
    if (refusal !== 'done' || !part) return refusal;
    if (this.done.has(part.id)) return 'NOT_ALLOWED_IN_THIS_STATE';
    const roles = this.model.roles(person, engagement);
    return kind === 'giveEvidence' || roles.includes('SCHOOL') || roles.includes(part.owner) ? 'done' : 'NOT_ALLOWED';
  }

  /** Replays on the model what was committed since. Each object's steps are in the order of their commits: they are made under its lock. */
  private async follow(): Promise<Step[]> {
    const { db } = this.services.app;
    const recorded = await db.query<Step & { seq: number; at: Date }>(
      `SELECT id AS seq, process, object_id AS id, transition, from_state AS "from", to_state AS "to", person_id AS person, at
       FROM history WHERE id > $1 AND process IN ('Engagement', 'Concern') ORDER BY seq`,
      [this.followed],
    );
    const rows = await db.query<ModelEngagement>(
      `SELECT id, school_urn AS school, provider_id AS provider, all_leads AS "allLeads", ARRAY(SELECT person_id FROM engagement_person WHERE engagement_id = e.id) AS people, shared_with_sip AS shared,
              needs_sign_off AS "needsSignOff", NULL AS "signedBy", false AS confirmed, pupils_concerned AS pupils, 0 AS visitors, false AS checks, starts_on AS starts, NULL AS change, false AS "signAgain"
       FROM engagement e WHERE provider_id = ANY($1)`,
      [this.providers.map(({ id }) => id)],
    );
    const concerns = await db.query<ModelConcern>('SELECT id, engagement_id AS engagement, raised_by_party AS by FROM concern WHERE engagement_id = ANY($1)', [rows.map(({ id }) => id)]);
    const rowOf = new Map<string, ModelEngagement | ModelConcern>([...rows, ...concerns].map((row) => [row.id, row]));
    const steps = recorded.filter(({ id }) => rowOf.has(id)); // time passes for earlier worlds too
    for (const step of steps) {
      this.model.replay({ ...step, day: londonDay(step.at) }, this.asBegun(rowOf.get(step.id)!, steps));
      transitionsSeen.set(`${step.process}.${step.transition}`, (transitionsSeen.get(`${step.process}.${step.transition}`) ?? 0) + 1);
      this.followed = Math.max(this.followed, step.seq);
    }
    this.parts = await db.query<Part>(
      `SELECT id, engagement_id AS engagement, 'completeAction' AS kind, owner FROM engagement_action WHERE engagement_id = ANY($1)
       UNION ALL SELECT id, engagement_id, 'giveEvidence', '' FROM engagement_evidence WHERE engagement_id = ANY($1) ORDER BY id`,
      [rows.map(({ id }) => id)],
    );
    return steps;
  }

  /** An engagement as it began: what has changed it within the same step is taken back. */
  private asBegun(row: ModelEngagement | ModelConcern, steps: Step[]): ModelEngagement | ModelConcern {
    if (!('pupils' in row)) return row;
    const times = (...transitions: string[]) => steps.filter(({ id, transition }) => id === row.id && transitions.includes(transition)).length;
    return { ...row, pupils: times('setPupilsConcerned') % 2 ? !row.pupils : row.pupils, shared: times('shareWithSip', 'stopSharing') % 2 ? !row.shared : row.shared };
  }

  /** After time has passed nothing that is due is left, and each was told of once. */
  private async checkTime(steps: Step[]): Promise<void> {
    const day = this.day();
    for (const it of this.model.engagements.values()) {
      if (it.state === 'AGREED' && it.starts <= day && it.confirmed && (!it.pupils || it.checks)) throw new Error(`${it.id} should have started`);
      if (steps.filter(({ id, transition }) => id === it.id && transition === 'fallDue').length > 1) throw new Error(`${it.id} was told of twice`);
    }
    const left = await this.services.app.db.query(
      `SELECT FROM engagement e WHERE id = ANY($1) AND state IN ('AGREED', 'IN_PROGRESS') AND (
         EXISTS (SELECT FROM engagement_action WHERE engagement_id = e.id AND due_on <= $2 AND done_at IS NULL AND NOT told_due)
         OR EXISTS (SELECT FROM engagement_evidence WHERE engagement_id = e.id AND due_on <= $2 AND given_at IS NULL AND NOT told_due)
         OR EXISTS (SELECT FROM engagement_review_date WHERE engagement_id = e.id AND due_on <= $2 AND NOT told_due))`,
      [[...this.model.engagements.keys()], day],
    );
    if (left.length > 0) throw new Error('something due was not told of');
  }

  /** The database holds what the model holds. */
  private async checkStored(): Promise<void> {
    const { db } = this.services.app;
    const stored = await db.query<{ id: string; known: string }>(
      `SELECT id, concat_ws(' ', state, shared_with_sip, confirmed_at IS NOT NULL, pupils_concerned, safeguarding_confirmed_at IS NOT NULL, starts_on,
                             (SELECT proposed_by_party FROM engagement_change WHERE engagement_id = e.id AND answer IS NULL), signed_off_by) AS known
       FROM engagement e WHERE id = ANY($1) UNION ALL SELECT id, concat_ws(' ', state, answered_at IS NOT NULL, passed_on_at IS NOT NULL) FROM concern WHERE id = ANY($2)`,
      [[...this.model.engagements.keys()], [...this.model.concerns.keys()]],
    );
    const letter = (value: boolean) => (value ? 't' : 'f');
    for (const { id, known } of stored) {
      const [it, concern] = [this.model.engagements.get(id), this.model.concerns.get(id)];
      const modelled = it
        ? [it.state, letter(it.shared), letter(it.confirmed), letter(it.pupils), letter(it.checks), it.starts, ...(it.change ? [it.change.by] : []), ...(it.signedBy ? [it.signedBy] : [])].join(' ')
        : [concern!.state, letter(concern!.answered), letter(concern!.passedOn)].join(' ');
      if (known !== modelled) throw new Error(`${id} is ${known}, the model has ${modelled}`);
    }
  }

  /** It shows each person what the model shows them. */
  private async checkSeen(): Promise<void> {
    const { db } = this.services.app;
    const looks = [...this.actors].map(async ([id, actor]) => {
      const rows = await db.query<{ id: string }>(
        `SELECT e.id FROM engagement e WHERE e.id = ANY($8) AND ${seesEngagement('e')}
         UNION ALL SELECT c.id FROM concern c JOIN engagement e ON e.id = c.engagement_id WHERE c.id = ANY($9) AND ${seesConcern('c', 'e')}`,
        [...engagementValues(actor), [...this.model.engagements.keys()], [...this.model.concerns.keys()]],
      );
      const person = this.model.people.get(id)!;
      const modelled = [
        ...[...this.model.engagements.values()].filter((each) => this.model.sees(person, each)),
        ...[...this.model.concerns.values()].filter((each) => this.model.seesConcern(person, each)),
      ].map((each) => each.id);
      if (rows.map((row) => row.id).sort().join() !== modelled.sort().join()) throw new Error(`${JSON.stringify(person)} sees ${rows.length}, the model shows ${modelled.length}`);
    });
    await Promise.all(looks);
  }
}
