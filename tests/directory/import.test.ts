import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { columnNames } from '../../src/directory/import/columns.js';
import { formatProvidersSummary, importProviders } from '../../src/directory/index.js';
import { attempt, Problem } from '../../src/platform/problem.js';
import { startServices, type TestApp } from '../support/app.js';
import { runs } from '../support/runs.js';

let services: TestApp;
const folder = mkdtempSync(join(tmpdir(), 'signpost-providers-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  services = await startServices();
  await services.app.db.query(
    `INSERT INTO local_authority (code, name, region) VALUES ('951', 'Westmarch, City of', 'South West'), ('952', 'Oxley', 'South West'), ('953', 'Great Ness', 'London')`,
  );
});

/** Every test begins with an empty directory; the history, which nothing may remove, is read by id. */
beforeEach(empty);
async function empty(): Promise<void> {
  for (const table of ['recommendation_listing', 'recommendation', 'provider_check', 'listing', 'membership', 'named_contact', 'provider']) await services.app.db.query(`DELETE FROM ${table}`);
}

async function importing(text: string) {
  const file = join(folder, 'providers.csv');
  writeFileSync(file, text);
  const told: string[] = [];
  const { db, directory } = services.app;
  const summary = await importProviders(db, {
    file,
    onListingsChanged: async (_tx, ids) => void told.push(...ids),
    onContactsChanged: (tx, ids) => directory.providers.settleAll(tx, ids),
  });
  return { summary, told };
}

const HEAD = 'Tuition partner,Delivery,Phase,Subject,Coverage\n';
const TREE = `${HEAD}Reading Tree,Face to face,Primary,Literacy,Westmarch City Council;L
Reading Tree,Face to face,Primary,Numeracy,Westmarch City Council;L
Reading Tree,Online,Secondary,English,ALL
Reading Tree,Online,Secondary,French,ALL
Reading Tree,Online,Secondary,Science,SW
`;

interface Stored extends Record<string, unknown> {
  id: string;
  title: string;
  state: string;
  version: number;
  categories: string[];
  phases: string[];
  keywords: string[];
  delivery: string[];
  national: boolean;
  la_codes: string[];
}

const query = <Row = Record<string, unknown>>(sql: string, parameters: unknown[] = []) => services.app.db.query<Row>(sql, parameters);
const providers = () => query<{ id: string; name: string; state: string; version: number } & Record<string, unknown>>('SELECT * FROM provider ORDER BY import_key');
const listings = () => query<Stored>('SELECT * FROM listing ORDER BY import_key');
/** All that an import may have written, without ids. */
const contents = async () => ({
  providers: (await providers()).map(({ id: _id, ...rest }) => rest),
  listings: (await listings()).map(({ id: _id, provider_id: _provider, ...rest }) => rest),
});
const steps = (id: string) => query<{ transition: string; to: string }>('SELECT transition, from_state AS from, to_state AS to, person_id AS person FROM history WHERE object_id = $1 ORDER BY id', [id]);
const historyLength = async () => (await query<{ count: number }>('SELECT count(*) FROM history'))[0]!.count;

