import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { Membership } from '../../identity/index.js';
import { Rule } from '../../platform/access.js';
import { hasRole } from '../../platform/actor.js';
import { load, type RequestContext } from '../../platform/request.js';
import { Provider } from '../provider.type.js';
import { Recommendation } from '../recommendation.type.js';
import { alikePeopleOf } from './alternatives.js';
import { circleOf } from './circle.js';
import { drawCircle } from './drawing.js';
import { earlierJudgementsOf, whyWaitingOf } from './earlier.js';
import { AlikePerson, Circle, EarlierJudgement, SuspendedBefore } from './judgement.type.js';
import { suspendedBeforeOf } from './returns.js';

/** All of this is for officers and system administrators: nobody else is looked up. */
const decides = ({ actor }: RequestContext) => hasRole(actor, 'LA_OFFICER', 'SYSTEM_ADMIN');

@Resolver(() => Recommendation)
export class RecommendationJudgementsResolver {
  @Rule('own')
  @FieldResolver(() => [String], { nullable: true, description: 'Why an officer has to decide about it, a sentence each. For officers of the assuring LA and system administrators without an interest; null for others.' })
  whyWaiting(@Root() { id }: Recommendation, @Ctx() context: RequestContext): Promise<string[] | null> | null {
    return decides(context) ? load(context, whyWaitingOf, id) : null;
  }

  @Rule('own')
  @FieldResolver(() => [EarlierJudgement], {
    nullable: true,
    description: 'Earlier recommendations of the provider by the same school or person that were rejected or looked into. For officers of the assuring LA and system administrators without an interest; null for others.',
  })
  earlierJudgements(@Root() { id }: Recommendation, @Ctx() context: RequestContext): Promise<EarlierJudgement[] | null> | null {
    return decides(context) ? load(context, earlierJudgementsOf, id) : null;
  }

  @Rule('own')
  @FieldResolver(() => Circle, {
    nullable: true,
    description: 'The small closed circle of providers that it closes, where it does. For officers of the assuring LA and system administrators without an interest; null for others.',
  })
  circle(@Root() { id }: Recommendation, @Ctx() context: RequestContext): Promise<Circle | null> | null {
    return decides(context) ? load(context, circleOf, id) : null;
  }
}

@Resolver(() => Circle)
export class CircleResolver {
  @Rule('parent')
  @FieldResolver(() => String, { description: 'The circle drawn, as an SVG image.' })
  drawing(@Root() circle: Circle): string {
    return drawCircle(circle);
  }
}

@Resolver(() => Provider)
export class ProviderJudgementsResolver {
  @Rule('own')
  @FieldResolver(() => [SuspendedBefore], {
    nullable: true,
    description: 'Suspended providers that it was found to be again, or near to. It waits for an officer before it may be listed. For officers of its assuring LA and system administrators without an interest; null for others.',
  })
  suspendedBefore(@Root() { id }: Provider, @Ctx() context: RequestContext): Promise<SuspendedBefore[] | null> | null {
    return decides(context) ? load(context, suspendedBeforeOf, id) : null;
  }
}

@Resolver(() => Membership)
export class MembershipJudgementsResolver {
  @Rule('own')
  @FieldResolver(() => [AlikePerson], {
    nullable: true,
    description:
      'Who may be the person that asks for this role in a school under another address. For officers of its LA and system administrators, while it waits to be confirmed; null for others.',
  })
  alike(@Root() { id }: Membership, @Ctx() context: RequestContext): Promise<AlikePerson[] | null> | null {
    return decides(context) ? load(context, alikePeopleOf, id) : null;
  }
}
