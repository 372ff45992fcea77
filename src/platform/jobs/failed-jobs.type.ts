import { ID, Int, ObjectType } from 'type-graphql';
import { Seen } from '../access.js';

/** So many are shown, and can be dealt with, at a time. */
export const MOST_FAILED = 100;

@ObjectType({ description: 'A job that failed so often that it is not tried again. It does not tell whom it is about.' })
export class FailedJob {
  @Seen('parent', () => ID, { description: 'Its id.' })
  id: string;

  @Seen('parent', () => String, { description: 'Name of the task, such as `send-mail`.' })
  task: string;

  @Seen('parent', () => Int, { description: 'How often it was tried.' })
  attempts: number;

  @Seen('parent', () => String, {
    nullable: true,
    description: 'What went wrong at the last try, without addresses of people; null if its process ended before it could say.',
  })
  error: string | null;

  @Seen('parent', () => Date, { description: 'When it was last tried.' })
  failedAt: Date;

  @Seen('parent', () => String, {
    nullable: true,
    description: 'Id of the request that it comes of, by which the log tells more; null where it comes of none.',
  })
  requestId: string | null;
}

@ObjectType({ description: 'How that fares which the service does by itself, such as sending mail.' })
export class JobHealth {
  @Seen('parent', () => Int, { description: 'Jobs that are due and wait to be begun.' })
  due: number;

  @Seen('parent', () => Int, { nullable: true, description: 'Seconds that the oldest of them has been due; null if none is.' })
  oldestDueSeconds: number | null;

  @Seen('parent', () => Int, { description: 'Jobs that failed and are not tried again.' })
  failedCount: number;

  @Seen('parent', () => [FailedJob], { description: `Those of them that were tried last, latest first; at most ${MOST_FAILED}.` })
  failed: FailedJob[];
}

@ObjectType({ description: 'Failed jobs are put back, and are tried again.' })
export class FailedJobsRetried {
  @Seen('parent', () => Int, { description: 'How many.' })
  count: number;

  @Seen('parent', () => JobHealth, { description: 'How jobs fare now.' })
  health: JobHealth;
}

@ObjectType({ description: 'Failed jobs are removed. What they were to do is not done.' })
export class FailedJobsRemoved {
  @Seen('parent', () => Int, { description: 'How many.' })
  count: number;

  @Seen('parent', () => JobHealth, { description: 'How jobs fare now.' })
  health: JobHealth;
}