describe('a list of tuition partners', () => {
  test('becomes providers that await recommendations, and listings of what is offered in the same places', async () => {
    const { summary, told } = await importing(TREE);
    expect(summary).toMatchObject({ rows: 5, providers: { added: 1 }, listings: { added: 3 }, rejected: [], unfinished: [], unmatched: [] });
    expect(await providers()).toMatchObject([{ name: 'Reading Tree', kind: 'COMPANY', assurance: 'RECOMMENDED', state: 'AWAITING_RECOMMENDATIONS', assuring_la: null, version: 1 }]);
    expect(await listings()).toMatchObject([
      {
        title: 'Face-to-face tuition in literacy and numeracy for primary pupils',
        summary: 'Tuition in literacy and numeracy for primary pupils: in school, across Westmarch and London.',
        state: 'PUBLISHED',
        published_at: services.clock.now(),
        phases: ['PRIMARY'],
        delivery: ['IN_SCHOOL'],
        keywords: ['Literacy', 'Numeracy'],
        categories: ['CURRICULUM_AND_SUBJECTS'],
        ecm_outcomes: ['ENJOY_AND_ACHIEVE'],
        national: false,
        la_codes: ['951', '953'],
        price_kind: 'BESPOKE',
      },
      { title: 'Online tuition in English and French for secondary pupils', national: true, la_codes: [] },
      { title: 'Online tuition in science for secondary pupils', national: false, la_codes: ['951', '952'] },
    ]);
    expect(told.sort()).toEqual((await listings()).map(({ id }) => id).sort());
  });

  test('leaves its history, as the product’s own doing', async () => {
    await importing(TREE);
    const [provider] = await providers();
    expect(await steps(provider!.id)).toEqual([{ transition: 'import', from: null, to: 'AWAITING_RECOMMENDATIONS', person: null }]);
    for (const { id } of await listings()) expect(await steps(id)).toEqual([{ transition: 'import', from: null, to: 'PUBLISHED', person: null }]);
  });

  test('takes the same number of statements for two providers and for forty', async () => {
    const statements = async (count: number) => {
      let sent = 0;
      const rows = Array.from({ length: count }, (_, i) => `Provider ${count}-${i},Online,Primary,Maths,ALL`);
      services.app.db.onStatement = () => void sent++;
      await importing(HEAD + rows.join('\n'));
      services.app.db.onStatement = undefined;
      return sent;
    };
    expect(await statements(40)).toBe(await statements(2));
  });
});

describe('a council’s own spreadsheet', () => {
  const OWN = `Provider,Kind,Summary,Website,Contact name,Contact email,Contact phone,Postcode,Assuring LA,Listing,Listing summary,Delivery,Phase,Coverage,Categories,ECM outcomes,Keywords,Price,Unit,VAT
Calm Corner,Charity,Helps with behaviour.,www.calm.example.org,Ada Example,ada@example.org,01632 960001,wm1 1aa,Westmarch,Lunchtime club,Play with a purpose.,In school,Primary,"Oxley, Westmarch, City of",Behaviour; SEND,Stay safe,play; lunch,45,session,not charged
,,,,,,,,,,,,,,,,,,,
Calm Corner,,,,,,,,,Staff training,A morning on calm classrooms.,In school; online,All,ALL,Teaching,,,£300 per half day + VAT,,
`;

  test('goes in with all it says', async () => {
    await services.world.school({ la: '951', postcode: 'WM1 1AA', easting: 300_100, northing: 200_200 });
    const { summary } = await importing(OWN);
    expect(summary).toMatchObject({ rows: 2, rejected: [], leftOut: [], unfinished: [] });
    expect(await providers()).toMatchObject([
      {
        name: 'Calm Corner',
        kind: 'CHARITY',
        summary: 'Helps with behaviour.',
        website: 'https://www.calm.example.org',
        contact_name: 'Ada Example',
        contact_email: 'ada@example.org',
        contact_phone: '01632 960001',
        base_postcode: 'WM1 1AA',
        base_easting: 300_100,
        base_northing: 200_200,
        assuring_la: '951',
      },
    ]);
    expect(await listings()).toMatchObject([
      {
        title: 'Lunchtime club',
        summary: 'Play with a purpose.',
        la_codes: ['951', '952'],
        categories: ['BEHAVIOUR_AND_ATTENDANCE', 'SEND_AND_INCLUSION'],
        ecm_outcomes: ['STAY_SAFE'],
        keywords: ['lunch', 'play'],
        price_kind: 'PRICED',
        price_pence: 4500,
        price_unit: 'SESSION',
        vat: 'NOT_CHARGED',
      },
      { title: 'Staff training', delivery: ['IN_SCHOOL', 'ONLINE'], phases: ['NURSERY', 'PRIMARY', 'SECONDARY', 'SIXTEEN_PLUS'], price_pence: 30_000, vat: 'ADDED' },
    ]);
  });

  test('may name providers only; what they offer is theirs to say', async () => {
    const { summary } = await importing('Provider,Email,Listing\nCalm Corner,ada@example.org,\nReading Tree,,\n');
    expect(summary).toMatchObject({ providers: { added: 2 }, listings: { added: 0 }, rejected: [] });
  });

  test('is documented: every column', () => {
    const documentation = readFileSync('docs/import-providers.md', 'utf8');
    for (const [name] of Object.values(columnNames)) expect(documentation).toContain(name);
  });
});

