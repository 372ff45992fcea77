import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Rule } from '../../platform/access.js';
import { badInput } from '../../platform/connection.js';
import { attempt, type Problem, resultType } from '../../platform/problem.js';
import type { RequestContext } from '../../platform/request.js';
import type { PurchaseLimits } from './limits.service.js';
import { PurchaseLimitInput } from '../requests/request.input.js';
import { readLimits } from '../requests/request.read.js';
import { PurchaseLimitSet } from '../requests/request.type.js';

const PurchaseLimitsResult = resultType('PurchaseLimitsResult', () => PurchaseLimitSet);

const LaCode = () => Arg('laCode', () => String, { nullable: true, description: 'Code of the LA whose scheme it is.' });
const TrustId = () => Arg('trustId', () => String, { nullable: true, description: 'Id of the trust whose policy it is.' });

@Resolver()
export class PurchaseLimitsResolver {
  constructor(private readonly limits: PurchaseLimits) {}

  @Rule('signedIn')
  @Query(() => PurchaseLimitSet, { description: 'The limits of an LA’s scheme or a trust’s policy: name one of the two. A school follows its trust’s where that has any, else its LA’s.' })
  async purchaseLimits(@LaCode() laCode: string | null, @TrustId() trustId: string | null, @Ctx() { db }: RequestContext): Promise<PurchaseLimitSet> {
    if ((laCode == null) === (trustId == null)) badInput('Name either `laCode` or `trustId`.');
    return { limits: await readLimits(db, laCode ?? null, trustId ?? null) };
  }

  @Rule('officerOrTrustLead')
  @Mutation(() => PurchaseLimitsResult, { description: 'Sets all limits of an LA’s scheme, by its officers, or of a trust’s policy, by its leads.' })
  setPurchaseLimits(
    @LaCode() laCode: string | null,
    @TrustId() trustId: string | null,
    @Arg('limits', () => [PurchaseLimitInput], { description: 'The limits, which replace those that there are.' }) limits: PurchaseLimitInput[],
    @Ctx() { db, actor }: RequestContext,
  ): Promise<PurchaseLimitSet | Problem> {
    return attempt(async () => {
      await this.limits.set(actor, { laCode, trustId }, limits);
      return { limits: await readLimits(db, laCode ?? null, trustId ?? null) };
    });
  }
}
