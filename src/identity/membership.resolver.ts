import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, Field, FieldResolver, InputType, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Rule } from '../platform/access.js';
import type { Role } from '../platform/actor.js';
import { IdempotencyKey } from '../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { attempt, type Problem, resultType } from '../platform/problem.js';
import { HistoryEntry } from '../platform/process/index.js';
import { TooManyAttempts } from '../platform/rate-limit.js';
import { load, type RequestContext } from '../platform/request.js';
import { School, schoolByUrn } from '../schools/index.js';
import { countMemberships, countSipAssignments, listMemberships, listSipAssignments, personThen, readMembership, readSipAssignment, thenKey } from './identity.read.js';
import { Membership, MembershipConnection, Person, RoleEnded, RoleEnum, SipAssignment, SipAssignmentConnection } from './identity.type.js';
import { LeavesWithout, RoleLeaving } from './leaving.type.js';
import { AlreadyMember, LastAdministrator, type Memberships, NotASip } from './membership.service.js';

@InputType({ description: 'Which memberships; what is left out does not narrow.' })
class MembershipFilter {
  @Field(() => Boolean, { defaultValue: false, description: 'Only those that wait to be confirmed.' })
  waiting: boolean;

  @Field(() => Int, { nullable: true, description: 'In this school, by URN.' })
  schoolUrn?: number | null;

  @Field(() => String, { nullable: true, description: 'In this LA or its schools, by the LA’s code.' })
  laCode?: string | null;

  @Field(() => GraphQLUUID, { nullable: true, description: 'In this provider.' })
  providerId?: string | null;
}

@InputType({ description: 'A role for somebody. It names the one thing in which it is held.' })
class GrantInput {
  @Field(() => String, { description: 'The person’s e-mail address.' })
  email: string;

  @Field(() => String, { nullable: true, description: 'The person’s name, used where they are new here once they accept.' })
  name?: string | null;

  @Field(() => RoleEnum, { description: 'The role.' })
  role: Role;

  @Field(() => String, { defaultValue: '', description: 'What the person is there, such as `Headteacher`.' })
  title: string;

  @Field(() => Int, { nullable: true, description: 'School roles: the URN.' })
  schoolUrn?: number | null;

  @Field(() => String, { nullable: true, description: 'Trust leads: id of the trust.' })
  trustId?: string | null;

  @Field(() => String, { nullable: true, description: 'SIPs and officers: code of the LA.' })
  laCode?: string | null;

  @Field(() => GraphQLUUID, { nullable: true, description: 'Provider roles: id of the provider.' })
  providerId?: string | null;
}

const SuccessorId = () => Arg('successorId', () => GraphQLUUID, { nullable: true, description: 'Id of the person who takes over what would be left with nobody.' });
const AcceptLeftWithout = () => Arg('acceptLeftWithout', () => Boolean, { defaultValue: false, description: 'Ends it although something is left with nobody; ask `whatHangsOnRole` what that is.' });

const MembershipResult = resultType('MembershipResult', () => Membership, [AlreadyMember, TooManyAttempts]);
const RoleEndedResult = resultType('RoleEndedResult', () => RoleEnded, [LastAdministrator, LeavesWithout]);
const SipAssignmentResult = resultType('SipAssignmentResult', () => SipAssignment, [AlreadyMember, NotASip]);

@Resolver(() => Membership)
export class MembershipResolver {
  constructor(private readonly memberships: Memberships) {}

  @Rule('granter')
  @Query(() => MembershipConnection, { name: 'memberships', description: 'The roles in what you run: your school, your LA and its schools, your provider. Oldest first.' })
  async list(
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Arg('filter', () => MembershipFilter, { nullable: true, description: 'Which of them.' }) filter: MembershipFilter | null,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<Connection<Membership>> {
    const rows = await listMemberships(db, actor, filter ?? {}, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.createdAt.toISOString(), row.id], () => countMemberships(db, actor, filter ?? {}));
  }

