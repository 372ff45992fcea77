import type { Recording } from '../../src/brokerage/engagements/engagement.recording.js';
import type { Attempt } from './attempts.js';
import type { Asker } from './people.js';
import type { Situation, Way } from './situations.js';
import type { Stage, StagedProvider } from './stage.js';

const literal = JSON.stringify;
const REASON = 'The coach is ill.';

interface Staged {
  id: string;
  urn: number;
  provider: StagedProvider;
}

const providers = new WeakMap<Stage, Promise<StagedProvider>>();

/** One listed provider, whose people are the people of the matrix, is in all engagements. */
export function theProvider(stage: Stage): Promise<StagedProvider> {
  const known = providers.get(stage) ?? stage.provider('LISTED');
  providers.set(stage, known);
  return known;
}

const parts = (stage: Stage) => stage.server.app.brokerage;
const sql = <Row>(stage: Stage, text: string, parameters: unknown[]) => stage.server.app.db.query<Row>(text, parameters);
const versionOf = async (stage: Stage, id: string) => (await sql<{ version: number }>(stage, 'SELECT version FROM engagement WHERE id = $1', [id]))[0]!.version;

async function recorded(stage: Stage, change: Partial<Recording> = {}, who?: { personId: string | null }): Promise<Staged> {
  const provider = await theProvider(stage);
  const urn = change.schoolUrn ?? stage.theSchool;
  const actor = who ? await stage.world.refresh(who as never) : await stage.actor('lead');
  const id = await parts(stage).recordings.record(actor, { ...stage.world.recording(provider.listing, urn), ...change });
  return { id, urn, provider };
}

async function awaiting(stage: Stage): Promise<Staged> {
  const urn = await stage.school();
  await parts(stage).signOffs.setPlan(await stage.actor('lead'), urn, true);
  return recorded(stage, { schoolUrn: urn });
}

async function withoutSip(stage: Stage): Promise<Staged> {
  const staged = await awaiting(stage);
  await sql(stage, 'UPDATE sip_assignment SET ended_at = $2 WHERE school_urn = $1', [staged.urn, stage.server.clock.now()]);
  const officer = await stage.actor('officer');
  await parts(stage).signOffs.setStandIn(officer, stage.la, officer.personId);
  return staged;
}

async function inProgress(stage: Stage): Promise<Staged> {
  const objective = { text: 'Reading is taught alike.', baseline: 'Two classes of six.', target: 'All six.', category: 'TEACHING_AND_LEARNING' as const, phase: 'PRIMARY' as const };
  const staged = await recorded(stage, { sharedWithSip: true, pupilsConcerned: true, objective });
  const { id } = staged;
  const [lead, admin] = [await stage.actor('lead'), await stage.actor('admin')];
  const { engagements, actions, evidence, reviews, concerns } = parts(stage);
  await engagements.act(id, 'confirm', { actor: admin });
  await engagements.setVisitors(admin, id, await versionOf(stage, id), [{ name: 'Ada Example', role: 'Coach' }]);
  await engagements.confirmSafeguarding(admin, id, await versionOf(stage, id), 'She is checked.');
  await engagements.act(id, 'start', { actor: lead });
  await actions.add(lead, id, { what: 'Buy books', owner: 'SCHOOL', ownerName: 'Business manager', dueOn: '2026-10-01' });
  await actions.complete(lead, await partOf(stage, 'engagement_action', id));
  await evidence.want(lead, id, { wanted: 'Reading ages', dueOn: '2026-12-01' });
  await evidence.give(lead, await partOf(stage, 'engagement_evidence', id), { given: 'Up by seven months.', link: 'https://example.org/ages' });
  await reviews.setDates(lead, id, await versionOf(stage, id), ['2026-11-01']);
  await reviews.add(lead, id, { heldOn: '2026-09-01', rag: 'AMBER', words: 'Half way.', figures: [{ what: 'Months', value: 7, pupils: 28 }] });
  await concerns.raise(lead, id, 'No room was free.');
  return staged;
}

async function partOf(stage: Stage, table: 'engagement_action' | 'engagement_evidence' | 'engagement_change', engagementId: string): Promise<string> {
  return (await sql<{ id: string }>(stage, `SELECT id FROM ${table} WHERE engagement_id = $1`, [engagementId]))[0]!.id;
}

async function freeListing(stage: Stage): Promise<string> {
  const { id, admin } = await theProvider(stage);
  const { listings } = stage.server.app.directory;
  const listing = await listings.create(admin, id, {
    title: 'Reading at home',
    summary: 'A booklet.',
    categories: ['TEACHING_AND_LEARNING'],
    phases: ['PRIMARY'],
    delivery: ['ONLINE'],
    national: true,
    price: { kind: 'FREE', link: 'https://example.org/reading' },
  });
  await listings.act(listing, 'publish', { actor: admin });
  return listing;
}

