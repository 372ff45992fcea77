import type { ListingChanges } from '../../src/directory/listing.service.js';
import type { Actor } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});

const codeOf = (result: unknown) => (result instanceof Problem ? result.code : 'done');
const one = async <Row>(sql: string, ...parameters: unknown[]): Promise<Row> => (await server.app.db.query<Row>(sql, parameters))[0]!;
const stateOf = async (id: string) => (await one<{ state: string }>('SELECT state FROM provider WHERE id = $1', id)).state;
const versionOf = async (table: string, id: string) => (await one<{ version: number }>(`SELECT version FROM ${table} WHERE id = $1`, id)).version;

type Listed = Awaited<ReturnType<TestServer['world']['listed']>>;
const change = async ({ admin, listing }: Pick<Listed, 'admin' | 'listing'>, input: ListingChanges, acceptCost = false) =>
  codeOf(await attempt(async () => server.app.directory.listings.update(admin, listing, await versionOf('listing', listing), input, acceptCost)));
const affirm = async (actor: Actor, id: string, version?: number) =>
  codeOf(await attempt(async () => server.app.directory.recommendations.affirm(actor, id, version ?? (await versionOf('recommendation', id)))));
const act = async ({ admin, listing }: Pick<Listed, 'admin' | 'listing'>, step: 'publish' | 'unpublish' | 'remove') => server.app.directory.listings.act(listing, step, { actor: admin });

/** Of another provider. */
const outsider = async () => (await server.world.awaiting()).admin;

/** As this person, or as nobody. */
const ask = async <Data>(actor: Actor | null, query: string, variables: Record<string, unknown>): Promise<Data> =>
  (await server.graphql<Data>(query, variables, actor && (await server.cookieOf(actor)))).data;

const LISTING = `query ($id: UUID!) { listing(id: $id) {
  recommendations(first: 10) { totalCount nodes { id } } changedSince { schools title changedAt } costOfTakingDown { delists message recommendations { id } } } }`;
interface SeenListing {
  listing: { recommendations: { totalCount: number; nodes: { id: string }[] }; changedSince: { schools: number; title: string }[]; costOfTakingDown: { delists: boolean; message: string; recommendations: { id: string }[] } | null };
}
const seen = async (provider: { listing: string }, actor: Actor | null = null) => (await ask<SeenListing>(actor, LISTING, { id: provider.listing })).listing;

test('a change in substance is refused until its cost is accepted, and the provider sees before which recommendations it costs', async () => {
  const provider = await server.world.listed();
  const query = `query ($id: UUID!, $input: ListingInput!) { cost: costOfListingChange(id: $id, input: $input) {
    delists message recommendations { id school { urn } } } }`;
  const cost = (actor: Actor, input: ListingChanges) => ask<{ cost: { delists: boolean; message: string | null; recommendations: { id: string }[] } }>(actor, query, { id: provider.listing, input });
  const edited = { title: 'Support with READING!', phases: ['PRIMARY'] } satisfies ListingChanges;
  expect((await cost(provider.admin, edited)).cost).toEqual({ delists: false, message: null, recommendations: [] });

  const other = { title: 'Payroll and pensions' } satisfies ListingChanges;
  const { cost: told } = await cost(provider.admin, other);
  expect(told.recommendations.map((each) => each.id).sort()).toEqual(provider.recommenders.map((each) => each.recommendation).sort());
  expect(told).toMatchObject({ delists: true, message: expect.stringContaining('you would not be listed') });
  expect(told.message).toContain('make a new listing');
  expect((await cost(await outsider(), other)).cost).toBeNull();

  const mutation = `mutation ($id: UUID!, $version: Int!, $input: ListingInput!, $accept: Boolean) {
    outcome: updateListing(id: $id, version: $version, input: $input, acceptCost: $accept) { ... on Listing { title } ... on Problem { code message } } }`;
  const update = async (accept?: boolean) =>
    (await ask<{ outcome: object }>(provider.admin, mutation, { id: provider.listing, version: await versionOf('listing', provider.listing), input: other, accept })).outcome;
  expect(await update()).toMatchObject({ code: 'COSTS_RECOMMENDATIONS', message: told.message });
  expect([await stateOf(provider.id), (await seen(provider)).recommendations.totalCount]).toEqual(['LISTED', 2]);
  expect(await update(true)).toEqual({ title: other.title });
  expect(await stateOf(provider.id)).toBe('LAPSED');
});

