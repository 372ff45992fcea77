import { startApp, type TestServer } from '../support/app.js';
import { Client, hidden } from './client.js';
import { faultsOf } from './html.js';

let server: TestServer;
beforeAll(async () => {
  server = await startApp();
});

const clientOf = async (person: { personId: string | null }) => new Client(server.url, await server.cookieOf(person));

const WORDS = { whatWasDone: 'Six twilights.', whenDone: 'Spring term 2026', whatChanged: 'Lessons look alike.', noInterest: 'yes' };

test('a provider asks two schools, one says no, two others recommend it, and it is listed', async () => {
  const provider = await server.world.checked({ name: 'Second Chance Reading' });
  const way = `/providers/${provider.id}/way-to-being-listed`;
  const asking = await clientOf(provider.admin);
  const schools = await Promise.all(['Alder', 'Beech', 'Cedar'].map(async (name) => ({ name: `${name} Tree Primary`, urn: await server.world.school({ name: `${name} Tree Primary` }) })));
  const leads = await Promise.all(schools.map(async ({ urn }) => server.world.lead(urn)));

  const find = await asking.get(`/providers/${provider.id}/invite?school=tree`);
  for (const { name } of schools) expect(find.html).toContain(name);
  const nobody = await asking.post(`/providers/${provider.id}/invite`, { key: hidden(find.html, 'key'), school: 'tree' });
  expect(nobody.html).toContain('<a href="#schoolUrn">Choose the school that you want to ask.</a>');
  for (const { urn } of schools) {
    const key = hidden((await asking.get(`/providers/${provider.id}/invite?school=tree`)).html, 'key');
    const asked = await asking.post(`/providers/${provider.id}/invite`, { key, school: 'tree', schoolUrn: String(urn), message: 'You had our twilights.' });
    expect(asked.location).toBe(`${way}?done=invited`);
  }
  const key = hidden(find.html, 'key');
  const twice = await asking.post(`/providers/${provider.id}/invite`, { key, school: 'tree', schoolUrn: String(schools[0]!.urn) });
  expect(twice.status).toBe(422);
  expect(twice.html).toContain('has recommended Second Chance Reading, or has been asked to, already');

  await server.deliver();
  const linkFor = (i: number) => {
    const mail = server.outbox.filter((message) => message.to === leads[i]!.email).at(-1)!;
    return new URL(/https?:\S+/.exec(mail.text)![0]).pathname;
  };
  const stranger = await new Client(server.url).get(linkFor(0));
  expect([stranger.status, stranger.location]).toEqual([303, `/sign-in?next=${encodeURIComponent(linkFor(0))}`]);
  expect((await (await clientOf(await server.world.person())).get(linkFor(0))).location).toBe(`/account/school?school=&next=${encodeURIComponent(linkFor(0))}`);
  expect((await (await clientOf(await server.world.lead(await server.world.school()))).get(linkFor(0))).html).toContain('only a lead of a school');

  const first = await clientOf(leads[0]!);
  expect((await first.get('/account')).html).toContain('Second Chance Reading asks Alder Tree Primary for a recommendation');
  const declining = await first.get(`${linkFor(0)}/actions/decline`);
  expect(declining.html).toContain('You need not give a reason.');
  expect((await first.post(`${linkFor(0)}/actions/decline`)).location).toBe(`${linkFor(0)}?done=decline`);
  expect((await first.get(linkFor(0))).html).toContain('Declined');

  for (const i of [1, 2]) {
    const client = await clientOf(leads[i]!);
    const form = await client.get(linkFor(i));
    expect(form.html).toContain('You had our twilights.');
    const empty = await client.post(linkFor(i), { key: hidden(form.html, 'key') });
    for (const field of ['listingIds', 'whatWasDone', 'whenDone', 'whatChanged', 'noInterest']) {
      expect(empty.html).toContain(`<a href="#${field}">`);
      expect(empty.html).toContain(`id="${field}-error"`);
    }
    const given = await client.post(linkFor(i), { key: hidden(form.html, 'key'), listingIds: provider.listing, ...WORDS });
    expect(given.location).toBe(`${linkFor(i)}?done=given`);
    const thanks = await client.get(given.location!);
    expect(thanks.html).toContain('Thank you.');
    for (const page of [form, empty, thanks]) expect([page.title, await faultsOf(page.html)]).toEqual([page.title, []]);
  }

  const open = await new Client(server.url).get(`/providers/${provider.id}`);
  expect(open.status).toBe(200);
  expect(open.html).toContain('Cedar Tree Primary');
  expect(open.html).not.toContain('Alder Tree Primary');
  const so = await asking.get(way);
  expect(so.html).toContain('What keeps it listed');
  for (const page of [find, nobody, twice, declining, open, so]) expect([page.title, await faultsOf(page.html)]).toEqual([page.title, []]);
});

