import fc from 'fast-check';
import { isInputObjectType, getNamedType, type GraphQLInputType } from 'graphql';
import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';
import { runs } from '../support/runs.js';

// Every mutation that takes a day, on real objects, at moments at which days go wrong: each day is kept as it was typed and
// agrees with what hangs on it, or is refused with a sentence that says from when to when it may be.

let server: TestServer;
let people: Record<'lead' | 'sip' | 'officer' | 'provider', Actor & { personId: string }>;
let schoolUrn: number;
let provider: Awaited<ReturnType<TestServer['world']['listed']>>;
let free: string;
let things: Awaited<ReturnType<typeof make>>;

beforeAll(async () => {
  server = await startApp();
  const { world } = server;
  const la = await world.la('990');
  schoolUrn = await world.school({ la });
  provider = await world.listed({ la });
  people = { lead: await world.lead(schoolUrn), sip: await world.assignedSip(schoolUrn), officer: await world.officer('990'), provider: provider.admin as Actor & { personId: string } };
  const { listings } = server.app.directory;
  const said = { summary: 'Free to use.', categories: ['TEACHING_AND_LEARNING'], phases: ['PRIMARY'], delivery: ['ONLINE'], national: true } as const;
  free = await listings.create(provider.admin, provider.id, { title: 'A free guide', ...said, price: { kind: 'FREE' } } as never);
  await listings.act(free, 'publish', { actor: provider.admin });
});

/** What days are typed into, new for each moment. */
async function make() {
  const { world, app } = server;
  const { brokerage, referrals } = app;
  const draft = await brokerage.requests.draft(people.lead, schoolUrn, { need: 'Reading.' });
  const open = await world.openRequest(people.lead, schoolUrn);
  const invitation = await brokerage.invitations.send(people.lead, { requestId: open, providerId: provider.id, listingId: provider.listing });
  const read = await world.openRequest(people.lead, schoolUrn);
  const { proposal } = await world.proposed(people.lead, read, provider);
  const engagement = await brokerage.recordings.record(people.lead, { ...world.recording(provider.listing, schoolUrn), startsOn: world.dayIn(0), endsOn: null });
  await brokerage.engagements.act(engagement, 'confirm', { actor: people.provider });
  const visit = await referrals.visits.plan(people.sip, { schoolUrn, date: world.dayIn(3), focus: 'Reading' });
  return { draft, open, invitation, read, proposal, engagement, visit };
}

