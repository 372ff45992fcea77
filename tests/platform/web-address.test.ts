import fc from 'fast-check';
import { normalWebAddress } from '../../src/platform/web-address.js';
import { OneSpelling1795000000033 } from '../../migrations/33-one-spelling.js';
import { startServices, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';

let app: TestApp;
beforeAll(async () => {
  app = await startServices();
});

const SPELLINGS = ['https://x.example./', 'https:///x.example/', 'https:\\\\x.example/', 'https:x.example/', 'https://%78.example/', 'https://x。example/', 'https://ｘ.example/', 'https://X.EXAMPLE:443/'];

describe('one website is kept in one form', () => {
  test.each(SPELLINGS)('%s', (typed) => expect(normalWebAddress(typed)).toBe('https://x.example/'));
  test.each([
    ['https://x.example', 'https://x.example'],
    ['https://x.example./a?b=c#d', 'https://x.example/a?b=c#d'],
    ['https://schüle.example', 'https://xn--schle-mva.example'],
    ['http://x.example:8080/A%20b', 'http://x.example:8080/A%20b'],
  ])('%s is kept as %s', (typed, kept) => expect(normalWebAddress(typed)).toBe(kept));
  test('and stays as it is', () => {
    fc.assert(fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (typed) => expect(normalWebAddress(normalWebAddress(typed))).toBe(normalWebAddress(typed))), { numRuns: runs(5000) });
  });
});

const site = async (address: string) => (await app.app.db.query<{ site: string | null }>('SELECT website_host($1) AS site', [address]))[0]!.site;

describe('whose website an address leads to', () => {
  test.each<[string, string | null]>([
    ...SPELLINGS.map((typed): [string, string] => [typed, 'x.example']),
    ['http://www.x.example/a', 'x.example'],
    ['https://www2.x.example:8443?a', 'x.example'],
    ['https://shop.x.example', 'shop.x.example'],
    ['https://www.facebook.com/BrightReaders/?ref=1', 'facebook.com/brightreaders'],
    ['https://m.facebook.com/pages/BrightReaders', 'facebook.com/brightreaders'],
    ['https://facebook.com/profile.php?a=b&id=77', 'facebook.com/77'],
    ['https://sites.google.com/view/Bright-Readers/home', 'sites.google.com/bright-readers'],
    ['https://uk.linkedin.com/company/bright-readers/about', 'linkedin.com/bright-readers'],
    ['https://www.youtube.com/@bright', 'youtube.com/@bright'],
    ['https://facebook.com./BrightReaders', 'facebook.com/brightreaders'],
    ['https://facebook.com/', null],
    ['https://sites.google.com/view/', null],
    ['https://notfacebook.com/a', 'notfacebook.com'],
  ])('%s: %s', async (address, expected) => expect(await site(address)).toBe(expected));

  test('the form that is kept leads where the typed one does', async () => {
    for (const typed of fc.sample(fc.webUrl({ withQueryParameters: true }), runs(300))) expect([typed, await site(normalWebAddress(typed))]).toEqual([typed, await site(typed)]);
  });
});

test('what is there already is brought into one form by the migration, and nobody is merged', async () => {
  const { world, app: signpost } = app;
  const [head, comment, group, free] = [await world.person(), await world.person(), await world.person(), await world.person()];
  for (const [person, email] of [[head, 'head@s.example'], [comment, 'head(x)@s.example'], [group, 'x:head@s.example'], [free, '(a(b))only@s.example']] as const)
    await signpost.db.query('UPDATE person SET email = $2 WHERE id = $1', [person.personId, email]);
  const provider = await world.listed();
  await signpost.db.query(`UPDATE provider SET website = 'https:///odd.example./', contact_email = 'desk(1)@s.example' WHERE id = $1`, [provider.id]);
  const runner = signpost.db.dataSource.createQueryRunner();
  await new OneSpelling1795000000033().up(runner);
  await runner.release();
  expect(await signpost.db.query('SELECT website, contact_email, state FROM provider WHERE id = $1', [provider.id])).toEqual([{ website: 'https://odd.example/', contact_email: 'desk@s.example', state: 'LISTED' }]);
  const rows = await signpost.db.query<{ email: string; boxes: string[] }>('SELECT email, mailboxes_of(id) AS boxes FROM person WHERE id = ANY($1) ORDER BY email', [[head, comment, group, free].map(({ personId }) => personId)]);
  expect(rows.map(({ email }) => email)).toEqual(['head(x)@s.example', 'head@s.example', 'only@s.example', 'x:head@s.example']);
  for (const { email, boxes } of rows) expect([email, boxes.includes('head@s.example')]).toEqual([email, email !== 'only@s.example']);
});