describe('what cannot be used', () => {
  test('is told with its line, and the rest goes in', async () => {
    const { summary } = await importing(`${HEAD}Reading Tree,Online,Primary,Maths,ALL
,Online,Primary,Maths,ALL
Calm Corner,Pigeon,Primary,Maths,ALL
Calm Corner,Online,Primary,Maths,Westmarch;Atlantis
Calm Corner,Online,Primary,English,Atlantis;Westmarch
Calm Corner,Online,Primary
`);
    expect(summary).toMatchObject({
      rows: 6,
      providers: { added: 2 },
      rejected: [
        { line: 3, reason: 'it names no provider' },
        { line: 4, reason: 'Delivery “Pigeon” is none that there is' },
      ],
      unmatched: [{ name: 'Atlantis', lines: [5, 6] }],
    });
    const said = formatProvidersSummary(summary);
    expect(said).toContain('providers.csv, line 3: it names no provider; the row is not used.');
    expect(said).toContain('“Atlantis” matches no local authority or region (lines 5, 6).');
    expect(said).toContain('providers.csv: 6 rows, 2 rejected.\nProviders: 2 added');
  });

  test('in a cell is left out, and so is what contradicts an earlier row', async () => {
    const { summary } = await importing(`Provider,Website,Email,Listing,Price
Reading Tree,nowhere at all,ada,Club,lots
Reading Tree,tree.example.org,ada@example.org,Club,Free
Reading Tree,other.example.org,,Club,
`);
    expect(summary.leftOut.map(({ line }) => line)).toEqual([2, 2, 2, 4]);
    expect(await providers()).toMatchObject([{ website: 'https://tree.example.org', contact_email: 'ada@example.org' }]);
    expect(await listings()).toMatchObject([{ title: 'Club', price_kind: 'FREE' }]);
  });

  test('a school is registered by its lead, not imported', async () => {
    const { summary } = await importing('Provider,Kind,Listing\nOxley Primary,School,Reading visits\n');
    expect(summary.rejected).toMatchObject([{ line: 2 }]);
    expect(await providers()).toEqual([]);
  });

  test('a listing that publishing would refuse is a draft until a later import says the rest', async () => {
    const { summary } = await importing(`${HEAD}Reading Tree,Online,Primary,Maths,Atlantis\n`);
    expect(summary.unfinished).toEqual([{ line: 2, provider: 'Reading Tree', title: 'Online tuition in maths for primary pupils', lacks: 'where you offer it' }]);
    const [draft] = await listings();
    expect(draft).toMatchObject({ state: 'DRAFT', published_at: null });

    const again = await importing(`${HEAD}Reading Tree,Online,Primary,Maths,Oxley\n`);
    expect(again.summary).toMatchObject({ listings: { added: 0, changed: 1 }, unfinished: [] });
    expect(await listings()).toMatchObject([{ id: draft!.id, state: 'PUBLISHED', la_codes: ['952'], published_at: services.clock.now() }]);
    expect((await steps(draft!.id)).map(({ transition, to }) => [transition, to])).toEqual([
      ['importUnfinished', 'DRAFT'],
      ['import', 'PUBLISHED'],
    ]);
  });

  test('leaves nothing behind when it fails on the way', async () => {
    const file = join(folder, 'whole.csv');
    writeFileSync(file, TREE);
    const before = await historyLength();
    const failing = async () => {
      throw new Error('the search is out');
    };
    await expect(importProviders(services.app.db, { file, onListingsChanged: failing })).rejects.toThrow('the search is out');
    expect([await providers(), await listings(), await historyLength()]).toEqual([[], [], before]);
  });
});

test('a spreadsheet with the line ends of old Macs and U+0000 in a row is read, but for that row', async () => {
  const { summary } = await importing(TREE.replaceAll('\n', '\r').replace('French', 'Fr\0nch'));
  expect(summary).toMatchObject({ rows: 5, rejected: [{ line: 5, reason: 'it has a character that no text has (U+0000)' }] });
  expect(await providers()).toHaveLength(1);
});

