import { startApp, type TestServer } from '../support/app.js';
import { Client, hidden } from './client.js';
import { faultsOf } from './html.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
  await server.world.la('990');
});

const newcomer = async () => new Client(server.url, await server.cookieOf(await server.world.person()));

const LISTING = {
  title: 'Phonics twilights',
  summary: 'Six short sessions after school.',
  categories: ['CURRICULUM_AND_SUBJECTS', 'EARLY_YEARS'],
  phases: 'PRIMARY',
  delivery: 'IN_SCHOOL',
  keywords: 'phonics, early reading',
  laCodes: ['990'],
  'price-kind': 'PRICED',
  'price-pence': '£1,250.50',
  'price-unit': 'COURSE',
  'price-vat': 'ADDED',
  capacity: 'AVAILABLE',
};

test('a provider registers, writes its profile and a listing, and sees what is left to do', async () => {
  const client = await newcomer();
  const form = await client.get('/providers/new');
  const key = hidden(form.html, 'key');

  const empty = await client.post('/providers/new', { key });
  expect([empty.status, empty.title]).toEqual([422, 'Error: Register a provider – Signpost']);
  const wrongIn = (html: string) => [...html.matchAll(/<a href="#([^"]+)">/g)].map((match) => match[1]);
  expect(wrongIn(empty.html)).toEqual(['name', 'kind']);
  expect(wrongIn((await client.post('/providers/new', { key, kind: 'SCHOOL' })).html)).toEqual(['name', 'school']);
  const registered = await client.post('/providers/new', { key, name: 'Sound Start', kind: 'SOLE_TRADER', assuringLa: '990' });
  const way = registered.location!;
  expect(way).toMatch(/^\/providers\/[0-9a-f-]{36}\/way-to-being-listed$/);
  const again = await client.post('/providers/new', { key, name: 'Sound Start', kind: 'SOLE_TRADER', assuringLa: '990' });
  expect(again.location).toBe(way); // sent twice, made once
  const other = await client.post('/providers/new', { key, name: 'Sound Finish', kind: 'SOLE_TRADER', assuringLa: '990' });
  expect(other.html).toContain('This form has been sent before.');
  expect(hidden(other.html, 'key')).not.toBe(key);

  const provider = way.replace('/way-to-being-listed', '');
  const todo = await client.get(way);
  expect(todo.html).toContain('To do: you');
  expect(todo.html).toContain('Add a summary of what you do.');

  const edit = await client.get(`${provider}/edit`);
  const profile = { version: hidden(edit.html, 'version'), name: 'Sound Start', assuringLa: '990', safeguarding: 'Checked and trained.', declares: 'no' };
  const wrong = await client.post(`${provider}/edit`, { ...profile, summary: 'x'.repeat(301), contactEmail: 'nobody', website: 'ftp://x' });
  expect(wrong.status).toBe(422);
  for (const field of ['summary', 'contactEmail', 'website']) {
    expect(wrong.html).toContain(`<a href="#${field}">`);
    expect(wrong.html).toContain(`id="${field}-error"`);
  }
  const saved = await client.post(`${provider}/edit`, { ...profile, summary: 'Teaches teachers to teach reading.', contactName: 'Ada Example', contactEmail: 'ada@example.org' });
  expect(saved.location).toBe(`${provider}?done=saved`);

  const stale = await client.post(`${provider}/edit`, { ...profile, name: 'Sound Restart', summary: 'Other words.' });
  expect(stale.html).toContain('Somebody else has changed this since you opened it.');
  expect(stale.html).toContain('value="Sound Restart"');
  const knowingly = await client.post(`${provider}/edit`, { ...profile, version: hidden(stale.html, 'version'), summary: 'Other words.', contactName: 'Ada Example', contactEmail: 'ada@example.org' });
  expect(knowingly.status).toBe(303);

  const blank = await client.get(`${provider}/listings/new`);
  const draft = await client.post(`${provider}/listings/new`, { key: hidden(blank.html, 'key'), title: 'Phonics twilights', 'price-kind': 'BESPOKE' });
  const listing = draft.location!.replace('?done=saved', '');
  expect((await client.get(listing)).html).toContain('Before this listing can be published, add');

  const change = await client.get(`${listing}/edit`);
  const bad = await client.post(`${listing}/edit`, { ...LISTING, version: hidden(change.html, 'version'), 'price-pence': 'a lot', radiusKm: 'far' });
  expect(bad.status).toBe(422);
  expect(bad.html).toContain('<a href="#price-pence">Enter the price in pounds, like 450 or 37.50.</a>');
  expect(bad.html).toContain('href="#radiusKm"');
  expect(bad.html).toContain('value="a lot"');
  const allBad = { 'price-kind': 'PRICED', 'price-pence': 'a lot', radiusKm: '999', title: '', summary: 'x'.repeat(301), keywords: 'x'.repeat(51), availableFrom: '0000-01-01', contactEmail: 'nobody' };
  const allOf = await client.post(`${provider}/listings/new`, { ...allBad, key: hidden(blank.html, 'key') });
  expect([allOf.status, wrongIn(allOf.html)]).toEqual([422, ['title', 'summary', 'keywords', 'radiusKm', 'price-pence', 'availableFrom', 'contactEmail']]);
  expect((await client.post(`${listing}/edit`, { ...LISTING, version: hidden(change.html, 'version'), availableFrom: '2026-02-30' })).html).toContain('<a href="#availableFrom">The day from which there is room must be a day, like 2026-09-01.</a>');
  expect(wrongIn((await client.post(`${provider}/listings/new`, { title: '', key: hidden(blank.html, 'key') })).html)).toEqual(['title', 'price-kind']);
  const incomplete = await client.post(`${listing}/edit`, { ...LISTING, version: hidden(change.html, 'version'), 'price-unit': '' });
  expect(incomplete.html).toContain('<a href="#price-unit">Say what the price buys.</a>');
  expect((await client.post(`${listing}/edit`, { ...LISTING, version: hidden(change.html, 'version') })).status).toBe(303);
  expect((await client.get(listing)).html).toContain('£1,250.50 a course, plus VAT');

  const publish = await client.get(`${listing}/actions/publish`);
  expect(publish.title).toContain('Publish the listing');
  expect((await client.post(`${listing}/actions/publish`)).location).toBe(`${listing}?done=publish`);
  expect((await client.post(`${provider}/actions/complete`)).location).toBe(`${way}?done=complete`);
  const waits = await client.get(`${way}?done=complete`);
  expect(waits.html).toContain('Ask a school to recommend you');

  const pages = [form, empty, todo, edit, wrong, stale, blank, change, bad, publish, waits, await client.get(provider), await client.get(`${listing}/edit`), await client.get('/account')];
  for (const page of pages) expect([page.title, await faultsOf(page.html)]).toEqual([page.title, []]);
});

