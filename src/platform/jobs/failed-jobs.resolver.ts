import { Arg, Ctx, ID, Mutation, Query, Resolver } from 'type-graphql';
import { z } from 'zod';
import { Rule } from '../access.js';
import type { Database, UnitOfWork } from '../database/index.js';
import { attempt, type Problem, resultType } from '../problem.js';
import type { RequestContext } from '../request.js';
import { validate } from '../validate.js';
import { readJobHealth } from './failed-jobs.read.js';
import { removeFailed, retryFailed } from './failed-jobs.service.js';
import { FailedJobsRemoved, FailedJobsRetried, JobHealth, MOST_FAILED } from './failed-jobs.type.js';

const FailedJobsRetriedResult = resultType('FailedJobsRetriedResult', () => FailedJobsRetried);
const FailedJobsRemovedResult = resultType('FailedJobsRemovedResult', () => FailedJobsRemoved);

const chosen = z.object({
  ids: z
    .array(z.string().regex(/^[1-9]\d{0,17}$/, 'The id of a job is a whole number, such as 42.'))
    .min(1, 'Choose at least one job.')
    .max(MOST_FAILED, `Choose up to ${MOST_FAILED} jobs at a time.`)
    .transform((ids) => [...new Set(ids)]),
});

const Ids = () => Arg('ids', () => [ID], { description: `Ids of jobs that failed, from 1 to ${MOST_FAILED}.` });

@Resolver()
export class FailedJobsResolver {
  @Rule('systemAdmin')
  @Query(() => JobHealth, {
    description: 'How that fares which the service does by itself: what waits, and what failed and is not tried again.',
  })
  jobHealth(@Ctx() { db }: RequestContext): Promise<JobHealth> {
    return readJobHealth(db);
  }

  @Rule('systemAdmin')
  @Mutation(() => FailedJobsRetriedResult, {
    description: 'Puts failed jobs back, to be tried as often as new ones: all of them or, if one has not failed, none.',
  })
  retryFailedJobs(@Ids() ids: string[], @Ctx() { db }: RequestContext): Promise<FailedJobsRetried | Problem> {
    return deal(db, ids, retryFailed);
  }

  @Rule('systemAdmin')
  @Mutation(() => FailedJobsRemovedResult, {
    description: 'Removes failed jobs that will never succeed, for good: all of them or, if one has not failed, none.',
  })
  removeFailedJobs(@Ids() ids: string[], @Ctx() { db }: RequestContext): Promise<FailedJobsRemoved | Problem> {
    return deal(db, ids, removeFailed);
  }
}

type How = (tx: UnitOfWork, ids: string[]) => Promise<void>;

function deal(db: Database, given: string[], how: How): Promise<FailedJobsRetried | FailedJobsRemoved | Problem> {
  return attempt(async () => {
    const { ids } = validate(chosen, { ids: given });
    await db.transaction((tx) => how(tx, ids));
    return { count: ids.length, health: await readJobHealth(db) };
  });
}

export const jobsResolvers = [FailedJobsResolver] as const;
