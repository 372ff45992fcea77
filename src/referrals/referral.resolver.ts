import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { requestById, SupportRequest } from '../brokerage/index.js';
import { Person, personThen, thenKey } from '../identity/index.js';
import { Rule } from '../platform/access.js';
import { IdempotencyKey } from '../platform/arguments.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../platform/problem.js';
import { TooManyAttempts } from '../platform/rate-limit.js';
import { actionsIn, AvailableAction, historyEntry, HistoryEntry, historyOf } from '../platform/process/index.js';
import { load, reload, type RequestContext } from '../platform/request.js';
import { School, schoolByUrn, wordsOnDeadlines } from '../schools/index.js';
import { AlreadyReferred, referralProcess } from './referral.process.js';
import { countReferrals, listingsOfReferral, listReferrals, referralById } from './referral.read.js';
import { REFERRAL_DAYS, type Referrals } from './referral.service.js';
import { Referral, ReferralConnection, ReferralInput, ReferralListing } from './referral.type.js';
import { ReferralState } from './vocabulary.js';
import { visitById } from './visit.read.js';
import { Visit } from './visit.type.js';

const ReferralResult = resultType('ReferralResult', () => Referral, [AlreadyReferred, TooManyAttempts]);
type Result = Promise<Referral | Problem>;

const actions = actionsIn(referralProcess);

@ArgsType()
class ReferralsArguments extends PageArguments {
  @Field(() => Int, { nullable: true, description: 'To this school, by URN.' })
  schoolUrn?: number | null;

  @Field(() => [ReferralState], { nullable: true, description: 'In one of these states.' })
  states?: ReferralState[] | null;
}

@Resolver(() => Referral)
export class ReferralResolver {
  constructor(private readonly referrals: Referrals) {}

  @Rule('leadOrSip')
  @Query(() => Referral, { nullable: true, description: 'A referral that you sent, or to a school that you lead, by its id.' })
  referral(@ReferralId() id: string, @Ctx() context: RequestContext): Promise<Referral | null> {
    return load(context, referralById, id);
  }

  @Rule('leadOrSip')
  @Query(() => ReferralConnection, { name: 'referrals', description: 'The referrals that you sent, and those to schools that you lead, the latest first.' })
  async listed(@Args(() => ReferralsArguments) { first, after, ...choice }: ReferralsArguments, @Ctx() { db, actor }: RequestContext): Promise<Connection<Referral>> {
    const rows = await listReferrals(db, actor, choice, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.sentAt.toISOString(), row.id], () => countReferrals(db, actor, choice));
  }

  @Rule('parent')
  @FieldResolver(() => School, { description: 'The school.' })
  school(@Root() { schoolUrn }: Referral, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }

  @Rule('parent')
  @FieldResolver(() => String, { nullable: true, description: 'Why the school can answer for longer than 30 days, where it can.' })
  deadlineNote(@Root() { schoolUrn, sentAt, expiresAt }: Referral, @Ctx() context: RequestContext): Promise<string | null> {
    return load(context, wordsOnDeadlines, { of: { schoolUrn }, given: { from: sentAt, days: REFERRAL_DAYS }, until: expiresAt });
  }

  @Rule('parent')
  @FieldResolver(() => Person, { description: 'The SIP.' })
  sip(@Root() { sipId, sentAt }: Referral, @Ctx() context: RequestContext): Promise<Person | null> {
    return load(context, personThen, thenKey(sipId, sentAt));
  }

  @Rule('parent')
  @FieldResolver(() => Visit, { nullable: true, description: 'The visit that it comes from, where it comes from one.' })
  visit(@Root() { visitId }: Referral, @Ctx() context: RequestContext): Promise<Visit | null> | null {
    return visitId === null ? null : load(context, visitById, visitId);
  }

  @Rule('parent')
  @FieldResolver(() => [ReferralListing], { description: 'The listings, in the SIP’s order; at most five.' })
  listings(@Root() { id }: Referral, @Ctx() context: RequestContext): Promise<ReferralListing[]> {
    return load(context, listingsOfReferral, id);
  }

  @Rule('own')
  @FieldResolver(() => SupportRequest, { nullable: true, description: 'The request that it has become; null where the school does not let you see it, or not yet.' })
  request(@Root() { requestId }: Referral, @Ctx() context: RequestContext): Promise<SupportRequest | null> | null {
    return requestId === null ? null : load(context, requestById, requestId);
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with it in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: Referral, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('parent')
  @FieldResolver(() => [HistoryEntry], { description: 'What has happened to it, oldest first.' })
  async history(@Root() { id }: Referral, @Ctx() context: RequestContext): Promise<HistoryEntry[]> {
    return (await load(context, historyOf, id)).map((row) => historyEntry(referralProcess, row, true));
  }

  @Rule('sip')
  @Mutation(() => ReferralResult, { description: 'Refers a school whose SIP you are to up to five listings. Its leads are told; no provider is.' })
  sendReferral(
    @Arg('input', () => ReferralInput, { description: 'The referral.' }) input: ReferralInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    const listings = input.listings.map((each) => ({ ...each }));
    return this.answer(context, () => this.referrals.send(context.actor, { ...input, listings }, key));
  }

  @Rule('lead')
  @Mutation(() => ReferralResult, { description: 'Accepts a referral to your school: it becomes a draft request with the listings ready to invite. Nothing reaches a provider yet.' })
  acceptReferral(
    @ReferralId() id: string,
    @Arg('need', () => String, { nullable: true, description: 'What the school needs, in its own words, in up to 2000 characters; the SIP’s message where left out. It can be changed in the draft.' }) need: string | null,
    @Arg('confidential', () => Boolean, { defaultValue: false, description: 'Whether providers are not to know which school asks, until it chooses.' }) confidential: boolean,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.done(context, id, () => this.referrals.accept(context.actor, id, { need, confidential }, key));
  }

  @Rule('lead')
  @Mutation(() => ReferralResult, { description: 'Says no to a referral to your school.' })
  declineReferral(
    @ReferralId() id: string,
    @Arg('reason', () => String, { nullable: true, description: 'Why, if you like, in up to 1000 characters. Only the SIP reads it.' }) reason: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.done(context, id, () => this.referrals.decline(context.actor, id, { reason }));
  }

  @Rule('sip')
  @Mutation(() => ReferralResult, { description: 'Takes a referral back that the school has not answered.' })
  withdrawReferral(@ReferralId() id: string, @Ctx() context: RequestContext): Result {
    return this.done(context, id, () => this.referrals.withdraw(context.actor, id));
  }

  private done(context: RequestContext, id: string, work: () => Promise<void>): Result {
    return this.answer(context, async () => {
      await work();
      return id;
    });
  }

  private answer(context: RequestContext, work: () => Promise<string>): Result {
    return attempt(async () => (await reload(context, referralById, await work())) ?? refuse(whatIsMissing('referral')));
  }
}

function ReferralId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the referral.' });
}