test('a form shows what is there, and sending it unchanged changes nothing', async () => {
  const { listing, admin } = await server.world.listed();
  const client = new Client(server.url, await server.cookieOf(admin));
  const read = async () => (await server.app.db.query<Record<string, unknown>>('SELECT * FROM listing WHERE id = $1', [listing]))[0]!;
  const { version: _before, updated_at: _then, ...before } = await read();

  const { html } = await client.get(`/listings/${listing}/edit`);
  const values = [...html.matchAll(/<input[^>]*?\bname="([^"]+)"[^>]*>/g)].filter(([tag]) => !/type="(checkbox|radio)"/.test(tag) || / checked/.test(tag)).map(([tag, name]) => [name!, /value="([^"]*)"/.exec(tag)?.[1] ?? '']);
  const areas = [...html.matchAll(/<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</g)].map(([, name, text]) => [name!, text!]);
  const selects = [...html.matchAll(/<select[^>]*name="([^"]+)"[^>]*>(.*?)<\/select>/gs)].map(([, name, options]) => [name!, /value="([^"]*)" selected/.exec(options!)?.[1] ?? '']);
  const fields: Record<string, string[]> = {};
  for (const [name, value] of [...values, ...areas, ...selects]) (fields[name!] ??= []).push(value!);

  expect((await client.post(`/listings/${listing}/edit`, fields)).location).toBe(`/listings/${listing}?done=saved`);
  const { version: _after, updated_at: _now, ...after } = await read();
  expect(after).toEqual(before);
});

