import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { formatProvidersSummary, importProviders } from '../../src/directory/index.js';
import { OperatorError } from '../../src/platform/config.js';
import { exitCodeFor } from '../../src/platform/csv/verdict.js';
import { startServices, type TestApp } from '../support/app.js';
import { mangled } from '../support/mangled.js';
import { resaved, ways } from '../support/resaved.js';
import { runs } from '../support/runs.js';

let services: TestApp;
const folder = mkdtempSync(join(tmpdir(), 'signpost-resaved-'));
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(async () => {
  services = await startServices();
  await services.app.db.query(
    `INSERT INTO local_authority (code, name, region) VALUES ('951', 'Westmarch', 'South West'), ('952', 'Westmarch and Oxley', 'South West'), ('953', 'Oxley', 'London')`,
  );
});

const TABLE = [
  ['Provider', 'Summary', 'Contact email', 'Contact phone', 'Listing', 'Listing summary', 'Delivery', 'Phase', 'Coverage', 'Categories', 'Price', 'Unit', 'VAT'],
  ['Reading Tree', 'Reading for all', 'ada@example.org', '01632 960 001', 'Club', 'A reading club', 'online', 'primary', 'Westmarch', 'SEND and inclusion', '250', 'day', 'added'],
  ['Calm Corner', 'Quiet rooms', '', '', 'Rooms', 'A quiet room', 'in school', 'secondary', 'ALL', 'Behaviour and attendance', '', '', ''],
  ['Number Works', '', 'bo@example.org', '', 'Maths', 'Maths for Année 6', 'online', 'primary; secondary', '951', 'Teaching and learning', '45', 'hour', 'included'],
];

async function importing(content: Buffer | string, check = false) {
  const file = join(folder, 'providers.csv');
  writeFileSync(file, content);
  return importProviders(services.app.db, { file, check, onListingsChanged: async () => {} });
}
const one = (facts: Record<string, string>) => {
  const row = { Provider: 'Slip Ltd', Listing: 'Help', 'Listing summary': 'Help with it', Delivery: 'online', Phase: 'primary', Categories: 'SEND and inclusion', ...facts };
  return [Object.keys(row), Object.values(row)].map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n') + '\n';
};
const stored = async (name: string) =>
  (await services.app.db.query<Record<string, unknown>>('SELECT p.*, l.* FROM provider p JOIN listing l ON l.provider_id = p.id WHERE p.name = $1', [name]))[0];
