import { type Actor, leadsSchool } from '../../platform/actor.js';
import { endOfLondonDay, londonDay } from '../../platform/clock.js';
import type { Queryable } from '../../platform/database/index.js';
import { NotAllowedInThisState, type Problem, problemType } from '../../platform/problem.js';
import { byReader, type Facts, type Party, type ProcessDefinition } from '../../platform/process/index.js';
import { type Interest, refuseInterest } from '../../directory/index.js';
import type { RequestState } from '../vocabulary.js';

/** How long providers have to propose where the school names no day. */
export const DAYS_TO_PROPOSE = 21;
/** A request that nothing happens to expires: as a draft, without an invitation, after its closing date. */
export const DRAFT_DAYS = 90;
export const UNINVITED_DAYS = 90;
export const CLOSED_DAYS = 60;

export const ProposalsRead = problemType('ProposalsRead', 'Once the school has begun to read proposals the closing date stands, and none is added or revised unless the school reopens the round.');

export interface RequestFacts extends Facts<RequestState> {
  schoolUrn: number;
  schoolName: string;
  schoolOpen: boolean;
  /** Whether anybody leads it here. */
  schoolHasLead: boolean;
  laCode: string;
  laName: string;
  draftedBySip: string | null;
  submitted: boolean;
  allLeads: boolean;
  /** The actor is one of the people of the school that it names. */
  named: boolean;
  confidential: boolean;
  sharedWithSip: boolean;
  /** Schools that were asked to join and have not yet. */
  asked: { urn: number; name: string }[];
  closesAt: Date | null;
  openedAt: Date | null;
  updatedAt: Date;
  proposalsRead: boolean;
  invitations: number;
  /** Proposals that stand. */
  proposals: number;
  /** Whether any provider has made a proposal, also one that it took back. */
  answered: boolean;
  /** An invited provider in which this actor has an interest, until the school has chosen. */
  bid: Bid | null;
}

export interface Bid {
  provider: string;
  interest: Interest;
  /** Whether another lead of the school, without such an interest, sees the request. */
  othersLead: boolean;
}

/** SQL: the bid of the person in the request `r` of the school `s`. */
export const bidOf = (person: string) => `(
  SELECT jsonb_build_object('provider', bid.provider, 'interest', bid.interest, 'othersLead', EXISTS (
    SELECT FROM membership m WHERE m.school_urn = r.school_urn AND m.role = 'SCHOOL_LEAD' AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL
      AND (r.all_leads OR EXISTS (SELECT FROM request_person named WHERE named.request_id = r.id AND named.person_id = m.person_id))
      AND NOT EXISTS (SELECT FROM bids_of(r.id, mailboxes_of(m.person_id)))))
  FROM bids_of(r.id, (SELECT mailboxes_of(${person}::uuid))) bid ORDER BY bid.provider LIMIT 1)`;

/** Whoever is of an invited provider neither opens what others propose nor chooses; the school is told who can. */
export const noBid = ({ bid, schoolName, laName }: { bid: Bid | null; schoolName: string; laName: string }): Problem | null =>
  refuseInterest(
    bid?.interest ?? null,
    bid?.provider ?? '',
    bid?.othersLead
      ? 'Another lead of the school has to do this.'
      : `Nobody else leads ${schoolName} here who sees the request: let another lead see it, or have an officer of ${laName} confirm one, such as the chair of governors.`,
  );

/** What must be known of a request to tell who acts for its school. */
type OfSchool = Pick<RequestFacts, 'schoolUrn' | 'schoolName' | 'draftedBySip' | 'submitted' | 'allLeads' | 'named'>;

/** The school as a party, for those of its people whom it lets see the request. */
export function schoolParty(facts: OfSchool, actor: Actor): Party | null {
  const isSchools = facts.draftedBySip === null || facts.submitted;
  const acts = facts.named || (facts.allLeads && leadsSchool(actor, facts.schoolUrn));
  return isSchools && acts ? { kind: 'SCHOOL', id: String(facts.schoolUrn), name: facts.schoolName } : null;
}

function sipParty(facts: RequestFacts, actor: Actor): Party | null {
  const isDrafting = facts.draftedBySip !== null && facts.draftedBySip === actor.personId && (facts.state === 'DRAFT' || facts.state === 'AWAITING_SCHOOL');
  return isDrafting && actor.sipSchools.includes(facts.schoolUrn) ? { kind: 'LOCAL_AUTHORITY', id: facts.laCode, name: facts.laName } : null;
}