test('copy-editing costs nothing, whatever is edited', async () => {
  const provider = await server.world.listed();
  for (const input of [{ title: 'Reading: SUPPORT' }, { title: 'Supporting readers' }, { summary: 'Another summary altogether.' }, { phases: ['PRIMARY'] }, { delivery: ['IN_SCHOOL', 'ONLINE'] }] as ListingChanges[]) {
    expect([input, await change(provider, input)]).toEqual([input, 'done']);
  }
  expect(await seen(provider)).toMatchObject({ recommendations: { totalCount: 2 }, changedSince: [] });
  expect(await stateOf(provider.id)).toBe('LISTED');
});

test.each<[string, ListingChanges]>([
  ['title', { title: 'Roofing and gutters' }],
  ['categories', { categories: ['FINANCE_AND_OPERATIONS'] }],
  ['phases', { phases: ['SECONDARY'] }],
  ['kind of support', { delivery: ['ONLINE'] }],
])('another %s: recommendations stop counting for the listing, and each counts again from the moment its school says that it still is what it used', async (_field, input) => {
  const provider = await server.world.listed();
  const [first, second] = provider.recommenders as [Listed['recommenders'][0], Listed['recommenders'][0]];
  expect(await change(provider, input)).toBe('COSTS_RECOMMENDATIONS');
  expect(await change(provider, input, true)).toBe('done');
  expect(await stateOf(provider.id)).toBe('LAPSED');
  expect(await seen(provider, provider.admin)).toMatchObject({ recommendations: { totalCount: 0 }, changedSince: [{ schools: 2, title: 'Reading support' }] });

  expect(await affirm(provider.admin, first.recommendation)).toBe('NOT_ALLOWED');
  expect(await affirm(second.lead, first.recommendation)).toBe('NOT_FOUND');
  expect(await affirm(first.lead, first.recommendation)).toBe('done');
  expect(await affirm(first.lead, first.recommendation)).toBe('NOT_ALLOWED_IN_THIS_STATE');
  expect(await stateOf(provider.id)).toBe('LAPSED');
  expect(await affirm(await server.world.lead(second.urn), second.recommendation)).toBe('done');
  expect(await stateOf(provider.id)).toBe('LISTED');
  expect(await seen(provider)).toMatchObject({ recommendations: { totalCount: 2 }, changedSince: [] });
});

test('many small steps lead no further than one large one, also over a draft and back', async () => {
  const provider = await server.world.listed();
  const steps: ListingChanges[] = [{ title: 'Reading and debating' }, { title: 'Reading debating chess' }, { title: 'Debating chess championships' }];
  const done: string[] = [];
  for (const step of steps) done.push(await change(provider, step));
  expect(done.slice(0, 1)).toEqual(['done']);
  expect(done.at(-1)).toBe('COSTS_RECOMMENDATIONS');
  await act(provider, 'unpublish');
  expect(await change(provider, steps.at(-1)!)).toBe('COSTS_RECOMMENDATIONS');
  expect(await change(provider, steps.at(-1)!, true)).toBe('done');
  await act(provider, 'publish');
  expect([await stateOf(provider.id), (await seen(provider, provider.admin)).recommendations.totalCount]).toEqual(['LAPSED', 0]);
  expect(await change(provider, { title: 'Reading support' })).toBe('done'); // as it was: nobody has to say anything
  expect([await stateOf(provider.id), (await seen(provider)).recommendations.totalCount]).toEqual(['LISTED', 2]);
});

test('what was looked at is what is affirmed: a change in between is told', async () => {
  const provider = await server.world.listed();
  const { lead, recommendation } = provider.recommenders[0]!;
  await change(provider, { title: 'Debating' }, true);
  const version = await versionOf('recommendation', recommendation);
  await change(provider, { title: 'Roofing' }, true);
  expect(await affirm(lead, recommendation, version)).toBe('CONFLICT');
});

