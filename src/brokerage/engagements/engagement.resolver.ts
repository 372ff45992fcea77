import { GraphQLLocalDate, GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { Listing, listingById, Provider, providerById } from '../../directory/index.js';
import { Person, personThen, thenKey } from '../../identity/index.js';
import { Rule } from '../../platform/access.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../../platform/connection.js';
import { actionsIn, AvailableAction, historyEntry, HistoryEntry, historyOf } from '../../platform/process/index.js';
import { load, type RequestContext } from '../../platform/request.js';
import { School, schoolByUrn } from '../../schools/index.js';
import { concernsOf } from '../concerns/concern.read.js';
import { Concern } from '../concerns/concern.type.js';
import { EngagementFilter } from './engagement.input.js';
import { actionsOf, changesOf, evidenceOf, objectivesOf, partnerSchoolsOf, peopleOf, reviewDatesOf, reviewsOf, visitorsOf } from './engagement.parts.read.js';
import { EngagementAction, EngagementChange, EngagementEvidence, EngagementObjective, EngagementVisitor, Review, SafeguardingConfirmation } from './engagement.parts.type.js';
import { engagementProcess } from './engagement.process.js';
import { countEngagements, engagementById, isOnlyProvider, listEngagements } from './engagement.read.js';
import { Engagement, EngagementConnection } from './engagement.type.js';

const actions = actionsIn(engagementProcess);

/** What passes between the school and its SIP. */
const NOT_FOR_PROVIDER = ['sendBack', 'shareWithSip', 'stopSharing', 'handOver'];

@Resolver(() => Engagement)
export class EngagementResolver {
  @Rule('signedIn')
  @Query(() => Engagement, { nullable: true, description: 'An engagement that you may see, by its id.' })
  engagement(@Arg('id', () => GraphQLUUID, { description: 'Id of the engagement.' }) id: string, @Ctx() context: RequestContext): Promise<Engagement | null> {
    return load(context, engagementById, id);
  }

  @Rule('signedIn')
  @Query(() => EngagementConnection, { description: 'The engagements that you may see: your schools’, your providers’, those that schools share with you as their SIP; newest first.' })
  async myEngagements(
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Arg('filter', () => EngagementFilter, { nullable: true, description: 'Which of them.' }) filter: EngagementFilter | null,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<Connection<Engagement>> {
    const choice = filter ?? {};
    const rows = await listEngagements(db, actor, choice, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['time', 'id']));
    return pageOf(rows, first, (row) => [row.createdAt.toISOString(), row.id], () => countEngagements(db, actor, choice));
  }

  @Rule('parent')
  @FieldResolver(() => School, { description: 'The school that agreed it.' })
  school(@Root() { schoolUrn }: Engagement, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }

  @Rule('parent')
  @FieldResolver(() => [School], { description: 'Partner schools that take part.' })
  async partnerSchools(@Root() { id }: Engagement, @Ctx() context: RequestContext) {
    return Promise.all((await load(context, partnerSchoolsOf, id)).map(({ urn }) => load(context, schoolByUrn, urn)));
  }

  @Rule('own')
  @FieldResolver(() => Provider, { nullable: true, description: 'Who gives the support; null where you may not see the provider any more.' })
  provider(@Root() { providerId }: Engagement, @Ctx() context: RequestContext): Promise<Provider | null> {
    return load(context, providerById, providerId);
  }

  @Rule('own')
  @FieldResolver(() => Listing, { nullable: true, description: 'The listing it is about; null for none, and where you may not see it any more.' })
  listing(@Root() { listingId }: Engagement, @Ctx() context: RequestContext): Promise<Listing | null> | null {
    return listingId === null ? null : load(context, listingById, listingId);
  }

  @Rule('own')
  @FieldResolver(() => [Person], { nullable: true, description: 'The people named to see it in the school. Only for the school.' })
  async people(@Root() { id, ofSchool }: Engagement, @Ctx() context: RequestContext): Promise<Person[] | null> {
    return ofSchool ? (await load(context, peopleOf, id)).map(({ person }) => person) : null;
  }

  @Rule('own')
  @FieldResolver(() => Person, { nullable: true, description: 'Who signed it off. Not for the provider.' })
  signedOffBy(@Root() { signedOffById, signedOffAt }: Engagement, @Ctx() context: RequestContext): Promise<Person | null> | null {
    return signedOffById === null ? null : load(context, personThen, thenKey(signedOffById, signedOffAt!));
  }

  @Rule('parent')
  @FieldResolver(() => [EngagementObjective], { description: 'What it is to reach.' })
  objectives(@Root() { id }: Engagement, @Ctx() context: RequestContext) {
    return load(context, objectivesOf, id);
  }

  @Rule('parent')
  @FieldResolver(() => [EngagementAction], { description: 'What is to be done, earliest day first.' })
  actions(@Root() { id }: Engagement, @Ctx() context: RequestContext) {
    return load(context, actionsOf, id);
  }

  @Rule('parent')
  @FieldResolver(() => [EngagementChange], { description: 'Changes of dates and price that were proposed, oldest first, with what was agreed before and after.' })
  changes(@Root() { id }: Engagement, @Ctx() context: RequestContext) {
    return load(context, changesOf, id);
  }

  @Rule('parent')
  @FieldResolver(() => [EngagementEvidence], { description: 'What will show whether it worked.' })
  evidence(@Root() { id }: Engagement, @Ctx() context: RequestContext) {
    return load(context, evidenceOf, id);
  }

  @Rule('parent')
  @FieldResolver(() => [GraphQLLocalDate], { description: 'The days on which the school looks at how it goes.' })
  async reviewDates(@Root() { id }: Engagement, @Ctx() context: RequestContext): Promise<string[]> {
    return (await load(context, reviewDatesOf, id)).map(({ dueOn }) => dueOn);
  }

  @Rule('parent')
  @FieldResolver(() => [Review], { description: 'How it went, oldest first.' })
  reviews(@Root() { id }: Engagement, @Ctx() context: RequestContext) {
    return load(context, reviewsOf, id);
  }

  @Rule('parent')
  @FieldResolver(() => [EngagementVisitor], { description: 'Who comes into the school.' })
  visitors(@Root() { id }: Engagement, @Ctx() context: RequestContext) {
    return load(context, visitorsOf, id);
  }

  @Rule('parent')
  @FieldResolver(() => SafeguardingConfirmation, { nullable: true, description: 'The provider’s confirmation of the checks of those who come; null until it is given for these people.' })
  async safeguarding(@Root() row: Engagement, @Ctx() context: RequestContext): Promise<SafeguardingConfirmation | null> {
    const { safeguardingStatement: statement, safeguardingConfirmedAt: at, safeguardingConfirmedById: by } = row;
    return statement === null ? null : { statement, at: at!, by: (await load(context, personThen, thenKey(by!, at!)))! };
  }

  @Rule('own')
  @FieldResolver(() => [Concern], { nullable: true, description: 'Concerns that one side has raised with the other, oldest first. Only for the two.' })
  concerns(@Root() { id, ofSchool, ofProvider }: Engagement, @Ctx() context: RequestContext): Promise<Concern[]> | null {
    return ofSchool || ofProvider ? load(context, concernsOf, id) : null;
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with it in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: Engagement, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('parent')
  @FieldResolver(() => [HistoryEntry], { description: 'What has happened to it, oldest first. What passes between the school and its SIP is not for the provider.' })
  async history(@Root() row: Engagement, @Ctx() context: RequestContext): Promise<HistoryEntry[]> {
    const steps = await load(context, historyOf, row.id);
    const seen = isOnlyProvider(row) ? steps.filter(({ transition }) => !NOT_FOR_PROVIDER.includes(transition)) : steps;
    return seen.map((each) => historyEntry(engagementProcess, each, !isOnlyProvider(row) || each.onBehalfKind !== 'LOCAL_AUTHORITY'));
  }
}
