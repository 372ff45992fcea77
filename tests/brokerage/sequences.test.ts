import fc from 'fast-check';
import type { Actor } from '../../src/platform/actor.js';
import { londonDay } from '../../src/platform/clock.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import { generatedSequences } from '../support/sequences.js';
import type { World } from '../support/world.js';
import { arrows, Model, type ModelRequest } from './model.js';


let services: TestApp;
let providers: Awaited<ReturnType<World['listed']>>[];
const transitionsSeen = new Map<string, number>();
let stepsMade = 0;

beforeAll(async () => {
  services = await startServices();
  providers = await Promise.all([1, 2, 3, 4].map(() => services.world.listed()));
});

afterAll(() => {
  process.stderr.write(`${stepsMade} generated steps; transitions: ${[...transitionsSeen].sort().map(([name, count]) => `${name} ${count}`).join(', ')}\n`);
});

const at = fc.nat({ max: 99 });
const ofRequest = ['open', 'open', 'open', 'open', 'open', 'open', 'read', 'read', 'read', 'share', 'unshare', 'reveal', 'extend', 'reopenRound', 'reopenRound', 'amend', 'join', 'submit', 'submit', 'closeUnmet', 'withdraw'] as const;
const command = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('draft' as const), bySip: fc.constantFrom(true, false, false), confidential: fc.boolean() }) },
  { weight: 22, arbitrary: fc.record({ kind: fc.constantFrom(...ofRequest), request: at, stranger: fc.constantFrom(false, false, false, false, true) }) },
  { weight: 18, arbitrary: fc.record({ kind: fc.constant('invite' as const), request: at, provider: at }) },
  { weight: 9, arbitrary: fc.record({ kind: fc.constantFrom('openInvitation' as const, 'ask' as const, 'ask' as const, 'decline' as const), invitation: at, stranger: fc.constantFrom(false, false, false, true) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), request: at }) },
  { weight: 16, arbitrary: fc.record({ kind: fc.constant('propose' as const), invitation: at }) },
  { weight: 7, arbitrary: fc.record({ kind: fc.constantFrom('revise' as const, 'withdrawProposal' as const), proposal: at }) },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('choose' as const), proposal: at }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('suspend' as const, ...Array<'reinstate'>(6).fill('reinstate')), provider: at }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('time' as const), days: fc.constantFrom(0.1, 0.1, 0.1, 0.1, 0.1, 0.5, 0.5, 0.5, 1, 1, 3, 22, 95) }) },
);
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never;

generatedSequences(command, () => Run.begin());

/** What a command comes to: the step of a process that it is to make, and how. */
interface Plan {
  /** Null where it is no step of these processes. */
  step: string | null;
  /** Whether the model lets it happen now. */
  allowed: boolean;
  act(): Promise<unknown>;
}

interface Step {
  seq: number;
  process: string;
  id: string;
  transition: string;
  from: string | null;
  to: string;
  time: Date;
}

/** A school with its people, the model of its requests, and where the history has been followed to. */
class Run {
  private readonly model = new Model();
  private followed = 0;
  private urn: number;
  private partner: number;
  private head: Actor;
  private partnerHead: Actor;
  private sip: Actor;
  private stranger: Actor;

