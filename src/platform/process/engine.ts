import { type Actor, system } from '../actor.js';
import type { UnitOfWork } from '../database/index.js';
import { Conflict, NotAllowed, NotAllowedInThisState, type Problem, refuse, ValidationProblem, whatIsMissing } from '../problem.js';
import { faultOfText, showsSomething, tidyText } from '../text.js';
import { type Facts, type Party, type ProcessDefinition, target, type Transition } from './definition.js';

/** What a person may do with an object now and, if not, why; from the same guards that decide. */
export interface AvailableAction {
  action: string;
  label: string;
  allowed: boolean;
  needsReason: boolean;
  code: string | null;
  message: string | null;
}

type Decision = { party: Party | null; refusal?: undefined } | { refusal: Problem };

export interface Move {
  actor: Actor;
  reason?: string | null;
  /** The version that the person was looking at; the move is refused when it has changed since. */
  version?: number | null;
  /** Further columns that change together with the state. */
  set?: Record<string, unknown>;
}

/**
 * Moves one object through its process: locks the aggregate root, reads the facts, asks the guard, updates
 * `WHERE state = :from`, appends the history. All in the caller's unit of work; call it before other writes, because
 * an insert followed by a lock on the parent deadlocks.
 * @returns the facts as they were before the move
 * @throws Refused with NotFound, NotAllowedInThisState, NotAllowed, Conflict or the guard's own problem
 */
export async function move<State extends string, F extends Facts<State>>(
  tx: UnitOfWork,
  process: ProcessDefinition<State, F>,
  id: string,
  name: string,
  { actor, reason, version, set = {} }: Move,
): Promise<F> {
  const transition = process.transitions[name]!;
  await tx.query(process.lock, [id]);
  const [facts] = await process.facts(tx, [id], actor);
  if (!facts) return refuse(whatIsMissing(process.name.toLowerCase()));
  const decision = decide(process, transition, facts.state, facts, actor, tx.now);
  if (decision.refusal) return refuse(decision.refusal);
  const why = checkedReason(transition, reason);

  const columns = Object.keys(set);
  const [moved] = await tx.query(
    `UPDATE ${process.table} SET state = $2, version = version + 1, updated_at = $3${columns.map((column, i) => `, ${column} = $${i + 6}`).join('')}
     WHERE id = $1 AND state = $4 AND ($5::int IS NULL OR version = $5) RETURNING id`,
    [id, target(transition, facts.state), tx.now, facts.state, version ?? null, ...columns.map((column) => set[column])],
  );
  if (!moved) refuse(changedMeanwhile());
  await record(tx, process, name, id, facts.state, target(transition, facts.state), decision.party, actor, why);
  return facts;
}

/**
 * Begins a process with a transition from nothing. The caller holds the lock on the aggregate root, gives the facts
 * as they are without the object, and inserts the row, in the transition's target state, when the guard lets it.
 */
export async function begin<State extends string, F extends Facts<State>>(
  tx: UnitOfWork,
  process: ProcessDefinition<State, F>,
  name: string,
  facts: F,
  actor: Actor,
  insert: (state: State) => Promise<void>,
  reason?: string | null,
): Promise<void> {
  const transition = process.transitions[name]!;
  const decision = decide(process, transition, null, facts, actor, tx.now);
  if (decision.refusal) return refuse(decision.refusal);
  const why = checkedReason(transition, reason);
  await insert(target(transition, null));
  await record(tx, process, name, facts.id, null, target(transition, null), decision.party, actor, why);
}

/** The reason as it is kept. @throws Refused where one is needed, or what was typed cannot be kept */
function checkedReason(transition: Pick<Transition<string, never>, 'needsReason'>, reason: string | null | undefined): string {
  const why = reason ? tidyText(reason) : '';
  if (transition.needsReason && !showsSomething(why)) refuse(new ValidationProblem([{ field: 'reason', message: 'Say why. The reason is kept.' }]));
  const fault = faultOfText(why);
  if (fault) refuse(new ValidationProblem([{ field: 'reason', message: `The reason ${fault}` }]));
  return why;
}

/**
 * What the product itself does to many objects at once, as an import does: begins them (`from` is null) or moves them.
 * The caller holds the locks on the aggregate roots and gives the facts read under them; `write` brings the rows into
 * the transition's target state. One statement of its own for any number of objects.
 * @throws Refused with what the guard says of the first object that it does not let through
 */
export async function advanceAll<State extends string, F extends Facts<State>>(
  tx: UnitOfWork,
  process: ProcessDefinition<State, F>,
  name: string,
  from: State | null,
  facts: readonly F[],
  write: (state: State) => Promise<void>,
  reason: string | null = null,
): Promise<void> {
  if (facts.length === 0) return;
  const transition = process.transitions[name]!;
  for (const each of facts) {
    const { refusal } = decide(process, transition, from, each, system, tx.now);
    if (refusal) refuse(refusal);
  }
  await write(target(transition, from));
  await recordSteps(tx, process.name, name, facts.map(({ id }) => id), { from, to: target(transition, from), reason });
}

