import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Person, personById, personThen, thenKey } from '../identity/index.js';
import { Rule } from '../platform/access.js';
import { IdempotencyKey } from '../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../platform/problem.js';
import { actionsIn, AvailableAction, historyEntry, HistoryEntry, historyOf } from '../platform/process/index.js';
import { load, reload, type RequestContext } from '../platform/request.js';
import { School, schoolByUrn } from '../schools/index.js';
import { VisitState } from './vocabulary.js';
import { visitProcess } from './visit.process.js';
import { agendaOfVisit, countVisits, listVisits, visitById } from './visit.read.js';
import type { Visits } from './visit.service.js';
import { AgendaPoint, Visit, VisitConnection, VisitInput } from './visit.type.js';

const VisitResult = resultType('VisitResult', () => Visit);
type Result = Promise<Visit | Problem>;

const actions = actionsIn(visitProcess);

@ArgsType()
class VisitsArguments extends PageArguments {
  @Field(() => Int, { nullable: true, description: 'To this school, by URN.' })
  schoolUrn?: number | null;

  @Field(() => [VisitState], { nullable: true, description: 'In one of these states.' })
  states?: VisitState[] | null;
}

@Resolver(() => Visit)
export class VisitResolver {
  constructor(private readonly visits: Visits) {}

  @Rule('leadOrSip')
  @Query(() => Visit, { nullable: true, description: 'A visit that you keep, or to a school that you lead, by its id.' })
  visit(@VisitId() id: string, @Ctx() context: RequestContext): Promise<Visit | null> {
    return load(context, visitById, id);
  }

  @Rule('leadOrSip')
  @Query(() => VisitConnection, { name: 'visits', description: 'The visits that you keep, and those to schools that you lead, the latest day first.' })
  async listed(@Args(() => VisitsArguments) { first, after, ...choice }: VisitsArguments, @Ctx() { db, actor }: RequestContext): Promise<Connection<Visit>> {
    const rows = await listVisits(db, actor, choice, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.date, row.id], () => countVisits(db, actor, choice));
  }

  @Rule('parent')
  @FieldResolver(() => School, { description: 'The school.' })
  school(@Root() { schoolUrn }: Visit, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }

  @Rule('parent')
  @FieldResolver(() => Person, { description: 'The SIP.' })
  sip(@Root() { sipId }: Visit, @Ctx() context: RequestContext): Promise<Person | null> {
    return load(context, personById, sipId);
  }

  @Rule('parent')
  @FieldResolver(() => [AgendaPoint], { description: 'What the school wants to talk about; at most 20 points.' })
  agenda(@Root() { id }: Visit, @Ctx() context: RequestContext): Promise<AgendaPoint[]> {
    return load(context, agendaOfVisit, id);
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with it in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: Visit, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('parent')
  @FieldResolver(() => [HistoryEntry], { description: 'What has happened to it, oldest first.' })
  async history(@Root() { id }: Visit, @Ctx() context: RequestContext): Promise<HistoryEntry[]> {
    return (await load(context, historyOf, id)).map((row) => historyEntry(visitProcess, row, true));
  }

  @Rule('sip')
  @Mutation(() => VisitResult, { description: 'Plans a visit to a school whose SIP you are, or enters one that has been. The school’s leads see it.' })
  planVisit(
    @Arg('schoolUrn', () => Int, { description: 'URN of the school.' }) schoolUrn: number,
    @Arg('input', () => VisitInput, { description: 'When it is, and what it is about.' }) input: VisitInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.visits.plan(context.actor, { schoolUrn, ...input }, key));
  }

  @Rule('sip')
  @Mutation(() => VisitResult, { description: 'Changes the day or the focus of a planned visit.' })
  changeVisit(
    @VisitId() id: string,
    @Version() version: number,
    @Arg('input', () => VisitInput, { description: 'When it is now, and what it is about.' }) input: VisitInput,
    @Ctx() context: RequestContext,
  ): Result {
    return this.done(context, id, () => this.visits.change(id, { ...input }, { actor: context.actor, version }));
  }

  @Rule('sip')
  @Mutation(() => VisitResult, { description: 'Writes what came of a visit, or writes it anew. You and the school’s leads can read it, and nobody else.' })
  writeVisitNote(
    @VisitId() id: string,
    @Version() version: number,
    @Arg('note', () => String, { description: 'The note, in up to 10,000 characters. Do not name pupils. A safeguarding concern goes to the school’s designated lead, not here.' }) note: string,
    @Ctx() context: RequestContext,
  ): Result {
    return this.done(context, id, () => this.visits.writeNote(id, note, { actor: context.actor, version }));
  }

  @Rule('sip')
  @Mutation(() => VisitResult, { description: 'Calls a planned visit off.' })
  cancelVisit(
    @VisitId() id: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why. It is kept in the history, which the school’s leads see.' }) reason: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.done(context, id, () => this.visits.cancel(id, { actor: context.actor, reason }));
  }

  @Rule('lead')
  @Mutation(() => VisitResult, { description: 'Puts a point on the agenda of a planned visit to your school, up to its day.' })
  addAgendaPoint(
    @Arg('visitId', () => GraphQLUUID, { description: 'Id of the visit.' }) visitId: string,
    @Arg('text', () => String, { description: 'What you want to talk about, in up to 500 characters. The SIP and the school’s leads see it. Do not name pupils or staff.' }) text: string,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.visits.addAgendaPoint(context.actor, visitId, { text }, key));
  }

  @Rule('lead')
  @Mutation(() => VisitResult, { description: 'Takes a point off the agenda of a planned visit to your school, up to its day.' })
  removeAgendaPoint(@Arg('id', () => GraphQLUUID, { description: 'Id of the point.' }) id: string, @Ctx() context: RequestContext): Result {
    return this.answer(context, () => this.visits.removeAgendaPoint(context.actor, id));
  }

  private done(context: RequestContext, id: string, work: () => Promise<void>): Result {
    return this.answer(context, async () => {
      await work();
      return id;
    });
  }

  private answer(context: RequestContext, work: () => Promise<string>): Result {
    return attempt(async () => (await reload(context, visitById, await work())) ?? refuse(whatIsMissing('visit')));
  }
}

@Resolver(() => AgendaPoint)
export class AgendaPointResolver {
  @Rule('parent')
  @FieldResolver(() => Person, { description: 'Who put it there.' })
  putBy(@Root() { putById, putAt }: AgendaPoint, @Ctx() context: RequestContext): Promise<Person | null> {
    return load(context, personThen, thenKey(putById, putAt));
  }
}

function VisitId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the visit.' });
}

function Version() {
  return Arg('version', () => Int, { description: 'The version that you started from.' });
}
