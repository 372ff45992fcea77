import type { StandingItem } from '../../src/directory/standing.js';
import type { Actor } from '../../src/platform/actor.js';
import { startApp, type TestServer } from '../support/app.js';
import { Client } from '../web/client.js';
import { faultsOf } from '../web/html.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});

/** The items as this person is told them over HTTP, of those that are not done: what is needed, who must act, and more. */
async function toDo(actor: Actor, id: string): Promise<string[]> {
  const query = 'query ($id: UUID!) { provider(id: $id) { wayToBeingListed { needed done whoActs detail } } }';
  const { data } = await server.graphql<{ provider: { wayToBeingListed: StandingItem[] } }>(query, { id }, await server.cookieOf(actor));
  return data.provider.wayToBeingListed.filter((each) => !each.done).map((each) => `${each.whoActs}: ${each.needed} ${each.detail}`);
}

const page = async (actor: Actor, id: string) => new Client(server.url, await server.cookieOf(actor)).get(`/providers/${id}/way-to-being-listed`);
const listings = () => server.app.directory.listings;
const recommendations = () => server.app.directory.recommendations;

const NO_LISTING = 'PROVIDER: Publish at least one listing. None is published. Schools find, and recommend, published listings.';

test('a listing that was taken down is to be published again by the provider, and its page does not say that schools find it', async () => {
  const provider = await server.world.listed();
  expect(await toDo(provider.admin, provider.id)).toEqual([]);
  expect((await page(provider.admin, provider.id)).html).toContain('Schools can find you.');

  await listings().act(provider.listing, 'unpublish', { actor: provider.admin });
  const [no, recommended, ...more] = await toDo(provider.admin, provider.id);
  expect([no, more]).toEqual([NO_LISTING, []]);
  const schools = (await server.app.db.query<{ name: string }>('SELECT name FROM school WHERE urn = ANY($1) ORDER BY name', [provider.recommenders.map((each) => each.urn)])).map((each) => each.name);
  expect(recommended).toContain(`None counts so far. Vouch for what you have taken down: ${schools.join('; ')}.`);
  const { html } = await page(provider.admin, provider.id);
  expect(html).toContain('2 things are left to do.');
  expect(html).not.toContain('Schools can find you.');
  expect(await faultsOf(html)).toEqual([]);

  const awaiting = await server.world.awaiting();
  await listings().act(awaiting.listing, 'remove', { actor: awaiting.admin });
  expect(await toDo(awaiting.admin, awaiting.id)).toContain(NO_LISTING);
});

test('a suspension is ended by the officers of the assuring LA', async () => {
  const provider = await server.world.listed();
  await server.app.directory.providers.act(provider.id, 'suspend', { actor: provider.officer, reason: 'Insurance in doubt' });
  const expected = ['LOCAL_AUTHORITY: An end of the suspension. It is suspended. The officers of Shire 990 decide when that ends.'];
  expect(await toDo(provider.admin, provider.id)).toEqual(expected);
  expect(await toDo(provider.officer, provider.id)).toEqual(expected);
  expect((await page(provider.admin, provider.id)).html).toContain('To do: local authority');
  const account = await new Client(server.url, await server.cookieOf(provider.officer)).get('/account');
  expect(account.html).toContain(`1 thing<span class="govuk-visually-hidden"> for Provider`);
});

test('a suspension is ended by a system administrator where no LA assures', async () => {
  const admin = await server.world.person('SYSTEM_ADMIN');
  const { providers } = server.app.directory;
  const id = await providers.register(admin, { name: 'Reading for All', kind: 'NATIONAL_PROGRAMME', assurance: 'NATIONAL' });
  const owner = await server.world.refresh(admin);
  await providers.update(owner, id, 1, {
    summary: 'Books for every school.',
    contactName: 'Ada Example',
    contactEmail: 'ada@example.org',
    safeguarding: 'No staff come to schools.',
    interests: '',
    assuredBy: 'The Department',
    assuredLink: 'https://assured.example',
  });
  const listing = await listings().create(owner, id, { title: 'Books', summary: 'Boxes of books.', categories: ['TEACHING_AND_LEARNING'], phases: ['PRIMARY'], delivery: ['ONLINE'], national: true, price: { kind: 'FREE' } });
  await listings().act(listing, 'publish', { actor: owner });
  expect(await toDo(owner, id)).toEqual(['SIGNPOST: List the provider. It is listed on the word of who assures it, and labelled as such.']);
  await providers.act(id, 'publishNationalProgramme', { actor: owner });
  expect(await toDo(owner, id)).toEqual([]);
  await providers.act(id, 'suspend', { actor: await server.world.person('SYSTEM_ADMIN'), reason: 'The link is dead' });
  expect(await toDo(owner, id)).toEqual(['SIGNPOST: An end of the suspension. A system administrator of Signpost has suspended it, and decides when that ends.']);
});

