import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The rooms of src, top first. A room knows the rooms above it, through their index.ts; everybody knows platform. */
const ROOMS = ['platform', 'schools', 'identity', 'directory', 'brokerage', 'referrals', 'outcomes', 'search', 'imports', 'notifications', 'graphql', 'web', 'demo'];

const root = fileURLToPath(new URL('../../src', import.meta.url));
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
/** Knows all rooms, as the files beside it do: it runs what app.ts puts together. */
const APART = 'server';
const roomOf = (file: string) => (file.includes('/') && !file.startsWith(`${APART}/`) ? file.slice(0, file.indexOf('/')) : null);

/** Every relative import of every file in src, types included. */
const imports = files.flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?'(\.[^']+)\.js'/g)]
    .map((match) => ({ from: file, to: `${relative(root, resolve(root, dirname(file), match[1]!))}.ts` }))
    .filter(({ to }) => to !== '../migrations/index.ts'),
);

test('every folder of src is a room of the layout', () => {
  const rooms = new Set(files.map(roomOf).filter((room) => room !== null));
  expect([...rooms].filter((room) => !ROOMS.includes(room))).toEqual([]);
});

test('a room imports only rooms above it, and nobody imports what puts the rooms together', () => {
  const wrong = imports.filter(({ from, to }) => {
    const [room, other] = [roomOf(from), roomOf(to)];
    if (room === null) return false; // server/, app.ts, commands.ts, command.ts, main.ts may import all
    return other === null || ROOMS.indexOf(other) > ROOMS.indexOf(room);
  });
  expect(wrong).toEqual([]);
});

test('other rooms are entered by their index.ts', () => {
  const wrong = imports.filter(({ from, to }) => {
    const [room, other] = [roomOf(from), roomOf(to)];
    return room !== null && other !== null && other !== room && other !== 'platform' && to !== `${other}/index.ts`;
  });
  expect(wrong).toEqual([]);
});

test('no file imports itself in a circle', () => {
  const next = new Map(files.map((file) => [file, imports.filter((each) => each.from === file)]));
  const state = new Map<string, 'open' | 'done'>();
  const circles: string[][] = [];
  const visit = (file: string, path: string[]): void => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') return void circles.push([...path.slice(path.indexOf(file)), file]);
    state.set(file, 'open');
    for (const { to } of next.get(file) ?? []) visit(to, [...path, file]);
    state.set(file, 'done');
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test('texts from outside go through platform/validate.ts, which knows what a name, a text and an address may be', () => {
  const wrong = files
    .filter((file) => !file.startsWith('platform/') && /\bz\s*\.string\([^()]*\)\s*\.(?:trim|min|max|email|url)\(|z\.(?:email|url)\(/.test(readFileSync(join(root, file), 'utf8')));
  expect(wrong).toEqual([]);
});

test('the check sees imports at all', () => {
  expect(imports).toContainEqual({ from: 'directory/provider.service.ts', to: 'platform/problem.ts' });
  expect(imports.length).toBeGreaterThan(100);
});
