import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Rule } from '../../platform/access.js';
import { IdempotencyKey, Reason } from '../../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../../platform/problem.js';
import { actionsIn, AvailableAction } from '../../platform/process/index.js';
import { TooManyAttempts } from '../../platform/rate-limit.js';
import { load, reload, type RequestContext } from '../../platform/request.js';
import { LocalAuthority, School } from '../school.type.js';
import { localAuthorityByCode, schoolByUrn } from '../schools.read.js';
import { countPartnerships, listPartnerships, partnershipById, placesOf } from './partnership.read.js';
import type { Partnerships } from './partnership.service.js';
import { Partnership, PartnershipConnection, PartnershipPlace } from './partnership.type.js';
import { placeProcess } from './place.process.js';

const PartnershipResult = resultType('PartnershipResult', () => Partnership, [TooManyAttempts]);
type Result = Promise<Partnership | Problem>;

const actions = actionsIn(placeProcess);
const SCHOOLS = 'URNs of the other schools.';

@Resolver(() => Partnership)
export class PartnershipResolver {
  constructor(private readonly partnerships: Partnerships) {}

  @Rule('public')
  @Query(() => Partnership, { nullable: true, description: 'A partnership of schools, by its id.' })
  partnership(@PartnershipId() id: string, @Ctx() context: RequestContext): Promise<Partnership | null> {
    return load(context, partnershipById, id);
  }

  @Rule('public')
  @Query(() => PartnershipConnection, { name: 'partnerships', description: 'Partnerships of schools, by name; also those that a school of yours is asked to join.' })
  async list(
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Arg('laCode', () => String, { nullable: true, description: 'Of this local authority.' }) laCode: string | null,
    @Arg('schoolUrn', () => Int, { nullable: true, description: 'To which this school belongs, or is asked to.' }) schoolUrn: number | null,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<Connection<Partnership>> {
    const choice = { laCode, schoolUrn };
    const rows = await listPartnerships(db, actor, choice, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['string', 'id']));
    return pageOf(rows, first, (row) => [row.name, row.id], () => countPartnerships(db, actor, choice));
  }

  @Rule('public')
  @FieldResolver(() => LocalAuthority, { description: 'The local authority of the school that began it.' })
  localAuthority(@Root() { laCode }: Partnership, @Ctx() context: RequestContext) {
    return load(context, localAuthorityByCode, laCode);
  }

  @Rule('public')
  @FieldResolver(() => [PartnershipPlace], { description: 'The places in it that you may see, by the schools’ names. At most 60 schools belong to one.' })
  places(@Root() { id }: Partnership, @Ctx() context: RequestContext): Promise<PartnershipPlace[]> {
    return load(context, placesOf, id);
  }

  @Rule('lead')
  @Mutation(() => PartnershipResult, { description: 'Proposes a partnership. Your school belongs to it at once, each of the others when one of its leads accepts.' })
  proposePartnership(
    @Arg('schoolUrn', () => Int, { description: 'URN of the school that you lead.' }) schoolUrn: number,
    @Arg('name', () => String, { description: 'Its name, in up to 100 characters.' }) name: string,
    @Arg('schoolUrns', () => [Int], { description: SCHOOLS }) schoolUrns: number[],
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.partnerships.propose(context.actor, { name, schoolUrn, schoolUrns }, key));
  }

  @Rule('lead')
  @Mutation(() => PartnershipResult, { description: 'Asks further schools to join a partnership of your school.' })
  inviteToPartnership(@PartnershipId() id: string, @Arg('schoolUrns', () => [Int], { description: SCHOOLS }) schoolUrns: number[], @Ctx() context: RequestContext): Result {
    return this.answer(context, async () => {
      await this.partnerships.invite(context.actor, id, schoolUrns);
      return id;
    });
  }

  @Rule('lead')
  @Mutation(() => PartnershipResult, { description: 'Accepts for your school that it belongs to a partnership.' })
  acceptPartnership(@PlaceId() placeId: string, @Ctx() context: RequestContext): Result {
    return this.answer(context, () => this.partnerships.act(placeId, 'accept', { actor: context.actor }));
  }

  @Rule('lead')
  @Mutation(() => PartnershipResult, { description: 'Says no for your school to a partnership.' })
  declinePartnership(@PlaceId() placeId: string, @Ctx() context: RequestContext): Result {
    return this.answer(context, () => this.partnerships.act(placeId, 'decline', { actor: context.actor }));
  }

  @Rule('lead')
  @Mutation(() => PartnershipResult, { description: 'Takes your school out of a partnership.' })
  leavePartnership(@PlaceId() placeId: string, @Ctx() context: RequestContext): Result {
    return this.answer(context, () => this.partnerships.act(placeId, 'leave', { actor: context.actor }));
  }

  @Rule('officer')
  @Mutation(() => PartnershipResult, { description: 'Enters a partnership that there is, of schools of your local authority. They are told, and may leave.' })
  enterPartnership(
    @Arg('laCode', () => String, { description: 'Code of your local authority.' }) laCode: string,
    @Arg('name', () => String, { description: 'Its name, in up to 100 characters.' }) name: string,
    @Arg('schoolUrns', () => [Int], { description: 'URNs of its schools.' }) schoolUrns: number[],
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, () => this.partnerships.enter(context.actor, { name, laCode, schoolUrns }, key));
  }

  @Rule('officer')
  @Mutation(() => PartnershipResult, { description: 'Takes a school out of a partnership of your local authority.' })
  removeFromPartnership(@PlaceId() placeId: string, @Reason() reason: string, @Ctx() context: RequestContext): Result {
    return this.answer(context, () => this.partnerships.act(placeId, 'remove', { actor: context.actor, reason }));
  }

  @Rule('officer')
  @Mutation(() => PartnershipResult, { description: 'Ends a partnership of your local authority: no school has a place in it any more.' })
  endPartnership(@PartnershipId() id: string, @Reason() reason: string, @Ctx() context: RequestContext): Result {
    return this.answer(context, async () => {
      await this.partnerships.end(id, { actor: context.actor, reason });
      return id;
    });
  }

  private answer(context: RequestContext, work: () => Promise<string>): Result {
    return attempt(async () => (await reload(context, partnershipById, await work())) ?? refuse(whatIsMissing('partnership')));
  }
}

@Resolver(() => PartnershipPlace)
export class PartnershipPlaceResolver {
  @Rule('parent')
  @FieldResolver(() => School, { description: 'The school.' })
  school(@Root() { schoolUrn }: PartnershipPlace, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with the place in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: PartnershipPlace, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }
}

function PartnershipId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the partnership.' });
}

function PlaceId() {
  return Arg('placeId', () => GraphQLUUID, { description: 'Id of the school’s place in it.' });
}