test('an officer checks, suspends with a reason and ends the suspension', async () => {
  const { id } = await server.world.awaiting({ name: 'Slow Readers' });
  const client = new Client(server.url, await server.cookieOf(await server.world.officer('990')));
  const account = await client.get('/account');
  expect(account.html).toContain('Slow Readers');
  expect(account.html).toContain('3 things');

  const wrong = await client.post(`/providers/${id}/checks`, { 'expiresOn-day': '31', 'expiresOn-month': '2', 'expiresOn-year': '2027' });
  expect(wrong.html).toContain('href="#kind"');
  expect(wrong.html).toContain('href="#expiresOn"');
  expect(await faultsOf(wrong.html)).toEqual([]);
  const past = await client.post(`/providers/${id}/checks`, { kind: 'INSURANCE', 'expiresOn-day': '1', 'expiresOn-month': '2', 'expiresOn-year': '2020' });
  expect(past.html).toContain('The day until which the check holds must be from');
  const done = await client.post(`/providers/${id}/checks`, { kind: 'INSURANCE', 'expiresOn-day': '1', 'expiresOn-month': '2', 'expiresOn-year': '2028' });
  expect(done.location).toBe(`/providers/${id}?done=check`);
  expect((await client.get('/account')).html).toContain('2 things');

  const listed = await server.world.listed();
  const suspend = `/providers/${listed.id}/actions/suspend`;
  expect((await client.post(suspend)).html).toContain('<a href="#reason">Give a reason.</a>');
  expect((await client.post(suspend, { reason: 'Insurance in doubt' })).status).toBe(303);
  expect((await new Client(server.url).get(`/providers/${listed.id}`)).status).toBe(404);
  const seen = await client.get(`/providers/${listed.id}`);
  expect(seen.html).toContain('Reason: Insurance in doubt');
  expect((await client.post(`/providers/${listed.id}/actions/reinstate`, { reason: 'All is well' })).location).toBe(`/providers/${listed.id}?done=reinstate`);
  expect((await new Client(server.url).get(`/providers/${listed.id}`)).status).toBe(200);
});

test('a lead registers their school as a provider by its name', async () => {
  const lead = await server.world.lead(await server.world.school({ name: 'Meadow Bank Primary' }));
  const client = new Client(server.url, await server.cookieOf(lead));
  const fields = { key: hidden((await client.get('/providers/new')).html, 'key'), name: 'Meadow Bank', kind: 'SCHOOL' };
  expect((await client.post('/providers/new', fields)).html).toContain('<a href="#school">');
  const found = await client.post('/providers/new', { ...fields, school: 'meadow bank' });
  expect(found.html).toContain('<a href="#schoolUrn">Choose the school.</a>');
  expect(await faultsOf(found.html)).toEqual([]);
  const urn = /name="schoolUrn" type="radio" value="(\d+)"/.exec(found.html)![1]!;
  expect((await client.post('/providers/new', { ...fields, school: 'meadow bank', schoolUrn: urn })).status).toBe(303);
});

test('an officer enters a free service of the council', async () => {
  const client = new Client(server.url, await server.cookieOf(await server.world.officer('990')));
  const form = await client.get('/providers/new');
  expect(form.html).toContain('As a free service of the council itself');
  expect((await (await newcomer()).get('/providers/new')).html).not.toContain('As a free service');
  const registered = await client.post('/providers/new', { key: hidden(form.html, 'key'), name: 'School Meals Team', kind: 'COUNCIL_SERVICE', assuringLa: '990', assurance: 'COUNCIL' });
  const way = await client.get(registered.location!);
  expect(way.html).not.toContain('recommendations from different schools');
  expect([await faultsOf(form.html), await faultsOf(way.html)]).toEqual([[], []]);
});
