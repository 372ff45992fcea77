import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Rule } from '../../platform/access.js';
import { Reason, VersionRead } from '../../platform/arguments.js';
import { attempt, type Problem, refuse, whatIsMissing } from '../../platform/problem.js';
import { load, reload, type RequestContext } from '../../platform/request.js';
import { Listing } from '../listing.type.js';
import { providerById } from '../provider.read.js';
import { ProviderResult } from '../provider.result.js';
import { Provider } from '../provider.type.js';
import { changesOfListing, changesOfProvider, waitingChanges } from './changes.read.js';
import { FieldChange, WaitingChange } from './changes.type.js';
import type { WaitingChanges } from './waiting.service.js';

type Result = Promise<Provider | Problem>;
const ProviderId = () => Arg('id', () => GraphQLUUID, { description: 'Id of the provider.' });
const ChangeIds = () => Arg('changeIds', () => [GraphQLUUID], { nullable: true, description: 'Which of the changes that wait; all if left out.' });

@Resolver(() => Provider)
export class ProviderChangesResolver {
  constructor(private readonly waiting: WaitingChanges) {}

  @Rule('own')
  @FieldResolver(() => [FieldChange], { nullable: true, description: 'What was changed in its profile, field by field, oldest first. For its own people, its assuring LA’s officers and system administrators; null for others.' })
  changes(@Root() { id }: Provider, @Ctx() context: RequestContext): Promise<FieldChange[] | null> {
    return load(context, changesOfProvider, id);
  }

  @Rule('own')
  @FieldResolver(() => [WaitingChange], { nullable: true, description: 'Texts that wait for an officer, while those that were checked stay public. For the same people; null for others.' })
  waitingChanges(@Root() { id }: Provider, @Ctx() context: RequestContext): Promise<WaitingChange[] | null> {
    return load(context, waitingChanges, id);
  }

  @Rule('officerOrAdmin')
  @Mutation(() => ProviderResult, { description: 'Confirms texts of a provider that wait: they become public. Schools that recommend it are told of a new name.' })
  confirmProviderChanges(@ProviderId() id: string, @ChangeIds() changeIds: string[] | null, @VersionRead('the provider') version: number | null, @Ctx() context: RequestContext): Result {
    return this.answer(context, id, () => this.waiting.confirm(id, changeIds ?? null, { actor: context.actor, version }));
  }

  @Rule('officerOrAdmin')
  @Mutation(() => ProviderResult, { description: 'Refuses texts of a provider that wait: those that were checked stay.' })
  refuseProviderChanges(@ProviderId() id: string, @Reason() reason: string, @ChangeIds() changeIds: string[] | null, @VersionRead('the provider') version: number | null, @Ctx() context: RequestContext): Result {
    return this.answer(context, id, () => this.waiting.refuse(id, changeIds ?? null, { actor: context.actor, reason, version }));
  }

  private answer(context: RequestContext, id: string, work: () => Promise<void>): Result {
    return attempt(async () => {
      await work();
      return (await reload(context, providerById, id)) ?? refuse(whatIsMissing('provider'));
    });
  }
}

@Resolver(() => Listing)
export class ListingChangesResolver {
  @Rule('own')
  @FieldResolver(() => [FieldChange], { nullable: true, description: 'What was changed in it, field by field, oldest first. For the provider’s own people, its assuring LA’s officers and system administrators; null for others.' })
  changes(@Root() { id }: Listing, @Ctx() context: RequestContext): Promise<FieldChange[] | null> {
    return load(context, changesOfListing, id);
  }
}