const plain = TABLE.map((row) => row.map((cell) => (/[,"]/.test(cell) ? `"${cell}"` : cell)).join(',')).join('\r\n') + '\r\n';

test('a spreadsheet of providers that was saved again in any way changes nothing', async () => {
  await importing(plain);
  await fc.assert(
    fc.asyncProperty(ways, async (way) => {
      // None in VAT says something, as a word of its own
      const summary = await importing(resaved(TABLE, { numbers: ['Coverage', 'Price'], days: [] }, way.nothing === 'None' ? { ...way, nothing: '' } : way));
      expect(summary).toMatchObject({ rows: 3, rejected: [], leftOut: [], unmatched: [] });
      expect(summary.providers).toMatchObject({ added: 0, changed: 0, unchanged: 3 });
      expect(summary.listings).toMatchObject({ added: 0, changed: 0, unchanged: 3 });
    }),
    { numRuns: runs(300) },
  );
});

test('what cannot be read leaves what is known, and is told with its line', async () => {
  const known = { Website: 'https://a.example.org', 'Contact email': 'ada@example.org', 'Contact phone': '0116 496 0000', Postcode: 'LE1 1AA', Coverage: 'Westmarch; Oxley', Price: '45', Unit: 'hour', VAT: 'added' };
  await importing(one(known));
  const before = await stored('Slip Ltd');
  expect(before).toMatchObject({ la_codes: ['951', '953'], price_pence: 4500 });
  const unreadable = {
    Website: fc.constantFrom('see below', 'a.example.org b.example.org'),
    'Contact email': fc.constantFrom('ada at example.org', 'ada@example.org; bo@example.org', 'ada'),
    'Contact phone': fc.constantFrom('1164960000', '1.16E+09', '441164960000', '0116 496 0000 / 07700 900123', '0116 496 OOOO', 'ask'),
    Postcode: fc.constantFrom('LE1', 'Leicester'),
    Coverage: fc.constantFrom('Atlantis', 'Westmarch; Atlantis', 'All except London', 'South West (not Oxley)'),
    Price: fc.constantFrom('£45-£60', '45 to 60', 'from £45', '£600 per day, £350 per half day', '1.2E+03', 'TBD', '£-5', '45.555'),
  };
  await fc.assert(
    fc.asyncProperty(fc.record(unreadable, { requiredKeys: [] }), async (facts) => {
      const summary = await importing(one({ ...known, ...facts } as Record<string, string>));
      expect(await stored('Slip Ltd')).toEqual(before);
      expect(summary.leftOut.length + summary.unmatched.length).toBe(Object.keys(facts).length);
      for (const { line } of summary.leftOut) expect(line).toBe(2);
    }),
    { numRuns: runs(300) },
  );
});

test.each([
  ['Westmarch, Oxley and Westmarch and Oxley', ['951', '952', '953']], ['Westmarch & Oxley', ['952']], ['Westmarch/Oxley', ['951', '953']],
  ['Westmarch, Oxley', ['951', '953']], ['951; 953', ['951', '953']], ['951.0', ['951']], ['Greater London', ['953']], ['Westmarch + Oxley', ['951', '953']],
])('the places %j are read as people write them', async (coverage, codes) => {
  const name = `Places ${[...coverage].map((letter) => letter.charCodeAt(0)).join('')}`; // of punctuation alone two names would be one
  const summary = await importing(one({ Provider: name, Coverage: coverage }));
  expect(summary.unmatched).toEqual([]);
  expect(await stored(name)).toMatchObject({ la_codes: codes });
});

test.each([
  ['KS1-KS4', ['PRIMARY', 'SECONDARY']], ['KS1, KS2 and KS3', ['PRIMARY', 'SECONDARY']], ['Years 3-6', ['PRIMARY']], ['KS1 & 2', ['PRIMARY']], ['11-16', ['SECONDARY']],
  ['primary schools', ['PRIMARY']], ['All ages', ['NURSERY', 'PRIMARY', 'SECONDARY', 'SIXTEEN_PLUS']], ['All-through', ['PRIMARY', 'SECONDARY']], ['Key Stages 1-4', ['PRIMARY', 'SECONDARY']],
  ['Middle (deemed primary)', ['PRIMARY']], ['Years 12 and 13', ['SIXTEEN_PLUS']], ['EYFS/KS1', ['NURSERY', 'PRIMARY']], ['Ages 3-11', ['NURSERY', 'PRIMARY']],
])('the phase %j is read as schools say it', async (phase, phases) => {
  const summary = await importing(one({ Provider: `Phase ${phase}`, Phase: phase, Coverage: 'ALL' }));
  expect(summary.rejected).toEqual([]);
  expect(await services.app.db.query('SELECT l.phases FROM listing l JOIN provider p ON p.id = l.provider_id WHERE p.name = $1', [`Phase ${phase}`])).toEqual([{ phases }]);
});

test('a column that is called Link makes nothing free, Free link does', async () => {
  await importing(one({ Provider: 'Link A', Link: 'https://a.example.org', Coverage: 'ALL' }));
  await importing(one({ Provider: 'Link B', 'Free link': 'https://b.example.org', Coverage: 'ALL' }));
  await importing(one({ Provider: 'Link C', Link: 'https://c.example.org', Price: 'free', Coverage: 'ALL' }));
  const kinds = await services.app.db.query(`SELECT price_kind AS kind, free_link AS link FROM listing l JOIN provider p ON p.id = l.provider_id WHERE p.name LIKE 'Link _' ORDER BY p.name`);
  expect(kinds).toEqual([{ kind: 'BESPOKE', link: null }, { kind: 'FREE', link: 'https://b.example.org' }, { kind: 'FREE', link: 'https://c.example.org' }]);
});

test('a check tells what would come of an import, and writes nothing', async () => {
  const everything = () => services.app.db.query('SELECT to_jsonb(p) AS p, to_jsonb(l) AS l FROM provider p LEFT JOIN listing l ON l.provider_id = p.id ORDER BY p.id, l.id');
  const before = await everything();
  const summary = await importing(one({ Provider: 'Checked Ltd', Coverage: 'ALL' }), true);
  expect(summary).toMatchObject({ providers: { added: 1 }, listings: { added: 1 } });
  expect(formatProvidersSummary(summary)).toContain('This was a check: nothing was written.');
  expect(await everything()).toEqual(before);
});

test('mangled files are refused whole, or tell all that they lack', async () => {
  await fc.assert(
    fc.asyncProperty(ways.chain((way) => mangled(resaved(TABLE, { numbers: ['Coverage', 'Price'], days: [] }, way))), async (bytes) => {
      const summary = await importing(bytes, true).catch((error: unknown) => error);
      if (summary instanceof Error) return expect(summary).toBeInstanceOf(OperatorError);
      const { rows, rejected, providers } = summary as Awaited<ReturnType<typeof importing>>;
      const used = providers.added + providers.changed + providers.unchanged + providers.left;
      expect(exitCodeFor(rows, rejected.length)).toBe(rows === rejected.length ? 1 : rejected.length > rows / 10 ? 2 : 0);
      return expect(used > 0).toBe(rows > rejected.length);
    }),
    { numRuns: runs(2000) },
  );
});
