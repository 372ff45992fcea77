import { getNamedType, type GraphQLInputType, isInputObjectType } from 'graphql';
import { newId } from '../../src/platform/id.js';
import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';

/** Far outside of every range, and days that PostgreSQL or JavaScript would stumble over. */
const FAR = ['0001-01-01', '1000-02-28', '9999-12-31'];

let server: TestServer;
let people: Record<'lead' | 'sip' | 'officer' | 'provider', Actor>;
let schoolUrn: number;
let provider: Awaited<ReturnType<TestServer['world']['listed']>>;

beforeAll(async () => {
  server = await startApp();
  const { world } = server;
  schoolUrn = await world.school();
  provider = await world.listed();
  people = { lead: await world.lead(schoolUrn), sip: await world.assignedSip(schoolUrn), officer: provider.officer, provider: provider.admin };
});

/** Every argument that takes a day, as `mutation.argument.field`. */
function dayArguments(): string[] {
  const schema = server.app.schema;
  const daysIn = (type: GraphQLInputType, path: string): string[] => {
    const named = getNamedType(type);
    if (isInputObjectType(named)) return Object.values(named.getFields()).flatMap((field) => daysIn(field.type, `${path}.${field.name}`));
    return named.name === 'LocalDate' ? [path] : [];
  };
  const types = Object.values(schema.getTypeMap()).filter((type) => 'getFields' in type && !isInputObjectType(type) && !type.name.startsWith('__'));
  const fields = types.flatMap((type) => Object.values((type as { getFields(): Record<string, { name: string; args?: readonly { name: string; type: GraphQLInputType }[] }> }).getFields()));
  return fields.flatMap((field) => (field.args ?? []).flatMap((argument) => daysIn(argument.type, `${field.name}.${argument.name}`)));
}

type Asking = (day: string) => { as: keyof typeof people; types: string; call: string; values: Record<string, unknown> };
const id = newId();
const mutation = (as: keyof typeof people, types: string, call: string, values: (day: string) => Record<string, unknown>): Asking => (day) => ({ as, types: `mutation ${types}`, call, values: values(day) });
const request = (field: string): Asking =>
  mutation('lead', '($urn: Int!, $input: SupportRequestInput!)', 'draftSupportRequest(schoolUrn: $urn, input: $input)', (day) => ({ urn: schoolUrn, input: { need: 'Reading.', [field]: day } }));
const change = (field: string): Asking =>
  mutation('lead', '($id: UUID!, $input: SupportRequestInput!)', 'updateSupportRequest(id: $id, version: 1, input: $input)', (day) => ({ id, input: { [field]: day } }));
const proposal = (field: string): Asking =>
  mutation('provider', '($id: UUID!, $input: ProposalInput!)', 'submitProposal(invitationId: $id, input: $input)', (day) => ({ id, input: { summary: 'A plan.', pricePence: 1, vat: 'ADDED', [field]: day } }));
const revision = (field: string): Asking =>
  mutation('provider', '($id: UUID!, $input: ProposalInput!)', 'reviseProposal(id: $id, version: 1, input: $input)', (day) => ({ id, input: { [field]: day } }));
const recording = (field: string): Asking =>
  mutation('lead', '($input: RecordInput!)', 'recordEngagement(input: $input)', (day) => ({
    input: { listingId: provider.listing, schoolUrn, startsOn: '2026-09-07', pricePence: 0, pupilsConcerned: false, objective: { text: 'All read.' }, [field]: day },
  }));
const listing = (call: string, values: Record<string, unknown>): Asking =>
  mutation('provider', '($id: UUID!, $input: ListingInput!)', call, (day) => ({ id: provider.id, input: { ...values, availableFrom: day } }));
const changed = (field: string): Asking =>
  mutation('lead', '($id: UUID!, $input: EngagementChangeInput!)', 'proposeEngagementChange(id: $id, version: 1, input: $input)', (day) => ({ id, input: { [field]: day } }));
const term = (field: string): Asking =>
  mutation('officer', '($terms: [TermInput!]!)', 'setTermDates(laCode: "990", schoolYear: 2026, terms: $terms)', (day) => ({
    terms: [{ name: 'Autumn', startsOn: '2026-09-01', endsOn: '2026-12-18', [field]: day }],
  }));
const reading = (as: keyof typeof people, types: string, call: string, values: (day: string) => Record<string, unknown>): Asking => (day) => ({ as, types: `query ${types}`, call, values: values(day) });

