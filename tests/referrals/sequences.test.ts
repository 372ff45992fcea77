import fc from 'fast-check';
import type { Actor } from '../../src/platform/actor.js';
import { londonDay } from '../../src/platform/clock.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import { generatedSequences } from '../support/sequences.js';
import { Model, type Step, type Thing } from './model.js';


let services: TestApp;
let listings: string[];
const transitionsSeen = new Map<string, number>();
let stepsMade = 0;

beforeAll(async () => {
  services = await startServices();
  listings = (await Promise.all([services.world.listed(), services.world.listed()])).map((each) => each.listing);
});

afterAll(() => {
  process.stderr.write(`${stepsMade} generated steps; transitions: ${[...transitionsSeen].sort().map(([name, count]) => `${name} ${count}`).join(', ')}\n`);
});

const index = fc.nat({ max: 99 });
const kinds = { Visit: ['change', 'addAgendaPoint', 'addAgendaPoint', 'addAgendaPoint', 'removeAgendaPoint', 'removeAgendaPoint', 'writeNote', 'cancel'], Referral: ['accept', 'decline', 'withdraw'], 'Suggestion request': ['suggest', 'close'] } as const;
const act = <Kind extends Thing['kind']>(kind: Kind) =>
  fc.record({ do: fc.constant('act' as const), kind: fc.constant(kind), transition: fc.constantFrom<string>(...kinds[kind]), person: index, thing: index, days: fc.integer({ min: -2, max: 6 }) });
const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('plan' as const), person: index, school: index, days: fc.integer({ min: -2, max: 6 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('send' as const), person: index, school: index, listings: fc.subarray([0, 1], { minLength: 1 }), turned: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('ask' as const), person: index }) },
  { weight: 14, arbitrary: act('Visit') },
  { weight: 8, arbitrary: act('Referral') },
  { weight: 4, arbitrary: act('Suggestion request') },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('assign' as const), person: index, school: index }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('time' as const), days: fc.constantFrom(1, 1, 2, 15, 31) }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

generatedSequences(command, () => Run.begin(services));

/** One world, its model, and where the history has been followed to. */
class Run {
  private readonly model = new Model();
  private readonly sips: Actor[] = [];
  private readonly leads: Actor[] = [];
  private schools: number[] = [];
  private followed = 0;

  private constructor(private readonly services: TestApp) {}

  static async begin(services: TestApp): Promise<Run> {
    const run = new Run(services);
    const { world, app } = services;
    const la = await world.la(`L${Math.random()}`);
    run.schools = [await world.school({ la }), await world.school({ la })];
    for (const [i, assigned] of [run.schools.slice(0, 1), run.schools, []].entries()) {
      run.sips[i] = await world.sip(la, ...assigned);
      run.model.sipOf.set(run.sips[i]!.personId!, new Set(assigned));
    }
    for (const urn of [...run.schools, ...run.schools]) {
      const lead = await world.lead(urn);
      run.leads.push(lead);
      run.model.leadOf.set(lead.personId, urn);
    }
    const [last] = await app.db.query<{ id: number }>('SELECT max(id) AS id FROM history');
    run.followed = last!.id;
    return run;
  }

  /** Makes the commands at the same moment, then follows what the history says came of them. Time and roles move alone. */
  async step(batch: Command[]): Promise<void> {
    const moving = batch.find((each) => each.do === 'time' || each.do === 'assign');
    const together = moving ? [moving] : batch;
    const alone = together.length === 1 ? this.expected(together[0]!) : null;
    const results = await Promise.all(together.map((each) => this.perform(each)));
    stepsMade += batch.length;
    const codes = results.map((result) => (result instanceof Problem ? result.code : 'done'));
    if (alone && (alone.length === 0 ? codes[0] !== 'done' : !alone.includes(codes[0]!))) throw new Error(`${JSON.stringify(together[0])}: ${codes[0]}, but the model says ${alone.join() || 'done'}`);
    const recorded = (await this.follow()).filter((each) => each.person !== null).length;
    const acts = moving ? 0 : codes.filter((code) => code === 'done').length;
    if (acts !== recorded) throw new Error(`${acts} acts were done, ${recorded} are in the history`);
  }

