import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import type { Database } from '../../src/platform/database/index.js';
import { findSchools, importSchools, localAuthorityMatcher, readLocalAuthorities } from '../../src/schools/index.js';
import { freshDatabase } from '../support/database.js';

const beside = (name: string) => fileURLToPath(new URL(`../../../../shared/data/${name}`, import.meta.url));
const schools = beside('schools-england-2017.csv');
const partners = beside('tuition-partners-2022.csv');
const there = existsSync(schools) && existsSync(partners);

(there ? describe : describe.skip)(`the real extract of 2017${there ? '' : `: SKIPPED, there is no ${schools}`}`, () => {
  let db: Database;
  beforeAll(async () => {
    ({ db } = await freshDatabase());
  });

  test('every school goes in, the one row that is none is reported', async () => {
    const summary = await importSchools(db, { file: schools });
    expect(summary).toMatchObject({ rows: 6023, schools: { added: 6022, withoutPlace: 1 }, unreadable: 0 });
    expect(summary.rejected).toEqual([{ line: 6024, reason: 'it has no URN' }]);
    expect(await db.query('SELECT FROM local_authority')).toHaveLength(151);
    expect((await importSchools(db, { file: schools })).schools).toMatchObject({ added: 0, changed: 0, unchanged: 6022 });
  });

  test('every special school and referral unit has a phase that its ages bear out', async () => {
    const wrong = await db.query(
      `SELECT urn, phase, low_age, high_age FROM school WHERE type ~* 'special|referral'
       AND CASE phase WHEN 'PRIMARY' THEN low_age >= 11 OR high_age > 14 WHEN 'SECONDARY' THEN high_age <= 11 OR low_age < 9
         WHEN 'ALL_THROUGH' THEN low_age > 8 OR high_age < 14 ELSE low_age < 16 AND high_age > 5 END`,
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    ['coe primary melton', 139194],
    ['st marys melton mowbray', 139194],
    ['long field melton', 138628],
    ['LE13 0BN', 138628],
    ['beuchamp college oadby', 139624],
    ['thomas coram camden', 100005],
    ['loughborough cobden primery', 139366],
    ['king edward vii kings lynn', 141177],
    ['sts peter and paul syston', 139349],
    ['st peter & st paul rc bolton', 105225],
    ['merton bank st helens', 104784],
  ])('%j', async (text, urn) => expect((await findSchools(db, { text, first: 3 })).nodes[0]?.urn).toBe(urn));

  test('nine in ten slips of the pen in a name are understood', async () => {
    const some = await db.query<{ urn: number; name: string; town: string }>(
      `SELECT urn, name, town FROM school WHERE status = 'OPEN' AND name ~ '^[A-Z][a-z]{5,} ' AND town IS NOT NULL ORDER BY md5(urn::text) LIMIT 100`,
    );
    let understood = 0;
    for (const [i, { urn, name, town }] of some.entries()) {
      const [first, ...rest] = name.split(' ') as [string, ...string[]];
      const at = 1 + (i % (first.length - 2));
      const [before, from, after] = [first.slice(0, at), first.slice(at), first.slice(at + 1)];
      const slip = [before + after, `${before}q${from}`, `${before}q${after}`][i % 3]!;
      const { nodes } = await findSchools(db, { text: `${[slip, ...rest].join(' ')} ${town}`, first: 5 });
      if (nodes.some((school) => school.urn === urn)) understood++;
    }
    expect(understood).toBeGreaterThanOrEqual(90);
  });

  test('the authorities of the tuition partners are matched, regions are not', async () => {
    const match = localAuthorityMatcher(await readLocalAuthorities(db));
    const rows = parse(readFileSync(partners), { columns: true }) as { Coverage: string }[];
    const areas = new Set(rows.flatMap(({ Coverage }) => Coverage.split(';').map((area) => area.trim())));
    const unmatched = [...areas].filter((area) => match(area) === null).sort();
    expect(unmatched).toEqual(['ALL', 'City of', 'E', 'EM', 'L', 'NE', 'NW', 'SE', 'SW', 'WM', 'YH']);
  });
});
