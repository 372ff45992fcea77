import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { sleep } from '../support/process.js';
import { SEARCH } from './clients.js';
import type { Seen } from './probe.js';
import { long } from './reckoning.js';
import { Stage } from './stage.js';

/*
 * Two hundred connections, each of which asks again as soon as it has an answer: what is answered is answered soon, the
 * rest is refused at once, and whoever asks how the service is learns it meanwhile. In `npm test`, beside other tests,
 * only what is answered is looked at, not how fast.
 */
const CONNECTIONS = 200;
const SECONDS = long ? 20 : 2;
/** After which a client of the load gives up: later than any answer may come. */
const PATIENCE_SECONDS = 12;
const PROBE = fileURLToPath(new URL('probe.js', import.meta.url));

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.set({
    serves: 1,
    workers: 0,
    people: 1,
    direct: true,
    seed: async (world) => {
      for (let i = 0; i < (long ? 60 : 5); i++) await world.listed({ name: `Reading ${i}` });
    },
  });
});
afterAll(() => stage?.close());

interface Answer {
  status: number;
  ms: number;
  retryAfter: boolean;
}

test(`${CONNECTIONS} connections for ${SECONDS} seconds`, async () => {
  const [service] = stage.serves;
  const probe = fork(PROBE, [service!.url, '100', '/ping', '/ready', '/sign-in'], { execArgv: [] });
  await once(probe, 'message');
  const { answers, errors } = await load(service!.url);
  await sleep(200);
  probe.send('end');
  const [seen] = (await once(probe, 'message')) as [Seen[]];

  const count = (status: number) => answers.filter((each) => each.status === status).length;
  const at = (path: string) => seen.filter((each) => each.path === path);
  const figures = {
    answered: p95(answers.filter(({ status }) => status === 200)),
    shed: p95(answers.filter(({ status }) => status === 503)),
    ping: Math.max(...at('/ping').map(({ ms }) => ms)),
    ready: Math.max(...at('/ready').map(({ ms }) => ms)),
  };
  if (long) {
    const counts = `${count(200)} answered, ${count(503)} shed, ${errors.length} without an answer`;
    process.stdout.write(`${CONNECTIONS} connections: ${counts}; in ms ${JSON.stringify(figures)}; pings: ${slowest(at('/ping'))}\n`);
  }
  try {
    expect([...new Set(errors)]).toEqual([]);
    expect([...new Set(answers.map(({ status }) => status))].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    expect(count(200)).toBeGreaterThan(0);
    expect(answers.filter(({ status, retryAfter }) => status === 503 && !retryAfter)).toEqual([]);
    for (const path of ['/ping', '/ready', '/sign-in']) {
      expect(at(path).length).toBeGreaterThan(0);
      expect(at(path).filter(({ status }) => status !== 200)).toEqual([]);
    }
    expect(stage.services.flatMap(({ ends }) => ends)).toEqual([]);
    if (!long) return;
    expect(figures.answered).toBeLessThanOrEqual(2000);
    expect(figures.shed).toBeLessThanOrEqual(500);
    expect(figures.ping).toBeLessThanOrEqual(100);
    expect(figures.ready).toBeLessThanOrEqual(500);
  } catch (error) {
    throw stage.explained(error as Error);
  }
});

/** The slowest few, with where among all they came. */
const slowest = (all: Seen[]): string =>
  all
    .map(({ ms }, nth) => `${Math.round(ms)} (${nth + 1} of ${all.length})`)
    .sort((a, b) => Number.parseInt(b, 10) - Number.parseInt(a, 10))
    .slice(0, 5)
    .join(', ');

/** Searches by the API and the same page in turn. @returns each answer, and why others had none */
async function load(url: string): Promise<{ answers: Answer[]; errors: string[] }> {
  const answers: Answer[] = [];
  const errors: string[] = [];
  const search = JSON.stringify({ query: SEARCH, variables: { input: { words: 'reading' } } });
  let connections = 0;
  await new Promise<void>((resolve, reject) => {
    const cannon = autocannon(
      {
        url,
        connections: CONNECTIONS,
        duration: SECONDS,
        timeout: PATIENCE_SECONDS,
        setupClient: (client) => {
          const requests = [
            { method: 'POST' as const, path: '/graphql', body: search, headers: { 'Content-Type': 'application/json' } },
            { method: 'GET' as const, path: '/?words=reading' },
          ];
          client.setRequests(connections++ % 2 ? requests : requests.reverse());
          let retryAfter = false;
          client.on('headers', (head) => {
            const { headers } = head as unknown as { headers: string[] }; // names and values in turn, whatever its types say
            retryAfter = headers.some((each, i) => i % 2 === 0 && each.toLowerCase() === 'retry-after');
          });
          client.on('connError' as 'response', (error: unknown) => void errors.push(String(error)));
          client.on('response', (status, _bytes, ms) => void answers.push({ status, ms, retryAfter }));
        },
      },
      (error) => (error ? reject(error) : resolve()),
    );
    cannon.on('error', reject);
    cannon.on('reqError', (error: Error) => void errors.push(error.message));
  });
  return { answers, errors };
}

function p95(answers: readonly { ms: number }[]): number {
  const sorted = answers.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}
