import { type Actor, administersProvider, isOfficerOf, leadsSchool, worksForProvider } from '../platform/actor.js';
import { monthsAfter } from '../platform/clock.js';
import type { Queryable } from '../platform/database/index.js';
import { NotAllowedInThisState, type Problem, problemType } from '../platform/problem.js';
import { byReader, type Facts, type Party, type ProcessDefinition } from '../platform/process/index.js';
import { HasInterest } from './provider.process.js';
import type { ProviderState, RecommendationState } from './vocabulary.js';

/** Months before it lapses from which on a recommendation can be renewed. */
export const RENEWABLE_MONTHS = 6;

export const OwnSchool = problemType('OwnSchool', 'A provider cannot be recommended by its own school.');
export const OwnTrust = problemType('OwnTrust', 'A school provider cannot be recommended from its own trust.');
export const OwnFederation = problemType('OwnFederation', 'A school provider cannot be recommended from its own federation.');
export const MemberOfProvider = problemType('MemberOfProvider', 'Who belongs to a provider cannot recommend it.');
export const Reciprocal = problemType('Reciprocal', 'Two schools cannot recommend each other.');
export const SameSchoolTwice = problemType('SameSchoolTwice', 'The school has recommended this provider, or is being asked to, already.');
export const SamePersonTwice = problemType('SamePersonTwice', 'The person has recommended this provider for another school.');
export const SameGoverningBody = problemType('SameGoverningBody', 'A school under the same governing body or trust has recommended this provider.');
export const SchoolNotOpen = problemType('SchoolNotOpen', 'Only open schools recommend.');

/** The refusals that the rules of giving and asking for a recommendation can end in. */
export const recommendationProblems = [
  OwnSchool,
  OwnTrust,
  OwnFederation,
  MemberOfProvider,
  Reciprocal,
  SameSchoolTwice,
  SamePersonTwice,
  SameGoverningBody,
  SchoolNotOpen,
] as const;

export interface RecommendationFacts extends Facts<RecommendationState> {
  providerId: string;
  providerName: string;
  providerState: ProviderState;
  providerSchoolUrn: number | null;
  assuringLa: string | null;
  assuringLaName: string | null;
  schoolUrn: number;
  schoolName: string;
  /** Code of the school's LA, whose holidays stop the clock. */
  schoolLa: string;
  schoolOpen: boolean;
  /** Who answers for the school now: trust:ID, federation:ID, else school:URN. */
  governingBody: string;
  /** An academy whose trust is not known: an officer must confirm that it is independent. */
  trustUnknown: boolean;
  /** The provider's school is this one, or became it, or came of it. So throughout: a school that has become another is one school. */
  ownSchool: boolean;
  ownTrust: boolean;
  ownFederation: boolean;
  /** The provider's own school recommends a provider that is this school. */
  recommendsBack: boolean;
  /** Other recommendations of the provider that stand: from the school, under its governing body, by this actor. */
  sameSchool: boolean;
  sameGoverningBody: boolean;
  samePerson: boolean;
  unconfirmed: boolean;
  expiresAt: Date | null;
  lapsesAt: Date | null;
}

const school = ({ schoolUrn, schoolName }: RecommendationFacts): Party => ({ kind: 'SCHOOL', id: String(schoolUrn), name: schoolName });
const provider = ({ providerId, providerName }: RecommendationFacts): Party => ({ kind: 'PROVIDER', id: providerId, name: providerName });

/** Why this school could never recommend this provider; the same for asking and for giving. */
function independent(facts: RecommendationFacts): Problem | null {
  const { schoolName, providerName } = facts;
  if (!facts.schoolOpen) return new SchoolNotOpen(`${schoolName} is not an open school. Only open schools can recommend a provider.`);
  if (facts.ownSchool) return new OwnSchool(`${providerName} is ${schoolName}. A school cannot recommend itself.`);
  if (facts.ownTrust) return new OwnTrust(`${schoolName} and ${providerName} are in the same trust. A recommendation has to come from outside it.`);
  if (facts.ownFederation) return new OwnFederation(`${schoolName} and ${providerName} are in the same federation. A recommendation has to come from outside it.`);
  if (facts.recommendsBack) return new Reciprocal(`${providerName} recommends ${schoolName} already. Two schools cannot recommend each other.`);
  if (facts.sameSchool) return new SameSchoolTwice(`${schoolName} has recommended ${providerName}, or has been asked to, already. One recommendation counts for each school.`);
  return null;
}

