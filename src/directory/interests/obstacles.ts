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

/** Whether it is about the school, about the person who gives it, about another recommendation by the person or by a school near to it, or about what is offered. */
type About = 'SCHOOL' | 'PERSON' | 'OTHER_PERSON' | 'OTHER_SCHOOL' | 'OFFER';

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
  CONFIRMED_BY_IT: {
    about: 'PERSON',
    problem: ({ providerName }) => new HasInterest(`Your role in the school was confirmed by somebody who belongs to ${providerName}. Ask another officer to confirm it.`),
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

/** SQL: whether an officer has to say that the school of `r` is independent: its trust is not known, or an import made it share a body with another that was given before. */
export const awaitsOfficer = (r: string) => `(${r}.independence = 'UNCONFIRMED' OR 'SAME_BODY' = ANY(${r}.obstacles) AND NOT 'SAME_BODY' = ANY(${r}.accepted))`;