test('a lead recommends without being asked, and takes it back', async () => {
  const provider = await server.world.listed({ name: 'Maths on Wheels' });
  const urn = await server.world.school({ name: 'Dogwood Infants' });
  const client = await clientOf(await server.world.lead(urn));
  const page = await client.get(`/providers/${provider.id}`);
  expect(page.html).toContain(`/providers/${provider.id}/recommend`);
  const form = await client.get(`/providers/${provider.id}/recommend`);
  expect(form.html).toContain('For Dogwood Infants');
  const key = hidden(form.html, 'key');
  const given = await client.post(`/providers/${provider.id}/recommend`, { key, schoolUrn: String(urn), listingIds: provider.listing, ...WORDS });
  const recommendation = given.location!.replace('?done=given', '');
  expect((await new Client(server.url).get(`/listings/${provider.listing}`)).html).toContain('Dogwood Infants');

  const taken = await client.post(`${recommendation}/actions/withdraw`);
  expect(taken.location).toBe(`${recommendation}?done=withdraw`);
  expect((await new Client(server.url).get(`/listings/${provider.listing}`)).html).not.toContain('Dogwood Infants');
});

test('a lead renews a recommendation before it lapses', async () => {
  const provider = await server.world.listed();
  const { lead, recommendation } = provider.recommenders[0]!;
  const page = `/recommendations/${recommendation}`;
  expect((await (await clientOf(lead)).get(`${page}/actions/renew`)).status).toBe(403);
  server.clock.advance({ days: 1000 });
  const client = await clientOf(lead);
  expect((await client.get(page)).html).toContain(`${page}/actions/renew`);
  const confirm = await client.get(`${page}/actions/renew`);
  expect(confirm.html).toContain('neither you nor the school has an interest in the provider');
  expect(await faultsOf(confirm.html)).toEqual([]);
  expect((await client.post(`${page}/actions/renew`)).location).toBe(`${page}?done=renew`);
  expect((await client.get(`${page}?done=renew`)).html).toContain('The recommendation stands three years more.');
});

test('a lead of several schools says for which', async () => {
  const provider = await server.world.listed();
  const [one, two] = [await server.world.school({ name: 'East Wing' }), await server.world.school({ name: 'West Wing' })];
  const lead = await server.world.lead(one);
  await server.world.give(lead.personId, 'SCHOOL_LEAD', { schoolUrn: two });
  const client = await clientOf(lead);
  const form = await client.get(`/providers/${provider.id}/recommend`);
  expect(form.html).toContain('For which school?');
  const fields = { key: hidden(form.html, 'key'), listingIds: provider.listing, ...WORDS };
  const unsaid = await client.post(`/providers/${provider.id}/recommend`, fields);
  expect(unsaid.html).toContain('<a href="#schoolUrn">');
  expect(unsaid.html).toContain('Six twilights.');
  expect(await faultsOf(unsaid.html)).toEqual([]);
  expect((await client.post(`/providers/${provider.id}/recommend`, { ...fields, schoolUrn: String(two) })).status).toBe(303);
});

test('an officer looks into a recommendation', async () => {
  const { officer, recommenders, id } = await server.world.listed();
  const client = await clientOf(officer);
  const path = `/recommendations/${recommenders[0]!.recommendation}`;
  expect((await client.get(path)).html).toContain(`${path}/actions/flag`);
  expect((await client.post(`${path}/actions/flag`, { reason: 'A word from the trust' })).location).toBe(`${path}?done=flag`);
  expect((await new Client(server.url).get(`/providers/${id}`)).status).toBe(404); // lapsed: one is too few
  expect((await client.post(`${path}/actions/uphold`, { reason: 'Nothing in it' })).status).toBe(303);
  expect((await new Client(server.url).get(`/providers/${id}`)).status).toBe(200);
  expect(await faultsOf((await client.get(path)).html)).toEqual([]);
});