/** An engagement of the school, in the words of the matrix. */
const staged: Record<string, (stage: Stage) => Promise<Staged>> = {
  AWAITING_SIGN_OFF: awaiting,
  'AWAITING_SIGN_OFF, the school has no SIP': withoutSip,
  AGREED: (stage) => recorded(stage),
  'AGREED, shared with the SIP': (stage) => recorded(stage, { sharedWithSip: true }),
  'AGREED, for another lead and the staff': async (stage) =>
    recorded(stage, { allLeads: false, personIds: [stage.asker('staff').personId] }, await stage.world.lead(stage.theSchool)),
  'AGREED, with another school': async (stage) => {
    const it = await recorded(stage);
    await sql(stage, `INSERT INTO engagement_school (engagement_id, school_urn) SELECT $1, school_urn FROM membership WHERE person_id = $2`, [it.id, stage.asker('another lead').personId]);
    return it;
  },
  'AGREED, sent back before it was signed off': async (stage) => {
    const it = await awaiting(stage);
    const sip = await stage.actor('sip');
    await parts(stage).engagements.act(it.id, 'sendBack', { actor: sip, reason: 'It does not fit the plan yet.' });
    await parts(stage).engagements.act(it.id, 'signOff', { actor: sip });
    return it;
  },
  IN_PROGRESS: inProgress,
  COMPLETED: async (stage) => {
    const it = await inProgress(stage);
    await parts(stage).engagements.act(it.id, 'complete', { actor: await stage.actor('lead') });
    return it;
  },
  ENDED_EARLY: async (stage) => {
    const it = await recorded(stage);
    await parts(stage).engagements.act(it.id, 'endEarly', { actor: await stage.actor('lead'), reason: REASON });
    return it;
  },
  'COMPLETED, a free resource': async (stage) => {
    const listingId = await freeListing(stage);
    const id = await parts(stage).recordings.use(await stage.actor('lead'), { listingId, schoolUrn: stage.theSchool, usedOn: '2026-09-01' });
    return { id, urn: stage.theSchool, provider: await theProvider(stage) };
  },
};

async function concern(stage: Stage, state: string): Promise<Staged & { concern: string }> {
  const it = await recorded(stage);
  const { concerns } = parts(stage);
  const lead = await stage.actor('lead');
  const id = await concerns.raise(lead, it.id, 'Nobody came on Monday.');
  if (state === 'RAISED') return { ...it, concern: id };
  await concerns.answer(await stage.actor('admin'), id, 'The trains did not run.');
  await concerns.passOn(lead, id, 'Please look into it.');
  if (state === 'RESOLVED') await concerns.resolve(await stage.actor('officer'), id, 'They come on Tuesdays now.');
  return { ...it, concern: id };
}

const MINE: Way = ['myEngagements(first: 100)', 'nodes'];
const PASSED_ON: Way = ['concernsPassedOn(first: 100)', 'nodes'];

export const engagementSituations: Record<string, Record<string, (stage: Stage) => Promise<Situation>>> = {
  Engagement: Object.fromEntries(
    Object.entries(staged).map(([state, build]) => [
      state,
      async (stage: Stage) => {
        const { id, urn } = await build(stage);
        return { key: id, ways: [[`engagement(id: ${literal(id)})`], MINE, [`myEngagements(first: 100, filter: { schoolUrn: ${urn} })`, 'nodes']] };
      },
    ]),
  ),
  Concern: Object.fromEntries(
    ['RAISED', 'PASSED_ON', 'RESOLVED'].map((state) => [
      state,
      async (stage: Stage) => {
        const { id, concern: key } = await concern(stage, state);
        const ways = [[`concern(id: ${literal(key)})`], [`engagement(id: ${literal(id)})`, 'concerns']];
        return state === 'RAISED' ? { key, ways, barred: [PASSED_ON] } : { key, ways: [...ways, PASSED_ON] };
      },
    ]),
  ),
};

export const engagementQueries: Record<string, (stage: Stage) => Promise<string>> = {
  engagement: async (stage) => `engagement(id: ${literal((await staged['AGREED']!(stage)).id)})`,
  myEngagements: async () => 'myEngagements(first: 100)',
  concern: async (stage) => `concern(id: ${literal((await concern(stage, 'RAISED')).concern)})`,
  concernsPassedOn: async (stage) => {
    await concern(stage, 'PASSED_ON');
    return 'concernsPassedOn(first: 100)';
  },
  signOffPlan: async (stage) => {
    await parts(stage).signOffs.setPlan(await stage.actor('lead'), stage.theSchool, false);
    return `signOffPlan(schoolUrn: ${stage.theSchool})`;
  },
  signOffStandIn: async (stage) => {
    await parts(stage).signOffs.setStandIn(await stage.actor('officer'), stage.la, stage.theSip);
    return `signOffStandIn(laCode: ${literal(stage.la)})`;
  },
};

const on = (args: (stage: Stage, asker: Asker) => Promise<Record<string, unknown>>): Attempt => ({ args });