const utc = (year: number, month: number, day: number) => new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);
const LONDON = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/London' });
const today = () => LONDON.format(server.clock.now());
function plusDays(day: string, days: number): string {
  const [y, m, d] = day.split('-').map(Number) as [number, number, number];
  return utc(y, m - 1, d + days);
}
function plusYears(day: string, years: number): string {
  const [y, m, d] = day.split('-').map(Number) as [number, number, number];
  const isLeap = new Date(Date.UTC(y + years, 1, 29)).getUTCMonth() === 1;
  return utc(y + years, m - 1, m === 2 && d === 29 && !isLeap ? 28 : d);
}
const longDay = (day: string) => new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${day}T12:00:00Z`));

/** From when to when a day may be, written down a second time. */
const ranges = {
  agreed: () => [plusYears(today(), -2), plusYears(today(), 3)],
  planned: () => [today(), plusYears(today(), 3)],
  closing: () => [today(), plusYears(today(), 1)],
  review: () => [plusYears(today(), -2), plusYears(today(), 3)],
  past: () => [plusYears(today(), -3), today()],
  visit: () => [plusYears(today(), -1), plusYears(today(), 2)],
  check: () => [plusDays(today(), 1), plusYears(today(), 10)],
  room: () => [plusYears(today(), -5), plusYears(today(), 3)],
  term: () => [plusYears(today(), -30), plusYears(today(), 30)],
} satisfies Record<string, () => [string, string] | string[]>;

interface Taking {
  range: keyof typeof ranges;
  as: keyof typeof people;
  types: string;
  call: string;
  values: (day: string) => Record<string, unknown> | Promise<Record<string, unknown>>;
  /** SQL of the day as it is kept, and its parameters. */
  kept: (id: string) => [sql: string, values: unknown[]];
  /** What else may be wrong with a day in the range. */
  also?: RegExp;
}
const versionOf = async (table: string, id: string) => (await server.app.db.query<{ version: number }>(`SELECT version FROM ${table} WHERE id = $1`, [id]))[0]!.version;
const ENDS = `((closes_at AT TIME ZONE 'Europe/London')::timestamp - interval '1 microsecond')::date`;
const requestDay = { wantedFrom: 'wanted_from', wantedTo: 'wanted_to', closesOn: ENDS } as const;

const draft = (field: keyof typeof requestDay): Taking => ({
  range: field === 'closesOn' ? 'closing' : 'planned', as: 'lead', types: '($urn: Int!, $input: SupportRequestInput!)', call: 'draftSupportRequest(schoolUrn: $urn, input: $input)',
  values: (day) => ({ urn: schoolUrn, input: { need: 'Reading.', [field]: day } }),
  kept: (id) => [`SELECT ${requestDay[field]} AS day FROM request WHERE id = $1`, [id]],
});
const update = (field: keyof typeof requestDay): Taking => ({
  ...draft(field), types: '($id: UUID!, $version: Int!, $input: SupportRequestInput!)', call: 'updateSupportRequest(id: $id, version: $version, input: $input)',
  values: async (day) => ({ id: things.draft, version: await versionOf('request', things.draft), input: { [field]: day } }),
  also: /The last day cannot be before the first/,
});
const proposing = (field: 'startsOn' | 'endsOn', revise: boolean): Taking => ({
  range: 'planned', as: 'provider',
  ...(revise
    ? { types: '($id: UUID!, $version: Int!, $input: ProposalInput!)', call: 'reviseProposal(id: $id, version: $version, input: $input)', values: async (day: string) => ({ id: things.proposal, version: await versionOf('proposal', things.proposal), input: { [field]: day } }) }
    : { types: '($id: UUID!, $input: ProposalInput!)', call: 'submitProposal(invitationId: $id, input: $input)', values: (day: string) => ({ id: things.invitation, input: { summary: 'A plan.', pricePence: 1, vat: 'ADDED', [field]: day } }) }),
  kept: (id) => [`SELECT ${field === 'startsOn' ? 'starts_on' : 'ends_on'} AS day FROM proposal WHERE id = $1`, [id]],
  also: /The last day cannot be before the first/,
});
const recording = (field: 'startsOn' | 'endsOn'): Taking => ({
  range: 'agreed', as: 'lead', types: '($input: RecordInput!)', call: 'recordEngagement(input: $input)',
  values: (day) => ({ input: { listingId: provider.listing, schoolUrn, startsOn: today(), pricePence: 0, pupilsConcerned: false, objective: { text: 'All read.' }, [field]: day } }),
  kept: (id) => [`SELECT ${field === 'startsOn' ? 'starts_on' : 'ends_on'} AS day FROM engagement WHERE id = $1`, [id]],
  also: /The last day cannot be before the first/,
});
const changing = (field: 'startsOn' | 'endsOn'): Taking => ({
  range: 'agreed', as: 'lead', types: '($id: UUID!, $version: Int!, $input: EngagementChangeInput!)', call: 'proposeEngagementChange(id: $id, version: $version, input: $input)',
  values: async (day) => {
    await server.app.db.query(`UPDATE engagement_change SET answer = 'WITHDRAWN', answered_at = $2 WHERE engagement_id = $1 AND answer IS NULL`, [things.engagement, server.clock.now()]);
    return { id: things.engagement, version: await versionOf('engagement', things.engagement), input: { [field]: day } };
  },
  kept: (id) => [`SELECT ${field === 'startsOn' ? 'starts_on' : 'ends_on'} AS day FROM engagement_change WHERE engagement_id = $1 AND answer IS NULL`, [id]],
  also: /The last day cannot be before the first|nothing would be different|cannot be one that is still to come/,
});
const part = (call: string, input: string, table: string, values: (day: string) => object, column = 'due_on', range: Taking['range'] = 'planned'): Taking => ({
  range, as: 'lead', types: `($id: UUID!, $input: ${input}!)`, call: `${call}(id: $id, input: $input)`, values: (day) => ({ id: things.engagement, input: values(day) }),
  kept: (id) => [`SELECT ${column} AS day FROM ${table} WHERE engagement_id = $1 ORDER BY id DESC LIMIT 1`, [id]],
});
const closing = (call: string, of: 'open' | 'read'): Taking => ({
  range: 'closing', as: 'lead', types: '($id: UUID!, $day: LocalDate!)', call: `${call}(id: $id, closesOn: $day)`,
  values: async (day) => {
    if (of === 'read') await server.app.db.query('UPDATE request SET proposals_read_at = $2 WHERE id = $1', [things.read, server.clock.now()]);
    return { id: things[of], day };
  },
  kept: (id) => [`SELECT CASE WHEN opened_at < closes_at AND questions_until <= closes_at AND NOT EXISTS (SELECT FROM invitation i WHERE i.request_id = request.id AND i.expires_at <> closes_at) THEN ${ENDS} END AS day FROM request WHERE id = $1`, [id]],
  also: /Choose a day after the present closing date/,
});
const visiting = (change: boolean): Taking => ({
  range: 'visit', as: 'sip',
  ...(change
    ? { types: '($id: UUID!, $version: Int!, $input: VisitInput!)', call: 'changeVisit(id: $id, version: $version, input: $input)', values: async (day: string) => ({ id: things.visit, version: await versionOf('visit', things.visit), input: { focus: 'Reading', date: day } }) }
    : { types: '($id: Int!, $input: VisitInput!)', call: 'planVisit(schoolUrn: $id, input: $input)', values: (day: string) => ({ id: schoolUrn, input: { focus: 'Reading', date: day } }) }),
  kept: (id) => ['SELECT visit_on AS day FROM visit WHERE id = $1', [id]],
});
const listing = (create: boolean): Taking => ({
  range: 'room', as: 'provider',
  ...(create
    ? { types: '($id: UUID!, $input: ListingInput!)', call: 'createListing(providerId: $id, input: $input)', values: (day: string) => ({ id: provider.id, input: { title: 'Reading', availableFrom: day } }) }
    : { types: '($id: UUID!, $version: Int!, $input: ListingInput!)', call: 'updateListing(id: $id, version: $version, input: $input)', values: async (day: string) => ({ id: free, version: await versionOf('listing', free), input: { availableFrom: day } }) }),
  kept: (id) => ['SELECT available_from AS day FROM listing WHERE id = $1', [id]],
});
const term = (field: 'startsOn' | 'endsOn'): Taking => ({
  range: 'term', as: 'officer', types: '($year: Int!, $terms: [TermInput!]!)', call: 'setTermDates(laCode: "990", schoolYear: $year, terms: $terms)',
  values: (day) => {
    const year = Number(day.slice(0, 4)) - (day.slice(5) < '08-01' ? 1 : 0);
    const terms = [['Autumn', `${year}-09-02`, `${year}-12-18`], ['Spring', `${year + 1}-01-05`, `${year + 1}-03-26`], ['Summer', `${year + 1}-04-13`, `${year + 1}-07-21`]].map(([name, startsOn, endsOn]) => ({ name, startsOn, endsOn }));
    const nth = day < terms[0]!.endsOn! ? 0 : day < terms[1]!.endsOn! ? 1 : 2;
    return { year, terms: terms.map((each, i) => (i === nth ? { ...each, [field]: day } : each)) };
  },
  kept: () => ['', []],
  also: /ends before it starts|starts before the one before it ends|lie between|Enter a year|The (first|last) day of a term must be from/,
});

const TAKING: Record<string, Taking> = {
  'draftSupportRequest.input.wantedFrom': draft('wantedFrom'),
  'draftSupportRequest.input.wantedTo': draft('wantedTo'),
  'draftSupportRequest.input.closesOn': draft('closesOn'),
  'updateSupportRequest.input.wantedFrom': update('wantedFrom'),
  'updateSupportRequest.input.wantedTo': update('wantedTo'),
  'updateSupportRequest.input.closesOn': update('closesOn'),
  'extendSupportRequest.closesOn': closing('extendSupportRequest', 'open'),
  'reopenRound.closesOn': closing('reopenRound', 'read'),
  'submitProposal.input.startsOn': proposing('startsOn', false),
  'submitProposal.input.endsOn': proposing('endsOn', false),
  'reviseProposal.input.startsOn': proposing('startsOn', true),
  'reviseProposal.input.endsOn': proposing('endsOn', true),
  'recordEngagement.input.startsOn': recording('startsOn'),
  'recordEngagement.input.endsOn': recording('endsOn'),
  'recordFreeResource.input.usedOn': {
    range: 'past', as: 'lead', types: '($input: UseInput!)', call: 'recordFreeResource(input: $input)', values: (day) => ({ input: { listingId: free, schoolUrn, usedOn: day } }),
    kept: (id) => ['SELECT starts_on AS day FROM engagement WHERE id = $1', [id]],
  },
  'proposeEngagementChange.input.startsOn': changing('startsOn'),
  'proposeEngagementChange.input.endsOn': changing('endsOn'),
  'addAction.input.dueOn': part('addAction', 'ActionInput', 'engagement_action', (day) => ({ what: 'Buy books', owner: 'SCHOOL', dueOn: day })),
  'addEvidence.input.dueOn': part('addEvidence', 'EvidenceInput', 'engagement_evidence', (day) => ({ wanted: 'Books', dueOn: day })),
  'addReview.input.heldOn': part('addReview', 'ReviewInput', 'engagement_review', (day) => ({ heldOn: day, rag: 'GREEN' }), 'held_on', 'past'),
  'setReviewDates.days': {
    range: 'review', as: 'lead', types: '($id: UUID!, $version: Int!, $days: [LocalDate!]!)', call: 'setReviewDates(id: $id, version: $version, days: $days)',
    values: async (day) => ({ id: things.engagement, version: await versionOf('engagement', things.engagement), days: [day] }),
    kept: (id) => ['SELECT due_on AS day FROM engagement_review_date WHERE engagement_id = $1', [id]],
  },
  'planVisit.input.date': visiting(false),
  'changeVisit.input.date': visiting(true),
  'createListing.input.availableFrom': listing(true),
  'updateListing.input.availableFrom': listing(false),
  'recordProviderCheck.expiresOn': {
    range: 'check', as: 'officer', types: '($id: UUID!, $day: LocalDate!)', call: 'recordProviderCheck(id: $id, kind: INSURANCE, expiresOn: $day)', values: (day) => ({ id: provider.id, day }),
    kept: (id) => [`SELECT expires_on AS day FROM provider_check WHERE provider_id = $1 AND kind = 'INSURANCE' AND NOT expired`, [id]],
  },
  'setTermDates.terms.startsOn': term('startsOn'),
  'setTermDates.terms.endsOn': term('endsOn'),
};

test('every mutation that takes a day is among them', () => {
  const daysIn = (type: GraphQLInputType, path: string): string[] => {
    const named = getNamedType(type);
    if (isInputObjectType(named)) return Object.values(named.getFields()).flatMap((field) => daysIn(field.type, `${path}.${field.name}`));
    return /Date|Time/.test(named.name) ? [path] : [];
  };
  const mutations = Object.values(server.app.schema.getMutationType()!.getFields());
  expect(mutations.flatMap((field) => field.args.flatMap((argument) => daysIn(argument.type, `${field.name}.${argument.name}`))).sort()).toEqual(Object.keys(TAKING).sort());
});

/** Moments at which a day is not what it seems: an hour after midnight in London, the last of the year, 29 February, holidays. */
const MOMENTS = [
  '2026-12-31T23:30:00Z', '2027-03-28T00:30:00Z', '2027-03-27T23:59:59Z', '2027-03-28T01:00:00Z', '2027-07-21T23:30:00Z', '2027-10-30T23:30:00Z', '2027-10-31T00:30:00Z', '2027-10-31T01:30:00Z',
  '2027-12-25T12:00:00Z', '2028-01-01T00:00:00Z', '2028-02-28T23:59:59Z', '2028-02-29T00:00:00Z', '2028-02-29T23:30:00Z', '2028-03-26T00:59:59Z', '2028-04-14T10:00:00Z', '2028-08-28T23:30:00Z', '2028-12-31T23:59:59Z',
];
const ODD_DAYS = ['2026-12-31', '2027-01-01', '2027-03-26', '2027-03-28', '2027-10-31', '2027-12-25', '2027-12-27', '2028-02-28', '2028-02-29', '2028-03-01', '2028-03-26', '2028-10-29', '2029-02-28', '2030-12-31', '2031-01-01'];

test('whatever the moment, a day is kept as it was typed, or the range is said', async () => {
  const outcomes = new Map<string, number>();
  const asked = fc.record({ moment: fc.constantFrom(...MOMENTS), days: fc.array(fc.nat(1000), { minLength: 3, maxLength: 3 }) });
  await fc.assert(
    fc.asyncProperty(asked, async ({ moment, days }) => {
      server.clock.advance({ seconds: (Date.parse(moment) - server.clock.now().getTime()) / 1000 });
      await server.app.db.query('DELETE FROM term_date');
      things = await make();
      const cookies = Object.fromEntries(await Promise.all(Object.entries(people).map(async ([as, person]) => [as, await server.cookieOf(person)] as const)));
      for (const [path, { range, as, types, call, values, kept, also }] of Object.entries(TAKING)) {
        const [first, last] = ranges[range]() as [string, string];
        const typed = [plusDays(first, -1), first, plusDays(first, 1), today(), plusDays(last, -1), last, plusDays(last, 1), ...ODD_DAYS];
        for (const day of new Set(days.map((nth) => typed[nth % typed.length]!))) {
          const { data, errors } = await server.graphql<{ result: { __typename: string; id?: string; code?: string; message?: string } }>(
            `mutation ${types} { result: ${call} { __typename ... on Problem { code message } ${call.startsWith('setTermDates') ? '' : idsOf(call)} } }`, await values(day), cookies[as]!);
          const where = `${path} ${day} at ${moment}`;
          if (errors) throw new Error(`${where}: ${JSON.stringify(errors)}`);
          const { code, message, id } = data.result;
          const isWithin = day >= first && day <= last;
          outcomes.set(`${path} ${code ?? 'kept'}`, 1);
          if (code === 'VALIDATION') {
            const said = isWithin ? also !== undefined && also.test(message!) : message!.includes(`from ${longDay(first)} to ${longDay(last)}`) || (range === 'term' && also!.test(message!));
            if (!said) throw new Error(`${where} (${first} to ${last}): ${message}`);
            continue;
          }
          if (code !== undefined) throw new Error(`${where}: ${code} ${message}`);
          if (!isWithin) throw new Error(`${where} was taken, outside of ${first} to ${last}`);
          const [sql, parameters] = kept(id ?? things.engagement);
          const [row] = sql ? await server.app.db.query<{ day: string }>(sql, parameters) : [{ day }];
          if (row?.day !== day) throw new Error(`${where} is kept as ${row?.day}`);
          if (path.startsWith('submitProposal')) await server.app.brokerage.proposals.withdraw(people.provider, id!);
        }
      }
      // A draft with any day that was kept can be opened, or says which day has passed.
      await server.app.brokerage.requests.act(things.draft, 'open', { actor: people.lead });
    }),
    { numRuns: runs(60) },
  );
  for (const path of Object.keys(TAKING)) expect([path, outcomes.has(`${path} kept`), outcomes.has(`${path} VALIDATION`)]).toEqual([path, true, true]);
}, 3_600_000);

/** The id of whatever the mutation answers with. */
const idsOf = (call: string) => `... on ${/Request|Round/.test(call) ? 'SupportRequest' : /Proposal/.test(call) ? 'Proposal' : /Visit/.test(call) ? 'Visit' : /Listing/.test(call) ? 'Listing' : /Check/.test(call) ? 'Provider' : 'Engagement'} { id }`;