const open: ProviderState[] = ['AWAITING_RECOMMENDATIONS', 'LISTED', 'LAPSED'];

function mayInvite(facts: RecommendationFacts): Problem | null {
  if (!open.includes(facts.providerState)) {
    return new NotAllowedInThisState(
      facts.providerState === 'DRAFT'
        ? 'Finish your profile first: schools are asked once they can see what you offer.'
        : 'No school can be asked while the provider is suspended or withdrawn.',
    );
  }
  return independent(facts) ?? sameGoverningBody(facts);
}

function mayGive(facts: RecommendationFacts, actor: Actor): Problem | null {
  if (![...open, 'SUSPENDED'].includes(facts.providerState)) return new NotAllowedInThisState(`${facts.providerName} is not in the directory, so it cannot be recommended.`);
  const never = independent(facts);
  if (never) return never;
  if (worksForProvider(actor, facts.providerId)) return new MemberOfProvider(`You belong to ${facts.providerName}. Somebody else who leads the school can recommend it, unless they belong to it too.`);
  if (facts.samePerson) return new SamePersonTwice(`You have recommended ${facts.providerName} for another school. Each recommendation has to come from a different person.`);
  return sameGoverningBody(facts);
}

/** From when on a recommendation that lapses then can be renewed. */
export const renewableFrom = (lapsesAt: Date): Date => monthsAfter(lapsesAt, -RENEWABLE_MONTHS);

/** Like giving it, by whoever renews it. */
function mayRenew(facts: RecommendationFacts, actor: Actor, now: Date): Problem | null {
  return renewableFrom(facts.lapsesAt!) > now ? new NotAllowedInThisState(`It can be renewed in the last ${RENEWABLE_MONTHS} months before it lapses.`) : mayGive(facts, actor);
}

function sameGoverningBody(facts: RecommendationFacts): Problem | null {
  return facts.sameGoverningBody
    ? new SameGoverningBody(`Another school under the governing body or trust of ${facts.schoolName} recommends ${facts.providerName} already. Recommendations have to come from different ones.`)
    : null;
}

const notOwn = (facts: RecommendationFacts, actor: Actor): Problem | null =>
  worksForProvider(actor, facts.providerId) || leadsSchool(actor, facts.schoolUrn)
    ? new HasInterest('You belong to the provider or the school, so another officer must decide.')
    : null;

