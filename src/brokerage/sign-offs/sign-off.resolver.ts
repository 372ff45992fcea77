import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import { Rule } from '../../platform/access.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../../platform/problem.js';
import type { RequestContext } from '../../platform/request.js';
import { readPlan, readStandIn } from './sign-off.read.js';
import { SignOffs } from './sign-off.service.js';
import { SignOffPlan, SignOffStandIn } from './sign-off.type.js';

const SignOffPlanResult = resultType('SignOffPlanResult', () => SignOffPlan);
const SignOffStandInResult = resultType('SignOffStandInResult', () => SignOffStandIn);

@Resolver()
export class SignOffResolver {
  constructor(private readonly signOffs: SignOffs) {}

  @Rule('signedIn')
  @Query(() => SignOffPlan, { nullable: true, description: 'Whether a school’s plan needs sign-off; for the school and its SIP.' })
  signOffPlan(@SchoolUrn() schoolUrn: number, @Ctx() { db, actor }: RequestContext): Promise<SignOffPlan | null> {
    return readPlan(db, actor, schoolUrn);
  }

  @Rule('sipOrOfficer')
  @Query(() => SignOffStandIn, { nullable: true, description: 'Who signs for schools without a SIP; for the local authority’s officers and SIPs.' })
  signOffStandIn(@LaCode() laCode: string, @Ctx() { db, actor }: RequestContext): Promise<SignOffStandIn | null> {
    return readStandIn(db, actor, laCode);
  }

  @Rule('lead')
  @Mutation(() => SignOffPlanResult, { description: 'Says, for a school that you lead, whether its plan needs its SIP’s signature. It holds for what is agreed from now on.' })
  setSignOffPlan(
    @SchoolUrn() schoolUrn: number,
    @Arg('needed', () => Boolean, { description: 'Whether a signature is needed.' }) needed: boolean,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<SignOffPlan | Problem> {
    return attempt(async () => {
      await this.signOffs.setPlan(actor, schoolUrn, needed);
      return (await readPlan(db, actor, schoolUrn)) ?? refuse(whatIsMissing('school'));
    });
  }

  @Rule('officer')
  @Mutation(() => SignOffStandInResult, { description: 'Says who signs for the local authority’s schools that have no SIP: one of its SIPs or officers.' })
  setSignOffStandIn(
    @LaCode() laCode: string,
    @Arg('personId', () => GraphQLUUID, { nullable: true, description: 'Id of the person; null for nobody.' }) personId: string | null,
    @Ctx() { db, actor }: RequestContext,
  ): Promise<SignOffStandIn | Problem> {
    return attempt(async () => {
      await this.signOffs.setStandIn(actor, laCode, personId ?? null);
      return (await readStandIn(db, actor, laCode)) ?? refuse(whatIsMissing('local authority'));
    });
  }
}

function SchoolUrn() {
  return Arg('schoolUrn', () => Int, { description: 'URN of the school.' });
}

function LaCode() {
  return Arg('laCode', () => String, { description: 'Code of the local authority.' });
}
