import { GraphQLLocalDate, GraphQLUUID } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { actorOfPerson } from '../identity/index.js';
import { Rule } from '../platform/access.js';
import { isOfficerOf, isSystemAdmin, worksForProvider } from '../platform/actor.js';
import { carried } from '../platform/columns.js';
import { checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { IdempotencyKey, Reason, VersionRead } from '../platform/arguments.js';
import { attempt, type Problem, refuse, whatIsMissing } from '../platform/problem.js';
import { actionsIn, AvailableAction, historyEntry, HistoryEntry, historyOf } from '../platform/process/index.js';
import { load, reload, type RequestContext } from '../platform/request.js';
import { LocalAuthority, localAuthorityByCode, School, schoolByUrn } from '../schools/index.js';
import { ProfileInput, ProviderFilter, RegisterProviderInput } from './provider.input.js';
import { providerProcess } from './provider.process.js';
import { countProviders, listProviders, providerById } from './provider.read.js';
import { ContactDenied, ContactDeniedResult, ProviderResult } from './provider.result.js';
import { Providers } from './provider.service.js';
import { Provider, ProviderConnection } from './provider.type.js';
import { StandingItem, standingOf } from './standing.js';
import { CheckKind } from './vocabulary.js';

type Result = Promise<Provider | Problem>;

const actions = actionsIn(providerProcess);

@Resolver(() => Provider)
export class ProviderResolver {
  constructor(private readonly providers: Providers) {}

  @Rule('public')
  @Query(() => Provider, { nullable: true, description: 'A provider that you may see, by its id.' })
  provider(@Arg('id', () => GraphQLUUID, { description: 'Id of the provider.' }) id: string, @Ctx() context: RequestContext): Promise<Provider | null> {
    return load(context, providerById, id);
  }

  @Rule('public')
  @Query(() => ProviderConnection, { name: 'providers', description: 'The providers that you may see, by name.' })
  async list(
    @Args(() => PageArguments) { first, after }: PageArguments,
    @Arg('filter', () => ProviderFilter, { nullable: true, description: 'Which of them.' }) filter: ProviderFilter | null,
    @Ctx() context: RequestContext,
  ): Promise<Connection<Provider>> {
    const rows = await listProviders(context, filter ?? {}, checkFirst(first) + 1, decodeCursor<[string, string]>(after, ['string', 'id']));
    return pageOf(rows, first, (row) => [row.name, row.id], () => countProviders(context.db, context.actor, filter ?? {}));
  }

  @Rule('public')
  @FieldResolver(() => School, { nullable: true, description: 'The school that the provider is, if it is one.' })
  school(@Root() provider: Provider, @Ctx() context: RequestContext) {
    const school = carried<School | null>(provider, 'school');
    if (school !== undefined) return school;
    return provider.schoolUrn === null ? null : load(context, schoolByUrn, provider.schoolUrn);
  }

  @Rule('public')
  @FieldResolver(() => LocalAuthority, { nullable: true, description: 'The local authority that checks the provider.' })
  assuringLa(@Root() { assuringLaCode }: Provider, @Ctx() context: RequestContext) {
    return assuringLaCode === null ? null : load(context, localAuthorityByCode, assuringLaCode);
  }

  @Rule('own')
  @FieldResolver(() => [StandingItem], {
    nullable: true,
    description: 'Everything that stands between the provider and being listed, with who must act. For its own people, its assuring LA’s officers and system administrators; null for others.',
  })
  async wayToBeingListed(@Root() { id, assuringLaCode }: Provider, @Ctx() context: RequestContext): Promise<StandingItem[] | null> {
    const { actor } = context;
    if (!worksForProvider(actor, id) && !isOfficerOf(actor, assuringLaCode) && !isSystemAdmin(actor)) return null;
    return load(context, standingOf, id);
  }

  @Rule('parent')
  @FieldResolver(() => [AvailableAction], { description: 'What can be done with the provider in its present state, and whether you may do it.' })
  availableActions(@Root() { id }: Provider, @Ctx() context: RequestContext): Promise<AvailableAction[]> {
    return load(context, actions, id);
  }

  @Rule('parent')
  @FieldResolver(() => [HistoryEntry], { description: 'What has happened to it, oldest first.' })
  async history(@Root() { id, assuringLaCode }: Provider, @Ctx() context: RequestContext): Promise<HistoryEntry[]> {
    const { actor } = context;
    const isParty = worksForProvider(actor, id) || isOfficerOf(actor, assuringLaCode) || isSystemAdmin(actor);
    const between = ['holdBack', 'confirmReturn']; // that it was like one that was suspended is nobody else's business
    return (await load(context, historyOf, id)).filter((row) => isParty || !between.includes(row.transition)).map((row) => historyEntry(providerProcess, row, isParty));
  }

  @Rule('signedIn')
  @Mutation(() => ProviderResult, { description: 'Registers a provider. You become its administrator.' })
  registerProvider(
    @Arg('input', () => RegisterProviderInput, { description: 'What it is.' }) input: RegisterProviderInput,
    @IdempotencyKey() key: string | null,
    @Ctx() context: RequestContext,
  ): Result {
    return attempt(async () => {
      const id = await this.providers.register(context.actor, { ...input }, key);
      context.actor = await actorOfPerson(context.db, context.actor.personId!); // an administrator from now on
      return (await reload(context, providerById, id)) ?? refuse(whatIsMissing('provider'));
    });
  }

  @Rule('provider')
  @Mutation(() => ProviderResult, { description: 'Changes the profile; a field left out stays as it is. Another name, safeguarding statement or declaration of interests, or who assured a national programme, waits for an officer once what is there was checked.' })
  updateProvider(
    @ProviderId() id: string,
    @Arg('version', () => Int, { description: 'The version that you started from.' }) version: number,
    @Arg('input', () => ProfileInput, { description: 'The fields to change.' }) input: ProfileInput,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, id, () => this.providers.update(context.actor, id, version, { ...input }));
  }

  @Rule('provider')
  @Mutation(() => ProviderResult, { description: 'Says that the profile is finished: from now on schools can be asked for recommendations.' })
  completeProvider(@ProviderId() id: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'complete');
  }

  @Rule('officerOrAdmin')
  @Mutation(() => ProviderResult, { description: 'Lists a council’s own free service that another officer has entered. Where every officer of the council has an interest, one of another council or a system administrator does it.' })
  publishCouncilService(@ProviderId() id: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'publishCouncilService', { version });
  }

  @Rule('systemAdmin')
  @Mutation(() => ProviderResult, { description: 'Lists a national programme or resource.' })
  publishNationalProgramme(@ProviderId() id: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'publishNationalProgramme', { version });
  }

  @Rule('provider')
  @Mutation(() => ProviderResult, { description: 'Takes the provider out of the directory for good.' })
  withdrawProvider(@ProviderId() id: string, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'withdraw');
  }

  @Rule('officerOrAdmin')
  @Mutation(() => ProviderResult, { description: 'Suspends a listed provider: schools cannot find it until that ends.' })
  suspendProvider(@ProviderId() id: string, @Reason() reason: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.step(context, id, 'suspend', { reason, version });
  }

  @Rule('officerOrAdmin')
  @Mutation(() => ProviderResult, { description: 'Ends a suspension. The provider is listed again if it still has what that needs, else lapsed.' })
  reinstateProvider(@ProviderId() id: string, @Reason() reason: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.answer(context, id, () => this.providers.reinstate(id, { actor: context.actor, reason, version }));
  }

  @Rule('officerOrAdmin')
  @Mutation(() => ProviderResult, { description: 'Confirms the name of a provider that is like that of another or of a local authority. It is not listed before.' })
  confirmProviderName(@ProviderId() id: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.answer(context, id, () => this.providers.confirmName(id, { actor: context.actor, version }));
  }

  @Rule('officerOrAdmin')
  @Mutation(() => ProviderResult, { description: 'Lets a provider be listed that is, or is near to, one that was suspended before. It is not listed before.' })
  confirmProviderReturn(@ProviderId() id: string, @Reason() reason: string, @VersionRead() version: number | null, @Ctx() context: RequestContext): Result {
    return this.answer(context, id, () => this.providers.confirmReturn(id, { actor: context.actor, reason, version }));
  }

  @Rule('officerOrAdmin')
  @Mutation(() => ProviderResult, { description: 'Records that the assuring LA has checked something about the provider: its safeguarding statement or its interests only once they are written.' })
  recordProviderCheck(
    @ProviderId() id: string,
    @Arg('kind', () => CheckKind, { description: 'What was checked.' }) kind: CheckKind,
    @Arg('expiresOn', () => GraphQLLocalDate, { description: 'The last day on which the check holds.' }) expiresOn: string,
    @VersionRead() version: number | null,
    @Ctx() context: RequestContext,
  ): Result {
    return this.answer(context, id, () => this.providers.recordCheck(context.actor, id, kind, expiresOn, version));
  }

  @Rule('signedIn')
  @Mutation(() => ContactDeniedResult, { description: 'Says that you are not a contact of a provider that names you as one: it gives you no interest in it from then on.' })
  denyContact(@ProviderId() id: string, @Ctx() { actor }: RequestContext): Promise<ContactDenied | Problem> {
    return attempt(async () => {
      await this.providers.denyContact(actor, id);
      return Object.assign(new ContactDenied(), { id });
    });
  }

  private step(context: RequestContext, id: string, transition: string, of: { reason?: string; version?: number | null } = {}): Result {
    return this.answer(context, id, () => this.providers.act(id, transition, { ...of, actor: context.actor }));
  }

  private answer(context: RequestContext, id: string, work: () => Promise<void>): Result {
    return attempt(async () => {
      await work();
      return (await reload(context, providerById, id)) ?? refuse(whatIsMissing('provider'));
    });
  }
}

function ProviderId() {
  return Arg('id', () => GraphQLUUID, { description: 'Id of the provider.' });
}