const ASKING: Record<string, Asking> = {
  'draftSupportRequest.input.wantedFrom': request('wantedFrom'),
  'draftSupportRequest.input.wantedTo': request('wantedTo'),
  'draftSupportRequest.input.closesOn': request('closesOn'),
  'updateSupportRequest.input.wantedFrom': change('wantedFrom'),
  'updateSupportRequest.input.wantedTo': change('wantedTo'),
  'updateSupportRequest.input.closesOn': change('closesOn'),
  'proposeEngagementChange.input.startsOn': changed('startsOn'),
  'proposeEngagementChange.input.endsOn': changed('endsOn'),
  'reopenRound.closesOn': mutation('lead', '($id: UUID!, $day: LocalDate!)', 'reopenRound(id: $id, closesOn: $day)', (day) => ({ id, day })),
  'extendSupportRequest.closesOn': mutation('lead', '($id: UUID!, $day: LocalDate!)', 'extendSupportRequest(id: $id, closesOn: $day)', (day) => ({ id, day })),
  'submitProposal.input.startsOn': proposal('startsOn'),
  'submitProposal.input.endsOn': proposal('endsOn'),
  'reviseProposal.input.startsOn': revision('startsOn'),
  'reviseProposal.input.endsOn': revision('endsOn'),
  'recordEngagement.input.startsOn': recording('startsOn'),
  'recordEngagement.input.endsOn': recording('endsOn'),
  'recordFreeResource.input.usedOn': mutation('lead', '($input: UseInput!)', 'recordFreeResource(input: $input)', (day) => ({ input: { listingId: provider.listing, schoolUrn, usedOn: day } })),
  'addAction.input.dueOn': mutation('lead', '($id: UUID!, $input: ActionInput!)', 'addAction(id: $id, input: $input)', (day) => ({ id, input: { what: 'Buy books', owner: 'SCHOOL', dueOn: day } })),
  'addEvidence.input.dueOn': mutation('lead', '($id: UUID!, $input: EvidenceInput!)', 'addEvidence(id: $id, input: $input)', (day) => ({ id, input: { wanted: 'Books', dueOn: day } })),
  'addReview.input.heldOn': mutation('lead', '($id: UUID!, $input: ReviewInput!)', 'addReview(id: $id, input: $input)', (day) => ({ id, input: { heldOn: day, rag: 'GREEN' } })),
  'setReviewDates.days': mutation('lead', '($id: UUID!, $days: [LocalDate!]!)', 'setReviewDates(id: $id, version: 1, days: $days)', (day) => ({ id, days: ['2026-10-01', day] })),
  'planVisit.input.date': mutation('sip', '($urn: Int!, $input: VisitInput!)', 'planVisit(schoolUrn: $urn, input: $input)', (day) => ({ urn: schoolUrn, input: { focus: 'Reading', date: day } })),
  'changeVisit.input.date': mutation('sip', '($id: UUID!, $input: VisitInput!)', 'changeVisit(id: $id, version: 1, input: $input)', (day) => ({ id, input: { focus: 'Reading', date: day } })),
  'createListing.input.availableFrom': listing('createListing(providerId: $id, input: $input)', { title: 'Reading' }),
  'updateListing.input.availableFrom': listing('updateListing(id: $id, version: 1, input: $input)', {}),
  'recordProviderCheck.expiresOn': mutation('officer', '($id: UUID!, $day: LocalDate!)', 'recordProviderCheck(id: $id, kind: INSURANCE, expiresOn: $day)', (day) => ({ id: provider.id, day })),
  'setTermDates.terms.startsOn': term('startsOn'),
  'setTermDates.terms.endsOn': term('endsOn'),
  'unmetNeed.since': reading('officer', '($day: LocalDate)', 'unmetNeed(laCode: "990", since: $day)', (day) => ({ day })),
  'outcomesForGovernors.from': reading('lead', '($urn: Int!, $day: LocalDate!)', 'outcomesForGovernors(schoolUrn: $urn, from: $day, to: "9999-12-31")', (day) => ({ urn: schoolUrn, day })),
  'outcomesForGovernors.to': reading('lead', '($urn: Int!, $day: LocalDate!)', 'outcomesForGovernors(schoolUrn: $urn, from: "2026-01-01", to: $day)', (day) => ({ urn: schoolUrn, day })),
};

test('every argument that takes a day is asked for days far away', () => {
  const told = dayArguments().filter((path) => !path.startsWith('costOfListingChange.')); // says nothing of what could not be saved
  expect(told.sort()).toEqual(Object.keys(ASKING).sort());
});

test.each(Object.keys(ASKING))('%s has a range, and says so', async (path) => {
  for (const day of FAR) {
    const { as, types, call, values } = ASKING[path]!(day);
    const { data, errors } = await server.graphql<{ result: { fields?: { field: string; message: string }[] } | null }>(
      `${types} { result: ${call} { __typename ${types.startsWith('query') ? '' : '... on ValidationProblem { fields { field message } }'} } }`,
      values,
      await server.cookieOf(people[as]),
    );
    const said = types.startsWith('query') ? errors!.map((error) => `${error.extensions.code} ${error.message}`) : data.result!.fields!.map((each) => `${each.field} ${each.message}`);
    expect(said.join()).toMatch(types.startsWith('query') ? /^BAD_USER_INPUT `\w+` must (be from|not be before)/ : new RegExp(`${path.split('.').at(-1)}.* must be from .* to `));
  }
});
