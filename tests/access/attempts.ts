import { likeOneSuspended } from './judgements.js';
import { newId } from '../../src/platform/id.js';
import { engagementAttempts } from './engagements.js';
import { importAttempts } from './imports.js';
import { jobAttempts } from './jobs.js';
import { nominationAttempts } from './nominations.js';
import { noticeAttempts } from './notices.js';
import { outcomeAttempts } from './outcomes.js';
import type { Asker } from './people.js';
import { referralAttempts } from './referrals.js';
import { requestAttempts } from './requests.js';
import { partnershipAttempts } from './partnerships.js';
import { rulingAttempts } from './rulings.js';
import type { Stage } from './stage.js';

export interface Attempt {
  /** The arguments of the mutation, on an object that nothing was done to yet. */
  args(stage: Stage, asker: Asker): Promise<Record<string, unknown>>;
  /** Takes back what would make the asker somebody else in the rows that follow. */
  undo?(stage: Stage, asker: Asker): Promise<void>;
  /** Code of the problem that whoever may do it meets, for what was typed. */
  meets?: string;
  /** Sent with a session of its own, which it ends. */
  endsSession?: boolean;
}

const on = (args: Attempt['args']): Attempt => ({ args });
const REASON = 'A parent asked us to look into it.';

const provider = (state: string, more: object = {}) => on(async (stage) => ({ id: (await stage.provider(state)).id, ...more }));
const listing = (state: 'DRAFT' | 'PUBLISHED', more: object = {}) =>
  on(async (stage) => ({ id: state === 'DRAFT' ? (await stage.draftListing()).id : (await stage.provider('LISTED')).listing, ...more }));
const recommendation = (state: string, providerState?: string) => on(async (stage) => ({ id: (await stage.recommendation(state, providerState)).id }));
const judgement = (state: string) => on(async (stage) => ({ id: (await stage.recommendation(state)).id, reason: REASON }));

const grant = (scope: (stage: Stage) => object | Promise<object>) =>
  on(async (stage) => ({ input: { email: `${newId()}@example.org`, title: '', ...(await scope(stage)) } }));

const register = (input: (stage: Stage) => object | Promise<object>): Attempt => ({
  args: async (stage) => ({ input: { name: 'Help for schools', ...(await input(stage)) } }),
  undo: (stage, { personId }) => stage.endLastRole(personId), // or the person stays an administrator
});

const update = (state: string) =>
  on(async (stage) => {
    const { id } = await stage.provider(state);
    return { id, version: await stage.versionOf('provider', id), input: { summary: 'Helps schools teach writing.' } };
  });

const updateListing = (state: 'DRAFT' | 'PUBLISHED') =>
  on(async (stage) => {
    const id = state === 'DRAFT' ? (await stage.draftListing()).id : (await stage.provider('LISTED')).listing;
    return { id, version: await stage.versionOf('listing', id), input: { summary: 'Two days a week in school.' } };
  });

/** A draft whose people are those of suspended ones, as all are here, which an officer has accepted. */
const acceptedAgain = (state: string) =>
  on(async (stage) => {
    const { id } = await stage.provider(state);
    await stage.server.app.db.query(
      `INSERT INTO suspended_before (provider_id, earlier_id, alike, found_at, accepted_at) SELECT $1, id, '{PEOPLE}', $2, $2 FROM provider WHERE suspended_at IS NOT NULL`,
      [id, stage.server.clock.now()],
    );
    return { id };
  });

const create = (state: string) => on(async (stage) => ({ providerId: (await stage.provider(state)).id, input: { title: 'Writing support' } }));
const invite = (state: string) => on(async (stage) => ({ input: { providerId: (await stage.provider(state)).id, schoolUrn: await stage.world.school() } }));
const give = (state: string) => on(async (stage) => ({ input: stage.world.recommendation(await stage.provider(state), stage.theSchool) }));

