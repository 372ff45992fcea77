import type { RequestChanges } from '../../src/brokerage/requests/request.contents.js';
import type { Actor } from '../../src/platform/actor.js';
import type { Attempt } from './attempts.js';
import { theProvider } from './engagements.js';
import type { Situation, Way } from './situations.js';
import type { Stage } from './stage.js';

const literal = JSON.stringify;
const REASON = 'We have found somebody ourselves.';

interface Staged {
  request: string;
  /** Null while nobody is invited. */
  invitation: string | null;
  proposal: string | null;
  question: string | null;
}

const brokerage = (stage: Stage) => stage.server.app.brokerage;
const sql = <Row>(stage: Stage, text: string, parameters: unknown[]) => stage.server.app.db.query<Row>(text, parameters);
const versionOf = async (stage: Stage, table: 'request' | 'proposal', id: string) => (await sql<{ version: number }>(stage, `SELECT version FROM ${table} WHERE id = $1`, [id]))[0]!.version;

/** A draft that leaves nothing out. */
async function draft(stage: Stage, by: Actor, change: RequestChanges = {}, schoolUrn = stage.theSchool): Promise<Staged> {
  const request = await brokerage(stage).requests.draft(by, schoolUrn, {
    need: 'Our younger readers fall behind.',
    objectives: ['All read by the summer.'],
    categories: ['TEACHING_AND_LEARNING'],
    phases: ['PRIMARY'],
    wantedFrom: '2026-11-01',
    wantedTo: '2027-03-01',
    budgetPence: 200_000,
    triedInSchool: 'Paired reading.',
    triedInPartnership: 'A joint evening.',
    closesOn: '2026-10-31',
    listingIds: [(await theProvider(stage)).listing],
    ...change,
  });
  return { request, invitation: null, proposal: null, question: null };
}

async function opened(stage: Stage, change: RequestChanges = {}, by?: Actor): Promise<Staged> {
  const actor = by ?? (await stage.actor('lead'));
  const staged = await draft(stage, actor, change);
  await brokerage(stage).requests.act(staged.request, 'open', { actor });
  return staged;
}

/** The school of another lead, in which it takes part. */
async function withAnother(stage: Stage, { joined }: { joined: boolean }): Promise<Staged> {
  const [elsewhere] = await sql<{ urn: number }>(stage, 'SELECT school_urn AS urn FROM membership WHERE person_id = $1', [stage.asker('another lead').personId]);
  const staged = await opened(stage, { partnerUrns: [elsewhere!.urn] });
  if (joined) await brokerage(stage).requests.join(await stage.actor('another lead'), staged.request);
  return staged;
}

async function invited(stage: Stage, from: Promise<Staged>): Promise<Staged> {
  const staged = await from;
  const { id, listing } = await theProvider(stage);
  return { ...staged, invitation: await brokerage(stage).invitations.send(await stage.actor('lead'), { requestId: staged.request, providerId: id, listingId: listing }) };
}

/** With a question that is answered. */
async function asked(stage: Stage, from: Promise<Staged>, { answered } = { answered: true }): Promise<Staged> {
  const staged = await invited(stage, from);
  await brokerage(stage).invitations.ask(await stage.actor('admin'), staged.invitation!, 'How many pupils?');
  const [question] = await sql<{ id: string }>(stage, 'SELECT id FROM question WHERE request_id = $1', [staged.request]);
  if (answered) await brokerage(stage).invitations.answer(await stage.actor('lead'), question!.id, 'Six.');
  return { ...staged, question: question!.id };
}

async function proposed(stage: Stage, from: Promise<Staged>): Promise<Staged> {
  const staged = await asked(stage, from);
  const proposal = await brokerage(stage).proposals.submit(await stage.actor('admin'), staged.invitation!, {
    summary: 'A coach, six mornings.',
    outcome: 'Reading is taught alike.',
    whoComes: 'Ada Example.',
    startsOn: '2026-11-02',
    endsOn: '2027-02-01',
    pricePence: 90_000,
    vat: 'ADDED',
    travelPence: 4_000,
  });
  return { ...staged, proposal };
}

