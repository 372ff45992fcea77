import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import { Rule } from '../../platform/access.js';
import { isOfficerOf, isSystemAdmin } from '../../platform/actor.js';
import { Reason } from '../../platform/arguments.js';
import { badInput, checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../../platform/connection.js';
import { attempt, type Problem, Refused, refuse, resultType, whatIsMissing } from '../../platform/problem.js';
import { load, type RequestContext } from '../../platform/request.js';
import { HasInterest } from '../interests/index.js';
import { providerById } from '../provider.read.js';
import { type Provider, ProviderConnection } from '../provider.type.js';
import { policyChangesOf, policyOf } from './policy.read.js';
import type { Policies } from './policy.service.js';
import { LaPolicy, LaPolicyInput, PolicyChange, PolicyPreview } from './policy.type.js';

const LaPolicyResult = resultType('LaPolicyResult', () => LaPolicy, [HasInterest]);

@Resolver(() => PolicyPreview)
export class PolicyResolver {
  constructor(private readonly policies: Policies) {}

  @Rule('public')
  @Query(() => LaPolicy, { nullable: true, description: 'What a local authority asks of the providers that it assures.' })
  laPolicy(@LaCode() laCode: string, @Ctx() { db }: RequestContext): Promise<LaPolicy | null> {
    return policyOf(db, laCode);
  }

  @Rule('officerOrAdmin')
  @Query(() => [PolicyChange], { nullable: true, description: 'The last 100 changes of a local authority’s policy, newest first. For its officers and system administrators; null for others.' })
  async laPolicyChanges(@LaCode() laCode: string, @Ctx() { db, actor }: RequestContext): Promise<PolicyChange[] | null> {
    return isOfficerOf(actor, laCode) || isSystemAdmin(actor) ? policyChangesOf(db, laCode) : null;
  }

  @Rule('officerOrAdmin')
  @Query(() => PolicyPreview, {
    nullable: true,
    description: 'Who would lapse, and who would be listed, if this policy were saved now. For officers of the local authority and system administrators; null for others.',
  })
  async laPolicyPreview(@LaCode() laCode: string, @Policy() policy: LaPolicyInput, @Ctx() { actor, clock }: RequestContext): Promise<PolicyPreview | null> {
    if (!isOfficerOf(actor, laCode) && !isSystemAdmin(actor)) return null;
    try {
      const { lapsing, listing } = await this.policies.preview(actor, laCode, policy, clock.now());
      return { lapsingIds: lapsing.map(({ id }) => id), listingIds: listing.map(({ id }) => id) };
    } catch (error) {
      if (error instanceof Refused) badInput(error.message);
      throw error;
    }
  }

  @Rule('parent')
  @FieldResolver(() => ProviderConnection, { description: 'Those that would lapse, by name.' })
  lapsing(@Root() { lapsingIds }: PolicyPreview, @Args(() => PageArguments) page: PageArguments, @Ctx() context: RequestContext): Promise<Connection<Provider>> {
    return providersOf(context, lapsingIds, page);
  }

  @Rule('parent')
  @FieldResolver(() => ProviderConnection, { description: 'Those that would be listed, by name.' })
  listing(@Root() { listingIds }: PolicyPreview, @Args(() => PageArguments) page: PageArguments, @Ctx() context: RequestContext): Promise<Connection<Provider>> {
    return providersOf(context, listingIds, page);
  }

  @Rule('officerOrAdmin')
  @Mutation(() => LaPolicyResult, {
    description: 'Sets the policy of a local authority. Providers that no longer have what they need lapse at once, and those that now have it are listed: see `laPolicyPreview` first.',
  })
  setLaPolicy(@LaCode() laCode: string, @Policy() policy: LaPolicyInput, @Reason() reason: string, @Ctx() { db, actor }: RequestContext): Promise<LaPolicy | Problem> {
    return attempt(async () => {
      await this.policies.save(actor, laCode, policy, reason);
      return (await policyOf(db, laCode)) ?? refuse(whatIsMissing('local authority'));
    });
  }
}

/** A page of providers that are known by their ids, in their order. */
async function providersOf(context: RequestContext, ids: readonly string[], { first, after }: PageArguments): Promise<Connection<Provider>> {
  const [last] = decodeCursor<[string]>(after, ['id']) ?? [];
  const from = last ? ids.indexOf(last) + 1 : 0;
  const rows = await Promise.all(ids.slice(from, from + checkFirst(first) + 1).map((id) => load(context, providerById, id)));
  return pageOf(rows.filter((row) => row !== null), first, (row) => [row.id], ids.length);
}

function LaCode() {
  return Arg('laCode', () => String, { description: 'Code of the local authority.' });
}

function Policy() {
  return Arg('policy', () => LaPolicyInput, { description: 'The whole policy as it is to be.' });
}
