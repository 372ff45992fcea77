import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, InputType, Int, ObjectType } from 'type-graphql';
import { Seen } from '../../platform/access.js';
import { LocalAuthority } from '../school.type.js';

@ObjectType({ description: 'A term, or half of one: the days on which pupils come, from the first to the last.' })
export class Term {
  @Seen('public', () => String, { description: 'Its name, such as `Autumn term`.' })
  name: string;

  @Seen('public', () => GraphQLLocalDate, { description: 'Its first day.' })
  startsOn: string;

  @Seen('public', () => GraphQLLocalDate, { description: 'Its last day.' })
  endsOn: string;
}

@ObjectType({ description: 'The terms of a school year in a local authority. Days between them are school holidays, in which deadlines stand still.' })
export class SchoolYear {
  @Seen('public', () => LocalAuthority, { description: 'The local authority.' })
  localAuthority: LocalAuthority;

  @Seen('public', () => Int, { description: 'The calendar year in which it begins: 2026 for 2026/27.' })
  year: number;

  @Seen('public', () => [Term], { description: 'Its terms or half terms, in order; at most eight.' })
  terms: Term[];
}

@InputType({ description: 'A term, or half of one.' })
export class TermInput implements Term {
  @Field(() => String, { description: 'Its name, such as `Autumn term`.' })
  name: string;

  @Field(() => GraphQLLocalDate, { description: 'Its first day.' })
  startsOn: string;

  @Field(() => GraphQLLocalDate, { description: 'Its last day.' })
  endsOn: string;
}
