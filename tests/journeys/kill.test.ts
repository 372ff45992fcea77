import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { freePort, newFolder, noPostgresIn, postgresIn, sleep, start, type Started } from '../support/process.js';
import { runs } from '../support/runs.js';

/** Killed at any moment, the next start finds a whole state and leaves no orphan. */
async function serving(DATA_DIR: string): Promise<Started & { ask<T>(query: string): Promise<T> }> {
  const port = await freePort();
  const service = start(['serve'], { DATA_DIR, PORT: String(port), LOG_LEVEL: 'silent' });
  await service.says('Ctrl-C stops it.');
  const ask = async <T>(query: string) => {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ query }) });
    return ((await response.json()) as { data: T }).data;
  };
  return { ...service, ask };
}

async function kill(service: Started, DATA_DIR: string): Promise<void> {
  service.child.kill('SIGKILL');
  await service.ended;
  await noPostgresIn(DATA_DIR); // it goes by itself soon after whoever started it
}

async function stop(service: Started, DATA_DIR: string): Promise<void> {
  service.child.kill('SIGTERM');
  expect(await service.ended).toBe(0);
  expect(postgresIn(DATA_DIR)).toEqual([]);
}

const WHOLE = '{ search(input: {}) { totalCount } providers { totalCount } schools { totalCount } }';
type Whole = Record<'search' | 'providers' | 'schools', { totalCount: number }>;

/** That of a first start which nobody disturbed, and what it made. */
const undisturbed = newFolder();
let whole: Whole;

beforeAll(async () => {
  const first = await serving(undisturbed);
  whole = await first.ask(WHOLE);
  await stop(first, undisturbed);
});

test(`killed during the first start, ${runs(20)} times at any moment`, async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 50, max: 4000 }), async (ms) => {
      const DATA_DIR = newFolder();
      const victim = start(['serve'], { DATA_DIR, PORT: String(await freePort()), LOG_LEVEL: 'silent' });
      await sleep(ms);
      victim.child.kill('SIGKILL');
      await victim.ended;
      const next = await serving(DATA_DIR); // at once: also beside what the killed one left behind
      expect(await next.ask(WHOLE)).toEqual(whole);
      expect(postgresIn(DATA_DIR)).toHaveLength(1);
      await stop(next, DATA_DIR);
    }),
    { numRuns: runs(20) },
  );
});

test(`killed during an import and while serving, ${runs(20)} times at any moment`, async () => {
  const DATA_DIR = undisturbed;
  const file = join(DATA_DIR, 'schools.csv');
  const rows = Array.from({ length: 20_000 }, (_, i) => `${200_000 + i},800,Northshire,Village School ${i},Community school,Open,Primary,5,11`);
  writeFileSync(file, `URN,LA (code),LA (name),EstablishmentName,TypeOfEstablishment (name),EstablishmentStatus (name),PhaseOfEducation (name),StatutoryLowAge,StatutoryHighAge\n${rows.join('\n')}\n`);

  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 200, max: 3000 }), fc.integer({ min: 0, max: 500 }), async (importing, served) => {
      const victim = start(['import-schools', file], { DATA_DIR });
      await sleep(importing);
      victim.child.kill('SIGKILL');
      await victim.ended;
      const service = await serving(DATA_DIR);
      const after = await service.ask<Whole>(WHOLE);
      expect([whole.schools.totalCount, whole.schools.totalCount + rows.length]).toContain(after.schools.totalCount); // all or nothing
      expect({ ...after, schools: whole.schools }).toEqual(whole);
      const asking = Promise.allSettled(Array.from({ length: 50 }, () => service.ask(WHOLE)));
      await sleep(served);
      await kill(service, DATA_DIR);
      await asking;
    }),
    { numRuns: runs(20) },
  );

  const last = start(['import-schools', file], { DATA_DIR });
  expect(await last.ended).toBe(0);
  const service = await serving(DATA_DIR);
  expect((await service.ask<Whole>(WHOLE)).schools.totalCount).toBe(whole.schools.totalCount + rows.length);
  await stop(service, DATA_DIR);
});
