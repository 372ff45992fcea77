import fc from 'fast-check';
import type { Actor } from '../../src/platform/actor.js';
import { Refused } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';
import { noticesIn } from './support.js';

/** What a confidential school is known by. Nothing of it may reach a provider that the school has not chosen. */
const SCHOOL = 'Quillfeather';
/** Words between the SIP and the school, and between the sides of an engagement: in no notice of anybody. */
const WORDS = { note: 'Marrowbone', agenda: 'Thistledown', referral: 'Candlewick', declined: 'Larkspur', concern: 'Hollyhock', answer: 'Bramblewood', review: 'Snowdrop', tried: 'Foxglove' };
/** Why a visit was called off, what is sent back: the school's and the SIP's. */
const BETWEEN = 'Sycamore';

let server: TestApp;
let urn: number;
let people: Record<'lead' | 'chair' | 'sip' | 'officer' | 'partner', Actor>;
let providers: Awaited<ReturnType<TestApp['world']['listed']>>[] = [];

beforeAll(async () => {
  server = await startServices();
  const { world } = server;
  urn = await world.school({ name: `${SCHOOL} Primary School`, la: '998' });
  await server.app.db.query('UPDATE local_authority SET name = $2 WHERE code = $1', ['998', `${SCHOOL}shire`]);
  people = {
    lead: await world.lead(urn),
    chair: await world.lead(urn),
    sip: await world.sip('998', urn),
    officer: await world.officer('998'),
    partner: await world.lead(await world.school()),
  };
  for (const { personId } of Object.values(people)) await server.app.db.query('UPDATE person SET name = $2 WHERE id = $1', [personId, `Ann ${SCHOOL}`]);
  for (let i = 0; i < 3; i++) providers.push(await world.listed());
});

const refused = async <T>(work: Promise<T>): Promise<T | null> => {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
};

/** What happens to a confidential request, in any order; what is not possible then is refused. */
const happenings = ['openInvitation', 'ask', 'answer', 'extend', 'propose', 'revise', 'withdrawProposal', 'decline', 'read', 'share', 'join', 'suspend', 'reinstate', 'withdraw', 'closeUnmet', 'expire', 'choose'] as const;
const happening = fc.record({ what: fc.constantFrom(...happenings), nth: fc.nat(2) });

async function happen({ what, nth }: typeof happening extends fc.Arbitrary<infer H> ? H : never, request: string, invitations: (string | null)[]): Promise<void> {
  const { requests, invitations: service, proposals, choices } = server.app.brokerage;
  const { id, admin, officer } = providers[nth]!;
  const invitation = invitations[nth] ?? '00000000-0000-7000-8000-000000000000';
  const [proposal] = await server.app.db.query<{ id: string; version: number }>('SELECT id, version FROM proposal WHERE invitation_id = $1 ORDER BY id DESC LIMIT 1', [invitation]);
  const [question] = await server.app.db.query<{ id: string }>('SELECT id FROM question WHERE request_id = $1 AND answer IS NULL LIMIT 1', [request]);
  const { lead } = people;
  const acts: Record<(typeof happenings)[number], () => Promise<unknown>> = {
    openInvitation: () => service.act(invitation, 'open', { actor: admin }),
    ask: () => service.ask(admin, invitation, 'Which years?'),
    answer: async () => question && service.answer(lead, question.id, `Years 3 and 4. ${SCHOOL}`),
    extend: () => requests.extend(lead, request, new Date(server.clock.now().getTime() + 40 * 86_400_000).toISOString().slice(0, 10)),
    propose: () => proposals.submit(admin, invitation, { summary: 'A coach.', pricePence: 90_000, vat: 'ADDED' }),
    revise: async () => proposal && proposals.revise(admin, proposal.id, proposal.version, { pricePence: 80_000 }),
    withdrawProposal: async () => proposal && proposals.withdraw(admin, proposal.id),
    decline: () => service.act(invitation, 'decline', { actor: admin }),
    read: () => requests.act(request, 'read', { actor: lead }),
    share: () => requests.act(request, 'share', { actor: lead }),
    join: () => requests.join(people.partner, request),
    suspend: () => server.app.directory.providers.act(id, 'suspend', { actor: officer, reason: 'A matter.' }),
    reinstate: () => server.app.directory.providers.reinstate(id, { actor: officer, reason: 'Settled.' }),
    withdraw: () => requests.act(request, 'withdraw', { actor: lead, reason: SCHOOL }),
    closeUnmet: () => requests.act(request, 'closeUnmet', { actor: lead, reason: SCHOOL }),
    expire: async () => {
      server.clock.advance({ days: 25 });
      await requests.passTime();
    },
    choose: async () => proposal && choices.choose(lead, { proposalId: proposal.id, version: proposal.version, title: 'Reading', reasons: 'It fits.', pupilsConcerned: false }),
  };
  await refused(acts[what]());
}

