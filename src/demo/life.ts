import { directoryProcesses } from '../directory/index.js';
import { type Party, target, type Transition } from '../platform/process/index.js';
import { schoolsProcesses } from '../schools/index.js';
import type { Rows } from './rows.js';

/** Who took a step, and for whom. */
export interface By {
  personId: string;
  party: Party;
}

/** One object's way through its process, written into the history. It can take no step that the process does not have. */
export class Life {
  state: string | null = null;
  createdAt: Date;
  updatedAt: Date;
  /** Counts as the engine counts: 1 when new, one more with each step. */
  version = 0;
  /** When it last entered each state. */
  readonly entered = new Map<string, Date>();

  constructor(
    private readonly rows: Rows,
    private readonly process: 'Provider' | 'Listing' | 'Recommendation' | 'PartnershipPlace',
    readonly id: string,
  ) {}

  /** @param by null for what the product did by itself */
  step(name: string, at: Date, by: By | null, reason: string | null = null): void {
    const transition = transitionOf(this.process, name);
    if (!transition.from.includes(this.state)) throw new Error(`${this.process}: no ${name} from ${this.state}`);
    const to = target(transition, this.state);
    this.rows.add('history', {
      process: this.process,
      object_id: this.id,
      transition: name,
      from_state: this.state,
      to_state: to,
      at,
      person_id: by?.personId ?? null,
      on_behalf_kind: by?.party.kind ?? null,
      on_behalf_id: by?.party.id ?? null,
      on_behalf_name: by?.party.name ?? null,
      reason,
    });
    this.createdAt ??= at;
    this.updatedAt = at;
    this.version++;
    this.state = to;
    this.entered.set(to, at);
  }
}

function transitionOf(processName: string, name: string): Transition<string, never> {
  const process = [...directoryProcesses, ...schoolsProcesses].find((each) => each.name === processName);
  const transition = (process?.transitions as Record<string, Transition<string, never>> | undefined)?.[name];
  if (!transition) throw new Error(`There is no ${name} in the process ${processName}`);
  return transition;
}
