import { type Actor, administersProvider, hasRole, isOfficerOf, isSystemAdmin } from '../platform/actor.js';
import type { Queryable } from '../platform/database/index.js';
import { NotAllowed, NotAllowedInThisState, type Problem, problemType } from '../platform/problem.js';
import { byReader, type Facts, type Party, type ProcessDefinition } from '../platform/process/index.js';
import { type Interest, interestInDeciding, refuseInterest } from './interests/index.js';
import { waitingReturns } from './judgements/returns.js';
import { type Assurance, type CheckKind, checkKinds, type ProviderKind, type ProviderState } from './vocabulary.js';

export const ProfileIncomplete = problemType('ProfileIncomplete', 'The provider’s profile still lacks something that a school asks for.');

export interface ProviderFacts extends Facts<ProviderState> {
  name: string;
  kind: ProviderKind;
  assurance: Assurance;
  assuringLa: string | null;
  assuringLaName: string | null;
  /** What the profile still lacks, in words that go on after `Add`. */
  missing: string[];
  publishedListings: number;
  /** Published listings that are not free; and those of a council’s own service that reach beyond its area. */
  pricedListings: number;
  listingsBeyondArea: number;
  checksMissing: CheckKind[];
  /** Names of others that its own is like, and whether an officer has confirmed it all the same. */
  alikeNames: string[];
  nameConfirmed: boolean;
  /** Names of suspended providers that it was found to be again, and that no officer has accepted. */
  suspendedBefore: string[];
  /** For whoever could be the second: that all officers of the assuring LA have an interest, one of them perhaps only because it names them. */
  lacksOfficer: 'BY_TIES' | 'BY_NAME' | null;
  /** Whether it names, or has named, this actor as its contact, who does not belong to it and has not denied it. */
  namesActor: boolean;
  /** Name of the LA of which this actor is an officer. */
  actorsLaName: string | null;
  /** Texts of it that wait for an officer, while those that were checked stay public. */
  waitingChanges: number;
  /** Recommendations that count, and how many are needed. */
  recommendations: number;
  minimum: number;
  /** Of this actor, as somebody who decides about the provider. */
  interest: Interest | null;
}

/** Whether the provider meets all that being listed asks for. */
export const meetsListing = (facts: ProviderFacts): boolean =>
  facts.missing.length === 0 &&
  facts.publishedListings > 0 &&
  facts.nameConfirmed &&
  facts.suspendedBefore.length === 0 &&
  (facts.assurance !== 'RECOMMENDED' || (facts.checksMissing.length === 0 && facts.recommendations >= facts.minimum));

const party = ({ id, name }: ProviderFacts): Party => ({ kind: 'PROVIDER', id, name });
const assuringLa = ({ assuringLa: id, assuringLaName: name }: ProviderFacts): Party => ({ kind: 'LOCAL_AUTHORITY', id: id!, name: name! });

const SIGNPOST: Party = { kind: 'SIGNPOST', id: 'signpost', name: 'Signpost' };

export const notOwn = ({ interest, name }: ProviderFacts): Problem | null => refuseInterest(interest, name, 'Another officer has to decide about it.');

const complete = (facts: ProviderFacts): Problem | null => {
  const missing = facts.publishedListings > 0 ? facts.missing : [...facts.missing, 'at least one published listing'];
  return missing.length > 0 ? new ProfileIncomplete(`Before this can go on, add ${inWords(missing)}.`) : null;
};

/** What is listed on the word of an office needs the same confirmed first as what is listed by recommendations. */
function toBeListed(facts: ProviderFacts): Problem | null {
  const incomplete = complete(facts);
  if (incomplete) return incomplete;
  if (!facts.nameConfirmed) return new NotAllowedInThisState(`The name is like that of ${inWords(facts.alikeNames)}. It has to be confirmed first.`);
  return facts.suspendedBefore.length > 0 ? new NotAllowedInThisState('It is like a provider that was suspended. That it may come back has to be confirmed first.') : null;
}

/**
 * Where the assuring LA has no officer without interest: a system administrator, and for a council's own service an officer
 * of another council. Whom a provider names to be its contact it does not choose its officer by.
 */
