import { Int, ObjectType } from 'type-graphql';
import { Seen } from '../access.js';
import type { LoaderDefinition } from '../request.js';
import { groupsInOrder, inOrder } from '../request.js';
import type { AnyProcess } from './definition.js';
import { availableActions } from './engine.js';
import { type HistoryRow, readHistories } from './history.js';

@ObjectType({ description: 'Something that can be done with an object in its present state, and whether this person may do it now.' })
export class AvailableAction {
  @Seen('parent', () => String, { description: 'Name of the transition, such as `withdraw`.' })
  action: string;

  @Seen('parent', () => String, { description: 'What it is called on a button.' })
  label: string;

  @Seen('parent', () => Boolean, { description: 'Whether this person may do it now.' })
  allowed: boolean;

  @Seen('parent', () => Boolean, { description: 'Whether a reason must be given, which is kept.' })
  needsReason: boolean;

  @Seen('parent', () => String, { nullable: true, description: 'When it is not allowed: the code of the problem in the way. The mutation answers with it too, unless none of your roles is one that it is for: then it is refused as UNAUTHENTICATED or FORBIDDEN.' })
  code: string | null;

  @Seen('parent', () => String, { nullable: true, description: 'When it is not allowed: why, in a sentence.' })
  message: string | null;
}

@ObjectType({ description: 'An organisation for which somebody acted.' })
export class ActingParty {
  @Seen('parent', () => String, { description: 'PROVIDER, SCHOOL, LOCAL_AUTHORITY or SIGNPOST.' })
  kind: string;

  @Seen('parent', () => String, { description: 'Its id in Signpost, URN or LA code.' })
  id: string;

  @Seen('parent', () => String, { description: 'Its name at the time.' })
  name: string;
}

@ObjectType({ description: 'One step in the life of an object.' })
export class HistoryEntry {
  @Seen('parent', () => Int, { description: 'Number of the step, growing with time.' })
  id: number;

  @Seen('parent', () => Date, { description: 'When it happened.' })
  at: Date;

  @Seen('parent', () => String, { description: 'Name of the transition, such as `list`.' })
  transition: string;

  @Seen('parent', () => String, { description: 'What the transition is called.' })
  label: string;

  @Seen('parent', () => String, { nullable: true, description: 'The state before; null for the first step.' })
  fromState: string | null;

  @Seen('parent', () => String, { description: 'The state after.' })
  toState: string;

  @Seen('parent', () => ActingParty, { nullable: true, description: 'On whose behalf it was done; null for what the product did by itself.' })
  onBehalfOf: ActingParty | null;

  @Seen('own', () => String, { nullable: true, description: 'Why, where a reason was given. Only for the parties to the object.' })
  reason: string | null;

  /** Id of the person, for the resolver that shows their name to the parties; null for everybody else. */
  personId: string | null;
  /** The name that this person had then, for the same resolver. */
  personName: string | null;
}

export function historyEntry(process: AnyProcess, row: HistoryRow, isParty: boolean): HistoryEntry {
  const { onBehalfKind: kind, onBehalfId: id, onBehalfName: name } = row;
  return {
    ...row,
    label: process.transitions[row.transition]?.label ?? row.transition,
    onBehalfOf: kind ? { kind, id: id!, name: name! } : null,
    reason: isParty ? row.reason : null,
    personId: isParty ? row.personId : null,
    personName: isParty ? row.personName : null,
  };
}

export const historyOf: LoaderDefinition<string, HistoryRow[]> = async ({ db }, ids) =>
  groupsInOrder(ids, await readHistories(db, ids), (row) => row.objectId);

/** A loader for what the actor may do with the objects of a process. */
export const actionsIn =
  (process: AnyProcess): LoaderDefinition<string, AvailableAction[]> =>
  async ({ db, actor, clock }, ids) => {
    const facts = await process.facts(db, ids, actor);
    return inOrder(ids, facts, (each) => each.id).map((each) => (each ? availableActions(process, each, actor, clock.now()) : []));
  };

