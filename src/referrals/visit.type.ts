import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Seen } from '../platform/access.js';
import { connectionType } from '../platform/connection.js';
import { VisitState } from './vocabulary.js';

@ObjectType({ description: 'What the school wants to talk about on a visit.' })
export class AgendaPoint {
  @Seen('parent', () => ID, { description: 'Id of the point.' })
  id: string;

  @Seen('parent', () => String, { description: 'The point, in the school’s words.' })
  text: string;

  @Seen('parent', () => Date, { description: 'When it was put on the agenda.' })
  putAt: Date;

  putById: string;
}

@ObjectType({ description: 'A SIP’s visit to a school. Only that SIP, while assigned, and the leads of the school know of it.' })
export class Visit {
  @Seen('parent', () => ID, { description: 'Id of the visit.' })
  id: string;

  @Seen('parent', () => VisitState, { description: 'Where it stands in its process.' })
  state: VisitState;

  @Seen('parent', () => GraphQLLocalDate, { description: 'The day of the visit.' })
  date: string;

  @Seen('parent', () => String, { description: 'What it is about.' })
  focus: string;

  @Seen('parent', () => String, { description: 'What came of it, as the SIP has written it for the school; empty until then.' })
  note: string;

  @Seen('parent', () => Int, { description: 'Version, to send along with a change.' })
  version: number;

  schoolUrn: number;
  sipId: string;
}

export const VisitConnection = connectionType('Visit', () => Visit);

@InputType({ description: 'When a visit is, and what it is about.' })
export class VisitInput {
  @Field(() => GraphQLLocalDate, { description: 'The day of the visit.' })
  date: string;

  @Field(() => String, { description: 'What it is about, in up to 500 characters. The school’s leads see it. Do not name pupils or staff.' })
  focus: string;
}