test('each recommendation keeps and shows what it vouched for as it was when it was given, also after it was affirmed', async () => {
  const provider = await server.world.listed();
  const { lead, recommendation } = provider.recommenders[0]!;
  const query = 'query ($id: UUID!) { recommendation(id: $id) { counts vouchedFor { title categories phases delivery changedAt affirmedAt } listings { title } } }';
  const then = { title: 'Reading support', categories: ['TEACHING_AND_LEARNING'], phases: ['PRIMARY'], delivery: ['IN_SCHOOL'] };
  const read = async () => (await ask<{ recommendation: object }>(lead, query, { id: recommendation })).recommendation;
  expect(await read()).toEqual({ counts: true, vouchedFor: [{ ...then, changedAt: null, affirmedAt: null }], listings: [{ title: 'Reading support' }] });
  await change(provider, { title: 'Debating', phases: ['SECONDARY'] }, true);
  expect(await read()).toEqual({ counts: false, vouchedFor: [{ ...then, changedAt: expect.any(String), affirmedAt: null }], listings: [{ title: 'Debating' }] });
  const mutation = 'mutation ($id: UUID!, $version: Int!) { affirmRecommendation(id: $id, version: $version) { ... on Recommendation { counts } ... on Problem { code } } }';
  const answer = await ask(lead, mutation, { id: recommendation, version: await versionOf('recommendation', recommendation) });
  expect(answer).toEqual({ affirmRecommendation: { counts: true } });
  expect(await read()).toEqual({ counts: true, vouchedFor: [{ ...then, changedAt: null, affirmedAt: expect.any(String) }], listings: [{ title: 'Debating' }] });
});

test('who has come to have an interest does not affirm, and the schools are told of the change', async () => {
  const provider = await server.world.listed();
  const { lead, urn, recommendation } = provider.recommenders[0]!;
  const colleague = await server.world.lead(urn);
  await change(provider, { title: 'Debating' }, true);
  await server.world.give(colleague.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
  await server.deliver();
  expect(server.outbox.filter((mail) => mail.to === lead.email).map((mail) => mail.subject)).toContainEqual(expect.stringContaining('has changed what'));
  expect(['MEMBER_OF_PROVIDER', 'HAS_INTEREST']).toContain(await affirm(await server.world.refresh(colleague), recommendation));
});

test('a provider stands on no recommendation of which nothing is offered any more; one listing that is offered is enough', async () => {
  const provider = await server.world.checked();
  const { listings, recommendations } = server.app.directory;
  const other = await listings.create(provider.admin, provider.id, {
    title: 'Maths support', summary: 'Half a day.', categories: ['TEACHING_AND_LEARNING'], phases: ['PRIMARY'], delivery: ['IN_SCHOOL'], national: true, price: { kind: 'BESPOKE' },
  });
  await listings.act(other, 'publish', { actor: provider.admin });
  const [first, second] = [await server.world.recommender(provider), await server.world.recommender(provider)];
  await recommendations.give(first.lead, { ...first.input, listingIds: [provider.listing, other] });
  await recommendations.give(second.lead, second.input);
  expect(await stateOf(provider.id)).toBe('LISTED');
  expect((await seen({ listing: other }, provider.admin)).costOfTakingDown).toEqual({ delists: false, message: null, recommendations: [expect.anything()] });
  const { costOfTakingDown } = await seen(provider, provider.admin);
  expect(costOfTakingDown).toMatchObject({ delists: true, message: expect.stringContaining('vouch for this listing') });
  expect((await seen(provider)).costOfTakingDown).toBeNull();
  await act(provider, 'unpublish');
  expect(await stateOf(provider.id)).toBe('LAPSED'); // the other listing is published, but only one school vouches for it
  await act(provider, 'publish');
  expect(await stateOf(provider.id)).toBe('LISTED');
  await listings.act(other, 'remove', { actor: provider.admin });
  expect(await stateOf(provider.id)).toBe('LISTED');
});

test('a provider without a published listing is not listed, which is said before, and no commit breaks it', async () => {
  const provider = await server.world.listed();
  expect((await seen(provider, provider.admin)).costOfTakingDown).toMatchObject({ delists: true, message: expect.stringContaining('last published listing') });
  const refused = (sql: string) => expect(server.app.db.query(sql, [provider.listing])).rejects.toThrow('is LISTED with');
  await refused(`UPDATE listing SET state = 'DRAFT' WHERE id = $1`);
  await refused(`UPDATE listing SET title = 'Roofing', version = version + 1 WHERE id = $1`); // nobody judged it
  await refused('UPDATE recommendation_listing SET changed_at = now() WHERE listing_id = $1');
  await act(provider, 'unpublish');
  expect(await stateOf(provider.id)).toBe('LAPSED');
  await act(provider, 'publish');
  await act(provider, 'remove');
  expect(await stateOf(provider.id)).toBe('LAPSED');
});