test('a head asks for the role, the officer confirms it', async () => {
  const urn = await server.world.school({ name: 'Elm Park Juniors' });
  const head = await clientOf(await server.world.person());
  const find = await head.get('/account/school?school=elm+park');
  const fields = { key: hidden(find.html, 'key'), school: 'elm park', schoolUrn: String(urn), title: 'Headteacher' };
  expect((await head.post('/account/school', fields)).html).toContain('<a href="#role">');
  expect((await head.post('/account/school', { ...fields, role: 'SCHOOL_LEAD' })).location).toBe('/account?done=asked');
  expect((await head.get('/account')).html).toContain('Waits to be confirmed');

  const officer = await clientOf(await server.world.officer('990'));
  const account = await officer.get('/account');
  expect(account.html).toContain('Elm Park Juniors, as Headteacher');
  expect((await officer.post(/\/account\/roles\/[0-9a-f-]+\/confirm/.exec(account.html)![0])).location).toBe('/account?done=confirm');
  expect((await head.get('/account')).html).not.toContain('Waits to be confirmed');
  expect([await faultsOf(find.html), await faultsOf(account.html)]).toEqual([[], []]);
});

test('an invited head who does not lead the school here yet asks for that role first, and comes back to the invitation', async () => {
  const provider = await server.world.checked({ la: '961', name: 'Third Chance Reading' });
  const urn = await server.world.school({ la: '961', name: 'Damson Tree Primary' });
  const email = 'head@damson.example';
  await server.app.directory.recommendations.invite(provider.admin, { providerId: provider.id, schoolUrn: urn, message: '', email });
  await server.deliver();
  const { pathname, search } = new URL(/https?:\S+/.exec(server.outbox.findLast((message) => message.to === email)!.text)![0]);
  const invitation = pathname + search;

  const head = new Client(server.url);
  expect((await head.get(invitation)).location).toBe(`/sign-in?next=${encodeURIComponent(invitation)}`);
  const client = new Client(server.url, await server.signIn(email));
  const landing = await client.get(invitation);
  expect(landing.location).toBe(`/account/school?school=${urn}&next=${encodeURIComponent(invitation)}`);
  const ask = await client.get(landing.location!);
  expect(ask.html).toContain('Damson Tree Primary');
  expect(ask.html).toContain('Ask for that role first');
  expect(await faultsOf(ask.html)).toEqual([]);
  const asked = await client.post('/account/school', { key: hidden(ask.html, 'key'), next: hidden(ask.html, 'next'), school: String(urn), schoolUrn: String(urn), role: 'SCHOOL_LEAD', title: 'Headteacher' });
  expect(asked.location).toBe(`/account?done=asked&next=${encodeURIComponent(invitation)}`);
  expect((await client.get(asked.location!)).html).toContain(`href="${invitation}"`);
  const early = await client.get(invitation);
  expect(early.location).toBe(`/account?done=waits&next=${encodeURIComponent(invitation)}`);
  expect((await client.get(early.location!)).html).toContain('is not confirmed yet');
  expect((await client.get('/account?next=//evil.example')).html).not.toContain('evil.example');

  const officer = await clientOf(provider.officer);
  expect((await officer.get('/notices')).html).toContain('asks to lead Damson Tree Primary');
  const [waiting] = await server.app.db.query<{ id: string }>('SELECT id FROM membership WHERE school_urn = $1 AND confirmed_at IS NULL', [urn]);
  expect((await officer.post(`/account/roles/${waiting!.id}/confirm`)).location).toBe('/account?done=confirm');
  await server.deliver();
  expect(server.outbox.findLast((message) => message.to === email)!.subject).toBe('Your role in Damson Tree Primary is confirmed');
  expect((await client.get('/account')).html).toContain('Third Chance Reading asks Damson Tree Primary for a recommendation');
  expect((await client.get(invitation)).html).toContain('What was done?');
});