async function read(stage: Stage, from: Promise<Staged>): Promise<Staged> {
  const staged = await proposed(stage, from);
  await brokerage(stage).requests.act(staged.request, 'read', { actor: await stage.actor('lead') });
  return staged;
}

async function chosen(stage: Stage, from: Promise<Staged>): Promise<Staged> {
  const staged = await read(stage, from);
  await brokerage(stage).choices.choose(await stage.actor('lead'), {
    proposalId: staged.proposal!,
    version: 1,
    reasons: 'It fits.',
    interests: 'None.',
    approverName: 'Cy Chair',
    approverRole: 'Chair of governors',
    fewerQuotesReason: 'Nobody else could come.',
  });
  return staged;
}

async function ended(stage: Stage, from: Promise<Staged>): Promise<Staged> {
  const staged = await from;
  await brokerage(stage).requests.act(staged.request, 'withdraw', { actor: await stage.actor('lead'), reason: REASON });
  return staged;
}

async function ofSip(stage: Stage, { submitted }: { submitted: boolean }): Promise<Staged> {
  const sip = await stage.actor('sip');
  const staged = await draft(stage, sip);
  if (submitted) await brokerage(stage).requests.act(staged.request, 'submit', { actor: sip });
  return staged;
}

async function declined(stage: Stage, from: Promise<Staged>): Promise<Staged> {
  const staged = await asked(stage, from);
  await brokerage(stage).invitations.act(staged.invitation!, 'decline', { actor: await stage.actor('admin'), reason: 'We are full.' });
  return staged;
}

const CONFIDENTIAL = { confidential: true };
const SHARED = { sharedWithSip: true };

const requestWays = ({ request, invitation }: Staged): Way[] => [
  [`supportRequest(id: ${literal(request)})`],
  ['mySupportRequests(first: 100)', 'nodes'],
  ...(invitation ? [[`proposalInvitation(id: ${literal(invitation)})`, 'request']] : []),
];
const invitationWays = ({ request, invitation }: Staged): Way[] => [
  [`proposalInvitation(id: ${literal(invitation)})`],
  [`supportRequest(id: ${literal(request)})`, 'invitations'],
  ['myInvitations(first: 100)', 'nodes'],
];
const proposalWays = ({ request, invitation, proposal }: Staged): { plain: Way[]; ofRequest: Way } => ({
  plain: [[`proposal(id: ${literal(proposal)})`], [`proposalInvitation(id: ${literal(invitation)})`, 'proposal']],
  ofRequest: [`supportRequest(id: ${literal(request)})`, 'proposals'],
});

type Build = (stage: Stage) => Promise<Staged>;
const asRequest = (build: Build) => async (stage: Stage): Promise<Situation> => {
  const staged = await build(stage);
  return { key: staged.request, ways: requestWays(staged) };
};
const asInvitation = (build: Build) => async (stage: Stage): Promise<Situation> => {
  const staged = await build(stage);
  return { key: staged.invitation, ways: invitationWays(staged) };
};
const asProposal = (build: Build, isRead = true) => async (stage: Stage): Promise<Situation> => {
  const staged = await build(stage);
  const { plain, ofRequest } = proposalWays(staged);
  return isRead ? { key: staged.proposal, ways: [...plain, ofRequest] } : { key: staged.proposal, ways: plain, barred: [ofRequest] };
};

