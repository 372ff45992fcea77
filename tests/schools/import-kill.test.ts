import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Database } from '../../src/platform/database/index.js';
import { importSchools } from '../../src/schools/index.js';
import { freshDatabase } from '../support/database.js';
import { contentOf, csvOf, fileOf } from './support.js';

const COUNT = 1500;
const HEADER = ['URN', 'LA (code)', 'EstablishmentName', 'EstablishmentStatus (name)'];
const schools = (name: string, firstUrn = 200_000) =>
  fileOf(csvOf([HEADER, ...Array.from({ length: COUNT }, (_, i) => [String(firstUrn + i), '971', `${name} ${i}`, 'Open'])]));

let db: Database;
let url: string;
beforeAll(async () => {
  ({ db, url } = await freshDatabase());
});

/** Imports in a process of its own that is killed, without a chance to tidy up, when it has written so many rows. */
async function killedImport(file: string, rows: number): Promise<NodeJS.Signals | null> {
  const module = (path: string) => JSON.stringify(new URL(`../../src/${path}.js`, import.meta.url).href);
  const script = `
    import 'reflect-metadata';
    const { Database } = await import(${module('platform/database/index')});
    const { systemClock: clock } = await import(${module('platform/clock')});
    const { importSchools } = await import(${module('schools/index')});
    const db = await Database.connect({ url: ${JSON.stringify(url)}, clock });
    await importSchools(db, { file: ${JSON.stringify(file)}, onProgress: (rows) => rows >= ${rows} && process.kill(process.pid, 'SIGKILL') });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit', env: { ...process.env, NODE_OPTIONS: '' } });
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal;
}

test('an import that is killed has done nothing, and can be run again', async () => {
  const first = schools('School');
  expect(await killedImport(first, 1000)).toBe('SIGKILL');
  expect((await contentOf(db))['school']).toEqual([]);
  expect((await importSchools(db, { file: first })).schools).toMatchObject({ added: COUNT });

  const before = await contentOf(db);
  const second = schools('Academy');
  expect(await killedImport(second, COUNT)).toBe('SIGKILL');
  expect(await contentOf(db)).toEqual(before);
  expect((await importSchools(db, { file: second })).schools).toMatchObject({ changed: COUNT });
});

test('of two imports at once one waits for the other', async () => {
  const files = { one: schools('School', 300_000), other: schools('School', 400_000) };
  const order: string[] = [];
  await Promise.all(Object.entries(files).map(([name, file]) => importSchools(db, { file, onProgress: () => order.push(name) })));
  expect([['one', 'one', 'other', 'other'], ['other', 'other', 'one', 'one']]).toContainEqual(order);
});