/** Everything that people can do from the object's present state, allowed or not, for this actor. */
export function availableActions<State extends string, F extends Facts<State>>(
  process: ProcessDefinition<State, F>,
  facts: F,
  actor: Actor,
  now: Date,
): AvailableAction[] {
  return Object.entries<Transition<State, F>>(process.transitions)
    .filter(([, transition]) => transition.by.length > 0 && transition.from.includes(facts.state))
    .map(([action, transition]) => {
      const { refusal } = decide(process, transition, facts.state, facts, actor, now);
      return {
        action,
        label: transition.label,
        allowed: !refusal,
        needsReason: transition.needsReason ?? false,
        code: refusal?.code ?? null,
        message: refusal?.message ?? null,
      };
    });
}

/** Whether the guard of a transition would let it happen now: for what the product does by itself. */
export function mayHappen<State extends string, F extends Facts<State>>(transition: Transition<State, F>, facts: F, actor: Actor, now: Date): boolean {
  return transition.from.includes(facts.state) && !transition.guard?.(facts, actor, now);
}

export const changedMeanwhile = (): Problem => new Conflict('Somebody changed this since you opened it. Look at it again, then repeat what you wanted to do.');

/** What stands in the way where a step does not start from the state, told to whom acts as `reader`. */
export function whyNot<State extends string, F extends Facts<State>>(process: ProcessDefinition<State, F>, state: State, facts: F, reader: string): string {
  const { why } = process.states[state];
  return typeof why === 'string' ? why : why(facts, reader);
}

function decide<State extends string, F extends Facts<State>>(
  process: ProcessDefinition<State, F>,
  transition: Transition<State, F>,
  from: State | null,
  facts: F,
  actor: Actor,
  now: Date,
): Decision {
  const reader = transition.by.find((who) => process.who[who]!.party(facts, actor) !== null);
  const party = reader === undefined ? null : process.who[reader]!.party(facts, actor);
  if (transition.by.length > 0 && !party) {
    const entitled = transition.by.map((who) => process.who[who]!.says).join(' or ');
    return { refusal: new NotAllowed(`Only ${entitled} can do this.`) };
  }
  if (!transition.from.includes(from)) {
    return { refusal: new NotAllowedInThisState(from === null ? 'It does not exist yet.' : whyNot(process, from, facts, reader ?? '')) };
  }
  const refusal = transition.guard?.(facts, actor, now);
  return refusal ? { refusal } : { party };
}

/**
 * Keeps a step of something that is no process of its own, such as a role that is asked for: it is in the history, and
 * those whom it concerns are told of it.
 */
export const recordStep = (tx: UnitOfWork, process: string, step: string, id: string, { from, to, by, reason = null }: { from: string | null; to: string; by: Actor; reason?: string | null }): Promise<void> =>
  record(tx, { name: process }, step, id, from, to, null, by, reason, by.personId);

/** The same of many things at once, which the product has done by itself. In one statement for any number of them. */
export async function recordSteps(
  tx: UnitOfWork,
  process: string,
  transition: string,
  ids: readonly string[],
  { from, to, reason = null }: { from: string | null; to: string; reason?: string | null },
): Promise<void> {
  if (ids.length === 0) return;
  const steps = await tx.query<{ historyId: number; objectId: string }>(
    `INSERT INTO history (process, object_id, transition, from_state, to_state, at, reason)
     SELECT $1, id, $2, $3, $4, $5, $7 FROM unnest($6::uuid[]) WITH ORDINALITY AS object (id, nth) ORDER BY nth
     RETURNING id AS "historyId", object_id AS "objectId"`,
    [process, transition, from, to, tx.now, ids, reason],
  );
  tx.recorded(steps.map((step) => ({ ...step, process, transition, personId: null, onBehalfKind: null, reason })));
}

async function record(
  tx: UnitOfWork,
  process: { name: string },
  transition: string,
  id: string,
  from: string | null,
  to: string,
  party: Party | null,
  actor: Actor,
  reason?: string | null,
  // What nobody in particular may do is a consequence: the product did it, whoever set it off.
  personId: string | null = party ? actor.personId : null,
): Promise<void> {
  const why = reason || null;
  const [entry] = await tx.query<{ id: number }>(
    `INSERT INTO history (process, object_id, transition, from_state, to_state, at, person_id, on_behalf_kind, on_behalf_id, on_behalf_name, reason)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
    [process.name, id, transition, from, to, tx.now, personId, party?.kind, party?.id, party?.name, why],
  );
  tx.recorded([{ historyId: entry!.id, process: process.name, transition, objectId: id, personId, onBehalfKind: party?.kind ?? null, reason: why }]);
}