  @Rule('signedIn')
  @Mutation(() => MembershipResult, { description: 'Asks for a role in a school. An officer of its LA or a lead of the school confirms it; until then it is worth nothing.' })
  requestMembership(
    @Arg('schoolUrn', () => Int, { description: 'URN of the school.' }) schoolUrn: number,
    @Arg('role', () => RoleEnum, { description: 'SCHOOL_LEAD or SCHOOL_STAFF.' }) role: Role,
    @Arg('title', () => String, { description: 'What you are there, such as `Chair of governors`.' }) title: string,
    @IdempotencyKey() key: string | null,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<Membership | Problem> {
    return attempt(async () => (await readMembership(db, await this.memberships.request(actor, { schoolUrn, role, title }, key)))!);
  }

  @Rule('granter')
  @Mutation(() => MembershipResult, { description: 'Offers somebody a role, by their e-mail address. It begins when they accept it; until then it counts for nothing and shows nothing of them.' })
  grantMembership(
    @Arg('input', () => GrantInput, { description: 'Who, and what.' }) input: GrantInput,
    @IdempotencyKey() key: string | null,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<Membership | Problem> {
    return attempt(async () => (await readMembership(db, await this.memberships.grant(actor, { ...input }, key)))!);
  }

  @Rule('granter')
  @Mutation(() => MembershipResult, { description: 'Confirms a role that somebody asked for.' })
  confirmMembership(@Arg('id', () => GraphQLUUID, { description: 'Id of the membership.' }) id: string, @Ctx() { db, actor }: RequestContext): Promise<Membership | Problem> {
    return attempt(async () => {
      await this.memberships.confirm(actor, id);
      return (await readMembership(db, id))!;
    });
  }

  @Rule('signedIn')
  @Mutation(() => MembershipResult, { description: 'Accepts a role that is offered to you: it is in force from now on.' })
  acceptMembership(@Arg('id', () => GraphQLUUID, { description: 'Id of the membership.' }) id: string, @Ctx() { db, actor }: RequestContext): Promise<Membership | Problem> {
    return attempt(async () => {
      await this.memberships.accept(actor, id);
      return (await readMembership(db, id))!;
    });
  }

  @Rule('signedIn')
  @Mutation(() => RoleEndedResult, { description: 'Declines a role that is offered to you.' })
  declineMembership(@Arg('id', () => GraphQLUUID, { description: 'Id of the membership.' }) id: string, @Ctx() { actor }: RequestContext): Promise<RoleEnded | Problem> {
    return attempt(async () => {
      await this.memberships.decline(actor, id);
      return { id };
    });
  }

  @Rule('signedIn')
  @Mutation(() => RoleEndedResult, { description: 'Ends a role, your own or one that you could give; takes back one that was offered, or refuses one that was asked for.' })
  endMembership(
    @Arg('id', () => GraphQLUUID, { description: 'Id of the membership.' }) id: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, where a role is refused that was asked for: whoever asked reads it if they appeal.' }) reason: string | null,
    @SuccessorId() successorId: string | null,
    @AcceptLeftWithout() acceptLeftWithout: boolean,
    @Ctx() { actor }: RequestContext,
  ): Promise<RoleEnded | Problem> {
    return attempt(async () => {
      await this.memberships.end(actor, id, { successorId, acceptLeftWithout, reason });
      return { id };
    });
  }

  @Rule('signedIn')
  @Query(() => RoleLeaving, { nullable: true, description: 'What would be left with nobody if a role ended, or a SIP’s work with a school: for whoever can end it, before they do.' })
  whatHangsOnRole(@Arg('id', () => GraphQLUUID, { description: 'Id of the membership or of the assignment.' }) id: string, @Ctx() { actor }: RequestContext): Promise<RoleLeaving | null> {
    return this.memberships.whatHangs(actor, id);
  }

  @Rule('signedIn')
  @Query(() => SipAssignmentConnection, { description: 'Which SIP works with which school: your own schools as a SIP, the schools that you lead, those of your LA.' })
  async sipAssignments(@Args(() => PageArguments) { first, after }: PageArguments, @Ctx() { db, actor }: RequestContext): Promise<Connection<SipAssignment>> {
    const rows = await listSipAssignments(db, actor, checkFirst(first) + 1, decodeCursor<[number, string]>(after, ['number', 'id']));
    return pageOf(rows, first, (row) => [row.schoolUrn, row.id], () => countSipAssignments(db, actor));
  }

  @Rule('officer')
  @Mutation(() => SipAssignmentResult, { description: 'Makes a SIP of your LA the SIP of a school.' })
  assignSip(
    @Arg('personId', () => GraphQLUUID, { description: 'Id of the SIP.' }) personId: string,
    @Arg('schoolUrn', () => Int, { description: 'URN of the school.' }) schoolUrn: number,
    @IdempotencyKey() key: string | null,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<SipAssignment | Problem> {
    return attempt(async () => (await readSipAssignment(db, await this.memberships.assignSip(actor, { personId, schoolUrn }, key)))!);
  }

  @Rule('officer')
  @Mutation(() => RoleEndedResult, { description: 'Ends a SIP’s work with a school; with it ends what the SIP sees of the school.' })
  endSipAssignment(
    @Arg('id', () => GraphQLUUID, { description: 'Id of the assignment.' }) id: string,
    @SuccessorId() successorId: string | null,
    @AcceptLeftWithout() acceptLeftWithout: boolean,
    @Ctx() { actor }: RequestContext,
  ): Promise<RoleEnded | Problem> {
    return attempt(async () => {
      await this.memberships.endSipAssignment(actor, id, { successorId, acceptLeftWithout });
      return { id };
    });
  }
}

@Resolver(() => SipAssignment)
export class SipAssignmentResolver {
  @Rule('parent')
  @FieldResolver(() => School, { description: 'The school.' })
  school(@Root() { schoolUrn }: SipAssignment, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }
}

@Resolver(() => HistoryEntry)
export class HistoryPersonResolver {
  @Rule('own')
  @FieldResolver(() => Person, { nullable: true, description: 'Who did it, by the name they had then. Only for the parties to the object.' })
  async person(@Root() { personId, personName, at }: HistoryEntry, @Ctx() context: RequestContext): Promise<Person | null> {
    if (personId === null) return null;
    return personName === null ? load(context, personThen, thenKey(personId, at)) : { id: personId, name: personName };
  }
}