export const requestSituations: Record<string, Record<string, (stage: Stage) => Promise<Situation>>> = {
  SupportRequest: {
    DRAFT: asRequest(async (stage) => draft(stage, await stage.actor('lead'))),
    'DRAFT of the SIP': asRequest((stage) => ofSip(stage, { submitted: false })),
    AWAITING_SCHOOL: asRequest((stage) => ofSip(stage, { submitted: true })),
    OPEN: asRequest((stage) => asked(stage, opened(stage))),
    'OPEN, shared with the SIP': asRequest((stage) => read(stage, opened(stage, SHARED))),
    'OPEN, for another lead and the staff': asRequest(async (stage) =>
      opened(stage, { allLeads: false, personIds: [stage.asker('staff').personId] }, await stage.world.lead(stage.theSchool)),
    ),
    'OPEN, with another school': asRequest((stage) => read(stage, withAnother(stage, { joined: true }))),
    'AGREED, shared with the SIP': asRequest((stage) => chosen(stage, opened(stage, SHARED))),
    'WITHDRAWN, shared with the SIP': asRequest((stage) => ended(stage, opened(stage, SHARED))),
  },
  ProposalInvitation: {
    SENT: asInvitation((stage) => invited(stage, opened(stage))),
    'SENT, with another school': asInvitation((stage) => invited(stage, withAnother(stage, { joined: true }))),
    'OPENED, confidential': asInvitation((stage) => asked(stage, opened(stage, CONFIDENTIAL))),
    'DECLINED, shared with the SIP': asInvitation((stage) => declined(stage, opened(stage, SHARED))),
    RESPONDED: asInvitation((stage) => proposed(stage, opened(stage))),
    'RESPONDED, read': asInvitation((stage) => read(stage, opened(stage))),
    'RESPONDED, confidential and chosen': asInvitation((stage) => chosen(stage, opened(stage, CONFIDENTIAL))),
  },
  Proposal: {
    SUBMITTED: asProposal((stage) => proposed(stage, opened(stage)), false),
    'SUBMITTED, read': asProposal((stage) => read(stage, opened(stage, SHARED))),
    'SUBMITTED, read, with another school': asProposal((stage) => read(stage, withAnother(stage, { joined: true }))),
    'WITHDRAWN after it was read': asProposal(async (stage) => {
      const staged = await read(stage, opened(stage));
      await brokerage(stage).proposals.withdraw(await stage.actor('admin'), staged.proposal!);
      return staged;
    }, false),
    CHOSEN: asProposal((stage) => chosen(stage, opened(stage))),
  },
};

export const requestQueries: Record<string, (stage: Stage) => Promise<string>> = {
  supportRequest: async (stage) => `supportRequest(id: ${literal((await opened(stage)).request)})`,
  mySupportRequests: async (stage) => {
    await opened(stage);
    return 'mySupportRequests(first: 100)';
  },
  requestsToJoin: async (stage) => {
    await withAnother(stage, { joined: false });
    return 'requestsToJoin(first: 100)';
  },
  proposalInvitation: async (stage) => `proposalInvitation(id: ${literal((await invited(stage, opened(stage))).invitation)})`,
  myInvitations: async (stage) => {
    await invited(stage, opened(stage));
    return 'myInvitations(first: 100)';
  },
  proposal: async (stage) => `proposal(id: ${literal((await proposed(stage, opened(stage))).proposal)})`,
  purchaseLimits: async (stage) => {
    await brokerage(stage).limits.set(await stage.actor('officer'), { laCode: stage.la }, [{ overPence: 5_000_000, quotes: 3, governorsApproval: true }]);
    return `purchaseLimits(laCode: ${literal(stage.la)})`;
  },
};

const on = (build: Build, args: (staged: Staged, stage: Stage) => object | Promise<object>): Attempt => ({
  args: async (stage) => {
    const staged = await build(stage);
    return { ...(await args(staged, stage)) };
  },
});
const id = ({ request }: Staged) => ({ id: request });
const withVersion = async ({ request }: Staged, stage: Stage) => ({ id: request, version: await versionOf(stage, 'request', request) });
const ofInvitation = ({ invitation }: Staged) => ({ id: invitation });
const LIMITS = [{ overPence: 5_000_000, quotes: 2, governorsApproval: false }];

const ownDraft: Build = async (stage) => draft(stage, await stage.actor('lead'));
const sipsDraft: Build = (stage) => ofSip(stage, { submitted: false });
const awaitingSchool: Build = (stage) => ofSip(stage, { submitted: true });
const open: Build = (stage) => opened(stage);
const sent: Build = (stage) => invited(stage, opened(stage));
const submitted: Build = (stage) => proposed(stage, opened(stage));