  private at = <T>(from: readonly T[], index: number): T => from[index % from.length]!;
  private thing = ({ kind, thing }: { kind: Thing['kind']; thing: number }): Thing | undefined => this.at(this.model.of(kind), thing);
  private day = (days: number) => londonDay(new Date(this.services.clock.now().getTime() + days * 86_400_000));
  private what = (chosen: number[]) => chosen.map((i) => listings[i]!).sort().join();

  /** Mostly somebody who may, now and then anybody. */
  private actor({ kind, transition, person }: { kind: Thing['kind']; transition: string; person: number }, thing: Thing): Actor {
    const byLead = ['addAgendaPoint', 'removeAgendaPoint', 'accept', 'decline'].includes(transition);
    if (person % 4 === 0) return this.at([...this.sips, ...this.leads], person);
    if (byLead) return this.at(this.leads.filter((lead) => this.model.leadOf.get(lead.personId!) === thing.school), person);
    return kind === 'Suggestion request' && transition === 'suggest' ? this.at(this.sips, person) : this.sips.find((sip) => sip.personId === thing.sip)!;
  }

  private perform(each: Command): Promise<unknown> {
    const { visits, referrals, suggestions } = this.services.app.referrals;
    return attempt<unknown>(async () => {
      switch (each.do) {
        case 'plan':
          return visits.plan(this.at(this.sips, each.person), { schoolUrn: this.at(this.schools, each.school), date: this.day(each.days), focus: 'Reading' });
        case 'send': {
          const named = each.listings.map((i) => ({ listingId: listings[i]! }));
          return referrals.send(this.at(this.sips, each.person), { schoolUrn: this.at(this.schools, each.school), message: 'Try these.', listings: each.turned ? named.reverse() : named });
        }
        case 'ask':
          return suggestions.ask(this.at(this.sips, each.person), { question: 'Phonics' });
        case 'assign':
          return this.assign(this.at(this.sips, each.person), this.at(this.schools, each.school));
        case 'time':
          this.services.clock.advance({ days: each.days });
          return this.services.app.jobs.tasks['pass-time-for-referrals']!({});
        case 'act': {
          const thing = this.thing(each);
          if (!thing) return new Nothing();
          const actor = this.actor(each, thing);
          return this.act(each, thing, actor);
        }
      }
    });
  }

  private async act({ transition, days }: Extract<Command, { do: 'act' }>, { id }: Thing, actor: Actor): Promise<unknown> {
    const { visits, referrals, suggestions } = this.services.app.referrals;
    const acts: Record<string, () => Promise<unknown>> = {
      change: () => visits.change(id, { date: this.day(days), focus: 'Writing' }, { actor }),
      addAgendaPoint: () => visits.addAgendaPoint(actor, id, { text: 'Our budget' }),
      removeAgendaPoint: async () => {
        const [point] = await this.services.app.db.query<{ id: string }>('SELECT id FROM agenda_point WHERE visit_id = $1 LIMIT 1', [id]);
        return point ? visits.removeAgendaPoint(actor, point.id) : new Nothing();
      },
      writeNote: () => visits.writeNote(id, 'It went well.', { actor }),
      cancel: () => visits.cancel(id, { actor }),
      accept: () => referrals.accept(actor, id, { confidential: false }),
      decline: () => referrals.decline(actor, id, {}),
      withdraw: () => referrals.withdraw(actor, id),
      suggest: () => suggestions.suggest(actor, { requestId: id, listingId: listings[0]!, reason: 'They are good.' }),
      close: () => suggestions.close(actor, id),
    };
    return acts[transition]!();
  }

  /** Assigns the SIP to the school, or ends the assignment that there is. */
  private async assign(sip: Actor, urn: number): Promise<void> {
    const { db } = this.services.app;
    const schools = this.model.sipOf.get(sip.personId!)!;
    if (schools.delete(urn)) await db.query('UPDATE sip_assignment SET ended_at = $3 WHERE person_id = $1 AND school_urn = $2 AND ended_at IS NULL', [sip.personId, urn, this.services.clock.now()]);
    else {
      schools.add(urn);
      await db.query('INSERT INTO sip_assignment (id, person_id, school_urn, started_at) VALUES (gen_random_uuid(), $1, $2, $3)', [sip.personId, urn, this.services.clock.now()]);
    }
    this.sips[this.sips.indexOf(sip)] = await this.services.world.refresh(sip);
  }