describe('importing again', () => {
  test('what has not changed changes nothing', async () => {
    await importing(TREE);
    const [before, length] = [await contents(), await historyLength()];
    services.clock.advance({ days: 1 });
    const { summary, told } = await importing(TREE);
    expect(summary).toMatchObject({ providers: { added: 0, changed: 0, unchanged: 1, left: 0 }, listings: { added: 0, changed: 0, unchanged: 3 } });
    expect([await contents(), await historyLength(), told]).toEqual([before, length, []]);
  });

  test('writes what has, and the listing stays the same one', async () => {
    await importing(TREE);
    const before = await listings();
    const { summary, told } = await importing(TREE.replace('English,ALL', 'English,ALL\nReading Tree,Online,Secondary,German,ALL'));
    const after = await listings();
    expect(summary).toMatchObject({ listings: { added: 0, changed: 1, unchanged: 2 }, gone: [] });
    expect(after[1]).toMatchObject({ id: before[1]!.id, title: 'Online tuition in English, French and German for secondary pupils', version: 2 });
    expect(told).toEqual([before[1]!.id]);
  });

  test('a subject that is offered elsewhere from now on becomes a listing of its own', async () => {
    await importing(TREE);
    const before = await listings();
    const { summary } = await importing(TREE.replace('French,ALL', 'French,Oxley'));
    expect(summary).toMatchObject({ listings: { added: 1, changed: 1, unchanged: 2 }, gone: [] });
    expect((await listings()).find(({ id }) => id === before[1]!.id)).toMatchObject({ title: 'Online tuition in English for secondary pupils' });
  });

  test('one that is offered in the same places joins the listing with the most in common, and the other is left behind', async () => {
    await importing(TREE);
    const before = await listings();
    const { summary, told } = await importing(TREE.replace('Science,SW', 'Science,ALL'));
    expect(summary).toMatchObject({ listings: { added: 0, changed: 1, unchanged: 1 }, gone: [{ provider: 'Reading Tree', title: 'Online tuition in science for secondary pupils' }] });
    expect(told).toEqual([before[1]!.id]);
    expect((await listings()).map(({ id, version }) => [id, version])).toEqual(before.map(({ id }, i) => [id, i === 1 ? 2 : 1]));
  });

  test('what the file no longer says stays as it is', async () => {
    await importing('Provider,Website,Listing,Listing summary,Phase\nReading Tree,tree.example.org,Club,A club.,Primary\n');
    const { summary } = await importing('Provider,Website,Listing\nREADING TREE LTD,,Club\n');
    expect(summary).toMatchObject({ providers: { changed: 1 }, listings: { unchanged: 1 } });
    expect(await providers()).toMatchObject([{ name: 'READING TREE LTD', website: 'https://tree.example.org', version: 2 }]);
    expect(await listings()).toMatchObject([{ summary: 'A club.', phases: ['PRIMARY'], version: 1 }]);
  });

  test('a lead who has recommended a provider and is its contact from now on does not count', async () => {
    const { world, app } = services;
    const withContact = (email: string) => TREE.replace(/^(.*)$/gm, '$1,').replace('Coverage,', 'Coverage,Contact email').replaceAll(/(L|ALL|SW),$/gm, `$1,${email}`);
    await importing(withContact('desk@tree.example'));
    const [[provider], [listing]] = [await providers(), await listings()];
    const { lead, input } = await world.recommender({ id: provider!.id, listing: listing!.id });
    await app.directory.recommendations.give(lead, input);
    const obstacles = async () => (await query<{ obstacles: string[] }>('SELECT obstacles FROM recommendation'))[0]!.obstacles;
    expect(await obstacles()).toEqual([]);
    expect((await importing(withContact(lead.email))).summary.providers).toMatchObject({ changed: 1 });
    expect(await obstacles()).toEqual(['PEOPLES_SCHOOL', 'MEMBER']);
  });

  test('leaves alone a provider that has people of its own, and says so only where it differs', async () => {
    await importing(TREE);
    const [provider] = await providers();
    await services.world.person('PROVIDER_ADMIN', { providerId: provider!.id });
    const before = await contents();
    expect((await importing(TREE)).summary).toMatchObject({ providers: { unchanged: 1, left: 0 } });
    const { summary, told } = await importing(TREE.replace('Science,SW', 'Science,L'));
    expect(summary).toMatchObject({ providers: { left: 1, changed: 0 }, left: [{ line: 2, provider: 'Reading Tree', reason: 'differs, but has people of its own who keep its entry' }] });
    expect([await contents(), told]).toEqual([before, []]);
  });

  test('leaves alone a provider that has left, and one that registered by itself', async () => {
    await importing(TREE);
    await query(`UPDATE provider SET state = 'WITHDRAWN'`);
    await services.world.provider({ name: 'The Calm Corner Ltd' });
    const before = await contents();
    const { summary } = await importing(`${TREE}Calm Corner,Online,Primary,Maths,ALL\n`);
    expect(summary.left.map(({ provider, reason }) => [provider, reason])).toEqual([
      ['Reading Tree', 'has left the directory'],
      ['Calm Corner', 'is in the directory already and did not come from a spreadsheet'],
    ]);
    expect(await contents()).toEqual(before);
  });

  test('does not exchange the local authority that checks a provider', async () => {
    const file = (la: string) => `Provider,Listing,Assuring LA\nReading Tree,Club,${la}\n`;
    await importing(file(''));
    expect((await importing(file('Oxley'))).summary.providers.changed).toBe(1);
    expect((await importing(file('Great Ness'))).summary.providers.changed).toBe(0);
    expect(await providers()).toMatchObject([{ assuring_la: '952' }]);
  });
});