export const recommendationProcess: ProcessDefinition<RecommendationState, RecommendationFacts> = {
  name: 'Recommendation',
  says: 'A school’s word for a provider whose support it has used. Two that count list a provider. Eligibility is judged when it is given.',
  table: 'recommendation',
  states: {
    INVITED: { says: 'the school has been asked for it', why: byReader({ lead: 'Your school has been asked and has not answered yet.' }, 'The school has been asked and has not answered yet.') },
    GIVEN: { says: 'the school has given it', why: byReader({ lead: 'Your school has given this recommendation already.' }, 'The school has given this recommendation.') },
    DECLINED: { says: 'the school has said no', end: true, why: byReader({ lead: 'Your school has said no to this.' }, 'The school has said no to this.') },
    EXPIRED: { says: 'the school did not answer in time', end: true, why: byReader({ lead: 'The time in which your school could answer is over. You can still recommend the provider unasked.' }, 'The school did not answer in time.') },
    FLAGGED: { says: 'an officer is looking into it; it does not count meanwhile', why: byReader({ officer: 'An officer is looking into this recommendation already.' }, 'An officer is looking into this recommendation. It does not count meanwhile.') },
    REJECTED: { says: 'an officer has found that it cannot count', end: true, why: 'An officer has found that this recommendation cannot count.' },
    WITHDRAWN: { says: 'the school has taken it back', end: true, why: byReader({ lead: 'Your school has taken this recommendation back.' }, 'The school has taken this recommendation back.') },
    LAPSED: { says: 'it is more than three years old', end: true, why: 'This recommendation has lapsed after three years.' },
  },
  who: {
    administrator: { says: 'an administrator of the provider', party: (facts, actor) => (administersProvider(actor, facts.providerId) ? provider(facts) : null) },
    lead: { says: 'a lead of the school (head, chair of governors or business manager)', party: (facts, actor) => (leadsSchool(actor, facts.schoolUrn) ? school(facts) : null) },
    officer: {
      says: 'an officer of the provider’s assuring local authority',
      party: (facts, actor) => (isOfficerOf(actor, facts.assuringLa) ? { kind: 'LOCAL_AUTHORITY', id: facts.assuringLa!, name: facts.assuringLaName! } : null),
    },
  },
  transitions: {
    invite: { from: [null], to: 'INVITED', by: ['administrator'], label: 'Ask a school', says: 'The provider asks a school that has used its support.', guard: mayInvite },
    give: {
      from: [null, 'INVITED'],
      to: 'GIVEN',
      by: ['lead'],
      label: 'Recommend the provider',
      says: 'The school says what was done, when, and what changed, names the listings it vouches for, and declares no interest or reward.',
      guard: mayGive,
    },
    decline: { from: ['INVITED'], to: 'DECLINED', by: ['lead'], label: 'Say no', says: 'The school would rather not; it need not say why.' },
    expire: {
      from: ['INVITED'],
      to: 'EXPIRED',
      by: [],
      label: 'Expire',
      says: 'Thirty days have passed without an answer, those in school holidays not counted.',
      guard: (facts, _actor, now) => (facts.expiresAt! > now ? new NotAllowedInThisState('The school still has time to answer.') : null),
    },
    confirmIndependence: {
      from: ['GIVEN'],
      to: 'GIVEN',
      by: ['officer'],
      label: 'Confirm that the school is independent of the provider',
      says: 'An academy’s trust is not known; from now on the recommendation counts.',
      guard: (facts, actor) => notOwn(facts, actor) ?? (facts.unconfirmed ? null : new NotAllowedInThisState('Nothing needs to be confirmed: the recommendation counts already.')),
    },
    flag: { from: ['GIVEN'], to: 'FLAGGED', by: ['officer'], label: 'Look into it', says: 'It does not count meanwhile.', needsReason: true, guard: notOwn },
    uphold: { from: ['FLAGGED'], to: 'GIVEN', by: ['officer'], label: 'Let it stand', says: 'It counts again.', needsReason: true, guard: notOwn },
    reject: { from: ['FLAGGED'], to: 'REJECTED', by: ['officer'], label: 'Reject it', says: 'It cannot count.', needsReason: true, guard: notOwn },
    renew: {
      from: ['GIVEN'],
      to: 'GIVEN',
      by: ['lead'],
      label: 'Renew the recommendation',
      says: `In its last ${RENEWABLE_MONTHS} months a lead of the school may say that it still stands and that there is no interest or reward; it lasts three years from then on.`,
      guard: mayRenew,
    },
    withdraw: { from: ['GIVEN', 'FLAGGED'], to: 'WITHDRAWN', by: ['lead'], label: 'Take the recommendation back', says: 'A provider that falls below the minimum lapses at once.' },
    lapse: {
      from: ['GIVEN', 'FLAGGED'],
      to: 'LAPSED',
      by: [],
      label: 'Lapse',
      says: 'Three years have passed.',
      guard: (facts, _actor, now) => (facts.lapsesAt! > now ? new NotAllowedInThisState('It is less than three years old.') : null),
    },
  },
  lock: 'SELECT id FROM provider WHERE id = (SELECT provider_id FROM recommendation WHERE id = $1) FOR NO KEY UPDATE',
  facts: (db, ids, actor) =>
    readFacts(db, actor, 'SELECT id, provider_id, school_urn, state, independence, expires_at, lapses_at FROM recommendation WHERE id = ANY($2)', [ids]),
};

/** The facts for a recommendation that does not exist yet; null when provider or school are not there. */
export async function factsForNew(db: Queryable, actor: Actor, id: string, providerId: string, schoolUrn: number): Promise<RecommendationFacts | null> {
  const subject = `SELECT $2::uuid AS id, $3::uuid AS provider_id, $4::int AS school_urn, NULL AS state, NULL AS independence, NULL::timestamptz AS expires_at, NULL::timestamptz AS lapses_at`;
  return (await readFacts(db, actor, subject, [id, providerId, schoolUrn]))[0] ?? null;
}