function partnerParty({ asked }: RequestFacts, actor: Actor): Party | null {
  const school = asked.find(({ urn }) => leadsSchool(actor, urn));
  return school ? { kind: 'SCHOOL', id: String(school.urn), name: school.name } : null;
}

const days = (from: Date, count: number) => new Date(from.getTime() + count * 86_400_000);

/** To the end of the day on which half of the time is over, so that every answer leaves time to use it. */
export function questionsUntil(openedAt: Date, closesAt: Date): Date {
  const half = endOfLondonDay(londonDay(new Date((openedAt.getTime() + closesAt.getTime()) / 2)));
  return half < closesAt ? half : closesAt;
}

/** When the request expires unless something happens to it. */
export function expiryOf({ state, updatedAt, openedAt, closesAt, invitations }: Pick<RequestFacts, 'state' | 'updatedAt' | 'openedAt' | 'closesAt' | 'invitations'>): Date | null {
  if (state === 'DRAFT' || state === 'AWAITING_SCHOOL') return days(updatedAt, DRAFT_DAYS);
  if (state !== 'OPEN') return null;
  const closed = days(closesAt!, CLOSED_DAYS);
  const uninvited = days(openedAt!, UNINVITED_DAYS);
  return invitations === 0 && uninvited < closed ? uninvited : closed;
}

const schoolIsOpen = ({ schoolOpen, schoolName }: RequestFacts): Problem | null => (schoolOpen ? null : new NotAllowedInThisState(`${schoolName} is not an open school. Only open schools can ask for support.`));

/** SQL of the school `s`. */
const HAS_LEAD = `EXISTS (SELECT FROM membership m WHERE m.school_urn = s.urn AND m.role = 'SCHOOL_LEAD' AND m.ended_at IS NULL AND m.confirmed_at IS NOT NULL)`;

const somebodyReads = ({ schoolHasLead, schoolName, laName }: RequestFacts): Problem | null =>
  schoolHasLead ? null : new NotAllowedInThisState(`Nobody leads ${schoolName} here yet, so nobody could read it. Ask an officer of ${laName} to confirm who leads the school first.`);