test('no notice and no mail tells a provider which school a confidential request is of, unless it is chosen', async () => {
  const { requests, invitations: service } = server.app.brokerage;
  let toProviders = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 8, maxLength: 16 }), async (story) => {
      const need = `${SCHOOL} needs help with reading.`;
      const request = await requests.draft(people.lead, urn, { need: need.replace(SCHOOL, 'A school'), triedInSchool: `${SCHOOL} ${WORDS.tried}`, confidential: true, partnerUrns: [people.partner.memberships[0]!.schoolUrn!] });
      await requests.act(request, 'open', { actor: people.lead });
      const invitations = [];
      for (const { id, listing } of providers) invitations.push(await refused(service.send(people.lead, { requestId: request, providerId: id, listingId: listing })));
      for (const each of story) await happen(each, request, invitations);
      await server.app.jobs.tasks['begin-the-day']!({});
      await server.deliver();
    }),
    { numRuns: runs(60) },
  );
  const told = await server.app.db.query<{ mail: string; kind: string; words: string; chosen: boolean }>(
    `SELECT coalesce(n.digest_id, n.id) AS mail, n.kind, concat_ws(' ', n.subject, n.text, n.expected, n.link) AS words,
            EXISTS (SELECT FROM proposal q WHERE q.state = 'CHOSEN' AND q.id = n.object_id) OR n.kind LIKE 'Engagement.%' AS chosen
     FROM notice n WHERE n.as_kind = 'PROVIDER'`,
  );
  for (const { kind, words, chosen } of told) {
    toProviders++;
    if (!chosen) expect(`${kind} ${words}`).not.toMatch(new RegExp(`${SCHOOL}|\\b${urn}\\b|${WORDS.tried}`, 'i'));
  }
  expect(toProviders).toBeGreaterThan(20);
  const mails = new Set(told.map(({ mail }) => mail));
  const ofChosen = new Set(told.filter(({ chosen }) => chosen).map(({ mail }) => mail));
  const sent = server.outbox.filter(({ id }) => mails.has(id) && !ofChosen.has(id));
  expect(sent.length).toBeGreaterThan(20);
  for (const { subject, text } of sent) expect(subject + text).not.toContain(SCHOOL);
});

test('what the SIP and the school, or the two sides of an engagement, write to each other is in no notice', async () => {
  const { visits, referrals } = server.app.referrals;
  const { concerns, engagements, reviews } = server.app.brokerage;
  const day = (inDays: number) => new Date(server.clock.now().getTime() + inDays * 86_400_000).toISOString().slice(0, 10);
  const visit = await visits.plan(people.sip, { schoolUrn: urn, date: day(30), focus: 'Reading' });
  await visits.addAgendaPoint(people.lead, visit, { text: WORDS.agenda });
  await visits.cancel(visit, { actor: people.sip, reason: BETWEEN });
  await visits.writeNote(await visits.plan(people.sip, { schoolUrn: urn, date: day(0), focus: 'Writing' }), WORDS.note, { actor: people.sip });
  const { listing } = await server.world.listed();
  const referral = await referrals.send(people.sip, { schoolUrn: urn, message: WORDS.referral, listings: [{ listingId: listing, reason: WORDS.referral }] });
  await referrals.decline(people.lead, referral, { reason: WORDS.declined });
  const { id: engagement, lead, provider } = await server.world.underWay();
  const concern = await concerns.raise(lead, engagement, WORDS.concern);
  await concerns.answer(provider.admin, concern, WORDS.answer);
  await concerns.passOn(lead, concern, WORDS.concern);
  await reviews.add(lead, engagement, { heldOn: day(0), rag: 'RED', words: WORDS.review, figures: [] });
  await engagements.act(engagement, 'complete', { actor: lead });
  await server.app.jobs.tasks['begin-the-day']!({});
  await server.deliver();
  const all = [...(await noticesIn(server)).map(({ subject, text, expected }) => `${subject} ${text} ${expected}`), ...server.outbox.map(({ subject, text }) => subject + text)];
  expect(all.length).toBeGreaterThan(20);
  for (const word of [...Object.values(WORDS), BETWEEN]) expect(all.filter((text) => text.includes(word))).toEqual([]);
  const ofVisits = await server.app.db.query<{ personId: string }>(`SELECT DISTINCT person_id AS "personId" FROM notice WHERE kind LIKE 'Visit.%' OR kind LIKE 'Referral.%'`);
  expect(ofVisits.map(({ personId }) => personId).sort()).toEqual([people.lead, people.chair, people.sip].map(({ personId }) => personId!).sort());
});
