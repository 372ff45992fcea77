import { Args, ArgsType, Ctx, Field, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import { Category, SupportPhase } from '../directory/index.js';
import { Rule } from '../platform/access.js';
import { type Actor, leadsSchool } from '../platform/actor.js';
import { badInput, checkFirst, type Connection, decodeCursor, PageArguments, pageOf } from '../platform/connection.js';
import { load, type RequestContext } from '../platform/request.js';
import { School, schoolByUrn } from '../schools/index.js';
import { countSchoolsToAsk, listSchoolsToAsk } from './similar-needs.read.js';
import { SchoolToAsk, SchoolToAskConnection } from './similar-needs.type.js';

const FARTHEST_KM = 500;

@ArgsType()
class SimilarNeedArguments extends PageArguments {
  @Field(() => Int, { description: 'URN of the school that you lead, or whose SIP you are.' })
  schoolUrn: number;

  @Field(() => Category, { description: 'What the need is about.' })
  category: Category;

  @Field(() => SupportPhase, { description: 'The pupils that it is for.' })
  phase: SupportPhase;

  @Field(() => Int, { nullable: true, description: `Leave out schools of the same phase within so many kilometres, which compete for the same pupils. From 1 to ${FARTHEST_KM}.` })
  avoidWithinKm?: number | null;
}

const speaksFor = (actor: Actor, urn: number) => leadsSchool(actor, urn) || actor.sipSchools.includes(urn);

@Resolver(() => SchoolToAsk)
export class SimilarNeedsResolver {
  @Rule('leadOrSip')
  @Query(() => SchoolToAskConnection, { nullable: true, description: 'Schools that have dealt with such a need with success and have agreed to be asked, nearest first; null for a school that is not yours.' })
  async findSchoolsWithSimilarNeeds(@Args(() => SimilarNeedArguments) page: SimilarNeedArguments, @Ctx() { db, actor }: RequestContext): Promise<Connection<SchoolToAsk> | null> {
    const { first, after, schoolUrn, category, phase, avoidWithinKm = null } = page;
    if (avoidWithinKm !== null && (avoidWithinKm < 1 || avoidWithinKm > FARTHEST_KM)) badInput(`\`avoidWithinKm\` must be from 1 to ${FARTHEST_KM}.`);
    const need = { schoolUrn, category, phase, avoidWithinKm };
    const last = decodeCursor<[number, number]>(after, ['number', 'number']);
    if (!speaksFor(actor, schoolUrn)) return null;
    const rows = await listSchoolsToAsk(db, need, checkFirst(first) + 1, last);
    return pageOf(rows, first, (row) => [row.metres, row.schoolUrn], () => countSchoolsToAsk(db, need));
  }

  @Rule('parent')
  @FieldResolver(() => School, { description: 'The school.' })
  school(@Root() { schoolUrn }: SchoolToAsk, @Ctx() context: RequestContext) {
    return load(context, schoolByUrn, schoolUrn);
  }
}
