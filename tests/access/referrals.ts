import { newId } from '../../src/platform/id.js';
import type { Attempt } from './attempts.js';
import type { Situation, Way } from './situations.js';
import { type Stage, TERMS } from './stage.js';

const literal = JSON.stringify;

const services = (stage: Stage) => stage.server.app.referrals;
const today = '2026-09-07';

/** A listing of a listed provider; the SIP of the matrix has an interest in it. */
async function listing(stage: Stage): Promise<{ providerId: string; listingId: string }> {
  const { id, listing } = await stage.provider('LISTED');
  await services(stage).interests.declare(await stage.actor('sip'), { providerId: id, what: 'My sister works there.' });
  return { providerId: id, listingId: listing };
}

async function visit(stage: Stage, state: 'PLANNED' | 'HELD' | 'CANCELLED' = 'PLANNED'): Promise<string> {
  const { visits } = services(stage);
  const actor = await stage.actor('sip');
  const id = await visits.plan(actor, { schoolUrn: stage.theSchool, date: today, focus: 'Reading' });
  await visits.addAgendaPoint(await stage.actor('lead'), id, { text: 'Our budget' });
  if (state === 'HELD') await visits.writeNote(id, 'Phonics is taught alike now.', { actor });
  if (state === 'CANCELLED') await visits.cancel(id, { actor, reason: 'Snow' });
  return id;
}

async function shortlist(stage: Stage): Promise<{ id: string; visitId: string; itemId: string }> {
  const visitId = await visit(stage);
  const { listingId } = await listing(stage);
  const id = await services(stage).shortlists.add(await stage.actor('sip'), { schoolUrn: stage.theSchool, visitId, listingId, reason: 'They coach.' });
  const [item] = await stage.server.app.db.query<{ id: string }>('SELECT id FROM shortlist_item WHERE shortlist_id = $1', [id]);
  return { id, visitId, itemId: item!.id };
}

async function referral(stage: Stage): Promise<string> {
  const { listingId } = await listing(stage);
  await stage.server.app.db.query('DELETE FROM rate_limit'); // how much is sent in a day is no matter here
  const input = { schoolUrn: stage.theSchool, visitId: await visit(stage), message: 'Try these.', listings: [{ listingId, reason: 'They coach.' }] };
  return services(stage).referrals.send(await stage.actor('sip'), input);
}

async function accepted(stage: Stage): Promise<{ id: string; requestId: string }> {
  const id = await referral(stage);
  await services(stage).referrals.accept(await stage.actor('lead'), id, { confidential: false });
  const [row] = await stage.server.app.db.query<{ requestId: string }>('SELECT request_id AS "requestId" FROM referral WHERE id = $1', [id]);
  return { id, requestId: row!.requestId };
}

const question = async (stage: Stage) =>
  services(stage).suggestions.ask(await stage.actor('sip'), { question: 'A coach for new teachers', category: 'TEACHING_AND_LEARNING', phase: 'PRIMARY' });

const visitWays = (id: string): Way[] => [[`visit(id: ${literal(id)})`], ['visits(first: 100)', 'nodes']];
const referralWays = (id: string): Way[] => [[`referral(id: ${literal(id)})`], ['referrals(first: 100)', 'nodes']];

const referralSituation =
  (bring: (stage: Stage) => Promise<string>) =>
  async (stage: Stage): Promise<Situation> => {
    const key = await bring(stage);
    return { key, ways: referralWays(key) };
  };

export const referralSituations: Record<string, Record<string, (stage: Stage) => Promise<Situation>>> = {
  Visit: {
    PLANNED: async (stage) => {
      const { id, visitId } = await shortlist(stage);
      return { key: visitId, ways: [...visitWays(visitId), [`shortlist(id: ${literal(id)})`, 'visit']] };
    },
    HELD: async (stage) => {
      const key = await visit(stage, 'HELD');
      return { key, ways: visitWays(key) };
    },
    CANCELLED: async (stage) => {
      const key = await visit(stage, 'CANCELLED');
      return { key, ways: visitWays(key) };
    },
  },
  Shortlist: {
    'the SIP’s': async (stage) => {
      const { id } = await shortlist(stage);
      return { key: id, ways: [[`shortlist(id: ${literal(id)})`], ['shortlists(first: 100)', 'nodes']] };
    },
  },
  Referral: {
    SENT: referralSituation(referral),
    ACCEPTED: referralSituation(async (stage) => (await accepted(stage)).id),
    'ACCEPTED, the request is open': referralSituation(async (stage) => {
      const { id, requestId } = await accepted(stage);
      await stage.server.app.brokerage.requests.act(requestId, 'open', { actor: await stage.actor('lead') });
      return id;
    }),
    DECLINED: referralSituation(async (stage) => {
      const id = await referral(stage);
      await services(stage).referrals.decline(await stage.actor('lead'), id, { reason: 'We tried them before.' });
      return id;
    }),
  },
  Interest: {
    'the SIP’s': async (stage) => {
      const actor = await stage.actor('sip');
      const { providerId } = await listing(stage);
      const key = await services(stage).interests.declare(actor, { providerId, what: 'I used to work there.' });
      await services(stage).interests.end(actor, key);
      return { key, ways: [['myInterests(first: 100)', 'nodes']] };
    },
  },
  SuggestionRequest: {
    'OPEN, answered by the other SIP': async (stage) => {
      const key = await question(stage);
      const { providerId, listingId } = await listing(stage);
      const other = await stage.actor('another sip');
      await services(stage).interests.declare(other, { providerId, what: 'My brother works there.' });
      await services(stage).suggestions.suggest(other, { requestId: key, listingId, reason: 'They did well twice.' });
      return { key, ways: [[`suggestionRequest(id: ${literal(key)})`], ['suggestionRequests(first: 100)', 'nodes']] };
    },
  },
};