  static async begin(): Promise<Run> {
    const run = new Run();
    const { world, app } = services;
    run.urn = await world.school();
    run.partner = await world.school();
    run.head = await world.lead(run.urn);
    run.partnerHead = await world.lead(run.partner);
    const sip = await world.person('SIP', { laCode: '990' });
    await app.identity.memberships.assignSip(await world.officer('990'), { personId: sip.personId, schoolUrn: run.urn });
    run.sip = await world.refresh(sip);
    run.stranger = await world.lead(await world.school());
    const states = await app.db.query<{ id: string; state: string }>('SELECT id, state FROM provider WHERE id = ANY($1)', [providers.map(({ id }) => id)]);
    for (const { id, state } of states) run.model.providers.set(id, state);
    run.followed = (await app.db.query<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM history'))[0]!.id;
    // Something to begin with: three requests that are open.
    await run.step(Array.from({ length: 3 }, (_, i) => ({ kind: 'draft', bySip: false, confidential: i === 0 })));
    await run.step([1, 2, 3].map((request) => ({ kind: 'open', request, stranger: false })));
    return run;
  }

  private get now() {
    return services.clock.now().getTime();
  }

  /** Makes the commands at the same moment, then follows what the history says came of them. */
  async step(batch: Command[]): Promise<void> {
    const plans = batch.map((each) => this.plan(each)).filter((each) => each !== null);
    const results = await Promise.all(plans.map((plan) => attempt<unknown>(() => plan.act())));
    stepsMade += batch.length;
    if (plans.length === 1 && plans[0]!.step) {
      const code = results[0] instanceof Problem ? results[0].code : 'done';
      if (plans[0]!.allowed !== (code === 'done')) throw new Error(`${JSON.stringify(batch)}: ${code}, but the model says ${plans[0]!.allowed ? 'yes' : 'no'}`);
    }
    const steps = (await this.follow()).map(({ process, transition }) => `${process}.${transition}`);
    // Every act that was answered with success is in the history once; acts that were refused are not there.
    for (const name of new Set(plans.map((plan) => plan.step))) {
      if (name === null || name === 'Invitation.open') continue; // asking opens too
      const acts = plans.filter((plan, i) => plan.step === name && !(results[i] instanceof Problem)).length;
      const recorded = steps.filter((step) => step === name).length;
      if (acts !== recorded) throw new Error(`${name} was done ${acts} times and is in the history ${recorded} times`);
    }
  }

  /** One of the newest; mostly one of those with which it is possible now. */
  private pick<T>(from: Map<string, T>, nth: number, isPossible: (each: T) => boolean): T | null {
    const all = [...from.values()];
    const possible = nth % 5 ? all.filter(isPossible) : [];
    const those = possible.length > 0 ? possible : all;
    return those.length > 0 ? those.at(-1 - (nth % Math.min(those.length, 6)))! : null;
  }

  private providerOf = (invitation: string) => providers.find(({ id }) => id === this.model.invitations.get(invitation)!.provider)!;

  private plan(each: Command): Plan | null {
    const { model, now } = this;
    const { requests, invitations, proposals, choices } = services.app.brokerage;
    switch (each.kind) {
      case 'draft': {
        const input = { need: 'Reading.', confidential: each.confidential, partnerUrns: [this.partner] };
        return { step: 'Request.start', allowed: true, act: () => requests.draft(each.bySip ? this.sip : this.head, this.urn, input) };
      }
      case 'invite': {
        const provider = providers[each.provider % providers.length]!.id;
        const request = this.pick(model.requests, each.request, (one) => model.mayInvite(one, provider, now));
        return request && { step: 'Invitation.send', allowed: model.mayInvite(request, provider, now), act: () => invitations.send(this.head, { requestId: request.id, providerId: provider }) };
      }
      case 'openInvitation':
      case 'ask':
      case 'decline': {
        const transition = each.kind === 'openInvitation' ? 'open' : each.kind;
        const allows = ({ id }: { id: string }) => model.allows('Invitation', transition, id, now);
        const invitation = this.pick(model.invitations, each.invitation, allows);
        if (!invitation) return null;
        const actor = each.stranger ? this.head : this.providerOf(invitation.id).admin;
        const act = () => (transition === 'ask' ? invitations.ask(actor, invitation.id, 'How many?') : invitations.act(invitation.id, transition, { actor }));
        return { step: `Invitation.${transition}`, allowed: !each.stranger && allows(invitation), act };
      }
      case 'answer': {
        const request = this.pick(model.requests, each.request, ({ id }) => model.allows('Request', 'answer', id, now));
        if (!request || model.invitationsOf(request.id).every(({ questions }) => questions.length === 0)) return null;
        const act = async () => {
          const [question] = await services.app.db.query<{ id: string }>('SELECT id FROM question WHERE request_id = $1 ORDER BY answered_at NULLS FIRST, id LIMIT 1', [request.id]);
          return invitations.answer(this.head, question!.id, 'Six.');
        };
        return { step: 'Request.answer', allowed: model.allows('Request', 'answer', request.id, now), act };
      }
      case 'propose': {
        const invitation = this.pick(model.invitations, each.invitation, (one) => model.mayPropose(one, now));
        if (!invitation) return null;
        const act = () => proposals.submit(this.providerOf(invitation.id).admin, invitation.id, { summary: 'Coaching.', pricePence: 50_000, vat: 'ADDED' });
        return { step: 'Proposal.submit', allowed: model.mayPropose(invitation, now), act };
      }
      case 'revise':
      case 'withdrawProposal':
      case 'choose': {
        const transition = each.kind === 'withdrawProposal' ? 'withdraw' : each.kind;
        const allows = ({ id }: { id: string }) => model.allows('Proposal', transition, id, now);
        const proposal = this.pick(model.proposals, each.proposal, allows);
        if (!proposal) return null;
        const { admin } = this.providerOf(proposal.invitation);
        const act = async () => {
          if (transition === 'withdraw') return proposals.withdraw(admin, proposal.id);
          const [row] = await services.app.db.query<{ version: number }>('SELECT version FROM proposal WHERE id = $1', [proposal.id]);
          if (transition === 'revise') return proposals.revise(admin, proposal.id, row!.version, { pricePence: 40_000 });
          return choices.choose(this.head, { proposalId: proposal.id, version: row!.version, reasons: 'It fits.' });
        };
        return { step: `Proposal.${transition}`, allowed: allows(proposal), act };
      }
      case 'suspend':
      case 'reinstate': {
        const { id, officer } = providers[each.provider % providers.length]!;
        const by = { actor: officer, reason: 'It was looked into.' };
        const { providers: service } = services.app.directory;
        return { step: null, allowed: true, act: () => (each.kind === 'suspend' ? service.act(id, 'suspend', by) : service.reinstate(id, by)) };
      }
      case 'time': {
        const act = () => {
          services.clock.advance({ days: each.days });
          return requests.passTime();
        };
        return { step: null, allowed: true, act };
      }
      default: {
        const allows = ({ id }: { id: string }) => model.allows('Request', each.kind, id, now);
        const request = this.pick(model.requests, each.request, allows);
        // A draft is changed without a step of its own.
        if (each.kind === 'amend' && request?.state !== 'OPEN') return null;
        return request && { step: `Request.${each.kind}`, allowed: !each.stranger && allows(request), act: () => this.actOnRequest(each.kind, request, each.stranger) };
      }
    }
  }

  private actOnRequest(kind: (typeof ofRequest)[number], request: ModelRequest, byStranger: boolean): Promise<unknown> {
    const { requests } = services.app.brokerage;
    if (kind === 'join') return requests.join(byStranger ? this.stranger : this.partnerHead, request.id);
    const actor = byStranger ? this.stranger : kind === 'submit' ? this.sip : this.head;
    const closing = Math.max(request.closes, this.now);
    if (kind === 'extend') return requests.extend(actor, request.id, londonDay(new Date(closing + 5 * 86_400_000)));
    if (kind === 'reopenRound') return requests.reopen(actor, request.id, londonDay(new Date(this.now + 9 * 86_400_000)));
    if (kind === 'amend') return this.amend(actor, request.id);
    return requests.act(request.id, kind, { actor, reason: 'We have no time.' });
  }

  private async amend(actor: Actor, id: string): Promise<unknown> {
    const [row] = await services.app.db.query<{ version: number }>('SELECT version FROM request WHERE id = $1', [id]);
    return services.app.brokerage.requests.update(actor, id, row!.version, { need: 'Reading in Year 2.' });
  }

  /** Replays on the model what was committed since, and holds the database against it. */
  private async follow(): Promise<Step[]> {
    const { db } = services.app;
    const recorded = await db.query<Step>(
      `SELECT id AS seq, process, object_id AS id, transition, from_state AS "from", to_state AS "to", at AS time FROM history
       WHERE id > $1 AND process IN ('Request', 'Invitation', 'Proposal', 'Provider') ORDER BY seq`,
      [this.followed],
    );
    const requests = await db.query<{ id: string; state: string; sip: boolean; closes: Date | null; questions: Date | null; confidential: boolean; shared: boolean }>(
      `SELECT id, state, drafted_by_sip IS NOT NULL AS sip, closes_at AS closes, questions_until AS questions, confidential, shared_with_sip AS shared FROM request WHERE school_urn = $1`,
      [this.urn],
    );
    const ids = requests.map(({ id }) => id);
    const invitations = await db.query<{ id: string; state: string; request: string; provider: string; asked: number; answered: number }>(
      `SELECT i.id, i.state, i.request_id AS request, i.provider_id AS provider, count(n.id) AS asked, count(n.answer) AS answered
       FROM invitation i LEFT JOIN question n ON n.invitation_id = i.id WHERE i.request_id = ANY($1) GROUP BY i.id`,
      [ids],
    );
    const proposals = await db.query<{ id: string; state: string; invitation: string }>('SELECT id, state, invitation_id AS invitation FROM proposal WHERE request_id = ANY($1)', [ids]);
    const engagements = await db.query<{ id: string; count: number }>('SELECT request_id AS id, count(*) FROM engagement WHERE request_id = ANY($1) GROUP BY request_id', [ids]);

    const rows = { Request: new Map(requests.map((row) => [row.id, row])), Invitation: new Map(invitations.map((row) => [row.id, row])), Proposal: new Map(proposals.map((row) => [row.id, row])) };
    const isOurs = (step: Step) => (step.process === 'Provider' ? this.model.providers.has(step.id) : rows[step.process as keyof typeof rows].has(step.id));
    const steps = recorded.filter(isOurs); // time passes for earlier schools too
    for (const step of steps) {
      this.replay(step, rows);
      transitionsSeen.set(`${step.process}.${step.transition}`, (transitionsSeen.get(`${step.process}.${step.transition}`) ?? 0) + 1);
    }
    this.followed = recorded.at(-1)?.seq ?? this.followed;

    const compare = (known: Map<string, { state: string }>, found: { id: string; state: string }[]) => {
      if (known.size !== found.length) throw new Error(`the model has ${known.size} objects, the database ${found.length}`);
      for (const { id, state } of found) if (known.get(id)!.state !== state) throw new Error(`${id} is ${state}, the model has ${known.get(id)!.state}`);
    };
    compare(this.model.requests, requests);
    compare(this.model.invitations, invitations);
    compare(this.model.proposals, proposals);
    for (const row of requests) {
      const request = this.model.requests.get(row.id)!;
      Object.assign(request, { closes: row.closes?.getTime() ?? 0, questionsUntil: row.questions?.getTime() ?? 0 });
      if (request.confidential !== row.confidential || request.shared !== row.shared) throw new Error(`${row.id}: confidential ${row.confidential}, shared ${row.shared}`);
    }
    for (const row of invitations) {
      const { questions } = this.model.invitations.get(row.id)!;
      if (questions.length !== row.asked) throw new Error(`${row.id}: ${row.asked} questions, the model has ${questions.length}`);
      questions.forEach((question, i) => (question.answered = i < row.answered));
    }
    this.model.check(new Map(engagements.map(({ id, count }) => [id, count])));
    return steps;
  }

  private replay(step: Step, rows: { Request: Map<string, { sip: boolean; closes: Date | null; questions: Date | null; confidential: boolean }>; Invitation: Map<string, { request: string; provider: string }>; Proposal: Map<string, { invitation: string }> }): void {
    const { model } = this;
    const { process, id, transition, from, to } = step;
    const fail = (why: string): never => {
      throw new Error(`${process} ${id} ${transition}: ${why}`);
    };
    if (process === 'Provider') return void model.providers.set(id, to);
    if (!arrows[process]?.[transition]?.split(' ').includes(`${from}>${to}`)) fail(`illegal: ${from} → ${to}`);
    const time = step.time.getTime();
    if (process === 'Request' && transition === 'start') {
      const { sip, confidential } = rows.Request.get(id)!;
      model.requests.set(id, { id, state: to, bySip: sip, partner: 'ASKED', shared: sip, confidential, read: false, touched: time, opened: 0, closes: 0, questionsUntil: 0 });
      return;
    }
    if (process === 'Invitation' && transition === 'send') {
      const { request, provider } = rows.Invitation.get(id)!;
      if (!model.mayInvite(model.requests.get(request)!, provider, time)) fail('the model does not let it');
      model.invitations.set(id, { id, request, provider, state: to, questions: [] });
      return;
    }
    if (process === 'Proposal' && transition === 'submit') {
      const { invitation } = rows.Proposal.get(id)!;
      if (!model.mayPropose(model.invitations.get(invitation)!, time)) fail('the model does not let it');
      model.proposals.set(id, { id, invitation, state: to });
      return;
    }
    const known = (process === 'Request' ? model.requests : process === 'Invitation' ? model.invitations : model.proposals).get(id)!;
    if (known.state !== from) fail(`the model has it in ${known.state}`);
    if (!model.allows(process, transition, id, time)) fail('the model does not let it');
    known.state = to;
    if (process === 'Invitation' && transition === 'ask') model.invitations.get(id)!.questions.push({ answered: false });
    if (process !== 'Request') return;
    const request = model.requests.get(id)!;
    const row = rows.Request.get(id)!;
    if (transition === 'open') Object.assign(request, { opened: time, closes: row.closes!.getTime(), questionsUntil: row.questions!.getTime() });
    if (transition === 'reopenRound') request.read = false;
    if (transition === 'extend' || transition === 'reopenRound') Object.assign(request, { closes: row.closes!.getTime(), questionsUntil: row.questions!.getTime() });
    if (transition === 'submit') request.touched = time;
    if (transition === 'read') request.read = true;
    if (transition === 'reveal') request.confidential = false;
    if (transition === 'share' || transition === 'unshare') request.shared = transition === 'share';
    if (transition === 'join') request.partner = 'JOINED';
    if (transition === 'answer') {
      const open = model.invitationsOf(id).flatMap((each) => each.questions).find(({ answered }) => !answered);
      open!.answered = true;
    }
  }
}
