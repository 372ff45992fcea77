import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contactsNamed, importProviders } from '../../../src/directory/index.js';
import { Client } from '../../web/client.js';
import { faultsOf } from '../../web/html.js';
import { Nominator } from '../nominator.js';
import { Attacker, type Person, type Target } from './attacker.js';

/** Somebody who is no contact of a provider has said so, and it binds them all the same; or they cannot come to say so. */

let a: Attacker;
let n: Nominator;
beforeAll(async () => {
  a = await Attacker.begin();
  n = new Nominator(a.server);
});

const deny = (person: Person, { id }: { id: string }) => a.step(person, 'denyContact', id);
const suspend = (person: Person, { id }: { id: string }) => a.step(person, 'suspendProvider', id, 'It harms pupils.');
const named = async (provider: Target, person: Person) => expect(await a.name(provider, person.email)).toBe('done');
const minute = () => a.server.clock.advance({ minutes: 1 });
const told = async ({ personId }: Person, { id }: { id: string }) =>
  (await a.db.query<{ link: string }>('SELECT link FROM notice WHERE person_id = $1 AND object_id = $2 AND subject LIKE $3', [personId, id, '%names you as its contact'])).map(({ link }) => link);

describe('the denial holds for the person', () => {
  test('by an address that they took afterwards, or had before', async () => {
    const provider = await a.world.listed();
    const officer = provider.officer;
    await named(provider, officer);
    expect(await deny(officer, provider)).toBe('done');
    const fresh = { ...officer, email: `fresh-${provider.id}@shire.example` };
    await a.changeAddress(officer, fresh.email);
    await named(provider, fresh);
    expect(await suspend(fresh, provider)).toBe('done');
  });
  test('but not for a colleague, whom it names next', async () => {
    const provider = await a.world.listed();
    const colleague = await a.world.officer('990');
    await named(provider, provider.officer);
    expect(await deny(provider.officer, provider)).toBe('done');
    await named(provider, colleague);
    expect([await suspend(colleague, provider), await suspend(provider.officer, provider)]).toEqual(['HAS_INTEREST', 'done']);
  });
});

describe('a nomination cannot be taken up', () => {
  async function nominatedAndNamed() {
    const provider = { ...(await a.world.awaiting()), officer: await a.world.officer('990') };
    const { id, lead } = await n.nominated(await n.emailOf(provider.admin));
    await n.rename(id, (await a.db.query<{ name: string }>('SELECT name FROM provider WHERE id = $1', [provider.id]))[0]!.name);
    minute();
    await named(provider, lead as Person);
    return { provider, id, lead: lead as Person };
  }
  test('where whoever made it was named for a while, and has not denied it', async () => {
    const { provider, id } = await nominatedAndNamed();
    await a.name(provider, 'ada@example.org');
    expect(await n.takeUp(provider.admin, id, provider)).toMatchObject({ code: 'MEMBER_OF_PROVIDER' });
  });
  test('where they have: it can', async () => {
    const { provider, id, lead } = await nominatedAndNamed();
    expect(await deny(lead, provider)).toBe('done');
    await a.name(provider, 'ada@example.org');
    expect(await n.takeUp(provider.admin, id, provider)).toMatchObject({ state: 'TAKEN_UP' });
  });
});

describe('a rogue names a stranger, whose own provider is then held back', () => {
  async function suspendedNaming(stranger: Person): Promise<Target> {
    const rogue = await a.world.listed();
    await named(rogue, stranger);
    minute();
    expect(await suspend(await a.world.officer('990'), rogue)).toBe('done');
    minute();
    await a.name(rogue, 'ada@example.org');
    return rogue;
  }
  async function ownProvider(stranger: Person): Promise<Target> {
    const provider = await a.world.checked();
    await a.world.give(stranger.personId, 'PROVIDER_EDITOR', { providerId: provider.id });
    for (let i = 0; i < 2; i++) {
      const { lead, input } = await a.world.recommender(provider);
      await a.given(lead, input);
    }
    return provider;
  }
  test('unless they have denied it before', async () => {
    const stranger = (await a.world.person()) as Person;
    const rogue = await suspendedNaming(stranger);
    expect(await deny(stranger, rogue)).toBe('done'); // though it names somebody else by now
    expect(await a.state(await ownProvider(stranger))).toBe('LISTED');
  });
  test('until they deny it, also once the rogue has left', async () => {
    const stranger = (await a.world.person()) as Person;
    const rogue = await suspendedNaming(stranger);
    const own = await ownProvider(stranger);
    expect(await a.state(own)).toBe('AWAITING_RECOMMENDATIONS');
    expect(await a.step(rogue.admin, 'withdrawProvider', rogue.id)).toBe('done');
    expect(await deny(stranger, rogue)).toBe('done');
    expect(await a.state(own)).toBe('LISTED');
  });
  test('or is of it: then a denial is none', async () => {
    const member = (await a.world.person()) as Person;
    const rogue = await a.world.listed();
    await a.world.give(member.personId, 'PROVIDER_EDITOR', { providerId: rogue.id });
    await named(rogue, member);
    minute();
    expect(await suspend(rogue.officer, rogue)).toBe('done');
    expect(await deny(member, rogue)).toBe('NOT_FOUND');
    expect(await a.state(await ownProvider(member))).toBe('AWAITING_RECOMMENDATIONS');
  });
});

