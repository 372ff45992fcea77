import { Arg, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import { Rule } from '../../platform/access.js';
import { attempt, type Problem, refuse, resultType, whatIsMissing } from '../../platform/problem.js';
import type { RequestContext } from '../../platform/request.js';
import { readSchoolYears, setTermDates } from './term-dates.js';
import { SchoolYear, TermInput } from './term-dates.type.js';

const SchoolYearResult = resultType('SchoolYearResult', () => SchoolYear);

@Resolver(() => SchoolYear)
export class TermDatesResolver {
  @Rule('public')
  @Query(() => [SchoolYear], { description: 'The term dates of a local authority, the latest school year first: a plain list, since there are few.' })
  termDates(@LaCode() laCode: string, @Ctx() { db }: RequestContext): Promise<SchoolYear[]> {
    return readSchoolYears(db, laCode);
  }

  @Rule('officer')
  @Mutation(() => SchoolYearResult, { description: 'Sets all terms of a school year in your local authority, in place of those set before. Deadlines given before stay as they are.' })
  setTermDates(
    @LaCode() laCode: string,
    @Arg('schoolYear', () => Int, { description: 'The calendar year in which it begins: 2026 for 2026/27.' }) schoolYear: number,
    @Arg('terms', () => [TermInput], { description: 'Its terms, three or more; or its half terms, so that the days between them are holidays too.' }) terms: TermInput[],
    @Ctx() { db, actor }: RequestContext,
  ): Promise<SchoolYear | Problem> {
    return attempt(async () => {
      await setTermDates(db, actor, laCode, { schoolYear, terms: terms.map((term) => ({ ...term })) });
      return (await readSchoolYears(db, laCode, schoolYear))[0] ?? refuse(whatIsMissing('school year'));
    });
  }
}

function LaCode() {
  return Arg('laCode', () => String, { description: 'Code of the local authority.' });
}