/** How each mutation of the matrix is tried, by mutation and what it is tried on. */
export const attempts: Record<string, Record<string, Attempt>> = {
  sendSignInCode: {
    'their address': on(async (_stage, { email }) => ({ email })),
    'what is no address': { args: async () => ({ email: 'nobody' }), meets: 'VALIDATION' },
  },
  signIn: { 'their address': { args: async (stage, { email }) => ({ email, code: await stage.codeFor(email) }), endsSession: true } },
  signOut: { 'their session': { args: async () => ({ everywhere: false }), endsSession: true } },
  changeMyName: { themselves: on(async (_stage, { who }) => ({ name: who })) },
  requestEmailChange: { 'to an address of theirs': on(async () => ({ email: `${newId()}@example.org` })) },
  confirmEmailChange: { 'with codes that are wrong': { args: async () => ({ oldCode: 'none', newCode: 'none' }), meets: 'CODE_NOT_ACCEPTED' } },
  requestMembership: { 'a school': on(async (stage) => ({ schoolUrn: await stage.world.school(), role: 'SCHOOL_STAFF', title: 'Teacher' })) },
  grantMembership: {
    'SCHOOL_LEAD of the school': grant((stage) => ({ role: 'SCHOOL_LEAD', schoolUrn: stage.theSchool })),
    'SCHOOL_STAFF of the school': grant((stage) => ({ role: 'SCHOOL_STAFF', schoolUrn: stage.theSchool })),
    'TRUST_LEAD of the trust': grant((stage) => ({ role: 'TRUST_LEAD', trustId: stage.trust })),
    'SIP of the local authority': grant((stage) => ({ role: 'SIP', laCode: stage.la })),
    'LA_OFFICER of the local authority': grant((stage) => ({ role: 'LA_OFFICER', laCode: stage.la })),
    'PROVIDER_ADMIN of the provider, LISTED': grant(async (stage) => ({ role: 'PROVIDER_ADMIN', providerId: (await stage.provider('LISTED')).id })),
    'PROVIDER_ADMIN of a provider that has none': grant(async (stage) => ({ role: 'PROVIDER_ADMIN', providerId: await stage.providerOfNobody() })),
    'PROVIDER_EDITOR of the provider, DRAFT': grant(async (stage) => ({ role: 'PROVIDER_EDITOR', providerId: (await stage.provider('DRAFT')).id })),
    SYSTEM_ADMIN: grant(() => ({ role: 'SYSTEM_ADMIN' })),
  },
  acceptMembership: {
    'offered to them': { args: async (stage, { personId }) => ({ id: await stage.offer(personId) }), undo: (stage, { personId }) => stage.endLastRole(personId) },
    'offered to another person': on(async (stage) => ({ id: await stage.offer((await stage.world.person()).personId) })),
  },
  declineMembership: {
    'offered to them': on(async (stage, { personId }) => ({ id: await stage.offer(personId) })),
    'offered to another person': on(async (stage) => ({ id: await stage.offer((await stage.world.person()).personId) })),
  },
  confirmMembership: { 'SCHOOL_LEAD of the school, waiting': on(async (stage) => ({ id: await stage.waitingLead() })) },
  endMembership: {
    'their own': on(async (stage, { personId }) => {
      await stage.world.give(personId, 'SCHOOL_STAFF', { schoolUrn: await stage.world.school() });
      return { id: await stage.membershipOf(personId) };
    }),
    'SCHOOL_STAFF of the school': on(async (stage) => ({ id: await stage.roleOf('SCHOOL_STAFF', { schoolUrn: stage.theSchool }) })),
    'PROVIDER_EDITOR of the provider': on(async (stage) => {
      const { id: providerId } = await stage.provider('LISTED');
      return { id: await stage.roleOf('PROVIDER_EDITOR', { providerId }) };
    }),
    'LA_OFFICER of the local authority': on(async (stage) => ({ id: await stage.roleOf('LA_OFFICER', { laCode: stage.la }) })),
    'SCHOOL_LEAD, the only one of a school': { args: async (stage) => ({ id: await stage.roleOf('SCHOOL_LEAD', { schoolUrn: await stage.world.school() }) }), meets: 'LEAVES_WITHOUT' },
  },
  assignSip: { 'the school': on(async (stage) => ({ personId: stage.theSip, schoolUrn: await stage.world.school() })) },
  endSipAssignment: { 'of the school': on(async (stage) => ({ id: await stage.assignment() })) },
  registerProvider: {
    'a company': register(() => ({ kind: 'COMPANY' })),
    'the school': register(async (stage) => ({ kind: 'SCHOOL', schoolUrn: await stage.school({ trust: stage.trust }) })),
    'a free service of the council': register((stage) => ({ kind: 'COUNCIL_SERVICE', assurance: 'COUNCIL', assuringLa: stage.la })),
    'a national programme': register(() => ({ kind: 'NATIONAL_PROGRAMME', assurance: 'NATIONAL' })),
  },
  updateProvider: { DRAFT: update('DRAFT'), LISTED: update('LISTED') },
  completeProvider: { DRAFT: provider('DRAFT') },
  publishCouncilService: { 'DRAFT of the council': acceptedAgain('DRAFT of the council') },
  publishNationalProgramme: { 'DRAFT of a national programme': acceptedAgain('DRAFT of a national programme') },
  withdrawProvider: { DRAFT: provider('DRAFT'), LISTED: provider('LISTED') },
  suspendProvider: { LISTED: provider('LISTED', { reason: REASON }) },
  reinstateProvider: { SUSPENDED: provider('SUSPENDED', { reason: REASON }) },
  confirmProviderName: {
    'AWAITING_RECOMMENDATIONS, named like an LA': on(async (stage) => {
      const { id } = await stage.provider('AWAITING_RECOMMENDATIONS');
      await stage.server.app.db.query(`UPDATE provider SET name = 'Shire 990 Council', alike_names = '{Shire 990}' WHERE id = $1`, [id]);
      return { id };
    }),
  },
  confirmProviderReturn: {
    'AWAITING_RECOMMENDATIONS, like a suspended': on(async (stage) => {
      const { id } = await stage.provider('AWAITING_RECOMMENDATIONS');
      await likeOneSuspended(stage, id, false);
      return { id, reason: REASON };
    }),
  },
  recordProviderCheck: {
    DRAFT: provider('DRAFT', { kind: 'INSURANCE', expiresOn: '2035-12-31' }),
    AWAITING_RECOMMENDATIONS: provider('AWAITING_RECOMMENDATIONS', { kind: 'INSURANCE', expiresOn: '2035-12-31' }),
  },
  confirmProviderChanges: { LISTED: provider('LISTED') },
  refuseProviderChanges: { LISTED: provider('LISTED', { reason: REASON }) },
  denyContact: {
    'LISTED, names them': on(async (stage, { email }) => ({ id: await stage.naming(email || 'nobody@example.org') })),
    'LISTED, names another': on(async (stage) => ({ id: await stage.naming('somebody-else@example.org') })),
  },
  affirmRecommendation: {
    'GIVEN, changed since': on(async (stage) => {
      const { id } = await stage.recommendation('GIVEN, changed since');
      return { id, version: await stage.versionOf('recommendation', id) };
    }),
  },
  createListing: { 'provider DRAFT': create('DRAFT'), 'provider LISTED': create('LISTED') },
  updateListing: { DRAFT: updateListing('DRAFT'), PUBLISHED: updateListing('PUBLISHED') },
  publishListing: { DRAFT: listing('DRAFT') },
  unpublishListing: { PUBLISHED: listing('PUBLISHED') },
  removeListing: { DRAFT: listing('DRAFT'), PUBLISHED: listing('PUBLISHED') },
  inviteRecommendation: { 'provider AWAITING_RECOMMENDATIONS': invite('AWAITING_RECOMMENDATIONS'), 'provider LISTED': invite('LISTED') },
  giveRecommendation: {
    'provider AWAITING_RECOMMENDATIONS': give('AWAITING_RECOMMENDATIONS'),
    'provider DRAFT': give('DRAFT'),
    'provider SUSPENDED': give('SUSPENDED'),
  },
  declineRecommendation: { INVITED: recommendation('INVITED', 'AWAITING_RECOMMENDATIONS') },
  withdrawRecommendation: {
    GIVEN: recommendation('GIVEN'),
    'GIVEN, provider AWAITING_RECOMMENDATIONS': recommendation('GIVEN, provider AWAITING_RECOMMENDATIONS', 'AWAITING_RECOMMENDATIONS'),
  },
  confirmIndependence: { 'GIVEN, not confirmed as independent': recommendation('GIVEN, not confirmed as independent') },
  flagRecommendation: { GIVEN: judgement('GIVEN') },
  upholdRecommendation: { FLAGGED: judgement('FLAGGED') },
  rejectRecommendation: { FLAGGED: judgement('FLAGGED') },
  ...engagementAttempts,
  ...requestAttempts,
  ...referralAttempts,
  ...outcomeAttempts,
  ...noticeAttempts,
  ...jobAttempts,
  ...importAttempts,
  ...rulingAttempts,
  ...partnershipAttempts,
  ...nominationAttempts,
};