export const requestProcess: ProcessDefinition<RequestState, RequestFacts> = {
  name: 'Request',
  says: 'A school asks for support in its own words. Nothing of it reaches a provider before the school opens it, or a SIP who did not draft it before the school shares it. Choosing a proposal ends it in an engagement.',
  table: 'request',
  states: {
    DRAFT: { says: 'it is being written', why: 'The request is still being written.' },
    AWAITING_SCHOOL: { says: 'a SIP has drafted it; the school decides whether to open it', why: byReader({ sip: 'The school has your draft and has not opened it yet.' }, 'Your School Improvement Partner has drafted this request; open it first.') },
    OPEN: { says: 'providers can be invited', why: 'The request is open already.' },
    AGREED: { says: 'the school has chosen a proposal', end: true, why: byReader({ school: 'Your school has chosen a proposal, so the request has ended.' }, 'The school has chosen a proposal, so the request has ended.') },
    CLOSED_UNMET: { says: 'the school has closed it without having found support', end: true, why: byReader({ school: 'Your school has closed the request.' }, 'The school has closed the request.') },
    WITHDRAWN: { says: 'it has been taken back', end: true, why: 'The request has been withdrawn.' },
    EXPIRED: { says: 'nothing has happened to it for too long', end: true, why: 'The request has expired, since nothing happened to it for long.' },
  },
  who: {
    school: { says: 'a lead of the school or somebody there whom the request names', party: schoolParty },
    sip: { says: 'the SIP of the school who drafted it', party: sipParty },
    partner: { says: 'a lead of a partner school that was asked to join', party: partnerParty },
  },
  transitions: {
    start: {
      from: [null],
      to: 'DRAFT',
      by: ['school', 'sip'],
      label: 'Start a request',
      says: 'Only the need has to be said. What a SIP drafts is the SIP’s own until it is submitted.',
      guard: schoolIsOpen,
    },
    submit: { from: ['DRAFT'], to: 'AWAITING_SCHOOL', by: ['sip'], label: 'Give it to the school', says: 'The SIP puts the draft before the school, which can change it. The school has to have a lead here.', guard: (facts) => schoolIsOpen(facts) ?? somebodyReads(facts) },
    open: {
      from: ['DRAFT', 'AWAITING_SCHOOL'],
      to: 'OPEN',
      by: ['school'],
      label: 'Open the request',
      says: 'Providers can be invited; partner schools are asked to join. The words stay as they are once a provider has answered.',
      guard: (facts, _actor, now) =>
        schoolIsOpen(facts) ?? (facts.closesAt === null || facts.closesAt > now ? null : new NotAllowedInThisState('The day until which providers can propose has passed. Choose a later one, then open the request.')),
    },
    join: { from: ['OPEN'], to: 'OPEN', by: ['partner'], label: 'Join the request', says: 'A partner school takes part; its leads see the request from now on.' },
    share: {
      from: ['OPEN'],
      to: 'OPEN',
      by: ['school'],
      label: 'Share it with the SIP',
      says: 'The school’s SIP sees the request from now on, though no proposal.',
      guard: ({ sharedWithSip }) => (sharedWithSip ? new NotAllowedInThisState('The request is shared with the school’s SIP already.') : null),
    },
    unshare: {
      from: ['OPEN'],
      to: 'OPEN',
      by: ['school'],
      label: 'Stop sharing it with the SIP',
      says: 'The school’s SIP no longer sees the request.',
      guard: ({ sharedWithSip }) => (sharedWithSip ? null : new NotAllowedInThisState('The request is not shared with the school’s SIP.')),
    },
    reveal: {
      from: ['OPEN'],
      to: 'OPEN',
      by: ['school'],
      label: 'Tell the invited providers which school asks',
      says: 'The request is no longer confidential. This cannot be taken back.',
      guard: ({ confidential }) => (confidential ? null : new NotAllowedInThisState('The request is not confidential.')),
    },
    answer: { from: ['OPEN'], to: 'OPEN', by: ['school'], label: 'Answer a question', says: 'The answer goes to all invited providers alike, without saying who asked.' },
    extend: {
      from: ['OPEN'],
      to: 'OPEN',
      by: ['school'],
      label: 'Choose a later closing date',
      says: 'Invited providers have more time to propose. Possible until the school begins to read proposals.',
      guard: ({ proposalsRead, ...facts }) => noBid(facts) ?? (proposalsRead ? new ProposalsRead('You have begun to read the proposals, so the closing date stands.') : null),
    },
    read: {
      from: ['OPEN'],
      to: 'OPEN',
      by: ['school'],
      label: 'Read the proposals',
      says: 'The proposals, sealed so far, are shown to the school side by side. From now on none is added or revised, unless the school reopens the round for all.',
      guard: ({ proposalsRead, proposals, ...facts }) => {
        const interested = noBid(facts);
        if (interested) return interested;
        if (proposalsRead) return new NotAllowedInThisState('The proposals can be read already.');
        return proposals > 0 ? null : new NotAllowedInThisState('There is no proposal yet.');
      },
    },
    reopenRound: {
      from: ['OPEN'],
      to: 'OPEN',
      by: ['school'],
      label: 'Reopen the round for all',
      says: 'The proposals are sealed again until a new closing date. All who are invited are told, and can propose, revise or take back; others can be invited.',
      guard: ({ proposalsRead, ...facts }) => noBid(facts) ?? (proposalsRead ? null : new NotAllowedInThisState('Nobody has read the proposals yet, so the round is open. You can choose a later closing date.')),
    },
    amend: {
      from: ['OPEN'],
      to: 'OPEN',
      by: ['school'],
      label: 'Mend what the request says',
      says: 'A slip in a request that nobody has answered is mended; the invited providers are told to read it again.',
      guard: ({ answered, ...facts }) => noBid(facts) ?? (answered ? new NotAllowedInThisState('A provider has made a proposal, so the words of the request stay as they are.') : null),
    },
    handOver: { from: ['DRAFT', 'AWAITING_SCHOOL', 'OPEN'], to: null, by: [], label: 'Pass it on', says: 'Whoever dealt with it alone has left, and somebody else takes over.' },
    passOn: { from: ['DRAFT', 'AWAITING_SCHOOL', 'OPEN'], to: null, by: [], label: 'Pass it on with the school', says: 'The school has become another, whose request it is from now on.' },
    endWithSchool: {
      from: ['DRAFT', 'AWAITING_SCHOOL'],
      to: 'WITHDRAWN',
      by: [],
      label: 'End with the school',
      says: 'The school has become several, and it cannot be said whose the draft is. Whichever still needs the support writes it anew.',
    },
    choose: { from: ['OPEN'], to: 'AGREED', by: [], label: 'Agree', says: 'The school has chosen a proposal, which becomes an engagement; the other proposals and invitations end.' },
    closeUnmet: { from: ['OPEN'], to: 'CLOSED_UNMET', by: ['school'], label: 'Close it, the need is not met', says: 'Counted, without the school’s name, as unmet need.', needsReason: true },
    withdraw: { from: ['DRAFT', 'AWAITING_SCHOOL', 'OPEN'], to: 'WITHDRAWN', by: ['school', 'sip'], label: 'Withdraw the request', says: 'Invitations are cancelled. A reason can be given.' },
    expire: {
      from: ['DRAFT', 'AWAITING_SCHOOL', 'OPEN'],
      to: 'EXPIRED',
      by: [],
      label: 'Expire',
      says: `A draft that nobody has touched for ${DRAFT_DAYS} days; an open request ${CLOSED_DAYS} days after its closing date, or ${UNINVITED_DAYS} days without an invitation.`,
      guard: (facts, _actor, now) => (expiryOf(facts)! > now ? new NotAllowedInThisState('It is too early for this request to expire.') : null),
    },
  },
  lock: 'SELECT id FROM request WHERE id = $1 FOR NO KEY UPDATE',
  facts: (db, ids, actor) =>
    db.query<RequestFacts>(
      `SELECT r.id, r.state, r.school_urn AS "schoolUrn", s.name AS "schoolName", s.status = 'OPEN' AS "schoolOpen", ${HAS_LEAD} AS "schoolHasLead", s.la_code AS "laCode", la.name AS "laName",
              r.drafted_by_sip AS "draftedBySip", r.submitted_at IS NOT NULL AS submitted, r.all_leads AS "allLeads", ${isNamed('$2', '$3')} AS named,
              r.confidential, r.shared_with_sip AS "sharedWithSip", r.closes_at AS "closesAt", r.opened_at AS "openedAt", r.updated_at AS "updatedAt",
              r.proposals_read_at IS NOT NULL AS "proposalsRead",
              (SELECT coalesce(json_agg(json_build_object('urn', asked.urn, 'name', asked.name) ORDER BY asked.urn), '[]')
                 FROM request_school j JOIN school asked ON asked.urn = j.school_urn WHERE j.request_id = r.id AND j.joined_at IS NULL) AS asked,
              (SELECT count(*) FROM invitation i WHERE i.request_id = r.id) AS invitations,
              (SELECT count(*) FROM proposal q WHERE q.request_id = r.id AND q.state <> 'WITHDRAWN') AS proposals,
              EXISTS (SELECT FROM proposal q WHERE q.request_id = r.id) AS answered, ${bidOf('$2')} AS bid
       FROM request r JOIN school s ON s.urn = r.school_urn JOIN local_authority la ON la.code = s.la_code WHERE r.id = ANY($1)`,
      [ids, ...worksIn(actor)],
    ),
};

