import { startApp, type TestServer } from '../support/app.js';
import { Client } from './client.js';
import { faultsOf } from './html.js';

let server: TestServer;
let client: Client;
let reading: Awaited<ReturnType<TestServer['world']['listed']>>;

beforeAll(async () => {
  server = await startApp();
  client = new Client(server.url);
  reading = await server.world.listed({ name: 'Reading Friends' });
  const { listings } = server.app.directory;
  for (let i = 0; i < 11; i++) {
    const id = await listings.create(reading.admin, reading.id, {
      title: `Governor induction ${i}`,
      summary: 'An evening for new governors.',
      categories: ['GOVERNANCE'],
      phases: ['SECONDARY'],
      delivery: ['ONLINE'],
      national: true,
      price: { kind: 'FREE', link: null },
    });
    await listings.act(id, 'publish', { actor: reading.admin });
  }
});

const counted = (html: string, label: string) => Number(new RegExp(`${label} \\((\\d+)\\)`).exec(html)?.[1] ?? NaN);

test('the directory: results, counts, pages', async () => {
  const page = await client.get('/');
  expect([page.status, page.title]).toEqual([200, 'Find support that other schools vouch for – Signpost']);
  expect(page.html).toContain('12 results <span class="govuk-!-font-weight-regular">(1 to 10)</span>');
  expect([counted(page.html, 'Governance'), counted(page.html, 'Teaching and learning'), counted(page.html, 'Online')]).toEqual([11, 1, 11]);
  expect(page.html).not.toContain('Early years (');
  const more = /href="(\/\?[^"]+)" rel="next"/.exec(page.html)![1]!.replaceAll('&amp;', '&');
  const next = await client.get(more);
  expect(next.html).toContain('(11 to 12)');
  expect(next.html).toContain('<a class="govuk-link" href="/">Back to the first results</a>');
  const titles = [page, next].flatMap(({ html }) => [...html.matchAll(/href="\/listings\/([^"]+)"/g)].map((match) => match[1]));
  expect(new Set(titles).size).toBe(12);
  expect([await faultsOf(page.html), await faultsOf(next.html)]).toEqual([[], []]);
});

test('words and choices narrow, show as tags that take themselves away, and leave the own group countable', async () => {
  const page = await client.get('/?q=reading&category=TEACHING_AND_LEARNING&phase=PRIMARY&la=');
  expect(page.title).toBe('reading – 1 result in the directory – Signpost');
  expect(page.html).toContain('1 result for “reading”');
  expect(page.html).toContain('Recommended by School');
  expect(page.html).toContain('and 1 other school');
  expect(page.html).toContain('£450 a day, plus VAT');
  expect(page.html).toContain('<a href="/?q=reading&amp;phase=PRIMARY"><span class="govuk-visually-hidden">Remove </span>Teaching and learning');
  expect(page.html).toContain('<a href="/?q=reading">Clear all</a>');
  expect(page.html).toContain('value="TEACHING_AND_LEARNING" checked>');

  const governance = await client.get('/?category=GOVERNANCE');
  expect([counted(governance.html, 'Governance'), counted(governance.html, 'Teaching and learning'), counted(governance.html, 'Primary')]).toEqual([11, 1, NaN]);
  expect([await faultsOf(page.html), await faultsOf(governance.html)]).toEqual([[], []]);
});

test('an empty result says what to try', async () => {
  const page = await client.get('/?q=zebra&category=GOVERNANCE');
  expect(page.status).toBe(200);
  expect(page.html).toContain('Nothing found');
  expect(page.html).toContain('<a class="govuk-link" href="/?category=GOVERNANCE">Without “zebra”</a> (11)');
  expect(page.html).not.toContain('clear what you have chosen'); // it would find nothing either
  expect(page.html.match(/href="\/\?category=GOVERNANCE"/g)).toHaveLength(1); // what finds more is not offered once more without how much
  expect(page.html).toContain('<a class="govuk-link" href="/">look through the whole directory</a>');
  expect(page.html).toContain('Governance (0)'); // a choice can be taken back where it was made
  expect(await faultsOf(page.html)).toEqual([]);
});

test('where only everything helps, everything is offered once', async () => {
  const page = await client.get('/?q=zebra');
  expect(page.html.match(/<main[\s\S]*<\/main>/)![0].match(/<li><a class="govuk-link" href="\/">/g)).toHaveLength(1);
  const chosen = await client.get('/?phase=NURSERY&category=GOVERNANCE&kind=UNIVERSITY&free=true');
  expect(chosen.html).toContain('Nothing found');
  expect(chosen.html).not.toMatch(/<ul[^>]*>\s*<\/ul>/);
});

test('what was searched for is marked, and the page says why each was found', async () => {
  const page = await client.get('/?q=inducton');
  expect(page.html).toContain('Governor <mark class="app-mark">induction</mark>');
  expect(page.html).toContain('Why this: Its title has “induction”.');
  expect(await faultsOf(page.html)).toEqual([]);
});