describe('who is named cannot see who names them', () => {
  test('the page to which the notice leads tells them the name, and no more', async () => {
    const provider = await a.world.awaiting();
    const person = (await a.world.person()) as Person;
    await named({ ...provider, officer: person }, person);
    const [link] = await told(person, provider);
    const client = new Client(a.server.url, await a.server.cookieOf(person));
    expect((await client.get(`/providers/${provider.id}`)).status).toBe(404);
    const page = await client.get(link!);
    const [{ name, summary }] = (await a.db.query<{ name: string; summary: string }>('SELECT name, summary FROM provider WHERE id = $1', [provider.id])) as [{ name: string; summary: string }];
    expect([page.status, page.html.includes(name), page.html.includes(summary), await faultsOf(page.html)]).toEqual([200, true, false, []]);
    const other = new Client(a.server.url, await a.server.cookieOf((await a.world.person()) as Person));
    expect((await other.get(link!)).status).toBe(404);
    expect((await new Client(a.server.url).get(link!)).location).toContain('/sign-in');
    const done = await client.post(link!);
    expect([done.status, done.location]).toEqual([303, '/notices?done=denyContact']);
    expect((await client.get('/notices?done=denyContact')).html).toContain('is told that you are not its contact');
    expect((await client.get(link!)).status).toBe(404);
  });
  test('nor that they are named in a draft', async () => {
    const provider = await a.world.provider();
    const person = (await a.world.person()) as Person;
    await named({ ...provider, officer: person }, person);
    expect([await told(person, provider), await deny(person, provider)]).toEqual([[], 'NOT_FOUND']);
  });
});

describe('somebody is named without a word to them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-denied-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const importing = async (...rows: string[]) => {
    const file = join(folder, 'providers.csv');
    writeFileSync(file, ['Provider,Contact email,Listing,Summary', ...rows].join('\n'));
    const { directory: { providers }, db } = a.server.app;
    await importProviders(db, { file, onListingsChanged: async () => {}, onContactsChanged: (tx, ids) => providers.settleAll(tx, ids), onContactsNamed: contactsNamed });
  };
  const imported = async (name: string) => (await a.db.query<{ id: string }>('SELECT id FROM provider WHERE name = $1', [name]))[0]!;

  test('by an import, at first and by one that changes it: each is told once, and may deny it', async () => {
    const [first, second] = [await a.world.officer('990'), await a.world.officer('990')];
    await importing(`Imported Readers,${first.email},Reading,Reads`, 'Imported Writers,nobody@nowhere.example,Writing,Writes');
    const provider = await imported('Imported Readers');
    expect((await told(first, provider)).length).toBe(1);
    minute();
    await importing(`Imported Readers,${second.email},Reading,Reads`);
    await importing(`Imported Readers,${second.email},Reading,Reads more`);
    expect([(await told(first, provider)).length, (await told(second, provider)).length]).toEqual([1, 1]);
    const confirms = async (officer: Person) => a.as(officer, 'query ($id: UUID!) { result: namedAsContact(providerId: $id) { code: name } }', { id: provider.id });
    expect(await confirms(second)).toBe('Imported Readers');
    expect(await deny(second, provider)).toBe('done');
  });
  test('before people were told of it: they may deny it all the same', async () => {
    const provider = await a.world.listed();
    await a.db.query('UPDATE provider SET contact_email = $2 WHERE id = $1', [provider.id, provider.officer.email]);
    expect(await suspend(provider.officer, provider)).toBe('HAS_INTEREST');
    expect([await deny(provider.officer, provider), await suspend(provider.officer, provider)]).toEqual(['done', 'done']);
  });
});
