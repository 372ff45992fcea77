import { type Actor, administersProvider, isOfficerOf, isSystemAdmin, leadsSchool } from '../platform/actor.js';
import { monthsAfter } from '../platform/clock.js';
import type { Queryable } from '../platform/database/index.js';
import { NotAllowed, NotAllowedInThisState, type Problem, problemType } from '../platform/problem.js';
import { byReader, type Facts, type Party, type ProcessDefinition } from '../platform/process/index.js';
import {
  acceptable,
  awaitsOfficer,
  firstProblem,
  type Interest,
  interestInDeciding,
  MemberOfProvider,
  type Obstacle,
  OwnFederation,
  OwnSchool,
  OwnTrust,
  Reciprocal,
  refuseInterest,
  SameGoverningBody,
  SamePersonTwice,
} from './interests/index.js';
import type { ProviderState, RecommendationState } from './vocabulary.js';

/** Months before it lapses from which on a recommendation can be renewed. */
export const RENEWABLE_MONTHS = 6;

export const SameSchoolTwice = problemType('SameSchoolTwice', 'The school has recommended this provider, or is being asked to, already.');
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
  /** A recommendation of the provider by the school stands, or is asked for. A school that has become another is one school. */
  sameSchool: boolean;
  /** What would stand against its counting if this actor gave it; less what an officer has accepted. */
  obstacles: Obstacle[];
  /** What an officer may accept of what stands against it. */
  acceptable: Obstacle[];
  /** Of this actor, as somebody who decides about it. */
  interest: Interest | null;
  /** For a system administrator: whether all officers of the assuring LA have an interest, or it has none. */
  lacksOfficer: boolean;
  unconfirmed: boolean;
  /** Listings that it names and that have changed in substance since. */
  changedListings: number;
  expiresAt: Date | null;
  lapsesAt: Date | null;
}

const school = ({ schoolUrn, schoolName }: RecommendationFacts): Party => ({ kind: 'SCHOOL', id: String(schoolUrn), name: schoolName });
const provider = ({ providerId, providerName }: RecommendationFacts): Party => ({ kind: 'PROVIDER', id: providerId, name: providerName });

/** Why this school could never recommend this provider, for asking; for giving also why this person could not. */
function independent(facts: RecommendationFacts, ...about: ('SCHOOL' | 'PERSON')[]): Problem | null {
  const { schoolName, providerName, obstacles } = facts;
  if (!facts.schoolOpen) return new SchoolNotOpen(`${schoolName} is not an open school. Only open schools can recommend a provider.`);
  const never = firstProblem(obstacles, about, facts);
  if (never) return never;
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
  return independent(facts, 'SCHOOL') ?? firstProblem(facts.obstacles, ['OTHER_SCHOOL'], facts);
}

function mayGive(facts: RecommendationFacts): Problem | null {
  if (![...open, 'SUSPENDED'].includes(facts.providerState)) return new NotAllowedInThisState(`${facts.providerName} is not in the directory, so it cannot be recommended.`);
  return independent(facts, 'SCHOOL', 'PERSON') ?? firstProblem(facts.obstacles, ['OTHER_PERSON', 'OTHER_SCHOOL'], facts);
}

/** As unasked, on the word of whoever nominated it: the actor is they, whoever has taken it up. */
function mayGiveNominated(facts: RecommendationFacts, actor: Actor): Problem | null {
  if (!leadsSchool(actor, facts.schoolUrn)) return new NotAllowed('Only a lead of the school can do this.');
  return open.includes(facts.providerState) ? mayGive(facts) : new NotAllowedInThisState(`${facts.providerName} cannot be recommended at present.`);
}

/** From when on a recommendation that lapses then can be renewed. */
export const renewableFrom = (lapsesAt: Date): Date => monthsAfter(lapsesAt, -RENEWABLE_MONTHS);

/** Like giving it, by whoever renews it. */
function mayRenew(facts: RecommendationFacts, _actor: Actor, now: Date): Problem | null {
  return renewableFrom(facts.lapsesAt!) > now ? new NotAllowedInThisState(`It can be renewed in the last ${RENEWABLE_MONTHS} months before it lapses.`) : mayGive(facts);
}

/** Whoever leads the school says it, with no more interest than whoever gives one. */
function mayAffirm(facts: RecommendationFacts): Problem | null {
  if (facts.changedListings === 0) return new NotAllowedInThisState('Nothing that the school vouches for has changed.');
  return firstProblem(facts.obstacles, ['SCHOOL', 'PERSON'], facts);
}

const notOwn = ({ interest, providerName, schoolName }: RecommendationFacts): Problem | null =>
  refuseInterest(interest, interest === 'SCHOOL_LEAD' || interest === 'SCHOOL_STAFF' ? `what ${schoolName} says` : providerName, 'Another officer has to decide.');