test('a place narrows, orders by distance, and where nobody knows it the page says so', async () => {
  const urn = await server.world.school({ name: 'Grove Road Primary' });
  await server.app.db.query(`UPDATE school SET easting = 450000, northing = 300000, latitude = 52, longitude = -1 WHERE urn = $1`, [urn]);
  await server.app.db.query('UPDATE provider SET base_easting = 466000, base_northing = 300000 WHERE id = $1', [reading.id]);
  await server.app.search.rebuild();
  const page = await client.get(`/?near=${urn}&within=10&order=DISTANCE`);
  expect(page.html).toContain('about 10 miles');
  expect(page.html).toContain('Leave out schools like');
  expect((await client.get(`/?near=${urn}&within=5`)).html).toContain('Look further than 5 miles');
  const named = await client.get(`/?near=${encodeURIComponent('grove road')}&within=10`);
  expect(named.html).toContain(`name="near" type="text" value="${urn}"`);
  const unknown = await client.get('/?near=ZZ9+9ZZ&q=reading');
  expect([unknown.status, unknown.html.includes('value="ZZ9 9ZZ"'), unknown.title]).toEqual([200, true, 'Error: reading – 12 results in the directory – Signpost']);
  expect(unknown.html).toContain('<a href="#near">We do not know where “ZZ9 9ZZ” is. Type a postcode, its first half, or a school.</a>');
  expect(unknown.html).toContain('<p id="near-error" class="govuk-error-message">');
  expect([await faultsOf(page.html), await faultsOf(unknown.html)]).toEqual([[], []]);
});

test.each(['😀', '%', '–!?'])('where there is no word in “%s”, the page says so and does not call everything a result for it', async (typed) => {
  const page = await client.get(`/?q=${encodeURIComponent(typed)}`);
  expect([page.status, page.title]).toEqual([200, 'Find support that other schools vouch for – Signpost']);
  expect(page.html).toContain(`There is no word to look for in “${typed}”, so this is the whole directory.`);
  expect(page.html).toContain(`type="search" value="${typed}"`);
  expect(page.html).not.toContain('results for “');
  const narrowed = await client.get(`/?q=${encodeURIComponent(typed)}&category=GOVERNANCE`);
  expect(narrowed.html).toContain(`so this is what fits the rest that you have chosen.`);
  expect(narrowed.html).toContain('11 results');
  expect([await faultsOf(page.html), await faultsOf(narrowed.html)]).toEqual([[], []]);
});

test('whoever has a role in a local authority finds it first', async () => {
  await server.world.la('100', 'Aldershire');
  const officer = new Client(server.url, await server.cookieOf(await server.world.officer('990')));
  const options = [...(await officer.get('/')).html.matchAll(/<option value="(\d*)"[^>]*>([^<]*)</g)].map((match) => match[2]);
  expect(options.slice(0, 2)).toEqual(['Anywhere in England', expect.stringMatching(/^Shire 990 \(12\), yours$/)]);
});

test('a listing has what a school asks before it picks up the phone', async () => {
  const page = await client.get(`/listings/${reading.listing}`);
  expect(page.title).toBe('Reading support – Signpost');
  for (const words of ['£450 a day, plus VAT', 'Across England', 'In school', 'Primary', 'Teaching and learning', 'Available now', 'Ada Example', 'mailto:ada-', 'Coached three teachers of reading.', 'Spring term 2026']) {
    expect(page.html).toContain(words);
  }
  expect(page.html).toContain(`href="/providers/${reading.id}"`);
  expect(await faultsOf(page.html)).toEqual([]);
});

test('a provider has its listings, who vouches for it, and its history', async () => {
  const page = await client.get(`/providers/${reading.id}`);
  expect(page.html).toContain('Recommended by 2 schools');
  expect(page.html.match(/href="\/listings\//g)!.length).toBeGreaterThanOrEqual(12);
  expect(page.html).toContain('<span>Listed</span>');
  expect(page.html).not.toContain('/edit');
  expect(await faultsOf(page.html)).toEqual([]);
});

test('what is not published or not listed is no page for the public', async () => {
  const draft = await server.world.provider();
  expect((await client.get(`/providers/${draft.id}`)).status).toBe(404);
  expect((await client.get(`/listings/${draft.listing}`)).status).toBe(404);
  const own = await new Client(server.url, await server.cookieOf(draft.admin)).get(`/listings/${draft.listing}`);
  expect(own.html).toContain('Schools cannot find this at present');
});

test('a full page of results stays small with every local authority of England in it', async () => {
  for (let i = 0; i < 151; i++) await server.world.la(String(200 + i), `Unitary Authority of Somewhere ${i}`);
  const page = await client.get('/');
  expect(page.html.match(/<option/g)!.length).toBeGreaterThan(150);
  expect(Buffer.byteLength(page.html)).toBeLessThan(25_000);
});
