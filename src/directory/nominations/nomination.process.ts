import { type Actor, administersProvider, leadsSchool } from '../../platform/actor.js';
import type { Queryable } from '../../platform/database/index.js';
import { NotAllowedInThisState, type Problem, problemType } from '../../platform/problem.js';
import { byReader, type Facts, type Party, type ProcessDefinition } from '../../platform/process/index.js';
import { HasInterest } from '../interests/index.js';
import { SchoolNotOpen } from '../recommendation.process.js';
import type { NominationState } from '../vocabulary.js';
import { AlreadyRegistered } from './nomination.type.js';
import { isFor, isNominated, nominationValues, nominatorLeads } from './visibility.js';

export const NominatedTwice = problemType('NominatedTwice', 'The school has nominated this provider already.');
export const NominationDeclined = problemType('NominationDeclined', 'The person with that address has declined a nomination by this school.');
export const NominationOutdated = problemType('NominationOutdated', 'The school does not stand by the nomination as it was made: whoever made it has left, or the school has answered otherwise since.');

export interface NominationFacts extends Facts<NominationState> {
  name: string;
  schoolUrn: number;
  schoolName: string;
  schoolOpen: boolean;
  expiresAt: Date;
  /** The actor is the person with the address. */
  isNominated: boolean;
  nominatorLeads: boolean;
  /** Of the actor’s providers those for which somebody with the address acts. */
  providers: { id: string; name: string }[];
  /** The address is tied to the school or the actor. Why, nobody is told. */
  tied: boolean;
  /** What only one that is to be made is asked. */
  twice: boolean;
  declinedBefore: boolean;
  registered: { id: string; name: string } | null;
}

const school = ({ schoolUrn, schoolName }: NominationFacts): Party => ({ kind: 'SCHOOL', id: String(schoolUrn), name: schoolName });

/** Somebody with an address is of no organisation here. */
const nominated = (facts: NominationFacts): Party | null => (facts.isNominated ? { kind: 'SIGNPOST', id: 'signpost', name: 'The person with the address' } : null);

function administrator({ providers }: NominationFacts, actor: Actor): Party | null {
  const own = providers.find(({ id }) => administersProvider(actor, id));
  return own ? { kind: 'PROVIDER', id: own.id, name: own.name } : null;
}

/** One sentence for whatever the tie is: who is behind an address is nobody’s to find out. */
const notTied = ({ tied, schoolName }: NominationFacts): Problem | null =>
  tied ? new HasInterest(`${schoolName} and the holder of this address, or you and they, are not independent of each other as far as Signpost knows.`) : null;

function mayNominate(facts: NominationFacts): Problem | null {
  const { schoolName, registered } = facts;
  if (!facts.schoolOpen) return new SchoolNotOpen(`${schoolName} is not an open school. Only open schools can nominate a provider.`);
  if (registered) return new AlreadyRegistered(`${registered.name} is in the directory already. Recommend it: that counts without its having to take anything up.`, registered.id);
  if (facts.twice) return new NominatedTwice(`${schoolName} has an open nomination with this address, or of a provider of nearly this name. Withdraw that first if it is wrong.`);
  if (facts.declinedBefore) return new NominationDeclined(`The person with this address has said no to ${schoolName} in the last year. They can still register, and you can recommend them then.`);
  return notTied(facts);
}

function mayTakeUp(facts: NominationFacts, _actor: Actor, now: Date): Problem | null {
  if (facts.expiresAt <= now) return new NotAllowedInThisState('The time in which this nomination could be taken up is over.');
  if (!facts.schoolOpen) return new SchoolNotOpen(`${facts.schoolName} is not an open school any more. Only open schools can recommend a provider.`);
  return facts.nominatorLeads
    ? null
    : new NominationOutdated(`Whoever nominated ${facts.name} no longer leads ${facts.schoolName}. It can be taken up once another lead of the school has stood by it.`);
}

const mayStandBy = (facts: NominationFacts): Problem | null =>
  facts.nominatorLeads ? new NotAllowedInThisState('Whoever nominated it still leads the school, so nobody else has to stand by it.') : notTied(facts);