export function secondOfficer({ assurance, lacksOfficer, actorsLaName }: ProviderFacts, actor: Actor): Party | null {
  if (lacksOfficer === null) return null;
  const code = actor.memberships.find((each) => each.role === 'LA_OFFICER')?.laCode;
  if (assurance === 'COUNCIL' && lacksOfficer === 'BY_TIES' && code && actorsLaName) return { kind: 'LOCAL_AUTHORITY', id: code, name: actorsLaName };
  return isSystemAdmin(actor) ? SIGNPOST : null;
}

const ALL: ProviderState[] = ['DRAFT', 'AWAITING_RECOMMENDATIONS', 'LISTED', 'SUSPENDED', 'LAPSED'];
/** Once others know of it. */
const SEEN: ProviderState[] = ['AWAITING_RECOMMENDATIONS', 'LISTED', 'SUSPENDED', 'LAPSED'];

const mayAnswerChanges = (facts: ProviderFacts): Problem | null =>
  notOwn(facts) ?? (facts.waitingChanges > 0 ? null : new NotAllowedInThisState('No change of the profile waits to be confirmed.'));

export const providerProcess: ProcessDefinition<ProviderState, ProviderFacts> = {
  name: 'Provider',
  says: 'Somebody who offers support to schools. It becomes listed by itself, in the transaction that fulfils the last condition, and lapses by itself in the one that breaks a condition.',
  table: 'provider',
  states: {
    DRAFT: { says: 'it is being written; only its own people see it', why: 'The profile has not been sent off yet.' },
    AWAITING_RECOMMENDATIONS: { says: 'it waits for the recommendations and checks that it needs to be listed', why: 'The provider still waits for the recommendations and checks that it needs.' },
    LISTED: { says: 'schools can find it', why: 'The provider is in the directory.' },
    SUSPENDED: { says: 'its local authority has suspended it', why: byReader({ officer: 'The provider is suspended.' }, 'Your local authority has suspended the provider.') },
    LAPSED: { says: 'it no longer has what it needs to be listed', why: 'The provider has lapsed: it no longer has what it needs to be listed.' },
    WITHDRAWN: { says: 'it has left the directory', end: true, why: 'The provider has left the directory.' },
  },
  who: {
    registrant: { says: 'somebody who has signed in', party: (facts, actor) => (actor.personId ? party(facts) : null) },
    administrator: { says: 'an administrator of the provider', party: (facts, actor) => (administersProvider(actor, facts.id) ? party(facts) : null) },
    officer: { says: 'an officer of its assuring local authority', party: (facts, actor) => (isOfficerOf(actor, facts.assuringLa) ? assuringLa(facts) : null) },
    secondOfficer: {
      says: 'a system administrator where all its officers have an interest (for a council’s own service also an officer of another local authority)',
      party: secondOfficer,
    },
    contact: {
      says: 'whoever it names, or has named, as its contact and does not belong to it',
      party: ({ namesActor }, actor) => (namesActor && actor.personId ? { kind: 'SIGNPOST', id: 'signpost', name: 'Somebody whom it names' } : null),
    },
    systemAdmin: { says: 'a system administrator', party: (_facts, actor) => (isSystemAdmin(actor) ? SIGNPOST : null) },
    nationalAdmin: {
      says: 'a system administrator, where no local authority assures it',
      party: (facts, actor) => (isSystemAdmin(actor) && facts.assurance === 'NATIONAL' ? SIGNPOST : null),
    },
  },
  transitions: {
    register: { from: [null], to: 'DRAFT', by: ['registrant'], label: 'Register a provider', says: 'A provider is registered; who registers it becomes its administrator.' },
    import: {
      from: [null],
      to: 'AWAITING_RECOMMENDATIONS',
      by: [],
      label: 'Import',
      says: 'It is brought in from a spreadsheet with what it offers, and schools can recommend it. Its own people complete the profile later; it is not listed before.',
      guard: (facts) => (facts.assurance === 'RECOMMENDED' ? null : new NotAllowed('Only providers that schools recommend are imported.')),
    },
    complete: {
      from: ['DRAFT'],
      to: 'AWAITING_RECOMMENDATIONS',
      by: ['administrator'],
      label: 'Finish the profile and start asking for recommendations',
      says: 'The profile is complete and at least one listing is published; schools can now be asked to recommend it.',
      guard: (facts) => (facts.assurance === 'RECOMMENDED' ? complete(facts) : new NotAllowed('This provider is listed on the word of who assures it, not by recommendations.')),
    },
    publishCouncilService: {
      from: ['DRAFT'],
      to: 'LISTED',
      by: ['officer', 'secondOfficer'],
      label: 'List this council service',
      says: 'A council’s own free service is entered by one officer and published by a second, for its area, labelled as such.',
      guard: (facts) => {
        const interest = notOwn(facts);
        if (interest) return interest;
        if (facts.assurance !== 'COUNCIL') return new NotAllowed('Only a council’s own free services are listed in this way.');
        if (facts.pricedListings > 0) return new NotAllowed('A council service that charges is listed by two school recommendations, like every other provider.');
        if (facts.listingsBeyondArea > 0) return new NotAllowed('A council’s own service is for the area of its local authority alone: a listing reaches beyond it.');
        return toBeListed(facts);
      },
    },
    publishNationalProgramme: {
      from: ['DRAFT'],
      to: 'LISTED',
      by: ['systemAdmin'],
      label: 'List this national programme',
      says: 'A national programme or free resource is entered with who assured it and a link, labelled as such.',
      guard: (facts) => {
        if (facts.assurance !== 'NATIONAL') return new NotAllowed('Only national programmes and resources are listed in this way.');
        if (facts.pricedListings > 0) return new NotAllowed('A national programme is listed without recommendations only while all that it offers is free to schools.');
        return toBeListed(facts);
      },
    },
    list: {
      from: ['AWAITING_RECOMMENDATIONS', 'LAPSED'],
      to: 'LISTED',
      by: [],
      label: 'List',
      says: 'Profile, checks and recommendations are all there.',
      guard: (facts) => (meetsListing(facts) ? null : new NotAllowedInThisState('Something that being listed needs is still missing.')),
    },
    lapse: {
      from: ['LISTED'],
      to: 'LAPSED',
      by: [],
      label: 'Lapse',
      says: 'A recommendation, a check or the last published listing, which being listed needs, is gone.',
      guard: (facts) => (meetsListing(facts) ? new NotAllowedInThisState('Nothing that being listed needs is missing.') : null),
    },
    confirmName: {
      from: ['DRAFT', 'AWAITING_RECOMMENDATIONS', 'LISTED', 'SUSPENDED', 'LAPSED'],
      to: null,
      by: ['officer', 'secondOfficer', 'nationalAdmin'],
      label: 'Confirm the name',
      says: 'The name is like that of another provider or of a local authority, and an officer confirms that it is the provider’s own. It is not listed before.',
      guard: (facts) =>
        notOwn(facts) ?? (facts.nameConfirmed ? new NotAllowedInThisState('The name is like no other, or is confirmed already.') : null),
    },
    holdBack: {
      from: ['DRAFT', 'AWAITING_RECOMMENDATIONS', 'LAPSED'],
      to: null,
      by: [],
      label: 'Hold it back',
      says: 'It is, or is near to, a provider that was suspended before it was listed: by its people, school, name, address or website. It waits for an officer.',
    },
    confirmReturn: {
      from: ['DRAFT', 'AWAITING_RECOMMENDATIONS', 'LISTED', 'SUSPENDED', 'LAPSED'],
      to: null,
      by: ['officer', 'secondOfficer', 'nationalAdmin'],
      label: 'Let it be listed although it is like one that was suspended',
      says: 'An officer has seen what was suspended, and why, and finds that it need not stand in the way.',
      needsReason: true,
      guard: (facts) => notOwn(facts) ?? (facts.suspendedBefore.length > 0 ? null : new NotAllowedInThisState('It is like no provider that was suspended, or that is confirmed already.')),
    },
    proposeChanges: {
      from: SEEN,
      to: null,
      by: [],
      label: 'Change what was checked',
      says: 'The provider writes another name, safeguarding statement or declaration of interests than an officer has looked at; or a national programme, who assured it. It waits for one; what was checked stays public and counts.',
    },
    confirmChanges: {
      from: SEEN,
      to: null,
      by: ['officer', 'secondOfficer', 'nationalAdmin'],
      label: 'Confirm the changes that wait',
      says: 'The new texts become public.',
      guard: mayAnswerChanges,
    },
    refuseChanges: {
      from: SEEN,
      to: null,
      by: ['officer', 'secondOfficer', 'nationalAdmin'],
      label: 'Refuse the changes that wait',
      says: 'The texts that were checked stay.',
      needsReason: true,
      guard: mayAnswerChanges,
    },
    nameContact: { from: ALL, to: null, by: [], label: 'Name a contact', says: 'Somebody who does not belong to it is named as its contact, and is told.' },
    denyContact: {
      from: [...SEEN, 'WITHDRAWN'],
      to: null,
      by: ['contact'],
      label: 'Say that you are not its contact',
      says: 'It has named somebody who is no contact of it. From then on that gives them no interest in it.',
    },
    rename: { from: SEEN, to: null, by: [], label: 'Take another name', says: 'Schools that recommend it are told.' },
    reassign: {
      from: ['DRAFT', ...SEEN],
      to: null,
      by: [],
      label: 'Go on with another local authority',
      says: 'Its local authority has been reorganised, and the one that has the area now assures it, with the checks that it has.',
    },
    suspend: {
      from: ['LISTED'],
      to: 'SUSPENDED',
      by: ['officer', 'secondOfficer', 'nationalAdmin'],
      label: 'Suspend the provider',
      says: 'New invitations and choices stop at once.',
      needsReason: true,
      guard: notOwn,
    },
    reinstate: {
      from: ['SUSPENDED'],
      to: 'LISTED',
      by: ['officer', 'secondOfficer', 'nationalAdmin'],
      label: 'End the suspension',
      says: 'The provider still has all that being listed needs.',
      needsReason: true,
      guard: (facts) =>
        notOwn(facts) ?? (meetsListing(facts) ? null : new NotAllowedInThisState('Something that being listed needs is missing now: end the suspension as lapsed.')),
    },
    reinstateAsLapsed: {
      from: ['SUSPENDED'],
      to: 'LAPSED',
      by: ['officer', 'secondOfficer', 'nationalAdmin'],
      label: 'End the suspension; the provider is lapsed until it has what it needs',
      says: 'The suspension ends, but something that being listed needs is missing now.',
      needsReason: true,
      guard: (facts) =>
        notOwn(facts) ?? (meetsListing(facts) ? new NotAllowedInThisState('Nothing is missing: end the suspension and the provider is listed again.') : null),
    },
    reinstateOnAppeal: {
      from: ['SUSPENDED'],
      to: 'LISTED',
      by: [],
      label: 'End the suspension, after an appeal',
      says: 'The suspension has been overturned, and the provider has all that being listed needs.',
      guard: (facts) => (meetsListing(facts) ? null : new NotAllowedInThisState('Something that being listed needs is missing now.')),
    },
    reinstateAsLapsedOnAppeal: {
      from: ['SUSPENDED'],
      to: 'LAPSED',
      by: [],
      label: 'End the suspension, after an appeal; the provider is lapsed until it has what it needs',
      says: 'The suspension has been overturned, but something that being listed needs is missing now.',
      guard: (facts) => (meetsListing(facts) ? new NotAllowedInThisState('Nothing is missing.') : null),
    },
    withdraw: {
      from: ['DRAFT', 'AWAITING_RECOMMENDATIONS', 'LISTED', 'SUSPENDED', 'LAPSED'],
      to: 'WITHDRAWN',
      by: ['administrator'],
      label: 'Leave the directory',
      says: 'The provider leaves the directory for good. Its history is kept.',
    },
  },
  lock: 'SELECT id FROM provider WHERE id = $1 FOR NO KEY UPDATE',
  facts: providerFacts,
};