describe('any spreadsheet', () => {
  const row = fc.record({
    provider: fc.constantFrom('Reading Tree', 'Calm Corner', 'Zeta & Sons'),
    delivery: fc.constantFrom('Face to face', 'Online', 'Online; Face to face'),
    phase: fc.constantFrom('Primary', 'Secondary', ''),
    subject: fc.constantFrom('English', 'Maths', 'Science', 'English; Maths', ''),
    coverage: fc.constantFrom('ALL', 'SW', 'L;Oxley', 'Westmarch', 'Atlantis', ''),
    listing: fc.constantFrom('', '', '', 'Club'),
  });
  const rows = fc.array(row, { minLength: 1, maxLength: 25 });
  type Row = { provider: string; delivery: string; phase: string; subject: string; coverage: string; listing: string };
  const text = (some: Row[]) => {
    const lines = some.map(({ provider, delivery, phase, subject, coverage, listing }) => [provider, delivery, phase, subject, coverage, listing].join());
    return ['Provider,Delivery,Phase,Subject,Coverage,Listing', ...lines].join('\n');
  };

  test('in any order of its rows comes to the same, and twice is once', async () => {
    const shuffled = rows.chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length })));
    await fc.assert(
      fc.asyncProperty(shuffled, async ([some, other]) => {
        await empty();
        await importing(text(some));
        const first = await contents();
        const again = await importing(text(other));
        expect(again.told).toEqual([]);
        expect(await contents()).toEqual(first);
        await empty();
        await importing(text(other));
        expect(await contents()).toEqual(first);
      }),
      { numRuns: runs(300) },
    );
  });

  test('lists nobody, publishes what is complete and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(rows, rows, async (some, later) => {
        await empty();
        await importing(text(some));
        await importing(text(later));
        expect((await providers()).map(({ state }) => state)).not.toContain('LISTED');
        for (const { state, categories, phases, national, la_codes } of await listings()) {
          expect(state).toBe(categories.length > 0 && phases.length > 0 && (national || la_codes.length > 0) ? 'PUBLISHED' : 'DRAFT');
        }
      }),
      { numRuns: runs(200) },
    );
  });

  test('offers each subject exactly where its rows say', async () => {
    const places: Record<string, string[]> = { SW: ['951', '952'], 'L;Oxley': ['952', '953'], Westmarch: ['951'], ALL: ['everywhere'] };
    const sameOffer = (one: Row, other: Row) =>
      one.listing === '' && other.listing === '' && one.provider === other.provider && one.delivery === other.delivery && one.phase === other.phase;
    const deliveries: Record<string, string> = { 'Face to face': 'IN_SCHOOL', Online: 'ONLINE', 'Online; Face to face': 'IN_SCHOOL,ONLINE' };
    const isOf = (listing: Stored, { delivery, phase }: Row) =>
      listing.title !== 'Club' && listing.phases.join() === phase.toUpperCase() && listing.delivery.join() === deliveries[delivery];
    await fc.assert(
      fc.asyncProperty(rows, async (some) => {
        await empty();
        await importing(text(some));
        const stored = await query<Stored & { provider: string }>('SELECT l.*, p.name AS provider FROM listing l JOIN provider p ON p.id = l.provider_id');
        for (const each of some.filter(({ listing }) => listing === '')) {
          for (const subject of each.subject.split('; ').filter(Boolean)) {
            const saying = some.filter((other) => sameOffer(each, other) && other.subject.split('; ').includes(subject));
            const expected = new Set(saying.flatMap(({ coverage }) => places[coverage] ?? []));
            const found = stored.filter((listing) => listing.provider === each.provider && isOf(listing, each) && listing.keywords.includes(subject));
            expect(found).toHaveLength(1);
            expect(found[0]!.national ? ['everywhere'] : found[0]!.la_codes).toEqual(expected.has('everywhere') ? ['everywhere'] : [...expected].sort());
          }
        }
      }),
      { numRuns: runs(300) },
    );
  });
});