export const referralQueries: Record<string, (stage: Stage) => Promise<string>> = {
  myInterests: async (stage) => {
    await listing(stage);
    return 'myInterests(first: 100)';
  },
  referral: async () => `referral(id: ${literal(newId())})`,
  referrals: async (stage) => {
    await referral(stage);
    return 'referrals(first: 100)';
  },
  shortlist: async () => `shortlist(id: ${literal(newId())})`,
  shortlists: async (stage) => {
    await shortlist(stage);
    return 'shortlists(first: 100)';
  },
  suggestionRequest: async () => `suggestionRequest(id: ${literal(newId())})`,
  suggestionRequests: async (stage) => {
    await question(stage);
    return 'suggestionRequests(first: 100)';
  },
  termDates: async (stage) => `termDates(laCode: ${literal(stage.la)})`,
  visit: async () => `visit(id: ${literal(newId())})`,
  visits: async (stage) => {
    await visit(stage);
    return 'visits(first: 100)';
  },
};

const on = (args: Attempt['args']): Attempt => ({ args });
const ofVisit = (more: object = {}) => on(async (stage) => ({ id: await visit(stage), version: 2, ...more }));
const ofReferral = (more: object = {}) => on(async (stage) => ({ id: await referral(stage), ...more }));

export const referralAttempts: Record<string, Record<string, Attempt>> = {
  planVisit: { 'to the school': on(async (stage) => ({ schoolUrn: stage.theSchool, input: { date: today, focus: 'Reading' } })) },
  changeVisit: { PLANNED: ofVisit({ input: { date: today, focus: 'Writing' } }) },
  writeVisitNote: { PLANNED: ofVisit({ note: 'It went well.' }) },
  cancelVisit: { PLANNED: ofVisit() },
  addAgendaPoint: { PLANNED: on(async (stage) => ({ visitId: await visit(stage), text: 'Our staff' })) },
  removeAgendaPoint: {
    PLANNED: on(async (stage) => {
      const [point] = await stage.server.app.db.query<{ id: string }>('SELECT id FROM agenda_point WHERE visit_id = $1', [await visit(stage)]);
      return { id: point!.id };
    }),
  },
  addToShortlist: { 'for the school': on(async (stage) => ({ input: { schoolUrn: stage.theSchool, listingId: (await listing(stage)).listingId, reason: 'They coach.' } })) },
  removeFromShortlist: { 'the SIP’s': on(async (stage) => ({ itemId: (await shortlist(stage)).itemId })) },
  sendReferral: {
    'to the school': on(async (stage) => ({ input: { schoolUrn: stage.theSchool, message: 'Try these.', listings: [{ listingId: (await listing(stage)).listingId }] } })),
  },
  acceptReferral: { SENT: ofReferral() },
  declineReferral: { SENT: ofReferral({ reason: 'We tried them before.' }) },
  withdrawReferral: { SENT: ofReferral() },
  declareInterest: { 'in a listed provider': on(async (stage) => ({ input: { providerId: (await listing(stage)).providerId, what: 'My sister works there.' } })) },
  endInterest: {
    'the SIP’s': on(async (stage) => {
      const { providerId } = await listing(stage);
      return { id: await services(stage).interests.declare(await stage.actor('sip'), { providerId, what: 'I work there.' }) };
    }),
  },
  askForSuggestions: { 'SIPs of the local authority': on(async () => ({ input: { question: 'A coach for new teachers' } })) },
  answerSuggestionRequest: {
    'to the SIP': on(async (stage) => ({ input: { requestId: await question(stage), listingId: (await listing(stage)).listingId, reason: 'They did well twice.' } })),
  },
  closeSuggestionRequest: { 'the SIP’s': on(async (stage) => ({ id: await question(stage) })) },
  setOpenSuggestions: { 'of the local authority': on(async (stage) => ({ laCode: stage.la, open: true })) },
  setTermDates: { 'of the local authority': on(async (stage) => ({ laCode: stage.la, schoolYear: 2026, terms: TERMS })) },
};
