import { GraphQLLocalDate } from 'graphql-scalars';
import { Arg, Args, Ctx, Query, Resolver } from 'type-graphql';
import { Rule } from '../platform/access.js';
import { isOfficerOf } from '../platform/actor.js';
import { checkReadingDay } from '../platform/dates.js';
import type { RequestContext } from '../platform/request.js';
import { SchoolsLikeThis } from './evidence.resolver.js';
import { readUnmetNeed } from './unmet-need.read.js';
import { UnmetNeed } from './unmet-need.type.js';

@Resolver()
export class UnmetNeedResolver {
  @Rule('officer')
  @Query(() => UnmetNeed, { nullable: true, description: 'What schools of your local authority needed and did not find, in counts of five schools and more; null for another.' })
  async unmetNeed(
    @Arg('laCode', () => String, { description: 'Code of the local authority.' }) laCode: string,
    @Args(() => SchoolsLikeThis) { category = null, phase = null }: SchoolsLikeThis,
    @Arg('since', () => GraphQLLocalDate, { nullable: true, description: 'Only what was told on this day or later.' }) since: string | null,
    @Ctx() { db, actor, clock }: RequestContext,
  ): Promise<UnmetNeed | null> {
    if (since !== null && since !== undefined) checkReadingDay('since', since, clock.now());
    return isOfficerOf(actor, laCode) ? readUnmetNeed(db, laCode, { category, phase, since: since ?? null }) : null;
  }
}
