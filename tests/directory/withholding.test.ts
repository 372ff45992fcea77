import type { Actor } from '../../src/platform/actor.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startApp, type TestServer } from '../support/app.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});

async function found(input: string, actor: Actor | null = null): Promise<string[]> {
  const query = `{ search(first: 50, input: { words: "xylophone"${input} }) { nodes { listing { title } } totalCount facets { group values { value count } } } }`;
  type Facets = { group: string; values: { value: string; count: number }[] }[];
  const { data } = await server.graphql<{ search: { nodes: { listing: { title: string } }[]; totalCount: number; facets: Facets } }>(query, {}, actor && (await server.cookieOf(actor)));
  expect(data.search.totalCount).toBe(data.search.nodes.length);
  return data.search.nodes.map(({ listing }) => listing.title).sort();
}

interface Answer {
  id?: string;
  code?: string;
}

async function withhold(actor: Actor, listingId: string, laCode: string, reason = 'Two schools had nobody come.'): Promise<Answer> {
  const query = `mutation ($listingId: UUID!, $laCode: String!, $reason: String!) {
    result: withholdListing(listingId: $listingId, laCode: $laCode, reason: $reason) { ... on ListingWithholding { id } ... on Problem { code } } }`;
  const { data, errors } = await server.graphql<{ result: Answer }>(query, { listingId, laCode, reason }, await server.cookieOf(actor));
  return errors ? { code: errors[0]!.extensions.code } : data.result;
}

async function end(actor: Actor, id: string): Promise<Answer> {
  const query = `mutation ($id: UUID!) { result: endListingWithholding(id: $id, reason: "They come now.") { ... on ListingWithholding { id } ... on Problem { code } } }`;
  return (await server.graphql<{ result: Answer }>(query, { id }, await server.cookieOf(actor))).data.result;
}

/** A listed provider with a national and a local listing of these titles. */
async function provider(la: string, national: string, local: { title: string; laCodes: string[] }) {
  const { world } = server;
  const it = await world.checked({ la });
  const { listings } = server.app.directory;
  const [{ version }] = (await server.app.db.query<{ version: number }>('SELECT version FROM listing WHERE id = $1', [it.listing])) as [{ version: number }];
  await listings.update(it.admin, it.listing, version, { title: national });
  for (let i = 0; i < 2; i++) {
    const { lead, input } = await world.recommender(it);
    await server.app.directory.recommendations.give(lead, input);
  }
  const second = await listings.create(it.admin, it.id, {
    title: local.title,
    summary: 'A day a week in school.',
    categories: ['TEACHING_AND_LEARNING'],
    phases: ['PRIMARY'],
    delivery: ['IN_SCHOOL'],
    laCodes: local.laCodes,
    price: { kind: 'FREE', link: null },
  });
  await listings.act(second, 'publish', { actor: it.admin });
  return { ...it, local: second };
}

test('is not found for the area, by school, by LA or by somebody of its schools; everywhere else it is', async () => {
  const { world } = server;
  await world.la('842');
  const it = await provider('841', 'Xylophone for all', { title: 'Xylophone at home', laCodes: ['841', '842'] });
  const [here, there] = [await world.school({ la: '841' }), await world.school({ la: '842' })];
  const both = ['Xylophone at home', 'Xylophone for all'];
  expect(await found(`, near: { schoolUrn: ${here} }`)).toEqual(both);

  const officer = await world.officer('841');
  expect(await withhold(officer, it.listing, '841')).toEqual({ id: expect.any(String) });
  expect(await withhold(officer, it.local, '841')).toEqual({ id: expect.any(String) });
  expect(await found(`, near: { schoolUrn: ${here} }`)).toEqual([]);
  expect(await found(', laCodes: ["841"]')).toEqual([]);
  expect(await found('', await world.lead(here))).toEqual([]);
  expect(await found(`, near: { schoolUrn: ${there} }`)).toEqual(both);
  expect(await found(', laCodes: ["842"]')).toEqual(both);
  expect(await found(', laCodes: ["841", "842"]')).toEqual(both);
  expect(await found('')).toEqual(both);
  const lead = await world.lead(there);
  await world.give(lead.personId, 'SCHOOL_LEAD', { schoolUrn: here });
  expect(await found('', await world.refresh(lead))).toEqual(both); // one of their schools may have it
});

