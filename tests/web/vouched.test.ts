import { startApp, type TestServer } from '../support/app.js';
import { Client, hidden } from './client.js';
import { faultsOf } from './html.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});

const clientOf = async (person: { personId: string | null }) => new Client(server.url, await server.cookieOf(person));

const LISTING = {
  title: 'Payroll', summary: 'A day a week in school.', categories: 'TEACHING_AND_LEARNING', phases: 'PRIMARY', delivery: 'IN_SCHOOL', national: 'yes',
  'price-kind': 'PRICED', 'price-pence': '450', 'price-unit': 'DAY', 'price-vat': 'ADDED', capacity: 'AVAILABLE',
};

test('a change in substance is saved once its cost is accepted; the page says “changed since” until a lead says in one click that it still is what they used', async () => {
  const provider = await server.world.listed({ name: 'Steady Steps' });
  const third = await server.world.recommender(provider);
  await server.app.directory.recommendations.give(third.lead, third.input);
  const writing = await clientOf(provider.admin);
  const edit = await writing.get(`/listings/${provider.listing}/edit`);
  const version = hidden(edit.html, 'version');
  const asked = await writing.post(`/listings/${provider.listing}/edit`, { ...LISTING, version });
  expect(asked.status).toBe(422);
  expect(asked.html).toContain('vouch for this listing as it was: the title speaks of something else.');
  expect(asked.html).toContain('Make a new listing instead');
  expect(await faultsOf(asked.html)).toEqual([]);
  expect((await writing.post(`/listings/${provider.listing}/edit`, { ...LISTING, version: hidden(asked.html, 'version'), acceptCost: 'yes' })).location).toContain('done=saved');
  const own = await writing.get(`/listings/${provider.listing}`);
  expect(own.html).toContain('Changed since: 3 schools vouched for it as “Reading support”');
  expect(await faultsOf(own.html)).toEqual([]);

  const people = provider.recommenders;
  for (const { lead, recommendation } of people) {
    const client = await clientOf(lead);
    const page = await client.get(`/recommendations/${recommendation}`);
    expect(page.html).toContain('Is it still what you used?');
    expect(page.html).toContain('Reading support');
    expect(await faultsOf(page.html)).toEqual([]);
    expect((await client.post(`/recommendations/${recommendation}/affirm`, { version: '1' })).location).toContain('done=changed');
    expect((await client.post(`/recommendations/${recommendation}/affirm`, { version: hidden(page.html, 'version') })).location).toBe(`/recommendations/${recommendation}?done=affirm`);
    expect((await client.get(`/recommendations/${recommendation}`)).html).not.toContain('Is it still what you used?');
  }
  const open = await new Client(server.url).get(`/listings/${provider.listing}`);
  expect(open.html).toContain('Changed since: 1 school vouched for it');
  expect(open.html).toContain('Coached three teachers of reading.');
  expect((await new Client(server.url).get(`/providers/${provider.id}`)).html).toContain('Reading support'); // as it was when it was given
});

test('taking the last listing down says what it costs; what waits is read and confirmed by the officer', async () => {
  const provider = await server.world.listed({ name: 'Steady Stairs' });
  const own = await clientOf(provider.admin);
  expect((await own.get(`/listings/${provider.listing}/actions/unpublish`)).html).toContain('This is your last published listing');

  const edit = await own.get(`/providers/${provider.id}/edit`);
  const profile = { version: hidden(edit.html, 'version'), name: 'Quite Another Firm', summary: 'Helps.', contactName: 'Ada Example', contactEmail: 'ada@example.org', assuringLa: '990', safeguarding: 'All staff are checked and trained each year.', declares: 'no' };
  expect((await own.post(`/providers/${provider.id}/edit`, profile)).location).toContain('done=saved');
  expect((await new Client(server.url).get(`/providers/${provider.id}`)).html).not.toContain('Quite Another Firm');
  const officer = await clientOf(provider.officer);
  const waiting = await officer.get(`/providers/${provider.id}`);
  expect(waiting.html).toContain('Waits for an officer');
  expect(waiting.html).toContain('Quite Another Firm');
  expect(waiting.html).toContain('What was changed in the profile');
  expect(await faultsOf(waiting.html)).toEqual([]);
  const confirming = await officer.get(`/providers/${provider.id}/actions/confirmChanges`);
  expect(confirming.html).toContain('become public');
  expect(confirming.html).toContain('Quite Another Firm');
  const shown = hidden(confirming.html, 'shown');
  const rewritten = { ...profile, version: hidden((await own.get(`/providers/${provider.id}/edit`)).html, 'version') };
  await own.post(`/providers/${provider.id}/edit`, { ...rewritten, name: 'A Firm That Nobody Has Read' });
  expect((await officer.post(`/providers/${provider.id}/actions/confirmChanges`, { shown, version: hidden(confirming.html, 'version') })).location).toBeNull();
  const again = hidden((await own.get(`/providers/${provider.id}/edit`)).html, 'version');
  await own.post(`/providers/${provider.id}/edit`, { ...rewritten, version: again });
  const now = (await officer.get(`/providers/${provider.id}/actions/confirmChanges`)).html;
  expect((await officer.post(`/providers/${provider.id}/actions/confirmChanges`, { shown: hidden(now, 'shown'), version: hidden(now, 'version') })).location).toContain('done=confirmChanges');
  expect((await new Client(server.url).get(`/providers/${provider.id}`)).html).toContain('Quite Another Firm');
});
