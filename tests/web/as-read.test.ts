import { startApp, type TestServer } from '../support/app.js';
import { Client, hidden } from './client.js';
import { faultsOf } from './html.js';

/** The pages send the version of what somebody reads and judges, and show it again where it has changed. */

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});

const clientOf = async (person: { personId: string | null }) => new Client(server.url, await server.cookieOf(person));
const AGAIN = 'Look at it again, then repeat what you wanted to do.';
const touch = (table: 'provider' | 'listing' | 'recommendation', id: string) => server.app.db.query(`UPDATE ${table} SET version = version + 1 WHERE id = $1`, [id]);
const checksOf = async (id: string) => (await server.app.db.query('SELECT FROM provider_check WHERE provider_id = $1', [id])).length;

test('an officer’s check', async () => {
  const { id } = await server.world.awaiting();
  const officer = await clientOf(await server.world.officer('990'));
  const page = await officer.get(`/providers/${id}/checks`);
  const form = (html: string) => ({ version: hidden(html, 'version'), kind: 'SAFEGUARDING', 'expiresOn-day': '1', 'expiresOn-month': '2', 'expiresOn-year': '2028' });
  await touch('provider', id);
  const again = await officer.post(`/providers/${id}/checks`, form(page.html));
  expect(again.html).toContain(AGAIN);
  expect(await faultsOf(again.html)).toEqual([]);
  expect(await checksOf(id)).toBe(0);
  expect((await officer.post(`/providers/${id}/checks`, form(again.html))).location).toBe(`/providers/${id}?done=check`);
  expect(await checksOf(id)).toBe(1);
});

test('a step that judges goes by the page from which the person comes', async () => {
  const provider = await server.world.listed();
  const officer = await clientOf(provider.officer);
  const [, link] = /href="([^"]+actions\/suspend[^"]*)"/.exec((await officer.get(`/providers/${provider.id}`)).html)!;
  await touch('provider', provider.id);
  const confirm = await officer.get(link!);
  const again = await officer.post(`/providers/${provider.id}/actions/suspend`, { version: hidden(confirm.html, 'version'), reason: 'It sent unchecked staff.' });
  expect(again.html).toContain(AGAIN);
  expect((await officer.post(`/providers/${provider.id}/actions/suspend`, { version: hidden(again.html, 'version'), reason: 'It sent unchecked staff.' })).location).toContain('done=suspend');
});

test('a lead’s recommendation: what has changed is to be chosen afresh', async () => {
  const provider = await server.world.checked();
  const { lead, urn, input } = await server.world.recommender(provider);
  const client = await clientOf(lead);
  const page = await client.get(`/providers/${provider.id}/recommend`);
  const form = (html: string) => ({
    key: hidden(html, 'key'), schoolUrn: String(urn), listingIds: provider.listing, listingVersions: hidden(html, 'listingVersions'),
    whatWasDone: input.whatWasDone, whenDone: input.whenDone, whatChanged: input.whatChanged, noInterest: 'yes',
  });
  await touch('listing', provider.listing);
  const again = await client.post(`/providers/${provider.id}/recommend`, form(page.html));
  expect(again.html).toContain(AGAIN);
  expect(again.html).not.toMatch(/name="listingIds"[^>]* checked/);
  expect(await faultsOf(again.html)).toEqual([]);
  expect((await client.post(`/providers/${provider.id}/recommend`, form(again.html))).location).toContain('done=given');
});
