import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Float, InputType, Int, Query, Resolver, Root } from 'type-graphql';
import { Rule } from '../platform/access.js';
import { type Connection, connectionType, PageArguments } from '../platform/connection.js';
import { load, type RequestContext } from '../platform/request.js';
import { findSchools } from './find-schools.js';
import type { Near } from './near.js';
import { LocalAuthority, School, SchoolStatus } from './school.type.js';
import { readLocalAuthorities, schoolByUrn, successorsOfSchool } from './schools.read.js';

const SchoolConnection = connectionType('School', () => School);

@InputType({ description: 'A point on the British National Grid.' })
class GridReferenceInput {
  @Field(() => Int, { description: 'Metres east.' })
  easting: number;

  @Field(() => Int, { description: 'Metres north.' })
  northing: number;
}

@InputType({ description: 'A place to be near to: exactly one of its fields.' })
class NearInput implements Near {
  @Field(() => String, { nullable: true, description: 'A postcode, whole or its first half, known from the schools that have it.' })
  postcode?: string | null;

  @Field(() => Int, { nullable: true, description: 'URN of a school.' })
  urn?: number | null;

  @Field(() => GridReferenceInput, { nullable: true, description: 'A grid reference.' })
  grid?: GridReferenceInput | null;
}

@ArgsType()
class SchoolsArguments extends PageArguments {
  @Field(() => String, { nullable: true, description: 'Words of name, town, locality, local authority or postcode as people type them; or a URN.' })
  text?: string | null;

  @Field(() => String, { nullable: true, description: 'Code of the local authority that the schools lie in.' })
  laCode?: string | null;

  @Field(() => NearInput, { nullable: true, description: 'Nearest to this place first, each with its distance.' })
  near?: NearInput | null;

  @Field(() => Float, { nullable: true, description: 'At most so many kilometres from `near`.' })
  withinKm?: number | null;

  @Field(() => [SchoolStatus], { nullable: true, description: 'Open schools by default; a URN finds any school.' })
  status?: SchoolStatus[] | null;
}

@Resolver(() => School)
export class SchoolResolver {
  @Query(() => School, { nullable: true, description: 'The school with this URN, open or not.' })
  @Rule('public')
  school(@Ctx() context: RequestContext, @Arg('urn', () => Int, { description: 'Its URN.' }) urn: number): Promise<School | null> {
    return load(context, schoolByUrn, urn);
  }

  @Query(() => SchoolConnection, { description: 'Schools by text, authority and distance: nearest first when `near` a place, else best first.' })
  @Rule('public')
  schools(@Ctx() { db }: RequestContext, @Args(() => SchoolsArguments) search: SchoolsArguments): Promise<Connection<School>> {
    return findSchools(db, search);
  }

  @Query(() => [LocalAuthority], { description: 'The local authorities of England, by name: a plain list, since there are 153.' })
  @Rule('public')
  localAuthorities(@Ctx() { db }: RequestContext): Promise<LocalAuthority[]> {
    return readLocalAuthorities(db);
  }

  @FieldResolver(() => [School], { description: 'The schools that took its place when it closed, by conversion, merger or split.' })
  @Rule('public')
  successors(@Ctx() context: RequestContext, @Root() school: School): Promise<School[]> {
    return load(context, successorsOfSchool, school.urn);
  }
}
