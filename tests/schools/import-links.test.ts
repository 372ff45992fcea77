import type { Database } from '../../src/platform/database/index.js';
import { importSchools } from '../../src/schools/index.js';
import { freshDatabase } from '../support/database.js';
import { csvOf, emptySchools, fileOf, fixture } from './support.js';

let db: Database;
beforeAll(async () => {
  ({ db } = await freshDatabase());
});
beforeEach(() => emptySchools(db));

const imported = (file: string) => importSchools(db, { file });
async function successions(): Promise<string[]> {
  const rows = await db.query<{ row: string }>(`SELECT concat_ws(' ', urn, '>', successor_urn, since) AS row FROM school_successor ORDER BY row`);
  return rows.map(({ row }) => row);
}
const HEADER = ['URN', 'LinkURN', 'LinkType', 'LinkEstablishedDate'];
const linksOf = (...links: string[][]) => fileOf(csvOf([HEADER, ...links]));

test('the file of links is recognised; a link that both schools have is one', async () => {
  expect(await imported(fixture('links.csv'))).toMatchObject({
    rows: 8,
    schools: { added: 0 },
    links: { added: 3, changed: 0, unchanged: 0, removed: 0, waiting: 1, leftOut: 1 },
    rejected: [{ line: 8, reason: 'it links a school to itself' }, { line: 9, reason: 'it has no LinkURN' }],
  });
  expect(await successions()).toEqual(['899002 > 900002 2012-04-01', '899005 > 900005', '900023 > 900016 2014-09-01']);
  expect((await imported(fixture('links.csv'))).links).toEqual({ added: 0, changed: 0, unchanged: 3, removed: 0, waiting: 1, leftOut: 1, unclear: [] });
});

test.each([
  ['Successor', '900001 > 900002'],
  ['Successor - amalgamated', '900001 > 900002'],
  ['Predecessor', '900002 > 900001'],
  ['Predecessor - Split School', '900002 > 900001'],
  ['Result of Amalgamation', '900002 > 900001'],
])('%s', async (type, expected) => {
  await imported(linksOf(['900001', '900002', type, '']));
  expect(await successions()).toEqual([expected]);
});

test.each(['Closure', 'Expansion', 'Other', 'Sixth Form Centre Link'])('%s is no succession', async (type) => {
  expect((await imported(linksOf(['900001', '900002', type, '']))).links).toMatchObject({ added: 0, leftOut: 1 });
});

test('a link whose kind or day cannot be read is told, and leaves what is known', async () => {
  await imported(linksOf(['900001', '900002', 'Successor', '01-09-2020']));
  const { unread, links } = await imported(linksOf(['900001', '900002', '-', ''], ['900001', '900003', 'Successor', 'some day']));
  expect(unread).toEqual([{ line: 2, column: 'LinkType', value: '' }, { line: 3, column: 'LinkEstablishedDate', value: 'some day' }]);
  expect(links.removed).toBe(0);
  expect(await successions()).toEqual(['900001 > 900002 2020-09-01', '900001 > 900003']);
});

test('a merger leads from the school that closed to the one that did not, whichever has the link', async () => {
  const schools = ['900001,971,Infants,Closed', '900002,971,Primary,Open', '900003,971,Academy,Open'];
  await imported(fileOf(['URN,LA (code),EstablishmentName,EstablishmentStatus (name)', ...schools].join('\n')));
  const summary = await imported(linksOf(
    ['900001', '900002', 'Merged - change in age range', '01-09-2020'],
    ['900003', '900001', 'Merged - expansion of school capacity', ''],
    ['900002', '900003', 'Merged - change in age range', ''],
  ));
  expect(await successions()).toEqual(['900001 > 900002 2020-09-01', '900001 > 900003']);
  expect(summary.links).toMatchObject({ added: 2, leftOut: 1 });
});

test('a date once known stays where a later file has none, and is corrected where it has another', async () => {
  await imported(linksOf(['900001', '900002', 'Successor', '01-09-2020']));
  expect((await imported(linksOf(['900002', '900001', 'Predecessor', '']))).links).toMatchObject({ unchanged: 1 });
  expect((await imported(linksOf(['900001', '900002', 'Successor', '01-10-2020']))).links).toMatchObject({ changed: 1 });
  expect(await successions()).toEqual(['900001 > 900002 2020-10-01']);
});