/** Values for `isNamed`: the person and the schools they work in. */
export const worksIn = (actor: Actor): [string | null, number[]] => [
  actor.personId,
  actor.memberships.filter(({ role }) => role === 'SCHOOL_LEAD' || role === 'SCHOOL_STAFF').flatMap(({ schoolUrn }) => schoolUrn ?? []),
];

/** SQL: whether the request `r` names the person, who still works in its school. */
export const isNamed = (person: string, schools: string) =>
  `(r.school_urn = ANY(${schools}::int[]) AND EXISTS (SELECT FROM request_person named WHERE named.request_id = r.id AND named.person_id = ${person}::uuid))`;

/** The facts for a request that does not exist yet; null when there is no such school. */
export async function factsForNew(db: Queryable, actor: Actor, id: string, schoolUrn: number): Promise<RequestFacts | null> {
  const [school] = await db.query<Pick<RequestFacts, 'schoolName' | 'schoolOpen' | 'schoolHasLead' | 'laCode' | 'laName'>>(
    `SELECT s.name AS "schoolName", s.status = 'OPEN' AS "schoolOpen", ${HAS_LEAD} AS "schoolHasLead", s.la_code AS "laCode", la.name AS "laName"
     FROM school s JOIN local_authority la ON la.code = s.la_code WHERE s.urn = $1`,
    [schoolUrn],
  );
  if (!school) return null;
  // Whoever works in the school drafts for it; else its SIP does.
  const worksThere = worksIn(actor)[1].includes(schoolUrn);
  return {
    ...school,
    id,
    state: 'DRAFT',
    schoolUrn,
    draftedBySip: worksThere ? null : actor.personId,
    submitted: false,
    allLeads: true,
    named: worksThere,
    confidential: false,
    sharedWithSip: !worksThere,
    asked: [],
    closesAt: null,
    openedAt: null,
    updatedAt: new Date(0),
    proposalsRead: false,
    invitations: 0,
    proposals: 0,
    answered: false,
    bid: null,
  };
}
