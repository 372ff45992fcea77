import { NotAllowedInThisState, type Problem, problemType } from '../../platform/problem.js';
import { HasInterest } from './interest.js';

export const OwnSchool = problemType('OwnSchool', 'A provider cannot be recommended by its own school.');
export const OwnTrust = problemType('OwnTrust', 'A school provider cannot be recommended from its own trust.');
export const OwnFederation = problemType('OwnFederation', 'A school provider cannot be recommended from its own federation.');
export const MemberOfProvider = problemType('MemberOfProvider', 'Who belongs to a provider cannot recommend it.');
export const Reciprocal = problemType('Reciprocal', 'Two schools cannot recommend each other.');
export const SamePersonTwice = problemType('SamePersonTwice', 'The person has recommended this provider for another school.');
export const SameGoverningBody = problemType('SameGoverningBody', 'A school under the same governing body or trust has recommended this provider.');

interface Said {
  schoolName: string;
  providerName: string;
}

/**
 * Whether it is about the school, about the person who gives it, about another recommendation by the person or by a
 * school near to it, or about what is offered. What is for the officer refuses nothing: the recommendation is given, and waits.
 */
type About = 'SCHOOL' | 'PERSON' | 'OTHER_PERSON' | 'OTHER_SCHOOL' | 'OFFICER' | 'OFFER';

/**
 * What can stand against a recommendation's counting, as the SQL functions recommendation_obstacles and, what is offered,
 * offer_obstacles find it, in the order in which it is told. No sentence says who of the other side it is about.
 */
const obstacles = {
  OWN_SCHOOL: { about: 'SCHOOL', problem: ({ schoolName, providerName }) => new OwnSchool(`${providerName} is ${schoolName}. A school cannot recommend itself.`) },
  OWN_TRUST: {
    about: 'SCHOOL',
    problem: ({ schoolName, providerName }) => new OwnTrust(`${schoolName} and ${providerName} are in the same trust. A recommendation has to come from outside it.`),
  },
  OWN_FEDERATION: {
    about: 'SCHOOL',
    problem: ({ schoolName, providerName }) => new OwnFederation(`${schoolName} and ${providerName} are in the same federation. A recommendation has to come from outside it.`),
  },
  MEMBER: {
    about: 'PERSON',
    problem: ({ providerName }) => new MemberOfProvider(`You belong to ${providerName}, did so within the last three years or are its contact. Somebody without that tie has to speak for the school.`),
  },
  PEOPLES_SCHOOL: {
    about: 'SCHOOL',
    problem: ({ schoolName, providerName }) => new HasInterest(`${schoolName} and ${providerName} are not independent of each other, so the school cannot recommend it.`),
  },
  RECIPROCAL: {
    about: 'SCHOOL',
    problem: ({ schoolName, providerName }) => new Reciprocal(`${providerName}, or those who run it, recommend ${schoolName} or what is run from there. Two sides cannot recommend each other.`),
  },
  ITS_LEAD: {
    about: 'PERSON',
    problem: ({ providerName }) =>
      new HasInterest(`You lead the school that ${providerName} is, or one in its trust or federation, or did so within the last three years. Somebody without that tie has to speak for the school.`),
  },
  DECLARED: {
    about: 'PERSON',
    problem: ({ providerName }) => new HasInterest(`You have declared an interest in ${providerName}. Somebody without one has to speak for the school.`),
  },
  CONFIRMED_BY_IT: {
    about: 'PERSON',
    problem: ({ providerName }) => new HasInterest(`Your role in the school rests on the word of somebody with an interest in ${providerName}. A lead whose role an officer without one has confirmed can speak for the school.`),
  },
  SAME_PERSON: {
    about: 'OTHER_PERSON',
    problem: ({ providerName }) => new SamePersonTwice(`You have recommended ${providerName} for another school. Each recommendation has to come from a different person.`),
  },
  SAME_BODY: {
    about: 'OTHER_SCHOOL',
    problem: ({ schoolName, providerName }) =>
      new SameGoverningBody(`Another school under the governing body or trust of ${schoolName} recommends ${providerName} already. Recommendations have to come from different ones.`),
  },
  JUDGED_BEFORE: {
    about: 'OFFICER',
    problem: ({ schoolName, providerName }) => new HasInterest(`A recommendation of ${providerName} by ${schoolName}, or by the same person, was rejected or looked into before.`),
  },
  OTHER_NAME: {
    about: 'OFFICER',
    problem: ({ schoolName, providerName }) => new HasInterest(`${schoolName} nominated a provider of another name than ${providerName}, which has taken the nomination up.`),
  },
  CIRCLE: { about: 'OFFICER', problem: ({ providerName }) => new HasInterest(`${providerName} and those who vouch for it recommend each other in a small closed circle.`) },
  // Refuses nothing: it is found of what has been given, and ends when what was vouched for is offered again or affirmed.
  NOT_OFFERED: { about: 'OFFER', problem: ({ providerName }) => new NotAllowedInThisState(`${providerName} does not offer what was vouched for as it was.`) },
} as const satisfies Record<string, { about: About; problem: (said: Said) => Problem }>;
export type Obstacle = keyof typeof obstacles;