describe('an imported provider', () => {
  test('is given its first administrator by a system administrator, then only by its own', async () => {
    await importing(TREE);
    const [provider] = await providers();
    const [admin, colleague] = [await services.world.person('SYSTEM_ADMIN'), await services.world.person('SYSTEM_ADMIN')];
    const grant = (by: typeof admin, email: string) => attempt(() => services.app.identity.memberships.grant(by, { role: 'PROVIDER_ADMIN', providerId: provider!.id, email, title: '' }));
    expect(await grant(await services.world.officer('951'), 'bo@example.org')).toBeInstanceOf(Problem);
    const both = await Promise.all([grant(admin, 'ada@example.org'), grant(colleague, 'bo@example.org')]);
    expect(both.filter((each) => each instanceof Problem)).toHaveLength(1);
    expect(await grant(admin, 'cy@example.org')).toBeInstanceOf(Problem);
  });

  test('is given its first administrator by an officer of its assuring local authority, and of no other', async () => {
    await importing('Provider,Listing,Assuring LA\nReading Tree,Club,Oxley\n');
    const [provider] = await providers();
    const grant = async (la: string) =>
      attempt(async () => services.app.identity.memberships.grant(await services.world.officer(la), { role: 'PROVIDER_ADMIN', providerId: provider!.id, email: 'ada@example.org', title: '' }));
    expect(await grant('951')).toBeInstanceOf(Problem);
    expect(await grant('952')).not.toBeInstanceOf(Problem);
  });

  test('has its profile completed step by step, and is listed in the end', async () => {
    await importing(TREE);
    const [provider] = await providers();
    const [listing] = await listings();
    const person = await services.world.person('PROVIDER_ADMIN', { providerId: provider!.id });
    const { providers: service, recommendations } = services.app.directory;
    await service.update(person, provider!.id, 1, { summary: 'Teaches reading.' });
    await service.update(person, provider!.id, 2, { contactName: 'Ada Example', contactEmail: 'ada@example.org', safeguarding: 'All staff are checked.', interests: '', assuringLa: '951' });
    const [now] = await services.app.db.query<{ version: number }>('SELECT version FROM provider WHERE id = $1', [provider!.id]);
    expect(await attempt(() => service.update(person, provider!.id, now!.version, { summary: '' }))).toMatchObject({ code: 'PROFILE_INCOMPLETE' });
    const officer = await services.world.officer('951');
    for (const kind of ['SAFEGUARDING', 'INSURANCE', 'INTERESTS'] as const) await service.recordCheck(officer, provider!.id, kind, '2035-12-31');
    for (let i = 0; i < 2; i++) {
      const { lead, input } = await services.world.recommender({ id: provider!.id, listing: listing!.id });
      await recommendations.give(lead, input);
    }
    expect(await providers()).toMatchObject([{ state: 'LISTED' }]);
  });
});