/** SQL: whether the listing `l` of a council’s own service `p` reaches beyond the area of its LA. */
export const beyondArea = (l: string, p: string) =>
  `(${p}.assurance = 'COUNCIL' AND (${l}.national OR ${l}.radius_km IS NOT NULL OR NOT ${l}.la_codes <@ ARRAY[${p}.assuring_la]))`;

interface FactsRow extends Omit<ProviderFacts, 'missing' | 'checksMissing'> {
  summary: string;
  contactName: string;
  contactEmail: string | null;
  contactPhone: string | null;
  safeguarding: string;
  interests: string | null;
  assuredBy: string | null;
  assuredLink: string | null;
  checksDone: CheckKind[];
}

async function providerFacts(db: Queryable, ids: readonly string[], actor: Actor): Promise<ProviderFacts[]> {
  const rows = await db.query<FactsRow>(
    `SELECT p.id, p.state, p.name, p.kind, p.assurance, p.assuring_la AS "assuringLa", la.name AS "assuringLaName", p.summary, p.safeguarding, p.interests,
            p.contact_name AS "contactName", p.contact_email AS "contactEmail", p.contact_phone AS "contactPhone",
            p.assured_by AS "assuredBy", p.assured_link AS "assuredLink", coalesce(la.minimum_recommendations, 2) AS minimum,
            p.alike_names AS "alikeNames", p.alike_names = '{}' OR p.confirmed_name IS NOT DISTINCT FROM p.name AS "nameConfirmed",
            ${waitingReturns('p')} AS "suspendedBefore", CASE WHEN $4 THEN officers_lacking(p.id) END AS "lacksOfficer",
            $2::uuid IS NOT NULL AND p.state <> 'DRAFT'
              AND EXISTS (SELECT FROM named_contact c WHERE c.provider_id = p.id AND c.denied_at IS NULL AND c.mailbox = ANY((SELECT mailboxes_of($2))::text[]))
              AND NOT EXISTS (SELECT FROM provider_member m WHERE m.provider_id = p.id AND m.mailbox = ANY((SELECT mailboxes_of($2))::text[])) AS "namesActor",
            (SELECT name FROM local_authority WHERE code = $3) AS "actorsLaName",
            (SELECT count(*) FROM provider_change w WHERE w.provider_id = p.id AND w.answer IS NULL) AS "waitingChanges",
            (SELECT count(*) FROM listing l WHERE l.provider_id = p.id AND l.state = 'PUBLISHED') AS "publishedListings",
            (SELECT count(*) FROM listing l WHERE l.provider_id = p.id AND l.state = 'PUBLISHED' AND l.price_kind <> 'FREE') AS "pricedListings",
            (SELECT count(*) FROM listing l WHERE l.provider_id = p.id AND l.state = 'PUBLISHED' AND ${beyondArea('l', 'p')}) AS "listingsBeyondArea",
            (SELECT count(*) FROM counting_recommendation r WHERE r.provider_id = p.id) AS recommendations,
            ARRAY(SELECT c.kind FROM provider_check c WHERE c.provider_id = p.id AND NOT c.expired) AS "checksDone",
            ${interestInDeciding('$2::uuid', 'p.id')} AS interest
     FROM provider p LEFT JOIN local_authority la ON la.code = p.assuring_la
     WHERE p.id = ANY($1)`,
    [ids, actor.personId, actor.memberships.find((each) => each.role === 'LA_OFFICER')?.laCode ?? null, hasRole(actor, 'LA_OFFICER', 'SYSTEM_ADMIN')],
  );
  return rows.map(({ checksDone, ...row }) => ({
    ...row,
    missing: missingFrom(row),
    checksMissing: (Object.keys(checkKinds) as CheckKind[]).filter((kind) => !checksDone.includes(kind)),
  }));
}

/** What a check is of, where it is a text of the profile, as `missing` says it. */
export const checkedTexts = {
  SAFEGUARDING: 'your safeguarding statement',
  INSURANCE: null,
  INTERESTS: 'your interests (or that there are none)',
} satisfies Record<CheckKind, string | null>;

function missingFrom(row: Omit<FactsRow, 'checksDone'>): string[] {
  const needed: [boolean, string][] = [
    [row.summary !== '', 'a summary of what you do'],
    [row.contactName !== '', 'the name of a person to contact'],
    [Boolean(row.contactEmail || row.contactPhone), 'an e-mail address or a phone number'],
    [row.safeguarding !== '', checkedTexts.SAFEGUARDING],
    [row.interests !== null, checkedTexts.INTERESTS],
    [row.assuringLa !== null || row.assurance === 'NATIONAL', 'the local authority that is to check you'],
    [row.assurance !== 'NATIONAL' || Boolean(row.assuredBy && row.assuredLink), 'who assured it, with a link'],
  ];
  return needed.filter(([there]) => !there).map(([, what]) => what);
}

export function inWords(items: string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
