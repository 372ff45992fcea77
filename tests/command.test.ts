import { createServer } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, newFolder, noPostgresIn, postgresIn, start, type Started } from './support/process.js';

const lines = (text: string) => text.trim().split('\n');

async function outcome(started: Started) {
  const code = await started.ended;
  return { code, out: started.out(), err: started.err() };
}

describe('signpost', () => {
  test('tells what there is', async () => {
    const { code, out } = await outcome(start(['--help'], {}));
    expect(code).toBe(0);
    for (const command of ['serve', 'worker', 'migrate', 'import-schools', 'import-providers', 'demo', 'add-admin']) expect(out).toContain(`  ${command}`);
  });

  test.each([
    [['nonsense'], /unknown command 'nonsense'/],
    [['import-schools'], /missing required argument 'file'/],
    [['demo', '--listings', 'many'], /It must be a whole number/],
    [['serve', '--fast'], /unknown option '--fast'/],
  ])('answers bad use (%j) with one clear line and exit code 1', async (args, line) => {
    const { code, err } = await outcome(start(args, { DATA_DIR: newFolder() }));
    expect(code).toBe(1);
    expect(lines(err)[0]).toMatch(line);
    expect(lines(err).length).toBeLessThanOrEqual(2);
  });

  test.each([
    [{ PORT: 'http' }, /PORT must be a number/],
    [{ PORT: '99999', DATABASE_URL: 'mysql://x', LOG_LEVEL: 'loud' }, /PORT must be a number from 0 to 65535; DATABASE_URL must begin with postgres:\/\/; LOG_LEVEL must be one of/],
    [{ NODE_ENV: 'production' }, /DATABASE_URL is missing.*SESSION_SECRET is missing.*PUBLIC_URL is missing.*SMTP_URL is missing/],
    [{ NODE_ENV: 'production', DATABASE_URL: 'postgres://x/y', SMTP_URL: 'smtp://x', SESSION_SECRET: 'short' }, /SESSION_SECRET must have at least 32 characters.*PUBLIC_URL is missing/],
    [{ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', DATABASE_WAIT_SECONDS: '0' }, /The database cannot be reached/],
  ])('names all that is wrong with its settings at once (%j)', async (settings, line) => {
    const { code, out, err } = await outcome(start(['serve'], { DATA_DIR: newFolder(), PORT: String(await freePort()), ...settings }));
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(lines(err)).toEqual([expect.stringMatching(line)]);
  });

  test('a file that is not there or not a spreadsheet gets one line', async () => {
    const DATA_DIR = newFolder();
    const empty = join(DATA_DIR, 'empty.csv');
    writeFileSync(empty, '');
    for (const [command, file] of [['import-schools', '/no/such.csv'], ['import-providers', '/no/such.csv'], ['import-schools', empty], ['import-providers', empty]] as const) {
      const { code, err } = await outcome(start([command, file], { DATA_DIR }));
      expect([command, code, lines(err)]).toEqual([command, 1, [expect.stringContaining(file.split('/').at(-1)!)]]);
    }
    await noPostgresIn(DATA_DIR);
  });

  test('an import tells by its exit code how it went, and a check writes nothing', async () => {
    const DATA_DIR = newFolder();
    const head = 'URN,LA (code),EstablishmentName,EstablishmentStatus (name)\n';
    const row = (urn: number) => `${urn},971,School ${urn},Open\n`;
    const good = Array.from({ length: 10 }, (_, i) => row(900001 + i)).join('');
    const cases: [string, string[], number, RegExp][] = [
      [head + good, ['--check'], 0, /10 added, .*This was a check: nothing was written\.$/s],
      [`${head}${good}1,971,X,Open\n`, [], 0, /10 added,/], // the check has left nothing; one of eleven is less than a tenth
      [`${head}${good}1,971,X,Open\n2,971,X,Open\n`, [], 2, /10 unchanged; .*More than a tenth of the rows was rejected: look at the file\.$/s],
      [`${head}1,971,X,Open\n`, [], 1, /1 row, 1 rejected\. Nothing was imported\.$/],
      [head, [], 1, /0 rows, 0 rejected\. Nothing was imported\.$/],
    ];
    for (const [text, options, code, said] of cases) {
      const file = join(DATA_DIR, 'extract.csv');
      writeFileSync(file, text);
      const { code: found, out } = await outcome(start(['import-schools', file, ...options], { DATA_DIR }));
      expect([found, out.trim()]).toEqual([code, expect.stringMatching(said)]);
    }
    await noPostgresIn(DATA_DIR);
  });

  test.each(['migrate', 'serve'])('a folder that cannot be made gets one line (%s)', async (command) => {
    for (const DATA_DIR of ['/proc/x', '/proc/x/y', '/dev/null/x']) {
      const { code, err } = await outcome(start([command], { DATA_DIR, PORT: String(await freePort()) }));
      expect([code, lines(err)]).toEqual([1, [expect.stringContaining(`Signpost cannot use ${DATA_DIR} for its data`)]]);
    }
  });

  test('a port in use gets one line, before anything is begun', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, resolve));
    const { port } = taken.address() as { port: number };
    const DATA_DIR = newFolder();
    const { code, err } = await outcome(start(['serve'], { DATA_DIR, PORT: String(port) }));
    taken.close();
    expect([code, lines(err)]).toEqual([1, [`Port ${port} is in use. Stop what uses it, or set PORT to another one.`]]);
    expect(postgresIn(DATA_DIR)).toEqual([]);
  });
});

describe('a service with the embedded database', () => {
  test('serves the demo, lets commands run beside it, refuses a second one, and stops whole on SIGTERM', async () => {
    const DATA_DIR = newFolder();
    const port = await freePort();
    const service = start(['serve'], { DATA_DIR, PORT: String(port), LOG_LEVEL: 'error' }); // a busy machine has slow statements
    await service.says('Ctrl-C stops it.');
    expect(service.out()).toContain(`Signpost is at http://localhost:${port}`);
    expect(service.out()).toContain('Sign in as one of these');

    const search = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query: '{ search(input: {}) { totalCount } }' }),
    });
    const { data } = (await search.json()) as { data: { search: { totalCount: number } } };
    expect(data.search.totalCount).toBeGreaterThan(50);
    const page = await fetch(`http://127.0.0.1:${port}/`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<h1')]);

    const second = await outcome(start(['serve'], { DATA_DIR, PORT: String(await freePort()) }));
    expect([second.code, lines(second.err)]).toEqual([1, [expect.stringMatching(/Another Signpost \(process \d+\) is already using .*DATA_DIR/)]]);
    const beside = await outcome(start(['add-admin', 'new@example.org'], { DATA_DIR }));
    expect([beside.code, beside.out]).toEqual([0, 'new@example.org is a system administrator.\n']);

    service.child.kill('SIGTERM');
    expect(await service.ended).toBe(0);
    expect(postgresIn(DATA_DIR)).toEqual([]);
    expect(service.err()).toBe('');
  });
});