export const recommendationProcess: ProcessDefinition<RecommendationState, RecommendationFacts> = {
  name: 'Recommendation',
  says: 'A school’s word for a provider whose support it has used. Two that count list a provider. Eligibility is judged when it is given.',
  table: 'recommendation',
  states: {
    INVITED: { says: 'the school has been asked for it', why: byReader({ lead: 'Your school has been asked and has not answered yet.' }, 'The school has been asked and has not answered yet.') },
    GIVEN: { says: 'the school has given it', why: byReader({ lead: 'Your school has given this recommendation already.' }, 'The school has given this recommendation.') },
    DECLINED: { says: 'the school has said no', end: true, why: byReader({ lead: 'Your school has said no to this.' }, 'The school has said no to this.') },
    EXPIRED: { says: 'the school did not answer in time', end: true, why: byReader({ lead: 'The time in which your school could answer is over. You can still recommend the provider unasked.' }, 'The school did not answer in time.') },
    FLAGGED: { says: 'an officer is looking into it; it does not count, and cannot be taken back, meanwhile', why: byReader({ officer: 'An officer is looking into this recommendation already.' }, 'An officer is looking into this recommendation. It does not count meanwhile.') },
    REJECTED: { says: 'an officer has found that it cannot count; only an appeal changes that', why: 'An officer has found that this recommendation cannot count.' },
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
    systemAdmin: {
      says: 'a system administrator, where all officers of that local authority have an interest',
      party: ({ lacksOfficer }, actor) => (lacksOfficer && isSystemAdmin(actor) ? { kind: 'SIGNPOST', id: 'signpost', name: 'Signpost' } : null),
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
    giveNominated: {
      from: [null, 'INVITED'],
      to: 'GIVEN',
      by: [],
      label: 'Recommend the provider, as nominated',
      says:
        'The provider has taken up what a lead of the school said of it before it was registered, and named the listings that this is. ' +
        'It vouches for what was nominated, by the rules of giving, and three years count from the nomination.',
      guard: mayGiveNominated,
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
    passOn: {
      from: ['INVITED'],
      to: null,
      by: [],
      label: 'Pass it on',
      says: 'The school that was asked has become another, which answers in its place.',
    },
    endWithSchool: {
      from: ['INVITED'],
      to: 'EXPIRED',
      by: [],
      label: 'End with the school',
      says: 'The school that was asked has become several, or one that has answered or been asked already. Whichever is meant can be asked anew.',
    },
    confirmIndependence: {
      from: ['GIVEN'],
      to: 'GIVEN',
      by: ['officer', 'systemAdmin'],
      label: 'Confirm that the school is independent of the provider',
      says:
        'An academy’s trust is not known, an import has brought the school near to the provider or to another that recommends it, an earlier recommendation by the same school or person was rejected, ' +
        'or a small circle of providers would list itself; from now on the recommendation counts.',
      guard: (facts) => notOwn(facts) ?? (facts.unconfirmed ? null : new NotAllowedInThisState('Nothing needs to be confirmed: the recommendation counts already.')),
    },
    flag: { from: ['GIVEN'], to: 'FLAGGED', by: ['officer', 'systemAdmin'], label: 'Look into it', says: 'It does not count meanwhile.', needsReason: true, guard: notOwn },
    uphold: { from: ['FLAGGED'], to: 'GIVEN', by: ['officer', 'systemAdmin'], label: 'Let it stand', says: 'It counts again.', needsReason: true, guard: notOwn },
    reject: { from: ['FLAGGED'], to: 'REJECTED', by: ['officer', 'systemAdmin'], label: 'Reject it', says: 'It cannot count.', needsReason: true, guard: notOwn },
    restoreOnAppeal: {
      from: ['FLAGGED', 'REJECTED'],
      to: 'GIVEN',
      by: [],
      label: 'Let it stand, after an appeal',
      says: 'What an officer decided about it has been overturned. It stands as it was given, and counts if nothing else is against that.',
      guard: ({ sameSchool, schoolName, providerName }) =>
        sameSchool ? new SameSchoolTwice(`${schoolName} has recommended ${providerName} again meanwhile, or is being asked to. One recommendation stands for each school.`) : null,
    },
    renew: {
      from: ['GIVEN'],
      to: 'GIVEN',
      by: ['lead'],
      label: 'Renew the recommendation',
      says: `In its last ${RENEWABLE_MONTHS} months a lead of the school may say that it still stands and that there is no interest or reward; it lasts three years from then on.`,
      guard: mayRenew,
    },
    withdraw: {
      from: ['GIVEN'],
      to: 'WITHDRAWN',
      by: ['lead'],
      label: 'Take the recommendation back',
      says: 'A provider that falls below the minimum lapses at once. What an officer is looking into stays until it is decided.',
    },
    excuse: {
      from: ['GIVEN', 'FLAGGED'],
      to: null,
      by: [],
      label: 'Overlook what others have brought about',
      says: 'An import has brought the school near to the provider or to another that recommends it, or what others did has closed a circle. It counts for 60 days meanwhile, and an officer decides.',
    },
    awaitOfficer: {
      from: ['GIVEN'],
      to: null,
      by: [],
      label: 'Let it wait for an officer',
      says: 'What others did since it was given stands against it: a circle, an earlier judgement, or another recommendation by the same person or governing body. It counts once an officer has confirmed it.',
    },
    change: {
      from: ['GIVEN', 'FLAGGED'],
      to: null,
      by: [],
      label: 'Changed since',
      says: 'A listing that it vouches for has changed in substance. It does not count for that listing until the school says that it still is what it used.',
    },
    affirm: {
      from: ['GIVEN'],
      to: null,
      by: ['lead'],
      label: 'Say that it still is what you used',
      says: 'The school vouches for the listing as it is now; the recommendation counts for it again.',
      guard: mayAffirm,
    },
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
    readFacts(db, actor, `SELECT r.id, r.provider_id, r.school_urn, r.state, ${awaitsOfficer('r')} AS unconfirmed, ${acceptable('r')} AS acceptable, r.given_at, r.expires_at, r.lapses_at, r.bodies, r.accepted, r.excused FROM recommendation r WHERE r.id = ANY($2)`, [ids]),
};

/** The facts for a recommendation that does not exist yet; null when provider or school are not there. */
export async function factsForNew(db: Queryable, actor: Actor, id: string, providerId: string, schoolUrn: number): Promise<RecommendationFacts | null> {
  const subject = `
    SELECT $2::uuid AS id, $3::uuid AS provider_id, $4::int AS school_urn, NULL AS state, false AS unconfirmed, '{}'::text[] AS acceptable, NULL::timestamptz AS given_at, NULL::timestamptz AS expires_at,
           NULL::timestamptz AS lapses_at, '{}'::text[] AS bodies, '{}'::text[] AS accepted, '{}'::text[] AS excused`;
  return (await readFacts(db, actor, subject, [id, providerId, schoolUrn]))[0] ?? null;
}

/** SQL: the school, what it was and what it has become. */
const oneSchoolWith = (urn: string) => `schools_in(ARRAY['school:' || ${urn}])`;

function readFacts(db: Queryable, actor: Actor, subject: string, parameters: unknown[]): Promise<RecommendationFacts[]> {
  return db.query<RecommendationFacts>(
    `WITH subject AS (${subject}),
     known AS (
       SELECT subject.*, p.name AS provider_name, p.state AS provider_state, p.school_urn AS provider_school, p.assuring_la, s.name AS school_name, s.la_code AS school_la,
              s.status = 'OPEN' AS school_open, s.academy AND s.trust_id IS NULL AS trust_unknown,
              coalesce('trust:' || s.trust_id, 'federation:' || s.federation_id, 'school:' || s.urn) AS governing_body
       FROM subject JOIN provider p ON p.id = subject.provider_id JOIN school s ON s.urn = subject.school_urn
     )
     SELECT k.id, k.state, k.provider_id AS "providerId", k.provider_name AS "providerName", k.provider_state AS "providerState", k.provider_school AS "providerSchoolUrn",
            k.assuring_la AS "assuringLa", la.name AS "assuringLaName", k.school_urn AS "schoolUrn", k.school_name AS "schoolName", k.school_la AS "schoolLa", k.school_open AS "schoolOpen",
            k.governing_body AS "governingBody", k.trust_unknown AS "trustUnknown", k.unconfirmed, k.acceptable,
            EXISTS (SELECT FROM recommendation r WHERE r.provider_id = k.provider_id AND r.school_urn = ANY(${oneSchoolWith('k.school_urn')}) AND r.state IN ('INVITED', 'GIVEN', 'FLAGGED') AND r.id <> k.id) AS "sameSchool",
            CASE WHEN $1::uuid IS NULL OR k.state NOT IN ('INVITED', 'GIVEN') THEN '{}' ELSE ARRAY(
              SELECT unnest(recommendation_obstacles(k.id, k.provider_id, k.school_urn, k.bodies, (SELECT mailboxes_of($1)), k.given_at))
              EXCEPT SELECT unnest(k.accepted || k.excused)) END AS obstacles,
            ${interestInDeciding('$1::uuid', 'k.provider_id', 'k.school_urn')} AS interest,
            ${isSystemAdmin(actor)} AND officers_lacking(k.provider_id) IS NOT NULL AS "lacksOfficer",
            (SELECT count(*) FROM recommendation_listing n JOIN listing l ON l.id = n.listing_id
             WHERE n.recommendation_id = k.id AND n.changed_at IS NOT NULL AND l.state <> 'REMOVED') AS "changedListings",
            k.expires_at AS "expiresAt", k.lapses_at AS "lapsesAt"
     FROM known k LEFT JOIN local_authority la ON la.code = k.assuring_la`,
    [actor.personId, ...parameters],
  );
}