/** A mutation of an engagement in this state, with more arguments than its id. */
const step = (state: string, more: object = {}): Record<string, Attempt> => ({ [state]: on(async (stage) => ({ id: (await staged[state]!(stage)).id, ...more })) });

/** The same, with its version. */
const change = (state: string, more: object): Record<string, Attempt> => ({
  [state]: on(async (stage) => {
    const { id } = await staged[state]!(stage);
    return { id, version: await versionOf(stage, id), ...more };
  }),
});

const ofConcern = (state: string, more: object): Record<string, Attempt> => ({ [state]: on(async (stage) => ({ id: (await concern(stage, state)).concern, ...more })) });

/** A change that the asker's side of the engagement has proposed, or the other one. */
const ofChange = (whose: 'the other side proposes' | 'the own side proposes'): Record<string, Attempt> => ({
  [`AGREED, ${whose}`]: on(async (stage, asker) => {
    const { id } = await recorded(stage);
    const isSchools = !['admin', 'editor', 'both'].includes(asker.who);
    const proposer = await stage.actor((whose === 'the own side proposes') === isSchools ? 'lead' : 'admin');
    await parts(stage).changes.propose(proposer, id, await versionOf(stage, id), { pricePence: 40_000 });
    return { id: await partOf(stage, 'engagement_change', id) };
  }),
});

export const engagementAttempts: Record<string, Record<string, Attempt>> = {
  recordEngagement: {
    'a listing, for the school': on(async (stage) => ({ input: stage.world.recording((await theProvider(stage)).listing, stage.theSchool) })),
  },
  recordFreeResource: {
    'a free listing, for the school': on(async (stage) => ({ input: { listingId: await freeListing(stage), schoolUrn: stage.theSchool, usedOn: '2026-09-01' } })),
  },
  signOffEngagement: { ...step('AWAITING_SIGN_OFF'), ...step('AWAITING_SIGN_OFF, the school has no SIP') },
  sendEngagementBack: step('AWAITING_SIGN_OFF', { reason: REASON }),
  confirmEngagement: step('AGREED'),
  disownEngagement: step('AGREED', { reason: REASON }),
  startEngagement: {
    'AGREED, confirmed': on(async (stage) => {
      const { id } = await recorded(stage);
      await parts(stage).engagements.act(id, 'confirm', { actor: await stage.actor('admin') });
      return { id };
    }),
  },
  completeEngagement: step('IN_PROGRESS'),
  takeBackCompletion: step('COMPLETED'),
  proposeEngagementChange: change('AGREED', { input: { pricePence: 40_000 } }),
  acceptEngagementChange: ofChange('the other side proposes'),
  declineEngagementChange: ofChange('the other side proposes'),
  withdrawEngagementChange: ofChange('the own side proposes'),
  endEngagementEarly: step('AGREED', { reason: REASON }),
  shareWithSip: step('AGREED', { shared: true }),
  setObjectives: change('AGREED', { objectives: [{ text: 'Another one.' }] }),
  setPupilsConcerned: change('AGREED', { concerned: true }),
  setEngagementPeople: change('AGREED', { allLeads: true, personIds: [] }),
  setVisitors: change('AGREED', { visitors: [{ name: 'Ada Example' }] }),
  confirmSafeguarding: change('IN_PROGRESS', { statement: 'She is checked.' }),
  addAction: step('AGREED', { input: { what: 'Buy books', owner: 'SCHOOL' } }),
  completeAction: {
    'of the school, shared with the SIP': on(async (stage) => {
      const { id } = await recorded(stage, { sharedWithSip: true });
      await parts(stage).actions.add(await stage.actor('lead'), id, { what: 'Buy books', owner: 'SCHOOL' });
      return { actionId: await partOf(stage, 'engagement_action', id) };
    }),
  },
  addEvidence: step('AGREED', { input: { wanted: 'Reading ages' } }),
  giveEvidence: {
    'asked for': on(async (stage) => {
      const { id } = await recorded(stage);
      await parts(stage).evidence.want(await stage.actor('lead'), id, { wanted: 'Reading ages' });
      return { evidenceId: await partOf(stage, 'engagement_evidence', id), input: { given: 'Up by seven months.' } };
    }),
  },
  setReviewDates: change('AGREED', { days: ['2026-11-01'] }),
  addReview: step('AGREED, shared with the SIP', { input: { heldOn: '2026-09-01', rag: 'GREEN' } }),
  raiseConcern: { AGREED: on(async (stage) => ({ engagementId: (await recorded(stage)).id, text: 'Nobody came.' })) },
  answerConcern: ofConcern('RAISED', { answer: 'The trains did not run.' }),
  passOnConcern: ofConcern('RAISED', { statement: 'Please look into it.' }),
  resolveConcern: ofConcern('PASSED_ON', { reason: 'They come on Tuesdays now.' }),
  setSignOffPlan: { 'the school': on(async (stage) => ({ schoolUrn: stage.theSchool, needed: false })) },
  setSignOffStandIn: { 'the local authority': on(async (stage) => ({ laCode: stage.la, personId: stage.theSip })) },
};