test('a recommendation that is being looked at is the officer’s to decide, and is no longer asked of schools as if there were none', async () => {
  const provider = await server.world.listed();
  const [first] = provider.recommenders;
  await recommendations().act(first!.recommendation, 'flag', { actor: provider.officer, reason: 'Is it independent?' });
  const name = `School ${first!.urn}`;
  expect(await toDo(provider.admin, provider.id)).toEqual([
    'SCHOOL: 2 recommendations from different schools, people and governing bodies. One counts so far. One more waits for an officer of Shire 990. Ask a school that has used your support.',
    `LOCAL_AUTHORITY: A decision on the recommendation of ${name}. An officer of Shire 990 is looking into it, and decides whether it stands. It does not count meanwhile.`,
  ]);
  await recommendations().act(first!.recommendation, 'uphold', { actor: provider.officer, reason: 'It is' });
  expect(await toDo(provider.admin, provider.id)).toEqual([]);
});

test('a recommendation whose independence is to be confirmed is the officer’s too', async () => {
  const provider = await server.world.checked();
  const { lead, input, urn } = await server.world.recommender(provider, { academy: true });
  await recommendations().give(lead, input);
  const [needed, confirm] = await toDo(provider.admin, provider.id);
  expect(needed).toContain('None counts so far. One more waits for an officer of Shire 990.');
  expect(confirm).toContain(`LOCAL_AUTHORITY: The recommendation of School ${urn} is to be confirmed as independent.`);
});

test('a recommendation taken back, and one that has lapsed, leave the school to act; a lapsed one may be given again', async () => {
  const provider = await server.world.listed();
  const [first, second] = provider.recommenders;
  await recommendations().act(first!.recommendation, 'withdraw', { actor: first!.lead });
  expect(await toDo(provider.admin, provider.id)).toEqual(['SCHOOL: 2 recommendations from different schools, people and governing bodies. One counts so far. Ask a school that has used your support.']);

  await server.app.db.query('UPDATE recommendation SET lapses_at = $2 WHERE id = $1', [second!.recommendation, server.clock.now()]);
  await recommendations().passTime();
  const lapsed = `Lapsed after three years, and may be given again: School ${second!.urn}.`;
  expect((await toDo(provider.admin, provider.id))[0]).toContain(`None counts so far. ${lapsed} Ask a school that has used your support.`);
  await recommendations().give(second!.lead, second!.input);
  expect((await toDo(provider.admin, provider.id))[0]).not.toContain('Lapsed');
});

test('a check that has run out is to be done again', async () => {
  const provider = await server.world.awaiting();
  expect(await toDo(provider.admin, provider.id)).toContain('LOCAL_AUTHORITY: Insurance: to be checked by Shire 990. An officer of Shire 990 has to look at it.');
  const officer = await server.world.officer('990');
  await server.app.directory.providers.recordCheck(officer, provider.id, 'INSURANCE', '2035-12-31');
  await server.app.db.query(`UPDATE provider_check SET expired = true WHERE provider_id = $1`, [provider.id]);
  expect(await toDo(provider.admin, provider.id)).toContain('LOCAL_AUTHORITY: Insurance: to be checked by Shire 990. The last check has run out. An officer of Shire 990 has to look at it again.');
});

test('a provider that has left begins anew', async () => {
  const provider = await server.world.listed();
  await server.app.directory.providers.act(provider.id, 'withdraw', { actor: provider.admin });
  expect(await toDo(provider.admin, provider.id)).toEqual(['PROVIDER: Register the provider anew. It has left the directory for good.']);
});
