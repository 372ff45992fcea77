import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { importProviders } from '../../src/directory/index.js';
import { importSchools } from '../../src/schools/index.js';
import { freshDatabase } from '../support/database.js';

const data = (name: string) => resolve('..', 'shared', 'data', name);
const [schools, partners] = [data('schools-england-2017.csv'), data('tuition-partners-2022.csv')];
const isThere = existsSync(schools) && existsSync(partners);

(isThere ? test : test.skip)(`the tuition partners of 2022, on the schools of 2017${isThere ? '' : ` (SKIPPED: there is no ${partners})`}`, async () => {
  const { db } = await freshDatabase();
  await importSchools(db, { file: schools });
  const told: string[] = [];
  const run = () => importProviders(db, { file: partners, onListingsChanged: async (_tx, ids) => void told.push(...ids) });

  const summary = await run();
  expect(summary).toMatchObject({
    rows: 708,
    providers: { added: 57, changed: 0, unchanged: 0, left: 0 },
    listings: { added: 217 },
    unfinished: [],
    left: [],
    gone: [],
    leftOut: [],
    rejected: [],
  });
  expect(summary.unmatched.map(({ name }) => name)).toEqual(['City of']); // of “Bristol, City of”, torn apart
  expect(await db.query('SELECT state, count(*) FROM provider GROUP BY state')).toEqual([{ state: 'AWAITING_RECOMMENDATIONS', count: 57 }]);
  expect(await db.query('SELECT state, count(*), count(DISTINCT (provider_id, title)) AS titles FROM listing GROUP BY state')).toEqual([{ state: 'PUBLISHED', count: 217, titles: 217 }]);
  expect(await db.query('SELECT FROM search_document')).toEqual([]);
  expect(told).toHaveLength(217);

  const offered = await db.query<{ title: string; las: string }>(
    `SELECT l.title, (SELECT string_agg(la.name, '; ' ORDER BY la.name) FROM local_authority la WHERE la.code = ANY(l.la_codes)) AS las
     FROM listing l JOIN provider p ON p.id = l.provider_id WHERE p.name = 'Avon Education Services' ORDER BY l.title`,
  );
  expect(offered.map(({ title }) => title)).toEqual([
    'Online tuition in English, humanities, maths, modern foreign languages and science for secondary pupils',
    'Online tuition in literacy, numeracy and science for primary pupils',
  ]);
  expect(offered[0]!.las).toBe('Bath and North East Somerset; Bristol City of; Gloucestershire; North Somerset; South Gloucestershire; Wiltshire');

  expect(await run()).toMatchObject({ providers: { added: 0, changed: 0, unchanged: 57 }, listings: { added: 0, changed: 0, unchanged: 217 } });
  expect(told).toHaveLength(217);
});