  /** The codes that the model expects, none for success; null where it does not say. */
  private expected(each: Command): string[] | null {
    switch (each.do) {
      case 'plan':
        return this.model.sipOf.get(this.at(this.sips, each.person).personId!)!.has(this.at(this.schools, each.school)) ? [] : ['NOT_ALLOWED'];
      case 'send':
        return this.model.againstSending(this.at(this.sips, each.person).personId!, this.at(this.schools, each.school), this.what(each.listings));
      case 'act': {
        const thing = this.thing(each);
        if (thing && each.transition === 'removeAgendaPoint' && !this.model.points.get(thing.id)) return ['NOTHING'];
        return thing ? this.model.against(this.actor(each, thing).personId!, thing, each.transition, this.day(0)) : ['NOTHING'];
      }
      case 'ask':
        return null; // ten a day, which the model does not count
      default:
        return [];
    }
  }

  /** Replays on the model what was committed since, and holds the database against it. */
  private async follow(): Promise<Step[]> {
    const { db } = this.services.app;
    const rows = await db.query<Thing & { requests: number; points: number }>(
      `SELECT 'Visit' AS kind, id, state, sip_id AS sip, school_urn AS school, visit_on::text AS what, 0 AS expires, 0 AS requests,
              (SELECT count(*) FROM agenda_point WHERE visit_id = visit.id) AS points FROM visit WHERE sip_id = ANY($1)
       UNION ALL
       SELECT 'Referral', id, state, sip_id, school_urn, array_to_string(listing_ids, ','), extract(epoch FROM expires_at)::float8 * 1000,
              (SELECT count(*) FROM request WHERE referral_id = referral.id AND id = referral.request_id), 0 FROM referral WHERE sip_id = ANY($1)
       UNION ALL
       SELECT 'Suggestion request', id, state, asked_by, NULL, '', extract(epoch FROM expires_at)::float8 * 1000, 0, 0 FROM suggestion_request WHERE asked_by = ANY($1)`,
      [this.sips.map((sip) => sip.personId)],
    );
    const rowOf = new Map(rows.map((row) => [row.id, row]));
    const steps = await db.query<Step & { seq: number }>(
      `SELECT id AS seq, process, object_id AS id, transition, from_state AS "from", to_state AS "to", person_id AS person, at FROM history WHERE id > $1 AND object_id = ANY($2) ORDER BY seq`,
      [this.followed, [...rowOf.keys()]],
    );
    for (const step of steps) {
      const { sip, school, what, expires } = rowOf.get(step.id)!;
      this.model.replay(step, { sip, school, what, expires });
      transitionsSeen.set(`${step.process}.${step.transition}`, (transitionsSeen.get(`${step.process}.${step.transition}`) ?? 0) + 1);
      this.followed = step.seq;
    }
    for (const { kind, id, state, requests, expires, points } of rows) {
      if (kind === 'Visit' && points !== this.model.points.get(id)) throw new Error(`${id} has ${points} points, the model ${this.model.points.get(id)}`);
      if (this.model.things.get(id)?.state !== state) throw new Error(`${kind} ${id} is ${state}, the model has ${this.model.things.get(id)?.state}`);
      if (kind === 'Referral' && requests !== (state === 'ACCEPTED' ? 1 : 0)) throw new Error(`${id} is ${state} and has ${requests} requests`);
      const isOver = ['SENT', 'OPEN'].includes(state) && expires <= this.services.clock.now().getTime();
      if (isOver && steps.some((step) => step.person === null)) throw new Error(`${id} is ${state} after its time`);
    }
    return steps;
  }
}

/** Stands for a command that found nothing to act on. */
class Nothing extends Problem {
  constructor() {
    super('NOTHING', 'There is nothing yet.');
  }
}