/** The first of these obstacles, as whoever acts for the school or the provider reads it. */
export function firstProblem(found: readonly Obstacle[], about: readonly About[], said: Said): Problem | null {
  const first = (Object.keys(obstacles) as Obstacle[]).find((each) => found.includes(each) && about.includes(obstacles[each].about));
  return first ? obstacles[first].problem(said) : null;
}

/** SQL: whether the recommendation `r` counts; the same as the view counting_recommendation says. */
export const counts = (r: string) => `(${r}.state = 'GIVEN' AND ${r}.independence = 'INDEPENDENT' AND ${r}.obstacles <@ (${r}.accepted || ${r}.excused))`;

/** What an officer may accept, so that the recommendation counts all the same; and whatever an import has brought, while it is overlooked. */
export const ACCEPTABLE = ['SAME_PERSON', 'SAME_BODY', 'JUDGED_BEFORE', 'OTHER_NAME', 'CIRCLE'] as const satisfies readonly Obstacle[];

/** SQL: the obstacles of `r` that an officer may accept, or has accepted. */
export const acceptable = (r: string) =>
  `ARRAY(SELECT unnest(${r}.obstacles) INTERSECT (SELECT unnest('{${ACCEPTABLE.join()}}'::text[]) UNION SELECT unnest(${r}.excused) UNION SELECT unnest(${r}.accepted)))`;

/** SQL: whether an officer has to decide about `r`: the trust of its school is not known, or something stands against it that an officer may accept. */
export const awaitsOfficer = (r: string) =>
  `(${r}.independence = 'UNCONFIRMED' OR (${r}.obstacles && '{${ACCEPTABLE.join()}}'::text[] OR ${r}.excused <> '{}') AND NOT ${acceptable(r)} <@ ${r}.accepted)`;

/**
 * What an officer reads of why a recommendation waits.
 * @param found what stands against it and is not accepted @param excused what of it an import has brought, and what counts for a time all the same
 */
export function whyItWaits(trustUnknown: boolean, found: readonly Obstacle[], excused: readonly Obstacle[], said: Said): string[] {
  const { schoolName, providerName } = said;
  const others: Partial<Record<Obstacle, string>> = {
    SAME_PERSON: `Whoever gave it has recommended ${providerName} for another school too, or is known by the same e-mail address as somebody who has.`,
    SAME_BODY: `Another school under the governing body or trust of ${schoolName} recommends ${providerName} too.`,
  };
  const brought = `An import has brought ${schoolName} near to ${providerName}, or to another school that recommends it. It counts for a time meanwhile.`;
  return [
    ...(trustUnknown ? [`${schoolName} is an academy whose trust is not known here.`] : []),
    ...(excused.some((each) => obstacles[each].about !== 'OFFICER') ? [brought] : []),
    ...(Object.keys(obstacles) as Obstacle[])
      .filter((each) => found.includes(each))
      .flatMap((each) => (obstacles[each].about === 'OFFICER' ? obstacles[each].problem(said).message : (!excused.includes(each) && others[each]) || [])),
  ];
}