export const requestAttempts: Record<string, Record<string, Attempt>> = {
  draftSupportRequest: { 'for the school': { args: async (stage) => ({ schoolUrn: stage.theSchool, input: { need: 'Reading.' } }) } },
  updateSupportRequest: {
    DRAFT: on(ownDraft, async (staged, stage) => ({ ...(await withVersion(staged, stage)), input: { need: 'Writing.' } })),
    'DRAFT of the SIP': on(sipsDraft, async (staged, stage) => ({ ...(await withVersion(staged, stage)), input: { need: 'Writing.' } })),
    AWAITING_SCHOOL: on(awaitingSchool, async (staged, stage) => ({ ...(await withVersion(staged, stage)), input: { need: 'Writing.' } })),
  },
  submitSupportRequest: { 'DRAFT of the SIP': on(sipsDraft, withVersion) },
  openSupportRequest: { DRAFT: on(ownDraft, withVersion), AWAITING_SCHOOL: on(awaitingSchool, withVersion) },
  setSupportRequestPeople: { OPEN: on(open, async (staged, stage) => ({ ...(await withVersion(staged, stage)), allLeads: true, personIds: [] })) },
  shareSupportRequest: { OPEN: on(open, (staged) => ({ ...id(staged), shared: true })) },
  revealSchool: { 'OPEN, confidential': on((stage) => opened(stage, CONFIDENTIAL), id) },
  extendSupportRequest: { OPEN: on(open, (staged) => ({ ...id(staged), closesOn: '2026-12-01' })) },
  joinSupportRequest: { 'OPEN, another school is asked': on((stage) => withAnother(stage, { joined: false }), id) },
  readProposals: { 'OPEN, with a proposal': on(submitted, id) },
  reopenRound: { 'OPEN, read': on((stage) => read(stage, opened(stage)), (staged) => ({ ...id(staged), closesOn: '2026-12-01' })) },
  answerQuestion: { OPEN: on((stage) => asked(stage, opened(stage), { answered: false }), ({ question }) => ({ id: question, text: 'Six.' })) },
  closeSupportRequest: { OPEN: on(open, (staged) => ({ ...id(staged), reason: REASON })) },
  withdrawSupportRequest: { DRAFT: on(ownDraft, id), 'DRAFT of the SIP': on(sipsDraft, id), AWAITING_SCHOOL: on(awaitingSchool, id), 'OPEN, shared with the SIP': on((stage) => opened(stage, SHARED), id) },
  inviteProvider: { 'request OPEN': on(open, async ({ request }, stage) => ({ requestId: request, providerId: (await theProvider(stage)).id })) },
  openInvitation: { SENT: on(sent, ofInvitation) },
  declineInvitation: { SENT: on(sent, ofInvitation) },
  askQuestion: { SENT: on(sent, ({ invitation }) => ({ invitationId: invitation, text: 'How many pupils?' })) },
  submitProposal: { 'invitation SENT': on(sent, ({ invitation }) => ({ invitationId: invitation, input: { summary: 'A coach.', pricePence: 100, vat: 'ADDED' } })) },
  reviseProposal: { SUBMITTED: on(submitted, ({ proposal }) => ({ id: proposal, version: 1, input: { pricePence: 200 } })) },
  withdrawProposal: { SUBMITTED: on(submitted, ({ proposal }) => ({ id: proposal })) },
  chooseProposal: {
    SUBMITTED: on(submitted, ({ proposal }) => ({ input: { proposalId: proposal, version: 1, reasons: 'It fits.' } })),
    'SUBMITTED, read': on((stage) => read(stage, opened(stage)), ({ proposal }) => ({ input: { proposalId: proposal, version: 1, reasons: 'It fits.' } })),
  },
  setPurchaseLimits: {
    'of the local authority': { args: async (stage) => ({ laCode: stage.la, limits: LIMITS }) },
    'of the trust': { args: async (stage) => ({ trustId: stage.trust, limits: LIMITS }) },
  },
};
