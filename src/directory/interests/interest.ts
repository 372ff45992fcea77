import type { Queryable } from '../../platform/database/index.js';
import { type Problem, problemType } from '../../platform/problem.js';

export const HasInterest = problemType('HasInterest', 'Nobody judges where they have an interest.');

/** What gives a person an interest in a provider; the SQL functions of the same notion are in migrations/21-interests.ts, 34-who-confirms.ts and 36-contacts-circles.ts. */
export const interests = {
  MEMBER: 'you belong to it, did so within the last three years or are named as its contact',
  ITS_LEAD: 'you lead its school or one in the same trust or federation, or did so within the last three years',
  DECLARED: 'you have declared one',
  RECOMMENDER: 'you have recommended it',
  SCHOOL_LEAD: 'you lead the school or one in the same trust or federation, or did so within the last three years',
  SCHOOL_STAFF: 'you work in the school, or did so within the last three years',
} as const;
export type Interest = keyof typeof interests;

/** SQL: the mailboxes by which a person is known; looked up once for all rows. */
const mailboxesOf = (person: string) => `(SELECT mailboxes_of(${person}))`;

/** SQL: why the person has an interest in the provider; null where they have none. For whoever acts for a school or a provider. */
export const interestOf = (person: string, provider: string) => `person_interest(${mailboxesOf(person)}, ${provider})`;

/** SQL: the same for whoever decides about the provider, who must not have recommended it either; and, where one is named, not belong to the school. */
export const interestInDeciding = (person: string, provider: string, school = 'NULL') =>
  `CASE WHEN ${person} IS NOT NULL THEN deciding_interest(${mailboxesOf(person)}, ${provider}, ${school}) END`;

/** Nobody judges where they have an interest. @param then who has to act instead */
export const refuseInterest = (interest: Interest | null, provider: string, then: string): Problem | null =>
  interest === null ? null : new HasInterest(`You have an interest in ${provider}: ${interests[interest]}. ${then}`);

/** SQL: whether the person has an interest in a provider that the school vouches for, or has been asked to vouch for. */
export const interestInVouching = (person: string, school: string) => `EXISTS (
  SELECT FROM recommendation vouched
  WHERE vouched.school_urn = ${school} AND vouched.state IN ('INVITED', 'GIVEN', 'FLAGGED') AND ${interestOf(person, 'vouched.provider_id')} IS NOT NULL)`;

/** Such a person does not say who leads the school. */
export async function hasInterestInWhatSchoolVouchesFor(db: Queryable, personId: string, schoolUrn: number): Promise<boolean> {
  const [found] = await db.query<{ interested: boolean }>(`SELECT ${interestInVouching('$1::uuid', '$2::int')} AS interested`, [personId, schoolUrn]);
  return found!.interested;
}