test('its page says where it is not offered, and the provider is told why', async () => {
  const it = await provider('843', 'Xylophone tuning', { title: 'Xylophone repair', laCodes: ['843'] });
  await withhold(await server.world.officer('844'), it.listing, '844');
  const { data } = await server.graphql('query ($id: UUID!) { listing(id: $id) { withheldFrom { name } } }', { id: it.listing });
  expect(data).toEqual({ listing: { withheldFrom: [{ name: 'Shire 844' }] } });
  const page = await (await fetch(`${server.url}/listings/${it.listing}`)).text();
  expect(page).toContain('Not offered in Shire 844: the local authority withholds it from its own area.');
  expect(page).not.toContain('nobody come');
  const [notice] = await server.app.db.query<{ text: string }>(`SELECT text FROM notice WHERE person_id = $1 AND kind = 'ListingWithholding.withhold'`, [it.admin.personId]);
  expect(notice!.text).toContain('The reason given: Two schools had nobody come.');
});

test('only an officer of the LA, for its own area, with a reason, without interest, once', async () => {
  const it = await provider('845', 'Xylophone loan', { title: 'Xylophone choir', laCodes: ['845'] });
  const officer = await server.world.officer('845');
  expect(await withhold(officer, it.listing, '846')).toEqual({ code: 'NOT_FOUND' });
  await server.world.la('846');
  expect(await withhold(officer, it.listing, '846')).toEqual({ code: 'NOT_ALLOWED' });
  expect(await withhold(officer, it.listing, '845', ' ')).toEqual({ code: 'VALIDATION' });
  expect(await withhold(it.admin, it.listing, '845')).toEqual({ code: 'FORBIDDEN' });
  const interested = await server.world.officer('845');
  await server.world.give(interested.personId, 'PROVIDER_EDITOR', { providerId: it.id });
  expect(await withhold(interested, it.listing, '845')).toEqual({ code: 'HAS_INTEREST' });
  const { id } = await withhold(officer, it.listing, '845');
  expect(await withhold(officer, it.listing, '845')).toEqual({ code: 'NOT_ALLOWED_IN_THIS_STATE' });
  expect(await end(await server.world.officer('846'), id!)).toEqual({ code: 'NOT_FOUND' });
  expect(await end(officer, id!)).toEqual({ id });
  expect(await found(', laCodes: ["845"]')).toContain('Xylophone loan');
  expect(await withhold(officer, it.listing, '845')).toEqual({ id: expect.any(String) });
});

test('an appeal ends it', async () => {
  const it = await provider('847', 'Xylophone days', { title: 'Xylophone weeks', laCodes: ['847'] });
  const officer = await server.world.officer('847');
  const { id } = await withhold(officer, it.listing, '847');
  const { appeals } = server.app.directory;
  const appeal = await appeals.appeal(it.admin, 'LISTING_WITHHELD', id!, 'Somebody came each time.');
  await expect(appeals.judge(officer, appeal, 'overturn', 'It is so')).rejects.toThrow('You made this decision');
  await appeals.judge(await server.world.officer('847'), appeal, 'overturn', 'It is so');
  expect(await found(', laCodes: ["847"]')).toContain('Xylophone days');
});

test('is named to nobody of a school there: neither as the words are typed, nor by its SIP', async () => {
  const { world, app } = server;
  await world.la('862');
  const it = await provider('861', 'Zither for all', { title: 'Zither at home', laCodes: ['861', '862'] });
  const [here, there] = [await world.school({ la: await world.la('861') }), await world.school({ la: await world.la('862') })];
  const typed = async (actor?: Actor) => {
    const { data } = await server.graphql<{ suggestListings: { kind: string; text: string }[] }>('{ suggestListings(prefix: "zither") { kind text } }', {}, actor ? await server.cookieOf(actor) : null);
    return data.suggestListings.filter(({ kind }) => kind === 'LISTING').map(({ text }) => text).sort();
  };
  await withhold(await world.officer('861'), it.local, '861');
  expect([await typed(), await typed(await world.lead(there)), await typed(await world.lead(here))]).toEqual([['Zither at home', 'Zither for all'], ['Zither at home', 'Zither for all'], ['Zither for all']]);

  await world.lead(here);
  const sip = await world.assignedSip(here);
  const refused = async (work: Promise<unknown>) => {
    const result = await attempt(() => work);
    return result instanceof Problem ? result.code : 'done';
  };
  const { referrals, shortlists } = app.referrals;
  const refer = (listingId: string) => refused(referrals.send(sip, { schoolUrn: here, message: 'Look at this.', listings: [{ listingId, reason: '' }] }));
  const keep = (listingId: string) => refused(shortlists.add(sip, { schoolUrn: here, listingId, reason: '' }));
  expect([await refer(it.local), await keep(it.local)]).toEqual(['VALIDATION', 'VALIDATION']);
  expect([await refer(it.listing), await keep(it.listing)]).toEqual(['done', 'done']);
});
