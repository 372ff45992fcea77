import { ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { Problem } from '../platform/problem.js';
import { Person } from './identity.type.js';
import { type Hanging, type HangingKind, hangingKinds } from './leaving.js';

const sentence = (text: string) => `${text[0]!.toUpperCase()}${text.slice(1)}.`;

export const HangingKindEnum = { ...Object.fromEntries(Object.keys(hangingKinds).map((kind) => [kind, kind])), OWN_WORK: 'OWN_WORK' } as { [K in Hanging['kind']]: K };
registerEnumType(HangingKindEnum, {
  name: 'HangingKind',
  description: 'What can hang on a role so that it would be left with nobody.',
  valuesConfig: {
    ...(Object.fromEntries((Object.keys(hangingKinds) as HangingKind[]).map((kind) => [kind, { description: sentence(hangingKinds[kind].one) }])) as Record<HangingKind, { description: string }>),
    OWN_WORK: { description: 'Work that only the person deals with; what it is, only they learn.' },
  },
});

@ObjectType({ description: 'Something that would be left with nobody.' })
export class HangingWork implements Hanging {
  @Seen('parent', () => HangingKindEnum, { description: 'What it is.' })
  kind: Hanging['kind'];

  @Seen('parent', () => Int, { nullable: true, description: 'How many there are; null where that is only for the person who leaves.' })
  count: number | null;

  @Seen('parent', () => String, { description: 'What would be left, in a sentence.' })
  says: string;

  @Seen('parent', () => Boolean, { description: 'Whether a successor who is named takes it over.' })
  canBeHandedOn: boolean;
}

@ObjectType({ description: 'What hangs on a role, before it is ended.' })
export class RoleLeaving {
  @Seen('parent', () => ID, { description: 'Id of the membership or assignment.' })
  id: string;

  @Seen('parent', () => [HangingWork], { description: 'What would be left with nobody; empty where nothing would.' })
  work: Hanging[];

  @Seen('parent', () => [Person], { description: 'Who could take it over, if you name them.' })
  successors: Person[];
}

@ObjectType({ implements: Problem, description: 'Something that hangs on the role would be left with nobody. Name a successor, or accept that it is left.' })
export class LeavesWithout extends Problem {
  @Seen('public', () => [HangingWork], { description: 'What would be left with nobody.' })
  readonly work: Hanging[];

  constructor(message: string, work: Hanging[]) {
    super('LEAVES_WITHOUT', message);
    this.work = work;
  }
}