/** SQL: the school, what it was and what it has become. */
const oneSchoolWith = (urn: string) => `(SELECT other FROM one_school WHERE urn = ${urn})`;

function readFacts(db: Queryable, actor: Actor, subject: string, parameters: unknown[]): Promise<RecommendationFacts[]> {
  return db.query<RecommendationFacts>(
    `WITH RECURSIVE subject AS (${subject}),
     concerned AS (SELECT school_urn AS urn FROM subject UNION SELECT p.school_urn FROM subject JOIN provider p ON p.id = subject.provider_id WHERE p.school_urn IS NOT NULL),
     before (urn, other) AS (SELECT urn, urn FROM concerned UNION SELECT b.urn, link.urn FROM before b JOIN school_successor link ON link.successor_urn = b.other),
     after (urn, other) AS (SELECT urn, urn FROM concerned UNION SELECT a.urn, link.successor_urn FROM after a JOIN school_successor link ON link.urn = a.other),
     one_school AS (SELECT * FROM before UNION SELECT * FROM after),
     known AS (
       SELECT subject.*, p.name AS provider_name, p.state AS provider_state, p.school_urn AS provider_school, p.assuring_la, s.name AS school_name, s.la_code AS school_la,
              s.status = 'OPEN' AS school_open, s.trust_id, s.federation_id, s.academy AND s.trust_id IS NULL AS trust_unknown,
              coalesce('trust:' || s.trust_id, 'federation:' || s.federation_id, 'school:' || s.urn) AS governing_body
       FROM subject JOIN provider p ON p.id = subject.provider_id JOIN school s ON s.urn = subject.school_urn
     )
     SELECT k.id, k.state, k.provider_id AS "providerId", k.provider_name AS "providerName", k.provider_state AS "providerState", k.provider_school AS "providerSchoolUrn",
            k.assuring_la AS "assuringLa", la.name AS "assuringLaName", k.school_urn AS "schoolUrn", k.school_name AS "schoolName", k.school_la AS "schoolLa", k.school_open AS "schoolOpen",
            k.governing_body AS "governingBody", k.trust_unknown AS "trustUnknown", k.independence IS NOT DISTINCT FROM 'UNCONFIRMED' AS unconfirmed,
            coalesce(k.provider_school IN ${oneSchoolWith('k.school_urn')}, false) AS "ownSchool",
            EXISTS (SELECT FROM school own WHERE own.urn IN ${oneSchoolWith('k.provider_school')} AND own.trust_id = k.trust_id) AS "ownTrust",
            EXISTS (SELECT FROM school own WHERE own.urn IN ${oneSchoolWith('k.provider_school')} AND own.federation_id = k.federation_id) AS "ownFederation",
            EXISTS (SELECT FROM recommendation r WHERE r.school_urn IN ${oneSchoolWith('k.provider_school')} AND r.provider_school_urn IN ${oneSchoolWith('k.school_urn')} AND r.state IN ('GIVEN', 'FLAGGED')) AS "recommendsBack",
            EXISTS (SELECT FROM recommendation r WHERE r.provider_id = k.provider_id AND r.school_urn IN ${oneSchoolWith('k.school_urn')} AND r.state IN ('INVITED', 'GIVEN', 'FLAGGED') AND r.id <> k.id) AS "sameSchool",
            EXISTS (SELECT FROM recommendation r WHERE r.provider_id = k.provider_id AND r.governing_body = k.governing_body AND r.state IN ('GIVEN', 'FLAGGED') AND r.id <> k.id) AS "sameGoverningBody",
            EXISTS (SELECT FROM recommendation r WHERE r.provider_id = k.provider_id AND r.given_by = $1 AND r.state IN ('GIVEN', 'FLAGGED') AND r.id <> k.id) AS "samePerson",
            k.expires_at AS "expiresAt", k.lapses_at AS "lapsesAt"
     FROM known k LEFT JOIN local_authority la ON la.code = k.assuring_la`,
    [actor.personId, ...parameters],
  );
}