export const nominationProcess: ProcessDefinition<NominationState, NominationFacts> = {
  name: 'Nomination',
  says: 'A school’s word for a provider that is not registered. It counts for nothing until a provider of the person with that address takes it up: then it is a recommendation, by all the rules of giving one.',
  table: 'nomination',
  states: {
    OPEN: { says: 'the provider can take it up', why: byReader({ lead: 'The provider has not taken your nomination up yet.' }, 'The nomination has not been taken up yet.') },
    TAKEN_UP: { says: 'it is a recommendation', end: true, why: 'The nomination has been taken up: it is a recommendation now.' },
    WITHDRAWN: { says: 'the school has taken it back', end: true, why: byReader({ lead: 'Your school has taken this nomination back.' }, 'The school has taken this nomination back.') },
    DECLINED: { says: 'the person with the address has said no', end: true, why: byReader({ nominated: 'You have said no to this nomination.' }, 'The person with the address has said no to this nomination.') },
    EXPIRED: { says: 'nobody has taken it up in time, or the school has closed', end: true, why: 'The nomination has expired.' },
  },
  who: {
    lead: { says: 'a lead of the school (head, chair of governors or business manager)', party: (facts, actor) => (leadsSchool(actor, facts.schoolUrn) ? school(facts) : null) },
    nominated: { says: 'the person with that address', party: nominated },
    administrator: { says: 'an administrator of a provider that the person with that address administers', party: administrator },
  },
  transitions: {
    nominate: {
      from: [null],
      to: 'OPEN',
      by: ['lead'],
      label: 'Nominate a provider',
      says: 'The school says what the support was, what was done, when, and what changed, and declares no interest or reward. The address is told.',
      guard: mayNominate,
    },
    takeUp: {
      from: ['OPEN'],
      to: 'TAKEN_UP',
      by: ['administrator'],
      label: 'Take up the nomination',
      says: 'The provider names the listings that it is; in the same act the school recommends it, if the rules of giving let it, now and for the time when it was nominated.',
      guard: mayTakeUp,
    },
    obstruct: { from: ['OPEN'], to: null, by: [], label: 'Something stands in the way', says: 'The provider wanted to take it up and the rules of giving do not let the school recommend it. Both are told why.' },
    withdraw: { from: ['OPEN'], to: 'WITHDRAWN', by: ['lead'], label: 'Withdraw the nomination', says: 'Any lead of the school takes it back.' },
    decline: { from: ['OPEN'], to: 'DECLINED', by: ['nominated'], label: 'Say no', says: 'They need not say why. The school does not nominate the address again for a year.' },
    passOn: { from: ['OPEN'], to: null, by: [], label: 'Needs another lead', says: 'Whoever nominated has left the school. It cannot be taken up until another lead has stood by it.' },
    standBy: { from: ['OPEN'], to: null, by: ['lead'], label: 'Stand by the nomination', says: 'Another lead of the school vouches for it in place of who has left, and declares no interest or reward.', guard: mayStandBy },
    closeForLeaver: { from: ['OPEN'], to: 'WITHDRAWN', by: [], label: 'Close, as the school has no lead', says: 'The school’s last lead has left, who was told of it before.' },
    expire: {
      from: ['OPEN'],
      to: 'EXPIRED',
      by: [],
      label: 'Expire',
      says: 'A year has passed.',
      guard: ({ expiresAt }, _actor, now) => (expiresAt > now ? new NotAllowedInThisState('There is still time to take it up.') : null),
    },
    endWithSchool: {
      from: ['OPEN'],
      to: 'EXPIRED',
      by: [],
      label: 'End, as the school has closed',
      says: 'The school has closed and is not known to have become another.',
      guard: ({ schoolOpen }) => (schoolOpen ? new NotAllowedInThisState('The school is open.') : null),
    },
  },
  // The school is the aggregate root: whoever nominates, takes up and leaves it take turns.
  lock: 'SELECT urn FROM school WHERE urn = (SELECT school_urn FROM nomination WHERE id = $1) FOR NO KEY UPDATE',
  facts: (db, ids, actor) => readFacts(db, actor, 'SELECT n.id, n.state, n.name, n.email, n.school_urn, n.nominated_by, n.expires_at FROM nomination n WHERE n.id = ANY($5::uuid[])', [ids]),
};

/** The facts of one that is to be made, but for who is registered and nominated under like names; null where there is no such school. */
export async function factsOfNew(db: Queryable, actor: Actor, id: string, { name, email, schoolUrn }: { name: string; email: string; schoolUrn: number }, expiresAt: Date): Promise<NominationFacts | null> {
  const subject = 'SELECT $5::uuid AS id, NULL::text AS state, $6::text AS name, $7::text AS email, $8::int AS school_urn, $1::uuid AS nominated_by, $9::timestamptz AS expires_at';
  return (await readFacts(db, actor, subject, [id, name, email, schoolUrn, expiresAt]))[0] ?? null;
}

function readFacts(db: Queryable, actor: Actor, subject: string, parameters: unknown[]): Promise<NominationFacts[]> {
  return db.query<NominationFacts>(
    `SELECT n.id, n.state, n.name, n.school_urn AS "schoolUrn", s.name AS "schoolName", s.status = 'OPEN' AS "schoolOpen", n.expires_at AS "expiresAt",
            ${isNominated('n')} AS "isNominated", ${nominatorLeads('n')} AS "nominatorLeads",
            coalesce((SELECT json_agg(json_build_object('id', p.id, 'name', p.name) ORDER BY p.name, p.id)
              FROM provider p WHERE p.id = ANY($2::uuid[]) AND ${isFor('n', 'p.id')}), '[]') AS providers,
            CASE WHEN n.school_urn = ANY($3::int[]) THEN tied_to_address($1, n.email, n.school_urn) ELSE false END AS tied,
            false AS twice, false AS "declinedBefore", NULL AS registered
     FROM (${subject}) n JOIN school s ON s.urn = n.school_urn WHERE $4::boolean IS NOT NULL`,
    [...nominationValues(actor), ...parameters],
  );
}