test('links within an extract of schools, a row for each', async () => {
  const school = ['900001', '971', 'Old School', 'Closed'];
  const file = fileOf(csvOf([
    ['URN', 'LA (code)', 'EstablishmentName', 'EstablishmentStatus (name)', 'LinkURN', 'LinkType', 'LinkEstablishedDate'],
    [...school, '900002', 'Successor - Split School', '01-09-2020'],
    [...school, '900003', 'Successor - Split School', '01-09-2020'],
    ['900002', '971', 'New School', 'Open', '', '', ''],
  ]));
  expect(await imported(file)).toMatchObject({ schools: { added: 2, repeated: 1 }, links: { added: 2 }, rejected: [] });
  expect(await successions()).toEqual(['900001 > 900002 2020-09-01', '900001 > 900003 2020-09-01']);
});

/** Schools `URN,status`, as GIAS would have them. */
const schoolsOf = (...schools: string[]) =>
  fileOf(['URN,LA (code),EstablishmentName,EstablishmentStatus (name)', ...schools.map((school) => school.replace(',', ',971,School,'))].join('\n'));

test('a pair that stands on both sides is decided by what is open; where that does not tell it is left out and named', async () => {
  await imported(schoolsOf('900001,Closed', '900002,Open', '900003,Closed', '900004,Closed', '900005,Open', '900006,Open'));
  const both = (a: string, b: string, type: string) => [[a, b, type, ''], [b, a, type, '']];
  const { links } = await imported(linksOf(...both('900001', '900002', 'Result of Amalgamation'), ...both('900003', '900004', 'Successor'), ...both('900005', '900006', 'Predecessor')));
  expect(await successions()).toEqual(['900001 > 900002']);
  expect(links).toMatchObject({ added: 1, leftOut: 2 });
  expect(links.unclear).toEqual([expect.stringContaining('900003 and 900004'), expect.stringContaining('900005 and 900006')]);
});

test('an open school is never succeeded by a closed one, and is told', async () => {
  await imported(schoolsOf('900001,Open', '900002,Closed'));
  expect((await imported(linksOf(['900001', '900002', 'Successor', '']))).links.unclear).toEqual(['900001 is open, and cannot have become 900002, which is closed']);
  expect(await successions()).toEqual([]);
  await imported(schoolsOf('900001,Closed', '900002,Open'));
  expect(await successions()).toEqual(['900001 > 900002']);
});

test('a link that a later file reverses or drops goes', async () => {
  await imported(linksOf(['900001', '900002', 'Successor', ''], ['900002', '900001', 'Predecessor', ''], ['900003', '900004', 'Successor', '']));
  const { links } = await imported(linksOf(['900002', '900001', 'Successor', ''], ['900001', '900002', 'Predecessor', '']));
  expect(links).toMatchObject({ added: 1, removed: 1 });
  expect(await successions()).toEqual(['900002 > 900001', '900003 > 900004']);
  await imported(linksOf(['900002', '900005', 'Successor', ''])); // what 900001 had said of the two goes with it
  expect(await successions()).toEqual(['900002 > 900005', '900003 > 900004']);
});

test('a file that has only another part of the schools leaves the links of the others, and so does a row that cannot be read', async () => {
  await imported(linksOf(['900001', '900002', 'Successor', ''], ['900003', '900004', 'Successor', '']));
  await imported(linksOf(['900005', '900006', 'Successor', ''], ['900003', 'x', 'Successor', '']));
  expect(await successions()).toEqual(['900001 > 900002', '900003 > 900004', '900005 > 900006']);
});

test('links that come before their schools are kept until these come', async () => {
  expect((await imported(linksOf(['900001', '900002', 'Merged - change in age range', '01-09-2020']))).links).toMatchObject({ added: 0, waiting: 1, leftOut: 0 });
  expect((await imported(schoolsOf('900001,Closed', '900002,Open'))).links).toMatchObject({ added: 1 });
  expect(await successions()).toEqual(['900001 > 900002 2020-09-01']);
});
