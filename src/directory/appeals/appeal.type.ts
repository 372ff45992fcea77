import { ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Seen } from '../../platform/access.js';
import { connectionType } from '../../platform/connection.js';
import { type AppealKind as Kind, appealKinds } from './appealable.js';
import type { AppealState as State } from './appeal.process.js';

const named = <Value extends string>(values: readonly Value[]) => Object.fromEntries(values.map((value) => [value, value])) as { [V in Value]: V };
const described = (labels: Record<string, string>) => Object.fromEntries(Object.entries(labels).map(([value, description]) => [value, { description }]));

export const AppealKind = named(Object.keys(appealKinds) as Kind[]);
registerEnumType(AppealKind, { name: 'AppealKind', description: 'A kind of decision that can be appealed.', valuesConfig: described(appealKinds) as never });

const states: Record<State, string> = {
  OPEN: 'It waits for somebody who may judge it.',
  UPHELD: 'The decision stands.',
  OVERTURNED: 'The decision has been undone.',
  WITHDRAWN: 'Whoever appealed has taken it back.',
  ENDED: 'The decision does not hold any more, or another has followed it, which can be appealed.',
};
export const AppealState = named(Object.keys(states) as State[]);
registerEnumType(AppealState, { name: 'AppealState', description: 'Where an appeal stands.', valuesConfig: described(states) as never });

@ObjectType({ description: 'An appeal against a decision, judged by somebody else than who made it.' })
export class Appeal {
  @Seen('parent', () => ID, { description: 'Its id.' })
  id: string;

  @Seen('parent', () => AppealKind, { description: 'What was decided.' })
  against: Kind;

  @Seen('parent', () => ID, { description: 'Id of what was decided about: the provider, recommendation, role, rating or withholding.' })
  objectId: string;

  @Seen('parent', () => String, { description: 'What was decided, in words.' })
  title: string;

  @Seen('parent', () => Date, { description: 'When that was decided.' })
  decidedAt: Date;

  @Seen('parent', () => String, { description: 'The reason that was given for the decision; empty where none was.' })
  decisionReason: string;

  @Seen('parent', () => String, { description: 'Who appeals: the provider, the school or the person, by name.' })
  appealedBy: string;

  @Seen('parent', () => Date, { description: 'When it was made.' })
  appealedAt: Date;

  @Seen('parent', () => String, { description: 'Why the decision is said to be wrong.' })
  grounds: string;

  @Seen('parent', () => AppealState, { description: 'Where it stands.' })
  state: State;

  @Seen('parent', () => Date, { nullable: true, description: 'When it was judged.' })
  judgedAt: Date | null;

  @Seen('parent', () => String, { nullable: true, description: 'For whom it was judged: the local authority, or Signpost.' })
  judgedFor: string | null;

  @Seen('parent', () => String, { nullable: true, description: 'Why it was judged so.' })
  outcomeReason: string | null;

  @Seen('parent', () => Int, { description: 'Version.' })
  version: number;
}

export const AppealConnection = connectionType('Appeal', () => Appeal);
