import type { Actor } from '../actor.js';
import type { Queryable } from '../database/index.js';
import type { Problem } from '../problem.js';

/** The organisation for which somebody acts, as the history keeps it. */
export interface Party {
  kind: 'PROVIDER' | 'SCHOOL' | 'LOCAL_AUTHORITY' | 'SIGNPOST';
  id: string;
  name: string;
}

/** What a guard may look at. It is read under the lock, holds no secrets and is never stored. */
export interface Facts<State extends string> {
  id: string;
  state: State;
}

/** A sentence for a person, or how it is made of the facts and of which of the process's `who` that person acts as. */
export type ReaderWords<F> = string | ((facts: F, reader: string) => string);

/** A sentence by who reads it; `others` for everybody else. */
export const byReader = (words: Record<string, string>, others: string) => (_facts: unknown, reader: string): string => words[reader] ?? others;

export interface Transition<State extends string, F extends Facts<State>> {
  /** The states it starts from; `null` is an object that does not exist yet. */
  from: readonly (State | null)[];
  /** The state it leads to; `null`: it stays where it is, and the history tells of it. */
  to: State | null;
  /** Keys of the process's `who`; empty for what only the product itself does, as a consequence or by a job. */
  by: readonly string[];
  /** What a person reads on the button: `Withdraw the recommendation`. */
  label: string;
  /** What it means, a sentence for the documentation. */
  says: string;
  /** Null to let it happen, else the reason why not. Pure. */
  guard?: (facts: F, actor: Actor, now: Date) => Problem | null;
  /** Whoever does it must say why; the reason goes into the history. */
  needsReason?: boolean;
}

/**
 * A process as data. The engine is the only thing that writes `state`; what a person may do, the history and the
 * documentation are drawn from the same definition.
 */
export interface ProcessDefinition<State extends string, F extends Facts<State>> {
  name: string;
  says: string;
  /** Table whose rows move, with columns id, state, version, updated_at. */
  table: string;
  /** `says` is for the documentation; `why` tells a person what stands in the way of a step that does not start from the state. */
  states: Record<State, { says: string; end?: true; why: ReaderWords<F> }>;
  /** Who may act: the words for it, and the party for which this actor acts (null: it is not one of these). */
  who: Record<string, { says: string; party: (facts: F, actor: Actor) => Party | null }>;
  transitions: Record<string, Transition<State, F>>;
  /** SQL that locks the aggregate root of the object $1 `FOR NO KEY UPDATE`. */
  lock: string;
  /** Facts of many objects at once, including what matters about this actor; objects not there are left out. */
  facts: (db: Queryable, ids: readonly string[], actor: Actor) => Promise<F[]>;
}

// Guards take facts of their own process; the engine only ever pairs a definition with its own facts.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnyProcess = ProcessDefinition<any, any>;

/** The state to which a transition leads from a state. */
export const target = <State extends string, F extends Facts<State>>({ to }: Transition<State, F>, from: State | null): State => (to ?? from)!; // checkProcess: what begins names its state

/** Throws unless every state can be reached from nothing, an end can be reached from every state, and all names exist. */
export function checkProcess(process: AnyProcess): void {
  const fail = (what: string): never => {
    throw new Error(`Process ${process.name}: ${what}`);
  };
  const states = Object.keys(process.states);
  const edges = Object.entries(process.transitions).flatMap(([name, transition]) => {
    for (const who of transition.by) if (!process.who[who]) fail(`${name} names nobody called ${who}`);
    for (const state of [...transition.from, transition.to]) {
      if (state !== null && !states.includes(state)) fail(`${name} names no state called ${state}`);
      if (state !== null && transition.to !== null && state !== transition.to && process.states[state]?.end) fail(`${name} leaves ${state}, which is an end`);
    }
    return transition.from.map((from) => ({ from, to: transition.to ?? from ?? fail(`${name} begins in no state`) }));
  });

  const reach = (start: (string | null)[], next: (at: string | null) => (string | null)[]) => {
    const seen = new Set(start);
    for (const at of seen) for (const each of next(at)) seen.add(each);
    return seen;
  };
  const reachable = reach([null], (at) => edges.filter((edge) => edge.from === at).map((edge) => edge.to));
  const ending = reach(
    states.filter((state) => process.states[state]?.end),
    (at) => edges.filter((edge) => edge.to === at).map((edge) => edge.from),
  );
  for (const state of states) if (!reachable.has(state)) fail(`nothing leads to ${state}`);
  for (const state of states) if (!ending.has(state)) fail(`no end can be reached from ${state}`);
}
